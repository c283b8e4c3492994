"""The sheet of legs: the journeys of each trip, tied to it by Rese-ID."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.encoded import Encoded
from core.engine import CellError, Column, ErrorBook
from core.engine.columns import first_error
from core.engine.levels import Frame
from core.vocabulary import FARDMEDEL, SVERIGE
from xlsx.claims import Claims, Mask

_NAMED_LEGS: Final = 5
"""Legs that a problem names before the rest is counted."""
_LEGS_ONE_BY_ONE: Final = 100
"""Legs in error that are told one by one; where they are more, those with the same error are told together."""
_TITLES: Final = {"avgang": "Avgång", "ankomst": "Ankomst"}


@dataclass(frozen=True)
class Legs:
    """m legs in the order of their trips. `owner`: the trip (row of the trips) of each leg, ascending.

    rows: their rows among `claims`, the cells of the sheet.
    """

    owner: NDArray[np.int64]
    columns: dict[str, Column]
    problems: list[str]
    claims: Claims
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.owner)

    def has_legs(self, trips: int) -> Mask:
        """Which of the trips have legs."""
        return np.bincount(self.owner, minlength=trips) > 0

    def frame(self) -> Frame:
        """The rows of the level of legs."""
        return Frame(len(self), {"resa": self.owner})

    def within(self, departure: Column | None, home: Column | None) -> Legs:
        """The same legs, in error where they begin before the trip's stated departure or end after its stated return.

        Of a trip that ends before it begins nothing can be told.
        """
        trusted: Any = True
        if departure is not None and home is not None:
            trusted = (home.values >= departure.values) | ~_stated(departure) | ~_stated(home)
        legs = self
        if departure is not None:
            early = self.columns["avgang"].values < departure.values[self.owner]
            legs = legs._marked("avgang", early & (_stated(departure) & trusted)[self.owner], "före resans avresa")
        if home is not None:
            late = self.columns["ankomst"].values > home.values[self.owner]
            legs = legs._marked("ankomst", late & (_stated(home) & trusted)[self.owner], "efter resans hemkomst")
        return legs

    def _marked(self, name: str, outside: Mask, beyond: str) -> Legs:
        """The same legs, with an error in one of their points in time where it is sound and yet outside the trip."""
        column = self.columns[name]
        outside = outside & _sound(column)
        if not outside.any():
            return self
        error = CellError("#NUM!", f"{_title(self.claims, name)} ligger {beyond}.")
        found = np.where(outside, self.claims.book.number(error), 0).astype(np.int32)
        told = _placed(self.claims, self.rows, Column(column.values, found))
        marked = Column(column.values, first_error(column.errors, told.errors), column.given)
        return replace(self, columns={**self.columns, name: marked})

    def completed(self, column: Column | None, ends: Literal["first", "last"], trips: int) -> Column:
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
    for name, title in _TITLES.items():
        column = claims.moment(name)
        if column is None:
            problems.append(f"{sheet.name}: kolumnen {title} saknas, så delsträckorna används inte.")
            return Legs(np.zeros(0, np.int64), {}, problems, claims, kept[:0])
        columns[name] = claims.required(column, f"{sheet.name}: {title}")
    columns["till_land"] = _or_blank(claims, "till_land", SVERIGE)
    # A leg without a stated mode is not international traffic: its time counts where it began.
    columns["strackans_fardmedel"] = _or_blank(claims, "strackans_fardmedel", FARDMEDEL["taxi"])
    berth = _or_blank(claims, "sovplats", 0)
    columns["sovplats"] = Column(berth.values == 1, berth.errors)
    columns = {name: _placed(claims, kept, taken(column, kept)) for name, column in columns.items()}
    problems += _backwards(claims, kept, columns["avgang"], columns["ankomst"])
    return Legs(owner[kept], columns, problems, claims, kept)


def _title(claims: Claims, name: str) -> str:
    """The heading of a point in time as it stands in the sheet; ours where date and clock have a column each."""
    return claims.mapping.columns[name].written if claims.has(name) else _TITLES[name]


def _sound(column: Column) -> Mask:
    """Where a column is not in error."""
    return np.ones(len(column.values), bool) if column.errors is None else column.errors == 0


def _stated(column: Column) -> Mask:
    """Where a column is given and not in error."""
    return _sound(column) if column.given is None else _sound(column) & column.given


def _placed(claims: Claims, rows: NDArray[np.int64], column: Column) -> Column:
    """A column of legs whose errors name the legs' sheet and rows; `rows` are those of the claims."""
    if column.errors is None or not column.errors.any():
        return column
    wrong = np.flatnonzero(column.errors)
    wrong = wrong[np.argsort(column.errors[wrong], kind="stable")]
    numbers, errors = column.errors[wrong], column.errors.copy()
    starts = np.flatnonzero(np.diff(numbers)) + 1 if len(wrong) > _LEGS_ONE_BY_ONE else np.arange(1, len(wrong))
    for legs in np.split(wrong, starts):
        error = claims.book[int(column.errors[legs[0]])]
        message = f"{_place(claims, rows[legs])}: {error.message.removeprefix(claims.prefix)}"
        errors[legs] = claims.book.number(CellError(error.code, message))
    return Column(column.values, errors, column.given)


def _backwards(claims: Claims, rows: NDArray[np.int64], start: Column, end: Column) -> list[str]:
    """One sentence for all legs that arrive before they leave; the rules tell only which trip has one."""
    legs = np.flatnonzero((end.values < start.values) & _sound(start) & _sound(end))
    if not len(legs):
        return []
    titles = (_title(claims, name) for name in ("ankomst", "avgang"))
    return [f"{_place(claims, rows[legs])}: {' ligger före '.join(titles)}."]


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


def _place(claims: Claims, legs: NDArray[np.int64]) -> str:
    """The sheet and the rows of some legs (rows of the claims), the first of them by number."""
    rows = ", ".join(str(claims.sheet.place(int(row))) for row in claims.rows[legs[:_NAMED_LEGS]])
    more = f" med flera, {len(legs)} rader" if len(legs) > _NAMED_LEGS else ""
    return f"{claims.sheet.name}, rad {rows}{more}"


def _problem(claims: Claims, ids: Encoded, legs: NDArray[np.int64], why: str) -> str:
    """One sentence for all legs that are left out for the same reason, with the first of them by row and id."""
    names = ", ".join(dict.fromkeys(f'"{ids.texts[code]}"' for code in ids.index[legs[:_NAMED_LEGS]] if code >= 0))
    plural = "Delsträckan" if len(legs) == 1 else "Delsträckorna"
    return f"{_place(claims, legs)}: Rese-ID {names + ' ' if names else ''}{why}. {plural} används inte."
