"""A trip to a place abroad that states no country is paid as one in Sweden, and that is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import recalculate

TOLD = "L-7.4.1-1: Till ligger utomlands, men Land saknas eller är Sverige; resan räknas som inrikes"
TITLES = ["Rese-ID", "Avresa", "Hemkomst", "Land", "Färdmedel", "Från", "Till"]
TRIP = ["R1", datetime(2026, 3, 5, 7), datetime(2026, 3, 6, 20)]


def remarks(workbook: Write, land: Any, to: Any, legs: list[list[Any]] | None = None) -> str:
    sheets: dict[str, Any] = {"Resor": [TITLES, [*TRIP, land, "flyg", "ARN", to]]}
    if legs:
        sheets["Delsträckor"] = [["Rese-ID", "Avgång", "Ankomst", "Till", "Färdmedel"], *legs]
    return str(value(recalculate(workbook(**sheets)), "Anmärkningar", 0))


@pytest.mark.parametrize(
    ("land", "to", "told"),
    [
        (None, "AMS", True),
        ("Sverige", "AMS", True),
        ("Nederländerna", "AMS", False),
        ("Belgien", "AMS", False),
        (None, "MMX", False),
        (None, "Norrköping", False),
        (None, "Amsterdam Zuid", False),
        (None, None, False),
    ],
)
def test_a_known_place_abroad_needs_a_country(workbook: Write, land: Any, to: Any, told: bool) -> None:
    assert (TOLD in remarks(workbook, land, to)) == told


@pytest.mark.parametrize(("country", "told"), [("Nederländerna", False), ("Sverige", True)])
def test_a_leg_may_name_the_country_instead(workbook: Write, country: str, told: bool) -> None:
    legs = [
        ["R1", datetime(2026, 3, 5, 7), datetime(2026, 3, 5, 9), country, "flyg"],
        ["R1", datetime(2026, 3, 6, 17), datetime(2026, 3, 6, 20), "Sverige", "flyg"],
    ]
    assert (TOLD in remarks(workbook, None, "AMS", legs)) == told


def test_a_sheet_without_the_columns(workbook: Write) -> None:
    assert TOLD not in value(recalculate(workbook(Resor=[TITLES[:3], TRIP])), "Anmärkningar", 0)
    made = recalculate(workbook(Resor=[[*TITLES[:3], "Till"], [*TRIP, "AMS"]]))
    assert TOLD in value(made, "Anmärkningar", 0)
