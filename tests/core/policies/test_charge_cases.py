"""Published and hand-calculated cases of climate charges, emissions and distances: tests/cases/klimat."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.engine import CellError

FOLDER = Path(__file__).parents[2] / "cases" / "klimat"
FILES = sorted(FOLDER.glob("*.yaml"))
CASES = [case for path in FILES for case in yaml.safe_load(path.read_text(encoding="utf-8"))["fall"]]
PUBLISHED = 0.05
"""Kilograms and kilometres are published with one decimal."""


def test_there_are_cases() -> None:
    assert len(FILES) >= 15
    assert len(CASES) >= 60


def test_every_case_can_be_traced() -> None:
    for path in FILES:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(content) == {"kalla", "fall"}, path.name
        assert "https://" in content["kalla"] or "http://" in content["kalla"], path.name
        for case in content["fall"]:
            assert case["rakning"], case["id"]
    ids = [case["id"] for case in CASES]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any], trip: Any, write_policy: Callable[..., Path]) -> None:
    policy = write_policy(**case["egen_policy"]) if "egen_policy" in case else case.get("policy", "lagen")
    target, expected = next(iter(case["vantat"].items()))
    if target == "fel":
        made = trip(policy, **case["indata"])
        assert isinstance(made, CellError) and expected in made.message, made
        return
    made = trip(policy, target, **case["indata"])
    assert not isinstance(made, CellError), made
    if target == "klimatpaslag":
        assert made == Decimal(str(expected))
    else:
        slack = expected * case["relativ_avvikelse"] if "relativ_avvikelse" in case else PUBLISHED
        assert float(made) == pytest.approx(expected, abs=slack)
