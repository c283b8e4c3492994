"""From what is asked for to the steps that make it, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from core.engine.rules import REQUIRED, MissingInput, Rule, RuleError, Ruleset, parameters

POSITIONS = ("nr", "forst", "sist")
"""Columns that every opened level `x` has: `x_nr` counts its rows from 0 within the parent row, `x_forst` and
`x_sist` mark the first and the last of them."""

Kind = Literal["input", "constant", "rule", "figure", "level", "link"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to make: an input, a constant in place of a rule, a rule's column, a figure at a level, a level,
    or a link between two."""

    kind: Kind
    name: str
    level: str | None = None


@dataclass(frozen=True)
class Plan:
    """Steps in order, which step makes each (name, level), what each step needs, the rule of each rule step,
    and which columns nothing reads any more after a step."""

    steps: tuple[Step, ...]
    makers: dict[tuple[str, str | None], Step]
    needs: dict[Step, tuple[Step, ...]]
    rules: dict[str, Rule]
    done_after: tuple[tuple[tuple[str, str | None], ...], ...]

    @property
    def levels(self) -> frozenset[str]:
        """Levels whose rows the plan makes."""
        return frozenset(step.name for step in self.steps if step.kind == "level")


@lru_cache(maxsize=512)
def make_plan(
    ruleset: Ruleset,
    figures: frozenset[tuple[str, str | None]],
    targets: tuple[str, ...],
    given: frozenset[str],
    partial: frozenset[str],
    supplied: frozenset[str],
) -> Plan:
    """The plan for `targets` when the columns `given` (of them `partial` only for some rows) and the rows of the
    levels `supplied` are at hand. `figures` are names with their kinds of key. Raises MissingInput or RuleError."""
    return _Planner(ruleset, dict(figures), given, partial, supplied).plan(targets)


class _Planner:
    def __init__(
        self,
        ruleset: Ruleset,
        figures: dict[str, str | None],
        given: frozenset[str],
        partial: frozenset[str],
        supplied: frozenset[str],
    ) -> None:
        self.ruleset, self.figures = ruleset, figures
        self.given, self.partial, self.supplied = given, partial, supplied
        self.needs: dict[Step, tuple[Step, ...]] = {}
        self.makers: dict[tuple[str, str | None], Step] = {}
        self.rules: dict[str, Rule] = {}
        self.reads: dict[Step, list[tuple[str, str | None]]] = {}
        self.target = ""
        self.open: set[Step] = set()

    def plan(self, targets: Iterable[str]) -> Plan:
        for target in targets:
            self.target = target
            self._column(target, self.ruleset.home(target))
        try:
            order = tuple(TopologicalSorter(self.needs).static_order())
        except CycleError as error:
            raise RuleError(f"rules need each other: {' → '.join(s.name for s in error.args[1])}") from None
        return Plan(order, self.makers, self.needs, self.rules, self._last_reads(order, set(targets)))

    def _last_reads(self, order: tuple[Step, ...], kept: set[str]) -> tuple[tuple[tuple[str, str | None], ...], ...]:
        """For each step the columns that it is the last to read."""
        last: dict[tuple[str, str | None], int] = {}
        for number, step in enumerate(order):
            for name, level in self.reads.get(step, ()):
                home = self.makers[name, level].level
                last[name, level] = last[name, level if home is None else home] = number
        done: list[list[tuple[str, str | None]]] = [[] for _ in order]
        for column, number in last.items():
            if column[0] not in kept:
                done[number].append(column)
        return tuple(map(tuple, done))

    def _column(self, name: str, level: str | None) -> list[Step]:
        """The steps needed to read column `name` at `level`: its maker, and the way there from its own level."""
        maker = self.makers.get((name, level)) or self._maker(name, level)
        self.makers[name, level] = maker
        self._expand(maker)
        home = level if maker.kind == "figure" else maker.level
        if home is None or home == level or level is None:
            return [maker]
        return [maker, *self._way(level, home, name)]

    def _maker(self, name: str, level: str | None) -> Step:
        home = self.ruleset.home(name)
        rule = self.ruleset.variant(name, self.supplied)
        if name in self.given and name not in self.partial:
            return Step("input", name, home)
        if rule is not None:
            self.rules[name] = rule
            applies = not rule.only_with or name in self.given or not self.given.isdisjoint(rule.only_with)
            return Step("rule" if applies else "constant", name, home)
        level_name, _, aspect = name.rpartition("_")
        if aspect in POSITIONS and level_name in self.ruleset.levels and level_name not in self.supplied:
            return Step("level", level_name, level_name)
        declared = self.ruleset.inputs.get(name)
        if declared is not None and declared.default is not REQUIRED:
            return Step("input", name, home)
        if name in self.figures:
            return Step("figure", name, level)
        if declared is not None:
            if name in self.given:
                return Step("input", name, home)
            raise MissingInput(name, declared.title, self.target)
        raise RuleError(f"nothing makes the column {name}")

    def _expand(self, step: Step) -> None:
        if step in self.needs or step in self.open:
            return
        self.open.add(step)
        self.needs[step] = tuple(dict.fromkeys(self._requirements(step)))

    def _requirements(self, step: Step) -> list[Step]:
        if step.kind == "rule":
            return self._rule_requirements(self.rules[step.name], step)
        if step.kind == "level":
            return self._level_requirements(step.name, step)
        if step.kind == "link":
            child, parent = step.name, str(step.level)
            function = self.ruleset.levels[child].links[parent]
            return [*self._rows(child), *self._rows(parent), *self._columns(parameters(function), child, step)]
        if step.kind == "figure" and step.level is not None:
            level = self.ruleset.levels[step.level]
            columns = [level.dated_by] if level.dated_by else []
            kind = self.figures[step.name]
            if kind is not None:
                columns.append(level.keyed_by.get(kind, kind))
            home = self.ruleset.home(step.name)
            way = self._way(step.level, home, step.name) if step.name in self.partial and home else []
            return [*way, *self._rows(step.level), *self._columns(columns, step.level, step)]
        return []

    def _rule_requirements(self, rule: Rule, step: Step) -> list[Step]:
        source = rule.over or rule.level
        steps = [*self._rows(rule.level), *self._rows(source)]
        if rule.over:
            steps += self._way(rule.over, rule.level, rule.name)
        if rule.within:
            steps += self._way(rule.level, rule.within, rule.name)
        return steps + self._columns(rule.parameters, source, step)

    def _level_requirements(self, name: str, step: Step) -> list[Step]:
        level = self.ruleset.levels[name]
        if level.opens is not None and level.parent is not None:
            return [*self._rows(level.parent), *self._columns(parameters(level.opens), level.parent, step)]
        if level.gathers is not None and level.child is not None:
            return [*self._rows(level.child), *self._columns(parameters(level.gathers), level.child, step)]
        raise MissingInput(name, f"Rader för nivån {name}", self.target)

    def _columns(self, names: Iterable[str], level: str, reader: Step) -> list[Step]:
        """The steps that `reader` needs to read these columns at `level`."""
        names = list(names)
        self.reads.setdefault(reader, []).extend((name, level) for name in names)
        return [step for name in names for step in self._column(name, level)]

    def _rows(self, level: str) -> list[Step]:
        if level in self.supplied:
            return []
        step = Step("level", level, level)
        self._expand(step)
        return [step]

    def _way(self, start: str, end: str, name: str) -> list[Step]:
        """Steps that make the links from level `start` up to `end`."""
        path = find_path(self.ruleset, start, end)
        if path is None:
            raise RuleError(f"{name}: level {start} cannot read a column of level {end}; use a named sum")
        steps = []
        for child, parent in path:
            steps += [*self._rows(child), *self._rows(parent)]
            if parent in self.ruleset.levels[child].links:
                link = Step("link", child, parent)
                self._expand(link)
                steps.append(link)
        return steps


def find_path(ruleset: Ruleset, start: str, end: str) -> list[tuple[str, str]] | None:
    """The links (child, parent) that lead from `start` to `end`, or None."""
    paths: list[list[tuple[str, str]]] = [[]]
    while paths:
        path = paths.pop(0)
        here = path[-1][1] if path else start
        if here == end:
            return path
        level = ruleset.levels[here]
        gathered = [other.name for other in ruleset.levels.values() if other.child == here]
        parents = [level.parent] if level.parent else []
        paths += [[*path, (here, parent)] for parent in [*parents, *level.links, *gathered]]
    return None
