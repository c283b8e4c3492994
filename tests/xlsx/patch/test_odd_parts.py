"""Attributes that are missing or odd, and texts that XML writes in several ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tests.xlsx.patch.conftest import MAIN, make_patch, read_part, rewrite
from tests.xlsx.patch.test_forms import BODY, HEAD_ROW, handmade, worksheet
from tests.xlsx.patch.test_package import refused
from tests.xlsx.patch.test_patching import by_xlsxwriter
from xlsx.patch.patching import patch_workbook
from xlsx.patch.references import Area
from xlsx.patch.worksheet import edited_head

SHEET, BOOK, TABLE, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/tables/table1.xml", "xl/styles.xml"


def with_change(source: Path, part: str, old: str, new: str) -> Path:
    """A copy whose part has something else in the place of a text that it has."""

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return rewrite(source, source.with_name("ändrad.xlsx"), change)


@pytest.mark.parametrize(
    "written",
    [
        "'Resor p&#229; &#xE5;ret'!$A$1:$C$4",
        "<![CDATA['Resor på året'!]]>$A$1:$C$4",
        "'Resor på året'!<!-- här -->$A$1:$C$4",
        "&apos;Resor på året&apos;!$A$1:$C$4",
    ],
)
def test_names_keep_their_sheet_however_it_is_written(written: str, tmp_path: Path) -> None:
    """Six result columns after A–C: the areas reach out to I."""
    names = "".join(
        f'<definedName name="_xlnm.{name}" localSheetId="0">{written}</definedName>'
        for name in ("_FilterDatabase", "Print_Area")
    )
    book = handmade(
        tmp_path / "a.xlsx", worksheet(HEAD_ROW + BODY), workbook_more=f"<definedNames>{names}</definedNames>"
    )
    source = with_change(book, BOOK, 'name="Resor"', 'name="Resor på året"')
    patch_workbook(source, tmp_path / "ut.xlsx", make_patch([2, 3, 4], sheet="Resor på året"))
    listed = etree.fromstring(read_part(tmp_path / "ut.xlsx", BOOK)).iter("{*}definedName")
    found = {one.get("name"): one.text for one in listed}
    assert found["_xlnm._FilterDatabase"] == found["_xlnm.Print_Area"] == "'Resor på året'!$A$1:$I$4"


def test_an_area_that_need_not_grow_keeps_its_bytes(tmp_path: Path) -> None:
    area = "&apos;Resor p&#229; &#xE5;ret&apos;!$A$1:$B$4"
    name = f'<definedName name="_xlnm.Print_Area" localSheetId="0">{area}</definedName>'
    more = f"<definedNames>{name}</definedNames>"
    source = handmade(tmp_path / "a.xlsx", worksheet(HEAD_ROW + BODY), workbook_more=more)
    patch_workbook(source, tmp_path / "ut.xlsx", make_patch([2, 3, 4]))
    assert name.encode() in read_part(tmp_path / "ut.xlsx", BOOK)


MERGED = '<mergeCells><mergeCell ref="A20:B20"/></mergeCells>'
FILTER = '<autoFilter ref="A1:C4"/>'
IN_SHEET = [
    ('min="2"', "", "<col> saknar min"),
    ('max="9"', "", "<col> saknar max"),
    ('max="9"', 'max=""', 'max="" i <col> ska vara ett heltal'),
    ('max="9"', 'max="-1"', 'max="-1" i <col> ska vara ett heltal'),
    ('max="9"', f'max="{"9" * 5000}"', f'max="{"9" * 100}" i <col> ska vara ett heltal'),
    ('ref="A20:B20"', "", "<mergeCell> saknar ref"),
    ('ref="A20:B20"', 'ref="Z:Z"', 'ref="Z:Z" i <mergeCell> ska vara ett område som A1:B2'),
    ('ref="A1:C4"', 'ref="A1:²"', 'ref="A1:²" i <autoFilter> ska vara ett område som A1:B2'),
]


@pytest.mark.parametrize(("old", "new", "said"), IN_SHEET)
def test_odd_attributes_of_the_sheet_are_told_of(old: str, new: str, said: str, tmp_path: Path) -> None:
    before = '<cols><col min="2" max="9" width="8"/></cols>'
    book = handmade(tmp_path / "a.xlsx", worksheet(HEAD_ROW + BODY, before, FILTER + MERGED))
    patch_workbook(book, tmp_path / "a-ut.xlsx", make_patch([2, 3, 4]))
    assert f"skadad i bladet: {said}. Öppna" in refused(with_change(book, SHEET, old, new), tmp_path / "ut.xlsx")


IN_OTHER_PARTS = [
    (BOOK, 'name="Resor"', "", "<sheet> saknar name"),
    (TABLE, '<tableColumn id="1"', "<tableColumn", "<tableColumn> saknar id"),
    (TABLE, '<tableColumn id="1"', '<tableColumn id="ett"', 'id="ett" i <tableColumn> ska vara ett heltal'),
    (TABLE, '<autoFilter ref="', '<autoFilter x="', "<autoFilter> saknar ref"),
    (TABLE, ' ref="A', ' x="A', "<table> saknar ref"),
    (TABLE, ' ref="A', ' ref="?A', 'i <table> ska vara ett område som A1:B2'),
    (STYLES, 'numFmtId="164"', 'numFmtId=""', 'numFmtId="" i <numFmt> ska vara ett heltal'),
]  # fmt: skip


@pytest.mark.parametrize(("part", "old", "new", "said"), IN_OTHER_PARTS)
def test_odd_attributes_of_other_parts_are_told_of(part: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    source = with_change(by_xlsxwriter(tmp_path / "a.xlsx", table=True), part, old, new)
    told = refused(source, tmp_path / "ut.xlsx")
    assert told.startswith(f"ändrad.xlsx: filen är skadad i delen {part}: ") and f"{said}. Öppna" in told


def test_attributes_of_columns_come_back_as_they_were() -> None:
    head = f'<worksheet xmlns="{MAIN}"><cols><col min="2" max="9" note="a&amp;b &lt;&quot;c&quot;>"/></cols><sheetData>'
    made = edited_head(head.encode(), Area(1, 3, 9, 3), {3: 12.5})
    columns = etree.fromstring(made + b"</sheetData></worksheet>").findall("{*}cols/{*}col")
    assert [(one.get("min"), one.get("max")) for one in columns] == [("2", "3"), ("4", "4"), ("5", "9")]
    assert {one.get("note") for one in columns} == {'a&b <"c">'}
