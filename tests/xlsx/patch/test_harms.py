"""Forms of real workbooks that results once did harm to, each made by hand as small as it can be."""

from __future__ import annotations

import os
import re
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from tests.xlsx.patch.conftest import HEADINGS, MAIN, TITLES, make_patch, raw_parts, read_part, rewrite
from tests.xlsx.patch.test_forms import (
    BODY,
    HEAD_ROW,
    OFFICE,
    PACKAGE,
    SHEET,
    SHEET_TYPE,
    STRICT_OFFICE,
    handmade,
    worksheet,
)
from tests.xlsx.patch.test_refresh import with_chain
from tests.xlsx.patch.test_sheets import NAME, donor, run
from xlsx.patch.patching import patch_workbook
from xlsx.patch.references import Area

TYPES = "[Content_Types].xml"
PLAIN = worksheet(HEAD_ROW + BODY)
RELATIONS = f'<Relationships xmlns="{PACKAGE}/relationships">%s</Relationships>'
AGAIN: dict[str, Any] = {"headings": [*HEADINGS, *TITLES], "free": 9}


def changed(source: Path, part: str, old: str, new: str) -> Path:
    """A copy with one part changed."""
    assert old.encode() in read_part(source, part)
    return rewrite(
        source,
        source.with_name(f"ny-{source.name}"),
        lambda name, content: content.replace(old.encode(), new.encode()) if name == part else content,
    )


def types_of(path: Path) -> tuple[Counter[str], Counter[str]]:
    """How many times each ending and each part is told of."""
    root = etree.fromstring(read_part(path, TYPES))
    return (
        Counter(one.get("Extension") for one in root.iter("{*}Default")),
        Counter(one.get("PartName") for one in root.iter("{*}Override")),
    )


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("prefix", ["r", "rel"])
def test_the_prefix_of_relationships_declared_on_each_sheet(prefix: str, strict: bool, tmp_path: Path) -> None:
    """As openpyxl writes it."""
    office = STRICT_OFFICE if strict else OFFICE
    source = handmade(tmp_path / "resor.xlsx", PLAIN, strict=strict)
    source = changed(source, "xl/workbook.xml", f' xmlns:r="{office}"', "")
    source = changed(source, "xl/workbook.xml", "<sheet ", f'<sheet xmlns:{prefix}="{office}" ')
    source = changed(source, "xl/workbook.xml", "r:id", f"{prefix}:id")
    run(source, tmp_path / "ut.xlsx", donor(tmp_path / "d.xlsx"))
    sheets = etree.fromstring(read_part(tmp_path / "ut.xlsx", "xl/workbook.xml")).findall(".//{*}sheet")
    relations = etree.fromstring(read_part(tmp_path / "ut.xlsx", "xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target") for one in relations}
    assert [targets[one.get(f"{{{office}}}id")] for one in sheets] == [
        f"worksheets/{name}.xml" for name in ("sheet1", "fardkost1", "fardkost2")
    ]


def test_a_type_for_relationships_where_none_is_told_of_by_ending(tmp_path: Path) -> None:
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    parts = ("_rels/.rels", "xl/_rels/workbook.xml.rels")
    by_name = "".join(f'<Override PartName="/{one}" ContentType="{kind}"/>' for one in parts)
    by_ending = f'<Default Extension="rels" ContentType="{kind}"/>'
    source = changed(handmade(tmp_path / "resor.xlsx", PLAIN), TYPES, by_ending, by_name)
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    run(source, first, donor(tmp_path / "d.xlsx"))
    assert types_of(first)[0]["rels"] == 1
    assert sum(name.endswith(".rels") for name in raw_parts(first)) == 4
    run(first, second, donor(tmp_path / "d.xlsx"), **AGAIN)
    assert first.read_bytes() == second.read_bytes()


def test_a_second_run_takes_the_places_of_the_first_ones_charts(tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{number}.xlsx" for number in (1, 2, 3))
    run(handmade(tmp_path / "resor.xlsx", PLAIN), first, donor(tmp_path / "d.xlsx"))
    assert {"xl/charts/chart1.xml", "xl/drawings/drawing1.xml"} <= raw_parts(first).keys()
    run(first, second, donor(tmp_path / "d.xlsx"), **AGAIN)
    assert second.read_bytes() == first.read_bytes()
    run(first, third, donor(tmp_path / "d.xlsx", chart=False), **AGAIN)
    assert not any("chart" in name or "drawing" in name for name in raw_parts(third))
    assert not any("chart" in name or "drawing" in name for name in types_of(third)[1])
    assert openpyxl.load_workbook(third)[NAME]["B2"].value == 12.5


def test_what_the_user_leans_on_too_is_kept(tmp_path: Path) -> None:
    """A sheet of the user's that has the drawing of ours."""
    first, out = tmp_path / "1.xlsx", tmp_path / "ut.xlsx"
    run(handmade(tmp_path / "resor.xlsx", PLAIN), first, donor(tmp_path / "d.xlsx"))
    relation = f'<Relationship Id="a" Type="{OFFICE}/drawing" Target="/xl/drawings/drawing1.xml"/>'
    with zipfile.ZipFile(first, "a") as archive:
        archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", RELATIONS % relation)
    run(first, out, donor(tmp_path / "d.xlsx", chart=False), **AGAIN)
    kept = ("xl/drawings/drawing1.xml", "xl/drawings/_rels/drawing1.xml.rels", "xl/charts/chart1.xml")
    assert all(raw_parts(out)[name] == raw_parts(first)[name] for name in kept)


@pytest.mark.parametrize(
    ("merged", "first"), [("C1:F1", "G"), ("C3:E4", "F"), ("B4:D9", "E"), ("C5:F9", "D"), ("A1:B1", "D")]
)
def test_results_are_not_hidden_in_merged_cells(merged: str, first: str, tmp_path: Path) -> None:
    after = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'
    source, out = handmade(tmp_path / "resor.xlsx", worksheet(HEAD_ROW + BODY, after=after)), tmp_path / "ut.xlsx"
    assert patch_workbook(source, out, make_patch([2, 3, 4])).columns["Traktamente"] == first
    assert after.encode() in read_part(out, SHEET)
    assert openpyxl.load_workbook(out)["Resor"][f"{first}4"].value == 2061


def with_styles(source: Path, styles: str | None) -> Path:
    """With styles of its own; None: they are told of but not there."""
    stated = f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/>'
    source = changed(source, TYPES, "</Types>", f"{stated}</Types>")
    if styles is not None:
        relation = f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
        source = changed(source, "xl/_rels/workbook.xml.rels", "</Relationships>", f"{relation}</Relationships>")
        with zipfile.ZipFile(source, "a") as archive:
            archive.writestr("xl/styles.xml", styles)
    return source


ORDER = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"]


@pytest.mark.parametrize("inside", ["", "<colors/>", "<fonts/><tableStyles/>"])
def test_styles_with_nothing_in_them(inside: str, tmp_path: Path) -> None:
    styles = f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>'
    source, out = with_styles(handmade(tmp_path / "resor.xlsx", PLAIN), styles), tmp_path / "ut.xlsx"
    run(source, out, donor(tmp_path / "d.xlsx"))
    root = etree.fromstring(read_part(out, "xl/styles.xml"))
    assert [name for one in root if (name := etree.QName(one).localname) in ORDER] == ORDER
    # Cells without a style have the first of each: plain, as in a new workbook.
    first = {name: root.find(f"{{*}}{name}")[0] for name in ORDER[1:6]}
    assert first["fonts"].find("{*}b") is None and first["fonts"].find("{*}color") is None
    assert first["fills"].find("{*}patternFill").get("patternType") == "none"
    assert [one.get("style") for one in first["borders"]] == [None] * 5
    assert [first["cellXfs"].get(name) for name in ("fontId", "fillId", "borderId", "numFmtId")] == ["0"] * 4


def test_styles_that_are_told_of_but_not_there(tmp_path: Path) -> None:
    source, out = with_styles(handmade(tmp_path / "resor.xlsx", PLAIN), None), tmp_path / "ut.xlsx"
    patch_workbook(source, out, make_patch([2, 3, 4]))
    assert "xl/styles.xml" in raw_parts(out)
    assert types_of(out)[1]["/xl/styles.xml"] == 1


@pytest.mark.parametrize(("area", "first"), [("F2:G3", "H"), ("E3:F9", "G"), ("F6:G9", "D")])
def test_tables_do_not_overlap(area: str, first: str, tmp_path: Path) -> None:
    """Table A1:C4 would grow over one to its right whose cells are blank."""
    tables = {1: ("A1:C4", HEADINGS), 2: (area, ("x", "y"))}
    listed = '<tableParts count="2"><tablePart r:id="t1"/><tablePart r:id="t2"/></tableParts>'
    sheet = worksheet(HEAD_ROW + BODY, after=listed).replace("<worksheet ", f'<worksheet xmlns:r="{OFFICE}" ')
    source, out = handmade(tmp_path / "resor.xlsx", sheet), tmp_path / "ut.xlsx"
    relation = f'<Relationship Id="t%d" Type="{OFFICE}/table" Target="../tables/table%d.xml"/>'
    with zipfile.ZipFile(source, "a") as archive:
        relations = "".join(relation % (number, number) for number in tables)
        archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", RELATIONS % relations)
        for number, (ref, names) in tables.items():
            columns = "".join(f'<tableColumn id="{n}" name="{name}"/>' for n, name in enumerate(names, 1))
            archive.writestr(
                f"xl/tables/table{number}.xml",
                f'<table xmlns="{MAIN}" id="{number}" name="T{number}" displayName="T{number}" ref="{ref}">'
                f'<tableColumns count="{len(names)}">{columns}</tableColumns></table>',
            )
    assert patch_workbook(source, out, make_patch([2, 3, 4])).columns["Traktamente"] == first
    one, other = (
        Area.parse(etree.fromstring(read_part(out, f"xl/tables/table{number}.xml")).get("ref")) for number in tables
    )
    assert not one.meets(other) and str(other) == area


STALE = (
    f'<calcChain xmlns="{MAIN}"><c r="D1" i="7"/><c r="A9" i="8"/><c r="D3" i="7"/><c r="D9"/><c r="D3" i="8"/>'
    '<c r="C3" i="7"/><c r="?"/></calcChain>'
)


@pytest.mark.parametrize("piece", [1 << 22, 7])
def test_blank_cells_that_the_order_of_calculation_lists(
    piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D1 and D3 have no formulas and get values: the chain says so no more from the first run on."""
    monkeypatch.setattr("xlsx.patch.deflate.PIECE", piece)
    source = handmade(tmp_path / "resor.xlsx", PLAIN)
    source = with_chain(source, tmp_path / "kedja.xlsx", PLAIN.encode(), STALE)
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    patch_workbook(source, first, make_patch([2, 3, 4]))
    chain = [(one.get("r"), one.get("i")) for one in etree.fromstring(read_part(first, "xl/calcChain.xml"))]
    # D3 named the sheet of D9.
    assert chain == [("A9", "8"), ("D9", "7"), ("D3", "8"), ("C3", "7"), ("?", None)]
    patch_workbook(first, second, make_patch([2, 3, 4], **AGAIN))
    assert second.read_bytes() == first.read_bytes()


def test_a_heading_that_is_a_formula_stays_in_the_order_of_calculation(tmp_path: Path) -> None:
    """A second run leaves headings alone."""
    first, out = tmp_path / "1.xlsx", tmp_path / "ut.xlsx"
    patch_workbook(handmade(tmp_path / "resor.xlsx", PLAIN), first, make_patch([2, 3, 4]))
    chained = with_chain(first, tmp_path / "kedja.xlsx", read_part(first, SHEET), STALE)
    patch_workbook(chained, out, make_patch([2, 3, 4], **AGAIN))
    chain = [one.get("r") for one in etree.fromstring(read_part(out, "xl/calcChain.xml"))]
    assert chain == ["D1", "A9", "D9", "D3", "C3", "?"]


@pytest.mark.parametrize("name", [NAME, "Min egen"])
def test_the_chart_of_a_sheet_with_another_name_has_its_figures(name: str, tmp_path: Path) -> None:
    source = changed(handmade(tmp_path / "resor.xlsx", PLAIN), "xl/workbook.xml", "Resor", name)
    report = run(source, tmp_path / "ut.xlsx", donor(tmp_path / "d.xlsx"), sheet=name)
    ours = f"{NAME} (Färdkost)" if name == NAME else NAME
    assert report.added[0] == ours
    said = re.findall(r"<c:f>(.*?)</c:f>", read_part(tmp_path / "ut.xlsx", "xl/charts/chart1.xml").decode())
    assert [one.replace("'", "") for one in said] == [f"{ours}!$B$2:$B$3"]
    assert name != NAME or said[0].startswith("'")


def test_what_a_killed_run_left_goes_after_a_day(tmp_path: Path) -> None:
    source, out = handmade(tmp_path / "resor.xlsx", PLAIN), tmp_path / "ut.xlsx"
    hours = {
        ".fardkost-0123456789ab.tmp": 25,
        ".fardkost-ba9876543210.tmp": 23,
        ".fardkost-kopia.tmp": 25,
        ".fardkosten-0123456789ab.tmp": 25,
        "fardkost-0123456789ab.tmp": 25,
    }
    for name, age in hours.items():
        (tmp_path / name).write_bytes(b"PK")
        os.utime(tmp_path / name, (time.time() - age * 3600,) * 2)
    (tmp_path / ".fardkost-aaaaaaaaaaaa.tmp").mkdir()
    os.utime(tmp_path / ".fardkost-aaaaaaaaaaaa.tmp", (0, 0))
    patch_workbook(source, out, make_patch([2, 3, 4]))
    gone = set(hours) - {one.name for one in tmp_path.iterdir()}
    assert gone == {".fardkost-0123456789ab.tmp"} and (tmp_path / ".fardkost-aaaaaaaaaaaa.tmp").is_dir()


def test_a_name_that_a_sheet_points_at_is_not_taken_though_nothing_is_there(tmp_path: Path) -> None:
    """Some programs leave out empty drawings and keep what points at them: ours would show in the user's sheet."""
    source, first, second = (tmp_path / name for name in ("resor.xlsx", "1.xlsx", "2.xlsx"))
    handmade(source, PLAIN)
    relation = f'<Relationship Id="a" Type="{OFFICE}/drawing" Target="../drawings/drawing1.xml"/>'
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", RELATIONS % relation)
    run(source, first, donor(tmp_path / "d.xlsx"))
    assert [name for name in raw_parts(first) if name.startswith("xl/drawings/draw")] == ["xl/drawings/drawing2.xml"]
    run(first, second, donor(tmp_path / "d.xlsx"), **AGAIN)
    assert second.read_bytes() == first.read_bytes()
