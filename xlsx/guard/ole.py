"""Old Excel files (.xls): the header of the file system that such a file is."""

from __future__ import annotations

import struct
from typing import IO, Final

from xlsx.guard.directory import Refused

OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER: Final = struct.Struct("<8s16x5H6x9L")
_SECTOR_SHIFTS: Final = {3: 9, 4: 12}
_MINI_SHIFT: Final = 6
_LITTLE: Final = 0xFFFE
_LAST_SECTOR: Final = 0xFFFF_FFFA
_PLACES_OF_TABLES: Final = 109
"""Sectors of the table of sectors that the header itself has room to name."""


def check_ole(file: IO[bytes], size: int) -> None:
    """Raises Refused when the header tells of more than the file can hold."""
    file.seek(0)
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(OLD_FORMAT):
        raise Refused("filen kan inte läsas: den är ingen giltig .xls-fil, utan skadad eller av annat slag")
    _, _, version, order, shift, mini, _, tables, first, _, _, _, minis, _, further = _HEADER.unpack(header)
    if order != _LITTLE or _SECTOR_SHIFTS.get(version) != shift or mini != _MINI_SHIFT:
        raise Refused("filen är skadad och kan inte läsas")
    sectors = size >> shift
    per_sector = (1 << shift) // 4
    if (
        max(tables, minis, further) > sectors
        or first >= min(sectors, _LAST_SECTOR)
        or tables > _PLACES_OF_TABLES + further * per_sector
    ):
        raise Refused("filen är skadad och kan inte läsas")
