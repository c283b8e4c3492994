"""What a form is made of, read from its file for comparison: its sheets' cells, its names, and what inputs take."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.cell.cell import Cell as OpenCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.formula import ArrayFormula

from xlsx.forms.filling import split_reference
from xlsx.forms.formulas.sheet import Place, size
from xlsx.patch.errors import Unpatchable
from xlsx.patch.package import Package
from xlsx.patch.references import Area
from xlsx.patch.workbook import Workbook

MOST_NAMED: Final = 50_000
"""Cells of a name at most; a larger area is no field of a form."""


@dataclass(frozen=True, slots=True)
class CellShape:
    """A cell. formula: without `=`, None where there is none. ink, ground: colours as `RRGGBB`, empty when unknown."""

    value: Any
    formula: str | None
    locked: bool
    number_format: str
    is_date: bool
    ink: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an input takes. kind: `datum`, `tidpunkt`, `klockslag`, `tal`, `heltal`, `ord` or `text`; message: as
    Excel would have said it."""

    kind: str
    message: str
    least: float | None = None
    most: float | None = None
    words: tuple[str, ...] = ()


@dataclass
class SheetShape:
    """A sheet. Places are rows from 1 and columns from 0."""

    name: str
    hidden: bool
    cells: dict[Place, CellShape] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    taken: dict[Place, Taken] = field(default_factory=dict)

    def texts(self) -> dict[str, Place]:
        """The fixed texts that stand once in the sheet."""
        found: dict[str, list[Place]] = {}
        for place, cell in self.cells.items():
            if cell.formula is None and cell.locked and isinstance(cell.value, str) and cell.value.strip():
                found.setdefault(cell.value.strip(), []).append(place)
        return {text: places[0] for text, places in found.items() if len(places) == 1}


@dataclass
class Shape:
    """A form's sheets, and its names with what they stand for; None for a name whose cells are gone.

    spills: whether the file can say of a formula that its answer fills as many cells as it needs.
    """

    sheets: dict[str, SheetShape]
    names: dict[str, tuple[str, Area] | None]
    spills: bool = True

    def value(self, name: str) -> Any:
        """The cell of a name; None where there is none."""
        at = self.names.get(name)
        if at is None or at[0] not in self.sheets:
            return None
        cell = self.sheets[at[0]].cells.get((at[1].top, at[1].left))
        return None if cell is None else cell.value

    def names_on(self, sheet: str) -> dict[str, Area]:
        """The names of a sheet's cells."""
        return {name: at[1] for name, at in self.names.items() if at is not None and at[0] == sheet}


def read_shape(path: Path, inputs: bool = False) -> Shape:
    """Read a form that has passed the guard. inputs: also what its inputs take. Raises Unpatchable."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out; nothing is saved here.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, keep_links=False)
    except Exception as error:  # openpyxl raises whatever it stumbles over
        detail = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise Unpatchable(f"{path.name}: filen är skadad eller kan inte läsas ({detail}).") from None
    with Package(path) as package:
        spills = Workbook(package).related("sheetMetadata") is not None
    shape = Shape({sheet.title: _sheet(sheet) for sheet in book.worksheets}, dict(_names(book)), spills)
    if inputs:
        for sheet in book.worksheets:
            shape.sheets[sheet.title].taken.update(_taken(sheet, shape))
    return shape


def _names(book: Any) -> Iterator[tuple[str, tuple[str, Area] | None]]:
    for name, defined in book.defined_names.items():
        try:
            sheet, area = split_reference(str(defined.attr_text))
        except ValueError:
            yield name, None
        else:
            yield name, (sheet, area) if size(area) <= MOST_NAMED else None


def _sheet(sheet: Any) -> SheetShape:
    made = SheetShape(sheet.title, sheet.sheet_state != "visible")
    made.merged = [Area.parse(str(one)) for one in sheet.merged_cells.ranges]
    looks: dict[int, tuple[bool, str, bool, str, str]] = {}
    for (row, column), cell in sheet._cells.items():
        if isinstance(cell, MergedCell):
            continue
        style = cell.style_id
        if style not in looks:
            looks[style] = _look(cell)
        value, formula = cell.value, None
        if isinstance(value, ArrayFormula):
            value, formula = None, str(getattr(value, "text", "") or "").removeprefix("=")
        elif cell.data_type == "f":
            value, formula = None, str(value).removeprefix("=")
        made.cells[row, column - 1] = CellShape(value, formula, *looks[style])
    return made


def _look(cell: OpenCell) -> tuple[bool, str, bool, str, str]:
    """Locked or not, number format, whether that is one of dates, and the colours of text and ground."""
    fill = cell.fill
    ground = "FFFFFF" if fill.patternType is None else _colour(fill.fgColor) if fill.patternType == "solid" else ""
    ink = _colour(cell.font.color) if cell.font.color is not None else "000000"
    form = str(cell.number_format)
    return bool(cell.protection.locked), form, bool(is_date_format(form)), ink, ground


def _colour(colour: Any) -> str:
    """`RRGGBB` where a colour is stated as such."""
    return str(colour.rgb)[-6:].upper() if colour is not None and colour.type == "rgb" else ""


def _taken(sheet: Any, shape: Shape) -> Mapping[Place, Taken]:
    found: dict[Place, Taken] = {}
    own = shape.sheets[sheet.title]
    for rule in sheet.data_validations.dataValidation:
        for one in rule.sqref.ranges:
            for row in range(one.min_row, one.max_row + 1):
                for column in range(one.min_col - 1, one.max_col):
                    cell = own.cells.get((row, column))
                    if cell is not None and not cell.locked:
                        found[row, column] = _rule(rule, cell, shape)
    return found


def _rule(rule: Any, cell: CellShape, shape: Shape) -> Taken:
    message = str(rule.error or "")
    if rule.type == "list":
        return Taken("ord", message, words=_words(str(rule.formula1 or ""), shape))
    least, most = _number(rule.formula1), _number(rule.formula2)
    if rule.type == "date":
        return Taken("tidpunkt" if "h" in cell.number_format else "datum", message, least, most)
    kinds = {"time": "klockslag", "decimal": "tal", "whole": "heltal"}
    return Taken(kinds.get(rule.type, "text"), message, least, most)


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _words(source: str, shape: Shape) -> tuple[str, ...]:
    """The words of a list: written out, or those of a named area."""
    if source.startswith('"'):
        return tuple(source.strip('"').split(","))
    at = shape.names.get(source.removeprefix("="))
    if at is None or at[0] not in shape.sheets:
        return ()
    cells = shape.sheets[at[0]].cells
    places = ((row, at[1].left) for row in range(at[1].top, at[1].bottom + 1))
    return tuple(str(cells[place].value) for place in places if place in cells and cells[place].value is not None)
