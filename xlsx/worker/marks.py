"""What a workbook's XML tells besides values, read as a stream: hidden rows, merged cells, formulas, errors."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from xlsx.grid import Marks
from xlsx.patch.package import Package
from xlsx.worker.sheetparts import sheet_part
from xlsx.worker.swift import Columns, SwiftReader

_ROW_ENDS: Final = b"row>"
_LONGEST_ROW: Final = 64 << 20
_ERROR: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_ERROR_WORDS: Final = (b'"e"', b"'e'")
_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*>")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]+\d+):([A-Z]+\d+)[\"']")
_FORMULA_ALONE: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_NUMBER: Final = re.compile(rb"\br=[\"'](\d+)[\"']")
_REFERENCE: Final = re.compile(rb"\br=[\"']([A-Z]+\d+)[\"']")


@dataclass
class Markup:
    """What one sheet's markup tells; rows and columns count from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unsaved_formulas: list[tuple[int, int]] = field(default_factory=list)
    first_heading: int | None = None
    """The column of the first cell with a value in the row of the headings."""
    errors: bool = True
    """Whether there may be cells that hold errors."""
    columns: Columns | None = None
    """The cells, when they were read at the same time."""

    @property
    def marks(self) -> Marks:
        """What goes with the cells."""
        return Marks(frozenset(self.hidden_rows), self.merged, self.unsaved_formulas)


def read_markup(path: Path, sheet: str, header: int, first_row: int) -> Markup:
    """The markup of one sheet of an .xlsx or .xlsm file, and its cells where they are of a simple form.

    header: the row of the headings; first_row: that of the first cells, from 0.

    Other kinds of file tell nothing. Raises Unpatchable for a part that is damaged.
    """
    told = Markup()
    if not zipfile.is_zipfile(path):
        return told
    with zipfile.ZipFile(path) as archive:
        part = sheet_part(archive, sheet)
    if part is None:
        return told
    heading = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"']%d[\"'][^>]*>(.*?)</(?:\w+:)?row>" % (header + 1), re.DOTALL)
    waiting, told.errors = True, False
    reader = SwiftReader(path, part, first_row)
    with Package(path) as package:
        for rows in whole_rows(package.stream(part)):
            if waiting and (found := heading.search(rows)) is not None:
                told.first_heading, waiting = _first_value(found[1]), False
            _look(rows, told)
            reader.feed(rows)
    told.columns = reader.columns()
    return told


def whole_rows(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A sheet in pieces that are cut after rows, since all that is looked for stands within a row or a tag."""
    buffer = b""
    for piece in pieces:
        buffer = buffer + piece if buffer else piece
        cut = buffer.rfind(_ROW_ENDS) + len(_ROW_ENDS)
        if cut < len(_ROW_ENDS):
            cut = buffer.rfind(b"<") if len(buffer) > _LONGEST_ROW else 0
        if cut > 0:
            yield buffer[:cut]
            buffer = buffer[cut:]
    yield buffer


def _look(rows: bytes, told: Markup) -> None:
    if _holds(rows, b"d", b"hidden="):
        numbers = (_NUMBER.search(row.group()) for row in _HIDDEN_ROW.finditer(rows))
        told.hidden_rows.update(int(number[1]) - 1 for number in numbers if number)
    if _holds(rows, b"g", b"mergeCell"):
        told.merged += [(*_cell(found[1]), *_cell(found[2])) for found in _MERGED.finditer(rows)]
    if _holds(rows, b"f", b"<f", b":f"):
        references = (_REFERENCE.search(cell[1]) for cell in _FORMULA_ALONE.finditer(rows))
        told.unsaved_formulas += [_cell(reference[1]) for reference in references if reference]
    if not told.errors and _holds(rows, b"e", *_ERROR_WORDS):
        told.errors = _ERROR.search(rows) is not None


def _holds(rows: bytes, rare: bytes, *words: bytes) -> bool:
    """Whether any of the words is there. A sign of theirs that is rare in sheets is looked for first, being faster."""
    return rare in rows and any(word in rows for word in words)


def _first_value(row: bytes) -> int | None:
    """Column of the first cell with a value in what a row holds."""
    for cell in _CELL.finditer(row):
        reference = _REFERENCE.search(cell[1])
        if reference and (b"<v" in cell[2] or b"<is" in cell[2] or b":v" in cell[2]):
            return _cell(reference[1])[1]
    return None


def _cell(reference: bytes) -> tuple[int, int]:
    """Row and column, from 0, of `B3`."""
    text = reference.decode("ascii")
    name = text.rstrip("0123456789")
    column = 0
    for sign in name:
        column = column * 26 + ord(sign) - 64
    return int(text[len(name) :]) - 1, column - 1
