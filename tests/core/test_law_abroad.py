"""The country of each day on a trip over several places (IL 12:12).

Amounts of 2024 per whole day: Sweden 290, Denmark 1 274, Germany 800, Finland 948, New Zealand 656 and USA
1 168 kr (SKV A 2023:18).
"""

from __future__ import annotations

from typing import Any

import pytest

from core.engine import CellError
from udfs import functions as f

Leg = tuple[str, str, str, str]


def days(legs: list[Leg], meals: str | None = None, policy: str = "lagen") -> list[tuple[str, float]]:
    """Country and amount paid of each day; the sum must be what UTRIKESTRAKTAMENTE answers."""
    table = f.UTRIKESTRAKTAMENTEDAGAR([list(leg) for leg in legs], meals, policy)
    assert not isinstance(table, CellError), table
    land, paid = table[0].index("Land"), table[0].index("Traktamente")
    found = [(row[land], row[paid]) for row in table[1:]]
    assert f.UTRIKESTRAKTAMENTE([list(leg) for leg in legs], meals, policy) == sum(amount for _, amount in found)
    return found


def over_two_countries(first: str, second: str, leaves: str = "14:00") -> list[Leg]:
    """On the second day the stay changes country: 8 hours (06–14) in one, 8 (16–24) in the other."""
    return [
        ("2024-03-04 07:00", "2024-03-04 09:00", first, "flyg"),
        (f"2024-03-05 {leaves}", "2024-03-05 16:00", second, "flyg"),
        ("2024-03-06 17:00", "2024-03-06 18:10", "Sverige", "flyg"),
    ]


def test_equal_time_gives_the_higher_amount_in_either_order() -> None:
    assert days(over_two_countries("Tyskland", "Danmark")) == [
        ("Tyskland", 800),
        ("Danmark", 1274),
        ("Danmark", 637),  # home before 19:00: half
    ]
    assert days(over_two_countries("Danmark", "Tyskland")) == [
        ("Danmark", 1274),
        ("Danmark", 1274),
        ("Tyskland", 400),
    ]


def test_one_minute_more_decides() -> None:
    assert days(over_two_countries("Tyskland", "Danmark", leaves="14:01"))[1] == ("Tyskland", 800)


def test_stays_in_one_country_are_added() -> None:
    # Germany 06–11 and 19–24, 10 hours; Denmark 12–18, 6 hours.
    legs = [
        ("2024-03-04 07:00", "2024-03-04 09:00", "Tyskland", "flyg"),
        ("2024-03-05 11:00", "2024-03-05 12:00", "Danmark", "flyg"),
        ("2024-03-05 18:00", "2024-03-05 19:00", "Tyskland", "flyg"),
        ("2024-03-06 17:00", "2024-03-06 20:00", "Sverige", "flyg"),
    ]
    assert days(legs) == [("Tyskland", 800), ("Tyskland", 800), ("Tyskland", 800)]


def test_hours_before_six_do_not_count() -> None:
    # Germany 00–11 is 5 hours from 06:00; Denmark 12–18 is 6 hours.
    legs = [
        ("2024-03-04 07:00", "2024-03-04 09:00", "Tyskland", "flyg"),
        ("2024-03-05 11:00", "2024-03-05 12:00", "Danmark", "flyg"),
        ("2024-03-05 18:00", "2024-03-05 20:00", "Sverige", "flyg"),
    ]
    assert days(legs) == [("Tyskland", 800), ("Danmark", 1274)]


FERRY: list[Leg] = [
    ("2024-03-04 23:00", "2024-03-06 07:00", "Finland", "färja"),
    ("2024-03-06 20:00", "2024-03-06 21:00", "Sverige", "flyg"),
]


def test_a_whole_day_on_international_transport_is_a_whole_swedish_day() -> None:
    assert days(FERRY) == [("Sverige", 145), ("Sverige", 290), ("Finland", 948)]


def test_meals_follow_the_country_of_the_day() -> None:
    # Sweden 20/35/70/90: of 145 lunch 50.75 → 51; of 290 all 261. Finland 15/35/70/85: all 805.80 → 806.
    assert days(FERRY, "L, FLM, FLM") == [("Sverige", 94), ("Sverige", 29), ("Finland", 142)]
    # Breakfast 29, 58 and 142.20 → 142; lunch and dinner 101.50 → 102, 203 and 663.60 → 664.
    assert days(FERRY, "*F") == [("Sverige", 116), ("Sverige", 232), ("Finland", 806)]
    assert days(FERRY, "*LM") == [("Sverige", 43), ("Sverige", 87), ("Finland", 284)]
    # Breakfast and dinner: 58 + 102 (101.50) at home; 142 + 332 (331.80) in Finland.
    assert days(FERRY, "-, FM, FM") == [("Sverige", 145), ("Sverige", 130), ("Finland", 474)]


TRAIN: list[Leg] = [
    ("2024-03-04 06:00", "2024-03-04 20:00", "Tyskland", "tåg"),
    ("2024-03-05 08:00", "2024-03-05 22:00", "Sverige", "tåg"),
]


def test_a_train_across_the_border_counts_by_law_and_not_in_linkoping() -> None:
    # By law the 14 hours of the train count where they began; in Linköping only the evening in Germany does.
    assert days(TRAIN, policy="lagen") == [("Sverige", 290), ("Tyskland", 800)]
    assert days(TRAIN, policy="linkoping") == [("Tyskland", 800), ("Tyskland", 800)]


@pytest.mark.parametrize(("policy", "mode"), [("lagen", "flyg"), ("linkoping", "tåg")])
def test_a_leg_within_a_country_counts_there_whatever_the_mode(policy: str, mode: str) -> None:
    # Germany 06–16, all of it on the way from one place to another: 10 hours; Denmark 17–24: 7 hours.
    legs = [
        ("2024-03-04 07:00", "2024-03-05 06:00", "Tyskland", "flyg"),
        ("2024-03-05 06:00", "2024-03-05 16:00", "Tyskland", mode),
        ("2024-03-05 16:00", "2024-03-05 17:00", "Danmark", "flyg"),
        ("2024-03-06 17:00", "2024-03-06 20:00", "Sverige", "flyg"),
    ]
    assert days(legs, policy=policy)[1] == ("Tyskland", 800)


def test_local_clocks_over_the_date_line() -> None:
    # 6 March: New Zealand 06–20 is 14 hours, USA 11–24 is 13 by its own clock. No stay counts on the first
    # and the last day.
    legs = [
        ("2024-03-04 08:00", "2024-03-05 20:00", "Nya Zeeland", "flyg"),
        ("2024-03-06 20:00", "2024-03-06 11:00", "USA", "flyg"),
        ("2024-03-07 12:00", "2024-03-08 20:00", "Sverige", "flyg"),
    ]
    assert days(legs) == [
        ("Sverige", 290),
        ("Nya Zeeland", 656),
        ("Nya Zeeland", 656),
        ("USA", 1168),
        ("Sverige", 290),
    ]


def test_a_leg_within_the_country_changes_nothing() -> None:
    one = over_two_countries("Tyskland", "Danmark")
    two = [one[0], ("2024-03-04 12:00", "2024-03-04 15:00", "Tyskland", "tåg"), *one[1:]]
    assert days(two) == days(one)


def refused(legs: list[Any]) -> CellError:
    answer = f.UTRIKESTRAKTAMENTE(legs, policy="lagen")
    assert isinstance(answer, CellError), answer
    assert f.UTRIKESTRAKTAMENTEDAGAR(legs, policy="lagen") == answer
    return answer


@pytest.mark.parametrize(
    ("row", "column", "value", "code", "says"),
    [
        (1, 0, "2024-03-04 08:59", "#NUM!", "innan den föregående"),
        (1, 1, "2024-03-03 12:00", "#NUM!", "före avgången"),
        (2, 2, "Danmark", "#VALUE!", "Sverige"),
        (0, 2, "Danmork", "#VALUE!", "rad 1, till: Okänt land"),
        (1, 3, "raket", "#VALUE!", "rad 2, färdmedel"),
        (1, 3, None, "#VALUE!", "rad 2: färdmedel saknas"),
        (0, 0, "2024-03-04", "#VALUE!", "Klockslag saknas"),
    ],
)
def test_a_wrong_leg_is_named(row: int, column: int, value: Any, code: str, says: str) -> None:
    legs = [list(leg) for leg in over_two_countries("Tyskland", "Danmark")]
    legs[row][column] = value
    answer = refused(legs)
    assert answer.code == code and says in answer.message


def test_a_journey_of_one_wrong_leg_is_an_error() -> None:
    """Such a leg has no stay before it that could carry the error."""
    assert "Sverige" in refused([["2024-03-04 07:00", "2024-03-06 20:00", "Danmark", "flyg"]]).message
    assert "före avgången" in refused([["2024-03-04 07:00", "2024-03-01 20:00", "Sverige", "flyg"]]).message


def test_a_year_that_is_not_imported_names_country_and_date() -> None:
    legs = [[cell.replace("2024", "2025") for cell in leg] for leg in over_two_countries("Tyskland", "Danmark")]
    answer = f.UTRIKESTRAKTAMENTE(legs, policy="lagen")
    assert answer.code == "#N/A" and "Tyskland" in answer.message and "2025-03-04" in answer.message
