"""Färdtid and färdtidsersättning: travel outside ordinary hours, paid in two tiers per calendar week (AB § 24)."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset, flag, round_half_up
from core.engine.clock import DAY, calendar_week, elapsed, overlap
from core.engine.units import WHOLE_SHARE
from core.fardtid.holidays import is_work_day

RULES = Ruleset()
rule, total = RULES.rule, RULES.total

LONGEST_JOURNEY = 31
"""Days; a longer unbroken journey is taken for a mistyped date."""


def _days_of_journey(avgang: Any, ankomst: Any) -> Any:
    """Calendar days that each journey touches."""
    days = ankomst // DAY - avgang // DAY + 1
    return np.where((days < 1) | (days > LONGEST_JOURNEY), 1, days)


def _person_week(person: Any, farddag: Any) -> Any:
    """One key per person and calendar week; a journey over Sunday midnight falls in two."""
    return person * 10_000 + calendar_week(farddag)


RULES.level("farddygn", parent="stracka", opens=_days_of_journey, dated_by="farddag")
RULES.level("vecka", child="farddygn", gathers=_person_week)


@rule("farddygn", "dag", "Färddag")
def farddag(avgang: Any, farddygn_nr: Any) -> Any:
    """Day number."""
    return avgang // DAY + farddygn_nr


@rule("farddygn", "minuter", "Restid under dygnet", refs=("L-7.5-1", "L-7.5-2"))
def restid(avgang: Any, ankomst: Any, farddag: Any) -> Any:
    """Minutes of travel and waiting during the day that really pass, also when clocks are changed."""
    start, end = overlap(avgang, ankomst, farddag * DAY, farddag * DAY + DAY)
    return flag(
        np.maximum(elapsed(start, end), 0),
        (ankomst < avgang, "#NUM!", "Ankomsten ligger före avfärden."),
        (
            ankomst - avgang > LONGEST_JOURNEY * DAY,
            "#NUM!",
            "Färden är längre än en månad. Kontrollera datumen.",
        ),
    )


@rule("farddygn", "ja/nej", "Ordinarie arbetsdag", refs=("L-7.5-5", "AB § 24"))
def arbetsdag(farddag: Any, fria_aftnar: Any) -> Any:
    """Monday to Friday, not a public holiday nor an eve that the policy names."""
    return is_work_day(farddag, fria_aftnar)


@rule("farddygn", "ja/nej", "Arbetsdag dagen före")
def arbetsdag_innan(farddag: Any, fria_aftnar: Any) -> Any:
    """The day before was a working day: its night shift may end today."""
    return is_work_day(farddag - 1, fria_aftnar)


def _inside(avgang: Any, ankomst: Any, from_: Any, to: Any) -> Any:
    return elapsed(*overlap(avgang, ankomst, from_, to))


def _shifts(arbetsdag: Any, arbetsdag_innan: Any, arbetstid_start: Any, arbetstid_slut: Any) -> Any:
    """The clocks between which the day is worked, as (from, to) twice.

    First the end of a shift that began the evening before, then the day's own shift, at most until midnight.
    """
    over_midnight = arbetstid_slut <= arbetstid_start
    own_end = np.where(over_midnight, DAY, arbetstid_slut)
    ended = np.where(over_midnight & arbetsdag_innan, arbetstid_slut, 0)
    return (0, ended), (arbetstid_start, np.where(arbetsdag, own_end, arbetstid_start))


@rule("farddygn", "minuter", "Restid under ordinarie arbetstid", refs=("L-7.5-5", "L-7.5-7"))
def restid_i_arbetstid(
    avgang: Any,
    ankomst: Any,
    farddag: Any,
    arbetsdag: Any,
    arbetsdag_innan: Any,
    arbetstid_start: Any,
    arbetstid_slut: Any,
) -> Any:
    """Minutes within the day's shift, and within the end of a shift that began the evening before."""
    midnight = farddag * DAY
    shifts = _shifts(arbetsdag, arbetsdag_innan, arbetstid_start, arbetstid_slut)
    return sum(_inside(avgang, ankomst, midnight + from_, midnight + to) for from_, to in shifts)


@rule("farddygn", "minuter", "Natt med sovplats", refs=("L-7.5-11",), only_with=("sovplats",))
def sovplatstid(
    avgang: Any,
    ankomst: Any,
    farddag: Any,
    sovplats: Any,
    sovplats_fran: Any,
    sovplats_till: Any,
    arbetsdag: Any,
    arbetsdag_innan: Any,
    arbetstid_start: Any,
    arbetstid_slut: Any,
) -> Any:
    """Minutes 22–06 when a berth was available at the employer's cost, used or not, outside the shift."""
    if not np.any(sovplats):
        return np.int64(0)
    midnight = farddag * DAY
    shifts = _shifts(arbetsdag, arbetsdag_innan, arbetstid_start, arbetstid_slut)
    minutes = 0
    for from_, to in ((0, sovplats_till), (sovplats_fran, DAY)):
        minutes = minutes + _inside(avgang, ankomst, midnight + from_, midnight + to)
        for shift_from, shift_to in shifts:
            latest, earliest = np.maximum(from_, shift_from), np.minimum(to, shift_to)
            minutes = minutes - _inside(avgang, ankomst, midnight + latest, midnight + earliest)
    return minutes * sovplats


@rule("farddygn", "minuter", "Färdtid under dygnet", refs=("L-7.5-5", "L-7.5-11"))
def farddygnsminuter(restid: Any, restid_i_arbetstid: Any, sovplatstid: Any) -> Any:
    """Minutes of travel outside ordinary hours and outside nights with a berth."""
    return np.maximum(restid - restid_i_arbetstid - sovplatstid, 0)


total("strackans_fardtid", "stracka", "farddygn", "farddygnsminuter", "timmar", "Färdtid", ("L-7.5-5",))
total("fardtid", "resa", "farddygn", "farddygnsminuter", "timmar", "Färdtid", ("L-7.5-5",))


@rule("vecka", "timmar", "Färdtid under kalenderveckan", over="farddygn", refs=("AB § 24",))
def veckominuter(veckans_dygn: Any, farddygnsminuter: Any) -> Any:
    """Minutes of the person's calendar week."""
    return veckans_dygn.sum(farddygnsminuter)


@rule("farddygn", "timmar", "Färdtid tidigare under veckan", within="vecka", refs=("AB § 24",))
def veckominuter_fore(veckans_dygn: Any, farddygnsminuter: Any, avgang: Any, farddag: Any) -> Any:
    """Minutes earlier in the same week, in the order they were travelled."""
    return veckans_dygn.running(farddygnsminuter, np.maximum(avgang, farddag * DAY))


@rule("farddygn", "", "Färdtid gånger andel av timlönen", refs=("AB § 24", "L-7.5-6"))
def viktade_minuter(
    farddygnsminuter: Any,
    veckominuter_fore: Any,
    veckominuter: Any,
    fardtid_nivagrans: Any,
    fardtid_minsta: Any,
    fardtid_andel_niva1: Any,
    fardtid_andel_niva2: Any,
) -> Any:
    """Minutes up to ten hours a week at the lower share, the rest at the higher; nothing below half an hour a week.

    The week is all that is known of it: its rows, or what is stated to have come before.
    """
    lower = np.clip(fardtid_nivagrans - veckominuter_fore, 0, farddygnsminuter)
    weighted = lower * fardtid_andel_niva1 + (farddygnsminuter - lower) * fardtid_andel_niva2
    week = np.maximum(veckominuter, veckominuter_fore + farddygnsminuter)
    return weighted * (week >= fardtid_minsta)


total("viktad_fardtid", "resa", "farddygn", "viktade_minuter", "", "Färdtid gånger andel av timlönen")


@rule("resa", "kr", "Heltidslön per månad", refs=("AB § 20",))
def heltidslon(manadslon: Any, sysselsattningsgrad: Any) -> Any:
    """Öre; a part-time salary is scaled up to full time."""
    return round_half_up(manadslon * WHOLE_SHARE, np.maximum(sysselsattningsgrad, 1))


@rule("resa", "kr", "Timlön", refs=("AB § 20", "AB § 24"))
def timlon(heltidslon: Any, timlon_divisor: Any) -> Any:
    """Öre per hour: the monthly salary divided by 165."""
    return round_half_up(heltidslon, np.maximum(timlon_divisor, 1))


@rule("resa", "", "Färdtid som ersätts gånger andel av timlönen")
def ersatt_fardtid(viktad_fardtid: Any, utanfor_orten: Any, fortroendevald: Any) -> Any:
    """Nothing within the place of business, and nothing for elected representatives, who have no such agreement."""
    employee = np.logical_not(fortroendevald)
    return flag(viktad_fardtid * (utanfor_orten & employee), relevant=employee)


@rule("resa", "kr", "Färdtidsersättning", refs=("AB § 24", "L-7.5-6"), tolerates=("heltidslon", "timlon_divisor"))
def fardtidsersattning(ersatt_fardtid: Any, heltidslon: Any, timlon_divisor: Any) -> Any:
    """Öre, taxable; the share of the unrounded hourly pay, rounded once. Without paid hours no salary is needed."""
    whole = 60 * np.maximum(timlon_divisor, 1) * WHOLE_SHARE
    return flag(round_half_up(ersatt_fardtid * heltidslon, whole), relevant=ersatt_fardtid > 0)
