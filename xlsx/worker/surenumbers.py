"""Which texts of a column of several kinds of cells stand for numbers, where that decides the amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.encoded import Encoded
from xlsx.grid import RawColumn

_TWO_READINGS: Final = r"^-?[1-9]\d{0,2}\.\d{3}$"
"""A text such as 1.234: 1234 to one writer. A cell that holds a number can only be the other."""

Load = Callable[[list[int], str], Sequence[pa.Array]]
"""Reads some columns again, as another type; a cell that cannot be read as it is null."""


def with_sure_numbers(columns: Sequence[RawColumn], load: Load) -> list[RawColumn]:
    """The columns, where a cell of a number and a text that look alike have texts of their own, and `own` tells which
    is the number.
    """
    made = list(columns)
    doubts = {number: _doubtful(column.cells) for number, column in enumerate(columns)}
    some = [number for number, doubtful in doubts.items() if doubtful.any()]
    # As truth values fastexcel reads every number, and no text but two.
    for number, numbers in zip(some, load(some, "boolean") if some else (), strict=True):
        cells: Any = columns[number].cells
        rows = np.flatnonzero(doubts[number][cells.index] & numbers.is_valid().to_numpy(zero_copy_only=False))
        places, again = np.unique(cells.index[rows], return_inverse=True)
        sure = [cells.texts[place] for place in places.tolist()]
        index, first = cells.index.astype(np.int32), len(cells.texts)
        index[rows] = first + again
        own = {first + place: float(text) for place, text in enumerate(sure)}
        made[number] = RawColumn(Encoded(index, [*cells.texts, *sure]), columns[number].broken, own)
    return made


def _doubtful(cells: Any) -> Any:
    """Which texts may be two numbers; the last is the blank."""
    if not isinstance(cells, Encoded) or not all(isinstance(text, str) for text in cells.texts):
        return np.zeros(1, bool)
    found = pc.match_substring_regex(pa.array(cells.texts, pa.string()), _TWO_READINGS)
    return np.append(found.to_numpy(zero_copy_only=False), False).astype(bool)
