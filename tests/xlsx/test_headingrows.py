"""Headings that come again down a sheet are no trips."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import Recalculation, recalculate
from xlsx.resultbook import write_result
from xlsx.summary import totals

HEADINGS = ["Rese-ID", "Avdelning", "Avresa", "Hemkomst", "Färdmedel", "Km"]


def trip(name: str) -> list[Any]:
    """Three whole days of 290 kr, three of 50, and 100 km by train, which pays nothing: 1020."""
    return [name, "Skola", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), "tåg", 100]


def said(made: Recalculation) -> list[str]:
    return [note for note in made.notes if "upprepar" in note]


def test_a_row_that_repeats_the_headings_is_named_and_not_counted(workbook: Write, tmp_path: Path) -> None:
    path = workbook(Resor=[HEADINGS, trip("A"), HEADINGS, trip("B"), trip("C")])
    made = recalculate(path)
    assert said(made) == ["Rad 3 upprepar rubrikerna och räknades inte."]
    assert made.claims.rows.tolist() == [0, 2, 3] and not made.wrong.any()
    assert [value(made, "Ersättning totalt", row) for row in range(3)] == [1020] * 3
    assert [(total.names, total.trips) for total in totals(made, ("avdelning",))] == [(("Skola",), 3)]
    again = recalculate(write_result(made, tmp_path / "ut.xlsx").path)
    assert said(again) == said(made) and not again.wrong.any()


def test_many_such_rows_are_named_in_part(tmp_path: Path) -> None:
    """Of a text file, where every cell is a text. Every third row, from the second on: 4, 7, 10, 13, 16, 19, 22."""
    row = "A;Skola;2024-03-04 07:00;2024-03-06 20:00;tåg;100"
    headings = ";".join(HEADINGS)
    path = tmp_path / "sidor.csv"
    path.write_text("\n".join([headings, row, row] + [headings.upper(), row, row] * 7) + "\n", "utf-8")
    made = recalculate(path)
    assert said(made) == ["Raderna 4, 7, 10, 13, 16 och 2 till upprepar rubrikerna och räknades inte."]
    assert len(made.trips) == 16 and not made.wrong.any()


def test_headings_on_two_rows_come_again_on_two_rows(workbook: Write) -> None:
    groups = ["Rese-ID", "Avresa", "", "Hemkomst", ""]
    below = ["", "Datum", "Tid", "Datum", "Tid"]
    one = ["A", "2024-03-04", "07:00", "2024-03-06", "20:00"]
    made = recalculate(workbook(Resor=[groups, below, one, groups, below, one]))
    assert said(made) == ["Raderna 4 och 5 upprepar rubrikerna och räknades inte."]
    assert [value(made, "Traktamente", row) for row in range(2)] == [870, 870]


def test_the_headings_of_another_table_below(workbook: Write) -> None:
    """Its first heading is that of the trips' id, which no trip has as its id."""
    made = recalculate(workbook(Resor=[HEADINGS, trip("A"), [], ["Rese-ID", "Kommentar"]]))
    assert said(made) == ["Rad 4 upprepar rubrikerna och räknades inte."] and len(made.trips) == 1


@pytest.mark.parametrize(
    "row",
    [
        ["Rese-ID", "Avdelning", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), "tåg", 100],
        ["D", "Avdelning", None, None, None, None],
        ["D", "Avd", None, None, "Färd", 100],
        ["D", "Avdelning", None, None, "Färdmedel", None],
        [None, "Avdelning", None, None, "Färdmedel", 100],
    ],
    ids=["has times", "one word like a heading", "the beginnings of words", "an id of its own", "a number"],
)
def test_a_trip_with_words_like_headings_is_a_trip(workbook: Write, row: list[Any]) -> None:
    made = recalculate(workbook(Resor=[HEADINGS, trip("A"), row]))
    assert said(made) == [] and len(made.trips) == 2


def test_headings_that_come_again_among_the_legs(workbook: Write) -> None:
    """Legs 06-09 and 18-21 of a working day: 2 h before 08 and 3 h after 17, which is after 18."""
    headings = ["Rese-ID", "Avgång", "Ankomst", "Till"]
    out = ["A", datetime(2024, 4, 8, 6), datetime(2024, 4, 8, 9), "Sverige"]
    home = ["A", datetime(2024, 4, 8, 18), datetime(2024, 4, 8, 21), "Sverige"]
    trips = [["Rese-ID", "Avresa", "Hemkomst"], ["A", datetime(2024, 4, 8, 6), datetime(2024, 4, 8, 21)]]
    made = recalculate(workbook(Resor=trips, Delsträckor=[headings, out, headings, home]))
    assert value(made, "Färdtid h", 0) == 5 and made.problems == []
    assert said(made) == ["Delsträckor: rad 3 upprepar rubrikerna och räknades inte."]
