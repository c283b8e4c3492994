"""Error cells as arguments: the call or the row has that same error, whichever host hands it over."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engine import CellError
from udfs import functions as f
from udfs.formula import FormulaError, evaluate
from udfs.registry import FUNCTIONS

DIVIDED = CellError("#DIV/0!", "Division med noll.")
GONE = CellError("#N/A", "Saknas i registret.")
TRIP = ("2024-03-04 06:00", "2024-03-06 21:00")


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("cell", [DIVIDED, [DIVIDED], [[DIVIDED]]])
def test_a_single_one_is_the_answer_of_every_function(name: str, cell: Any) -> None:
    count = max(len([parameter for parameter in FUNCTIONS[name].parameters if parameter.required]), 1)
    for place in range(count):
        arguments = [cell if number == place else None for number in range(count)]
        assert FUNCTIONS[name].call(*arguments) == DIVIDED


def test_the_first_argument_s_comes_before_the_others() -> None:
    assert f.MERSTRACKA(DIVIDED, GONE) == DIVIDED
    assert f.MERSTRACKA([1, DIVIDED, 20], [GONE, GONE, 5]) == [GONE, DIVIDED, 15]


def test_in_a_column_it_is_its_own_row_s_only() -> None:
    assert f.TRAKTAMENTE([TRIP[0], GONE], [TRIP[1], "x"]) == [870, GONE]
    assert f.TRAKTAMENTE([[TRIP[0]], [TRIP[0]]], TRIP[1], None, [["-"], [DIVIDED]]) == [[870], [DIVIDED]]
    assert f.BILERSATTNINGDELAR([100, DIVIDED], "2024-05-02") == [[250, 40, 290], [DIVIDED] * 3]
    assert f.SATS(["maximibelopp", GONE], ["2024-05-02", DIVIDED]) == [290, GONE]
    assert f.SATS("maximibelopp", ["2024-05-02", DIVIDED]) == [290, DIVIDED]
    assert f.REGEL(["L-7.4-5", GONE])[1] == GONE
    assert f.KLIMATPASLAG("flyg", 100, 10, None, ["ARN-GOT", DIVIDED], "2024-05-02", "stockholm")[1] == DIVIDED


def test_an_argument_that_the_rules_would_not_have_read_counts_too() -> None:
    # A moped is paid nothing, so its date is not looked at; a spreadsheet shows the error all the same
    assert f.BILERSATTNING([10, 10], ["2024-05-02", GONE], ["moped", "moped"]) == [0, GONE]


def test_in_a_table_the_place_is_named() -> None:
    route = [["2024-03-04 07:00", "2024-03-04 09:20", "Belgien", "flyg"], [GONE, "2024-03-06 19:15", "Sverige", "flyg"]]
    assert f.UTRIKESTRAKTAMENTE(route) == CellError("#N/A", "Resvägen, rad 2: Saknas i registret.")
    meals = [["x", "", ""], ["", DIVIDED, ""], ["", "", ""]]
    assert f.TRAKTAMENTE(*TRIP, None, meals) == DIVIDED


# Faults that calls in large numbers brought to light


def test_a_row_in_error_under_a_policy_without_approvers() -> None:
    answer = f.GODKANNARE(["tåg", "tåg"], ["kanske", "ja"], "lagen")
    assert [cell.code for cell in answer] == ["#VALUE!", "#N/A"]


def test_a_single_value_in_error_is_so_for_every_row_of_a_later_column() -> None:
    assert [cell.code for cell in f.KOSTFORMAN(["*F", "*F"], "x")] == ["#VALUE!", "#VALUE!"]
    answer = f.TRAKTAMENTE(TRIP[1], TRIP[0], None, ["-", "-"])
    assert [cell.message for cell in answer] == ["Hemkomsten ligger före avresan."] * 2
    answer = f.KLIMATPASLAG("flyg", "x", 10, None, ["ARN-GOT", "Europa"], "2024-05-02", "stockholm")
    assert [cell.code for cell in answer] == ["#VALUE!"] * 2


def test_more_weeks_than_a_block_of_the_engine() -> None:
    # 33 000 / 165 is 200 kr an hour: 10 h at 53.3 % are 1 066 kr and 2 h at 80 % are 320 kr
    hours = np.full(40_000, 12.0)
    assert set(f.FARDTIDSERSATTNING(hours, 33000, 0, "2024-03-04")) == {1386}


def test_amounts_missing_on_many_days_are_told_of_day_by_day() -> None:
    days = [f"2031-01-{number:02}" for number in range(1, 32)]
    answer = f.NORMALBELOPP(["Sverige", "Frankrike"] * 31, [day for day in days for _ in range(2)])
    assert all(cell.code == "#N/A" and day in cell.message for day, cell in zip(days, answer[::2], strict=True))
    assert all("Frankrike" in cell.message for cell in answer[1::2])


@pytest.mark.parametrize("formula", ["TIMLON({{1}})", "TIMLON(" + "{" * 5000 + ")", "TIMLON({1;{2}})"])
def test_a_range_within_a_range_is_no_formula(formula: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(formula)


def test_a_number_of_thousands_of_digits_is_a_number() -> None:
    answer = evaluate("TIMLON(" + "9" * 5000 + ")")
    assert (answer.code, "oändligt" in answer.message) == ("#NUM!", True)


def test_commas_between_arguments_stand_outside_texts() -> None:
    assert evaluate('TRAKTAMENTE("2024-03-04 06:00","2024-03-06 21:00",,"FLM, FLM, FLM")') == 87  # 10 % of 870
