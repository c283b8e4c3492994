"""The import sheet: read without a question, explained column by column, its examples right."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.law import law
from xlsx.errors import UnreadableSheet
from xlsx.forms.filling import fill
from xlsx.forms.importblad import ROWS, write_import
from xlsx.forms.importblad.columns import EXAMPLE_LEGS, EXAMPLE_MARK, EXAMPLES, LEG_COLUMNS, TRIP_COLUMNS
from xlsx.forms.setting import FormSetting
from xlsx.recalculate import Recalculation, recalculate
from xlsx.results import BY_NAME
from xlsx.vocabulary import LEGS, TRIPS

TITLES = {heading.column: heading.title for heading in TRIPS}


@pytest.fixture
def setting() -> FormSetting:
    return FormSetting(law("linkoping"), "linkoping", frozenset(), date(2026, 11, 22))


@pytest.fixture
def sheet(tmp_path: Path, setting: FormSetting) -> Path:
    path = tmp_path / "import.xlsx"
    write_import(path, setting)
    return path


def _kronor(made: Recalculation, name: str) -> list[float]:
    return [float(ore) / 100 for ore in made.results[name].values]


def test_every_heading_that_is_read_is_explained_once() -> None:
    assert list(TRIP_COLUMNS) == [heading.column for heading in TRIPS]
    assert list(LEG_COLUMNS) == [heading.column for heading in LEGS]
    assert all(told.meaning.endswith(".") for told in (*TRIP_COLUMNS.values(), *LEG_COLUMNS.values()))
    assert max(len(told.meaning) for told in TRIP_COLUMNS.values()) <= 255, "Excel shows no longer hint"


def test_it_is_read_without_any_question(sheet: Path) -> None:
    made = recalculate(sheet, policy="linkoping")
    mapping = made.claims.mapping
    assert (mapping.unknown, mapping.problems, mapping.proposals, made.problems) == ([], [], [], [])
    assert set(mapping.columns) == {column for column, told in TRIP_COLUMNS.items() if told.width}
    assert made.claims.sheet.name == "Resor"
    assert len(made.claims) == 2
    assert made.errors.texts == []


def test_its_examples_are_computed_right(sheet: Path) -> None:
    made = recalculate(sheet, policy="linkoping")
    # EX1, Sweden 2026-03-10 07:00 – 03-11 20:00. Prisbasbeloppet 2026 is 59 200, so a whole day is 296 → 300 kr
    # (IL 12:11), half 150. Leaving by 12.00 and back at 19.00 or later: two whole days, 600 kr.
    # Meals: lunch the first day 35 % of 300 = 105; hotel breakfast 20 % = 60 and lunch 105 the second. 600 − 270 = 330.
    # EX2, Belgium 2026-04-14 07:00 – 04-16 21:00: three days of 897 kr = 2 691 kr; most of the last day there too.
    # Day 2: all three meals 85 % = 762.45; day 3: hotel breakfast 15 % = 134.55. 2 691 − 897 = 1 794.
    assert _kronor(made, "traktamente") == [330.0, 1794.0]
    # 50 kr per day of more than four hours away: both days at home; abroad there is none.
    assert _kronor(made, "resetillagg") == [100.0, 0.0]
    # 41 200 / 165 = 249.697 kr an hour. Legs: 14/4 07:00–12:30 with 08–17 at work: 1 h; 16/4 15:00–21:00: 4 h. Same
    # week, 5 h at 53.3 %: 5 × 249.697 × 0.533 = 665.44. EX1 has no legs and stays over night: left empty.
    assert _kronor(made, "fardtidsersattning")[1] == 665.44
    given = made.results["fardtidsersattning"].given
    assert given is not None and given.tolist() == [False, True]


def test_the_examples_are_marked_and_an_emptied_sheet_says_what_is_lacking(sheet: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sheet)
    marked = [row for row in book["Resor"].iter_rows(values_only=True) if EXAMPLE_MARK in row]
    assert len(marked) == len(EXAMPLES) == 2
    empty = {f"resor_{name}": [None] * ROWS for name, told in TRIP_COLUMNS.items() if told.width}
    with pytest.raises(UnreadableSheet, match='bladet "Resor" har inga rader under rubrikerna'):
        recalculate(fill(sheet, tmp_path / "empty.xlsx", empty), policy="linkoping")


def test_rows_of_ones_own_take_the_examples_place(tmp_path: Path, setting: FormSetting) -> None:
    trip = {"rese_id": "1", "avresa": datetime(2026, 5, 4, 7), "hemkomst": datetime(2026, 5, 4, 19)}
    path = tmp_path / "own.xlsx"
    write_import(path, setting, [trip] * (ROWS + 5), [])
    made = recalculate(path, policy="linkoping")
    assert len(made.claims) == ROWS + 5
    assert EXAMPLE_MARK not in "".join(str(cell.value) for row in openpyxl.load_workbook(path)["Resor"] for cell in row)


def test_it_is_filled_in_and_read(sheet: Path, tmp_path: Path) -> None:
    """As a person would: examples away, dates as dates, a mode from the list."""
    empty = [f"resor_{name}" for name, told in TRIP_COLUMNS.items() if told.width]
    row = {
        "resor_avresa": [datetime(2026, 6, 1, 13)],
        "resor_hemkomst": [datetime(2026, 6, 2, 18, 30)],
        "resor_fardmedel": ["privat bil"],
        "resor_km": [120.5],
        "resor_avstand": [58],
        "resor_bilavtal": ["nej"],
    }
    values = {name: [*row.get(name, [None]), None] for name in empty}
    filled = fill(sheet, tmp_path / "filled.xlsx", values)
    made = recalculate(filled, policy="linkoping")
    assert made.errors.texts == []
    # Out after 12.00 and home before 19.00: two half days, 2 × 150 kr.
    assert _kronor(made, "traktamente") == [300.0]
    # 120.5 km without an agreement: 2.90 kr/km = 349.45, of which 25 kr per 10 km, 301.25, is free of tax.
    assert _kronor(made, "bilersattning_skattefri") == [301.25]
    assert _kronor(made, "bilersattning_skattepliktig") == [48.2]


def _results(tmp_path: Path, row: Mapping[str, Any], columns: Sequence[str]) -> set[str]:
    path = tmp_path / "resor.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([TITLES[column] for column in columns])
        writer.writerow([str(row[column]).replace(".", ",") for column in columns])
    made = recalculate(path, policy="linkoping")
    nothing = "Inga belopp kunde beräknas: kolumnen Avresa saknas."
    assert made.errors.texts == ([] if "avresa" in columns else [nothing])
    return set(made.results)


def test_what_a_column_is_needed_for_is_true(tmp_path: Path) -> None:
    """Each column left out in turn: what is lost then, and nothing else, is what the sheet of explanations says."""
    told = {column: about for column, about in TRIP_COLUMNS.items() if about.width}
    row = {column: about.example for column, about in told.items() if about.example not in (None, "")}
    row |= EXAMPLES[1] | {"hemkomst": datetime(2026, 4, 14, 20), "maltider": "L", "privata_natter": 0}
    row |= {"antal_frukost": 0, "antal_lunch": 1, "antal_middag": 0, "langtid_fran": date(2026, 4, 14)}
    columns = [column for column in told if column in row]
    whole = _results(tmp_path, row, columns)
    named = {name: BY_NAME[name].title.lower().partition(" ")[0] for name in whole}
    words = {"traktamente", "nattraktamente", "resetillägg", "färdtidsersättning", "bilersättning"}
    words |= {"utsläpp", "klimatpåslag", "godkännare"}
    for column in columns:
        lost = whole - _results(tmp_path, row, [one for one in columns if one != column])
        said = set(told[column].needs.lower().replace(",", " ").replace(";", " ").split()) & words
        assert {named[name] for name in lost} & words == said, column


def test_the_examples_of_the_explanations_can_be_read(tmp_path: Path, setting: FormSetting) -> None:
    row = {column: about.example for column, about in TRIP_COLUMNS.items() if about.width}
    row |= {"fardmedel": "flyg", "langtid_fran": None, "antal_frukost": None, "antal_lunch": None, "antal_middag": None}
    path = tmp_path / "explained.xlsx"
    write_import(path, setting, [row], [])
    made = recalculate(path, policy="linkoping")
    assert made.errors.texts == []
    assert [text for text in made.remarks.texts if "känns inte igen" in text] == []


def test_the_legs_belong_to_the_second_example(sheet: Path) -> None:
    made = recalculate(sheet, policy="linkoping")
    assert {leg["rese_id"] for leg in EXAMPLE_LEGS} == {EXAMPLES[1]["rese_id"]}
    legs = made.trips.legs
    assert legs is not None and legs.owner.tolist() == [1, 1]
    # 394 kg: by air Arlanda–Bruxelles and back; no price is checked here, only that the distance was found.
    assert made.results["utslapp"].values[1] > 0
