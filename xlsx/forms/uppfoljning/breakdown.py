"""The same columns by unit, by mode of travel and by month, one table below another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsx.forms.book import FormSheet
from xlsx.forms.uppfoljning.content import Followup
from xlsx.forms.uppfoljning.figures import Figure, Placed, write_figures
from xlsx.forms.uppfoljning.groups import by_mode, by_month, by_unit


@dataclass(frozen=True)
class Units:
    """Where the table of units stands: the sheet Förutsättningar and the row of the first unit, from 0."""

    sheet: FormSheet
    first: int
    content: Followup


def unit_table(
    sheet: FormSheet, row: int, figures: Sequence[Figure], units: Units, measure: str, columns: int
) -> Placed:
    """A heading and the table by unit."""
    sheet.heading(row, "Per enhet", columns)
    return write_figures(sheet, row + 1, "Enhet", figures, by_unit(units.sheet, units.first, units.content, measure))


def mode_table(sheet: FormSheet, row: int, figures: Sequence[Figure], columns: int) -> Placed:
    """A heading and the table by mode of travel."""
    sheet.heading(row, "Per färdmedel", columns)
    return write_figures(sheet, row + 1, "Färdmedel", figures, by_mode())


def month_table(sheet: FormSheet, row: int, figures: Sequence[Figure], columns: int) -> Placed:
    """A heading and the table by month."""
    sheet.heading(row, "Per månad", columns)
    return write_figures(sheet, row + 1, "Månad", figures, by_month())
