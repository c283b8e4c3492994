"""Controls between trips: of one person, of one person's year, of one departure."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine.clock import DAY
from core.kontroll.controls import RULES, control, modes
from core.vocabulary import FARDMEDEL

_SHARED = modes("buss", "tåg", "spårvagn", "färja", "taxi", "verksamhetsbil", "poolbil", "hyrbil", "leasingbil", "flyg")
_OWN_CAR = FARDMEDEL["privat bil"]
_NEVER = 0


def _person(person: Any) -> Any:
    """One key per person."""
    return person


def _person_year(person: Any, datum: Any) -> Any:
    """One key per person and calendar year."""
    year = np.asarray(datum).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)
    return person * 10_000 + year


def _departure(avresa: Any, fardmedel: Any, resmalskod: Any) -> Any:
    """One key per point in time, mode and destination."""
    return (avresa * 64 + fardmedel + 1) * 200_000 + resmalskod + 1


RULES.level("person", child="resa", gathers=_person)
RULES.level("personar", child="resa", gathers=_person_year)
RULES.level("gemensam_avgang", child="resa", gathers=_departure)


def _end(avresa: Any, hemkomst: Any) -> Any:
    """The return of a trip; a trip whose departure could not be read ends never."""
    return np.where(avresa > 0, hemkomst, _NEVER)


@control(
    "Stor grupp",
    "L-6.4-1",
    within="gemensam_avgang",
    message="Många reser tillsammans med samma färdmedel; pröva att dela gruppen.",
)
def stor_grupp(group: Any, avresa: Any, fardmedel: Any, resmalskod: Any, kontroll_gruppens_storlek: Any) -> Any:
    """More persons on one departure, by one shared mode to one place, than the limit."""
    known = _SHARED[fardmedel] & (fardmedel >= 0) & (resmalskod >= 0) & (avresa > 0)
    return known & (group.sum(1)[group.owner] > kontroll_gruppens_storlek)


@control(
    "Överlappande resor",
    *("L-7.6-2", "IL 12:10"),
    grade="stopp",
    within="person",
    message="Resan överlappar en annan resa av samma person.",
)
def overlappande_resor(person: Any, avresa: Any, hemkomst: Any) -> Any:
    """Began before an earlier trip of the person was over."""
    return (avresa > 0) & (avresa < person.running_largest(_end(avresa, hemkomst), avresa, _NEVER))


@control(
    "Två hela dagar samma datum",
    *("IL 12:10", "L-7.4-4"),
    grade="stopp",
    within="person",
    message="Två resor ger vardera ett helt traktamente för samma datum.",
)
def tva_hela_dagar(
    person: Any,
    avresa: Any,
    hemkomst: Any,
    ratt_till_traktamente: Any,
    hel_avresedag: Any,
    hel_hemresedag: Any,
) -> Any:
    """Departs with a whole day's amount on a day that an earlier trip is paid whole."""
    paid_trip = ratt_till_traktamente & (avresa > 0)
    last_whole_day = np.where(paid_trip, hemkomst // DAY - ~hel_hemresedag, _NEVER)
    paid = person.running_largest(last_whole_day, avresa, _NEVER)
    return paid_trip & hel_avresedag & (avresa // DAY <= paid)


@control("Dygnsvila", "L-7.7-4", within="person", message="Tiden mellan resorna är kortare än dygnsvilan.")
def kort_dygnsvila(person: Any, avresa: Any, hemkomst: Any, kontroll_dygnsvila: Any) -> Any:
    """Departed after the person's latest return, but sooner than a day's rest."""
    rest = avresa - person.running_largest(_end(avresa, hemkomst), avresa, _NEVER)
    return (avresa > 0) & (rest >= 0) & (rest < kontroll_dygnsvila)


@control(
    "Bilavtal bör prövas",
    "L-5.1-3",
    grade="info",
    within="personar",
    message="Så många resor eller mil med privat bil på ett år att bilavtal bör prövas.",
)
def bilavtal_bor_provas(
    year: Any,
    fardmedel: Any,
    km: Any,
    datum: Any,
    bilavtal: Any,
    bilavtal_resor_per_ar: Any,
    bilavtal_mil_per_ar: Any,
) -> Any:
    """The trip by own car with which the person's year reaches one of the limits, without an agreement."""
    own = (fardmedel == _OWN_CAR) & ~bilavtal
    trips, metres = year.running(own, datum), year.running(own * km, datum)
    limit = bilavtal_mil_per_ar * 10_000
    before = (trips < bilavtal_resor_per_ar) & (metres < limit)
    return own & before & ((trips + 1 >= bilavtal_resor_per_ar) | (metres + km >= limit))


@control(
    "Bilavtal utan kriterier",
    "L-5.1-3",
    grade="info",
    within="personar",
    message="Bilavtal, men årets resor och mil med privat bil når inte kriterierna.",
)
def bilavtal_utan_kriterier(
    year: Any,
    fardmedel: Any,
    km: Any,
    datum: Any,
    bilavtal: Any,
    bilavtal_resor_per_ar: Any,
    bilavtal_mil_per_ar: Any,
) -> Any:
    """The first trip by own car under an agreement in a year below both limits."""
    agreed = (fardmedel == _OWN_CAR) & bilavtal
    trips, metres = year.sum(agreed)[year.owner], year.sum(agreed * km)[year.owner]
    few = (trips < bilavtal_resor_per_ar) & (metres < bilavtal_mil_per_ar * 10_000)
    return agreed & few & (year.running(agreed, datum) == 0)
