"""Errors are columns too: they travel with the rows that read them, and only with those."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engine import CellError, Column, ErrorBook, Figures, Ruleset, flag, run
from core.engine.columns import first_error, mark, narrow, wide
from core.engine.levels import Frame

EARLY, LATE = CellError("#VALUE!", "Tidigt."), CellError("#NUM!", "Sent.")


def _book(*errors: CellError) -> ErrorBook:
    book = ErrorBook()
    for error in errors:
        book.number(error)
    return book


def _wrong(values: list[int], errors: list[int]) -> Column:
    return Column(np.array(values), np.array(errors, np.int32))


def test_a_book_numbers_each_error_once() -> None:
    book = _book(EARLY, LATE)
    assert (book.number(CellError("#NUM!", "Sent.")), book.number(EARLY), len(book)) == (2, 1, 2)
    assert (book[1], book[2]) == (EARLY, LATE)
    assert str(EARLY) == "#VALUE! Tidigt."


def test_a_copy_of_a_book_is_its_own() -> None:
    book = _book(EARLY)
    copied = book.copy()
    assert copied.number(EARLY) == 1
    assert copied.number(LATE) == 2
    assert len(book) == 1
    assert book.number(CellError("#N/A", "Annat.")) == 2
    assert copied[2] == LATE


def test_first_error_and_mark() -> None:
    left, right = np.array([0, 1, 0, 1], np.int32), np.array([0, 0, 2, 2], np.int32)
    assert first_error(left, right).tolist() == [0, 1, 2, 1]  # type: ignore[union-attr]
    assert first_error(None, right) is right
    assert first_error(left, None) is left
    assert first_error(None, None) is None
    assert mark(left, 4, [True, True, False, False], 3).tolist() == [3, 1, 0, 1]  # type: ignore[union-attr]
    assert left.tolist() == [0, 1, 0, 1], "the column that was read is left as it is"
    assert mark(None, 2, True, 3).tolist() == [3, 3]  # type: ignore[union-attr]
    assert mark(None, 2, [False, False], 3) is None


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([-(2**15), 2**15 - 1], np.int16),
        ([0, 2**15], np.int32),
        ([-(2**31), 2**31 - 1], np.int32),
        ([0, 2**31], np.int64),
        ([], np.int64),
    ],
)
def test_a_column_is_kept_in_as_few_bytes_as_hold_it(values: list[int], kind: type) -> None:
    kept = narrow(Column(np.array(values, np.int64)))
    assert kept.values.dtype == kind
    assert kept.values.tolist() == values
    assert wide(kept.values).dtype == np.int64


def test_other_than_whole_numbers_are_kept_as_they_are() -> None:
    for values in (np.array([1.5]), np.array([True]), np.int64(5), "Bärtorget"):
        assert narrow(Column(values)).values is values
        assert wide(values) is values


def test_rules_reckon_with_narrow_columns_in_full() -> None:
    rules = Ruleset()
    rules.level("market")
    rules.input("crates", "market", "antal", "Lådor")

    @rules.rule("market", "antal", "Kvadraten")
    def square(crates: Any) -> Any:
        return crates * crates

    crates = narrow(Column(np.array([30_000, 2])))
    assert crates.values.dtype == np.int16
    result = run(rules, Figures(), ["square"], {"crates": crates}, {"market": Frame(2)})
    assert result.values("square").tolist() == [900_000_000, 4]


def test_a_rule_flags_its_own_rows_and_computes_the_others(stand: Any) -> None:
    result = stand.run(
        ["market_takings"], 2, opening=["2002-05-02", "2002-05-01"], closing=["2002-05-01", "2002-05-01"]
    )
    assert stand.errors(result, "market_takings") == ["#NUM! Stängt före öppning.", ""]
    assert result.values("market_takings")[1] == 5000


def test_the_first_parameter_s_error_wins_and_a_rule_s_own_comes_last(stand: Any) -> None:
    rules = Ruleset()
    rules.level("market")
    for name in ("left", "right"):
        rules.input(name, "market", "antal", name)

    @rules.rule("market", "antal", "Summa")
    def both(left: Any, right: Any) -> Any:
        return flag(left + right, (left >= 0, "#NUM!", "Eget."), (left == 9, "#VALUE!", "Andra eget."))

    result = stand.run(
        ["both"],
        5,
        rules=rules,
        figures=Figures(),
        book=_book(EARLY, LATE),
        left=_wrong([0, 0, 0, 9, -1], [2, 2, 0, 0, 0]),
        right=_wrong([0, 0, 0, 0, 0], [0, 1, 1, 0, 0]),
    )
    assert stand.errors(result, "both") == [str(LATE), str(LATE), str(EARLY), "#NUM! Eget.", ""]


def test_a_tolerated_column_s_errors_do_not_travel(stand: Any) -> None:
    market = {"opening": ["2002-05-01"] * 2, "closing": ["2002-05-01"] * 2}
    result = stand.run(["surplus"], 2, book=_book(EARLY), stand_rent=_wrong([100, 0], [1, 0]), **market)
    assert stand.errors(result, "surplus") == ["", ""]
    assert result.values("surplus").tolist() == [5000 - 500 - 100, 5000 - 500]
    market["closing"] = _wrong([stand.day_of("2002-05-01")] * 2, [0, 1])
    other = stand.run(["surplus"], 2, book=_book(EARLY), stand_rent=[0, 0], **market)
    assert stand.errors(other, "surplus") == ["", str(EARLY)]


def test_errors_matter_only_where_they_are_relevant(stand: Any) -> None:
    rules = Ruleset()
    rules.level("market")
    rules.input("use", "market", "ja/nej", "Används")
    rules.input("amount", "market", "kr", "Belopp")

    @rules.rule("market", "kr", "Belopp som används")
    def used(use: Any, amount: Any) -> Any:
        return flag(np.where(use, amount, 0), (amount == 7, "#NUM!", "Sju."), relevant=use)

    result = stand.run(
        ["used"],
        4,
        rules=rules,
        figures=Figures(),
        book=_book(EARLY),
        use=[True, False, True, False],
        amount=_wrong([1, 1, 7, 7], [1, 1, 0, 0]),
    )
    assert stand.errors(result, "used") == [str(EARLY), "", "#NUM! Sju.", "#NUM! Sju."]


def test_one_error_of_a_market_is_the_error_of_all_its_days(stand: Any) -> None:
    book = _book(EARLY)
    result = stand.run(
        ["cups", "market_takings"],
        2,
        book=book,
        opening=["2002-05-01"] * 2,
        closing=["2002-05-02"] * 2,
        cups_a_day=_wrong([1, 2], [0, 1]),
    )
    assert stand.errors(result, "cups") == ["", "", str(EARLY), str(EARLY)]
    assert stand.errors(result, "market_takings") == ["", str(EARLY)]


def test_a_sum_carries_the_error_of_its_first_row_in_error(stand: Any) -> None:
    # 30 and 31 December 2004 have a tax, 1 and 2 January 2005 lack one
    result = stand.run(
        ["market_tax", "tax"], 2, opening=["2004-12-30", "2004-12-30"], closing=["2004-12-31", "2005-01-02"]
    )
    assert stand.errors(result, "tax") == [
        *[""] * 4,
        "#N/A Saftskatt saknas för 2005-01-01. Fråga torget.",
        "#N/A Saftskatt saknas för 2005-01-02. Fråga torget.",
    ]
    assert stand.errors(result, "market_tax") == ["", "#N/A Saftskatt saknas för 2005-01-01. Fråga torget."]
    assert result.values("market_tax")[0] == 1503 + 1653  # 25 % of 6010 and 6611: 1502.5 and 1652.75


def test_a_missing_figure_names_key_and_date_of_each_row(stand: Any) -> None:
    result = stand.run(
        ["market_takings"],
        3,
        opening=["2002-05-01", "2000-12-31", "2002-05-01"],
        closing=["2002-05-01", "2000-12-31", "2002-05-01"],
        fruit=[2, 0, 1],
    )
    assert stand.errors(result, "market_takings") == [
        "#N/A Pris (druva) saknas för 2002-05-01.",
        "#N/A Pris (citron) saknas för 2000-12-31.",
        "",
    ]


def test_a_date_in_error_is_not_reported_as_a_missing_figure(stand: Any) -> None:
    result = stand.run(["market_tax"], book=_book(EARLY), opening=_wrong([0], [1]), closing=["2002-05-01"])
    assert stand.errors(result, "market_tax") == [str(EARLY)]
    assert len(result.book) == 1


def test_a_key_in_error_is_not_reported_as_a_missing_figure(stand: Any) -> None:
    result = stand.run(
        ["takings"], book=_book(EARLY), opening=["2002-05-01"], closing=["2002-05-01"], fruit=_wrong([2], [1])
    )
    assert stand.errors(result, "takings") == [str(EARLY)]
    assert len(result.book) == 1


def test_an_error_in_a_week_reaches_every_day_of_the_week_and_no_other(stand: Any) -> None:
    # seller 1: Thursday in error, Friday of the same week, Monday after; seller 2: Friday
    result = stand.run(
        ["market_fee"],
        4,
        book=_book(EARLY),
        opening=["2002-05-02", "2002-05-03", "2002-05-06", "2002-05-03"],
        closing=["2002-05-02", "2002-05-03", "2002-05-06", "2002-05-03"],
        cups_a_day=_wrong([0, 1, 1, 1], [1, 0, 0, 0]),
        seller=[1, 1, 1, 2],
    )
    assert stand.errors(result, "market_fee") == [str(EARLY), str(EARLY), "", ""]


def test_own_values_replace_errors_and_bring_their_own(stand: Any) -> None:
    days = Column(np.array([1, 1, 1]), np.array([0, 1, 0], np.int32), np.array([True, True, False]))
    result = stand.run(
        ["days_open"],
        3,
        book=_book(EARLY),
        days_open=days,
        opening=["2002-05-02"] * 3,
        closing=["2002-05-01"] * 3,
    )
    assert stand.errors(result, "days_open") == ["", str(EARLY), "#NUM! Stängt före öppning."]


def test_a_missing_input_does_not_hide_an_earlier_error_of_the_row(stand: Any) -> None:
    opening = Column(np.array([0, 0]), np.array([1, 0], np.int32), np.array([False, False]))
    result = stand.run(["opening"], 2, book=_book(EARLY), opening=opening)
    assert stand.errors(result, "opening") == [str(EARLY), "#VALUE! Öppning saknas."]


def test_equal_errors_of_several_rules_share_a_number(stand: Any) -> None:
    result = stand.run(
        ["market_takings"], 3, opening=["2002-05-02"] * 3, closing=["2002-05-01", "2002-05-01", "2002-05-02"]
    )
    assert len(result.book) == 1
    assert result.column("market_takings").errors.tolist() == [1, 1, 0]


def test_a_running_sum_over_a_row_in_error_is_an_error(stand: Any) -> None:
    result = stand.run(
        ["week_so_far"],
        2,
        book=_book(EARLY),
        opening=["2002-05-02", "2002-05-03"],
        closing=["2002-05-02", "2002-05-03"],
        cups_a_day=_wrong([0, 1], [1, 0]),
        seller=[1, 1],
    )
    assert stand.errors(result, "week_so_far") == [str(EARLY), str(EARLY)]


def test_a_sum_over_the_rows_that_an_error_did_not_open_is_an_error(stand: Any) -> None:
    result = stand.run(["market_takings"], book=_book(EARLY), opening=["2002-05-01"], days_open=_wrong([0], [1]))
    assert stand.errors(result, "market_takings") == [str(EARLY)]
