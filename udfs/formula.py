"""One formula as typed in a cell: the functions' own call, without cell references."""

from __future__ import annotations

from core.engine import CellError
from core.vocabulary import closest
from udfs import functions  # noqa: F401  # registers the functions
from udfs.calculation import Answer
from udfs.notation import FormulaError, parse
from udfs.registry import FUNCTIONS, by_name

__all__ = ["FormulaError", "evaluate"]


def evaluate(text: str) -> Answer:
    """The answer of a formula. Arguments are separated by `;` (or `,`), texts stand in quotes, numbers have a
    decimal comma or point, `{a;b|c;d}` is a range of two rows. Raises FormulaError."""
    name, arguments = parse(text)
    function = by_name(name)
    if function is None:
        near = closest(name.upper(), list(FUNCTIONS))
        maybe = f" Menade du {' eller '.join(near)}?" if near else ""
        raise FormulaError(f'Funktionen "{name}" finns inte.{maybe}')
    required = sum(parameter.required for parameter in function.parameters)
    unlimited = any(parameter.repeated for parameter in function.parameters)
    if len(arguments) < required or (len(arguments) > len(function.parameters) and not unlimited):
        return CellError("#VALUE!", f"{function.name} skrivs {function.signature}.")
    return function.call(*arguments)
