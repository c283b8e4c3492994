"""The days of every trip, one row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.engine import MissingInput
from core.law import Law
from xlsx.runs import day_inputs
from xlsx.trips import Trips

AMOUNTS: Final = (
    ("dygnsbelopp", "Belopp"),
    ("maltidsavdrag", "Måltidsavdrag"),
    ("dygnstraktamente", "Traktamente"),
    ("skattefritt_dygn", "Skattefritt"),
    ("skattepliktigt_dygn", "Skattepliktigt"),
    ("dygnets_kostforman", "Kostförmån"),
)
"""Amounts of a day, with their headings."""


@dataclass(frozen=True)
class DayTable:
    """A row per day of the trips that could be computed. Amounts in öre, by heading."""

    trip: NDArray[np.int64]
    """The row of the trips."""
    day: NDArray[np.int64]
    country: NDArray[np.int64]
    part: NDArray[np.int64]
    """Place in DAY_PARTS."""
    amounts: dict[str, Any]


def day_table(trips: Trips, law: Law) -> DayTable | None:
    """The days, without those in error; None when the sheet lacks a column for them."""
    columns, frames = day_inputs(trips)
    names = ["dag", "dygnsland", "dygnsdel", *(name for name, _ in AMOUNTS)]
    try:
        result = law.run(names, columns, frames, trips.claims.book)
    except MissingInput:
        return None
    owner = result.frames["dygn"].owners["resa"]
    sound = np.ones(len(owner), bool)
    for name in names:
        errors = result.column(name).errors
        if errors is not None:
            sound &= errors == 0
    kept = np.flatnonzero(sound)
    return DayTable(
        trip=owner[kept],
        day=result.values("dag")[kept],
        country=result.values("dygnsland")[kept],
        part=result.values("dygnsdel")[kept],
        amounts={title: result.values(name)[kept] for name, title in AMOUNTS},
    )
