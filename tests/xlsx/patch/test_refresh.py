"""A sheet that has results of an earlier run: its columns are found wherever they are now."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from tests.xlsx.patch.conftest import HEADINGS, TITLES, cells_of, expected, make_patch, raw_parts, read_part, rewrite
from tests.xlsx.patch.test_forms import BODY, HEAD_ROW, SHEET, handmade, worksheet
from xlsx.grid import letters
from xlsx.patch.errors import Unpatchable
from xlsx.patch.patching import patch_workbook
from xlsx.patch.references import cell

ROWS = [2, 3, 4]


def first_run(folder: Path, xml: str = worksheet(HEAD_ROW + BODY), **more: Any) -> Path:
    source, out = handmade(folder / "resor.xlsx", xml, **more), folder / "1.xlsx"
    patch_workbook(source, out, make_patch(ROWS))
    return out


def with_columns(path: Path, out: Path, order: list[int | None]) -> tuple[Path, list[str]]:
    """A copy whose columns stand in another order (None: an empty one), and its headings."""
    old = cells_of(read_part(path, SHEET))
    headings = [re.sub(r"<.*?>", "", old[1, column][1]) if column is not None else "" for column in order]
    rows = []
    for row in (1, *ROWS):
        cells = ""
        for place, column in enumerate(order):
            attributes, inside = old.get((row, column if column is not None else -1), (None, ""))
            if attributes is not None:
                said = "".join(f' {key}="{value}"' for key, value in attributes.items())
                cells += f'<c r="{letters(place)}{row}"{said}>{re.sub(" xmlns=.[^ >]*", "", inside)}</c>'
        rows.append(f'<row r="{row}">{cells}</row>')
    xml = worksheet("".join(rows)).encode()
    return rewrite(path, out, lambda name, content: xml if name == SHEET else content), headings


def table(path: Path) -> dict[str, list[Any]]:
    sheet = openpyxl.load_workbook(path)["Resor"]
    return {str(column[0].value): [one.value for one in column[1:4]] for column in sheet.iter_cols()}


def assert_refreshed(path: Path) -> None:
    found, wanted = table(path), expected(ROWS)
    for place, title in enumerate(TITLES[:4]):
        assert found[title] == [
            pytest.approx(wanted[row][place]) if wanted[row][place] else wanted[row][place] for row in ROWS
        ]
    assert found["Fel"] == [None, "Avresa saknas.", None]
    assert found["Rese-ID"] == ["R2", "R3", "R4"] and found["Km"] == [2, 3, 4]


@pytest.mark.parametrize(
    ("order", "columns"),
    [
        ([0, 1, 2, 8, 7, 6, 5, 4, 3], "IHGFED"),  # turned round
        ([3, 0, 4, 1, 5, 2, 6, 7, 8], "ACEGHI"),  # among the user's own
        ([0, 1, 2, 3, 5, 6, 8], "DHEFIG"),  # two deleted: they come back at the right
        ([0, 1, 2, None, 3, 4, 5, 6, 7, 8], "EFGHIJ"),
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], "DEFGHI"),
    ],
)
def test_moved_columns_are_refreshed_where_they_are(order: list[int | None], columns: str, tmp_path: Path) -> None:
    moved, headings = with_columns(first_run(tmp_path), tmp_path / "2.xlsx", order)
    # Other values stand there now than what comes.
    old = re.sub(rb"<v>(2061|1030.5|1.5)</v>", b"<v>17</v>", read_part(moved, SHEET))
    stale = rewrite(moved, tmp_path / "3.xlsx", lambda name, content: old if name == SHEET else content)
    out = tmp_path / "4.xlsx"
    report = patch_workbook(stale, out, make_patch(ROWS, headings=headings, free=len(headings)))
    assert report.columns == dict(zip(TITLES, columns, strict=True))
    assert report.refreshed == len([one for one in order if one is not None and one > 2])
    assert_refreshed(out)
    for row in etree.fromstring(read_part(out, SHEET)).iter("{*}row"):
        places = [cell(one.get("r"))[1] for one in row]
        assert places == sorted(set(places))


def test_the_users_look_of_a_result_is_kept(tmp_path: Path) -> None:
    first, out = first_run(tmp_path), tmp_path / "2.xlsx"
    book = openpyxl.load_workbook(first)
    for row in range(1, 5):
        book["Resor"].cell(row, 4).number_format = "0.000"
    book["Resor"].column_dimensions["D"].width = 33
    book["Resor"]["D1"].font = openpyxl.styles.Font(color="FFFF0000")
    book.save(first)
    patch_workbook(first, out, make_patch(ROWS, headings=[*HEADINGS, *TITLES], free=9))
    sheet = openpyxl.load_workbook(out)["Resor"]
    assert [sheet.cell(row, 4).number_format for row in (2, 4)] == ["0.000"] * 2
    assert sheet.column_dimensions["D"].width == 33 and sheet["D1"].font.color.rgb == "FFFF0000"


def test_a_heading_that_is_there_twice_is_an_error(tmp_path: Path) -> None:
    twice, headings = with_columns(first_run(tmp_path), tmp_path / "2.xlsx", [0, 1, 2, 3, 3, 4, 5, 6, 7, 8])
    with pytest.raises(Unpatchable, match=r'2\.xlsx: rubriken "Traktamente" finns i kolumnerna D och E'):
        patch_workbook(twice, tmp_path / "3.xlsx", make_patch(ROWS, headings=headings))
    assert not (tmp_path / "3.xlsx").exists()


def test_a_heading_of_the_users_like_ours_is_left_alone(tmp_path: Path) -> None:
    """One heading like ours in a sheet that we never touched: our own gets another name, also the next time."""
    xml = worksheet(HEAD_ROW + BODY).replace("Avresa", "Fel").replace('<c r="C3">', '<c r="B3"><v>99</v></c><c r="C3">')
    source, first, second = handmade(tmp_path / "resor.xlsx", xml), tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    headings = ["Rese-ID", "Fel", "Km"]
    report = patch_workbook(source, first, make_patch(ROWS, headings=headings))
    assert report.refreshed == 0
    found = table(first)
    assert found["Fel"] == [None, 99, None] and found["Fel (Färdkost)"] == [None, "Avresa saknas.", None]
    report = patch_workbook(
        first, second, make_patch(ROWS, headings=[*headings, *TITLES[:5], "Fel (Färdkost)"], free=9)
    )
    assert report.refreshed == 6
    assert second.read_bytes() == first.read_bytes()


def test_three_headings_like_ours_without_our_mark_are_ours(tmp_path: Path) -> None:
    """Such is a file that another program saved without hidden names."""
    first = first_run(tmp_path)
    unmarked = re.sub(rb"<definedNames>.*</definedNames>", b"", read_part(first, "xl/workbook.xml"))
    bare = rewrite(first, tmp_path / "2.xlsx", lambda name, content: unmarked if name == "xl/workbook.xml" else content)
    report = patch_workbook(bare, tmp_path / "3.xlsx", make_patch(ROWS, headings=[*HEADINGS, *TITLES], free=9))
    assert report.refreshed == 6


def test_a_result_that_can_no_longer_be_computed_is_emptied(tmp_path: Path) -> None:
    patch = make_patch(ROWS, headings=[*HEADINGS, *TITLES], free=9)
    fewer = make_patch(
        ROWS, headings=[*HEADINGS, *TITLES], free=9, columns=[c for c in patch.columns if c.title != "Dygn"]
    )
    out = tmp_path / "2.xlsx"
    report = patch_workbook(first_run(tmp_path), out, fewer)
    assert report.notes == ["Kolumner från en tidigare beräkning som inte längre kan räknas är tömda: Dygn."]
    assert table(out)["Dygn"] == [None, None, None]
    assert table(out)["Färdtid h"] == [1.5, 1.5, 1.5]


CHAIN = (
    '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<c r="A9" i="8"/><c r="D3" i="7"/><c r="B2"/><c r="D2"/><c r="C5"/></calcChain>'
)


def with_chain(path: Path, out: Path, sheet: bytes, chain: str = CHAIN) -> Path:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/_rels/workbook.xml.rels":
            tag = f'<Relationship Id="chain" Type="{kind}" Target="calcChain.xml"/></Relationships>'
            return content.replace(b"</Relationships>", tag.encode())
        if name == "[Content_Types].xml":
            return content.replace(b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>')
        return sheet if name == SHEET else content

    rewrite(path, out, change)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/calcChain.xml", chain)
    return out


def test_a_formula_that_is_replaced_leaves_the_chain(tmp_path: Path) -> None:
    first = first_run(tmp_path)
    xml = read_part(first, SHEET).replace(b"<v>0</v>", b"<f>B2*2</f><v>0</v>", 1)
    chained, out = with_chain(first, tmp_path / "2.xlsx", xml), tmp_path / "3.xlsx"
    patch_workbook(chained, out, make_patch(ROWS, headings=[*HEADINGS, *TITLES], free=9))
    assert b"<f>" not in read_part(out, SHEET)
    chain = [(one.get("r"), one.get("i")) for one in etree.fromstring(read_part(out, "xl/calcChain.xml"))]
    # D3 named the sheet for those that follow it.
    assert chain == [("A9", "8"), ("B2", "7"), ("C5", None)]
    same = with_chain(first, tmp_path / "4.xlsx", xml, CHAIN.replace("D3", "D9").replace("D2", "D8"))
    patch_workbook(same, out, make_patch(ROWS, headings=[*HEADINGS, *TITLES], free=9))
    assert raw_parts(out)["xl/calcChain.xml"] == raw_parts(same)["xl/calcChain.xml"]


def test_a_chain_with_nothing_left_goes(tmp_path: Path) -> None:
    first = first_run(tmp_path)
    chain = re.sub(r'<c r="(A9|B2|C5)".*?/>', "", CHAIN)
    chained, out = with_chain(first, tmp_path / "2.xlsx", read_part(first, SHEET), chain), tmp_path / "3.xlsx"
    patch_workbook(chained, out, make_patch(ROWS, headings=[*HEADINGS, *TITLES], free=9))
    assert "xl/calcChain.xml" not in raw_parts(out)
    assert b"calcChain" not in read_part(out, "[Content_Types].xml") + read_part(out, "xl/_rels/workbook.xml.rels")


@pytest.mark.parametrize(("area", "apart"), [("D2:D4", False), ("D2:D9", True), ("C2:D4", True)])
def test_a_shared_formula_that_others_lean_on_is_not_taken_away(area: str, apart: bool, tmp_path: Path) -> None:
    first = first_run(tmp_path)
    xml = read_part(first, SHEET).replace(
        b"<v>0</v>", f'<f t="shared" ref="{area}" si="0">B2*2</f><v>0</v>'.encode(), 1
    )
    shared = rewrite(first, tmp_path / "2.xlsx", lambda name, content: xml if name == SHEET else content)
    report = patch_workbook(shared, tmp_path / "3.xlsx", make_patch(ROWS, headings=[*HEADINGS, *TITLES], free=9))
    assert (report.sheet == "Resultat") == apart
    assert any("delas med celler" in note for note in report.notes) == apart
