"""A command measured as a whole: wall time, processor time and peak memory, its children included."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MIB: Final = 1 << 20
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_PAUSE: Final = 0.01
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Measured:
    """Seconds, and MiB: the most that all processes held at one moment (pages they share counted for each)."""

    wall: float
    cpu: float
    memory: float


class Failed(Exception):
    """The command ended with an error; the message is what it said."""


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command to its end. Raises Failed."""
    process_start = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}
    )
    watch = _Watch(process.pid)
    watch.start()
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - process_start
    watch.done.set()
    watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"{' '.join(command)}: {said.decode(errors='replace')[-2_000:]}")
    # The peak that the system keeps of a process begins with that of the program that started it: no use here.
    return Measured(wall, usage.ru_utime + usage.ru_stime, watch.most / _MIB)


class _Watch(threading.Thread):
    """Adds up the memory of a process and its descendants again and again, and keeps the most."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root, self.most, self.done = root, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(_PAUSE):
            self.most = max(self.most, sum(map(_resident, _tree(self.root))))


def _tree(root: int) -> list[int]:
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        try:
            for task in Path(f"/proc/{process}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def python(*arguments: str) -> list[str]:
    """A command that runs a module or program with this Python."""
    return [sys.executable, *arguments]
