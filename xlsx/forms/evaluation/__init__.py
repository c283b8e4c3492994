"""A workbook with formulas recalculated: the values in its cells are new, all else is as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from xlsx.errors import UnreadableSheet
from xlsx.forms.evaluation.calls import Calls, Functions, Value
from xlsx.forms.evaluation.engine import Answer, Engine, EngineError, unknown
from xlsx.forms.evaluation.faults import CellFault, Faults, cells
from xlsx.forms.evaluation.names import named_areas
from xlsx.forms.evaluation.patch import SheetPatch, stored
from xlsx.forms.evaluation.stale import stale, values_are_current
from xlsx.forms.formulas import Names, called
from xlsx.forms.formulas.references import refers_outside
from xlsx.forms.formulas.sheet import FormulaCell, Place, SheetCells, read_cells, reference, text_of
from xlsx.forms.repair import Repaired, Repairs, repair
from xlsx.patch.errors import Unpatchable
from xlsx.patch.package import Package, part_key, replacing
from xlsx.patch.references import Area
from xlsx.patch.workbook import Workbook

__all__ = ["CellFault", "Evaluated", "Kept", "Repaired", "Value", "evaluated"]

Constants = Mapping[str, float | str | bool]

_FALLS_SHORT: Final = frozenset({"Name", "NImpl", "Spill", "Calc", "Circ", "Cancelled"})
"""What the engine answers where it is the engine that falls short: Excel may have known better."""
_FORM: Final = "formular"
_NAME_ERROR: Final = "#NAME?"
_MOST_ROUNDS: Final = 4
_FARTHEST_LABEL: Final = 20
"""Columns to the left of a named cell in which its label is looked for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A formula cell that keeps the value it was saved with, and why."""

    sheet: str
    cell: str
    why: str


@dataclass
class Evaluated:
    """What came of an evaluation.

    values: by sheet and cell (`B3`), of all cells that formulas fill; an error is a CellError.
    names: by defined name, of the whole workbook: a cell's value, or rows of values. The name of a cell whose
    answer spills gives all of the answer. Blank cells are None, dates are Excel's day numbers.
    places: by defined name, its sheet and area. labels: by defined name of one cell, the nearest text to its left.
    """

    values: dict[str, dict[str, Value]] = field(default_factory=dict)
    errors: list[CellFault] = field(default_factory=list)
    names: dict[str, Value | list[list[Value]]] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    repaired: list[Repaired] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    own: int = 0
    """How many cells call the functions."""


def evaluated(
    path: Path,
    out: Path,
    functions: Functions,
    constants: Constants | None = None,
    today: date | None = None,
    *,
    only_repaired: bool = False,
) -> Evaluated:
    """Recalculate `path` into `out`, in this process: for files that one has made oneself.

    In our forms (those with the defined name `formular`), and in files that ask to be calculated when they are
    opened, all formulas are computed; in others the saved values of those that have nothing to do with the
    functions stay.

    functions: by name (TRAKTAMENTE), taking and giving plain values, errors as CellErrors.
    constants: new values for defined names of one cell without formula; names that are not there are passed by.
    today: what TODAY() gives; else the clock is asked.
    only_repaired: no values are changed but those of mended formulas, and of cells that were #NAME? by them; without
    any nothing is written.
    Raises UnreadableSheet, Unpatchable.
    """
    with Package(path) as package:
        try:
            job = _Job(package, functions, constants or {}, today, only_repaired)
            made = job.evaluate()
            if made.repaired or not only_repaired:
                job.write(out)
        except (Unpatchable, UnreadableSheet) as problem:
            text = str(problem)
            named = text.startswith((path.name, out.name))
            raise type(problem)(text if named else f"{path.name}: {text}") from None
    return made


class _Job:
    """One workbook on its way through."""

    def __init__(
        self, package: Package, functions: Functions, constants: Constants, today: date | None, only_repaired: bool
    ) -> None:
        self.package, self.today, self.only_repaired = package, today, only_repaired
        self.workbook = Workbook(package)
        if _counts_from_1904(self.workbook):
            raise UnreadableSheet(
                "arbetsboken räknar datum från 1904. Stäng av det i Excel (Arkiv, Alternativ, Avancerat: "
                "Använd datumsystemet med 1904) och rätta datumen."
            )
        self.left: set[tuple[str, Place]] = set()
        self.current = values_are_current(self.workbook)
        self.names = Names(functions)
        self.calls = Calls(functions)
        self.sheets = [
            read_cells(entry, self.workbook.xml(entry.part), self.names) for entry in self.workbook.sheets if entry.part
        ]
        for number, cell in enumerate((one for sheet in self.sheets for one in sheet.formulas.values()), 1):
            cell.number = number
        self.patches = {sheet.name: SheetPatch(sheet) for sheet in self.sheets}
        self.named = named_areas(self.workbook, self.names)
        self.repairs: Repairs = repair(self.workbook, self.patches, self.names, self._ours)
        self._set_constants(constants)

    @property
    def _ours(self) -> bool:
        """Whether the workbook is one of our forms."""
        return _FORM in self.named.cells

    def _set_constants(self, constants: Constants) -> None:
        self.changed: dict[tuple[str, Place], Value] = {}
        sheets = {sheet.name: sheet for sheet in self.sheets}
        for name, value in constants.items():
            at = self.named.cells.get(name.lower())
            if at is not None and at[0] in sheets and at[1] not in sheets[at[0]].formulas:
                self.changed[at] = value
                self.patches[at[0]].values[at[1]] = value
                self.patches[at[0]].constants.add(at[1])

    def evaluate(self) -> Evaluated:
        """Compute all formulas. Raises UnreadableSheet."""
        self.engine = Engine(
            self.package, self.workbook, self.sheets, self.calls, self.names, self.named.formulas, self.changed
        )
        made = Evaluated(own=sum(one.own for sheet in self.sheets for one in sheet.formulas.values()))
        made.repaired = self.repairs.done
        answers = self._answers(made)
        for sheet in self.sheets:
            values = made.values.setdefault(sheet.name, {})
            for cell in sheet.formulas.values():
                answer = answers.get((sheet.name, cell.place))
                if answer is not None:
                    self._put(sheet, cell, answer)
                    values |= {reference(place): value for place, value in cells(answer)}
        areas = {name.lower(): area for name, area in self.named.areas.items()}
        made.errors = Faults(self.sheets, answers, areas).found()
        self._tell_names(made, answers)
        return made

    def _answers(self, made: Evaluated) -> dict[tuple[str, Place], Answer]:
        """The formulas' answers, once it is known which formulas must keep their saved values."""
        if self.current and not self._ours:
            # Not a form of ours: what does not depend on the functions stays as it was saved.
            self.engine.kept |= self._left({})
        self._keep(made, self._of_other_workbooks())
        self._keep(made, self._calling_unknown())
        for _ in range(_MOST_ROUNDS):
            try:
                answers = self.engine.evaluated(self.today)
            except EngineError as problem:
                raise UnreadableSheet(f"arbetsbokens formler kan inte räknas ({problem}).") from None
            more = list(self._fallen_short(answers))
            reached = self._reached(answers)
            if not more and not reached:
                break
            self.engine.kept -= reached
            self._keep(made, more)
        return answers

    def _left(self, grown: Mapping[tuple[str, Place], Area]) -> set[tuple[str, Place]]:
        """The formulas of another's workbook that have nothing to do with the functions."""
        areas = {name.lower(): area for name, area in self.named.areas.items()}
        every = {(sheet.name, place) for sheet in self.sheets for place in sheet.formulas}
        self.left = every - stale(self.sheets, areas, grown)
        return self.left

    def _reached(self, answers: Mapping[tuple[str, Place], Answer]) -> set[tuple[str, Place]]:
        """Formulas that were left, and refer to cells that an answer fills which it did not fill when it was saved."""
        if not self.left:
            return set()
        known = {(sheet.name, one.place): one for sheet in self.sheets for one in sheet.formulas.values()}
        grown = {at: answer.area for at, answer in answers.items() if answer.area != known[at].area}
        before = self.left
        return before - self._left(grown) if grown else set()

    def _trusted(self, sheet: SheetCells, cell: FormulaCell) -> bool:
        """Whether a cell's saved value says more than none. Writers that do not calculate write 0 as they must."""
        if not sheet.saved(cell) or (sheet.name, cell.place) in self.engine.kept:
            return False
        value = cell.element.child("v")
        return self.current or (value is not None and text_of(sheet.part, value) != "0")

    def _keep(self, made: Evaluated, cells: list[tuple[SheetCells, FormulaCell, str]]) -> None:
        for sheet, cell, why in cells:
            self.engine.kept.add((sheet.name, cell.place))
            made.kept.append(Kept(sheet.name, reference(cell.place), why))

    def _calling_unknown(self) -> list[tuple[SheetCells, FormulaCell, str]]:
        """Formulas with saved values that call functions which the engine does not know."""
        calls = [
            (sheet, one, called(one.text))
            for sheet in self.sheets
            for one in sheet.formulas.values()
            if "(" in one.text
        ]
        own = set(self.names.known)
        strangers = unknown({name for _, _, names in calls for name in names} - own)
        found = []
        for sheet, one, names in calls:
            strange = sorted({_bare(name) for name in names & strangers} - own)
            if strange and self._trusted(sheet, one):
                found.append((sheet, one, f"{', '.join(strange)} kan bara räknas i Excel"))
        return found

    def _of_other_workbooks(self) -> list[tuple[SheetCells, FormulaCell, str]]:
        """Formulas that ask another workbook, which is not here."""
        found = ((sheet, one) for sheet in self.sheets for one in sheet.formulas.values() if refers_outside(one.text))
        repaired = self.repairs.cells
        return [
            (sheet, one, "formeln hämtar värden ur en annan arbetsbok")
            for sheet, one in found
            if (sheet.name, one.place) not in repaired
        ]

    def _fallen_short(
        self, answers: Mapping[tuple[str, Place], Answer]
    ) -> Iterator[tuple[SheetCells, FormulaCell, str]]:
        """Formulas that Excel gave a value and the engine does not, or gives another shape."""
        selective = self.current and not self._ours
        faults = Faults(self.sheets, answers, {name.lower(): area for name, area in self.named.areas.items()})
        for sheet in self.sheets:
            for cell in sheet.formulas.values():
                answer = answers.get((sheet.name, cell.place))
                if answer is None or cell.own or not self._trusted(sheet, cell):
                    continue
                single = Area(*cell.place, *cell.place)
                reshaped = cell.kind in ("plain", "shared") and answer.area != single
                # In others' workbooks an error that does not come from another cell is the engine's.
                alone = bool(answer.trouble) and selective and not faults.inherits(sheet, cell, answer)
                if reshaped or alone or answer.trouble in _FALLS_SHORT:
                    yield sheet, cell, "formeln kan bara räknas i Excel"

    def _put(self, sheet: SheetCells, cell: FormulaCell, answer: Answer) -> None:
        """An answer into the patch of its sheet."""
        patch = self.patches[sheet.name]
        mended = (sheet.name, cell.place) in self.repairs.cells
        if self.only_repaired and not mended and not _was_name_error(sheet, cell):
            return
        patch.answer(cell, answer)
        if cell.kind == "dynamic" and answer.area != cell.area:
            patch.formulas[cell.place] = stored(sheet, cell, answer.area)

    def _tell_names(self, made: Evaluated, answers: Mapping[tuple[str, Place], Answer]) -> None:
        for name, (sheet, area) in self.named.areas.items():
            made.places[name] = (sheet, str(area))
            place = (area.top, area.left)
            if place != (area.bottom, area.right):
                made.names[name] = [
                    [self._value((row, column), sheet) for column in range(area.left, area.right + 1)]
                    for row in range(area.top, area.bottom + 1)
                ]
                continue
            answer = answers.get((sheet, place))
            if answer is not None and str(answer.area) != str(area):
                made.names[name] = [list(line) for line in answer.values]
            else:
                made.names[name] = answer.values[0][0] if answer is not None else self._value(place, sheet)
            made.labels[name] = self._label(place, sheet)

    def _value(self, place: Place, sheet: str) -> Value:
        return self.engine.value(sheet, place)

    def _label(self, place: Place, sheet: str) -> str:
        for column in range(place[1] - 1, max(-1, place[1] - 1 - _FARTHEST_LABEL), -1):
            value = self._value((place[0], column), sheet)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return ""

    def write(self, out: Path) -> None:
        """The workbook with its changes, whole or not at all. Raises Unpatchable."""
        for patch in self.patches.values():
            patch.write()
        changed = self.workbook.changed_parts()
        dropped = part_key(self.repairs.dropped) if self.repairs.dropped is not None else None
        with replacing(self.package, out) as writer:
            for entry in self.package.entries:
                key = part_key(entry.filename)
                if key == dropped:
                    continue
                if key in changed:
                    writer.put(entry.filename, [changed[key]], entry)
                else:
                    writer.copy(entry)
            for name, content in self.repairs.new_parts.items():
                writer.put(name, [content])


def _bare(name: str) -> str:
    """A function's name without what Excel puts before it."""
    return name.upper().removeprefix("_XLDUDF_").removeprefix("_XLUDF.")


def _was_name_error(sheet: SheetCells, cell: FormulaCell) -> bool:
    value = cell.element.child("v")
    return value is None or text_of(sheet.part, value) == _NAME_ERROR


def _counts_from_1904(workbook: Workbook) -> bool:
    properties = workbook.main.root.child("workbookPr")
    return properties is not None and properties.attributes.get("date1904") in ("1", "true")
