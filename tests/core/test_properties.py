"""What holds for every trip, whatever its figures: sums, splits, columns, blocks, persons, limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.engine import CellError, Column, ErrorBook
from core.engine.levels import Frame
from core.engine.run import Result
from core.law import Law, law
from core.maltider.table import MealTable
from core.vocabulary import COUNTRIES, parse_meals
from udfs import functions as f

steady = settings(derandomize=True, deadline=None, max_examples=40, database=None)
"""The same examples every time, so that a failure is a change in the code."""

FIRST = dt.datetime(2023, 1, 1)  # 2023 and 2024 have whole tables of country amounts
MINUTES = (dt.datetime(2024, 12, 1) - FIRST) // dt.timedelta(minutes=1)
MEALS = [parse_meals(text) for text in ("-", "*F", "*Fh", "*L", "*FM", "*LM", "*FhLM", "*FLM", "*LtMr", "*FaLiM")]
LANDS = [COUNTRIES.code(name) for name in ("Sverige", "Norge", "Danmark", "Frankrike", "Nederländerna", "Peru")]

clock = st.integers(0, MINUTES)
length = st.integers(1, 20 * 1440)
policies = st.sampled_from(["lagen", "linkoping", "stockholm"])


def minute(number: int) -> int:
    """Minutes since 1970 of a minute of the period."""
    return number + (FIRST - dt.datetime(1970, 1, 1)) // dt.timedelta(minutes=1)


def text(number: int) -> str:
    return f"{FIRST + dt.timedelta(minutes=number):%Y-%m-%d %H:%M}"


trips = st.lists(
    st.tuples(
        clock,
        length,
        st.sampled_from(LANDS),
        st.integers(0, len(MEALS)),
        st.sampled_from([0, 100, 400, 800]),  # days at the place before departure; 0 is no long stay
    ),
    min_size=1,
    max_size=12,
)


def columns_of(drawn: Sequence[tuple[int, int, int, int, int]]) -> dict[str, Column]:
    departure, minutes, land, meals, before = np.array(drawn, np.int64).T
    departure = minute(departure)
    return {
        "avresa": Column(departure),
        "hemkomst": Column(departure + minutes),
        "land": Column(land),
        "maltidskod": Column(meals),
        "maltidstabell": Column(MealTable(MEALS)),
        "langtid_fran": Column(np.where(before > 0, departure // 1440 - before, 0)),
    }


def run(which: Law, targets: Sequence[str], columns: dict[str, Column]) -> Result:
    return which.run(targets, columns, {"resa": Frame(len(columns["avresa"].values))})


DAYS = (
    "dygnstraktamente",
    "skattefritt_dygn",
    "skattepliktigt_dygn",
    "maltidsavdrag",
    "dygnsbelopp",
    "dygnets_kostforman",
)
TRIPS = ("traktamente", "skattefritt", "skattepliktigt", "summa_maltidsavdrag", "kostforman", "resetillagg")


@steady
@given(trips, policies)
def test_paid_is_taxfree_and_taxable_and_nothing_is_negative(drawn: Any, policy: str) -> None:
    columns = columns_of(drawn)
    result = run(law(policy), (*DAYS, *TRIPS), columns)
    paid, free, taxed, reduction, amount, _ = (result.values(name) for name in DAYS)
    assert all((result.values(name) >= 0).all() for name in (*DAYS, *TRIPS))
    assert (paid == free + taxed).all()
    assert (reduction <= amount).all() and (paid == amount - reduction).all()
    assert (result.values("traktamente") == result.values("skattefritt") + result.values("skattepliktigt")).all()
    by_law = run(law("lagen"), ("dygnstraktamente",), columns).values("dygnstraktamente")
    assert (free <= by_law).all()


@steady
@given(trips)
def test_by_law_alone_nothing_is_taxable(drawn: Any) -> None:
    assert not run(law("lagen"), ("skattepliktigt",), columns_of(drawn)).values("skattepliktigt").any()


@steady
@given(clock, st.lists(st.integers(1, 5 * 1440), min_size=2, max_size=6), policies)
def test_a_later_return_never_pays_less(departure: int, lengths: list[int], policy: str) -> None:
    home = [text(departure + minutes) for minutes in sorted(lengths)]
    paid = f.TRAKTAMENTE(text(departure), home, policy=policy)
    assert paid == sorted(paid)


@steady
@given(
    clock,
    st.integers(2, 3 * 1440),
    st.floats(0, 1, exclude_min=True, exclude_max=True),
    st.sampled_from([(None, None), ("07:00", "16:00"), ("14:00", "23:00"), ("22:00", "06:00"), ("21:30", "07:15")]),
    st.booleans(),
)
def test_splitting_a_journey_changes_no_hours(
    departure: int, minutes: int, share: float, shift: tuple[Any, Any], berth: bool
) -> None:
    change = departure + 1 + int(share * (minutes - 1))
    for end in (departure, change, departure + minutes):
        assume(not is_skipped(FIRST + dt.timedelta(minutes=end)))
    hours = f.FARDTID(
        [text(departure), text(departure), text(change)],
        [text(departure + minutes), text(change), text(departure + minutes)],
        *shift,
        berth,
    )
    whole, first, second = (round(60 * part) for part in hours)
    assert whole == first + second and min(first, second) >= 0


def is_skipped(moment: dt.datetime) -> bool:
    """The hour 02–03 of the last Sunday in March, which no clock shows."""
    return moment.month == 3 and moment.day >= 25 and moment.weekday() == 6 and moment.hour == 2


@steady
@given(st.integers(0, MINUTES - 10 * 1440), st.integers(60, 4 * 1440), st.integers(1, 600), policies)
def test_splitting_a_leg_within_a_country_changes_no_sum(start: int, stay: int, ride: int, policy: str) -> None:
    out = [text(start), text(start + 120), "Tyskland", "flyg"]
    there, back = start + 120 + stay, start + 120 + stay + ride
    home = [text(back + stay), text(back + stay + 120), "Sverige", "flyg"]
    middle = there + ride // 2
    whole = [out, [text(there), text(back), "Tyskland", "tåg"], home]
    parts = [
        out,
        [text(there), text(middle), "Tyskland", "tåg"],
        [text(middle), text(back), "Tyskland", "tåg"],
        home,
    ]
    without = [out, home]
    paid = [f.UTRIKESTRAKTAMENTE(legs, policy=policy) for legs in (whole, parts, without)]
    assert not isinstance(paid[0], CellError)
    assert paid[0] == paid[1] == paid[2]


@steady
@given(st.lists(st.tuples(clock, st.integers(-60, 5 * 1440), st.sampled_from([*LANDS, -1])), min_size=2, max_size=6))
def test_scalar_is_column(drawn: Any) -> None:
    departures, homes = (
        [text(start) for start, _, _ in drawn],
        [text(start + minutes) for start, minutes, _ in drawn],
    )
    lands = [COUNTRIES.name(code) if code >= 0 else "Ingenstans" for _, _, code in drawn]
    column = f.TRAKTAMENTE(departures, homes, lands)
    assert column == [f.TRAKTAMENTE(*row) for row in zip(departures, homes, lands, strict=True)]
    table = f.TRAKTAMENTE([[cell] for cell in departures], [[cell] for cell in homes], [[cell] for cell in lands])
    assert table == [[cell] for cell in column]
    assert f.RESETILLAGG(departures, homes) == [f.RESETILLAGG(*row) for row in zip(departures, homes, strict=True)]


@steady
@given(
    st.lists(st.tuples(st.integers(0, 14 * 1440), st.integers(10, 1200)), min_size=1, max_size=8),
    st.integers(15_000, 90_000),
)
def test_two_persons_are_paid_twice(journeys: Any, salary: int) -> None:
    alone = fardtid_pay(journeys, [1] * len(journeys), salary)
    both = fardtid_pay([*journeys, *journeys], [1] * len(journeys) + [2] * len(journeys), salary)
    assert both == [*alone, *alone]
    assert min(alone) >= 0


def fardtid_pay(journeys: Any, persons: list[int], salary: int) -> list[int]:
    start, minutes = np.array(journeys, np.int64).T
    rows = len(journeys)
    columns = {
        "avgang": Column(minute(start)),
        "ankomst": Column(minute(start) + minutes),
        "person": Column(np.array(persons)),
        "manadslon": Column(np.int64(100 * salary)),
    }
    frames = {"resa": Frame(rows), "stracka": Frame(rows, {"resa": np.arange(rows)})}
    return list(law("linkoping").run(["fardtidsersattning"], columns, frames).values("fardtidsersattning").tolist())


@steady
@given(
    st.floats(0, 5000),
    st.sampled_from(["egen", "förmånsbil", "förmånsbil diesel", "förmånsbil el", "moped"]),
    clock,
)
def test_car_pay_is_taxfree_and_taxable(km: float, car: str, day: int) -> None:
    free, taxed, paid = (round(100 * part) for part in f.BILERSATTNINGDELAR(km, text(day)[:10], car)[0])
    assert paid == free + taxed and min(free, taxed) >= 0


def test_blocks_are_the_whole_and_workers_do_not_matter() -> None:
    rows = 70_000  # several blocks
    random = np.random.default_rng(20240304)
    departure = minute(random.integers(0, MINUTES, rows))
    columns = {
        "avresa": Column(departure),
        "hemkomst": Column(departure + random.integers(-30, 4 * 1440, rows)),
        "land": Column(random.choice([*LANDS, COUNTRIES.code("Curaçao")], rows)),
        "maltidskod": Column(random.integers(0, len(MEALS), rows)),
        "maltidstabell": Column(MealTable(MEALS)),
    }
    targets, frames = ["traktamente", "skattefritt", "kostforman"], {"resa": Frame(rows)}
    which = law("linkoping")
    whole = which.run(targets, columns, frames)
    books = ErrorBook(), ErrorBook()
    one, two = (
        which.run_blocks(targets, columns, frames, book=book, workers=n) for book, n in zip(books, (1, 2), strict=True)
    )
    for target in targets:
        expected = messages(whole.column(target).errors, whole.book, rows)
        assert len({message for message in expected if message}) > (1 if target != "kostforman" else 0)
        for blocks, book in ((one, books[0]), (two, books[1])):
            assert messages(blocks[target].errors, book, rows) == expected
            sound = np.array([message is None for message in expected])
            assert (blocks[target].values[sound] == whole.values(target)[sound]).all()


def messages(errors: Any, book: ErrorBook, rows: int) -> list[CellError | None]:
    return [None] * rows if errors is None else [book[number] if number else None for number in errors.tolist()]
