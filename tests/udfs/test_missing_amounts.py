"""Country amounts that are not known (2025's table is not in the product) matter only where they are paid."""

from __future__ import annotations

from core.engine import CellError
from udfs.functions import NORMALBELOPP, TRAKTAMENTE, UTRIKESTRAKTAMENTE


def test_a_foreign_day_trip_pays_nothing_whatever_the_amount() -> None:
    assert TRAKTAMENTE("2025-03-04 06:00", "2025-03-04 22:00", "Frankrike") == 0


def test_a_night_away_needs_the_amount() -> None:
    answer = TRAKTAMENTE("2025-03-04 06:00", "2025-03-05 22:00", "Frankrike")
    assert isinstance(answer, CellError) and answer.code == "#N/A"
    assert answer.message.startswith("Normalbelopp (Frankrike) saknas för 2025-03-0")


def test_equal_stays_where_one_amount_is_unknown_are_an_error() -> None:
    # Peru is not in the list of 2026. On 10 March: Chile 09–15 and Peru 15–21, six hours each.
    legs = [
        ["2026-03-09 23:00", "2026-03-10 09:00", "Chile", "flyg"],
        ["2026-03-10 15:00", "2026-03-10 15:00", "Peru", "flyg"],
        ["2026-03-10 21:00", "2026-03-11 20:00", "Sverige", "flyg"],
    ]
    answer = UTRIKESTRAKTAMENTE(legs)
    assert isinstance(answer, CellError) and "Peru" in answer.message


def test_sweden_is_not_told_to_import_the_country_table() -> None:
    answer = NORMALBELOPP("Sverige", "2027-03-01")
    assert isinstance(answer, CellError) and "2027-03-01" in answer.message and "rates import" not in answer.message
