"""Numbers of free meals per trip, spread over its days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.engine import CellError, Column, ErrorBook
from core.engine.distinct import distinct_rows
from core.vocabulary import MALTID, Meals
from core.vocabulary.meals import Day

MEALS: Final = ("frukost", "lunch", "middag")
_PLURALS: Final = ("frukostar", "luncher", "middagar")
_FREE: Final = MALTID["kost"]


def spread(
    counts: Sequence[NDArray[np.int64]],
    days: NDArray[np.int64],
    first_whole: NDArray[np.bool_],
    last_whole: NDArray[np.bool_],
    found: list[Meals],
) -> NDArray[np.int64]:
    """The number in `found`, from 1, of each trip's meals; 0 where none were counted. Adds to `found`.

    counts: breakfasts, lunches and dinners of n trips, each at most the number of days.
    """
    numbers = np.zeros(len(days), np.int64)
    rows = np.flatnonzero(np.any([column > 0 for column in counts], axis=0))
    if not len(rows):
        return numbers
    different, which = distinct_rows([column[rows] for column in (days, first_whole, last_whole, *counts)])
    first = len(found) + 1
    found.extend(_meals(*case) for case in different.tolist())
    numbers[rows] = first + which
    return numbers


def too_many(
    counts: Sequence[NDArray[np.int64]], days: NDArray[np.int64], titles: Sequence[str], book: ErrorBook
) -> NDArray[np.int32] | None:
    """An error on the rows with more meals of a kind than days."""
    errors = None
    for count, title in zip(counts, titles, strict=True):
        wrong = np.flatnonzero(count > days)
        if len(wrong):
            errors = np.zeros(len(days), np.int32) if errors is None else errors
        pairs, which = np.unique(np.stack([count[wrong], days[wrong]], axis=1), axis=0, return_inverse=True)
        for number, (meals, length) in enumerate(pairs.tolist()):
            message = f"{title}: {meals} är fler än resans {length} dygn."
            assert errors is not None
            errors[wrong[which.ravel() == number]] = book.number(CellError("#NUM!", message))
    return errors


def _meals(days: int, first_whole: int, last_whole: int, *counts: int) -> Meals:
    """Breakfasts from day 2, lunches and dinners on whole days before half ones."""
    whole = [bool(first_whole) if day == 0 else True for day in range(days)]
    whole[-1] = whole[-1] and bool(last_whole)
    morning = [*range(1, days), 0]
    others = sorted(range(days), key=lambda day: (not whole[day], day))
    table = np.zeros((days, 3), np.int64)
    for meal, count in enumerate(counts):
        table[(morning if meal == 0 else others)[:count], meal] = _FREE
    groups: tuple[Day, ...] = tuple((int(row[0]), int(row[1]), int(row[2])) for row in table)
    text = ", ".join(f"{count} {MEALS[i] if count == 1 else _PLURALS[i]}" for i, count in enumerate(counts) if count)
    return Meals(groups, text=text)


def joined(text: Column, counted: NDArray[np.int64], errors: NDArray[np.int32] | None) -> Column:
    """Meals as written where a text is given, else as counted."""
    if text.given is None:
        return text
    if text.errors is not None or errors is not None:
        none = np.zeros(len(counted), np.int32)
        errors = np.where(text.given, none if text.errors is None else text.errors, none if errors is None else errors)
    return Column(np.where(text.given, text.values, counted), errors)
