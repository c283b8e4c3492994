"""Three departments' budgets, filled in as they would be, every figure against a calculation by hand.

Policy Linköping, figures of 2026: maximibelopp 300 kr and half a day 150 (IL 12 kap. 10-11 §§; leaving by 12.00 and
home by 19.00 or later are whole days, section 7.4), normalbelopp Belgium 897 and Denmark 1 226 kr, breakfast 20 per
cent at home, resetillägg 50 kr per day of more than four hours (7.3), travel time 53.3 per cent of the hourly pay,
which is the month's pay / 165, car 2.90 and with agreement 3.70 kr/km, the municipality's cars 25 kr per mil,
climate charge 1.50 kr per kg CO2e of flights and cars (2.2). Kg CO2e per km: train 0.007, long-distance bus 0.027, car
of unknown fuel 0.21124, electric 0.014, taxi 0.25982, flight economy domestic 0.26278 and in Europe 0.14825.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from typing import Any, Final

import pytest

from tests.xlsx.forms.budgets import MONTHS, Budgeted, Trip, overview, plan
from xlsx.forms.resebudget import write_resebudget
from xlsx.forms.resebudget.layout import KINDS

Row = Mapping[str, Any]
DAY: Final = {"avresa_klocka": time(7), "hemkomst_klocka": time(18), "manadslon": 33_000}

# A unit that only goes by train; 33 000 / 165 = 200 kr per hour, 53.3 % = 106.60.

TRAIN_TRIPS: Final = (
    {
        "enhet": "Kultur",
        "manad": "mars",
        "resa": "Nätverk",
        "antal": 6,
        "personer": 2,
        "fardmedel": "tåg",
        "fran": "Linköping",
        "till": "Stockholm",
        "biljett": 640,
        "km": 420,
        "fardtid": 2.5,
    },
    {
        "enhet": "Kultur",
        "manad": "november",
        "resa": "Kurs",
        "antal": 1,
        "personer": 3,
        "fardmedel": "tåg",
        "till": "Malmö",
        "natter": 2,
        "biljett": 980,
        "hotell": 1150,
        "km": 960,
        "fardtid": 6,
        "ovrigt": 1500,
    },
)
TRAIN_FORM: Final = {
    **DAY,
    "budgetar": 2026,
    "enheter_namn": ["Kultur"],
    "enheter_ram_kr": [40_000],
    "enheter_ram_kg": [50],
    **plan(TRAIN_TRIPS),
}
TRAIN: Final = (
    {
        # Away 11 h on one day: 50 x 2 persons x 6 trips. 2.5 h x 106.60 = 266.50, x 12. 640 x 12.
        "traktamente": 0,
        "resetillagg": 600,
        "fardtidsersattning": 3198,
        "bilersattning": 0,
        "kommunens_bilar": 0,
        "biljetter": 7680,
        "hotell": 0,
        "ovrigt": 0,
        "klimatpaslag": 0,
        "totalt": 11_478,
        "per_resa": 1913,
        # 420 x 0.007 = 2.94 per person, 5.88 per trip, 35.28 in all.
        "km": 420,
        "kg_resa": 5.88,
        "kg": 35.28,
        "antal": 6,
    },
    {
        # 300 + 300 + 150 (home 18.00) = 750 x 3. Three days of more than 4 h: 150 x 3. 6 h x 106.60 = 639.60 x 3.
        "traktamente": 2250,
        "resetillagg": 450,
        "fardtidsersattning": 1918.8,
        "bilersattning": 0,
        # 980 x 3; 2 nights x 1 150 x 3; 1 500 x 3. 2 250 + 450 + 1 918.80 + 2 940 + 6 900 + 4 500 = 18 958.80.
        "kommunens_bilar": 0,
        "biljetter": 2940,
        "hotell": 6900,
        "ovrigt": 4500,
        "klimatpaslag": 0,
        # 960 x 0.007 = 6.72 x 3.
        "totalt": 18_958.8,
        "per_resa": 18_958.8,
        "km": 960,
        "kg_resa": 20.16,
        "kg": 20.16,
        "antal": 1,
    },
)

# A unit with cars and a flight; 36 300 / 165 = 220 kr per hour, 53.3 % = 117.26. Breakfast comes with the hotel.

CAR_TRIPS: Final = (
    {
        "enhet": "Teknik",
        "manad": "april",
        "resa": "Tillsyn",
        "antal": 24,
        "personer": 1,
        "fardmedel": "privat bil",
        "km": 120,
    },
    {
        "enhet": "Teknik",
        "manad": "april",
        "resa": "Nära",
        "antal": 10,
        "personer": 1,
        "fardtid": 1,
        "fardmedel": "privat bil",
        "km": 80,
        "bilavtal": "ja",
    },
    {
        "enhet": "Teknik",
        "manad": "september",
        "resa": "Mässa",
        "antal": 1,
        "personer": 4,
        "natter": 1,
        "fardmedel": "poolbil",
        "typ": "el",
        "km": 560,
        "hotell": 1200,
        "fardtid": 3,
    },
    {
        "enhet": "Teknik",
        "manad": "maj",
        "resa": "Möte",
        "antal": 1,
        "personer": 2,
        "fardmedel": "flyg",
        "typ": "ekonomi",
        "fran": "ARN",
        "till": "GOT",
        "km": 790,
        "biljett": 2400,
    },
)
CAR_FORM: Final = {
    **DAY,
    "manadslon": 36_300,
    "budgetar": 2026,
    "hotellfrukost": "ja",
    "bilkostnad_mil": 32,
    "enheter_namn": ["Teknik"],
    "enheter_ram_kr": [29_000],
    "enheter_ram_kg": [1500],
    **plan(CAR_TRIPS),
}
CARS: Final = (
    {
        # 60 km away is outside the place of business: 50 x 24. 120 x 2.90 = 348 x 24.
        "traktamente": 0,
        "resetillagg": 1200,
        "fardtidsersattning": 0,
        "bilersattning": 8352,
        # 120 x 0.21124 = 25.3488 kg, 25.349 a trip; x 1.50 = 38.02 kr, x 24 = 912.48.
        "kommunens_bilar": 0,
        "biljetter": 0,
        "hotell": 0,
        "ovrigt": 0,
        "klimatpaslag": 912.48,
        "totalt": 10_464.48,
        "per_resa": 436.02,
        "km": 120,
        "kg_resa": 25.349,
        "kg": 608.376,
        "antal": 24,
    },
    {
        # 40 km away is within it: no resetillägg, no pay for travel time. 80 x 3.70 = 296 x 10.
        "traktamente": 0,
        "resetillagg": 0,
        "fardtidsersattning": 0,
        "bilersattning": 2960,
        "kommunens_bilar": 0,
        # 80 x 0.21124 = 16.8992 kg; x 1.50 = 25.35 (25.3488), x 10.
        "biljetter": 0,
        "hotell": 0,
        "ovrigt": 0,
        "klimatpaslag": 253.5,
        "totalt": 3213.5,
        "per_resa": 321.35,
        "km": 80,
        "kg_resa": 16.899,
        "kg": 168.99,
        "antal": 10,
    },
    {
        # 300 + 150 less a breakfast, 20 % of 150 = 30: 420 x 4. Two days: 100 x 4. 3 h x 117.26 = 351.78 x 4.
        "traktamente": 1680,
        "resetillagg": 400,
        "fardtidsersattning": 1407.12,
        "bilersattning": 0,
        # The unit's own 32 kr x 56 mil, one car. 1 200 x 4. 560 x 0.014 = 7.84 kg per car, x 1.50 = 11.76.
        "kommunens_bilar": 1792,
        "biljetter": 0,
        "hotell": 4800,
        "ovrigt": 0,
        "klimatpaslag": 11.76,
        # 1 680 + 400 + 1 407.12 + 1 792 + 4 800 + 11.76
        "totalt": 10_090.88,
        "per_resa": 10_090.88,
        "km": 560,
        "kg_resa": 7.84,
        "kg": 7.84,
        "antal": 1,
    },
    {
        # One day: 50 x 2. 2 400 x 2.
        "traktamente": 0,
        "resetillagg": 100,
        "fardtidsersattning": 0,
        "bilersattning": 0,
        "kommunens_bilar": 0,
        # 790 x 0.26278 = 207.5962 kg each, 415.1924 for two; x 1.50 = 311.39 each.
        "biljetter": 4800,
        "hotell": 0,
        "ovrigt": 0,
        "klimatpaslag": 622.78,
        "totalt": 5522.78,
        "per_resa": 5522.78,
        "km": 790,
        "kg_resa": 415.192,
        "kg": 415.192,
        "antal": 1,
    },
)

# Several units, abroad, next year's budget with this year's figures. Away 06.00-20.00. Miljö pays 39 600 a month:
# 240 kr per hour, 53.3 % = 127.92; the others 33 000: 106.60.

WIDE_TRIPS: Final = (
    {
        "enhet": "Skola",
        "manad": "oktober",
        "resa": "Bryssel",
        "antal": 1,
        "personer": 2,
        "land": "Belgien",
        "fran": "ARN",
        "till": "BRU",
        "fardmedel": "flyg",
        "typ": "ekonomi",
        "natter": 3,
        "biljett": 4200,
        "hotell": 1500,
        "km": 2656,
        "fardtid": 6,
        "ovrigt": 800,
    },
    {
        "enhet": "Miljö",
        "manad": "februari",
        "resa": "Köpenhamn",
        "antal": 2,
        "personer": 1,
        "land": "Danmark",
        "fardmedel": "tåg",
        "typ": "Norden",
        "natter": 1,
        "biljett": 1100,
        "hotell": 1400,
        "km": 900,
        "fardtid": 4,
    },
    {
        "enhet": "Miljö",
        "manad": "februari",
        "resa": "Besök",
        "antal": 1,
        "personer": 1,
        "fardmedel": "taxi",
        "biljett": 900,
        "km": 30,
    },
    {"enhet": "It", "manad": "juni", "resa": "Möten", "antal": 10, "personer": 5, "fardmedel": "digitalt"},
    {
        "enhet": "It",
        "manad": "juni",
        "resa": "Norrköping",
        "antal": 4,
        "personer": 3,
        "fardmedel": "buss",
        "typ": "långväga",
        "biljett": 160,
        "km": 90,
    },
)
WIDE_FORM: Final = {
    "budgetar": 2027,
    "belopp_ar": 2026,
    "avresa_klocka": time(6),
    "hemkomst_klocka": time(20),
    "hotellfrukost": "nej",
    "manadslon": 33_000,
    "enheter_namn": ["Skola", "Miljö", "It"],
    "enheter_ram_kr": [25_000, None, 5000],
    "enheter_ram_kg": [1000],
    "enheter_manadslon": [None, 39_600],
    **plan(WIDE_TRIPS),
}
WIDE: Final = (
    {
        # Four whole days: 4 x 897 = 3 588 x 2; abroad no resetillägg. 6 h x 106.60 = 639.60 x 2.
        "traktamente": 7176,
        "resetillagg": 0,
        "fardtidsersattning": 1279.2,
        "bilersattning": 0,
        # 4 200 x 2; 3 x 1 500 x 2; 800 x 2. 2 656 x 0.14825 = 393.752 kg; x 1.50 = 590.63 (590.628), x 2.
        "kommunens_bilar": 0,
        "biljetter": 8400,
        "hotell": 9000,
        "ovrigt": 1600,
        "klimatpaslag": 1181.26,
        # 7 176 + 1 279.20 + 8 400 + 9 000 + 1 600 + 1 181.26
        "totalt": 28_636.46,
        "per_resa": 28_636.46,
        "km": 2656,
        "kg_resa": 787.504,
        "kg": 787.504,
        "antal": 1,
    },
    {
        # Two whole days: 2 x 1 226 = 2 452, two trips. 4 h x 127.92 = 511.68 x 2. 1 100 x 2. 1 400 x 2.
        "traktamente": 4904,
        "resetillagg": 0,
        "fardtidsersattning": 1023.36,
        "bilersattning": 0,
        "kommunens_bilar": 0,
        "biljetter": 2200,
        "hotell": 2800,
        "ovrigt": 0,
        "klimatpaslag": 0,
        # 4 904 + 1 023.36 + 2 200 + 2 800; 900 x 0.007 = 6.30 kg, two trips.
        "totalt": 10_927.36,
        "per_resa": 5463.68,
        "km": 900,
        "kg_resa": 6.3,
        "kg": 12.6,
        "antal": 2,
    },
    {
        # 15 km away: nothing but the fare. 30 x 0.25982 = 7.7946 kg. No charge on taxi.
        "traktamente": 0,
        "resetillagg": 0,
        "fardtidsersattning": 0,
        "bilersattning": 0,
        "kommunens_bilar": 0,
        "biljetter": 900,
        "hotell": 0,
        "ovrigt": 0,
        "klimatpaslag": 0,
        "totalt": 900,
        "per_resa": 900,
        "km": 30,
        "kg_resa": 7.795,
        "kg": 7.795,
        "antal": 1,
    },
    {
        "traktamente": 0,
        "resetillagg": 0,
        "fardtidsersattning": 0,
        "bilersattning": 0,
        "kommunens_bilar": 0,
        "biljetter": 0,
        "hotell": 0,
        "ovrigt": 0,
        "klimatpaslag": 0,
        "totalt": 0,
        "per_resa": 0,
        "km": None,
        "kg_resa": 0,
        "kg": 0,
        "antal": 10,
    },
    {
        # 45 km away is within the place of business. 160 x 3 x 4; 90 x 0.027 = 2.43 kg x 3 = 7.29, x 4.
        "traktamente": 0,
        "resetillagg": 0,
        "fardtidsersattning": 0,
        "bilersattning": 0,
        "kommunens_bilar": 0,
        "biljetter": 1920,
        "hotell": 0,
        "ovrigt": 0,
        "klimatpaslag": 0,
        "totalt": 1920,
        "per_resa": 480,
        "km": 90,
        "kg_resa": 7.29,
        "kg": 29.16,
        "antal": 4,
    },
)

NEXT_YEAR: Final = "räknat med 2026 års belopp; 2027 års är inte beslutade"
THIS_YEAR: Final = "räknat med 2026 års belopp"
PERSONS: Final = {
    "bara tåg": (TRAIN_FORM, TRAIN_TRIPS, TRAIN),
    "bil och flyg": (CAR_FORM, CAR_TRIPS, CARS),
    "flera enheter, utomlands": (WIDE_FORM, WIDE_TRIPS, WIDE),
}
Case = tuple[Budgeted, Sequence[Trip], Sequence[Row]]


@pytest.fixture(scope="module", params=list(PERSONS))
def case(request: pytest.FixtureRequest, recalculated: Callable[..., Any]) -> Case:
    form, trips, expected = PERSONS[request.param]
    return Budgeted(*recalculated(write_resebudget, form)), trips, expected


def test_every_trip_costs_and_emits_what_was_computed_by_hand(case: Case) -> None:
    made, trips, expected = case
    assert made.mistakes == []
    assert made.made.errors == []
    assert len(made.costs) == len(expected)
    for row, trip, wanted in zip(made.costs, trips, expected, strict=True):
        assert (row["enhet"], row["resa"]) == (trip["enhet"], trip["resa"])
        shown = {name: row[name] for name in wanted}
        assert shown == pytest.approx(dict(wanted)), trip["resa"]
        assert row["totalt"] == pytest.approx(sum(wanted[name] for name in KINDS))


def test_the_plan_shows_the_totals_beside_the_inputs(case: Case) -> None:
    made, _, expected = case
    for name in ("totalt", "kg"):
        shown = [value for (value,) in made.name(f"resor_{name}")]
        assert shown[: len(expected)] == pytest.approx([row[name] for row in expected])
        assert set(shown[len(expected) :]) == {""}


def test_the_overview_adds_up_by_kind_unit_mode_and_month(case: Case) -> None:
    made, trips, expected = case
    sums = overview(expected, trips)
    total, kg = (round(sum(row[name] for row in expected), 3) for name in ("totalt", "kg"))
    kinds = made.rows("Översikt", "Slag", len(KINDS) + 2)
    assert [row[1] for row in kinds] == pytest.approx([*sums["slag"].values(), total, kg])
    assert [row[2] for row in kinds[: len(KINDS)]] == pytest.approx([kr / total for kr in sums["slag"].values()])
    shown = {row[0]: [row[1], row[5]] for row in made.rows("Översikt", "Enhet", 12) if row[0] is not None}
    assert shown == {unit: pytest.approx(values) for unit, values in sums["enhet"].items()}
    modes = {row[0]: row[1:5] for row in made.rows("Översikt", "Färdmedel", 17)}
    for word, values in modes.items():
        wanted = sums["fardmedel"].get(word)
        per_trip = None if wanted is None else wanted[2] / wanted[0]
        assert values == ([None] * 4 if wanted is None else pytest.approx([*wanted, per_trip])), word
    months = {row[0]: row[1:12] for row in made.rows("Översikt", "Månad", 12)}
    assert list(months) == list(MONTHS)
    for month, values in months.items():
        wanted = sums["manad"].get(month, [0] * 11)
        assert values == [pytest.approx(value) if value else None for value in wanted], month
    assert made.row("Översikt", "Alla färdmedel")[1:4] == pytest.approx([sum(r["antal"] for r in expected), total, kg])
    assert made.row("Översikt", "Hela året")[1:12] == pytest.approx([*sums["slag"].values(), total, kg])
    named = {"totalt": total, "utslapp_kg": kg, "resor_antal": sum(r["antal"] for r in expected), "ej_med_antal": 0}
    assert {name: made.name(f"summa_{name}") for name in named} == pytest.approx(named)


def test_the_literal_sums() -> None:
    """The sums that the other tests add up, computed once on paper."""
    assert sum(row["totalt"] for row in TRAIN) == pytest.approx(30_436.80)
    assert sum(row["totalt"] for row in CARS) == pytest.approx(29_291.64)
    assert sum(row["totalt"] for row in WIDE) == pytest.approx(42_383.82)
    assert sum(row["kg"] for row in CARS) == pytest.approx(1200.398)


def test_frames_what_is_left_and_what_is_over(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, TRAIN_FORM))
    # 40 000 - 30 436.80; 50 - 55.44 kg.
    wanted = ["Kultur", 30_436.8, 40_000, 9563.2, "Inom ramen", 55.44, 50, -5.44, "Över ramen"]
    shown = made.rows("Översikt", "Enhet", 1)[0][:9]
    assert [one if isinstance(one, str) else pytest.approx(one) for one in wanted] == shown
    made = Budgeted(*recalculated(write_resebudget, WIDE_FORM))
    units = {row[0]: row[1:9] for row in made.rows("Översikt", "Enhet", 3)}
    # Skola 28 636.46 of 25 000, 787.504 of 1 000 kg; Miljö 10 927.36 + 900 without frames; It 1 920 of 5 000.
    left = ("Över ramen", pytest.approx(787.504), 1000, pytest.approx(212.496), "Inom ramen")
    assert units["Skola"] == [pytest.approx(28_636.46), 25_000, pytest.approx(-3636.46), *left]
    assert units["Miljö"] == [pytest.approx(11_827.36), "–", "–", None, pytest.approx(20.395), "–", "–", None]
    assert units["It"][:4] == [1920, 5000, 3080, "Inom ramen"]
    assert (made.name("summa_ramar_kr"), made.name("summa_ramar_kg")) == (30_000, 1000)
    assert made.name("summa_kvar_kr") == pytest.approx(-556.46)  # -3 636.46 + 3 080
    assert made.name("summa_kvar_kg") == pytest.approx(212.496)


@pytest.mark.parametrize(("form", "said"), [(TRAIN_FORM, THIS_YEAR), (WIDE_FORM, NEXT_YEAR)])
def test_every_total_says_which_years_figures_it_has(
    form: Mapping[str, Any], said: str, recalculated: Callable[..., Any]
) -> None:
    made = Budgeted(*recalculated(write_resebudget, form))
    for label in ("Total kostnad", "Utsläpp, kg CO2e", "Alla enheter"):
        assert said in made.row("Översikt", label), label
    for sheet in ("Förutsättningar", "Resor", "Kostnad per resa", "Översikt", "Underlag"):
        assert any(said in row for row in made.cells(sheet)), sheet
    below = {label: number for number, row in enumerate(made.cells("Översikt")) if (label := row[0])}
    for label in ("Alla färdmedel", "Hela året"):
        assert said in made.cells("Översikt")[below[label] + 1], label


def test_totals_are_labelled_where_they_are_listed_alone(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, WIDE_FORM))
    assert made.name("label_totalt") == f"Total kostnad, {NEXT_YEAR}"
    assert made.name("label_utslapp_kg") == f"Utsläpp, {NEXT_YEAR}"
    totals = [name for name in made.made.names if name.startswith("summa_")]
    labels = [made.made.names.get(f"label_{name[6:]}") or made.made.labels[name] for name in totals]
    assert len(set(labels)) == len(labels) and all(labels)


def test_remarks_say_what_is_estimated_within_and_to_be_approved(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, CAR_FORM))
    remarks = [text for (text,) in made.name("resor_anmarkning")]
    assert remarks[:4] == ["", "Inom verksamhetsorten: inga tillägg.", "", "Godkänns av behörig chef."]


def test_distance_is_estimated_for_emissions_where_no_km_are_given(recalculated: Callable[..., Any]) -> None:
    trips = [{**TRAIN_TRIPS[0], "km": None}]
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, **plan(trips)}))
    # Linköping 58.41 N 15.62 E, Stockholm 59.33 N 18.06 E: about 174 km on the sphere; there and back by rail x 1.2.
    row = made.costs[0]
    assert row["km"] == pytest.approx(2 * 174 * 1.2, rel=0.01)
    assert row["kg_resa"] == pytest.approx(2 * row["km"] * 0.007, abs=0.001)
    assert row["totalt"] == 11_478  # as before: no allowance is paid on an estimate
    assert made.name("resor_anmarkning")[0] == ["Km beräknade, bara för utsläpp och klimatpåslag."]


def test_figures_are_listed_with_source_first_day_and_status(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, WIDE_FORM))
    listed = {row[0]: row for row in made.rows("Underlag", "Uppgift") if row[0] and row[1] is not None}
    maximum = listed["Maximibelopp inrikes per hel dag"]
    assert (maximum[1], maximum[2], maximum[5]) == (300, "kr", "2026-01-01")
    assert "2025:872" in maximum[4] and maximum[6] == "bekräftad" and maximum[7] == "inte beslutat"
    countries = [(row[0], row[1], row[7]) for row in listed.values() if row[0].startswith("Normalbelopp (")]
    assert countries == [
        ("Normalbelopp (Belgien)", 897, "inte beslutat"),
        ("Normalbelopp (Danmark)", 1226, "inte beslutat"),
    ]
    assert listed["Resetillägg per dygn"][7] == "gäller tills vidare"
    charge = listed["Klimatkompensation per kg CO2e"]
    assert (charge[1], charge[2], charge[6], charge[7]) == (1.5, "kr per kg", "obekräftad", "antagande")
    factors = {name: row[1] for name, row in listed.items() if name.startswith("Utsläppsfaktor")}
    assert next(value for name, value in factors.items() if name.endswith("(tåg Norden)")) == 0.007
    assert next(value for name, value in factors.items() if name.endswith("(flyg ekonomi inrikes)")) == 0.26278
