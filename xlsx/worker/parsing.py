"""Workbooks through fastexcel into Arrow, text files as CSV. Runs in the reading process only."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import fastexcel

from xlsx.csvfiles import read_csv
from xlsx.errors import UnreadableSheet
from xlsx.grid import Marks, RawColumn
from xlsx.opendocument import read_errors
from xlsx.source import HEADER_ROWS, UNSAVED_FORMULA, Source
from xlsx.worker.glimpse import beginning, without_sheets
from xlsx.worker.marks import read_markup
from xlsx.worker.paxml import read_paxml

_TEXTS: Final = (".csv", ".txt", ".tsv")
_EVENTS: Final = (".xml", ".pax")
_ERROR: Final = re.compile(r"Error\((\w+)\)")
_ODD_COLUMN: Final = re.compile(r"for column (\S+)")
_LENGTH: Final = re.compile(r"""DurationIso\("(.*)"\)""")
_MOST_ODD_COLUMNS: Final = 4
"""Columns that may each take a reading of their own, before all are read as texts."""
_ANSWERED_ANEW: Final = (".ods", ".xls")
"""Workbooks that are answered with a new one, where each cell is to hold what it held."""
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

logging.getLogger("fastexcel").setLevel(logging.ERROR)


def parse(path: Path) -> Source:
    """The file as a source of sheets. Raises UnreadableSheet."""
    suffix = path.suffix.lower()
    if suffix in _TEXTS:
        return TableSource({path.stem: read_csv(path)})
    return TableSource(read_paxml(path)) if suffix in _EVENTS else WorkbookSource(path)


class WorkbookSource:
    """An .xlsx, .xlsm, .ods or .xls file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: Sequence[str] = self._names()
        self._tops: dict[str, list[list[str]]] = {}

    @cached_property
    def _reader(self) -> Any:
        """The whole file, with all its shared texts."""
        return self._attempt(lambda: fastexcel.read_excel(self.path))

    def _names(self) -> list[str]:
        small = self._attempt(lambda: without_sheets(self.path))
        if small is not None:
            try:
                known: list[str] = fastexcel.read_excel(small).sheet_names
            except fastexcel.FastExcelError:
                known = []
            if known:
                return known
        names: list[str] = self._reader.sheet_names
        return names

    def _attempt(self, read: Any) -> Any:
        try:
            return read()
        except (UnreadableSheet, MemoryError):
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
        small = self._attempt(lambda: beginning(self.path, sheet, HEADER_ROWS))
        reader = self._reader if small is None else self._attempt(lambda: fastexcel.read_excel(small))
        frame = self._attempt(
            lambda: reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=HEADER_ROWS, dtypes="string")
        )
        batch = self._attempt(frame.to_arrow) if frame.width else None
        columns = [column.to_pylist() for column in batch.columns] if batch is not None else []
        rows = len(columns[0]) if columns else 0
        return [[(column[row] or "").strip() for column in columns] for row in range(rows)]

    def load(self, sheet: str, header: int, first_row: int) -> tuple[list[RawColumn], Marks, int]:
        """See Source."""
        markup = self._attempt(lambda: read_markup(self.path, sheet, header, first_row))
        lost = [(*place, UNSAVED_FORMULA) for place in markup.unsaved_formulas]
        first_used = markup.first_heading
        if self.path.suffix.lower() == ".ods":
            found = self._attempt(lambda: read_errors(self.path, sheet, header))
            first_used, lost = found.first_heading, found.cells
        # fastexcel leaves out empty columns at the left without a word.
        headings = self.top(sheet)[header]
        first_read = next((number for number, text in enumerate(headings) if text), 0)
        left = 0 if first_used is None else max(first_used - first_read, 0)
        broken: dict[int, dict[int, str]] = {}
        if markup.columns is not None and markup.columns.left == left:
            columns = markup.columns.columns
        else:
            columns = self._read_slowly(sheet, first_row, markup.errors, broken)
        rows = len(columns[0]) if columns else 0
        for row, column, what in lost:
            if 0 <= row - first_row < rows and 0 <= column - left < len(columns):
                broken.setdefault(column - left, {})[row - first_row] = what
        columns = [
            replace(column, broken=column.broken | broken.get(number, {})) for number, column in enumerate(columns)
        ]
        return columns, markup.marks, left

    def _read_slowly(
        self, sheet: str, first_row: int, errors: bool, broken: dict[int, dict[int, str]]
    ) -> list[RawColumn]:
        """The cells as fastexcel reads them, whatever their form; adds to what is broken, by column and row."""
        batch, faults = self._attempt(lambda: self._read_from(sheet, first_row, errors))
        lengths: dict[int, dict[int, str]] = {}
        for fault in faults.errors if faults is not None else ():
            row, column = fault.offset_position
            length = _LENGTH.search(fault.detail)
            if length is not None:
                lengths.setdefault(column, {})[row] = length[1]
            else:
                broken.setdefault(column, {})[row] = _error_text(fault.detail)
        # Arrow takes long to import, and the kernel does without it.
        from xlsx.worker.arrow import cells_of
        from xlsx.worker.mixed import raw_columns
        from xlsx.worker.surevalues import has_text_of_two_readings, with_sure_values

        def load(some: list[int], kind: str) -> Any:
            again = {"header_row": None, "skip_rows": first_row, "use_columns": some, "dtypes": kind}
            return self._attempt(lambda: self._reader.load_sheet(sheet, **again).to_arrow().columns)

        def has_lengths(number: int) -> bool:
            try:
                found = self._reader.load_sheet(
                    sheet, header_row=None, skip_rows=first_row, use_columns=[number], schema_sample_rows=None
                )
            except (fastexcel.CalamineCellError, fastexcel.UnsupportedColumnTypeCombinationError) as error:
                return "Duration" in str(error)
            return bool(found.selected_columns[0].dtype == "duration")

        suffix = self.path.suffix.lower()
        if suffix not in _ANSWERED_ANEW:
            read = [RawColumn(cells_of(column)) for column in batch.columns]
            return with_sure_values(read, load, lambda: has_text_of_two_readings(self.path, sheet))
        return raw_columns(batch.columns, load, lengths, suffix == ".ods", has_lengths)

    def _read_from(self, sheet: str, first_row: int, errors: bool) -> Any:
        """The cells from a row on, and those that hold errors.

        errors: whether there may be such; without them the cells are not held twice.

        fastexcel gives up on a column that mixes clocks with numbers or holds #NAME?; such a one is read as texts.
        """
        odd: dict[str | int, Any] = {}
        for attempt in range(_MOST_ODD_COLUMNS + 2):
            many = attempt > _MOST_ODD_COLUMNS
            try:
                read = self._reader.load_sheet if errors else self._reader.load_sheet_eager
                cells = read(
                    sheet,
                    header_row=None,
                    skip_rows=first_row,
                    schema_sample_rows=None,
                    dtypes="string" if many else odd,
                )
                return cells.to_arrow_with_errors() if errors else (cells, None)
            except (fastexcel.CalamineCellError, fastexcel.UnsupportedColumnTypeCombinationError) as error:
                column = _ODD_COLUMN.search(str(error))
                if many or column is None:
                    raise
                odd[column[1]] = "string"
        raise AssertionError("the last attempt returns or raises")


def _error_text(detail: str) -> str:
    found = _ERROR.search(detail)
    return _ERROR_TEXTS.get(found[1], f"#{found[1].upper()}!") if found else detail


class TableSource:
    """Sheets of nothing but texts, each as its rows."""

    def __init__(self, sheets: dict[str, list[list[str]]]) -> None:
        self.names: Sequence[str] = list(sheets)
        self._sheets = sheets

    def top(self, sheet: str) -> list[list[str]]:
        """See Source."""
        return [[cell.strip() for cell in row] for row in self._sheets[sheet][:HEADER_ROWS]]

    def load(self, sheet: str, header: int, first_row: int) -> tuple[list[RawColumn], Marks, int]:
        """See Source."""
        rows = self._sheets[sheet][first_row:]
        width = max(map(len, self._sheets[sheet]))
        if any(len(row) < width for row in rows):
            rows = [row + [""] * (width - len(row)) for row in rows]
        columns = zip(*rows, strict=True) if rows else ([] for _ in range(width))
        from xlsx.worker.arrow import cells_of_texts  # as above

        return [RawColumn(cells_of_texts(list(column))) for column in columns], Marks(), 0
