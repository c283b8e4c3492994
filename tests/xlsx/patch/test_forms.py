"""Forms of a workbook that XML and the standard allow and some program writes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import fastexcel
import openpyxl
import pytest
from lxml import etree

from tests.xlsx.patch.conftest import (
    HEADINGS,
    MAIN,
    TITLES,
    assert_only_results_added,
    cells_of,
    expected,
    make_patch,
    raw_parts,
    read_part,
    rewrite,
)
from xlsx.patch.patching import patch_workbook

SHEET = "xl/worksheets/sheet1.xml"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def text(reference: str, value: str, prefix: str = "") -> str:
    p = prefix
    return f'<{p}c r="{reference}" t="inlineStr"><{p}is><{p}t>{value}</{p}t></{p}is></{p}c>'


def row(number: int, cells: str, prefix: str = "") -> str:
    return f'<{prefix}row r="{number}">{cells}</{prefix}row>'


HEAD_ROW = row(1, "".join(text(f"{letter}1", title) for letter, title in zip("ABC", HEADINGS, strict=True)))
BODY = "".join(row(n, f'{text(f"A{n}", f"R{n}")}<c r="C{n}"><v>{n}</v></c>') for n in (2, 3, 4))


def handmade(
    path: Path, sheet: str | bytes, *, strict: bool = False, workbook_more: str = "", folder: str = "xl"
) -> Path:
    """The least that a workbook can be, around a sheet of one's own."""
    office = STRICT_OFFICE if strict else OFFICE
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{folder}/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/{folder}/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="a" Type="{office}/officeDocument" Target="/{folder}/workbook.xml"/></Relationships>',
        f"{folder}/workbook.xml": f'<workbook xmlns="{STRICT if strict else MAIN}" xmlns:r="{office}">'
        f'<sheets><sheet name="Resor" sheetId="7" r:id="b"/></sheets>{workbook_more}</workbook>',
        f"{folder}/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="b" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        f"{folder}/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def worksheet(rows: str, before: str = "", after: str = "", space: str = MAIN) -> str:
    return f'<worksheet xmlns="{space}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(?=\w)", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


FORMS = {
    "plain": worksheet(HEAD_ROW + BODY),
    "prefixed": prefixed(worksheet(HEAD_ROW + BODY)),
    "single quotes": worksheet(HEAD_ROW + BODY).replace('"', "'"),
    "white space": worksheet((HEAD_ROW + BODY).replace("<row", "\n  <row\n").replace("</row>", "\n  </row >")),
    "no numbers": re.sub(r' r="\w+"', "", worksheet(HEAD_ROW + BODY.replace('<c r="C', '<c/><c r="C'))),
    "style first": re.sub(r'(<c) (r="\w+")', r'\1 s="0" \2', worksheet(HEAD_ROW + BODY)),
    "comments": worksheet(
        HEAD_ROW + '<!-- <row r="9"><c r="A9"/></row> --><?x </row>?>' + BODY.replace("R3", "<![CDATA[</row><c]]>")
    ),
    "comment in the head": worksheet(HEAD_ROW + BODY, before="<!-- <sheetData> -->"),
    "alternate content": worksheet(
        HEAD_ROW + BODY,
        after='<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="x14"><controls><row/></controls></mc:Choice></mc:AlternateContent>',
    ),
    "ignorable namespaces": worksheet(HEAD_ROW + BODY.replace("<row ", '<row x14ac:dyDescent="0.25" ')).replace(
        "<worksheet ",
        '<worksheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" '
        'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
        'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
        'xr:uid="{00000000-0001-0000-0000-000000000000}" ',
    ),
    "page breaks after": worksheet(HEAD_ROW + BODY, after='<rowBreaks count="1"><brk id="3"/></rowBreaks>'),
    "greater-than in an attribute": worksheet(HEAD_ROW + BODY.replace("<row ", '<row x="a>b/>" ')),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gets_its_cells(form: str, tmp_path: Path) -> None:
    source, out = handmade(tmp_path / "resor.xlsx", FORMS[form]), tmp_path / "ut.xlsx"
    report = patch_workbook(source, out, make_patch([2, 3, 4]))
    assert report.sheet == "Resor" and report.notes == []
    assert_only_results_added(source, out, SHEET, range(3, 9))
    xml = read_part(out, SHEET)
    found = cells_of(xml)
    titles = [found[1, column][1] for column in range(3, 9)]
    assert all(f">{title}</" in one for title, one in zip(TITLES, titles, strict=True))
    for number, values in expected([2, 3, 4]).items():
        for column, value in enumerate(values, 3):
            attributes, inside = found[number, column]
            if isinstance(value, int | float):
                assert float(re.search(r">([-.\d]+)<", inside)[1]) == pytest.approx(value)  # type: ignore[index]
            else:
                assert (inside == "") == (value is None) and ("inlineStr" in str(attributes)) == (value is not None)
    spaces = {one.tag.partition("}")[0] for one in etree.fromstring(xml).iter("{*}c")}
    assert spaces == {"{" + MAIN}


def test_a_second_run_over_every_form(tmp_path: Path) -> None:
    for number, xml in enumerate(FORMS.values()):
        source = handmade(tmp_path / f"{number}.xlsx", xml)
        first, second = tmp_path / f"{number}-1.xlsx", tmp_path / f"{number}-2.xlsx"
        patch_workbook(source, first, make_patch([2, 3, 4]))
        patch_workbook(first, second, make_patch([2, 3, 4], headings=[*HEADINGS, *TITLES]))
        assert first.read_bytes() == second.read_bytes(), list(FORMS)[number]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings_become_utf8(encoding: str, tmp_path: Path) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>' + FORMS["plain"].replace("R3", "Rå")
    source, out = handmade(tmp_path / "resor.xlsx", xml.encode(encoding)), tmp_path / "ut.xlsx"
    patch_workbook(source, out, make_patch([2, 3, 4]))
    assert read_part(out, SHEET).startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert_only_results_added(source, out, SHEET, range(3, 9))


def test_a_strict_workbook(tmp_path: Path) -> None:
    xml = worksheet(HEAD_ROW + BODY, space=STRICT)
    source, out = handmade(tmp_path / "resor.xlsx", xml, strict=True), tmp_path / "ut.xlsx"
    patch_workbook(source, out, make_patch([2, 3, 4]))
    assert_only_results_added(source, out, SHEET, range(3, 9))
    styles = etree.fromstring(read_part(out, "xl/styles.xml"))
    assert styles.tag == "{" + STRICT + "}styleSheet"
    relations = read_part(out, "xl/_rels/workbook.xml.rels").decode()
    assert f'Type="{STRICT_OFFICE}/styles"' in relations


def test_a_workbook_without_styles_gets_some(tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    source, out = handmade(tmp_path / "resor.xlsx", FORMS["plain"]), tmp_path / "ut.xlsx"
    patch_workbook(source, out, make_patch([2, 3, 4]))
    assert openpyxl.load_workbook(out)["Resor"]["D4"].number_format == "#,##0.00"
    assert openpyxl.load_workbook(libreoffice(out, "xlsx"))["Resor"]["D4"].value == 2061


def test_a_workbook_in_another_folder(tmp_path: Path) -> None:
    source, out = handmade(tmp_path / "resor.xlsx", FORMS["plain"], folder="doc/bok"), tmp_path / "ut.xlsx"
    patch_workbook(source, out, make_patch([2, 3, 4]))
    assert fastexcel.read_excel(out).load_sheet("Resor").to_arrow().to_pylist()[2]["Traktamente"] == 2061
    assert "doc/bok/styles.xml" in raw_parts(out)


def test_part_names_with_backslashes_and_other_case(tmp_path: Path) -> None:
    plain = handmade(tmp_path / "a.xlsx", FORMS["plain"])
    source, out = tmp_path / "resor.xlsx", tmp_path / "ut.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(source, "w") as new:
        for entry in old.infolist():
            name = entry.filename.replace("/", "\\").replace("sheet1", "Sheet1")
            new.writestr(name if entry.filename.startswith("xl/") else entry.filename, old.read(entry))
    patch_workbook(source, out, make_patch([2, 3, 4]))
    assert b"Traktamente" in read_part(out, "xl\\worksheets\\Sheet1.xml")


def test_what_an_array_formula_fills_is_taken_though_it_is_blank(tmp_path: Path) -> None:
    array = BODY.replace('<c r="C3">', '<c r="C3"><f t="array" ref="C3:E3">1+2</f>')
    source, out = handmade(tmp_path / "resor.xlsx", worksheet(HEAD_ROW + array)), tmp_path / "ut.xlsx"
    report = patch_workbook(source, out, make_patch([2, 3, 4]))
    assert report.columns["Traktamente"] == "F"
    assert_only_results_added(source, out, SHEET, range(5, 11))


def test_a_cell_in_the_way_moves_the_results_beyond_it(tmp_path: Path) -> None:
    note = BODY.replace('<c r="C4">', '<c r="C4"/><c r="F4">', 1)
    source, out = handmade(tmp_path / "resor.xlsx", worksheet(HEAD_ROW + note)), tmp_path / "ut.xlsx"
    report = patch_workbook(source, out, make_patch([2, 3, 4]))
    assert report.columns["Traktamente"] == "G"
    assert_only_results_added(source, out, SHEET, range(6, 12))


def test_rows_that_are_not_there_are_made(tmp_path: Path) -> None:
    source = handmade(tmp_path / "resor.xlsx", worksheet(HEAD_ROW + row(2, text("A2", "R2"))))
    out = tmp_path / "ut.xlsx"
    patch_workbook(source, out, make_patch([2, 4, 5]))
    found = cells_of(read_part(out, SHEET))
    assert sorted({number for number, _ in found}) == [1, 2, 4, 5] and (5, 8) in found


def test_many_rows_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces end anywhere: in a tag, between rows, in a comment."""
    monkeypatch.setattr("xlsx.patch.deflate.PIECE", 61)
    monkeypatch.setattr("xlsx.patch.package.PIECE", 61)
    rows = list(range(2, 60))
    body = "".join(row(n, f'{text(f"A{n}", "x")}<c r="C{n}"><v>1</v></c>') for n in rows)
    gap = "".join(row(n, f'{text(f"A{n}", "x")}<c r="C{n}"><v>1</v></c>') for n in rows if n not in (30, 31))
    commented = body.replace("</row>", "</row><!-- </row> -->")
    tail = '<protectedRanges><protectedRange name="' + "x" * 300 + '"/></protectedRanges>'
    tail += '<autoFilter ref="A1:C59"/><mergeCells/>'
    for number, cells in enumerate((body, gap, commented)):
        source = handmade(tmp_path / f"{number}.xlsx", worksheet(HEAD_ROW + cells, after=tail))
        out = tmp_path / f"{number}-ut.xlsx"
        seen: list[int] = []
        patch_workbook(source, out, make_patch(rows), seen.append)
        found = cells_of(read_part(out, SHEET))
        assert all((n, column) in found for n in rows for column in range(3, 9))
        assert seen == sorted(seen) and seen[-1] == len(rows) and len(seen) > 5
        assert b'<autoFilter ref="A1:I59"/>' in read_part(out, SHEET)
        if cells is gap:
            numbers = [one.get("r") for one in etree.fromstring(read_part(out, SHEET)).iter("{*}row")]
            assert numbers == [str(n) for n in range(1, 60)]
        else:
            assert_only_results_added(source, out, SHEET, range(3, 9))


@pytest.mark.parametrize(
    "xml",
    [
        "<worksheet xmlns='" + MAIN + "'/>",
        worksheet(re.sub("<(/?)row", r"<\1y:row", HEAD_ROW + BODY)).replace(MAIN, f'{MAIN}" xmlns:y="{MAIN}'),
        worksheet(HEAD_ROW + row(3, text("A3", "x")) + row(2, text("A2", "x"))),
        worksheet(HEAD_ROW + row(2, text("B2", "x") + text("A2", "y")) + row(3, "") + row(4, "")),
    ],
    ids=["no rows", "other prefix", "rows out of order", "cells out of order"],
)  # fmt: skip
def test_what_cannot_be_spliced_gets_a_sheet_of_its_own(xml: str, tmp_path: Path) -> None:
    source, out = handmade(tmp_path / "resor.xlsx", xml), tmp_path / "ut.xlsx"
    report = patch_workbook(source, out, make_patch([2, 3, 4], headings=["", "", ""], free=3))
    assert report.sheet == "Resultat" and len(report.notes) == 1 and "Bladet Resor är orört" in report.notes[0]
    assert report.notes[0].endswith("Sorteras det om, stämmer kolumnen Rad inte längre; räkna då om filen.")
    assert raw_parts(out)[SHEET] == raw_parts(source)[SHEET]
    sheet = openpyxl.load_workbook(rewrite(out, tmp_path / "läsbar.xlsx", lambda name, content: (
        FORMS["plain"].encode() if name == SHEET else content)))["Resultat"]  # fmt: skip
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Rad", *TITLES)
    assert rows[1][:3] == (2, 0, 1.5) and rows[3][:2] == (4, 2061) and rows[2][6] == "Avresa saknas."


def test_headings_that_stand_elsewhere_than_they_were_read(tmp_path: Path) -> None:
    source = handmade(tmp_path / "resor.xlsx", FORMS["plain"])
    report = patch_workbook(source, tmp_path / "ut.xlsx", make_patch([2, 3, 4], headings=["", *HEADINGS]))
    assert report.sheet == "Resultat" and "rubrikerna inte står där de lästes" in report.notes[0]
