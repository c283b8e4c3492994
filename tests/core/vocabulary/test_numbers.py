"""Numbers as written → exact integers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vocabulary import (
    KILOGRAMS,
    KILOMETRES,
    KRONOR,
    PER_CENT,
    PIECES,
    Units,
    decimals,
    parse_decimal,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234,50", "1234.50"),
        ("1\u2009234\u202f567,5", "1234567.5"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("12.345,50", "12345.50"),
        ("1.200.000", "1200000"),
        ("0.125", "0.125"),
        ("1234.500", "1234.5"),
        ("1 234.500", "1234.5"),
        ("12.34", "12.34"),
        ("12.3456", "12.3456"),
        ("1,234", "1.234"),
        (",5", "0.5"),
        ("12,", "12"),
        ("+7", "7"),
        ("-7,5", "-7.5"),
        ("−7,5", "-7.5"),
        ("– 7,5", "-7.5"),
        ("7,5-", "-7.5"),
        ("100 kr", "100"),
        ("100,50 Kr.", "100.50"),
        ("100 SEK", "100"),
        ("100:-", "100"),
        ("100,-", "100"),
        ("100 kronor", "100"),
        ("SEK 100", "100"),
        ("kr 1 234,50", "1234.50"),
        ("SEK -7,5", "-7.5"),
        ("33 tkr", "33000"),
        ("  100 ", "100"),
    ],
)
def test_a_number_is_read(text: str, number: str) -> None:
    assert parse_decimal(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kr",
        "abc",
        "ca 12 km",
        "12 km..",
        "km.",
        "SEK 50 kr",
        ":-50",
        "abc kr",
        "1 2",
        "12 34",
        "1 2345",
        "1.23,4",
        "1,23.4",
        "1.2.3",
        "1e5",
        "--5",
        "-5-",
        "1:50",
        "5 5",
        "NaN",
        "Infinity",
        "٣",
        "1_000",
        ".",
        ",",
        "-",
    ],
)
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_decimal(text)
    assert str(caught.value) == f'"{text}" är inget tal. Skriv till exempel 1 234,50.'


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1.200", "1\u00a0200 eller 1,2"),
        ("1.234", "1\u00a0234 eller 1,234"),
        ("33.000", "33\u00a0000 eller 33"),
        ("100.000 kr", "100\u00a0000 eller 100"),
        ("-2.350", "-2\u00a0350 eller -2,35"),
        ("−2.350", "-2\u00a0350 eller -2,35"),
        ("2.350-", "-2\u00a0350 eller -2,35"),
    ],
)
def test_a_point_before_three_digits_may_be_either_sign(text: str, readings: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_decimal(text)
    assert str(caught.value) == f'"{text}" kan vara {readings}. Skriv talet utan punkt.'


@pytest.mark.parametrize(
    ("cell", "highest", "units", "own_unit", "number"),
    [
        ("123.456", 50_000, KILOMETRES, 1, "123.456"),
        ("12.500 mil", 50_000, KILOMETRES, 1, "125"),  # 12 500 miles are 125 000 km
        ("12.500", 5_000, KILOMETRES, 10, "12.5"),  # in a column of Swedish miles
        ("33.000 tkr", 1_000_000, KRONOR, 1, "33000"),  # 33 000 thousand are 33 million
        ("100.000", 100, PER_CENT, 1, "100"),
        ("100.000 %", 100, PER_CENT, 1, "1"),  # 100 000 % is a thousand times the whole
        ("1.101", 1_100, PIECES, 1, "1.101"),
    ],
)
def test_thousands_beyond_the_limit_leave_one_reading(
    cell: str, highest: int, units: Units, own_unit: int, number: str
) -> None:
    column = decimals([cell], 1000, highest=highest, units=units, own_unit=own_unit)
    assert (column.values.tolist(), column.problems) == ([int(Decimal(number) * 1000)], [])


@pytest.mark.parametrize(("cell", "highest"), [("1.100", 1_100), ("50.000", 50_000), ("45.000 km", 50_000)])
def test_thousands_up_to_the_limit_leave_both_readings(cell: str, highest: int) -> None:
    (problem,) = decimals([cell], highest=highest, units=KILOMETRES).problems
    assert f'"{cell}" kan vara' in problem.message


def test_a_minus_is_told_as_what_it_is() -> None:
    (problem,) = decimals(["-1.200"], what="Km").problems
    assert (problem.code, problem.message) == ("#NUM!", 'Km: värdet "-1.200" får inte vara negativt.')
    (problem,) = decimals(["-1.200"], lowest=None, what="Km").problems
    assert problem.message == 'Km: "-1.200" kan vara -1\u00a0200 eller -1,2. Skriv talet utan punkt.'


def test_another_unit_is_told_before_two_readings() -> None:
    (problem,) = decimals(["1.200 kr"], highest=50_000, what="Km", units=KILOMETRES).problems
    assert problem.message == 'Km: "1.200 kr" har fel enhet, här väntas km eller mil.'


@pytest.mark.parametrize(
    ("text", "units", "own_unit", "number"),
    [
        ("50 km", KILOMETRES, 1, "50"),
        ("12 mil", KILOMETRES, 1, "120"),
        ("1,2mil", KILOMETRES, 1, "12"),
        ("12,5 Kilometer", KILOMETRES, 1, "12.5"),
        ("12 mil", KILOMETRES, 10, "12"),  # in a column of Swedish miles
        ("12 km", KILOMETRES, 10, "1.2"),
        ("12", KILOMETRES, 10, "12"),
        ("50 kr", KRONOR, 1000, "0.05"),  # in a column of thousands of kronor
        ("2,5 kg", KILOGRAMS, 1, "2.5"),
        ("0,5 ton", KILOGRAMS, 1, "500"),
        ("3 st", PIECES, 1, "3"),
        ("3 st.", PIECES, 1, "3"),
        ("120 km.", KILOMETRES, 1, "120"),
        ("12,5 mil.", KILOMETRES, 1, "125"),
        ("120 Km.", KILOMETRES, 10, "12"),
        ("2,5 kg.", KILOGRAMS, 1, "2.5"),
        ("33 tkr.", KRONOR, 1, "33000"),
        ("75 %", PER_CENT, 1, "0.75"),
        ("75 procent", PER_CENT, 1, "0.75"),
    ],
)
def test_a_unit_of_the_column_may_follow(text: str, units: Units, own_unit: int, number: str) -> None:
    assert parse_decimal(text, units, own_unit) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "units", "expected"),
    [
        ("50 kr", KILOMETRES, "km eller mil"),
        ("50 kr.", KILOMETRES, "km eller mil"),
        ("SEK 50", KILOMETRES, "km eller mil"),
        ("50:-", KILOMETRES, "km eller mil"),
        ("2 h", KILOMETRES, "km eller mil"),
        ("12 km", KRONOR, "kronor"),
        ("50 %", KRONOR, "kronor"),
        ("50 kr", PIECES, "ett antal"),
        ("50 kr", PER_CENT, "procent"),
        ("50 km", KILOGRAMS, "kg eller ton"),
    ],
)
def test_another_unit_is_an_error(text: str, units: Units, expected: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_decimal(text, units)
    assert str(caught.value) == f'"{text}" har fel enhet, här väntas {expected}.'


def test_a_per_cent_sign_divides_by_a_hundred_where_it_is_allowed() -> None:
    assert decimals(["75%", 0.75, "0,75"], scale=10_000, units=PER_CENT).values.tolist() == [7500, 7500, 7500]


@pytest.mark.parametrize(
    ("cell", "ore"),
    [
        (1.005, 101),  # 100.49999999999999 when multiplied as binary
        (1.115, 112),  # 111.50000000000001
        (0.285, 29),  # 28.499999999999996
        (2.5, 250),
        (0.125, 13),
        (1.0049, 100),
        ("1,005", 101),
        ("1,0049999", 100),
        (1234, 123_400),
        (np.int64(7), 700),
        (Decimal("1.005"), 101),
        (99_999_999.99, 9_999_999_999),
    ],
)
def test_scaling_is_exact_and_rounds_half_up(cell: Any, ore: int) -> None:
    column = decimals([cell])
    assert (column.values.tolist(), column.problems) == ([ore], [])


def test_half_of_minus_one_ore_rounds_upwards() -> None:
    assert decimals([-0.005, "-0,005", -0.006], lowest=None).values.tolist() == [0, 0, -1]


@given(st.decimals(0, 99_999_999, places=4), st.sampled_from([1, 60, 100, 1000]))
def test_float_and_text_give_what_decimal_arithmetic_gives(number: Decimal, scale: int) -> None:
    expected = int((number * scale).quantize(Decimal(1), ROUND_HALF_UP))
    column = decimals([float(number), str(number).replace(".", ",")], scale=scale)
    assert column.values.tolist() == [expected, expected]
    assert decimals(np.array([float(number)]), scale=scale).values.tolist() == [expected]


@pytest.mark.parametrize(
    ("cell", "code", "message"),
    [
        (-5, "#NUM!", 'Lön: värdet "-5" får inte vara negativt.'),
        ("-0,001", "#NUM!", 'Lön: värdet "-0,001" får inte vara negativt.'),
        (1e9, "#NUM!", 'Lön: värdet "1000000000" är orimligt högt, högst 1\u00a0000\u00a0000.'),
        ("1000000,01", "#NUM!", "är orimligt högt"),
        (float("inf"), "#NUM!", "oändligt"),
        (10**400, "#NUM!", "oändligt"),
        ("abc", "#VALUE!", 'Lön: "abc" är inget tal. Skriv till exempel 1 234,50.'),
        (True, "#VALUE!", 'Lön: "SANT" är inget tal.'),
        (np.datetime64("2026-03-10"), "#VALUE!", 'Lön: "2026-03-10" är inget tal.'),
        ("#REF!", "#VALUE!", "Cellen innehåller felet #REF!"),
    ],
)
def test_what_cannot_be_an_amount_says_why(cell: Any, code: str, message: str) -> None:
    (problem,) = decimals([cell], highest=1_000_000, what="Lön").problems
    assert problem.code == code
    assert message in problem.message


def test_limits_are_allowed_and_zero_is_a_number() -> None:
    column = decimals([0, 1_000_000, "1000000"], highest=1_000_000)
    assert column.given.all()
    assert column.problems == []


def test_a_lowest_above_zero_is_named() -> None:
    (problem,) = decimals([2], scale=1, lowest=5, what="Antal").problems
    assert problem.message == 'Antal: värdet "2" är för lågt, lägst 5.'
