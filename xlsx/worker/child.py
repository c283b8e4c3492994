"""The reading process: takes requests on its standard input and answers on its standard output.

It has no more memory than a request says, ends by itself when a request takes too long, and writes no files.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import signal
import sys
from pathlib import Path
from typing import IO, Any, Final

from xlsx.errors import UnreadableSheet
from xlsx.guard import check_file
from xlsx.limits import Limits
from xlsx.source import Source
from xlsx.worker.limits import address_space, resident, set_limit
from xlsx.worker.messages import send
from xlsx.worker.parsing import parse
from xlsx.worker.wire import packed

_GRACE: Final = 15
"""Seconds after the time limit when the process ends by itself, should nobody have ended it."""


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a library prints must not get among the answers.
    with os.fdopen(os.dup(1), "wb") as out, Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        set_limit("RLIMIT_CORE", 0)
        set_limit("RLIMIT_FSIZE", 0)
        opened = _Opened()
        with contextlib.suppress(BrokenPipeError):
            for line in sys.stdin.buffer:
                request = json.loads(line)
                faulthandler.dump_traceback_later(request["seconds"] + _GRACE, exit=True, file=nowhere)
                _answer(request, opened, out)
                faulthandler.cancel_dump_traceback_later()
    os._exit(0)


class _Opened:
    """The file that was asked for last, kept open."""

    def __init__(self) -> None:
        self._mark: list[Any] = []
        self._source: Source | None = None

    def look_through(self, path: Path, limits: Limits) -> dict[str, Any]:
        """What the guard finds, and the mark of what it passed. Raises UnreadableSheet."""
        try:
            mark = _mark(path)
        except OSError:
            mark = []
        if mark != self._mark:
            self._source = None
        return {"unpacked": check_file(path, limits), "mark": mark}

    def source(self, path: Path, mark: list[Any]) -> Source:
        """The file as the guard has passed it. Raises UnreadableSheet."""
        if mark != _mark(path):
            raise UnreadableSheet(f"{path.name}: filen ändrades medan den lästes. Försök igen.")
        if self._source is None or mark != self._mark:
            self._source = None
            self._source, self._mark = parse(path), mark
        return self._source


def _mark(path: Path) -> list[Any]:
    """What is another when the file is another."""
    state = path.stat()
    return [str(path), state.st_ino, state.st_size, state.st_mtime_ns]


def _answer(request: dict[str, Any], opened: _Opened, out: IO[bytes]) -> None:
    set_limit("RLIMIT_AS", address_space() + request["memory"])
    path = Path(request["path"])
    try:
        message, buffers = _made(request, path, opened)
    except UnreadableSheet as why:
        send(out, {"error": str(why)})
    except MemoryError:
        os._exit(1)
    except OSError as error:
        send(out, {"error": f"{path.name}: filen kan inte öppnas ({error.strerror or error})."})
    except Exception as error:
        detail = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        send(out, {"error": f"{path.name}: filen är skadad eller kan inte läsas ({detail})."})
    else:
        send(out, {**message, "memory": resident()}, buffers)


def _made(request: dict[str, Any], path: Path, opened: _Opened) -> tuple[dict[str, Any], list[memoryview]]:
    if request["do"] == "guard":
        return opened.look_through(path, Limits(**request["limits"])), []
    source = opened.source(path, request["mark"])
    if request["do"] == "names":
        return {"names": list(source.names)}, []
    if request["do"] == "top":
        return {"top": source.top(request["sheet"])}, []
    return packed(source.load(request["sheet"], request["header"], request["first_row"]))
