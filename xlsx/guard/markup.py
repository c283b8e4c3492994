"""What no part of XML in a workbook may hold, looked for in its bytes as they are unpacked."""

from __future__ import annotations

import codecs
import re
from typing import Final

from xlsx.guard.directory import Refused

_DECLARATION: Final = re.compile(rb"<!\s*[A-Za-z]")
_ENCODING: Final = re.compile(rb"""^<\?xml[^>]*?\bencoding\s*=\s*["']([^"']*)["']""")
_READABLE: Final = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
_SPACE: Final = b" \t\r\n"
_OVERLAP: Final = 64
"""Bytes of a piece that are looked at again with the next one."""


def looks_like_xml(start: bytes) -> bool:
    """Whether a part that begins so could be read as XML, in whatever encoding."""
    bare = start.replace(b"\0", b"")
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        bare = bare.removeprefix(mark)
    return bare.lstrip(_SPACE).startswith((b"<", b"\x4c\x6f\xa7"))


class MarkupScan:
    """Reads a part piece by piece, and hands it on in UTF-8.

    Refused are document type declarations, which carry entities, and encodings that hide them.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._decoder: codecs.IncrementalDecoder | None = None
        self._begun = False
        self._tail = b""

    def feed(self, piece: bytes) -> bytes:
        """The piece in UTF-8. Raises Refused."""
        if not self._begun and piece:
            self._begin(piece)
        if self._decoder is not None:
            try:
                piece = self._decoder.decode(piece).encode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                raise Refused(f"{self._name} är inte giltig XML") from None
        if b"\0" in piece:
            raise Refused(f"{self._name} är inte giltig XML")
        # Exclamation marks are rare and found fast; < is neither.
        seen = self._tail + piece[:_OVERLAP]
        if (b"!" in piece and _DECLARATION.search(piece)) or (b"!" in seen and _DECLARATION.search(seen)):
            raise Refused(
                f"{self._name} innehåller en dokumenttypsdeklaration (DOCTYPE), som kan läsa in andra filer "
                "eller växa utan gräns. Inget kalkylprogram skriver en sådan"
            )
        self._tail = (self._tail + piece)[-_OVERLAP:] if len(piece) < _OVERLAP else piece[-_OVERLAP:]
        return piece

    def _begin(self, piece: bytes) -> None:
        self._begun = True
        if piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._decoder = codecs.getincrementaldecoder("utf-16")()
        elif piece[:2] in (b"<\0", b"\0<"):
            self._decoder = codecs.getincrementaldecoder("utf-16-le" if piece[:1] == b"<" else "utf-16-be")()
        start = piece.removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)[:1024]
        if self._decoder is None and start and not start.startswith(b"<"):
            raise Refused(f"{self._name} är inte giltig XML")
        said = _ENCODING.search(start.replace(b"\0", b""))
        if said and said[1].decode("latin-1").lower() not in _READABLE:
            raise Refused(f"{self._name} är skriven i teckenkodningen {said[1].decode('latin-1')}, som inte läses")
