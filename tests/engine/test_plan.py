"""The plan: order from names, only what is asked for, and what cannot be planned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.engine import Column, Figures, MissingInput, Rule, RuleError, Ruleset
from core.engine.levels import Frame


def _chain(**reads: tuple[str, ...]) -> Ruleset:
    """A ruleset of one level in which each name reads the names stated; `start` is given."""
    rules = Ruleset()
    rules.level("market")
    rules.input("start", "market", "antal", "Början")
    for name, parameters in reads.items():
        rules.add(Rule(name, "market", lambda *columns: sum(columns) + 1, parameters, name, "antal"))
    return rules


def test_steps_come_in_the_order_of_what_they_read_however_they_are_written(stand: Any) -> None:
    rules = _chain(last=("middle", "start"), middle=("first",), first=("start",))
    result = stand.run(["last"], rules=rules, figures=Figures(), start=[5])
    assert [step.name for step in result.plan.steps] == ["start", "first", "middle", "last"]
    assert result.values("last").tolist() == [7 + 5 + 1]  # first 6, middle 7


def test_only_what_is_asked_for_is_made(stand: Any) -> None:
    result = stand.run(["days_open"], opening=["2003-06-13"], closing=["2003-06-15"])
    assert {name for name, _ in result.columns} == {"opening", "closing", "days_open"}
    assert set(result.frames) == {"market"}, "no days are opened for a column that needs none"


def test_several_targets_are_one_plan(stand: Any) -> None:
    rules = _chain(one=("start",), other=("start",))
    result = stand.run(["one", "other", "start"], rules=rules, figures=Figures(), start=[5])
    assert [result.values(name).tolist() for name in ("one", "other", "start")] == [[6], [6], [5]]
    assert [step.name for step in result.plan.steps].count("start") == 1


@pytest.mark.parametrize(
    ("reads", "circle"),
    [
        ({"egg": ("hen",), "hen": ("egg",)}, {"egg", "hen"}),
        ({"hen": ("hen",)}, {"hen"}),
        ({"farm": ("egg",), "egg": ("hen",), "hen": ("chick",), "chick": ("egg",)}, {"egg", "hen", "chick"}),
    ],
)
def test_a_cycle_is_an_error_that_names_every_rule_in_it(stand: Any, reads: Any, circle: set[str]) -> None:
    with pytest.raises(RuleError, match="rules need each other") as caught:
        stand.run([next(iter(reads))], rules=_chain(**reads), figures=Figures(), start=[1])
    named = str(caught.value).partition(": ")[2].split(" → ")
    assert set(named) == circle
    assert named[0] == named[-1]


def test_a_given_column_breaks_a_cycle(stand: Any) -> None:
    rules = _chain(egg=("hen",), hen=("egg",))
    rules.input("hen", "market", "antal", "Höna")
    assert stand.run(["egg"], rules=rules, figures=Figures(), hen=[4]).values("egg").tolist() == [5]


def test_a_name_that_nothing_makes_is_an_error(stand: Any) -> None:
    rules = _chain(tax=("takigns",))
    with pytest.raises(RuleError, match="nothing makes the column takigns"):
        stand.run(["tax"], rules=rules, figures=Figures(), start=[1])
    with pytest.raises(RuleError, match="nothing makes the column taxx"):
        stand.run(["taxx"])


def test_a_rule_cannot_read_a_lower_level_without_a_named_sum(stand: Any) -> None:
    rules = Ruleset.union([stand.rules])

    @rules.rule("market", "kr", "Fel")
    def wrong(tax: Any) -> Any:
        return tax

    with pytest.raises(RuleError, match="tax: level market cannot read a column of level day; use a named sum"):
        stand.run(["wrong"], rules=rules, opening=["2003-06-13"], closing=["2003-06-15"])


def test_a_missing_input_names_itself_its_title_and_what_was_asked_for(stand: Any) -> None:
    with pytest.raises(MissingInput, match="Stängning saknas") as caught:
        stand.run(["seller", "market_tax"], opening=["2003-06-13"], seller=[1])
    assert (caught.value.name, caught.value.title, caught.value.target) == (
        "closing",
        "Stängning",
        "market_tax",
    )


def test_an_input_asked_for_by_itself_must_be_given(stand: Any) -> None:
    with pytest.raises(MissingInput) as caught:
        stand.run(["seller"])
    assert (caught.value.name, caught.value.target) == ("seller", "seller")


def test_rows_that_only_a_caller_can_supply_are_missing_by_the_level_s_name(stand: Any) -> None:
    rules = Ruleset.union([stand.rules])
    rules.total("all_sold", "market", "sale", "sold_cups", "antal", "Sålt")
    with pytest.raises(MissingInput) as caught:
        stand.run(["all_sold"], rules=rules, sold_cups=[1, 2])
    assert caught.value.name == "sale"


def test_the_variant_follows_the_rows_supplied(stand: Any) -> None:
    market = {"opening": ["2003-06-13"], "closing": ["2003-06-15"]}
    sales = {"sale": Frame(2, {"market": np.array([0, 0])})}
    assert stand.run(["cups"], **market).values("cups").tolist() == [10, 11, 12]
    sold = stand.run(["cups"], frames=sales, sale_day=[2, 0], sold_cups=[4, 3], **market)
    assert sold.values("cups").tolist() == [3, 0, 4]


def test_an_input_s_default_holds_for_every_row(stand: Any) -> None:
    market = {"opening": ["2003-06-13", "2003-06-13"], "closing": ["2003-06-13", "2003-06-14"]}
    assert stand.run(["cups"], 2, **market).values("cups").tolist() == [10, 10, 11]
    assert stand.run(["cups"], 2, cups_a_day=[1, 5], **market).values("cups").tolist() == [1, 5, 6]


def test_a_default_stands_before_a_figure_of_the_same_name(stand: Any) -> None:
    rules = Ruleset.union([stand.rules])
    rules.input("free_week", "day", "kr", "Fri intäkt", default=np.int64(1))
    result = stand.run(
        ["free_week", "market_fee"], rules=rules, opening=["2003-06-13"], closing=["2003-06-13"], seller=[1]
    )
    assert result.values("market_fee").tolist() == [4999]  # takings 10 x 500 öre, 1 öre free


def test_only_with_and_otherwise(stand: Any) -> None:
    without = stand.run(["kept_tip"], 2, opening=["2002-01-01", "1999-01-01"])
    assert without.values("kept_tip").tolist() == [7, 7]
    assert without.column("kept_tip").errors is None, "what is not computed looks up no figure"
    assert [step.kind for step in without.plan.steps] == ["constant"]
    told = stand.run(["kept_tip"], 2, opening=["2002-01-01", "2004-01-01"], tip=[1000, 1000])
    assert told.values("kept_tip").tolist() == [900, 750]  # 10 % and 25 % of ten kronor


def test_only_with_is_overridden_by_the_column_itself(stand: Any) -> None:
    assert stand.run(["kept_tip"], kept_tip=[3]).values("kept_tip").tolist() == [3]
    partly = Column(np.array([3, 0]), given=np.array([True, False]))
    result = stand.run(["kept_tip"], 2, kept_tip=partly, opening=["2002-01-01"] * 2)
    assert result.values("kept_tip")[0] == 3
