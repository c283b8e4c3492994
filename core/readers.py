"""How the cells of each input column are read, and the limits beyond which a value is taken for a mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from core.kontroll.words import ROLLER, reasons, receipts
from core.vocabulary import (
    BIL,
    COUNTRIES,
    FARDMEDEL,
    KILOMETRES,
    PIECES,
    TYP,
    ZON,
    Column,
    Parsed,
    clocks,
    dates,
    decimals,
    durations,
    moments,
    truths,
)
from core.vocabulary.places import PLACES

Reader = Callable[[Column], Parsed]

LONGEST_DISTANCE: Final = 50_000
HIGHEST_SALARY: Final = 1_000_000
HIGHEST_AMOUNT: Final = 10_000_000
MOST_NIGHTS: Final = 1_100
MOST_HOURS: Final = 744


def _kronor(what: str, highest: int = HIGHEST_AMOUNT) -> Reader:
    return lambda values: decimals(values, 100, 0, highest, what)


def _kilometres(what: str) -> Reader:
    return lambda values: decimals(values, 1000, 0, LONGEST_DISTANCE, what, KILOMETRES)


def _count(what: str, highest: int) -> Reader:
    return lambda values: decimals(values, 1, 0, highest, what, PIECES)


def _hours(values: Column) -> Parsed:
    return durations(values, MOST_HOURS, "Timmar")


def _clock(values: Column) -> Parsed:
    return clocks(values, zero_is_blank=True)


READERS: Final[Mapping[str, Reader]] = {
    "avresa": moments,
    "hemkomst": moments,
    "avgang": moments,
    "ankomst": moments,
    "datum": dates,
    "dag": dates,
    "langtid_fran": dates,
    "land": COUNTRIES.column,
    "till_land": COUNTRIES.column,
    "avstand": _kilometres("Avstånd"),
    "privata_natter": _count("Nätter", MOST_NIGHTS),
    "dygnsbelopp": _kronor("Dagsbelopp", 10_000),
    "utrikes": truths,
    "utrikesresa": truths,
    "inrikes": truths,
    "utanfor_orten": truths,
    "arbetstid_start": _clock,
    "arbetstid_slut": _clock,
    "sovplats": truths,
    "farddygnsminuter": _hours,
    "veckominuter_fore": _hours,
    "manadslon": _kronor("Månadslön", HIGHEST_SALARY),
    "km": _kilometres("Km"),
    "normal_km": _kilometres("Normal sträcka"),
    "km_arbetsplats": _kilometres("Km från arbetsplatsen"),
    "km_hem": _kilometres("Km från hemmet"),
    "hemmet": truths,
    "bil": BIL.column,
    "bilavtal": truths,
    "verksamhetsbil": truths,
    "resor_per_ar": _count("Resor per år", 10_000),
    "mil_per_ar": _count("Mil per år", 50_000),
    "akutresor_per_vecka": _count("Akutresor per vecka", 500),
    "poolbil": truths,
    "villkor": truths,
    "fardmedel": FARDMEDEL.column,
    "strackans_fardmedel": FARDMEDEL.column,
    "typ": TYP.column,
    "zon": ZON.column,
    "kostnad": _kronor("Kostnad"),
    "fran_plats": PLACES.column,
    "till_plats": PLACES.column,
    "kortpris": _kronor("Kortpris"),
    "antal_resor": _count("Antal resor", 100_000),
    "biljettpris": _kronor("Biljettpris"),
    "rabatterat_pris": _kronor("Rabatterat pris"),
    "pris_tjanst": _kronor("Pris tjänst"),
    "pris_vald": _kronor("Pris vald"),
    "betalt": _kronor("Betalt"),
    "begart": _kronor("Begärt"),
    "godkand_av": ROLLER.column,
    "periodkort_beslut": ROLLER.column,
    "avsteg_av": ROLLER.column,
    "skal": reasons,
    "kvitto": receipts,
    "overtid": _hours,
}
"""Column → reader. Amounts in kronor, distances in kilometres, times in hours or as clocks, as people write them."""
