"""Workbooks of several programs get results in their own sheet, and nothing else in them changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import fastexcel
import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.utils.escape import unescape

from tests.xlsx.patch.conftest import (
    HEADINGS,
    TITLES,
    assert_only_results_added,
    dimension,
    expected,
    make_patch,
    raw_parts,
    read_part,
)
from xlsx.patch.patching import patch_workbook
from xlsx.patch.references import Area

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")
"""What openpyxl says of data bars; it only reads here."""

SHEET = "xl/worksheets/sheet1.xml"
ROWS: list[list[Any]] = [
    ["R1", datetime(2024, 3, 4, 7), 120],
    ["R2", None, 45.5],
    ["R3 å <&>", datetime(2024, 3, 6, 7), None],
]


def by_xlsxwriter(path: Path, table: bool = False, tail: bool = False) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Resor")
        head = book.add_format({"bold": True, "bg_color": "#204060", "font_color": "white", "text_wrap": True})
        cell = book.add_format({"bg_color": "#EEF4FA", "bottom": 4, "font_name": "Arial", "font_size": 9})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "bg_color": "#EEF4FA", "bottom": 4})
        for column, heading in enumerate(HEADINGS):
            sheet.write(0, column, heading, head)
        for row, values in enumerate(ROWS, 1):
            sheet.write(row, 0, values[0], cell)
            if values[1] is not None:
                sheet.write_datetime(row, 1, values[1], moment)
            if values[2] is not None:
                sheet.write_number(row, 2, values[2], cell)
            else:
                sheet.write_blank(row, 2, None, cell)
        sheet.write_formula(4, 2, "=SUM(C2:C4)", None, 165.5)
        sheet.set_column(0, 2, 14)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.freeze_panes(1, 1)
        sheet.conditional_format("C2:C4", {"type": "data_bar"})
        sheet.data_validation("C2:C4", {"validate": "decimal", "criteria": ">", "value": 0})
        sheet.write_comment("A2", "En anteckning")
        if table:
            sheet.add_table(0, 0, 3, 2, {"name": "Resetabell", "columns": [{"header": one} for one in HEADINGS]})
        else:
            sheet.autofilter(0, 0, 3, 2)
            sheet.filter_column(2, "x > 50")
            sheet.print_area(0, 0, 4, 2)
        other = book.add_worksheet("Övrigt")
        other.write_formula("A1", "=Resor!C5*2", None, 331)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Resor!$C$2:$C$4"})
        other.insert_chart("C3", chart)
    return path


def by_openpyxl(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Resor"
    for values in (HEADINGS, *ROWS):
        sheet.append(list(values))
    sheet["C5"] = "=SUM(C2:C4)"
    sheet.merge_cells("E1:F1")
    book.save(path)
    return path


def results(path: Path, first: str) -> dict[int, list[Any]]:
    sheet = openpyxl.load_workbook(path)["Resor"]
    start = sheet[f"{first}1"].column
    return {
        row: [plain_text(sheet.cell(row, start + place).value) for place in range(6)]
        for row in range(1, sheet.max_row + 1)
    }


def plain_text(value: Any) -> Any:
    """openpyxl leaves signs that XML lacks as they are written."""
    return unescape(value) if isinstance(value, str) else value


def assert_results(path: Path, first: str = "D", by_libreoffice: bool = False) -> None:
    found = results(path, first)
    assert found[1] == list(TITLES)
    for row, values in expected([2, 3, 4]).items():
        if by_libreoffice:
            # It reads _x005F_x0041_ rightly as _x0041_ but writes that as it is, which others then read as A.
            values = [one.replace("_x0041_", "A") if isinstance(one, str) else one for one in values]
        assert found[row] == [pytest.approx(one) if isinstance(one, float) else one for one in values]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return by_xlsxwriter(tmp_path / "resor.xlsx")


def test_a_workbook_by_xlsxwriter(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut.xlsx"
    report = patch_workbook(book, out, make_patch([2, 3, 4]))
    assert report.columns == dict(zip(TITLES, "DEFGHI", strict=True)) and report.notes == [] and report.refreshed == 0
    old, new = raw_parts(book), raw_parts(out)
    assert list(new) == list(old)
    assert {name for name in old if old[name] != new[name]} == {SHEET, "xl/styles.xml", "xl/workbook.xml"}
    assert_only_results_added(book, out, SHEET, range(3, 9))
    assert_results(out)
    assert dimension(out, SHEET) == Area(1, 0, 5, 8)
    assert "I1:I5" in openpyxl.load_workbook(out)["Resor"].calculate_dimension().replace("A1:I5", "I1:I5")


def test_what_must_follow_does(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut.xlsx"
    patch_workbook(book, out, make_patch([2, 3, 4]))
    sheet = openpyxl.load_workbook(out)["Resor"]
    assert sheet.auto_filter.ref == "A1:I4" and sheet.print_area == "'Resor'!$A$1:$I$5"
    assert [one.colId for one in sheet.auto_filter.filterColumn] == [2]
    names = etree.fromstring(read_part(out, "xl/workbook.xml")).findall(".//{*}definedName")
    assert {one.get("name"): one.text for one in names} == {
        "_xlnm._FilterDatabase": "Resor!$A$1:$I$4",
        "_xlnm.Print_Area": "Resor!$A$1:$I$5",
        "_Fardkost_kolumner": '"Resultat"',
    }
    widths = {name: sheet.column_dimensions[name].width for name in ("A", "D", "H")}
    # 13 for kronor; a heading of one word and a filter's button: 11 + 3.
    assert widths == {"A": pytest.approx(14.71, abs=0.01), "D": 14, "H": 80}
    assert sheet.row_dimensions[3].hidden and not sheet.row_dimensions[2].hidden


def test_looks(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut.xlsx"
    patch_workbook(book, out, make_patch([2, 3, 4]))
    sheet = openpyxl.load_workbook(out)["Resor"]
    assert sheet["D1"]._style == sheet["C1"]._style
    formats = [sheet.cell(2, column).number_format for column in range(4, 10)]
    assert formats == ["#,##0.00", "0.00", "#,##0.00", "0", "General", "General"]
    for column in range(4, 10):
        cell = sheet.cell(3, column)
        assert (
            cell.font.name == "Arial" and cell.fill.fgColor.rgb == "FFEEF4FA" and cell.border.bottom.style == "dotted"
        )
        assert bool(cell.alignment.wrap_text) == (column >= 8)


def test_results_are_read_by_another_reader(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "ut.xlsx"
    patch_workbook(book, out, make_patch([2, 3, 4]))
    table = fastexcel.read_excel(out).load_sheet("Resor").to_arrow().to_pylist()
    assert [row["Traktamente"] for row in table] == [0, None, 2061, None]
    assert [row["Anmärkningar"] for row in table[:3]] == ["a;b", "=1+1 <&> \x01 _x0041_ å", None]
    assert [row["Rese-ID"] for row in table] == ["R1", "R2", "R3 å <&>", None]


def test_a_table_takes_the_columns_in(tmp_path: Path) -> None:
    source, out = by_xlsxwriter(tmp_path / "resor.xlsx", table=True), tmp_path / "ut.xlsx"
    report = patch_workbook(source, out, make_patch([2, 3, 4]))
    table = openpyxl.load_workbook(out)["Resor"].tables["Resetabell"]
    assert table.ref == "A1:I4" and table.autoFilter.ref == "A1:I4"
    assert [column.name for column in table.tableColumns] == [*HEADINGS, *TITLES]
    assert [column.id for column in table.tableColumns] == list(range(1, 10))
    assert report.notes == []
    assert_only_results_added(source, out, SHEET, range(3, 9))


def test_a_workbook_by_openpyxl(tmp_path: Path) -> None:
    source, out = by_openpyxl(tmp_path / "resor.xlsx"), tmp_path / "ut.xlsx"
    report = patch_workbook(source, out, make_patch([2, 3, 4], headings=[*HEADINGS, "", ""], free=6))
    assert report.columns["Traktamente"] == "G"
    assert_only_results_added(source, out, SHEET, range(6, 12))
    assert_results(out, "G")


def test_a_workbook_by_libreoffice(book: Path, tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    source, out = libreoffice(book, "xlsx"), tmp_path / "ut.xlsx"
    patch_workbook(source, out, make_patch([2, 3, 4]))
    old, new = raw_parts(source), raw_parts(out)
    assert {name for name in old if old[name] != new[name]} == {SHEET, "xl/styles.xml", "xl/workbook.xml"}
    assert_only_results_added(source, out, SHEET, range(3, 9))
    assert_results(out)


@pytest.mark.parametrize("table", [False, True])
def test_libreoffice_opens_what_was_made(table: bool, tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    source, out = by_xlsxwriter(tmp_path / "resor.xlsx", table=table), tmp_path / "ut.xlsx"
    patch_workbook(source, out, make_patch([2, 3, 4]))
    assert_results(libreoffice(out, "xlsx"), by_libreoffice=True)
    again = openpyxl.load_workbook(libreoffice(out, "xlsx"), data_only=True)
    assert again["Övrigt"]["A1"].value == 331 and again["Resor"]["C5"].value == 165.5


def test_two_runs_give_the_same_bytes(book: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for out in (first, second):
        patch_workbook(book, out, make_patch([2, 3, 4]))
    assert first.read_bytes() == second.read_bytes()


def test_a_second_run_changes_nothing(book: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    patch_workbook(book, first, make_patch([2, 3, 4]))
    report = patch_workbook(first, second, make_patch([2, 3, 4], headings=[*HEADINGS, *TITLES]))
    assert report.refreshed == 6
    assert first.read_bytes() == second.read_bytes()


def test_the_original_is_untouched(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes(), book.stat().st_mtime_ns
    patch_workbook(book, tmp_path / "ut.xlsx", make_patch([2, 3, 4]))
    assert (book.read_bytes(), book.stat().st_mtime_ns) == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["resor.xlsx", "ut.xlsx"]
