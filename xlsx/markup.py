"""What a workbook's XML tells besides values: hidden rows, merged cells, formulas that were never saved."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from xlsx.grid import Marks

_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*>")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]+\d+):([A-Z]+\d+)[\"']")
_FORMULA_ALONE: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_NUMBER: Final = re.compile(rb"\br=[\"'](\d+)[\"']")
_REFERENCE: Final = re.compile(rb"\br=[\"']([A-Z]+\d+)[\"']")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def read_marks(path: Path, sheet: str, header: int) -> tuple[Marks, int | None]:
    """The marks of one sheet of an .xlsx or .xlsm file, and the column of its first heading.

    header: the row of the headings; rows and columns count from 0. Other kinds of file tell nothing.
    """
    if not zipfile.is_zipfile(path):
        return Marks(), None
    with zipfile.ZipFile(path) as archive:
        part = _sheet_part(archive, sheet)
        if part is None:
            return Marks(), None
        content = archive.read(part)
    hidden = _HIDDEN_ROW.finditer(content) if b"hidden=" in content else ()
    numbers = (_NUMBER.search(row.group()) for row in hidden)
    marks = Marks(
        hidden_rows=frozenset(int(number[1]) - 1 for number in numbers if number),
        merged=[(*_cell(found[1]), *_cell(found[2])) for found in _MERGED.finditer(content)],
        unsaved_formulas=_unsaved(content),
    )
    return marks, _first_heading(content, header)


def _first_heading(content: bytes, header: int) -> int | None:
    """Column of the first cell with a value in a row."""
    row = re.search(
        rb"<(?:\w+:)?row\b[^>]*?\br=[\"']%d[\"'][^>]*>(.*?)</(?:\w+:)?row>" % (header + 1), content, re.DOTALL
    )
    for cell in _CELL.finditer(row[1]) if row else ():
        reference = _REFERENCE.search(cell[1])
        if reference and (b"<v" in cell[2] or b"<is" in cell[2] or b":v" in cell[2]):
            return _cell(reference[1])[1]
    return None


def _unsaved(content: bytes) -> list[tuple[int, int]]:
    if b"<f" not in content and b":f" not in content:
        return []
    found = (_REFERENCE.search(cell[1]) for cell in _FORMULA_ALONE.finditer(content))
    return [_cell(reference[1]) for reference in found if reference]


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The path of a sheet's part inside the file, or None when the file has no such parts (.ods)."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets.get(element.get(_RELATION) or element.get(_STRICT_RELATION), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _cell(reference: bytes) -> tuple[int, int]:
    """Row and column, from 0, of `B3`."""
    text = reference.decode("ascii")
    name = text.rstrip("0123456789")
    column = 0
    for sign in name:
        column = column * 26 + ord(sign) - 64
    return int(text[len(name) :]) - 1, column - 1
