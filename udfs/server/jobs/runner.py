"""Takes jobs from the queue, one at a time, and has each computed by a process of its own."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import time
from typing import Any, Final

from udfs.server.jobs.compute import Message, Task
from udfs.server.jobs.files import Files
from udfs.server.jobs.process import Process
from udfs.server.jobs.store import Job, Progress, Store
from udfs.server.settings import Settings

LOG: Final = logging.getLogger("fardkost.jobs")

POLL: Final = 0.5
"""Seconds between looks for a job that another worker process has received."""

BEAT: Final = 0.2
"""Seconds between two notes of how far a job has come."""

TIDY: Final = 60.0
AFTER_FAULT: Final = 5.0


class Runner:
    """The thread of one worker process that carries out jobs."""

    def __init__(self, settings: Settings, store: Store, files: Files) -> None:
        self.settings, self.store, self.files = settings, store, files
        self._stopping, self._woken = threading.Event(), threading.Event()
        self._tidied = float("-inf")
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """There is a job to take."""
        self._woken.set()

    def stop(self) -> None:
        """Stop at once; a job that is being computed goes back to the queue."""
        self._stopping.set()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._tidy()
                job = self.store.claim()
                if job is None:
                    self._woken.wait(POLL)
                    self._woken.clear()
                else:
                    self._carry_out(job)
            except (sqlite3.Error, OSError):
                LOG.exception("jobs: the database or the folder cannot be used")
                self._stopping.wait(AFTER_FAULT)

    def _tidy(self) -> None:
        now = time.monotonic()
        if now - self._tidied < min(TIDY, self.settings.job_lifetime / 4):
            return
        self._tidied = now
        expired = self.store.expired()
        # The files first: on a disk that is full nothing can be noted until they are gone.
        for job in expired:
            self.files.delete(job)
        if expired:
            self.store.forget(expired)
        self.files.tidy(self.store.ids())

    def _carry_out(self, job: Job) -> None:
        assert job.run is not None
        started = time.monotonic()
        self.files.delete_runs(job.id, job.run)
        scratch = self.files.run_folder(job.id, job.run) / "tillfalligt"
        process = Process(self._task(job, job.run), scratch)
        try:
            state = self._follow(job, process, started + self.settings.job_time_limit)
        finally:
            process.close()
            shutil.rmtree(scratch, ignore_errors=True)
        if state == "gone":
            self._forget(job, job.run)
        _log(state, job, process.latest, started)

    def _task(self, job: Job, run: str) -> Task:
        options, folder = job.options, self.files.run_folder(job.id, run)
        # A policy that is offered no more is refused by its name when the sheet is computed.
        policy = self.settings.offered.get(options.policy, options.policy)
        sheet = self.files.sheet(job.id, job.name)
        return Task(str(sheet), str(folder), str(policy), options.days, options.sheet, dict(options.mapping))

    def _follow(self, job: Job, process: Process, deadline: float) -> str:
        """Wait for the end of a computation: `done`, `failed`, `released` or, when it is no longer ours, `gone`."""
        while not process.ended(BEAT):
            if self._stopping.is_set():
                return "released" if self.store.release(job) else "gone"
            latest = process.latest
            if not self.store.beat(job, Progress(latest.phase, latest.done, latest.rows)):
                return "gone"
            if time.monotonic() > deadline:
                return "failed" if self.store.fail(job, self._too_slow()) else "gone"
        last = process.latest
        if last.result is not None:
            return "done" if self.store.finish(job, last.result, last.rows) else "gone"
        return "failed" if self.store.fail(job, last.failed or "") else "gone"

    def _too_slow(self) -> str:
        minutes = f"{self.settings.job_time_limit / 60:.3g}".replace(".", ",")
        return f"Beräkningen avbröts, eftersom den tog längre tid än {minutes} minuter. Dela upp filen i flera."

    def _forget(self, job: Job, run: str) -> None:
        """Another process has the job, or nobody: leave only what is the other's."""
        if job.id in self.store.ids():
            shutil.rmtree(self.files.run_folder(job.id, run), ignore_errors=True)
        else:
            self.files.delete(job.id)


def _log(state: str, job: Job, last: Message, started: float) -> None:
    """One line for a computation: counts and sizes, never names, ids or what a cell held."""
    facts: dict[str, Any] = {
        "state": state,
        "ms": round((time.monotonic() - started) * 1000),
        "bytes_in": job.size,
        "attempt": job.attempts,
    }
    if last.mistake:
        facts["exception"] = last.mistake
    LOG.log(logging.ERROR if last.mistake else logging.INFO, "job", extra={"facts": facts})
