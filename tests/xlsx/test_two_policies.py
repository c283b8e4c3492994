"""The same sheet under two policies gives the two documents' different answers, in one table.

A flight of 1 000 km within Europe that costs 3 000 kr, a night away in Belgium, and a day trip by train.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.presentation import written
from udfs.functions import FARDMEDELSRANG, GODKANNARE
from xlsx.recalculate import recalculate

SHEET = """\
Rese-ID;Avresa;Hemkomst;Land;Avstånd till förrättningen;Färdmedel;Km;Biljettkostnad
flyg;2024-05-02 12:00;2024-05-03 19:00;Belgien;1000;flyg;1000;3000
tåg;2024-05-06 07:00;2024-05-06 16:00;Sverige;200;tåg;400;500
"""

# question, row, result, Linköping, Stockholm
ON_THE_SHEET = [
    # 1 000 km × 0,14825 kg = 148,25 kg à 1,50 kr = 222,375 kr; half of 3 000 kr
    ("klimatpåslag för flyget", 0, "klimatpaslag", 222.38, 1500),
    ("klimatpåslag för tåget", 1, "klimatpaslag", 0, 0),
    # 12.00 and 19.00 sharp: two whole days of 894 kr, or two half days by the law
    ("traktamente", 0, "traktamente", 1788, 894),
    ("skattefritt traktamente", 0, "skattefritt", 894, 894),
    ("resetillägg för dagsresan", 1, "resetillagg", 50, 0),
]
OF_THE_POLICY: list[tuple[str, Any, Any, Any]] = [
    (
        "godkännare av flyg",
        lambda policy: GODKANNARE("flyg", False, policy),
        "behörig chef",
        "förvaltningschef/bolagschef",
    ),
    ("godkännare av tåg", lambda policy: GODKANNARE("tåg", False, policy), "behörig chef", "behörig chef"),
    ("rang för tåg inrikes", lambda policy: FARDMEDELSRANG("tåg", "inrikes", policy), 2, 2),
    ("rang för hyrbil inrikes", lambda policy: FARDMEDELSRANG("hyrbil", "inrikes", policy), 3, 3),
    ("rang för privat bil inrikes", lambda policy: FARDMEDELSRANG("privat bil", "inrikes", policy), 4, 3),
    ("rang för flyg utrikes", lambda policy: FARDMEDELSRANG("flyg", "utrikes", policy), 5, 4),
    ("rang för mc i kommunen", lambda policy: FARDMEDELSRANG("mc", "kommunen", policy), 0, 3),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path: Path = tmp_path_factory.mktemp("sheet") / "resor.csv"
    path.write_text(SHEET, "utf-8")
    return {policy: recalculate(path, policy=policy) for policy in ("linkoping", "stockholm")}


@pytest.mark.parametrize(
    ("question", "row", "name", "linkoping", "stockholm"), ON_THE_SHEET, ids=[case[0] for case in ON_THE_SHEET]
)
def test_on_the_same_sheet(
    made: dict[str, Any], question: str, row: int, name: str, linkoping: float, stockholm: float
) -> None:
    answers = [written(made[policy].results[name].values[row], "kr") for policy in ("linkoping", "stockholm")]
    assert answers == [linkoping, stockholm], question


@pytest.mark.parametrize(
    ("question", "answer", "linkoping", "stockholm"), OF_THE_POLICY, ids=[case[0] for case in OF_THE_POLICY]
)
def test_of_the_policy(question: str, answer: Any, linkoping: Any, stockholm: Any) -> None:
    assert [answer("linkoping"), answer("stockholm")] == [linkoping, stockholm], question
