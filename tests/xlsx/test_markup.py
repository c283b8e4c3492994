"""What a sheet's markup tells is told whatever form XML gives it: formulas, hidden and merged cells, part names."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import xlsx.worker.swift as swift
from core.encoded import Encoded
from tests.xlsx.conftest import value
from tests.xlsx.hostile import TRIP, parts, row, sheet_xml, write_zip
from xlsx.compiled import KERNELS
from xlsx.errors import UnreadableSheet
from xlsx.grid import Marks
from xlsx.recalculate import recalculate
from xlsx.source import UNSAVED_FORMULA
from xlsx.worker.marks import read_markup
from xlsx.worker.parsing import WorkbookSource

SHEET = "xl/worksheets/sheet1.xml"
NAMED = TRIP.format(3)
"""The cells of row 3."""
D3 = '<c r="D3"><v>10</v></c>'
MERGED = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'


@pytest.fixture(params=[True, False], ids=["compiled", "python"])
def either(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Once as the kernels read, and once without them."""
    if request.param and KERNELS is None:
        pytest.skip("the kernels are not built here")
    if not request.param:
        monkeypatch.setattr(swift, "KERNELS", None)
    yield


def book(path: Path, cell: str, rows: str = "") -> Path:
    """Two trips, the second one with another cell of outlays, and more rows."""
    return write_zip(path, parts(sheet_xml(row(3, NAMED.replace(D3, cell)) + rows)))


def broken(path: Path) -> list[tuple[int, int]]:
    """Row and column, from 0, of the cells that say that their formula has no saved value."""
    columns, marks, left = WorkbookSource(path).load("Resor", 0, 1)
    found = [(place + 1, number + left) for number, column in enumerate(columns) for place in column.broken]
    assert all(text == UNSAVED_FORMULA for column in columns for text in column.broken.values())
    assert sorted(found) == sorted(marks.unsaved_formulas)
    return sorted(found)


def paid(path: Path) -> list[Any]:
    """What the trips are paid, in kronor; None for an error."""
    made = recalculate(path)
    return [value(made, "Ersättning totalt", trip) for trip in range(len(made.trips))]


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("cell", [
    '<c r="D3"><f>5+5</f></c>', '<c r="D3"><f>5+5</f><v/></c>', '<c r="D3"><f>5+5</f><v></v></c>',
    '<c r="D3"><f t="shared" si="0"/></c>', '<c r="D3" t="str"><f>5+5</f></c>',
    '<c r="D3"><f>5+5</f><v xml:space="preserve"/></c>', '<c r="D3"><f>5+5</f><v xml:space="preserve"></v></c>',
    '<c r="D3"><f>5+5</f><v> </v></c>', '<c r="D3">\n<f>5+5</f>\n<v>\n</v>\n</c>',
    '<c r="D3"><!-- x --><f>5+5</f></c>', '<c r="D3"><f>5<!-- x -->+5</f></c>', '<c r="D3"><?x y?><f>5+5</f></c>',
    '<c r="D3"><f>5+5</f><v><!-- 10 --></v></c>', '<c r="D3"><f><![CDATA[5+5]]></f></c>',
    "<c><f>5+5</f></c>", '<c s="0"><f>5+5</f><v/></c>', '<c r = "D3"><f>5+5</f></c>', '<c r="d3"><f>5+5</f></c>',
])  # fmt: skip
def test_a_formula_without_a_saved_value_is_found(tmp_path: Path, cell: str) -> None:
    assert broken(book(tmp_path / "formel.xlsx", cell)) == [(2, 3)]


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("cell", [
    # Excel and LibreOffice save the empty text of =IF(…;"";…) so.
    '<c r="D3" t="str"><f>IF(1,"",5)</f><v></v></c>', '<c r="D3" t="str"><f>IF(1,"",5)</f><v/></c>',
    "<c r=\"D3\" t='str'><f>IF(1,\"\",5)</f><v xml:space=\"preserve\"></v></c>",
    '<c r="D3" t="str"><f>IF(1,"",5)</f><v> </v></c>',
    '<c t="str"><!-- x --><f>IF(1,"",5)</f><v></v></c>',
    '<c r="D3"><f>5+5</f><v>10</v></c>', '<c r="D3"><f><![CDATA[5+5]]></f><v>10</v></c>',
    '<c r="D3"><f>5+5</f><v>1<!-- x -->0</v></c>', '<c><f>5+5</f><v>10</v></c>',
    '<c r="D3" t="inlineStr"><f>5+5</f><is><t>10</t></is></c>', D3 + '<!-- <c r="E3"><f>5+5</f></c> -->',
])  # fmt: skip
def test_a_formula_with_a_saved_value_is_not(tmp_path: Path, cell: str) -> None:
    assert broken(book(tmp_path / "formel.xlsx", cell)) == []


def test_the_empty_text_of_a_formula_is_no_error(tmp_path: Path) -> None:
    """2024: 290 kr for each of three whole days and 50 kr besides are 1 020; the first trip has outlays of 10 too."""
    assert paid(book(tmp_path / "tomt.xlsx", '<c r="D3" t="str"><f>IF(1,"",5)</f><v></v></c>')) == [1030, 1020]
    assert paid(book(tmp_path / "osparad.xlsx", '<c r="D3"><f>IF(1,"",5)</f><v></v></c>')) == [1030, None]


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("cell", [
    '<c r="D3" t="str"><f>"Norge"</f><v><![CDATA[Norge]]></v></c>', '<c r="D3"><v>1<![CDATA[0]]>0</v></c>',
    "<c><v><![CDATA[10]]></v></c>", '<c r="D3"><f>1</f><v><!-- x --><![CDATA[]]></v></c>',
])  # fmt: skip
def test_a_value_that_would_be_passed_by_is_refused(tmp_path: Path, cell: str) -> None:
    with pytest.raises(UnreadableSheet) as told:
        WorkbookSource(book(tmp_path / "resor.xlsx", cell)).load("Resor", 0, 1)
    assert str(told.value) == (
        'resor.xlsx: värdet i cell D3 på bladet "Resor" är skrivet på ett sätt som inte kan läsas (CDATA). '
        "Öppna filen i Excel, spara den och försök igen."
    )


@pytest.mark.usefixtures("either")
def test_texts_in_cdata_are_read(tmp_path: Path) -> None:
    cell = '<c r="D3" t="inlineStr"><is><t>No<![CDATA[r & ge]]></t></is></c>'
    columns, _, _ = WorkbookSource(book(tmp_path / "text.xlsx", cell)).load("Resor", 0, 1)
    cells = columns[3].cells
    assert isinstance(cells, Encoded)
    assert [cells.texts[place] for place in cells.index.tolist()] == ["10", "Nor & ge"]


HIDDEN = row(3, NAMED).replace("<row", '<row hidden="1"')
NOWHERE = re.compile(r' r="\w+"')


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("form", ["usual", "spaced", "nowhere", "cells nowhere", "commented", "declared"])
def test_hidden_rows_and_merged_cells(tmp_path: Path, form: str) -> None:
    sheet = sheet_xml(HIDDEN, after=MERGED)
    if form == "spaced":
        sheet = sheet.replace('hidden="1"', "hidden = 'true'")
    elif form == "nowhere":
        sheet = NOWHERE.sub("", sheet)
    elif form == "cells nowhere":
        sheet = re.sub(r' r="[A-Z]\w*"', "", sheet)
    elif form == "commented":
        aside = sheet_xml(row(3, NAMED), after='<mergeCells><mergeCell ref="A9:B9"/></mergeCells>').partition("?>")[2]
        other = aside.replace('<row r="2"', '<row r="2" hidden="1"')
        sheet = sheet.replace("</worksheet>", f"<!-- {other} --></worksheet>")
    elif form == "declared":
        sheet = sheet.replace("?>", "?><?x <row r='2' hidden='1'/>?>", 1)
    _, marks, left = WorkbookSource(write_zip(tmp_path / "dolt.xlsx", parts(sheet))).load("Resor", 0, 1)
    assert marks == Marks(frozenset({2}), [(1, 0, 2, 0)], []) and left == 0


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("places", [True, False])
def test_empty_columns_at_the_left_are_counted(tmp_path: Path, places: bool) -> None:
    heading, value = '<c r="B1" t="inlineStr"><is><t>Utlägg</t></is></c>', '<c r="B2"><v>10</v></c>'
    rows = row(1, '<c r="A1"/>', heading) + row(2, '<c r="A2"/>', value)
    before, _, after = sheet_xml().partition("<sheetData>")
    sheet = f"{before}<sheetData>{rows}{after[after.index('</sheetData>') :]}"
    path = write_zip(tmp_path / "vänster.xlsx", parts(sheet if places else NOWHERE.sub("", sheet)))
    columns, _, left = WorkbookSource(path).load("Resor", 0, 1)
    assert (len(columns), left) == (1, 1)


UNUSUAL: dict[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "sheet": (lambda name: name.replace("sheet1", "Sheet1"), str),
    "workbook": (lambda name: name.replace("workbook.xml", "Workbook.xml"), str),
    "capitals": (lambda name: name.replace("xl/", "XL/"), str),
    "folder": (lambda name: name.replace("xl/", "yl/"), lambda content: content.replace("xl/workbook", "yl/workbook")),
    "backslashes": (lambda name: name.replace("/", "\\") if name.startswith("xl") else name, str),
    "only the sheet's": (lambda name: name.replace("/", "\\") if name == SHEET else name, str),
}
"""How parts are named, and what others say of them."""


def renamed(path: Path, form: str) -> Path:
    rename, edit = UNUSUAL[form]
    made = path.with_stem(path.stem + "-2")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(rename(name), edit(old.read(name).decode()))
    return made


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize("rows", [0, 4_000], ids=["small", "large"])
@pytest.mark.parametrize("form", UNUSUAL)
def test_parts_of_other_names(tmp_path: Path, form: str, rows: int) -> None:
    """What a large sheet begins with is read from a workbook that is cut out of it."""
    more = "".join(row(number, TRIP.format(number)) for number in range(4, 4 + rows))
    hidden = row(3, NAMED.replace(D3, '<c r="D3"><f>5+5</f></c>')).replace("<row", '<row hidden="1"')
    path = renamed(write_zip(tmp_path / "namn.xlsx", parts(sheet_xml(hidden + more, after=MERGED))), form)
    assert broken(path) == [(2, 3)]
    source = WorkbookSource(path)
    assert source.top("Resor")[0] == ["Rese-ID", "Avresa", "Hemkomst", "Utlägg"]
    columns, marks, _ = source.load("Resor", 0, 1)
    assert marks == Marks(frozenset({2}), [(1, 0, 2, 0)], [(2, 3)]) and len(columns[0]) == 2 + rows


def test_money_is_not_left_out_for_a_part_of_another_name(tmp_path: Path) -> None:
    assert paid(renamed(book(tmp_path / "namn.xlsx", '<c r="D3"><f>5+5</f></c>'), "sheet")) == [1030, None]


def test_a_sheet_without_its_part_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "saknas.xlsx", parts(target="worksheets/sheet9.xml"))
    with pytest.raises(UnreadableSheet, match='bladet "Resor" hittas inte i filen'):
        read_markup(path, "Resor", 0, 1)
