"""The table of contents of a zip file, read strictly: what different programs could read differently is refused."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from xlsx.errors import UnreadableSheet
from xlsx.limits import Limits

STORED: Final = 0
DEFLATED: Final = 8

_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_EXTRA: Final = struct.Struct("<2H")
_LONGEST_COMMENT: Final = 0xFFFF
_IN_EXTRA_16: Final = 0xFFFF
_IN_EXTRA: Final = 0xFFFF_FFFF
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_PATCH: Final = 0x0020
_SIZES_FOLLOW: Final = 0x0008
_UTF_8: Final = 0x0800
_ZIP64: Final = 0x0001
_OTHER_NAME: Final = 0x7075
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_LARGEST_DIRECTORY: Final = 16 << 20

_DAMAGED: Final = "filen är skadad eller avkortad"

STARTS_PROGRAM: Final = (
    "har en formel som startar ett annat program (DDE, till exempel =cmd|…). Ta bort formeln och spara filen igen"
)


class Refused(Exception):
    """Why a file is not read; completes "namn: …"."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a zip file: its name with / between folders, and where its packed bytes are."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    header: int
    """Where its own header begins."""
    start: int = 0

    @property
    def folder(self) -> bool:
        """Whether it is only a folder."""
        return self.name.endswith("/")


def read_directory(file: IO[bytes], size: int, limits: Limits) -> list[Entry]:
    """The parts of a zip file of `size` bytes. Raises Refused for what no honest program writes."""
    begin, length, count = _find_directory(file, size)
    if count > limits.entries:
        raise Refused(f"filen innehåller {count} delar; högst {limits.entries} tas emot")
    if length > _LARGEST_DIRECTORY:
        raise Refused(_DAMAGED)
    file.seek(begin)
    entries = list(_entries(file.read(length), count))
    _check_names(entries)
    return list(_located(file, entries, begin))


def _find_directory(file: IO[bytes], size: int) -> tuple[int, int, int]:
    """Where the directory begins, its length, and the number of entries."""
    tail_at = max(0, size - _END.size - _LONGEST_COMMENT)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise Refused(_DAMAGED)
    _, disk, first_disk, here, count, length, begin, comment = _END.unpack_from(tail, at)
    if at + _END.size + comment != len(tail):
        raise Refused("filen har främmande data efter sitt slut eller är avkortad")
    end = tail_at + at
    if _IN_EXTRA_16 in (here, count) or _IN_EXTRA in (length, begin):
        end, disk, first_disk, here, count, length, begin = _find_directory_64(file, end)
    if disk or first_disk or here != count:
        raise Refused("filen är en del av ett delat arkiv")
    if begin + length != end:
        raise Refused("filen har främmande data före sin innehållsförteckning eller är avkortad")
    return begin, length, count


def _find_directory_64(file: IO[bytes], end: int) -> tuple[int, int, int, int, int, int, int]:
    at = end - _LOCATOR_64.size
    if at < 0:
        raise Refused(_DAMAGED)
    file.seek(at)
    mark, disk, where, disks = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
    if mark != b"PK\6\7" or disk or disks > 1 or where + _END_64.size > at:
        raise Refused(_DAMAGED)
    file.seek(where)
    mark, rest, _, _, own, first, here, count, length, begin = _END_64.unpack(file.read(_END_64.size))
    if mark != b"PK\6\6" or where + 12 + rest != at:
        raise Refused(_DAMAGED)
    return where, own, first, here, count, length, begin


def _entries(directory: bytes, count: int) -> Iterator[Entry]:
    at = 0
    for _ in range(count):
        if at + _ENTRY.size > len(directory):
            raise Refused(_DAMAGED)
        fields = _ENTRY.unpack_from(directory, at)
        mark, _, _, flags, method, _, _, crc, packed, size, named, extended, said, disk, _, _, header = fields
        at += _ENTRY.size
        name, extra = directory[at : at + named], directory[at + named : at + named + extended]
        at += named + extended + said
        if mark != b"PK\1\2" or at > len(directory):
            raise Refused(_DAMAGED)
        shown = _decoded(name, flags)
        _check_way_of_packing(shown, flags, method)
        if disk not in (0, _IN_EXTRA_16):
            raise Refused("filen är en del av ett delat arkiv")
        size, packed, header = _large(extra, name, (size, packed, header))
        if method == STORED and size != packed:
            raise Refused(_DAMAGED)
        yield Entry(shown, method, crc, packed, size, header)
    if at != len(directory):
        raise Refused(_DAMAGED)


def _decoded(name: bytes, flags: int) -> str:
    try:
        text = name.decode("utf-8" if flags & _UTF_8 else "cp437")
    except UnicodeDecodeError:
        raise Refused("en del i filen har ett otillåtet namn") from None
    return text.replace("\\", "/")


def _check_way_of_packing(name: str, flags: int, method: int) -> None:
    if flags & _ENCRYPTED:
        raise Refused("filen är skyddad med lösenord. Ta bort lösenordet och spara den igen")
    if method not in (STORED, DEFLATED) or flags & _PATCH:
        raise Refused(f"{name} är packad på ett sätt som inte läses")


def _large(extra: bytes, name: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Sizes and place of an entry, from its extra fields where they are too large for the plain ones."""
    found = list(values)
    for kind, content in _extra_fields(extra):
        if kind == _OTHER_NAME and content[5:] != name:
            raise Refused("en del i filen har två olika namn")
        if kind == _ZIP64:
            numbers = [number for (number,) in struct.iter_unpack("<Q", content[: len(content) // 8 * 8])]
            for place, value in enumerate(values):
                if value == _IN_EXTRA and numbers:
                    found[place] = numbers.pop(0)
    return found[0], found[1], found[2]


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _EXTRA.size <= len(extra):
        kind, length = _EXTRA.unpack_from(extra, at)
        at += _EXTRA.size
        yield kind, extra[at : at + length]
        at += length


def _check_names(entries: list[Entry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.name
        if (
            not name
            or name.startswith("/")
            or _DRIVE.match(name)
            or ".." in name.split("/")
            or any(ord(sign) < 32 for sign in name)
        ):
            raise Refused(f"en del i filen har ett otillåtet namn ({name[:60]!r})")
        key = name.casefold()
        if key in seen:
            raise Refused(f"{name} finns två gånger i filen")
        seen.add(key)


def _located(file: IO[bytes], entries: list[Entry], end: int) -> Iterator[Entry]:
    """The entries with the place of their packed bytes, once it is known that none lies over another."""
    before = 0
    for entry in sorted(entries, key=lambda entry: entry.header):
        if entry.header < before:
            raise Refused(f"{entry.name} ligger över en annan del av filen")
        file.seek(entry.header)
        header = file.read(_LOCAL.size)
        if len(header) < _LOCAL.size:
            raise Refused(_DAMAGED)
        mark, _, flags, method, _, _, crc, packed, size, named, extended = _LOCAL.unpack(header)
        name, extra = file.read(named), file.read(extended)
        start = entry.header + _LOCAL.size + named + extended
        before = start + entry.packed
        if mark != b"PK\3\4" or before > end:
            raise Refused(_DAMAGED)
        if _decoded(name, flags) != entry.name or method != entry.method:
            raise Refused(f"{entry.name} beskrivs på två olika sätt i filen")
        _check_way_of_packing(entry.name, flags, method)
        size, packed, _ = _large(extra, name, (size, packed, 0))
        if not flags & _SIZES_FOLLOW and (size, packed, crc) != (entry.size, entry.packed, entry.crc):
            raise Refused(f"{entry.name} beskrivs på två olika sätt i filen")
        yield Entry(entry.name, method, entry.crc, entry.packed, entry.size, entry.header, start)


def refusal(path: Path, why: str) -> UnreadableSheet:
    """The error that names the file."""
    return UnreadableSheet(f"{path.name}: {why}.")
