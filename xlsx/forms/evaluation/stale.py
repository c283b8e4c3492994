"""Which formulas of a workbook must be computed anew: in other people's workbooks the saved values of the rest, which
the program that saved them computed, are better than any that another program would give them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from xlsx.forms.formulas import called
from xlsx.forms.formulas.references import Areas, referenced, unresolved
from xlsx.forms.formulas.sheet import FormulaCell, Place, SheetCells
from xlsx.patch.references import Area
from xlsx.patch.workbook import Workbook

VOLATILE: Final = frozenset({"TODAY", "NOW", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL", "INFO"})
"""Functions whose answers may be others each time, or depend on cells that the formula does not name."""

_MOST_PASSES: Final = 60
"""From one end of a chain to the other; the longer ones are computed as a whole."""

Cell = tuple[str, Place]


def values_are_current(workbook: Workbook) -> bool:
    """Whether the saved values can be trusted: not where the file asks to be calculated when it is opened."""
    calculation = workbook.main.root.child("calcPr")
    return calculation is None or calculation.attributes.get("fullCalcOnLoad") not in ("1", "true")


def stale(sheets: Sequence[SheetCells], names: Areas, grown: Mapping[Cell, Area]) -> set[Cell]:
    """The formula cells that call the functions, have no saved value or are volatile, and all that depend on them.

    grown: the areas that answers turned out to fill, where they are others than the file has.
    """
    found = {
        (sheet.name, cell.place): cell
        for sheet in sheets
        for cell in sheet.formulas.values()
        if cell.own or not sheet.valued(cell) or called(cell.text) & VOLATILE or unresolved(cell.text, names)
    }
    waiting = [
        (sheet.name, cell, referenced(cell.text, sheet.name, names))
        for sheet in sheets
        for cell in sheet.formulas.values()
        if (sheet.name, cell.place) not in found
    ]
    touched = _Touched()
    for (name, _), cell in found.items():
        touched.add(name, cell)
    for (name, _), area in grown.items():
        touched.add_area(name, area)
    for _ in range(_MOST_PASSES):
        left = []
        for name, cell, areas in waiting:
            if any(touched.meets(sheet, area) for sheet, area in areas):
                found[name, cell.place] = cell
                touched.add(name, cell)
            else:
                left.append((name, cell, areas))
        if len(left) == len(waiting):
            return set(found)
        waiting = left
    return {(sheet.name, place) for sheet in sheets for place in sheet.formulas}


class _Touched:
    """Cells whose values may change, by sheet and column; areas that formulas fill as a whole."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, list[int]]] = {}
        self._areas: dict[str, list[Area]] = {}

    def add(self, sheet: str, cell: FormulaCell) -> None:
        """A formula's cell, and those that it filled."""
        rows = self._rows.setdefault(sheet.casefold(), {}).setdefault(cell.place[1], [])
        at = bisect_left(rows, cell.place[0])
        if at == len(rows) or rows[at] != cell.place[0]:
            rows.insert(at, cell.place[0])
        if cell.kind in ("array", "dynamic"):
            self.add_area(sheet, cell.area)

    def add_area(self, sheet: str, area: Area) -> None:
        """An area that an answer fills."""
        self._areas.setdefault(sheet.casefold(), []).append(area)

    def meets(self, sheet: str, area: Area) -> bool:
        """Whether an area of a sheet has a cell that may change."""
        columns = self._rows.get(sheet.casefold(), {})
        for column in columns if len(columns) <= area.right - area.left else range(area.left, area.right + 1):
            if area.left <= column <= area.right and (rows := columns.get(column)):
                at = bisect_left(rows, area.top)
                if at < len(rows) and rows[at] <= area.bottom:
                    return True
        return any(area.meets(one) for one in self._areas.get(sheet.casefold(), ()))
