"""Which texts of a column of several kinds of cells stand for numbers or times, where that decides the amount."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.encoded import Encoded
from xlsx.grid import EPOCH, RawColumn, Serial
from xlsx.patch.errors import Unpatchable
from xlsx.patch.package import Package
from xlsx.patch.xmlpart import encoding_of
from xlsx.worker.marks import whole_rows
from xlsx.worker.sheetparts import part_of_sheet

_TWO_READINGS: Final = r"^-?[1-9]\d{0,2}\.\d{3}$"
"""A text such as 1.234: 1234 to one writer. A cell that holds a number can only be the other."""
_FIRST_DAYS: Final = r"^1900-0[12]-\d\d \d\d:\d\d:\d\d(\.\d+)?$"
"""A text such as 1900-01-01 08:00:00: a clock of a database. A cell that holds a time may be 32:00."""
_LAST_OF_1899: Final = EPOCH + np.timedelta64(1, "D")

_STRINGS: Final = "/sharedstrings.xml"
_TEXT_ENDS: Final = re.compile(rb"\.\d{3}\s*<(?!/(?:[\w.-]+:)?v>)")
_TEXT_BEFORE: Final = re.compile(rb"[>\s]-?[1-9]\d{0,2}\Z")
_LONGEST_BEFORE: Final = 5
_RUNS: Final = re.compile(rb"<r[\s/>]|:r[\s/>]")
_ESCAPED: Final = re.compile(rb"_x[0-9A-Fa-f]{4}_")
_ODD: Final = (b"<!", b"&#", b'"str"', b"'str'")
"""What may hide a text: comments, CDATA, signs by number, texts of formulas."""

Load = Callable[[list[int], str], Sequence[pa.Array]]
"""Reads some columns again, as another type; a cell that cannot be read as it is null."""


def with_sure_values(columns: Sequence[RawColumn], load: Load, has_such_text: Callable[[], bool]) -> list[RawColumn]:
    """The columns, where a cell of a number or a time and a text that look alike have texts of their own, and `own`
    tells which are the numbers and the times.

    has_such_text: whether any text of the sheet may look like a number with two readings.
    """
    made = list(columns)
    doubts = {number: _alike(column.cells, _TWO_READINGS) for number, column in enumerate(made)}
    some = [number for number, doubtful in doubts.items() if doubtful.any()]
    if some and has_such_text():
        # As truth values fastexcel reads every number, and no text but two.
        for number, numbers in zip(some, load(some, "boolean"), strict=True):
            made[number] = _told_apart(made[number], doubts[number], numbers, float)
    else:
        for number in some:
            made[number] = _all_sure(made[number], doubts[number])
    doubts = {number: _alike(column.cells, _FIRST_DAYS) for number, column in enumerate(made)}
    some = [number for number, doubtful in doubts.items() if doubtful.any()]
    for number, times in zip(some, load(some, "datetime") if some else (), strict=True):
        made[number] = _told_apart(made[number], doubts[number], times, _days)
    return made


def _told_apart(column: RawColumn, doubtful: Any, read: pa.Array, value: Callable[[str], float]) -> RawColumn:
    """A column whose doubtful texts have a second place for the cells that could be read as more than a text."""
    cells: Any = column.cells
    rows = np.flatnonzero(doubtful[cells.index] & read.is_valid().to_numpy(zero_copy_only=False))
    places, again = np.unique(cells.index[rows], return_inverse=True)
    sure = [cells.texts[place] for place in places.tolist()]
    index, first = cells.index.astype(np.int32), len(cells.texts)
    index[rows] = first + again
    own = {first + place: value(text) for place, text in enumerate(sure)}
    return RawColumn(Encoded(index, [*cells.texts, *sure]), column.broken, {**column.own, **own})


def _all_sure(column: RawColumn, doubtful: Any) -> RawColumn:
    """A column whose doubtful texts are all numbers."""
    cells: Any = column.cells
    own = {place: float(cells.texts[place]) for place in np.flatnonzero(doubtful).tolist()}
    return RawColumn(cells, column.broken, own)


def _days(text: str) -> Serial:
    return Serial((np.datetime64(text, "us") - _LAST_OF_1899) / np.timedelta64(1, "D"))


def _alike(cells: Any, looks: str) -> Any:
    """Which texts look so; the last is the blank."""
    if not isinstance(cells, Encoded) or not all(isinstance(text, str) for text in cells.texts):
        return np.zeros(1, bool)
    found = pc.match_substring_regex(pa.array(cells.texts, pa.string()), looks)
    return np.append(found.to_numpy(zero_copy_only=False), False).astype(bool)


def has_text_of_two_readings(path: Path, sheet: str) -> bool:
    """Whether any text of a sheet may look like a number with two readings; True where the markup does not tell."""
    try:
        with Package(path) as package:
            part = part_of_sheet(package, sheet)
            if part is None:
                return True
            shared = False
            for number, rows in enumerate(whole_rows(package.stream(part))):
                if (number == 0 and encoding_of(rows[:200]) is not None) or _may_hold_one(rows):
                    return True
                shared = shared or b'"s"' in rows or b"'s'" in rows
            if not shared:
                return False
            names = [entry.filename for entry in package.entries if entry.filename.casefold().endswith(_STRINGS)]
            strings = package.read(names[0]) if len(names) == 1 else b""
            return not strings or encoding_of(strings[:200]) is not None or _may_hold_one(strings)
    except Unpatchable:
        return True


def _may_hold_one(content: bytes) -> bool:
    if any(odd in content for odd in _ODD) or _RUNS.search(content) or _ESCAPED.search(content):
        return True
    return any(
        _TEXT_BEFORE.search(content, max(found.start() - _LONGEST_BEFORE, 0), found.start())
        for found in _TEXT_ENDS.finditer(content)
    )
