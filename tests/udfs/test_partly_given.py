"""Columns in which some cells are blank: a blank optional cell takes its own default, row by row."""

from __future__ import annotations

from udfs.functions import FARDTID, TRAKTAMENTE


def test_blank_working_hours_take_the_policy_s_own() -> None:
    # Monday 05:30–09:00 with work from 07:00: 1.5 h before work; from 08:00 (the default): 2.5 h
    away, home = ["2024-03-04 05:30"] * 2, ["2024-03-04 09:00"] * 2
    assert FARDTID(away, home, ["07:00", None]) == [1.5, 2.5]


def test_a_blank_country_is_sweden() -> None:
    # three whole days of 2024: 290 kr at home, 935 kr in France
    answer = TRAKTAMENTE(["2024-03-04 07:00"] * 2, ["2024-03-06 20:00"] * 2, ["Frankrike", None])
    assert answer == [2805.0, 870.0]
