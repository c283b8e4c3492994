"""How large a file may be, packed and unpacked, and what reading it may cost."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from xlsx.errors import UnreadableSheet

KIB: Final = 1 << 10
MIB: Final = 1 << 20
GIB: Final = 1 << 30
LARGEST_FILE_SETTING: Final = "FARDKOST_MAX_MB"
"""The environment variable that sets how large a file may be."""

_LARGEST_FILE: Final = 200


def _largest_file() -> int:
    """Bytes, by the environment or the default. Raises UnreadableSheet for a setting that is no number."""
    written = os.environ.get(LARGEST_FILE_SETTING, "").strip()
    if not written:
        return _LARGEST_FILE * 1_000_000
    if not written.isascii() or not written.isdecimal() or not int(written):
        raise UnreadableSheet(
            f'Miljövariabeln {LARGEST_FILE_SETTING} är "{written}". Skriv ett helt antal megabyte, till exempel 200.'
        )
    return int(written) * 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold. Sizes in bytes; those of parts are unpacked sizes.

    ratio: how many times its packed size a part may be, once it is larger than `ratio_from`.
    growth, growth_per_byte: what all XML of a file may come to, and that many times what it is packed to besides
    (a large sheet packs to a tenth, one of long formulas to a fortieth).
    scan, scan_per_byte: seconds of the processor that looking through a file may take, and that much more for each
    byte of packed XML; honest sheets take a third of that at most.
    sparse, sparse_per_cell: a reader lays out every cell between the first and the last one; that many are let
    pass in any file, and that many more for each cell that is really there, at most `cells`.
    guard: what looking through a file may take.
    memory, memory_per_byte: what a reading process may take, and of that how much for each byte of the unpacked
    file above `memory_base`.
    seconds: how long one reading may take.
    """

    file: int = field(default_factory=_largest_file)
    entries: int = 5_000
    sheet: int = 3 * GIB
    strings: int = 512 * MIB
    other: int = 256 * MIB
    relations: int = 32 * MIB
    total: int = 4 * GIB
    ratio: int = 200
    ratio_from: int = 4 * MIB
    growth: int = 128 * MIB
    growth_per_byte: int = 30
    scan: float = 0.6
    scan_per_byte: float = 0.8e-6
    rows: int = 1_048_576
    columns: int = 512
    cells: int = 60_000_000
    sparse: int = 4_000_000
    sparse_per_cell: int = 16
    line: int = 4 * MIB
    guard: int = 256 * MIB
    memory: int = 4 * GIB
    memory_base: int = 128 * MIB
    memory_per_byte: int = 10
    seconds: float = 120.0

    def memory_for(self, unpacked: int) -> int:
        """Bytes that reading a file of that unpacked size may take."""
        return min(self.memory, self.memory_base + self.memory_per_byte * unpacked)
