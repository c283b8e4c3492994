"""Trips over several places: the country of each day, from the legs travelled (IL 12:12, L-7.4.1)."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset, flag
from core.engine.clock import DAY, overlap
from core.vocabulary import SVERIGE

RULES = Ruleset()
rule = RULES.rule


def _days_of_stay(vistelse_start: Any, vistelse_slut: Any) -> Any:
    """Calendar days that each stay touches; none for a stay without length."""
    lasts = vistelse_slut > vistelse_start
    return np.where(lasts, (vistelse_slut - 1) // DAY - vistelse_start // DAY + 1, 0)


def _row_of_day(forsta_dygn: Any, vistelsedag: Any, avresedag: Any, antal_dygn: Any) -> Any:
    """The trip's row of this day."""
    return forsta_dygn + np.clip(vistelsedag - avresedag, 0, antal_dygn - 1)


RULES.level(
    "vistelsedygn",
    parent="stracka",
    opens=_days_of_stay,
    links={"dygn": _row_of_day},
    dated_by="vistelsedag",
    keyed_by={"land": "fran_land"},
)


@rule("resa", "tidpunkt", "Avresa", over="stracka", requires="stracka")
def avresa(strackor: Any, avgang: Any) -> Any:
    """The trip begins with its first leg."""
    return strackor.first(avgang)


@rule("resa", "tidpunkt", "Hemkomst", over="stracka", requires="stracka")
def hemkomst(strackor: Any, provad_ankomst: Any) -> Any:
    """The trip ends with its last leg."""
    return strackor.last(provad_ankomst)


@rule("resa", "", "Antal delsträckor", over="stracka")
def antal_strackor(strackor: Any, provad_ankomst: Any) -> Any:
    """Legs stated for the trip; 0 where the trip has none. It carries the error of a leg without a stay."""
    return strackor.sizes()


@rule("stracka", "land", "Från land", within="resa")
def fran_land(strackor: Any, till_land: Any) -> Any:
    """Where the leg begins: where the one before ended, at first Sweden."""
    return strackor.previous(till_land, SVERIGE)


@rule("stracka", "ja/nej", "Tiden räknas inte till något land", refs=("IL 12:12", "L-7.4.1-2", "SKV A 2019:24"))
def bortses_fran(fran_land: Any, till_land: Any, strackans_fardmedel: Any, internationell_trafik: Any) -> Any:
    """A leg between countries by a mode that the policy counts as international traffic."""
    return (fran_land != till_land) & np.asarray(internationell_trafik)[strackans_fardmedel]


@rule("stracka", "tidpunkt", "Vistelsens början", within="resa", refs=("L-7.4.1-3",))
def vistelse_start(strackor: Any, avgang: Any, ankomst: Any) -> Any:
    """The stay before this leg begins when the traveller arrived, by the clock of that place."""
    previous = strackor.previous(ankomst, np.int64(0))
    return np.where(previous == 0, avgang, previous)


@rule("stracka", "", "Ankomst efter prövning av sträckan", within="resa")
def provad_ankomst(strackor: Any, avgang: Any, ankomst: Any, till_land: Any, vistelse_start: Any) -> Any:
    """The arrival; legs that overlap, arrive before they leave or end the trip abroad are errors."""
    return flag(
        ankomst,
        (vistelse_start > avgang, "#NUM!", "En delsträcka avgår innan den föregående har kommit fram."),
        (ankomst < avgang - DAY, "#NUM!", "En delsträcka kommer fram före avgången."),
        (strackor.is_last & (till_land != SVERIGE), "#VALUE!", "Sista delsträckan ska komma till Sverige."),
    )


@rule("stracka", "tidpunkt", "Vistelsens slut", refs=("IL 12:12", "L-7.4.1-2"))
def vistelse_slut(avgang: Any, ankomst: Any, bortses_fran: Any) -> Any:
    """The stay lasts until departure; time on a leg that is not left out counts where it began."""
    return np.where(bortses_fran, avgang, np.maximum(avgang, ankomst))


@rule("resa", "", "Resans första dygn", over="dygn")
def forsta_dygn(dygnen: Any, dygn_forst: Any) -> Any:
    """Row of the trip's first day among all days."""
    return np.flatnonzero(dygn_forst)


@rule("vistelsedygn", "dag", "Datum för vistelsen")
def vistelsedag(vistelse_start: Any, vistelsedygn_nr: Any) -> Any:
    """Day number."""
    return vistelse_start // DAY + vistelsedygn_nr


@rule("vistelsedygn", "minuter", "Vistelse 06–24", refs=("IL 12:12", "L-7.4.1-1", "L-7.4.1-3"))
def vistelseminuter(vistelse_start: Any, vistelse_slut: Any, vistelsedag: Any, jamforelse_fran: Any) -> Any:
    """Minutes of the stay between 06:00 and 24:00 of the day."""
    midnight = vistelsedag * DAY
    start, end = overlap(vistelse_start, vistelse_slut, midnight + jamforelse_fran, midnight + DAY)
    return end - start


@rule(
    "dygn",
    "land",
    "Land med längst vistelse",
    over="vistelsedygn",
    refs=("IL 12:12", "L-7.4.1-1"),
    tolerates=("normalbelopp",),
)
def langsta_vistelse(vistelser: Any, fran_land: Any, vistelseminuter: Any, normalbelopp: Any) -> Any:
    """The country of the longest stay 06–24, the higher amount when equal; -1 where no time counts.

    An amount that is not known counts as the higher, so that the day is an error and not a guess.
    """
    known = np.where(normalbelopp > 0, normalbelopp, 2**31 - 1)
    return vistelser.largest(fran_land, vistelseminuter, known, -1)


@rule("dygn", "land", "Dygnets land", requires="stracka", refs=("IL 12:12", "L-7.4.1-1", "L-7.4.1-4"))
def dygnsland(antal_strackor: Any, langsta_vistelse: Any, land: Any) -> Any:
    """The longest stay's country; Sweden for a day spent wholly on international transport."""
    by_legs = np.where(langsta_vistelse < 0, SVERIGE, langsta_vistelse)
    return np.where(antal_strackor > 0, by_legs, land)
