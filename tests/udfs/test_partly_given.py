"""Columns in which some cells are blank: a blank optional cell takes its own default, row by row."""

from __future__ import annotations

from core.engine import CellError
from udfs.functions import BILERSATTNING, FARDTID, FARDTIDSERSATTNING, TRAKTAMENTE, UTSLAPP


def test_blank_working_hours_take_the_policy_s_own() -> None:
    # Monday 05:30–09:00 with work from 07:00: 1.5 h before work; from 08:00 (the default): 2.5 h
    away, home = ["2024-03-04 05:30"] * 2, ["2024-03-04 09:00"] * 2
    assert FARDTID(away, home, ["07:00", None]) == [1.5, 2.5]


def test_a_blank_country_is_sweden() -> None:
    # three whole days of 2024: 290 kr at home, 935 kr in France
    answer = TRAKTAMENTE(["2024-03-04 07:00"] * 2, ["2024-03-06 20:00"] * 2, ["Frankrike", None])
    assert answer == [2805.0, 870.0]


def test_blank_hours_earlier_in_the_week_are_none() -> None:
    # 41 250 / 165 = 250 kr an hour; level 1 is 53.3 %: 3 h → 399.75. With 9 h before, 1 h of level 1 and 2 h of
    # level 2 (80 %): 133.25 + 400 = 533.25
    assert FARDTIDSERSATTNING([3, 3], 41250, [None, 9], "2024-03-04") == [399.75, 533.25]


def test_blank_hours_are_missing_on_their_own_row() -> None:
    # level 1 of 250 kr an hour: 3 h → 399.75
    blank, counted = FARDTIDSERSATTNING([None, 3], 41250, None, "2024-03-04")
    assert blank == CellError("#VALUE!", "Färdtid under dygnet saknas.")
    assert counted == 399.75


def test_a_blank_date_is_today() -> None:
    today = BILERSATTNING(10)
    assert BILERSATTNING([10, 10], ["2024-03-04", None]) == [BILERSATTNING(10, "2024-03-04"), today]
    assert UTSLAPP("flyg", [500, 500], "ekonomi", ["2024-03-04", None])[1] == UTSLAPP("flyg", 500, "ekonomi")
