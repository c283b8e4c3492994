"""Order and the different values of long columns of whole numbers, several times faster than sorting them whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_DIGIT: Final = 16
"""Bits. numpy sorts numbers of two bytes by counting them, without a comparison."""
_SMALL_TABLE: Final = 1 << 16
_TABLE_PER_ROW: Final = 4
"""A table of every number between the least and the largest is worth its memory up to so many per row."""
_MOST_CASES: Final = 1 << 62

Numbers = NDArray[np.int64]


def ordered(*keys: NDArray[Any]) -> Numbers:
    """The rows by the first key, where equal by the next, and last as they stand. Keys are whole numbers."""
    order: Numbers = np.arange(len(keys[0]))
    for key in reversed(keys):
        for digit in _digits(key):
            order = order.take(np.argsort(digit.take(order), kind="stable"))
    return order


def _digits(key: NDArray[Any]) -> Iterator[NDArray[np.uint16]]:
    """The key as digits of two bytes, the lowest first; none where all rows are equal."""
    if not len(key):
        return
    low, high = int(key.min()), int(key.max())
    bits = (high - low).bit_length()
    above: Any = (key.astype(np.int64, copy=False) - np.int64(low)).astype(np.uint32 if bits <= 32 else np.uint64)
    for shift in range(0, bits, _DIGIT):
        yield (above >> shift).astype(np.uint16)


def distinct(values: NDArray[Any]) -> tuple[Numbers, Numbers]:
    """The different values, ascending, and for each of n values its place among them. Whole numbers."""
    rows = len(values)
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    low, high = int(values.min()), int(values.max())
    if high - low < max(_SMALL_TABLE, _TABLE_PER_ROW * rows):
        return _by_table(values.astype(np.int64, copy=False) - low, low, high - low + 1)
    order = ordered(values)
    inorder = values.take(order).astype(np.int64, copy=False)
    first = np.ones(rows, bool)
    np.not_equal(inorder[1:], inorder[:-1], out=first[1:])
    index = np.empty(rows, np.int64)
    index[order] = first.cumsum() - 1
    return inorder[first], index


def _by_table(above: Numbers, low: int, width: int) -> tuple[Numbers, Numbers]:
    occurs = np.zeros(width, bool)
    occurs[above] = True
    places = occurs.cumsum() - 1
    return np.flatnonzero(occurs) + low, places.take(above)


def distinct_rows(columns: Sequence[NDArray[Any]]) -> tuple[Numbers, Numbers]:
    """The same of rows of whole numbers, a row per case: k cases of as many numbers as there are columns."""
    rows = len(columns[0])
    if not rows:
        return np.zeros((0, len(columns)), np.int64), np.zeros(0, np.int64)
    key, cases = np.zeros(rows, np.int64), 1
    for column in columns:
        low, high = int(column.min()), int(column.max())
        if cases * (high - low + 1) > _MOST_CASES:
            # Places among the different values order as the values do, and are no more than the rows.
            found, key = distinct(key)
            values, column = distinct(column)
            cases, low, high = len(found), 0, len(values) - 1
        width = high - low + 1
        key *= width
        key += column
        key -= low
        cases *= width
    found, index = distinct(key)
    row_of_case = np.empty(len(found), np.int64)
    row_of_case[index] = np.arange(rows)
    return np.stack([column[row_of_case] for column in columns], axis=1).astype(np.int64, copy=False), index
