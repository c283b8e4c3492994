"""What a workbook's XML tells besides values, read as a stream: hidden rows, merged cells, formulas, errors."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from xlsx.errors import UnreadableSheet
from xlsx.patch.package import Package
from xlsx.worker.markup import LostValue, Markup, parsed_markup
from xlsx.worker.sheetparts import part_of_sheet
from xlsx.worker.swift import SwiftReader, holds_asides

_SAVE: Final = "Öppna filen i Excel, spara den och försök igen."
_ROW_ENDS: Final = b"row>"
_LONGEST_ROW: Final = 64 << 20
_ERROR: Final = re.compile(rb"""\st\s*=\s*["']e["']""")
_ERROR_WORDS: Final = (b'"e"', b"'e'")
_HIDDEN_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden\s*=\s*[\"'](?:1|true)[\"'][^>]*>")
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]+\d+):([A-Z]+\d+)[\"']")
_FORMULA_ALONE: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\b(?:[^>]*/>|[^>]*>\s*</(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
_TEXT: Final = re.compile(rb"""\st\s*=\s*["']str["']""")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_NUMBER: Final = re.compile(rb"\br=[\"'](\d+)[\"']")
_REFERENCE: Final = re.compile(rb"\br=[\"']([A-Z]+\d+)[\"']")


def read_markup(path: Path, sheet: str, header: int, first_row: int) -> Markup:
    """The markup of one sheet of an .xlsx or .xlsm file, and its cells where they are of a simple form.

    header: the row of the headings; first_row: that of the first cells, from 0.

    Other kinds of file tell nothing. Raises Unpatchable for a part that is damaged, and UnreadableSheet for a value
    that would be passed by.
    """
    if path.suffix.lower() == ".ods" or not zipfile.is_zipfile(path):
        return Markup()
    with Package(path) as package:
        part = part_of_sheet(package, sheet)
        if part is None:
            raise UnreadableSheet(f'{path.name}: bladet "{sheet}" hittas inte i filen. {_SAVE}')
        told = Markup(errors=False)
        reader = SwiftReader(path, part, first_row)
        is_usual = _look_through(package.stream(part), header, told, reader)
        told.columns = reader.columns()
        try:
            if not is_usual:
                told = replace(parsed_markup(package.stream(part), header), columns=told.columns)
            elif told.first_heading is None:
                told.first_heading = parsed_markup(package.stream(part), header, heading_only=True).first_heading
        except LostValue as lost:
            raise UnreadableSheet(
                f'{path.name}: värdet i cell {lost} på bladet "{sheet}" är skrivet på ett sätt som inte kan läsas '
                f"(CDATA). {_SAVE}"
            ) from None
    return told


def _look_through(pieces: Iterator[bytes], header: int, told: Markup, reader: SwiftReader) -> bool:
    """Whether the patterns tell all of the sheet; what they told, and the reader was fed, is so."""
    heading = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"']%d[\"'][^>]*>(.*?)</(?:\w+:)?row>" % (header + 1), re.DOTALL)
    waiting, is_usual = True, True
    for rows in whole_rows(pieces):
        if waiting and (found := heading.search(rows)) is not None:
            told.first_heading, waiting = _first_value(found[1]), False
        is_usual = is_usual and not holds_asides(rows) and _look(rows, told)
        reader.feed(rows)
    return is_usual


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


def _look(rows: bytes, told: Markup) -> bool:
    """Adds what rows tell. Whether all that is looked for tells where it stands."""
    placed = True
    if _holds(rows, b"d", b"hidden"):
        numbers = [_NUMBER.search(row.group()) for row in _HIDDEN_ROW.finditer(rows)]
        told.hidden_rows.update(int(number[1]) - 1 for number in numbers if number)
        placed = None not in numbers
    if _holds(rows, b"g", b"mergeCell"):
        told.merged += [(*_cell(found[1]), *_cell(found[2])) for found in _MERGED.finditer(rows)]
    if _holds(rows, b"f", b"<f", b":f"):
        # An empty text is a saved value too: =IF(…;"";…) gives such.
        alone = (found for found in _FORMULA_ALONE.finditer(rows) if not (found[2] and _TEXT.search(found[1])))
        references = [_REFERENCE.search(found[1]) for found in alone]
        told.unsaved_formulas += [_cell(reference[1]) for reference in references if reference]
        placed = placed and None not in references
    if not told.errors and _holds(rows, b"e", *_ERROR_WORDS):
        told.errors = _ERROR.search(rows) is not None
    return placed


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
