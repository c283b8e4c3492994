"""The guard: a file is looked through before any parser sees it, as a stream and in little memory."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO, Final

from xlsx.errors import UnreadableSheet
from xlsx.guard.directory import Refused, read_directory, refusal
from xlsx.guard.markup import MarkupScan
from xlsx.guard.ole import OLD_FORMAT, check_ole
from xlsx.guard.parts import Parts
from xlsx.guard.texts import check_text
from xlsx.limits import GIB, KIB, MIB, Limits

__all__ = ["EVENTS", "GIB", "KIB", "MIB", "TEXTS", "WORKBOOKS", "Limits", "check_file"]

WORKBOOKS: Final = (".xlsx", ".xlsm", ".ods", ".xls")
TEXTS: Final = (".csv", ".txt", ".tsv")
EVENTS: Final = (".xml", ".pax")
"""Travel events in PAXml."""

_ZIP: Final = b"PK"
_LOCK: Final = "~$"
"""How the name of the file begins that Excel puts beside one that is open in it."""
_LARGEST_LOCK: Final = 1 * KIB
_MEMORY_OF_TEXT: Final = 3
"""A byte of a text file takes so much more memory than one of a workbook: every cell is a text of its own."""


def check_file(path: Path, limits: Limits | None = None) -> int:
    """Bytes of the file unpacked, as a measure of what reading it takes. Raises UnreadableSheet."""
    limits = limits or Limits()
    suffix = path.suffix.lower()
    if suffix not in (*WORKBOOKS, *TEXTS, *EVENTS):
        kinds = ", ".join((*WORKBOOKS, *TEXTS, *EVENTS))
        raise UnreadableSheet(f"{path.name}: filtypen {suffix or 'utan ändelse'} läses inte. Läsbara är {kinds}.")
    try:
        with path.open("rb") as file:
            return _check(file, path, suffix, limits)
    except OSError as error:
        raise UnreadableSheet(f"{path.name}: filen kan inte öppnas ({error.strerror or error}).") from None
    except Refused as why:
        raise refusal(path, str(why)) from None


def _check(file: IO[bytes], path: Path, suffix: str, limits: Limits) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    if path.name.startswith(_LOCK) and size <= _LARGEST_LOCK:
        name = path.name.removeprefix(_LOCK)
        raise Refused(f"filen är Excels låsfil för en fil som är öppen ({name}) och har inga resor. Ange {name}")
    if not size:
        raise Refused("filen är tom")
    if size > limits.file:
        raise Refused(f"filen är {size / 1e6:.0f} MB; högst {limits.file / 1e6:.0f} MB tas emot")
    if suffix in TEXTS:
        check_text(file, limits)
        return _MEMORY_OF_TEXT * size
    if suffix in EVENTS:
        _check_events(file)
        return _MEMORY_OF_TEXT * size
    start = file.read(len(OLD_FORMAT))
    if suffix == ".xls":
        _check_old(file, size, start)
        return size
    if start.startswith(OLD_FORMAT[:4]):
        raise Refused(_why_old(file, suffix))
    if not zipfile.is_zipfile(file):
        raise Refused(f"filen är ingen giltig {suffix}-fil; den är skadad eller av annat slag")
    parts = Parts(file, read_directory(file, size, limits), limits, opendocument=suffix == ".ods")
    parts.check()
    return parts.unpacked


def _check_events(file: IO[bytes]) -> None:
    scan = MarkupScan("filen")
    while piece := file.read(MIB):
        scan.feed(piece)


def _check_old(file: IO[bytes], size: int, start: bytes) -> None:
    if start.startswith(_ZIP):
        raise Refused("filen är en nyare Excelfil och inte .xls. Byt ändelse till .xlsx")
    check_ole(file, size)


def _why_old(file: IO[bytes], suffix: str) -> str:
    """What is wrong with an old Excel file or an encrypted one under a new name."""
    mark = "EncryptedPackage".encode("utf-16-le")
    file.seek(0)
    tail = b""
    while piece := file.read(MIB):
        if mark in tail + piece:
            return "filen är skyddad med lösenord. Ta bort lösenordet i Excel och spara den igen"
        tail = piece[-len(mark) :]
    return f"filen är en äldre Excelfil (.xls) och inte {suffix}. Byt ändelse eller spara om den"
