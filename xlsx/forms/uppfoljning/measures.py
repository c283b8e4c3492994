"""Formulas that count and add up the trips of the sheet Data under conditions, for the sheets that show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

Year = Literal["ar", "forra", "bas"]
"""This year, last year, the base year: the first parts of the names of their first and last days."""

Condition = tuple[str, str]
"""A column of the sheet Data and the criterion as it stands in the formula, such as `"flyg"` in quotes.

`{year}` in it becomes the year's name; other braces are left for `figures`, which knows the cells of the row.
"""

TRAVELLED: Final[Condition] = ("fardmedel", '"<>digitalt"')


def _function(name: str, first: str, conditions: Sequence[Condition], year: Year | None) -> str:
    dated = [("avresa", f'">="&{year}_fran'), ("avresa", f'"<"&{year}_till')] if year else []
    pairs = ",".join(f"data_{column},{criterion}" for column, criterion in [*dated, *conditions])
    return f"{name}({first}{pairs})".replace("{year}", year or "ar")


def counted(*conditions: Condition, year: Year | None = "ar") -> str:
    """The number of rows of a year that meet the conditions."""
    return _function("COUNTIFS", "", conditions, year)


def trips(*conditions: Condition, year: Year = "ar") -> str:
    """The number of trips: what is travelled, so not meetings over the net."""
    return counted(*conditions, TRAVELLED, year=year)


def total(measure: str, *conditions: Condition, year: Year = "ar") -> str:
    """The sum of a column over the rows of a year that meet the conditions."""
    return _function("SUMIFS", f"data_{measure},", conditions, year)
