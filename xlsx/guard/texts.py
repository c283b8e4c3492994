"""Text files: line length, columns and cells, counted without parsing."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO, Final

import numpy as np

from xlsx.csvfiles import DELIMITERS, delimiter
from xlsx.guard.directory import Refused
from xlsx.limits import MIB, Limits

_PIECE: Final = 1 << 20
_HEAD: Final = 64 << 10
_LINE_ENDS: Final = (ord("\n"), ord("\r"))


def check_text(file: IO[bytes], limits: Limits) -> None:
    """Raises Refused for what is no text, or has too long lines or too many columns."""
    sign = 0
    columns = length = cells = 0
    for piece in _in_utf8(file):
        if b"\0" in piece:
            raise Refused("filen är ingen textfil: den innehåller nolltecken")
        sign = sign or ord(_delimiter(piece))
        content = np.frombuffer(piece, np.uint8)
        ends = np.flatnonzero((content == _LINE_ENDS[0]) | (content == _LINE_ENDS[1]))
        between = np.flatnonzero(content == sign)
        cells += len(ends) + len(between)
        before = np.searchsorted(between, ends)
        # The first line goes on from the piece before, the last one into the next.
        lines = np.diff(np.concatenate([[-columns], before, [len(between)]]))
        lengths = np.diff(np.concatenate([[-length], ends, [len(content)]]))
        columns, length = int(lines[-1]), int(lengths[-1])
        if lines.max() >= limits.columns:
            raise Refused(f"filen har fler än {limits.columns} kolumner")
        if lengths.max() > limits.line:
            raise Refused(f"filen har en rad som är längre än {limits.line // MIB} MiB")
        if cells > limits.cells:
            raise Refused(f"filen har fler än {limits.cells} celler")


def _delimiter(piece: bytes) -> str:
    """The sign between cells, judged by the first lines as the reading does it."""
    lines = piece[:_HEAD].decode("latin-1").splitlines()
    if lines and lines[0].lower().startswith("sep=") and lines[0][4:5] in tuple(DELIMITERS):
        return lines[0][4:5]
    return delimiter(lines) if any(line.strip() for line in lines) else ";"


def _in_utf8(file: IO[bytes]) -> Iterator[bytes]:
    """The file in pieces; UTF-16 as UTF-8, other encodings as they are."""
    head = file.read(_PIECE)
    encoding = ""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in head[:1000]:
        encoding = "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
    decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
    while head:
        try:
            yield head if decoder is None else decoder.decode(head).encode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise Refused("filen är ingen textfil i UTF-8, UTF-16 eller cp1252") from None
        head = file.read(_PIECE)
