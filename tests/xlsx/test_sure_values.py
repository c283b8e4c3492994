"""A column of numbers and texts: which of them are numbers, told by the file in whatever form it writes texts."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from core.encoded import Encoded
from xlsx.worker.parsing import WorkbookSource

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BEGUN = '<row r="1"><c r="A1" t="inlineStr"><is><t>Km</t></is></c></row><row r="2"><c r="A2"><v>1.234</v></c></row>'
SHARED = '<c r="A4" t="s"><v>0</v></c>'


def inline(content: str) -> str:
    return f'<c r="A4" t="inlineStr"><is>{content}</is></c>'


def written(path: Path, cell: str, shared: str) -> WorkbookSource:
    """A column of the number 1.234, a text, and a cell in the form to be tried."""
    with xlsxwriter.Workbook(plain := path / "plain.xlsx") as book:
        book.add_worksheet("Resor")
    rows = f'{BEGUN}<row r="3"><c r="A3" t="inlineStr"><is><t>ca 5</t></is></c></row><row r="4">{cell}</row>'
    parts = {"xl/worksheets/sheet1.xml": f"<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>"}
    if shared:
        parts["xl/sharedStrings.xml"] = f"<sst {SPACE}><si>{shared}</si></sst>"
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path / "resor.xlsx", "w") as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return WorkbookSource(path / "resor.xlsx")


class Counted:
    """A reader that counts how many times it loads a sheet."""

    def __init__(self, reader: Any) -> None:
        self.reader, self.loads = reader, 0

    def __getattr__(self, name: str) -> Any:
        self.loads += name.startswith("load_sheet")
        return getattr(self.reader, name)


def sure(source: WorkbookSource) -> tuple[list[bool], int]:
    """Which cells are told to be numbers, and how many times the sheet was loaded for it."""
    source.top("Resor")
    counted = source.__dict__["_reader"] = Counted(source._reader)
    column = source.load("Resor", 0, 1)[0][0]
    assert isinstance(column.cells, Encoded)
    return [place in column.own for place in column.cells.index.tolist()], counted.loads


@pytest.mark.parametrize(
    ("cell", "shared"),
    [
        (inline("<t>1.234</t>"), ""),
        (inline("<t >\n 1.234 </t >"), ""),
        (inline("<r><t>1.</t></r><r><t>234</t></r>"), ""),
        (inline("<t>1.<!-- -->234</t>"), ""),
        (inline("<t>&#49;.234</t>"), ""),
        (inline("<t>1_x002E_234</t>"), ""),
        (inline("<t><![CDATA[1.234]]></t>"), ""),
        ('<c r="A4" t="str"><f>A1</f><v>1.234</v></c>', ""),
        ("<c r='A4' t = 'str'><v>1.234</v></c>", ""),
        (SHARED, '<t xml:space="preserve">1.234</t>'),
        (SHARED.replace('"', "'"), "<t>1.234</t>"),
        (SHARED, "<r><t>1.2</t></r><r><rPr><b/></rPr><t>34</t></r>"),
    ],
)
def test_a_text_like_a_number_is_none_in_any_form(tmp_path: Path, cell: str, shared: str) -> None:
    assert sure(written(tmp_path, cell, shared)) == ([True, False, False], 2)


@pytest.mark.parametrize(
    ("cell", "shared", "is_number"),
    [
        ('<c r="A4"><v>1.234</v></c>', "", True),
        ('<c r="A4"><f>A2*10</f><v>12.345</v></c>', "", True),
        (inline("<t>R1.234</t>"), "", False),
        (inline("<t>12345.678</t>"), "", False),
        (SHARED, "<t>omkring 5</t>", False),
    ],
)
def test_a_sheet_without_such_texts_is_loaded_once(tmp_path: Path, cell: str, shared: str, is_number: bool) -> None:
    assert sure(written(tmp_path, cell, shared)) == ([True, False, is_number], 1)
