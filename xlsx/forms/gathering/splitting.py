"""A travel budget → one budget per unit, each with its own trips and frame and nothing of the others'.

Each part is a new form that is filled in, not a copy with rows taken out: a copy would keep the others' texts and
figures in what a workbook saves beside its cells.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xlsx.forms.filling import fill
from xlsx.forms.gathering.budgetrows import (
    TRIPS,
    UNIT_NAME,
    UNIT_OF_TRIP,
    UNITS,
    BudgetRows,
    FormTable,
    TableRow,
    budget_rows,
)
from xlsx.forms.gathering.claimrows import NotReadable, same
from xlsx.forms.gathering.formfiles import Recalculate
from xlsx.forms.gathering.gathered import BUDGET
from xlsx.forms.named import FORM_FILES, Form, read_form, text_of, unlocked_names

POLICY: Final = "policy"
WITHOUT_UNIT: Final = "utan enhet"
"""How the file of the trips without a known unit ends."""

_NOT_IN_NAMES: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_LONGEST_NAME: Final = 80

Fresh = Callable[[Form, Path], Any]
"""Writes an empty budget of today's template under the policy of the form."""

Progress = Callable[[int, int], None]


class BudgetProblem(ValueError):
    """The budget cannot be split or put together; the Swedish message says why."""


@dataclass(frozen=True, slots=True)
class Part:
    """A unit's own budget. unit: empty for the trips without a known one."""

    unit: str
    path: Path
    trips: int


@dataclass
class Split:
    """The units' files, and what the user should know."""

    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What somebody has to look at."""


def split_budget(
    path: Path, folder: Path, fresh: Fresh, recalculate: Recalculate, progress: Progress | None = None
) -> Split:
    """Write a budget per unit into the folder, which is made where it is missing.

    Files that are there already are not written over. Raises BudgetProblem, UnreadableSheet.
    """
    if folder.exists() and not folder.is_dir():
        raise BudgetProblem(f"{folder} är en fil. Ange en mapp med --out.")
    form, rows = read_budget(path)
    made = Split()
    with tempfile.TemporaryDirectory(prefix="fardkost-") as work:
        blank = Path(work) / "tom.xlsx"
        fresh(form, blank)
        template = read_form(blank)
        plan = _Plan(form, rows, template, unlocked_names(blank))
        made.notes += plan.notes()
        made.problems += plan.problems()
        units = plan.units()
        targets = [folder / name for name in file_names(path.stem, units)]
        there = [target.name for target in targets if target.exists()]
        if there:
            raise BudgetProblem(f"{folder}: {', '.join(there)} finns redan. Ange en annan mapp med --out.")
        folder.mkdir(parents=True, exist_ok=True)
        for done, (unit, target) in enumerate(zip(units, targets, strict=True), 1):
            values, trips = plan.values(unit)
            filled = fill(blank, Path(work) / f"{done}.xlsx", values)
            recalculate(filled, target)
            made.parts.append(Part(unit, target, trips))
            if progress is not None:
                progress(done, len(units))
    return made


def read_budget(path: Path) -> tuple[Form, BudgetRows]:
    """A budget as it was saved. Raises BudgetProblem for another kind of form, UnreadableSheet."""
    if path.suffix.lower() not in FORM_FILES:
        raise BudgetProblem(f"{path.name}: filen är ingen resebudget (.xlsx).")
    form = read_form(path)
    if form.kind != BUDGET:
        raise BudgetProblem(f"{path.name}: arbetsboken är ingen resebudget gjord med Färdkosts mall.")
    try:
        return form, budget_rows(form)
    except NotReadable as why:
        raise BudgetProblem(f"{path.name}: {why}") from None


def file_names(stem: str, units: Sequence[str]) -> list[str]:
    """A file's name for each unit, such as `budget-Kultur.xlsx`, fit for every system and each of its own."""
    taken: set[str] = set()
    names = []
    for unit in units:
        word = _NOT_IN_NAMES.sub(" ", unit or WITHOUT_UNIT)[:_LONGEST_NAME].strip(" .") or "enhet"
        name, number = f"{stem}-{word}.xlsx", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}-{word} ({number}).xlsx"
        taken.add(name.casefold())
        names.append(name)
    return names


def unit_key(value: Any) -> str:
    """What two ways of writing a unit's name have in common."""
    return " ".join(text_of(value).casefold().split())


def table_values(
    table: FormTable, inputs: Collection[str], rows: Sequence[Mapping[str, Any]], where: str
) -> dict[str, list[Any]]:
    """What `fill` puts into a table so that it holds these rows and no others. Raises BudgetProblem."""
    if len(rows) > table.size:
        raise BudgetProblem(f"{where}: {len(rows)} rader får inte plats; tabellen har {table.size}.")
    blank: Mapping[str, Any] = {}
    padded = [*rows, *[blank] * (table.size - len(rows))]
    return {name: [row.get(name) for row in padded] for name in table.columns if name in inputs}


@dataclass(frozen=True)
class _Plan:
    form: Form
    rows: BudgetRows
    template: Form
    inputs: set[str]

    def units(self) -> list[str]:
        """The units by the first way each is written; an empty one at the end where trips have no known unit."""
        names = {unit_key(name): name for name in reversed(self.rows.unit_names)}
        listed = [names[key] for key in dict.fromkeys(unit_key(name) for name in self.rows.unit_names)]
        known = {unit_key(name) for name in listed}
        strays = any(unit_key(row.cells.get(UNIT_OF_TRIP)) not in known for row in self._trips())
        if not listed and not strays:
            raise BudgetProblem(f"{self.form.path.name}: varken enheter eller resor är ifyllda.")
        return [*listed, ""] if strays else listed

    def _trips(self) -> list[TableRow]:
        """The rows in which something is filled in; what formulas show does not count."""
        return [row for row in self.rows.trips if row.cells.keys() & self.inputs]

    def values(self, unit: str) -> tuple[dict[str, Any], int]:
        """What is filled in for a unit, and how many trips it has."""
        known = {unit_key(name) for name in self.rows.unit_names}
        of_row = {row.place: unit_key(row.cells.get(UNIT_OF_TRIP)) for row in self._trips()}
        trips = [
            row.cells
            for row in self._trips()
            if (of_row[row.place] == unit_key(unit) if unit else of_row[row.place] not in known)
        ]
        frames = [row.cells for row in self.rows.units if unit and unit_key(row.cells.get(UNIT_NAME)) == unit_key(unit)]
        made = {
            name: self.form.value(name) for name in shared_fields(self.form, self.inputs) if self.template.has(name)
        }
        made |= table_values(budget_rows(self.template).trip_table, self.inputs, trips, "Resor")
        made |= table_values(budget_rows(self.template).unit_table, self.inputs, frames, "Enheter")
        return made, len(trips)

    def notes(self) -> list[str]:
        """What does not come along."""
        told = []
        if self.form.version != self.template.version:
            told.append(
                f"Budgeten är gjord med version {self.form.version} av mallen; filerna är av version "
                f"{self.template.version}."
            )
        if more := [name for name in self.form.sheet_names if name not in self.template.sheet_names]:
            told.append(f"Egna blad följer inte med: {', '.join(more)}.")
        used = {*shared_fields(self.form, self.inputs), *self.rows.trip_table.columns, *self.rows.unit_table.columns}
        if own := {self.form.areas[name][0] for name in self.inputs - used if self._differs(name)}:
            told.append(f"Det som är ifyllt på {', '.join(sorted(own))} är inte enheternas och följer inte med.")
        return told

    def _differs(self, name: str) -> bool:
        """Whether a field has been filled in otherwise than the template has it."""
        return self.form.has(name) and not same_cells(self.form, self.template, name)

    def problems(self) -> list[str]:
        """What somebody has to look at: columns that are lost, and trips that are no unit's."""
        told = []
        filled = {name for row in (*self.rows.trips, *self.rows.units) for name in row.cells}
        if lost := sorted(name for name in filled if not self.template.has(name)):
            told.append(f"Kolumner som mallen inte har följer inte med: {', '.join(lost)}.")
        known = {unit_key(name) for name in self.rows.unit_names}
        strays = [
            self.form.place(UNIT_OF_TRIP, row.place)
            for row in self._trips()
            if unit_key(row.cells.get(UNIT_OF_TRIP)) not in known
        ]
        if strays:
            told.append(
                f"Resor vars enhet saknas eller inte finns bland enheterna står i en fil för sig: {', '.join(strays)}."
            )
        return told


def shared_fields(form: Form, inputs: Collection[str]) -> list[str]:
    """The assumptions that all units have in common: single fields on the sheet of the units, and the policy."""
    sheet = form.areas[UNIT_NAME][0]
    tables = (f"{TRIPS}_", f"{UNITS}_")
    fields = [name for name in inputs if form.has(name) and not name.startswith(tables)]
    return sorted(name for name in fields if form.areas[name][0] == sheet or name == POLICY)


def same_cells(one: Form, other: Form, name: str) -> bool:
    """Whether a named area says the same in two forms."""
    return [list(map(same, row)) for row in one.rows(name)] == [list(map(same, row)) for row in other.rows(name)]


def alike(one: Mapping[str, Any], other: Mapping[str, Any], names: Collection[str]) -> bool:
    """Whether two rows have the same inputs."""
    return all(same(one.get(name)) == same(other.get(name)) for name in names)
