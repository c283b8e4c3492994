"""Rules as functions: a rule's name is the column it makes, its parameters the columns it reads."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from core.engine.levels import Level

Function = Callable[..., Any]
REQUIRED: Final = object()
"""The default of an input that must be given."""


class RuleError(Exception):
    """The rules themselves are wrong: a cycle, a name that nothing makes, a column of a lower level."""


class MissingInput(Exception):
    """What was asked for needs a column that was not given. `name` and Swedish `title` say which."""

    def __init__(self, name: str, title: str, target: str) -> None:
        super().__init__(f"{title} saknas")
        self.name, self.title, self.target = name, title, target


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `over` a child level: the function's first argument is the Groups of that level's rows,
    and its columns are read there. `within` a parent level: the first argument is the Groups of its own rows.
    `requires` a level: this variant is for runs in which that level's rows were supplied.
    Errors of columns in `tolerates` do not make the result an error. Where none of the inputs in `only_with`
    is given, the column is the constant `otherwise`, and neither computed nor explained.
    """

    name: str
    level: str
    function: Function
    parameters: tuple[str, ...]
    title: str
    unit: str
    refs: tuple[str, ...] = ()
    over: str | None = None
    within: str | None = None
    requires: str | None = None
    tolerates: frozenset[str] = frozenset()
    only_with: tuple[str, ...] = ()
    otherwise: Any = 0


@dataclass(frozen=True, slots=True)
class Input:
    """A column that a caller may give. Without a default, whoever needs it must give it."""

    name: str
    level: str | None
    unit: str
    title: str
    default: Any = REQUIRED


@cache
def parameters(function: Function) -> tuple[str, ...]:
    """The names of a function's parameters: the columns it reads."""
    return tuple(inspect.signature(function).parameters)


class Ruleset:
    """Levels, inputs and rules by name; rooms fill one each, and the law is their union."""

    def __init__(self) -> None:
        self.levels: dict[str, Level] = {}
        self.inputs: dict[str, Input] = {}
        self.rules: dict[str, list[Rule]] = {}

    def level(self, name: str, **properties: Any) -> None:
        """Declare a level (see `Level`)."""
        self.levels[name] = Level(name, **properties)

    def input(self, name: str, level: str | None, unit: str, title: str, default: Any = REQUIRED) -> None:
        """Declare a column that callers may give; level None is a constant of the run."""
        self.inputs[name] = Input(name, level, unit, title, default)

    def rule(
        self,
        level: str,
        unit: str,
        title: str,
        refs: Iterable[str] = (),
        *,
        name: str | None = None,
        over: str | None = None,
        within: str | None = None,
        requires: str | None = None,
        tolerates: Iterable[str] = (),
        only_with: tuple[str, ...] = (),
        otherwise: Any = 0,
    ) -> Callable[[Function], Function]:
        """Make the decorated function a rule of `level`, under its own name unless `name` is given.

        The function stays callable as it is.
        """

        def register(function: Function) -> Function:
            read = parameters(function)[1:] if over or within else parameters(function)
            rule = Rule(
                name or function.__name__,
                level,
                function,
                read,
                title,
                unit,
                tuple(refs),
                over=over,
                within=within,
                requires=requires,
                tolerates=frozenset(tolerates),
                only_with=only_with,
                otherwise=otherwise,
            )
            self.add(rule)
            return function

        return register

    def add(self, rule: Rule) -> None:
        """Add a rule that was made by a program, not written as a function."""
        variants = self.rules.setdefault(rule.name, [])
        if any(other.requires == rule.requires for other in variants):
            raise RuleError(f"the rule {rule.name} is written twice")
        variants.append(rule)

    def total(self, name: str, level: str, over: str, of: str, unit: str, title: str, refs: Iterable[str] = ()) -> None:
        """Declare the named sum `name` at `level` of the column `of` at the child level `over`."""

        def add_up(groups: Any, values: Any) -> Any:
            return groups.sum(values)

        add_up.__doc__ = f"The sum of {of} over the rows of {over}."
        self.add(Rule(name, level, add_up, (of,), title, unit, tuple(refs), over=over))

    def variant(self, name: str, supplied: frozenset[str]) -> Rule | None:
        """The rule that makes `name` in a run whose supplied levels are `supplied`."""
        variants = self.rules.get(name, [])
        fitting = [rule for rule in variants if rule.requires in supplied]
        return next(iter(fitting or [rule for rule in variants if rule.requires is None]), None)

    def home(self, name: str) -> str | None:
        """The level at which a column lives."""
        if name in self.rules:
            return self.rules[name][0].level
        return self.inputs[name].level if name in self.inputs else None

    def title(self, name: str) -> str:
        """The Swedish title of a column."""
        if name in self.inputs:
            return self.inputs[name].title
        return self.rules[name][0].title if name in self.rules else name

    def unit(self, name: str) -> str:
        """The unit of a column; empty for machinery that no reader is shown."""
        if name in self.inputs:
            return self.inputs[name].unit
        return self.rules[name][0].unit if name in self.rules else ""

    @classmethod
    def union(cls, parts: Iterable[Ruleset]) -> Ruleset:
        """All parts as one; a rule or level stated by two parts is an error."""
        whole = cls()
        for part in parts:
            for name, level in part.levels.items():
                if name in whole.levels:
                    raise RuleError(f"the level {name} is declared twice")
                whole.levels[name] = level
            for name, given in part.inputs.items():
                if whole.inputs.setdefault(name, given) != given:
                    raise RuleError(f"the input {name} is declared twice, differently")
            for rule in (rule for variants in part.rules.values() for rule in variants):
                whole.add(rule)
        return whole
