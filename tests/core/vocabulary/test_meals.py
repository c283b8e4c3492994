"""Meals as written → meal types per day.

Types: 1 kost, 2 hotell, 3 transport, 4 extern, 5 intern, 6 affärskontakt.
"""

from __future__ import annotations

from typing import Any

import pytest

from core.engine import CellError
from core.vocabulary import meal_texts, meals_table, parse_meals


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
