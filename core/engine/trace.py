"""How a value came about: every step behind it, with values, units, rules and the sources of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from core.engine.clock import FIRST_DAY, as_date
from core.engine.plan import Step, find_path
from core.engine.run import Result
from core.engine.units import to_written

Shown = tuple[Any, str]
"""A value and its unit, as a reader sees them."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One line of an explanation. Figures also carry source, first day and status."""

    title: str
    value: Any
    unit: str
    refs: tuple[str, ...] = ()
    source: str = ""
    from_date: str = ""
    status: str = ""


def explain(result: Result, target: str, row: int, show: Callable[[Any, str], Shown]) -> list[Explained]:
    """Every step behind row `row` of the column `target`, what is read before what reads it.

    `show` turns a stored value and its unit into what a reader sees. Steps of a lower level stand once for
    each run of equal rows, with their dates. Columns without a unit are machinery and left out.
    """
    level = result.ruleset.home(target)
    assert level is not None
    tracer = _Tracer(result, level, row, show)
    return [line for step in _ancestors(result, result.plan.makers[target, level]) for line in tracer.lines(step)]


def _ancestors(result: Result, target: Step) -> list[Step]:
    found: dict[Step, None] = {}

    def visit(step: Step) -> None:
        if step not in found:
            for needed in result.plan.needs[step]:
                visit(needed)
            found[step] = None

    visit(target)
    return list(found)


class _Tracer:
    def __init__(self, result: Result, level: str, row: int, show: Callable[[Any, str], Shown]) -> None:
        self.result, self.level, self.row, self.show = result, level, row, show

    def lines(self, step: Step) -> Iterator[Explained]:
        if step.level is None or step.kind in ("constant", "level", "link"):
            return
        rows = self._rows(step.level)
        describe = self._figure if step.kind == "figure" else self._column
        described = [describe(step, row) for row in rows]
        for line, run in groupby(zip(described, rows, strict=True), key=lambda pair: pair[0]):
            if line is None:
                continue
            same = [row for _, row in run]
            above = find_path(self.result.ruleset, self.level, step.level) is not None
            when = "" if above else self._when(step.level, same)
            yield Explained(when + line.title, *_rest(line))

    def _rows(self, level: str) -> Any:
        """The rows of a level that belong to the traced row."""
        if level == self.level:
            return [self.row]
        if find_path(self.result.ruleset, level, self.level):
            return np.flatnonzero(self.result.owner(level, self.level) == self.row)
        if find_path(self.result.ruleset, self.level, level):
            return [int(self.result.owner(self.level, level)[self.row])]
        child = self.result.ruleset.levels[level]
        below = next(
            other.name
            for other in self.result.ruleset.levels.values()
            if other.name in self.result.frames
            and find_path(self.result.ruleset, other.name, level)
            and find_path(self.result.ruleset, other.name, self.level)
        )
        return np.unique(self.result.owner(below, child.name)[self._rows(below)])

    def _when(self, level: str, rows: list[int]) -> str:
        dated_by = self.result.ruleset.levels[level].dated_by
        if dated_by is None or (dated_by, level) not in self.result.columns:
            return ""
        days = np.broadcast_to(self.result.at(dated_by, level).values, self.result.frames[level].rows)[rows]
        first, last = as_date(days.min()).isoformat(), as_date(days.max()).isoformat()
        return f"{first}: " if first == last else f"{first} – {last}: "

    def _value(self, step: Step, row: int) -> Any:
        values = self.result.columns[step.name, step.level].values
        return values[row] if np.ndim(values) else values[()]

    def _column(self, step: Step, row: int) -> Explained | None:
        ruleset = self.result.ruleset
        if step.kind == "rule":
            rule = self.result.plan.rules[step.name]
            title, unit, refs = rule.title, rule.unit, rule.refs
        else:
            title, unit, refs = ruleset.title(step.name), ruleset.unit(step.name), ()
            if step.name not in self.result.given:
                return None
        if not unit:
            return None
        error = self._error(step, row)
        value, shown_unit = (str(error), "") if error else self.show(self._value(step, row), unit)
        return Explained(title, value, shown_unit, refs)

    def _error(self, step: Step, row: int) -> Any:
        errors = self.result.columns[step.name, step.level].errors
        return self.result.book[errors[row]] if errors is not None and errors[row] else None

    def _figure(self, step: Step, row: int) -> Explained | None:
        assert step.level is not None
        figure, level = self.result.figures[step.name], self.result.ruleset.levels[step.level]
        assert level.dated_by is not None
        read = [self.result.at(level.dated_by, step.level)]
        if figure.key_kind is not None:
            keyed_by = level.keyed_by.get(figure.key_kind, figure.key_kind)
            read.append(self.result.at(keyed_by, step.level))
        if any(column.errors is not None and column.errors[row] for column in read):
            return None  # nothing was looked up; the error stands where it arose
        rows = self.result.frames[step.level].rows
        day, key = (*(int(np.broadcast_to(column.values, rows)[row]) for column in read), 0)[:2]
        entry = figure.entry(day, key)
        if step.name in self.result.given and not self._error(step, row):
            value = self._value(step, row)
            if entry is None or entry.value != value:
                ruleset = self.result.ruleset
                return Explained(ruleset.title(step.name), *self.show(value, ruleset.unit(step.name)))
        if entry is None or entry.value is None:
            return Explained(figure.missing_text(day, key), "#N/A", "", figure.refs)
        if not entry.value and (figure.hide_zero or figure.key_kind is not None):
            return None
        title = figure.title
        if entry.key is not None:
            title += f" ({figure.titles.get(entry.key, entry.key)})"
        return Explained(
            title,
            to_written(entry.value, figure.unit),
            figure.unit,
            figure.refs,
            entry.source,
            in_force_from(entry.from_day),
            entry.status,
        )


def in_force_from(day: int) -> str:
    """The first day of an entry as a date; nothing for one that holds since the beginning of time."""
    return "" if day <= FIRST_DAY else as_date(day).isoformat()


def _rest(line: Explained) -> tuple[Any, ...]:
    return line.value, line.unit, line.refs, line.source, line.from_date, line.status
