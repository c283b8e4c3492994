"""The kernels refuse what would not fit into what they hold it in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.xlsx.compiled.test_reader import read
from xlsx.compiled import KERNELS

pytestmark = pytest.mark.skipif(KERNELS is None, reason="the kernels are not built here")


def spliced(before: bytes, after: bytes) -> Any:
    """A row with two blank cells more, of which `before` and `after` stand before and after the number."""
    column = (1, before, after, np.array([1]), np.array([False]), b"", np.zeros(1, np.int64))
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    return KERNELS.splice(rows, b"", 1, np.array([1]), 0, ((1, 2, 2),), False, (column, column))


def test_parts_of_cells_as_long_as_there_is_room_for() -> None:
    before, after = b'<c r="'.ljust(60, b"B"), b'"'.ljust(60, b"x")
    cell = before + b"1" + after + b"/>"
    assert spliced(before, after) == (b'<row r="1"><c r="A1"><v>1</v></c>' + 2 * cell + b"</row>", 1)


@pytest.mark.parametrize("lengths", [(61, 60), (60, 61), (64, 64)])
def test_longer_parts_are_refused(lengths: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="too long"):
        spliced(b'<c r="'.ljust(lengths[0], b"B"), b'"'.ljust(lengths[1], b"x"))


@pytest.mark.parametrize("power", ["9999999999999", "-9999999999999", "+2147483648", "0000000001"])
def test_powers_of_ten_beyond_all_numbers_are_declined(power: str) -> None:
    assert read(b'<row r="1"><c r="A1"><v>1e%b</v></c></row></sheetData>' % power.encode()) is None


@pytest.mark.parametrize(("power", "value"), [("10", 1e10), ("-307", 1e-307), ("+005", 1e5)])
def test_powers_of_ten_of_three_digits_are_read(power: str, value: float) -> None:
    made = read(b'<row r="1"><c r="A1"><v>1e%b</v></c></row></sheetData>' % power.encode())
    assert np.frombuffer(made[2][0][1], np.float64).tolist() == [value]
