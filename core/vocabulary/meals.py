"""Free meals as written per day (`FhLM, Fh, -`) or ticked in a range → three meal types per day.

In a group F is breakfast, L lunch and M dinner; a letter after it says what kind of meal: h hotel breakfast,
t transport, r external representation, i internal, a business contact; no letter is a free, taxable meal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.vocabulary.codes import MALTID
from core.vocabulary.columns import Column, Reader, read
from core.vocabulary.parsed import Floats, Integers, Mask, Misread, Parsed, quoted
from core.vocabulary.words import normalise

Day = tuple[int, int, int]
"""Meal types (codes of MALTID) of breakfast, lunch and dinner."""

NO_MEALS: Final[Day] = (0, 0, 0)
MEALS: Final = ("frukost", "lunch", "middag")

_PLACES: Final = {"F": 0, "L": 1, "M": 2}
_TYPES: Final = {
    letter: MALTID[word]
    for letter, word in {
        "H": "hotell",
        "T": "transport",
        "R": "extern",
        "I": "intern",
        "A": "affärskontakt",
    }.items()
}
_BREAKS: Final = re.compile("[,;|]")
_HINT: Final = "Skriv en grupp per dygn, till exempel FhLM, Fh, -"


@dataclass(frozen=True)
class Meals:
    """The meals of one trip: a group per day, or one group for every day."""

    groups: tuple[Day, ...]
    every_day: bool = False
    text: str = ""
    """As written, for messages."""


def parse_meals(text: str) -> Meals:
    """The groups of a text; raises ValueError that names the letter and its place.

    Letters may be of either case. A lone `-` is no meals, however many the days.
    """
    written = re.sub("[‐‑‒–—−]", "-", text.strip())
    every_day = written.startswith("*")
    groups = _BREAKS.split(written.removeprefix("*"))
    if every_day and len(groups) > 1:
        raise Misread(f"Måltider {quoted(text)}: * gäller alla dygn och följs av en enda grupp, till exempel *Fh.")
    start, days = int(every_day), []
    for group in groups:
        days.append(_day(group, start, text))
        start += len(group) + 1
    return Meals(tuple(days), every_day or written == "-", text.strip())


def _day(group: str, start: int, text: str) -> Day:
    """The meals of one group, which begins `start` letters into the text."""
    day = [0, 0, 0]
    if group.strip() == "-":
        return NO_MEALS
    last, typed = -1, False
    for place, letter in enumerate(group, start + 1):
        upper = letter.upper()
        if letter.isspace():
            continue
        if upper in _PLACES:
            last, typed = _PLACES[upper], False
            if day[last]:
                raise Misread(f"Måltider {quoted(text)}: {MEALS[last]} står två gånger i samma dygn (tecken {place}).")
            day[last] = MALTID["kost"]
        elif upper not in _TYPES:
            raise Misread(f"Måltider {quoted(text)}: tecken {place}, {quoted(letter)}, är ingen måltid. {_HINT}.")
        elif last < 0 or typed:
            raise Misread(f"Måltider {quoted(text)}: {quoted(letter)} (tecken {place}) ska följa F, L eller M.")
        else:
            day[last], typed = _checked(_TYPES[upper], last, f"Måltider {quoted(text)}: h"), True
    return day[0], day[1], day[2]


def _checked(kind: int, meal: int, subject: str) -> int:
    """The type of a meal; the law knows hotel breakfast only (IL 11:2)."""
    if kind == MALTID["hotell"] and meal != _PLACES["F"]:
        raise Misread(f"{subject} gäller bara frukost, inte {MEALS[meal]}.")
    return kind


def meals_table(rows: Sequence[Sequence[Any]]) -> Meals:
    """The meals of one trip from a range: a row per day, columns frukost, lunch, middag.

    A cell holds a type word, or x, TRUE or 1 for kost; blank, FALSE and 0 are no meal. A first row of
    headings is passed over. Raises ValueError that names the day and the meal.
    """
    if rows and [normalise(str(cell)) for cell in rows[0]] == list(MEALS):
        rows = rows[1:]
    days: list[Day] = []
    for number, row in enumerate(rows, 1):
        if len(row) != len(MEALS):
            raise Misread(f"Måltider, dygn {number}: tre kolumner behövs (frukost, lunch, middag), inte {len(row)}.")
        breakfast, lunch, dinner = (_cell(cell, meal, number) for meal, cell in enumerate(row))
        days.append((breakfast, lunch, dinner))
    return Meals(tuple(days), text="området")


def _cell(cell: Any, meal: int, number: int) -> int:
    subject = f"Måltider, dygn {number}, {MEALS[meal]}: "
    kinds = read(_TypeReader(), np.fromiter([cell], dtype=object, count=1))
    for problem in kinds.problems:
        raise Misread(subject + problem.message, problem.code)
    return _checked(int(kinds.values[0]), meal, subject + quoted(cell))


class _TypeReader(Reader):
    """The type of one meal; blank is no meal."""

    def wrong_kind(self, value: object) -> Misread:
        try:
            MALTID.code(quoted(value)[1:-1])
        except Misread as error:
            return error
        return super().wrong_kind(value)

    def text(self, text: str) -> int:
        return int(text) * MALTID["kost"] if text in ("0", "1") else MALTID.code(text)

    def numbers(self, numbers: Floats) -> tuple[Integers, Mask]:
        return (numbers == 1).astype(np.int64) * MALTID["kost"], (numbers != 0) & (numbers != 1)

    def truths(self, truths: Mask) -> tuple[Integers, Mask]:
        return truths.astype(np.int64) * MALTID["kost"], np.zeros(len(truths), dtype=bool)


def meal_texts(values: Column) -> tuple[Parsed, list[Meals]]:
    """A column of meal texts: per row the place of its meals in the list beside, −1 where there are none."""
    reader = _MealsReader()
    return read(reader, values), reader.found


class _MealsReader(Reader):
    not_one = "ingen måltidstext"
    hint = f"{_HINT}."
    missing = -1
    zero_is_blank = True

    def __init__(self) -> None:
        self.found: list[Meals] = []

    def text(self, text: str) -> int:
        self.found.append(parse_meals(text))
        return len(self.found) - 1
