"""New values put into the cells of a workbook; formulas, formats and all that is not a changed value stay as bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from core.engine import CellError
from xlsx.forms.evaluation.calls import Value
from xlsx.forms.evaluation.engine import Answer
from xlsx.forms.formulas.sheet import FormulaCell, Place, SheetCells, contains, reference, shown_text, text_of
from xlsx.patch.cells import text_xml
from xlsx.patch.references import Area
from xlsx.patch.xmlpart import Element

_EXACT: Final = 1e15
"""From there on a whole number is written as the float it is."""
_KEPT: Final = ("aca", "ca")
"""Attributes of a formula that say when it is calculated."""
_OURS: Final = ("r", "t", "vm")
"""Attributes of a cell that follow its value; `vm` is about the old one."""


@dataclass
class SheetPatch:
    """The changes to one sheet's cells."""

    sheet: SheetCells
    values: dict[Place, Value] = field(default_factory=dict)
    """What cells are to show; those not named here stay as they are."""
    emptied: set[Place] = field(default_factory=set)
    constants: set[Place] = field(default_factory=set)
    """Those of the values that no formula gives."""
    formulas: dict[Place, str] = field(default_factory=dict)
    """Formula elements that take the place of old ones."""
    cm: dict[Place, str] = field(default_factory=dict)
    """The attribute `cm` of cells that did not have it."""

    def answer(self, cell: FormulaCell, answer: Answer) -> None:
        """Put a formula's answer into its cell and those that it spills over."""
        for row, line in enumerate(answer.values):
            for column, value in enumerate(line):
                self.values[answer.area.top + row, answer.area.left + column] = value
        if cell.kind in ("dynamic", "array") and cell.area != answer.area:
            for place in self.sheet.cells_in(cell.area):
                if place not in self.sheet.formulas and not contains(answer.area, place):
                    self.emptied.add(place)

    def write(self) -> None:
        """Make the changes in the sheet's part."""
        new: dict[int, list[tuple[int, bytes]]] = {}
        for place in sorted(self.emptied - set(self.values)):
            element = self.sheet.cells[place]
            self._replace(element, self._empty(place, element))
        for place, value in sorted(self.values.items()):
            existing = self.sheet.cells.get(place)
            if existing is not None:
                if not self._same(place, existing, value):
                    self._replace(existing, self._cell(place, existing, value))
            elif value is not None:
                new.setdefault(place[0], []).append((place[1], self._cell(place, None, value)))
        for place in sorted(set(self.formulas) - set(self.values)):
            # The value stays as it is.
            self.sheet.part.replace(self.sheet.formulas[place].formula, self.formulas[place].encode())
        for row, cells in sorted(new.items()):
            self._insert(row, cells)
        if new:
            self._widen_dimension([(row, column) for row, cells in new.items() for column, _ in cells])

    def _replace(self, element: Element, xml: bytes) -> None:
        if self.sheet.part.raw(element) != xml:
            self.sheet.part.replace(element, xml)

    def _same(self, place: Place, element: Element, value: Value) -> bool:
        """Whether a cell holds the value already, and its formula stays."""
        if place in self.formulas or place in self.cm:
            return False
        kind, inside = element.attributes.get("t", "n"), element.child("v")
        if kind in ("s", "inlineStr"):
            inline = element.child("is")
            return kind == "inlineStr" and inline is not None and shown_text(self.sheet.part, inline) == value
        if inside is None:
            return False
        text = text_of(self.sheet.part, inside)
        if isinstance(value, bool):
            return kind == "b" and text == str(int(value))
        if isinstance(value, int | float):
            return kind == "n" and _number(text) == value
        if isinstance(value, CellError):
            return kind == "e" and text == value.code
        return kind == "str" and text == value

    def _cell(self, place: Place, element: Element | None, value: Value) -> bytes:
        prefix = self._prefix()
        kind, content = _written(value)
        if place in self.constants and isinstance(value, str):
            kind = "inlineStr"
        attributes = {"r": reference(place)}
        formula = b""
        if element is not None:
            attributes |= {name: text for name, text in element.attributes.items() if " " not in name}
            for name in ("t", "vm"):
                attributes.pop(name, None)
            old = element.child("f")
            formula = self.sheet.part.raw(old) if old is not None else b""
        if place in self.formulas:
            formula = self.formulas[place].encode()
        if place in self.cm:
            attributes["cm"] = self.cm[place]
        if kind:
            attributes["t"] = kind
        told = " ".join(f"{name}={quoteattr(text)}" for name, text in sorted(attributes.items(), key=_order)).encode()
        shown = b"<%bv>%b</%bv>" % (prefix, content, prefix) if value is not None else b""
        if kind == "inlineStr":
            shown = b'<%bis><%bt xml:space="preserve">%b</%bt></%bis>' % (prefix, prefix, content, prefix, prefix)
        return b"<%bc %b>%b%b</%bc>" % (prefix, told, formula, shown, prefix)

    def _empty(self, place: Place, element: Element) -> bytes:
        kept = {name: text for name, text in element.attributes.items() if " " not in name and name not in _OURS}
        kept.pop("cm", None)
        if not kept:
            return b""
        told = "".join(f" {name}={quoteattr(text)}" for name, text in kept.items())
        return b'<%bc r="%b"%b/>' % (self._prefix(), reference(place).encode(), told.encode())

    def _insert(self, row: int, cells: list[tuple[int, bytes]]) -> None:
        """New cells of a row, each at its place among those that are there."""
        part, prefix = self.sheet.part, self._prefix()
        element = self.sheet.rows.get(row)
        if element is None:
            joined = b"".join(xml for _, xml in cells)
            self._insert_row(row, b'<%brow r="%d">%b</%brow>' % (prefix, row, joined, prefix))
            return
        there = sorted((place[1], one) for place, one in self.sheet.cells.items() if place[0] == row)
        for column, xml in cells:
            after = next((one for known, one in there if known > column), None)
            if after is None:
                part.append(element, xml)
            else:
                part.insert(after.start, xml)
        spans = element.attributes.get("spans", "")
        first, _, last = spans.partition(":")
        if first.isdigit() and last.isdigit():
            columns = [column + 1 for column, _ in cells]
            part.set(element, "spans", f"{min(int(first), *columns)}:{max(int(last), *columns)}")

    def _insert_row(self, row: int, xml: bytes) -> None:
        part = self.sheet.part
        after = min((number for number in self.sheet.rows if number > row), default=None)
        if after is not None:
            part.insert(self.sheet.rows[after].start, xml)
            return
        data = part.root.child("sheetData")
        assert data is not None
        part.append(data, xml)

    def _widen_dimension(self, new: list[Place]) -> None:
        dimension = self.sheet.part.root.child("dimension")
        if dimension is None:
            return
        rows, columns = [row for row, _ in new], [column for _, column in new]
        area = Area(min(rows), min(columns), max(rows), max(columns))
        try:
            area = area.union(Area.parse(dimension.attributes.get("ref", "")))
        except ValueError:
            return
        if str(area) != dimension.attributes.get("ref"):
            self.sheet.part.set(dimension, "ref", str(area))

    def _prefix(self) -> bytes:
        data = self.sheet.part.root.child("sheetData")
        assert data is not None
        return self.sheet.part.prefix(data)


def stored(sheet: SheetCells, cell: FormulaCell, area: Area) -> str:
    """A cell's formula as an element; area: the cells that an array fills."""
    prefix = sheet.part.prefix(cell.formula).decode()
    told = {name: text for name, text in cell.formula.attributes.items() if name in _KEPT}
    if cell.kind in ("dynamic", "array"):
        told = {"t": "array", **told, "ref": str(area)}
    shown = "".join(f" {name}={quoteattr(value)}" for name, value in told.items())
    return f"<{prefix}f{shown}>{escape(cell.written or cell.text)}</{prefix}f>"


def _order(attribute: tuple[str, str]) -> int:
    """As Excel orders a cell's attributes."""
    known = ("r", "s", "t", "cm", "vm", "ph")
    return known.index(attribute[0]) if attribute[0] in known else len(known)


def _written(value: Value) -> tuple[str, bytes]:
    """A value's type and content as a cell holds them."""
    if isinstance(value, bool):
        return "b", b"%d" % value
    if isinstance(value, int | float):
        number = float(value)
        return "", repr(int(number) if number.is_integer() and abs(number) < _EXACT else number).encode()
    if isinstance(value, CellError):
        return "e", value.code.encode()
    return ("str", text_xml(value)) if value is not None else ("", b"")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
