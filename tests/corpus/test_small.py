"""A few workbooks through the corpus test, without network; and that the corpus test sees harm where there is some."""

from __future__ import annotations

import re
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from tests.corpus import office
from tests.corpus.collecting import collect
from tests.corpus.examining import Outcome, examine, summary_book
from tests.corpus.making import made, odd
from tests.corpus.opening import Book, area, place

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("made")
    return made(folder) | odd(folder)


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return summary_book(tmp_path_factory.mktemp("ours") / "ours.xlsx")


def test_made_workbooks_are_not_harmed(books: dict[str, Path], summary: Path, tmp_path: Path) -> None:
    outcomes = {name: examine(path, tmp_path / path.name, summary) for name, path in books.items()}
    assert {name: one.faults for name, one in outcomes.items() if one.faults} == {}
    assert {name: one.kind for name, one in outcomes.items() if one.kind != "done"} == {}
    assert all(one.read for one in outcomes.values())


RESULTS = ("-beräknad", "-jämförd")
"""How the files end that `make demo` writes."""


def test_workbooks_at_hand_are_not_harmed(summary: Path, tmp_path: Path) -> None:
    """The shipped ones, and those that installed packages hold. Results of our own are replaced, not kept."""
    folders = [ROOT / "demo", Path(sysconfig.get_path("purelib"))]
    everything = collect(iter([]), iter(folders), tmp_path / "files")
    found = {origin: path for origin, path in everything.items() if not Path(origin).stem.endswith(RESULTS)}
    assert any(origin.startswith("demo/") for origin in found)
    outcomes = {origin: examine(path, tmp_path / path.name, summary) for origin, path in found.items()}
    assert {name: one.faults for name, one in outcomes.items() if one.faults} == {}
    assert {one.kind for one in outcomes.values()} == {"done"}


@pytest.mark.skipif(not office.available(), reason="LibreOffice is not installed")
def test_libreoffice_shows_the_same(books: dict[str, Path], summary: Path, tmp_path: Path) -> None:
    some = {name: books[name] for name in ("filtered", "table", "formulas", "openpyxl")}
    outcomes = {name: examine(path, tmp_path / path.name, summary) for name, path in some.items()}
    pairs = {name: (path, tmp_path / path.name) for name, path in some.items()}
    assert office.compare(pairs, outcomes, tmp_path / "office")["opened both"] == len(some)
    assert {name: one.faults for name, one in outcomes.items() if one.faults} == {}


@pytest.mark.skipif(not office.available(), reason="LibreOffice is not installed")
def test_formulas_of_the_user_s_that_read_the_results_are_no_harm(summary: Path, tmp_path: Path) -> None:
    """One workbook whose formula adds what stands to the right of it, and the same where a value is another too."""
    names = ("summerar", "ändrad")
    pairs, outcomes = {}, {}
    for name in names:
        source, target = tmp_path / f"{name}.xlsx", tmp_path / f"{name}-ut.xlsx"
        with xlsxwriter.Workbook(source) as book:
            sheet = book.add_worksheet("Data")
            sheet.write_row(0, 0, ["Namn", "Tal"])
            sheet.write_row(1, 0, ["a", 1])
            # LibreOffice computes those of arrays when it opens them, and shows others as they were saved.
            sheet.write_array_formula(2, 0, 2, 0, "{=SUM(C1:Z3)}", None, 0)
        outcomes[name] = examine(source, target, summary)
        assert outcomes[name].faults == []
        pairs[name] = (source, target)
    with zipfile.ZipFile(pairs["ändrad"][1]) as book:
        parts = {entry: book.read(entry) for entry in book.namelist()}
    sheet_part = "xl/worksheets/sheet1.xml"
    parts[sheet_part] = parts[sheet_part].replace(b'<c r="B2"><v>1</v>', b'<c r="B2"><v>7</v>')
    with zipfile.ZipFile(pairs["ändrad"][1], "w") as book:
        for entry, content in parts.items():
            book.writestr(entry, content)
    counts = office.compare(pairs, outcomes, tmp_path / "office")
    assert counts["differences of formulas that read the cells of the results"] == 1
    assert outcomes["summerar"].faults == []
    assert [fault.partition(":")[0] for fault in outcomes["ändrad"].faults] == ["LibreOffice shows Data, row 2"]


def test_libreoffice_s_texts_are_compared() -> None:
    done = Outcome("done", sheet="Data", columns=(2,))
    was = {"Data": [["a", "1"], ["b", "2", ""]], "Två": [["x"]]}
    assert list(office._differences(was, {"Data": [["a", "1", "9"], ["b", "2", "8"]], "Två": [["x"]]}, done)) == []
    wrong = list(office._differences(was, {"Data": [["a", "1", "9"], ["b", "3", "8"]]}, done))
    assert [one.partition(":")[0] for one in wrong] == [
        "LibreOffice shows Data, row 2",
        "LibreOffice shows no sheet Två",
    ]


def _changed(path: Path, part: str, change: Callable[[bytes], bytes | None]) -> None:
    """The same file with one part changed or, for None, left out."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    new = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            if name != part:
                book.writestr(name, content)
            elif new is not None:
                book.writestr(name, new)


def _replaced(pattern: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        made, count = re.subn(pattern, new, content, count=1)
        assert count, f"{pattern!r} is not there"
        return made

    return change


SHEET = "xl/worksheets/sheet1.xml"

HARMS: dict[str, tuple[str, Callable[[bytes], bytes | None], str]] = {
    "another cell": (SHEET, _replaced(rb'(<c r="D5"[^>]*><v>)[^<]*', rb"\g<1>7"), "the cell in row 5"),
    "its style": (SHEET, _replaced(rb'<c r="C5" s="\d+"', b'<c r="C5" s="0"'), "the cell in row 5"),
    "a row no longer hidden": (SHEET, _replaced(rb' hidden="1"', b""), "attributes of rows"),
    "a filter": (SHEET, _replaced(rb"<customFilter [^>]*>", b'<customFilter val="7"/>'), "what is filtered"),
    "another column's width": (SHEET, _replaced(rb'<col min="3" max="3"', b'<col min="2" max="3"'), "widths"),
    "margins": (SHEET, _replaced(rb'left="0.7"', b'left="0.8"'), "elements around it"),
    "prefixes": (SHEET, _replaced(rb"<worksheet ", b'<worksheet xmlns:z="urn:z" '), "the root"),
    "a theme": ("xl/theme/theme1.xml", lambda content: content + b" ", "part xl/theme/theme1.xml differs"),
    "a part gone": ("docProps/app.xml", lambda _: None, "part docprops/app.xml is gone"),
    "styles": ("xl/styles.xml", _replaced(rb"<name val=\"Arial\"/>", b'<name val="Arial2"/>'), "fonts are not as"),
    "a count": ("xl/styles.xml", _replaced(rb'<cellXfs count="\d+"', b'<cellXfs count="1"'), "the count of cellXfs"),
    "a name": ("xl/workbook.xml", _replaced(rb"\$3:\$3", b"$4:$4"), "the name _xlnm.Print_Titles"),
    "a result": (SHEET, _replaced(rb'(<c r="E6"[^>]*><v>)[^<]*', rb"\g<1>7"), "result in row 6, column 4"),
    "cells out of order": (SHEET, _replaced(rb'<c r="F4"', b'<c r="J4"'), "cells out of order"),
    "a style that is not there": (SHEET, _replaced(rb'<c r="F4" s="\d+"', b'<c r="F4" s="900"'), "style 900"),
}


@pytest.mark.parametrize("name", HARMS)
def test_harm_is_seen(name: str, books: dict[str, Path], summary: Path, tmp_path: Path) -> None:
    part, change, words = HARMS[name]
    target = tmp_path / "ut.xlsx"
    outcome = examine(books["filtered"], target, summary, lambda: _changed(target, part, change))
    assert any(words in fault for fault in outcome.faults), outcome.faults


def test_a_broken_table_is_seen(books: dict[str, Path], summary: Path, tmp_path: Path) -> None:
    target, part = tmp_path / "ut.xlsx", "xl/tables/table1.xml"
    for change, words in (
        (_replaced(rb'name="Namn"', b'name="Namm"'), "its columns are not as they were"),
        (_replaced(rb' ref="A1:[A-Z]+6" t', b' ref="A1:D6" t'), "columns in A1:D6"),
        (_replaced(rb'name="Fel"', b'name="Fet"'), "heading of column Fet"),
    ):
        outcome = examine(books["table"], target, summary, lambda change=change: _changed(target, part, change))
        assert any(words in fault for fault in outcome.faults), (words, outcome.faults)


def test_what_no_reader_opens_is_refused_in_words(tmp_path: Path) -> None:
    broken = tmp_path / "trasig.xlsx"
    broken.write_bytes(b"PK\x03\x04 inte en zip")
    outcome = examine(broken, tmp_path / "ut.xlsx", None)
    assert (outcome.kind, outcome.faults) == ("unreadable", [])
    assert not (tmp_path / "ut.xlsx").exists()


def test_places() -> None:
    assert place("A1") == (1, 0) and place("$AB$12") == (12, 27)
    assert area("B2:D5") == (2, 1, 5, 3) and area("A:C") == (1, 0, 1_048_576, 2)


def test_sheets_are_read_in_order(books: dict[str, Path]) -> None:
    with Book(books["protected"]) as book:
        assert [(one.name, one.part) for one in book.sheets] == [
            ("Data", "xl/worksheets/sheet1.xml"),
            ("Gömt", "xl/worksheets/sheet2.xml"),
        ]
