"""The table of public holidays is the library's, and eves and work days follow from it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from core.engine.clock import FIRST_DAY, LAST_DAY, as_date, day_number
from core.fardtid.holidays import EVES, TABLE, is_work_day, public_holidays
from docs.make_helgdagar import table_text


def test_the_table_says_what_the_library_says() -> None:
    written = TABLE.read_text(encoding="utf-8")
    assert written == table_text(), "write it again: python -m docs.make_helgdagar"


def test_every_year_that_the_engine_knows_has_its_thirteen_holidays() -> None:
    # Lag (1989:253): twelve and annandag pingst until 2004, nationaldagen in its stead from 2005.
    for year in range(as_date(FIRST_DAY).year, as_date(LAST_DAY).year + 1):
        names = {name for of_year, name in public_holidays() if of_year == year}
        assert len(names) == 13, year
        assert ("Nationaldagen" in names, "Annandag pingst" in names) == (year >= 2005, year < 2005)


@pytest.mark.parametrize(
    ("eve", "day"),
    [  # as almanacs print 2026, when Easter Day is 5 April
        ("trettondagsafton", "2026-01-05"),
        ("skärtorsdag", "2026-04-02"),
        ("påskafton", "2026-04-04"),
        ("valborgsmässoafton", "2026-04-30"),
        ("pingstafton", "2026-05-23"),
        ("midsommarafton", "2026-06-19"),
        ("allhelgonaafton", "2026-10-30"),
        ("julafton", "2026-12-24"),
        ("nyårsafton", "2026-12-31"),
    ],
)
def test_eves(eve: str, day: str) -> None:
    assert EVES[eve](2026) == day_number(date.fromisoformat(day))
    assert is_work_day(day_number(date.fromisoformat(day)), [eve]).item() is False


def test_a_named_eve_is_free_and_another_is_not() -> None:
    thursday = day_number(date(2026, 12, 24))
    assert is_work_day(np.array([thursday - 1, thursday, thursday + 1]), ()).tolist() == [True, True, False]
    assert is_work_day(np.array([thursday - 1, thursday, thursday + 1]), ("julafton",)).tolist() == [True, False, False]


def test_the_first_and_the_last_day_and_what_lies_beyond() -> None:
    # 1 January 1990 was a Monday and a holiday; 31 December 2100 will be a Friday, New Year's Eve.
    assert is_work_day(np.array([FIRST_DAY - 1, FIRST_DAY, FIRST_DAY + 1]), ()).tolist() == [False, False, True]
    assert is_work_day(np.array([LAST_DAY, LAST_DAY + 1, 10**12]), ()).tolist() == [True, True, True]
    assert is_work_day(np.array([LAST_DAY]), ("nyårsafton",)).tolist() == [False]


def test_no_days_give_no_answers() -> None:
    assert is_work_day(np.zeros(0, np.int64), ()).tolist() == []
