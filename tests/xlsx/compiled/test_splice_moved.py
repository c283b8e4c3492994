"""Result columns that were moved apart: the compiled splice gives what the careful way gives, or declines."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import xlsx.patch.swift as swift
from core.vocabulary.words import plain
from tests.xlsx.compiled.test_built import DEMO
from tests.xlsx.compiled.test_splice import ROWS, results
from xlsx.compiled import KERNELS
from xlsx.grid import letters
from xlsx.patch.carefully import Careful
from xlsx.patch.cells import NewCells, PlacedColumn
from xlsx.patch.errors import Unspliceable
from xlsx.patch.plan import ResultColumn
from xlsx.patch.scan import masked
from xlsx.patch.splice import Splicer
from xlsx.patch.swift import SwiftRows
from xlsx.recalculate import recalculate
from xlsx.resultbook import write_result

pytestmark = pytest.mark.skipif(KERNELS is None, reason="the kernels are not built here")

CONTENTS = [
    b"/>",
    b' s="3"/>',
    b' s="3"></P:c>',
    b' t="s"><P:v>7</P:v></P:c>',
    b' s="2" t="inlineStr"><P:is><P:t xml:space="preserve">a &gt; b, f /row</P:t></P:is></P:c>',
    b' t="inlineStr"><P:is><P:r><P:rPr><P:charset val="1"/><P:family val="2"/><P:color rgb="FF0000"/></P:rPr>'
    b"<P:t>x</P:t></P:r></P:is></P:c>",
]
"""Of cells, after their references."""

FORMULA = b' t="str"><P:f>A1</P:f><P:v>x</P:v></P:c>'


def careful(new: NewCells, rows: bytes, first: int) -> bytes | str:
    """What the careful way makes of rows, or why it does not."""
    try:
        return Careful(new.of_row, new.columns, np.asarray(new.rows), new.prefix, first - 1).splice(rows, rows)
    except (Unspliceable, ValueError) as problem:
        return repr(problem)


def quick(new: NewCells, rows: bytes, first: int) -> bytes | None:
    rows_ = SwiftRows.of(new, refresh=True)
    assert rows_ is not None
    taken = rows_.splice(rows, first)
    return None if taken is None else taken[0]


@st.composite
def moved(draw: Callable[..., Any], every: tuple[int, ...] = (1, 1, 3), fewest: int = 2) -> NewCells:
    """Columns in several runs, `fewest` at least, for all rows or for some."""
    numbers = np.arange(1, ROWS + 1)[:: draw(st.sampled_from(every))]
    runs, column = [], draw(st.sampled_from([0, 1, 3, 24, 700]))
    for _ in range(draw(st.integers(fewest, 4))):
        made = draw(st.lists(results(len(numbers)), min_size=1, max_size=3))
        runs.append([PlacedColumn(one, column + n, draw(st.integers(0, 400))) for n, one in enumerate(made)])
        column += len(made) + draw(st.integers(1, 3))
    return NewCells(numbers, runs, {}, draw(st.sampled_from([b"", b"x:"])))


@st.composite
def sheets(draw: Callable[..., Any], new: NewCells, first: int) -> bytes:
    """Rows that have the cells of an earlier run, at least the first of each run, and others around them."""
    lefts = {run[0].column for run in new.runs}
    reach = max(new.columns) + 4
    spans = draw(st.sampled_from(["", "1:2", f"1:{reach}"]))
    made = []
    for row in range(first, first + draw(st.integers(1, 5))):
        there = lefts | draw(st.sets(st.one_of(st.integers(0, reach), st.sampled_from(sorted(new.columns)))))
        cells = []
        for column in sorted(there):
            contents = [*CONTENTS, *([] if column in new.columns else [FORMULA])]
            content = draw(st.sampled_from(contents)).replace(b"P:", new.prefix)
            cells.append(b'<%bc r="%b%d"%b' % (new.prefix, letters(column).encode(), row, content))
        said = f' spans="{spans}" ht="15"' if spans else draw(st.sampled_from(["", ' s="4" customFormat="1"']))
        made.append(b'<%brow r="%d"%b>%b</%brow>' % (new.prefix, row, said.encode(), b"".join(cells), new.prefix))
    return draw(st.sampled_from([b"", b"\n  "])).join(made)


@settings(deadline=None)
@given(st.data(), moved(), st.integers(1, 250))
def test_the_same_bytes_as_the_careful_way(data: st.DataObject, new: NewCells, first: int) -> None:
    rows = data.draw(sheets(new, first))
    made = quick(new, rows, first)
    assert made is not None
    assert made == careful(new, rows, first)
    assert quick(new, made, first) == made


@settings(deadline=None)
@given(st.data(), moved(fewest=1), st.integers(1, 250))
def test_the_only_run_is_declined_or_made_as_carefully(data: st.DataObject, new: NewCells, first: int) -> None:
    rows = data.draw(sheets(new, first))
    made = quick(new, rows, first)
    assert made is None or made == careful(new, rows, first)


HARMS = [
    b"<", b">", b"/>", b'"', b"'", b" ", b"<x", b"<c ", b"<c>", b"</c>", b"</c >", b"<f>", b"<y:f/>", b"</row >",
    b"<row>", b' spans="1:2"',
]  # fmt: skip
harms = st.one_of(st.binary(max_size=3), st.sampled_from(HARMS))


@settings(deadline=None)
@given(st.data(), moved(), st.integers(0, 2000), harms, st.integers(0, 3))
def test_harmed_rows_are_declined_or_made_as_carefully(
    data: st.DataObject, new: NewCells, place: int, harm: bytes, lost: int
) -> None:
    rows = data.draw(sheets(new, 1))
    place %= len(rows)
    rows = rows[:place] + harm + rows[place + lost :]
    assume(masked(rows) is rows)  # others never come to the kernel
    made = quick(new, rows, 1)
    assert made is None or made == careful(new, rows, 1)


TWO_RUNS = (1, 4)
PIECES = [
    *(b'<row r="%d">' % row for row in (1, 1, 2, 3)), b'<row r="2" spans="1:9">', b'<row r="1"', b"<row>", b"</row>",
    *(b'<c r="%b"/>' % name for name in (b"A1", b"B1", b"B1", b"C1", b"E1", b"E1", b"F1", b"B2", b"E2")), b"</row >",
    b"</row>", b'<c r="B1">', b'<c r="E1" s="1">', b"<c>", b"<c/>", b"</c>", b"</c >", b"<v>1</v>", b"<f>", b"<cx/>",
    b"\n", b" ", b'"', b"/>", b"<", b">", b"'", b"",
]  # fmt: skip


def two_runs(rows: int = 8) -> NewCells:
    """Öre in column B and E of every row."""
    runs = [[PlacedColumn(ResultColumn("R", "kr", np.arange(rows) * 50), column, 7)] for column in TWO_RUNS]
    return NewCells(np.arange(1, rows + 1), runs)


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map(b"".join), st.booleans())
def test_any_order_of_tags(rows: bytes, begun: bool) -> None:
    new = two_runs()
    rows = b'<row r="1"><c r="B1"/><c r="E1"/>' * begun + rows + b"</row>" * begun
    made = quick(new, rows, 1)
    assert made is None or made == careful(new, rows, 1)


def test_two_runs_by_hand() -> None:
    """Columns B and E are ours; A, C, D and F the user's; the row numbered 2 gets nothing."""
    new = two_runs(3)
    new = NewCells(np.array([1, 3]), [[PlacedColumn(ResultColumn("R", "kr", np.array([5, 10250])), column, 7)]
                                      for column in TWO_RUNS])  # fmt: skip
    rows = b"\n".join([
        b'<row r="1" spans="1:4"><c r="A1"/><c r="B1"><v>9</v></c><c r="D1"><f>B1</f></c><c r="E1" s="7"/></row>',
        b'<row r="2"><c r="B2"><f>A1</f></c><c r="E2"><v>1</v></c></row>',
        b'<row r="3" ht="15"><c r="B3"/><c r="C3" t="s"><v>4</v></c><c r="E3"/><c r="F3"><v>6</v></c></row>',
    ])  # fmt: skip
    assert quick(new, rows, 1) == b"\n".join([
        b'<row r="1" spans="1:5"><c r="A1"/><c r="B1" s="7"><v>0.05</v></c><c r="D1"><f>B1</f></c>'
        b'<c r="E1" s="7"><v>0.05</v></c></row>',
        b'<row r="2"><c r="B2"><f>A1</f></c><c r="E2"><v>1</v></c></row>',
        b'<row r="3" ht="15"><c r="B3" s="7"><v>102.5</v></c><c r="C3" t="s"><v>4</v></c>'
        b'<c r="E3" s="7"><v>102.5</v></c><c r="F3"><v>6</v></c></row>',
    ])  # fmt: skip


def test_an_own_column_to_the_right_of_the_only_run_by_hand() -> None:
    """Columns B and C are ours, D and E the user's, with a formula that reads ours."""
    run = [PlacedColumn(ResultColumn("R", "kr", np.array([5, 10250])), column, 7) for column in (1, 2)]
    new = NewCells(np.array([1, 2]), [run])
    rows = b"".join([
        b'<row r="1" spans="1:4"><c r="A1"/><c r="B1"><v>9</v></c><c r="C1"><v>8</v></c><c r="D1"><f>B1</f></c></row>',
        b'<row r="2"><c r="B2"/><c r="E2" t="s"><v>4</v></c></row>',
    ])  # fmt: skip
    assert quick(new, rows, 1) == careful(new, rows, 1) == b"".join([
        b'<row r="1" spans="1:4"><c r="A1"/><c r="B1" s="7"><v>0.05</v></c><c r="C1" s="7"><v>0.05</v></c>'
        b'<c r="D1"><f>B1</f></c></row>',
        b'<row r="2"><c r="B2" s="7"><v>102.5</v></c><c r="C2" s="7"><v>102.5</v></c>'
        b'<c r="E2" t="s"><v>4</v></c></row>',
    ])  # fmt: skip


USUAL = (
    b'<row r="1" spans="1:6"><c r="A1"/><c r="B1"><v>1</v></c><c r="C1"/><c r="E1" s="3"><v>1</v></c><c r="F1"/></row>'
)


def handed(new: NewCells, rows: bytes) -> bytes | str:
    """A sheet with these rows as the splicer hands it back, or why not."""
    made = Splicer(new, new.columns, lambda head: head, lambda tail: tail)
    try:
        return b"".join(made.pieces([b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"]))
    except Unspliceable as problem:
        return repr(problem)


@pytest.mark.parametrize(
    ("old", "now"),
    [
        # The first cell of a run is missing.
        (b'<c r="B1"><v>1</v></c>', b""),
        (b'<c r="E1" s="3"><v>1</v></c>', b""),
        (b'<c r="E1" s="3"><v>1</v></c><c r="F1"/>', b""),
        # A formula that would go away.
        (b'<c r="B1"><v>1</v>', b'<c r="B1"><f>A1</f><v>1</v>'),
        (b'<c r="E1" s="3"><v>1</v>', b'<c r="E1" s="3"><f t="shared" si="0"/><v>1</v>'),
        (b'<c r="E1" s="3"><v>1</v>', b'<c r="E1" s="3"><f\nt="shared" ref="E1:F9" si="0">A1</f><v>1</v>'),
        (b'<c r="E1" s="3"><v>1</v>', b'<c r="E1" s="3"><y:f t="array" ref="E1:F1">A1</y:f><v>1</v>'),
        # Not in order, twice, or of another row.
        (b'<c r="C1"/>', b'<c r="A1"/>'),
        (b'<c r="C1"/>', b'<c r="B1"/>'),
        (b'<c r="C1"/>', b'<c r="F1"/>'),
        (b'<c r="F1"/>', b'<c r="D1"/>'),
        (b'<c r="C1"/>', b'<c r="C2"/>'),
        (b'<c r="F1"/>', b'<c r="F11"/>'),
        (b'<c r="E1" s="3">', b'<c r="E2" s="3">'),
        # References of other forms, or none.
        (b'<c r="C1"/>', b"<c/>"),
        (b'<c r="A1"/>', b"<c/>"),
        (b'<c r="F1"/>', b"<c><v>1</v></c>"),
        (b'<c r="E1" s="3">', b'<c s="3" r="E1">'),
        (b'<c r="C1"/>', b"<c r='C1'/>"),
        (b'<c r="C1"/>', b'<c\nr="C1"/>'),
        (b'<c r="C1"/>', b'<c  r="C1"/>'),
        (b'<c r="C1"/>', b'<c r="c1"/>'),
        (b'<c r="F1"/>', b'<c r="ABCD1"/>'),
        # Something between the cells.
        (b'<c r="C1"/>', b' <c r="C1"/>'),
        (b'<c r="F1"/>', b'\n<c r="F1"/>'),
        (b'<c r="C1"/>', b"<extLst/>"),
        (b'<c r="F1"/>', b'<c r="F1"/><extLst/>'),
        (b'<c r="A1"/>', b'<x/><c r="A1"/>'),
        # A cell in a cell, or that ends in another way; values that look like tags.
        (b'<c r="E1" s="3"><v>1</v>', b'<c r="E1" s="3"><c r="E1"/><v>1</v>'),
        (b'<v>1</v></c><c r="C1"/>', b'<v>1</v></c ><c r="C1"/>'),
        (b'<v>1</v></c><c r="C1"/>', b'<v>1</v><c r="C1"/>'),
        (b'<v>1</v></c><c r="C1"/>', b'<v></row >1</v></c><c r="C1"/>'),
        (b'<c r="C1"/>', b'<c r="C1" x=">"/>'),
        (b'<c r="C1"/>', b'<c r="C1" x="<"/>'),
        (b'<c r="C1"/>', b"<c r=\"C1\" x='\"'/>"),
        (b' spans="1:6"', b" spans='1:2'"),
        (b' spans="1:6"', b'\nspans="1:2"'),
        (b' spans="1:6"', b' spans = "1:2"'),
        (b' spans="1:6"', b' x=">"'),
        (b' spans="1:6"', b' spans="1:6"/'),
        (b"</row>", b"</row >"),
        (b'<c r="A1"/>', b'</row><row r="1"><c r="A1"/>'),
    ],
)  # fmt: skip
def test_other_forms_are_declined(old: bytes, now: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    new = two_runs()
    following = b"".join(USUAL.replace(b'1"', b'%d"' % row) for row in range(2, 9))
    rows = USUAL.replace(old, now) + following
    assert quick(new, USUAL + following, 1) == careful(new, USUAL + following, 1)
    assert USUAL.count(old) == 1 and quick(new, rows, 1) is None
    taken = handed(new, rows)
    monkeypatch.setattr(swift, "KERNELS", None)
    assert taken == handed(two_runs(), rows)


@pytest.mark.parametrize("harm", [b"</row ><row>", b"</row ><x/>", b"</row\n>", b"<row>", b"<row/>"])
def test_a_row_that_gets_nothing_hides_no_other(harm: bytes) -> None:
    new = two_runs()
    new = NewCells(np.array([1, 3, 4, 5, 6, 7, 8, 9]), new.runs)
    rows = USUAL + b'<row r="2"><c r="A2"/>%b<c r="B2"><f>A1</f></c></row>' + USUAL.replace(b'1"', b'3"')
    assert quick(new, rows % b"", 1) == careful(new, rows % b"", 1)
    assert quick(new, rows % harm, 1) is None


def test_only_columns_that_are_there_are_taken() -> None:
    new = two_runs()
    assert SwiftRows.of(new, refresh=False) is None
    rows_ = SwiftRows.of(new, refresh=True)
    assert rows_ is not None
    runs = ((1, 1, 1), (4, 4, 1))
    for refresh in (False, True):
        made = KERNELS.splice(USUAL, b"", 1, rows_.numbers, 0, runs, refresh, rows_.columns)
        assert (made is not None) == refresh


@pytest.mark.parametrize(
    "runs",
    [
        (), ((1, 1, 1),), ((1, 1, 1), (4, 5, 2)), ((1, 1, 1), (1, 1, 1)), ((4, 4, 1), (1, 1, 1)),
        ((-1, 1, 1), (4, 4, 1)), ((1, 0, 1), (4, 4, 1)), ((1, 1, 1), (4, 16_384, 1)), ((1, 1, 0), (4, 4, 2)),
        ((1, 1, 2**62), (4, 4, 2**62)),
    ],
)  # fmt: skip
def test_runs_that_do_not_fit_are_refused(runs: tuple[tuple[int, int, int], ...]) -> None:
    rows_ = SwiftRows.of(two_runs(), refresh=True)
    assert rows_ is not None
    with pytest.raises(ValueError, match="runs"):
        KERNELS.splice(USUAL, b"", 1, rows_.numbers, 0, runs, True, rows_.columns)


class Watched:
    """The kernels, with what they took of each block of rows."""

    def __init__(self) -> None:
        self.taken: list[bool] = []

    def splice(self, *given_: Any) -> Any:
        made = KERNELS.splice(*given_)
        self.taken.append(made is not None)
        return made


def table(path: Path) -> dict[str, list[Any]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return {str(values[0]): list(values[1:]) for values in zip(*sheet.iter_rows(values_only=True), strict=True)}


def without_title(source: Path, out: Path) -> None:
    """A copy whose first row is the one of headings."""
    book = openpyxl.load_workbook(source)
    book.worksheets[0].delete_rows(1, 3)
    book.worksheets[0].delete_rows(60, 1000)
    book.save(out)


def move_apart(path: Path, out: Path, titles: list[str]) -> None:
    """A copy with the first five results first, a column of the user's own after each third, and the values changed."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {str(column[0].value): [(one.value, copy(one._style)) for one in column] for column in sheet.iter_cols()}
    others = [title for title in columns if title not in titles]
    own = {n: [(f"Eget {n}", None), *[(n + row, None) for row in range(sheet.max_row - 1)]] for n in range(len(titles))}
    order: list[tuple[bool, list[Any]]] = []
    for n, title in enumerate([*titles[:5], *others, *titles[5:]]):
        order.append((title in titles, columns[title]))
        if title in titles and n % 3 == 0:
            order.append((False, own[titles.index(title)]))
    sheet.delete_cols(1, sheet.max_column)
    for place, (ours, column) in enumerate(order, 1):
        for row, (value, style) in enumerate(column, 1):
            cell = sheet.cell(row, place, "gammalt" if ours and row > 1 and value is not None else value)
            if style is not None:
                cell._style = style
    book.save(out)


def test_a_workbook_whose_results_were_moved_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    source, first, apart, second, plain_ = (tmp_path / f"{name}.xlsx" for name in "abcde")
    without_title(DEMO, source)
    write_result(recalculate(source), first)
    before = table(first)
    titles = [title for title in before if plain(title) not in map(plain, table(source))]
    move_apart(first, apart, titles)
    stale = table(apart)
    assert len(titles) > 12 and all(set(stale[title]) <= {"gammalt", None} for title in titles)
    watched = Watched()
    monkeypatch.setattr(swift, "KERNELS", watched)
    write_result(recalculate(apart), second)
    assert watched.taken and all(watched.taken)
    after = table(second)
    assert list(after) == list(stale) and [title for title in after if title.startswith("Eget ")]
    for title, values in after.items():
        assert values == (before[title] if title in before else stale[title])
    monkeypatch.setattr(swift, "KERNELS", None)
    write_result(recalculate(apart), plain_)
    assert second.read_bytes() == plain_.read_bytes()
