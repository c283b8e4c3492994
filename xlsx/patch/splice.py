"""A sheet as a stream: head, rows with cells put in, tail; never held as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from xlsx.patch.carefully import Careful, array_areas
from xlsx.patch.cells import NewCells
from xlsx.patch.errors import Occupied, Unpatchable, Unspliceable
from xlsx.patch.kernel import splice_rows
from xlsx.patch.plan import Rows
from xlsx.patch.scan import ended_asides, masked, row_ends, rows
from xlsx.patch.swift import SwiftRows

Edit = Callable[[bytes], bytes]

_SHEET_DATA: Final = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?=[\s/>])(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_LARGEST_HEAD: Final = 128 << 20
_LARGE_ROW: Final = 8 << 20
_LARGEST_ROW: Final = 256 << 20
_TAIL_WINDOW: Final = 16 << 20
"""Bytes after the last row in which what must follow is looked for: it stands before merged cells and the like."""


@dataclass(frozen=True)
class Head:
    """A sheet up to and with the tag that opens its rows, and what was read beyond it."""

    content: bytes
    prefix: bytes
    rest: bytes


def read_head(pieces: Iterator[bytes]) -> Head:
    """The head of a sheet. Raises Unspliceable when there are no rows to be found."""
    content = b""
    for piece in pieces:
        content += piece
        mask = masked(content)
        found = _SHEET_DATA.search(mask, 0, ended_asides(mask))
        if found is None:
            if len(content) > _LARGEST_HEAD:
                break
            continue
        head, rest = content[: found.end()], content[found.end() :]
        if head.endswith(b"/>"):
            head, rest = head[:-2].rstrip() + b">", b"</%bsheetData>%b" % (found[1], rest)
        return Head(head, found[1], rest)
    if b"<!DOCTYPE" in content:
        raise Unpatchable("bladet har en DOCTYPE, vilket arbetsböcker inte ska ha.")
    raise Unspliceable("bladet har inga rader")


class Splicer:
    """Takes a sheet's XML in pieces and hands it back with cells put in.

    refreshed: columns of an earlier run, whose cells are replaced; head, tail: what to make of the bytes before and
    after the rows; progress: called with how many of the rows have got their cells.
    """

    def __init__(
        self,
        new: NewCells,
        refreshed: frozenset[int],
        head: Edit,
        tail: Edit,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.new, self.head, self.tail, self.progress = new, head, tail, progress
        self._due = _with(new.rows, sorted(new.extra))
        self._special = max(new.extra, default=0)
        self._careful = Careful(new.of_row, refreshed, self._due, new.prefix)
        self._appended = new.columns - refreshed
        self._refresh = bool(new.columns) and new.columns <= refreshed
        self._swift = SwiftRows.of(new, self._refresh)

    def pieces(self, source: Iterable[bytes]) -> Iterator[bytes]:
        """The changed sheet. Raises Occupied, Unspliceable: then what was handed over is of no use."""
        pieces = iter(source)
        head = read_head(pieces)
        yield self.head(head.content)
        tail = yield from self._rows(head.rest, pieces)
        for piece in pieces:
            tail += piece
            if len(tail) > _TAIL_WINDOW:
                break
        yield self.tail(tail)
        yield from pieces

    def _rows(self, buffer: bytes, pieces: Iterator[bytes]) -> Generator[bytes, None, bytes]:
        """The rows as they become whole; returns what follows them."""
        closing = b"</%bsheetData" % self.new.prefix
        while True:
            mask = masked(buffer)
            safe = ended_asides(mask)
            end = self._last_end(mask, safe)
            # No row comes after the rows' end.
            stop = mask.find(closing, end, safe)
            if stop >= 0:
                yield self._block(buffer[:stop], None if mask is buffer else mask[:stop])
                yield self._careful.rest(int(self._due[-1]) if len(self._due) else 0)
                return buffer[stop:]
            if end:
                yield self._block(buffer[:end], None if mask is buffer else mask[:end])
                buffer = buffer[end:]
            piece = next(pieces, None)
            if piece is None:
                raise Unpatchable("bladets rader tar slut mitt i.")
            buffer += piece

    def _last_end(self, mask: bytes, safe: int) -> int:
        """Where the last whole row ends; 0 when more must be read first."""
        row = b"</%brow>" % self.new.prefix
        end = mask.rfind(row, 0, safe)
        if end >= 0:
            return end + len(row)
        last = 0
        for found in row_ends(self.new.prefix).finditer(mask, 0, safe):
            last = found.end()
        if not last and len(mask) > _LARGE_ROW:
            last = max((row.end for row in rows(mask[:safe], self.new.prefix, self._careful.last_row)), default=0)
        if not last and len(mask) > _LARGEST_ROW:
            raise Unspliceable("en rad är för lång")
        return last

    def _block(self, block: bytes, mask: bytes | None) -> bytes:
        """Whole rows with their cells. mask: the rows without comments, where there are any."""
        for area in array_areas(block if mask is None else mask) if self._appended else ():
            if any(area.left < column <= area.right for column in self._appended):
                raise Occupied(area.right)
        if mask is None:
            heads = self._heads(block)
            done = self._careful.splice(block[:heads], block[:heads]) if heads else b""
            quick = self._quickly(block[heads:])
            done += quick if quick is not None else self._careful.splice(block[heads:], block[heads:])
        else:
            done = self._careful.splice(block, mask)
        if self.progress is not None:
            self.progress(self._due_before(self._careful.last_row + 1) - len(self.new.extra))
        return done

    def _due_before(self, row: int) -> int:
        """How many rows that get cells come before one."""
        return int(np.searchsorted(self._due, row))

    def _heads(self, block: bytes) -> int:
        """Where the rows of headings, and those above them, end in a block without comments."""
        end = 0
        if self._careful.last_row < self._special:
            for row in rows(block, self.new.prefix, self._careful.last_row):
                if row.number > self._special:
                    break
                end = row.end
        return end

    def _quickly(self, block: bytes) -> bytes | None:
        """Rows in the form that most programs write, below the headings; None for others."""
        new, careful = self.new, self._careful
        rows_ = block if block.startswith(b"<") else block.lstrip()
        if not rows_:
            return block
        after = careful.last_row + 1
        if self._swift is not None and after > self._special:
            taken = self._swift.splice(rows_, after)
            if taken is None:
                return None
            careful.last_row = taken[1]
            return block[: len(block) - len(rows_)] + taken[0]
        if len(new.runs) != 1:
            return None

        def cells_of(first: int, count: int) -> list[bytes]:
            if first < after or self._due_before(first) != self._due_before(after):
                raise _Declined
            careful.last_row = first + count - 1
            return new.run(0, first, count)

        run = new.runs[0]
        try:
            done = splice_rows(rows_, cells_of, run[0].column, run[-1].column, self._refresh, new.prefix)
        except _Declined:
            return None
        if done is None:
            careful.last_row = after - 1
            return None
        return block[: len(block) - len(rows_)] + done


def _with(rows: Rows, more: list[int]) -> Rows:
    """Row numbers, ascending, with a few more."""
    places = np.searchsorted(rows, more)
    missing = [
        (place, row) for place, row in zip(places.tolist(), more, strict=True) if row not in rows[place : place + 1]
    ]
    return np.insert(rows, [place for place, _ in missing], [row for _, row in missing])


class _Declined(Exception):
    """Rows are missing before these."""
