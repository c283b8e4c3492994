"""One reading process: started, asked, ended when it takes too long.

Imports little, so that a command can start it before its own imports.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from typing import Any, Final

from xlsx.errors import UnreadableSheet
from xlsx.worker.messages import Ended, receive
from xlsx.worker.starting import HIDDEN, STARTING, command, environment

_CHILD: Final = "xlsx.worker.child"
_OWN: Final = {"ARROW_DEFAULT_MEMORY_POOL": "system"}


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
        self._asked: dict[str, Any] | None = None
        """What is to be answered next."""
        if not sys.executable:
            raise _not_started("Python vet inte var dess eget program finns")
        try:
            self._process = subprocess.Popen(
                command(_CHILD),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment((), _OWN),
                creationflags=HIDDEN,
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

    def post(self, request: dict[str, Any]) -> None:
        """Let the process begin with what it will be asked next. Raises Died."""
        assert self._process.stdin is not None
        self.path = request["path"]
        try:
            self._process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except OSError:
            self.end()
            raise Died(timed_out=False) from None
        self._asked = request

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytearray]]:
        """The answer to a request. Raises Died, after which the worker is of no more use."""
        if self._asked is not None and self._asked != request:
            self._answer(self._asked)
        if self._asked is None:
            self.post(request)
        return self._answer(request)

    def _answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytearray]]:
        """The answer to what was posted."""
        assert self._process.stdout is not None
        late = threading.Event()
        patience = request["seconds"] + (0 if self._used else STARTING)
        timer = threading.Timer(patience, self._give_up, (late,))
        timer.daemon = True
        timer.start()
        self._used, self._asked = True, None
        try:
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
