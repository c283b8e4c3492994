"""Meals of many trips, looked up day by day. Types: 1 kost, 2 hotell."""

from __future__ import annotations

import numpy as np

from core.maltider.table import MealTable
from core.vocabulary import parse_meals

TABLE = MealTable([parse_meals("FhLM, Fh, -"), parse_meals("*M"), parse_meals("F, F")])


def test_meals_are_found_by_trip_and_day() -> None:
    #                 *M  *M  FhLM Fh  -   none none
    code = np.array([2, 2, 1, 1, 1, 0, 0])
    day = np.array([0, 1, 0, 1, 2, 0, 1])
    assert TABLE.meal(code, day, 0).tolist() == [0, 0, 2, 2, 0, 0, 0]
    assert TABLE.meal(code, day, 1).tolist() == [0, 0, 1, 0, 0, 0, 0]
    assert TABLE.meal(code, day, 2).tolist() == [1, 1, 1, 0, 0, 0, 0]


def test_a_wrong_number_of_groups_is_named_on_its_rows() -> None:
    problems = TABLE.mismatches(np.array([3, 3, 2, 3, 1]), np.array([3, 2, 9, 3, 1]))
    assert [(mask.tolist(), message.split(". ")[0]) for mask, _, message in problems] == [
        ([False, False, False, False, True], 'Måltider "FhLM, Fh, -": resan har 1 dygn men texten 3 måltidsgrupper'),
        ([True, False, False, True, False], 'Måltider "F, F": resan har 3 dygn men texten 2 måltidsgrupper'),
    ]


def test_every_day_and_none_fit_any_number_of_days() -> None:
    assert TABLE.mismatches(np.array([0, 2]), np.array([5, 1])) == []
