"""All files added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final, Literal

from core.kontroll.controls import GRADES
from xlsx.batch.records import FaultLine, Figures, Group, Outcome, UnsureLine
from xlsx.summary import SUMMED, Total

State = Literal["beräknad", "klar sedan tidigare", "misslyckad"]

Names = tuple[str, ...]


@dataclass
class Sums:
    """Trips and amounts of some rows. `sums` follow SUMMED: öre, or kg; None where no file had the result.

    left_out: trips that are not in the metres, and not in each of the sums.
    """

    trips: int = 0
    wrong: int = 0
    metres: int = 0
    sums: list[int | float | None] = field(default_factory=lambda: [None] * len(SUMMED))
    left_out: list[int] = field(default_factory=lambda: [0] * (1 + len(SUMMED)))

    def add(self, more: Group | Sums) -> None:
        """Add some more rows."""
        self.trips += more.trips
        self.wrong += more.wrong
        self.metres += more.metres
        self.sums = [one if new is None else new + (one or 0) for one, new in zip(self.sums, more.sums, strict=True)]
        self.left_out = [one + new for one, new in zip(self.left_out, more.left_out, strict=True)]

    def total(self, names: Names = ()) -> Total:
        """The same as a single sheet's total."""
        return Total(names, self.trips, self.wrong, self.metres, tuple(self.sums), tuple(self.left_out))


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of the report. source, result: by name from the two folders; result is empty for one that failed."""

    source: str
    result: str
    state: State
    sheet: str
    total: Total
    remark: str


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """How many trips trip one control; department is empty for all of them."""

    grade: str
    rule: str
    title: str
    text: str
    department: str
    count: int
    lifted: int
    files: int


_NOTHING: Final = Sums().total()


class Overall:
    """The report over all files, added to file by file, in the order of their names."""

    def __init__(self) -> None:
        self.files: list[FileLine] = []
        self.faults: list[tuple[str, FaultLine]] = []
        """Errors with the file that they are in."""
        self.faults_left_out: dict[str, int] = {}
        """Kinds of errors that are not listed, by file."""
        self.unsure: dict[UnsureLine, int] = defaultdict(int)
        """Unconfirmed figures and in how many files they were used."""
        self._groups: dict[tuple[str, str, str], Sums] = defaultdict(Sums)
        self._controls: dict[tuple[str, str, str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, outcome: Outcome, earlier: bool = False) -> None:
        """Add what came of one file. earlier: it was done by an earlier run."""
        figures = outcome.figures
        if figures is None:
            line = FileLine(outcome.relative, "", "misslyckad", "", _NOTHING, outcome.failure)
        else:
            state: State = "klar sedan tidigare" if earlier else "beräknad"
            total = self._added(outcome.relative, figures)
            remark = " ".join(figures.notes)
            line = FileLine(outcome.relative, outcome.result, state, figures.sheet, total, remark)
        self.files.append(line)

    def _added(self, source: str, figures: Figures) -> Total:
        whole = Sums()
        folder = PurePosixPath(source).parent.as_posix()
        for group in figures.groups:
            whole.add(group)
            self._groups[folder, group.department, group.mode].add(group)
        self.faults += [(source, fault) for fault in figures.faults]
        if figures.faults_left_out:
            self.faults_left_out[source] = figures.faults_left_out
        for figure in figures.unsure:
            self.unsure[figure] += 1
        for one in figures.controls:
            of_all = ("", sum(count for _, count, _ in one.departments), sum(lifted for *_, lifted in one.departments))
            for department, count, lifted in (of_all, *one.departments):
                counts = self._controls[one.grade, one.rule, one.title, one.text, department]
                counts[0] += count
                counts[1] += lifted
                counts[2] += 1
        return whole.total()

    def count(self, state: State) -> int:
        """How many files are in a state."""
        return sum(line.state == state for line in self.files)

    @property
    def failed(self) -> list[FileLine]:
        """The files of which nothing came."""
        return [line for line in self.files if line.state == "misslyckad"]

    @property
    def whole(self) -> Total:
        """Everything."""
        return self._by(lambda names: ())[0]

    def by_folder(self) -> list[Total]:
        """Totals per folder of the files; empty when there is but one."""
        totals = self._by(lambda names: names[:1])
        return totals if len(totals) > 1 else []

    def by_department(self) -> list[Total]:
        """Totals per department."""
        return self._by(lambda names: names[1:2])

    def by_mode(self) -> list[Total]:
        """Totals per mode of travel."""
        return self._by(lambda names: names[2:])

    def by_department_and_mode(self) -> list[Total]:
        """Totals per department and mode of travel."""
        return self._by(lambda names: names[1:])

    def _by(self, kept: Callable[[Names], Names]) -> list[Total]:
        groups: dict[Names, Sums] = defaultdict(Sums)
        for names in sorted(self._groups):
            groups[kept(names)].add(self._groups[names])
        if not groups:
            return [] if kept(("", "", "")) else [_NOTHING]
        found = [one.total(names) for names, one in groups.items()]
        return sorted(found, key=lambda total: tuple(name.casefold() for name in total.names))

    def controls(self, by_department: bool = False) -> list[ControlTotal]:
        """What the controls found: the most serious grade first, then the most common rule."""
        of_rule: dict[str, int] = defaultdict(int)
        for names, counts in self._controls.items():
            of_rule[names[1]] += counts[0]
        found = [
            ControlTotal(*names, *counts) for names, counts in self._controls.items() if bool(names[4]) == by_department
        ]
        return sorted(
            found,
            key=lambda one: (GRADES.index(one.grade), -of_rule[one.rule], one.rule, one.title, one.department),
        )
