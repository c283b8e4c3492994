"""What a follow-up is written with: the trips as columns, and what is known of the year before they are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

BLANK_ROWS: Final = 2000
"""Rows of trips in a follow-up that nobody has filled in yet."""
BLANK_UNITS: Final = 14
SPARE_UNITS: Final = 2
"""Empty rows for units after those that the trips have."""
MOST_COMPUTED: Final = 5000
"""Trips whose rows the form computes itself; of more the columns it makes are written as values, and are locked.

A person's nights are looked up among all rows, which takes a spreadsheet minutes when there are very many.
"""


@dataclass(frozen=True)
class Followup:
    """The content of a follow-up, empty for the template.

    columns: cells of the sheet Data by the columns' names (`columns.INPUTS`), all of one length; None is an empty cell.
    units: the departments, in order. version: of the rules that the trips were computed by.
    sources: a line per file that the trips come from: name, sheet, trips, remark.
    """

    year: int | None = None
    base_year: int | None = None
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    units: Sequence[str] = ()
    sources: Sequence[tuple[str, str, int, str]] = ()
    version: str = ""

    @property
    def trips(self) -> int:
        """How many trips there are."""
        return max(map(len, self.columns.values()), default=0)

    @property
    def rows(self) -> int:
        """How many rows the sheet Data is to have."""
        return self.trips or BLANK_ROWS

    @property
    def unit_rows(self) -> int:
        """How many rows there are to be for units."""
        return len(self.units) + SPARE_UNITS if self.units else BLANK_UNITS

    @property
    def is_fixed(self) -> bool:
        """Whether there are too many trips for the rows to be computed, or changed, in the workbook."""
        return self.trips > MOST_COMPUTED
