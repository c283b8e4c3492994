"""The reading processes: started when needed, kept for the next file, ended when they take too long or too much."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from xlsx.grid import UnreadableSheet
from xlsx.worker.wire import Ended, receive

_PACKAGE: Final = str(Path(__file__).parents[1])
_START: Final = """
import json, sys, types
sys.path[:] = json.loads(sys.argv[1])
# Empty packages: the real ones import all of the recalculation, which reading does not need.
for name in ("xlsx", "xlsx.patch"):
    sys.modules[name] = package = types.ModuleType(name)
    package.__path__ = [sys.argv[2] + name[4:].replace(".", "/")]
from xlsx.worker.child import main
main()
"""
_PASSED_ON: Final = (
    *("PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "HOME", "USERPROFILE", "LANG", "LC_ALL", "LC_CTYPE"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "TZDIR", "PYTHONTZPATH", "FARDKOST_COMPILED"),
)
"""Variables of the environment that reading may need. Secrets of a server are not among them."""

_FRUGAL: Final = {
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""Address space is limited, so none is to be set aside for threads that are not there."""

_MOST_KEPT: Final = 200 << 20
"""Bytes of memory above which a process is not kept for the next file."""

_STARTING: Final = 30.0
"""Seconds more that a process may take for its first answer."""


class Died(Exception):
    """A reading process ended without an answer. timed_out: it was ended, since it took too long."""

    def __init__(self, timed_out: bool) -> None:
        super().__init__(timed_out)
        self.timed_out = timed_out


class Worker:
    """One reading process."""

    def __init__(self) -> None:
        self.path = ""
        """The file it read last."""
        self.memory = 0
        self._used = False
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        where = json.dumps([entry or str(Path.cwd()) for entry in sys.path])
        if not sys.executable:
            raise _not_started("Python vet inte var dess eget program finns")
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, where, _PACKAGE],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment | _FRUGAL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise _not_started(error.strerror or str(error)) from None

    @property
    def alive(self) -> bool:
        """Whether the process can be asked."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytearray]]:
        """The answer to a request. Raises Died, after which the worker is of no more use."""
        assert self._process.stdin is not None and self._process.stdout is not None
        late = threading.Event()
        patience = request["seconds"] + (0 if self._used else _STARTING)
        timer = threading.Timer(patience, self._give_up, (late,))
        timer.daemon = True
        timer.start()
        self._used, self.path = True, request["path"]
        try:
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()
            header, buffers = receive(self._process.stdout)
        except (Ended, OSError):
            self.end()
            raise Died(late.is_set()) from None
        except BaseException:
            self.end()
            raise
        finally:
            timer.cancel()
        self.memory = header.get("memory", 0)
        return header, buffers

    def _give_up(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()

    def end(self) -> None:
        """End the process at once."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()


def _not_started(why: str) -> UnreadableSheet:
    return UnreadableSheet(
        f"Filer läses av en egen process, för säkerhets skull, och den kunde inte startas här ({why}). Inget är läst."
    )


class Pool:
    """Some workers for many threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free: list[Worker] = []
        self._count = 0
        self._changed = threading.Condition()

    def warm(self) -> None:
        """Start a worker if there is none, without waiting for it."""
        with self._changed:
            if self._count == 0:
                self._free.append(Worker())
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


def warm() -> None:
    """Start a reading process, if there is none, without waiting for it. Raises UnreadableSheet."""
    _pool.warm()


def ask(request: dict[str, Any]) -> tuple[dict[str, Any], list[bytearray]]:
    """The answer of a reading process. Raises Died, and UnreadableSheet when none can be started."""
    return _pool.ask(request)


def pids() -> list[int]:
    """The numbers of the reading processes that wait for something to do."""
    return _pool.pids()


def close() -> None:
    """End the reading processes that wait for something to do; new ones start when needed."""
    _pool.close()
