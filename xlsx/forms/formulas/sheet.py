"""The cells of a sheet with their formulas, by the bytes in which they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from xlsx.errors import UnreadableSheet
from xlsx.forms.formulas import Names, moved, one_line, own_calls
from xlsx.grid import letters
from xlsx.patch.references import Area, cell
from xlsx.patch.workbook import SheetEntry
from xlsx.patch.xmlpart import Element, XmlPart

MOST_CELLS: Final = 400_000
"""Cells of a sheet that is evaluated formula by formula."""

Place = tuple[int, int]
"""Row from 1 and column from 0."""


@dataclass(eq=False, slots=True)
class FormulaCell:
    """A cell with a formula.

    kind: `plain`, `array` (a fixed area, the older kind), `dynamic` (spills), `shared` (any cell of a shared
    formula). area: the cells that its answer filled when the file was saved, itself among them. own: whether it
    calls one of the functions.
    """

    place: Place
    element: Element
    formula: Element
    text: str
    kind: str
    area: Area
    own: bool
    written: str = ""
    """The text as it stands, line breaks and all; that of a shared formula's other cells is empty."""
    number: int = 0
    group: str = ""
    """What the cells of one shared formula have in common."""


@dataclass(eq=False)
class SheetCells:
    """A sheet's rows and cells."""

    entry: SheetEntry
    part: XmlPart
    rows: dict[int, Element] = field(default_factory=dict)
    cells: dict[Place, Element] = field(default_factory=dict)
    formulas: dict[Place, FormulaCell] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sheet's name."""
        return self.entry.name

    @property
    def hidden(self) -> bool:
        """Whether the user does not see the sheet."""
        return self.entry.element.attributes.get("state", "visible") != "visible"

    @property
    def children(self) -> dict[Place, FormulaCell]:
        """The cells that hold nothing but a part of another cell's answer, with that cell."""
        found = {}
        for anchor in self.formulas.values():
            if anchor.kind in ("array", "dynamic"):
                for place in self.cells_in(anchor.area):
                    if place not in self.formulas:
                        found[place] = anchor
        return found

    def valued(self, cell: FormulaCell) -> bool:
        """Whether a formula cell was saved with a value, be it an error."""
        value = cell.element.child("v")
        return value is not None and bool(self.part.inside(value))

    def saved(self, cell: FormulaCell) -> bool:
        """Whether a formula cell was saved with a value that is no error."""
        return self.valued(cell) and cell.element.attributes.get("t") != "e"

    def cells_in(self, area: Area) -> list[Place]:
        """The cells of an area that the sheet has."""
        if size(area) <= len(self.cells):
            return [place for place in places(area) if place in self.cells]
        return [place for place in self.cells if contains(area, place)]


def size(area: Area) -> int:
    """How many cells an area has."""
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)


def contains(area: Area, place: Place) -> bool:
    """Whether a cell is in an area."""
    return area.top <= place[0] <= area.bottom and area.left <= place[1] <= area.right


def places(area: Area) -> Iterator[Place]:
    """All cells of an area, row by row."""
    return ((row, column) for row in range(area.top, area.bottom + 1) for column in range(area.left, area.right + 1))


def reference(place: Place) -> str:
    """`B3`."""
    return f"{letters(place[1])}{place[0]}"


def read_cells(entry: SheetEntry, part: XmlPart, names: Names) -> SheetCells:
    """The cells of a sheet. Raises UnreadableSheet when there are too many, or when they cannot be made out."""
    sheet = SheetCells(entry, part)
    data = part.root.child("sheetData")
    try:
        for row, place, element in _walk(data.all("row") if data is not None else []):
            sheet.rows[place[0]] = row
            if element is None:
                continue
            if place[0] < 1:
                raise ValueError(place)
            if place in sheet.cells or len(sheet.cells) >= MOST_CELLS:
                raise UnreadableSheet(_too_many(entry, len(sheet.cells)))
            sheet.cells[place] = element
            found = _formula(part, place, element)
            if found is not None:
                sheet.formulas[place] = found
    except ValueError:
        raise UnreadableSheet(f"bladet {entry.name} är skadat: dess celler står inte som de ska.") from None
    _expand_shared(sheet, names)
    return sheet


def _too_many(entry: SheetEntry, count: int) -> str:
    if count >= MOST_CELLS:
        return f"bladet {entry.name} har fler än {MOST_CELLS} celler. Räkna om stora blad med fardkost recalc."
    return f"bladet {entry.name} är skadat: samma cell står två gånger."


def _walk(rows: list[Element]) -> Iterator[tuple[Element, Place, Element | None]]:
    """Rows with their cells; a row without cells once, with none."""
    number = 0
    for row in rows:
        number = int(row.attributes["r"]) if "r" in row.attributes else number + 1
        yield row, (number, -1), None
        column = -1
        for element in row.all("c"):
            stated = element.attributes.get("r")
            column = cell(stated)[1] if stated is not None else column + 1
            yield row, (number, column), element


def _formula(part: XmlPart, place: Place, element: Element) -> FormulaCell | None:
    formula = element.child("f")
    if formula is None:
        return None
    kind = formula.attributes.get("t", "normal")
    if kind == "dataTable":
        return None
    here = Area(place[0], place[1], place[0], place[1])
    written = text_of(part, formula).removeprefix("=")
    text = one_line(written)
    if kind == "array":
        spills = element.attributes.get("cm", "0") != "0"
        area = Area.parse(formula.attributes.get("ref") or reference(place))
        return FormulaCell(place, element, formula, text, "dynamic" if spills else "array", area, False, written)
    if kind == "shared":
        group = formula.attributes.get("si", "")
        return FormulaCell(place, element, formula, text, "shared", here, False, written, group=group)
    return FormulaCell(place, element, formula, text, "plain", here, False, written)


def _expand_shared(sheet: SheetCells, names: Names) -> None:
    """Give each cell of a shared formula its own text, and find the cells that call the functions."""
    masters: dict[str, FormulaCell] = {}
    for one in sheet.formulas.values():
        if one.kind == "shared":
            if one.text:
                masters[one.group] = one
            elif one.group in masters:
                master = masters[one.group]
                one.text = moved(master.text, reference(master.place), reference(one.place))
        one.own = bool(own_calls(one.text, names))


def text_of(part: XmlPart, element: Element) -> str:
    """An element's own text."""
    return unescape(part.inside(element).decode("utf-8", "replace"))


def shown_text(part: XmlPart, element: Element) -> str:
    """The text of a cell that has it within itself (`is`), of all its runs."""
    pieces: list[str] = []
    for one in element.children:
        if one.name == "t":
            pieces.append(text_of(part, one))
        elif one.name == "r":
            pieces += [text_of(part, run) for run in one.all("t")]
    return "".join(pieces)
