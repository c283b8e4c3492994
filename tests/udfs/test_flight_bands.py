"""A flight whose zone is not known has the factors of long flights from 3 700 km."""

from __future__ import annotations

import pytest

from udfs.functions import UTSLAPP


@pytest.mark.parametrize(
    ("km", "kg"),
    [
        (1200, 1200 * 0.14825),  # within Europe, economy, with altitude
        (3699.999, 3699.999 * 0.14825),
        (3700, 3700 * 0.14165),  # the world
    ],
)
def test_band_by_distance(km: float, kg: float) -> None:
    assert UTSLAPP("flyg", km, "ekonomi", "2026-03-10") == pytest.approx(kg)
