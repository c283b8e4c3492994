"""The figures that a comparison rests on, each with its source and status."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.engine.trace import in_force_from
from core.engine.units import to_written
from core.jamforelse.rules import IS_FLEET, IS_OWN_CAR
from core.law import country_titles
from xlsx.claims import Mask
from xlsx.comparing import Comparison
from xlsx.summary import UsedFigure

_UNSURE: Final = ("obekräftad", "förslag")


def used_figures(made: Comparison, only: Sequence[str] = ()) -> list[UsedFigure]:
    """The figures in force for the alternatives that were travelled and computed; `only` those with some statuses."""
    found: dict[tuple[Any, ...], UsedFigure] = {}
    steps = {(step.name, step.level) for step in made.result.plan.steps if step.kind == "figure" and step.level}
    for name, level in sorted(steps):
        figure = made.law.figures[name]
        of_level = made.result.ruleset.levels[level]
        assert of_level.dated_by is not None
        rows = made.result.frames[level].rows
        owner = np.arange(rows) if level == "resa" else made.result.owner(level, "resa")
        relevant = _relevant(made, name)[owner]
        days = np.broadcast_to(made.result.at(of_level.dated_by, level).values, rows)
        key = None if figure.key_kind is None else of_level.keyed_by.get(figure.key_kind, figure.key_kind)
        keys = np.zeros(rows, np.int64) if key is None else np.broadcast_to(made.result.at(key, level).values, rows)
        for day, code in np.unique(np.stack([days, keys])[:, relevant], axis=1).T.tolist():
            entry = figure.entry(day, code)
            if entry is None or entry.value is None or (figure.hide_zero and entry.value == 0):
                continue
            if (only and entry.status not in only) or entry.key == "ingen":
                continue
            word = figure.titles.get(entry.key, entry.key) if entry.key else ""
            title = f"{figure.title} ({country_titles().get(word, word)})" if word else figure.title
            value = to_written(entry.value, figure.unit)
            first = in_force_from(entry.from_day)
            found[name, entry] = UsedFigure(title, value, figure.unit, first, entry.source, entry.status)
    return sorted(found.values(), key=lambda used: used.title.casefold())


def unsure_figures(made: Comparison) -> list[UsedFigure]:
    """Those of the used figures that are not confirmed."""
    return used_figures(made, _UNSURE)


_PAID: Final = {
    "normalbelopp": ("samlat_traktamente", "samlat_nattraktamente"),
    **dict.fromkeys(
        ("halvdagsandel", "hel_avresedag_senast", "hel_hemresedag_tidigast", "maltidsandel", "frukostandel"),
        ("samlat_traktamente",),
    ),
    "nattandel": ("samlat_nattraktamente",),
    "lonebikostnader": ("samlad_arbetstidskostnad",),
    "resetillagg_belopp": ("samlat_resetillagg",),
    "resetillagg_efter": ("samlat_resetillagg",),
    "utslappsfaktor": ("samlat_utslapp",),
    **dict.fromkeys(
        ("fardtid_andel_niva1", "fardtid_andel_niva2", "fardtid_nivagrans", "fardtid_minsta"),
        ("samlad_fardtidsersattning",),
    ),
}
"""Figures that matter only where the amounts they make are not 0."""


def _relevant(made: Comparison, name: str) -> Mask:
    """The alternatives that a figure makes a difference to."""
    mode = made.alternatives.mode
    used = made.computed & ~made.alternatives.digital
    if name == "bia_ersattning":
        return np.asarray(used & IS_OWN_CAR[mode])
    if name == "bilkostnad_per_mil":
        stated = made.alternatives.columns["bilkostnad"].given
        return np.asarray(used & IS_FLEET[mode] & ~np.asarray(stated))
    if name.startswith("sovplats_"):
        return np.asarray(used & (made.result.values("sovtid") > 0))
    amounts = ("samlat_klimatpaslag",) if name.startswith("klimatsats_") else _PAID.get(name, ())
    if amounts:
        used = used & np.any([made.columns[amount].values != 0 for amount in amounts], axis=0)
    return np.asarray(used)
