"""Nights in private lodging: no more than the whole nights of the trip, and none within the place of business.

Half of the maximum amount a night: 150 kr of 300 in 2026 (IL 12:13).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import Recalculation, recalculate

TOO_MANY = "Nattraktamente: Nätterna i privat logi är fler än resans hela nätter (00.00–06.00)."
HEADINGS = ["Avresa", "Hemkomst", "Avstånd", "Privat logi nätter"]


def trip(workbook: Write, start: datetime, end: Any, distance: Any, nights: int, **more: Any) -> Recalculation:
    row = [start, end, distance, nights, *more.values()]
    return recalculate(workbook(Resor=[[*HEADINGS, *more], row]))


@pytest.mark.parametrize(
    ("start", "end", "nights"),
    [
        (datetime(2026, 3, 5, 13), datetime(2026, 3, 7, 18), 2),
        (datetime(2026, 3, 5, 13), datetime(2026, 3, 7, 5, 59), 1),  # home before the second night is over
        (datetime(2026, 3, 5, 13), datetime(2026, 3, 7, 6), 2),
        (datetime(2026, 3, 5, 0, 1), datetime(2026, 3, 6, 18), 1),  # away after the first night began
        (datetime(2026, 3, 5, 8), datetime(2026, 3, 5, 17), 0),
    ],
)
def test_whole_nights_are_paid_and_one_more_is_an_error(
    workbook: Write, start: datetime, end: datetime, nights: int
) -> None:
    most = trip(workbook, start, end, 100, nights)
    assert (value(most, "Nattraktamente", 0), value(most, "Fel", 0)) == (nights * 150, "")
    more = trip(workbook, start, end, 100, nights + 1)
    assert (value(more, "Nattraktamente", 0), value(more, "Fel", 0)) == (None, TOO_MANY)
    assert value(more, "Ersättning totalt", 0) is None
    assert value(more, "Traktamente", 0) == value(most, "Traktamente", 0), "the days are not to blame"


@pytest.mark.parametrize(("distance", "paid"), [(10, 0), (50, 0), (50.1, 150), (None, 150)])
def test_nothing_within_the_place_of_business_as_for_traktamente(workbook: Write, distance: Any, paid: int) -> None:
    made = trip(workbook, datetime(2026, 3, 5, 13), datetime(2026, 3, 6, 18), distance, 1)
    assert (value(made, "Nattraktamente", 0), value(made, "Fel", 0)) == (paid, "")
    assert (value(made, "Traktamente", 0) > 0) == (paid > 0)


def test_an_unreadable_distance_matters_only_where_nights_are_claimed(workbook: Write) -> None:
    start, end = datetime(2026, 3, 5, 13), datetime(2026, 3, 6, 18)
    assert value(trip(workbook, start, end, "långt", 1), "Nattraktamente", 0) is None
    assert value(trip(workbook, start, end, "långt", 0), "Nattraktamente", 0) == 0


def test_a_trip_that_ends_before_it_begins_is_told_as_such(workbook: Write) -> None:
    made = trip(workbook, datetime(2026, 3, 6, 13), datetime(2026, 3, 5, 18), 100, 1)
    assert "Hemkomsten ligger före avresan." in value(made, "Fel", 0)
    assert "privat logi" not in value(made, "Fel", 0)


def test_without_a_return_the_nights_are_taken_as_they_stand(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[["Avresa", "Privat logi nätter"], [datetime(2026, 3, 5, 13), 3]]))
    assert (value(made, "Nattraktamente", 0), value(made, "Fel", 0)) == (450, "")


def test_a_hotel_beside_nights_that_are_all_private_is_remarked(workbook: Write) -> None:
    start, end = datetime(2026, 3, 5, 13), datetime(2026, 3, 7, 18)
    said = "L-7.4-8: Alla nätter är uppgivna som privat logi, men resan har också en hotellkostnad"
    assert said in value(trip(workbook, start, end, 100, 2, Hotellkostnad=1500), "Anmärkningar", 0)
    assert "hotellkostnad" not in value(trip(workbook, start, end, 100, 1, Hotellkostnad=1500), "Anmärkningar", 0)
    assert "hotellkostnad" not in value(trip(workbook, start, end, 100, 2, Hotellkostnad=0), "Anmärkningar", 0)
