"""A workbook's formulas computed by an engine that has Färdkost's functions plugged in.

The engine is handed the workbook less what it does not need: no formats, so that dates are numbers as they are to
Excel's functions, and no old answers in the cells that formulas spill over. Each call of a function carries the
number of its cell, so that a function's own sentence about what is wrong can be told with the cell it is wrong in.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

import formualizer

from core.engine import CellError
from xlsx.forms.evaluation.calls import CODES, Calls, Value, fitted, value_of
from xlsx.forms.evaluation.scratch import FITTED, PREFIX, Scratch, called_there
from xlsx.forms.formulas import Names
from xlsx.forms.formulas.sheet import FormulaCell, Place, SheetCells, reference
from xlsx.patch.package import Package
from xlsx.patch.references import Area
from xlsx.patch.workbook import Workbook

__all__ = ["CODES", "Answer", "Engine", "EngineError", "unknown"]

_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Answer:
    """What a formula gave: the area it fills, its values by row, and the engine's word for what went wrong."""

    area: Area
    values: Sequence[Sequence[Value]]
    trouble: str = ""


@dataclass
class Engine:
    """One evaluation. kept: formula cells, by sheet, that stand with the values they were saved with."""

    package: Package
    workbook: Workbook
    sheets: Sequence[SheetCells]
    calls: Calls
    names: Names
    name_formulas: Mapping[str, str]
    changed: Mapping[tuple[str, Place], Value]
    kept: set[tuple[str, Place]] = field(default_factory=set)

    def evaluated(self, today: date | None) -> dict[tuple[str, Place], Answer]:
        """All formulas' answers. Raises EngineError when the engine cannot take the workbook."""
        try:
            scratch = Scratch(
                self.package, self.workbook, self.sheets, self.names, self.name_formulas, self.changed, self.kept
            )
            book = formualizer.Workbook.from_bytes(scratch.content())
            book.set_temporal_egress("serial")
            for name in self.calls.functions:
                book.register_function(PREFIX + name, self.calls.registered(name), min_args=1, max_args=255)
            book.register_function(FITTED, fitted, min_args=2, max_args=3)
            if today is not None:
                noon = datetime(today.year, today.month, today.day, _NOON, tzinfo=UTC)
                book.set_deterministic_clock(noon)
            self._add_tables(book)
            self.calls.answers.clear()
            book.evaluate_all()
        except (MemoryError, KeyboardInterrupt):
            raise
        except Exception as problem:
            raise EngineError(str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__) from None
        self.book = book
        return {
            (sheet.name, one.place): self._answer(book, sheet, one)
            for sheet in self.sheets
            for one in sheet.formulas.values()
            if (sheet.name, one.place) not in self.kept
        }

    def value(self, sheet: str, place: Place) -> Value:
        """The value of any cell after the evaluation."""
        return value_of(self.book.get_value(called_there(sheet), place[0], place[1] + 1))

    def _answer(self, book: Any, sheet: SheetCells, cell: FormulaCell) -> Answer:
        row, column = cell.place
        area = Area(row, column, row, column)
        if cell.kind == "array":
            area = cell.area
        else:
            spilled = book.inspect_cell(
                f"{_quoted(sheet.name)}!{reference(cell.place)}", include_values=False
            ).cell.spill
            if spilled is not None and spilled.extent:
                area = Area.parse(spilled.extent.rpartition("!")[2])
        raw = book.get_value(called_there(sheet.name), row, column + 1)
        trouble = str(raw.get("kind")) if isinstance(raw, dict) else ""
        values = [
            [
                self._own(cell, self.value(sheet.name, (down, right)), down - row, right - column)
                for right in range(area.left, area.right + 1)
            ]
            for down in range(area.top, area.bottom + 1)
        ]
        return Answer(area, values, trouble)

    def _own(self, cell: FormulaCell, value: Value, row: int, column: int) -> Value:
        """A value of an answer; an error with the functions' own words."""
        if not cell.own or not isinstance(value, CellError):
            return value
        told = self.calls.error_at(cell.number, row, column, value.code)
        return value if told is None or told.code != value.code else told

    def _add_tables(self, book: Any) -> None:
        """Tell the engine of tables, whose columns formulas may name."""
        for sheet in self.sheets:
            for one in self.workbook.relations_at(sheet.entry.part):
                if one.kind != "table" or one.part not in self.package:
                    continue
                table = self.workbook.xml(one.part).root
                columns = table.child("tableColumns")
                if columns is None or "ref" not in table.attributes:
                    continue
                area = Area.parse(table.attributes["ref"])
                headings = [column.attributes.get("name", "") for column in columns.all("tableColumn")]
                book.add_table(
                    table.attributes.get("displayName", ""),
                    called_there(sheet.name),
                    (area.top, area.left + 1, area.bottom, area.right + 1),
                    headings,
                    header_row=table.attributes.get("headerRowCount", "1") != "0",
                    totals_row=table.attributes.get("totalsRowCount", "0") != "0",
                )


def unknown(names: Collection[str]) -> set[str]:
    """Those of some functions' names that the engine does not know."""
    book = formualizer.Workbook()
    sheet = book.sheet("S")
    known = sorted(names)
    for row, name in enumerate(known, 1):
        with contextlib.suppress(Exception):  # a name that the engine cannot read has no value
            sheet.set_formula(row, 1, f"={name}()")
    book.evaluate_all()
    found = set()
    for row, name in enumerate(known, 1):
        value = book.get_value("S", row, 1)
        if isinstance(value, dict) and value.get("kind") in ("Name", "NImpl"):
            found.add(name)
    return found


class EngineError(Exception):
    """The engine cannot take a workbook; the message is its own."""


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"
