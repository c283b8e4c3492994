"""The strict validation of a policy file by pydantic: every fault in Swedish, with its key and what is allowed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from core.policies.schema import (
    Approver,
    ClimateCharge,
    Comparison,
    ComparisonWeights,
    ControlSetting,
    Emissions,
    PolicyError,
    PolicyFile,
    Ranking,
    Rates,
    RouteGroup,
)

_PARTS: Final[dict[str, type]] = {
    "satser": Rates,
    "klimatpaslag": ClimateCharge,
    "rutter": RouteGroup,
    "fardmedelsrang": Ranking,
    "godkannare": Approver,
    "kontroller": ControlSetting,
    "utslapp": Emissions,
    "jamforelse": Comparison,
    "vikter": ComparisonWeights,
}
"""What stands under each key."""

_FILE: Final = TypeAdapter(PolicyFile)

_WANTED: Final = {
    "string": "text",
    "list": "en lista",
    "tuple": "en lista",
    "dict": "nycklar med värden",
    "dataclass": "nycklar med värden",
    "bool": "true eller false",
    "int": "ett heltal",
}


def validated(file: str, content: Any) -> PolicyFile:
    """What a file by that name holds, validated; raises PolicyError with every fault found, a line each."""
    if not isinstance(content, dict):
        raise PolicyError(f"{file}: filen ska ha nycklarna {', '.join(_keys(PolicyFile))}")
    try:
        return _FILE.validate_python(content)
    except ValidationError as error:
        raise PolicyError("\n".join(_sentence(file, fault) for fault in error.errors())) from None


def _sentence(file: str, fault: Any) -> str:
    """One of pydantic's faults in Swedish."""
    place = " → ".join(str(step + 1) if isinstance(step, int) else step for step in fault["loc"])
    kind, context, value = fault["type"], fault.get("ctx", {}), fault.get("input")
    if kind == "value_error":
        what = str(context["error"])
    elif kind == "unexpected_keyword_argument":
        what = f"okänd nyckel; tillåtna är {', '.join(_allowed(fault['loc']))}"
    elif kind == "missing":
        what = "saknas"
    elif kind == "literal_error":
        what = f"{value!r} finns inte; tillåtna är {context['expected'].replace(' or ', ' och ')}"
    elif kind == "invalid_key":
        return f"{file}: {value!r}: nyckeln ska vara text"
    else:
        what = f"{value!r} ska vara {_WANTED.get(kind.split('_')[0], 'av annat slag')}"
    return f"{file}: {place}: {what}"


def _allowed(location: tuple[str | int, ...]) -> list[str]:
    """The keys that stand beside a wrong one."""
    part: type = PolicyFile
    for step in location[:-1]:
        if isinstance(step, str) and step in _PARTS:
            part = _PARTS[step]
    return _keys(part)


def _keys(part: Any) -> list[str]:
    return [field.name for field in fields(part)]
