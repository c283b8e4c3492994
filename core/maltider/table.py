"""The meals of many trips as one table that days look themselves up in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.engine.columns import ErrorCode
from core.vocabulary import Meals


class MealTable:
    """The different ways meals were stated, each with its groups; a trip refers to one by number (0: none)."""

    def __init__(self, found: Sequence[Meals]) -> None:
        self.texts = ["", *(meals.text for meals in found)]
        groups = [((0, 0, 0),), *(meals.groups for meals in found)]
        self._groups = np.array([group for one in groups for group in one], np.int64)
        self._counts = np.array([len(one) for one in groups], np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._every_day = np.array([True, *(meals.every_day for meals in found)])

    def meal(self, code: Any, day: Any, meal: int) -> Any:
        """Type of meal 0 breakfast, 1 lunch, 2 dinner for the numbered day of trips with these codes."""
        if len(self._groups) == 1:
            return np.int64(0)
        last = self._counts[code] - 1
        group = np.where(self._every_day[code], 0, np.minimum(day, last))
        return self._groups[self._starts[code] + group, meal]

    def mismatches(self, code: Any, days: Any) -> list[tuple[Any, ErrorCode, str]]:
        """Rows whose number of groups is not their number of days, with a sentence for each pair of numbers."""
        code, days = np.broadcast_arrays(code, days)
        wrong = ~self._every_day[code] & (self._counts[code] != days)
        if not wrong.any():
            return []
        pairs = np.unique(np.stack([code[wrong], days[wrong]]), axis=1).T
        return [
            (wrong & (code == one) & (days == count), "#VALUE!", self._sentence(one, count)) for one, count in pairs
        ]

    def _sentence(self, code: int, days: int) -> str:
        groups = self._counts[code]
        stated = "1 måltidsgrupp" if groups == 1 else f"{groups} måltidsgrupper"
        return (
            f'Måltider "{self.texts[code]}": resan har {days} dygn men texten {stated}. '
            "Skriv en grupp per dygn, till exempel FhLM, Fh, -, eller * före en enda grupp."
        )
