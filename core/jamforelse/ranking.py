"""Alternatives set against each other: ranks, and the policy's combined assessment.

Alternatives that could not be computed, or may not be used, take no part: their rank and score are 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.engine import round_half_up

BEST: Final = 10_000
"""The score of the best alternative, in hundredths of a point: 100 points."""

CRITERIA: Final = ("miljo", "kostnad", "arbete")
TITLES: Final = {"miljo": "miljö", "kostnad": "kostnad", "arbete": "arbete på resan"}


@dataclass(frozen=True)
class Weights:
    """What the criteria weigh against each other, where that is said, and how surely."""

    miljo: int
    kostnad: int
    arbete: int
    source: str
    status: str

    def __iter__(self) -> Any:
        return iter((self.miljo, self.kostnad, self.arbete))


def ranks(values: Any, sound: Any) -> Any:
    """1 for the lowest of the sound values; equal values share a rank and the next one is left out."""
    ordered = np.sort(np.asarray(values)[sound])
    return np.where(sound, np.searchsorted(ordered, values, side="left") + 1, 0)


def scores(values: Any, sound: Any) -> Any:
    """Hundredths of a point, 100 points for the lowest sound value and 0 for the highest; 100 for all when equal."""
    compared = np.asarray(values)[sound]
    best, worst = (int(compared.min()), int(compared.max())) if compared.size else (0, 0)
    if best == worst:
        return np.where(sound, BEST, 0)
    return np.where(sound, round_half_up(BEST * (worst - np.clip(values, best, worst)), worst - best), 0)


def assessment(criteria: Sequence[Any], weights: Sequence[int], sound: Any) -> Any:
    """The weighted mean of the criteria's scores, in hundredths of a point."""
    weighted = sum(weight * scores(values, sound) for values, weight in zip(criteria, weights, strict=True))
    return round_half_up(weighted, sum(weights))


def break_even(own_total: Any, own_price: Any, price_slope: Any, other_total: Any) -> Any:
    """Öre that a ticket may cost for the alternative to cost what another does, rounded down; negative: never.

    price_slope: how much the total grows per krona of the ticket, per ten thousand.
    """
    return own_price + (other_total - own_total) * 10_000 // price_slope


def cheapest_other(totals: Any, sound: Any) -> Any:
    """For each alternative the number of the cheapest sound one beside it; -1 where there is none."""
    count = len(totals)
    order = np.flatnonzero(sound)[np.argsort(np.asarray(totals)[sound], kind="stable")]
    first = order[0] if len(order) else -1
    second = order[1] if len(order) > 1 else -1
    return np.where(np.arange(count) == first, second, first)
