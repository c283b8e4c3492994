"""What another reader finds in a workbook before and after: values, formulas and looks everywhere else are the same."""

from __future__ import annotations

import datetime as dt
import math
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils.datetime import to_excel
from openpyxl.utils.escape import unescape

_LOOKS: Final = ("font", "fill", "border", "alignment", "number_format", "protection")


def read(path: Path, values: bool = False) -> Any:
    """The workbook as openpyxl reads it; None when it cannot."""
    with warnings.catch_warnings(), path.open("rb") as file:
        warnings.simplefilter("ignore")
        try:
            return openpyxl.load_workbook(file, data_only=values, rich_text=not values)
        except Exception:
            return None


def differences(old: Any, new: Any, sheet: str, columns: Collection[int]) -> Iterator[str]:
    """Cells that are not as they were, but for those of some columns (from 0) of a sheet."""
    looks: dict[tuple[Any, Any], bool] = {}
    for before in old.worksheets:
        if before.title not in new.sheetnames:
            yield f"sheet {before.title} is gone"
            continue
        after = new[before.title]
        skipped = {column + 1 for column in columns} if before.title == sheet else set()
        was = {at: cell for at, cell in before._cells.items() if at[1] not in skipped}
        now = {at: cell for at, cell in after._cells.items() if at[1] not in skipped}
        if was.keys() != now.keys():
            yield f"{before.title}: there are other cells"
        for at, cell in was.items():
            if at in now and (fault := _cell(cell, now[at], looks)):
                yield f"{before.title}: {fault} of {cell.coordinate}"
                break
        for what in ("merged_cells", "freeze_panes", "print_title_rows", "sheet_state"):
            if str(getattr(before, what)) != str(getattr(after, what)):
                yield f"{before.title}: {what}"


def _cell(before: Any, after: Any, looks: dict[tuple[Any, Any], bool]) -> str:
    if not same(before.value, after.value):
        return "value"
    if before.has_style or after.has_style:
        pair = (tuple(before._style), tuple(after._style))
        if pair not in looks:
            looks[pair] = all(repr(getattr(before, what)) == repr(getattr(after, what)) for what in _LOOKS)
        if not looks[pair]:
            return "looks"
    return ""


def same(before: Any, after: Any) -> bool:
    if isinstance(before, float) and isinstance(after, float) and math.isnan(before):
        return math.isnan(after)
    if before == after:
        return type(before) is type(after)
    # Formulas of arrays and tables of data are objects without equality.
    return type(before) is type(after) and hasattr(before, "__dict__") and vars(before) == vars(after)


def results(book: Any, sheet: str, columns: Sequence[int], expected: Mapping[int, Sequence[Any]]) -> Iterator[str]:
    """Result cells that openpyxl does not read as they should be. columns: in the order of the values, from 0."""
    cells, epoch = book[sheet]._cells, book.epoch

    def read(at: tuple[int, int]) -> Any:
        row, column = at
        return _plain(cells[row, column + 1].value, epoch) if (row, column + 1) in cells else None

    yield from wrong_results(read, columns, expected)


def wrong_results(
    read: Callable[[tuple[int, int]], Any], columns: Sequence[int], expected: Mapping[int, Sequence[Any]]
) -> Iterator[str]:
    """At most one result that is not as it should be. read: what stands in a row and column."""
    for row, values in expected.items():
        for column, wanted in zip(columns, values, strict=True):
            found = read((row, column))
            if not _as_expected(found, wanted):
                yield f"result in row {row}, column {column}: {found!r} for {wanted!r}"
                return


def _plain(value: Any, epoch: dt.datetime) -> Any:
    """Dates as the serials they are written as."""
    return to_excel(value, epoch) if isinstance(value, dt.datetime) else value


def _as_expected(found: Any, value: Any) -> bool:
    """The same, where texts may be read with the signs that stand for others, as openpyxl does at times."""
    if isinstance(value, int | float) and isinstance(found, int | float):
        return math.isclose(found, value, rel_tol=1e-12, abs_tol=1e-9)
    return found == value or (isinstance(found, str) and unescape(found) == value)
