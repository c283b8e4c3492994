"""Runs of the toy law: levels that open, gather and link, spreading, sums and a caller's own values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engine import Column, Figures, Ruleset
from core.engine.levels import Frame

# Friday 13 to Sunday 15 June 2003, one calendar week. Lemon costs 5.00, from the 14th 6.01; the tax is 10 %,
# from the 15th 25 %. 10, 11 and 12 cups.
WEEKEND = {"opening": ["2003-06-13"], "closing": ["2003-06-15"], "seller": [1]}
WEEKEND_TAKINGS = [5000, 11 * 601, 12 * 601]
WEEKEND_TAX = [500, 661, 1803]  # 661.1 and 1803.0 öre


def test_each_day_has_its_own_price_and_share(stand: Any) -> None:
    result = stand.run(["takings", "tax", "market_tax", "market_takings"], **WEEKEND)
    assert result.values("takings").tolist() == WEEKEND_TAKINGS
    assert result.values("tax").tolist() == WEEKEND_TAX
    assert result.values("market_tax").tolist() == [2964]
    assert result.values("market_takings").tolist() == [18_823]


def test_markets_of_different_lengths_do_not_mix(stand: Any) -> None:
    result = stand.run(
        ["market_takings", "cups"],
        3,
        opening=["2002-05-01", "2003-06-13", "2002-05-01"],
        closing=["2002-05-02", "2003-06-15", "2002-05-01"],
        cups_a_day=[1, 10, 100],
        fruit=[0, 0, 1],
    )
    assert result.values("cups").tolist() == [1, 2, 10, 11, 12, 100]
    assert result.values("market_takings").tolist() == [3 * 500, 18_823, 100 * 700]
    assert result.owner("day", "market").tolist() == [0, 0, 1, 1, 1, 2]


def test_an_opened_level_knows_each_row_s_place(stand: Any) -> None:
    rules = Ruleset.union([stand.rules])

    @rules.rule("day", "", "Plats")
    def place(seller: Any, day_nr: Any, day_forst: Any, day_sist: Any) -> Any:
        return 1000 * seller + 100 * day_forst + 10 * day_sist + day_nr

    # markets of 3, 1, 0, 2 and 0 days
    result = stand.run(["place"], 5, rules=rules, seller=[1, 2, 3, 4, 5], days_open=[3, 1, 0, 2, 0])
    assert result.values("place").tolist() == [1100, 1001, 1012, 2110, 4100, 4011]
    whole = stand.run(["place"], 2, rules=rules, seller=[1, 2], days_open=[1, 2])
    assert whole.values("place").tolist() == [1110, 2100, 2011]


def test_days_gather_into_the_weeks_of_each_seller(stand: Any) -> None:
    # Thursday 2 to Monday 6 May 2002 and Sunday 5 May 2002; 1, 2, 3, 4 | 5 and 7 cups at 5 kr
    market = {
        "opening": ["2002-05-02", "2002-05-05", "2002-05-05"],
        "closing": ["2002-05-06", "2002-05-05", "2002-05-05"],
        "cups_a_day": [1, 7, 9],
        "seller": [1, 1, 2],
    }
    result = stand.run(["week_takings", "week_so_far"], 3, **market)
    assert sorted(result.values("week_takings").tolist()) == [5 * 500, 9 * 500, (1 + 2 + 3 + 4 + 7) * 500]
    # the two Sundays of seller 1 stand in the order of the sheet
    assert result.values("week_so_far").tolist() == [0, 500, 1500, 3000, 0, 5000, 0]


def test_what_a_week_has_before_follows_the_calendar_not_the_sheet(stand: Any) -> None:
    # The same weekend as three markets, the last day first; the week's takings above 100 kr bear the fee.
    result = stand.run(
        ["market_fee"],
        3,
        opening=["2003-06-15", "2003-06-13", "2003-06-14"],
        closing=["2003-06-15", "2003-06-13", "2003-06-14"],
        cups_a_day=[12, 10, 11],
        seller=[1, 1, 1],
    )
    # before each: 11 611, 0 and 5000 öre
    assert result.values("market_fee").tolist() == [7212, 0, 1611]
    whole = stand.run(["market_fee"], **WEEKEND)
    assert whole.values("market_fee").tolist() == [8823]


def test_a_week_of_exactly_the_limit_bears_nothing(stand: Any) -> None:
    market = {"opening": ["2002-05-02"], "closing": ["2002-05-02"], "seller": [1]}
    assert stand.run(["market_fee"], cups_a_day=[20], **market).values("market_fee").tolist() == [0]
    assert stand.run(["market_fee"], cups_a_day=[21], **market).values("market_fee").tolist() == [500]


def test_a_link_carries_rows_to_another_parent(stand: Any) -> None:
    # Two markets of two days. Sales: market 0 day 1 (2 cups), market 1 day 0 (3), market 1 day 0 (1).
    result = stand.run(
        ["cups", "market_takings"],
        2,
        opening=["2002-05-01", "2002-05-01"],
        closing=["2002-05-02", "2002-05-02"],
        frames={"sale": Frame(3, {"market": np.array([0, 1, 1])})},
        sale_day=[1, 0, 0],
        sold_cups=[2, 3, 1],
    )
    assert result.owner("cup", "day").tolist() == [1, 1, 2, 2, 2, 2]
    assert result.owner("cup", "market").tolist() == [0, 0, 1, 1, 1, 1]
    assert result.values("cups").tolist() == [0, 2, 4, 0]
    assert result.values("market_takings").tolist() == [1000, 2000]


def test_rows_without_children_sum_to_nothing(stand: Any) -> None:
    result = stand.run(
        ["cups"],
        opening=["2002-05-01"],
        closing=["2002-05-01"],
        frames={"sale": Frame(0, {"market": np.zeros(0, np.int64)})},
        sale_day=[],
        sold_cups=Column(np.zeros(0, np.int64)),
    )
    assert result.values("cups").tolist() == [0]


def test_a_column_reaches_down_over_several_levels(stand: Any) -> None:
    rules = Ruleset.union([stand.rules])

    @rules.rule("cup", "", "Muggens nummer")
    def cup_of_seller(seller: Any, sold_cups: Any, cup_nr: Any) -> Any:
        return 100 * seller + 10 * sold_cups + cup_nr

    result = stand.run(
        ["cup_of_seller"],
        2,
        rules=rules,
        seller=[7, 8],
        frames={"sale": Frame(2, {"market": np.array([0, 1])})},
        sold_cups=[2, 1],
    )
    assert result.values("cup_of_seller").tolist() == [720, 721, 810]


def test_one_value_for_all_rows_and_constants_of_the_run(stand: Any) -> None:
    market = {"opening": "2003-06-13", "closing": "2003-06-15"}
    result = stand.run(["market_tax", "tax"], 2, town_discount=500, **market)
    # 5 %, 5 % and 20 % of 5000, 6611 and 7212: 250, 330.55, 1442.4
    assert result.values("tax").tolist() == [250, 331, 1442] * 2
    assert result.values("market_tax").tolist() == [2023, 2023]
    assert result.values("town_discount") == 500


def test_a_run_of_no_rows(stand: Any) -> None:
    none = Column(np.zeros(0, np.int64))
    result = stand.run(["market_tax", "market_fee"], 0, opening=none, closing=none, seller=none)
    assert result.values("market_tax").tolist() == result.values("market_fee").tolist() == []


# A caller's own values


def test_a_given_column_stands_in_place_of_its_rule(stand: Any) -> None:
    result = stand.run(["market_tax"], 2, market_tax=[1, 2])
    assert result.values("market_tax").tolist() == [1, 2]
    assert [step.kind for step in result.plan.steps] == ["input"]
    days = stand.run(["market_takings"], 2, days_open=[1, 2], opening=["2002-05-01", "2002-05-01"])
    assert days.values("market_takings").tolist() == [5000, 5000 + 5500]


def test_a_column_given_for_some_rows_overrides_its_rule_on_those(stand: Any) -> None:
    market = {"opening": ["2002-05-01"] * 3, "closing": ["2002-05-01"] * 3}
    own = Column(np.array([3, 99, 0]), given=np.array([True, False, True]))
    result = stand.run(["market_takings", "surplus"], 3, market_takings=own, stand_rent=[0, 0, 0], **market)
    assert result.values("market_takings").tolist() == [3, 5000, 0]
    assert result.values("surplus").tolist() == [3 - 500, 5000 - 500, 0 - 500]


def test_an_input_given_for_some_rows_has_its_default_on_the_others(stand: Any) -> None:
    market = {"opening": ["2002-05-01"] * 3, "closing": ["2002-05-01"] * 3}
    cups = Column(np.array([3, 99, 0]), given=np.array([True, False, True]))
    result = stand.run(["market_takings"], 3, cups_a_day=cups, **market)
    assert result.values("market_takings").tolist() == [1500, 5000, 0]
    assert result.column("market_takings").errors is None


def test_an_input_without_a_default_is_an_error_on_the_rows_that_lack_it(stand: Any) -> None:
    opening = Column(stand.columns(x=["2002-05-01", "2002-05-01"])["x"].values, given=np.array([True, False]))
    result = stand.run(["market_takings"], 2, opening=opening, closing=["2002-05-01", "2002-05-01"])
    assert result.values("market_takings")[0] == 5000
    assert stand.errors(result, "market_takings") == ["", "#VALUE! Öppning saknas."]


def test_a_figure_is_overridden_where_the_caller_gives_a_value(stand: Any) -> None:
    # "free_week" with an input of that name: 100 kr where nothing is given
    rules = Ruleset.union([stand.rules])
    rules.input("free_week", "day", "kr", "Fri intäkt")
    price = Column(np.array([100, 0, 0, 900]), given=np.array([True, False, False, True]))
    result = stand.run(["takings"], 2, rules=rules, opening=["2003-06-13"] * 2, closing=["2003-06-14"] * 2, price=price)
    assert result.values("takings").tolist() == [10 * 100, 11 * 601, 10 * 500, 11 * 900]


def test_an_own_value_hides_that_a_figure_is_missing(stand: Any) -> None:
    # grape has no price at all, lemon none in 1999
    price = Column(np.array([100, 0, 300]), given=np.array([True, False, True]))
    days = ["2002-05-01", "2002-05-01", "1999-05-01"]
    result = stand.run(["takings"], 3, opening=days, closing=days, fruit=[2, 2, 0], price=price)
    assert stand.errors(result, "takings") == ["", "#N/A Pris (druva) saknas för 2002-05-01.", ""]
    assert result.values("takings")[[0, 2]].tolist() == [1000, 3000]


@pytest.mark.parametrize("given", [[True, True], [False, False]])
def test_given_for_all_and_given_for_none(stand: Any, given: list[bool]) -> None:
    own = Column(np.array([1, 2]), given=np.array(given))
    result = stand.run(["days_open"], 2, days_open=own, opening=["2002-05-01"] * 2, closing=["2002-05-09"] * 2)
    assert result.values("days_open").tolist() == ([1, 2] if given[0] else [9, 9])


def test_a_run_does_not_change_what_it_was_given(stand: Any) -> None:
    columns = stand.columns(opening=["2003-06-13"], closing=["2003-06-15"], seller=[1])
    before = {name: column.values.copy() for name, column in columns.items()}
    figures = Figures(stand.figures.values())
    first = stand.run(["market_fee"], figures=figures, **columns).values("market_fee").tolist()
    again = stand.run(["market_fee"], figures=figures, **columns).values("market_fee").tolist()
    assert first == again == [8823]
    assert all((columns[name].values == before[name]).all() for name in columns)
