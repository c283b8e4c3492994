"""A workbook's formulas computed by an engine that has Färdkost's functions plugged in.

The engine is handed the workbook less what it does not need: no formats, so that dates are numbers as they are to
Excel's functions, and no old answers in the cells that formulas spill over. Each call of a function carries the
number of its cell, so that a function's own sentence about what is wrong can be told with the cell it is wrong in.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, Final, cast
from xml.sax.saxutils import escape, quoteattr

import formualizer

from core.engine import CellError
from core.engine.columns import ErrorCode
from xlsx.forms.formulas import OMITTED, Names, for_engine
from xlsx.forms.formulas_references import refers_outside
from xlsx.forms.formulas_sheet import FormulaCell, Place, SheetCells, reference, shown_text, text_of
from xlsx.patch.package import Package
from xlsx.patch.references import Area
from xlsx.patch.workbook import Workbook, defined_names
from xlsx.patch.xmlpart import XmlPart

PREFIX: Final = "FARDKOST_"
"""Before the functions' names in the formulas that the engine gets."""

FITTED: Final = "FARDKOSTOMRADE"
"""Fits an answer into the fixed area of an older array formula, or into the one cell of a plain formula."""

CODES: Final[Mapping[str, ErrorCode]] = {
    "Null": "#NULL!",
    "Ref": "#REF!",
    "Name": "#NAME?",
    "Value": "#VALUE!",
    "Div": "#DIV/0!",
    "Na": "#N/A",
    "Num": "#NUM!",
}
"""Excel's codes for the engine's kinds of errors; those that are newer than most programs are #VALUE!."""

_KINDS: Final = {code: kind for kind, code in CODES.items()}
_NOON: Final = 12
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
_HOLDS: Final = "Cellen innehåller felet {}."

Value = float | str | bool | CellError | None
Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a formula gave: the area it fills, its values by row, and the engine's word for what went wrong."""

    area: Area
    values: Sequence[Sequence[Value]]
    trouble: str = ""


@dataclass
class Calls:
    """The functions as the engine calls them, and what they answered by the number of the calling cell."""

    functions: Functions
    answers: dict[int, list[Any]] = field(default_factory=dict)

    def registered(self, name: str) -> Callable[..., Any]:
        """A function that takes the number of its cell first."""
        function = self.functions[name]

        def call(number: float, *arguments: Any) -> Any:
            try:
                answer = function(*map(_given, arguments))
            except Exception as problem:  # the engine would make an error without words of it
                kind = type(problem).__name__
                answer = CellError("#VALUE!", f"Ett fel i Färdkost: {name} gav inget svar ({kind}). Anmäl det.")
            table = as_rows(answer)
            self.answers.setdefault(int(number), []).append(table)
            return _handed(table)

        return call

    def error_at(self, number: int, row: int, column: int, code: str) -> CellError | None:
        """The functions' own words for the error of one cell of an answer."""
        found: CellError | None = None
        for table in reversed(self.answers.get(number, [])):
            inside = row < len(table) and column < len(table[row])
            if inside and isinstance(table[row][column], CellError):
                return cast(CellError, table[row][column])
            if found is None:
                cells = (one for line in table for one in line)
                found = next((one for one in cells if isinstance(one, CellError) and one.code == code), None)
        return found


def as_rows(answer: Any) -> list[list[Any]]:
    """What a function answered as rows of equal length, at least one cell; nothing is an empty text."""
    if not isinstance(answer, list | tuple):
        return [["" if answer is None else answer]]
    rows = [list(row) if isinstance(row, list | tuple) else [row] for row in answer]
    width = max(map(len, rows), default=0)
    if not width:
        return [[""]]
    return [["" if one is None else one for one in row] + [""] * (width - len(row)) for row in rows]


def _given(value: Any) -> Any:
    """An argument from the engine as the functions take it."""
    if isinstance(value, list):
        return [_given(one) for one in value]
    if isinstance(value, dict):
        code = CODES.get(str(value.get("kind")), "#VALUE!")
        return CellError(code, _HOLDS.format(code))
    return None if value == OMITTED else value


def passed_on(error: CellError) -> bool:
    """Whether an error only tells of another cell's."""
    return error.message.endswith(_HOLDS.format(error.code))


def _handed(table: Sequence[Sequence[Any]]) -> Any:
    """An answer as the engine takes it."""
    rows = [[_error(one) if isinstance(one, CellError) else one for one in row] for row in table]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def _error(error: CellError) -> dict[str, str]:
    return {"type": "Error", "kind": _KINDS[error.code], "message": error.message}


def _fitted(rows: float, columns: float, value: Any = None) -> Any:
    """An answer cut, repeated or filled with #N/A, as Excel fits it into an array formula's area."""
    table = [["" if one is None else one for one in row] for row in value] if isinstance(value, list) else [[value]]
    high, wide = len(table), len(table[0])

    def at(row: int, column: int) -> Any:
        row, column = 0 if high == 1 else row, 0 if wide == 1 else column
        return table[row][column] if row < high and column < wide else {"type": "Error", "kind": "Na"}

    made = [[at(row, column) for column in range(int(columns))] for row in range(int(rows))]
    return made[0][0] if len(made) == len(made[0]) == 1 else made


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
            book = formualizer.Workbook.from_bytes(self._workbook())
            book.set_temporal_egress("serial")
            for name in self.calls.functions:
                book.register_function(PREFIX + name, self.calls.registered(name), min_args=1, max_args=255)
            book.register_function(FITTED, _fitted, min_args=2, max_args=3)
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
        return _value(self.book.get_value(_called(sheet), place[0], place[1] + 1))

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
        raw = book.get_value(_called(sheet.name), row, column + 1)
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

    def _workbook(self) -> bytes:
        """The workbook as the engine gets it: sheets, texts and names, made anew whatever the file is like."""
        known = {sheet.name: sheet for sheet in self.sheets}
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
            entries, relations, types = [], [], []
            for number, entry in enumerate(self.workbook.sheets, 1):
                # Sheets of other kinds are there, empty, since names count the sheets.
                sheet = known.get(entry.name)
                archive.writestr(f"xl/worksheets/sheet{number}.xml", _EMPTY if sheet is None else self._sheet(sheet))
                entries.append(f'<sheet name={quoteattr(_called(entry.name))} sheetId="{number}" r:id="rId{number}"/>')
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
            shared = self._texts
            return _constant(place, shared[int(text)] if text.isdecimal() and int(text) < len(shared) else "")
        return f'<c r="{reference(place)}" t="{kind}"><v>{escape(text)}</v></c>'

    @cached_property
    def _texts(self) -> list[str]:
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
                    _called(sheet.name),
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


def _relation(number: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{number}" Type="{_OFFICE}/relationships/{kind}" Target="{target}"/>'


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{_KIND}.{kind}+xml"/>'


def _called(sheet: str) -> str:
    """A sheet's name in the engine, which has one of its own that it takes for another than `sheet1`."""
    return _FIRST if sheet.casefold() == _FIRST.casefold() else sheet


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"


def _value(raw: Any) -> Value:
    if isinstance(raw, dict):
        code = CODES.get(str(raw.get("kind")), "#VALUE!")
        return CellError(code, "")
    return cast(Value, raw)


def _constant(place: Place, value: Value) -> str:
    """A cell with a value of its own."""
    at = reference(place)
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value!r}</v></c>'
    return f'<c r="{at}" t="str"><v>{escape(str(value))}</v></c>' if value is not None else ""
