"""The same rules as a competent programmer would write them for one trip at a time: whole numbers, plain loops.

Reads the published figures by itself and shares no code with `core`, so that it also checks the results.
Times are minutes since 1970-01-01 by the local clock, amounts are öre.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

DAY: Final = 24 * 60
NIGHT_ENDS: Final = 6 * 60
WHOLE_DEPARTURE_UNTIL: Final = 12 * 60
WHOLE_RETURN_FROM: Final = 19 * 60
COMPARED_FROM: Final = 6 * 60
SWEDEN: Final = "SE"
BORDERLESS_MODES: Final = frozenset({"flyg", "tåg", "buss", "färja"})

DOMESTIC: Final = {2024: 290_00, 2025: 290_00, 2026: 300_00}
"""Half a per cent of prisbasbeloppet (57 300, 58 800, 59 200 kr) to the nearest ten kronor (IL 12:11)."""

_AMOUNTS_FILE: Final = Path(__file__).parents[1] / "core" / "traktamente" / "normalbelopp.csv"

Amounts = Mapping[tuple[int, str], int]


class Leg(NamedTuple):
    """One leg of a trip: minutes of departure and arrival, ISO code of the country it leads to, mode."""

    departs: int
    arrives: int
    to: str
    mode: str


def read_amounts(countries: Iterable[str]) -> dict[tuple[int, str], int]:
    """Öre per whole day by year and ISO code, for the years that list all of `countries`; Sweden's too."""
    wanted = set(countries)
    with _AMOUNTS_FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kod"] in wanted and row["ar"].isdigit()]
    amounts = {(int(row["ar"]), row["kod"]): int(row["belopp"]) * 100 for row in rows}
    return {**amounts, **{(year, SWEDEN): amount for year, amount in DOMESTIC.items()}}


_YEAR_STARTS: Final = [((dt.date(year, 1, 1) - dt.date(1970, 1, 1)).days, year) for year in (2026, 2025, 2024)]


def year_of(day: int) -> int:
    for start, year in _YEAR_STARTS:
        if day >= start:
            return year
    raise ValueError(f"no figures for day {day}")


def has_night_away(departs: int, returns: int) -> bool:
    first_midnight = -(-departs // DAY) * DAY
    return first_midnight + NIGHT_ENDS <= returns


def is_half_day(day: int, departs: int, returns: int) -> bool:
    late_departure = day == departs // DAY and departs % DAY > WHOLE_DEPARTURE_UNTIL
    early_return = day == returns // DAY and returns % DAY < WHOLE_RETURN_FROM
    return late_departure or early_return


def check(departs: int, returns: int) -> None:
    if returns < departs:
        raise ValueError("returns before departure")
    if returns // DAY - departs // DAY >= 1100:
        raise ValueError("longer than three years")


def domestic(departs: int, returns: int) -> int:
    """Traktamente of a trip in Sweden without free meals."""
    check(departs, returns)
    if not has_night_away(departs, returns):
        return 0
    total = 0
    for day in range(departs // DAY, returns // DAY + 1):
        amount = DOMESTIC[year_of(day)]
        total += amount // 2 if is_half_day(day, departs, returns) else amount
    return total


def check_legs(legs: list[Leg]) -> None:
    for before, leg in pairwise(legs):
        if leg.departs < before.arrives:
            raise ValueError("a leg departs before the one before has arrived")
    for leg in legs:
        if leg.arrives < leg.departs - DAY:
            raise ValueError("a leg arrives before it departs")
    if legs[-1].to != SWEDEN:
        raise ValueError("the last leg does not lead home")


def minutes_by_day(legs: list[Leg]) -> dict[int, dict[str, int]]:
    """Minutes between 06:00 and 24:00 in each country on each day."""
    minutes: dict[int, dict[str, int]] = {}
    country, arrived = SWEDEN, legs[0].departs
    for leg in legs:
        borderless = leg.to != country and leg.mode in BORDERLESS_MODES
        leaves = leg.departs if borderless else max(leg.departs, leg.arrives)
        for day in range(arrived // DAY, (leaves - 1) // DAY + 1):
            start = max(arrived, day * DAY + COMPARED_FROM)
            end = min(leaves, (day + 1) * DAY)
            if end > start:
                in_day = minutes.setdefault(day, {})
                in_day[country] = in_day.get(country, 0) + end - start
        country, arrived = leg.to, leg.arrives
    return minutes


def country_amount(year: int, minutes: dict[str, int] | None, amounts: Amounts) -> int:
    """The amount of the country of the longest stay, the higher when equal; Sweden's when no time counts."""
    if not minutes:
        return amounts[year, SWEDEN]
    return max((time, amounts[year, country]) for country, time in minutes.items())[1]


def abroad(legs: list[Leg], amounts: Amounts) -> int:
    """Traktamente of a trip over several countries without free meals."""
    check_legs(legs)
    departs, returns = legs[0].departs, legs[-1].arrives
    check(departs, returns)
    if not has_night_away(departs, returns):
        return 0
    minutes, total = minutes_by_day(legs), 0
    for day in range(departs // DAY, returns // DAY + 1):
        amount = country_amount(year_of(day), minutes.get(day), amounts)
        total += amount // 2 if is_half_day(day, departs, returns) else amount
    return total
