"""Many scalar calls of one function, computed as columns where the function can, with the scalar calls' answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from core.vocabulary.columns import INVISIBLE
from udfs.calculation import SETTING
from udfs.coerce import error_cells
from udfs.registry import Function, Parameter
from udfs.server.cells import Malformed, cell, column, size

BLOCK: Final = 8192
"""Calls that are computed at a time; between two blocks the calculation can be stopped."""

Room = Callable[[int], None]
"""Told how many cells an answer takes; raises when there is no room for them."""


def answers(function: Function, calls: int, columns: Sequence[Sequence[Any]], room: Room) -> list[Any]:
    """The answer of each call: a value, a table or a CellError. Raises Malformed."""
    _check(function, calls, columns)
    if all(len(values) == 1 for values in columns) and calls > 1:
        same = answers(function, 1, columns, room) * calls
        room(calls * size(same[0]))
        return same
    if calls > 1 and _takes_columns(function):
        return _Columns(function, calls, columns).answers()
    found = []
    for call in range(calls):
        SETTING.get().check()
        found.append(
            function.call(*(cell(values[call if len(values) > 1 else 0]) for values in padded(function, columns)))
        )
        room(size(found[-1]))
    return found


def padded(function: Function, columns: Sequence[Any]) -> list[Any]:
    """The columns, with a blank for each required one that was left out: then the function says what is missing."""
    missing = [parameter for parameter in function.parameters[len(columns) :] if parameter.required]
    return [*columns, *[[None]] * len(missing)]


def _takes_columns(function: Function) -> bool:
    shapes = {parameter.argument.shape for parameter in function.parameters}
    return "tabell" not in shapes and "kolumn" in shapes and not function.gives_table


def _check(function: Function, calls: int, columns: Sequence[Sequence[Any]]) -> None:
    repeated = any(parameter.repeated for parameter in function.parameters)
    if len(columns) > len(function.parameters) and not repeated:
        raise Malformed(f"{function.name} har högst {len(function.parameters)} argument: {function.signature}.")
    for number, values in enumerate(columns, 1):
        if len(values) not in (1, calls):
            raise Malformed(
                f"{function.name}: kolumn {number} har {len(values)} värden. "
                f"Väntade ett per anrop ({calls}), eller ett som gäller alla."
            )


class _Columns:
    """Calls on their way through a function that takes columns.

    A column is not always computed as its cells would be alone: one that is blank on some rows is a different
    input from one that is left out. So calls are grouped by which arguments are blank, and by the arguments that
    are one value only (the policy); within a group every column is wholly given or wholly left out.
    """

    def __init__(self, function: Function, calls: int, columns: Sequence[Sequence[Any]]) -> None:
        self.function, self.calls = function, calls
        self.columns = [column(values) for values in padded(function, columns)]
        self.found: Any = np.empty(calls, dtype=object)

    def answers(self) -> list[Any]:
        """The answer of each call."""
        left = self._pass_errors_on()
        for rows in self._groups(left):
            for start in range(0, len(rows), BLOCK):
                SETTING.get().check()
                self._compute(rows[start : start + BLOCK])
        return list(self.found.tolist())

    def _pass_errors_on(self) -> Any:
        """Answer the calls that have an error cell among their arguments; returns the rows of the others."""
        left = np.ones(self.calls, dtype=bool)
        for cells in self.columns:
            for row, error in error_cells(cells).items():
                rows = slice(row, row + 1) if len(cells) > 1 else slice(None)
                self.found[rows] = np.where(left[rows], error, self.found[rows])  # type: ignore[call-overload]
                left[rows] = False
        return np.flatnonzero(left)

    def _groups(self, rows: Any) -> list[Any]:
        """The rows, apart by what must not be computed together."""
        key = np.zeros(len(rows), np.int64)
        for cells, parameter in zip(self.columns, self.function.parameters, strict=False):
            if len(cells) > 1:
                kinds = _kinds(cells[rows], parameter)
                _, key = np.unique(key * (int(kinds.max(initial=0)) + 1) + kinds, return_inverse=True)
        order = np.argsort(key, kind="stable")
        return np.split(rows[order], np.flatnonzero(np.diff(key[order])) + 1) if len(rows) else []

    def _compute(self, rows: Any) -> None:
        one = len(rows) == 1
        arguments = []
        for cells, parameter in zip(self.columns, self.function.parameters, strict=False):
            if len(cells) == 1 or one or parameter.argument.shape == "värde":
                arguments.append(cells[rows[0] if len(cells) > 1 else 0])
            else:
                arguments.append(cells[rows])
        answer = self.function.call(*arguments)
        self.found[rows] = np.fromiter(answer, dtype=object, count=len(rows)) if isinstance(answer, list) else answer


def _kinds(cells: Any, parameter: Parameter) -> Any:
    """A number per cell; cells of different numbers are never computed together."""
    if parameter.argument.shape == "värde":
        numbers: dict[Any, int] = {}
        return np.array([numbers.setdefault((type(value), value), len(numbers)) for value in cells.tolist()], np.int64)
    if cells.dtype != object:
        return np.isnan(cells) * BLANK + (cells == 0) * ZERO
    kind = _kind_of_zone if parameter.name == "zon" else _kind
    return np.fromiter(map(kind, cells), np.int64, len(cells))


GIVEN, BLANK, ZERO, ROUTE = range(4)
"""A zero is blank in some columns and a number in others; a route of two places is another input than a zone."""


def _kind(value: Any) -> int:
    if value is None:
        return BLANK
    if isinstance(value, str):
        return GIVEN if value.strip(INVISIBLE) else BLANK
    return ZERO if value == 0 and not isinstance(value, bool) else GIVEN


def _kind_of_zone(value: Any) -> int:
    return ROUTE if isinstance(value, str) and not {"-", "–", "—"}.isdisjoint(value) else _kind(value)
