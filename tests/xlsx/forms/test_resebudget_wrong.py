"""A budget filled in wrongly, in part, or for a year that is not decided: it says so, and computes what it can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from tests.xlsx.forms.budgets import Budgeted, plan
from tests.xlsx.forms.test_resebudget import TRAIN_FORM, TRAIN_TRIPS, WIDE_FORM
from xlsx.forms.resebudget import write_resebudget

UNDECIDED: Final = (
    "2027 års belopp är inte beslutade. Ange på Förutsättningar vilket års belopp budgeten ska räknas med."
)
SOUND: Final = TRAIN_TRIPS[0]
COST: Final = 11_478
"""What the sound trip costs; see test_resebudget."""


def test_a_blank_form_shows_no_errors_and_no_zeros_but_sums(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, {}))
    assert made.mistakes == []
    assert made.made.errors == []
    assert {row[1] for row in made.rows("Kostnad per resa", "Nr")} == {None}
    assert made.costs == []
    for first in ("Färdmedel", "Månad"):
        rows = made.rows("Översikt", first, 12)
        assert {value for row in rows for value in row[1:12]} == {None}, first
    assert made.name("summa_totalt") == 0
    assert {value for row in made.rows("Underlag", "Uppgift") for value in row[1:]} == {None}


def test_a_year_without_figures_is_asked_about_and_never_guessed(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, {**WIDE_FORM, "belopp_ar": None}))
    assert made.mistakes == [("Förutsättningar", UNDECIDED)]
    assert made.costs == []
    assert (made.name("summa_totalt"), made.name("summa_ej_med_antal")) == (0, 5)
    assert made.name("belopp_text") == ""
    for sheet in ("Förutsättningar", "Resor", "Kostnad per resa", "Översikt", "Underlag"):
        assert any(UNDECIDED in row for row in made.cells(sheet)), sheet
    assert made.name("resor_anmarkning")[0] == ["Räknas när Förutsättningar är ifyllda."]


def test_another_years_figures_may_be_chosen_for_a_decided_year(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, "belopp_ar": 2024}))
    assert made.name("belopp_text") == "räknat med 2024 års belopp; 2026 års är beslutade men inte valda"
    # Maximibelopp 290 in 2024: 290 + 290 + 145 = 725, three persons.
    assert made.costs[1]["traktamente"] == 2175


@pytest.mark.parametrize(
    ("inputs", "place", "message"),
    [
        ({"budgetar": None}, "Förutsättningar", "Ange Budgetår med fyra siffror, till exempel 2026."),
        ({"budgetar": "nästa"}, "Förutsättningar", "Ange Budgetår med fyra siffror, till exempel 2026."),
        ({"budgetar": 26}, "Förutsättningar", "Ange Budgetår med fyra siffror, till exempel 2026."),
        (
            {"belopp_ar": 2031},
            "Förutsättningar",
            "Räkna med beloppen för år: 2031 års belopp finns inte. Välj ett år vars belopp är beslutade.",
        ),
        (
            {"belopp_ar": "i år"},
            "Förutsättningar",
            "Räkna med beloppen för år: skriv ett år med fyra siffror, till exempel 2026.",
        ),
        (
            {"avresa_klocka": None},
            "Förutsättningar, Avresa, klockslag",
            "skriv när resorna vanligen börjar, till exempel 07:00.",
        ),
        (
            {"hemkomst_klocka": "sex"},
            "Förutsättningar, Hemkomst, klockslag",
            "skriv när resorna vanligen slutar, till exempel 18:00.",
        ),
    ],
)
def test_nothing_is_computed_until_the_year_and_the_clocks_are_right(
    inputs: Mapping[str, Any], place: str, message: str, recalculated: Callable[..., Any]
) -> None:
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, **inputs}))
    assert made.mistakes == [(place, message)]
    assert made.costs == [] and made.name("summa_totalt") == 0
    assert made.made.errors == []


@pytest.mark.parametrize(
    ("inputs", "place", "message"),
    [
        ({"hotellfrukost": "ibland"}, "Förutsättningar, Hotellfrukost ingår", "svara ja eller nej."),
        (
            {"arbetstid_start": "åtta"},
            "Förutsättningar, Arbetstid börjar",
            "skriv ett klockslag, till exempel 08:00.",
        ),
        (
            {"bilkostnad_mil": "tjugo"},
            "Förutsättningar, Kommunens bilar, kr per mil",
            "skriv ett belopp i kronor, till exempel 25.",
        ),
        (
            {"enheter_namn": ["Kultur", "Kultur"]},
            "Förutsättningar, Enheter, rad 2",
            "enheten Kultur finns redan.",
        ),
        ({"enheter_ram_kr": [1, 2]}, "Förutsättningar, Enheter, rad 2", "enhetens namn saknas."),
        (
            {"enheter_ram_kg": ["lite"]},
            "Förutsättningar, Enheter, rad 1",
            "ramar och lön skrivs som tal, till exempel 250000.",
        ),
    ],
)
def test_the_trips_are_computed_although_something_else_is_wrong(
    inputs: Mapping[str, Any], place: str, message: str, recalculated: Callable[..., Any]
) -> None:
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, **inputs}))
    assert made.mistakes == [(place, message)]
    assert [row["totalt"] for row in made.costs] == [COST, pytest.approx(18_958.8)]
    assert made.made.errors == []


TYPED: Final = "Skriv till exempel 1 234,50."
BAD_ROWS: Final = (
    ({"enhet": "Okänd"}, "Enheten Okänd finns inte på Förutsättningar."),
    ({"enhet": None}, "Enhet saknas."),
    ({"manad": 3}, "Månad ska vara månadens namn, till exempel mars."),
    ({"antal": "många"}, "Antal resor ska vara ett heltal."),
    ({"antal": None}, "Antal resor ska vara ett heltal."),
    ({"personer": 0}, "Personer per resa ska vara ett heltal, minst 1."),
    ({"natter": 45}, "Nätter ska vara ett heltal, högst 30."),
    ({"natter": 1}, "Hotell per natt ska vara ett belopp; skriv 0 om hotellet inte kostar något."),
    ({"fardtid": "lång"}, "Färdtid ska vara timmar, till exempel 2,5."),
    ({"fardmedel": None}, "Färdmedel saknas."),
    ({"fardmedel": "drake"}, 'Okänt färdmedel "drake".'),
    ({"biljett": None}, "Biljett saknas. Skriv 0 om resan inte kostar något."),
    ({"biljett": "billig"}, f'Biljett: "billig" är inget tal. {TYPED}'),
    ({"ovrigt": "kanske"}, f'Utlägg: "kanske" är inget tal. {TYPED}'),
    ({"km": "långt"}, f'Km: "långt" är inget tal. {TYPED}'),
    ({"km": None, "till": "Grönköping"}, "Km saknas; platsen i Till är okänd"),
    ({"land": "Blefuscu"}, 'Land: Okänt land "Blefuscu". Skriv landets svenska namn eller landskod.'),
    ({"typ": "ekonomi"}, "Utsläppsfaktor saknas för tåg, ekonomi i SE-kommun 2025."),
    ({"fardmedel": "privat bil", "biljett": None, "km": None}, "Km saknas. Skriv hela resans sträcka;"),
)


def test_each_bad_row_has_its_own_message_and_the_rest_is_computed(recalculated: Callable[..., Any]) -> None:
    trips = [SOUND, *({**SOUND, **wrong} for wrong, _ in BAD_ROWS), SOUND]
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, **plan(trips)}))
    assert made.made.errors == []
    assert [row["totalt"] for row in made.costs] == [COST, COST]
    assert made.name("summa_totalt") == 2 * COST
    assert made.name("summa_ej_med_antal") == len(BAD_ROWS)
    said = dict(made.mistakes)
    for number, (wrong, message) in enumerate(BAD_ROWS, 2):
        remark = made.name("resor_anmarkning")[number - 1][0]
        assert message in remark, (wrong, remark)
        assert said[f"Resor, rad {number}"] == remark
    assert len(said) == len(BAD_ROWS)
    text = f"{len(BAD_ROWS)} ifyllda rader är inte med i summorna; se Anmärkning på bladet Resor."
    for sheet in ("Resor", "Kostnad per resa", "Översikt"):
        assert any(text in row for row in made.cells(sheet)), sheet
    listed = [row[0] for row in made.rows("Förutsättningar", "Att rätta")]
    assert listed[0] == "Resor, rad 2: Enheten Okänd finns inte på Förutsättningar."
    assert f"… och {len(BAD_ROWS) - 8} till; se kolumnen Anmärkning på bladet Resor." in listed


def test_pay_for_travel_time_needs_a_salary(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, "manadslon": None, **plan([SOUND])}))
    said = "Månadslön saknas på Förutsättningar; den behövs för färdtiden."
    assert made.mistakes == [("Resor, rad 1", said)]
    own = {"manadslon": None, "enheter_manadslon": [33_000]}
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, **own, **plan([SOUND])}))
    assert made.mistakes == [] and made.name("summa_totalt") == COST


def test_blank_rows_between_trips_stay_blank(recalculated: Callable[..., Any]) -> None:
    trips = [SOUND, {}, {}, SOUND]
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, **plan(trips)}))
    assert [(row["nr"], row["totalt"]) for row in made.costs] == [(1, COST), (4, COST)]
    assert made.mistakes == []


def test_a_full_plan_is_computed(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, **plan([SOUND] * 80)}))
    assert len(made.costs) == 80
    assert made.name("summa_totalt") == 80 * COST


def test_an_unknown_policy_is_said_to_be_unreadable(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, "policy": "linkopong"}))
    assert made.name("statusrad") == "Inget kan räknas: policyn linkopong går inte att läsa."
    assert any('Okänd policy "linkopong"' in error.message for error in made.made.errors)
    assert made.costs == []


@pytest.mark.parametrize("policy", ["lagen", "stockholm", "kth", "vgr", "ostersund"])
def test_every_trip_is_computed_under_other_policies(policy: str, recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, {**WIDE_FORM, "policy": policy}))
    assert made.mistakes == [] and made.made.errors == []
    assert len(made.costs) == 5
    # The journey to Brussels, whatever the policy: 4 x 897 x 2, and the fare.
    assert (made.costs[0]["traktamente"], made.costs[0]["biljetter"]) == (7176, 8400)


def test_the_policy_chosen_in_the_form_is_the_one_that_counts(recalculated: Callable[..., Any]) -> None:
    # Stockholm pays no resetillägg and charges half the fare of flights.
    flight = {**SOUND, "fardmedel": "flyg", "fran": "ARN", "till": "GOT", "km": 790, "fardtid": None}
    made = Budgeted(*recalculated(write_resebudget, {**TRAIN_FORM, "policy": "stockholm", **plan([flight])}))
    row = made.costs[0]
    assert (row["resetillagg"], row["biljetter"], row["klimatpaslag"]) == (0, 7680, 3840)
