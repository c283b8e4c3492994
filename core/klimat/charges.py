"""Internal climate charges: each of a policy becomes a dated figure and a rule, klimatpaslag their sum.

A charge reads only the columns that its conditions ask about, so a misread place is no error of a charge
on the ticket's cost. What a charge must know and is not told is an error where its rate is not 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.engine import Entry, Figure, Rule, Ruleset, flag, round_half_up
from core.engine.units import share_of
from core.vocabulary import FARDMEDEL, TYP, ZON

_EXACT: Final = 10**8
"""Parts of a kilogram (and a litre) in which factor times metres is a whole number."""

ABROAD: Final = ("Norden", "Europa", "övriga världen")


@dataclass(frozen=True)
class Route:
    """Trips between any place of one group and any of the other, in both directions; codes of places.
    An empty `other` is every place."""

    one: tuple[int, ...]
    other: tuple[int, ...] = ()


@dataclass(frozen=True)
class Charge:
    """One charge: which trips it is for, on what basis, and its dated rates. Empty conditions hold for all.
    `instead_of` names the charges that a trip does not bear where it bears this one."""

    name: str
    title: str
    basis: str
    entries: tuple[Entry, ...]
    refs: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    except_types: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    instead_of: tuple[str, ...] = ()


def _of_cost(rate: Any, kostnad: Any) -> Any:
    return share_of(kostnad, rate)


def _per_trip(rate: Any, enkelresor: Any) -> Any:
    return rate * enkelresor


def _per_distance(rate: Any, km: Any) -> Any:
    return round_half_up(km * rate, 1000)


def _per_exact_unit(rate: Any, amount: Any) -> Any:
    return round_half_up(np.rint(amount * _EXACT).astype(np.int64) * rate, _EXACT)


BASES: Final[dict[str, tuple[str, str, Callable[[Any, Any], Any]]]] = {
    "procent av kostnaden": ("procent", "kostnad", _of_cost),
    "kr per enkelresa": ("kr", "enkelresor", _per_trip),
    "kr per mil": ("kr per mil", "km", _per_distance),
    "kr per kg CO2e": ("kr per kg", "utslapp", _per_exact_unit),
    "kr per liter": ("kr per liter", "liter", _per_exact_unit),
}
"""Basis as written in a policy: unit of the rate, the column it is charged on, the arithmetic."""


def charge_rules(charges: Sequence[Charge]) -> tuple[Ruleset, list[Figure]]:
    """The rules and figures of a policy's charges. Without charges klimatpaslag is 0."""
    rules = Ruleset()
    zones = _zones_to_state(charges)
    for charge in charges:
        replaced_by = [f"klimatpaslag_{other.name}" for other in charges if charge.name in other.instead_of]
        _add_charge(rules, charge, replaced_by, zones)
    _add_sum(rules, [f"klimatpaslag_{charge.name}" for charge in charges], [r for c in charges for r in c.refs])
    figures = [
        Figure(f"klimatsats_{charge.name}", charge.title, BASES[charge.basis][0], charge.entries, charge.refs)
        for charge in charges
    ]
    return rules, figures


def _add_charge(rules: Ruleset, charge: Charge, replaced_by: Sequence[str], zones_to_state: Sequence[str]) -> None:
    """Register a charge's rule, reading its own rate and base and what its conditions need."""
    rate_name, (_, base_name, amount) = f"klimatsats_{charge.name}", BASES[charge.basis]
    conditions = (
        *(("typ",) if charge.types or charge.except_types else ()),
        *(("zon",) if charge.zones else ()),
        *(("fran_plats", "till_plats") if charge.routes else ()),
    )
    parameters = tuple(dict.fromkeys(("fardmedel", *conditions, *replaced_by, rate_name, base_name)))
    of_mode = np.array([not charge.modes or word in charge.modes for word in FARDMEDEL.words])
    of_type, type_unclear = _types(charge)
    of_zone, zone_unclear = _zones(charge)

    def paslag(*columns: Any) -> Any:
        read = dict(zip(parameters, columns, strict=True))
        rate, problems = read[rate_name], []
        applies = of_mode[read["fardmedel"]]
        for name in replaced_by:
            applies = applies & (read[name] == 0)
        if "typ" in read:
            unclear = type_unclear[read["typ"]]
            applies = applies & (of_type[read["typ"]] | unclear)
            problems.append((unclear, f"ange drivmedel eller klass ({', '.join(charge.types)})"))
        if "zon" in read:
            unclear = zone_unclear[read["zon"]]
            applies = applies & (of_zone[read["zon"]] | unclear)
            # A listed route lies where it lies: only trips that state no route depend on the zone.
            if not charge.routes:
                problems.append((unclear, f"ange zon ({', '.join(zones_to_state)})"))
        if charge.routes:
            start, end = read["fran_plats"], read["till_plats"]
            on_route = _on_route(charge.routes, start, end)
            unclear = ~on_route & ((start < 0) | (end < 0))
            applies = applies & (on_route | unclear)
            problems.append((unclear, "ange sträckan i Från och Till, till exempel ARN och GOT"))
        return flag(
            np.where(applies, amount(rate, read[base_name]), 0),
            *((applies & mask & (rate != 0), "#VALUE!", f"{charge.title}: {what}.") for mask, what in problems),
            relevant=applies,
        )

    rules.add(Rule(f"klimatpaslag_{charge.name}", "resa", paslag, parameters, charge.title, "kr", charge.refs))


def _types(charge: Charge) -> tuple[Any, Any]:
    """By code of type (the last is none stated): which the charge is for, which leave it open.
    A type not known is charged where only exceptions are listed: whoever is excepted says so."""
    words = (*TYP.words, "okänt")
    of_type = [(not charge.types or word in charge.types) and word not in charge.except_types for word in words]
    listed = bool(charge.types) and "okänt" not in charge.types
    return np.array(of_type), np.array([listed and word == "okänt" for word in words])


def _zones(charge: Charge) -> tuple[Any, Any]:
    """By code of zone (the last is none stated): which the charge is for, which leave it open."""
    home = ("kommunen",) if "inrikes" in charge.zones else ()
    abroad = (*ABROAD, "utrikes") if _all_abroad(charge) else ()
    zones = {*charge.zones, *home, *abroad}
    parts = bool(zones & {*ABROAD}) and not abroad
    of_zone = [word in zones for word in ZON.words]
    return np.array([*of_zone, False]), np.array([*(parts and word == "utrikes" for word in ZON.words), True])


def _all_abroad(charge: Charge) -> bool:
    return "utrikes" in charge.zones or {*ABROAD} <= {*charge.zones}


def _zones_to_state(charges: Sequence[Charge]) -> list[str]:
    """The zones that tell the charges apart: `utrikes` does not where some are for a part of abroad."""
    parts = any({*charge.zones} & {*ABROAD} and not _all_abroad(charge) for charge in charges)
    return [word for word in ZON.words if not (parts and word == "utrikes")]


def _on_route(routes: Sequence[Route], start: Any, end: Any) -> Any:
    found = np.zeros(np.broadcast_shapes(np.shape(start), np.shape(end)), bool)
    for route in routes:
        for one, other in ((start, end), (end, start)):
            found |= np.isin(one, route.one) & (np.isin(other, route.other) if route.other else True)
    return found


def _add_sum(rules: Ruleset, names: Sequence[str], refs: Sequence[str]) -> None:
    def add_up(fardmedel: Any, *charges: Any) -> Any:
        return sum(charges, start=np.zeros(np.shape(fardmedel), np.int64))

    rules.add(
        Rule(
            "klimatpaslag",
            "resa",
            add_up,
            ("fardmedel", *names),
            "Klimatpåslag",
            "kr",
            tuple(dict.fromkeys(refs)),
        )
    )
