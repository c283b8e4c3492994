"""The worksheet functions for Excel on Windows through the xlwings add-in (COM, without a server).

Set `UDF_MODULES` to `udfs.excel_com` in the add-in and import the functions. On other systems the module holds
the same functions unmarked. xlwings finds what it imports as attributes of this module.

Excel cannot be given a real error value this way: pywin32 sends every VT_ERROR as "argument missing". A failed
call is therefore a text that begins with Excel's Swedish code, `#VÄRDEFEL! Hemkomsten ligger före avresan.`
Calculating on with it gives an error; a sum over a range passes it by, as it does any text.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any, Final

import xlwings
from xlwings.conversion import Accessor, Pipeline

from core.engine import CellError
from udfs import functions  # noqa: F401  # registers the functions
from udfs.calculation import Answer
from udfs.coerce import is_range
from udfs.registry import FUNCTIONS, Function

CATEGORY: Final = "Färdkost: {}"
"""Heading in Excel's list of functions."""

ERROR_NUMBERS: Final = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
}
"""How COM hands over error cells: as integers, while every number of a cell is a float."""

_FIRST_ERROR, _LAST_ERROR = -2146826288, -2146826188
"""Excel keeps this span for error values; newer ones, such as a blocked spill, have numbers of their own."""

SWEDISH: Final = {
    "#NULL!": "#SKÄRNING!",
    "#DIV/0!": "#DIVISION/0!",
    "#VALUE!": "#VÄRDEFEL!",
    "#REF!": "#REFERENS!",
    "#NAME?": "#NAMN?",
    "#NUM!": "#OGILTIGT!",
    "#N/A": "#SAKNAS!",
}
"""Excel's error values as its Swedish version writes them."""

_ENGLISH: Final = {swedish: code for code, swedish in SWEDISH.items()}

_log = logging.getLogger(__name__)


class Cells(Accessor):
    """How xlwings reads an argument: dates as serial numbers and errors as errors, as every other host gives them."""

    @classmethod
    def reader(cls, options: Any) -> Any:
        """The steps by which xlwings reads one argument."""
        return Pipeline([_read])


def _read(context: Any) -> None:
    value = context.value
    if context.range is not None:
        area = context.range.api
        # Value2 of several areas is the first of them; the others would be left out of a sum without a word.
        if area.Areas.Count > 1:
            context.value = CellError("#VALUE!", "Ange ett sammanhängande område i stället för flera.")
            return
        value = area.Value2
    context.value = from_excel(value)


def from_excel(value: Any) -> Any:
    """What COM handed over as the functions take it: error numbers, and the texts of `to_excel`, as CellErrors.

    `value` is a cell, or a range as a sequence of rows.
    """
    if is_range(value):
        return [from_excel(part) for part in value]
    if type(value) is int and _FIRST_ERROR <= value <= _LAST_ERROR:
        return _cell_error(ERROR_NUMBERS.get(value, "#VALUE!"))
    if isinstance(value, str) and value.startswith("#"):
        code, _, message = value.partition(" ")
        if code in _ENGLISH:
            return _cell_error(_ENGLISH[code], message)
    return value


def _cell_error(code: Any, message: str = "") -> CellError:
    return CellError(code, message)


def to_excel(answer: Answer) -> Any:
    """An answer as Excel can show it: each CellError as a text of its Swedish code and its message."""
    if isinstance(answer, CellError):
        return f"{SWEDISH.get(answer.code, answer.code)} {answer.message}".rstrip()
    if is_range(answer):
        return [to_excel(part) for part in answer]
    return answer


def for_excel(function: Function) -> Callable[..., Any]:
    """One function as xlwings imports it: its arguments by name, optional ones optional, and their descriptions."""

    def call(*arguments: Any) -> Any:
        try:
            answer = function.call(*arguments)
        except Exception:
            # xlwings would put the text of the exception in the cell.
            _log.exception("%s", function.name)
            answer = CellError("#VALUE!", f"Ett fel i Färdkost: {function.name} gav inget svar. Anmäl det.")
        return to_excel(answer)

    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.summary
    call.__annotations__ = {}
    call.__signature__ = _signature(function)  # type: ignore[attr-defined]
    marked: Callable[..., Any] = call
    for parameter in function.parameters:
        marked = xlwings.arg(parameter.name, Cells, doc=parameter.argument.description)(marked)
    # Last, since each of the others sets the category back to that of xlwings.
    return xlwings.func(category=CATEGORY.format(function.category))(marked)


def _signature(function: Function) -> inspect.Signature:
    kind = inspect.Parameter
    parameters = [
        kind(parameter.name, kind.VAR_POSITIONAL)
        if parameter.repeated
        else kind(
            parameter.name, kind.POSITIONAL_OR_KEYWORD, default=inspect.Parameter.empty if parameter.required else None
        )
        for parameter in function.parameters
    ]
    return inspect.Signature(parameters)


globals().update({name: for_excel(function) for name, function in FUNCTIONS.items()})
