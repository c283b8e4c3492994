"""The compiled splice and the one in Python give the same bytes, and decline the same rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.encoded import Encoded
from tests.xlsx.patch.test_kernel import ROW, columns, make_rows
from xlsx.compiled import KERNELS
from xlsx.patch.cells import NewCells, PlacedColumn
from xlsx.patch.kernel import splice_rows
from xlsx.patch.plan import ResultColumn
from xlsx.patch.swift import SwiftRows

pytestmark = pytest.mark.skipif(KERNELS is None, reason="the kernels are not built here")

LEFT = 25
ROWS = 260
WORDS = ["", 'Å & <ä> "ö"', "_x0041_", "a\nb", "\x07", "x" * 400, "\U0001f682"]

whole = st.integers(-(2**40), 2**40)
kinds: dict[str, st.SearchStrategy[Any]] = {
    "kr": st.one_of(whole, st.integers(-300, 300)),
    "antal": whole,
    "timmar": st.integers(0, 5_000),
    "kg": st.one_of(st.floats(-1e6, 1e6), st.sampled_from([0.1, -0.0, 1e-7, 1e22, float("nan"), float("inf")])),
}


@st.composite
def results(draw: Callable[..., Any], rows: int = ROWS) -> ResultColumn:
    """A column of results of any kind, with a few different values over and over."""
    form = draw(st.sampled_from([*kinds, "ord"]))
    spread = np.random.default_rng(draw(st.integers(0, 99)))
    shown = draw(st.sampled_from([None, spread.random(rows) < 0.5]))
    if form == "ord":
        return ResultColumn("R", form, Encoded(spread.integers(-1, len(WORDS), rows), WORDS), shown)
    some = np.array(draw(st.lists(kinds[form], min_size=1, max_size=6)))
    return ResultColumn("R", form, some[spread.integers(0, len(some), rows)], shown)


@st.composite
def cells(draw: Callable[..., Any]) -> NewCells:
    """Columns side by side, for all rows or for some."""
    numbers = np.arange(1, ROWS + 1)
    numbers = numbers[:: draw(st.sampled_from([1, 1, 3]))]
    made = draw(st.lists(results(len(numbers)), min_size=1, max_size=4))
    run = [PlacedColumn(one, LEFT + n, draw(st.integers(0, 400))) for n, one in enumerate(made)]
    return NewCells(numbers, [run], {}, draw(st.sampled_from([b"", b"x:"])))


def both(new: NewCells, rows: bytes, after: int, refresh: bool = False) -> tuple[bytes | None, bytes | None]:
    """What the kernel and what Python makes of rows, of which the one numbered `after` may come first."""
    run = new.runs[0]

    class Gap(Exception):
        pass

    def cells_of(first: int, count: int) -> list[bytes]:
        if first < after or np.searchsorted(new.rows, first) != np.searchsorted(new.rows, after):
            raise Gap
        return new.run(0, first, count)

    try:
        slow = splice_rows(rows, cells_of, run[0].column, run[-1].column, refresh, new.prefix)
    except Gap:
        slow = None
    swift = SwiftRows.of(new, refresh)
    assert swift is not None
    taken = swift.splice(rows, after)
    return (None if taken is None else taken[0]), slow


def prefixed(rows: bytes, prefix: bytes) -> bytes:
    for name in (b"row", b"c ", b"c>", b"v>"):
        rows = rows.replace(b"<" + name, b"<" + prefix + name).replace(b"</" + name, b"</" + prefix + name)
    return rows


ranges = st.lists(columns, min_size=1, max_size=8)


@settings(deadline=None)
@given(cells(), st.integers(1, 250), ranges, st.booleans(), st.sampled_from([b"", b"\n  "]))
def test_the_same_bytes(new: NewCells, first: int, widths: list[list[int]], spans: bool, between: bytes) -> None:
    rows = prefixed(make_rows(first, widths, spans, between), new.prefix)
    quick, slow = both(new, rows, first)
    assert quick is not None
    assert quick == slow
    again, slowly = both(new, quick, first, refresh=True)
    assert again == slowly
    if len(new.rows) == ROWS and quick.count(b"<" + new.prefix + b"f") == 0:
        assert again == quick


@settings(deadline=None)
@given(cells(), ranges, st.booleans(), st.integers(0, 400), st.binary(max_size=3), st.integers(0, 3), st.booleans())
def test_what_one_declines_so_does_the_other(
    new: NewCells, widths: list[list[int]], spans: bool, place: int, bytes_: bytes, lost: int, refresh: bool
) -> None:
    rows = prefixed(make_rows(1, widths, spans), new.prefix)
    place %= len(rows)
    quick, slow = both(new, rows[:place] + bytes_ + rows[place + lost :], 1, refresh)
    assert quick == slow


pieces = st.sampled_from([
    b'<row r="1">', b'<row r="2" spans="1:9">', b'<row r="3"', b"<row>", b"</row>", b"</row >", b'<c r="A1">',
    b'<c r="Z2"/>',
    b'<c r="AA1"/>', b"</c>", b"<v>1</v>", b"<f>", b"\n", b" ", b'"', b"/>", b"<", b">", b'<c r="ABCD1"/>',
    b"", b"\x0b",
])  # fmt: skip


@settings(deadline=None)
@given(st.lists(pieces, max_size=14).map(b"".join), st.booleans())
def test_any_order_of_tags(rows: bytes, refresh: bool) -> None:
    new = NewCells(np.arange(1, 9), [[PlacedColumn(ResultColumn("R", "kr", np.arange(8)), LEFT, 0)]])
    quick, slow = both(new, rows, 1, refresh)
    assert quick == slow


def test_kronor_by_hand() -> None:
    values = np.array([103050, -7, 100, 0, -12345])
    new = NewCells(np.arange(1, 6), [[PlacedColumn(ResultColumn("R", "kr", values), 1, 5)]])
    rows = b"".join(b'<row r="%d" spans="1:1"><c r="A%d"/></row>' % (n, n) for n in range(1, 6))
    quick, _ = both(new, rows, 1)
    assert quick is not None
    for row, shown in enumerate([b"1030.5", b"-0.07", b"1", b"0", b"-123.45"], 1):
        assert (
            b'<row r="%d" spans="1:2"><c r="A%d"/><c r="B%d" s="5"><v>%b</v></c></row>' % (row, row, row, shown)
            in quick
        )


def test_a_row_that_should_get_cells_is_missing() -> None:
    new = NewCells(np.arange(1, 9), [[PlacedColumn(ResultColumn("R", "kr", np.arange(8)), LEFT, 0)]])
    assert both(new, ROW, 1)[0] is not None
    assert both(new, ROW.replace(b"1", b"3"), 1) == (None, None)
    assert both(new, ROW, 2) == (None, None)


@pytest.mark.parametrize(
    "given_",
    [
        {"values": np.zeros(1, np.int64)},
        {"shown": np.zeros(1, bool)},
        {"opening": b"x" * 65},
        {"kind": 2, "values": np.zeros(1, np.int32)},
    ],
)
def test_columns_that_are_too_short_are_refused(given_: dict[str, Any]) -> None:
    whole_ = {"kind": 0, "opening": b'<c r="B', "style": b'"', "values": np.zeros(2, np.int64), "shown": None}
    column = (*(whole_ | given_).values(), b"", np.zeros(1, np.int64))
    with pytest.raises(ValueError, match="shorter"):
        KERNELS.splice(ROW, b"", 1, np.array([1, 2]), 0, ((1, 1, 1),), False, (column,))


@pytest.mark.parametrize("ends", [[0, 99], [5, 2], [-1, 1], [0]])
def test_texts_outside_what_is_there_are_blank(ends: list[int]) -> None:
    column = (2, b'<c r="B', b'"', np.zeros(1, np.int32), None, b">x", np.array(ends))
    made = KERNELS.splice(ROW, b"", 1, np.array([1]), 0, ((1, 1, 1),), False, (column,))
    assert made == (b'<row r="1"><c r="A1"/><c r="B1"/></row>', 1)
