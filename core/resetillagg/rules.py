"""Resetillägg: a taxable amount per calendar day of absence, by local agreement (L-7.3)."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset
from core.engine.clock import DAY, overlap
from core.vocabulary import SVERIGE

RULES = Ruleset()
rule, total = RULES.rule, RULES.total


@rule("resa", "ja/nej", "Inrikes resa", refs=("L-7.3-2",))
def inrikes(land: Any) -> Any:
    """True for a trip within Sweden."""
    return land == SVERIGE


@rule("resa", "antal", "Sträckor till annat land", over="stracka", requires="stracka", refs=("L-7.3-2",))
def strackor_utomlands(strackor: Any, till_land: Any) -> Any:
    """Legs that end outside Sweden."""
    return strackor.sum(till_land != SVERIGE)


@rule("resa", "ja/nej", "Inrikes resa", name="inrikes", requires="stracka", refs=("L-7.3-2",))
def inrikes_med_strackor(land: Any, strackor_utomlands: Any) -> Any:
    """True when neither the trip's country nor any leg is outside Sweden."""
    return (land == SVERIGE) & (strackor_utomlands == 0)


@rule("dygn", "minuter", "Bortovaro under dygnet", refs=("L-7.3-1",))
def bortovaro(avresa: Any, hemkomst: Any, dag: Any) -> Any:
    """Minutes away during the calendar day, by the clock."""
    start, end = overlap(avresa, hemkomst, dag * DAY, dag * DAY + DAY)
    return end - start


@rule("dygn", "kr", "Dygnets resetillägg", refs=("L-7.3-1", "L-7.3-2"))
def dygnets_resetillagg(
    bortovaro: Any, inrikes: Any, utanfor_orten: Any, resetillagg_belopp: Any, resetillagg_efter: Any
) -> Any:
    """Öre for a day of more than four hours away, on domestic trips outside the usual place of business."""
    return np.where((bortovaro > resetillagg_efter) & inrikes & utanfor_orten, resetillagg_belopp, 0)


total("resetillagg", "resa", "dygn", "dygnets_resetillagg", "kr", "Resetillägg", ("L-7.3-1", "L-7.3-3"))
