"""Carries out a plan on columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from core.engine.columns import CellError, Column, ErrorBook, Flagged, first_error, mark, wide
from core.engine.distinct import distinct
from core.engine.figures import Figures
from core.engine.levels import Frame, Groups, Index, opened
from core.engine.plan import Plan, Step, find_path, make_plan
from core.engine.rules import REQUIRED, Rule, Ruleset, parameters


@dataclass
class Result:
    """What a run made: columns by name, the rows of each level, and the errors."""

    ruleset: Ruleset
    figures: Figures
    plan: Plan
    book: ErrorBook
    frames: dict[str, Frame]
    given: frozenset[str]
    columns: dict[tuple[str, str | None], Column] = field(default_factory=dict)
    opening_errors: dict[str, Any] = field(default_factory=dict)
    _owners: dict[tuple[str, str], Index] = field(default_factory=dict)
    _groups: dict[tuple[str, str], Groups] = field(default_factory=dict)
    _bounds: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """The column `name` at its own level."""
        return self.columns[name, self.ruleset.home(name)]

    def values(self, name: str) -> Any:
        """The values of a column, one per row of its level."""
        home = self.ruleset.home(name)
        values = self.columns[name, home].values
        return values if home is None else np.broadcast_to(values, self.frames[home].rows)

    def error(self, name: str, row: int) -> CellError | None:
        """The error of one row, or None."""
        errors = self.column(name).errors
        return self.book[errors[row]] if errors is not None and errors[row] else None

    def owner(self, child: str, parent: str) -> Index:
        """For each row of `child` the row of `parent` it belongs to, over as many levels as it takes."""
        if (child, parent) not in self._owners:
            path = find_path(self.ruleset, child, parent)
            assert path
            index = self.frames[path[0][0]].owners[path[0][1]]
            for here, above in path[1:]:
                index = self.frames[here].owners[above].take(index)
            self._owners[child, parent] = index
        return self._owners[child, parent]

    def groups(self, child: str, parent: str) -> Groups:
        """The rows of `child` gathered by the row of `parent` they belong to."""
        if (child, parent) not in self._groups:
            frame = self.frames[child]
            own = frame.gapless and self.ruleset.levels[child].parent == parent
            self._groups[child, parent] = Groups(
                self.owner(child, parent), self.frames[parent].rows, frame.ends if own else None
            )
        return self._groups[child, parent]

    def at(self, name: str, level: str) -> Column:
        """The column `name` as rows of `level` read it: its own, or spread from a level above."""
        known = self.columns.get((name, level))
        if known is not None:
            return known
        maker = self.plan.makers[name, level]
        if maker.kind == "level":
            return self._position(name, maker.name)
        home = maker.level
        column = self.columns[name, home]
        if home is not None and home != level:
            column = _spread(column, lambda: self.owner(level, home))
        self.columns[name, level] = column
        return column

    def _position(self, name: str, level: str) -> Column:
        """A column that tells where a row stands among its parent's rows."""
        parent = self.ruleset.levels[level].parent
        assert parent is not None
        errors = self.opening_errors.get(level)
        position = Column(
            self.frames[level].position(parent, name.rpartition("_")[2]),
            None if errors is None else errors.take(self.owner(level, parent)),
        )
        self.columns[name, level] = position
        return position

    def bounds(self, name: str, level: str) -> tuple[int, int]:
        """The smallest and largest value of a column of days."""
        home = self.plan.makers[name, level].level or level
        if (name, home) not in self._bounds:
            values = np.asarray(self.at(name, home).values)
            self._bounds[name, home] = (int(values.min()), int(values.max())) if values.size else (0, 0)
        return self._bounds[name, home]


def run(
    ruleset: Ruleset,
    figures: Figures,
    targets: Sequence[str],
    columns: Mapping[str, Column],
    frames: Mapping[str, Frame],
    book: ErrorBook | None = None,
    keep_all: bool = True,
) -> Result:
    """Make the columns `targets` from the given `columns` and rows. Raises MissingInput.

    Errors in `columns` refer to `book`. Unless `keep_all`, what is between is let go of as soon as it has been
    read for the last time: then memory is reused while it is still in the cache, and nothing can be traced.
    """
    partial = frozenset(name for name, column in columns.items() if column.given is not None)
    plan = make_plan(ruleset, figures.kinds, tuple(targets), frozenset(columns), partial, frozenset(frames))
    result = Result(ruleset, figures, plan, ErrorBook() if book is None else book, dict(frames), frozenset(columns))
    for step, done in zip(plan.steps, plan.done_after, strict=True):
        _STEPS[step.kind](result, step, columns)
        if not keep_all:
            for column in done:
                result.columns.pop(column, None)
    return result


def _spread(column: Column, owner: Callable[[], Index]) -> Column:
    values, errors, given = column.values, column.errors, column.given
    return Column(
        values.take(owner()) if np.ndim(values) else values,
        None if errors is None else errors.take(owner()),
        None if given is None else given.take(owner()),
    )


def _make_input(result: Result, step: Step, columns: Mapping[str, Column]) -> None:
    declared = result.ruleset.inputs.get(step.name)
    column = columns.get(step.name)
    if column is not None:
        column = Column(wide(column.values), column.errors, column.given)
    if column is None:
        assert declared is not None
        column = Column(declared.default if step.level is None else np.asarray(declared.default))
    elif column.given is not None and step.level is not None:
        rows, missing = result.frames[step.level].rows, ~column.given
        if declared is not None and declared.default is not REQUIRED:
            column = Column(np.where(column.given, column.values, declared.default), column.errors)
        else:
            title = result.ruleset.title(step.name)
            number = result.book.number(CellError("#VALUE!", f"{title} saknas."))
            column = Column(column.values, mark(column.errors, rows, missing, number))
    result.columns[step.name, step.level] = column


def _make_constant(result: Result, step: Step, columns: Mapping[str, Column]) -> None:
    result.columns[step.name, step.level] = Column(np.asarray(result.plan.rules[step.name].otherwise))


def _make_rule(result: Result, step: Step, columns: Mapping[str, Column]) -> None:
    rule = result.plan.rules[step.name]
    source = rule.over or rule.level
    read = [result.at(name, source) for name in rule.parameters]
    arguments = [column.values for column in read]
    if rule.over or rule.within:
        child, parent = (rule.over, rule.level) if rule.over else (rule.level, rule.within)
        assert child is not None and parent is not None
        arguments.insert(0, result.groups(child, parent))
    made = rule.function(*arguments)
    errors = _inherited_errors(result, rule, read)
    rows = result.frames[rule.level].rows
    if isinstance(made, Flagged):
        if made.relevant is not None:
            errors = _relevant_errors(rule, read, errors, made.relevant)
        for mask, error in made.problems:
            if np.any(mask):
                errors = mark(errors, rows, mask, result.book.number(error))
        made = made.values
    column = Column(np.asarray(made), errors)
    result.columns[step.name, step.level] = _overridden(column, columns.get(step.name), rows)


def _inherited_errors(result: Result, rule: Rule, read: Sequence[Column]) -> Any:
    """The errors of what a rule read. A row in error is one for its whole group, since sums need every row."""
    errors = None
    for name, column in zip(rule.parameters, read, strict=True):
        if column.errors is not None and name not in rule.tolerates:
            errors = first_error(errors, column.errors)
    if rule.over:
        return first_error(
            _opening_errors(result, rule.over, rule.level), _gathered(result, errors, rule.over, rule.level)
        )
    if rule.within and errors is not None:
        of_group = _gathered(result, errors, rule.level, rule.within)
        return first_error(errors, of_group.take(result.owner(rule.level, rule.within)))
    return errors


def _relevant_errors(rule: Rule, read: Sequence[Column], errors: Any, relevant: Any) -> Any:
    """Where a rule says on which rows what it read matters: errors of the columns it tolerates count there only,
    or, when it tolerates none, all errors."""
    if not rule.tolerates:
        return None if errors is None else np.where(relevant, errors, 0).astype(np.int32)
    for name, column in zip(rule.parameters, read, strict=True):
        if column.errors is not None and name in rule.tolerates:
            errors = first_error(errors, np.where(relevant, column.errors, 0).astype(np.int32))
    return errors


def _gathered(result: Result, errors: Any, child: str, parent: str) -> Any:
    """Errors of `child` as errors of the rows of `parent`: the first row in error speaks for its group."""
    if errors is None:
        return None
    wrong = np.flatnonzero(errors)[::-1]
    gathered = np.zeros(result.frames[parent].rows, np.int32)
    gathered[result.owner(child, parent)[wrong]] = errors[wrong]
    return gathered


def _opening_errors(result: Result, child: str, parent: str) -> Any:
    """Errors of the rows that the levels between `child` and `parent` were opened from, also if into no rows."""
    found = None
    for here, above in find_path(result.ruleset, child, parent) or ():
        errors = result.opening_errors.get(here)
        if errors is not None and result.ruleset.levels[here].parent == above:
            found = first_error(found, errors if above == parent else _gathered(result, errors, above, parent))
    return found


def _overridden(computed: Column, own: Column | None, rows: int) -> Column:
    """The computed column, with the caller's own value on the rows where one was given."""
    if own is None or own.given is None:
        return computed
    errors = computed.errors
    if errors is not None or own.errors is not None:
        none = np.zeros(rows, np.int32)
        errors = np.where(own.given, none if own.errors is None else own.errors, none if errors is None else errors)
    return Column(np.where(own.given, own.values, computed.values), errors)


def _make_figure(result: Result, step: Step, columns: Mapping[str, Column]) -> None:
    assert step.level is not None
    figure, level = result.figures[step.name], result.ruleset.levels[step.level]
    assert level.dated_by is not None
    day = result.at(level.dated_by, step.level)
    key = None
    if figure.key_kind is not None:
        key = result.at(level.keyed_by.get(figure.key_kind, figure.key_kind), step.level)
    keys = None if key is None else key.values
    found = figure.lookup(day.values, keys, result.bounds(level.dated_by, step.level))
    errors = first_error(day.errors, None if key is None else key.errors)
    rows = result.frames[step.level].rows
    if found.missing is not None:
        missing = np.broadcast_to(found.missing, rows)
        if errors is not None:
            missing = missing & (errors == 0)
        wrong = np.flatnonzero(missing)
        days = np.broadcast_to(day.values, rows)[wrong].astype(np.int64)
        codes = np.broadcast_to(0 if keys is None else keys, rows)[wrong].astype(np.int64)
        kinds = max(len(figure.keys), 1)
        different, index = np.unique(days * kinds + codes, return_inverse=True)
        sentences = (figure.missing_text(*divmod(one, kinds)) for one in different.tolist())
        numbers = np.array([result.book.number(CellError("#N/A", text)) for text in sentences], np.int32)
        errors = np.zeros(rows, np.int32) if errors is None else errors.copy()
        errors[wrong] = numbers[index]
    own = columns.get(step.name)
    home = result.ruleset.home(step.name)
    if own is not None and home is not None and home != step.level:
        owner = result.owner(step.level, home)
        own = _spread(own, lambda: owner)
    result.columns[step.name, step.level] = _overridden(Column(found.values, errors), own, rows)


def _make_level(result: Result, step: Step, columns: Mapping[str, Column]) -> None:
    level = result.ruleset.levels[step.name]
    if level.opens is not None and level.parent is not None:
        counts, errors = _call(result, level.opens, level.parent)
        result.frames[step.name] = opened(level.parent, counts)
        if errors is not None:
            result.opening_errors[step.name] = errors
    elif level.gathers is not None and level.child is not None:
        groups, owner = distinct(_call(result, level.gathers, level.child)[0])
        result.frames[step.name] = Frame(len(groups))
        result.frames[level.child].owners[step.name] = owner


def _make_link(result: Result, step: Step, columns: Mapping[str, Column]) -> None:
    parent = str(step.level)
    function = result.ruleset.levels[step.name].links[parent]
    result.frames[step.name].owners[parent] = _call(result, function, step.name)[0]


def _call(result: Result, function: Callable[..., Any], level: str) -> tuple[Any, Any]:
    """What a level's function makes of the columns it names, one value per row, and their errors."""
    read = [result.at(name, level) for name in parameters(function)]
    errors = None
    for column in read:
        errors = first_error(errors, column.errors)
    made = function(*(column.values for column in read))
    return made if np.ndim(made) else np.broadcast_to(made, result.frames[level].rows), errors


_STEPS: Final[dict[str, Callable[[Result, Step, Mapping[str, Column]], None]]] = {
    "input": _make_input,
    "constant": _make_constant,
    "rule": _make_rule,
    "figure": _make_figure,
    "level": _make_level,
    "link": _make_link,
}
