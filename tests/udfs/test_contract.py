"""Every worksheet function has the name, the arguments and the shape of answer that users are promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core.engine import CellError
from udfs import functions as f
from udfs.formula import evaluate, parse
from udfs.registry import FUNCTIONS

# As typed in a cell; optional arguments in brackets.
SIGNATURES = """
TRAKTAMENTE(avresa; hemkomst; [land]; [maltider]; [langtid_fran]; [policy])
TRAKTAMENTEDAGAR(avresa; hemkomst; [land]; [maltider]; [langtid_fran]; [policy])
UTRIKESTRAKTAMENTE(resvag; [maltider]; [policy])
UTRIKESTRAKTAMENTEDAGAR(resvag; [maltider]; [policy])
NORMALBELOPP(land; [datum]; [policy])
NATTRAKTAMENTE(natter; [land]; [datum]; [policy])
MALTIDSAVDRAG(dagsbelopp; maltider; [utrikes]; [policy])
KOSTFORMAN(maltider; [datum]; [policy])
RESETILLAGG(avresa; hemkomst; [inrikes]; [utanfor_orten]; [policy])
FARDTID(avfard; ankomst; [arbetstid_start]; [arbetstid_slut]; [sovplats]; [policy])
TIMLON(manadslon; [policy])
FARDTIDSERSATTNING(timmar; manadslon; [timmar_fore]; [datum]; [policy])
BILERSATTNING(km; [datum]; [bil]; [bilavtal]; [policy])
BILERSATTNINGDELAR(km; [datum]; [bil]; [bilavtal]; [policy])
MERSTRACKA(km; normal_km)
RESTRACKA(km_arbetsplats; km_hem; [hemmet])
BILAVTAL(verksamhetsbil; resor_per_ar; mil_per_ar; akutresor_per_vecka; [poolbil]; [villkor]; [policy])
AVSTAND(fran; till)
UTSLAPP(fardmedel; km; [typ]; [datum]; [policy])
KLIMATPASLAG(fardmedel; kostnad; [km]; [typ]; [zon]; [datum]; [policy])
FARDMEDELSRANG(fardmedel; zon; [policy])
GODKANNARE(fardmedel; [utrikes]; [policy])
PERIODKORT(kortpris; antal; biljettpris; [rabatterat_pris])
FORLANGDRESA(pris_tjanst; pris_vald)
SJALVKOSTNAD(betalt; begart)
RESEKONTROLL(tabell; [policy])
RESEJAMFORELSE(alternativ; [policy])
SATS(namn; [datum]; [policy])
REGEL(id)
FORKLARA(funktion; [argument…])
""".strip().splitlines()

TABLES = {
    "TRAKTAMENTEDAGAR",
    "UTRIKESTRAKTAMENTE",
    "UTRIKESTRAKTAMENTEDAGAR",
    "RESEKONTROLL",
    "RESEJAMFORELSE",
    "FORKLARA",
}
"""These take one trip, one call or a whole table at a time."""

COLUMN_FUNCTIONS = [name for name in (line.partition("(")[0] for line in SIGNATURES) if name not in TABLES]


@pytest.mark.parametrize("signature", SIGNATURES)
def test_signature(signature: str) -> None:
    assert FUNCTIONS[signature.partition("(")[0]].signature == signature


def test_no_function_is_forgotten_here() -> None:
    assert set(FUNCTIONS) == {signature.partition("(")[0] for signature in SIGNATURES}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_user_is_told_about_it_in_words(name: str) -> None:
    function = FUNCTIONS[name]
    assert function.summary.endswith((".", ":")) or "." in function.summary
    assert all(parameter.argument.description for parameter in function.parameters)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_example_can_be_computed(name: str) -> None:
    answer = evaluate(FUNCTIONS[name].example)
    cells = [cell for row in answer for cell in row] if isinstance(answer, list) else [answer]
    assert cells and not any(isinstance(cell, CellError) for cell in cells), cells


def arguments(name: str, give: Callable[[Any], Any]) -> list[Any]:
    """The example's arguments, each column in another form; a policy and a day's meals stay one value."""
    values = parse(FUNCTIONS[name].example)[1]
    as_they_are = ("policy", "maltider")
    return [
        value if parameter.name in as_they_are else give(value)
        for parameter, value in zip(FUNCTIONS[name].parameters, values, strict=False)
    ]


def call(name: str, *values: Any) -> Any:
    return FUNCTIONS[name].call(*values)


@pytest.mark.parametrize("name", COLUMN_FUNCTIONS)
def test_answers_have_the_shape_of_the_arguments(name: str) -> None:
    one = call(name, *arguments(name, lambda value: value))
    if name == "BILERSATTNINGDELAR":
        assert len(one) == 1 and len(one[0]) == 3
        assert call(name, *arguments(name, lambda value: [value] * 3)) == one * 3
        return
    if name == "KOSTFORMAN":  # its meals are the column
        assert call(name, ["FLM"] * 3, "2024-05-02") == [one] * 3
    assert not isinstance(one, list | CellError)
    assert call(name, *arguments(name, lambda value: [value] * 3)) == [one] * 3
    assert call(name, *arguments(name, lambda value: (value, value))) == [one] * 2
    assert call(name, *arguments(name, lambda value: [[value], [value], [value]])) == [[one]] * 3
    assert call(name, *arguments(name, lambda value: [[value, value]])) == [[one, one]]
    assert call(name, *arguments(name, lambda value: [[value]])) == one
    assert call(name, *arguments(name, lambda value: np.array([value] * 3))) == [one] * 3
    assert call(name, *arguments(name, lambda value: np.array([[value]] * 3, dtype=object))) == [[one]] * 3


def test_single_values_go_with_columns() -> None:
    assert f.NORMALBELOPP(["Norge", "Danmark"], "2024-05-02") == [1104, 1274]
    assert f.NORMALBELOPP("Norge", ["2023-05-02", "2024-05-02"]) == [1019, 1104]
    assert f.MERSTRACKA([[48], [20], [10]], 17.5) == [[30.5], [2.5], [0]]
    assert f.BILERSATTNING(100, "2024-05-02", "egen", [["ja"], ["nej"]]) == [[370], [290]]


def test_columns_of_unequal_length_are_an_error() -> None:
    answer = f.MERSTRACKA([1, 2, 3], [1, 2])
    assert answer.code == "#VALUE!" and "2 och 3" in answer.message
    assert f.MERSTRACKA([[1, 2], [3, 4]], 1).code == "#VALUE!"
    assert f.TRAKTAMENTE(["2024-03-04 07:00"] * 2, ["2024-03-06 20:00"] * 3).code == "#VALUE!"


BLANKS = [None, "", "  ", 0, float("nan"), np.nan]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_optional_argument_takes_its_default(blank: Any) -> None:
    trip = "2024-03-04 07:00", "2024-03-06 20:00"
    assert f.TRAKTAMENTE(*trip, blank, blank, blank, blank) == 870  # three whole days of 290
    assert f.TRAKTAMENTE(*trip, [blank, "Norge"], blank, [blank, blank]) == [870, 3 * 1104]
    assert f.TRAKTAMENTE(*trip, None, [blank, "*F"]) == [870, 870 - 3 * 58]
    assert f.BILERSATTNING(100, "2024-05-02", blank, None) == 290
    assert f.FARDTID("2024-03-04 05:30", "2024-03-04 09:00", blank, blank) == 2.5
    assert f.KOSTFORMAN([blank, "L"], "2024-05-02") == [0, 120]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_required_argument_is_an_error(blank: Any) -> None:
    for answer in (
        f.TRAKTAMENTE(blank, "2024-03-06 20:00"),
        f.TRAKTAMENTE("2024-03-04 07:00", blank),
        f.NORMALBELOPP(blank, "2024-05-02"),
        f.AVSTAND(blank, "ARN"),
        f.FARDMEDELSRANG("tåg", blank),
        f.UTSLAPP(blank, 100),
        f.SATS(blank),
    ):
        assert isinstance(answer, CellError) and answer.code in ("#VALUE!", "#N/A"), answer


def test_a_blank_row_leaves_the_others() -> None:
    answer = f.TRAKTAMENTE(["2024-03-04 07:00", None], ["2024-03-06 20:00", None])
    assert answer[0] == 870 and answer[1].code == "#VALUE!" and "saknas" in answer[1].message
    answer = f.NORMALBELOPP([["Norge"], [None], ["Danmark"]], "2024-05-02")
    assert [answer[0], answer[2]] == [[1104], [1274]] and answer[1][0].code == "#VALUE!"
    answer = f.MERSTRACKA([48, None, ""], 17.5)
    assert answer[0] == 30.5 and [error.code for error in answer[1:]] == ["#VALUE!", "#VALUE!"]


# 2024-03-04 07:00 is the serial number 45355 + 7/24: 1970-01-01 is 25569, and it is 19 786 days later.
DEPARTURES = [
    "2024-03-04 07:00",
    "2024-03-04T07:00",
    "2024-03-04 07.00",
    "20240304 07:00",
    45355 + 7 / 24,
    np.float64(45355 + 7 / 24),
    dt.datetime(2024, 3, 4, 7, 0),
    np.datetime64("2024-03-04T07:00"),
    dt.datetime(2024, 3, 4, 7, 0, tzinfo=dt.UTC),
]


@pytest.mark.parametrize("departure", DEPARTURES)
def test_points_in_time_as_hosts_give_them(departure: Any) -> None:
    assert f.TRAKTAMENTE(departure, 45357 + 20 / 24) == 870
    assert f.TRAKTAMENTE([departure] * 2, [45357 + 20 / 24] * 2) == [870, 870]
    assert f.NORMALBELOPP("Norge", departure) == 1104


@pytest.mark.parametrize("day", ["2024-05-02", "20240502", 20240502, 45414, dt.date(2024, 5, 2)])
def test_dates_as_hosts_give_them(day: Any) -> None:
    assert f.NORMALBELOPP("Norge", day) == 1104


@pytest.mark.parametrize("written", [1234.5, "1234,5", "1 234,50", "1 234,5", "1 234,5", "1234.5"])
def test_numbers_as_people_write_them(written: Any) -> None:
    assert f.MERSTRACKA(written, 234.5) == 1000


def test_decimals_finer_than_a_metre_or_an_ore_are_rounded_half_up() -> None:
    assert f.MERSTRACKA([1.0005, 1.0004], 0) == [1.001, 1]
    assert f.SJALVKOSTNAD(["10,005", "10,004"], 500) == [10.01, 10]


@pytest.mark.parametrize("yes", [True, "ja", "JA", "x", 1, "1", "sant", "SANT", np.True_])
@pytest.mark.parametrize("no", [False, "nej", 0, "0", "falskt", np.False_])
def test_yes_and_no_as_people_write_them(yes: Any, no: Any) -> None:
    assert f.RESTRACKA(42, 31, [yes, no]) == [31, 42]


def test_meals_as_a_range() -> None:
    # Three days of 290: lunch and dinner 203; breakfast 58 with lunch 102; hotel breakfast 58.
    ticked = [[None, "x", True], [1, "kost", 0], ["hotell", "", "transport"]]
    assert f.TRAKTAMENTE("2024-03-04 07:00", "2024-03-06 20:00", None, ticked) == 870 - 203 - 160 - 58
    headed = [["Frukost", "Lunch", "Middag"], *ticked]
    assert f.TRAKTAMENTE("2024-03-04 07:00", "2024-03-06 20:00", None, headed) == 870 - 203 - 160 - 58


@pytest.mark.parametrize("policy", ["lagen", "linkoping", "stockholm", None, "", [["lagen"]]])
def test_policies_by_name(policy: Any) -> None:
    assert f.TRAKTAMENTE("2024-03-04 07:00", "2024-03-06 20:00", policy=policy) == 870


def test_the_policy_as_shipped_is_linkoping(monkeypatch: pytest.MonkeyPatch) -> None:
    trip = "2024-03-04 12:00", "2024-03-05 20:00"  # noon sharp is a whole day there
    assert f.TRAKTAMENTE(*trip) == 580
    monkeypatch.setenv("FARDKOST_POLICY", "lagen")
    assert f.TRAKTAMENTE(*trip) == 435
    assert f.TRAKTAMENTE(*trip, policy="linkoping") == 580
