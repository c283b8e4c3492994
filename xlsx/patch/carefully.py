"""Cells into rows of any form: rows and cells without references, comments, cells to the right, moved columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from xlsx.grid import letters
from xlsx.patch.errors import Occupied, Unspliceable
from xlsx.patch.plan import Rows
from xlsx.patch.references import Area
from xlsx.patch.scan import Cell, Row, cells, rows

CellsOfRow = Callable[[int], Sequence[tuple[int, bytes]]]
"""The new cells of a row by its number, each with its column."""

_SPANS: Final = re.compile(rb"""(\sspans\s*=\s*["']\d+:)(\d+)(["'])""")
_FORMULA: Final = re.compile(rb"<(?:[\w.-]+:)?f(?=[\s/>])([^>]*)>")
_GROUP: Final = re.compile(rb"""(?:^|\s)(?:t\s*=\s*["'](?:shared|array|dataTable)["'])""")
_ARRAY_WORDS: Final = (b"array", b"dataTable")
_GROUP_AREA: Final = re.compile(rb"""(?:^|\s)ref\s*=\s*["']([A-Z]+\d+(?::[A-Z]+\d+)?)["']""")


def array_areas(mask: bytes) -> list[Area]:
    """The areas that array formulas and data tables fill, also where their cells hold nothing yet."""
    # The sign that begins a formula's name is rare, and found faster than a word.
    if b"f" not in mask or not any(word in mask for word in _ARRAY_WORDS):
        return []
    tags = [found[1] for found in _FORMULA.finditer(mask) if any(word in found[1] for word in _ARRAY_WORDS)]
    return [Area.parse(area[1].decode()) for area in map(_GROUP_AREA.search, tags) if area is not None]


@dataclass
class Careful:
    """Puts cells into rows, whatever they look like; keeps the number of the last row.

    of_row: the new cells; refreshed: columns whose cells may be replaced whatever they hold; other cells are only
    replaced when they are blank.
    """

    of_row: CellsOfRow
    refreshed: frozenset[int]
    rows_due: Rows
    """Numbers of the rows that get cells, ascending."""
    prefix: bytes = b""
    last_row: int = 0

    def splice(self, content: bytes, mask: bytes) -> bytes:
        """The content, whole rows with what stands between them, with cells put in.

        mask: the same without comments. Raises Occupied, Unspliceable.
        """
        out, done = [], 0
        for row in rows(mask, self.prefix, self.last_row):
            if mask[done : row.start].strip():
                raise Unspliceable(f"något annat än rader står före rad {row.number}")
            out += [content[done : row.start], self._missing(row.number), self._row(content, mask, row)]
            done, self.last_row = row.end, row.number
        if mask[done:].strip():
            raise Unspliceable(f"något annat än rader står efter rad {self.last_row}")
        return b"".join([*out, content[done:]])

    def rest(self, last: int) -> bytes:
        """Rows that should have got cells but are not there, after the last row and up to `last`."""
        return self._missing(last + 1)

    def _missing(self, following: int) -> bytes:
        """New rows for those that the sheet lacks between the last row and the following one."""
        made = []
        if following > self.last_row + 1:
            for number in self._due(self.last_row + 1, following):
                new = b"".join(xml for _, xml in self.of_row(number))
                made.append(b'<%brow r="%d">%b</%brow>' % (self.prefix, number, new, self.prefix))
        return b"".join(made)

    def _due(self, first: int, end: int) -> list[int]:
        start, stop = np.searchsorted(self.rows_due, (first, end))
        due: list[int] = self.rows_due[start:stop].tolist()
        return due

    def _row(self, content: bytes, mask: bytes, row: Row) -> bytes:
        new = self.of_row(row.number)
        if not new:
            return content[row.start : row.end]
        there = cells(mask, row, self.prefix)
        after_cells = there[-1].end if there else row.inner
        edits: list[tuple[int, int, bytes]] = []
        for column, xml in new:
            old = next((one for one in there if one.column == column), None)
            if old is None:
                place = next((one.start for one in there if one.column > column), after_cells)
                edits.append((place, place, xml))
            elif not old.blank and column not in self.refreshed:
                raise Occupied(max(one.column for one in there if not one.blank))
            else:
                self._check_formula(mask[old.start : old.end], row.number, column)
                edits.append((old.start, old.end, xml))
        edits += _references(there, row.number, min(column for column, _ in new), {column for column, _ in new})
        head = _widened(content[row.start : row.inner], max(column for column, _ in new))
        body = _edited(content, row.inner, row.close, edits)
        if not row.empty:
            return head + body + content[row.close : row.end]
        return head.removesuffix(b"/>").rstrip() + b">" + body + b"</%brow>" % self.prefix

    def _check_formula(self, xml: bytes, row: int, column: int) -> None:
        """Raise Unspliceable when a formula that goes away is one that other cells lean on."""
        found = _FORMULA.search(xml)
        if found is None:
            return
        area = _GROUP_AREA.search(found[1])
        if _GROUP.search(found[1]) and area is not None:
            whole = Area.parse(area[1].decode())
            lost = all(one in self.refreshed for one in range(whole.left, whole.right + 1))
            every = len(self._due(whole.top, whole.bottom + 1)) == whole.bottom - whole.top + 1
            if not (lost and every):
                raise Unspliceable(f"formeln i {letters(column)}{row} delas med celler utanför resultatkolumnerna")


def _references(there: Sequence[Cell], row: int, first: int, replaced: set[int]) -> list[tuple[int, int, bytes]]:
    """Cells without a reference that follow a new cell are given theirs, since they no longer stand in order."""
    return [
        (one.name_end, one.name_end, b' r="%b%d"' % (letters(one.column).encode(), row))
        for one in there
        if not one.stated and one.column > first and one.column not in replaced
    ]


def _widened(head: bytes, right: int) -> bytes:
    return _SPANS.sub(lambda found: found[1] + b"%d" % max(int(found[2]), right + 1) + found[3], head, count=1)


def _edited(content: bytes, start: int, end: int, edits: list[tuple[int, int, bytes]]) -> bytes:
    out, done = [], start
    for first, last, new in sorted(edits, key=lambda edit: edit[:2]):
        out += [content[done:first], new]
        done = last
    return b"".join([*out, content[done:end]])
