"""Cells are made a block of rows at a time, and handed out by the row."""

from __future__ import annotations

import numpy as np
import pytest

from xlsx.patch.cells import NewCells, PlacedColumn
from xlsx.patch.plan import ResultColumn

EVERY_OTHER = np.arange(2, 42, 2)


def test_rows_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlsx.patch.cells._BLOCK", 7)
    shown = EVERY_OTHER != 10
    new = NewCells(EVERY_OTHER, [[PlacedColumn(ResultColumn("R", "antal", EVERY_OTHER * 3, shown), 1, 5)]])
    expected = {row: b'<c r="B%d" s="5"><v>%d</v></c>' % (row, 3 * row) for row in range(2, 42, 2)}
    expected[10] = b'<c r="B10" s="5"/>'
    for first, count in ((1, 45), (13, 3), (14, 16), (39, 9), (50, 4)):
        assert new.run(0, first, count) == [expected.get(row, b"") for row in range(first, first + count)]
    assert [new.of_row(row) for row in (10, 11, 40)] == [[(1, expected[10])], [], [(1, expected[40])]]
