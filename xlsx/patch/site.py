"""The user's sheet as the results find it: which columns they get, and how their cells look there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from core.vocabulary.words import plain
from xlsx.grid import letters
from xlsx.patch.addition import COLUMNS_MARK
from xlsx.patch.cells import NewCells, PlacedColumn, inline_text
from xlsx.patch.columns import Placement, earlier_columns, place_columns
from xlsx.patch.errors import Unspliceable
from xlsx.patch.peek import Peeked, check_headings, peek
from xlsx.patch.plan import Patch, ResultColumn
from xlsx.patch.references import Area
from xlsx.patch.styles import StyleSheet
from xlsx.patch.widths import width_of
from xlsx.patch.workbook import SheetEntry, Workbook, defined_names
from xlsx.sheetstyle import FORMATS


@dataclass(frozen=True)
class Site:
    """Where the results go in the user's sheet.

    titles: headings by column, of all results; widths: of new columns; stale: results of an earlier run that are
    emptied, since they can no longer be computed. heading_rows: the first and the last row of headings; own: the
    columns whose rows the results belong to.
    """

    sheet: SheetEntry
    peeked: Peeked
    placement: Placement
    new: NewCells
    titles: dict[int, str]
    widths: dict[int, float]
    stale: list[str]
    heading_rows: tuple[int, int]
    own: frozenset[int]

    @property
    def right(self) -> int:
        """The last column of a result."""
        return max(self.titles)

    @property
    def last_old(self) -> int:
        """The column before the first new one."""
        return min(self.placement.appended, default=self.right + 1) - 1

    @property
    def area(self) -> Area:
        """From the first heading of a result to its last cell."""
        bottom = max(int(self.new.rows[-1]), *self.new.extra, 1)
        return Area(min([*self.new.extra, int(self.new.rows[0])]), min(self.titles), bottom, self.right)

    @property
    def new_area(self) -> Area:
        """The same of the new columns alone, which stand side by side."""
        return replace(self.area, left=self.last_old + 1)

    def holds_own(self, area: Area) -> bool:
        """Whether a filter or table moves cells of the rows that the results belong to when it sorts."""
        rows = self.heading_rows[0] <= area.bottom and area.top <= self.area.bottom
        return rows and any(area.left <= column <= area.right for column in self.own)

    def widened(self, area: Area) -> Area:
        """The area of a filter, out over the new columns if it holds headings and reaches up to them."""
        headed = area.top <= self.heading_rows[1] <= area.bottom
        beside = self.last_old <= area.right < self.right
        return area.widened(self.right) if headed and beside and self.holds_own(area) else area


def find_site(workbook: Workbook, styles: StyleSheet, patch: Patch) -> Site:
    """Decide columns and looks. Raises Unspliceable, Unpatchable."""
    sheet = next((one for one in workbook.sheets if one.name == patch.sheet and one.part), None)
    if sheet is None or sheet.part not in workbook.package:
        raise Unspliceable(f"bladet {patch.sheet} inte hittas i filen")
    marked = any(one.name == COLUMNS_MARK and one.place == sheet.place for one in defined_names(workbook))
    earlier = earlier_columns(patch.headings, patch.titles, marked)
    stale = _stale(patch, earlier)
    columns = [*patch.columns, *stale]
    placement = place_columns([one.title for one in columns], patch.headings, earlier, patch.free)
    first = int(patch.rows[0])
    peeked = peek(workbook.sheet_pieces(sheet), {*range(patch.heading_row, patch.last_heading_row + 1), first})
    written = [column for column, text in enumerate(patch.headings) if text.strip()]
    check_headings(peeked, patch.heading_row, written)
    neighbour = max((column for column in written if column < patch.free), default=0)
    titles = dict(zip(placement.columns, placement.titles, strict=True))
    forms = {column: one.form for one, column in zip(columns, placement.columns, strict=True)}
    wraps = styles.wraps(peeked.style(patch.heading_row, neighbour))
    return Site(
        sheet,
        peeked,
        placement,
        _new_cells(patch, columns, placement, peeked, neighbour, styles),
        titles,
        {column: width_of(titles[column], forms[column], wraps) for column in placement.appended},
        [one.title for one in stale],
        (patch.heading_row, patch.last_heading_row),
        frozenset(patch.read) or frozenset(column for column in written if column not in titles),
    )


def _stale(patch: Patch, earlier: dict[str, int]) -> list[ResultColumn]:
    """Empty columns in the place of those that only an earlier run could compute."""
    nothing = np.zeros(len(patch.rows), np.int64)
    made = {plain(one.title) for one in patch.columns}
    return [
        ResultColumn(title, "ord", nothing, nothing.astype(bool))
        for title in patch.titles
        if plain(title) in earlier and plain(title) not in made
    ]


def _new_cells(
    patch: Patch,
    columns: list[ResultColumn],
    placement: Placement,
    peeked: Peeked,
    neighbour: int,
    styles: StyleSheet,
) -> NewCells:
    """New columns look like their neighbour, those of an earlier run as they do now."""
    first = int(patch.rows[0])
    there, base = peeked.rows.get(first, {}), peeked.style(first, neighbour)
    placed = []
    for one, column in zip(columns, placement.columns, strict=True):
        kept = column in placement.refreshed and column in there
        style = there[column].style if kept else styles.derived(base, FORMATS[one.form])
        placed.append(PlacedColumn(one, column, style))
    prefix, titles = peeked.head.prefix, dict(zip(placement.columns, placement.titles, strict=True))
    extra: dict[int, list[tuple[int, bytes]]] = {}
    if placement.appended:
        for row in range(patch.heading_row, patch.last_heading_row + 1):
            style = peeked.style(row if row in peeked.rows else patch.heading_row, neighbour)
            extra[row] = [
                (column, _heading_cell(column, row, style, titles[column] if row == patch.heading_row else "", prefix))
                for column in placement.appended
            ]
    return NewCells(patch.rows, _runs(sorted(placed, key=lambda one: one.column)), extra, prefix)


def _heading_cell(column: int, row: int, style: int, title: str, prefix: bytes) -> bytes:
    opening = b'<%bc r="%b%d"' % (prefix, letters(column).encode(), row)
    opening += b' s="%d"' % style if style else b""
    return opening + (inline_text(title, prefix) if title else b"/>")


def _runs(placed: list[PlacedColumn]) -> list[list[PlacedColumn]]:
    """Columns in runs that stand side by side."""
    runs: list[list[PlacedColumn]] = []
    for one in placed:
        if runs and runs[-1][-1].column == one.column - 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs
