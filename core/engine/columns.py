"""Columns and the errors that travel with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

ErrorCode = Literal["#VALUE!", "#NUM!", "#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NULL!"]
"""The rules give the first three; the others are only passed on from a cell that held them."""


@dataclass(frozen=True, slots=True)
class CellError:
    """What a row gets instead of a value: an Excel error code and a Swedish sentence."""

    code: ErrorCode
    message: str

    def __str__(self) -> str:
        return f"{self.code} {self.message}"


class ErrorBook:
    """The different errors of one run; a column refers to them by number, 0 is no error."""

    def __init__(self) -> None:
        self._errors: list[CellError] = []
        self._numbers: dict[CellError, int] = {}

    def number(self, error: CellError) -> int:
        """The number of `error`, new or known."""
        if error not in self._numbers:
            self._errors.append(error)
            self._numbers[error] = len(self._errors)
        return self._numbers[error]

    def copy(self) -> ErrorBook:
        """A book with the same errors under the same numbers."""
        other = ErrorBook()
        other._errors, other._numbers = self._errors.copy(), self._numbers.copy()
        return other

    def __getitem__(self, number: int) -> CellError:
        return self._errors[number - 1]

    def __len__(self) -> int:
        return len(self._errors)


@dataclass(frozen=True, slots=True)
class Column:
    """Values of one level's rows; a 0-d array is the same value for every row.

    `errors` holds numbers of the run's error book, or is None when no row is in error.
    `given` marks the rows a partly filled input states; None means all.
    """

    values: Any
    errors: NDArray[np.int32] | None = None
    given: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Flagged:
    """A rule's result in which some rows are in error.

    `relevant` marks the rows for which errors in what the rule read matter (only those in the columns that the rule
    tolerates, if it names any); None means all.
    """

    values: Any
    problems: Sequence[tuple[Any, CellError]] = field(default_factory=list)
    relevant: Any = None


def flag(values: Any, *problems: tuple[Any, ErrorCode, str], relevant: Any = None) -> Flagged:
    """`values`, with each problem (mask, code, message) marked on its rows."""
    return Flagged(values, [(mask, CellError(code, message)) for mask, code, message in problems], relevant)


def narrow(column: Column) -> Column:
    """The column in as few bytes as hold its whole numbers, for those that are kept. Rules read it in int64 all the
    same; what else reckons with it must make it `wide` first."""
    values = column.values
    if isinstance(values, np.ndarray) and values.ndim and values.dtype == np.int64 and len(values):
        low, high = int(values.min()), int(values.max())
        for kind in (np.int16, np.int32):
            if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max:
                return Column(values.astype(kind), column.errors, column.given)
    return column


def wide(values: Any) -> Any:
    """Whole numbers as int64; other values as they are."""
    return (
        values.astype(np.int64, copy=False) if isinstance(values, np.ndarray) and values.dtype.kind == "i" else values
    )


def first_error(left: NDArray[np.int32] | None, right: NDArray[np.int32] | None) -> NDArray[np.int32] | None:
    """Both columns' errors, the left one first where a row has two."""
    if left is None or right is None:
        return right if left is None else left
    return np.where(left != 0, left, right)


def mark(errors: NDArray[np.int32] | None, rows: int, mask: Any, number: int) -> NDArray[np.int32] | None:
    """`errors` with `number` set where `mask` holds and no earlier error stands."""
    mask = np.broadcast_to(np.asarray(mask, dtype=bool), rows)
    if not mask.any():
        return errors
    marked = np.zeros(rows, np.int32) if errors is None else errors.copy()
    marked[mask & (marked == 0)] = number
    return marked
