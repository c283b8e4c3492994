"""RESEJAMFORELSE against rows and tables that are wrong or lack something."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.engine import CellError
from tests.udfs.comparison_rows import (
    CAR,
    DIGITAL,
    FLIGHT,
    FLIGHT_TO_BRUSSELS,
    HEADINGS,
    NIGHT_TRAIN_TO_BRUSSELS,
    TRAIN,
    Row,
    compared,
    own_policy,
)
from udfs.comparison import compare_table

# What is wrong with one alternative is said there, and the others are answered and ranked.


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (TRAIN | {"Biljett": None}, "Biljett saknas."),
        (TRAIN | {"Biljett": "billigt"}, '"billigt" är inget tal'),
        (TRAIN | {"Biljett": -5}, "får inte vara negativt"),
        (TRAIN | {"Färdmedel": "raket"}, 'Okänt färdmedel "raket"'),
        (TRAIN | {"Färdmedel": None}, "Färdmedel saknas."),
        (TRAIN | {"Färdmedel": "bil"}, "kan vara flera slags färdmedel"),
        (TRAIN | {"Hemkomst": "2026-03-09 19:00"}, "Hemkomsten ligger före avresan."),
        (TRAIN | {"Förrättning slutar": "2026-03-10 09:00"}, "Förrättningen slutar innan den börjar."),
        (TRAIN | {"Framme": "2026-03-10 10:30"}, "Framme ligger efter att förrättningen börjar."),
        (TRAIN | {"Framme": "2026-03-10 05:00"}, "Framme ligger före avresan."),
        (TRAIN | {"Hemfärd börjar": "2026-03-10 14:00"}, "Hemfärden börjar innan förrättningen slutar."),
        (TRAIN | {"Avresa": None}, "Avresa saknas."),
        (TRAIN | {"Förrättning börjar": None}, "Förrättning börjar saknas."),
        (TRAIN | {"Avresa": "i morgon"}, "i morgon"),
        (TRAIN | {"Månadslön": None}, "Månadslön saknas."),
        (TRAIN | {"Arbetstid ombord": 9}, "Arbetstid ombord är längre än restiden."),
        (TRAIN | {"Land": "Tysklnd"}, "Tyskland"),
        (TRAIN | {"Antal personer": 0}, "Antal personer måste vara minst 1."),
        (CAR | {"Km": None}, "Km saknas."),
    ],
)
def test_a_wrong_alternative_is_named_and_the_others_are_ranked(wrong: Row, said: str) -> None:
    flight, bad, car = compared(FLIGHT, wrong, CAR)
    assert said in bad["Anmärkning"]
    assert [bad[title] for title in ("Rang kostnad", "Rang utsläpp", "Rang samlad")] == ["", "", ""]
    assert any(isinstance(cell, CellError) for cell in bad.values())
    alone = compared(FLIGHT, CAR)
    assert [flight, car] == alone


def test_only_emissions_are_missing_where_only_they_need_the_distance() -> None:
    train, car = compared(TRAIN | {"Km": None}, CAR)
    assert train["Total kostnad"] == 2187.62  # as by hand above, with 50 kr of resetillägg
    assert [train["Rang kostnad"], train["Rang utsläpp"], train["Rang samlad"]] == [1, "", ""]
    assert isinstance(train["Kg CO2e"], CellError)
    assert "Km saknas." in train["Anmärkning"]
    assert [car["Rang kostnad"], car["Rang utsläpp"], car["Rang samlad"]] == [2, 1, 1]


def test_the_municipality_s_car_needs_a_distance_or_a_cost() -> None:
    pool = CAR | {"Färdmedel": "poolbil", "Km": None}
    without, stated = compared(pool, pool | {"Bilkostnad": 900}, policy="stockholm")
    assert isinstance(without["Total kostnad"], CellError)
    assert "beräknade km används inte för bilkostnad" in without["Anmärkning"]
    assert stated["Total kostnad"] == 2755.44  # 900 + 895,44 + 960


@pytest.mark.parametrize(("km", "away", "resetillagg"), [(100, None, 0), (102, None, 50), (102, 50, 0), (100, 51, 50)])
def test_half_the_distance_travelled_tells_whether_the_errand_is_near(
    km: int, away: int | None, resetillagg: int
) -> None:
    """Exactly 50 km away is within the usual place of business, and gives no travel supplement."""
    (line,) = compared(TRAIN | {"Km": km, "Avstånd till förrättningen": away})
    assert line["Resetillägg"] == resetillagg


def test_a_trip_there_and_back_is_two_single_trips_to_a_charge_per_trip(tmp_path: Path) -> None:
    rates = "[{fran: 2020-01-01, varde: 300, kalla: Prov, kontrollerad: 2026-01-01, status: bekräftad}]"
    charge = f"{{namn: flyg, titel: Flyg, bas: kr per enkelresa, fardmedel: [flyg], satser: {rates}}}"
    (line,) = compared(FLIGHT | {"Antal personer": 2}, policy=own_policy(tmp_path, f"klimatpaslag: [{charge}]"))
    assert line["Klimatpåslag"] == 1200  # 2 x 300 for each of two


def test_an_alternative_that_the_policy_bans_is_not_ranked() -> None:
    moped, car = compared(CAR | {"Färdmedel": "moped"}, CAR)
    assert moped["Bilkostnad"] == 0
    assert moped["Policyns rang"] == 0
    assert "inte tillåtet enligt policyn" in moped["Anmärkning"]
    assert [moped["Rang kostnad"], car["Rang kostnad"]] == ["", 1]


def test_a_night_on_the_way_without_berth_is_pointed_out() -> None:
    (line,) = compared(NIGHT_TRAIN_TO_BRUSSELS | {"Sovplats": None})
    assert "obruten över natten" in line["Anmärkning"]
    (line,) = compared(FLIGHT_TO_BRUSSELS | {"Hotell": None})
    assert "natt borta utan kostnad för hotell" in line["Anmärkning"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([], "Inga alternativ"),
        (None, "Inga alternativ"),
        ([HEADINGS], "Inga alternativ"),
        ([HEADINGS, [None] * len(HEADINGS)], "Inga alternativ"),
        ([["a", "b"], [1, 2]], "Ingen rubrikrad"),
        ([["Alternativ", "Biljett"], ["Tåg", 5]], "Kolumnen Färdmedel saknas"),
        ("tåg", "Ingen rubrikrad"),
    ],
)
def test_no_table_is_one_clear_error(table: Any, said: str) -> None:
    answer = compare_table(table, None)
    assert isinstance(answer, CellError)
    assert said in answer.message


def test_serial_numbers_of_a_spreadsheet_are_dates() -> None:
    # 2026-03-10 is day 46 091 of a spreadsheet's calendar.
    serial = TRAIN | {"Avresa": 46091 + 5.5 / 24, "Hemkomst": 46091 + 19.25 / 24}
    assert compared(serial) == compared(TRAIN)


def test_hundreds_of_alternatives_are_each_computed_as_if_alone() -> None:
    lines = compared(*[TRAIN, CAR, FLIGHT, DIGITAL] * 100)
    alone = compared(TRAIN, CAR, FLIGHT)
    for one, line in zip(alone, lines, strict=False):
        assert one["Total kostnad"] == line["Total kostnad"]
    assert {line["Rang kostnad"] for line in lines} == {1, 101, 201, 301}
