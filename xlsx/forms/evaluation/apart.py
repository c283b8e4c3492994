"""Work on files that others made, in a process of its own: with limits of memory, time and size.

What is to be done is named by a text, `module:attribute`, of a callable; what it is called with, and what it returns,
go between the processes as JSON. So this package need not know the worksheet functions that it computes with.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from xlsx.errors import UnreadableSheet
from xlsx.guard import MIB, Limits, check_file
from xlsx.patch.errors import Unpatchable
from xlsx.worker.limits import address_space, set_limit
from xlsx.worker.starting import FOR_RULES, HIDDEN, STARTING, command, environment

READABLE: Final = (".xlsx", ".xlsm")

_OWN: Final = {"RAYON_NUM_THREADS": "2"}
_MEMORY: Final = 768 * MIB
_MEMORY_PER_BYTE: Final = 60
"""Bytes that the evaluation may take, and so many more for each byte of the unpacked file."""

_LARGEST_OUT: Final = 512 * MIB


class _Task(msgspec.Struct):
    call: str
    arguments: dict[str, Any]
    name: str
    memory: int
    seconds: float


class _Reply(msgspec.Struct):
    made: msgspec.Raw = msgspec.Raw(b"null")
    unreadable: str = ""
    unpatchable: str = ""


Made = TypeVar("Made")


def apart(call: str, path: Path, arguments: Mapping[str, Any], kind: type[Made], limits: Limits | None = None) -> Made:
    """What a callable returns, called in a process of its own with a workbook's path first.

    call: `module:attribute`; arguments: by name, such as JSON has; kind: a type that msgspec knows, of the answer.
    The file is looked through first. Raises UnreadableSheet, Unpatchable, in Swedish and with the file's name.
    """
    limits = limits or Limits()
    if path.suffix.lower() not in READABLE:
        raise UnreadableSheet(f"{path.name}: formulär läses som .xlsx eller .xlsm. Spara om filen i Excel.")
    unpacked = check_file(path, limits)
    memory = min(limits.memory, _MEMORY + _MEMORY_PER_BYTE * unpacked)
    reply = _asked(_Task(call, {"path": str(path.absolute()), **arguments}, path.name, memory, limits.seconds))
    if reply.unreadable:
        raise UnreadableSheet(reply.unreadable)
    if reply.unpatchable:
        raise Unpatchable(reply.unpatchable)
    return msgspec.json.decode(reply.made, type=kind)


def _asked(task: _Task) -> _Reply:
    try:
        process = subprocess.Popen(
            command(__name__),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(FOR_RULES, _OWN),
            creationflags=HIDDEN,
        )
    except OSError as error:
        raise UnreadableSheet(
            f"{task.name}: formulär räknas av en egen process, som inte kunde startas ({error.strerror or error})."
        ) from None
    with process:
        try:
            answer, _ = process.communicate(msgspec.json.encode(task), timeout=task.seconds + STARTING)
        except subprocess.TimeoutExpired:
            raise UnreadableSheet(
                f"{task.name}: beräkningen avbröts, eftersom den tog mer än {task.seconds:g} sekunder."
            ) from None
        finally:
            process.kill()
    try:
        return msgspec.json.decode(answer, type=_Reply)
    except msgspec.DecodeError:
        raise UnreadableSheet(
            f"{task.name}: arbetsboken kan inte räknas. Den är skadad, eller så behöver den mer än "
            f"{task.memory // MIB} MiB minne eller {task.seconds:g} sekunder."
        ) from None


def main() -> None:
    """Do one task: read from standard input, answered on standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(1), "wb") as out, Path(os.devnull).open("wb") as nowhere:
        # What a library prints must not get into the answer.
        os.dup2(nowhere.fileno(), 1)
        task = msgspec.json.decode(sys.stdin.buffer.read(), type=_Task)
        faulthandler.dump_traceback_later(task.seconds, exit=True, file=nowhere)
        set_limit("RLIMIT_CORE", 0)
        set_limit("RLIMIT_FSIZE", _LARGEST_OUT)
        out.write(msgspec.json.encode(_answer(task)))
        out.flush()
        faulthandler.cancel_dump_traceback_later()
    os._exit(0)


def _answer(task: _Task) -> _Reply:
    module, _, attribute = task.call.partition(":")
    call = getattr(import_module(module), attribute)
    set_limit("RLIMIT_AS", address_space() + task.memory)
    try:
        made = call(**task.arguments)
    except Unpatchable as why:
        return _Reply(unpatchable=str(why))
    except UnreadableSheet as why:
        return _Reply(unreadable=str(why))
    except MemoryError:
        os._exit(1)
    except OSError as error:
        return _Reply(unreadable=f"{task.name}: filen kan inte läsas eller skrivas ({error.strerror or error}).")
    except Exception as error:
        kind = type(error).__name__
        return _Reply(unreadable=f"{task.name}: filen är skadad eller kan inte räknas ({kind}).")
    return _Reply(msgspec.Raw(msgspec.json.encode(made)))
