"""Counting and tables find what sorting finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engine.distinct import distinct, distinct_rows, ordered

numbers = st.one_of(st.integers(-3, 3), st.integers(-(2**62), 2**62))


@settings(deadline=None)
@given(st.lists(numbers, max_size=20))
def test_the_same_values(values: list[int]) -> None:
    column = np.array(values, np.int64)
    expected, places = np.unique(column, return_inverse=True)
    different, index = distinct(column)
    assert (different.tolist(), index.tolist()) == (expected.tolist(), places.tolist())


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, numbers, st.booleans()), min_size=1, max_size=20))
def test_the_same_rows(rows: list[tuple[int, int, bool]]) -> None:
    table = np.array(rows, np.int64)
    expected, places = np.unique(table, axis=0, return_inverse=True)
    different, index = distinct_rows(list(table.T))
    assert (different.tolist(), index.tolist()) == (expected.tolist(), places.ravel().tolist())


def test_no_rows() -> None:
    different, index = distinct_rows([np.zeros(0, np.int64)] * 2)
    assert different.shape == (0, 2) and not len(index)


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, st.integers(-(2**63), 2**63 - 1)), max_size=20))
def test_the_same_order(rows: list[tuple[int, int]]) -> None:
    first, second = (np.array([row[place] for row in rows], np.int64) for place in (0, 1))
    # Python's sort keeps equal rows as they stand.
    assert ordered(first, second).tolist() == sorted(range(len(rows)), key=rows.__getitem__)
    assert ordered(first, second % 2 == 0).tolist() == sorted(
        range(len(rows)), key=lambda row: (rows[row][0], rows[row][1] % 2 == 0)
    )


def test_more_values_than_a_table_holds() -> None:
    values = np.array([10**12, 5, 10**6, 5, 10**12], np.int64)
    different, index = distinct(values)
    assert (different.tolist(), index.tolist()) == ([5, 10**6, 10**12], [2, 0, 1, 0, 2])


def test_narrow_numbers_are_told_apart() -> None:
    values = np.array([100, -128, 127, 100], np.int8)
    different, index = distinct(values)
    assert (different.tolist(), index.tolist()) == ([-128, 100, 127], [1, 0, 2, 1])
