"""Error values in .ods files, which the reader hands over as empty texts."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

_SPACES: Final = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}
_TABLE, _ROW, _CELL, _COVERED, _NAME, _ROWS, _COLUMNS = (
    f"{{{_SPACES['table']}}}{name}"
    for name in (
        "table",
        "table-row",
        "table-cell",
        "covered-table-cell",
        "name",
        "number-rows-repeated",
        "number-columns-repeated",
    )
)
_VALUE_TYPE: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


@dataclass
class ErrorCells:
    """Row, column and text of the error values of a sheet, and its first column with a heading; from 0."""

    cells: list[tuple[int, int, str]] = field(default_factory=list)
    first_heading: int | None = None


def read_errors(path: Path, sheet: str, header: int) -> ErrorCells:
    """The error values of one sheet. Files without any are not looked through."""
    found = ErrorCells()
    with zipfile.ZipFile(path) as archive:
        if b'value-type="error"' not in archive.read("content.xml"):
            return found
        with archive.open("content.xml") as content:
            row = 0
            inside = False
            for event, element in ElementTree.iterparse(content, ("start", "end")):
                if element.tag == _TABLE:
                    inside = event == "start" and element.get(_NAME) == sheet
                elif element.tag == _ROW and event == "end" and inside:
                    _read_row(element, row, header, found)
                    row += int(element.get(_ROWS, "1"))
                    element.clear()
    return found


def _read_row(element: ElementTree.Element, row: int, header: int, found: ErrorCells) -> None:
    column = 0
    for cell in element:
        if cell.tag not in (_CELL, _COVERED):
            continue
        text = "".join("".join(paragraph.itertext()) for paragraph in cell.findall("text:p", _SPACES))
        if row == header and text.strip() and found.first_heading is None:
            found.first_heading = column
        repeated = int(cell.get(_COLUMNS, "1"))
        if cell.get(_VALUE_TYPE) == "error":
            places = range(row, row + int(element.get(_ROWS, "1")))
            found.cells += [(at, column + further, text) for at in places for further in range(repeated)]
        column += repeated
