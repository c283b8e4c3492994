"""A process that computes a sheet, as the server sees it: how far it has come, how it ended, and how to end it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import Final

import msgspec

from udfs.server.jobs.compute import Message, Task
from xlsx.worker.starting import FOR_RULES, HIDDEN, command, environment

CRASHED: Final = "Beräkningen avbröts oväntat, troligen för att serverns minne inte räckte. Dela upp filen i flera."

_GROUPS: Final = hasattr(os, "killpg")


class Process:
    """One computation, begun when it is made. Raises OSError when it cannot be."""

    def __init__(self, task: Task, scratch: Path) -> None:
        """scratch: a folder for what is written on the way."""
        scratch.mkdir(mode=0o700, parents=True)
        self.latest = Message()
        self._process = subprocess.Popen(
            command("udfs.server.jobs.compute"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(FOR_RULES, dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))),
            start_new_session=_GROUPS,
            creationflags=HIDDEN,
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        assert self._process.stdin is not None
        # The pipe stays open: when it closes, the process knows that this one is gone.
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(msgspec.json.encode(task) + b"\n")
            self._process.stdin.flush()

    def ended(self, seconds: float) -> bool:
        """Wait at most so long; True when the process has said its last."""
        self._reader.join(seconds)
        return not self._reader.is_alive()

    def close(self) -> None:
        """End the process, and those that it has started, if it has not ended by itself."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                if _GROUPS:
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(msgspec.DecodeError):  # a line that was cut off is its end
            for line in self._process.stdout:
                self.latest = msgspec.json.decode(line, type=Message)
        if self.latest.result is None and self.latest.failed is None:
            self.latest = Message(failed=CRASHED)
