"""Meals as written → meal types per day.

Types: 1 kost, 2 hotell, 3 transport, 4 extern, 5 intern, 6 affärskontakt.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engine import CellError
from core.vocabulary import Meals, expand, meal_texts, meals_table, parse_meals


@pytest.mark.parametrize(
    ("text", "groups", "every_day"),
    [
        ("FhLM, Fh, -", ((2, 1, 1), (2, 0, 0), (0, 0, 0)), False),
        ("FhLM;Fh|–", ((2, 1, 1), (2, 0, 0), (0, 0, 0)), False),
        ("*Fh", ((2, 0, 0),), True),
        ("* F L", ((1, 1, 0),), True),
        ("fhlm", ((2, 1, 1),), False),
        ("FTLRMI", ((3, 4, 5),), False),
        ("MaF", ((1, 0, 6),), False),
        ("L,,M", ((0, 1, 0), (0, 0, 0), (0, 0, 1)), False),
        ("L,", ((0, 1, 0), (0, 0, 0)), False),
        ("-", ((0, 0, 0),), True),
        ("-,-", ((0, 0, 0), (0, 0, 0)), False),
    ],
)
def test_meals_are_read(text: str, groups: tuple[Any, ...], every_day: bool) -> None:
    meals = parse_meals(text)
    assert (meals.groups, meals.every_day) == (groups, every_day)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FK", 'Måltider "FK": tecken 2, "K", är ingen måltid.'),
        ("F, Lx", 'tecken 5, "x", är ingen måltid.'),
        ("*Lx", 'tecken 3, "x", är ingen måltid.'),
        ("F-L", 'tecken 2, "-", är ingen måltid.'),
        ("FLF", 'Måltider "FLF": frukost står två gånger i samma dygn (tecken 3).'),
        ("Lh", 'Måltider "Lh": h gäller bara frukost, inte lunch.'),
        ("FhMh", 'Måltider "FhMh": h gäller bara frukost, inte middag.'),
        ("hF", 'Måltider "hF": "h" (tecken 1) ska följa F, L eller M.'),
        ("Fht", 'Måltider "Fht": "t" (tecken 3) ska följa F, L eller M.'),
        ("*F, L", "* gäller alla dygn och följs av en enda grupp"),
        ("F, *L", 'tecken 4, "*", är ingen måltid.'),
    ],
)
def test_a_slip_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_meals(text)
    assert message in str(caught.value)


def test_a_range_of_ticks_and_words() -> None:
    rows: list[list[Any]] = [
        ["Frukost", "Lunch", "Middag"],
        ["hotell", "x", True],
        [1, None, "Extern"],
        ["", 0, False],
        ["1", "0", "affärskontakt"],
    ]
    assert meals_table(rows).groups == ((2, 1, 1), (1, 0, 4), (0, 0, 0), (1, 0, 6))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["x", "hotell", ""]], 'Måltider, dygn 1, lunch: "hotell" gäller bara frukost, inte lunch.'),
        ([["x", "", ""], ["", "", "midag"]], 'Måltider, dygn 2, middag: Okänd måltidstyp "midag".'),
        ([["x", 2, ""]], 'Måltider, dygn 1, lunch: Okänd måltidstyp "2".'),
        ([["x", ""]], "Måltider, dygn 1: tre kolumner behövs (frukost, lunch, middag), inte 2."),
        ([[CellError("#N/A", "saknas"), "", ""]], "Måltider, dygn 1, frukost: Cellen innehåller felet #N/A"),
    ],
)
def test_a_bad_range_is_named_with_its_place(rows: list[list[Any]], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        meals_table(rows)
    assert str(caught.value).startswith(message)


def test_a_column_of_texts_reads_each_text_once() -> None:
    column, found = meal_texts(["*Fh", "F,L", None, "*Fh", "Q", 0])
    assert column.values.tolist() == [0, 1, -1, 0, -1, -1]
    assert column.given.tolist() == [True, True, False, True, True, False]
    assert [meals.text for meals in found] == ["*Fh", "F,L"]
    assert [problem.rows.tolist() for problem in column.problems] == [[4]]


def test_meals_are_spread_over_the_days_of_their_trips() -> None:
    found = [parse_meals("FhLM, Fh, -"), parse_meals("*M"), parse_meals("L")]
    days = expand(np.array([1, 0, -1, 2]), found, np.array([2, 3, 2, 1]))
    #                              *M     FhLM,Fh,-   none   L
    assert days.frukost.tolist() == [0, 0, 2, 2, 0, 0, 0, 0]
    assert days.lunch.tolist() == [0, 0, 1, 0, 0, 0, 0, 1]
    assert days.middag.tolist() == [1, 1, 1, 0, 0, 0, 0, 0]
    assert days.problems == []
    assert days.frukost.dtype == np.int8


def test_a_wrong_number_of_groups_is_a_problem_of_that_trip_only() -> None:
    found = [parse_meals("F, F"), parse_meals("L")]
    days = expand(np.array([0, 0, 1, 0, 1]), found, np.array([3, 2, 2, 3, 0]))
    assert days.frukost.tolist() == [0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    assert days.lunch.tolist() == [0] * 10
    assert [(problem.rows.tolist(), problem.message.split(". ")[0]) for problem in days.problems] == [
        ([0, 3], 'Måltider "F, F": 3 dygn men 2 måltidsgrupper'),
        ([2], 'Måltider "L": 2 dygn men 1 måltidsgrupp'),
    ]


def test_nothing_to_spread() -> None:
    empty = np.array([], dtype=np.int64)
    assert expand(empty, [], empty).frukost.tolist() == []
    assert expand(np.array([-1]), [Meals(((1, 1, 1),))], np.array([2])).lunch.tolist() == [0, 0]
