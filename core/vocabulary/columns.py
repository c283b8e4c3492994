"""Columns of whatever a host or a sheet hands over, read by kind of cell without a loop over rows.

A cell may be a text, a number, a truth value, a date, a clock, a length of time, an error or blank. Cells of
one sort are read together: numbers as one array, texts once for each different text.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from core.encoded import Encoded
from core.vocabulary.parsed import Floats, Integers, Mask, Misread, Parsed, Problem, cell_error, is_error_text, quoted

Instants = npt.NDArray[np.datetime64]
Spans = npt.NDArray[np.timedelta64]
Column = Encoded | npt.NDArray[Any] | Sequence[Any]

BLANK, TEXT, NUMBER, TRUTH, INSTANT, DAY, SPAN, CLOCK, OTHER = range(9)
INVISIBLE = "\ufeff\u200b \t\r\n\u00a0\u2009\u202f"
"""What may stand around a text unseen; a text of nothing else is a blank cell."""
MANY_TEXTS = 1000
"""From so many different texts on, a reader's bulk path is worth its start-up."""
_PIECE = 32_768
"""Cells that are read at a time."""


class Reader:
    """One kind of value. A subclass overrides what it can read; the rest is the wrong kind of cell.

    Bulk methods return the int64 values and a mask of the bad ones; the matching `…_error` then words the
    problem of one bad value, so that messages are only made where they are needed.
    """

    not_one = "inget giltigt värde"
    """Swedish, after «"x" är»."""
    hint = ""
    """Swedish sentence that says what to write instead."""
    missing = 0
    """Stands in `values` where there is nothing to read."""
    zero_is_blank = False
    """True where the number 0 can only be a reference to an empty cell."""

    def wrong_kind(self, value: object) -> Misread:
        return Misread(f"{quoted(value)} är {self.not_one}. {self.hint}".rstrip())

    def text(self, text: str) -> int:
        """Read one text, stripped and not empty; raises Misread."""
        raise self.wrong_kind(text)

    def texts(self, texts: list[str]) -> tuple[Integers, Mask]:
        """Read the plain majority of many texts at once: values, and a mask of those that were read."""
        return np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=bool)

    def numbers(self, numbers: Floats) -> tuple[Integers, Mask]:
        """Read finite numbers."""
        return _none_read(len(numbers))

    def number_error(self, number: float) -> Misread:
        return self.wrong_kind(number)

    def truths(self, truths: Mask) -> tuple[Integers, Mask]:
        return _none_read(len(truths))

    def instants(self, instants: Instants) -> tuple[Integers, Mask]:
        """Read dates with a clock, datetime64[us], wall clock."""
        return _none_read(len(instants))

    def days(self, days: Instants) -> tuple[Integers, Mask]:
        """Read dates without a clock, datetime64[D]."""
        return _none_read(len(days))

    def instant_error(self, instant: np.datetime64) -> Misread:
        return self.wrong_kind(np.datetime_as_string(instant, unit="D"))

    def spans(self, spans: Spans) -> tuple[Integers, Mask]:
        """Read lengths of time or clocks of the day, timedelta64[us]."""
        return _none_read(len(spans))

    def span_error(self, span: np.timedelta64) -> Misread:
        seconds = int(span / np.timedelta64(1, "s"))
        sign, minutes = ("-" if seconds < 0 else ""), abs(seconds) // 60
        return self.wrong_kind(f"{sign}{minutes // 60}:{minutes % 60:02}")


def _none_read(n: int) -> tuple[Integers, Mask]:
    return np.zeros(n, dtype=np.int64), np.ones(n, dtype=bool)


def read(reader: Reader, column: Column) -> Parsed:
    """Read one column, n cells: an array of any type, a sequence of mixed cells, or dictionary-encoded."""
    if isinstance(column, Encoded):
        return _read_encoded(reader, column)
    cells = column if isinstance(column, np.ndarray) else np.fromiter(column, dtype=object, count=len(column))
    if cells.ndim != 1:
        raise TypeError(f"a column has one dimension, not {cells.ndim}")
    work = _Work(reader, len(cells))
    rows = np.arange(len(cells))
    sort = cells.dtype.kind
    if sort in "iuf":
        work.numbers(rows, cells)
    elif sort == "b":
        work.truths(rows, cells)
    elif sort == "M":
        work.datetimes(rows, cells)
    elif sort == "m":
        work.spans(rows, cells)
    elif sort in "UT":
        work.texts(rows, cells.tolist())
    else:
        work.objects(cells.astype(object, copy=False))
    return Parsed(work.values, work.given, sorted(work.problems, key=lambda problem: int(problem.rows[0])))


def _read_encoded(reader: Reader, column: Encoded) -> Parsed:
    # The blank is put last, where an index of −1 finds it.
    words = read(reader, [*column.texts, None])
    index = column.index
    problem_of = {int(row): problem for problem in words.problems for row in problem.rows}
    problems = [
        Problem(rows, problem_of[word].code, problem_of[word].message) for word, rows in _rows_of(index, problem_of)
    ]
    problems.sort(key=lambda problem: int(problem.rows[0]))
    return Parsed(words.values[index], words.given[index], problems)


class _Work:
    """A column under way: the results so far, filled one sort of cell at a time."""

    def __init__(self, reader: Reader, n: int) -> None:
        self.reader = reader
        self.values: Integers = np.full(n, reader.missing, dtype=np.int64)
        self.given: Mask = np.zeros(n, dtype=bool)
        self.problems: list[Problem] = []

    def objects(self, cells: npt.NDArray[np.object_]) -> None:
        sorts = np.fromiter(map(_SORTS.__getitem__, map(type, cells)), dtype=np.int8, count=len(cells))
        for sort in np.flatnonzero(np.bincount(sorts)).tolist():
            rows = np.flatnonzero(sorts == sort)
            some = cells if len(rows) == len(cells) else cells[rows]
            if sort == TEXT:
                self.texts(rows, some)
            elif sort == NUMBER:
                self.numbers(rows, _floats(some))
            elif sort == TRUTH:
                self.truths(rows, some.astype(bool))
            elif sort == INSTANT:
                self.datetimes(rows, _wall_clock(some))
            elif sort == DAY:
                self.datetimes(rows, some.astype("datetime64[D]"))
            elif sort == SPAN:
                self.spans(rows, some.astype("timedelta64[us]"))
            elif sort == CLOCK:
                self.spans(rows, _since_midnight(some))
            elif sort == OTHER:
                self.others(rows, some)

    def texts(self, rows: Integers, texts: Iterable[str]) -> None:
        numbering: defaultdict[str, int] = defaultdict(count().__next__)
        index = np.fromiter(map(numbering.__getitem__, texts), dtype=np.int64, count=len(rows))
        different = list(numbering)
        values = np.full(len(different), self.reader.missing, dtype=np.int64)
        given = np.ones(len(different), dtype=bool)
        done = np.zeros(len(different), dtype=bool)
        if len(different) >= MANY_TEXTS:
            bulk, done = self.reader.texts(different)
            values[done] = bulk[done]
        bad: dict[int, Misread] = {}
        for i in np.flatnonzero(~done).tolist():
            text = different[i].strip(INVISIBLE)
            try:
                if not text:
                    given[i] = False
                elif is_error_text(text):
                    raise cell_error(text)
                else:
                    values[i] = self.reader.text(text)
            except Misread as error:
                bad[i] = error
        self.values[rows] = values[index]
        self.given[rows] = given[index]
        for i, where in _rows_of(index, bad):
            self._problem(rows[where], bad[i])

    def numbers(self, rows: Integers, cells: npt.NDArray[Any]) -> None:
        numbers = cells.astype(np.float64, copy=False)
        given = ~np.isnan(numbers)
        if self.reader.zero_is_blank:
            given &= numbers != 0
        if not given.all():
            rows, numbers = rows[given], numbers[given]
        endless = np.isinf(numbers)
        values, bad = _in_pieces(self.reader.numbers, np.where(endless, 0.0, numbers) if endless.any() else numbers)
        self._take(rows, numbers, values, bad | endless, self._number_error)

    def _number_error(self, number: float) -> Misread:
        if np.isinf(number):
            return Misread("Talet är oändligt stort och kan inte användas.", "#NUM!")
        return self.reader.number_error(float(number))

    def truths(self, rows: Integers, cells: Mask) -> None:
        values, bad = self.reader.truths(cells)
        self._take(rows, cells, values, bad, self.reader.wrong_kind)

    def datetimes(self, rows: Integers, cells: Instants) -> None:
        rows, cells = _stated(rows, cells)
        if np.datetime_data(cells.dtype)[0] in ("Y", "M", "W", "D"):
            cells = cells.astype("datetime64[D]")
            values, bad = _in_pieces(self.reader.days, cells)
        else:
            cells = cells.astype("datetime64[us]", copy=False)
            values, bad = _in_pieces(self.reader.instants, cells)
        self._take(rows, cells, values, bad, self.reader.instant_error)

    def spans(self, rows: Integers, cells: Spans) -> None:
        rows, cells = _stated(rows, cells)
        cells = cells.astype("timedelta64[us]", copy=False)
        values, bad = _in_pieces(self.reader.spans, cells)
        self._take(rows, cells, values, bad, self.reader.span_error)

    def others(self, rows: Integers, cells: npt.NDArray[np.object_]) -> None:
        """Error values of a host, and things that are no cell at all; both are rare, so one at a time."""
        self.given[rows] = True
        found: dict[str, tuple[Misread, list[int]]] = {}
        for row, cell in zip(rows.tolist(), cells, strict=True):
            code = getattr(cell, "code", None)
            if isinstance(code, str) and code.startswith("#"):
                error = cell_error(code, str(getattr(cell, "message", "") or ""))
            else:
                error = self.reader.wrong_kind(cell)
            found.setdefault(str(error), (error, []))[1].append(row)
        for error, places in found.values():
            self._problem(np.array(places, dtype=np.int64), error)

    def _take(
        self,
        rows: Integers,
        cells: npt.NDArray[Any],
        values: Integers,
        bad: Mask,
        explain: Callable[[Any], Misread],
    ) -> None:
        everywhere = len(rows) == len(self.values)
        self.given[slice(None) if everywhere else rows] = True
        if not bad.any():
            if everywhere:
                self.values = values
            else:
                self.values[rows] = values
            return
        self.values[rows] = np.where(bad, self.reader.missing, values)
        wrong = rows[bad]
        different, index = np.unique(cells[bad], return_inverse=True)
        for i, where in _rows_of(index, range(len(different))):
            self._problem(wrong[where], explain(different[i]))

    def _problem(self, rows: Integers, error: Misread) -> None:
        self.problems.append(Problem(rows, error.code, str(error)))


def _in_pieces(
    bulk: Callable[[npt.NDArray[Any]], tuple[Integers, Mask]], cells: npt.NDArray[Any]
) -> tuple[Integers, Mask]:
    """What a bulk method of a reader makes of cells, some thousands at a time: what it needs on the way then stays
    in the processor's cache."""
    if len(cells) <= _PIECE:
        return bulk(cells)
    values, bad = np.empty(len(cells), dtype=np.int64), np.empty(len(cells), dtype=bool)
    for start in range(0, len(cells), _PIECE):
        piece = slice(start, start + _PIECE)
        values[piece], bad[piece] = bulk(cells[piece])
    return values, bad


def _stated(rows: Integers, cells: npt.NDArray[Any]) -> tuple[Integers, npt.NDArray[Any]]:
    """Rows and cells of dates or lengths of time without the blank ones."""
    given = ~np.isnat(cells)
    return (rows, cells) if given.all() else (rows[given], cells[given])


def _rows_of(index: npt.NDArray[np.integer[Any]], wanted: Iterable[int]) -> list[tuple[int, Integers]]:
    """For each wanted number that occurs, the ascending rows whose index it is."""
    numbers = np.array(sorted(wanted), dtype=np.int64)
    if not len(numbers):
        return []
    rows = np.flatnonzero(np.isin(index, numbers))
    inorder = index[rows]
    order = np.argsort(inorder, kind="stable")
    rows, inorder = rows[order], inorder[order]
    starts = np.searchsorted(inorder, numbers, side="left")
    ends = np.searchsorted(inorder, numbers, side="right")
    return [
        (int(number), rows[start:end]) for number, start, end in zip(numbers, starts, ends, strict=True) if end > start
    ]


class _Sorts(dict[type, int]):
    """The sort of cell for each Python type, found once per type."""

    def __missing__(self, kind: type) -> int:
        self[kind] = found = next((sort for base, sort in _BASES if issubclass(kind, base)), OTHER)
        return found


# A bool is an int and a datetime is a date to Python, so the narrower type stands first.
_BASES: tuple[tuple[type, int], ...] = (
    (type(None), BLANK),
    (bool, TRUTH),
    (np.bool_, TRUTH),
    (str, TEXT),
    (np.timedelta64, SPAN),
    (int, NUMBER),
    (float, NUMBER),
    (Decimal, NUMBER),
    (np.number, NUMBER),
    (np.datetime64, INSTANT),
    (dt.datetime, INSTANT),
    (dt.date, DAY),
    (dt.time, CLOCK),
    (dt.timedelta, SPAN),
)
_SORTS = _Sorts()


def _floats(cells: npt.NDArray[np.object_]) -> Floats:
    try:
        return cells.astype(np.float64)
    except OverflowError:
        return np.array([_float(cell) for cell in cells])


def _float(cell: Any) -> float:
    try:
        return float(cell)
    except OverflowError:
        return float("inf")


def _wall_clock(cells: npt.NDArray[np.object_]) -> Instants:
    """datetime objects as datetime64, their time zone (if any) left out: a trip is told in local clocks."""
    if any(map(_has_zone, cells)):
        cells = np.fromiter((_without_zone(cell) for cell in cells), dtype=object, count=len(cells))
    return cells.astype("datetime64[us]")


def _has_zone(cell: Any) -> bool:
    return getattr(cell, "tzinfo", None) is not None


def _without_zone(cell: Any) -> Any:
    return cell.replace(tzinfo=None) if _has_zone(cell) else cell


def _since_midnight(cells: npt.NDArray[np.object_]) -> Spans:
    microseconds = [((c.hour * 60 + c.minute) * 60 + c.second) * 1_000_000 + c.microsecond for c in cells]
    return np.array(microseconds, dtype="timedelta64[us]")
