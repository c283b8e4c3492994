"""Files on several processes of this machine.

Not an executor of the standard library: there one process that dies (of too little memory, say) breaks all of them,
and nothing tells which file it had.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, Final

import msgspec

from xlsx.batch.onefile import recalculate_file
from xlsx.batch.records import Outcome, Task

ATTEMPTS: Final = 2
"""How many processes a file may take down with it."""


TOLD_EACH: Final = 0.2
"""Seconds between two messages of how far a file has come."""


def default_workers() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def on_processes(
    tasks: Iterable[Task], workers: int, reached: Callable[[str, int, int], None] | None = None
) -> Iterator[Outcome]:
    """The outcomes as they come. The processes end with the iteration, however it ends.

    reached: told of a file by its relative name how many rows are written, of how many.
    """
    waiting = deque((task, 1) for task in tasks)
    running: list[_Worker] = []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_Worker(*waiting.popleft()))
            ready = wait([worker.pipe for worker in running])
            for worker in [worker for worker in running if worker.pipe in ready]:
                try:
                    said = worker.pipe.recv()
                except (EOFError, OSError):
                    running.remove(worker)
                    code = worker.end()
                    if worker.attempt < ATTEMPTS:
                        waiting.appendleft((worker.task, worker.attempt + 1))
                        continue
                    yield _died(worker.task, code)
                    continue
                if isinstance(said, _Progress):
                    if reached is not None:
                        reached(worker.task.relative, said.done, said.rows)
                    continue
                if waiting:
                    worker.give(*waiting.popleft())
                else:
                    running.remove(worker)
                    worker.end()
                yield said
    finally:
        for worker in running:
            worker.end()


class _Progress(msgspec.Struct):
    """What a process says of the file it has before it is done."""

    done: int
    rows: int


def _died(task: Task, code: int | None) -> Outcome:
    how = f"signal {-code}" if code is not None and code < 0 else f"slutkod {code}"
    return Outcome(
        task.source,
        task.relative,
        task.result,
        failure=f"Processen som räknade filen avbröts {ATTEMPTS} gånger ({how}). Minnet kan ha tagit slut.",
    )


class _Worker:
    """A process and the file it has."""

    def __init__(self, task: Task, attempt: int) -> None:
        context = _context()
        self.pipe, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other,), daemon=False)
        self._process.start()
        other.close()
        self.give(task, attempt)

    def give(self, task: Task, attempt: int) -> None:
        """Hand over a file."""
        self.task, self.attempt = task, attempt
        # A process that is dead already is found when its answer is read.
        with contextlib.suppress(OSError):
            self.pipe.send(task)

    def end(self) -> int | None:
        """End the process at once; its exit code."""
        self.pipe.close()
        self._process.join(0.2)
        self._process.kill()
        self._process.join()
        code: int | None = self._process.exitcode
        self._process.close()
        return code


def _context() -> Any:
    """Processes that are copies of a small one that has all imported; on Windows each imports for itself."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["xlsx.batch.onefile"])
    return context


def _work(pipe: Connection) -> None:
    """Recalculate what is handed over until nobody is there to hand over, also when the run was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that asked ends this one
    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(recalculate_file(pipe.recv(), _Teller(pipe).tell))


class _Teller:
    """Says how far one file has come, not too often."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._last = pipe, float("-inf")

    def tell(self, done: int, rows: int) -> None:
        if time.monotonic() - self._last >= TOLD_EACH:
            self._last = time.monotonic()
            # Where nobody is left to hear it, the outcome will find that out.
            with contextlib.suppress(OSError):
                self._pipe.send(_Progress(done, rows))
