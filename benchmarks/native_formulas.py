"""The rules as formulas that are filled down beside the claims, and LibreOffice to recalculate them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import holidays

from benchmarks.claims_sheet import RESULTS

_SERIAL_1970: Final = 25_569
_EPOCH: Final = dt.date(1970, 1, 1)

# Columns of the sheet: D departure, E return, G km away, H–J breakfasts, lunches, dinners, K mode, L type, M km,
# N agreement. Helpers stand in P–V, the results in W–AB.
_HELPERS: Final = (
    ("Belopp", "IF(YEAR(D2)>=2026,300,290)"),
    ("Dagar", "INT(E2)-INT(D2)+1"),
    ("Hel avresedag", "IF(ROUND(MOD(D2,1)*1440,0)<=720,1,0)"),
    ("Hel hemresedag", "IF(ROUND(MOD(E2,1)*1440,0)>=1140,1,0)"),
    ("Natt", "IF(ROUNDUP(ROUND(D2*1440,0)/1440,0)*1440+360<=ROUND(E2*1440,0),1,0)"),
    ("Måldag hel", "IF(OR(R2=1,Q2>2,S2=1),1,0)"),
    ("Frukost måldag", "IF(AND(H2>0,R2=0,OR(Q2>2,S2=1)),1,0)"),
)
"""Amount a day, days, whole first day, whole last day, a night away, whether the day of lunch and dinner is a whole one
and whether it has a free breakfast."""

_BREAKFASTS: Final = "IF(H2>0,(Q2-2)*ROUND(P2*20/100,0)+IF(S2=1,ROUND(P2*20/100,0),ROUND(P2*10/100,0)),0)"
_MAINS: Final = (
    "IF(I2+J2=0,0,IF(I2+J2=1,ROUND(P2*(1+U2)/2*35/100,0),"
    "IF(V2=1,ROUND(P2*(1+U2)/2*90/100,0)-ROUND(P2*(1+U2)/2*20/100,0),ROUND(P2*(1+U2)/2*70/100,0))))"
)
_FACTOR: Final = (
    'IF(K2="tåg",700,IF(K2="buss",2700,IF(K2="flyg",26278,IF(L2="diesel",21450,IF(L2="bensin",20871,1400)))))'
)
"""Kilograms per 100,000 km; the surcharge is on the whole numbers, so that no öre is lost to binary fractions."""

_FORMULAS: Final = (
    f"IF(AND(T2=1,G2>50),P2*(Q2-(1-R2)/2-(1-S2)/2)-{_BREAKFASTS}-{_MAINS},0)",
    'IF(T2=1,"",(ROUND((E2-D2)*1440,0)-IF(OR(WEEKDAY(D2,2)>5,COUNTIF(Helgdagar!$A$1:$A$60,INT(D2))>0),0,'
    "MAX(0,MIN(ROUND(MOD(E2,1)*1440,0),1020)-MAX(ROUND(MOD(D2,1)*1440,0),480))))/60)",
    'IF(K2="privat bil",ROUND(M2*MIN(2.5,IF(N2="ja",3.7,2.9)),2),0)',
    'IF(K2="privat bil",ROUND(M2*IF(N2="ja",3.7,2.9),2)-ROUND(M2*2.5,2),0)',
    f"M2*{_FACTOR}/100000",
    f'IF(OR(K2="tåg",K2="buss"),0,ROUND(ROUND(M2*10,0)*{_FACTOR}*150/1000000,0)/100)',
)


def formulas(row: int) -> Sequence[tuple[str, str]]:
    """Heading and formula of every column to be added."""
    assert row == 2
    return [*_HELPERS, *zip(RESULTS, _FORMULAS, strict=True)]


def free_days() -> list[int]:
    """Serials of the public holidays and free eves of the years of the claims."""
    days = []
    for year in (2024, 2025, 2026):
        public = holidays.country_holidays("SE", years=year, language="sv", categories=("public",))
        midsummer = next(day for day, name in public.items() if "Midsommardagen" in name)
        eves = (dt.date(year, 12, 24), dt.date(year, 12, 31), midsummer - dt.timedelta(days=1))
        days += [(day - _EPOCH).days + _SERIAL_1970 for day in (*public, *eves)]
    return sorted(set(days))
