"""The beginning of a large sheet as a workbook of its own, since the reader parses a whole sheet to show its top."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import islice
from pathlib import Path
from typing import Final

from xlsx.markup import _sheet_part

_BEGINNING: Final = 512 << 10
"""Bytes of the sheet in which the rows are looked for."""
_LARGEST_STRINGS: Final = 32 << 20
_ROW_END: Final = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row\b[^>]*/>")
_FIRST_COLUMN: Final = re.compile(rb"<(?:\w+:)?c\b[^>]*\br=[\"']A\d+[\"'][^>]*>\s*<(?:\w+:)?(?:v|is)>")
_SHEET_DATA: Final = re.compile(rb"<(\w+:)?sheetData\b")
NEEDED: Final = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "[Content_Types].xml",
    "_rels/.rels",
)


def beginning(path: Path, sheet: str, rows: int) -> bytes | None:
    """A workbook with the first `rows` rows of a sheet at least; None for small sheets and unusual files."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        part = _sheet_part(archive, sheet)
        if part is None or archive.getinfo(part).file_size <= _BEGINNING:
            return None
        with archive.open(part) as content:
            cut = _cut(content.read(_BEGINNING), rows)
        strings = [name for name in archive.namelist() if name.casefold().endswith("/sharedstrings.xml")]
        if cut is None or any(archive.getinfo(name).file_size > _LARGEST_STRINGS for name in strings):
            return None
        needed = {name: archive.read(name) for name in archive.namelist() if name in (*NEEDED, *strings)}
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w") as archive:
        for name, copied in {**needed, part: cut}.items():
            archive.writestr(name, copied)
    return small.getvalue()


def _cut(content: bytes, rows: int) -> bytes | None:
    """The sheet to the end of a row, closed there.

    None when column A is empty so far: the reader leaves out empty columns at the left, and there may be cells in
    it further down. Rows that are not written, being empty, only make the part taken longer.
    """
    end = next(islice(_ROW_END.finditer(content), rows - 1, None), None)
    data = _SHEET_DATA.search(content)
    if end is None or data is None:
        return None
    taken, prefix = content[: end.end()], data[1] or b""
    if not _FIRST_COLUMN.search(taken):
        return None
    return taken + b"</%bsheetData></%bworksheet>" % (prefix, prefix)
