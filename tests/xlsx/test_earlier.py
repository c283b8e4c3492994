"""Results of an earlier run are computed anew; a column or two of the user's own with such headings are not results."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl

from tests.xlsx.conftest import Write, value
from xlsx.earlier import earlier_results
from xlsx.mapping import make_mapping
from xlsx.recalculate import Recalculation, recalculate
from xlsx.resultbook import write_result
from xlsx.results import OWN_TITLES

HEADINGS = ["Rese-ID", "Avresa", "Hemkomst"]
TRIP = ["A", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20)]
"""Three whole days of 290 kr and three of 50: 1020."""


def said(made: Recalculation) -> list[str]:
    return [note for note in made.notes if "tidigare beräkning" in note]


def test_three_of_our_headings_are_an_earlier_run() -> None:
    assert earlier_results([*HEADINGS, "Dygn", "Fel"]) == frozenset()
    assert earlier_results([*HEADINGS, "Dygn", "Fel", "Eget", "Traktamente"]) == {3, 4, 6}


def test_a_result_that_is_there_twice_is_never_the_users() -> None:
    assert earlier_results([*HEADINGS, "Dygn", "Fel", "Traktamente", "Dygn"]) == {3, 4, 5, 6}


def test_one_column_of_the_users_is_left_and_nothing_is_said_to_be_computed_anew(
    workbook: Write, tmp_path: Path
) -> None:
    path = workbook(Resor=[[*HEADINGS, "Ersättning totalt"], [*TRIP, 77]])
    made = recalculate(path)
    assert said(made) == [] and not any("Ersättning totalt" in note for note in made.notes)
    assert value(made, "Ersättning totalt", 0) == 1020
    again = recalculate(write_result(made, tmp_path / "ut.xlsx").path)
    (note,) = said(again)
    assert "Ersättning totalt (Färdkost)" in note and "Ersättning totalt," not in note
    assert value(again, "Ersättning totalt", 0) == 1020


def test_all_results_of_the_run_before_are_named_and_none_is_proposed(workbook: Write, tmp_path: Path) -> None:
    rows = [[*HEADINGS, "Färdmedel", "Km"], [*TRIP, "privat bil", 100]]
    again = recalculate(write_result(recalculate(workbook(Resor=rows)), tmp_path / "ut.xlsx").path)
    assert again.claims.mapping.proposals == [] and again.claims.mapping.unknown == []
    (note,) = said(again)
    assert note.startswith("Kolumner från en tidigare beräkning räknas om: Dygn, Traktamente, ")
    assert {word.strip(" .") for word in note.partition(":")[2].split(",")} <= set(OWN_TITLES)


def test_emissions_of_an_earlier_run_are_not_read_even_when_a_mapping_says_so(workbook: Write, tmp_path: Path) -> None:
    """A lone column of emissions is the user's own and is read as the mapping says; beside other results it is ours."""
    chosen = make_mapping({"Utsläpp kg CO2e": "Utsläpp"})
    trip = [*TRIP, "tåg", 100]
    alone = workbook(Resor=[[*HEADINGS, "Färdmedel", "Km", "Utsläpp kg CO2e"], [*trip, 900]])
    assert recalculate(alone, columns=chosen).claims.has("utslapp")
    ours = workbook("b.xlsx", Resor=[[*HEADINGS, "Färdmedel", "Km", "Dygn", "Utsläpp kg CO2e", "Fel"], [*trip, 3, 900]])
    made = recalculate(ours, columns=chosen)
    assert not made.claims.has("utslapp")
    assert said(made) == ["Kolumner från en tidigare beräkning räknas om: Dygn, Utsläpp kg CO2e, Fel."]


def test_a_lone_column_of_the_user_s_comes_back_beside_ours_from_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    path.write_text("Rese-ID;Avresa;Hemkomst;Ersättning totalt\nA;2024-03-04 07:00;2024-03-06 20:00;77\n", "utf-8")
    once = write_result(recalculate(path), tmp_path / "en.xlsx").path
    sheet = openpyxl.load_workbook(once)["resor"]
    headings = [cell.value for cell in sheet[1]]
    assert headings.count("Ersättning totalt") == headings.count("Ersättning totalt (Färdkost)") == 1
    assert str(sheet.cell(2, headings.index("Ersättning totalt") + 1).value) == "77"
    # Three whole days of 290 kr and, in an ordinary week, three of 50 kr.
    assert sheet.cell(2, headings.index("Ersättning totalt (Färdkost)") + 1).value == 870 + 150
