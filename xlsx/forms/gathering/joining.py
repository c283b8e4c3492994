"""The units' own budgets, filled in by them, back into the one that they were split from.

The trips of a unit are those of its file. Frames and assumptions stay as the budget has them; where a file says
something else that is told, never taken over.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xlsx.forms.filling import fill
from xlsx.forms.gathering.budgetrows import UNIT_NAME, UNIT_OF_TRIP, BudgetRows, TableRow, budget_rows
from xlsx.forms.gathering.claimrows import NotReadable, same
from xlsx.forms.gathering.finding import FormFile
from xlsx.forms.gathering.formfiles import Check, Progress, ReadFile, Recalculate, read_files, shortened
from xlsx.forms.gathering.gathered import BUDGET, RESULT
from xlsx.forms.gathering.splitting import (
    BudgetProblem,
    alike,
    read_budget,
    same_cells,
    shared_fields,
    table_values,
    unit_key,
)
from xlsx.forms.named import Form, text_of, unlocked_names

READ_BACK: Final = "inläst"
READ_WITH_REMARKS: Final = "inläst, med anmärkning"
NOT_USED: Final = "används inte"
NO_FILE: Final = "ingen fil"

Cells = Mapping[str, Any]


@dataclass
class UnitLine:
    """What came of one file or, without a file, of one unit of the budget. trips: how many it has now."""

    file: str
    unit: str
    status: str
    trips: int = 0
    changed: int = 0
    """Trips that are new, gone or filled in otherwise."""
    remarks: list[str] = field(default_factory=list)


@dataclass
class Joined:
    """The budget that was written, and a line per file and per unit without one."""

    path: Path
    lines: list[UnitLine] = field(default_factory=list)

    @property
    def problems(self) -> list[UnitLine]:
        """What somebody has to look at."""
        return [line for line in self.lines if line.status not in (READ_BACK, RESULT)]


@dataclass(frozen=True)
class _UnitFile:
    """A unit's file that can be used: the key of its unit, empty for the trips without one."""

    line: UnitLine
    key: str
    trips: Sequence[Cells]


def join_budgets(
    path: Path,
    files: Sequence[FormFile],
    out: Path,
    recalculate: Recalculate,
    *,
    check: Check | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Joined:
    """Write a copy of the budget with the trips of the units' files. The originals stay as they are.

    Raises BudgetProblem when the budget cannot be read or has no room, UnreadableSheet.
    """
    form, rows = read_budget(path)
    job = _Job(form, rows, unlocked_names(path))
    made = Joined(out)
    usable: defaultdict[str, list[_UnitFile]] = defaultdict(list)
    for one in read_files(files, recalculate, check=check, workers=workers, progress=progress):
        line, unit = job.unit_file(one)
        made.lines.append(line)
        if unit is not None:
            usable[unit.key].append(unit)
    taken = {key: chosen for key, found in usable.items() if (chosen := job.chosen(found)) is not None}
    if not taken:
        raise BudgetProblem(f"Ingen av filerna kan läsas in i {path.name}.\n" + "\n".join(_told(made.lines)))
    for key, name in job.names.items():
        if key not in usable:
            trips = len(job.trips_of(key))
            made.lines.append(UnitLine("", name, NO_FILE, trips, 0, ["Enhetens resor är kvar som i budgeten."]))
    values = table_values(rows.trip_table, job.inputs, job.joined(taken), "Resor")
    with tempfile.TemporaryDirectory(prefix="fardkost-") as folder:
        filled = fill(path, Path(folder) / f"ifylld{path.suffix}", values)
        recalculate(filled, out)
    return made


def _told(lines: Sequence[UnitLine]) -> list[str]:
    return [f"{line.file}: {remark}" for line in lines for remark in line.remarks]


class _Job:
    def __init__(self, form: Form, rows: BudgetRows, inputs: Collection[str]) -> None:
        self.form, self.rows, self.inputs = form, rows, inputs
        self.columns = [name for name in rows.trip_table.columns if name in inputs]
        self.names = {unit_key(name): name for name in reversed(rows.unit_names)}
        self.names = {unit_key(name): self.names[unit_key(name)] for name in rows.unit_names}

    def group(self, row: TableRow) -> str:
        """The key of a trip's unit; empty where it has none that the budget knows."""
        key = unit_key(row.cells.get(UNIT_OF_TRIP))
        return key if key in self.names else ""

    def own(self, rows: BudgetRows) -> list[TableRow]:
        """The trips in which something is filled in."""
        return [row for row in rows.trips if row.cells.keys() & set(self.columns)]

    def trips_of(self, key: str) -> list[TableRow]:
        """The budget's trips of a unit."""
        return [row for row in self.own(self.rows) if self.group(row) == key]

    def unit_file(self, one: ReadFile) -> tuple[UnitLine, _UnitFile | None]:
        """What a file has for the budget, if it can be used."""
        line = UnitLine(one.file.relative, "", NOT_USED)
        if one.form is None:
            line.remarks.append(one.why)
            line.status = RESULT if one.status == RESULT else NOT_USED
            return line, None
        line.remarks += one.remarks
        if one.form.kind != BUDGET:
            line.remarks.append("Formuläret är ingen resebudget.")
            return line, None
        try:
            rows = budget_rows(one.form)
        except NotReadable as why:
            line.remarks.append(str(why))
            return line, None
        line.remarks += shortened(rows.messages, one.file.path.name)
        line.unit = ", ".join(rows.unit_names)
        key, why_not = self._unit_of(rows)
        if why_not:
            line.remarks.append(why_not)
            return line, None
        trips = self._trips(one.form, rows, key, line)
        line.remarks += self._differences(one.form, rows, key)
        line.trips, line.changed = len(trips), self._changed(key, trips)
        line.status = READ_WITH_REMARKS if line.remarks else READ_BACK
        return line, _UnitFile(line, key, trips)

    def _unit_of(self, rows: BudgetRows) -> tuple[str, str]:
        """The key of the unit that a file is for, or why it is for none."""
        if lacking := [name for name in self.columns if name not in rows.trip_table.columns]:
            return "", f"Filen är av en annan version av mallen; kolumnerna {', '.join(lacking)} saknas."
        keys = list(dict.fromkeys(map(unit_key, rows.unit_names)))
        if len(keys) > 1:
            return "", f"Filen har flera enheter: {', '.join(rows.unit_names)}. En fil per enhet läses in."
        if keys and keys[0] not in self.names:
            return "", f"Enheten {rows.unit_names[0]} finns inte i budgeten."
        if not keys and not self.own(rows):
            return "", "Varken enhet eller resor är ifyllda."
        return (keys[0] if keys else ""), ""

    def _trips(self, form: Form, rows: BudgetRows, key: str, line: UnitLine) -> list[Cells]:
        """The trips of a file that are its unit's."""
        kept: list[Cells] = []
        for row in self.own(rows):
            unit, place = self.group(row), form.place(UNIT_OF_TRIP, row.place)
            written = text_of(row.cells.get(UNIT_OF_TRIP))
            if key and unit and unit != key:
                line.remarks.append(f"{place}: resan står på enheten {written} och läses inte in ur den här filen.")
                continue
            if key and not unit:
                known = f'enheten "{written}" finns inte i budgeten' if written else "enheten saknas"
                line.remarks.append(f"{place}: {known}. Resan är inläst som den står.")
            kept.append({name: row.cells[name] for name in self.columns if name in row.cells})
        return kept

    def _differences(self, form: Form, rows: BudgetRows, key: str) -> list[str]:
        """Frames and assumptions in which a file says something else than the budget, whose own are kept."""
        told = []
        ours = next((row.cells for row in self.rows.units if unit_key(row.cells.get(UNIT_NAME)) == key), {})
        theirs = next((row.cells for row in rows.units if unit_key(row.cells.get(UNIT_NAME)) == key), {})
        for name, title in self.rows.unit_table.columns.items():
            if (
                name in self.inputs
                and name in rows.unit_table.columns
                and same(ours.get(name)) != same(theirs.get(name))
            ):
                told.append(_kept(title, theirs.get(name), ours.get(name)))
        shared = [name for name in shared_fields(self.form, self.inputs) if form.has(name)]
        return told + [
            _kept(self.form.place(name), form.value(name), self.form.value(name))
            for name in shared
            if not same_cells(form, self.form, name)
        ]

    def _changed(self, key: str, trips: Sequence[Cells]) -> int:
        before = [row.cells for row in self.trips_of(key)]
        longest = max(len(before), len(trips))
        blank: Cells = {}
        pairs = zip(*([*some, *[blank] * (longest - len(some))] for some in (before, trips)), strict=True)
        return sum(not alike(one, other, self.columns) for one, other in pairs)

    def chosen(self, files: Sequence[_UnitFile]) -> _UnitFile | None:
        """The file of a unit; none where several say different things."""
        first, *others = files
        if all(self._equal(first, other) for other in others):
            for other in others:
                other.line.remarks.append(f"Samma resor som i {first.line.file}.")
                other.line.status = NOT_USED
            return first
        names = ", ".join(one.line.file for one in files)
        for one in files:
            one.line.status = NOT_USED
            one.line.remarks.append(
                f"Enheten har flera filer med olika resor ({names}). Budgetens egna resor är kvar. "
                "Ta bort den fil som inte gäller."
            )
        return None

    def _equal(self, one: _UnitFile, other: _UnitFile) -> bool:
        return len(one.trips) == len(other.trips) and all(
            alike(ours, theirs, self.columns) for ours, theirs in zip(one.trips, other.trips, strict=True)
        )

    def joined(self, taken: Mapping[str, _UnitFile]) -> list[Cells]:
        """All trips: each unit's in the places that its trips had, further ones last."""
        left = {key: list(file.trips) for key, file in taken.items()}
        made: list[Cells] = []
        for row in self.own(self.rows):
            key = self.group(row)
            if key not in left:
                made.append(row.cells)
            elif left[key]:
                made.append(left[key].pop(0))
        return [*made, *(trip for key in left for trip in left[key])]


def _kept(where: str, theirs: Any, ours: Any) -> str:
    return f'{where}: "{text_of(theirs)}" i filen, "{text_of(ours)}" i budgeten. Budgetens gäller.'
