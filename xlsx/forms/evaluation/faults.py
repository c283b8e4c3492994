"""Which formula cells are in error, and where the error begins: cells that only refer to one in error are left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.engine import CellError
from xlsx.forms.evaluation.calls import Value, passed_on
from xlsx.forms.evaluation.engine import Answer
from xlsx.forms.formulas.references import Areas, referenced
from xlsx.forms.formulas.sheet import FormulaCell, Place, SheetCells, contains, reference, text_of

_SENTENCES: Final = {
    "#NULL!": "Områdena i formeln har ingen cell gemensamt.",
    "#DIV/0!": "Formeln delar med noll.",
    "#VALUE!": "Ett värde i formeln är av fel slag, till exempel text i stället för ett tal.",
    "#REF!": "Formeln pekar på celler eller blad som inte finns längre.",
    "#NAME?": "Formeln har ett namn eller en funktion som inte finns.",
    "#NUM!": "Formeln ger ett tal som är omöjligt.",
    "#N/A": "Ett värde saknas eller hittas inte.",
}
_TROUBLES: Final = {
    "Spill": "Svaret får inte plats: det står något i cellerna under eller till höger. Ta bort det.",
    "Circ": "Formeln beror på sitt eget svar.",
}
_TYPED: Final = "Cellen har felvärdet {} i stället för ett värde."


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell in error: where, Excel's code, and what is wrong in Swedish.

    shown: where the user meets it (`Sammanställning!C4`), when the cell's own sheet is hidden.
    """

    sheet: str
    cell: str
    code: str
    message: str
    shown: str = ""

    @property
    def where(self) -> str:
        """The place to be told, `Resa!B4`."""
        return self.shown or f"{self.sheet}!{self.cell}"


class Faults:
    """Finds the errors among a workbook's answers."""

    def __init__(self, sheets: Sequence[SheetCells], answers: Mapping[tuple[str, Place], Answer], names: Areas) -> None:
        self.sheets, self.answers, self.names = sheets, answers, names
        self.wrong: dict[str, dict[Place, CellError]] = {sheet.name: dict(_typed(sheet)) for sheet in sheets}
        self.typed = {sheet: set(wrong) for sheet, wrong in self.wrong.items()}
        for (sheet, _), answer in answers.items():
            self.wrong[sheet] |= {place: one for place, one in cells(answer) if isinstance(one, CellError)}

    def found(self) -> list[CellFault]:
        """The errors by sheet and cell."""
        made = []
        for sheet in self.sheets:
            for place in sorted(self.typed[sheet.name]):
                if place not in sheet.formulas:
                    error = self.wrong[sheet.name][place]
                    made.append(self._fault(sheet, place, error.code, _TYPED.format(error.code)))
            for cell in sheet.formulas.values():
                answer = self.answers.get((sheet.name, cell.place))
                if answer is not None:
                    made += self._of_cell(sheet, cell, answer)
        return made

    def _of_cell(self, sheet: SheetCells, cell: FormulaCell, answer: Answer) -> Iterator[CellFault]:
        wrong = [(place, one) for place, one in cells(answer) if isinstance(one, CellError)]
        if not wrong:
            return
        inherited: bool | None = None
        told: set[str] = set()
        for place, error in wrong:
            if passed_on(error) or not error.message:
                if inherited is None:
                    inherited = answer.trouble not in _TROUBLES and self.inherits(sheet, cell, answer)
                if inherited:
                    continue
            message = error.message or _TROUBLES.get(answer.trouble) or _SENTENCES[error.code]
            if error.message and not passed_on(error):
                yield self._fault(sheet, place, error.code, message)
            elif message not in told:
                told.add(message)
                yield self._fault(sheet, place, error.code, message)

    def inherits(self, sheet: SheetCells, cell: FormulaCell, answer: Answer) -> bool:
        """Whether a formula refers to a cell in error, other than those it fills itself."""
        for name, area in referenced(cell.text, sheet.name, self.names):
            known = next((one for one in self.wrong if one.casefold() == name.casefold()), "")
            for place in self.wrong.get(known, ()):
                own = known == sheet.name and contains(answer.area, place)
                if contains(area, place) and not own:
                    return True
        return False

    def _fault(self, sheet: SheetCells, place: Place, code: str, message: str) -> CellFault:
        shown = self._shown(sheet, place) if sheet.hidden else ""
        return CellFault(sheet.name, reference(place), code, message, shown)

    def _shown(self, hidden: SheetCells, place: Place) -> str:
        """The first visible cell that refers to a hidden one; nothing when there is none."""
        for sheet in self.sheets:
            if sheet.hidden:
                continue
            for cell in sheet.formulas.values():
                if hidden.name.casefold() not in cell.text.casefold():
                    continue
                areas = referenced(cell.text, sheet.name, self.names)
                if any(name.casefold() == hidden.name.casefold() and contains(area, place) for name, area in areas):
                    return f"{sheet.name}!{reference(cell.place)}"
        return ""


def cells(answer: Answer) -> Iterator[tuple[Place, Value]]:
    """The cells that an answer fills, with their values."""
    for row, line in enumerate(answer.values, answer.area.top):
        for column, value in enumerate(line, answer.area.left):
            yield (row, column), value


def _typed(sheet: SheetCells) -> Iterator[tuple[Place, CellError]]:
    """Cells without formula that hold an error."""
    covered = sheet.children
    for place, element in sheet.cells.items():
        if element.attributes.get("t") == "e" and place not in sheet.formulas and place not in covered:
            value = element.child("v")
            code = text_of(sheet.part, value) if value is not None else "#VALUE!"
            yield place, CellError(code if code in _SENTENCES else "#VALUE!", "")  # type: ignore[arg-type]
