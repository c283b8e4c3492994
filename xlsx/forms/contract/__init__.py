"""A filled form against the template it was made from: what has been done to it that it was not made for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from core.vocabulary.parsed import quoted
from xlsx.forms.contract.formulas import same_formula
from xlsx.forms.contract.inputs import hidden_value, wrong_value
from xlsx.forms.contract.moves import find_sheets, moved_area, moves
from xlsx.forms.contract.shape import CellShape, Shape, SheetShape, read_shape
from xlsx.forms.formulas.sheet import Place, contains, places, reference
from xlsx.forms.setting import FormSetting
from xlsx.forms.templates import FORMS
from xlsx.forms.uppfoljning import Followup, write_uppfoljning
from xlsx.forms.uppfoljning.content import SPARE_UNITS
from xlsx.grid import letters
from xlsx.patch.references import Area

Grade = Literal["fel", "varning"]

MOST_LISTED: Final = 25
"""Departures of one kind that are told cell by cell; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Something in a form that is not as it was made. sheet, cell: where, empty for the whole workbook.

    grade: `fel` where figures may be wrong; `varning` where it is read in spite of it.
    """

    sheet: str
    cell: str
    text: str
    grade: Grade


def check_form(path: Path, setting: FormSetting) -> list[Departure]:
    """What has been done to a form that makes it something else than the template; nothing for other workbooks.

    The file is only read, and must have passed the guard. Raises Unpatchable when it cannot be read at all.
    """
    form = read_shape(path)
    kind = form.value("formular")
    if kind is None:
        lost = "formular" in form.names
        text = "Det går inte att se vilket formulär det är: cellen som säger det är borta. Börja om från en ny mall."
        return [Departure("", "", text, "fel")] if lost else []
    if kind not in FORMS:
        known = ", ".join(FORMS)
        return [Departure("", "", f'Formuläret "{kind}" är okänt. Kända formulär är {known}.', "fel")]
    return list(_Comparison(str(kind), _template(str(kind), setting, form), form).departures())


_GRADES: Final[tuple[Grade, ...]] = ("fel", "varning")
_Key = tuple[str, str, date, int, int, int]
_TEMPLATES: dict[_Key, Shape] = {}
_MOST_KEPT: Final = 8


def _template(kind: str, setting: FormSetting, form: Shape) -> Shape:
    """The form as it is built today; kept, since many forms of a kind are often checked together."""
    rows, units = _height(form, "data_avresa"), _height(form, "enheter_namn")
    key = (kind, setting.policy, setting.made, id(setting.law), rows, units)
    if key not in _TEMPLATES:
        if len(_TEMPLATES) >= _MOST_KEPT:
            _TEMPLATES.clear()
        with tempfile.TemporaryDirectory() as folder:
            skeleton = Path(folder) / "mall.xlsx"
            if kind == "uppfoljning":
                # It is written for as many trips and units as there are.
                blank = Followup(columns={"avresa": [None] * rows}, units=[""] * max(units - SPARE_UNITS, 0))
                write_uppfoljning(skeleton, setting, blank)
            else:
                FORMS[kind].write(skeleton, setting)
            _TEMPLATES[key] = read_shape(skeleton, inputs=True)
    return _TEMPLATES[key]


def _height(form: Shape, name: str) -> int:
    at = form.names.get(name)
    return 0 if at is None else at[1].bottom - at[1].top + 1


class _Comparison:
    def __init__(self, kind: str, template: Shape, form: Shape) -> None:
        self.template, self.form = template, form
        self.free = FORMS[kind].free
        self.sheets, self.copies = find_sheets(template, form)
        self.moved = {name: moves(template, form, name, now) for name, now in self.sheets.items()}
        self.same_version = form.value("mallversion") == template.value("mallversion")

    def departures(self) -> Iterator[Departure]:
        """All there are, the whole workbook's first."""
        if self._strange():
            text = (
                "Formuläret har gjorts om så mycket att det inte går att jämföra med mallen. Börja om från en ny mall."
            )
            yield Departure("", "", text, "fel")
            return
        if not self.same_version:
            yield self._version()
        if self.template.spills and not self.form.spills:
            text = (
                "Formuläret har sparats av ett annat program än Excel, som inte kan spara formler över flera celler. "
                "De räknas om här, men i Excel visar de bara sin första cell. Flytta uppgifterna till en ny mall."
            )
            yield Departure("", "", text, "varning")
        yield from self._sheets()
        if not self.free:
            yield from _shortened(list(self._names()), "")
        for name, now in self.sheets.items():
            sheet = self.template.sheets[name]
            found = list(self._inputs(sheet))
            if self.same_version and not self.free:
                found += [*([] if sheet.hidden else self._lines(sheet)), *self._formulas(sheet)]
            yield from _shortened(found, now)

    def _strange(self) -> bool:
        """Whether most of the fields are not there."""
        there = sum(self.form.names.get(name) is not None for name in self.template.names)
        return there < len(self.template.names) / 2

    def _version(self) -> Departure:
        own, now = self.form.value("mallversion"), self.template.value("mallversion")
        if isinstance(own, int | float) and own > now:
            text = (
                f"Formuläret är gjort med en nyare mall (version {own:g}) än den här versionen av Färdkost har "
                f"({now:g}). Uppdatera Färdkost, eller flytta uppgifterna till en mall som det har."
            )
            return Departure("", "", text, "fel")
        told = f"version {own:g}" if isinstance(own, int | float) else "version okänd"
        text = (
            f"Formuläret är gjort med en äldre mall ({told}; nu {now:g}). Fälten läses genom sina namn, men nya fält "
            "saknas. Flytta uppgifterna till en ny mall."
        )
        return Departure("", "", text, "varning")

    def _sheets(self) -> Iterator[Departure]:
        for name, sheet in self.template.sheets.items():
            now = self.sheets.get(name)
            if now is None and (sheet.taken or not self.free):
                yield Departure(name, "", f'Bladet "{name}" saknas. Hämta uppgifterna ur en sparad kopia.', "fel")
            elif now is not None and now != name:
                text = f'Bladet "{name}" har bytt namn till "{now}". Det läses ändå.'
                yield Departure(now, "", text, "varning")
        for copy, name in self.copies.items():
            text = f'Bladet är en kopia av "{name}" och räknas inte. En resa per fil: spara filen under ett nytt namn.'
            yield Departure(copy, "", text, "varning")

    def _names(self) -> Iterator[Departure]:
        for name, at in self.template.names.items():
            if at is None or at[0] not in self.sheets or (name not in self.form.names and not self.same_version):
                continue
            place = f"{reference((at[1].top, at[1].left))} i mallen"
            if name not in self.form.names:
                text = f"Namnet {name} ({place}) är borttaget, så det kan inte läsas. Börja om från en ny mall."
            elif self.form.names[name] is None:
                text = f"Fältet {name} ({place}) är borttaget med sin rad eller kolumn. Börja om från en ny mall."
            else:
                continue
            yield Departure(self.sheets[at[0]], "", text, "fel")

    def _inputs(self, sheet: SheetShape) -> Iterator[Departure]:
        """Inputs whose values are not of the kind that they take, or cannot be seen, or be changed any more."""
        locked = []
        for place, origin in self._places(sheet):
            cell, template = self.form.sheets[place[0]].cells.get(place[1]), sheet.cells[origin]
            if cell is None:
                continue
            wrong = "" if cell.formula is not None else wrong_value(cell.value, sheet.taken[origin])
            if wrong:
                yield Departure(place[0], reference(place[1]), wrong, "fel")
            elif hidden := hidden_value(cell, template):
                yield Departure(place[0], reference(place[1]), hidden, "varning")
            if cell.locked:
                locked.append(place)
        for area in _areas(one for name, one in locked if name == self.sheets[sheet.name]):
            text = "Ett klistrat format har låst cellen, så att den inte går att ändra. Klistra in som värden."
            yield Departure(self.sheets[sheet.name], str(area), text, "varning")

    def _places(self, sheet: SheetShape) -> Iterator[tuple[tuple[str, Place], Place]]:
        """Where each input of the template is in the form: by its name, else by how rows and columns have moved."""
        done = set()
        for name, area in self.template.names_on(sheet.name).items():
            at = self.form.names.get(name)
            if at is None or at[0] not in self.form.sheets or (area.top, area.left) not in sheet.taken:
                continue
            done |= set(places(area))
            for row, column in places(at[1]):
                # Rows that an area has grown by take what its last row takes.
                down, right = (
                    min(row - at[1].top, area.bottom - area.top),
                    min(column - at[1].left, area.right - area.left),
                )
                origin = (area.top + down, area.left + right)
                if origin in sheet.taken:
                    yield (at[0], (row, column)), origin
        moved = self.moved[sheet.name]
        for origin in sheet.taken:
            at_row, at_column = moved.rows.at(origin[0]), moved.columns.at(origin[1])
            if origin not in done and at_row is not None and at_column is not None:
                yield (moved.name, (at_row, at_column)), origin

    def _lines(self, sheet: SheetShape) -> Iterator[Departure]:
        """Rows and columns that have come or gone, and cells that were merged."""
        moved = self.moved[sheet.name]
        tables = [area for area in self.template.names_on(sheet.name).values() if area.bottom > area.top]
        for axis, line in enumerate((moved.rows, moved.columns)):
            stretches = [(one.top, one.bottom) if axis == 0 else (one.left, one.right) for one in tables]
            now = [stretch for one in stretches if (stretch := line.span(*one)) is not None]
            for numbers in _runs(line.inserted):
                inside = any(first < numbers[0] <= last for first, last in now)
                place = reference((numbers[0], 0) if axis == 0 else (1, numbers[0]))
                text = f"{_named(numbers, axis)} är infogad{_INSIDE if inside else _OUTSIDE}"
                yield Departure(moved.name, place, text, "fel" if inside else "varning")
            for numbers in _runs(line.gone):
                inside = any(first <= numbers[-1] and numbers[0] <= last for first, last in stretches)
                text = f"{_named(numbers, axis)} i mallen är borttagen{_CUT if inside else _OUTSIDE}"
                yield Departure(moved.name, "", text, "fel" if inside else "varning")
        now_sheet = self.form.sheets[moved.name]
        expected = {str(area) for one in sheet.merged if (area := moved_area(one, moved)) is not None}
        inputs = {place for (name, place), _ in self._places(sheet) if name == moved.name}
        for area in now_sheet.merged:
            if str(area) not in expected and any(contains(area, place) for place in inputs):
                text = "Cellerna är sammanslagna, och bara den första läses. Dela dem."
                yield Departure(moved.name, str(area), text, "fel")

    def _formulas(self, sheet: SheetShape) -> Iterator[Departure]:
        """Formulas that were written over, taken away or changed."""
        moved = self.moved[sheet.name]
        now = self.form.sheets[moved.name]
        for origin, template in sheet.cells.items():
            row, column = moved.rows.at(origin[0]), moved.columns.at(origin[1])
            if template.formula is None or row is None or column is None:
                continue
            cell = now.cells.get((row, column))
            wrong = self._wrong_formula(template.formula, cell, sheet.name)
            if wrong:
                yield Departure(moved.name, reference((row, column)), f"{wrong} Kopiera cellen från en ny mall.", "fel")
            elif cell is not None and (hidden := hidden_value(cell, template)):
                yield Departure(moved.name, reference((row, column)), hidden, "varning")

    def _wrong_formula(self, template: str, cell: CellShape | None, sheet: str) -> str:
        if cell is None or (cell.formula is None and cell.value is None):
            return "Formeln är borttagen."
        if cell.formula is None:
            return f"Cellen räknas ut av formuläret, men innehåller {quoted(str(cell.value))}. Skriv inte i den."
        return "" if same_formula(template, cell.formula, sheet, self.moved) else "Formeln är ändrad."


_INSIDE: Final = " i en tabell, som räknas rad för rad. Töm det som infogats och ta bort det igen."
_CUT: Final = " ur en tabell, som räknas rad för rad. Flytta uppgifterna till en ny mall."
_OUTSIDE: Final = ". Fälten läses ändå."


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers that follow on each other, together."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _named(numbers: Sequence[int], axis: int) -> str:
    """`Rad 7` or `Kolumn C–D`."""
    first, last = ((str(one) if axis == 0 else letters(one)) for one in (numbers[0], numbers[-1]))
    return f"{'Rad' if axis == 0 else 'Kolumn'} {first if first == last else f'{first}–{last}'}"


def _areas(cells: Iterable[Place]) -> list[Area]:
    """Cells as few areas, each a stretch of a column."""
    found: list[Area] = []
    for row, column in sorted(cells, key=lambda place: (place[1], place[0])):
        last = found[-1] if found else None
        if last is not None and last.left == column and last.bottom == row - 1:
            found[-1] = Area(last.top, column, row, column)
        else:
            found.append(Area(row, column, row, column))
    return found


def _shortened(found: Sequence[Departure], sheet: str) -> Iterator[Departure]:
    """The first departures of each grade, and how many more there are."""
    for grade in _GRADES:
        these = [one for one in found if one.grade == grade]
        yield from these[:MOST_LISTED]
        if len(these) > MOST_LISTED:
            text = f"… och {len(these) - MOST_LISTED} celler till på samma sätt."
            yield Departure(sheet, these[MOST_LISTED].cell, text, grade)
