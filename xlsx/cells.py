"""Raw columns → the columns the rules read: values, errors and which rows were filled in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.encoded import Encoded
from core.engine import CellError, Column, ErrorBook
from core.readers import HIGHEST_AMOUNT, HIGHEST_SALARY, LONGEST_DISTANCE, MOST_NIGHTS
from core.vocabulary import (
    COUNTRIES,
    FARDMEDEL,
    KILOGRAMS,
    KILOMETRES,
    PER_CENT,
    PIECES,
    TYP,
    ZON,
    Parsed,
    Problem,
    clocks,
    dates,
    decimals,
    moments,
    truths,
)
from core.vocabulary.numbers import has_two_readings
from core.vocabulary.parsed import cell_error, is_error_text
from core.vocabulary.places import PLACES
from xlsx.grid import RawColumn, Serial
from xlsx.vocabulary import Kind

HIGHEST_KG: Final = 1_000_000

_NUMBER_CELL: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_DATE_CELL: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?")
_DAY_0: Final = dt.datetime(1899, 12, 31)
"""Where the reader of workbooks puts a cell that is a clock alone; one that shows 24:00 is on the day after."""
_DAY_1: Final = dt.datetime(1900, 1, 1)
FIRST_SURE_DATE: Final = dt.datetime(1900, 3, 1)
"""Earlier days are counted differently by different spreadsheets."""
_CLOCK_ALONE: Final = "Skriv klockslaget utan datum, som text."
_TIME_KINDS: Final = frozenset({"moment", "date", "clock"})
_NUMBER_KINDS: Final = frozenset({"km", "kr", "kg", "count", "share"})

Reader = Callable[[Any], Parsed]

_READERS: Final[dict[Kind, Reader]] = {
    "moment": moments,
    "date": dates,
    "country": COUNTRIES.column,
    "mode": FARDMEDEL.column,
    "type": TYP.column,
    "zone": ZON.column,
    "place": PLACES.column,
    "truth": truths,
}


def read_column(raw: RawColumn, kind: Kind, title: str, column: str, book: ErrorBook, scale: int = 1) -> Column:
    """The cells of one column, int64 in the unit of its kind; kg as float.

    scale: what one written unit is worth. A bad cell is an error in `book` that names the column. `given` is
    always stated; bad cells count as given.
    """
    parsed = _parsed(raw, kind, title, column, scale)
    return to_column(parsed, broken_cells(raw), title, book, exact=kind != "kg")


def to_column(parsed: Parsed, broken: list[Problem], title: str, book: ErrorBook, exact: bool = True) -> Column:
    """What was read as a column, with the problems in the book."""
    given = parsed.given.copy()
    errors: NDArray[np.int32] | None = None
    for problem in (*broken, *parsed.problems):
        message = problem.message if problem.message.startswith(title) else f"{title}: {problem.message}"
        errors = np.zeros(len(given), np.int32) if errors is None else errors
        errors[problem.rows] = book.number(CellError(problem.code, message))
        given[problem.rows] = True
    return Column(parsed.values if exact else parsed.values / 1000, errors, given)


def or_else(column: Column, blank: Any) -> Column:
    """A column with a value on every row: `blank` (one value or a row each) where nothing is written."""
    if column.given is None:
        return column
    return Column(np.where(column.given, column.values, blank), column.errors)


def broken_cells(raw: RawColumn) -> list[Problem]:
    """The cells that hold an error value or a formula without a saved value."""
    rows_of: dict[str, list[int]] = {}
    for row, what in raw.broken.items():
        rows_of.setdefault(what, []).append(row)
    problems = []
    for what, rows in rows_of.items():
        error = cell_error(what) if is_error_text(what) else None
        code, message = (error.code, str(error)) if error else ("#VALUE!", what)
        problems.append(Problem(np.array(sorted(rows), np.int64), code, message))
    return problems


def _parsed(raw: RawColumn, kind: Kind, title: str, column: str, scale: int) -> Parsed:
    cells = typed_cells(raw.cells, kind, raw.own)
    if kind == "km":
        return decimals(cells, 1000 * scale, 0, LONGEST_DISTANCE // scale, title, KILOMETRES, scale)
    if kind == "kr":
        highest = HIGHEST_SALARY if column == "manadslon" else HIGHEST_AMOUNT
        return decimals(cells, 100 * scale, 0, highest // scale, title, own_unit=scale)
    if kind == "kg":
        return decimals(cells, 1000 * scale, 0, HIGHEST_KG // scale, title, KILOGRAMS, scale)
    if kind == "count":
        return _counts(cells, title)
    if kind == "share":
        return _shares(cells, title)
    return _clocks(cells, raw.own) if kind == "clock" else _READERS[kind](cells)


def typed_cells(cells: Any, kind: Kind, own: Mapping[int, Any] | None = None) -> Any:
    """The texts of a column of mixed cells with numbers and dates as such again, once per different text.

    own: what the cells of a text hold themselves, where that is known, as of RawColumn. A text that may be two
    numbers stays a text where it is not.
    """
    if not isinstance(cells, Encoded) or kind not in _TIME_KINDS | _NUMBER_KINDS:
        return cells
    if kind in _TIME_KINDS:
        return Encoded(cells.index, [_typed_time(text) if isinstance(text, str) else text for text in cells.texts])
    typed = [_typed_number(text) if isinstance(text, str) else text for text in cells.texts]
    for place, value in (own or {}).items():
        if isinstance(value, float) and not isinstance(value, Serial):
            typed[place] = value
    return Encoded(cells.index, typed)


def _typed_time(text: str) -> Any:
    if _DATE_CELL.fullmatch(text):
        return dt.datetime.fromisoformat(text)
    return float(text) if "." in text and _NUMBER_CELL.fullmatch(text) and len(text) > 5 else text


def _clocks(cells: Any, own: Mapping[int, Any]) -> Parsed:
    """Clocks; cells of a mixed column from 24:00 on are lengths of time, so that 24:00 is not taken for 00:00.

    In a column of nothing else 1900-01-01 is how a database writes the day of a clock, as it is in a text.
    """
    if not isinstance(cells, Encoded):
        return clocks(cells)
    late = {
        place: cell
        for place, cell in enumerate(cells.texts)
        if place in own and isinstance(cell, dt.datetime) and _DAY_1 <= cell < FIRST_SURE_DATE
    }
    if all(place in late or cell == "" for place, cell in enumerate(cells.texts)):
        return clocks(cells)
    parsed = clocks(Encoded(cells.index, [cell - _DAY_0 if n in late else cell for n, cell in enumerate(cells.texts)]))
    days = {cell.date() for cell in cells.texts if isinstance(cell, dt.datetime)}
    if days != {_DAY_1.date()}:
        return parsed
    in_doubt = {place: cell for place, cell in late.items() if isinstance(own[place], Serial)}
    problems = [_on_day_1(problem, in_doubt.get(int(cells.index[problem.rows[0]]))) for problem in parsed.problems]
    return Parsed(parsed.values, parsed.given, problems)


def _on_day_1(problem: Problem, cell: dt.datetime | None) -> Problem:
    """What is said of a cell that may be a clock of a database, or a length of time, beside texts."""
    if cell is None:
        return problem
    message = f'"{cell:%Y-%m-%d %H:%M}" kan vara {cell:%H:%M} eller {cell.hour + 24}:{cell:%M}. {_CLOCK_ALONE}'
    return Problem(problem.rows, problem.code, message)


def _typed_number(text: str) -> Any:
    return float(text) if _NUMBER_CELL.fullmatch(text) and not has_two_readings(text) else text


def _counts(cells: Any, title: str) -> Parsed:
    """Whole numbers."""
    parsed = decimals(cells, 100, 0, MOST_NIGHTS, title, PIECES)
    parts = np.flatnonzero(parsed.values % 100)
    problems = list(parsed.problems)
    if len(parts):
        problems.append(Problem(parts, "#VALUE!", f"{title}: skriv ett helt antal."))
    return Parsed(parsed.values // 100, parsed.given, problems)


def _shares(cells: Any, title: str) -> Parsed:
    """A share up to 1 is a part of the whole (0,75; a cell in per cent), a larger number is per cent (75)."""
    parsed = decimals(cells, 10_000, 0, 100, title, PER_CENT)
    shares = np.where(parsed.values <= 10_000, parsed.values, (parsed.values + 50) // 100)
    nothing = parsed.given & (shares == 0) & ~parsed.bad
    problems = list(parsed.problems)
    if nothing.any():
        problems.append(Problem(np.flatnonzero(nothing), "#NUM!", f"{title}: 0 % kan inte räknas upp till heltid."))
    return Parsed(shares, parsed.given, problems)
