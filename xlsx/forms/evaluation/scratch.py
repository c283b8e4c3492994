"""A workbook as the engine gets it: cells, formulas and names, made anew whatever the file is like otherwise."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from xlsx.forms.evaluation.calls import Value
from xlsx.forms.formulas import Names, for_engine
from xlsx.forms.formulas.references import refers_outside
from xlsx.forms.formulas.sheet import FormulaCell, Place, SheetCells, reference, shown_text, text_of
from xlsx.patch.package import Package
from xlsx.patch.workbook import Workbook, defined_names
from xlsx.patch.xmlpart import XmlPart

PREFIX: Final = "FARDKOST_"
"""Before the functions' names in the formulas that the engine gets."""

FITTED: Final = "FARDKOSTOMRADE"
"""Fits an answer into the fixed area of an older array formula, or into the one cell of a plain formula."""

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EMPTY: Final = f'<worksheet xmlns="{_MAIN}"><sheetData/></worksheet>'
_TYPES: Final = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)
_RELATIONS: Final = f'<Relationships xmlns="{_PACKAGE}/relationships">{{}}</Relationships>'
_WORKBOOK: Final = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><sheets>{{}}</sheets>{{}}</workbook>'
_FIRST: Final = "Sheet1"


@dataclass
class Scratch:
    """What the engine's workbook is made of.

    name_formulas: what defined names with calls stand for, in small letters; changed: cells with new values;
    kept: formula cells that stand with the values they were saved with.
    """

    package: Package
    workbook: Workbook
    sheets: Sequence[SheetCells]
    names: Names
    name_formulas: Mapping[str, str]
    changed: Mapping[tuple[str, Place], Value]
    kept: set[tuple[str, Place]]

    def content(self) -> bytes:
        """The bytes of the workbook."""
        known = {sheet.name: sheet for sheet in self.sheets}
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
            entries, relations, types = [], [], []
            for number, entry in enumerate(self.workbook.sheets, 1):
                # Sheets of other kinds are there, empty, since names count the sheets.
                sheet = known.get(entry.name)
                archive.writestr(f"xl/worksheets/sheet{number}.xml", _EMPTY if sheet is None else self._sheet(sheet))
                entries.append(
                    f'<sheet name={quoteattr(called_there(entry.name))} sheetId="{number}" r:id="rId{number}"/>'
                )
                relations.append(_relation(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml"))
                types.append(_override(f"xl/worksheets/sheet{number}.xml", "worksheet"))
            types.append(_override("xl/workbook.xml", "sheet.main"))
            archive.writestr("[Content_Types].xml", _TYPES.format("".join(types)))
            archive.writestr("_rels/.rels", _RELATIONS.format(_relation("rId1", "officeDocument", "xl/workbook.xml")))
            archive.writestr("xl/_rels/workbook.xml.rels", _RELATIONS.format("".join(relations)))
            archive.writestr("xl/workbook.xml", _WORKBOOK.format("".join(entries), self._names()))
        return made.getvalue()

    def _names(self) -> str:
        """The defined names that formulas may use."""
        told = []
        for one in defined_names(self.workbook):
            if not one.name.startswith("_xlnm.") and one.text.strip() and not refers_outside(one.text):
                place = "" if one.place is None else f' localSheetId="{one.place}"'
                told.append(f"<definedName name={quoteattr(one.name)}{place}>{escape(one.text)}</definedName>")
        return f"<definedNames>{''.join(told)}</definedNames>" if told else ""

    def _sheet(self, sheet: SheetCells) -> bytes:
        covered = sheet.children
        rows: dict[int, list[tuple[int, str]]] = {}
        for place, element in sheet.cells.items():
            if place in covered and (sheet.name, covered[place].place) not in self.kept:
                continue
            xml = self._cell(sheet, place, element)
            if xml:
                rows.setdefault(place[0], []).append((place[1], xml))
        for (name, place), value in self.changed.items():
            if name == sheet.name and place not in sheet.cells:
                rows.setdefault(place[0], []).append((place[1], _constant(place, value)))
        lines = (
            f'<row r="{row}">{"".join(xml for _, xml in sorted(cells))}</row>' for row, cells in sorted(rows.items())
        )
        return f'<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'.encode()

    def _cell(self, sheet: SheetCells, place: Place, element: Any) -> str:
        if (sheet.name, place) in self.changed:
            return _constant(place, self.changed[sheet.name, place])
        formula = sheet.formulas.get(place)
        if formula is not None and (sheet.name, place) not in self.kept:
            return f'<c r="{reference(place)}"><f>{escape(self._formula(formula))}</f></c>'
        return self._saved(sheet, place, element)

    def _saved(self, sheet: SheetCells, place: Place, element: Any) -> str:
        """A cell with the value that it was saved with."""
        kind = element.attributes.get("t", "n")
        inline, value = element.child("is"), element.child("v")
        if kind == "inlineStr" and inline is not None:
            return _constant(place, shown_text(sheet.part, inline))
        if value is None:
            return ""
        text = text_of(sheet.part, value)
        if kind == "s":
            # Put in as texts: the engine does not read texts with reading aids for Japanese.
            shared = self.texts
            return _constant(place, shared[int(text)] if text.isdecimal() and int(text) < len(shared) else "")
        return f'<c r="{reference(place)}" t="{kind}"><v>{escape(text)}</v></c>'

    @cached_property
    def texts(self) -> list[str]:
        """The texts that cells name by number."""
        name = self.workbook.related("sharedStrings")
        if name is None or name not in self.package:
            return []
        part = XmlPart(self.package.read(name), name)
        return [shown_text(part, one) for one in part.root.all("si")]

    def _formula(self, cell: FormulaCell) -> str:
        text = cell.text
        if cell.own or self.name_formulas:
            text = for_engine(text, cell.number, self.names, self.name_formulas, PREFIX)
        if cell.kind == "array" or (cell.own and cell.kind != "dynamic"):
            high, wide = cell.area.bottom - cell.area.top + 1, cell.area.right - cell.area.left + 1
            text = f"{FITTED}({high},{wide},{text})"
        return text


def _relation(number: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{number}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{_KIND}.{kind}+xml"/>'


def called_there(sheet: str) -> str:
    """A sheet's name in the engine, which has one of its own that it takes for another than `sheet1`."""
    return _FIRST if sheet.casefold() == _FIRST.casefold() else sheet


def _constant(place: Place, value: Value) -> str:
    """A cell with a value of its own."""
    at = reference(place)
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value!r}</v></c>'
    return f'<c r="{at}" t="str"><v>{escape(str(value))}</v></c>' if value is not None else ""
