"""Days, weeks and clocks as integers.

A point in time is minutes since 1970-01-01 00:00 by the clock of the place; a day is days
since 1970-01-01. Only `elapsed` knows that Swedish clocks change twice a year.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

DAY: Final = 1440
"""Minutes of a calendar day by the clock."""

FIRST_DAY: Final = (date(1990, 1, 1) - date(1970, 1, 1)).days
LAST_DAY: Final = (date(2100, 12, 31) - date(1970, 1, 1)).days
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
def _clock_changes(zone: str) -> tuple[Any, Any]:
    """Local minutes at which the zone's offset changes, and the offset (minutes) after each."""
    moments, offsets = [np.iinfo(np.int64).min], [60]
    place = ZoneInfo(zone)
    moment = datetime(1989, 12, 31)
    while moment.year <= 2101:
        week = [(moment + timedelta(hours=hour)).replace(tzinfo=place, fold=1) for hour in (0, 168)]
        before, after = (edge.utcoffset() for edge in week)
        if before != after and after is not None:
            at = next(
                moment + timedelta(hours=hour)
                for hour in range(169)
                if (moment + timedelta(hours=hour)).replace(tzinfo=place, fold=1).utcoffset() == after
            )
            moments.append(int((at - datetime(1970, 1, 1)).total_seconds() // 60))
            offsets.append(int(after.total_seconds() // 60))
        moment += timedelta(days=7)
    return np.array(moments, np.int64), np.array(offsets, np.int64)


def elapsed(start: Any, end: Any, zone: str = "Europe/Stockholm") -> Any:
    """Minutes that really pass between two local clock times: 22:00–06:00 is 7 h on the night in March.

    The repeated hour of the autumn night is read as its second pass (winter time).
    """
    moments, offsets = _clock_changes(zone)

    def universal(local: Any) -> Any:
        return local - offsets[np.searchsorted(moments, local, side="right") - 1]

    return universal(end) - universal(start)


def overlap(start: Any, end: Any, from_: Any, to: Any) -> tuple[Any, Any]:
    """The part of [start, end) inside [from_, to) as (start, end); equal when there is none."""
    lower = np.maximum(start, from_)
    return lower, np.maximum(lower, np.minimum(end, to))
