"""The travel claim as three persons fill it in. Every figure is worked out by hand beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.xlsx.forms.conftest import Made
from tests.xlsx.forms.travellers import ONE_DAY, THREE_DAYS, WEEK_ABROAD
from xlsx.forms.evaluation import Evaluated
from xlsx.forms.reserakning import write_reserakning

Recalculated = Callable[..., Made]


def column(made: Evaluated, name: str) -> list[Any]:
    """The filled cells of a table's column."""
    return [cell for (cell,) in made.names[name] if cell not in (None, "")]


def sums(made: Evaluated) -> dict[str, Any]:
    """The totals that are not 0, by their names without `summa_`."""
    return {
        name.removeprefix("summa_"): value
        for name, value in made.names.items()
        if name.startswith("summa_") and value not in (0, "")
    }


@pytest.fixture(scope="module")
def one_day(recalculated: Recalculated) -> Evaluated:
    return recalculated(write_reserakning, ONE_DAY)[1]


@pytest.fixture(scope="module")
def three_days(recalculated: Recalculated) -> Evaluated:
    return recalculated(write_reserakning, THREE_DAYS)[1]


@pytest.fixture(scope="module")
def week(recalculated: Recalculated) -> Evaluated:
    return recalculated(write_reserakning, WEEK_ABROAD)[1]


def remarks(made: Evaluated) -> list[tuple[str, str]]:
    return [(row[1], row[2]) for row in made.names["kontroller"][1:] if row[3]]


def test_one_day_by_train(one_day: Evaluated) -> None:
    """10 March 2026, a Tuesday, 06.00–19.30, working hours 08–17 (AB § 24)."""
    # Travel 06–09 and 16–19.30, the meeting in between is not travel: 06–08 and 17–19.30 are outside working hours.
    assert column(one_day, "stracka_timmar") == [2, 2.5]
    # 33 000 / 165 = 200 kr an hour; 4.5 h in the week, all below ten hours: 4.5 × 200 × 53.3 % = 479.70.
    assert [column(one_day, f"vecka_{name}") for name in ("timmar", "niva_1", "niva_2", "kr")] == [
        [4.5], [4.5], [0], [479.7],
    ]  # fmt: skip
    # No night away: no traktamente (IL 12:6), so the lunch takes nothing off, and external representation is no
    # benefit. Away more than four hours in Sweden: resetillägg 50 (L-7.3-1).
    # Tickets 2 × 345 are the unit's. Train 2 × 200 km × 0.007 kg/km = 2.8 kg, no charge on trains (L-2.2-3).
    # 50 + 479.70 + 43 = 572.70; with tickets 1 262.70. Taxable: 50 + 479.70.
    assert sums(one_day) == {
        "resetillagg": 50,
        "fardtidsersattning": 479.7,
        "utlagg": 43,
        "ersattning": 572.7,
        "skattepliktigt_totalt": 529.7,
        "utbetalning": 572.7,
        "biljetter": 690,
        "kostnad": 1262.7,
        "konterat": 1262.7,
        "utslapp": 2.8,
    }
    assert column(one_day, "dygn_del") == ["–"]
    assert column(one_day, "biljett_co2") == [pytest.approx(1.4), pytest.approx(1.4)]
    assert column(one_day, "formularfel") == []
    assert remarks(one_day) == []


def test_three_days_by_day(three_days: Evaluated) -> None:
    """4–6 March 2024, 12.30–18.15. Whole day 2024: 0.5 % of 57 300, to the nearest ten, 290 kr."""
    # Left after 12.00 and home before 19.00: half days (L-7.4-5, L-7.4-6).
    assert column(three_days, "dygn_del") == ["halv", "hel", "halv"]
    assert column(three_days, "dygn_belopp") == [145, 290, 145]
    # Dinner 35 % of 145 = 50.75 → 51. Hotel breakfast 20 % of 290 = 58 and lunch 35 % = 101.50 → 102: 160.
    # Hotel breakfast 20 % of 145 = 29 and an internal lunch 35 % → 51: 80 (IL 12:17).
    assert column(three_days, "dygn_avdrag") == [51, 160, 80]
    assert column(three_days, "dygn_traktamente") == [94, 130, 65]
    assert column(three_days, "dygn_skattefritt") == [94, 130, 65]
    assert column(three_days, "dygn_skattepliktigt") == [0, 0, 0]
    # A main meal is 40 % of 300 = 120 in 2024; hotel breakfast and internal meals are no benefit (L-7.4.2-T).
    assert column(three_days, "dygn_kostforman") == [120, 120, 0]
    # The night between the first two days was with friends: half of 290 (IL 12:13).
    assert column(three_days, "dygn_natt_kr") == [145, 0, 0]


def test_three_days_travel_time_and_car(three_days: Evaluated) -> None:
    # Monday 12.30–19: two hours after 17. Wednesday 15.30–18.15: 1.25 h; work 08–15 is none.
    assert column(three_days, "stracka_timmar") == [2, 1.25]
    # Nine hours were paid earlier in the week: one hour is left of the ten, 2.25 are above.
    # 30 000 for 75 % is 40 000 for full time, 242.4242 an hour: (1 × 53.3 % + 2.25 × 80 %) × 242.4242 = 565.58.
    assert [column(three_days, f"vecka_{name}") for name in ("niva_1", "niva_2", "kr")] == [[1], [2.25], [565.58]]
    # 342.5 km less the 12.5 km to work. BIA 2.90 a km, of which 2.50 tax-free (25 kr a mil, IL 12:5).
    assert column(three_days, "bil_mer") == [310, 330]
    assert column(three_days, "bil_totalt") == [899, 957]
    assert column(three_days, "bil_skattefri") == [775, 825]
    assert column(three_days, "bil_skattepliktig") == [124, 132]
    # Petrol 0.20871 kg/km on all kilometres: 64.7001 and 71.483175 kg; 1.50 kr a kg: 97.05 and 107.22.
    assert column(three_days, "bil_co2") == [pytest.approx(64.7001), pytest.approx(71.483175)]
    assert column(three_days, "bil_paslag") == [97.05, 107.22]


def test_three_days_in_all(three_days: Evaluated) -> None:
    # Resetillägg: 11.5 h, a whole day and 18.25 h away, 3 × 50. Outlays 120 + 260.50.
    # 289 + 145 + 150 + 565.58 + 1 600 + 256 + 380.50 = 3 386.08, less the advance of 500: 2 886.08.
    # The unit: 3 386.08 + hotel 1 450 + charge 97.05 + 107.22 = 5 040.35.
    # Taxable: 150 + 565.58 + 256 = 971.58.
    assert sums(three_days) == {
        "traktamente": 289,
        "skattefritt": 289,
        "nattraktamente": 145,
        "resetillagg": 150,
        "fardtidsersattning": 565.58,
        "bil_skattefri": 1600,
        "bil_skattepliktig": 256,
        "utlagg": 380.5,
        "ersattning": 3386.08,
        "skattepliktigt_totalt": 971.58,
        "forskott": 500,
        "utbetalning": 2886.08,
        "maltidsavdrag": 291,
        "kostforman": 240,
        "biljetter": 1450,
        "klimatpaslag": 204.27,
        "kostnad": 5040.35,
        "konterat": 5040.35,
        "utslapp": 136.18,
    }
    # A third of 5 040.35 is 1 680.1167: 1 680.12, up to two thirds 3 360.2333 − 1 680.12 = 1 680.11, and 1 680.12 kr.
    assert column(three_days, "kontering_belopp") == [1680.12, 1680.11, 1680.12]
    assert column(three_days, "formularfel") == []
    assert remarks(three_days) == [("L-7.11-1", "varning")]


def test_a_week_in_belgium_and_france_by_day(week: Evaluated) -> None:
    """13–21 May 2024; Belgium 894, France 935 (SKV 2024). Left before 12, home after 19: all days whole."""
    # 16 May: Belgium 06–17, France from 18.30; the train between them counts nowhere (L-7.4.1-2).
    assert column(week, "dygn_land") == ["Belgien"] * 4 + ["Frankrike"] * 5
    assert column(week, "dygn_del") == ["hel"] * 5 + ["ledig"] * 2 + ["hel"] * 2
    # Breakfast 15 % of 894 = 134.10 → 134, of 935 = 140.25 → 140; dinner 35 % of 894 = 312.90 → 313 (L-7.4.1-5).
    assert column(week, "dygn_avdrag") == [0, 447, 134, 134, 140, 0, 0, 0, 140]
    # The days of leave give nothing (L-7.6-2).
    assert column(week, "dygn_traktamente") == [894, 447, 760, 760, 795, 0, 0, 935, 795]
    # A private night in France: half of 935.
    assert column(week, "dygn_natt_kr") == [0, 0, 0, 0, 0, 0, 0, 467.5, 0]
    # External representation and hotel breakfasts are no benefit.
    assert column(week, "dygn_kostforman") == [0] * 9


def test_a_week_in_belgium_and_france_in_all(week: Evaluated) -> None:
    # Monday 06–08 is 2 h, Thursday 17–18.30 1.5 h, Tuesday 17–18.30 and 19–20.30 3 h.
    assert column(week, "stracka_timmar") == [2, 0, 1.5, 1.5, 1.5]
    # 41 250 / 165 = 250 kr; × 53.3 % = 133.25 an hour: 3.5 h 466.375 → 466.38, 3 h 399.75.
    assert column(week, "vecka_kr") == [466.38, 399.75]
    # Flights in Europe 0.14825 kg/km: 1 280 km 189.76 kg, 1 550 km 229.7875 kg; train 310 × 0.024 = 7.44 kg.
    assert column(week, "biljett_co2") == [189.76, 7.44, pytest.approx(229.7875)]
    # 1.50 kr a kg on flights: 284.64 and 344.68125 → 344.68; nothing on trains.
    assert column(week, "biljett_paslag") == [284.64, 0, 344.68]
    # Traktamente 894 + 447 + 2 × 760 + 795 + 935 + 795 = 5 386, reduced by 447 + 2 × 134 + 2 × 140 = 995.
    # 5 386 + 467.50 + 466.38 + 399.75 + the own ticket 650 = 7 369.63. The chosen day's ticket cost
    # 1 650 − 1 200 = 450 more, which the traveller bears (L-7.6-6): 6 919.63. No resetillägg abroad.
    # The unit: 7 369.63 + 2 100 + 1 650 + 5 400 + 629.32 − 450 = 16 698.95.
    assert sums(week) == {
        "traktamente": 5386,
        "skattefritt": 5386,
        "nattraktamente": 467.5,
        "fardtidsersattning": 866.13,
        "utlagg": 650,
        "ersattning": 7369.63,
        "skattepliktigt_totalt": 866.13,
        "egen_forlangning": 450,
        "utbetalning": 6919.63,
        "maltidsavdrag": 995,
        "biljetter": 9150,
        "klimatpaslag": 629.32,
        "kostnad": 16698.95,
        "konterat": 16698.95,
        "utslapp": 426.99,
    }
    assert column(week, "formularfel") == []
    # The dearer ticket, the health insurance card and the passport.
    assert remarks(week) == [("L-7.6-4", "varning"), ("L-6.3-7", "info"), ("L-6.3-8", "info")]


def test_the_same_week_under_another_policy(recalculated: Recalculated) -> None:
    """Stockholm: 50 % of the price of flights (S-14), who approves a flight (S-13c), no resetillägg."""
    made = recalculated(write_reserakning, WEEK_ABROAD, "stockholm")[1]
    assert column(made, "biljett_paslag") == [1050, 0, 825]
    assert made.names["summa_klimatpaslag"] == 1875
    assert made.names["godkannare"] == "förvaltningschef/bolagschef"
    assert made.names["summa_traktamente"] == 5386
    assert ("S-13c", "stopp") in remarks(made)


def test_steps_behind_the_figures(three_days: Evaluated) -> None:
    """The sheet Underlag lists the figures used with source, date in force and status."""
    cells = three_days.values["Underlag"]
    lines = [[cells[f"{letter}{row}"] for letter in "ABCDEFGH"] for row in range(6, 60)]
    assert {line[0] for line in lines} == {"Traktamente", "Färdtidsersättning", "Bilersättning", ""}
    assert any(line[1].endswith("Normalbelopp (Sverige)") and line[2:4] == [290, "kr"] for line in lines)
    assert three_days.names["policy"] == "linkoping"
    mileage = next(line for line in lines if line[1].startswith("Bilersättning enligt BIA"))
    assert mileage[2:5] == [2.9, "kr per km", "BIA"] and mileage[6:] == ["2019-01-01", "obekräftad"]
    totals = [line[2] for line in lines if line[1] in ("Traktamente", "Färdtidsersättning", "Bilersättning")]
    assert totals == [289, 565.58, 899]
