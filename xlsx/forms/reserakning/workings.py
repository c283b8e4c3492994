"""Where the travel claim computes: columns on the hidden sheet of calculations, beside the rows they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from xlsx.forms.book import CALCULATION, FormBook, FormSheet
from xlsx.grid import letters

_TAKEN: Final = range(48, 54)
"""Columns that the book itself uses on the sheet of calculations."""


@dataclass(frozen=True)
class Block:
    """Columns of calculations by name. Rows count from 0; `rows` of them follow the heading row `top`.

    A block stands on the same rows as the table it serves, so that `{row}` in a formula means the same in both.
    """

    sheet: FormSheet
    top: int
    rows: int
    columns: Mapping[str, int]

    @property
    def lines(self) -> range:
        """The rows under the heading."""
        return range(self.top + 1, self.top + 1 + self.rows)

    def at(self, name: str) -> str:
        """The cell of a column in the row of a formula: `'Beräkning'!$C{row}`."""
        return f"'{CALCULATION}'!${letters(self.columns[name])}{{row}}"

    def cell(self, name: str, line: int) -> str:
        """The cell of a column in one line of the block."""
        return self.sheet.at(self.top + 1 + line, self.columns[name])

    def area(self, name: str) -> str:
        """A column's cells."""
        return self.sheet.at(self.top + 1, self.columns[name], self.top + self.rows)

    def put(self, name: str, formula: str, kind: str = "visat") -> None:
        """A plain formula in every line; `{row}` is the line's row as Excel counts, `{above}` the row over it."""
        for line in self.lines:
            self.sheet.shown(line, self.columns[name], formula.format(row=line + 1, above=line), kind, look="etikett")

    def spill(self, name: str, formula: str, kind: str = "visat", header: bool = False) -> None:
        """A formula with our functions that fills the column; from the heading row when it brings its own heading."""
        self.sheet.calculated(self.top + (0 if header else 1), self.columns[name], formula, kind=kind)


class Workings:
    """The sheet of calculations, filled from the left."""

    def __init__(self, book: FormBook) -> None:
        self.book = book
        self.sheet = book.calculation
        self._next = 0

    def block(self, top: int, rows: int, names: Sequence[str], own_heading: Sequence[str] = ()) -> Block:
        """Columns with these names; those in `own_heading` get their heading from the function that spills there."""
        width = len(names) + 1
        if any(column in _TAKEN for column in range(self._next, self._next + width)):
            self._next = _TAKEN.stop
        columns = {name: self._next + place for place, name in enumerate(names)}
        self._next += width
        for name, column in columns.items():
            if name not in own_heading:
                self.sheet.text(top, column, name)
        return Block(self.sheet, top, rows, columns)

    def single(self, block: Block, line: int, name: str, formula: str, own: bool = False, kind: str = "visat") -> str:
        """One named value, in the block's second column, its name before it. own: the formula has our functions."""
        row, (label, value) = block.top + 1 + line, list(block.columns.values())[:2]
        self.sheet.text(row, label, name)
        if own:
            self.sheet.calculated(row, value, formula, name, kind)
        else:
            self.sheet.shown(row, value, formula, kind, name, look="etikett")
        return name
