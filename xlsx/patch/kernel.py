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
_SPANS: Final = re.compile(rb'\d+"[^<>]*? spans="(\d+):(\d+)"')
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
    numbers = [b'%d"' % number for number in range(first, first + count)]
    if not all(map(bytes.startswith, parts, numbers)) or opening[:-4] in parts[-1] or closing in parts[-1]:
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
        kept = _cut(parts, new, last, left, right, first, prefix)
        if kept is None:
            return None
        parts = kept
    parts = _with_spans(parts, numbers, new, right)
    out = [separator] * (3 * count)
    out[0::3], out[1::3] = parts, new
    out[0], out[-1] = opening + out[0], closing
    return b"".join(out)


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
        sign = table[:, place].astype(np.int64)
        inside = inside & (sign >= ord("A")) & (sign <= ord("Z"))
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
) -> list[bytes] | None:
    """The rows that get new cells less what they have from column `left` on; None when that is not so simple."""
    gets = np.array(list(map(bool, new)))
    reaches = (last >= left) & gets
    if (last[gets] > right).any():
        return None
    begin = b'<%bc r="%b' % (prefix, letters(left).encode())
    kept = list(parts)
    formula = b"<%bf" % prefix
    for row in np.flatnonzero(reaches).tolist():
        part = parts[row]
        place = part.rfind(b'%b%d"' % (begin, first + row))
        if place < 0 or part.find(formula, place) >= 0:
            return None
        kept[row] = part[:place]
    return kept


def _with_spans(parts: list[bytes], numbers: list[bytes], new: Sequence[bytes], right: int) -> list[bytes]:
    """The rows that get new cells with the columns that they say they span widened, where they say so."""
    found = _SPANS.match(parts[0])
    if found is None and not any(b" spans=" in part for part in parts):
        return parts
    if found is not None and all(new):
        old = b' spans="%b:%b"' % found.groups()
        if all(map(bytes.startswith, parts, [number + old for number in numbers])):
            return list(map(bytes.replace, parts, repeat(old), repeat(_widened_spans(found, right)), repeat(1)))
    return [_widened(part, right) if cells else part for part, cells in zip(parts, new, strict=True)]


def _widened(part: bytes, right: int) -> bytes:
    found = _SPANS.match(part)
    if found is None:
        return part
    start = found.start(1) - len(b' spans="')
    return part[:start] + _widened_spans(found, right) + part[found.end() :]


def _widened_spans(found: re.Match[bytes], right: int) -> bytes:
    return b' spans="%b:%d"' % (found[1], max(int(found[2]), right + 1))
