"""Own car in service: kilometre pay, its tax-free part, which distance counts, who gets a car agreement."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset, round_half_up
from core.vocabulary import BIL

RULES = Ruleset()
rule = RULES.rule

PER_KM = 1000  # metres
PAID = np.array([word not in ("moped", "mc") for word in BIL.words])
IS_BENEFIT_CAR = np.array([word.startswith("förmånsbil") for word in BIL.words])
AGREEMENT_OUTCOMES = ("nej", "kan erbjudas", "ska erbjudas")


@rule("resa", "km", "Mersträcka", refs=("L-7.1-1", "L-7.1-2"))
def merstracka(km: Any, normal_km: Any) -> Any:
    """Metres beyond the ordinary way to work, never below 0."""
    return np.maximum(km - normal_km, 0)


@rule("resa", "km", "Sträcka som räknas", refs=("L-7.9-2", "L-7.9-3"))
def restracka(km_arbetsplats: Any, km_hem: Any, hemmet: Any) -> Any:
    """Metres from the workplace, or from home when the trip starts or ends there and home is nearer."""
    return np.where(hemmet, np.minimum(km_hem, km_arbetsplats), km_arbetsplats)


@rule("resa", "", "Ersättningsnivå", refs=("BIA", "L-7.9-1"))
def bilniva(bil: Any, bilavtal: Any) -> Any:
    """0 without a car agreement, 1 with one, 2 a benefit car whose fuel the employee pays."""
    return np.where(IS_BENEFIT_CAR[bil], 2, np.asarray(bilavtal, np.int64))


@rule("resa", "ja/nej", "Fordonet ger ersättning", refs=("L-4.4-1", "BIA"))
def ersatt_fordon(bil: Any) -> Any:
    """False for moped and motorcycle, which may not be used."""
    return PAID[bil]


@rule("resa", "kr", "Bilersättning", refs=("BIA", "L-5.1-6", "L-7.9-1"))
def bilersattning(merstracka: Any, ersatt_fordon: Any, bia_ersattning: Any) -> Any:
    """Öre for the distance, rounded once to the öre."""
    return round_half_up(merstracka * bia_ersattning * ersatt_fordon, PER_KM)


@rule("resa", "kr", "Bilersättning skattefri", refs=("IL 12:5",))
def bilersattning_skattefri(merstracka: Any, milersattning_skattefri: Any, bilersattning: Any) -> Any:
    """Öre up to the statutory amount, never more than is paid."""
    return np.minimum(round_half_up(merstracka * milersattning_skattefri, PER_KM), bilersattning)


@rule("resa", "kr", "Bilersättning skattepliktig", refs=("IL 12:5", "IL 11:1"))
def bilersattning_skattepliktig(bilersattning: Any, bilersattning_skattefri: Any) -> Any:
    """Öre above the tax-free amount."""
    return bilersattning - bilersattning_skattefri


@rule("resa", "bilavtal", "Enskilt bilavtal", refs=("L-5.1-3", "L-5.1-4"))
def bilavtalsratt(
    verksamhetsbil: Any,
    resor_per_ar: Any,
    mil_per_ar: Any,
    akutresor_per_vecka: Any,
    poolbil: Any,
    villkor: Any,
    bilavtal_resor_per_ar: Any,
    bilavtal_mil_per_ar: Any,
    bilavtal_akutresor_per_vecka: Any,
) -> Any:
    """0 no, 1 may be offered (no unit car and enough trips), 2 shall be offered (no pool, duty to use own car)."""
    often = (
        (resor_per_ar >= bilavtal_resor_per_ar)
        | (mil_per_ar >= bilavtal_mil_per_ar)
        | (akutresor_per_vecka >= bilavtal_akutresor_per_vecka)
    )
    may = np.logical_not(verksamhetsbil) & often
    shall = np.logical_not(poolbil) & np.asarray(villkor, bool)
    return np.where(shall, 2, may.astype(np.int64))
