"""Distance and emissions of a trip. The charges on them are the policy's (charges.py)."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset, flag
from core.engine.units import share_of
from core.klimat.factors import standard_set
from core.vocabulary import FARDMEDEL, TYP, ZON
from core.vocabulary.places import PLACES

RULES = Ruleset()
rule = RULES.rule

FUELS = ("bensin", "diesel", "e85", "hvo")
"""Fuels sold by the litre, in the order of the codes that key the figure utslapp_per_liter."""

_FUEL_OF_TYPE = np.array([FUELS.index(word) if word in FUELS else -1 for word in TYP.words] + [-1])

WAYS = ("rak väg", "järnväg", "busslinje")
_WAY_OF_MODE = np.array([{"tåg": 1, "buss": 2}.get(word, 0) for word in FARDMEDEL.words])

_BAND_OF_ZONE = np.array(
    [{"kommunen": 0, "inrikes": 0, "Norden": 1, "Europa": 1, "övriga världen": 2}.get(zone, -1) for zone in ZON.words]
    + [-1]
)


@rule("resa", "", "Flygresans band")
def flygband(zon: Any, km: Any, langflyg_fran: Any) -> Any:
    """0 domestic, 1 within Europe, 2 the world: by zone, where it is not stated by distance (one way)."""
    by_zone = _BAND_OF_ZONE[zon]
    return np.where(by_zone >= 0, by_zone, np.where(km < langflyg_fran, 1, 2))


@rule("resa", "", "Utsläppsklass")
def utslappsklass(fardmedel: Any, typ: Any, flygband: Any) -> Any:
    """Key of the emission factor. A mode and type without a factor is an error that names them."""
    found = standard_set().classes[fardmedel, typ, flygband]
    missing = found < 0
    problems = []
    if np.any(missing):
        modes, types = np.broadcast_arrays(fardmedel, typ, missing)[:2]
        for mode, kind in sorted({(int(m), int(t)) for m, t in zip(modes[missing], types[missing], strict=True)}):
            named = f"{FARDMEDEL.words[mode]}" + (f", {TYP.words[kind]}" if kind >= 0 else "")
            sentence = f"Utsläppsfaktor saknas för {named} i {standard_set().name}."
            problems.append((missing & (modes == mode) & (types == kind), "#N/A", sentence))
    return flag(np.where(missing, 0, found), *problems)  # type: ignore[arg-type]


@rule("resa", "kg", "Utsläpp", refs=("L-2.2-1", "L-2.3-1", "S-9"))
def utslapp(km: Any, utslappsfaktor: Any) -> Any:
    """Kg CO2e of the distance, by the policy's factor set."""
    return km / 1000 * utslappsfaktor


@rule("resa", "km", "Avstånd fågelvägen")
def storcirkel(fran_plats: Any, till_plats: Any) -> Any:
    """Metres along the great circle between two places."""
    return PLACES.distance(fran_plats, till_plats)


@rule("resa", "drivmedel", "Drivmedel")
def drivmedel(typ: Any) -> Any:
    """Code of the fuel, for figures per litre. A type not sold by the litre is an error that names it."""
    found = _FUEL_OF_TYPE[typ]
    sold = ", ".join(FUELS)
    problems = [(np.asarray(typ) < 0, "#VALUE!", f"Drivmedel saknas. Skriv {sold}, eller ange Liter.")]
    for kind in np.unique(np.asarray(typ)[(found < 0) & (np.asarray(typ) >= 0)]):
        sentence = f"Utsläpp per liter saknas för {TYP.words[kind]}. Det finns för {sold}; ange annars Liter."
        problems.append((np.asarray(typ) == kind, "#N/A", sentence))
    return flag(np.where(found < 0, 0, found), *problems)  # type: ignore[arg-type]


@rule("resa", "liter", "Liter")
def liter(utslapp: Any, utslapp_per_liter: Any) -> Any:
    """Litres of fuel behind the trip's emissions; a sheet's own litres go before."""
    return utslapp / np.where(utslapp_per_liter > 0, utslapp_per_liter, 1.0)


@rule("resa", "", "Slags färdväg")
def farvag(fardmedel: Any) -> Any:
    """Key of how much longer the way is than the great circle: by rail, by bus, or straight."""
    return _WAY_OF_MODE[fardmedel]


@rule("resa", "km", "Beräknad sträcka")
def beraknad_stracka(storcirkel: Any, farvagspaslag: Any, enkelresor: Any) -> Any:
    """Metres of the trip where no kilometres are stated: for emissions only, never for pay."""
    return share_of(storcirkel * enkelresor, farvagspaslag)
