"""The runs of the rules: which results a sheet's columns are enough for, and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from core.engine import Column, MissingInput
from core.engine.clock import DAY
from core.engine.columns import first_error, narrow, wide
from core.engine.levels import Frame
from core.engine.plan import Plan, make_plan
from core.law import Law
from xlsx.cells import or_else
from xlsx.legs import taken
from xlsx.results import TARGETS, Target
from xlsx.trips import Trips, paid_distance, travelled

Progress = Callable[[int], None]


@dataclass
class Computed:
    """Results by name, and what could not be computed for want of which column."""

    results: dict[str, Column] = field(default_factory=dict)
    missing: list[tuple[Target, str]] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)
    """The plan behind each result that was computed."""
    inputs: dict[str, tuple[dict[str, Column], dict[str, Frame]]] = field(default_factory=dict)
    """What each run was made from."""
    classes: Any = None
    """The class of emission factor of each trip, where emissions were computed."""


TRAVEL_TIME_INPUTS: Final = (
    "avresa",
    "hemkomst",
    "land",
    "avstand",
    "manadslon",
    "sysselsattningsgrad",
    "person",
    "fortroendevald",
)


def compute(trips: Trips, law: Law, progress: Progress | None = None) -> Computed:
    """Every result that the sheet has columns for."""
    computed = Computed()
    days = _run(trips, law, computed, "dygn", *day_inputs(trips), progress, beside="overnattning")
    _travel_time(trips, law, computed, days.get("overnattning"))
    _run(trips, law, computed, "bil", _pick(trips, BIL_INPUTS, _paid(trips)), trips.frames, None)
    climate = _climate_inputs(trips)
    classes = _run(trips, law, computed, "klimat", climate, trips.frames, None, beside="utslappsklass")
    if "utslappsklass" in classes:
        made = classes["utslappsklass"]
        computed.classes = made.values if made.errors is None else made.values[made.errors == 0]
    if law.policy.approvers:
        _run(trips, law, computed, "val", _pick(trips, ("fardmedel", "utrikesresa")), trips.frames, None)
    else:
        computed.missing.append((_targets("val")[0], "Policyn anger inte vem som godkänner"))
    return computed


DAY_INPUTS = (
    "avresa", "hemkomst", "land", "langtid_fran", "avstand", "privata_natter", "maltidskod", "maltidstabell",
)  # fmt: skip
BIL_INPUTS = ("avresa", "hemkomst", "datum", "km", "normal_km", "bil", "bilavtal")
CLIMATE_INPUTS = (
    "avresa",
    "datum",
    "fardmedel",
    "typ",
    "zon",
    "kostnad",
    "enkelresor",
    "fran_plats",
    "till_plats",
    "utslapp",
)


def day_inputs(trips: Trips) -> tuple[dict[str, Column], dict[str, Frame]]:
    """Columns and rows for everything that is computed per day."""
    columns, frames = _pick(trips, DAY_INPUTS), trips.frames
    if trips.legs is not None and len(trips.legs):
        columns |= {name: column for name, column in trips.legs.columns.items() if name != "sovplats"}
        frames["stracka"] = trips.legs.frame()
    return columns, frames


def _pick(trips: Trips, names: tuple[str, ...], more: Mapping[str, Column] | None = None) -> dict[str, Column]:
    return {**{name: trips.columns[name] for name in names if name in trips.columns}, **(more or {})}


def _paid(trips: Trips) -> dict[str, Column]:
    if "fardmedel" not in trips.columns:
        return {}
    stated = paid_distance(trips)
    # The kilometres of a mode that is not paid are of no consequence here, nor are mistakes in them.
    return {"merstracka": stated}


def _climate_inputs(trips: Trips) -> dict[str, Column]:
    columns = _pick(trips, CLIMATE_INPUTS)
    if "km_utslapp" in trips.columns:
        columns["km"] = trips.columns["km_utslapp"]
    return columns


def _targets(run: str) -> list[Target]:
    return [target for target in TARGETS if target.run == run]


def _run(
    trips: Trips,
    law: Law,
    computed: Computed,
    run: str,
    columns: dict[str, Column],
    frames: dict[str, Frame],
    progress: Progress | None,
    beside: str | None = None,
) -> dict[str, Column]:
    """Compute the results of one run whose columns are there; name the column that the others lack.

    beside: a column on the way to the run's first result, given back where that result is computed.
    """
    possible = []
    given = frozenset({*columns, *law.policy.constants})
    partial = frozenset(name for name, column in columns.items() if column.given is not None)
    for target in _targets(run):
        if run == "bil" and "fardmedel" not in trips.columns:
            computed.missing.append((target, "Färdmedel saknas"))
            continue
        try:
            computed.plans[target.name] = make_plan(
                law.rules, law.figures.kinds, (target.name,), given, partial, frozenset(frames)
            )
        except MissingInput as missing:
            computed.missing.append((target, str(missing)))
        else:
            possible.append(target.name)
    if possible:
        computed.inputs[run] = (columns, frames)
        wanted = [*possible, beside] if beside and possible[0] == _targets(run)[0].name else possible
        made = law.run_blocks(wanted, columns, frames, book=trips.claims.book, progress=progress)
        for name in possible:
            computed.results[name] = narrow(made.pop(name))
        return {name: narrow(column) for name, column in made.items()}
    return {}


def _travel_time(trips: Trips, law: Law, computed: Computed, nights: Column | None) -> None:
    """Färdtid from the legs; without them a one-day trip is one journey, and one over night is left empty.

    nights: whether each trip is over night; None without both times.
    """
    if nights is None:
        lacking = "Avresa" if "avresa" not in trips.columns else "Hemkomst"
        computed.missing += [(target, f"{lacking} saknas") for target in _targets("fardtid")]
        return
    rows = len(trips)
    overnight, unknown_times = nights.values.astype(bool), computed.results["antal_dygn"].errors
    known = np.ones(rows, bool) if unknown_times is None else unknown_times == 0
    legs = trips.legs
    has_legs = legs.has_legs(rows) if legs is not None else np.zeros(rows, bool)
    single = np.flatnonzero(known & ~overnight & ~has_legs & travelled(trips))
    owner = np.concatenate([legs.owner if legs is not None else np.zeros(0, np.int64), single])
    order = np.argsort(owner, kind="stable")
    columns = _pick(trips, TRAVEL_TIME_INPUTS)
    for name, of_trip in (
        ("avgang", "avresa"),
        ("ankomst", "hemkomst"),
        ("till_land", "land"),
        ("sovplats", "sovplats"),
    ):
        of_legs = legs.columns.get(name) if legs is not None else None
        of_trips = trips.columns.get(of_trip) or _berths(trips)
        columns[name] = _taken_after(of_legs, taken(of_trips, single), order)
    columns |= _hours(trips, law, owner[order])
    _run(
        trips,
        law,
        computed,
        "fardtid",
        columns,
        {**trips.frames, "stracka": Frame(len(order), {"resa": owner[order]})},
        None,
    )
    several_days = known & overnight & ~has_legs
    for target in _targets("fardtid"):
        if target.name in computed.results:
            result = computed.results[target.name]
            of_times = None if unknown_times is None else np.where(has_legs, 0, unknown_times).astype(np.int32)
            errors = first_error(of_times, result.errors)
            errors = None if errors is None else np.where(several_days, 0, errors).astype(np.int32)
            computed.results[target.name] = Column(result.values, errors, ~several_days)
    if "fardtid" in computed.results:
        trips.remarks.append((several_days, "färdtid kräver delsträckor för flerdygnsresor"))


def _berths(trips: Trips) -> Column:
    if not trips.claims.has("sovplats"):
        return Column(np.zeros(len(trips), bool))
    written = trips.claims.filled("sovplats", 0)
    return Column(written.values == 1, written.errors)


def _hours(trips: Trips, law: Law, owner: Any) -> dict[str, Column]:
    """Working hours per journey: the trip's own, on blank rows the policy's."""
    columns = {}
    for name in ("arbetstid_start", "arbetstid_slut"):
        if trips.claims.has(name):
            written = trips.claims.column(name)
            usual = law.figures[name].lookup(wide(trips.columns["avresa"].values) // DAY).values
            columns[name] = taken(or_else(written, usual), owner)
    return columns


def _taken_after(first: Column | None, second: Column, order: Any) -> Column:
    """Two columns, one after the other, in a new order."""
    parts = [part for part in (first, second) if part is not None]
    errors = None
    if any(part.errors is not None for part in parts):
        errors = np.concatenate([np.zeros(len(p.values), np.int32) if p.errors is None else p.errors for p in parts])[
            order
        ]
    return Column(np.concatenate([part.values for part in parts])[order], errors)
