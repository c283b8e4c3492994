"""What a budget must show for trips whose figures were computed by hand: every sum of its overview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl

from xlsx.forms.evaluation import Evaluated
from xlsx.forms.resebudget.layout import KINDS
from xlsx.forms.resebudget.trips import INPUTS

Trip = Mapping[str, Any]
"""A row of the plan by the names of its columns."""

MONTHS: Final = (
    *("januari", "februari", "mars", "april", "maj", "juni"),
    *("juli", "augusti", "september", "oktober", "november", "december"),
)


def plan(trips: Sequence[Trip]) -> dict[str, list[Any]]:
    """The columns of the plan, ready to be filled in."""
    assert all(set(trip) <= set(INPUTS) for trip in trips)
    return {f"resor_{name}": [trip.get(name) for trip in trips] for name in INPUTS}


class Budgeted:
    """A recalculated budget: its values by sheet and row."""

    def __init__(self, path: Path, made: Evaluated) -> None:
        self.path, self.made = path, made
        self._book = openpyxl.load_workbook(path, data_only=True)

    def rows(self, sheet: str, first: str, last: int | None = None) -> list[list[Any]]:
        """The rows of a sheet below the heading row that begins with `first`, blank cells as None."""
        found = self.cells(sheet)
        top = next(number for number, row in enumerate(found) if row[0] == first)
        rows = [[None if cell == "" else cell for cell in row] for row in found[top + 1 :]]
        return rows if last is None else rows[:last]

    def cells(self, sheet: str) -> list[list[Any]]:
        """All rows of a sheet."""
        return [[cell.value for cell in row] for row in self._book[sheet].iter_rows()]

    def row(self, sheet: str, first: str) -> list[Any]:
        """The row of a sheet that begins with a text."""
        return next(row for row in self.cells(sheet) if row[0] == first)

    def name(self, name: str) -> Any:
        """The value of a defined name."""
        return self.made.names[name]

    @property
    def mistakes(self) -> list[tuple[str, str]]:
        """Places and messages of what the form says is wrong."""
        return [(place, text) for place, text in self.made.names["formularfel"] if text]

    @property
    def costs(self) -> list[dict[str, Any]]:
        """The rows of `Kostnad per resa` that have a total, by the names of the kinds."""
        names = ("nr", "enhet", "resa", "antal", *KINDS, "totalt", "per_resa", "km", "kg_resa", "kg")
        rows = [dict(zip(names, row, strict=False)) for row in self.rows("Kostnad per resa", "Nr")]
        return [row for row in rows if row["totalt"] is not None]


def overview(expected: Sequence[Mapping[str, Any]], trips: Sequence[Trip]) -> dict[str, dict[str, Any]]:
    """The sums of rows computed by hand: by kind, unit, mode and month. `expected` is as `Budgeted.costs`."""

    def total(name: str, of: str = "", word: str = "") -> float:
        rows = zip(expected, trips, strict=True)
        return round(sum(row[name] for row, trip in rows if not of or trip[of] == word), 3)

    def by(of: str, names: Sequence[str]) -> dict[str, Any]:
        words = dict.fromkeys(trip[of] for trip in trips)
        return {word: [total(name, of, word) for name in names] for word in words}

    return {
        "slag": {name: total(name) for name in KINDS},
        "enhet": by("enhet", ("totalt", "kg")),
        "fardmedel": by("fardmedel", ("antal", "totalt", "kg")),
        "manad": by("manad", (*KINDS, "totalt", "kg")),
    }
