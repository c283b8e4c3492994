"""The emission factors of a named set, as one dated figure keyed by class of travel."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.engine import Entry, Figure
from core.engine.clock import FIRST_DAY
from core.vocabulary import CAR_MODES, FARDMEDEL, TYP

SET_NAME: Final = "SE-kommun 2025"
BANDS: Final = ("inrikes", "Europa", "övriga världen")
_HERE: Final = Path(__file__).parent

_GROUP: Final = {
    **{word: word for word in FARDMEDEL.words},
    **dict.fromkeys(CAR_MODES, "bil"),
    **dict.fromkeys(("gång", "cykel", "elcykel", "digitalt"), "gång och cykel"),
}
_USUAL: Final = {
    "flyg": "ekonomi",
    "tåg": "Norden",
    "buss": "långväga",
    "bil": "okänt",
    "lätt lastbil": "okänt",
    "taxi": "okänt",
}
"""The type that is meant when none is given."""


@dataclass(frozen=True)
class FactorSet:
    """Factors in kg CO2e per kilometre. `classes[mode, type, band]` is the key of each, -1 where there is
    none; the last type stands for none given."""

    name: str
    labels: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    classes: Any

    def figure(self, altitude: bool, sources: Mapping[str, str]) -> Figure:
        """The set as a figure, with or without the effect of altitude."""
        column = "kg_med_hojd" if altitude else "kg_utan_hojd"
        entries = tuple(
            Entry(FIRST_DAY, label, float(row[column]), sources[row["kalla"]], "2026-11-21", row["status"])
            for label, row in zip(self.labels, self.rows, strict=True)
        )
        effect = "med" if altitude else "utan"
        title = f"Utsläppsfaktor, {self.name}, {effect} höghöjdseffekt"
        return Figure("utslappsfaktor", title, "kg per km", entries, (), "utslappsklass", self.labels)


@cache
def standard_set() -> FactorSet:
    """The built-in set."""
    with (_HERE / "faktorer_standard.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["fardmedel"] != "hotell"]
    labels = tuple(" ".join(filter(None, (row["fardmedel"], row["typ"], row["band"]))) for row in rows)
    classes = np.full((len(FARDMEDEL), len(TYP) + 1, len(BANDS)), -1, np.int64)
    for mode, group in _GROUP.items():
        for number, row in enumerate(rows):
            if row["fardmedel"] != group:
                continue
            types = [TYP[row["typ"]]] if row["typ"] else range(len(TYP) + 1)
            if row["typ"] == _USUAL.get(group):
                types = [*types, len(TYP)]
            bands = [BANDS.index(row["band"])] if row["band"] else range(len(BANDS))
            classes[np.ix_([FARDMEDEL[mode]], list(types), list(bands))] = number
    return FactorSet(SET_NAME, labels, tuple(rows), classes)
