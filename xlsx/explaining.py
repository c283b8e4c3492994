"""One trip of a sheet taken apart: every step behind each of its results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.engine.blocks import part_of
from core.engine.trace import Explained, explain
from core.presentation import show
from xlsx.recalculate import Recalculation
from xlsx.results import Target


class NoSuchTrip(ValueError):
    """No trip has the id or row number asked for; the message says which there are."""


@dataclass(frozen=True)
class ExplainedResult:
    """A result of one trip and the steps behind it, what is read first before what reads it."""

    target: Target
    steps: list[Explained]


def find_trip(made: Recalculation, asked: str) -> int:
    """The trip with this Rese-ID, or on this row of the sheet. Raises NoSuchTrip."""
    ids = made.claims.texts("rese_id")
    for trip in np.flatnonzero(ids.index >= 0).tolist():
        if str(ids.texts[ids.index[trip]]).casefold() == asked.strip().casefold():
            return int(trip)
    rows = [made.sheet.place(int(row)) for row in made.claims.rows]
    if asked.strip().isdigit() and int(asked) in rows:
        return rows.index(int(asked))
    raise NoSuchTrip(f'Ingen resa har Rese-ID eller rad "{asked}". Resorna står på raderna {rows[0]}–{rows[-1]}.')


def explain_trip(made: Recalculation, trip: int) -> Iterator[ExplainedResult]:
    """The results of a trip that were computed and are not empty, each with its steps."""
    rules, book = made.law.rules, made.claims.book
    for target in made.targets:
        result = made.results[target.name]
        if target.run not in made.computed.inputs or (result.given is not None and not result.given[trip]):
            continue
        columns, frames = made.computed.inputs[target.run]
        row = trip
        if not any(rules.levels[level].gathers for level in made.computed.plans[target.name].levels):
            # Nothing of other trips is read, so this one is enough.
            columns, frames = part_of(rules, columns, frames, "resa", trip, trip + 1)
            row = 0
        run = made.law.run([target.name], columns, frames, book.copy())
        yield ExplainedResult(target, explain(run, target.name, row, show))
