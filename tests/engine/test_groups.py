"""Rows gathered by group, against plain Python loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine import Groups
from core.engine.levels import opened

Rows = tuple[int, list[int], list[int], list[int]]
"""Groups, each row's group, its value and its order."""


@st.composite
def _rows(draw: st.DrawFn, ordered: bool = False) -> Rows:
    count = draw(st.integers(1, 5))
    owner = draw(st.lists(st.integers(0, count - 1), max_size=12))
    values = draw(st.lists(st.integers(-1000, 1000), min_size=len(owner), max_size=len(owner)))
    order = draw(st.lists(st.integers(0, 3), min_size=len(owner), max_size=len(owner)))
    return count, sorted(owner) if ordered else owner, values, order


def _groups(count: int, owner: list[int]) -> Groups:
    return Groups(np.array(owner, np.int64), count)


def _each(count: int, owner: list[int], of: Callable[[list[int]], Any]) -> list[Any]:
    """What `of` says of the row numbers of each group."""
    return [of([row for row, group in enumerate(owner) if group == wanted]) for wanted in range(count)]


@given(_rows())
def test_sum_first_and_last(rows: Rows) -> None:
    count, owner, values, _ = rows
    groups, column = _groups(count, owner), np.array(values, np.int64)
    assert groups.sum(column).tolist() == _each(count, owner, lambda own: sum(values[row] for row in own))
    assert groups.first(column).tolist() == _each(count, owner, lambda own: values[own[0]] if own else 0)
    assert groups.last(column).tolist() == _each(count, owner, lambda own: values[own[-1]] if own else 0)


@given(_rows())
def test_sums_of_scalars_truths_and_floats(rows: Rows) -> None:
    count, owner, values, _ = rows
    groups = _groups(count, owner)
    assert groups.sum(3).tolist() == _each(count, owner, lambda own: 3 * len(own))
    truths = groups.sum(np.array([value > 0 for value in values], bool))
    assert truths.tolist() == _each(count, owner, lambda own: sum(values[row] > 0 for row in own))
    assert truths.dtype == np.int64
    halves = groups.sum(np.array(values, float) / 2)  # halves are exact
    assert halves.tolist() == _each(count, owner, lambda own: sum(values[row] / 2 for row in own))


@given(st.lists(st.integers(0, 4), max_size=6), st.data())
def test_sum_of_an_opened_level(counts: list[int], data: st.DataObject) -> None:
    frame = opened("market", np.array(counts, np.int64))
    owner = [number for number, count in enumerate(counts) for _ in range(count)]
    assert frame.owners["market"].tolist() == owner
    assert frame.rows == sum(counts)
    values = data.draw(st.lists(st.integers(-(2**62), 2**62), min_size=len(owner), max_size=len(owner)))
    small = [value % 1000 for value in values]
    exact = _each(len(counts), owner, lambda own: sum(values[row] for row in own))
    plain = Groups(frame.owners["market"], len(counts))
    assert plain.sum(np.array(small, np.int64)).tolist() == _each(
        len(counts), owner, lambda own: sum(small[row] for row in own)
    )
    if frame.gapless and counts:
        quick = Groups(frame.owners["market"], len(counts), frame.ends)
        wrapped = [(total + 2**63) % 2**64 - 2**63 for total in exact]
        assert quick.sum(np.array(values, np.int64)).tolist() == wrapped
        assert quick.sum(np.int64(2)).tolist() == [2 * count for count in counts]
        assert quick.sum(np.ones(len(owner), bool)).tolist() == counts
        assert quick.first(np.array(small)).tolist() == plain.first(np.array(small)).tolist()


def test_a_level_is_opened_row_by_row() -> None:
    frame = opened("market", np.array([2, 0, 3]))
    assert frame.owners["market"].tolist() == [0, 0, 2, 2, 2]
    assert not frame.gapless
    assert opened("market", np.array([2, 1])).gapless
    assert opened("market", np.zeros(0, np.int64)).rows == 0


@given(_rows())
def test_running_is_the_sum_of_the_earlier_rows(rows: Rows) -> None:
    count, owner, values, order = rows
    running = _groups(count, owner).running(np.array(values, np.int64), np.array(order, np.int64))
    # earlier: lower order, or the same order and further up; each only within the row's own group
    assert running.tolist() == [
        sum(values[other] for other in range(len(owner)) if owner[other] == owner[row] and key(other) < key(row))
        for key in [lambda number: (order[number], number)]
        for row in range(len(owner))
    ]


@given(_rows(ordered=True))
def test_previous(rows: Rows) -> None:
    count, owner, values, _ = rows
    previous = _groups(count, owner).previous(np.array(values, np.int64), -7)
    assert previous.tolist() == [
        values[row - 1] if row and owner[row - 1] == owner[row] else -7 for row in range(len(owner))
    ]


@given(_rows(ordered=True), st.data())
def test_largest(rows: Rows, data: st.DataObject) -> None:
    count, owner, _, kinds = rows
    sizes = data.draw(st.lists(st.integers(0, 3), min_size=len(owner), max_size=len(owner)))
    worth = data.draw(st.lists(st.integers(0, 2), min_size=4, max_size=4))  # of each kind

    def choose(own: list[int]) -> int:
        totals: dict[int, int] = {}
        for row in own:
            totals[kinds[row]] = totals.get(kinds[row], 0) + sizes[row]
        sized = [kind for kind, total in totals.items() if total > 0]
        best = max(((totals[kind], worth[kind]) for kind in sized), default=None)
        alike = [kind for kind in sized if (totals[kind], worth[kind]) == best]
        # of kinds alike in all, the one that comes first with a size
        return next((kinds[row] for row in own if sizes[row] > 0 and kinds[row] in alike), -1)

    tie = np.array([worth[kind] for kind in kinds], np.int64)
    chosen = _groups(count, owner).largest(np.array(kinds, np.int64), np.array(sizes, np.int64), tie, -1)
    assert chosen.tolist() == _each(count, owner, choose)


def test_largest_by_hand() -> None:
    # Group 0: kind 1 has 3 + 3, kind 2 has 5. Group 2: 4 against 4, kind 2 is worth more. Group 3: no size.
    owner = np.array([0, 0, 0, 2, 2, 3])
    kind = np.array([1, 2, 1, 2, 1, 1])
    size = np.array([3, 5, 3, 4, 4, 0])
    worth = np.array([0, 10, 20])
    assert Groups(owner, 4).largest(kind, size, worth[kind], -1).tolist() == [1, -1, 2, -1]


def test_largest_holds_at_the_ends_of_its_range() -> None:
    big = 2**31 - 1
    chosen = Groups(np.array([0, 0, 1, 1]), 2).largest(
        np.array([1, 2, 1, 2]), np.array([big, big - 1, big, big]), np.array([0, big, big - 1, big]), -1
    )
    assert chosen.tolist() == [1, 2]


@pytest.mark.parametrize("count", [0, 3])
def test_no_rows_at_all(count: int) -> None:
    groups, none = Groups(np.zeros(0, np.int64), count), np.zeros(0, np.int64)
    assert groups.sum(none).tolist() == [0] * count
    assert groups.sum(5).tolist() == [0] * count
    assert groups.first(none).tolist() == groups.last(none).tolist() == [0] * count
    assert groups.largest(none, none, none, -1).tolist() == [-1] * count
    assert groups.running(none, none).tolist() == groups.previous(none, -7).tolist() == []


def test_scalars_stand_for_every_row() -> None:
    groups = Groups(np.array([0, 0, 1]), 3)
    assert groups.first(np.int64(4)).tolist() == groups.last(4).tolist() == [4, 4, 0]
    assert groups.running(np.int64(4), np.int64(0)).tolist() == [0, 4, 0]
    assert groups.previous(4, -7).tolist() == [-7, 4, -7]
    assert groups.largest(2, 1, 0, -1).tolist() == [2, 2, -1]


def test_first_and_last_rows_and_sizes_of_groups() -> None:
    groups = Groups(np.array([0, 0, 2, 2, 2, 3]), 5)
    assert groups.is_first.tolist() == [True, False, True, False, False, True]
    assert groups.is_last.tolist() == [False, True, False, False, True, True]
    assert groups.sizes().tolist() == [2, 0, 3, 1, 0]
    none = Groups(np.zeros(0, np.int64), 2)
    assert (none.is_first.tolist(), none.is_last.tolist(), none.sizes().tolist()) == ([], [], [0, 0])


@given(_rows())
def test_running_largest(rows: Rows) -> None:
    count, owner, values, order = rows
    made = _groups(count, owner).running_largest(np.array(values, np.int64), np.array(order, np.int64), -9999)
    place = list(enumerate(owner))
    for row, group in place:
        before = [other for other, theirs in place if theirs == group and (order[other], other) < (order[row], row)]
        assert made[row] == max((values[other] for other in before), default=-9999)
