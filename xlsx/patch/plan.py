"""What is to be put into a workbook, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from core.encoded import Encoded

Rows = NDArray[Any]


@dataclass(frozen=True)
class ResultColumn:
    """A column to append or refresh: a value per row of the patch.

    form: a name in `sheetstyle.FORMATS`. values: öre for `kr`, minutes for `timmar`, else the number that is shown
    (dates as a spreadsheet's day numbers), or texts; shown: False where the cell stays empty (None: nowhere).
    """

    title: str
    form: str
    values: NDArray[Any] | Encoded
    shown: NDArray[Any] | None = None


@dataclass(frozen=True)
class AddedSheets:
    """Sheets of a workbook that XlsxWriter made, to be added or to replace those of an earlier run."""

    path: Path
    names: Sequence[str]


@dataclass(frozen=True)
class Patch:
    """What is to be put into one sheet of a workbook, and the sheets to be added.

    rows: the sheet's row numbers, from 1 and ascending, that the columns have values for.
    headings: the sheet's own headings by column from A, blank where there is none, as they stand in `heading_row`;
    a header of several rows ends at `last_heading_row`.
    titles: every heading that a result may have; what has such a heading may be from an earlier run.
    free: the first column, from 0, with no content to its right in the rows, as far as is known.
    read: the columns, from 0, that the results were computed from; empty where that is not known.
    """

    sheet: str
    heading_row: int
    last_heading_row: int
    headings: Sequence[str]
    rows: Rows
    columns: Sequence[ResultColumn]
    titles: Sequence[str]
    free: int
    added: AddedSheets | None = None
    read: Collection[int] = ()


@dataclass
class PatchReport:
    """What was done.

    columns: the letters of each result's column by title; sheet: where they stand.
    """

    sheet: str
    columns: dict[str, str] = field(default_factory=dict)
    refreshed: int = 0
    """How many of the columns were there from an earlier run."""
    added: list[str] = field(default_factory=list)
    """Names of the sheets that were added or replaced, as they came to be called."""
    notes: list[str] = field(default_factory=list)
    """What the user should know, in Swedish."""
