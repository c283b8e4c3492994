"""Files of sheets → raw columns: workbooks through fastexcel into Arrow, text files as CSV.

A later guard may run this in a process of its own: everything that comes out is plain data (`Sheet`).
"""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.vocabulary import Encoded
from xlsx.csvfiles import read_csv
from xlsx.grid import Marks, RawColumn, UnreadableSheet
from xlsx.markup import read_marks
from xlsx.opendocument import read_errors

WORKBOOKS: Final = (".xlsx", ".xlsm", ".ods", ".xls")
TEXTS: Final = (".csv", ".txt", ".tsv")
HEADER_ROWS: Final = 20
"""Rows from the top in which a header is looked for."""

_OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0"
_ERROR: Final = re.compile(r"Error\((\w+)\)")
_ERROR_TEXTS: Final = {
    "NA": "#N/A",
    "Div0": "#DIV/0!",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
UNSAVED_FORMULA: Final = "Formel utan sparat värde. Öppna filen i Excel, spara den och försök igen."

logging.getLogger("fastexcel").setLevel(logging.ERROR)


class Source(Protocol):
    """A file of sheets."""

    names: Sequence[str]

    def top(self, sheet: str) -> list[list[str]]:
        """The cells of the first rows as texts, for finding the header."""

    def load(self, sheet: str, header: int, first_row: int) -> tuple[list[RawColumn], Marks, int]:
        """The columns from a row on, the sheet's marks, and how many empty columns come first.

        header: the row of the headings; rows count from 0.
        """


def open_source(path: Path) -> Source:
    """The file as a source of sheets. Raises UnreadableSheet."""
    suffix = path.suffix.lower()
    if suffix not in (*WORKBOOKS, *TEXTS):
        kinds = ", ".join((*WORKBOOKS, *TEXTS))
        raise UnreadableSheet(f"{path.name}: filtypen {suffix or 'utan ändelse'} läses inte. Läsbara är {kinds}.")
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise UnreadableSheet(f"{path.name}: filen kan inte öppnas ({error.strerror}).") from None
    if not start:
        raise UnreadableSheet(f"{path.name}: filen är tom.")
    if suffix in TEXTS:
        return CsvSource(path)
    _check_container(path, suffix, start)
    return WorkbookSource(path)


def _check_container(path: Path, suffix: str, start: bytes) -> None:
    """Say what is wrong with a file that is not the kind of workbook its name says."""
    if suffix == ".xls":
        return
    if start.startswith(_OLD_FORMAT):
        encrypted = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        why = (
            "filen är skyddad med lösenord. Ta bort lösenordet i Excel och spara den igen."
            if encrypted
            else f"filen är en äldre Excelfil (.xls) och inte {suffix}. Byt ändelse eller spara om den."
        )
        raise UnreadableSheet(f"{path.name}: {why}")
    if not zipfile.is_zipfile(path):
        raise UnreadableSheet(f"{path.name}: filen är ingen giltig {suffix}-fil; den är skadad eller av annat slag.")


class WorkbookSource:
    """An .xlsx, .xlsm, .ods or .xls file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader = self._attempt(lambda: fastexcel.read_excel(path))
        self.names: Sequence[str] = self._reader.sheet_names
        self._tops: dict[str, list[list[str]]] = {}

    def _attempt(self, read: Any) -> Any:
        try:
            return read()
        except UnreadableSheet:
            raise
        except Exception as error:  # fastexcel raises many kinds, all of them for a file it cannot read
            detail = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            locked = "password" in str(error).lower()
            why = "filen är skyddad med lösenord" if locked else f"filen är skadad eller kan inte läsas ({detail})"
            raise UnreadableSheet(f"{self.path.name}: {why}.") from None

    def top(self, sheet: str) -> list[list[str]]:
        """See Source."""
        if sheet not in self._tops:
            self._tops[sheet] = self._read_top(sheet)
        return self._tops[sheet]

    def _read_top(self, sheet: str) -> list[list[str]]:
        frame = self._attempt(
            lambda: self._reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=HEADER_ROWS, dtypes="string")
        )
        batch = self._attempt(frame.to_arrow) if frame.width else None
        columns = [column.to_pylist() for column in batch.columns] if batch is not None else []
        rows = len(columns[0]) if columns else 0
        return [[(column[row] or "").strip() for column in columns] for row in range(rows)]

    def load(self, sheet: str, header: int, first_row: int) -> tuple[list[RawColumn], Marks, int]:
        """See Source."""
        frame = self._attempt(
            lambda: self._reader.load_sheet(sheet, header_row=None, skip_rows=first_row, schema_sample_rows=None)
        )
        batch, errors = self._attempt(frame.to_arrow_with_errors)
        marks, first_used = self._attempt(lambda: read_marks(self.path, sheet, header))
        lost = [(*place, UNSAVED_FORMULA) for place in marks.unsaved_formulas]
        if self.path.suffix.lower() == ".ods":
            found = self._attempt(lambda: read_errors(self.path, sheet, header))
            first_used, lost = found.first_heading, found.cells
        # fastexcel leaves out empty columns at the left without a word.
        headings = self.top(sheet)[header]
        first_read = next(number for number, text in enumerate(headings) if text)
        left = 0 if first_used is None else max(first_used - first_read, 0)
        broken: dict[int, dict[int, str]] = {}
        for fault in errors.errors if errors is not None else ():
            row, column = fault.offset_position
            broken.setdefault(column, {})[row] = _error_text(fault.detail)
        for row, column, what in lost:
            if 0 <= row - first_row < batch.num_rows and 0 <= column - left < batch.num_columns:
                broken.setdefault(column - left, {})[row - first_row] = what
        columns = [_raw(column, broken.get(number, {})) for number, column in enumerate(batch.columns)]
        return columns, marks, left


def _error_text(detail: str) -> str:
    found = _ERROR.search(detail)
    return _ERROR_TEXTS.get(found[1], f"#{found[1].upper()}!") if found else detail


def _raw(column: pa.Array, broken: dict[int, str]) -> RawColumn:
    """An Arrow column as cells, without a Python object per cell."""
    return RawColumn(_cells(column), broken)


def _cells(column: pa.Array) -> NDArray[Any] | Encoded:
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        coded = pc.dictionary_encode(column)
        return Encoded(_filled(coded.indices, -1).astype(np.int64), coded.dictionary.to_pylist())
    if pa.types.is_boolean(kind):
        index = _filled(column.cast(pa.int8()), -1)
        return Encoded(index.astype(np.int64), [False, True])
    if pa.types.is_temporal(kind):
        unit = "timedelta64[us]" if pa.types.is_duration(kind) else "datetime64[us]"
        times: NDArray[Any] = column.to_numpy(zero_copy_only=False).astype(unit)
        return times
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan)
    numbers: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    return numbers


def _filled(column: pa.Array, blank: int) -> NDArray[Any]:
    filled: NDArray[Any] = pc.fill_null(column, blank).to_numpy(zero_copy_only=False)
    return filled


class CsvSource:
    """A text file as its only sheet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: Sequence[str] = [path.stem]
        self._rows = read_csv(path)

    def top(self, sheet: str) -> list[list[str]]:
        """See Source."""
        return [[cell.strip() for cell in row] for row in self._rows[:HEADER_ROWS]]

    def load(self, sheet: str, header: int, first_row: int) -> tuple[list[RawColumn], Marks, int]:
        """See Source."""
        rows = self._rows[first_row:]
        width = max(map(len, self._rows))
        if any(len(row) < width for row in rows):
            rows = [row + [""] * (width - len(row)) for row in rows]
        columns = zip(*rows, strict=True) if rows else ([] for _ in range(width))
        return [_raw(pa.array(list(column), pa.string()), {}) for column in columns], Marks(), 0
