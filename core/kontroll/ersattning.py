"""Controls of what is claimed: what the policy does not pay, or pays only by decision."""

from __future__ import annotations

from typing import Any

from core.kontroll.controls import control, modes

_PAID_BY_KM = modes("privat bil", "förmånsbil")


@control(
    "Traktamente inom orten",
    *("IL 12:7", "L-7.4-1"),
    message="Förrättningen ligger inom den vanliga verksamhetsorten; natten ger inget traktamente.",
)
def traktamente_inom_orten(overnattning: Any, utanfor_orten: Any) -> Any:
    """A night within 50 kilometres."""
    return overnattning & ~utanfor_orten


@control(
    "Hotell och privat logi",
    *("IL 12:13", "L-7.4-8"),
    message="Alla nätter är uppgivna som privat logi, men resan har också en hotellkostnad.",
)
def hotell_och_privat_logi(hotellkostnad: Any, privata_natter: Any, mojliga_natter: Any) -> Any:
    """A hotel was paid on a trip whose every night was in private lodging."""
    return (hotellkostnad > 0) & (privata_natter > 0) & (privata_natter == mojliga_natter)


@control(
    "Resa till arbetet",
    *("L-3-2", "L-7.1-2"),
    grade="stopp",
    message="Sträckan är inte längre än den vanliga resan till arbetet och ersätts inte.",
)
def resa_till_arbetet(fardmedel: Any, km: Any, normal_km: Any) -> Any:
    """Kilometres claimed that are the ordinary way to work."""
    return _PAID_BY_KM[fardmedel] & (km > 0) & (km <= normal_km)


@control(
    "Eget periodkort",
    "L-7.8-4",
    grade="stopp",
    lifted_by="behörig chef",
    message="Resa på eget månadskort ersätts inte.",
)
def eget_periodkort_begart(eget_periodkort: Any, kostnad: Any) -> Any:
    """A ticket claimed for a trip on a card bought for private use."""
    return eget_periodkort & (kostnad > 0)


@control("Böter", "L-7.13-1", grade="stopp", message="Böter betalar medarbetaren själv.")
def boter_begarda(boter: Any) -> Any:
    """A fine is claimed."""
    return boter > 0


@control(
    "Parkeringsböter",
    *("L-7.13-2", "L-7.13-1"),
    grade="stopp",
    lifted_by="förvaltningschef",
    message="Parkeringsböter ersätts bara om det finns synnerliga skäl.",
)
def parkeringsboter_begarda(parkeringsboter: Any) -> Any:
    """A parking fine is claimed."""
    return parkeringsboter > 0


@control("Återbetalning behållen", "L-7.12-2", message="Återbetalningen tillhör kommunen och är inte redovisad.")
def aterbetalning_behallen(aterbetalning: Any, aterbetalning_lamnad: Any) -> Any:
    """Money paid back by a carrier that was not handed over."""
    return (aterbetalning > 0) & ~aterbetalning_lamnad


@control("Bonus behållen", "L-7.12-1", message="Bonus och förmåner från resan tillhör kommunen.")
def bonus_kvar_hos_resenaren(bonus_behallen: Any) -> Any:
    """Bonus that the traveller kept."""
    return bonus_behallen


@control(
    "Reseförskott",
    *("L-7.11-1", "L-7.11-2"),
    lifted_by="behörig chef",
    message="Kontant förskott ges bara undantagsvis.",
)
def reseforskott(forskott: Any) -> Any:
    """An advance was paid."""
    return forskott > 0


@control(
    "Övertid och färdtid",
    *("L-7.5-13", "L-7.5-14", "AB § 24"),
    grade="stopp",
    message="Både övertid och färdtid på samma resa; samma timmar ersätts bara en gång, och övertid under resa "
    "ska vara beordrad i förväg av behörig chef.",
)
def overtid_och_fardtid(overtid: Any, fardtid: Any) -> Any:
    """Overtime is claimed on a trip that has hours of travel."""
    return (overtid > 0) & (fardtid > 0)


@control(
    "Övertid vid kurs",
    *("L-7.7-1", "L-7.7-2"),
    message="Övertid begärd för kurs, konferens eller studiebesök; sådan tid ger i regel ingen övertidskompensation.",
)
def overtid_vid_kurs(kurs: Any, overtid: Any) -> Any:
    """Overtime on a trip to a course or the like."""
    return kurs & (overtid > 0)


@control(
    "Färdtid efter egen förlängning",
    "L-7.6-5",
    message="Resan är förlängd på eget initiativ; hemresan ger ingen färdtidsersättning.",
)
def fardtid_efter_egen_forlangning(egen_forlangning: Any, fardtid: Any) -> Any:
    """Hours of travel on a trip that the traveller chose to prolong."""
    return egen_forlangning & (fardtid > 0)


@control(
    "Dyrare biljett vid ledighet",
    *("L-7.6-4", "L-7.6-6"),
    message="Ledighet i anslutning till resan gjorde biljetten dyrare; medarbetaren betalar skillnaden.",
)
def dyrare_biljett_vid_ledighet(ledighet: Any, pris_vald: Any, pris_tjanst: Any) -> Any:
    """The ticket of the chosen day costs more than that of the errand's day."""
    return ledighet & (pris_vald > pris_tjanst)


@control(
    "Prisjämförelse saknas",
    "L-7.6-7",
    message="Ledighet i anslutning till resan, och biljettpriserna är inte jämförda före resan.",
)
def prisjamforelse_saknas(ledighet: Any, prisjamforelse: Any) -> Any:
    """Leave next to the trip without a comparison of prices."""
    return ledighet & ~prisjamforelse
