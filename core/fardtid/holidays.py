"""Swedish public holidays, from the `holidays` library, as a table of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import holidays
import numpy as np

from core.engine.clock import FIRST_DAY, LAST_DAY, as_date, day_number, weekday

EVES = {
    "trettondagsafton": lambda year: date(year, 1, 5),
    "skärtorsdag": lambda year: _before(year, "Långfredagen", 1),
    "påskafton": lambda year: _before(year, "Påskdagen", 1),
    "valborgsmässoafton": lambda year: date(year, 4, 30),
    "pingstafton": lambda year: _before(year, "Pingstdagen", 1),
    "midsommarafton": lambda year: _before(year, "Midsommardagen", 1),
    "allhelgonaafton": lambda year: _before(year, "Alla helgons dag", 1),
    "julafton": lambda year: date(year, 12, 24),
    "nyårsafton": lambda year: date(year, 12, 31),
}
"""Eves that a policy may name as free from ordinary work."""


@lru_cache(maxsize=128)
def _year(year: int) -> Any:
    """The public holidays of one year: date → Swedish name."""
    return holidays.country_holidays("SE", years=year, language="sv", categories=("public",))


def _before(year: int, name: str, days: int) -> date:
    holiday = next(day for day, names in _year(year).items() if name in names)
    return as_date(day_number(holiday) - days)


@lru_cache(maxsize=64)
def work_days(first_year: int, last_year: int, free_eves: Sequence[str]) -> tuple[int, Any]:
    """(first day number, bool per day): Monday to Friday that is neither a holiday nor a named eve."""
    first, last = day_number(date(first_year, 1, 1)), day_number(date(last_year, 12, 31))
    days = np.arange(first, last + 1)
    is_work_day = weekday(days) < 5
    for year in range(first_year, last_year + 1):
        free = [*_year(year), *(EVES[eve](year) for eve in free_eves)]
        is_work_day[[day_number(day) - first for day in free if day.year == year]] = False
    return first, is_work_day


def is_work_day(day: Any, free_eves: Sequence[str]) -> Any:
    """True for the day numbers on which ordinary hours are worked."""
    if not np.size(day):
        return np.zeros(np.shape(day), bool)
    inside = np.clip(day, FIRST_DAY + 1, LAST_DAY)
    first, table = work_days(as_date(np.min(inside) - 1).year, as_date(np.max(inside)).year, tuple(free_eves))
    return table.take(inside - first)
