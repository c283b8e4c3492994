"""Which rows of a sheet are trips, and their cells column by column."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.encoded import Encoded
from core.engine import CellError, Column, ErrorBook
from core.engine.clock import DAY
from core.engine.columns import first_error, mark, narrow, wide
from xlsx.cells import or_else, read_column
from xlsx.grid import RawColumn, Rows, Sheet
from xlsx.headings import Mapped, Mapping

Mask = NDArray[np.bool_]

_SUM_WORD: Final = re.compile(r"(?:del|total|slut)?summa\b|total(?:t|en)?\b|s:a\b|sum\b|grand total\b", re.IGNORECASE)
_TRACES_OF_A_TRIP: Final = frozenset({"text", "moment", "date", "country", "mode", "place"})
"""Kinds of cells that a row of sums does not have."""


@dataclass(frozen=True)
class Claims:
    """The rows of a sheet that are trips (or legs), read by the meaning of their headings."""

    sheet: Sheet
    mapping: Mapping
    book: ErrorBook
    rows: Rows
    """Rows of the sheet's cells, ascending; everything here is in their order."""
    sums: int
    empty: int
    hidden: int
    prefix: str = ""
    """Before each heading in messages: which other sheet it stands in."""
    _cache: dict[str, Column] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def has(self, name: str) -> bool:
        """Whether the sheet has a column of that meaning."""
        return name in self.mapping.columns

    def title(self, name: str) -> str:
        """The heading as it stands in the sheet, for messages."""
        return self.prefix + self.mapping.columns[name].written

    def raw(self, name: str) -> RawColumn:
        """The cells of a column."""
        column = self.sheet.columns[self.mapping.columns[name].index]
        return column if len(self) == self.sheet.rows else column.take(self.rows)

    def column(self, name: str) -> Column:
        """A column read by its kind, `given` marking the filled rows; raises KeyError when there is none."""
        kept = self.kept(name)
        return Column(wide(kept.values), kept.errors, kept.given)

    def kept(self, name: str) -> Column:
        """The same in as few bytes as hold it, not to be reckoned with."""
        if name not in self._cache:
            mapped = self.mapping.columns[name]
            read = read_column(self.raw(name), mapped.heading.kind, self.title(name), name, self.book, mapped.scale)
            self._cache[name] = narrow(read)
        return self._cache[name]

    def read(self) -> list[Column]:
        """The columns read until now whose errors are faults of the row; a place we do not know is only a remark."""
        return [column for name, column in self._cache.items() if name not in ("fran", "till")]

    def texts(self, name: str) -> Encoded:
        """A column as texts; all blank when the sheet has none."""
        if not self.has(name):
            return Encoded(np.full(len(self), -1, np.int64), [])
        return self.raw(name).texts()

    def filled(self, name: str, blank: int) -> Column:
        """A column with a value on every row: `blank` where nothing is written."""
        return or_else(self.column(name), blank)

    def required(self, column: Column, title: str, needed: Mask | None = None) -> Column:
        """A column whose blank cells are errors that name it, where `needed` (everywhere if not stated)."""
        missing = ~column.given if column.given is not None else np.zeros(len(self), bool)
        if needed is not None:
            missing = missing & needed
        number = self.book.number(CellError("#VALUE!", f"{title} saknas.")) if missing.any() else 0
        return Column(column.values, mark(column.errors, len(self), missing, number))

    def moment(self, name: str) -> Column | None:
        """A point in time from one column, or from a date and a clock; None when the sheet lacks them."""
        clock = f"{name}_tid"
        date = f"{name}_datum" if self.has(f"{name}_datum") else name
        if self.has(clock) and self.has(date):
            return self._joined(date, clock)
        return self.column(name) if self.has(name) else None

    def _joined(self, date: str, clock: str) -> Column:
        day = read_column(self.raw(date), "date", self.title(date), date, self.book)
        time = self.column(clock)
        assert day.given is not None and time.given is not None
        errors = first_error(day.errors, time.errors)
        for one, other, title in ((day, time, self.title(clock)), (time, day, self.title(date))):
            assert one.given is not None and other.given is not None
            half = one.given & ~other.given
            if half.any():
                number = self.book.number(CellError("#VALUE!", f"{title} saknas."))
                errors = mark(errors, len(self), half, number)
        return Column(day.values * DAY + time.values, errors, day.given | time.given)


def read_claims(sheet: Sheet, mapping: Mapping, book: ErrorBook, prefix: str = "") -> Claims:
    """The rows that are claims: not the empty ones, and not the sums."""
    used = np.zeros(sheet.rows, bool)
    for column in sheet.columns:
        used |= ~column.blank
    sums = used & _sums(sheet, mapping, used)
    rows = np.flatnonzero(used & ~sums)
    hidden = np.isin(rows + sheet.top - 1, list(sheet.marks.hidden_rows))
    last = int(np.flatnonzero(used)[-1]) if used.any() else -1
    empty = int((~used[: last + 1]).sum())
    return Claims(sheet, mapping, book, rows, int(sums.sum()), empty, int(hidden.sum()), prefix)


def _sums(sheet: Sheet, mapping: Mapping, used: Mask) -> Mask:
    """Rows of sums: the first cell says so, or there are but numbers where trips have a date or an id."""
    says = np.zeros(sheet.rows, bool)
    dated = _filled(sheet, [m for name, m in mapping.columns.items() if name in ("avresa", "avresa_datum", "avgang")])
    waiting = np.flatnonzero(used & ~dated)
    for column in sheet.columns:
        filled = ~column.blank[waiting]
        if isinstance(column.cells, Encoded):
            says[waiting[filled]] = _are_words_of_sums(column.cells, waiting[filled])
        waiting = waiting[~filled]
    kept = [mapped for mapped in mapping.columns.values() if mapped.heading.kind in _TRACES_OF_A_TRIP]
    if {"rese_id", "avresa", "avresa_datum", "datum"} & set(mapping.columns):
        return says | ~_filled(sheet, kept)
    return says


def _are_words_of_sums(cells: Encoded, rows: Rows) -> Mask:
    """Whether each of some cells begins with a word for a sum; none of them is blank."""
    different, index = np.unique(cells.index[rows], return_inverse=True)
    texts = [cells.texts[code] for code in different.tolist()]
    says = np.array([isinstance(text, str) and bool(_SUM_WORD.match(text.strip())) for text in texts], bool)
    return np.asarray(says[index])


def _filled(sheet: Sheet, columns: list[Mapped]) -> Mask:
    filled = np.zeros(sheet.rows, bool)
    for mapped in columns:
        filled |= ~sheet.columns[mapped.index].blank
    return filled
