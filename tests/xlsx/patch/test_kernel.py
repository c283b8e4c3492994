"""The quick way and the careful way give the same bytes, and the quick one declines what it does not know."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xlsx.grid import letters
from xlsx.patch.carefully import Careful
from xlsx.patch.errors import Occupied
from xlsx.patch.kernel import splice_rows

LEFT, RIGHT = 25, 27  # Z, AA, AB


def new_cells(row: int) -> list[tuple[int, bytes]]:
    return (
        []
        if row % 5 == 0
        else [(n, b'<c r="%b%d" s="9"><v>1</v></c>' % (letters(n).encode(), row)) for n in (25, 26, 27)]
    )


def joined(first: int, count: int) -> list[bytes]:
    return [b"".join(xml for _, xml in new_cells(row)) for row in range(first, first + count)]


def careful(rows: bytes, refreshed: frozenset[int] = frozenset(), before: int = 0, prefix: bytes = b"") -> bytes:
    return Careful(new_cells, refreshed, np.array([n for n in range(1, 300) if n % 5]), prefix, before).splice(
        rows, rows
    )


def make_rows(first: int, widths: list[list[int]], spans: bool, between: bytes = b"") -> bytes:
    made = []
    for number, columns in enumerate(widths, first):
        cells = b"".join(
            b'<c r="%b%d" s="1" t="s"><v>7</v></c>' % (letters(n).encode(), number)
            if n % 2
            else b'<c r="%b%d"/>' % (letters(n).encode(), number)
            for n in columns
        )
        said = b' spans="1:%d"' % (columns[-1] + 1) if spans else b""
        made.append(b'<row r="%d"%b ht="15">%b</row>' % (number, said, cells))
    return between.join(made)


columns = st.lists(st.integers(0, 24), min_size=1, max_size=6, unique=True).map(sorted)


@given(st.integers(1, 200), st.lists(columns, min_size=1, max_size=8), st.booleans(), st.sampled_from([b"", b"\n  "]))
def test_both_ways_give_the_same(first: int, widths: list[list[int]], spans: bool, between: bytes) -> None:
    rows = make_rows(first, widths, spans, between)
    quick = splice_rows(rows, joined, LEFT, RIGHT)
    assert quick is not None
    slow = careful(rows, before=first - 1)
    assert quick == slow


@given(st.integers(1, 200), st.lists(columns, min_size=1, max_size=8), st.booleans())
def test_a_second_run_replaces_the_first(first: int, widths: list[list[int]], spans: bool) -> None:
    once = careful(make_rows(first, widths, spans), before=first - 1)
    quick = splice_rows(once, joined, LEFT, RIGHT, refresh=True)
    assert quick is not None
    assert quick == once
    assert careful(once, frozenset({25, 26, 27}), first - 1) == once


def test_spans_are_widened() -> None:
    rows = b'<row r="1" spans="2:3"><c r="B1"/></row><row r="2" spans="1:3"><c r="A2"/></row>'
    quick = splice_rows(rows, joined, LEFT, RIGHT)
    assert quick is not None and b'<row r="1" spans="2:28">' in quick and b'<row r="2" spans="1:28">' in quick
    assert careful(rows) == quick


def test_prefixed_elements() -> None:
    rows = b'<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="2"><x:c r="A2"/></x:row>'
    quick = splice_rows(rows, joined, LEFT, RIGHT, prefix=b"x:")
    assert quick is not None and quick.count(b'<c r="Z') == 2
    assert careful(rows, prefix=b"x:") == quick


ROW = b'<row r="1"><c r="A1"/></row>'


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"/>' + b'<row r="2"><c r="A2"/></row>',
        ROW + b'<row r="2"/><row r="3"><c r="A3"/></row>',
        ROW + b'<row r="3"><c r="A3"/></row>',
        ROW + b'<row><c r="A2"/></row>',
        ROW + b'\n<row r="2"><c r="A2"/></row>' + b'<row r="3"><c r="A3"/></row>',
        b'<row spans="1:1" r="1"><c r="A1"/></row>',
        b"<row r='1'><c r='A1'/></row>",
        b'<row r="1"><c s="1" r="A1"/></row>',
        b'<row r="1"><c><v>1</v></c></row>',
        b'<row r="1"><c r="A1"/><c><v>1</v></c></row>',
        b'<row r="1"></row>',
        b'<row r="1"><c r="A1"/><extLst/></row>'.replace(b"<extLst/>", b"<extLst><ext/></extLst>"),
        b'<row r="1"><c r="Z1"/></row>',
        b'<row r="1"><c r="AC1"><v>1</v></c></row>',
        b'<row r="1"><c r="ABC1"><v>1</v></c></row>',
        b'<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><color rgb="FF0000"/></rPr><t>x</t></r></is></c></row>',
        b'<row r="1"><c r="A1"/></row ><row r="2"><c r="A2"/></row>',
    ],
)  # fmt: skip
def test_other_forms_are_declined(rows: bytes) -> None:
    assert splice_rows(rows, joined, LEFT, RIGHT) is None


@pytest.mark.parametrize(
    ("row", "refreshed"),
    [
        (b'<row r="1"><c r="Z1"><v>5</v></c></row>', False),  # the user's own
        (b'<row r="1"><c r="AA1"><v>5</v></c></row>', True),  # the first of ours is gone
        (b'<row r="1"><c r="Z1"><f>A1</f><v>5</v></c></row>', True),
        (b'<row r="1"><c r="Z1"><v>5</v></c><c r="AC1"><v>5</v></c></row>', True),
    ],
)
def test_a_refresh_is_only_simple_when_ours_stand_last(row: bytes, refreshed: bool) -> None:
    assert splice_rows(row, joined, LEFT, RIGHT, refreshed) is None


def test_a_cell_of_the_users_is_never_overwritten() -> None:
    with pytest.raises(Occupied) as occupied:
        careful(b'<row r="1"><c r="A1"/><c r="AA1"><v>5</v></c><c r="AD1"><v>5</v></c></row>')
    assert occupied.value.column == 29


def texts(rows: bytes) -> Any:
    root = etree.fromstring(b"<d>" + rows + b"</d>")
    return [[one.get("r") for one in row.iter("c")] for row in root]


def test_cells_to_the_right_stay_there() -> None:
    made = careful(b'<row r="1"><c r="A1"/><c r="AD1"><v>5</v></c></row>')
    assert texts(made) == [["A1", "Z1", "AA1", "AB1", "AD1"]]


def test_blank_cells_give_way() -> None:
    made = careful(b'<row r="1"><c r="A1"/><c r="AA1" s="3"/><c r="AB1" s="3"></c><c r="AC1" s="3"/></row>')
    assert texts(made) == [["A1", "Z1", "AA1", "AB1", "AC1"]]


def test_rows_and_cells_without_references() -> None:
    made = careful(b"<row><c><v>1</v></c><c/></row><row><c/></row>")
    assert texts(made) == [[None, None, "Z1", "AA1", "AB1"], [None, "Z2", "AA2", "AB2"]]
    # The cell after ours is the 29th, which it would no longer say by its place.
    made = careful(b"<row>" + b"<c/>" * 28 + b"<c><v>1</v></c></row>")
    assert texts(made) == [[None] * 25 + ["Z1", "AA1", "AB1", "AC1"]]


def test_missing_rows_are_made_in_their_place() -> None:
    made = careful(b'<row r="1"><c r="A1"/></row><row r="4"/>')
    assert texts(made) == [
        ["A1", "Z1", "AA1", "AB1"], ["Z2", "AA2", "AB2"], ["Z3", "AA3", "AB3"], ["Z4", "AA4", "AB4"]
    ]  # fmt: skip
