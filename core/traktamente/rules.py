"""Traktamente in Sweden and abroad: which days, which amount, which part is tax-free."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset, flag
from core.engine.clock import DAY, LAST_DAY, add_months
from core.engine.units import WHOLE_SHARE, share_of
from core.vocabulary import SVERIGE

RULES = Ruleset()
rule, total = RULES.rule, RULES.total

DAY_PARTS = ("–", "halv", "hel")
LONGEST_TRIP = 1100
"""Days; a longer trip is taken for a mistyped date."""
UNLIMITED = 10**9
"""More nights than any trip has: for what does not state when the trip ended."""


@rule("resa", "dag", "Avresedag")
def avresedag(avresa: Any) -> Any:
    """Day number of the departure."""
    return avresa // DAY


@rule("resa", "dag", "Hemkomstdag")
def hemkomstdag(hemkomst: Any) -> Any:
    """Day number of the return."""
    return hemkomst // DAY


@rule("resa", "dag", "Datum för resan")
def datum(avresedag: Any) -> Any:
    """The date that decides figures for the trip as a whole: the day of departure."""
    return avresedag


@rule("resa", "antal", "Antal dygn resan berör")
def antal_dygn(avresa: Any, hemkomst: Any, avresedag: Any, hemkomstdag: Any) -> Any:
    """Calendar days from departure to return, both counted. A trip that ends before it begins is an error."""
    days = hemkomstdag - avresedag + 1
    early, long = hemkomst < avresa, days > LONGEST_TRIP
    return flag(
        np.where(early | long, 1, days),
        (early, "#NUM!", "Hemkomsten ligger före avresan."),
        (long, "#NUM!", "Resan är längre än tre år. Kontrollera datumen."),
    )


@rule("resa", "ja/nej", "Minst en hel natt borta", refs=("IL 12:6", "L-7.4-1", "L-3-9"))
def overnattning(avresa: Any, hemkomst: Any, nattens_slut: Any) -> Any:
    """True when the trip covers at least one whole night, midnight to 06:00."""
    first_midnight = -(-avresa // DAY) * DAY
    return first_midnight + nattens_slut <= hemkomst


@rule(
    "resa",
    "ja/nej",
    "Utanför verksamhetsorten",
    refs=("IL 12:7", "L-7.3-2", "L-7.4-1"),
    only_with=("avstand",),
    otherwise=True,
)
def utanfor_orten(avstand: Any, verksamhetsort_radie: Any) -> Any:
    """True when the errand lies more than 50 km away; exactly 50 km is inside. True where no distance is stated."""
    return avstand > verksamhetsort_radie


@rule("resa", "ja/nej", "Rätt till traktamente", refs=("IL 12:6", "IL 12:7", "L-7.4-1"))
def ratt_till_traktamente(overnattning: Any, utanfor_orten: Any) -> Any:
    """A night away, outside the usual place of business."""
    return overnattning & utanfor_orten


@rule("resa", "ja/nej", "Hel avresedag", refs=("IL 12:10", "L-7.4-5"))
def hel_avresedag(avresa: Any, hel_avresedag_senast: Any) -> Any:
    """The day of departure pays a whole amount, by the policy's clock."""
    return avresa % DAY <= hel_avresedag_senast


@rule("resa", "ja/nej", "Hel hemresedag", refs=("IL 12:10", "L-7.4-6"))
def hel_hemresedag(hemkomst: Any, hel_hemresedag_tidigast: Any) -> Any:
    """The day of return pays a whole amount, by the policy's clock."""
    return hemkomst % DAY >= hel_hemresedag_tidigast


@rule("resa", "ja/nej", "Hel avresedag enligt lagen", refs=("IL 12:10",))
def hel_avresedag_lag(avresa: Any, lagens_avresetid: Any) -> Any:
    """Departure before 12:00 is a whole day of tax freedom; 12:00 sharp is half."""
    return avresa % DAY <= lagens_avresetid


@rule("resa", "ja/nej", "Hel hemresedag enligt lagen", refs=("IL 12:10",))
def hel_hemresedag_lag(hemkomst: Any, lagens_hemkomsttid: Any) -> Any:
    """Return after 19:00 is a whole day of tax freedom; 19:00 sharp is half."""
    return hemkomst % DAY >= lagens_hemkomsttid


@rule("dygn", "dag", "Datum")
def dag(avresedag: Any, dygn_nr: Any) -> Any:
    """Day number of this day of the trip."""
    return avresedag + dygn_nr


def _whole_day(on_departure: Any, on_return: Any, is_first: Any, is_last: Any) -> Any:
    return (on_departure | ~is_first) & (on_return | ~is_last)


@rule("dygn", "ja/nej", "Hel dag", refs=("IL 12:10", "L-7.4-5", "L-7.4-6"))
def hel_dag(hel_avresedag: Any, hel_hemresedag: Any, dygn_forst: Any, dygn_sist: Any) -> Any:
    """A whole day is paid; days between departure and return always are."""
    return _whole_day(hel_avresedag, hel_hemresedag, dygn_forst, dygn_sist)


@rule("dygn", "ja/nej", "Hel dag enligt lagen", refs=("IL 12:10",))
def hel_dag_lag(hel_avresedag_lag: Any, hel_hemresedag_lag: Any, dygn_forst: Any, dygn_sist: Any) -> Any:
    """A whole day is tax-free."""
    return _whole_day(hel_avresedag_lag, hel_hemresedag_lag, dygn_forst, dygn_sist)


@rule("resa", "dag", "Första dag efter tre månader på orten", refs=("IL 12:21",))
def tremanadersdag(langtid_fran: Any) -> Any:
    """Day number of the first day after three calendar months at one place; the end of time if not stated."""
    return np.where(langtid_fran > 0, add_months(langtid_fran, 3), LAST_DAY + 1)


@rule("resa", "dag", "Första dag efter två år på orten", refs=("IL 12:21",))
def tvaarsdag(langtid_fran: Any) -> Any:
    """Day number of the first day after two years at one place, the first three months included."""
    return np.where(langtid_fran > 0, add_months(langtid_fran, 24), LAST_DAY + 1)


@rule("dygn", "andel", "Andel av dagsbeloppet efter tid på orten", refs=("IL 12:21",), only_with=("langtid_fran",))
def langtidsandel(
    dag: Any, tremanadersdag: Any, tvaarsdag: Any, langtid_andel_tre_manader: Any, langtid_andel_tva_ar: Any
) -> Any:
    """0 during the first three months (no reduction), then 70 %, after two years 50 %."""
    later = np.where(dag >= tvaarsdag, langtid_andel_tva_ar, langtid_andel_tre_manader)
    return np.where(dag >= tremanadersdag, later, 0)


def _day_share(whole: Any, right: Any, long_stay: Any, half: Any) -> Any:
    share = half + whole * (WHOLE_SHARE - half)
    if np.ndim(long_stay) or long_stay:
        share = np.where(long_stay > 0, np.where(whole, long_stay, 0), share)
    return share * right


@rule("dygn", "andel", "Dygnets andel av helt belopp", refs=("IL 12:10", "IL 12:21", "L-7.4-5", "L-7.4-6"))
def dygnsandel(hel_dag: Any, ratt_till_traktamente: Any, langtidsandel: Any, halvdagsandel: Any) -> Any:
    """Whole or half; after three months 70 % of whole days and nothing for half days."""
    return _day_share(hel_dag, ratt_till_traktamente, langtidsandel, halvdagsandel)


@rule("dygn", "andel", "Dygnets skattefria andel av helt belopp", refs=("IL 12:10", "IL 12:21"))
def skattefri_dygnsandel(hel_dag_lag: Any, ratt_till_traktamente: Any, langtidsandel: Any, halvdagsandel: Any) -> Any:
    """As `dygnsandel`, by the clock of the Act."""
    return _day_share(hel_dag_lag, ratt_till_traktamente, langtidsandel, halvdagsandel)


@rule("dygn", "dygnsdel", "Dygnets del", refs=("IL 12:10", "IL 12:21"))
def dygnsdel(dygnsandel: Any, hel_dag: Any) -> Any:
    """Place in DAY_PARTS: nothing, half or whole."""
    return np.where(dygnsandel == 0, 0, np.where(hel_dag, 2, 1))


@rule("dygn", "land", "Dygnets land", refs=("IL 12:12", "L-7.4.1-1"))
def dygnsland(land: Any) -> Any:
    """The country whose amount the day has: the trip's one country, when no legs are stated."""
    return land


@rule("dygn", "ja/nej", "Dygnet räknas som utrikes", refs=("IL 12:12", "IL 12:17"))
def utrikes(dygnsland: Any) -> Any:
    """True where foreign amounts and meal shares hold."""
    return dygnsland != SVERIGE


@rule(
    "dygn",
    "kr",
    "Dygnets belopp före måltidsavdrag",
    refs=("IL 12:11", "IL 12:14", "IL 12:15", "L-7.4-7"),
    tolerates=("normalbelopp",),
)
def dygnsbelopp(normalbelopp: Any, dygnsandel: Any) -> Any:
    """Öre; half of an odd amount keeps its 50 öre. An amount that is not known matters only where a share is paid."""
    return flag(share_of(normalbelopp, dygnsandel), relevant=dygnsandel > 0)


@rule(
    "dygn",
    "kr",
    "Dygnets skattefria belopp före måltidsavdrag",
    refs=("IL 12:11", "IL 12:14", "IL 12:15"),
    tolerates=("normalbelopp",),
)
def skattefritt_dygnsbelopp(normalbelopp: Any, skattefri_dygnsandel: Any) -> Any:
    """Öre."""
    return flag(share_of(normalbelopp, skattefri_dygnsandel), relevant=skattefri_dygnsandel > 0)


@rule("dygn", "kr", "Dygnets traktamente", refs=("L-7.4-3", "IL 12:17"))
def dygnstraktamente(dygnsbelopp: Any, maltidsavdrag: Any) -> Any:
    """Öre paid for the day."""
    return dygnsbelopp - maltidsavdrag


@rule("dygn", "kr", "Dygnets skattefria traktamente", refs=("IL 12:10", "IL 12:17", "L-7.4-4"))
def skattefritt_dygn(dygnstraktamente: Any, skattefritt_dygnsbelopp: Any, skattefritt_maltidsavdrag: Any) -> Any:
    """Öre; never more than what is paid."""
    return np.minimum(dygnstraktamente, skattefritt_dygnsbelopp - skattefritt_maltidsavdrag)


@rule("dygn", "kr", "Dygnets skattepliktiga traktamente", refs=("IL 11:1",))
def skattepliktigt_dygn(dygnstraktamente: Any, skattefritt_dygn: Any) -> Any:
    """Öre above the tax-free amount; it is salary."""
    return dygnstraktamente - skattefritt_dygn


total("traktamente", "resa", "dygn", "dygnstraktamente", "kr", "Traktamente", ("L-7.4-1",))
total("skattefritt", "resa", "dygn", "skattefritt_dygn", "kr", "Skattefritt traktamente", ("L-7.4-4", "IL 12:6"))
total("skattepliktigt", "resa", "dygn", "skattepliktigt_dygn", "kr", "Skattepliktigt traktamente", ("IL 11:1",))


@rule("resa", "kr", "Landets normalbelopp", refs=("IL 12:11", "IL 12:12"))
def landets_normalbelopp(normalbelopp: Any) -> Any:
    """Öre per whole day in the trip's country; for Sweden the maximum amount."""
    return normalbelopp


@rule("resa", "kr", "Nattraktamente per natt", refs=("IL 12:13", "L-7.4-8"))
def nattbelopp(normalbelopp: Any, nattandel: Any) -> Any:
    """Öre for a night in private lodging without proven cost: half the country's whole amount."""
    return share_of(normalbelopp, nattandel)


@rule("resa", "", "Nätter som kan ge nattraktamente", only_with=("hemkomst",), otherwise=UNLIMITED)
def mojliga_natter(natter_borta: Any, antal_dygn: Any) -> Any:
    """Whole nights, midnight to 06:00, of a trip whose return is stated, else no limit. Never more than the days,
    whose errors are this one's too: a trip that ends before it begins."""
    return np.minimum(natter_borta, antal_dygn)


@rule(
    "resa",
    "kr",
    "Nattraktamente",
    refs=("IL 12:6", "IL 12:7", "IL 12:13", "L-7.4-8"),
    tolerates=("mojliga_natter", "utanfor_orten"),
)
def nattraktamente(nattbelopp: Any, privata_natter: Any, mojliga_natter: Any, utanfor_orten: Any) -> Any:
    """Öre; never reduced for meals nor after three months. Nothing within the place of business, as for traktamente."""
    return flag(
        nattbelopp * privata_natter * utanfor_orten,
        (
            privata_natter > mojliga_natter,
            "#NUM!",
            "Nätterna i privat logi är fler än resans hela nätter (00.00–06.00).",
        ),
        relevant=privata_natter > 0,
    )
