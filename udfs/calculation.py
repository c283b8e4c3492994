"""From a call of a worksheet function to the engine and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.engine import CellError, Column, ErrorBook, MissingInput, Result
from core.engine.blocks import BLOCK, part_of
from core.engine.clock import day_number
from core.engine.columns import mark
from core.engine.levels import Frame
from core.engine.trace import Explained
from core.law import Law, block_of, law
from core.maltider.table import MealTable
from core.policies import PolicyError
from core.presentation import written
from core.readers import READERS
from core.vocabulary import Misread, Parsed, closest, meal_texts, meals_table
from core.vocabulary.meals import MEALS
from core.vocabulary.parsed import quoted
from core.vocabulary.words import one_of
from udfs.coerce import (
    PassedOn,
    Shape,
    Unequal,
    common_shape,
    error_cells,
    flatten,
    is_blank,
    is_range,
    pass_on_any,
    to_column,
    with_errors,
)

Answer = Any
"""A value, a CellError, or a column or table of them."""


@dataclass
class Trace:
    """What FORKLARA collects while a function runs: the engine's result and target, or ready lines; and the
    policy's roles, which a result names by number."""

    result: Result | None = None
    target: str = ""
    lines: Sequence[Explained] = ()
    roles: Sequence[str] = ()


TRACE: Final[ContextVar[Trace | None]] = ContextVar("trace", default=None)


def _go_on() -> None:
    """Nobody asks the calculation to stop."""


@dataclass(frozen=True)
class Setting:
    """What a host says for all calls of one calculation, beside their arguments.

    policy: the policy of calls that name none; today: the day number that "today" means.
    policies: the only policies that may be asked for, name → file; None allows any name or path.
    workers: threads that one large call may use; None is one per processor.
    most_days: days that the trips of one table may touch together; None is as many as there are.
    check: called now and then during long work; what it raises ends the calculation.
    """

    policy: str | None = None
    today: int | None = None
    policies: Mapping[str, Path] | None = None
    workers: int | None = None
    most_days: int | None = None
    check: Callable[[], None] = _go_on
    laws: dict[str | None, Law] | None = None
    """The laws found so far, when all calls of the calculation shall be made under the same."""


SETTING: Final[ContextVar[Setting]] = ContextVar("setting", default=Setting())  # noqa: B039  # it is frozen


@contextmanager
def calculating(setting: Setting) -> Iterator[None]:
    """Calls made within, in this thread, follow the setting."""
    token = SETTING.set(setting)
    try:
        yield
    finally:
        SETTING.reset(token)


class Inputs:
    """The arguments of one call as columns of equal length, and the law they are computed under."""

    def __init__(self, policy: Any, **arguments: Any) -> None:
        """Arguments by the name of the column they fill; each is read as that column is (see `READERS`)."""
        self.law: Law = law_of(policy)
        self.book = ErrorBook()
        flat = {name: flatten(cells) for name, cells in arguments.items()}
        self.shape: Shape = common_shape([shape for _, shape in flat.values()])
        self.columns: dict[str, Column] = {}
        self.legs: int | None = None
        self.passed_on: dict[int, CellError] = {}
        for name, (cells, _) in flat.items():
            SETTING.get().check()
            self.pass_on(cells)
            self.add(name, READERS[name](cells))

    def preset(self, **values: Any) -> Inputs:
        """Give an integer to all rows of columns that the arguments left out, and to blank rows of the others."""
        for name, value in values.items():
            column = self.columns.get(name)
            if column is None:
                self.columns[name] = Column(np.asarray(value))
            elif column.given is not None:
                self.columns[name] = Column(np.where(column.given, column.values, value), column.errors)
        return self

    def optional(self, *names: str) -> Inputs:
        """Columns that only some rules of the policy need: left out, they are missing on every row, not in the call."""
        for name in names:
            nothing = np.zeros(self.shape.rows, np.int64)
            self.columns.setdefault(name, Column(nothing, given=nothing.astype(bool)))
        return self

    def with_meals(self, cells: Any) -> Inputs:
        """Add the argument `maltider`: texts, one per row, or for one trip a range with a row per day."""
        if is_range(cells) and len(cells) and is_range(cells[0]) and len(cells[0]) == len(MEALS):
            for row in cells:
                pass_on_any(row)
            self.columns["maltidskod"] = Column(np.int64(1))
            self.columns["maltidstabell"] = Column(MealTable([meals_table([list(row) for row in cells])]))
            return self
        flat, shape = flatten(cells)
        parsed, found = meal_texts(flat)
        if parsed.given.any():
            self.widen(shape)
            self.pass_on(flat)
            self.add("maltidskod", Parsed(parsed.values + 1, parsed.given, parsed.problems))
            self.columns["maltidstabell"] = Column(MealTable(found))
        return self

    def require(self, *names: str) -> Inputs:
        """These arguments must be given although the engine has a default for them: a blank row is an error."""
        for name in names:
            column, title = self.columns.get(name), self.law.rules.title(name)
            if column is None:
                raise Misread(f"{title} saknas.")
            if column.given is not None:
                number = self.book.number(CellError("#VALUE!", f"{title} saknas."))
                errors = mark(column.errors, self.shape.rows, ~column.given, number)
                self.columns[name] = Column(column.values, errors)
        return self

    def same(self, name: str, other: str) -> Inputs:
        """Give column `name` the values of column `other`."""
        self.columns[name] = self.columns[other]
        return self

    def extend(self, name: str, cells: Any, shape: Shape) -> None:
        """Add one more argument that the others were not yet measured against."""
        self.widen(shape)
        self.pass_on(cells)
        self.add(name, READERS[name](cells))

    def widen(self, shape: Shape) -> None:
        """Take another argument's shape into account: what single values were in error or blank for, grows with it."""
        self.shape = common_shape([self.shape, shape])
        for name, column in self.columns.items():
            if column.errors is not None or column.given is not None:
                parts = (column.values, column.errors, column.given)
                spread = [None if part is None else np.broadcast_to(part, self.shape.rows) for part in parts]
                self.columns[name] = Column(*spread)

    def pass_on(self, cells: Any) -> None:
        """Remember an argument's error cells: each is the answer of its row, the first argument's first."""
        self.passed_on = error_cells(cells) | self.passed_on

    def add(self, name: str, parsed: Parsed) -> None:
        """Add a column that was read; one that is wholly blank is not given."""
        column = to_column(parsed, self.book, self.shape.rows)
        if column is not None:
            self.columns[name] = column

    def frames(self, levels: Sequence[str]) -> dict[str, Frame]:
        """Levels of equally many rows, each row with one of its own on the next level."""
        rows = self.shape.rows
        frames = {levels[0]: Frame(rows)}
        for parent, child in pairwise(levels):
            frames[child] = Frame(rows, {parent: np.arange(rows)})
        if self.legs is not None:
            frames["stracka"] = Frame(self.legs, {"resa": np.zeros(self.legs, np.int64)})
        return frames

    def answer(self, target: str, levels: Sequence[str] = ("resa",)) -> Answer:
        """The column `target` in the shape of the arguments."""
        rows, trace, setting = self.shape.rows, TRACE.get(), SETTING.get()
        frames = self.frames(levels)
        if trace is not None:
            return self._explained(target, frames, trace)
        if rows > 1 and _in_blocks(frames) and min(BLOCK, block_of(self.columns, rows)) < rows:
            column = self.law.run_blocks(
                [target],
                self.columns,
                frames,
                book=self.book,
                workers=setting.workers,
                progress=lambda _: setting.check(),
            )[target]
        else:
            result = self.law.run([target], self.columns, frames, self.book)
            column = Column(result.values(target), result.column(target).errors)
        return self.shape.restore(self.cells(target, column))

    def _explained(self, target: str, frames: dict[str, Frame], trace: Trace) -> Answer:
        """The first row alone, which is the one that is explained."""
        columns = self.columns
        if _in_blocks(frames):
            columns, frames = part_of(self.law.rules, columns, frames, "resa", 0, 1)
        result = self.law.run([target], columns, frames, self.book)
        trace.result, trace.target, trace.roles = result, target, self.law.policy.approvers
        return self.cells(target, Column(result.values(target), result.column(target).errors))[0]

    def cells(self, target: str, column: Column) -> list[Any]:
        """A computed column as plain values and CellErrors."""
        values = present(self.law, column.values, self.law.rules.unit(target))
        cells = with_errors(values, column.errors, self.book)
        for row, error in self.passed_on.items():
            if row < len(cells):
                cells[row] = error
        return cells


def _in_blocks(frames: Mapping[str, Frame]) -> bool:
    """True when trips can be computed some at a time: every row of another level says which trip it belongs to."""
    return all(level == "resa" or "resa" in frame.owners for level, frame in frames.items())


def present(law: Law, values: Any, unit: str) -> list[Any]:
    """Stored values as the cells a user sees; whole columns of numbers at once."""
    values = np.atleast_1d(values)
    match unit:
        case "kr":
            return list((values / 100).tolist())
        case "km":
            return list((values / 1000).tolist())
        case "timmar":
            return list((values / 60).tolist())
        case "antal" | "kg":
            return list(values.tolist())
        case "roll":
            roles = law.policy.approvers  # a row in error has some number, under a policy without roles too
            return [roles[code] if 0 <= code < len(roles) else "" for code in values.tolist()]
    return [written(value, unit) for value in values.tolist()]


def law_of(policy: Any) -> Law:
    """The law under the policy argument. Raises PolicyError."""
    name, laws = policy_name(policy), SETTING.get().laws
    if laws is None:
        return law(name)
    if name not in laws:
        laws[name] = law(name)
    return laws[name]


def policy_name(policy: Any) -> str | None:
    """The policy argument as what `law` takes; blank, or the 0 of an empty cell, is the configured one.

    Where only some policies may be asked for, the file of that policy. Raises PolicyError.
    """
    value = flatten(policy)[0][0] if is_range(policy) else policy
    setting = SETTING.get()
    name = setting.policy if is_blank(value) else str(value).strip()
    if setting.policies is None or name is None:
        return name
    if name not in setting.policies:
        near = closest(name, setting.policies)
        maybe = f" Menade du {one_of(near)}?" if near else ""
        raise PolicyError(f"Okänd policy {quoted(name)}.{maybe} Välj {one_of(setting.policies)}.")
    return str(setting.policies[name])


def today() -> int:
    """Day number of today, which a date argument means when it is left out."""
    day = SETTING.get().today
    return day_number(date.today()) if day is None else day


def answering(call: Callable[[], Answer]) -> Answer:
    """The answer of a call; what is wrong with the call as a whole becomes its CellError."""
    try:
        return call()
    except PassedOn as passed_on:
        return passed_on.error
    except MissingInput as missing:
        return CellError("#VALUE!", f"{missing.title} saknas.")
    except (Unequal, PolicyError) as problem:
        return CellError("#VALUE!", str(problem))
    except Misread as problem:
        return CellError(problem.code, str(problem))
