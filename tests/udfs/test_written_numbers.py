"""Numbers as texts in arguments: the same readings and refusals as in sheets."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.engine import CellError
from udfs.functions import BILERSATTNING, FARDTIDSERSATTNING, TIMLON, TRAKTAMENTE

DAY = "2026-03-05"


@pytest.mark.parametrize(
    ("kilometres", "kronor"),
    [
        (1.234, 3.58),  # 1.234 km x 2.90 = 3.5786
        ("1,234", 3.58),
        ("1.234,5", 3580.05),  # 1 234.5 x 2.90
        ("50 km", 145),
        ("12 mil", 348),  # 120 x 2.90
        ("12 mil.", 348),
        ("50 km.", 145),
        ("123.456", 358.02),  # 123 456 km is beyond the limit: 123.456 x 2.90 = 358.0224
    ],
)
def test_kilometres(kilometres: float | str, kronor: float) -> None:
    assert BILERSATTNING(kilometres, DAY) == kronor


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (BILERSATTNING, ("1.200", DAY), 'Km: "1.200" kan vara 1\u00a0200 eller 1,2. Skriv talet utan punkt.'),
        (BILERSATTNING, ("50 kr", DAY), 'Km: "50 kr" har fel enhet, här väntas km eller mil.'),
        (TIMLON, ("33.000",), 'Månadslön: "33.000" kan vara 33\u00a0000 eller 33. Skriv talet utan punkt.'),
        (TIMLON, ("33 km",), 'Månadslön: "33 km" har fel enhet, här väntas kronor.'),
    ],
)
def test_what_could_be_another_amount_is_refused(
    function: Callable[..., object], arguments: tuple[object, ...], message: str
) -> None:
    assert function(*arguments) == CellError("#VALUE!", message)


def test_salary_and_hours_with_their_units() -> None:
    # 33 000 / 165 = 200
    assert [TIMLON(salary) for salary in ("33 000 kr", "SEK 33000", "33 tkr")] == [200, 200, 200]
    # two hours at 200 x 53.3 %
    assert [FARDTIDSERSATTNING(hours, 33_000, None, DAY) for hours in ("2 tim", "2 tim.", "2 timmar.")] == [213.2] * 3


def test_hours_are_never_thousands() -> None:
    # Two hours and a half at 33 000 / 165 = 200 x 53.3 %.
    assert FARDTIDSERSATTNING("2.500", 33_000, None, DAY) == 266.5
    assert FARDTIDSERSATTNING("-2.500", 33_000, None, DAY) == CellError(
        "#NUM!", 'Tiden "-2.500" får inte vara negativ.'
    )


def test_months_in_words_and_inrikes() -> None:
    # three whole days of 2026 at 300
    assert TRAKTAMENTE("5 mars 2026 07:30", "7 mar 2026 20:00", "Inrikes") == 900
