"""A toy law for the engine: the tax of lemonade stands. Nothing in it is Swedish law or this year's amounts.

A market is a visit of some days. It opens into days; days gather into a seller's weeks; sales are rows that a
caller may supply for a market; a sale opens into cups, and each cup also belongs to a day (a link).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from core.engine import Column, Entry, ErrorBook, Figure, Figures, Result, Ruleset, flag, run
from core.engine.clock import calendar_week, day_number
from core.engine.levels import Frame
from core.engine.units import share_of

RULES = Ruleset()
given, rule, total = RULES.input, RULES.rule, RULES.total

FRUITS = ("lemon", "lime", "grape")


def _days_open(days_open: Any) -> Any:
    return days_open


def _seller_week(seller: Any, date: Any) -> Any:
    return seller * 10_000 + calendar_week(date)


def _cups_of_sale(sold_cups: Any) -> Any:
    return sold_cups


def _day_of_cup(first_row: Any, sale_day: Any) -> Any:
    return first_row + sale_day


RULES.level("market", dated_by="opening", keyed_by={"fruit": "fruit"})
RULES.level("day", parent="market", opens=_days_open, dated_by="date", keyed_by={"fruit": "fruit"})
RULES.level("week", child="day", gathers=_seller_week)
RULES.level("sale", parent="market")
RULES.level("cup", parent="sale", opens=_cups_of_sale, links={"day": _day_of_cup})

given("opening", "market", "dag", "Öppning")
given("closing", "market", "dag", "Stängning")
given("seller", "market", "antal", "Säljare")
given("fruit", "market", "frukt", "Frukt", default=np.int64(0))
given("cups_a_day", "market", "antal", "Muggar per dag", default=np.int64(10))
given("stand_rent", "market", "kr", "Hyra")
given("price", "day", "kr", "Eget pris")
given("tip", "market", "kr", "Dricks", default=np.int64(0))
given("town_discount", None, "andel", "Stadens rabatt", default=np.int64(0))
given("sale_day", "sale", "antal", "Försäljningsdag")
given("sold_cups", "sale", "antal", "Sålda muggar")


@rule("market", "antal", "Dagar öppet", refs=("S 1",))
def days_open(opening: Any, closing: Any) -> Any:
    """Both days counted; one day where the market closes before it opens, which is an error."""
    wrong = closing < opening
    return flag(np.where(wrong, 1, closing - opening + 1), (wrong, "#NUM!", "Stängt före öppning."))


@rule("day", "dag", "Datum")
def date(opening: Any, day_nr: Any) -> Any:
    """Day number."""
    return opening + day_nr


@rule("day", "antal", "Muggar")
def cups(cups_a_day: Any, day_nr: Any) -> Any:
    """One cup more each day."""
    return cups_a_day + day_nr


@rule("day", "antal", "Muggar", requires="sale", over="cup")
def cups(groups: Any, cup_nr: Any) -> Any:  # noqa: F811 - the variant for runs with sales
    """As many as were sold."""
    return groups.sum(np.ones_like(cup_nr))


@rule("day", "kr", "Intäkt")
def takings(cups: Any, price: Any) -> Any:
    """Öre of the day."""
    return cups * price


@rule("day", "kr", "Skatt", refs=("S 2",))
def tax(takings: Any, tax_share: Any, town_discount: Any) -> Any:
    """The share of takings, less the town's discount on the share, rounded once."""
    return share_of(takings, tax_share - town_discount)


total("market_takings", "market", "day", "takings", "kr", "Marknadens intäkt")
total("market_tax", "market", "day", "tax", "kr", "Marknadens skatt", ("S 2", "S 3"))


@rule("week", "kr", "Veckans intäkt", over="day")
def week_takings(days: Any, takings: Any) -> Any:
    """Öre of a seller's calendar week."""
    return days.sum(takings)


@rule("day", "kr", "Tidigare under veckan", within="week")
def week_so_far(days: Any, takings: Any, date: Any) -> Any:
    """Öre of the seller's earlier days of the week."""
    return days.running(takings, date)


@rule("day", "kr", "Avgift", refs=("S 4",))
def fee(takings: Any, week_so_far: Any, week_takings: Any, free_week: Any) -> Any:
    """What lies above the week's free takings; none in a week of exactly the free takings."""
    over = np.maximum(week_so_far + takings - free_week, 0)
    return np.minimum(over, takings) * (week_takings > free_week)


total("market_fee", "market", "day", "fee", "kr", "Marknadens avgift")


@rule("market", "kr", "Dricks efter skatt", only_with=("tip",), otherwise=np.int64(7))
def kept_tip(tip: Any, tax_share: Any) -> Any:
    """What is left of the tip; 7 öre where no column of tips is given."""
    return tip - share_of(tip, tax_share)


@rule("market", "kr", "Överskott", tolerates=("stand_rent",))
def surplus(market_takings: Any, market_tax: Any, stand_rent: Any) -> Any:
    """A rent in error counts as it stands."""
    return market_takings - market_tax - stand_rent


@rule("market", "", "Dagens första rad", over="day")
def first_row(days: Any, day_nr: Any) -> Any:
    """Row of the market's first day."""
    return np.flatnonzero(day_nr == 0)


def day_of(text: str) -> int:
    return day_number(dt.date.fromisoformat(text))


def entry(start: str, value: int | float | None, key: str | None = None, **more: str) -> Entry:
    return Entry(day_of(start), key, value, more.get("source", "Källa " + start), status="bekräftad")


FIGURES = Figures(
    [
        Figure(
            "tax_share",
            "Saftskatt",
            "procent",
            (entry("2001-01-01", 1000), entry("2003-06-15", 2500)),  # 10 %, then 25 %
            ("S 2",),
            known_until=day_of("2004-12-31"),
            help="Fråga torget.",
        ),
        Figure(
            "price",
            "Pris",
            "kr",
            (
                entry("2001-01-01", 500, "lemon"),
                entry("2001-01-01", 700, "lime"),
                entry("2003-06-14", 601, "lemon"),
                entry("2004-01-01", 0, "lime"),
            ),
            ("S 5",),
            key_kind="fruit",
            keys=FRUITS,
            titles={"lemon": "citron", "grape": "druva"},
        ),
        Figure("free_week", "Fri intäkt per vecka", "kr", (entry("2001-01-01", 10_000),), ("S 4",)),
    ]
)


class Stand:
    """What a test needs of the toy law."""

    rules, figures = RULES, FIGURES
    day_of, entry = staticmethod(day_of), staticmethod(entry)

    @staticmethod
    def columns(**columns: Any) -> dict[str, Column]:
        """Columns of plain values, lists or dates as text."""
        made = {}
        for name, values in columns.items():
            if isinstance(values, Column):
                made[name] = values
                continue
            listed = values if isinstance(values, list) else [values]
            numbers = [day_of(value) if isinstance(value, str) else value for value in listed]
            made[name] = Column(np.array(numbers) if isinstance(values, list) else np.asarray(numbers[0]))
        return made

    def run(
        self,
        targets: Sequence[str],
        rows: int = 1,
        *,
        rules: Ruleset | None = None,
        figures: Figures | None = None,
        frames: Mapping[str, Frame] | None = None,
        book: ErrorBook | None = None,
        **columns: Any,
    ) -> Result:
        """Run the toy law on `rows` markets."""
        every = {"market": Frame(rows), **(frames or {})}
        return run(
            rules or RULES,
            FIGURES if figures is None else figures,
            targets,
            self.columns(**columns),
            every,
            book,
        )

    @staticmethod
    def errors(result: Result, name: str) -> list[str]:
        """Each row's error as text, empty where there is none."""
        rows = len(result.values(name))
        return [str(result.error(name, row) or "") for row in range(rows)]


@pytest.fixture(scope="session")
def stand() -> Stand:
    return Stand()
