"""Calls that take or give tables: the days of a trip, a journey's legs, results side by side."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from core.engine import CellError, Column
from core.presentation import written
from core.readers import READERS
from core.vocabulary import COUNTRIES, SVERIGE, ZON, Misread, normalise
from core.vocabulary.places import PLACES
from udfs.calculation import TRACE, Inputs
from udfs.coerce import Table, Unequal, as_table, flatten, is_blank, pass_on_any

DAY_HEADINGS: Final = (
    "Datum",
    "Land",
    "Dygn",
    "Belopp",
    "Måltidsavdrag",
    "Traktamente",
    "Skattefritt",
    "Skattepliktigt",
    "Kostförmån",
    "Regel",
)
_AMOUNTS: Final = (
    "dygnsbelopp",
    "maltidsavdrag",
    "dygnstraktamente",
    "skattefritt_dygn",
    "skattepliktigt_dygn",
    "dygnets_kostforman",
)
_LEG_COLUMNS: Final = ("avgang", "ankomst", "till_land", "strackans_fardmedel")
_LEG_TITLES: Final = ("avgång", "ankomst", "till", "färdmedel")


def days_of(trip: Inputs) -> Table | CellError:
    """A trip's days as a table with headings. An error of the trip is the answer; of a day, that day's cells."""
    if trip.shape.rows != 1:
        raise Unequal("Ange en resa i taget: en avresa och en hemkomst.")
    frames = trip.frames(("resa",))
    result = trip.law.run(["dag", "dygnsland", "dygnsdel", *_AMOUNTS], trip.columns, frames, trip.book)
    wrong = result.error("antal_dygn", 0)
    if wrong is not None:
        return wrong
    if (trace := TRACE.get()) is not None:
        trace.result, trace.target = (
            trip.law.run(["traktamente"], trip.columns, frames, trip.book),
            "traktamente",
        )
    columns = [result.values("dag"), result.values("dygnsland"), result.values("dygnsdel")]
    amounts = [trip.cells(name, Column(result.values(name), result.column(name).errors)) for name in _AMOUNTS]
    rules = ", ".join(result.plan.rules["dygnsandel"].refs)
    table: Table = [list(DAY_HEADINGS)]
    for day, country, part, *money in zip(*columns, *amounts, strict=True):
        table.append([written(day, "dag"), COUNTRIES.name(int(country)), written(part, "dygnsdel"), *money, rules])
    return table


def journey(resvag: Any, policy: Any) -> Inputs:
    """A journey's legs as the inputs of one trip."""
    rows = [row for row in as_table(resvag) if not all(is_blank(cell) for cell in row)]
    if rows and isinstance(rows[0][0], str) and normalise(rows[0][0]) in ("avgång", "avgang", "avresa", "departure"):
        rows = rows[1:]
    if not rows:
        raise Misread("Resvägen är tom. Ange en rad per sträcka: avgång, ankomst, till (land), färdmedel.")
    if any(len(row) < len(_LEG_COLUMNS) for row in rows):
        raise Misread("Resvägen ska ha fyra kolumner: avgång, ankomst, till (land), färdmedel.")
    for number, row in enumerate(rows, 1):
        pass_on_any(row, f"Resvägen, rad {number}")
    trip = Inputs(policy)
    trip.legs = len(rows)
    for number, (name, title) in enumerate(zip(_LEG_COLUMNS, _LEG_TITLES, strict=True)):
        parsed = READERS[name]([row[number] for row in rows])
        for problem in parsed.problems:
            raise Misread(f"Resvägen, rad {problem.rows[0] + 1}, {title}: {problem.message}", problem.code)
        if not parsed.given.all():
            raise Misread(f"Resvägen, rad {np.flatnonzero(~parsed.given)[0] + 1}: {title} saknas.")
        trip.columns[name] = Column(parsed.values)
    return trip


def side_by_side(trip: Inputs, targets: tuple[str, ...]) -> Table:
    """Several results as columns beside each other, one row per row of the arguments."""
    frames = trip.frames(("resa",))
    result = trip.law.run(targets, trip.columns, frames, trip.book)
    if (trace := TRACE.get()) is not None:
        trace.result, trace.target = result, targets[-1]
    cells = [trip.cells(name, Column(result.values(name), result.column(name).errors)) for name in targets]
    return [list(row) for row in zip(*cells, strict=True)]


def add_zone_or_route(trip: Inputs, cells: Any) -> None:
    """Add the argument `zon`: the word of a zone, or a route of two places, which also tells the zone."""
    flat, shape = flatten(cells)
    routes = [_route(cell) for cell in flat]
    if not any(routes):
        trip.extend("zon", flat, shape)
        return
    ends = [[route[end] if route else None for route in routes] for end in (0, 1)]
    starts, stops = (READERS[name](end) for name, end in zip(("fran_plats", "till_plats"), ends, strict=True))
    zones = [cell if route is None else _zone_of(*route) for cell, route in zip(flat, routes, strict=True)]
    trip.extend("zon", zones, shape)
    trip.add("fran_plats", starts)
    trip.add("till_plats", stops)


def _route(cell: Any) -> tuple[str, str] | None:
    """The two places of `ARN-GOT`; None for anything else."""
    if not isinstance(cell, str):
        return None
    for dash in ("–", "—", "-"):
        start, found, end = (part.strip() for part in cell.partition(dash))
        if found and start and end:
            return start, end
    return None


def _zone_of(start: str, end: str) -> str | None:
    """The zone of a route by the countries of its ends: the farther one counts."""
    try:
        countries = [int(PLACES.countries[PLACES.code(place)]) for place in (start, end)]
    except Misread:
        return None
    zones = [
        "inrikes" if country == SVERIGE else COUNTRIES.zone(country) if country >= 0 else "" for country in countries
    ]
    return max((zone for zone in zones if zone), key=ZON.words.index, default=None)
