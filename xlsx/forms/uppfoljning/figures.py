"""A table of figures on a sheet: a line per group of trips, a line for the rest, a line for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from xlsxwriter.utility import xl_col_to_name

from xlsx.forms.book import FormSheet
from xlsx.forms.uppfoljning.measures import Condition

FORMATS: Final[Mapping[str, str]] = {
    "antal": '#,##0;-#,##0;"–"',
    "km": '#,##0;-#,##0;"–"',
    "kr": '#,##0;-#,##0;"–"',
    "kg": '#,##0.0;-#,##0.0;"–"',
    "kvot": '#,##0.00;-#,##0.00;"–"',
    "andel": "0.0%",
    "del": '0.0%;-0.0%;"–"',
    "ändring": "+0.0%;-0.0%;0.0%",
}
"""Nought is shown as a dash, so that a form without trips is quiet."""
BASE: Final = {"kvot": "kg", "andel": "procent", "del": "procent", "ändring": "procent"}
"""The kind of cell, as the forms know them, of the kinds that are a table's own."""


Of = Callable[[Sequence[Condition]], str]


@dataclass(frozen=True)
class Figure:
    """A column of a table. of: the formula for a group's conditions; cells: a formula of the row's other cells,
    which it names in braces (`{kg}/{resor}`). added: the line of all is the sum of the lines above."""

    name: str
    heading: str
    kind: str
    of: Of | None = None
    cells: str = ""
    added: bool = False


@dataclass(frozen=True)
class Line:
    """A line: of one group, of what no other line has (rest), or of all.

    label: a text or, with `=`, a formula; `{label}` in a condition is its cell. own: formulas by column that go before
    the column's. optional: a line that stays empty while its label is.
    """

    label: str
    conditions: tuple[Condition, ...] = ()
    kind: Literal["group", "rest", "all"] = "group"
    own: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False


@dataclass(frozen=True)
class Placed:
    """Where a table came to stand. first, last: rows of the lines, from 0, `last` being the line of all."""

    sheet: FormSheet
    columns: Mapping[str, int]
    first: int
    last: int
    below: int

    def area(self, name: str, last: int | None = None) -> str:
        """The cells of a column without the line of all; `label` is the column of the labels."""
        return self.sheet.at(
            self.first, self.columns[name], self.last - 1 if last is None else last, self.columns[name]
        )

    def whole(self, name: str) -> str:
        """The cell of a column in the line of all."""
        return self.sheet.at(self.last, self.columns[name])


def write_figures(
    sheet: FormSheet, row: int, title: str, figures: Sequence[Figure], lines: Sequence[Line], height: float = 36
) -> Placed:
    """Write a table with its headings at a row; the last line is that of all trips."""
    styles, raw = sheet.book.styles, sheet.raw
    raw.set_row(row, height)
    raw.write_string(row, 0, title, styles.get("kolumnrubrik"))
    columns = {"label": 0, **{figure.name: place for place, figure in enumerate(figures, 1)}}
    for figure in figures:
        style = styles.get("kolumnrubrik", "antal")
        raw.write_string(row, columns[figure.name], figure.heading, style)
    first, last = row + 1, row + len(lines)
    for at, line in enumerate(lines, first):
        _label(sheet, at, line)
        for figure in figures:
            formula = _formula(figure, line, at, columns, first, last)
            _figure(sheet, at, columns[figure.name], figure.kind, formula, line)
    return Placed(sheet, columns, first, last, last + 2)


def _label(sheet: FormSheet, row: int, line: Line) -> None:
    look = "summa" if line.kind == "all" else "resultat"
    style = sheet.book.styles.get(look, bg_color="#FFFFFF")
    if line.label.startswith("="):
        sheet.raw.write_formula(row, 0, line.label, style, "")
    else:
        sheet.raw.write_string(row, 0, line.label, style)


def _formula(figure: Figure, line: Line, row: int, columns: Mapping[str, int], first: int, last: int) -> str:
    """The formula of a cell; names in braces become the row's cells, `{above}` those above in the column."""
    column = xl_col_to_name(columns[figure.name])
    above = f"{column}{first + 1}:{column}{row}"
    if figure.name in line.own:
        formula = line.own[figure.name]
    elif figure.cells:
        formula = figure.cells
    elif line.kind == "rest":
        whole = f"{column}{last + 1}"
        formula = f'IF(ISNUMBER({whole}),ROUND({whole}-SUM({{above}}),6),"")'
    elif line.kind == "all" and figure.added:
        formula = 'IF(COUNT({above})=0,"",SUM({above}))'
    else:
        formula = figure.of(line.conditions) if figure.of else ""
    cells = {name: f"{xl_col_to_name(place)}{row + 1}" for name, place in columns.items()}
    return formula.format(above=above, **cells)


def _figure(sheet: FormSheet, row: int, column: int, kind: str, formula: str, line: Line) -> None:
    look = "summa" if line.kind == "all" else "resultat"
    style: Any = sheet.book.styles.get(look, BASE.get(kind, kind), num_format=FORMATS[kind])
    if not formula:
        sheet.raw.write_blank(row, column, None, style)
        return
    guarded = f'IF($A{row + 1}="","",{formula})' if line.optional else formula
    sheet.raw.write_formula(row, column, f'=IFERROR({guarded},"–")', style, "")
