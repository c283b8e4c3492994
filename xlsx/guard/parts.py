"""The parts of a workbook: which of them are XML, how large each may be, and what is looked for in it."""

from __future__ import annotations

import html
import posixpath
import re
import zlib
from collections.abc import Iterable, Iterator
from time import thread_time
from typing import IO, Final, Literal

from xlsx.guard.cells import SheetScan, Unsure
from xlsx.guard.directory import STARTS_PROGRAM, STORED, Entry, Refused
from xlsx.guard.markup import MarkupScan, looks_like_xml
from xlsx.guard.opendocument import ContentScan
from xlsx.limits import MIB, Limits
from xlsx.patch.deflate import inflated
from xlsx.patch.errors import Unpatchable

Kind = Literal["sheet", "strings", "content", "relations", "other", "binary"]

_XML: Final = (".xml", ".rels", ".vml", ".xhtml")
_RELATION: Final = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*+")
_ATTRIBUTE: Final = re.compile(r"""\b(Type|Target)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SAID: Final = b"uniqueCount"
_UNIQUE: Final = re.compile(rb"""\buniqueCount\s*=\s*["']\s*\+?(\d+)""")
_WORKSHEET: Final = b"worksheet"
_COMMAND_LINK: Final = re.compile(rb"""(?i)\bddeService\s*=\s*["']\s*(?:cmd|powershell|pwsh|mshta|[wc]script)\b""")
"""A link that starts a command interpreter: Excel saves such a formula (DDE) in a part of its own."""
_SHORTEST_STRING: Final = len("<si/>")
_APPLE: Final = "__macosx/"
"""Where a Mac that packs a folder puts what it knows of the files, under their names but in a form of its own."""
_LINKS: Final = "externallinks/"
_START: Final = 64
PIECE: Final = 1 << 20
"""Bytes that are looked through at a time."""
_PACKED_PIECE: Final = 64 << 10


class Parts:
    """The parts of one file, classified and checked one by one."""

    def __init__(self, file: IO[bytes], entries: list[Entry], limits: Limits, opendocument: bool) -> None:
        self._file, self._entries, self._limits, self._ods = file, entries, limits, opendocument
        self._sheets: set[str] = set()
        self.unpacked = 0
        """Bytes of XML in all, unpacked."""
        self._weight = 0
        """Bytes of XML in all, packed."""
        self._started = 0.0
        """When the looking through began, by this thread's processor clock."""

    def check(self) -> None:
        """Raises Refused for the first part that is not as it should be."""
        self._started = thread_time()
        kinds = {entry.name: self._named_kind(entry) for entry in self._entries}
        relations = [entry for entry in self._entries if kinds[entry.name] == "relations"]
        for entry in relations:
            self._check_size(entry, "relations")
        self._check_growth()
        for entry in relations:
            self._sheets.update(self._sheet_targets(entry))
        for entry in self._entries:
            if entry.name.casefold() in self._sheets:
                kinds[entry.name] = "sheet"
            if kinds[entry.name] not in ("binary", "relations"):
                self._check_size(entry, kinds[entry.name])
        self._check_growth()
        for entry in self._entries:
            kind = kinds[entry.name]
            if kind not in ("binary", "relations"):
                self._check_part(entry, kind)

    def _named_kind(self, entry: Entry) -> Kind:
        """What a part is by its name, and where that tells nothing by how it begins."""
        name = entry.name.casefold()
        base = posixpath.basename(name)
        if entry.folder or not entry.size or name.startswith(_APPLE):
            return "binary"
        if self._ods and name == "content.xml":
            return "content"
        if name.startswith("xl/worksheets/") and base.endswith(".xml"):
            return "sheet"
        if base == "sharedstrings.xml":
            return "strings"
        if base.endswith(".rels"):
            return "relations"
        return "other" if base.endswith(_XML) or looks_like_xml(self._beginning(entry)) else "binary"

    def _check_size(self, entry: Entry, kind: Kind) -> None:
        """By the size that the directory tells; that it is the true one is seen while unpacking."""
        limits = self._limits
        largest = {
            "sheet": limits.sheet,
            "content": limits.sheet,
            "strings": limits.strings,
            "relations": limits.relations,
        }
        most = largest.get(kind, limits.other)
        if entry.size > max(limits.ratio_from, limits.ratio * entry.packed):
            raise Refused(
                f"filen är en zipbomb: {entry.name} växer från {_shown(entry.packed)} till {_shown(entry.size)} "
                f"när den packas upp, mer än {limits.ratio} gånger"
            )
        if entry.size > most:
            raise Refused(f"{entry.name} är {_shown(entry.size)} uppackad; högst {_shown(most)} tas emot")
        self.unpacked += entry.size
        self._weight += entry.packed

    def _check_growth(self) -> None:
        """Of all parts whose size has been checked, together."""
        limits = self._limits
        if self.unpacked > limits.total:
            raise Refused(f"filen är större än {_shown(limits.total)} uppackad")
        if self.unpacked > limits.growth + limits.growth_per_byte * self._weight:
            raise Refused(
                f"filen är en zipbomb: den växer från {_shown(self._weight)} till {_shown(self.unpacked)} "
                f"när den packas upp, mer än {_shown(limits.growth)} plus {limits.growth_per_byte} gånger det packade"
            )

    def _check_time(self) -> None:
        limits = self._limits
        if thread_time() - self._started > limits.scan + limits.scan_per_byte * self._weight:
            raise Refused("filen tar orimligt lång tid att granska för sin storlek. Dela upp den i flera")

    def _check_part(self, entry: Entry, kind: Kind) -> None:
        if kind == "sheet":
            try:
                self._scan_sheet(entry, exact=False)
            except Unsure:
                self._scan_sheet(entry, exact=True)
        elif kind == "content":
            content = ContentScan(entry.name, self._limits)
            for piece in self._markup(entry):
                content.feed(piece)
            content.close()
        elif kind == "strings":
            for piece in self._markup(entry):
                for said in _UNIQUE.findall(piece) if _SAID in piece else ():
                    if int(said[:20]) > entry.size // _SHORTEST_STRING:
                        raise Refused(f"{entry.name} säger sig ha fler texter än den kan rymma")
        else:
            for piece in self._markup(entry):
                if _LINKS in entry.name.casefold() and _COMMAND_LINK.search(piece):
                    raise Refused(f"{entry.name} {STARTS_PROGRAM}")

    def _scan_sheet(self, entry: Entry, exact: bool) -> None:
        scan = SheetScan(entry.name, self._limits, exact)
        for piece in self._markup(entry):
            scan.feed(piece)
        scan.close()

    def _sheet_targets(self, entry: Entry) -> Iterator[str]:
        """The names, case-folded, of the parts that relations call worksheets, whatever they are named."""
        content = b"".join(self._markup(entry))
        base = posixpath.dirname(posixpath.dirname(entry.name))
        for found in _RELATION.finditer(content):
            relation = found.group()
            # The links of a large sheet are many, and none of them is a sheet.
            if _WORKSHEET not in relation and b"&" not in relation:
                continue
            self._check_time()
            told = {
                name: html.unescape(double or single)
                for name, double, single in _ATTRIBUTE.findall(relation.decode("utf-8", "replace"))
            }
            if told.get("Type", "").endswith("/worksheet"):
                target = told.get("Target", "").replace("\\", "/")
                for whole in (posixpath.join(base, target), posixpath.join("xl", target), target):
                    yield posixpath.normpath(whole).lstrip("/").casefold()

    def _beginning(self, entry: Entry) -> bytes:
        self._file.seek(entry.start)
        packed = self._file.read(min(entry.packed, 4 * _START))
        if entry.method == STORED:
            return packed[:_START]
        try:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _START)
        except zlib.error:
            raise Refused(f"{entry.name} är skadad och kan inte packas upp") from None

    def _markup(self, entry: Entry) -> Iterator[bytes]:
        """A part of XML in pieces, as UTF-8 and without what no part may hold."""
        scan = MarkupScan(entry.name)
        for piece in self._unpacked(entry):
            self._check_time()
            yield scan.feed(piece)

    def _unpacked(self, entry: Entry) -> Iterable[bytes]:
        try:
            if entry.method == STORED:
                yield from self._stored(entry)
            else:
                yield from inflated(self._packed(entry), entry.size, entry.crc, entry.name)
        except Unpatchable:
            raise Refused(f"{entry.name} är skadad: innehållet stämmer inte med kontrollsumman") from None

    def _stored(self, entry: Entry) -> Iterator[bytes]:
        total = 0
        for piece in self._packed(entry):
            total = zlib.crc32(piece, total)
            yield piece
        if total != entry.crc:
            raise Refused(f"{entry.name} är skadad: innehållet stämmer inte med kontrollsumman")

    def _packed(self, entry: Entry) -> Iterator[bytes]:
        at, end = entry.start, entry.start + entry.packed
        size = PIECE if entry.method == STORED else _PACKED_PIECE
        while at < end:
            self._file.seek(at)
            piece = self._file.read(min(size, end - at))
            if not piece:
                raise Refused("filen är skadad eller avkortad")
            at += len(piece)
            yield piece


def _shown(size: int) -> str:
    return f"{size / MIB:.0f} MiB" if size >= MIB else f"{size} byte"
