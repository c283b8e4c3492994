"""Cells into rows, for rows as most programs write them: bytes in, bytes out.

This is the part that a compiled extension may take over; `carefully.py` takes every form that is declined here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Final

import numpy as np

from xlsx.grid import letters

CellsOf = Callable[[int, int], Sequence[bytes]]
"""The new cells of some rows, by the first row's number and how many they are; nothing for a row that gets none."""

_LETTERS: Final = 3
_SPANS: Final = re.compile(rb'[^<>]*? spans="(\d+):(\d+)"')
"""What stands between a row's number, with its quotes, and the end of what it says that it spans."""

_BETWEEN: Final = re.compile(rb"\s*")


def splice_rows(
    rows: bytes, cells_of: CellsOf, left: int, right: int, refresh: bool = False, prefix: bytes = b""
) -> bytes | None:
    """Put new cells last in every row, or in the place of what stands from column `left` on.

    rows: whole rows, `<row r="5" …><c r="A5" …` up to `</row>`, without comments, numbered in unbroken order, all with
    the same white space between them.
    left, right: the first and the last column, from 0, of the new cells.
    refresh: cells that are there already are replaced in rows that get new ones, if the first of them stands in column
    `left`, none is right of `right`, and none holds a formula.
    prefix: of the elements' names, with its colon.
    Returns None, with nothing done, for rows of any other form.
    """
    opening, closing = b'<%brow r="' % prefix, b"</%brow>" % prefix
    between = _white_space_after(rows, closing)
    if not rows.startswith(opening) or not rows.endswith(closing):
        return None
    separator = closing + between + opening
    parts = rows[len(opening) : -len(closing)].split(separator)
    count = len(parts)
    try:
        first = int(parts[0][: parts[0].index(b'"')])
    except ValueError:
        return None
    # A row of another form would hide in the part before it, and the numbers would have a gap.
    spans = _same_spans(parts, first)
    if not (spans or _all_begin(parts, first, b"")) or opening[:-4] in parts[-1] or closing in parts[-1]:
        return None
    if not all(map(bytes.endswith, parts, repeat((b"</%bc>" % prefix, b"/>")))):
        return None
    last = _last_columns(parts, prefix)
    if last is None:
        return None
    new = cells_of(first, count)
    if (last >= left).any():
        if not refresh:
            return None
        formula = b"<%bf" % prefix if _may_hold(rows, b"<%bf" % prefix) else b""
        kept = _cut(parts, new, last, left, right, first, prefix, formula)
        if kept is None:
            return None
        parts = kept
    if spans and all(new):
        parts = list(map(bytes.replace, parts, repeat(spans), repeat(_widened(spans, 0, right)), repeat(1)))
    elif spans or any(b" spans=" in part for part in parts):
        parts = [
            _widened(part, part.index(b'"') + 1, right) if cells else part
            for part, cells in zip(parts, new, strict=True)
        ]
    out = [separator] * (3 * count)
    out[0::3], out[1::3] = parts, new
    out[0], out[-1] = opening + out[0], closing
    return b"".join(out)


def _all_begin(parts: list[bytes], first: int, following: bytes) -> bool:
    """Whether all rows begin with their number in turn, the quote after it, and some more."""
    heads = [b'%d"%b' % (number, following) for number in range(first, first + len(parts))]
    return all(map(bytes.startswith, parts, heads))


def _same_spans(parts: list[bytes], first: int) -> bytes:
    """What all rows have after their number up to what they span, when that is the same; else nothing."""
    found = _SPANS.match(parts[0], parts[0].index(b'"') + 1)
    return found[0] if found is not None and _all_begin(parts, first, found[0]) else b""


def _may_hold(rows: bytes, word: bytes) -> bool:
    """Whether the last two signs of a word stand together anywhere; bytes are slow to search for a word so short."""
    signs = np.frombuffer(rows, np.uint8)
    return bool(((signs[:-1] == word[-2]) & (signs[1:] == word[-1])).any())


def _white_space_after(rows: bytes, closing: bytes) -> bytes:
    end = rows.find(closing)
    found = _BETWEEN.match(rows, end + len(closing)) if end >= 0 else None
    return found[0] if found is not None else b""


def _last_columns(parts: list[bytes], prefix: bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]] | None:
    """The column of each row's last cell, or None when some last cell does not begin with its reference."""
    cell = b'<%bc r="' % prefix
    width = len(cell) + _LETTERS + 1
    places = list(map(bytes.rfind, parts, repeat(cell[:-4])))
    begun = b"".join([part[place : place + width] for part, place in zip(parts, places, strict=True)])
    if min(places) < 0 or len(begun) != width * len(parts):
        return None
    table = np.frombuffer(begun, np.uint8).reshape(-1, width)
    if (table[:, : len(cell)] != np.frombuffer(cell, np.uint8)).any():
        return None
    column = np.zeros(len(parts), np.int64)
    inside = np.ones(len(parts), bool)
    for place in range(len(cell), width):
        sign = table[:, place]
        inside = inside & (sign >= ord("A")) & (sign <= ord("Z"))
        if not inside.any():
            break
        column = np.where(inside, column * 26 + sign - 64, column)
    # Four letters, or none, are no column.
    return None if inside.any() or not column.all() else column - 1


def _cut(
    parts: list[bytes],
    new: Sequence[bytes],
    last: np.ndarray[tuple[int], np.dtype[np.int64]],
    left: int,
    right: int,
    first: int,
    prefix: bytes,
    formula: bytes,
) -> list[bytes] | None:
    """The rows that get new cells less what they have from column `left` on; None when that is not so simple.

    formula: what a formula begins with, nothing where there is none in any row.
    """
    gets = np.array(list(map(bool, new)))
    reaches = (last >= left) & gets
    if (last[gets] > right).any():
        return None
    begin = b'<%bc r="%b' % (prefix, letters(left).encode())
    kept = list(parts)
    for row in np.flatnonzero(reaches).tolist():
        part = parts[row]
        place = part.rfind(b'%b%d"' % (begin, first + row))
        if place < 0 or (formula and part.find(formula, place) >= 0):
            return None
        kept[row] = part[:place]
    return kept


def _widened(part: bytes, at: int, right: int) -> bytes:
    """The bytes with the columns that a row says it spans, if it does, reaching as far as the new cells."""
    found = _SPANS.match(part, at)
    if found is None:
        return part
    return part[: found.start(2)] + b"%d" % max(int(found[2]), right + 1) + part[found.end(2) :]
