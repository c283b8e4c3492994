"""Dated figures: values by day and key, and what is missing, to the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.engine import Entry, Figure, Figures
from core.engine.clock import FIRST_DAY, LAST_DAY, day_number
from core.engine.figures import derive


def _day(text: str) -> int:
    return day_number(dt.date.fromisoformat(text))


def _entry(start: str, value: float | None, key: str | None = None) -> Entry:
    return Entry(_day(start), key, value, f"Källa {start}", "2005-01-01", "bekräftad")


TAX = Figure(
    "tax",
    "Saftskatt",
    "kr",
    (
        _entry("2003-06-15", 300),
        _entry("2001-01-01", 100),
        _entry("2004-02-29", None),
        _entry("2006-01-01", 600),
    ),
    ("S 2",),
    known_until=_day("2006-12-31"),
    help="Fråga torget.",
)
PRICE = Figure(
    "price",
    "Pris",
    "kr",
    (_entry("2001-01-01", 5, "lemon"), _entry("2002-01-01", 6, "lemon"), _entry("2002-07-01", 7, "lime")),
    key_kind="fruit",
    keys=("lemon", "lime", "grape"),
    titles={"lime": "grön citron"},
)
EDGES = [  # day, value or None
    ("1990-01-01", None),
    ("2000-12-31", None),
    ("2001-01-01", 100),
    ("2003-06-14", 100),
    ("2003-06-15", 300),
    ("2004-02-28", 300),
    ("2004-02-29", None),
    ("2005-12-31", None),
    ("2006-01-01", 600),
    ("2006-12-31", 600),
    ("2007-01-01", None),
    ("2100-12-31", None),
]


def _found(figure: Figure, days: Any, keys: Any = None) -> list[float | None]:
    found = figure.lookup(days, keys)
    size = np.broadcast_shapes(np.shape(days), np.shape(0 if keys is None else keys))
    missing = np.broadcast_to(False if found.missing is None else found.missing, size)
    values = np.broadcast_to(found.values, size)
    return [None if gone else value for value, gone in zip(values.tolist(), missing.tolist(), strict=True)]


def test_a_column_of_days_to_the_day() -> None:
    assert _found(TAX, np.array([_day(day) for day, _ in EDGES])) == [value for _, value in EDGES]


@pytest.mark.parametrize(("day", "value"), EDGES)
def test_one_day_as_scalar_and_as_column_and_its_entry(day: str, value: int | None) -> None:
    number = _day(day)
    for scalar in (number, np.int64(number), np.asarray(number)):
        found = TAX.lookup(scalar)
        assert np.ndim(found.values) == 0
        assert (found.missing is None) == (value is not None)
        assert found.values == (value or 0)
    assert _found(TAX, np.array([number, number])) == [value, value]
    entry = TAX.entry(number)
    assert (entry and entry.value) == value


@given(st.lists(st.dates(dt.date(2000, 12, 1), dt.date(2007, 2, 1)), min_size=1, max_size=8))
def test_a_column_gives_what_each_day_gives_alone(days: list[dt.date]) -> None:
    numbers = [day_number(day) for day in days]
    alone = [_found(TAX, np.array([number]))[0] for number in numbers]
    assert _found(TAX, np.array(numbers)) == alone
    assert alone == [entry.value if (entry := TAX.entry(number)) else None for number in numbers]


@example([dt.date(1989, 12, 31), dt.date(2101, 1, 1)])
@given(st.lists(st.dates(dt.date(1989, 12, 1), dt.date(2101, 2, 1)), min_size=1, max_size=8))
def test_a_status_is_that_of_the_entry_in_force(days: list[dt.date]) -> None:
    numbers = [day_number(day) for day in days]
    for status in {entry.status for entry in TAX.entries} | {"förslag"}:
        expected = [(entry := TAX.entry(number)) is not None and entry.status == status for number in numbers]
        assert TAX.rests_on(np.array(numbers), status).tolist() == expected
    for key in range(len(PRICE.keys)):
        stated = [PRICE.entry(number, key) is not None for number in numbers]
        assert PRICE.rests_on(np.array(numbers), "bekräftad", [key]).tolist() == stated


def test_days_of_one_period_are_one_value_for_all() -> None:
    days = np.array([_day("2001-01-01"), _day("2003-06-14")])
    assert np.ndim(TAX.lookup(days).values) == 0
    assert np.ndim(TAX.lookup(np.append(days, _day("2003-06-15"))).values) == 1


def test_bounds_stated_by_the_caller() -> None:
    days = np.array([_day("2003-06-15"), _day("2001-01-01")])
    assert TAX.lookup(days, None, (_day("2001-01-01"), _day("2003-06-15"))).values.tolist() == [300, 100]


def test_no_days_at_all() -> None:
    assert _found(TAX, np.zeros(0, np.int64)) == []
    assert _found(PRICE, np.zeros(0, np.int64), np.zeros(0, np.int64)) == []


@pytest.mark.parametrize("outside", [FIRST_DAY - 1, LAST_DAY + 1, 0, 10**6])
def test_outside_the_calendar_there_is_no_value(outside: int) -> None:
    always = Figure("always", "Alltid", "kr", (Entry(FIRST_DAY, None, 5, "Källa"),))
    assert _found(always, np.array([FIRST_DAY, LAST_DAY])) == [5, 5]
    assert _found(always, np.array([outside, FIRST_DAY])) == [None, 5]
    assert _found(always, np.array([outside])) == [None]
    assert always.lookup(outside).missing
    assert always.entry(outside) is None


def test_keys_have_their_own_dates() -> None:
    days = np.array([_day(day) for day in ("2001-12-31", "2002-01-01", "2002-06-30", "2002-07-01", "2002-07-01")])
    assert _found(PRICE, days, np.array([0, 0, 1, 1, 2])) == [5, 6, None, 7, None]
    assert _found(PRICE, _day("2002-07-01"), np.array([1, 0, 2])) == [7, 6, None]
    assert _found(PRICE, days, np.int64(0)) == [5, 6, 6, 6, 6]
    assert PRICE.lookup(_day("2002-07-01"), 1).values == 7
    assert PRICE.entry(_day("2002-07-01"), 1) == PRICE.entries[2]
    assert PRICE.entry(_day("2002-06-30"), 1) is None


def test_an_entry_of_a_key_that_is_not_known_is_left_out() -> None:
    figure = Figure(
        "p",
        "P",
        "kr",
        (_entry("2001-01-01", 5, "lemon"), _entry("2001-01-01", 9, "fig")),
        keys=("lemon",),
        key_kind="fruit",
    )
    assert _found(figure, np.array([_day("2001-01-01")]), np.array([0])) == [5]


def test_factors_in_floats() -> None:
    factor = Figure("f", "Utsläpp", "kg", (_entry("2001-01-01", 0.25), _entry("2002-01-01", 1)))
    days = np.array([_day("2001-05-01"), _day("2002-05-01"), _day("2000-05-01")])
    assert _found(factor, days) == [0.25, 1.0, None]
    assert factor.lookup(days).values.tolist() == [0.25, 1.0, 0.0], "no nan is left to compute with"


def test_the_text_of_what_is_missing() -> None:
    assert TAX.missing_text(_day("2007-01-01")) == "Saftskatt saknas för 2007-01-01. Fråga torget."
    assert PRICE.missing_text(_day("2002-01-01"), 1) == "Pris (grön citron) saknas för 2002-01-01."
    assert PRICE.missing_text(_day("2002-01-01"), 2) == "Pris (grape) saknas för 2002-01-01."


def test_figures_are_a_mapping_in_which_the_later_wins() -> None:
    figures = Figures([TAX, PRICE])
    assert (list(figures), len(figures), figures["tax"]) == (["tax", "price"], 2, TAX)
    other = Figure("tax", "Annan skatt", "kr", (_entry("2001-01-01", 1),))
    joined = figures.with_figures([other])
    assert joined["tax"] is other
    assert joined["price"] is PRICE
    assert figures["tax"] is TAX
    with pytest.raises(KeyError):
        figures["stranger"]


def test_entries_of_a_policy_s_own_stand_in_place_of_all_others() -> None:
    own = Figures([TAX, PRICE]).with_entries({"tax": ([_entry("2002-01-01", 50)], ["P 1"])})
    days = np.array([_day(day) for day in ("2001-12-31", "2002-01-01", "2004-02-29", "2007-01-01")])
    assert _found(own["tax"], days) == [None, 50, 50, 50], "a policy's own figure has no last known day"
    assert (own["tax"].refs, own["tax"].title, own["tax"].unit) == (("P 1",), "Saftskatt", "kr")
    assert own["price"] is PRICE


def test_entries_without_rule_ids_keep_the_figure_s() -> None:
    assert Figures([TAX]).with_entries({"tax": ([_entry("2002-01-01", 50)], [])})["tax"].refs == ("S 2",)


def test_a_table_per_key_keeps_its_last_known_day() -> None:
    table = Figure(
        "price",
        "Pris",
        "kr",
        PRICE.entries,
        key_kind="fruit",
        keys=PRICE.keys,
        known_until=_day("2003-12-31"),
    )
    own = Figures([table]).with_entries({"price": ([_entry("2002-01-01", 9, "lime")], [])})["price"]
    days = np.array([_day("2003-12-31"), _day("2004-01-01"), _day("2003-12-31")])
    assert _found(own, days, np.array([1, 1, 0])) == [9, None, None]


def test_a_derived_figure_has_the_dates_and_statuses_of_its_base() -> None:
    made = derive("double", "Dubbel skatt", "kr", ("S 9",), TAX, lambda value: value * 2)
    assert [(entry.from_day, entry.value) for entry in made.entries] == [
        (_day("2003-06-15"), 600),
        (_day("2001-01-01"), 200),
        (_day("2006-01-01"), 1200),
    ]
    assert made.entries[0].source == "Saftskatt 3 kr (Källa 2003-06-15)"
    assert made.entries[0].status == "bekräftad"
    assert (made.refs, made.known_until) == (("S 9",), TAX.known_until)
