"""Times as written → integers.

The anchor is counted by hand: 2026-01-01 is 56 years of 365 days and 14 leap days (1972 … 2024) after
1970-01-01, 20 454 days; 10 March is 31 + 28 + 9 = 68 days later, day 20 522. Its serial number is
20 522 + 25 569 = 46 091.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.vocabulary import (
    clocks,
    dates,
    durations,
    moments,
    parse_clock,
    parse_date,
    parse_duration,
    parse_moment,
)

DAY = 20_522
SERIAL = 46_091
SEVEN = DAY * 1440 + 7 * 60


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10 07:00",
        "2026-03-10 07.00",
        "2026-03-10T07:00",
        "2026-03-10 7:00",
        "2026-3-10 07:00",
        "2026/03/10 07:00",
        "2026-03-10 0700",
        "20260310 07:00",
        "20260310 0700",
        "  2026-03-10   07:00 ",
        "2026-03-10 kl. 07:00",
        "2026–03–10 07:00",
        "2026-03-10 07:00:29",
        "2026-03-10 06:59:30",
        "2026-03-10T07:00:00.000",
        "10 mars 2026 07:00",
        "10 Mars 2026 kl. 07.00",
        "den 10 mar. 2026 7:00",
        "10-mar-2026 0700",
    ],
)
def test_a_moment_is_read(text: str) -> None:
    assert parse_moment(text) == SEVEN


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2026-03-10", 'Klockslag saknas i "2026-03-10". Skriv till exempel 2026-03-10 07:00.'),
        ("20260310", 'Klockslag saknas i "20260310". Skriv till exempel 2026-03-10 07:00.'),
        (
            "10/3 2026 07:00",
            'Tidpunkten "10/3 2026 07:00" kan inte läsas. Skriv till exempel 2026-03-10 07:00',
        ),
        ("3/10/26", "(även 2026-03-10 07.00, 2026-03-10T07:00 och 20260310 07:00 läses)"),
        ("10 mars 2026", 'Klockslag saknas i "10 mars 2026". Skriv till exempel 2026-03-10 07:00.'),
        ("10 mars 26 07:00", 'Tidpunkten "10 mars 26 07:00" kan inte läsas.'),
        ("10 marsch 2026 07:00", "kan inte läsas"),
        ("30 februari 2026 07:00", "finns inte i kalendern"),
        ("10/3-26 07:00", "kan inte läsas"),
        ("13/05/2026 07:00", "kan inte läsas"),
        ("202603100700", "kan inte läsas"),
        ("2026-03-10 7", "Klockslaget i"),
        ("2026-03-10 25:00", "Klockslaget i"),
        ("2026-03-10 07:60", "Klockslaget i"),
        ("2026-03-10 07:00Z", "Klockslaget i"),
        ("2026-02-30 07:00", "finns inte i kalendern"),
        ("2026-13-01 07:00", "finns inte i kalendern"),
        ("2027-02-29 07:00", "finns inte i kalendern"),
        ("2026-03-10 24:00", "Skriv 00:00 nästa dag: 2026-03-11 00:00."),
        ("07:00", 'Datum saknas i "07:00".'),
        ("1989-12-31 23:59", "utanför åren 1990–2100"),
        ("2101-01-01 00:00", "utanför åren 1990–2100"),
        ("", "kan inte läsas"),
    ],
)
def test_what_is_no_moment_says_why(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_moment(text)
    assert message in str(caught.value)


def test_limits_midnight_and_leap_day_are_read() -> None:
    assert parse_moment("2026-03-10 00:00") == DAY * 1440
    assert parse_date("1990-01-01") == 20 * 365 + 5
    assert parse_date("2100-12-31") == 131 * 365 + 32 - 1  # 32 leap days 1972 … 2096; 2100 has none
    assert parse_date("2028-02-29") - parse_date("2028-02-28") == 1
    assert parse_moment("2026-03-10 23:59:30") == (DAY + 1) * 1440


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (SERIAL + 7 / 24, SEVEN),
        (np.float64(SERIAL + 7 / 24), SEVEN),
        (SERIAL + (7 * 3600 + 29.9) / 86400, SEVEN),
        (SERIAL + (7 * 3600 + 30) / 86400, SEVEN + 1),  # half up, as the text 07:00:30
        (SERIAL + (7 * 3600 + 90) / 86400, SEVEN + 2),  # not half to even
        (dt.datetime(2026, 3, 10, 7), SEVEN),
        (dt.datetime(2026, 3, 10, 7, 0, 30), SEVEN + 1),
        (dt.datetime(2026, 3, 10, 7, tzinfo=dt.timezone(dt.timedelta(hours=9))), SEVEN),
        (np.datetime64("2026-03-10T07:00"), SEVEN),
        ("2026-03-10 07:00", SEVEN),
        ("2026-03-10 00:00", DAY * 1440),
    ],
)
def test_a_cell_becomes_a_moment(cell: Any, minutes: int) -> None:
    column = moments([cell])
    assert (column.values.tolist(), column.given.tolist(), column.problems) == ([minutes], [True], [])


def test_every_half_minute_of_a_day_rounds_up_though_binary_fractions_fall_short() -> None:
    serials = np.array([SERIAL + (60 * minute + 30) / 86400 for minute in range(1440)])
    assert moments(serials).values.tolist() == [DAY * 1440 + minute + 1 for minute in range(1440)]


@pytest.mark.parametrize(
    ("cell", "code", "message"),
    [
        (SERIAL, "#VALUE!", 'Klockslag saknas i "2026-03-10"'),
        (float(SERIAL), "#VALUE!", "menas midnatt skrivs det som text: 2026-03-10 00:00."),
        (dt.datetime(2026, 3, 10), "#VALUE!", "menas midnatt skrivs det som text: 2026-03-10 00:00."),
        (dt.date(2026, 3, 10), "#VALUE!", 'Klockslag saknas i "2026-03-10"'),
        (0.5, "#VALUE!", 'Datum saknas, talet "0,5" är bara ett klockslag'),
        (dt.time(7), "#VALUE!", '"7:00" är ingen tidpunkt'),
        (True, "#VALUE!", '"SANT" är ingen tidpunkt'),
        (-1.5, "#NUM!", 'Talet "-1,5" är ingen tidpunkt'),
        (1e300, "#NUM!", "är ingen tidpunkt"),
        (float("inf"), "#NUM!", "oändligt"),
        (32_873.5, "#NUM!", 'Datumet "1989-12-31" ligger utanför åren 1990–2100.'),
        (73_416.5, "#NUM!", 'Datumet "2101-01-01" ligger utanför åren 1990–2100.'),
        (dt.datetime(1899, 12, 30, 7), "#NUM!", 'Datumet "1899-12-30" ligger utanför'),
    ],
)
def test_a_cell_that_is_no_moment_says_why(cell: Any, code: str, message: str) -> None:
    column = moments([cell])
    assert column.given.tolist() == [True]
    (problem,) = column.problems
    assert problem.code == code
    assert message in problem.message


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0", 0, 0.0, float("nan"), np.datetime64("NaT")])
def test_blank_is_not_given(blank: Any) -> None:
    for column in (moments([blank]), dates([blank])):
        assert column.given.tolist() == [False]
        assert column.problems == []


def test_arrays_of_numbers_and_of_instants() -> None:
    serials = np.array([SERIAL + 7 / 24, 0.0, np.nan, SERIAL, -5.0])
    column = moments(serials)
    assert column.values.tolist() == [SEVEN, 0, 0, 0, 0]
    assert column.given.tolist() == [True, False, False, True, True]
    assert [problem.rows.tolist() for problem in column.problems] == [[3], [4]]
    instants = np.array(["2026-03-10T07:00:30", "NaT", "2026-03-10T00:00"], dtype="datetime64[ns]")
    column = moments(instants)
    assert column.values.tolist() == [SEVEN + 1, 0, 0]
    assert [problem.rows.tolist() for problem in column.problems] == [[2]]
    assert dates(instants.astype("datetime64[D]")).values.tolist() == [DAY, 0, DAY]


@given(st.datetimes(dt.datetime(1990, 1, 1, 0, 1), dt.datetime(2100, 12, 31, 23, 59)))
def test_every_way_to_write_a_minute_is_the_same_minute(moment: dt.datetime) -> None:
    moment = moment.replace(second=0, microsecond=0)
    expected = (moment - dt.datetime(1970, 1, 1)) // dt.timedelta(minutes=1)
    assert parse_moment(moment.isoformat(" ", "minutes")) == expected
    if moment.time() != dt.time():
        serial = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
        assert moments([serial, moment]).values.tolist() == [expected, expected]


def test_many_texts_at_once_are_read_as_one_at_a_time() -> None:
    start = dt.datetime(2024, 2, 28, 22, 13)
    good = [(start + dt.timedelta(minutes=397 * i)).isoformat(" ", "minutes") for i in range(1500)]
    odd = ["2026-02-29 07:00", "2024-02-29 24:00", "2024-00-10 07:00", "1989-12-31 07:00", "2026-03-10 7:00"]
    odd += ["2026-03-10 07:0a", "2026-03-10 07:00:30", "２026-03-10 07:00", "2026-03-32 07:00", "2026-03-10"]
    texts = [*good, *odd]
    column = moments(texts)
    message_of = {int(problem.rows[0]): problem.message for problem in column.problems}
    assert len(message_of) == 8
    for i, text in enumerate(texts):
        if i in message_of:
            with pytest.raises(ValueError, match=re.escape(message_of[i])):
                parse_moment(text)
        else:
            assert column.values[i] == parse_moment(text)
    assert dates(good).values.tolist() == [parse_date(text) for text in good]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1 jan 2026", "2026-01-01"),
        ("2 februari 2026", "2026-02-02"),
        ("3 apr. 2026", "2026-04-03"),
        ("4 maj 2026", "2026-05-04"),
        ("5 JUN 2026", "2026-06-05"),
        ("6 juli 2026", "2026-07-06"),
        ("7 aug 2026", "2026-08-07"),
        ("8 sep 2026", "2026-09-08"),
        ("8 sept. 2026", "2026-09-08"),
        ("9 oktober 2026", "2026-10-09"),
        ("10 nov 2026", "2026-11-10"),
        ("24 december 2026", "2026-12-24"),
    ],
)
def test_a_month_may_be_written_in_words(text: str, iso: str) -> None:
    assert parse_date(text) == parse_date(iso)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-10",
        "10 mars 2026",
        "20260310",
        "2026-03-10 07:00",
        20260310,
        SERIAL,
        SERIAL + 0.9,
        dt.date(2026, 3, 10),
    ],
)
def test_a_cell_becomes_a_date(cell: Any) -> None:
    column = dates([cell])
    assert (column.values.tolist(), column.problems) == ([DAY], [])


@pytest.mark.parametrize(
    ("cell", "code", "message"),
    [
        ("260310", "#VALUE!", 'Datumet "260310" kan inte läsas. Skriv till exempel 2026-03-10'),
        ("2026-03-10 x", "#VALUE!", "kan inte läsas"),
        (20260230, "#VALUE!", "finns inte i kalendern"),
        (20260230.0, "#VALUE!", "finns inte i kalendern"),
        (19891231, "#NUM!", "utanför åren 1990–2100"),
        (5, "#NUM!", 'Datumet "1900-01-04" ligger utanför'),
        (-1, "#NUM!", 'Talet "-1" är inget datum'),
        (False, "#VALUE!", '"FALSKT" är inget datum'),
    ],
)
def test_a_cell_that_is_no_date_says_why(cell: Any, code: str, message: str) -> None:
    (problem,) = dates([cell]).problems
    assert problem.code == code
    assert message in problem.message


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("08:00", 480),
        ("8.00", 480),
        ("0800", 480),
        ("800", 480),
        ("8", 480),
        ("kl 8", 480),
        ("0,33333333", 480),
        ("07:59:30", 480),
        ("0:33", 33),
        (8, 480),
        (8 / 24, 480),
        (830, 510),
        (0, 0),
        (SERIAL + 0.25, 360),
        (dt.time(8, 0), 480),
        (dt.timedelta(hours=8), 480),
        (dt.datetime(2026, 3, 10, 8), 480),
        ("23:59", 1439),
    ],
)
def test_a_cell_becomes_a_clock(cell: Any, minutes: int) -> None:
    column = clocks([cell])
    assert (column.values.tolist(), column.problems) == ([minutes], [])


@pytest.mark.parametrize(
    "cell",
    ["24:00", "25", "8:60", "8,30", "åtta", 1, 8.5, 24, 875, 2400, -0.1, 0.99999, dt.timedelta(hours=25)],
)
def test_a_cell_that_is_no_clock_is_an_error(cell: Any) -> None:
    (problem,) = clocks([cell]).problems
    assert problem.code == "#VALUE!"
    assert "lockslag" in problem.message


def test_zero_may_be_midnight_or_an_empty_cell() -> None:
    assert clocks([0]).given.tolist() == [True]
    assert clocks([0], zero_is_blank=True).given.tolist() == [False]
    assert parse_clock("00:00") == 0


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        ("7:30", 450),
        ("7,5", 450),
        ("7.5", 450),
        ("7,5 h", 450),
        ("7 tim", 420),
        ("7:30 h", 450),
        ("2 timmar", 120),
        ("0:29:30", 30),
        ("36:00", 2160),
        (7.5, 450),
        (0, 0),
        (0.675, 41),  # 40.5 minutes, half up
        (7.3333, 440),
        (dt.timedelta(hours=31), 1860),
        (dt.time(7, 30), 450),
    ],
)
def test_a_cell_becomes_a_length_of_time(cell: Any, minutes: int) -> None:
    column = durations([cell])
    assert (column.values.tolist(), column.problems) == ([minutes], [])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("-2", "#NUM!"),
        (-1, "#NUM!"),
        (8785, "#NUM!"),
        ("9000", "#NUM!"),
        ("7:61", "#VALUE!"),
        ("sju", "#VALUE!"),
        ("7 kr", "#VALUE!"),
        ("7:30 km", "#VALUE!"),
        ("7.500", "#VALUE!"),
        (dt.timedelta(hours=-1), "#NUM!"),
        (True, "#VALUE!"),
        (dt.date(2026, 3, 10), "#VALUE!"),
    ],
)
def test_a_cell_that_is_no_length_of_time_is_an_error(cell: Any, code: str) -> None:
    (problem,) = durations([cell]).problems
    assert problem.code == code


def test_one_text_of_hours() -> None:
    assert parse_duration("1,25") == 75


def test_hours_with_a_point_before_three_digits_may_be_either_number() -> None:
    with pytest.raises(ValueError) as caught:
        parse_duration("7.500 h")
    assert str(caught.value) == '"7.500 h" kan vara 7\u00a0500 eller 7,5. Skriv talet utan punkt.'
