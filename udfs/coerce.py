"""The one place where what a host hands over becomes columns, and columns become what it gets back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.engine import CellError, Column, ErrorBook
from core.vocabulary import Parsed

Table = list[list[Any]]


class Unequal(ValueError):
    """Columns of different length were given together."""


class PassedOn(Exception):
    """An error cell stands where the whole call depends on it: `error` is the answer."""

    def __init__(self, error: CellError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Shape:
    """How values came and go back: one value, n values, n rows of one cell, or one row of n cells."""

    rows: int
    kind: str = "värde"

    def restore(self, values: list[Any]) -> Any:
        """The results in the shape of the arguments."""
        match self.kind:
            case "värde":
                return values[0]
            case "rader":
                return [[value] for value in values]
            case "rad":
                return [values]
        return values


def is_range(value: Any) -> bool:
    """True for a list, a tuple or an array."""
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def flatten(value: Any) -> tuple[Any, Shape]:
    """An argument as a flat column, with its shape. A 1×1 range is one value."""
    if not is_range(value):
        return [value], Shape(1)
    if isinstance(value, np.ndarray):
        if value.ndim == 1:
            return value, Shape(len(value), "kolumn")
        rows, columns = value.shape
        return value.ravel(), _range_shape(rows, columns)
    if value and all(is_range(row) for row in value):
        cells = [cell for row in value for cell in row]
        return cells, _range_shape(len(value), len(value[0]))
    return list(value), Shape(len(value), "kolumn")


def _range_shape(rows: int, columns: int) -> Shape:
    if rows == columns == 1:
        return Shape(1)
    if min(rows, columns) > 1:
        raise Unequal("Ange en kolumn eller en rad, inte ett område med flera kolumner.")
    return Shape(rows * columns, "rader" if columns == 1 else "rad")


def single_error(arguments: Iterable[Any]) -> CellError | None:
    """The first argument that is an error cell, alone or as a range of one: a call with it has that error."""
    for argument in arguments:
        cell = argument
        while isinstance(cell, list | tuple) and len(cell) == 1:
            cell = cell[0]
        if isinstance(cell, CellError):
            return cell
    return None


def error_cells(cells: Any) -> dict[int, CellError]:
    """The error cells of a flat column by row."""
    if (isinstance(cells, np.ndarray) and cells.dtype != object) or CellError not in set(map(type, cells)):
        return {}
    return {row: cell for row, cell in enumerate(cells) if isinstance(cell, CellError)}


def pass_on_any(cells: Any, place: str = "") -> None:
    """Raises PassedOn for the first error cell, its message after the place where it stands."""
    for error in error_cells(cells).values():
        raise PassedOn(CellError(error.code, f"{place}: {error.message}" if place else error.message))


def as_table(value: Any) -> Table:
    """A range as rows of cells; blank rows at the end are left out."""
    rows = [list(row) if is_range(row) else [row] for row in value] if is_range(value) else [[value]]
    while rows and all(is_blank(cell) for cell in rows[-1]):
        rows.pop()
    return rows


def is_blank(value: Any) -> bool:
    """None, empty text, NaN, and the 0 that some hosts give for an empty cell."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return isinstance(value, int | float | np.number) and not isinstance(value, bool) and (value == 0 or value != value)


def zero_as_blank(value: Any) -> Any:
    """An argument in which the number 0 says nothing, so that it must be the 0 that Excel gives for an empty cell."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "if":
        return np.where(value == 0, np.nan, value)
    if is_range(value):
        return [zero_as_blank(cell) for cell in value]
    return None if is_blank(value) else value


def common_shape(shapes: Sequence[Shape]) -> Shape:
    """The one shape of all columns; single values fit any. Raises Unequal."""
    columns = [shape for shape in shapes if shape.kind != "värde"]
    if not columns:
        return Shape(1)
    rows = {shape.rows for shape in columns}
    if len(rows) > 1:
        raise Unequal(f"Kolumnerna är olika långa: {' och '.join(str(n) for n in sorted(rows))} rader.")
    return next((shape for shape in columns if shape.kind != "kolumn"), columns[0])


def to_column(parsed: Parsed, book: ErrorBook, rows: int) -> Column | None:
    """What was read as a column of the engine; None when nothing at all was given. A single value stays one."""
    values: Any = parsed.values
    if not parsed.given.any():
        return None
    if not parsed.problems and parsed.given.all():
        return Column(values[0] if len(values) == 1 else values)
    errors: Any = np.zeros(len(values), np.int32)
    for problem in parsed.problems:
        errors[problem.rows] = book.number(CellError(problem.code, problem.message))
    blank: Any = ~parsed.given
    values, errors, blank = (
        np.broadcast_to(part, rows) for part in (np.where((errors != 0) | blank, 0, values), errors, blank)
    )
    return Column(values, errors if parsed.problems else None, ~blank if blank.any() else None)


def with_errors(values: list[Any], errors: Any, book: ErrorBook) -> list[Any]:
    """The values, with the errors in place of those that have one."""
    if errors is not None:
        for row in np.flatnonzero(errors).tolist():
            values[row] = book[errors[row]]
    return values
