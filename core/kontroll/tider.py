"""Controls of deadlines and clocks."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine.clock import add_months
from core.kontroll.controls import control

_LONG_STAY = 3
_SHORT_ASSIGNMENT = 1
_SHORTEST_MONTH = 28


@control("Reseräkning för sen", "L-6.1-2", "L-7.2-2", message="Reseräkningen lämnades in sent efter hemkomsten.")
def sen_reserakning(inlamnad_dag: Any, hemkomstdag: Any, kontroll_inlamning_dagar: Any) -> Any:
    """Claimed later than the days allowed after the return."""
    return inlamnad_dag > hemkomstdag + kontroll_inlamning_dagar


@control("Reseräkning saknas", "L-7.2-6", "L-6.1-3", grade="info", message="Reseräkningen har ingen inlämningsdag.")
def reserakning_saknas(inlamnad_dag: Any) -> Any:
    """No day of claim."""
    return inlamnad_dag == 0


@control(
    "Reseräkning före hemkomst",
    *("L-6.1-2", "L-7.2-2"),
    message="Uppgifterna motsäger varandra: reseräkningen lämnades in före hemkomsten.",
)
def reserakning_fore_hemkomst(inlamnad_dag: Any, hemkomstdag: Any) -> Any:
    """Claimed before the trip was over."""
    return (inlamnad_dag > 0) & (inlamnad_dag < hemkomstdag)


@control("Sent bokad", "L-6.2-3", grade="info", message="Resan bokades sent; tidig bokning ger bättre villkor.")
def sent_bokad(bokad_dag: Any, avresedag: Any, kontroll_bokning_dagar: Any) -> Any:
    """Booked fewer days before the departure than is good."""
    return (bokad_dag > 0) & (avresedag - bokad_dag < kontroll_bokning_dagar)


@control(
    "Utlandsresa inte anmäld",
    *("L-6.3-1", "L-6.3-4"),
    grade="stopp",
    lifted_by="behörig chef",
    message="Utlandsresan är inte anmäld till säkerhetsenheten.",
)
def utlandsresa_ej_anmald(utrikesresa: Any, anmald_dag: Any) -> Any:
    """Abroad and never reported."""
    return utrikesresa & (anmald_dag == 0)


@control(
    "Utlandsresa sent anmäld",
    *("L-6.3-1", "L-6.3-4"),
    lifted_by="behörig chef",
    message="Utlandsresan anmäldes senare än policyn kräver.",
)
def utlandsresa_sent_anmald(
    utrikesresa: Any, anmald_dag: Any, avresedag: Any, kontroll_utlandsanmalan_dagar: Any
) -> Any:
    """Abroad and reported fewer days before the departure than asked for."""
    return utrikesresa & (anmald_dag > 0) & (avresedag - anmald_dag < kontroll_utlandsanmalan_dagar)


@control(
    "Ombokning inte anmäld", "L-6.3-6", message="Utlandsresan bokades om efter anmälan; ombokningen är inte anmäld."
)
def ombokning_ej_anmald(utrikesresa: Any, anmald_dag: Any, ombokad_dag: Any, ombokning_anmald: Any) -> Any:
    """Abroad and rebooked after the report, without a new one."""
    return utrikesresa & (anmald_dag > 0) & (ombokad_dag > anmald_dag) & ~ombokning_anmald


@control(
    "Kursprogram för sent",
    "L-7.7-3",
    message="Programmet lämnades inte ut i tid före kursen; arbete utanför ordinarie tid kan ge rätt till "
    "övertidsersättning.",
)
def program_for_sent(kurs: Any, program_dag: Any, avresedag: Any, kontroll_program_dagar: Any) -> Any:
    """A course whose programme came late or not at all."""
    return kurs & (avresedag - program_dag < kontroll_program_dagar) | kurs & (program_dag == 0)


@control(
    "Avresa exakt 12.00",
    *("L-7.4-5", "IL 12:10"),
    grade="info",
    message="Avresa på gränsen: policyn ger hel dag, lagen godtar bara en halv som skattefri.",
)
def avresa_pa_gransen(ratt_till_traktamente: Any, hel_avresedag: Any, hel_avresedag_lag: Any) -> Any:
    """A day of departure that is whole by the policy and half by law."""
    return ratt_till_traktamente & hel_avresedag & ~hel_avresedag_lag


@control(
    "Hemkomst exakt 19.00",
    *("L-7.4-6", "IL 12:10"),
    grade="info",
    message="Hemkomst på gränsen: policyn ger hel dag, lagen godtar bara en halv som skattefri.",
)
def hemkomst_pa_gransen(ratt_till_traktamente: Any, hel_hemresedag: Any, hel_hemresedag_lag: Any) -> Any:
    """A day of return that is whole by the policy and half by law."""
    return ratt_till_traktamente & hel_hemresedag & ~hel_hemresedag_lag


@control(
    "Längre än en månad",
    "IL 12:9",
    grade="info",
    message="Resan är längre än en månad; bara kortare arbete på annan ort räknas utan vidare som tjänsteresa.",
)
def langre_an_en_manad(avresedag: Any, hemkomstdag: Any) -> Any:
    """Away for more than a month."""
    long = hemkomstdag - avresedag >= _SHORTEST_MONTH
    return long & (hemkomstdag >= add_months(avresedag, _SHORT_ASSIGNMENT)) if np.any(long) else long


@control(
    "Långtidsförrättning",
    *("IL 12:18", "IL 12:6"),
    grade="info",
    message="Mer än tre månader på samma ort: kontrollera att något av lagens skäl för tillfälligt arbete finns.",
)
def langtidsforrattning(langtid_fran: Any, hemkomstdag: Any) -> Any:
    """A stay at one place beyond three months."""
    return (langtid_fran > 0) & (hemkomstdag >= add_months(langtid_fran, _LONG_STAY))
