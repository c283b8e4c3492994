"""Rules that the three persons do not meet: boundaries, long stays, berths, kinds of cars, what is bought for whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from tests.xlsx.forms.conftest import Made
from xlsx.forms.evaluation import Evaluated
from xlsx.forms.reserakning import write_reserakning

WHO = {"namn": "Eva Ek", "anstallningsnr": "7", "roll": "anställd", "manadslon": 33000}


@pytest.fixture(scope="module")
def claim(recalculated: Callable[..., Made]) -> Callable[..., Evaluated]:
    """Gives a claim with these inputs, under a policy."""

    def made(policy: str = "linkoping", **inputs: Any) -> Evaluated:
        return recalculated(write_reserakning, {**WHO, **inputs}, policy)[1]

    return made


def column(made: Evaluated, name: str) -> list[Any]:
    return [cell for (cell,) in made.names[name] if cell not in (None, "")]


def test_twelve_and_nineteen_sharp(claim: Callable[..., Evaluated]) -> None:
    """Whole days by the policy (L-7.4-5, L-7.4-6), half by law (IL 12:10): the difference is taxed."""
    trip = {"avresa": datetime(2024, 3, 4, 12), "hemkomst": datetime(2024, 3, 6, 19)}
    made = claim(**trip)
    assert column(made, "dygn_traktamente") == [290, 290, 290]
    assert column(made, "dygn_skattefritt") == [145, 290, 145]
    # 145 + 145, and resetillägg 3 × 50.
    assert (made.names["summa_skattepliktigt"], made.names["summa_skattepliktigt_totalt"]) == (290, 440)
    by_law = claim("lagen", **trip)
    assert column(by_law, "dygn_traktamente") == [145, 290, 145]
    assert by_law.names["summa_skattepliktigt_totalt"] == 0


def test_after_three_months_at_one_place(claim: Callable[..., Evaluated]) -> None:
    """From 1 January three months end with 31 March: 70 % of 300 per whole day (IL 12:21)."""
    made = claim(avresa=datetime(2026, 4, 7, 7), hemkomst=datetime(2026, 4, 9, 20), langtid_fran=date(2026, 1, 1))
    assert column(made, "dygn_traktamente") == [210, 210, 210]


def test_a_berth_and_own_working_hours(claim: Callable[..., Evaluated]) -> None:
    """Tuesday 20.00 to Wednesday 07.30 by night train, working hours 07–16."""
    night = {
        "avresa": datetime(2026, 3, 10, 20),
        "hemkomst": datetime(2026, 3, 11, 15),
        "arbetstid_start": time(7),
        "arbetstid_slut": time(16),
        "stracka_borjar": [datetime(2026, 3, 10, 20), datetime(2026, 3, 11, 7, 30)],
        "stracka_slutar": [datetime(2026, 3, 11, 7, 30), datetime(2026, 3, 11, 12)],
        "stracka_aktivitet": ["resa", "transport av brukare"],
    }
    # 20–22 and 06–07 (L-7.5-11): 3 h × 200 × 53.3 % = 319.80.
    assert claim(**night, stracka_sovplats=["ja"]).names["summa_fardtidsersattning"] == 319.8
    # Without a berth 20–07, 11 h: 10 × 200 × 53.3 % + 1 × 200 × 80 % = 1 226.
    without = claim(**night)
    assert [column(without, f"vecka_{name}") for name in ("timmar", "niva_1", "niva_2")] == [[11], [10], [1]]
    assert without.names["summa_fardtidsersattning"] == 1226


def test_less_than_half_an_hour_a_week(claim: Callable[..., Evaluated]) -> None:
    """17.00–17.29 pays nothing by itself, but all of it after two minutes earlier in the week (AB § 24)."""
    day = datetime(2026, 3, 10)
    trip = {"avresa": day.replace(hour=13), "hemkomst": day.replace(hour=17, minute=29),
            "stracka_borjar": [day.replace(hour=15)], "stracka_slutar": [day.replace(hour=17, minute=29)]}  # fmt: skip
    assert claim(**trip).names["summa_fardtidsersattning"] == 0
    # 29 minutes × 200 × 53.3 % / 60 = 51.5233.
    assert claim(**trip, vecka_fore=[0.05]).names["summa_fardtidsersattning"] == 51.52


def test_kinds_of_cars(claim: Callable[..., Evaluated]) -> None:
    """BIA 3.70 with an agreement, 1.55 for a benefit car; tax-free 2.50, 1.20 and 0.95 a km from 2023."""
    made = claim(
        avresa=datetime(2026, 3, 10, 8),
        hemkomst=datetime(2026, 3, 10, 16),
        bilavtal="ja",
        bil_datum=[date(2026, 3, 10)] * 4,
        bil_slag=["egen", "förmånsbil diesel", "förmånsbil el", "moped"],
        bil_km=[100, 100, 100, 100],
    )
    assert column(made, "bil_totalt") == [370, 155, 155, 0]
    assert column(made, "bil_skattefri") == [250, 120, 95, 0]
    assert column(made, "bil_skattepliktig") == [120, 35, 60, 0]
    # 120 + 35 + 60 and resetillägg 50.
    assert made.names["summa_skattepliktigt_totalt"] == 265


def test_a_private_night_must_be_whole(claim: Callable[..., Evaluated]) -> None:
    """Home at 03.00: only the first night is whole, 00–06 (IL 12:6); half of 300 kr (IL 12:13)."""
    made = claim(avresa=datetime(2026, 3, 10, 8), hemkomst=datetime(2026, 3, 12, 3), dygn_natt=["ja", "ja"])
    assert column(made, "dygn_natt_kr") == [150, 0, 0]
    assert "Dygn, rad 6, Egen natt: natten 00–06 var inte hel." in column(made, "formularfel")


def test_who_paid_what(claim: Callable[..., Evaluated]) -> None:
    """Own tickets and hotels are reimbursed with the receipt, fines never (L-7.13-1), refunds are taken off."""
    made = claim(
        avresa=datetime(2026, 3, 10, 8),
        hemkomst=datetime(2026, 3, 10, 11),
        utlagg_datum=[date(2026, 3, 10)] * 2,
        utlagg_slag=["vaccination", "böter"],
        utlagg_kvitto=["1", "2"],
        utlagg_belopp=[450, 1000],
        biljett_slag=["buss", "hotell", "taxi"],
        biljett_km=[40, None, 12],
        biljett_pris=[62, 1200, None],
        biljett_betald_av=["resenären", "resenären", None],
        biljett_kvitto=["3", "4"],
        aterbetalning=31,
    )
    # 450 + 62 + 1 200; away three hours, so no resetillägg; the refund of 31 is the municipality's.
    assert made.names["summa_utlagg"] == made.names["summa_ersattning"] == 1712
    assert made.names["summa_utbetalning"] == 1681
    assert made.names["summa_biljetter"] == 0
    assert made.names["summa_kostnad"] == 1681
    # Coach 40 km × 0.027 kg, taxi 12 km × 0.25982 kg; neither bears a charge in Linköping (L-2.2-3).
    assert column(made, "biljett_co2") == [pytest.approx(1.08), pytest.approx(3.11784)]
    assert made.names["summa_klimatpaslag"] == 0


def test_a_free_eve_is_the_policys(claim: Callable[..., Evaluated]) -> None:
    """Christmas Eve 2026, a Thursday, 09–12: free from work in Linköping, an ordinary working day by law alone."""
    eve = datetime(2026, 12, 24)
    trip = {
        "avresa": eve.replace(hour=9),
        "hemkomst": eve.replace(hour=13),
        "stracka_borjar": [eve.replace(hour=9)],
        "stracka_slutar": [eve.replace(hour=12)],
    }
    assert column(claim(**trip), "stracka_timmar") == [3]
    assert column(claim("lagen", **trip), "stracka_timmar") == [0]


def test_the_end_must_come_after_the_beginning(skeleton: Callable[..., Any]) -> None:
    """The cells of the return and of a leg's end refuse a point in time before the beginning."""
    book = openpyxl.load_workbook(skeleton(write_reserakning))
    rules = {
        (name, str(rule.sqref)): rule
        for name in ("Reseräkning", "Resväg")
        for rule in book[name].data_validations.dataValidation
        if rule.operator == "greaterThan"
    }
    assert [rule.formula1 for rule in rules.values()] == ["avresa", "A5"]
    assert all(rule.error.endswith("Slutet ska vara senare än början.") for rule in rules.values())
