"""The minutes, kilometres and days at which an answer changes, as a user meets them in a cell.

Amounts per whole day at home: 260 kr in 2023, 290 kr in 2024 and 2025, 300 kr in 2026; a half day is half.
Every expected figure is calculated by hand in the line where it stands or in the comment above it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.engine import CellError
from udfs import functions as f


def split(departure: str, home: str, policy: str, meals: str | None = None) -> tuple[float, float, float]:
    """Paid, tax-free and taxable over the days of a trip."""
    table = f.TRAKTAMENTEDAGAR(departure, home, None, meals, None, policy)
    assert not isinstance(table, CellError), table
    columns = dict(zip(table[0], zip(*table[1:], strict=True), strict=True))
    return sum(columns["Traktamente"]), sum(columns["Skattefritt"]), sum(columns["Skattepliktigt"])


def paid_by_day(*arguments: Any) -> list[float]:
    table = f.TRAKTAMENTEDAGAR(*arguments)
    assert not isinstance(table, CellError), table
    return [row[table[0].index("Traktamente")] for row in table[1:]]


# Whole and half days. The other day of the trip is whole, 300 kr.
# By law 12:00 and 19:00 sharp are half days; Linköping pays them whole, and then 150 kr is taxable.


@pytest.mark.parametrize(
    ("clock", "policy", "expected"),
    [
        ("11:59", "lagen", (600, 600, 0)),
        ("12:00", "lagen", (450, 450, 0)),
        ("12:01", "lagen", (450, 450, 0)),
        ("11:59", "linkoping", (600, 600, 0)),
        ("12:00", "linkoping", (600, 450, 150)),
        ("12:01", "linkoping", (450, 450, 0)),
    ],
)
def test_departure_at_noon(clock: str, policy: str, expected: tuple[float, float, float]) -> None:
    assert split(f"2026-03-10 {clock}", "2026-03-11 20:00", policy) == expected


@pytest.mark.parametrize(
    ("clock", "policy", "expected"),
    [
        ("18:59", "lagen", (450, 450, 0)),
        ("19:00", "lagen", (450, 450, 0)),
        ("19:01", "lagen", (600, 600, 0)),
        ("18:59", "linkoping", (450, 450, 0)),
        ("19:00", "linkoping", (600, 450, 150)),
        ("19:01", "linkoping", (600, 600, 0)),
    ],
)
def test_return_at_seven(clock: str, policy: str, expected: tuple[float, float, float]) -> None:
    assert split("2026-03-10 07:00", f"2026-03-11 {clock}", policy) == expected


def test_both_clocks_sharp() -> None:
    assert split("2026-03-10 12:00", "2026-03-11 19:00", "linkoping") == (600, 300, 300)
    assert split("2026-03-10 12:00", "2026-03-11 19:00", "lagen") == (300, 300, 0)


def test_a_meal_on_a_day_that_is_half_by_law_lowers_both_amounts() -> None:
    # Paid 300 − 105; tax-free 150 − 53 (52.50 upwards); the second day 300.
    assert split("2026-03-10 12:00", "2026-03-11 20:00", "linkoping", "L, -") == (495, 397, 98)


def test_what_is_paid_below_the_law_is_all_that_is_taxfree(tmp_path: Path) -> None:
    # A policy that pays whole days only until 10:00: half of 300 is paid at 11:00, and the law allows all.
    own = tmp_path / "egen.yaml"
    entry = '{fran: 2024-01-01, varde: "10:00", kalla: Eget avtal, status: förslag}'
    rates = f"satser:\n  hel_avresedag_senast: {{varden: [{entry}]}}\n"
    own.write_text(f"titel: Egen\nkalla: Egen\n{rates}", encoding="utf-8")
    assert split("2026-03-10 11:00", "2026-03-11 20:00", str(own)) == (450, 450, 0)
    assert split("2026-03-10 11:00", "2026-03-11 20:00", "lagen") == (600, 600, 0)


# The night, midnight to 06:00 whole.


@pytest.mark.parametrize(
    ("departure", "home", "expected"),
    [
        ("2026-03-10 22:00", "2026-03-11 05:59", 0),
        ("2026-03-10 22:00", "2026-03-11 06:00", 300),  # two half days
        ("2026-03-10 00:00", "2026-03-10 20:00", 300),  # one whole day, its own night spent away
        ("2026-03-10 00:01", "2026-03-10 20:00", 0),
        ("2026-03-10 00:01", "2026-03-11 05:59", 0),
        ("2026-03-10 00:00", "2026-03-10 06:00", 150),  # home before 19:00
    ],
)
def test_night(departure: str, home: str, expected: float) -> None:
    assert f.TRAKTAMENTE(departure, home, policy="lagen") == expected


# Years, leap days.


@pytest.mark.parametrize(
    ("departure", "home", "expected"),
    [
        ("2023-12-30 07:00", "2024-01-02 20:00", [260, 260, 290, 290]),
        ("2025-12-30 07:00", "2026-01-02 20:00", [290, 290, 300, 300]),
        ("2023-12-31 13:00", "2024-01-01 09:00", [130, 145]),
        ("2024-02-28 07:00", "2024-03-01 20:00", [290, 290, 290]),
        ("2025-02-28 07:00", "2025-03-01 20:00", [290, 290]),
    ],
)
def test_each_day_by_its_own_year(departure: str, home: str, expected: list[float]) -> None:
    assert paid_by_day(departure, home) == expected
    assert f.TRAKTAMENTE(departure, home) == sum(expected)


def test_meals_and_countries_over_new_year() -> None:
    # 20 % of 260 is 52, of 290 is 58. France 852 kr in 2023 and 935 kr in 2024.
    assert f.TRAKTAMENTE("2023-12-31 07:00", "2024-01-01 20:00", None, "*F") == (260 - 52) + (290 - 58)
    assert f.TRAKTAMENTE("2023-12-31 07:00", "2024-01-01 20:00", "Frankrike") == 852 + 935


def test_other_figures_change_with_the_year() -> None:
    # 100 km: 1.85 and 2.50 kr per km tax-free of the 2.90 paid.
    assert f.BILERSATTNINGDELAR(100, ["2022-12-31", "2023-01-01"]) == [[185, 105, 290], [250, 40, 290]]
    assert f.KOSTFORMAN("FLM", ["2023-12-31", "2024-01-01"]) == [275, 300]


def test_29_february_of_a_common_year_is_no_date() -> None:
    answer = f.TRAKTAMENTE("2025-02-29 07:00", "2025-03-01 20:00")
    assert isinstance(answer, CellError) and answer.code == "#VALUE!" and "2025-02-29" in answer.message


# Long stays: 70 % of 290 is 203, of 260 is 182; 50 % is 145; nothing for half days.


@pytest.mark.parametrize(
    ("since", "departure", "home", "expected"),
    [
        ("2024-01-01", "2024-03-30 07:00", "2024-04-02 20:00", [290, 290, 203, 203]),
        ("2024-01-01", "2024-03-31 13:00", "2024-04-02 17:00", [145, 203, 0]),
        ("2023-11-30", "2024-02-28 07:00", "2024-03-01 20:00", [290, 290, 203]),
        ("2022-11-30", "2023-02-27 07:00", "2023-03-01 20:00", [260, 260, 182]),
        ("2024-11-29", "2025-02-27 07:00", "2025-03-01 20:00", [290, 290, 203]),
        ("2024-11-28", "2025-02-27 07:00", "2025-03-01 20:00", [290, 203, 203]),
        ("2022-03-01", "2024-02-28 07:00", "2024-03-02 20:00", [203, 203, 145, 145]),
        ("2024-02-29", "2026-02-27 07:00", "2026-03-02 20:00", [210, 210, 150, 150]),  # 70 and 50 % of 300
        ("2022-03-01", "2024-03-01 13:00", "2024-03-02 20:00", [0, 145]),
    ],
)
def test_three_months_and_two_years(since: str, departure: str, home: str, expected: list[float]) -> None:
    assert paid_by_day(departure, home, None, None, since) == expected


def test_long_stay_abroad_keeps_the_ore() -> None:
    # 70 % of 935 is 654.50, of 745 is 521.50.
    assert paid_by_day("2024-06-03 07:00", "2024-06-04 20:00", "FR", None, "2024-01-01") == [654.5, 654.5]
    assert paid_by_day("2026-06-03 07:00", "2026-06-04 20:00", "NL", None, "2026-01-01") == [521.5, 521.5]


# Meals.


def test_meals_on_half_days_and_combinations() -> None:
    # Half days of 145: lunch 50.75 → 51. A whole day of 290: breakfast 58 + lunch 102.
    assert f.TRAKTAMENTE("2024-03-04 13:00", "2024-03-05 17:00", None, "L, -") == 290 - 51
    assert f.TRAKTAMENTE("2024-03-04 07:00", "2024-03-05 20:00", None, "FL, -") == 580 - 160
    assert f.TRAKTAMENTE("2024-03-04 07:00", "2024-03-05 20:00", None, "LM, -") == 580 - 203


def test_half_of_an_odd_amount_keeps_its_50_ore() -> None:
    # The Netherlands 2026: 745 kr. 15 % of 372.50 is 55.875 → 56.
    assert paid_by_day("2026-03-10 13:00", "2026-03-11 09:00", "Nederländerna") == [372.5, 372.5]
    assert paid_by_day("2026-03-10 13:00", "2026-03-11 09:00", "NL", "F, -") == [316.5, 372.5]


# Missing figures.


def test_a_country_year_that_is_not_imported_names_land_and_date() -> None:
    answer = f.TRAKTAMENTE("2025-03-10 07:00", "2025-03-11 20:00", ["Frankrike", "Sverige"])
    assert answer[1] == 580
    assert answer[0].code == "#N/A"
    assert "Frankrike" in answer[0].message and "2025-03-10" in answer[0].message


def test_a_trip_into_a_missing_year_is_not_guessed() -> None:
    assert f.TRAKTAMENTE("2026-12-30 07:00", "2026-12-31 20:00") == 600
    answer = f.TRAKTAMENTE("2026-12-30 07:00", "2027-01-02 20:00")
    assert isinstance(answer, CellError) and answer.code == "#N/A" and "2027-01-01" in answer.message
    for call in (
        lambda: f.TRAKTAMENTE("2027-03-10 07:00", "2027-03-11 20:00"),
        lambda: f.NORMALBELOPP("Norge", "2027-03-10"),
        lambda: f.NATTRAKTAMENTE(1, "Sverige", "2027-03-10"),
        lambda: f.KOSTFORMAN("L", "2027-03-10"),
        lambda: f.BILERSATTNINGDELAR(10, "2027-03-10")[0][0],
    ):
        answer = call()
        assert isinstance(answer, CellError) and answer.code == "#N/A" and "2027" in answer.message, answer


# Resetillägg: more than four hours in the calendar day.


@pytest.mark.parametrize(
    ("departure", "home", "expected"),
    [
        ("2026-03-10 08:00", "2026-03-10 12:00", 0),
        ("2026-03-10 08:00", "2026-03-10 12:01", 50),
        ("2026-03-10 20:00", "2026-03-11 04:00", 0),  # eight hours, four each day
        ("2026-03-10 19:59", "2026-03-11 04:00", 50),
        ("2026-03-10 20:00", "2026-03-11 04:01", 50),
        ("2026-03-10 19:59", "2026-03-11 04:01", 100),
        ("2026-03-10 08:00", "2026-03-11 00:00", 50),
        ("2026-03-10 19:59", "2026-03-12 00:00", 100),
    ],
)
def test_four_hours_a_day(departure: str, home: str, expected: float) -> None:
    assert f.RESETILLAGG(departure, home) == expected
    assert f.RESETILLAGG(departure, home, policy="lagen") == 0


# Färdtidsersättning: 33 000 / 165 = 200 kr an hour; 53.3 % is 106.60 kr, 80 % is 160 kr.


@pytest.mark.parametrize(
    ("hours", "before", "expected"),
    [
        ("0:29", None, 0),
        ("0:30", None, 53.30),
        ("10:00", None, 1066.00),
        ("10:01", None, 1068.67),  # 1 066 + 160/60 = 2.666…
        ("0:30", "9:30", 53.30),
        ("0:31", "9:30", 55.97),  # 53.30 + 2.666…
        ("1:00", "9:30", 133.30),  # 53.30 + 80
        ("0:29", "9:30", 51.52),  # 29/60 of 106.60; the week has 9:59
        ("1:00", "10:00", 160.00),
        ("0:09", "0:20", 0),
        ("0:10", "0:20", 17.77),  # 10/60 of 106.60; the week has 30 minutes
    ],
)
def test_hours_of_the_week(hours: str, before: str | None, expected: float) -> None:
    assert f.FARDTIDSERSATTNING(hours, 33000, before, "2026-03-10") == expected


@pytest.mark.parametrize(
    ("departure", "arrival", "hours"),
    [
        ("2026-03-28 22:00", "2026-03-29 06:00", 7),  # the hour 02–03 does not exist
        ("2026-10-24 22:00", "2026-10-25 06:00", 9),  # the hour 02–03 passes twice
        ("2026-03-27 22:00", "2026-03-28 06:00", 8),
        ("2026-03-08 22:00", "2026-03-09 09:00", 10),  # Sunday 22 to Monday 08, then working hours
        ("2026-03-09 07:59", "2026-03-09 17:01", 2 / 60),
        ("2026-03-09 08:00", "2026-03-09 17:00", 0),
    ],
)
def test_hours_that_pass(departure: str, arrival: str, hours: float) -> None:
    assert f.FARDTID(departure, arrival) == hours


# 09:00–12:00: three hours on a free day, none on a working day.


@pytest.mark.parametrize(
    ("day", "what", "linkoping", "lagen"),
    [
        ("2026-05-21", "en vanlig torsdag", 0, 0),
        ("2026-05-23", "en lördag", 3, 3),
        ("2026-01-06", "trettondedag jul", 3, 3),
        ("2026-04-02", "skärtorsdag", 0, 0),
        ("2026-04-03", "långfredag", 3, 3),
        ("2026-04-06", "annandag påsk", 3, 3),
        ("2026-04-30", "valborgsmässoafton", 0, 0),
        ("2026-05-01", "första maj", 3, 3),
        ("2026-05-14", "Kristi himmelsfärd", 3, 3),
        ("2025-06-06", "nationaldagen, en fredag", 3, 3),
        ("2026-06-19", "midsommarafton", 3, 0),
        ("2026-12-24", "julafton", 3, 0),
        ("2026-12-25", "juldagen", 3, 3),
        ("2026-12-31", "nyårsafton", 3, 0),
    ],
)
def test_holidays_and_eves(day: str, what: str, linkoping: float, lagen: float) -> None:
    journey = f"{day} 09:00", f"{day} 12:00"
    assert f.FARDTID(*journey, policy="linkoping") == linkoping, what
    assert f.FARDTID(*journey, policy="lagen") == lagen, what


@pytest.mark.parametrize(
    ("departure", "arrival", "berth", "hours"),
    [
        ("2026-03-10 20:00", "2026-03-11 07:00", True, 3),  # 20–22 and 06–07
        ("2026-03-10 20:00", "2026-03-11 07:00", False, 11),
        ("2026-03-10 22:00", "2026-03-11 06:00", True, 0),
        ("2026-03-10 21:59", "2026-03-11 06:01", True, 2 / 60),
        ("2026-03-28 20:00", "2026-03-29 07:00", True, 3),  # the short night
        ("2026-10-24 20:00", "2026-10-25 07:00", True, 3),  # the long night
    ],
)
def test_berth_between_22_and_06(departure: str, arrival: str, berth: bool, hours: float) -> None:
    assert f.FARDTID(departure, arrival, None, None, berth) == hours


@pytest.mark.parametrize(
    ("departure", "arrival", "hours"),
    [
        ("2026-03-10 20:00", "2026-03-11 08:00", 4),  # Tuesday's shift 22–06 taken out
        ("2026-03-13 20:00", "2026-03-14 08:00", 4),  # Friday's shift ends on Saturday
        ("2026-03-15 20:00", "2026-03-16 08:00", 12),  # no shift begins on a Sunday
        ("2026-03-14 00:00", "2026-03-14 23:00", 17),  # Saturday: the end of Friday's shift only
    ],
)
def test_a_night_shift_runs_over_midnight(departure: str, arrival: str, hours: float) -> None:
    assert f.FARDTID(departure, arrival, "22:00", "06:00") == hours


def test_a_berth_during_the_shift_is_not_taken_out_twice() -> None:
    # 20–22 and 06–08; the berth's hours are the shift's.
    assert f.FARDTID("2026-03-10 20:00", "2026-03-11 08:00", "22:00", "06:00", True) == 4
    # 12–14 and 06–08: the shift 14–23 and the berth 22–06 share an hour.
    assert f.FARDTID("2026-03-10 12:00", "2026-03-11 08:00", "14:00", "23:00", True) == 4
