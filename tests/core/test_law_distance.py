"""The usual place of business reaches 50 km (IL 12:7): nothing is paid on it, and exactly 50 km is on it."""

from __future__ import annotations

import numpy as np
import pytest

from core.engine import Column
from core.engine.levels import Frame
from core.law import law
from core.vocabulary import moments


def trips(metres: list[int]) -> dict[str, Column]:
    rows = len(metres)
    return {
        "avresa": Column(np.repeat(moments(["2026-03-10 07:00"]).values, rows)),
        "hemkomst": Column(np.repeat(moments(["2026-03-11 20:00"]).values, rows)),
        "avstand": Column(np.array(metres)),
    }


@pytest.mark.parametrize(
    ("target", "policy", "outside"),
    [
        ("traktamente", "lagen", 600_00),
        ("skattefritt", "lagen", 600_00),
        ("resetillagg", "linkoping", 100_00),
    ],
)
def test_exactly_50_km_is_inside(target: str, policy: str, outside: int) -> None:
    # Two whole days of 300 kr; resetillägg 50 kr for each of two days.
    result = law(policy).run([target], trips([49_999, 50_000, 50_001]), {"resa": Frame(3)})
    assert result.values(target).tolist() == [0, 0, outside]


def test_no_stated_distance_is_outside() -> None:
    columns = trips([0])
    del columns["avstand"]
    assert law("lagen").run(["traktamente"], columns, {"resa": Frame(1)}).values("traktamente").tolist() == [600_00]


def test_a_blank_distance_among_stated_ones_is_outside() -> None:
    columns = trips([10_000, 0])
    columns["avstand"] = Column(columns["avstand"].values, given=np.array([True, False]))
    assert law("lagen").run(["traktamente"], columns, {"resa": Frame(2)}).values("traktamente").tolist() == [
        0,
        600_00,
    ]
