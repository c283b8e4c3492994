"""The jobs in a database in a file, which all worker processes of a server share."""

from __future__ import annotations

import secrets
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

State = Literal["queued", "running", "done", "failed"]

LEASE: Final = 10.0
"""Seconds that a running job is left alone after its process was last heard of; then another may take it."""

MOST_ATTEMPTS: Final = 3
"""A job that was taken so many times without an end is given up: it may be what ends the server."""

GIVEN_UP: Final = f"Beräkningen avbröts {MOST_ATTEMPTS} gånger av att servern stannade och görs inte om."

ID_BYTES: Final = 24
"""Random bytes of a job's id: where nobody signs in, the id is all that protects the job."""

_BUSY: Final = 10.0
_VERSION: Final = 1
_TABLE: Final = """
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  options TEXT NOT NULL,
  state TEXT NOT NULL,
  created REAL NOT NULL,
  queued REAL NOT NULL,
  finished REAL,
  expires REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  run TEXT,
  lease REAL,
  phase TEXT NOT NULL DEFAULT '',
  done INTEGER NOT NULL DEFAULT 0,
  rows INTEGER,
  result TEXT,
  message TEXT
) WITHOUT ROWID
"""
_FREE: Final = "(state = 'queued' OR state = 'running' AND lease < :now) AND expires > :now"


class Full(Exception):
    """There are as many jobs as there may be."""


@dataclass(frozen=True)
class Options:
    """What a sheet is to be computed with: a policy's name, and what the user said of the sheet."""

    policy: str
    days: bool = False
    sheet: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Our heading by the sheet's own, where the user has said what it means."""


@dataclass(frozen=True)
class Progress:
    """How far a running job has come: `reading`, `computing` or `writing`, and rows; `rows` None is not yet known."""

    phase: str = ""
    done: int = 0
    rows: int | None = None


@dataclass(frozen=True)
class Job:
    """A sheet that was handed in. Times are seconds since 1970.

    run: the name of the latest computation, and of the folder with what it made; result: the name of the file there.
    place: 1 for the next in the queue, 0 for a job that is not in it.
    """

    id: str
    owner: str
    name: str
    size: int
    options: Options
    state: State
    created: float
    finished: float | None
    expires: float
    attempts: int
    run: str | None
    progress: Progress
    result: str | None
    message: str | None
    place: int = 0


class Store:
    """The jobs of one server. Each call opens the file anew, so that any thread may make it."""

    def __init__(self, path: Path, lifetime: float, clock: Callable[[], float] = time.time) -> None:
        """The file is made when it is not there. lifetime: seconds that a job is kept."""
        self.path, self.lifetime, self.clock = path, lifetime, clock
        path.touch(mode=0o600)
        with closing(self._open()) as database:
            database.execute("PRAGMA journal_mode = WAL")
            with _whole(database):
                if database.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    database.execute("DROP TABLE IF EXISTS jobs")
                    database.execute(_TABLE)
                    database.execute(f"PRAGMA user_version = {_VERSION}")
        # As long as somebody has the file open, others can read it on a disk that is full.
        held = self._open(check_same_thread=False)
        held.execute("SELECT count(*) FROM jobs").fetchone()
        weakref.finalize(self, held.close)

    def add(self, job_id: str, owner: str, name: str, size: int, options: Options) -> None:
        """Put a new job last in the queue."""
        now = self.clock()
        with self._changing() as database:
            database.execute(
                "INSERT INTO jobs (id, owner, name, size, options, state, created, queued, expires) "
                "VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?)",
                (job_id, owner, name, size, _written(options), now, now, now + self.lifetime),
            )

    def check_room(self, most: int) -> None:
        """Raise Full when there are `most` jobs."""
        with closing(self._open()) as database:
            count = database.execute("SELECT count(*) FROM jobs WHERE expires > ?", (self.clock(),)).fetchone()[0]
        if count >= most:
            raise Full

    def find(self, job_id: str, owner: str) -> Job | None:
        """The owner's job of that id; None where there is none, another's as well."""
        found = self._jobs("id = :id AND owner = :owner", id=job_id, owner=owner)
        return found[0] if found else None

    def owned(self, owner: str) -> list[Job]:
        """All jobs of an owner, the latest first."""
        return self._jobs("owner = :owner ORDER BY created DESC", owner=owner)

    def again(self, job_id: str, owner: str, options: Options) -> bool:
        """Put a job that has ended last in the queue with new options; False when there is none that has ended."""
        with self._changing() as database:
            changed = database.execute(
                "UPDATE jobs SET state = 'queued', queued = :now, options = :options, attempts = 0, finished = NULL, "
                "lease = NULL, phase = '', done = 0, rows = NULL, result = NULL, message = NULL, run = NULL "
                "WHERE id = :id AND owner = :owner AND state IN ('done', 'failed') AND expires > :now",
                {"now": self.clock(), "options": _written(options), "id": job_id, "owner": owner},
            )
            return changed.rowcount == 1

    def delete(self, job_id: str, owner: str) -> bool:
        """Forget a job; whoever computes it finds that out by `beat`. False when there is none."""
        with self._changing() as database:
            return database.execute("DELETE FROM jobs WHERE id = ? AND owner = ?", (job_id, owner)).rowcount == 1

    # For those that compute

    def claim(self) -> Job | None:
        """Take the job that has waited longest, or that a process took which is no longer heard of.

        The job is this caller's alone, by the name in `run`, as long as it calls `beat` within LEASE seconds.
        """
        with self._changing() as database:
            while True:
                now = self.clock()
                found = database.execute(
                    f"SELECT id, attempts FROM jobs WHERE {_FREE} ORDER BY queued, id LIMIT 1", {"now": now}
                ).fetchone()
                if found is None:
                    return None
                if found["attempts"] >= MOST_ATTEMPTS:
                    database.execute(
                        "UPDATE jobs SET state = 'failed', message = ?, finished = ?, lease = NULL WHERE id = ?",
                        (GIVEN_UP, now, found["id"]),
                    )
                    continue
                database.execute(
                    "UPDATE jobs SET state = 'running', attempts = attempts + 1, run = ?, lease = ?, phase = '', "
                    "done = 0, rows = NULL WHERE id = ?",
                    (secrets.token_hex(8), now + LEASE, found["id"]),
                )
                row = database.execute("SELECT *, 0 AS place FROM jobs WHERE id = ?", (found["id"],)).fetchone()
                return _job(row)

    def beat(self, job: Job, progress: Progress) -> bool:
        """Say that the job is being computed and how far it has come; False when it is no longer the caller's."""
        return self._of_run(
            job,
            "phase = :phase, done = :done, rows = :rows, lease = :lease",
            phase=progress.phase,
            done=progress.done,
            rows=progress.rows,
            lease=self.clock() + LEASE,
        )

    def finish(self, job: Job, result: str, rows: int | None) -> bool:
        """The job is done: the name of its file, and how many rows it has; False when it is no longer the caller's."""
        return self._of_run(
            job,
            "state = 'done', result = :result, done = :rows, rows = :rows, finished = :now, lease = NULL",
            result=result,
            rows=rows or 0,
            now=self.clock(),
        )

    def fail(self, job: Job, message: str) -> bool:
        """The job cannot be done, for the reason in Swedish; False when it is no longer the caller's."""
        return self._of_run(
            job,
            "state = 'failed', message = :message, finished = :now, lease = NULL",
            message=message,
            now=self.clock(),
        )

    def release(self, job: Job) -> bool:
        """Give the job back undone, at its old place in the queue."""
        return self._of_run(
            job,
            "state = 'queued', attempts = attempts - 1, run = NULL, lease = NULL, phase = '', done = 0, rows = NULL",
        )

    # For tidying

    def expired(self) -> list[str]:
        """The ids of the jobs whose time is over."""
        with closing(self._open()) as database:
            return [row["id"] for row in database.execute("SELECT id FROM jobs WHERE expires <= ?", (self.clock(),))]

    def forget(self, ids: Sequence[str]) -> None:
        """Forget these jobs."""
        with self._changing() as database:
            database.executemany("DELETE FROM jobs WHERE id = ?", [(job,) for job in ids])

    def ids(self) -> set[str]:
        """The ids of all jobs."""
        with closing(self._open()) as database:
            return {row["id"] for row in database.execute("SELECT id FROM jobs")}

    def _of_run(self, job: Job, change: str, **values: Any) -> bool:
        with self._changing() as database:
            changed = database.execute(
                f"UPDATE jobs SET {change} WHERE id = :id AND run = :run AND state = 'running'",
                {**values, "id": job.id, "run": job.run},
            )
            return changed.rowcount == 1

    def _jobs(self, where: str, **values: Any) -> list[Job]:
        before = (
            "SELECT count(*) FROM jobs AS other WHERE other.state = 'queued' AND other.expires > :now "
            "AND (other.queued, other.id) < (jobs.queued, jobs.id)"
        )
        place = f"CASE state WHEN 'queued' THEN 1 + ({before}) ELSE 0 END AS place"
        query = f"SELECT *, {place} FROM jobs WHERE expires > :now AND {where}"
        with closing(self._open()) as database:
            return [_job(row) for row in database.execute(query, {**values, "now": self.clock()})]

    def _open(self, check_same_thread: bool = True) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, _BUSY, isolation_level=None, check_same_thread=check_same_thread)
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA synchronous = NORMAL")
        # What is deleted is overwritten: names of files are the users'.
        database.execute("PRAGMA secure_delete = ON")
        return database

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with closing(self._open()) as database, _whole(database):
            yield database


@contextmanager
def _whole(database: sqlite3.Connection) -> Iterator[None]:
    """What is done within is done whole or not at all, and by one process at a time."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def _written(options: Options) -> str:
    return msgspec.json.encode(options).decode()


def _job(row: sqlite3.Row) -> Job:
    columns = {name: value for name, value in dict(row).items() if name in Job.__dataclass_fields__}
    options = msgspec.json.decode(row["options"], type=Options)
    return Job(**{**columns, "options": options, "progress": Progress(row["phase"], row["done"], row["rows"])})
