"""Every control by a row that trips it and one that just does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from core.kontroll.rules import CONTROLS
from udfs.controls import checked_table

HERE = Path(__file__).parent
SPOTLESS: dict[str, Any] = yaml.safe_load((HERE / "grund.yaml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = [
    case
    for path in sorted(HERE.glob("*.yaml"))
    if path.name != "grund.yaml"
    for case in yaml.safe_load(path.read_text(encoding="utf-8"))
]


def findings(trips: list[dict[str, Any]], policy: str) -> dict[str, tuple[str, int]]:
    """What the last of the trips trips: rule id and number of entries by control."""
    rows = [SPOTLESS | trip for trip in trips]
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    made = checked_table([headings, *([row.get(heading, "") for heading in headings] for row in rows)], policy)
    assert made.unread == [], "a case is written in words that are read"
    last = made.checked.which[made.checked.rows == len(rows) - 1]
    controls = [made.checked.controls[which] for which in last.tolist()]
    return {one.name: (one.rule_id(policy), [c.name for c in controls].count(one.name)) for one in controls}


def _trips(stated: Any) -> list[dict[str, Any]]:
    return stated if isinstance(stated, list) else [stated]


@pytest.mark.parametrize("policy", ["lagen", "linkoping", "stockholm"])
def test_the_spotless_trip_trips_nothing(policy: str) -> None:
    assert findings([{}], policy) == {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kontroll']}-{case['regel']}")
def test_the_row_trips_the_control(case: dict[str, Any]) -> None:
    found = findings(_trips(case["utloser"]), case.get("policy", "linkoping"))
    assert found.get(case["kontroll"]) == (case["regel"], 1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kontroll']}-{case['regel']}")
def test_the_row_beside_it_does_not(case: dict[str, Any]) -> None:
    assert case["kontroll"] not in findings(_trips(case["utloser_inte"]), case.get("policy", "linkoping"))


def test_every_control_has_both_rows() -> None:
    assert {case["kontroll"] for case in CASES} == set(CONTROLS)
    assert all(case["utloser"] and case["utloser_inte"] for case in CASES)
