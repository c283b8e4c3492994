"""Days, weeks and clocks as integers.

A point in time is minutes since 1970-01-01 00:00 by the clock of the place; a day is days
since 1970-01-01. Only `elapsed` knows that Swedish clocks change twice a year.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

DAY: Final = 1440
"""Minutes of a calendar day by the clock."""

FIRST_DAY: Final = (date(1990, 1, 1) - date(1970, 1, 1)).days
LAST_DAY: Final = (date(2100, 12, 31) - date(1970, 1, 1)).days
_BETWEEN_CHANGES: Final = 28 * 24
"""Hours within which clocks are changed at most once."""
_THURSDAY: Final = 3  # 1970-01-01 was a Thursday; Monday is 0


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def as_date(day: int) -> date:
    """The date of a day number."""
    return date(1970, 1, 1) + timedelta(days=int(day))


def weekday(day: Any) -> Any:
    """0 for Monday … 6 for Sunday."""
    return (day + _THURSDAY) % 7


def calendar_week(day: Any) -> Any:
    """A running number of the calendar week (Monday to Sunday) of a day."""
    return (day + _THURSDAY) // 7


def add_months(day: Any, months: int) -> Any:
    """The first day after `months` full calendar months that begin with `day`.

    From 1 January three months run out with 31 March, so the answer is 1 April. Where the month
    has no such date (30 November + 3) the period runs out with the month, so it is 1 March.
    """
    start = np.asarray(day, dtype="datetime64[D]")
    month = start.astype("datetime64[M]")
    target = month + months
    first, following = target.astype("datetime64[D]"), (target + 1).astype("datetime64[D]")
    return np.minimum(first + (start - month.astype("datetime64[D]")), following).astype(np.int64)


@cache
def _offsets(zone: str) -> tuple[int, Any]:
    """The first hour of 1990 since 1970-01-01 00:00, and the clock's offset (minutes) in every hour from then on."""
    place = ZoneInfo(zone)

    def offset(hour: int) -> int:
        local = (datetime(1970, 1, 1) + timedelta(hours=hour)).replace(tzinfo=place, fold=1)
        return int((local.utcoffset() or timedelta()).total_seconds() // 60)

    # A year more than the calendar has: a journey may end after its last day.
    first, last = FIRST_DAY * 24, (LAST_DAY + 366) * 24
    changes, offsets = [first], [offset(first)]
    for start in range(first, last, _BETWEEN_CHANGES):
        hours = range(start, min(start + _BETWEEN_CHANGES, last))
        if (after := offset(hours.stop)) != offsets[-1]:
            changes.append(hours[bisect_left(hours, True, key=lambda hour: offset(hour) == after)])
            offsets.append(after)
    lengths = np.diff([*changes, last])
    return first, np.repeat(np.array(offsets, np.int16), lengths)


def elapsed(start: Any, end: Any, zone: str = "Europe/Stockholm") -> Any:
    """Minutes that really pass between two local clock times: 22:00–06:00 is 7 h on the night in March.

    The repeated hour of the autumn night is read as its second pass (winter time).
    """
    first, offsets = _offsets(zone)

    def offset(local: Any) -> Any:
        return offsets.take(local // 60 - first, mode="clip")

    return end - start + np.subtract(offset(start), offset(end), dtype=np.int64)


def overlap(start: Any, end: Any, from_: Any, to: Any) -> tuple[Any, Any]:
    """The part of [start, end) inside [from_, to) as (start, end); equal when there is none."""
    lower = np.maximum(start, from_)
    return lower, np.maximum(lower, np.minimum(end, to))
