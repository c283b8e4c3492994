"""The worksheet functions as the engine calls them: values and errors there and back, and what each call answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Final, cast

from core.engine import CellError
from core.engine.columns import ErrorCode
from xlsx.forms.formulas import OMITTED

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
_HOLDS: Final = "Cellen innehåller felet {}."

Value = float | str | bool | CellError | None
Functions = Mapping[str, Callable[..., Any]]


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


def fitted(rows: float, columns: float, value: Any = None) -> Any:
    """An answer cut, repeated or filled with #N/A, as Excel fits it into an array formula's area."""
    table = [["" if one is None else one for one in row] for row in value] if isinstance(value, list) else [[value]]
    high, wide = len(table), len(table[0])

    def at(row: int, column: int) -> Any:
        row, column = 0 if high == 1 else row, 0 if wide == 1 else column
        return table[row][column] if row < high and column < wide else {"type": "Error", "kind": "Na"}

    made = [[at(row, column) for column in range(int(columns))] for row in range(int(rows))]
    return made[0][0] if len(made) == len(made[0]) == 1 else made


def value_of(raw: Any) -> Value:
    """A value as the engine gives it."""
    if isinstance(raw, dict):
        return CellError(CODES.get(str(raw.get("kind")), "#VALUE!"), "")
    if isinstance(raw, float) and not isfinite(raw):
        return CellError("#NUM!", "")
    return cast(Value, raw)
