"""Legs that belong to no trip, or to several, are named once for each reason and left out."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from xlsx.recalculate import recalculate

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
