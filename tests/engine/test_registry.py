"""Ruleset: rules, inputs and levels by name, and the union of parts."""

from __future__ import annotations

from typing import Any

import pytest

from core.engine import Input, Rule, RuleError, Ruleset


def _part(name: str, level: str = "market", requires: str | None = None) -> Ruleset:
    part = Ruleset()
    part.add(Rule(name, level, lambda: 1, (), name.title(), "kr", requires=requires))
    return part


def test_a_rule_takes_its_name_and_what_it_reads_from_the_function() -> None:
    rules = Ruleset()

    @rules.rule("market", "kr", "Skatt", refs=["S 1"])
    def tax(takings: Any, tax_share: Any) -> Any:
        return takings * tax_share

    (made,) = rules.rules["tax"]
    assert (made.name, made.level, made.unit, made.title, made.refs) == (
        "tax",
        "market",
        "kr",
        "Skatt",
        ("S 1",),
    )
    assert made.parameters == ("takings", "tax_share")
    assert tax(2, 3) == 6, "the function stays callable as it is"


@pytest.mark.parametrize("how", [{"over": "day"}, {"within": "week"}])
def test_groups_are_no_column_that_a_rule_reads(how: dict[str, str]) -> None:
    rules = Ruleset()

    @rules.rule("market", "kr", "Skatt", **how)  # type: ignore[arg-type]
    def tax(groups: Any, takings: Any) -> Any:
        return groups.sum(takings)

    assert rules.rules["tax"][0].parameters == ("takings",)


def test_a_total_reads_only_the_column_that_it_sums() -> None:
    rules = Ruleset()
    rules.total("all_tax", "market", "day", "tax", "kr", "All skatt", ["S 2"])
    (made,) = rules.rules["all_tax"]
    assert made.function.__doc__ == "The sum of tax over the rows of day."
    assert (made.parameters, made.over, made.refs, made.level) == (("tax",), "day", ("S 2",), "market")


def test_a_rule_written_twice_is_an_error_that_names_it() -> None:
    rules = _part("tax")
    with pytest.raises(RuleError, match="tax is written twice"):
        rules.add(Rule("tax", "market", lambda: 2, (), "Skatt", "kr"))


def test_a_variant_that_requires_a_level_is_not_the_same_rule_twice() -> None:
    rules = Ruleset.union([_part("cups"), _part("cups", requires="sale"), _part("cups", requires="barrel")])
    assert rules.variant("cups", frozenset()).requires is None  # type: ignore[union-attr]
    assert rules.variant("cups", frozenset({"market", "sale"})).requires == "sale"  # type: ignore[union-attr]
    assert rules.variant("cups", frozenset({"barrel"})).requires == "barrel"  # type: ignore[union-attr]
    with pytest.raises(RuleError, match="cups is written twice"):
        rules.add(_part("cups", requires="sale").rules["cups"][0])


def test_a_rule_with_only_a_variant_is_none_without_its_level() -> None:
    rules = _part("cups", requires="sale")
    assert rules.variant("cups", frozenset({"market"})) is None
    assert rules.variant("unknown", frozenset({"market"})) is None


def test_the_union_holds_every_part_and_leaves_the_parts_alone() -> None:
    one, other = _part("tax"), _part("fee")
    one.level("market", dated_by="opening")
    other.level("day", parent="market")
    other.input("tip", "market", "kr", "Dricks")
    whole = Ruleset.union([one, other])
    assert set(whole.rules) == {"tax", "fee"}
    assert set(whole.levels) == {"market", "day"}
    assert set(whole.inputs) == {"tip"}
    assert set(one.rules) == {"tax"}
    assert whole.levels["day"].parent == "market"


def test_a_rule_of_two_parts_is_an_error() -> None:
    with pytest.raises(RuleError, match="tax is written twice"):
        Ruleset.union([_part("tax"), _part("tax")])


def test_a_level_of_two_parts_is_an_error() -> None:
    parts = [Ruleset(), Ruleset()]
    for part in parts:
        part.level("market")
    with pytest.raises(RuleError, match="level market is declared twice"):
        Ruleset.union(parts)


def test_an_input_may_be_declared_alike_by_two_parts_but_not_differently() -> None:
    parts = [Ruleset(), Ruleset(), Ruleset()]
    for part, default in zip(parts, (0, 0, 1), strict=True):
        part.input("tip", "market", "kr", "Dricks", default=default)
    assert Ruleset.union(parts[:2]).inputs["tip"] == Input("tip", "market", "kr", "Dricks", 0)
    with pytest.raises(RuleError, match="input tip is declared twice, differently"):
        Ruleset.union(parts)


def test_home_title_and_unit_of_rules_inputs_and_strangers() -> None:
    rules = _part("tax", "day")
    rules.input("tip", "market", "öre", "Dricks")
    rules.input("discount", None, "andel", "Rabatt", default=0)
    assert [rules.home(name) for name in ("tax", "tip", "discount", "stranger")] == [
        "day",
        "market",
        None,
        None,
    ]
    assert [rules.title(name) for name in ("tax", "tip", "stranger")] == ["Tax", "Dricks", "stranger"]
    assert [rules.unit(name) for name in ("tax", "tip", "stranger")] == ["kr", "öre", ""]


def test_an_input_titles_a_column_before_the_rule_that_could_make_it() -> None:
    rules = _part("tax")
    rules.input("tax", "market", "öre", "Egen skatt")
    assert (rules.title("tax"), rules.unit("tax")) == ("Egen skatt", "öre")
