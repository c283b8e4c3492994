"""Charges: what they need and when, the dates of their steps, and how they add up or replace each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.engine import CellError, Column, ErrorBook
from core.engine.clock import day_number
from core.engine.levels import Frame
from core.klimat.rules import FUELS
from core.law import KEYS, law
from core.policies import policy_names
from core.vocabulary import FARDMEDEL, TYP, ZON

WritePolicy = Callable[..., Path]


def own_charge(name: str, basis: str, rate: Any, **more: Any) -> dict[str, Any]:
    rates = [{"fran": "2020-01-01", "varde": rate, "kalla": "Ett beslut", "status": "obekräftad"}]
    return {"namn": name, "titel": name.title(), "bas": basis, "satser": rates, **more}


def rate_of(policy: str, name: str, day: str) -> Any:
    entry = law(policy).figures[f"klimatsats_{name}"].entry(day_number(dt.date.fromisoformat(day)))
    assert entry is not None
    return entry


STEPS = [
    # policy, charge, day of the step, parts per ten thousand or öre the day before and on the day
    ("helsingborg", "flyg_och_bil", "2010-01-01", 0, 400),
    ("helsingborg", "flyg_och_bil", "2017-06-01", 1000, 5000),
    ("tomelilla", "flyg", "2020-12-01", 0, 3000),
    ("tomelilla", "flyg", "2022-01-01", 3000, 5000),
    ("tomelilla", "flyg", "2024-01-01", 7000, 9000),
    ("tomelilla", "egen_bil", "2022-05-01", 0, 3000),
    ("su", "flyg", "2015-01-01", 0, 11800),
    ("su", "flyg", "2020-01-01", 11800, 0),
    ("kth", "varlden", "2026-01-01", 55000, 0),
    ("slu", "inrikes", "2023-01-01", 10000, 20000),
    ("slu", "europa", "2023-01-01", 20000, 0),
    ("slu", "utrikes", "2023-01-01", 0, 30000),
    ("vgr", "korta_flyg", "2020-01-01", 0, 100000),
    ("region_orebro_lan", "bil", "2018-09-11", 150, 300),
    ("region_vastmanland", "flyg", "2017-07-01", 0, 3000),
]


@pytest.mark.parametrize(("policy", "name", "day", "before", "on"), STEPS)
def test_step_is_in_force_on_its_day(policy: str, name: str, day: str, before: int, on: int) -> None:
    eve = (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
    assert (rate_of(policy, name, eve).value, rate_of(policy, name, day).value) == (before, on)


def test_an_ended_charge_says_so() -> None:
    assert rate_of("su", "flyg", "2025-01-01").source.startswith("Upphörd")
    assert rate_of("kth", "norden", "2026-01-01").source.startswith("Upphörd")


def test_computed_steps_are_not_confirmed() -> None:
    assert rate_of("tomelilla", "flyg", "2021-01-01").status == "bekräftad"
    assert rate_of("tomelilla", "flyg", "2024-06-01").status == "obekräftad"
    assert rate_of("stockholm", "flyg", "2025-01-01").status == "förslag"


def test_no_rate_is_called_confirmed_long_after_its_source() -> None:
    confirmed_today = {
        (name, figure.name)
        for name in policy_names()
        for figure in law(name).policy.figures.values()
        if figure.name.startswith("klimatsats_")
        and (found := figure.entry(day_number(dt.date(2026, 11, 1)))) is not None
        and found.status == "bekräftad"
    }
    # Ended by decision, or stated for this very year.
    assert confirmed_today == {
        ("su", "klimatsats_flyg"),
        ("slu", "klimatsats_europa"),
        ("slu", "klimatsats_varlden"),
        ("tomelilla", "klimatsats_flyg"),
    }


@pytest.mark.parametrize("policy", policy_names())
@pytest.mark.parametrize("mode", ["tåg", "cykel", "digitalt"])
def test_modes_outside_every_charge_need_nothing(policy: str, mode: str, trip: Any) -> None:
    assert trip(policy, fardmedel=mode, datum=dt.date(2021, 3, 1)) == 0


def test_a_charged_mode_names_what_it_needs(trip: Any) -> None:
    assert trip("stockholm", fardmedel="flyg") == CellError("#VALUE!", "Kostnad saknas.")
    assert trip("linkoping", fardmedel="flyg", zon="inrikes") == CellError("#VALUE!", "Km saknas.")


def test_missing_emission_factor_is_named(trip: Any) -> None:
    error = trip("linkoping", "utslapp", fardmedel="taxi", typ="bensin", km=10)
    assert error == CellError("#N/A", "Utsläppsfaktor saknas för taxi, bensin i SE-kommun 2025.")
    assert trip("linkoping", "utslapp", fardmedel="spårvagn", km=10) == pytest.approx(0.3609)
    # The charge is not for taxis, so the factor that is missing is not missed.
    assert trip("linkoping", fardmedel="taxi", typ="bensin", km=10) == 0


@pytest.mark.parametrize(
    ("basis", "rate", "stated", "kronor"),
    [
        ("procent av kostnaden", 50, {"kostnad": "3333.33"}, "1666.67"),  # 1 666.665, half up
        ("procent av kostnaden", "12.5", {"kostnad": "99.96"}, "12.5"),  # 12.495, half up
        ("procent av kostnaden", 100, {"kostnad": "0.01"}, "0.01"),
        ("kr per enkelresa", "118", {"enkelresor": 3}, "354"),
        ("kr per mil", 3, {"km": "0.15"}, "0.05"),  # 0.045 kr, half up
        ("kr per kg CO2e", "1.5", {"utslapp": 0.35}, "0.53"),  # 0.525 kr, half up
        ("kr per liter", "0.59", {"liter": 2.5}, "1.48"),  # 1.475 kr, half up
    ],
)
def test_each_basis_rounds_half_up(
    basis: str, rate: Any, stated: dict[str, Any], kronor: str, write_policy: WritePolicy, trip: Any
) -> None:
    path = write_policy(klimatpaslag=[own_charge("paslag", basis, rate)])
    assert trip(path, fardmedel="flyg", **stated) == Decimal(kronor)


def test_charges_are_summed(write_policy: WritePolicy, trip: Any) -> None:
    both = [own_charge("andel", "procent av kostnaden", 10), own_charge("fast", "kr per enkelresa", 75)]
    assert trip(write_policy(klimatpaslag=both), fardmedel="flyg", kostnad=1000) == 175  # 100 + 75 kr


def test_a_charge_in_place_of_another(write_policy: WritePolicy, trip: Any) -> None:
    route = own_charge("rutt", "kr per enkelresa", 1000, rutter=[{"mellan": ["GOT"], "och": ["ARN"]}])
    both = [own_charge("alla", "kr per enkelresa", 250), {**route, "i_stallet_for": ["alla"]}]
    path = write_policy(klimatpaslag=both)
    assert trip(path, fardmedel="flyg", fran="ARN", till="GOT") == 1000
    assert trip(path, fardmedel="flyg", fran="ARN", till="UME") == 250
    before = dt.date(2019, 12, 31)
    assert trip(path, fardmedel="flyg", fran="ARN", till="GOT", datum=before) == 0
    assert "ange sträckan" in trip(path, fardmedel="flyg").message


def test_one_known_end_is_enough_where_the_other_may_be_anywhere(trip: Any) -> None:
    assert trip("region_uppsala", fardmedel="flyg", zon="inrikes", till="GOT", kostnad=1000) == 300


def test_a_misread_place_is_no_error_of_a_charge_without_routes() -> None:
    book = ErrorBook()
    wrong = np.array([book.number(CellError("#VALUE!", "Okänd plats"))], np.int32)
    columns = {
        "fardmedel": Column(np.array([FARDMEDEL["flyg"]])),
        "datum": Column(np.array([day_number(dt.date(2025, 5, 5))])),
        "kostnad": Column(np.array([100_000])),
        "fran_plats": Column(np.array([-1]), wrong),
    }
    made = law("stockholm").run_blocks(["klimatpaslag"], columns, {"resa": Frame(1)}, book=book)
    assert made["klimatpaslag"].errors is None
    assert made["klimatpaslag"].values.tolist() == [50_000]
    made = law("region_uppsala").run_blocks(["klimatpaslag"], columns, {"resa": Frame(1)}, book=book)
    errors = made["klimatpaslag"].errors
    assert errors is not None and book[int(errors[0])].message == "Okänd plats"


def test_a_type_that_is_not_known_where_the_charge_lists_types(write_policy: WritePolicy, trip: Any) -> None:
    listed = own_charge("fossilt", "kr per mil", 5, fardmedel=["poolbil"], typ=["bensin", "diesel"])
    path = write_policy(klimatpaslag=[listed])
    assert trip(path, fardmedel="poolbil", typ="diesel", km=10) == 5
    assert trip(path, fardmedel="poolbil", typ="el", km=10) == 0
    for unknown in ({}, {"typ": "okänt"}):
        message = trip(path, fardmedel="poolbil", km=10, **unknown).message
        assert message == "Fossilt: ange drivmedel eller klass (bensin, diesel)."
    assert trip(path, fardmedel="flyg", km=10) == 0
    with_unknown = write_policy(klimatpaslag=[{**listed, "typ": ["bensin", "okänt"]}])
    assert trip(with_unknown, fardmedel="poolbil", km=10) == 5


def test_a_type_that_is_not_known_is_charged_where_exceptions_are_listed(trip: Any) -> None:
    assert trip("landskrona", fardmedel="privat bil", kostnad=100) == 4
    assert trip("landskrona", fardmedel="privat bil", typ="el", kostnad=100) == 0


@pytest.mark.parametrize(
    ("zones", "charged"),
    [
        (["inrikes"], {"kommunen", "inrikes"}),
        (["kommunen"], {"kommunen"}),
        (["utrikes"], {"Norden", "Europa", "övriga världen", "utrikes"}),
        (["Norden", "Europa", "övriga världen"], {"Norden", "Europa", "övriga världen", "utrikes"}),
        (["Norden"], {"Norden"}),
    ],
)
def test_zones_of_a_charge(zones: list[str], charged: set[str], write_policy: WritePolicy, trip: Any) -> None:
    path = write_policy(klimatpaslag=[own_charge("flyg", "kr per enkelresa", 10, zon=zones)])
    made = {zone: trip(path, fardmedel="flyg", zon=zone) for zone in ZON.words}
    assert {zone for zone, value in made.items() if value == 10} == charged
    unclear = {zone for zone, value in made.items() if isinstance(value, CellError)}
    assert unclear == ({"utrikes"} if zones == ["Norden"] else set())
    assert "ange zon" in trip(path, fardmedel="flyg").message


def test_rows_of_a_sheet_are_charged_one_by_one() -> None:
    modes = ["flyg", "tåg", "privat bil", "flyg", "flyg"]
    columns = {
        "fardmedel": Column(np.array([FARDMEDEL[mode] for mode in modes])),
        "datum": Column(np.array([day_number(dt.date(year, 6, 1)) for year in (2016, 2018, 2018, 2017, 2018)])),
        "kostnad": Column(np.array([100_00, 100_00, 100_00, 100_00, 0]), given=np.array([True] * 4 + [False])),
    }
    result = law("helsingborg").run(["klimatpaslag"], columns, {"resa": Frame(5)})
    # 4 % in 2016, nothing on trains, 50 % on cars and from 1 June 2017; the last row has no cost.
    assert result.values("klimatpaslag")[:4].tolist() == [400, 0, 5000, 5000]
    assert [result.error("klimatpaslag", row) is not None for row in range(5)] == [False] * 4 + [True]


def test_fuels_have_the_codes_of_their_figures() -> None:
    assert tuple(KEYS["drivmedel"]) == FUELS


@pytest.mark.parametrize("fuel", ["bensin", "diesel", "e85", "hvo"])
def test_litres_are_emissions_by_the_fuels_own_figure(fuel: str) -> None:
    per_litre = {"bensin": 2.890, "diesel": 2.853, "e85": 1.181, "hvo": 0.476}  # Energimyndigheten 2016
    columns = {
        "typ": Column(np.array([TYP[fuel]])),
        "utslapp": Column(np.array([100.0])),
        "datum": Column(np.array([day_number(dt.date(2016, 5, 1))])),
    }
    result = law("lagen").run(["liter"], columns, {"resa": Frame(1)})
    assert result.values("liter")[0] == pytest.approx(100 / per_litre[fuel])


def test_a_fuel_without_litres_is_named() -> None:
    columns = {
        "typ": Column(np.array([TYP["el"], TYP["okänt"], -1, TYP["bensin"]])),
        "utslapp": Column(np.array([1.0, 1.0, 1.0, 2.89])),
        "datum": Column(np.full(4, day_number(dt.date(2020, 5, 1)))),
    }
    result = law("lagen").run(["liter"], columns, {"resa": Frame(4)})
    messages = [error.message if (error := result.error("liter", row)) else "" for row in range(4)]
    assert messages[0].startswith("Utsläpp per liter saknas för el.")
    assert messages[1].startswith("Utsläpp per liter saknas för okänt.")
    assert messages[2].startswith("Drivmedel saknas. Skriv bensin, diesel, e85, hvo")
    assert messages[3] == ""
    assert result.values("liter")[3] == pytest.approx(1.0)


def test_a_sheets_own_litres_go_before() -> None:
    columns = {
        "fardmedel": Column(np.full(2, FARDMEDEL["verksamhetsbil"])),
        "typ": Column(np.full(2, TYP["bensin"])),
        "km": Column(np.full(2, 100_000)),
        "datum": Column(np.full(2, day_number(dt.date(2020, 5, 1)))),
        "kostnad": Column(np.zeros(2, np.int64), given=np.zeros(2, bool)),
        "liter": Column(np.array([10.0, 0.0]), given=np.array([True, False])),
    }
    result = law("orebro").run(["klimatpaslag"], columns, {"resa": Frame(2)})
    # 10 l × 0.59 kr; 100 km × 0.20871 kg / 2.890 kg per litre × 0.59 kr = 4.2609 kr
    assert result.values("klimatpaslag").tolist() == [590, 426]
