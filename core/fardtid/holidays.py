"""Swedish public holidays and the eves that a policy may free, as a table of days.

The holidays stand in helgdagar.csv, which `docs/make_helgdagar.py` writes from the `holidays` library.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.engine.clock import FIRST_DAY, LAST_DAY, as_date, day_number, weekday

TABLE: Final = Path(__file__).with_name("helgdagar.csv")
FIELDS: Final = ("dag", "namn")

EVES: Final[Mapping[str, Callable[[int], int]]] = {
    "trettondagsafton": lambda year: _before(year, "Trettondedag jul"),
    "skärtorsdag": lambda year: _before(year, "Långfredagen"),
    "påskafton": lambda year: _before(year, "Påskdagen"),
    "valborgsmässoafton": lambda year: _before(year, "Första maj"),
    "pingstafton": lambda year: _before(year, "Pingstdagen"),
    "midsommarafton": lambda year: _before(year, "Midsommardagen"),
    "allhelgonaafton": lambda year: _before(year, "Alla helgons dag"),
    "julafton": lambda year: _before(year, "Juldagen"),
    "nyårsafton": lambda year: day_number(date(year, 12, 31)),
}
"""Eves that a policy may name as free from ordinary work: the day number by year."""


@cache
def public_holidays() -> Mapping[tuple[int, str], int]:
    """Day number of every public holiday, by year and Swedish name."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        days = [(date.fromisoformat(row["dag"]), row["namn"]) for row in csv.DictReader(file)]
    return {(day.year, name): day_number(day) for day, name in days}


def _before(year: int, name: str) -> int:
    return public_holidays()[year, name] - 1


@lru_cache(maxsize=64)
def work_days(free_eves: tuple[str, ...]) -> Any:
    """A bool for every day from FIRST_DAY to LAST_DAY: Monday to Friday that is neither a holiday nor a named eve."""
    table = weekday(np.arange(FIRST_DAY, LAST_DAY + 1)) < 5
    years = range(as_date(FIRST_DAY).year, as_date(LAST_DAY).year + 1)
    eves = [EVES[eve](year) for eve in free_eves for year in years]
    table[np.array([*public_holidays().values(), *eves]) - FIRST_DAY] = False
    return table


def is_work_day(day: Any, free_eves: Sequence[str]) -> Any:
    """True for the day numbers on which ordinary hours are worked; days beyond the table count as its first or last."""
    return work_days(tuple(free_eves)).take(np.clip(day, FIRST_DAY, LAST_DAY) - FIRST_DAY)
