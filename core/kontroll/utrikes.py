"""Reminders for trips abroad, by country."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.kontroll.controls import control, modes
from core.vocabulary import COUNTRIES, SVERIGE, ZON
from core.vocabulary.places import PLACES

_IN_EEA = np.array([COUNTRIES.membership(code) in ("eu", "ees") and code != SVERIGE for code in range(len(COUNTRIES))])
_MUNICIPAL_CARS = modes("verksamhetsbil", "poolbil", "hyrbil", "leasingbil", "lätt lastbil")
_FARAWAY = ZON["övriga världen"]


@control(
    "Land saknas",
    *("IL 12:15", "L-7.4.1-1", "L-7.3-2"),
    message="Till ligger utomlands, men Land saknas eller är Sverige; resan räknas som inrikes.",
)
def land_saknas(land: Any, till_plats: Any, utland_i_delstrackor: Any) -> Any:
    """To a place abroad, on a claim that names no other country than Sweden."""
    known = till_plats >= 0
    if not np.any(known):
        return known
    country = np.where(known, PLACES.countries[till_plats], SVERIGE)
    return (land == SVERIGE) & (country > SVERIGE) & ~utland_i_delstrackor


@control(
    "Påminnelse EU-kort", "L-6.3-7", grade="info", message="Europeiskt sjukförsäkringskort ska tas med inom EU och EES."
)
def paminnelse_eu_kort(land: Any) -> Any:
    """Within the European Economic Area."""
    return _IN_EEA[land]


@control("Påminnelse grönt kort", "L-6.3-13", grade="info", message="Grönt kort ska finnas i kommunens bil utomlands.")
def paminnelse_gront_kort(fardmedel: Any, utrikesresa: Any) -> Any:
    """Abroad in a car that the municipality owns, leases or hires."""
    return utrikesresa & _MUNICIPAL_CARS[fardmedel]


@control("Påminnelse pass", "L-6.3-8", grade="info", message="Giltigt pass behövs utanför Norden.")
def paminnelse_pass(utrikesresa: Any, zon: Any) -> Any:
    """Outside the Nordic countries."""
    return utrikesresa & (zon > ZON["Norden"])


@control("Pass går ut", "L-6.3-8", message="Passet går ut före hemkomsten.")
def pass_gar_ut(utrikesresa: Any, pass_till: Any, hemkomstdag: Any) -> Any:
    """Abroad with a passport that is not valid the whole trip."""
    return utrikesresa & (pass_till > 0) & (pass_till < hemkomstdag)


@control("Påminnelse visum", "L-6.3-9", "L-6.3-10", grade="info", message="Kontrollera om landet kräver visum.")
def paminnelse_visum(zon: Any) -> Any:
    """Outside Europe."""
    return zon == _FARAWAY


@control(
    "Påminnelse vaccination",
    "L-6.3-11",
    "L-6.3-12",
    grade="info",
    message="Kontrollera vilka vaccinationer som behövs.",
)
def paminnelse_vaccination(zon: Any) -> Any:
    """Outside Europe."""
    return zon == _FARAWAY
