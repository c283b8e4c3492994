"""What an input cell takes: data validation with a title and a message in Swedish, by kind of cell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any, Final

_FIRST_DAY: Final = date(2010, 1, 1)
_LAST_DAY: Final = date(2099, 12, 31)
_LONGEST_TEXT: Final = 250
_LONGEST_HINT: Final = 255
_LONGEST_TITLE: Final = 32

_NUMBERS: Final[dict[str, tuple[float, float, str]]] = {
    "kr": (-10_000_000, 10_000_000, "Skriv ett belopp i kronor, till exempel 1234,50."),
    "hela kr": (-1_000_000_000, 1_000_000_000, "Skriv ett belopp i kronor."),
    "km": (0, 50_000, "Skriv kilometer som ett tal, till exempel 42,5."),
    "kg": (0, 100_000_000, "Skriv kilogram som ett tal."),
    "timmar": (0, 10_000, "Skriv timmar som ett tal, till exempel 2,5."),
    "antal": (0, 1_000_000, "Skriv ett antal som ett heltal."),
    "procent": (0, 1, "Skriv en andel i procent, till exempel 50 %."),
}


def validation(
    kind: str, choices: str | Sequence[str] | None = None, hint: str = "", title: str = "", after: str = ""
) -> dict[str, Any]:
    """XlsxWriter's options for one kind of input.

    choices: a defined name that holds the list, or the texts themselves. hint: shown when the cell is selected.
    after: the cell or name of a point in time that this one must be later than.
    """
    rule, wanted = _rule(kind, choices)
    if after:
        rule = {"validate": "date", "criteria": ">", "value": f"={after}"}
        wanted += " Slutet ska vara senare än början."
    options = {"ignore_blank": True, "error_title": "Kan inte läsas", "error_message": wanted, **rule}
    if hint:
        options |= {"input_title": (title or "Så fyller du i")[:_LONGEST_TITLE], "input_message": hint[:_LONGEST_HINT]}
    return options


def _rule(kind: str, choices: str | Sequence[str] | None) -> tuple[dict[str, Any], str]:
    if choices is not None:
        source = f"={choices}" if isinstance(choices, str) else list(choices)
        return {"validate": "list", "source": source}, "Välj ett av orden i listan."
    if kind in ("datum", "månad"):
        between = {"criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        return {"validate": "date", **between}, "Skriv ett datum så här: 2026-03-10."
    if kind == "tidpunkt":
        between = {"criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
        return {"validate": "date", **between}, "Skriv datum och klockslag så här: 2026-03-10 07:30."
    if kind == "klockslag":
        between = {"criteria": "between", "minimum": time(0, 0), "maximum": time(23, 59)}
        return {"validate": "time", **between}, "Skriv ett klockslag så här: 07:30."
    if kind == "ja":
        return {"validate": "list", "source": ["ja", "nej"]}, "Svara ja eller nej."
    if kind in _NUMBERS:
        least, most, wanted = _NUMBERS[kind]
        valid = "integer" if kind == "antal" else "decimal"
        return {"validate": valid, "criteria": "between", "minimum": least, "maximum": most}, wanted
    return (
        {"validate": "length", "criteria": "<=", "value": _LONGEST_TEXT},
        f"Högst {_LONGEST_TEXT} tecken får plats.",
    )
