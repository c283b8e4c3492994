"""What a file of sheets offers, whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from xlsx.grid import Marks, RawColumn

HEADER_ROWS: Final = 20
"""Rows from the top in which a header is looked for."""

UNSAVED_FORMULA: Final = "Formel utan sparat värde. Öppna filen i Excel, spara den och försök igen."


class Source(Protocol):
    """A file of sheets."""

    @property
    def names(self) -> Sequence[str]:
        """The names of the sheets, in order."""

    def top(self, sheet: str) -> list[list[str]]:
        """The cells of the first rows as texts, for finding the header."""

    def load(self, sheet: str, header: int, first_row: int) -> tuple[list[RawColumn], Marks, int]:
        """The columns from a row on, the sheet's marks, and how many empty columns come first.

        header: the row of the headings; rows count from 0.
        """
