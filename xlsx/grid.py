"""A sheet as it was read: raw columns of cells, and what the cells themselves cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.encoded import Encoded

Rows = NDArray[np.int64]

EPOCH: Final = np.datetime64("1899-12-30", "us")
"""Day 0 of a spreadsheet, from 1900-03-01 on."""
LEAP_DAY_OF_1900: Final = 60
"""The number of the day that 1900 has in a spreadsheet only; earlier dates have numbers one lower."""


class Serial(float):
    """A date, a clock or a length of time as a spreadsheet's number of days."""


@dataclass(frozen=True, slots=True)
class RawColumn:
    """One column below the header, n rows.

    cells: float64 (NaN is blank), datetime64[us] or timedelta64[us] (NaT is blank), or `Encoded` texts (also
    of numbers and dates where the column mixes kinds).
    broken: what is wrong with a cell, by row, such as `#N/A`.
    own: of a column that mixes kinds, what the cells of a text hold themselves (a number, a truth value or a
    Serial), by the text's place in `cells.texts`; told of .ods and .xls files, of .xlsx files only for numbers whose
    text could be two (1.234) and times in January and February of 1900.
    """

    cells: NDArray[Any] | Encoded
    broken: dict[int, str] = field(default_factory=dict)
    own: Mapping[int, Any] = field(default_factory=dict)
    _blank: list[NDArray[np.bool_]] = field(default_factory=list, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.cells.index if isinstance(self.cells, Encoded) else self.cells)

    @property
    def blank(self) -> NDArray[np.bool_]:
        """True where the cell is empty; a broken cell is not. Not to be changed."""
        if not self._blank:
            self._blank.append(self._find_blank())
        return self._blank[0]

    def _find_blank(self) -> NDArray[np.bool_]:
        if isinstance(self.cells, Encoded):
            empty = np.array([isinstance(text, str) and not text.strip() for text in self.cells.texts] + [True])
            blank = empty[self.cells.index]
        else:
            blank = np.isnan(self.cells) if self.cells.dtype.kind == "f" else np.isnat(self.cells)
        if self.broken:
            blank[list(self.broken)] = False
        blank.flags.writeable = False
        return np.asarray(blank)

    def take(self, rows: Rows) -> RawColumn:
        """The cells of some rows, in that order."""
        cells = self.cells
        if len(rows) == len(self) and np.array_equal(rows, np.arange(len(self))):
            return self
        picked = Encoded(cells.index[rows], cells.texts) if isinstance(cells, Encoded) else cells[rows]
        if not self.broken:
            return RawColumn(picked, own=self.own)
        position = {int(row): place for place, row in enumerate(rows)}
        broken = {position[row]: what for row, what in self.broken.items() if row in position}
        return RawColumn(picked, broken, self.own)

    def texts(self) -> Encoded:
        """The cells as texts, a whole number without decimals; index -1 is blank."""
        values: Sequence[Any] | NDArray[Any]
        if isinstance(self.cells, Encoded):
            values, index = self.cells.texts, self.cells.index
        else:
            values, index = np.unique(self.cells, return_inverse=True)
        shown = [text.strip() if isinstance(text, str) else as_text(text) for text in values]
        number = {text: place for place, text in enumerate(dict.fromkeys(shown))}
        places = np.array([*(number[text] for text in shown), -1], np.int64)
        return Encoded(places[np.where(self.blank, -1, index)], list(number))


def as_text(value: Any) -> str:
    """One cell as a reader of the sheet would write it."""
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nej"
    if isinstance(value, float | np.floating):
        return str(int(value)) if float(value).is_integer() else f"{float(value):.15g}".replace(".", ",")
    if isinstance(value, np.datetime64):
        return str(np.datetime_as_string(value, unit="m")).replace("T", " ").removesuffix(" 00:00")
    return str(value)


@dataclass(frozen=True)
class Marks:
    """What only the file's own markup tells: rows and columns count from 0."""

    hidden_rows: frozenset[int] = frozenset()
    merged: Sequence[tuple[int, int, int, int]] = ()
    """First row, first column, last row, last column."""
    unsaved_formulas: Sequence[tuple[int, int]] = ()
    """Row and column of formulas whose value was never saved."""


@dataclass(frozen=True)
class Sheet:
    """A sheet below its header. `top` is the sheet's row number (from 1) of the first row of cells."""

    name: str
    headings: Sequence[str]
    header_row: int
    """Row number of the header, from 1."""
    columns: Sequence[RawColumn]
    rows: int
    marks: Marks
    left: int = 0
    """Empty columns of the sheet before the first one read."""
    above: Sequence[Sequence[str]] = ()
    """The rows above the header as texts, each from the first column read on."""

    @property
    def top(self) -> int:
        """The sheet's row number, from 1, of the first row of cells."""
        return self.header_row + 1

    def place(self, row: int) -> int:
        """The sheet's row number of a row of cells."""
        return self.top + row

    def letter(self, column: int) -> str:
        """The letters of a column."""
        return letters(column + self.left)


def letters(column: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
