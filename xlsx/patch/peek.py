"""The styles around the results to come: headings and the first row of cells, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from xlsx.patch.errors import Unspliceable
from xlsx.patch.references import LAST_COLUMN
from xlsx.patch.scan import Cell, cells, ended_asides, masked, rows
from xlsx.patch.splice import Head, read_head

_FARTHEST: Final = 256 << 20


@dataclass(frozen=True)
class Peeked:
    """The sheet's head, and the cells of the rows asked for by row and column."""

    head: Head
    rows: Mapping[int, Mapping[int, Cell]]

    def style(self, row: int, column: int) -> int:
        """The style of the cell at a column, or of the nearest one to its left; 0 where there is none."""
        there = self.rows.get(row, {})
        return next((there[one].style for one in range(min(column, LAST_COLUMN), -1, -1) if one in there), 0)


def peek(pieces: Iterator[bytes], wanted: set[int]) -> Peeked:
    """Read as far as the last of the wanted rows. Raises Unspliceable when the sheet cannot be read."""
    head = read_head(pieces)
    buffer, found, last, read = head.rest, {}, 0, 0
    while True:
        mask = masked(buffer)
        end = 0
        for row in rows(mask[: ended_asides(mask)], head.prefix, last):
            if row.number in wanted:
                found[row.number] = {one.column: one for one in cells(mask, row, head.prefix)}
            last, end = row.number, row.end
            if last >= max(wanted):
                return Peeked(head, found)
        piece = next(pieces, None)
        read += end
        if piece is None or read > _FARTHEST or b"</%bsheetData" % head.prefix in mask:
            return Peeked(head, found)
        buffer = buffer[end:] + piece


def check_headings(peeked: Peeked, row: int, headings: list[int]) -> None:
    """Raise Unspliceable unless there is something in every column that is said to have a heading."""
    there = peeked.rows.get(row, {})
    if not all(column in there and not there[column].blank for column in headings):
        raise Unspliceable("rubrikerna inte står där de lästes")
