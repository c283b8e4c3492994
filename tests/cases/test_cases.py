"""Published cases: every formula of the tables beside this file gives the figure that its source or law says.

A table is `<area>/<name>.yaml` with `omrade` and `fall`. A case is `id`, `formel` (one formula, or several
that are added), `vantat` (a value, a list for a column, or an error code), `rakning` (the same by hand)
and `kalla`. `kolumn` picks a column of an answer with headings and `rad` a row of it. `jamfor` says
what another program answers, and why it differs. `policy`, `rakning` and `kalla` may stand once for a table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.engine import CellError
from udfs.formula import evaluate

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHARED = ("policy", "rakning", "kalla")
KEYS = {"id", "formel", "vantat", "rakning", "kalla", "policy", "kolumn", "rad", "jamfor"}


def read_cases() -> list[dict[str, Any]]:
    """Every case of every table that has formulas; tables of another form belong to the tests beside them."""
    cases = []
    for path in sorted(HERE.glob("*/*.yaml")):
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        if "omrade" in table:
            common = {key: table[key] for key in SHARED if key in table}
            cases += [{**common, **case, "id": f"{path.parent.name}/{case['id']}"} for case in table["fall"]]
    return cases


CASES = read_cases()


@pytest.fixture(scope="session")
def no_own_figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder in place of the one where a user's imported figures lie."""
    return tmp_path_factory.mktemp("data")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch, no_own_figures: Path) -> None:
    monkeypatch.setenv("FARDKOST_DATA", str(no_own_figures))
    if "policy" in case:
        policy = str(case["policy"])
        monkeypatch.setenv("FARDKOST_POLICY", str(ROOT / policy) if "/" in policy else policy)
    formulas = case["formel"] if isinstance(case["formel"], list) else [case["formel"]]
    answers = [pick(evaluate(formula), case) for formula in formulas]
    answer = add(answers) if len(answers) > 1 else answers[0]
    expected = case["vantat"]
    if isinstance(expected, str) and expected.startswith("#"):
        assert isinstance(answer, CellError) and answer.code == expected, answer
    elif isinstance(expected, list):
        assert [as_expected(cell) for cell in flat(answer)] == [as_expected(cell) for cell in expected]
    else:
        assert as_expected(answer) == as_expected(expected)


def pick(answer: Any, case: dict[str, Any]) -> Any:
    """The answer, or the column and row of it that the case names."""
    if "kolumn" not in case:
        return answer
    assert not isinstance(answer, CellError), answer
    column = answer[0].index(case["kolumn"])
    cells = [row[column] for row in answer[1:]]
    return cells[case["rad"] - 1] if "rad" in case else cells


def add(answers: list[Any]) -> Any:
    assert not any(isinstance(answer, CellError) for answer in answers), answers
    return sum(answers)


def flat(answer: Any) -> list[Any]:
    """A column, a row or a spilled range as one list."""
    assert isinstance(answer, list), answer
    return [cell for row in answer for cell in (row if isinstance(row, list) else [row])]


def as_expected(cell: Any) -> Any:
    """Numbers to the ninth digit: far finer than an öre, but not the processor's last bit."""
    return float(f"{cell:.9g}") if isinstance(cell, int | float) and not isinstance(cell, bool) else cell


def test_every_case_is_complete_and_named_once() -> None:
    assert len(CASES) > 100
    for case in CASES:
        assert set(case) <= KEYS and {"formel", "vantat", "rakning", "kalla"} <= set(case), case["id"]
        assert set(case.get("jamfor", {"svar": 0, "varfor": ""})) == {"svar", "varfor"}, case["id"]
    ids = [case["id"] for case in CASES]
    assert sorted(ids) == sorted(set(ids))
