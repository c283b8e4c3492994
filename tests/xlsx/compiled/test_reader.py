"""The compiled reader gives the columns that fastexcel gives, or declines; what it is fed does it no harm."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import xlsx.worker.swift as swift
from core.encoded import Encoded
from tests.xlsx.hostile import ABORTING
from xlsx.compiled import KERNELS
from xlsx.errors import UnreadableSheet
from xlsx.grid import Marks, RawColumn, letters
from xlsx.worker.marks import read_markup
from xlsx.worker.parsing import WorkbookSource

pytestmark = pytest.mark.skipif(KERNELS is None, reason="the kernels are not built here")

Loaded = tuple[list[RawColumn], Marks, int]
SHEET = "xl/worksheets/sheet1.xml"
STYLES = ("", ' s="0"', ' s="1"', ' s="2"', ' s="3"')
"""None, general, date with clock, decimals, hours beyond 24."""


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with the styles, into which sheets are put."""
    path = tmp_path_factory.mktemp("pattern") / "mall.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Resor")
        for column, code in enumerate(["yyyy-mm-dd hh:mm", "0.00", "[h]:mm"]):
            sheet.write_number(0, column, 1, book.add_format({"num_format": code}))
        sheet.write_string(1, 0, "x")
    return path


def workbook(pattern: Path, path: Path, rows: str, strings: str, prefix: str = "") -> Path:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    named = f"xmlns{':' if prefix else ''}{prefix.rstrip(':')}"
    data = f"<{prefix}sheetData>{rows}</{prefix}sheetData>"
    sheet = f'<?xml version="1.0"?>\n<{prefix}worksheet {named}="{space}">{data}</{prefix}worksheet>'
    with zipfile.ZipFile(pattern) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == SHEET:
                content = sheet
            elif name == "xl/sharedStrings.xml":
                content = f'<?xml version="1.0"?>\n<sst xmlns="{space}">{strings}</sst>'
            new.writestr(name, content)
    return path


def load(path: Path, compiled: bool, header: int = 0) -> Loaded:
    kernels = swift.KERNELS
    try:
        if not compiled:
            swift.KERNELS = None  # type: ignore[misc]
        return WorkbookSource(path).load("Resor", header, header + 1)
    finally:
        swift.KERNELS = kernels  # type: ignore[misc]


def assert_same(one: Loaded, other: Loaded) -> None:
    assert one[1:] == other[1:]
    assert len(one[0]) == len(other[0])
    for mine, theirs in zip(one[0], other[0], strict=True):
        assert mine.broken == theirs.broken
        if isinstance(mine.cells, Encoded):
            assert isinstance(theirs.cells, Encoded), theirs.cells
            assert list(mine.cells.texts) == list(theirs.cells.texts)
            assert mine.cells.index.tolist() == theirs.cells.index.tolist()
        else:
            assert not isinstance(theirs.cells, Encoded), theirs.cells.texts
            assert mine.cells.dtype == theirs.cells.dtype
            assert mine.cells.tobytes() == theirs.cells.tobytes(), (mine.cells, theirs.cells)


def is_taken(path: Path, header: int = 0) -> bool:
    return read_markup(path, "Resor", header, header + 1).columns is not None


STRINGS = ["Avresa", "Å & Ä <ö>", "", " x ", "0", "Avresa"]
SHARED = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in STRINGS)

texts = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=6)
decimals = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-(10**9), 10**9, places=4).map(str),
    st.integers(-(10**20), 10**20).map(str),
    st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,2})?", fullmatch=True),
)
days = st.floats(61, 80_000).map(repr)


def inline(text: str) -> str:
    return f' t="inlineStr"><is><t>{escape(text)}</t></is>'


CELLS: dict[str, st.SearchStrategy[str]] = {
    "number": decimals.map(lambda text: f"><v>{text}</v>"),
    "date": days.map(lambda text: f' s="1"><v>{text}</v>'),
    "decimals": days.map(lambda text: f' s="2"><v>{text}</v>'),
    "hours": days.map(lambda text: f' s="3"><v>{text}</v>'),
    "general": days.map(lambda text: f' s="0"><f>A1+"&lt;"</f><v>{text}</v>'),
    "shared": st.integers(0, len(STRINGS) - 1).map(lambda n: f' t="s"><v>{n}</v>'),
    "inline": texts.map(inline),
    "formula": texts.map(lambda text: f' t="str"><f>x</f><v>{escape(text)}</v>'),
    "truth": st.sampled_from(['t="b"><v>0</v>', 't="b"><v>1</v>']).map(lambda text: " " + text),
    "blank": st.sampled_from(['><v></v>', ">", ' s="1">']),
    "error": st.just(' t="e"><v>#N/A</v>'),
    "odd": st.sampled_from([" ><v>1</v>", ' t="n"><v>1</v>', "><v> 1</v>", '><v>1</v><extLst/>', "><v>x</v>", "><v/>",
                            ' t="s"><v>99</v>', ' t="d"><v>2024-01-01</v>', ' cm="1" vm=\'2\'><v>3</v>']),
}  # fmt: skip
USUAL = ("number", "date", "decimals", "shared", "inline", "formula", "truth", "blank", "general")


@st.composite
def sheets(draw: Callable[..., Any], kinds: tuple[str, ...] = USUAL, mixed: bool = False) -> str:
    """Rows of a heading and cells, column by column of one kind."""
    left, width = draw(st.integers(0, 3)), draw(st.integers(1, 4))
    columns = [draw(st.sampled_from(kinds)) for _ in range(width)]
    heading = "".join(f'<c r="{letters(left + n)}1" t="s"><v>0</v></c>' for n in range(width))
    rows, number = [f'<row r="1">{heading}</row>'], 1
    for _ in range(draw(st.integers(0, 6))):
        number += draw(st.sampled_from([1, 1, 1, 2, 5]))
        cells = []
        for n, kind in enumerate(columns):
            if draw(st.booleans()) or draw(st.booleans()):
                kind = draw(st.sampled_from([*CELLS])) if mixed and draw(st.integers(0, 9)) == 0 else kind
                cells.append(f'<c r="{letters(left + n)}{number}"{draw(CELLS[kind])}</c>')
        rows.append(f'<row r="{number}" spans="1:9" ht="15">{"".join(cells)}</row>')
    return draw(st.sampled_from(["", "\n  "])).join(rows)


def assert_alike(path: Path) -> None:
    """Both ways read the same, or neither reads anything."""
    try:
        theirs = load(path, False)
    except UnreadableSheet:
        with pytest.raises(UnreadableSheet):
            load(path, True)
    else:
        assert_same(load(path, True), theirs)


@settings(deadline=None)
@given(sheets(), st.sampled_from(["", "x:"]))
def test_columns_of_one_kind(pattern: Path, rows: str, prefix: str) -> None:
    for name in ("row", "c", "v", "f", "is", "t") if prefix else ():
        rows = rows.replace(f"<{name} ", f"<{prefix}{name} ").replace(f"<{name}>", f"<{prefix}{name}>")
        rows = rows.replace(f"</{name}>", f"</{prefix}{name}>")
    path = workbook(pattern, pattern.with_name("resor.xlsx"), rows, SHARED, prefix)
    assert_same(load(path, True), load(path, False))


@settings(deadline=None)
@given(sheets((*CELLS,), mixed=True))
def test_cells_of_any_kind(pattern: Path, rows: str) -> None:
    path = workbook(pattern, pattern.with_name("blandat.xlsx"), rows, SHARED)
    assert_alike(path)


@pytest.mark.parametrize("text", [
    "<t>a</t>", "<t> a</t>", "<t>a </t>", "<t>\u00a0a</t>", "<t>a&#10;</t>", "<t/>", "<t></t>",
    "<t>å&amp;&#228;&#xE4;</t>",
    "<t>_x0041_</t>", "<t>a\r\nb</t>", "<r><t>a</t></r><r><t>b</t></r>", "<t>a</t><rPh><t>b</t></rPh>", "<t>&#1;</t>",
    '<t xml:space="preserve"> a&#9;</t>', "<t>\U0001f682</t>", "<t>Ö</t>", "<t>&nbsp;</t>", "<t>a&lt;b</t>",
])  # fmt: skip
def test_shared_texts(pattern: Path, tmp_path: Path, text: str) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>'
    path = workbook(pattern, tmp_path / "texter.xlsx", rows, f"<si>{text}</si>")
    assert_alike(path)


def test_what_most_programs_write_is_taken(pattern: Path, tmp_path: Path) -> None:
    cells = '<c r="A{0}" t="s"><v>1</v></c><c r="B{0}" s="1"><v>45355.5</v></c><c r="C{0}"><v>12.5</v></c>'
    rows = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 5))
    path = workbook(pattern, tmp_path / "vanlig.xlsx", rows, SHARED)
    assert is_taken(path)
    (names, times, numbers), _, left = load(path, True)
    # Day 45355 is the 4th of March 2024.
    assert left == 0 and isinstance(names.cells, Encoded) and list(names.cells.texts) == ["Å & Ä <ö>"]
    assert np.asarray(times.cells).astype("M8[m]").astype(str).tolist() == ["2024-03-04T12:00"] * 3
    assert np.asarray(numbers.cells).tolist() == [12.5] * 3


@pytest.mark.parametrize("rows", [
    '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
    '<row><c r="A2"><v>1</v></c></row>', '<row r="2"><c><v>1</v></c></row>', '<row r="2"><c r="A3"><v>1</v></c></row>',
    '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
    '<row r="2"><!-- x --><c r="A2"><v>1</v></c></row>',
    '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3" t="s"><v>0</v></c></row>',
    '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3" s="1"><v>45000</v></c></row>',
    '<row r="2"><c r="A2" s="1"><v>12</v></c></row>', '<row r="2"><c r="AMK2"><v>1</v></c></row>',
    '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
])  # fmt: skip
def test_other_forms_are_declined(pattern: Path, tmp_path: Path, rows: str) -> None:
    path = workbook(pattern, tmp_path / "annan.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + rows, SHARED)
    assert not is_taken(path)


def read(content: bytes, prefix: bytes = b"") -> Any:
    reader = KERNELS.Reader(prefix, 1, 3, 20)
    assert reader.feed(content) in (True, False)
    try:
        return reader.finish()
    except UnicodeDecodeError:
        return None


@settings(deadline=None, max_examples=300)
@given(decimals)
def test_numbers_are_the_nearest(text: str) -> None:
    made = read(b'<row r="1"><c r="A1"><v>%b</v></c></row></sheetData>' % text.encode())
    if made is not None:
        assert np.frombuffer(made[2][0][1], np.float64)[0] == float(text)
    else:
        assert float(text) in (0, float("inf"), float("-inf"))


def test_many_long_numbers_are_the_nearest() -> None:
    """Of those below one, every two thousandth is within a hair of the middle between two doubles."""
    random = np.random.default_rng(5)
    whole, places = random.integers(10**17, 9 * 10**18, 60_000).tolist(), random.integers(1, 18, 60_000).tolist()
    written = [f"{str(number)[:-cut]}.{str(number)[-cut:]}" for number, cut in zip(whole, places, strict=True)]
    written[::2] = [f"0.{number:019d}" for number in whole[::2]]
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{text}</v></c></row>' for n, text in enumerate(written, 1))
    made = read(rows.encode() + b"</sheetData>")
    assert np.frombuffer(made[2][0][1], np.float64).tolist() == list(map(float, written))


@pytest.mark.parametrize(
    "text", ["", "+1", ".5", "1.", "1e", "1e+", "0x1", "nan", "inf", "1 ", "1,5", "--1", "1e9999", "-0"]
)
def test_what_is_no_number_is_declined(text: str) -> None:
    made = read(b'<row r="1"><c r="A1"><v>%b</v></c></row></sheetData>' % text.encode())
    assert made is None or (not text and made[:2] == (-1, 0))


pieces = st.one_of(st.binary(max_size=6), st.sampled_from([
    b'<row r="1">', b'<row r="2"', b"<row", b"</row>", b'<c r="A1">', b'<c r="B1" t="s">', b'<c r="C1" t="str">',
    b"</c>",
    b'<c r="D1" t="inlineStr">', b"<is><t>", b"</t></is>", b"<v>", b"</v>", b"<f>", b"<f/>", b"1", b"&amp;", b"&#",
    b";",
    b"</sheetData>", b"/>", b">", b'"', b" ", b'<c r="T1"><v>7</v></c>', b'<c r="U1"/>', b'<c r="A1" s="9999999999"/>',
    b"\xff", b"99999999999999999999999",
]))  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(pieces, max_size=16), st.lists(pieces, max_size=16))
def test_bytes_of_any_kind_do_no_harm(some: list[bytes], more: list[bytes]) -> None:
    content = b"".join(some)
    read(content)
    KERNELS.shared_strings(content, b"")
    KERNELS.shared_strings(b"<si><t>" + content + b"</t></si></sst>", b"")
    reader = KERNELS.Reader(b"", 2, 0, 3)
    for piece in (*some, *more):
        reader.feed(piece)
    reader.finish()
    reader.finish()


def test_texts_that_are_no_utf8_are_declined() -> None:
    assert KERNELS.shared_strings(b"<si><t>\xff</t></si></sst>", b"") is None
    assert read(b'<row r="1"><c r="A1" t="str"><v>\xff</v></c></row></sheetData>') is None


@pytest.mark.parametrize(
    "given_", [(b"x" * 25, 1, 0, 9), (b"", 0, 0, 9), (b"", 1, -1, 9), (b"", 1, 0, 0), (b"", 1, 0, 10**5)]
)
def test_readers_of_no_sheet_are_refused(given_: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="no such sheet"):
        KERNELS.Reader(*given_)


@pytest.mark.parametrize("name", ABORTING)
def test_files_that_abort_other_parsers(tmp_path: Path, name: str) -> None:
    path = ABORTING[name](tmp_path / name)
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            content = archive.read(part)
            read(content[max(content.find(b"<row"), 0) :])
            KERNELS.shared_strings(content[max(content.find(b"<si>"), 0) :], b"")


def test_many_different_texts() -> None:
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="str"><v>t%d</v></c></row>' % (n, n, n % 5_000) for n in range(1, 20_001)
    )
    left, rows, columns, own = read(cells + b"</sheetData>")
    assert (left, rows) == (0, 20_000) and own == [f"t{n % 5_000}" for n in range(1, 5_001)]
    codes = np.frombuffer(columns[0][1], np.int32)
    assert codes.tolist() == [n % 5_000 for n in range(20_000)]
    assert np.frombuffer(columns[0][2], np.int32).tolist() == [3 + n for n in range(5_000)]


USUAL_CELL = ("B", "2", "", "", "1", "</v></c>")
OTHERWISE = (
    ["A", "C", "AA", "S", "T", "U", "ZZZ", "ABCD", "a", "", "1"],
    ["3", "02", "12", "22", "", "2000000", "12345678"],
    [' s="1"', ' s="12"', ' s=""', ' s="x"', ' s="99999"', ' s="123456"', " s='1'", '  s="1"'],
    [' t="s"', ' t="n"', ' t="b"', ' t="str"', " t='s'", ' t="sx"'],
    ["0", "2", "3", "12.5", "1.", ".5", "-1", "", "1e5", "007", "45714.481944444444", "1.5.5", "999999999999999",
     "9999999999999999", "0.1234567890123", "0.12345678901234", "99999999999", " 1", "1 ", "1<", "1&#48;"],
    ["</v> </c>", "</v></d>", "</v>", "</v><f>x</f></c>", "</w></c>"],
)  # fmt: skip


@pytest.mark.parametrize("kind", ["", ' t="s"'])
@pytest.mark.parametrize(("field", "other"), [(n, text) for n, texts in enumerate(OTHERWISE) for text in texts])
def test_the_usual_cells_are_read_as_others_are(kind: str, field: int, other: str) -> None:
    """With a prefix, or with little after them, cells do not take the short way."""
    cell = [*USUAL_CELL[:3], kind, *USUAL_CELL[4:]]
    cell[field] = other
    cells = [("A", *USUAL_CELL[1:]), cell, ("B", *USUAL_CELL[1:]), ("C", *USUAL_CELL[1:])]
    for chosen in (cells[1:2], cells[:2], cells[1:3], [*cells[:2], cells[3]]):
        inner = "".join('<c r="{}{}"{}{}><v>{}{}'.format(*parts) for parts in chosen)
        content = f'<row r="2">{inner}</row></sheetData>'
        prefixed = content.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
        spaced = content.replace("</row>", " " * 200 + "</row>")
        assert read(spaced.encode()) == read(prefixed.encode(), b"x:")
        assert read(spaced.encode()) == read(content.encode())


def test_cells_of_the_usual_form_by_hand() -> None:
    cells = '<c r="A7" s="2"><v>12.5</v></c><c r="B7" t="s"><v>2</v></c><c r="C7"><v>45714.481944444444</v></c>'
    left, rows, columns, own = read(f'<row r="7">{cells}{" " * 99}</row></sheetData>'.encode())
    assert (left, rows, own) == (0, 7, [])
    number, text, day = columns
    assert np.frombuffer(number[1], np.float64)[6] == 12.5 and np.frombuffer(number[2], np.int32).tolist() == [2]
    assert np.frombuffer(text[1], np.int32).tolist() == [-1] * 6 + [0]
    assert np.frombuffer(text[2], np.int32).tolist() == [2]
    assert np.frombuffer(day[1], np.float64)[6] == 45714.481944444444


def test_a_reader_is_fed_by_one_thread_at_a_time() -> None:
    reader, blanks = KERNELS.Reader(b"", 1, 0, 3), b" " * (16 << 20)
    refused: list[str] = []

    def feed() -> None:
        while not refused:
            try:
                reader.feed(blanks)
            except RuntimeError as why:
                refused.append(str(why))

    threads = [threading.Thread(target=feed) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "another thread" in refused[0]
    reader.feed(b'<row r="1"><c r="A1"><v>1</v></c></row></sheetData>')
    assert reader.finish()[:2] == (0, 1)
