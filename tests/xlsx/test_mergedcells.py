"""A department that is merged over several trips is that of all of them; an amount is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import Recalculation, recalculate
from xlsx.summary import totals

HEADINGS = ["Rese-ID", "Avdelning", "Avresa", "Hemkomst", "Land", "Utlägg"]


def trip(*more: Any) -> list[Any]:
    """Three whole days: 3 x 290 + 3 x 50 = 1020 at home, 3 x 800 = 2400 in Germany."""
    name, department, land, outlays = more
    return [name, department, datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), land, outlays]


def merged(workbook: Write, rows: list[list[Any]], *areas: str) -> Recalculation:
    def merge(book: Any, sheet: Any) -> None:
        for area, text in (one.split("=") for one in areas):
            sheet.merge_range(area, float(text) if text.isdigit() else text)

    return recalculate(workbook(Resor=[HEADINGS, *rows], then=merge))


def said(made: Recalculation) -> list[str]:
    return [note for note in made.notes if "Sammanslagen" in note]


def test_a_department_over_several_rows_is_that_of_all(workbook: Write) -> None:
    rows = [
        trip("A", "Skola", "", None),
        trip("B", None, "", None),
        trip("C", None, "", None),
        trip("D", "Vård", "", 1),
    ]
    made = merged(workbook, rows, "B2:B4=Skola")
    assert [(total.names[0], total.trips) for total in totals(made, ("avdelning",))] == [("Skola", 3), ("Vård", 1)]
    assert said(made) == ['Sammanslagen cell i kolumnen "Avdelning" (B2:B4) gäller alla sina rader.']


def test_a_country_over_several_rows_is_that_of_all(workbook: Write) -> None:
    made = merged(workbook, [trip("A", "Skola", "Tyskland", None), trip("B", "Skola", None, None)], "E2:E3=Tyskland")
    assert [value(made, "Traktamente", row) for row in range(2)] == [2400, 2400]


def test_an_amount_over_several_rows_is_counted_once_and_that_is_said(workbook: Write) -> None:
    made = merged(workbook, [trip("A", "Skola", None, 90), trip("B", "Skola", None, None)], "F2:F3=90")
    assert [value(made, "Ersättning totalt", row) for row in range(2)] == [1110, 1020]
    assert said(made) == [
        'Sammanslagen cell i kolumnen "Utlägg" (F2:F3) gäller bara sin översta rad. '
        "Dela cellen om raderna är egna resor."
    ]


@pytest.mark.parametrize("area", ["A5:C5=Summa", "B5:B7=Underskrift", "H1:H4=Not", "H1:H2=Not"])
def test_cells_that_are_merged_beside_the_trips_are_none_of_our_business(workbook: Write, area: str) -> None:
    made = merged(workbook, [trip("A", "Skola", None, 1), trip("B", "Vård", None, 2)], area)
    assert said(made) == []
    assert [value(made, "Ersättning totalt", row) for row in range(2)] == [1021, 1022]


def test_columns_before_the_first_heading_and_titles_above_do_not_move_the_cells(workbook: Write) -> None:
    """Three rows above the headings and two empty columns before them: the trips stand in C5:H7."""
    rows = [[None, None, *row] for row in (HEADINGS, *(trip(name, None, None, None) for name in "ABC"))]
    rows[1][3] = "Skola"
    path = workbook(
        Resor=[[None, None, "Resor"], [], [], *rows], then=lambda book, sheet: sheet.merge_range("D5:D6", "Skola")
    )
    made = recalculate(path)
    assert [(total.names[0], total.trips) for total in totals(made, ("avdelning",))] == [
        ("(ej angivet)", 1),
        ("Skola", 2),
    ]


def test_many_merged_cells_are_named_in_part(workbook: Write) -> None:
    rows = [trip(f"T{number}", "Skola" if number % 2 == 0 else None, None, None) for number in range(10)]
    made = merged(workbook, rows, *(f"B{row}:B{row + 1}=Skola" for row in range(2, 12, 2)))
    assert said(made) == [
        'Sammanslagen cell i kolumnen "Avdelning" (B2:B3, B4:B5, B6:B7 och 2 till) gäller alla sina rader.'
    ]
