"""The beginning of a large sheet as a workbook of its own, since the reader parses a whole sheet to show its top."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import islice
from pathlib import Path
from typing import Final

from xlsx.worker.sheetparts import sheet_part

_BEGINNING: Final = 512 << 10
"""Bytes of the sheet in which the rows are looked for."""
_FIRST_STRINGS: Final = 1 << 20
_LARGEST_STRINGS: Final = 32 << 20
_ROW_END: Final = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row\b[^>]*/>")
_FIRST_COLUMN: Final = re.compile(rb"<(?:\w+:)?c\b[^>]*\br=[\"']A\d+[\"'][^>]*>\s*<(?:\w+:)?(?:v|is)>")
_SHARED_MARK: Final = re.compile(rb"""\st\s*=\s*["']s["']""")
_SHARED: Final = re.compile(rb"""\st\s*=\s*["']s["'][^<>]*>\s*<(?:\w+:)?v>(\d{1,9})</""")
_TABLE: Final = re.compile(rb"<(\w+:)?sst\b[^>]*[^/]>")
_TEXT_END: Final = re.compile(rb"</(?:\w+:)?si\s*>|<(?:\w+:)?si\s*/>")
_SHEET_DATA: Final = re.compile(rb"<(\w+:)?sheetData\b")
NEEDED: Final = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "[Content_Types].xml",
    "_rels/.rels",
)


def without_sheets(path: Path) -> bytes | None:
    """A workbook of the same sheets without what is in them; None for small and unusual files."""
    if path.stat().st_size <= _BEGINNING or not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        needed = {name: archive.read(name) for name in archive.namelist() if name in NEEDED}
    return _workbook(needed) if len(needed) == len(NEEDED) else None


def beginning(path: Path, sheet: str, rows: int) -> bytes | None:
    """A workbook with the first `rows` rows of a sheet at least; None for small sheets and unusual files."""
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        part = sheet_part(archive, sheet)
        if part is None or archive.getinfo(part).file_size <= _BEGINNING:
            return None
        with archive.open(part) as content:
            cut = _cut(content.read(_BEGINNING), rows)
        strings = [name for name in archive.namelist() if name.casefold().endswith("/sharedstrings.xml")]
        if cut is None:
            return None
        needed = {name: archive.read(name) for name in archive.namelist() if name in NEEDED}
        for name in strings:
            with archive.open(name) as content:
                read, used = content.read(_FIRST_STRINGS), _texts_used(cut)
                texts = _first_texts(read, used)
                if texts is None:
                    texts = _first_texts(read + content.read(_LARGEST_STRINGS), used)
                if texts is None and content.read(1):
                    return None
            needed[name] = archive.read(name) if texts is None else texts
    return _workbook({**needed, part: cut})


def _workbook(parts: dict[str, bytes]) -> bytes:
    small = io.BytesIO()
    with zipfile.ZipFile(small, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return small.getvalue()


def _texts_used(rows: bytes) -> int | None:
    """How many of the shared texts, from the first one, the rows may refer to; None when that is hard to see."""
    used = [int(number) for number in _SHARED.findall(rows)]
    return max(used, default=0) + 1 if len(used) == len(_SHARED_MARK.findall(rows)) else None


def _first_texts(content: bytes, count: int | None) -> bytes | None:
    """The table of shared texts cut after so many; None when it has fewer, or is of another form."""
    opened = _TABLE.search(content)
    if count is None or opened is None:
        return None
    end = next(islice(_TEXT_END.finditer(content, opened.end()), count - 1, None), None)
    return content[: end.end()] + b"</%bsst>" % (opened[1] or b"") if end is not None else None


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
