"""The sheet of legs: the journeys of each trip, tied to it by Rese-ID."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.encoded import Encoded
from core.engine import Column, ErrorBook
from core.engine.columns import first_error
from core.engine.levels import Frame
from core.vocabulary import FARDMEDEL, SVERIGE
from xlsx.claims import Claims, Mask

_NAMED_LEGS: Final = 5
"""Legs that a problem names before the rest is counted."""


@dataclass(frozen=True)
class Legs:
    """m legs in the order of their trips. `owner`: the trip (row of the trips) of each leg, ascending."""

    owner: NDArray[np.int64]
    columns: dict[str, Column]
    problems: list[str]

    def __len__(self) -> int:
        return len(self.owner)

    def has_legs(self, trips: int) -> Mask:
        """Which of the trips have legs."""
        return np.bincount(self.owner, minlength=trips) > 0

    def frame(self) -> Frame:
        """The rows of the level of legs."""
        return Frame(len(self), {"resa": self.owner})

    def completed(self, column: Column | None, ends: Literal["first", "last"] | str, trips: int) -> Column:
        """A trip's point in time, where blank its first leg's departure or last leg's arrival."""
        rows = np.zeros(trips, np.int64)
        at = self.columns["avgang"] if ends == "first" else self.columns["ankomst"]
        order = slice(None, None, -1) if ends == "first" else slice(None)
        rows[self.owner[order]] = np.arange(len(self))[order]
        has = self.has_legs(trips)
        values, errors = at.values[rows], None if at.errors is None else np.where(has, at.errors[rows], 0)
        if column is None:
            return Column(values, errors, has)
        assert column.given is not None
        blank = ~column.given & has
        of_legs = None if errors is None else np.where(blank, errors, 0).astype(np.int32)
        return Column(np.where(blank, values, column.values), first_error(column.errors, of_legs), column.given | has)

    def largest(self, value_of_country: NDArray[np.int64], trips: int) -> NDArray[np.int64]:
        """The largest value among the countries of a trip's legs; 0 without legs."""
        largest = np.zeros(trips, np.int64)
        np.maximum.at(largest, self.owner, value_of_country[self.columns["till_land"].values])
        return largest


def make_legs(claims: Claims, trip_ids: Encoded, book: ErrorBook) -> Legs:
    """The legs of the sheet; those that no trip or several trips own are left out and named as problems."""
    sheet = claims.sheet
    ids = claims.texts("rese_id")
    owner, left_out = _owners(ids, trip_ids)
    problems = [_problem(claims, ids, legs, why) for legs, why in left_out if len(legs)]
    kept = np.flatnonzero(owner >= 0)
    kept = kept[np.argsort(owner[kept], kind="stable")]
    columns: dict[str, Column] = {}
    for name, title in (("avgang", "Avgång"), ("ankomst", "Ankomst")):
        column = claims.moment(name)
        if column is None:
            problems.append(f"{sheet.name}: kolumnen {title} saknas, så delsträckorna används inte.")
            return Legs(np.zeros(0, np.int64), {}, problems)
        columns[name] = claims.required(column, f"{sheet.name}: {title}")
    columns["till_land"] = _or_blank(claims, "till_land", SVERIGE)
    # A leg without a stated mode is not international traffic: its time counts where it began.
    columns["strackans_fardmedel"] = _or_blank(claims, "strackans_fardmedel", FARDMEDEL["taxi"])
    berth = _or_blank(claims, "sovplats", 0)
    columns["sovplats"] = Column(berth.values == 1, berth.errors)
    return Legs(owner[kept], {name: taken(column, kept) for name, column in columns.items()}, problems)


def _or_blank(claims: Claims, name: str, blank: int) -> Column:
    return claims.filled(name, blank) if claims.has(name) else Column(np.full(len(claims), blank, np.int64))


def taken(column: Column, rows: Any) -> Column:
    """Some rows of a column, in that order."""
    errors = None if column.errors is None else column.errors[rows]
    return Column(column.values[rows], errors, None if column.given is None else column.given[rows])


def _owners(ids: Encoded, trip_ids: Encoded) -> tuple[NDArray[np.int64], list[tuple[NDArray[np.int64], str]]]:
    """The trip of each leg, -1 where there is not exactly one; and the legs without one, by reason."""
    trip_of_text = np.full(len(trip_ids.texts) + 1, -1, np.int64)
    stated = np.flatnonzero(trip_ids.index >= 0)
    trip_of_text[trip_ids.index[stated]] = stated
    times = np.bincount(trip_ids.index[stated], minlength=len(trip_ids.texts))
    place = {text: number for number, text in enumerate(trip_ids.texts)}
    of_text = np.array([place.get(text, -1) for text in ids.texts] + [-1], np.int64)[ids.index]
    owner = np.where(of_text >= 0, trip_of_text[of_text], -1)
    several = (owner >= 0) & (np.append(times, 0)[of_text] > 1)
    left_out = [
        (np.flatnonzero(ids.index < 0), "saknas"),
        (np.flatnonzero((ids.index >= 0) & (owner < 0)), "finns inte bland resorna"),
        (np.flatnonzero(several), "står på flera resor"),
    ]
    return np.where(several, -1, owner), left_out


def _problem(claims: Claims, ids: Encoded, legs: NDArray[np.int64], why: str) -> str:
    """One sentence for all legs that are left out for the same reason, with the first of them by row and id."""
    first = legs[:_NAMED_LEGS]
    rows = ", ".join(str(claims.sheet.place(int(row))) for row in claims.rows[first])
    names = ", ".join(dict.fromkeys(f'"{ids.texts[code]}"' for code in ids.index[first] if code >= 0))
    more = f" med flera, {len(legs)} rader" if len(legs) > _NAMED_LEGS else ""
    plural = "Delsträckan" if len(legs) == 1 else "Delsträckorna"
    return f"{claims.sheet.name}, rad {rows}{more}: Rese-ID {names + ' ' if names else ''}{why}. {plural} används inte."
