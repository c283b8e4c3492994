"""Legs that belong to no trip, or to several, are left out; those with faults are told by sheet, row and column."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import Recalculation, recalculate

LEG = ["2024-03-04 07:00", "2024-03-04 09:00", "Sverige", "tåg"]


def problems(tmp_path: Path, trips: list[str], legs: list[str]) -> list[str]:
    path = tmp_path / "resor.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Resor")
        sheet.write_row(0, 0, ["Rese-ID", "Avresa", "Hemkomst"])
        for number, name in enumerate(trips, 1):
            sheet.write_row(number, 0, [name, "2024-03-04 07:00", "2024-03-05 20:00"])
        sheet = book.add_worksheet("Delsträckor")
        sheet.write_row(0, 0, ["Rese-ID", "Avgång", "Ankomst", "Till", "Färdmedel"])
        for number, name in enumerate(legs, 1):
            sheet.write_row(number, 0, [name, *LEG])
    return recalculate(path).problems


def test_one_leg_without_a_trip(tmp_path: Path) -> None:
    assert problems(tmp_path, ["R1"], ["R1", "R9"]) == [
        'Delsträckor, rad 3: Rese-ID "R9" finns inte bland resorna. Delsträckan används inte.'
    ]


def test_many_legs_without_a_trip_are_one_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, ["R1"], ["R9"] * 7) == [
        'Delsträckor, rad 2, 3, 4, 5, 6 med flera, 7 rader: Rese-ID "R9" finns inte bland resorna. '
        "Delsträckorna används inte."
    ]


def test_a_leg_of_two_trips_and_one_without_id(tmp_path: Path) -> None:
    assert problems(tmp_path, ["R1", "R1", "R2"], ["", "R1", "R2"]) == [
        "Delsträckor, rad 2: Rese-ID saknas. Delsträckan används inte.",
        'Delsträckor, rad 3: Rese-ID "R1" står på flera resor. Delsträckan används inte.',
    ]


def with_legs(workbook: Write, trips: list[list[Any]], legs: list[list[Any]]) -> Recalculation:
    heading = ["Rese-ID", "Avresa", "Hemkomst", "Färdmedel", "Månadslön", "Avstånd"]
    rows = [[*trip, "tåg", 33000, 100] for trip in trips]
    titles = ["Rese-ID", "Avgång", "Ankomst", "Till", "Färdmedel"]
    return recalculate(
        workbook(Resor=[heading, *rows], Delsträckor=[titles, *([*leg, "Sverige", "tåg"] for leg in legs)])
    )


def test_a_leg_outside_the_trip_is_an_error_that_names_its_row_and_column(workbook: Write) -> None:
    trips = [
        ["R1", datetime(2026, 3, 9, 6), datetime(2026, 3, 10, 22)],
        ["R2", datetime(2026, 3, 9, 8), datetime(2026, 3, 9, 17)],
        ["R3", datetime(2026, 3, 16, 6), datetime(2026, 3, 17, 22)],
    ]
    legs = [
        ["R1", datetime(2026, 3, 9, 6), datetime(2026, 3, 9, 9)],
        ["R1", datetime(2026, 4, 10, 19), datetime(2026, 4, 10, 22)],  # April for March
        ["R2", datetime(2026, 3, 9, 4), datetime(2026, 3, 9, 8)],
        ["R2", datetime(2026, 3, 9, 16), datetime(2026, 3, 9, 17)],
        ["R3", datetime(2026, 3, 16, 6), datetime(2026, 3, 16, 9)],
        ["R3", datetime(2026, 3, 17, 19), datetime(2026, 3, 17, 22)],
    ]
    made = with_legs(workbook, trips, legs)
    for trip, place in enumerate(
        ["rad 3: Ankomst ligger efter resans hemkomst.", "rad 4: Avgång ligger före resans avresa."]
    ):
        assert value(made, "Färdtid h", trip) is None and value(made, "Färdtidsersättning", trip) is None
        assert f"Delsträckor, {place}" in value(made, "Fel", trip)
    # From the minute of departure to the minute of return: 06-08 and 19-22 outside working hours, 5 h at 53.3 % of
    # 33 000 / 165 = 200 kr: 533.
    assert [value(made, title, 2) for title in ("Färdtid h", "Färdtidsersättning", "Fel")] == [5, 533, ""]


def test_legs_of_a_trip_that_ends_before_it_begins_are_not_to_blame(workbook: Write) -> None:
    legs = [["R1", datetime(2026, 3, 9, 6), datetime(2026, 3, 9, 9)]]
    made = with_legs(workbook, [["R1", datetime(2026, 3, 9, 6), datetime(2026, 3, 8, 22)]], legs)
    assert "Hemkomsten ligger före avresan." in value(made, "Fel", 0)
    assert "Delsträckor" not in value(made, "Fel", 0)


def test_legs_are_the_limits_of_a_trip_that_states_none(workbook: Write) -> None:
    legs = [["R1", datetime(2026, 3, 9, 6), datetime(2026, 3, 9, 9)]]
    made = with_legs(workbook, [["R1", None, datetime(2026, 3, 9, 17)]], legs)
    assert [value(made, title, 0) for title in ("Färdtid h", "Fel")] == [2, ""]


def test_legs_that_arrive_before_they_leave_are_one_problem(workbook: Write) -> None:
    day, back = datetime(2026, 3, 9, 9), datetime(2026, 3, 9, 7)
    trips = [[f"R{number}", datetime(2026, 3, 9, 6), datetime(2026, 3, 9, 17)] for number in range(2)]
    made = with_legs(workbook, trips, [["R0", day, back], ["R1", day, back]])
    assert made.problems == ["Delsträckor, rad 2, 3: Ankomst ligger före Avgång."]
    assert "Ankomsten ligger före avfärden" in value(made, "Fel", 0)


def test_very_many_legs_in_error_are_told_together(workbook: Write) -> None:
    trips = [[f"R{number}", datetime(2026, 3, 9, 6), datetime(2026, 3, 9, 17)] for number in range(101)]
    legs = [[name, start, "snart"] for name, start, _ in trips]
    few = with_legs(workbook, trips[:100], legs[:100])
    assert "Delsträckor, rad 101: Ankomst: Tidpunkten" in value(few, "Fel", 99)
    many = with_legs(workbook, trips, legs)
    told = "Delsträckor, rad 2, 3, 4, 5, 6 med flera, 101 rader: Ankomst: Tidpunkten"
    assert told in value(many, "Fel", 100) and len(many.errors.texts) == 1
