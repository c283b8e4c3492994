"""The tables of a travel budget: its units and its planned trips, by the defined names of their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlsx.forms.gathering.claimrows import MESSAGES, NotReadable
from xlsx.forms.named import Form, is_blank, text_of
from xlsx.patch.references import Area

TRIPS: Final = "resor"
UNITS: Final = "enheter"
UNIT_OF_TRIP: Final = "resor_enhet"
UNIT_NAME: Final = "enheter_namn"
UNIT_TITLE: Final = "Enhet"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A filled row: which one of the table's, from 0, and its cells by the names of their columns."""

    place: int
    cells: Mapping[str, Any]


@dataclass(frozen=True)
class FormTable:
    """A table of a form. columns: headings by defined name; size: how many rows there is room for."""

    columns: Mapping[str, str]
    size: int
    rows: Sequence[TableRow]


@dataclass(frozen=True)
class BudgetRows:
    """The filled rows of a budget's two tables, and what the form itself says of wrong input."""

    trip_table: FormTable
    unit_table: FormTable
    messages: Sequence[str]

    @property
    def trips(self) -> Sequence[TableRow]:
        """The planned trips."""
        return self.trip_table.rows

    @property
    def units(self) -> Sequence[TableRow]:
        """The units with their frames."""
        return self.unit_table.rows

    @property
    def unit_names(self) -> list[str]:
        """The names of the units, in order, each once."""
        return list(dict.fromkeys(name for row in self.units if (name := text_of(row.cells.get(UNIT_NAME)))))


def budget_rows(form: Form) -> BudgetRows:
    """The tables of a budget. Raises NotReadable."""
    for name in (UNIT_OF_TRIP, UNIT_NAME):
        if not form.has(name):
            raise NotReadable(f"Formuläret saknar fältet {name}. Rader, kolumner eller blad kan ha tagits bort ur det.")
    messages = [": ".join(filter(None, map(text_of, row))) for row in form.rows(MESSAGES)]
    return BudgetRows(
        form_table(form, TRIPS, UNIT_OF_TRIP), form_table(form, UNITS, UNIT_NAME), [one for one in messages if one]
    )


def form_table(form: Form, prefix: str, main: str) -> FormTable:
    """The table whose columns are named `prefix_…` and stand in the same rows as the column `main`."""
    sheet, rows = form.areas[main]
    names = [
        name for name, place in form.areas.items() if name.startswith(f"{prefix}_") and _beside(place, sheet, rows)
    ]
    names.sort(key=lambda name: form.areas[name][1].left)
    columns = {name: text_of(form.at(sheet, rows.top - 1, form.areas[name][1].left)) or name for name in names}
    cells = {name: form.column(name) for name in names}
    found = []
    for place in range(rows.bottom - rows.top + 1):
        filled = {name: values[place] for name, values in cells.items() if not is_blank(values[place])}
        if filled:
            found.append(TableRow(place, filled))
    return FormTable(columns, rows.bottom - rows.top + 1, found)


def _beside(place: tuple[str, Area], sheet: str, rows: Area) -> bool:
    other, area = place
    return (other, area.top, area.bottom) == (sheet, rows.top, rows.bottom) and area.left == area.right
