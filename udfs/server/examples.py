"""The examples of the function reference: computed calls, and the errors that a function answers with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.catalogue import Rule, all_rules
from core.engine import CellError
from udfs.coerce import is_range
from udfs.commands.output import swedish
from udfs.notation import parse
from udfs.registry import Function

UNREADABLE: Final = "abc"
NEGATIVE: Final = -1
"""What is tried in place of each argument, to see which errors come."""

MOST_TEXT: Final = 28
"""Characters of a cell that stays on one line."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is shown. `kind` is `tal`, `fel`, `lang` (a text that may be folded) or nothing."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells; `reference` is where they stand in the sheet of the example, `headings` are not among the rows."""

    rows: Sequence[Sequence[Cell]]
    headings: Sequence[str] = ()
    reference: str = ""
    first_row: int = 1

    @property
    def letters(self) -> list[str]:
        """The letters of the columns, from A."""
        return [chr(ord("A") + place) for place in range(len(self.rows[0]))]


@dataclass(frozen=True, slots=True)
class Example:
    """A formula as it is typed in a Swedish Excel, the ranges it refers to, and its answer: one cell or a grid."""

    formula: str
    ranges: Sequence[Grid]
    answer: Cell | None
    table: Grid | None


@dataclass(frozen=True, slots=True)
class Error:
    """What a function says of an argument that is `blank`, unreadable or negative."""

    arguments: str
    written: str
    code: str
    message: str


def computed(function: Function) -> Example:
    """The function's own example with its answer."""
    _, arguments = parse(function.example)
    return example(function, arguments)


def example(function: Function, arguments: Sequence[Any]) -> Example:
    """A call with its answer; arguments that are lists of rows become ranges, one below the other from A1."""
    answer = function.call(*arguments)
    ranges: list[Grid] = []
    written = []
    for argument in arguments:
        if is_range(argument):
            first = ranges[-1].first_row + len(ranges[-1].rows) + 1 if ranges else 1
            ranges.append(_placed(argument, first))
            written.append(ranges[-1].reference)
        else:
            written.append(_typed(argument))
    formula = f"={function.name}({';'.join(written)})"
    if isinstance(answer, list):
        return Example(formula, ranges, None, _table(answer))
    return Example(formula, ranges, cell(answer), None)


def cell(value: Any) -> Cell:
    """A value as it is shown: numbers with decimal comma, errors by code and message."""
    if isinstance(value, CellError):
        return Cell(f"{value.code} {value.message}", "fel")
    text = swedish(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(text, "tal")
    return Cell(text, "lang" if len(text) > MOST_TEXT else "")


def _table(answer: list[Any]) -> Grid:
    """An answer that fills several cells; its first row is headings when it holds nothing but texts."""
    rows = [list(row) if is_range(row) else [row] for row in answer]
    headed = len(rows) > 1 and all(isinstance(value, str) for value in rows[0])
    shown = [[cell(value) for value in row] for row in (rows[1:] if headed else rows)]
    return Grid(shown, [str(value) for value in rows[0]] if headed else ())


def _placed(values: Sequence[Sequence[Any]], first: int) -> Grid:
    rows = [[cell(value) for value in row] for row in values]
    last = chr(ord("A") + len(rows[0]) - 1)
    return Grid(rows, (), f"A{first}:{last}{first + len(rows) - 1}", first)


def _typed(argument: Any) -> str:
    """An argument as it is typed: texts in quotes, JA and NEJ too, since Excel would take them for names."""
    if argument is None:
        return ""
    if isinstance(argument, bool):
        return '"JA"' if argument else '"NEJ"'
    if isinstance(argument, int | float):
        return str(argument).replace(".", ",")
    return '"' + str(argument).replace('"', '""') + '"'


def errors(function: Function) -> list[Error]:
    """What the function answers when an argument of its example is left out or wrong; like errors are one."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for title, written, answer in _tried(function):
        if isinstance(answer, CellError):
            titles = found.setdefault((written, answer.code, answer.message), [])
            titles.append(title)
    return [Error(", ".join(titles), *key) for key, titles in found.items()]


def _tried(function: Function) -> Iterator[tuple[str, str, Any]]:
    """Title of the argument, what was written, and the answer. A policy is wrong in the same way in all functions."""
    _, given = parse(function.example)
    given = [*given, *[None] * (len(function.parameters) - len(given))]
    for place, parameter in enumerate(function.parameters):
        if parameter.name == "policy" or parameter.repeated:
            continue
        for value in (None, UNREADABLE, NEGATIVE):
            if value is None and not parameter.required:
                continue
            answer = function.call(*given[:place], value, *given[place + 1 :])
            yield parameter.argument.title, "inget" if value is None else str(value), answer


def rules_of(function: Function) -> list[Rule]:
    """The rules of the catalogue that the function carries out."""
    carrier = f"funktion {function.name}"
    return [rule for rule in all_rules().values() if carrier in rule.carried_out_by and not rule.later]
