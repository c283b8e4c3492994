"""The explanation of a value: every step behind it, in order, with the sources of figures."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import CellError, Column, ErrorBook, Figures, Ruleset
from core.engine.clock import as_date
from core.engine.levels import Frame
from core.engine.trace import Explained, explain

WEEKEND = {"opening": ["2002-05-01", "2003-06-13"], "closing": ["2002-05-01", "2003-06-15"]}


def _show(value: Any, unit: str) -> tuple[Any, str]:
    return (as_date(value).isoformat(), "") if unit == "dag" else (int(value), unit)


def _lines(result: Any, target: str, row: int = 0) -> list[tuple[str, Any]]:
    return [(line.title, line.value) for line in explain(result, target, row, _show)]


def test_every_step_behind_a_tax(stand: Any) -> None:
    """The second market; the first one's rows are not in it. Figures are worked by hand in test_run.py."""
    result = stand.run(["market_tax"], 2, cups_a_day=[99, 10], **WEEKEND)
    assert sorted(_lines(result, "market_tax", 1)) == sorted(
        [
            ("Öppning", "2003-06-13"),
            ("Stängning", "2003-06-15"),
            ("Dagar öppet", 3),
            ("Muggar per dag", 10),
            ("2003-06-13: Datum", "2003-06-13"),
            ("2003-06-14: Datum", "2003-06-14"),
            ("2003-06-15: Datum", "2003-06-15"),
            ("2003-06-13: Muggar", 10),
            ("2003-06-14: Muggar", 11),
            ("2003-06-15: Muggar", 12),
            ("2003-06-13: Pris (citron)", 5),
            ("2003-06-14 – 2003-06-15: Pris (citron)", 6.01),
            ("2003-06-13: Intäkt", 5000),
            ("2003-06-14: Intäkt", 6611),
            ("2003-06-15: Intäkt", 7212),
            ("2003-06-13 – 2003-06-14: Saftskatt", 10),
            ("2003-06-15: Saftskatt", 25),
            ("2003-06-13: Skatt", 500),
            ("2003-06-14: Skatt", 661),
            ("2003-06-15: Skatt", 1803),
            ("Marknadens skatt", 2964),
        ]
    )


def test_what_is_read_comes_before_what_reads_it(stand: Any) -> None:
    result = stand.run(["market_tax"], 2, **WEEKEND)
    titles = [title.rpartition(": ")[2] for title, _ in _lines(result, "market_tax", 1)]
    place = {title: number for number, title in enumerate(titles)}  # of its last line
    first = {title: titles.index(title) for title in titles}
    for before, after in [
        ("Öppning", "Dagar öppet"),
        ("Dagar öppet", "Datum"),
        ("Datum", "Pris (citron)"),
        ("Pris (citron)", "Intäkt"),
        ("Muggar", "Intäkt"),
        ("Intäkt", "Skatt"),
        ("Saftskatt", "Skatt"),
        ("Skatt", "Marknadens skatt"),
    ]:
        assert place[before] < first[after], (before, after)
    assert titles[-1] == "Marknadens skatt"


def test_a_figure_line_has_source_first_day_status_and_rules(stand: Any) -> None:
    result = stand.run(["market_tax"], 2, **WEEKEND)
    (line,) = [line for line in explain(result, "market_tax", 0, _show) if "Saftskatt" in line.title]
    assert line == Explained(
        "2002-05-01: Saftskatt", 10, "procent", ("S 2",), "Källa 2001-01-01", "2001-01-01", "bekräftad"
    )


def test_rules_name_their_ids_and_inputs_have_none(stand: Any) -> None:
    result = stand.run(["market_tax"], 2, **WEEKEND)
    refs = {line.title: line.refs for line in explain(result, "market_tax", 0, _show)}
    assert refs["Marknadens skatt"] == ("S 2", "S 3")
    assert refs["Dagar öppet"] == ("S 1",)
    assert refs["Öppning"] == ()


def test_equal_days_are_one_line_with_their_first_and_last_day(stand: Any) -> None:
    result = stand.run(["tax"], opening=["2002-05-01"], closing=["2002-05-04"], cups=[3, 3, 4, 3])
    lines = [(title, value) for title, value in _lines(result, "tax", 0) if "Muggar" in title]
    assert lines == [("Muggar", 3)], "a column of days is explained for its own day only"
    whole = stand.run(["market_takings"], opening=["2002-05-01"], closing=["2002-05-04"], cups=[3, 3, 4, 3])
    assert [line for line in _lines(whole, "market_takings") if "Muggar" in line[0]] == [
        ("2002-05-01 – 2002-05-02: Muggar", 3),
        ("2002-05-03: Muggar", 4),
        ("2002-05-04: Muggar", 3),
    ]


def test_a_figure_hidden_in_between_does_not_widen_the_days_around_it(stand: Any) -> None:
    """Lime is free of charge (0 kr, not shown) between two periods of the same price."""
    figures = stand.figures.with_entries(
        {
            "price": (
                [
                    stand.entry(f"2002-05-0{day}", value, "lime", source="Torget")
                    for day, value in ((1, 700), (2, 0), (3, 700))
                ],
                [],
            )
        }
    )
    result = stand.run(["market_takings"], figures=figures, opening=["2002-05-01"], closing=["2002-05-04"], fruit=[1])
    assert [line for line in _lines(result, "market_takings") if "Pris" in line[0]] == [
        ("2002-05-01: Pris (lime)", 7),
        ("2002-05-03 – 2002-05-04: Pris (lime)", 7),
    ]


def test_machinery_and_what_was_not_given_is_left_out(stand: Any) -> None:
    result = stand.run(
        ["market_tax"],
        frames={"sale": Frame(1, {"market": np.array([0])})},
        sale_day=[0],
        sold_cups=[2],
        opening=["2002-05-01"],
        closing=["2002-05-01"],
        town_discount=0,
    )
    titles = {title for title, _ in _lines(result, "market_tax")}
    assert {"Sålda muggar", "Försäljningsdag", "2002-05-01: Muggar"} <= titles
    assert not titles & {"Dagens första rad", "Muggar per dag", "Frukt", "Stadens rabatt", "day", "cup"}


def test_a_constant_in_place_of_a_rule_is_not_explained(stand: Any) -> None:
    rules = Ruleset.union([stand.rules])

    @rules.rule("market", "kr", "Allt")
    def everything(days_open: Any, kept_tip: Any) -> Any:
        return days_open + kept_tip

    market = {"opening": ["2002-05-01"], "closing": ["2002-05-01"]}
    without = stand.run(["everything"], rules=rules, **market)
    assert _lines(without, "everything")[-2:] == [("Dagar öppet", 1), ("Allt", 8)]
    told = stand.run(["everything"], rules=rules, tip=[1000], **market)
    assert ("Dricks efter skatt", 900) in _lines(told, "everything")


def test_an_error_is_shown_where_it_arose_and_where_it_was_read(stand: Any) -> None:
    result = stand.run(["market_tax"], opening=["2004-12-31"], closing=["2005-01-01"])
    missing = "Saftskatt saknas för 2005-01-01. Fråga torget."
    lines = explain(result, "market_tax", 0, _show)
    shown = [(line.title, line.value, line.unit) for line in lines]
    assert (f"2005-01-01: {missing}", "#N/A", "") in shown
    assert ("2005-01-01: Skatt", f"#N/A {missing}", "") in shown
    assert ("Marknadens skatt", f"#N/A {missing}", "") in shown
    assert ("2004-12-31: Skatt", 1503, "kr") in shown  # 25 % of 6010


def test_a_figure_that_was_not_looked_up_is_not_called_missing(stand: Any) -> None:
    book = ErrorBook()
    wrong = Column(np.array([0]), np.array([book.number(CellError("#VALUE!", "Ingen dag."))], np.int32))
    result = stand.run(["kept_tip"], book=book, opening=wrong, tip=[100])
    assert sorted(_lines(result, "kept_tip")) == [
        ("Dricks", 100),
        ("Dricks efter skatt", "#VALUE! Ingen dag."),
        ("Öppning", "#VALUE! Ingen dag."),
    ]


def test_an_own_value_stands_in_place_of_the_figure(stand: Any) -> None:
    price = Column(np.array([99, 0, 300]), given=np.array([True, False, True]))
    result = stand.run(["market_takings"], opening=["2002-05-01"], closing=["2002-05-03"], price=price)
    assert [line for line in _lines(result, "market_takings") if "ris" in line[0]] == [
        ("2002-05-01: Eget pris", 99),
        ("2002-05-02: Pris (citron)", 5),
        ("2002-05-03: Eget pris", 300),
    ]
    grape = stand.run(
        ["takings"],
        opening=["2002-05-01"],
        closing=["2002-05-01"],
        fruit=[2],
        price=Column(np.array([99]), given=np.array([True])),
    )
    assert ("Eget pris", 99) in _lines(grape, "takings")


def test_rows_of_a_gathered_level_and_of_what_it_gathers(stand: Any) -> None:
    # Saturday to Monday: the week that ends with Sunday and the one after are both behind the fee
    result = stand.run(
        ["market_fee"],
        2,
        opening=["2002-05-04"] * 2,
        closing=["2002-05-06"] * 2,
        cups_a_day=[20, 1],
        seller=[1, 2],
    )
    lines = _lines(result, "market_fee", 0)
    assert [value for title, value in lines if title == "Veckans intäkt"] == [20_500, 11_000]
    assert [line for line in lines if "Avgift" in line[0]] == [
        ("2002-05-04: Avgift", 0),
        ("2002-05-05: Avgift", 10_500),
        ("2002-05-06: Avgift", 1000),
    ]


def test_a_day_reads_its_market_and_its_week(stand: Any) -> None:
    result = stand.run(
        ["fee"], 2, opening=["2002-05-01", "2002-05-02"], closing=["2002-05-01", "2002-05-02"], seller=[1, 2]
    )
    lines = dict(_lines(result, "fee", 1))
    assert (lines["Öppning"], lines["Säljare"], lines["Veckans intäkt"]) == ("2002-05-02", 2, 5000)


def test_an_empty_set_of_figures_explains_plain_rules(stand: Any) -> None:
    result = stand.run(["days_open"], figures=Figures(), opening=["2002-05-01"], closing=["2002-05-02"])
    assert _lines(result, "days_open") == [
        ("Öppning", "2002-05-01"),
        ("Stängning", "2002-05-02"),
        ("Dagar öppet", 2),
    ]
