"""What hashing finds is what sorting finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlsx.remarks as remarks
from xlsx.distinct import distinct, distinct_rows

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
@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=12))
def test_texts_joined_either_way(table: list[list[bool]]) -> None:
    masks = [(np.array(column), f"T{number}") for number, column in enumerate(zip(*table, strict=True))]
    few = remarks.joined_texts(masks, len(table))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remarks, "_BITS", 0)
        many = remarks.joined_texts(masks, len(table))
    expected = ["; ".join(f"T{n}" for n, held in enumerate(row) if held) for row in table]
    for made in (few, many):
        assert [made.texts[place] if place >= 0 else "" for place in made.index.tolist()] == expected
