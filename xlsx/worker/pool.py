"""The reading processes: started when needed, kept for the next file."""

from __future__ import annotations

import atexit
import os
import threading
from typing import Any, Final

from xlsx.worker.process import Worker

_MOST_KEPT: Final = 200 << 20
"""Bytes of memory above which a process is not kept for the next file."""


class Pool:
    """Some workers for many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free: list[Worker] = []
        self._count = 0
        self._changed = threading.Condition()

    def post(self, request: dict[str, Any]) -> None:
        """Let a worker begin with what will be asked soon, if there is none yet; without waiting for it."""
        with self._changed:
            if self._count == 0:
                worker = Worker()
                worker.post(request)
                self._free.append(worker)
                self._count += 1

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytearray]]:
        """The answer of some worker. Raises Died, and UnreadableSheet when none can be started."""
        worker = self._take(request["path"])
        answered = False
        try:
            answer = worker.ask(request)
            answered = True
            return answer
        finally:
            self._put(worker, answered)

    def _take(self, path: str) -> Worker:
        """A free worker, best one that has the file open; a new one while there may be more; else wait."""
        with self._changed:
            while True:
                self._drop_dead()
                if self._free:
                    return self._free.pop(max(range(len(self._free)), key=lambda place: self._free[place].path == path))
                if self._count < self._most:
                    worker = Worker()
                    self._count += 1
                    return worker
                self._changed.wait()

    def _drop_dead(self) -> None:
        for worker in [worker for worker in self._free if not worker.alive]:
            self._free.remove(worker)
            self._count -= 1
            worker.end()

    def _put(self, worker: Worker, answered: bool) -> None:
        keep = answered and worker.memory <= _MOST_KEPT
        if answered and not keep:
            worker.end()
        with self._changed:
            if keep:
                self._free.append(worker)
            else:
                self._count -= 1
            self._changed.notify()

    def pids(self) -> list[int]:
        """The numbers of the free processes."""
        with self._changed:
            return [worker.pid for worker in self._free]

    def close(self) -> None:
        """End the free workers."""
        with self._changed:
            for worker in self._free:
                worker.end()
            self._count -= len(self._free)
            self._free.clear()


_pool = Pool(max(1, min(4, os.cpu_count() or 1)))


def _forget() -> None:
    """A forked process must not write to its parent's workers."""
    global _pool
    _pool = Pool(_pool._most)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
atexit.register(lambda: _pool.close())


def post(request: dict[str, Any]) -> None:
    """Start a reading process with what will be asked soon, if there is none yet. Raises Died and UnreadableSheet."""
    _pool.post(request)


def ask(request: dict[str, Any]) -> tuple[dict[str, Any], list[bytearray]]:
    """The answer of a reading process. Raises Died, and UnreadableSheet when none can be started."""
    return _pool.ask(request)


def pids() -> list[int]:
    """The numbers of the reading processes that wait for something to do."""
    return _pool.pids()


def close() -> None:
    """End the reading processes that wait for something to do; new ones start when needed."""
    _pool.close()
