"""Columns of points in time, dates, clocks and lengths of time → integers; `timetexts` reads one text.

A number is a spreadsheet's serial number (1900 system). A time zone is left out: a trip is told in local
clocks.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.engine.clock import DAY, FIRST_DAY, LAST_DAY, as_date
from core.engine.units import round_half_up
from core.vocabulary.columns import Column, Instants, Reader, Spans, read
from core.vocabulary.numbers import scaled_floats
from core.vocabulary.parsed import Floats, Integers, Mask, Misread, Parsed, quoted, shown
from core.vocabulary.timetexts import (
    CLOCK_HINT,
    DATE_HINT,
    LENGTH_HINT,
    MOMENT_HINT,
    SECONDS_PER_DAY,
    outside,
    parse_clock,
    parse_date,
    parse_duration,
    parse_moment,
)

__all__ = [
    "clocks",
    "dates",
    "durations",
    "moments",
    "parse_clock",
    "parse_date",
    "parse_duration",
    "parse_moment",
]

SERIAL_1970: Final = 25569
"""A spreadsheet's serial number of 1970-01-01."""

LONGEST_HOURS: Final = 8784
"""Hours of a leap year; a longer time is a slip."""

_MILLISECONDS: Final = 1000 * SECONDS_PER_DAY
_MICROSECONDS: Final = 1_000_000 * SECONDS_PER_DAY
_FIRST_SERIAL: Final = FIRST_DAY + SERIAL_1970
_AFTER_LAST_SERIAL: Final = LAST_DAY + 1 + SERIAL_1970


def moments(values: Column) -> Parsed:
    """A column of points in time as minutes since 1970-01-01 00:00; 0 is blank.

    A whole number, or a date cell at exactly midnight, is a date whose clock is missing: a spreadsheet cannot
    tell it from midnight. Midnight is written as text.
    """
    return read(_Moments(), values)


def dates(values: Column) -> Parsed:
    """A column of dates, or of points in time without their clock, as days since 1970-01-01; 0 is blank.

    A number such as 20260310 is read as the date it spells.
    """
    return read(_Dates(), values)


def clocks(values: Column, zero_is_blank: bool = False) -> Parsed:
    """A column of clocks as minutes since midnight.

    A number is a fraction of a day, a point in time's serial number, a whole hour (8) or hours and minutes
    (830). zero_is_blank: the number 0 is a reference to an empty cell and not midnight.
    """
    return read(_Clocks(zero_is_blank), values)


def durations(values: Column, highest_hours: int = LONGEST_HOURS, what: str = "Tid") -> Parsed:
    """A column of lengths of time as minutes. A number is hours (7.5), a timedelta or time its length."""
    return read(_Durations(highest_hours, what), values)


def _serial_minutes(serials: Floats) -> Integers:
    """Minutes of serial numbers: to the millisecond first, which takes off what binary fractions add."""
    milliseconds = np.rint(serials * _MILLISECONDS).astype(np.int64)
    minutes: Integers = round_half_up(milliseconds, _MILLISECONDS // DAY)
    return minutes


def _whole_minutes(instants: Instants | Spans) -> Integers:
    minutes: Integers = round_half_up(instants.astype(np.int64), 60_000_000)
    return minutes


def _day_error(serial: float, otherwise: Misread) -> Misread:
    """For a number outside the years that are read: the date that it means, when it can mean one."""
    if not 1 <= serial < 2_958_466:  # 9999-12-31, the last day of a spreadsheet
        return otherwise
    return outside(as_date(int(serial) - SERIAL_1970))


class _Moments(Reader):
    not_one = "ingen tidpunkt"
    hint = MOMENT_HINT
    zero_is_blank = True

    def text(self, text: str) -> int:
        return parse_moment(text)

    def texts(self, texts: list[str]) -> tuple[Integers, Mask]:
        return _plain_moments(texts)

    def numbers(self, numbers: Floats) -> tuple[Integers, Mask]:
        outside_years = (numbers < _FIRST_SERIAL) | (numbers >= _AFTER_LAST_SERIAL)
        bad = outside_years | (numbers == np.floor(numbers))
        return _serial_minutes(np.where(bad, 0.0, numbers)) - SERIAL_1970 * DAY, bad

    def number_error(self, number: float) -> Misread:
        if _FIRST_SERIAL <= number < _AFTER_LAST_SERIAL:
            return _no_clock(as_date(int(number) - SERIAL_1970))
        if 0 < number < 1:
            return Misread(f"Datum saknas, talet {quoted(number)} är bara ett klockslag. {MOMENT_HINT}")
        return _day_error(number, Misread(f"Talet {quoted(number)} är {self.not_one}. {self.hint}", "#NUM!"))

    def instants(self, instants: Instants) -> tuple[Integers, Mask]:
        # In whole numbers: numpy turns each instant into a day by way of the calendar.
        microseconds = instants.astype(np.int64)
        number, of_day = np.divmod(microseconds, _MICROSECONDS)
        bad = (number < FIRST_DAY) | (number > LAST_DAY) | (of_day == 0)
        return _whole_minutes(instants), bad

    def days(self, days: Instants) -> tuple[Integers, Mask]:
        return days.astype(np.int64), np.ones(len(days), dtype=bool)

    def instant_error(self, instant: np.datetime64) -> Misread:
        day = np.datetime_as_string(instant, unit="D")
        number = int(instant.astype("datetime64[D]").astype(np.int64))
        return _no_clock(day) if FIRST_DAY <= number <= LAST_DAY else outside(day)


def _no_clock(day: object) -> Misread:
    return Misread(
        f"Klockslag saknas i {quoted(day)}. Skriv till exempel {day} 07:00; "
        f"menas midnatt skrivs det som text: {day} 00:00."
    )


def _plain_moments(texts: list[str]) -> tuple[Integers, Mask]:
    """Texts of the very form `2026-03-10 07:00` (or with T, or a point in the clock), all at once."""
    wide = np.array(texts, dtype="U17")
    signs = np.ascontiguousarray(wide).view(np.uint32).reshape(len(texts), 17).astype(np.int32)
    digits = signs - ord("0")
    figures = digits[:, [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15]]
    done = ((figures >= 0) & (figures <= 9)).all(axis=1) & (signs[:, 16] == 0)
    for place, marks in ((4, "-"), (7, "-"), (10, " T"), (13, ":.")):
        done &= np.isin(signs[:, place], [ord(mark) for mark in marks])
    year = figures[:, :4].astype(np.int64) @ np.array([1000, 100, 10, 1])
    month, day, hour, minute = (figures[:, i] * 10 + figures[:, i + 1] for i in (4, 6, 8, 10))
    done &= (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60)
    months = np.where(done, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    numbers = months.astype("datetime64[D]").astype(np.int64) + np.where(done, day, 1) - 1
    # A day beyond its month would count on into the next one; such texts are left to the careful reader.
    done &= numbers < (months + 1).astype("datetime64[D]").astype(np.int64)
    done &= (numbers >= FIRST_DAY) & (numbers <= LAST_DAY)
    return np.where(done, numbers * DAY + hour * 60 + minute, 0), done


class _Dates(Reader):
    not_one = "inget datum"
    hint = DATE_HINT
    zero_is_blank = True

    def text(self, text: str) -> int:
        return parse_date(text)

    def texts(self, texts: list[str]) -> tuple[Integers, Mask]:
        minutes, done = _plain_moments(texts)
        return minutes // DAY, done

    def numbers(self, numbers: Floats) -> tuple[Integers, Mask]:
        days = np.floor(np.clip(numbers, 0, 1e9)).astype(np.int64) - SERIAL_1970
        spelt = (numbers >= 19_000_101) & (numbers <= 99_991_231) & (numbers == np.floor(numbers))
        if spelt.any():
            days[spelt] = _spelt_days(numbers[spelt].astype(np.int64))
        return days, (days < FIRST_DAY) | (days > LAST_DAY)

    def number_error(self, number: float) -> Misread:
        if number == np.floor(number) and 19_000_101 <= number <= 99_991_231:
            try:
                parse_date(str(int(number)))
            except Misread as error:
                return error
        return _day_error(number, Misread(f"Talet {quoted(number)} är {self.not_one}. {self.hint}", "#NUM!"))

    def instants(self, instants: Instants) -> tuple[Integers, Mask]:
        return self.days(instants.astype("datetime64[D]"))

    def days(self, days: Instants) -> tuple[Integers, Mask]:
        numbers = days.astype(np.int64)
        return numbers, (numbers < FIRST_DAY) | (numbers > LAST_DAY)

    def instant_error(self, instant: np.datetime64) -> Misread:
        return outside(np.datetime_as_string(instant, unit="D"))


def _spelt_days(numbers: Integers) -> Integers:
    """Days of numbers like 20260310; −1 where the calendar has no such date."""
    different, index = np.unique(numbers, return_inverse=True)
    days = np.full(len(different), -1, dtype=np.int64)
    for i, number in enumerate(different.tolist()):
        try:
            days[i] = parse_date(str(number))
        except Misread:
            continue
    return days[index]


class _Clocks(Reader):
    not_one = "inget klockslag"
    hint = CLOCK_HINT

    def __init__(self, zero_is_blank: bool) -> None:
        self.zero_is_blank = zero_is_blank

    def text(self, text: str) -> int:
        return parse_clock(text)

    def numbers(self, numbers: Floats) -> tuple[Integers, Mask]:
        whole = numbers == np.floor(numbers)
        fraction = (numbers >= 0) & (numbers < 1)
        serial = ~whole & (numbers >= _FIRST_SERIAL) & (numbers < _AFTER_LAST_SERIAL)
        hours = whole & (numbers >= 2) & (numbers < 24)
        digits = whole & (numbers >= 100) & (numbers < 2400) & (numbers % 100 < 60)
        minutes = _serial_minutes(np.where(fraction | serial, numbers % 1, 0.0))
        count = np.where(hours | digits, numbers, 0.0).astype(np.int64)
        minutes = np.where(hours, count * 60, minutes)
        minutes = np.where(digits, count // 100 * 60 + count % 100, minutes)
        return minutes, ~(fraction | serial | hours | digits) | (minutes >= DAY)

    def number_error(self, number: float) -> Misread:
        if number == 1:
            return Misread(f'Talet "1" kan vara 01:00 eller 24:00. Skriv klockslaget som text. {CLOCK_HINT}')
        return Misread(f"Talet {quoted(number)} är {self.not_one}. {self.hint}")

    def instants(self, instants: Instants) -> tuple[Integers, Mask]:
        return self.spans(instants - instants.astype("datetime64[D]"))

    def spans(self, spans: Spans) -> tuple[Integers, Mask]:
        minutes = _whole_minutes(spans)
        return minutes, (minutes < 0) | (minutes >= DAY)

    def instant_error(self, instant: np.datetime64) -> Misread:
        return self.wrong_kind(shown(instant).replace("T", " "))


class _Durations(Reader):
    not_one = "ingen tid i timmar"
    hint = LENGTH_HINT

    def __init__(self, highest_hours: int, what: str) -> None:
        self.highest_hours, self.what = highest_hours, what

    def text(self, text: str) -> int:
        minutes = parse_duration(text, self.highest_hours)
        if minutes > self.highest_hours * 60:
            raise self._outside(text, low=False)
        return minutes

    def numbers(self, numbers: Floats) -> tuple[Integers, Mask]:
        bad = (numbers < 0) | (numbers > self.highest_hours)
        return scaled_floats(np.where(bad, 0.0, numbers), 60), bad

    def number_error(self, number: float) -> Misread:
        return self._outside(number, number < 0)

    def spans(self, spans: Spans) -> tuple[Integers, Mask]:
        minutes = _whole_minutes(spans)
        return minutes, (spans < np.timedelta64(0, "us")) | (minutes > self.highest_hours * 60)

    def span_error(self, span: np.timedelta64) -> Misread:
        return self._outside(f"{span / np.timedelta64(1, 'h'):.4g} h", bool(span < np.timedelta64(0, "us")))

    def _outside(self, value: object, low: bool) -> Misread:
        limit = "får inte vara negativ." if low else f"är orimligt lång, högst {self.highest_hours} timmar."
        return Misread(f"{self.what}: tiden {quoted(value)} {limit}", "#NUM!")
