"""Between the cells of requests and answers and the values that the functions take and give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

import numpy as np

from core.engine import CellError
from core.engine.columns import ErrorCode
from udfs.server.wire import ErrorCell, Given, ItemErrors, RangeAnswer

_NUMBERS: Final = frozenset({float, type(None)})


class Malformed(ValueError):
    """One op of a request is wrong; the message says in Swedish what was expected."""


def cell(value: Any) -> Any:
    """One cell of a request as the functions take it."""
    return CellError(cast(ErrorCode, value.error), _holds(value.error)) if isinstance(value, ErrorCell) else value


def column(values: Sequence[Any]) -> Any:
    """Cells as an array: numbers (blanks among them as NaN, which is blank too) or objects."""
    kinds = set(map(type, values))
    if kinds <= _NUMBERS:
        return np.array(values, np.float64)
    cells = map(cell, values) if ErrorCell in kinds else values
    return np.fromiter(cells, dtype=object, count=len(values))


def argument(value: Any, place: str) -> Any:
    """One argument of one call: a value, an error cell or a range as an array of two dimensions. Raises Malformed."""
    if not isinstance(value, Given):
        return value
    if isinstance(value.error, str):
        return CellError(cast(ErrorCode, value.error), _holds(value.error))
    if not (isinstance(value.rows, int) and isinstance(value.columns, int) and isinstance(value.values, list)):
        raise Malformed(f"{place}: ett område skrivs med rows, columns och values.")
    if value.rows * value.columns != len(value.values):
        size = f"{value.rows} rader och {value.columns} kolumner är {value.rows * value.columns} celler"
        raise Malformed(f"{place}: {size}, men values har {len(value.values)}.")
    if not value.values:
        return None
    if len(value.values) == 1:
        return cell(value.values[0])
    table = column(value.values).reshape(value.rows, value.columns)
    return table if table.dtype != object else table.tolist()


def _holds(code: str) -> str:
    return f"Cellen innehåller felet {code}."


def errors_of(values: list[Any]) -> list[ItemErrors]:
    """The errors among the values, gathered; each is replaced by None in the list itself."""
    if CellError not in set(map(type, values)):
        return []
    found: dict[CellError, list[int]] = {}
    for item, value in enumerate(values):
        if isinstance(value, CellError):
            found.setdefault(value, []).append(item)
            values[item] = None
    return [ItemErrors(items, error.code, error.message) for error, items in found.items()]


def answer_of(value: Any) -> RangeAnswer:
    """What a function answered, as rows and columns; shorter rows of a table are filled with blanks."""
    if not isinstance(value, list):
        rows: list[list[Any]] = [[value]]
    elif value and isinstance(value[0], list):
        rows = value
    else:
        rows = [[item] for item in value]
    width = max(map(len, rows), default=0)
    values = [item for row in rows for item in _filled(row, width)]
    return RangeAnswer(len(rows), width, values, errors_of(values))


def _filled(row: list[Any], width: int) -> Iterable[Any]:
    return row if len(row) == width else [*row, *[None] * (width - len(row))]


def size(value: Any) -> int:
    """How many cells an answer has."""
    if not isinstance(value, list):
        return 1
    return sum(len(row) if isinstance(row, list) else 1 for row in value)
