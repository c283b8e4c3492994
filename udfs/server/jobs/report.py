"""What a recalculation found, as the page shows it and programs read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from core.encoded import Encoded
from core.vocabulary.words import plain
from xlsx.earlier import earlier_results
from xlsx.grid import letters
from xlsx.headings import with_unit
from xlsx.recalculate import Recalculation, missing_sentences
from xlsx.results import OWN_TITLES
from xlsx.summary import SUMMED, Total, TrippedControl, controls, facts, totals, unchecked, used_figures

MOST_ERRORS: Final = 5_000
"""Rows with errors that are listed; all of them stand in the result."""

UNSURE: Final = ("obekräftad", "förslag")


def report(made: Recalculation, notes: Sequence[str] = ()) -> dict[str, Any]:
    """Everything but the rows: amounts in kronor, distances in km, emissions in kg. notes: on how it was written."""
    wrong = int(made.wrong.sum())
    return {
        "facts": [{"title": title, "value": value} for title, value in facts(made)],
        "trips": len(made.claims),
        "wrong": wrong,
        "sums": [{"name": name, "title": title} for name, title in SUMMED if name in made.results],
        "total": _total(totals(made)[0]),
        "departments": [_total(one) for one in totals(made, ("avdelning",))],
        "modes": [_total(one) for one in totals(made, ("fardmedel",))],
        "columns": _columns(made),
        "unknown": _unknown(made),
        "unused": _unused(made),
        "proposals": _proposals(made),
        "problems": made.problems,
        "notes": [*missing_sentences(made), *made.notes, *notes],
        "unchecked": unchecked(made),
        "errors": _errors(made),
        "errors_left_out": max(0, wrong - MOST_ERRORS),
        "controls": [_control(one) for one in controls(made, by_department=False)],
        "controls_by_department": [_control(one) for one in controls(made)],
        "figures": [
            {
                "title": figure.title,
                "value": figure.value,
                "unit": figure.unit,
                "from": figure.from_date,
                "status": figure.status,
                "source": figure.source,
            }
            for figure in used_figures(made)
            if figure.status in UNSURE
        ],
    }


def _total(total: Total) -> dict[str, Any]:
    """Figures by name; `left_out` tells of each how many trips it lacks, where it lacks any."""
    scaled = {
        name: None if value is None else value if name == "utslapp" else value / 100
        for (name, _), value in zip(SUMMED, total.sums, strict=True)
    }
    return {
        "name": " ".join(total.names),
        "trips": total.trips,
        "wrong": total.wrong,
        "km": total.metres / 1000,
        "sums": {name: value for name, value in scaled.items() if value is not None},
        "left_out": {name: count for name, count in zip(("km", *scaled), total.left_out, strict=True) if count},
    }


def _columns(made: Recalculation) -> list[dict[str, Any]]:
    """The columns that were read, from left to right."""
    used = sorted(made.claims.mapping.columns.values(), key=lambda mapped: mapped.index)
    return [
        {
            "column": letters(mapped.index + made.sheet.left),
            "written": mapped.written,
            "title": mapped.heading.title,
            "scale": mapped.scale,
            "chosen": with_unit(mapped.heading, mapped.scale),
        }
        for mapped in used
    ]


def _unknown(made: Recalculation) -> list[str]:
    """Headings that mean nothing to us, but for those of results of an earlier run."""
    earlier = set(map(plain, OWN_TITLES))
    return [written for written in made.claims.mapping.unknown if plain(written) not in earlier]


def _unused(made: Recalculation) -> list[str]:
    """Headings that mean something to us but are not read, as those that gave way to another: they can be chosen.

    One that stands above several columns is no choice, nor are results of an earlier run.
    """
    headings, mapping = made.sheet.headings, made.claims.mapping
    taken = {mapped.index for mapped in mapping.columns.values()} | earlier_results(headings)
    count = Counter(map(plain, headings))
    return [
        written
        for column, written in enumerate(headings)
        if written and column not in taken and written not in mapping.unknown and count[plain(written)] == 1
    ]


def _proposals(made: Recalculation) -> list[dict[str, Any]]:
    """What unknown headings may mean, which is not used until the user has said so."""
    return [
        {"written": one.written, "title": one.heading.title, "likeness": one.likeness}
        for one in made.claims.mapping.proposals
    ]


def _errors(made: Recalculation) -> list[dict[str, Any]]:
    """Each trip with an error: the row of the sheet, the trip's id and what was expected."""
    trips = np.flatnonzero(made.wrong)[:MOST_ERRORS]
    places = (made.claims.rows[trips] + made.sheet.top).tolist()
    ids, texts = _texts(made.claims.texts("rese_id"), trips), _texts(made.errors, trips)
    return [{"row": row, "trip": trip, "text": text} for row, trip, text in zip(places, ids, texts, strict=True)]


def _texts(coded: Encoded, rows: Any) -> list[str]:
    return ["" if place < 0 else coded.texts[place] for place in coded.index[rows].tolist()]


def _control(one: TrippedControl) -> dict[str, Any]:
    return {
        "grade": one.grade,
        "rule": one.rule,
        "title": one.title,
        "text": one.text,
        "department": one.department,
        "trips": one.count,
        "lifted": one.lifted,
        "rows": list(one.rows),
    }
