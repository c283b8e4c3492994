"""Whole, half or no day in the day tables, also for those who stay long at one place."""

from __future__ import annotations

from udfs.functions import TRAKTAMENTEDAGAR


def parts(*arguments: str | None) -> list[tuple[str, float]]:
    table = TRAKTAMENTEDAGAR(*arguments)
    return [(row[2], row[3]) for row in table[1:]]


def test_a_half_day_before_three_months_is_half_though_the_stay_is_long() -> None:
    # Leaves 14:00 on 4 March 2024, on the place since 1 February: still within three months, 145 and 290 kr
    stay = ("2024-03-04 14:00", "2024-03-05 20:00", None, None, "2024-02-01")
    assert parts(*stay) == [("halv", 145), ("hel", 290)]


def test_after_three_months_half_days_are_none_and_whole_days_70_percent() -> None:
    stay = ("2024-06-03 14:00", "2024-06-04 20:00", None, None, "2024-02-01")
    assert parts(*stay) == [("–", 0), ("hel", 203)]


def test_after_two_years_a_whole_day_is_whole_at_half_the_amount() -> None:
    stay = ("2024-06-03 07:00", "2024-06-04 20:00", None, None, "2022-02-01")
    assert parts(*stay) == [("hel", 145), ("hel", 145)]
