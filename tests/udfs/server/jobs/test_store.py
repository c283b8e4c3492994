"""The queue, by a clock of our own."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.udfs.server.running import ROOT
from udfs.server.jobs.files import FORGOTTEN, Files
from udfs.server.jobs.routes import _delete
from udfs.server.jobs.runner import Runner
from udfs.server.jobs.store import GIVEN_UP, LEASE, MOST_ATTEMPTS, Full, Options, Progress, Store
from udfs.server.settings import Settings

HERE = Progress("computing", 7, None)


class Clock:
    """Seconds that a test counts."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    return Store(tmp_path / "jobb.sqlite", 3600, clock)


def add(store: Store, *ids: str) -> None:
    for number in ids:
        store.add(number, "eva", f"{number}.xlsx", 5, Options("linkoping"))
        store.clock.now += 1  # type: ignore[attr-defined]


def test_the_place_in_the_queue(store: Store) -> None:
    add(store, "a", "b", "c")
    assert [store.find(job, "eva").place for job in "abc"] == [1, 2, 3]  # type: ignore[union-attr]
    store.claim()
    assert [(job.id, job.place) for job in store.owned("eva")] == [("c", 2), ("b", 1), ("a", 0)]


def test_a_job_is_one_s_alone_while_one_is_heard_of(store: Store, clock: Clock) -> None:
    add(store, "a")
    mine = store.claim()
    assert mine is not None
    assert store.claim() is None
    for _ in range(5):
        clock.now += LEASE - 1
        assert store.beat(mine, HERE)
        assert store.claim() is None
    clock.now += LEASE + 1
    other = store.claim()
    assert other is not None
    assert (other.id, other.attempts) == ("a", 2)
    assert other.run != mine.run
    assert not store.beat(mine, HERE)
    assert not store.finish(mine, "a.xlsx", 1), "whoever was given up for dead cannot end it"
    assert store.finish(other, "b.xlsx", 1)
    assert store.find("a", "eva").result == "b.xlsx"  # type: ignore[union-attr]


def test_many_who_ask_at_once_get_a_job_each(store: Store) -> None:
    add(store, *(f"{number:02}" for number in range(20)))
    taken: list[str] = []

    def take() -> None:
        while (job := store.claim()) is not None:
            taken.append(job.id)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"{number:02}" for number in range(20)]


def test_a_job_that_ends_the_server_time_after_time_is_given_up(store: Store, clock: Clock) -> None:
    add(store, "a", "b")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        job = store.claim()
        assert job is not None
        assert (job.id, job.attempts) == ("a", attempt)
        clock.now += LEASE + 1
    other = store.claim()
    assert other is not None
    assert other.id == "b"
    given_up = store.find("a", "eva")
    assert given_up is not None
    assert (given_up.state, given_up.message) == ("failed", GIVEN_UP)


def test_a_job_given_back_keeps_its_place_and_its_attempts(store: Store) -> None:
    add(store, "a", "b")
    for _ in range(2 * MOST_ATTEMPTS):
        job = store.claim()
        assert job is not None
        assert (job.id, job.attempts) == ("a", 1)
        assert store.release(job)


def test_a_deleted_job_cannot_be_gone_on_with(store: Store) -> None:
    add(store, "a")
    job = store.claim()
    assert job is not None
    assert not store.delete("a", "adam")
    assert store.delete("a", "eva")
    assert not store.beat(job, HERE)
    assert not store.fail(job, "fel")
    assert not store.release(job)


def test_again_only_when_it_has_ended(store: Store) -> None:
    add(store, "a")
    options = Options("stockholm", True, "Blad", {"Avg": "Avresa"})
    assert not store.again("a", "eva", options)
    job = store.claim()
    assert job is not None
    assert not store.again("a", "eva", options)
    store.fail(job, "fel")
    assert not store.again("a", "adam", options)
    assert store.again("a", "eva", options)
    found = store.find("a", "eva")
    assert found is not None
    assert (found.state, found.options, found.message, found.attempts) == ("queued", options, None, 0)


def test_what_is_too_old_is_not_there(store: Store, clock: Clock) -> None:
    add(store, "a", "b")
    with pytest.raises(Full):
        store.check_room(2)
    store.check_room(3)
    clock.now += 3600 - 2
    assert store.find("a", "eva") is None
    assert [job.id for job in store.owned("eva")] == ["b"]
    assert store.find("b", "eva").place == 1  # type: ignore[union-attr]
    store.check_room(2)
    claimed = store.claim()
    assert claimed is not None
    assert claimed.id == "b"
    assert store.expired() == ["a"]
    store.forget(["a"])
    assert store.expired() == []
    assert store.ids() == {"b"}


def test_a_database_of_another_version_is_begun_anew(store: Store) -> None:
    add(store, "a")
    with store._changing() as database:
        database.execute("PRAGMA user_version = 99")
    assert Store(store.path, 60).ids() == set()


def test_only_its_owner_reads_the_folder(tmp_path: Path) -> None:
    files = Files(tmp_path / "jobb")
    Store(files.database, 60)
    job = files.new()
    assert files.database.stat().st_mode & 0o077 == 0
    assert files.root.stat().st_mode & 0o077 == 0
    assert files.sheet_folder(job).is_dir()


def test_a_folder_of_no_job_goes_but_not_while_its_sheet_may_be_on_its_way(tmp_path: Path) -> None:

    files = Files(tmp_path)
    kept, old, new = files.new(), files.new(), files.new()
    long_ago = time.time() - FORGOTTEN - 60
    for job in (kept, old):
        os.utime(files.folder / job, (long_ago, long_ago))
    files.tidy({kept})
    assert {path.name for path in files.folder.iterdir()} == {kept, new}


# A disk that is full


NOTHING_CAN_BE_WRITTEN = """
import resource, sqlite3, sys
from pathlib import Path
from udfs.server.jobs.store import Options, Store
store = Store(Path(sys.argv[1]), 60)
store.add("a", "eva", "resor.xlsx", 1, Options("linkoping"))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
print(store.find("a", "eva").name, store.ids(), store.expired())
try:
    store.delete("a", "eva")
except sqlite3.OperationalError:
    print("not deleted")
"""


@pytest.mark.skipif(os.name == "nt", reason="the limit is of Unix")
def test_jobs_can_be_seen_where_nothing_can_be_written(tmp_path: Path) -> None:
    command = [sys.executable, "-c", NOTHING_CAN_BE_WRITTEN, str(tmp_path / "jobb.sqlite")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ran.stdout.splitlines() == ["resor.xlsx {'a'} []", "not deleted"], ran.stderr


class OnFullDisk(Store):
    """Nothing can be noted as long as a job has files."""

    files: Files

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        if any(self.files.folder.iterdir()):
            raise sqlite3.OperationalError("database or disk is full")
        with super()._changing() as database:
            yield database


@pytest.fixture
def full(tmp_path: Path, clock: Clock) -> OnFullDisk:
    """With the jobs a and b, and files of b."""
    files = Files(tmp_path / "full")
    store = OnFullDisk(files.database, 3600, clock)
    store.files = files
    add(store, "a", "b")
    files.sheet_folder("b").mkdir(parents=True)
    return store


def test_files_go_first_where_the_disk_is_full(full: OnFullDisk) -> None:
    jobs = SimpleNamespace(store=full, files=full.files)
    found = full.find("b", "eva")
    with pytest.raises(sqlite3.OperationalError):
        full.delete("b", "eva")
    _delete(jobs, found)  # type: ignore[arg-type]
    assert full.ids() == {"a"} and not list(full.files.folder.iterdir())


def test_what_is_too_old_goes_from_a_full_disk(full: OnFullDisk, clock: Clock) -> None:
    clock.now += 7200
    Runner(Settings(), full, full.files)._tidy()
    assert full.ids() == set() and not list(full.files.folder.iterdir())
