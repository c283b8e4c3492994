"""Small files of sheets, written by the tests themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter

from xlsx.grid import as_text
from xlsx.recalculate import Recalculation
from xlsx.results import BY_NAME, ERRORS, REMARKS

Rows = Sequence[Sequence[Any]]
Write = Callable[..., Path]


def fill(book: Any, sheet: Any, rows: Rows, first: int = 0, left: int = 0) -> None:
    """Write cells by their Python kind; None is left empty."""
    moment, date, clock = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd hh:mm", "yyyy-mm-dd", "hh:mm"))
    for row, cells in enumerate(rows, first):
        for column, value in enumerate(cells, left):
            if isinstance(value, dt.datetime):
                sheet.write_datetime(row, column, value, moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), date)
            elif isinstance(value, dt.time):
                sheet.write_datetime(row, column, value, clock)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, str) and value.startswith("{"):
                formula, _, saved = value[1:].partition("}")
                sheet.write_formula(row, column, formula, None, saved)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            elif value is not None:
                sheet.write_number(row, column, value)


@pytest.fixture
def workbook(tmp_path: Path) -> Write:
    """Writes a workbook of named sheets, each a list of rows; `then` may add to a sheet."""

    def write(name: str = "resor.xlsx", *, then: Callable[[Any, Any], None] | None = None, **sheets: Rows) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                fill(book, sheet, rows)
                if then is not None:
                    then(book, sheet)
        return path

    return write


def value(made: Recalculation, title: str, trip: int) -> Any:
    """What stands in a result's cell: kronor, hours, kg, a number, a text; None when it is empty."""
    if title in (REMARKS, ERRORS):
        texts = made.remarks if title == REMARKS else made.errors
        return texts.texts[texts.index[trip]] if texts.index[trip] >= 0 else ""
    target = next(target for target in BY_NAME.values() if target.title == title)
    column = made.results[target.name]
    if column.errors is not None and column.errors[trip]:
        return None
    if column.given is not None and not column.given[trip]:
        return None
    if target.unit == "text":
        return made.law.policy.approvers[column.values[trip]]
    return column.values[trip].item() / {"kr": 100, "timmar": 60}.get(target.unit, 1)


def own(made: Recalculation, title: str) -> list[str]:
    """The cells of one of the sheet's own columns as texts."""
    texts = made.sheet.columns[list(made.sheet.headings).index(title)].texts()
    return [as_text(texts.texts[place]) if place >= 0 else "" for place in np.asarray(texts.index).tolist()]
