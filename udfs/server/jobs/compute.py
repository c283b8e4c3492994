"""A process that computes one sheet: `python -m udfs.server.jobs.compute`.

It reads its task as a line of JSON on standard input, tells on standard output how far it has come, and ends by itself
when its standard input closes: then the server that asked is gone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import IO, Final

import msgspec

from core.engine.figures import FigureError
from core.policies import PolicyError
from udfs.server.jobs.files import REPORT
from udfs.server.jobs.report import report
from xlsx.errors import UnreadableSheet, Unwritable
from xlsx.mapping import MappingError, make_mapping
from xlsx.patch.errors import Unpatchable
from xlsx.recalculate import recalculate
from xlsx.resultbook import default_result, write_result

TOLD_EACH: Final = 0.1
"""Seconds between two messages of progress."""

NO_ROOM: Final = "Servern har ingen plats kvar för resultatet. Försök igen senare."
NO_FILE: Final = "Filen kunde inte läsas eller skrivas på servern. Försök igen senare."
NO_MEMORY: Final = "Serverns minne räckte inte. Dela upp filen i flera."
OUR_MISTAKE: Final = "Ett fel i Färdkost hindrade beräkningen. Säg till den som sköter servern."


class Task(msgspec.Struct):
    """What is to be computed. sheet: the file; folder: where the result goes; policy: a file."""

    sheet: str
    folder: str
    policy: str
    days: bool = False
    tab: str | None = None
    mapping: dict[str, str] = {}


class Message(msgspec.Struct, omit_defaults=True):
    """What the process says: how far it has come, or how it ended."""

    phase: str = ""
    done: int = 0
    rows: int | None = None
    result: str | None = None
    """The name of the finished file in the task's folder."""
    failed: str | None = None
    """Why there is none, in Swedish."""
    mistake: str = ""
    """Kind and place of a mistake of our own, for the log: nothing of what a cell held."""


def main() -> None:
    """Do one task."""
    out = os.fdopen(os.dup(1), "wb")
    # What a library prints must not get among the messages.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    teller = _Teller(out)
    try:
        result = _compute(task, teller)
    except (UnreadableSheet, Unpatchable, Unwritable, MappingError, PolicyError, FigureError) as problem:
        teller.tell(Message(failed=str(problem)))
    except OSError as problem:
        teller.tell(Message(failed=NO_ROOM if problem.errno in (errno.ENOSPC, errno.EDQUOT) else NO_FILE))
    except MemoryError:
        teller.tell(Message(failed=NO_MEMORY))
    except Exception as mistake:
        teller.tell(Message(failed=OUR_MISTAKE, mistake=_where(mistake)))
    else:
        teller.tell(result)


def _where(mistake: Exception) -> str:
    last = traceback.extract_tb(mistake.__traceback__)[-1]
    return f"{type(mistake).__name__} {Path(last.filename).name}:{last.lineno}"


def _compute(task: Task, teller: _Teller) -> Message:
    """The last message. Raises as `recalculate` and `write_result` do."""
    sheet, folder = Path(task.sheet), Path(task.folder)
    teller.tell(Message("reading"))
    rows = 0

    def counted(found: int) -> None:
        nonlocal rows
        rows = found
        teller.tell(Message("computing", 0, rows))

    made = recalculate(
        sheet,
        policy=task.policy,
        sheet=task.tab,
        days=task.days,
        columns=make_mapping(task.mapping) if task.mapping else None,
        counted=counted,
        progress=lambda done: teller.progress(Message("computing", done, rows)),
    )
    teller.tell(Message("writing", 0, rows))
    name = default_result(sheet).name
    saved = write_result(made, folder / name, lambda done: teller.progress(Message("writing", min(done, rows), rows)))
    (folder / REPORT).write_bytes(msgspec.json.encode(report(made, saved.notes)))
    return Message("writing", rows, rows, result=saved.path.name)


class _Teller:
    """Sends messages, those of progress not too often."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out, self.last = out, 0.0

    def progress(self, message: Message) -> None:
        if time.monotonic() - self.last >= TOLD_EACH:
            self.tell(message)

    def tell(self, message: Message) -> None:
        self.last = time.monotonic()
        self.out.write(msgspec.json.encode(message) + b"\n")
        self.out.flush()


def _end_with_the_server() -> None:
    """Wait until standard input closes, and end this process and those that it has started."""
    with contextlib.suppress(OSError, ValueError):
        while os.read(0, 1):
            pass
    if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
