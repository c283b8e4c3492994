"""The functions as Excel lists them: `functions.json` of an add-in with custom functions."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from udfs import functions  # noqa: F401  # registers the functions
from udfs.registry import FUNCTIONS, Function, Parameter

LONGEST_TEXT: Final = 128
"""Characters that Excel's published schema allows in the description of a function or a parameter."""

_ID: Final = re.compile(r"[A-Z][A-Z0-9_]{2,63}")
_CELL: Final = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*C[0-9]*")


def functions_json(public_url: str) -> bytes:
    """The description of all functions as JSON in UTF-8; help links go to the server's `/docs`.

    Every argument is a matrix of anything, since each may be a cell or a range, and may hold errors. No option asks
    for the addresses of cells: the server need not know where in a workbook a value stands.
    """
    listed = [_described(function, public_url) for function in FUNCTIONS.values()]
    return msgspec.json.encode({"allowErrorForDataTypeAny": True, "functions": listed})


def _described(function: Function, public_url: str) -> dict[str, Any]:
    return {
        "id": function.name,
        "name": function.name,
        "description": function.summary,
        "helpUrl": f"{public_url}/docs#{function.name}",
        "parameters": [_parameter(parameter) for parameter in function.parameters],
        "result": {"type": "any", "dimensionality": "matrix"},
        "options": {"cancelable": True},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described = {
        "name": parameter.argument.title,
        "description": _with_choices(parameter),
        "type": "any",
        "dimensionality": "matrix",
    }
    if parameter.repeated:
        return described | {"repeating": True}
    return described if parameter.required else described | {"optional": True}


def _with_choices(parameter: Parameter) -> str:
    """The description, with the words that may be written where there is room for them all."""
    described = parameter.argument.description
    full = f"{described}: {', '.join(parameter.argument.choices)}"
    return full if parameter.argument.choices and len(full) <= LONGEST_TEXT else described


def problems_of_name(name: str) -> str | None:
    """Why Excel would not take a function's name (its id too), or None. Å, ä and ö are not allowed in an id."""
    if not _ID.fullmatch(name):
        return f"{name}: ett funktionsnamn är 3–64 tecken, A–Z, 0–9 och _, och börjar med en bokstav."
    if _CELL.fullmatch(name):
        return f"{name}: namnet kan läsas som en cell."
    return None
