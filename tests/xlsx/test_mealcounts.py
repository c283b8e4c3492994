"""Numbers of meals are spread over the days: breakfasts from the second, the others on whole days first."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine import ErrorBook
from core.vocabulary import Meals
from xlsx.mealcounts import spread, too_many


@pytest.mark.parametrize(
    ("days", "first", "last", "counts", "groups"),
    [
        (3, True, True, (1, 0, 0), [(0, 0, 0), (1, 0, 0), (0, 0, 0)]),
        (3, True, True, (3, 0, 0), [(1, 0, 0), (1, 0, 0), (1, 0, 0)]),
        (3, False, False, (0, 1, 2), [(0, 0, 1), (0, 1, 1), (0, 0, 0)]),
        (3, False, True, (0, 2, 0), [(0, 0, 0), (0, 1, 0), (0, 1, 0)]),
        (2, False, False, (1, 1, 1), [(0, 1, 1), (1, 0, 0)]),
        (1, False, True, (1, 1, 1), [(1, 1, 1)]),
    ],
)
def test_spread(days: int, first: bool, last: bool, counts: tuple[int, ...], groups: list[tuple[int, ...]]) -> None:
    found = [Meals(((0, 0, 0),))]
    numbers = spread(
        [np.array([count, 0]) for count in counts],
        np.array([days, days]),
        np.array([first, first]),
        np.array([last, last]),
        found,
    )
    assert numbers.tolist() == [2, 0]
    assert list(found[1].groups) == groups


def test_the_same_counts_are_one_entry() -> None:
    found: list[Meals] = []
    many = np.full(1000, 2)
    whole = np.ones(1000, bool)
    numbers = spread([many, many, many], np.full(1000, 3), whole, whole, found)
    assert len(found) == 1 and set(numbers.tolist()) == {1}
    assert found[0].text == "2 frukostar, 2 luncher, 2 middagar"


def test_more_meals_than_days() -> None:
    book = ErrorBook()
    errors = too_many([np.array([0, 3])], np.array([2, 2]), ["Frukost"], book)
    assert errors is not None and errors[0] == 0
    assert book[errors[1]].message == "Frukost: 3 är fler än resans 2 dygn."
