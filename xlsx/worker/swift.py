"""Sheets read by the compiled kernel: the same columns as fastexcel gives, of sheets in the forms it takes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import fastexcel
import numpy as np
from numpy.typing import NDArray

from core.encoded import Encoded
from xlsx.compiled import KERNELS
from xlsx.grid import RawColumn, letters
from xlsx.patch.package import Package
from xlsx.patch.xmlpart import encoding_of
from xlsx.worker.glimpse import NEEDED

Cells = NDArray[Any] | Encoded

_NOTHING, _NUMBER, _TEXT, _TRUTH = range(4)
"""Kinds of columns as the kernel numbers them."""

_MOST_COLUMNS: Final = 1_024
_NO_STYLE: Final = -1
_FIRST_SURE_DAY: Final = 61
"""The 1st of March 1900: earlier ones are counted in more than one way."""
_FIRST_IMPOSSIBLE_DAY: Final = 2_958_466
_DAY_1970: Final = 25_569
_MILLISECONDS: Final = 86_400_000
_KINDS: Final = {"float": "number", "int": "number", "datetime": "time"}
"""Types of fastexcel."""

_SHEET_DATA: Final = re.compile(rb"<((?:[\w.-]+:)?)sheetData\s*>")
_STRINGS: Final = re.compile(rb"<((?:[\w.-]+:)?)sst(?=[\s>])[^>]*>")
_COMMENT: Final = re.compile(rb"!(?<=<!)")
_INSTRUCTION: Final = re.compile(rb"\?(?<=<\?)(?!xml\s)")
_DATE_1904: Final = b"date1904"
"""What a workbook that counts days from 1904 says."""


@dataclass(frozen=True)
class Columns:
    """What was read: the column where it begins, from 0, and the cells."""

    left: int
    columns: list[RawColumn]


class SwiftReader:
    """Takes a sheet's rows as they are unpacked. first_row: the first row of cells, from 0."""

    def __init__(self, path: Path, part: str, first_row: int) -> None:
        self._path, self._part, self._first_row = path, part, first_row
        self._reader: Any = None
        self._texts: list[str] = []
        self._takes = KERNELS is not None

    def feed(self, rows: bytes) -> None:
        """The next rows, whole; with the first ones what comes before them."""
        if self._takes and self._reader is None:
            begun = _SHEET_DATA.search(rows)
            self._takes = begun is not None and _is_sure(rows[: begun.start()]) and self._begin(begun[1])
            rows = rows[begun.end() :] if begun is not None else b""
        if self._takes:
            self._takes = self._reader.feed(rows)

    def _begin(self, prefix: bytes) -> bool:
        """Whether the workbook has texts in a form that is taken."""
        with Package(self._path) as package:
            names = [entry.filename for entry in package.entries]
            strings = [name for name in names if name.casefold().endswith("/sharedstrings.xml")]
            if "xl/workbook.xml" not in names or _DATE_1904 in package.read("xl/workbook.xml") or len(strings) > 1:
                return False
            for name in strings:
                content = package.read(name)
                begun = _STRINGS.search(content)
                if begun is None or begun[0].endswith(b"/>") or not _is_sure(content[: begun.start()]):
                    return False
                texts = KERNELS.shared_strings(memoryview(content)[begun.end() :], begun[1])
                if texts is None:
                    return False
                self._texts = texts
        self._reader = KERNELS.Reader(prefix, self._first_row + 1, len(self._texts), _MOST_COLUMNS)
        return True

    def columns(self) -> Columns | None:
        """The columns; None when the sheet is to be read by another reader."""
        if not self._takes or self._reader is None:
            return None
        try:
            read = self._reader.finish()
        except UnicodeDecodeError:
            return None
        self._reader = None
        if read is None or not read[1]:
            return None
        left, rows, columns, own = read
        texts = np.array(self._texts + own, object)
        self._texts = []
        styles = {style for kind, _, used in columns if kind == _NUMBER for style in _numbers(used) if style >= 0}
        kinds = kinds_of_numbers(self._path, self._part, sorted(styles)) if styles else {}
        made = []
        for kind, cells, used in columns:
            column = _column(kind, cells, used, rows, kinds, texts)
            if column is None:
                return None
            made.append(RawColumn(column))
        return Columns(left, made)


def holds_asides(content: bytes) -> bool:
    """Whether comments, CDATA or processing instructions stand in a part, or in the beginning of one."""
    # Exclamation and question marks are rare and found fast; < is neither.
    return (b"!" in content and _COMMENT.search(content) is not None) or (
        b"?" in content and _INSTRUCTION.search(content) is not None
    )


def _is_sure(before: bytes) -> bool:
    """Whether what follows stands where it seems to, in UTF-8, by what comes before it in the part."""
    return encoding_of(before[:200]) is None and not holds_asides(before)


def _column(
    kind: int, cells: bytes, used: bytes, rows: int, kinds: dict[int, str], known: NDArray[np.object_]
) -> Cells | None:
    if kind == _NOTHING:
        return Encoded(np.full(rows, -1, np.int32), [])
    if kind == _NUMBER:
        found = {"number" if style == _NO_STYLE else kinds.get(style, "") for style in _numbers(used)}
        numbers = np.frombuffer(cells, np.float64)
        if found == {"number"}:
            return numbers
        return _times(numbers) if found == {"time"} else None
    index = np.frombuffer(cells, np.int32)
    if kind == _TRUTH:
        return Encoded(index, [False, True])
    texts = known[np.frombuffer(used, np.int32)].tolist()
    different = list(dict.fromkeys(texts))
    if len(different) < len(texts):
        number = {text: place for place, text in enumerate(different)}
        index = np.array([*(number[text] for text in texts), -1], np.int32)[index]
    return Encoded(index, different)


def _numbers(content: bytes) -> list[int]:
    numbers: list[int] = np.frombuffer(content, np.int32).tolist()
    return numbers


def _times(days: NDArray[np.float64]) -> NDArray[Any] | None:
    """Day numbers as times to the millisecond; None where one is no day that all programs agree on."""
    blank = np.isnan(days)
    with np.errstate(invalid="ignore"):
        if ((days < _FIRST_SURE_DAY) | (days >= _FIRST_IMPOSSIBLE_DAY)).any():
            return None
        milliseconds = np.floor(days * _MILLISECONDS + 0.5)
    milliseconds[blank] = 0
    times = (
        (milliseconds.astype(np.int64) - _DAY_1970 * _MILLISECONDS).astype("datetime64[ms]").astype("datetime64[us]")
    )
    times[blank] = np.datetime64("NaT")
    return times


def kinds_of_numbers(path: Path, part: str, styles: Sequence[int]) -> dict[int, str]:
    """What numbers in some styles of the workbook are taken for: `number`, `time`, or another that is not said.

    fastexcel is asked, by way of a sheet with a number in each style.
    """
    cells = "".join(f'<c r="{letters(n)}1" s="{style}"><v>45000.25</v></c>' for n, style in enumerate(styles))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    small = io.BytesIO()
    with Package(path) as package, zipfile.ZipFile(small, "w") as archive:
        for name in NEEDED:
            if name in package:
                archive.writestr(name, package.read(name))
        archive.writestr(part, sheet)
    reader = fastexcel.read_excel(small.getvalue())
    for name in reader.sheet_names:
        try:
            found = reader.load_sheet(name, header_row=None, skip_rows=0).selected_columns
        except fastexcel.FastExcelError:
            continue  # the part of another sheet, which is not there
        if len(found) == len(styles):
            return {style: _KINDS.get(column.dtype, "") for style, column in zip(styles, found, strict=True)}
    return {}
