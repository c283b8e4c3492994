"""Runs in blocks on several threads give what one run gives, row by row and error by error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engine import CellError, Column, ErrorBook, Ruleset
from core.engine.blocks import run_blocks
from core.engine.levels import Frame

ROWS = 23
TARGETS = ["market_tax", "market_takings", "days_open", "kept_tip", "surplus"]
GIVEN_ERRORS = (CellError("#VALUE!", "Ett."), CellError("#NUM!", "Två."))


def _book() -> ErrorBook:
    book = ErrorBook()
    for error in GIVEN_ERRORS:
        book.number(error)
    return book


def _markets(stand: Any) -> dict[str, Column]:
    """Markets with every trouble: closed too early, no price, no tax, misread and partly given columns."""
    random = np.random.default_rng(20)
    opening = stand.day_of("2000-12-20") + random.integers(0, 1600, ROWS)
    lacks = np.zeros(ROWS, np.int32)
    lacks[[2, 3, 21]] = 1
    lacks[[4, 22]] = 2
    return {
        "opening": Column(opening),
        "closing": Column(opening + random.integers(-1, 6, ROWS)),
        "fruit": Column(random.integers(0, 3, ROWS)),
        "seller": Column(random.integers(0, 3, ROWS)),
        "cups_a_day": Column(random.integers(0, 30, ROWS), lacks),
        "tip": Column(random.integers(0, 30, ROWS), given=random.random(ROWS) < 0.5),
        "stand_rent": Column(random.integers(0, 900, ROWS), given=random.random(ROWS) < 0.5),
        "market_takings": Column(random.integers(0, 900, ROWS), given=random.random(ROWS) < 0.3),
        "town_discount": Column(np.asarray(500)),
    }


def _texts(column: Column, book: Any) -> list[str]:
    errors = np.zeros(len(column.values), int) if column.errors is None else column.errors
    return [str(book[number]) if number else "" for number in errors]


def _compare(
    stand: Any,
    targets: list[str],
    columns: dict[str, Column],
    frames: dict[str, Frame],
    block: int,
    workers: int,
    rules: Ruleset | None = None,
) -> list[str]:
    """Both ways' values (of rows without error) and errors must be the same; gives the errors."""
    whole = stand.run(targets, frames["market"].rows, rules=rules, frames=frames, book=_book(), **columns)
    book = _book()
    blocks = run_blocks(
        rules or stand.rules,
        stand.figures,
        targets,
        columns,
        frames,
        root="market",
        book=book,
        block=block,
        workers=workers,
    )
    found: list[str] = []
    for target in targets:
        one = Column(whole.values(target), whole.column(target).errors)
        errors = _texts(one, whole.book)
        assert _texts(blocks[target], book) == errors, target
        right = np.array([not error for error in errors], bool)
        assert blocks[target].values[right].tolist() == one.values[right].tolist(), target
        found += errors
    return found


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("block", [1, 2, 7, ROWS - 1, ROWS, 1000])
def test_blocks_are_the_whole(stand: Any, block: int, workers: int) -> None:
    errors = _compare(stand, TARGETS, _markets(stand), {"market": Frame(ROWS)}, block, workers)
    kinds = {error.partition(" ")[0] for error in errors}
    assert kinds == {"", "#VALUE!", "#NUM!", "#N/A"}, "the markets are meant to hold every kind of error"
    assert {str(error) for error in GIVEN_ERRORS} <= set(errors)


@pytest.mark.parametrize("block", [1, 3, 1000])
def test_weeks_over_several_blocks_are_not_cut(stand: Any, block: int) -> None:
    columns = _markets(stand)
    days = stand.day_of("2002-05-02") + np.arange(ROWS) % 5
    columns |= {"opening": Column(days), "closing": Column(days + 2), "fruit": Column(np.asarray(0))}
    _compare(stand, ["market_fee", "market_tax"], columns, {"market": Frame(ROWS)}, block, 4)


@pytest.mark.parametrize("block", [1, 2, 5, 1000])
def test_supplied_rows_follow_their_market(stand: Any, block: int) -> None:
    columns = _markets(stand)
    owner = np.repeat(np.arange(ROWS), np.arange(ROWS) % 4)  # 0 to 3 sales a market
    days_open = np.maximum(columns["closing"].values - columns["opening"].values + 1, 1)
    sold = Column(np.arange(len(owner)) % 5, (np.arange(len(owner)) % 11 == 1).astype(np.int32))
    columns |= {"sale_day": Column(np.arange(len(owner)) % days_open[owner]), "sold_cups": sold}
    rules = Ruleset.union([stand.rules])

    @rules.rule("market", "antal", "Sålda muggar", over="sale")
    def all_sold(sales: Any, sold_cups: Any) -> Any:
        return sales.sum(sold_cups)

    @rules.rule("market", "antal", "Sista försäljningens muggar", over="sale")
    def last_sold(sales: Any, sold_cups: Any) -> Any:
        return sales.last(sold_cups)

    frames = {"market": Frame(ROWS), "sale": Frame(len(owner), {"market": owner})}
    targets = ["all_sold", "last_sold", "market_takings", "market_tax"]
    errors = _compare(stand, targets, columns, frames, block, 3, rules)
    assert str(GIVEN_ERRORS[0]) in errors


def test_progress_counts_the_rows_done(stand: Any) -> None:
    done: list[int] = []
    run_blocks(
        stand.rules,
        stand.figures,
        ["days_open"],
        _markets(stand),
        {"market": Frame(ROWS)},
        root="market",
        book=_book(),
        block=10,
        workers=2,
        progress=done.append,
    )
    assert done == [10, 20, 23]


def test_no_rows(stand: Any) -> None:
    none = Column(np.zeros(0, np.int64))
    made = run_blocks(
        stand.rules,
        stand.figures,
        ["market_tax", "market_fee"],
        {"opening": none, "closing": none, "seller": none},
        {"market": Frame(0)},
        root="market",
    )
    assert made["market_tax"].values.tolist() == made["market_fee"].values.tolist() == []


def test_one_value_for_all_rows_comes_out_as_a_column(stand: Any) -> None:
    day = Column(np.asarray(stand.day_of("2002-05-01")))
    made = run_blocks(
        stand.rules,
        stand.figures,
        ["market_tax", "kept_tip"],
        {"opening": day, "closing": day},
        {"market": Frame(5)},
        root="market",
        block=2,
    )
    assert made["market_tax"].values.tolist() == [500] * 5
    assert made["kept_tip"].values.tolist() == [7] * 5


@pytest.mark.parametrize("book", [None, _book()])
def test_the_errors_of_blocks_are_found_in_the_caller_s_book(stand: Any, book: ErrorBook | None) -> None:
    book = ErrorBook() if book is None else book
    known = len(book)
    days = stand.columns(
        opening=["2002-05-02", "1999-05-01", "2002-05-02"], closing=["2002-05-01", "1999-05-01", "2002-05-02"]
    )
    made = run_blocks(
        stand.rules,
        stand.figures,
        ["market_takings"],
        days,
        {"market": Frame(3)},
        root="market",
        book=book,
        block=1,
        workers=3,
    )["market_takings"]
    assert _texts(made, book) == [
        "#NUM! Stängt före öppning.",
        "#N/A Pris (citron) saknas för 1999-05-01.",
        "",
    ]
    assert len(book) == known + 2


def test_one_value_with_errors_of_its_own_on_some_rows(stand: Any) -> None:
    cups = Column(np.asarray(5), np.array([0, 0, 1, 0], np.int32))
    columns = stand.columns(opening=["2002-05-01"] * 4, closing=["2002-05-01"] * 4, cups_a_day=cups)
    _compare(stand, ["market_takings"], columns, {"market": Frame(4)}, 2, 1)
