"""Färdtidsersättning over a person's calendar weeks, Monday to Sunday (AB § 24).

The salary is 33 000 kr, so an hour is 200 kr: 106.60 kr at the lower share, 160 kr at the higher.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.engine import Column
from core.engine.levels import Frame
from core.law import law
from core.vocabulary import moments

SATURDAY = ("2026-03-07 08:00", "2026-03-07 14:00")  # six hours
OVER_MIDNIGHT = ("2026-03-08 18:00", "2026-03-09 02:00")  # Sunday six hours, Monday two


def pay(
    journeys: Sequence[tuple[str, str]],
    persons: Sequence[int] | None = None,
    trips: Sequence[int] | None = None,
) -> list[float]:
    """Kronor per trip; each journey is a trip of person 1 unless stated otherwise."""
    owner = np.array(range(len(journeys)) if trips is None else trips)
    rows = int(owner.max()) + 1
    columns = {
        "avgang": Column(moments([departure for departure, _ in journeys]).values),
        "ankomst": Column(moments([arrival for _, arrival in journeys]).values),
        "person": Column(np.array(persons or [1] * rows)),
        "manadslon": Column(np.int64(33_000_00)),
    }
    frames = {"resa": Frame(rows), "stracka": Frame(len(journeys), {"resa": owner})}
    result = law("linkoping").run(["fardtidsersattning"], columns, frames)
    return [kronor / 100 for kronor in result.values("fardtidsersattning").tolist()]


def test_the_week_ends_at_midnight_between_sunday_and_monday() -> None:
    # Week 10 has 6 + 6 hours: four of Sunday's at the lower share, two at the higher. Monday's begin week 11.
    # 6 × 106.60 = 639.60; 4 × 106.60 + 2 × 160 + 2 × 106.60 = 959.60.
    assert pay([SATURDAY, OVER_MIDNIGHT]) == [639.60, 959.60]


def test_the_order_of_rows_does_not_matter() -> None:
    assert pay([OVER_MIDNIGHT, SATURDAY]) == [959.60, 639.60]


def test_two_legs_of_one_trip_count_together() -> None:
    assert pay([SATURDAY, OVER_MIDNIGHT], trips=[0, 0]) == [1599.20]


def test_each_person_has_a_week_of_their_own() -> None:
    # Eight hours at the lower share for the other person.
    assert pay([SATURDAY, OVER_MIDNIGHT], persons=[1, 2]) == [639.60, 852.80]


def test_the_next_week_begins_anew() -> None:
    # Saturdays a week apart, eleven hours each: 10 at the lower share and one at the higher, twice.
    week = ("2026-03-07 08:00", "2026-03-07 19:00"), ("2026-03-14 08:00", "2026-03-14 19:00")
    assert pay(week) == [1226.00, 1226.00]


def test_half_an_hour_is_of_the_whole_week() -> None:
    # 20 and 10 minutes: 35.533… and 17.766…; in different weeks neither reaches half an hour.
    monday, friday = ("2026-03-09 17:00", "2026-03-09 17:20"), ("2026-03-13 17:00", "2026-03-13 17:10")
    monday_after = ("2026-03-16 17:00", "2026-03-16 17:10")
    assert pay([monday, friday]) == [35.53, 17.77]
    assert pay([monday, monday_after]) == [0, 0]
    assert pay([monday, ("2026-03-13 17:00", "2026-03-13 17:09")]) == [0, 0]


def test_a_week_over_new_year_is_one_week() -> None:
    # 2025-12-31 and 2026-01-01 are Wednesday and Thursday of one week; New Year's Eve is free in Linköping.
    days = ("2025-12-31 08:00", "2025-12-31 14:00"), ("2026-01-01 08:00", "2026-01-01 14:00")
    # 6 × 106.60 = 639.60; 4 × 106.60 + 2 × 160 = 746.40.
    assert pay(days) == [639.60, 746.40]


def test_nothing_within_the_place_of_business() -> None:
    columns = {
        "avgang": Column(moments([SATURDAY[0]]).values),
        "ankomst": Column(moments([SATURDAY[1]]).values),
        "person": Column(np.int64(1)),
        "manadslon": Column(np.int64(33_000_00)),
        "avstand": Column(np.int64(50_000)),
    }
    frames = {"resa": Frame(1), "stracka": Frame(1, {"resa": np.array([0])})}
    assert law("linkoping").run(["fardtidsersattning"], columns, frames).values("fardtidsersattning").tolist() == [0]
