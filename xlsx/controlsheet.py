"""The sheet Kontroller: what the policy and the law say of the trips, by rule and department."""

from __future__ import annotations

from typing import Any, Final

from xlsx.recalculate import Recalculation
from xlsx.sheetstyle import Styles, print_on_one_width
from xlsx.summary import TrippedControl, controls

NAME: Final = "Kontroller"
_COLUMNS: Final = (
    ("Grad", "ord", 11),
    ("Regel", "ord", 12),
    ("Kontroll", "ord", 34),
    ("Avdelning", "ord", 32),
    ("Resor", "antal", 9),
    ("varav beslutade avsteg", "antal", 14),
    ("Rader", "ord", 28),
    ("Anmärkning", "anmärkning", 80),
)
_TEXT_LINE: Final = 84
_LINE: Final = 15


def write_controls(made: Recalculation, book: Any, styles: Styles) -> None:
    """A row per control, grade and department; no sheet when nothing was found."""
    found = controls(made)
    if not found:
        return
    sheet = book.add_worksheet(NAME)
    sheet.freeze_panes(1, 0)
    print_on_one_width(sheet)
    sheet.repeat_rows(0)
    sheet.set_row(0, 2 * _LINE + 2)
    for column, (heading, kind, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, styles.header("result", kind))
    for row, one in enumerate(found, 1):
        sheet.set_row(row, _LINE * (1 + len(one.text) // _TEXT_LINE))
        for column, (value, (_, kind, _)) in enumerate(zip(_cells(one), _COLUMNS, strict=True)):
            if isinstance(value, str):
                sheet.write_string(row, column, value, styles.cell(kind))
            else:
                sheet.write_number(row, column, value, styles.cell(kind))
    sheet.autofilter(0, 0, len(found), len(_COLUMNS) - 1)


def _cells(one: TrippedControl) -> tuple[str | int, ...]:
    rows = ", ".join(map(str, one.rows)) + (" …" if one.count > len(one.rows) else "")
    return one.grade, one.rule, one.title, one.department, one.count, one.lifted, rows, one.text
