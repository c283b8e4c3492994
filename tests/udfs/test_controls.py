"""RESEKONTROLL's table in and out, and the two documents' answers side by side."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from core.engine import CellError
from core.vocabulary import FARDMEDEL, ZON
from udfs.controls import check_table
from udfs.functions import FARDMEDELSRANG, GODKANNARE, KLIMATPASLAG, RESETILLAGG

HEAD = ["Avresa", "Hemkomst", "Färdmedel", "Skäl", "Kvitton", "Utlägg"]
GOOD = ["2026-03-10 08:00", "2026-03-10 15:00", "tåg", "Möte", "ja", ""]


def found(*rows: list[Any], policy: Any = "linkoping") -> list[list[Any]]:
    """The answer's rows that belong to a row of the table."""
    answer = check_table([HEAD, *rows], policy)
    assert not isinstance(answer, CellError), answer
    assert answer[0] == ["Rad", "Regel", "Grad", "Anmärkning"]
    return [row for row in answer[1:] if row[0]]


def test_rows_are_counted_with_the_header_as_the_first() -> None:
    bad = [dt.datetime(2026, 3, 11, 8), 46092.75, "taxi", "tungt bagage", 0, 85]  # 46092 is 11 March 2026
    assert found(GOOD, bad) == [
        [3, "L-7.10-2", "stopp", "Bagage är inget skäl för taxi. Behörig chef kan besluta om avsteg."],
        [3, "L-7.2-5", "stopp", "Kvitto på utlägg saknas. Behörig chef kan besluta om avsteg."],
        [3, "L-4.4-4", "info", "Taxi på biogas eller el ska väljas i första hand."],
    ]


def test_blank_rows_between_are_passed_over() -> None:
    bad = [*GOOD[:2], "mc", "Möte", "ja", ""]
    assert [row[:2] for row in found(GOOD, [None] * 6, bad)] == [[4, "L-4.4-1"]]


def test_what_cannot_be_read_is_told_on_its_row_and_the_rest_answered() -> None:
    raket = [*GOOD[:2], "raket", "", "ja", ""]
    broken = [CellError("#N/A", "saknas"), *GOOD[1:]]
    rows = found(raket, broken, [*GOOD[:3], "", "ja", ""])
    assert rows[0][:3] == [2, "Läsning", "varning"] and "raket" in rows[0][3]
    assert [2, "L-7.2-3", "varning", "Skälet till resan är inte angivet."] in rows
    assert any(row[0] == 3 and "#N/A" in row[3] for row in rows)
    assert rows[-1] == [4, "L-7.2-3", "varning", "Skälet till resan är inte angivet."]


def test_columns_that_lack_are_told_last() -> None:
    answer = check_table([HEAD, GOOD], "linkoping")
    assert not isinstance(answer, CellError)
    row, rule, grade, text = answer[-1]
    assert (row, rule, grade) == ("", "", "info")
    assert text.startswith("Kontroller som inte gjordes för att kolumner saknas:") and "Syfte (syfte saknas)" in text


@pytest.mark.parametrize(
    "table, words",
    [
        ([["a", "b"], [1, 2]], "Tabellens första rad ska ha rubriker"),
        ([], "Tabellens första rad ska ha rubriker"),
        (5, "Tabellens första rad ska ha rubriker"),
        (None, "Tabellens första rad ska ha rubriker"),
        ([HEAD], "Tabellen har inga rader under rubrikerna."),
        ([HEAD, [None] * 6], "Tabellen har inga rader under rubrikerna."),
    ],
)
def test_a_table_that_is_none_is_one_error(table: Any, words: str) -> None:
    answer = check_table(table, None)
    assert isinstance(answer, CellError)
    assert answer.code == "#VALUE!" and answer.message.startswith(words)


def test_an_unknown_policy_is_one_error() -> None:
    answer = check_table([HEAD, GOOD], "linköpin")
    assert isinstance(answer, CellError) and "Okänd policy" in answer.message


@pytest.mark.parametrize("policy", ["linkoping", "stockholm"])
def test_every_mode_has_a_rank_in_every_zone_and_an_approver_at_home_and_abroad(policy: str) -> None:
    for zone in ZON.words:
        ranks = FARDMEDELSRANG(list(FARDMEDEL.words), [zone] * len(FARDMEDEL), policy)
        assert all(isinstance(rank, int) for rank in ranks), (zone, ranks)
    for abroad in ("ja", "nej"):
        assert all(isinstance(one, str) and one for one in GODKANNARE(list(FARDMEDEL.words), abroad, policy))


BOTH = [  # mode, zone, rank in Linköping, rank in Stockholm, by the order of L-4.1–4.4 and S-2, S-13a–c
    ("digitalt", "inrikes", 1, 1),
    ("tåg", "inrikes", 2, 2),
    ("buss", "inrikes", 2, 2),
    ("poolbil", "inrikes", 3, 3),
    ("privat bil", "inrikes", 4, 3),
    ("flyg", "inrikes", 5, 4),
    ("cykel", "kommunen", 1, 2),
    ("buss", "kommunen", 2, 2),
    ("poolbil", "kommunen", 3, 3),
    ("tåg", "Europa", 2, 2),
    ("buss", "Europa", 2, 2),  # "I andra hand: åk tåg eller buss" (4.3)
    ("flyg", "övriga världen", 5, 4),
    ("mc", "inrikes", 0, 3),  # forbidden by L-4.4-1; Stockholm's source does not name it
]


@pytest.mark.parametrize("mode, zone, linkoping, stockholm", BOTH)
def test_the_two_documents_rank_differently(mode: str, zone: str, linkoping: int, stockholm: int) -> None:
    assert FARDMEDELSRANG(mode, zone, "linkoping") == linkoping
    assert FARDMEDELSRANG(mode, zone, "stockholm") == stockholm


def test_the_two_documents_approve_charge_and_pay_differently() -> None:
    answers = [
        (
            GODKANNARE("flyg", "nej", policy),
            GODKANNARE("tåg", "ja", policy),
            KLIMATPASLAG("tåg", 600, 460, None, "inrikes", "2026-03-10", policy),
            RESETILLAGG("2026-03-10 08:00", "2026-03-10 15:00", None, None, policy),
        )
        for policy in ("linkoping", "stockholm")
    ]
    assert answers == [("behörig chef", "behörig chef", 0, 50), ("förvaltningschef/bolagschef", "behörig chef", 0, 0)]
    # Stockholm charges half of the ticket, Linköping by the kilograms and so something else.
    assert KLIMATPASLAG("flyg", 2000, 460, "ekonomi", "inrikes", "2026-03-10", "stockholm") == 1000
    assert KLIMATPASLAG("flyg", 2000, 460, "ekonomi", "inrikes", "2026-03-10", "linkoping") not in (0, 1000)
