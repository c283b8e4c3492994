"""Without hours that are paid no salary is needed; with them the lack of it is an error."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import recalculate

NO_SALARY = "Färdtidsersättning: Månadslön saknas."


def results(workbook: Write, hours: tuple[int, int], distance: int, role: str, salary: Any = None) -> list[Any]:
    """Hours, their pay and the errors of a trip on Thursday 5 March 2026, working hours 08-17."""
    titles = ["Avresa", "Hemkomst", "Avstånd", "Roll", "Månadslön"]
    start, end = (datetime(2026, 3, 5, hour) for hour in hours)
    made = recalculate(workbook(Resor=[titles, [start, end, distance, role, salary]]))
    return [value(made, title, 0) for title in ("Färdtid h", "Färdtidsersättning", "Fel")]


@pytest.mark.parametrize(
    ("hours", "distance", "role", "wanted"),
    [
        ((9, 15), 100, "anställd", [0, 0, ""]),
        ((6, 20), 10, "anställd", [5, 0, ""]),  # 06-08 and 17-20, but within 50 km
        ((6, 20), 100, "förtroendevald", [5, 0, ""]),
        ((6, 20), 100, "anställd", [5, None, NO_SALARY]),
    ],
)
def test_a_salary_is_needed_for_paid_hours_only(
    workbook: Write, hours: tuple[int, int], distance: int, role: str, wanted: list[Any]
) -> None:
    assert results(workbook, hours, distance, role) == wanted


def test_the_pay_is_the_same_as_ever(workbook: Write) -> None:
    # 5 h at 53.3 % of 33 000 / 165 = 200 kr: 533.
    assert results(workbook, (6, 20), 100, "anställd", 33000) == [5, 533, ""]


def test_a_salary_that_cannot_be_read_is_told_all_the_same(workbook: Write) -> None:
    hours, pay, told = results(workbook, (9, 15), 100, "anställd", "hemlig")
    assert (hours, pay) == (0, 0) and "Månadslön" in told
