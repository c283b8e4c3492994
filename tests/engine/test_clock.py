"""Days, weeks and clocks: checked against the calendar, by hand and against the standard library."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.clock import (
    FIRST_DAY,
    LAST_DAY,
    add_months,
    as_date,
    calendar_week,
    day_number,
    elapsed,
    overlap,
    weekday,
)

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def _day(text: str) -> int:
    return day_number(dt.date.fromisoformat(text))


def _minute(text: str) -> int:
    moment = dt.datetime.fromisoformat(text)
    return int((moment - dt.datetime(1970, 1, 1)).total_seconds() // 60)


def test_day_numbers() -> None:
    assert (day_number(dt.date(1970, 1, 1)), day_number(dt.date(1970, 2, 1))) == (0, 31)
    assert as_date(31) == dt.date(1970, 2, 1)
    assert (as_date(FIRST_DAY), as_date(LAST_DAY)) == (dt.date(1990, 1, 1), dt.date(2100, 12, 31))


@given(DAYS)
def test_weekday_and_calendar_week_are_the_calendar_s(day: dt.date) -> None:
    number = day_number(day)
    assert weekday(number) == day.weekday()
    monday = day - dt.timedelta(days=day.weekday())
    assert calendar_week(number) == calendar_week(day_number(monday))
    assert calendar_week(number) == calendar_week(day_number(monday) + 6)
    assert calendar_week(number) + 1 == calendar_week(day_number(monday) + 7)


def test_a_calendar_week_runs_over_new_year() -> None:
    # Monday 29 December 2025 to Sunday 4 January 2026 is one week.
    days = np.array([_day("2025-12-28"), _day("2025-12-29"), _day("2026-01-04"), _day("2026-01-05")])
    assert np.diff(calendar_week(days)).tolist() == [1, 0, 1]
    assert weekday(days).tolist() == [6, 0, 6, 0]


@pytest.mark.parametrize(
    ("start", "months", "after"),
    [
        ("2026-01-01", 3, "2026-04-01"),
        ("2025-11-15", 3, "2026-02-15"),
        ("2025-11-30", 3, "2026-03-01"),  # no 30 February: the period ends with the month
        ("2023-11-30", 3, "2024-03-01"),
        ("2025-11-29", 3, "2026-03-01"),
        ("2023-11-29", 3, "2024-02-29"),
        ("2025-11-28", 3, "2026-02-28"),
        ("2024-02-29", 12, "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-01-31", 1, "2026-03-01"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-01-31", 3, "2026-05-01"),
        ("2025-12-31", 24, "2027-12-31"),
        ("2026-05-17", 0, "2026-05-17"),
    ],
)
def test_add_months(start: str, months: int, after: str) -> None:
    assert as_date(add_months(_day(start), months)) == dt.date.fromisoformat(after)


def test_add_months_of_a_column() -> None:
    made = add_months(np.array([_day("2025-11-30"), _day("2026-01-31")]), 3)
    assert made.tolist() == [_day("2026-03-01"), _day("2026-05-01")]
    assert made.dtype == np.int64


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-03-28T22:00", "2026-03-29T06:00", 7 * 60),  # spring: 02:00 becomes 03:00
        ("2026-03-29T01:59", "2026-03-29T03:00", 1),
        ("2026-03-28T22:00", "2026-03-29T01:59", 239),
        ("2026-10-24T22:00", "2026-10-25T06:00", 9 * 60),  # autumn: 02:00–03:00 passes twice
        ("2026-10-25T01:59", "2026-10-25T02:00", 61),  # the repeated hour is read as its second pass
        ("2026-10-25T02:00", "2026-10-25T03:00", 60),
        ("2026-10-24T22:00", "2026-10-25T01:59", 239),
        ("2026-06-01T22:00", "2026-06-02T06:00", 8 * 60),
        ("2026-01-01T00:00", "2027-01-01T00:00", 365 * 1440),  # both changes cancel
        ("2026-03-01T00:00", "2026-04-01T00:00", 31 * 1440 - 60),
        ("1996-09-29T00:00", "1996-09-30T00:00", 1440),  # from 1996 summer time lasts into October
        ("1995-09-24T00:00", "1995-09-25T00:00", 1500),
    ],
)
def test_elapsed_over_the_clock_changes(start: str, end: str, minutes: int) -> None:
    assert elapsed(_minute(start), _minute(end)) == minutes


@given(
    st.datetimes(dt.datetime(1990, 1, 2), dt.datetime(2100, 12, 1)),
    st.integers(0, 60 * 24 * 300),
)
def test_elapsed_is_what_the_time_zone_says(start: dt.datetime, length: int) -> None:
    start = start.replace(second=0, microsecond=0)
    end = start + dt.timedelta(minutes=length)
    # fold=1: the second pass of the repeated hour
    aware = [moment.replace(tzinfo=STOCKHOLM, fold=1).astimezone(dt.UTC) for moment in (start, end)]
    minutes = int((aware[1] - aware[0]).total_seconds() // 60)
    locals_ = [int((moment - dt.datetime(1970, 1, 1)).total_seconds() // 60) for moment in (start, end)]
    assert elapsed(*map(np.int64, locals_)) == minutes


def test_elapsed_of_columns_and_another_zone() -> None:
    start = np.array([_minute("2026-03-28T22:00"), _minute("2026-06-01T22:00")])
    assert elapsed(start, start + 480).tolist() == [420, 480]
    assert elapsed(start, start + 480, "Asia/Tokyo").tolist() == [480, 480]  # no summer time


def test_overlap() -> None:
    start, end = overlap(np.array([0, 5, 12, 3]), np.array([10, 7, 20, 3]), 4, 9)
    assert (end - start).tolist() == [5, 2, 0, 0]
    assert (start[0], end[0]) == (4, 9)
    assert (start[1], end[1]) == (5, 7)
