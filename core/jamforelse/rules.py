"""What a travel alternative costs the municipality, gives the travellers, takes of their time and emits.

Each alternative is a trip of its own (level `resa`) with two journeys (level `stracka`): out to the errand and home.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Rule, Ruleset, flag, round_half_up
from core.engine.clock import DAY
from core.engine.units import WHOLE_SHARE
from core.vocabulary import CAR_MODES, FARDMEDEL

RULES = Ruleset()
rule, total = RULES.rule, RULES.total

PER_KM = 1000  # metres

OWN_CARS = ("privat bil", "förmånsbil")
FLEET = (*(word for word in CAR_MODES if word not in OWN_CARS), "lätt lastbil")
VEHICLES = (*CAR_MODES, "lätt lastbil", "taxi", "moped", "mc")
"""Modes that are hired, driven and counted per vehicle; all others per person."""

IS_OWN_CAR = np.array([word in OWN_CARS for word in FARDMEDEL.words])
IS_FLEET = np.array([word in FLEET for word in FARDMEDEL.words])
IS_VEHICLE = np.array([word in VEHICLES for word in FARDMEDEL.words])

RULES.input("hotell", "resa", "kr", "Hotell", default=np.int64(0))
RULES.input("utlagg", "resa", "kr", "Utlägg", default=np.int64(0))
RULES.input("arbetstid_ombord", "resa", "timmar", "Arbetstid ombord", default=np.int64(0))
RULES.input("personer", "resa", "antal", "Antal personer", default=np.int64(1))
RULES.input("bilar", "resa", "antal", "Antal bilar", default=np.int64(1))

total("restid_totalt", "resa", "farddygn", "restid", "timmar", "Restid dörr till dörr", ("L-7-7",))
total("restid_arbetstid", "resa", "farddygn", "restid_i_arbetstid", "timmar", "Restid under arbetstid", ("S-16",))
total("sovtid", "resa", "farddygn", "sovplatstid", "timmar", "Natt i sovplats", ("L-7.5-11",))


@rule("resa", "antal", "Nätter borta", refs=("L-7-7", "S-16"))
def natter_borta(avresa: Any, hemkomst: Any, nattens_slut: Any) -> Any:
    """Whole nights, midnight to 06:00, between departure and return."""
    first = -(-avresa // DAY)
    last = (hemkomst - nattens_slut) // DAY
    return np.maximum(last - first + 1, 0)


@rule("resa", "timmar", "Förlorad arbetstid", refs=("S-16",))
def forlorad_arbetstid(restid_arbetstid: Any, arbetstid_ombord: Any, restid_totalt: Any) -> Any:
    """Minutes of travel within ordinary hours that are not worked on board, never below 0."""
    too_long = arbetstid_ombord > restid_totalt
    lost = np.maximum(restid_arbetstid - arbetstid_ombord, 0)
    return flag(lost, (too_long, "#NUM!", "Arbetstid ombord är längre än restiden."))


@rule("resa", "kr", "Kostnad för förlorad arbetstid", refs=("S-16",))
def arbetstidskostnad(forlorad_arbetstid: Any, heltidslon: Any, timlon_divisor: Any, lonebikostnader: Any) -> Any:
    """Öre; the unrounded hourly pay with social charges, rounded once."""
    whole = 60 * np.maximum(timlon_divisor, 1) * WHOLE_SHARE
    return round_half_up(forlorad_arbetstid * heltidslon * (WHOLE_SHARE + lonebikostnader), whole)


@rule("resa", "timmar", "Restid utan arbete", refs=("S-13a", "S-16"))
def restid_utan_arbete(restid_totalt: Any, sovtid: Any, arbetstid_ombord: Any) -> Any:
    """Minutes on the way that are neither worked on board nor slept in a berth: less is better for work."""
    return np.maximum(restid_totalt - sovtid - arbetstid_ombord, 0)


@rule("resa", "kr", "Bilkostnad", refs=("L-7-7", "BIA", "L-7.9-1"))
def bilkostnad(fardmedel: Any, merstracka: Any, bilersattning: Any, bilkostnad_per_mil: Any) -> Any:
    """Öre per vehicle: pay by the kilometre for an own car, the cost per mil for the municipality's cars."""
    own, fleet = IS_OWN_CAR[fardmedel], IS_FLEET[fardmedel]
    of_fleet = np.where(fleet, round_half_up(merstracka * bilkostnad_per_mil, PER_KM), 0)
    return flag(np.where(own, bilersattning, of_fleet), relevant=own | fleet)


@rule("resa", "antal", "Antal biljetter eller fordon")
def reseantal(fardmedel: Any, personer: Any, bilar: Any) -> Any:
    """How many times ticket, climate charge and emissions count: per vehicle for cars and taxi, else per person."""
    return np.where(IS_VEHICLE[fardmedel], bilar, personer)


def _times(name: str, of: str, by: str, title: str) -> None:
    """A rule: the amount `of` (öre) counted `by` times."""

    def multiplied(amount: Any, count: Any) -> Any:
        return amount * count

    multiplied.__doc__ = f"Öre: {of} times {by}."
    RULES.add(Rule(name, "resa", multiplied, (of, by), title, "kr", ("L-7-7",)))


_times("samlad_biljett", "kostnad", "reseantal", "Biljetter")
_times("samlat_hotell", "hotell", "personer", "Hotell för alla")
_times("samlad_bilkostnad", "bilkostnad", "bilar", "Bilkostnad för alla bilar")
_times("samlat_traktamente", "traktamente", "personer", "Traktamente för alla")
_times("samlat_nattraktamente", "nattraktamente", "personer", "Nattraktamente för alla")
_times("samlat_resetillagg", "resetillagg", "personer", "Resetillägg för alla")
_times("samlad_fardtidsersattning", "fardtidsersattning", "personer", "Färdtidsersättning för alla")
_times("samlat_utlagg", "utlagg", "personer", "Utlägg för alla")
_times("samlad_arbetstidskostnad", "arbetstidskostnad", "personer", "Förlorad arbetstid för alla")
_times("samlat_klimatpaslag", "klimatpaslag", "reseantal", "Klimatpåslag för alla")


@rule("resa", "kr", "Till resenärerna", refs=("L-7-7",))
def till_resenarerna(
    fardmedel: Any,
    samlat_traktamente: Any,
    samlat_nattraktamente: Any,
    samlat_resetillagg: Any,
    samlad_fardtidsersattning: Any,
    samlad_bilkostnad: Any,
    samlat_utlagg: Any,
) -> Any:
    """Öre paid out: allowances, travel time, own car and outlays. The climate charge never is."""
    own_car = np.where(IS_OWN_CAR[fardmedel], samlad_bilkostnad, 0)
    allowances = samlat_traktamente + samlat_nattraktamente + samlat_resetillagg
    return allowances + samlad_fardtidsersattning + own_car + samlat_utlagg


@rule("resa", "kr", "Total kostnad", refs=("L-7-7", "S-16"))
def kommunens_kostnad(
    samlad_biljett: Any,
    samlat_hotell: Any,
    samlad_bilkostnad: Any,
    samlat_traktamente: Any,
    samlat_nattraktamente: Any,
    samlat_resetillagg: Any,
    samlad_fardtidsersattning: Any,
    samlat_utlagg: Any,
    samlad_arbetstidskostnad: Any,
    samlat_klimatpaslag: Any,
) -> Any:
    """Öre for the unit: everything paid, the working time lost, and the climate charge."""
    bought = samlad_biljett + samlat_hotell + samlad_bilkostnad + samlat_utlagg
    allowances = samlat_traktamente + samlat_nattraktamente + samlat_resetillagg
    return bought + allowances + samlad_fardtidsersattning + samlad_arbetstidskostnad + samlat_klimatpaslag


@rule("resa", "kg", "Utsläpp för alla", refs=("L-2.2-1", "S-9"))
def samlat_utslapp(utslapp: Any, reseantal: Any) -> Any:
    """Kg CO2e of all tickets or vehicles."""
    return utslapp * reseantal
