"""What is sent between the processes comes out as it went in."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.encoded import Encoded
from xlsx.grid import Marks, RawColumn, Serial
from xlsx.worker.messages import Ended
from xlsx.worker.wire import packed, unpacked

MARKS = Marks(frozenset({3, 1}), [(0, 0, 1, 1)], [(4, 5)])


def sent(columns: list[RawColumn]) -> list[RawColumn]:
    header, buffers = packed((columns, MARKS, 2))
    received, marks, left = unpacked(json.loads(json.dumps(header)), [bytearray(buffer) for buffer in buffers])
    assert (marks, left) == (MARKS, 2)
    return received


@given(st.lists(st.text(), max_size=5, unique=True), st.lists(st.integers(-1, 4), max_size=9))
def test_texts(texts: list[str], places: list[int]) -> None:
    index = np.array([place for place in places if place < len(texts)], np.int64)
    (made,) = sent([RawColumn(Encoded(index, texts), {0: "#N/A"})])
    assert isinstance(made.cells, Encoded)
    assert list(made.cells.texts) == texts and made.cells.index.tolist() == index.tolist()
    assert made.broken == {0: "#N/A"}


def test_what_cells_of_a_mixed_column_hold() -> None:
    own = {0: Serial(0.3125), 2: 730.0, 3: True}
    (made,) = sent(
        [RawColumn(Encoded(np.array([0, 1, 2, 3]), ["1899-12-31 07:30:00", "7.30", "730", "true"]), own=own)]
    )
    assert made.own == own and [type(value) for value in made.own.values()] == [Serial, float, bool]


@pytest.mark.parametrize("texts", [["\ud800", "å\U0001f682"], ["a\0b", "c"], [False, True], [""], []])
def test_texts_of_other_kinds(texts: list[Any]) -> None:
    (made,) = sent([RawColumn(Encoded(np.array([len(texts) - 1, -1]), texts))])
    assert isinstance(made.cells, Encoded) and list(made.cells.texts) == texts


@pytest.mark.parametrize(("count", "kind"), [(127, "i1"), (128, "i2"), (32_767, "i2"), (32_768, "i4")])
def test_indices_are_narrow_but_hold_the_number_of_texts(count: int, kind: str) -> None:
    index = np.array([-1, 0, count - 1])
    (made,) = sent([RawColumn(Encoded(index, [str(n) for n in range(count)]))])
    assert isinstance(made.cells, Encoded)
    assert made.cells.index.dtype == kind and made.cells.index.tolist() == index.tolist()
    # As code that gives blank cells a number of their own does.
    assert np.where(made.cells.index < 0, count, made.cells.index).tolist() == [count, 0, count - 1]


def test_numbers_and_times() -> None:
    numbers = np.array([1.5, np.nan])
    times = np.array(["2026-03-04T12:00", "NaT"], "M8[us]")
    made = sent([RawColumn(numbers), RawColumn(times)])
    for column, cells in zip(made, (numbers, times), strict=True):
        assert not isinstance(column.cells, Encoded) and column.cells.tobytes() == cells.tobytes()


@pytest.mark.parametrize("told", [{"kind": "O"}, {"kind": "texts", "index": "O", "texts": []}])
def test_other_kinds_are_refused(told: dict[str, Any]) -> None:
    marks = {"hidden_rows": [], "merged": [], "unsaved_formulas": []}
    with pytest.raises(Ended):
        unpacked({"columns": [{**told, "broken": [[], []]}], "marks": marks, "left": 0}, [bytearray(8)])
