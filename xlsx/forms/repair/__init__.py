"""Formulas that do not work as they are stored, in the form that Excel stores: a call by its prefix, that spills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from xlsx.forms.evaluation.patch import SheetPatch, stored
from xlsx.forms.formulas import Call, Names, mended, own_calls
from xlsx.forms.formulas.sheet import FormulaCell, SheetCells, contains, reference, text_of
from xlsx.forms.repair.metadata import Metadata
from xlsx.patch.references import Area
from xlsx.patch.workbook import Workbook, defined_names

_NAME_ERROR: Final = "#NAME?"


@dataclass(frozen=True, slots=True)
class Repaired:
    """A formula that was mended, of a cell or, with an empty sheet, of a defined name."""

    sheet: str
    cell: str
    before: str
    after: str


@dataclass
class Repairs:
    """The mended formulas of a workbook, and what goes with them. cells: those of sheets."""

    done: list[Repaired] = field(default_factory=list)
    cells: dict[tuple[str, tuple[int, int]], FormulaCell] = field(default_factory=dict)
    metadata: Metadata | None = None
    dropped: str | None = None
    """The part with the order of calculation, which no longer fits; Excel makes it anew."""

    @property
    def new_parts(self) -> Mapping[str, bytes]:
        """Parts to be added."""
        return self.metadata.new if self.metadata is not None else {}


def repair(workbook: Workbook, patches: Mapping[str, SheetPatch], names: Names, ours: bool) -> Repairs:
    """Mend all formulas that need it, in the sheets' cells and patches and in the defined names. Raises Unpatchable.

    ours: the workbook is one of our forms, in which every array formula spills.
    """
    made = Repairs(metadata=Metadata(workbook))
    if ours:
        for patch in patches.values():
            _restore(patch, made)
    macros = workbook.related("vbaProject") is not None
    for patch in patches.values():
        _mend_sheet(patch, names, macros, made)
    for one in defined_names(workbook):
        calls = own_calls(one.text, names)
        if any(_wanted(call, macros) for call in calls):
            after = mended(one.text.removeprefix("="), names, lambda call: _wanted(call, macros))
            workbook.main.set_text(one.element, after)
            made.done.append(Repaired("", one.name, one.text, after))
    chain = workbook.related("calcChain")
    if made.cells and chain is not None and chain in workbook.package:
        workbook.forget(chain)
        made.dropped = chain
    return made


def _wanted(call: Call, working: bool) -> bool:
    """Whether a call is to be mended. working: plain names work here, as those of macros do."""
    return call.form == "damaged" or (call.form == "plain" and not working)


def _restore(patch: SheetPatch, made: Repairs) -> None:
    """Let array formulas spill again, which some other program has saved with fixed areas."""
    assert made.metadata is not None
    for cell in patch.sheet.formulas.values():
        if cell.kind == "array":
            cell.kind = "dynamic"
            patch.cm[cell.place] = made.metadata.dynamic()
            patch.formulas[cell.place] = stored(patch.sheet, cell, cell.area)
            made.done.append(Repaired(patch.sheet.name, reference(cell.place), f"{{{cell.text}}}", cell.text))
            made.cells[patch.sheet.name, cell.place] = cell


def _mend_sheet(patch: SheetPatch, names: Names, macros: bool, made: Repairs) -> None:
    sheet = patch.sheet
    merged = _merged(sheet)
    groups: set[str] = set()
    for cell in sheet.formulas.values():
        if not cell.own:
            continue
        working = macros and _works(sheet, cell)
        if not any(_wanted(call, working) for call in own_calls(cell.text, names)):
            continue
        before = cell.text
        cell.text = mended(before, names, lambda call, working=working: _wanted(call, working))  # type: ignore[misc]
        cell.written = cell.text
        made.done.append(Repaired(sheet.name, reference(cell.place), before, cell.text))
        made.cells[sheet.name, cell.place] = cell
        if cell.kind == "shared":
            groups.add(cell.group)
        if cell.kind in ("plain", "shared"):
            cell.kind = "plain" if any(contains(area, cell.place) for area in merged) else "dynamic"
        if cell.kind == "dynamic" and made.metadata is not None and cell.element.attributes.get("cm", "0") == "0":
            patch.cm[cell.place] = made.metadata.dynamic()
        patch.formulas[cell.place] = stored(sheet, cell, cell.area)
    for cell in sheet.formulas.values():
        if cell.kind == "shared" and cell.group in groups:
            # What was shared with a mended cell stands by itself.
            cell.kind = "plain"
            patch.formulas[cell.place] = stored(sheet, cell, cell.area)


def _works(sheet: SheetCells, cell: FormulaCell) -> bool:
    """Whether a cell was saved with an answer, so that its plain name was known then."""
    value = cell.element.child("v")
    return value is not None and text_of(sheet.part, value) != _NAME_ERROR


def _merged(sheet: SheetCells) -> list[Area]:
    found = sheet.part.root.child("mergeCells")
    return [Area.parse(one.attributes["ref"]) for one in found.all("mergeCell")] if found is not None else []
