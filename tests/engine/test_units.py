"""Exact units and the one rounding."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine import round_half_up
from core.engine.units import share_of, to_integer, to_written


@pytest.mark.parametrize(
    ("numerator", "denominator", "step", "rounded"),
    [
        (5, 2, 1, 3),  # 2.5 upwards
        (7, 2, 1, 4),  # 3.5 upwards: not to the even one
        (-5, 2, 1, -2),  # -2.5 upwards, towards zero
        (-1, 2, 1, 0),
        (-3, 2, 1, -1),
        (249, 100, 1, 2),
        (250, 100, 1, 3),
        (-251, 100, 1, -3),
        (0, 3, 1, 0),
        (1, 3, 1, 0),
        (2, 3, 1, 1),
        (25, 1, 10, 30),
        (24, 1, 10, 20),
        (-25, 1, 10, -20),
        (149, 3, 50, 50),  # 49.67 to the nearest fifty
        (74, 3, 50, 0),  # 24.67: just below the half
        (75, 3, 50, 50),  # exactly 25: the half, upwards
    ],
)
def test_round_half_up(numerator: int, denominator: int, step: int, rounded: int) -> None:
    assert round_half_up(numerator, denominator, step) == rounded


def test_round_half_up_of_a_column_stays_int64() -> None:
    rounded = round_half_up(np.array([5, -5, 4, 10**17 + 1]), 2)
    assert rounded.tolist() == [3, -2, 2, 5 * 10**16 + 1]
    assert rounded.dtype == np.int64


@given(
    st.integers(-(10**9), 10**9),
    st.integers(1, 20_000),
    st.sampled_from([1, 5, 10, 100, 1000]),
    st.booleans(),
)
def test_round_half_up_is_the_definition(numerator: int, denominator: int, step: int, halves: bool) -> None:
    if halves:  # an exact half, as often as not
        denominator, numerator = 2, numerator // 2 * 2 * step + step
    exact = Decimal(numerator) / (denominator * step)
    rounded = int((exact + Decimal("0.5")).to_integral_value(ROUND_FLOOR)) * step
    assert int(round_half_up(np.int64(numerator), denominator, step)) == rounded


@pytest.mark.parametrize(
    ("written", "unit", "integer"),
    [
        ("2.90", "kr per km", 290),
        ("2,90", "kr per km", 290),
        (2.9, "kr per km", 290),
        (0.29, "kr", 29),  # 0.29 x 100 is 28.999… in floats
        (Decimal("1.15"), "kr", 115),
        (25, "kr per mil", 250),  # öre per km
        ("18.50", "kr per mil", 185),
        ("0,5", "procent", 50),
        ("100", "procent", 10_000),
        ("1.25", "timmar", 75),
        ("0.001", "km", 1),
        ("-3", "antal", -3),
        (7, "minuter", 7),
        ("12:00", "klockslag", 720),
        ("00:00", "klockslag", 0),
        ("23:59", "klockslag", 1439),
        ("0.00012", "kg per km", 0.00012),
        ("0,25", "kg", 0.25),
    ],
)
def test_to_integer_reads_the_written_text(written: Any, unit: str, integer: float) -> None:
    read = to_integer(written, unit)
    assert read == integer
    assert type(read) is type(integer)


@pytest.mark.parametrize(
    ("written", "unit", "what"),
    [
        ("2.905", "kr", "fler decimaler än enheten kr rymmer"),
        ("2.95", "kr per mil", "fler decimaler än enheten kr per mil rymmer"),
        ("0.01", "timmar", "fler decimaler"),  # 0.6 minutes
        ("1.5", "antal", "fler decimaler"),
        ("0.005", "procent", "fler decimaler"),
        ("fem", "kr", "inte ett tal"),
        ("", "kr", "inte ett tal"),
        ("1 000", "kr", "inte ett tal"),
        (True, "kr", "True är inte ett tal"),
        (None, "kr", "inte ett tal"),
        ([1], "kr", "inte ett tal"),
        ("inf", "kr", "inte ett tal"),
        ("nan", "kr", "inte ett tal"),
        ("nan", "kg", "inte ett tal"),
        ("inf", "kg per km", "inte ett tal"),
        ("1e30", "kr", "för stort"),
        ("24:00", "klockslag", "inte ett klockslag som 12:00"),
        ("12:60", "klockslag", "inte ett klockslag"),
        ("12.00", "klockslag", "inte ett klockslag"),
        ("tolv:noll", "klockslag", "inte ett klockslag"),
        ("²:00", "klockslag", "inte ett klockslag"),
        (720, "klockslag", "inte ett klockslag"),
    ],
)
def test_what_is_no_value_of_the_unit_is_an_error(written: Any, unit: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        to_integer(written, unit)


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (290, "kr", 2.9),
        (300, "kr", 3),
        (185, "kr per mil", 18.5),
        (2500, "procent", 25),
        (75, "timmar", 1.25),
        (1500, "km", 1.5),
        (7, "antal", 7),
        (720, "klockslag", "12:00"),
        (5, "klockslag", "00:05"),
        (0.25, "kg", 0.25),
        (np.int64(-50), "kr", -0.5),
    ],
)
def test_to_written_is_what_a_user_reads(value: Any, unit: str, written: Any) -> None:
    shown = to_written(value, unit)
    assert shown == written
    assert type(shown) is type(written)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["kr", "kr per mil", "procent", "timmar", "km", "antal"]))
def test_what_is_written_reads_back(value: int, unit: str) -> None:
    if unit == "timmar":
        value = value // 15 * 15  # quarters of an hour are exact as decimals
    assert to_integer(to_written(value, unit), unit) == value


def test_share_of_rounds_once_half_up() -> None:
    assert share_of(np.array([1001, 999, -1001]), 5000).tolist() == [501, 500, -500]
    assert share_of(np.array([1000, 1000]), np.array([3333, 10_000])).tolist() == [333, 1000]
    assert share_of(np.array([1249, 1250]), 10_000, step=100).tolist() == [1200, 1300]
    assert share_of(49_000, 7000, step=1000) == 34_000  # 34 300 öre to the nearest ten kronor


def test_share_of_everything_and_of_nothing() -> None:
    amounts = np.array([3, 5])
    assert share_of(amounts, 10_000).tolist() == [3, 5]
    assert np.broadcast_to(share_of(amounts, 0), 2).tolist() == [0, 0]
    assert share_of(amounts, np.array([0, 10_000])).tolist() == [0, 5]


def test_every_row_may_have_its_own_denominator() -> None:
    assert round_half_up(np.array([5, 5, 6]), np.array([2, 3, 4])).tolist() == [3, 2, 2]  # 2.5, 1.67, 1.5
