"""Ways to travel one route side by side in the budget, against a calculation by hand.

Tuesday 10 March 2026 under Linköping's policy: ordinary hours 08-17, 33 000 a month is 200 kr per hour and 106.60 kr
per hour of travel outside them, weights 40 emissions, 40 cost, 20 work on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import pytest

from tests.xlsx.forms.budgets import Budgeted
from xlsx.forms.resebudget import write_resebudget


def at(hour: float, year: int = 2026) -> datetime:
    return datetime(year, 3, 10, int(hour), round(hour % 1 * 60))


FORM: Final = {
    "manadslon": 33_000,
    "stracka_fran": "Linköping",
    "stracka_till": "Göteborg",
    "stracka_personer": 2,
    "forrattning_borjar": at(10),
    "forrattning_slutar": at(15),
    "alternativ_avresa": [at(6), at(6.5), at(6.5)],
    "alternativ_hemkomst": [at(19), at(19), at(18.5)],
    "alternativ_typ": [None, None, "el"],
    "alternativ_biljett": [900, 2400],
    "alternativ_km": [560, 520, 560],
    "alternativ_hotell": [None, None, 100],
    "alternativ_ovrigt": [None, 150],
    "alternativ_arbete": [4, 1],
}
"""The modes are the suggested ones: train, flight, car of the pool, digital meeting."""

EXPECTED: Final[Mapping[str, list[Any]]] = {
    "Biljett": [1800, 4800, 0, 0],
    "Hotell": [0, 0, 200, 0],
    "Bilkostnad och bilersättning": [0, 0, 1400, 0],  # 56 mil x 25 kr
    "Traktamente": [0, 0, 0, 0],
    "Resetillägg": [100, 100, 100, 0],
    # Outside 08-17: 2 + 2 h, 1.5 + 2 h and 1.5 + 1.5 h; x 106.60 x 2 persons.
    "Färdtidsersättning": [852.8, 746.2, 639.6, 0],
    "Övrigt": [0, 300, 0, 0],
    # Within them 08-10 and 15-17, 4 h, less the work on board: 0, 3 and 4 h; x 200 x 2 persons.
    "Förlorad arbetstid": [0, 1200, 1600, 0],
    # Flight 520 x 0.26278 = 136.6456 kg x 1.50 = 204.97, two; car 560 x 0.014 = 7.84 kg x 1.50 = 11.76, one.
    "Klimatpåslag": [0, 409.94, 11.76, 0],
    "Total kostnad": [2752.8, 7556.14, 3951.36, 0],
    "Restid, h": [8, 7.5, 7, 0],
    "Kg CO2e": [7.84, 273.291, 7.84, 0],  # train 560 x 0.007 x 2
    "Policyns rang (1 är första hand)": [2, 5, 3, 1],
    "Godkännare": ["behörig chef"] * 4,
    # Emissions 97.13, 0, 97.13, 100; cost 63.57, 0, 47.71, 100; idle 4, 6.5, 7, 0 h: 42.86, 7.14, 0, 100.
    "Samlad bedömning, poäng": [72.85, 1.43, 57.94, 100],
    "Rang i samlad bedömning": [2, 4, 3, 1],
}


def shown(made: Budgeted) -> dict[str, list[Any]]:
    return {row[0]: row[1:7] for row in made.cells("Alternativ") if row[0] is not None}


def test_each_way_is_computed_as_by_hand(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(*recalculated(write_resebudget, FORM))
    assert made.mistakes == []
    rows = shown(made)
    for label, wanted in EXPECTED.items():
        values = [one if isinstance(one, str) else pytest.approx(one, abs=0.01) for one in wanted]
        assert rows[label] == [*values, "–", "–"], label
    assert "Räknat med 2026 års belopp." in made.row("Alternativ", "Total kostnad")
    first = "Policyn sätter först: Digitalt möte. Billigast: Digitalt möte. Lägst utsläpp: Digitalt möte."
    assert made.cells("Alternativ")[-1][0] == first


def test_without_a_digital_meeting_and_with_a_mode_that_is_not_allowed(recalculated: Callable[..., Any]) -> None:
    other = {"alternativ_namn": ["Tåget", None, "Bil", "Motorcykel"]}
    inputs = {
        **FORM,
        **other,
        "alternativ_fardmedel": ["tåg", "flyg", "poolbil", "mc"],
        "alternativ_typ": [None, None, "diesel"],
        "alternativ_avresa": [at(6), at(6.5), at(6.5), at(6.5)],
        "alternativ_km": [560, 520, 560, 560],
        "alternativ_hemkomst": [at(19), at(19), at(18.5), at(18.5)],
        "budgetar": 2027,
    }
    made = Budgeted(*recalculated(write_resebudget, inputs))
    rows = shown(made)
    assert rows["Policyns rang (1 är första hand)"][:4] == [2, 5, 3, 0]
    assert made.cells("Alternativ")[-1][0] == "Policyn sätter först: Tåget. Billigast: Tåget. Lägst utsläpp: Tåget."
    # A way without a name of its own goes by its mode.
    assert any(row[1:5] == ["Tåget", "flyg", "Bil", "Motorcykel"] for row in made.cells("Alternativ"))
    note = "Räknat med 2026 års belopp; budgetåret är 2027, vars belopp inte är beslutade."
    assert note in made.row("Alternativ", "Total kostnad")


def test_a_way_in_error_says_so_and_the_others_are_compared(recalculated: Callable[..., Any]) -> None:
    inputs = {**FORM, "alternativ_biljett": [None, "dyrt"], "alternativ_hemkomst": [at(19), at(19), "sent"]}
    made = Budgeted(*recalculated(write_resebudget, inputs))
    assert made.mistakes == [
        ("Alternativ, rad 1", "Biljett saknas. Skriv 0 om resan inte kostar något."),
        (
            "Alternativ, rad 2",
            'Biljett: "dyrt" är inget tal. Skriv till exempel 1 234,50. Flyg ska godkännas av behörig chef',
        ),
        ("Alternativ, rad 3", "Avresa och Hemkomst ska vara datum och klockslag, till exempel 2026-03-10 06:30."),
    ]
    rows = shown(made)
    assert rows["Total kostnad"] == ["–", "–", "–", 0, "–", "–"]
    assert made.made.errors == []


def test_days_without_decided_figures_are_not_computed(recalculated: Callable[..., Any]) -> None:
    inputs = {
        **FORM,
        "forrattning_borjar": at(10, 2027),
        "forrattning_slutar": at(15, 2027),
        "alternativ_avresa": [at(6, 2027)] * 3,
        "alternativ_hemkomst": [at(19, 2027)] * 3,
    }
    made = Budgeted(*recalculated(write_resebudget, inputs))
    said = "2027 års belopp är inte beslutade. Skriv dagar i ett år vars belopp är beslutade."
    assert made.mistakes == [("Alternativ", said)]
    assert shown(made)["Total kostnad"] == ["–"] * 6


def test_the_errands_times_are_asked_for(recalculated: Callable[..., Any]) -> None:
    made = Budgeted(
        *recalculated(write_resebudget, {**FORM, "forrattning_borjar": "tisdag", "stracka_personer": "två"})
    )
    wanted = "Förrättning börjar och Förrättning slutar ska vara datum och klockslag, till exempel 2026-03-10 09:00."
    assert made.mistakes == [("Alternativ", wanted), ("Alternativ", "Antal personer ska vara ett heltal, minst 1.")]
