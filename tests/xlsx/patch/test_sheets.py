"""Sheets of our own come into the workbook with their looks, and never in the place of someone else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from lxml import etree

from tests.xlsx.patch.conftest import HEADINGS, TITLES, make_patch, raw_parts, read_part, rewrite
from tests.xlsx.patch.test_forms import BODY, HEAD_ROW, handmade, worksheet
from tests.xlsx.patch.test_patching import by_xlsxwriter
from xlsx.patch.patching import patch_workbook
from xlsx.patch.plan import AddedSheets

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

NAME = "Sammanställning"


def donor(path: Path, total: float = 12.5, chart: bool = True) -> AddedSheets:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(NAME)
        sheet.write_string(
            0, 0, "Summor <å>", book.add_format({"bold": True, "font_size": 16, "font_color": "#102030"})
        )
        sheet.write_number(
            1, 1, total, book.add_format({"num_format": '#,##0.0 "km"', "bg_color": "#DDEBF7", "top": 1})
        )
        sheet.write_rich_string(2, 0, "två ", book.add_format({"italic": True}), "delar")
        sheet.set_row(3, 30, book.add_format({"bg_color": "#FF0000"}))
        sheet.set_column(1, 1, 22, book.add_format({"num_format": "0.000"}))
        sheet.conditional_format(
            "B2", {"type": "cell", "criteria": ">", "value": 1, "format": book.add_format({"bold": True})}
        )
        sheet.autofilter(0, 0, 2, 1)
        sheet.repeat_rows(0)
        if chart:
            made = book.add_chart({"type": "bar"})
            made.add_series({"values": f"='{NAME}'!$B$2:$B$3"})
            sheet.insert_chart("D2", made)
        book.add_worksheet("Dygn").write_string(0, 0, "Datum")
    return AddedSheets(path, (NAME, "Dygn", "Finns inte"))


def run(source: Path, out: Path, added: AddedSheets, **more: Any) -> Any:
    return patch_workbook(source, out, make_patch([2, 3, 4], added=added, **more))


def test_a_sheet_comes_with_its_looks(tmp_path: Path) -> None:
    source, out = by_xlsxwriter(tmp_path / "resor.xlsx"), tmp_path / "ut.xlsx"
    report = run(source, out, donor(tmp_path / "d.xlsx"))
    assert report.added == [NAME, "Dygn"] and report.notes == []
    book = openpyxl.load_workbook(out, rich_text=True)
    assert book.sheetnames == ["Resor", "Övrigt", NAME, "Dygn"]
    sheet = book[NAME]
    assert sheet["A1"].value == "Summor <å>" and sheet["A1"].font.b and sheet["A1"].font.sz == 16
    assert sheet["A1"].font.color.rgb == "FF102030"
    assert sheet["B2"].value == 12.5 and sheet["B2"].number_format == '#,##0.0 "km"'
    assert sheet["B2"].fill.fgColor.rgb == "FFDDEBF7" and sheet["B2"].border.top.style == "thin"
    assert str(sheet["A3"].value) == "två delar" and sheet["A3"].value[1].font.i
    assert sheet.row_dimensions[4].fill.fgColor.rgb == "FFFF0000" and sheet.row_dimensions[4].height == 30
    assert sheet.column_dimensions["B"].number_format == "0.000"
    rule = next(iter(sheet.conditional_formatting)).rules[0]
    assert rule.dxf.font.b and sheet.print_title_rows == "$1:$1" and sheet.auto_filter.ref == "A1:B3"
    assert len(sheet._charts) == 1 and len(book["Övrigt"]._charts) == 1
    # The user's own cells look as they did.
    assert book["Resor"]["A2"].fill.fgColor.rgb == "FFEEF4FA" and book["Resor"]["A1"].font.color.rgb == "FFFFFFFF"


def test_only_what_must_change_does(tmp_path: Path) -> None:
    source, out = by_xlsxwriter(tmp_path / "resor.xlsx"), tmp_path / "ut.xlsx"
    run(source, out, donor(tmp_path / "d.xlsx"))
    old, new = raw_parts(source), raw_parts(out)
    assert {name for name in old if old[name] != new[name]} == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
    }
    assert set(new) - set(old) == {
        "xl/worksheets/fardkost1.xml",
        "xl/worksheets/fardkost2.xml",
        "xl/worksheets/_rels/fardkost1.xml.rels",
        "xl/drawings/drawing2.xml",
        "xl/drawings/_rels/drawing2.xml.rels",
        "xl/charts/chart2.xml",
    }
    selected = [etree.fromstring(read_part(out, f"xl/worksheets/{name}.xml")).find(".//{*}sheetView").get("tabSelected")
                for name in ("sheet1", "fardkost1")]  # fmt: skip
    assert selected == ["1", None]
    styles = etree.fromstring(read_part(out, "xl/styles.xml"))
    for listed in styles:
        if listed.get("count") is not None:
            assert int(listed.get("count")) == len(listed), listed.tag
    old_styles = etree.fromstring(read_part(source, "xl/styles.xml"))
    for name in ("fonts", "fills", "borders", "cellXfs"):
        before, after = (root.find("{*}" + name) for root in (old_styles, styles))
        assert [etree.tostring(one) for one in before] == [etree.tostring(one) for one in after][: len(before)]


def test_libreoffice_sees_the_sheets(tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    source, out = by_xlsxwriter(tmp_path / "resor.xlsx", table=True), tmp_path / "ut.xlsx"
    run(source, out, donor(tmp_path / "d.xlsx"))
    book = openpyxl.load_workbook(libreoffice(out, "xlsx"))
    assert book.sheetnames == ["Resor", "Övrigt", NAME, "Dygn"]
    assert book[NAME]["B2"].value == 12.5 and book[NAME]["A1"].font.sz == 16 and len(book[NAME]._charts) == 1


def test_a_sheet_of_an_earlier_run_is_replaced(tmp_path: Path) -> None:
    source, first, second, third = (tmp_path / f"{number}.xlsx" for number in range(4))
    by_xlsxwriter(source)
    again = {"headings": [*HEADINGS, *TITLES], "free": 9}
    run(source, first, donor(tmp_path / "d.xlsx", 12.5))
    report = run(first, second, donor(tmp_path / "e.xlsx", 99), **again)
    assert report.added == [NAME, "Dygn"] and report.notes == []
    book = openpyxl.load_workbook(second)
    assert book.sheetnames == ["Resor", "Övrigt", NAME, "Dygn"] and book[NAME]["B2"].value == 99
    run(first, third, donor(tmp_path / "d.xlsx", 12.5, chart=False), **again)
    assert len(openpyxl.load_workbook(third)[NAME]._charts) == 0
    # And back again, all is as it was: no style, name or sheet is there twice.
    run(second, third, donor(tmp_path / "d.xlsx", 12.5), **again)
    old, new = raw_parts(first), raw_parts(third)
    for name in ("xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/fardkost1.xml"):
        assert old[name] == new[name], name


def test_a_sheet_of_the_same_name_by_someone_else_is_left_alone(tmp_path: Path) -> None:
    source, first, second = (tmp_path / f"{number}.xlsx" for number in range(3))
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet("Resor")
        sheet.write_row(0, 0, HEADINGS)
        for row in (1, 2, 3):
            sheet.write_row(row, 0, [f"R{row}", None, 3])
        book.add_worksheet(NAME).write_string(0, 0, "min egen")
    report = run(source, first, donor(tmp_path / "d.xlsx"))
    assert report.added == [f"{NAME} (Färdkost)", "Dygn"] and NAME in report.notes[0]
    assert openpyxl.load_workbook(first)[NAME]["A1"].value == "min egen"
    assert raw_parts(first)["xl/worksheets/sheet2.xml"] == raw_parts(source)["xl/worksheets/sheet2.xml"]
    report = run(first, second, donor(tmp_path / "d.xlsx", 99), headings=[*HEADINGS, *TITLES], free=9)
    made = openpyxl.load_workbook(second)
    assert made.sheetnames == ["Resor", NAME, f"{NAME} (Färdkost)", "Dygn"]
    assert made[f"{NAME} (Färdkost)"]["B2"].value == 99 and made[NAME]["A1"].value == "min egen"
    names = openpyxl.load_workbook(second)[f"{NAME} (Färdkost)"].print_title_rows
    assert names == "$1:$1"


def test_sheets_in_a_strict_workbook_are_strict(tmp_path: Path) -> None:
    strict = worksheet(HEAD_ROW + BODY, space="http://purl.oclc.org/ooxml/spreadsheetml/main")
    source, out = handmade(tmp_path / "resor.xlsx", strict, strict=True), tmp_path / "ut.xlsx"
    run(source, out, donor(tmp_path / "d.xlsx"))
    parts = [name for name in raw_parts(out) if re.search("fardkost|drawing|chart", name)]
    assert len(parts) == 6
    for name in parts:
        assert b"http://schemas.openxmlformats.org/spreadsheetml" not in read_part(out, name), name
        assert b"http://schemas.openxmlformats.org/officeDocument" not in read_part(out, name), name
        assert b"http://schemas.openxmlformats.org/drawingml" not in read_part(out, name), name


def test_a_locked_structure_gets_no_sheets(tmp_path: Path) -> None:
    locked = '<workbookProtection lockStructure="1"/>'
    source = handmade(tmp_path / "resor.xlsx", worksheet(HEAD_ROW + BODY))
    main = read_part(source, "xl/workbook.xml").replace(b"<sheets>", locked.encode() + b"<sheets>")
    source = rewrite(source, tmp_path / "2.xlsx", lambda name, content: main if name == "xl/workbook.xml" else content)
    report = run(source, tmp_path / "ut.xlsx", donor(tmp_path / "d.xlsx"))
    assert report.added == [] and "struktur är skyddad" in report.notes[0]
    assert openpyxl.load_workbook(tmp_path / "ut.xlsx")["Resor"]["D4"].value == 2061


def test_a_protected_sheet_is_filled_in_and_told_of(tmp_path: Path) -> None:
    source = handmade(
        tmp_path / "resor.xlsx", worksheet(HEAD_ROW + BODY, after='<sheetProtection sheet="1" objects="1"/>')
    )
    report = patch_workbook(source, tmp_path / "ut.xlsx", make_patch([2, 3, 4]))
    assert report.notes == ["Bladet Resor är skyddat; skyddet är kvar och resultatet står i det."]
    assert openpyxl.load_workbook(tmp_path / "ut.xlsx")["Resor"].protection.sheet
