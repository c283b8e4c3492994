"""Dated figures: value from a date, unit, source, date checked, status; looked up for whole columns of days.

A figure may have a kind of key (a country, a vehicle): then it is a table of values per key and date.
A day outside what the figure knows is marked as missing, never given the nearest value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from core.engine.clock import FIRST_DAY, LAST_DAY, as_date
from core.engine.units import to_written

STATUSES: Final = ("bekräftad", "två källor", "från policydokument", "förslag", "obekräftad")
"""From the surest to the least sure."""

_MISSING: Final = np.iinfo(np.int64).min


class FigureError(ValueError):
    """A figures file is wrong; the message names file, key and what is allowed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value from one day on, as a source states it. `value` None: the figure ends here."""

    from_day: int
    key: str | None
    value: int | float | None
    source: str
    checked: str = ""
    status: str = "obekräftad"


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a column of days (and keys) gave: values, and which rows have none (None = all have)."""

    values: Any
    missing: Any


@dataclass(frozen=True)
class Figure:
    """A named figure with all its dated entries.

    `key_kind` names the kind of key or is None; `keys` are the keys in code order, so that a column
    of codes indexes them. A statutory figure is the law's alone: no policy may set it. `help` is added to the
    sentence about a missing value, but for the keys in `help_not_for`. With `hide_zero` a value of 0 means that the
    figure does not apply, and explanations leave it out.
    """

    name: str
    title: str
    unit: str
    entries: tuple[Entry, ...]
    refs: tuple[str, ...] = ()
    key_kind: str | None = None
    keys: tuple[str, ...] = ()
    known_until: int = LAST_DAY
    help: str = ""
    help_not_for: tuple[str, ...] = ()
    statutory: bool = False
    hide_zero: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def breaks(self) -> Any:
        """Days on which some value changes; the first is the start of time."""
        days = {entry.from_day for entry in self.entries} | {self.known_until + 1}
        return np.array([FIRST_DAY, *sorted(day for day in days if FIRST_DAY < day <= LAST_DAY)], np.int64)

    @cached_property
    def _index(self) -> Any:
        """Entry number in force per key and period; -1 is none."""
        words: tuple[str | None, ...] = self.keys if self.key_kind else (None,)
        keys = {word: number for number, word in enumerate(words)}
        index = np.full((max(len(keys), 1), len(self.breaks)), -1, np.int32)
        for number in sorted(range(len(self.entries)), key=lambda n: self.entries[n].from_day):
            entry = self.entries[number]
            if entry.key not in keys:
                continue
            start = max(int(np.searchsorted(self.breaks, entry.from_day)), 0)
            index[keys[entry.key], start:] = number if entry.value is not None else -1
        index[:, self.breaks > self.known_until] = -1
        return index

    @cached_property
    def _values(self) -> Any:
        exact = not any(isinstance(entry.value, float) for entry in self.entries)
        missing: float = _MISSING if exact else np.nan
        numbers = [missing if entry.value is None else entry.value for entry in self.entries]
        return np.array([*numbers, missing], np.int64 if exact else np.float64)[self._index]

    @cached_property
    def _period_of_day(self) -> Any:
        """Period number by day number; days before the first are in the first."""
        return np.repeat(
            np.arange(len(self.breaks), dtype=np.int16), np.diff([0, *self.breaks[1:].tolist(), LAST_DAY + 1])
        )

    @cached_property
    def _value_of_day(self) -> Any:
        """Value of the first key (or of a figure without keys) by day number."""
        return self._values[0][self._period_of_day]

    @cached_property
    def _has_missing(self) -> Any:
        """Per period, whether any key lacks a value."""
        return (self._index < 0).any(axis=0)

    def _period(self, day: int) -> int:
        return int(self._period_of_day[min(max(day, 0), LAST_DAY)])

    def lookup(self, day: Any, key: Any = None, bounds: tuple[int, int] | None = None) -> Lookup:
        """Values for day numbers (and key codes), both arrays or scalars; `bounds` is day's (min, max)."""
        low, high = bounds if bounds is not None else _bounds(day)
        first, last = self._period(low), self._period(high)
        row = 0 if self.key_kind is None else key
        one_key = np.ndim(row) == 0
        if first == last:
            values = self._values[row, first]
        elif one_key and row == 0:
            values = self._value_of_day.take(day, mode="clip")
        else:
            values = self._values.take(
                np.multiply(row, len(self.breaks), dtype=np.int64) + self._period_of_day.take(day, mode="clip")
            )
        outside = low < FIRST_DAY or high > LAST_DAY
        lacking = self._index[row] < 0 if one_key else self._has_missing
        if not (outside or lacking[first : last + 1].any()):
            return Lookup(values, None)
        missing = np.isnan(values) if values.dtype.kind == "f" else values == _MISSING
        if outside:
            missing = missing | (day < FIRST_DAY) | (day > LAST_DAY)
        if not missing.any():
            return Lookup(values, None)
        return Lookup(np.where(missing, 0, values), missing)

    def entry(self, day: int, key: int = 0) -> Entry | None:
        """The entry in force on one day, or None."""
        if not FIRST_DAY <= day <= LAST_DAY:
            return None
        number = int(self._index[key, self._period_of_day[day]])
        return None if number < 0 else self.entries[number]

    def rests_on(self, day: Any, status: str, keys: Sequence[int] = (0,)) -> Any:
        """Whether on each of n days (an array) the entry in force for any of the keys has the status."""
        has = np.array([*(entry.status == status for entry in self.entries), False])
        of_period = has[self._index[list(keys)]].any(axis=0)
        known = (day >= FIRST_DAY) & (day <= LAST_DAY)
        return of_period[self._period_of_day.take(day, mode="clip")] & known

    def missing_text(self, day: int, key: int = 0) -> str:
        """The Swedish sentence that names this figure, its key and the date it lacks."""
        name = self.title
        if self.key_kind:
            name += f" ({self.titles.get(self.keys[key], self.keys[key])})"
        hint = f" {self.help}" if self.help and not (self.keys and self.keys[key] in self.help_not_for) else ""
        return f"{name} saknas för {as_date(day).isoformat()}.{hint}"


def _bounds(day: Any) -> tuple[int, int]:
    return (int(np.min(day)), int(np.max(day))) if np.size(day) else (FIRST_DAY, FIRST_DAY)


class Figures(Mapping[str, Figure]):
    """All figures of a calculation by name."""

    def __init__(self, figures: Iterable[Figure] = ()) -> None:
        self._figures = {figure.name: figure for figure in figures}

    @cached_property
    def kinds(self) -> frozenset[tuple[str, str | None]]:
        """Name and kind of key of every figure: all that a plan depends on."""
        return frozenset((figure.name, figure.key_kind) for figure in self.values())

    def __getitem__(self, name: str) -> Figure:
        return self._figures[name]

    def __iter__(self) -> Any:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def with_figures(self, figures: Iterable[Figure]) -> Figures:
        """These figures and `figures`, which win where the name is the same."""
        return Figures([*self.values(), *figures])

    def with_entries(self, changes: Mapping[str, tuple[Sequence[Entry], Sequence[str]]]) -> Figures:
        """The same figures, some with entries and rule ids of a policy's own in place of theirs."""
        changed = []
        for name, (entries, refs) in changes.items():
            figure = self[name]
            until = LAST_DAY if figure.key_kind is None else figure.known_until
            own = replace(figure, entries=tuple(entries), refs=tuple(refs) or figure.refs, known_until=until)
            changed.append(own)
        return self.with_figures(changed)


def derive(
    name: str, title: str, unit: str, refs: tuple[str, ...], base: Figure, formula: Callable[[Any], Any]
) -> Figure:
    """A figure computed from another, entry by entry, with the other's dates, sources and statuses."""
    entries = tuple(
        replace(
            entry,
            value=int(formula(entry.value)),
            source=f"{base.title} {to_written(entry.value, base.unit)} {base.unit} ({entry.source})",
        )
        for entry in base.entries
        if entry.value is not None
    )
    return Figure(name, title, unit, entries, refs, known_until=base.known_until, statutory=base.statutory)
