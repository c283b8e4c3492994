"""Controls of the choice of mode: what the policy puts last, forbids, or asks a reason for."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.kontroll.controls import control, modes
from core.kontroll.words import SKAL
from core.vocabulary import CAR_MODES, FARDMEDEL, TYP, ZON

FLYG, TAG, BUSS, TAXI, PRIVAT = (FARDMEDEL[word] for word in ("flyg", "tåg", "buss", "taxi", "privat bil"))
_FORBIDDEN = modes("moped", "mc")
_BY_ROAD = modes(*CAR_MODES, "lätt lastbil", "taxi")
_PROCURED = modes("verksamhetsbil", "poolbil", "hyrbil", "leasingbil", "lätt lastbil")
_NO_TRAIN_NEEDED = modes("tåg", "digitalt")
_REASONS_FOR_OWN_CAR = [SKAL[word] for word in ("ingen ledig bil", "svårt att hämta bil", "annan omständighet")]
_CLEAN_TAXI = [TYP[word] for word in ("biogas", "el")]


@control(
    "Privat bil utan motiv",
    *("L-5.2-4", "L-4.1-4", "L-5.2-1"),
    grade="stopp",
    lifted_by="behörig chef",
    message="Skäl för privat bil saknas, och bilavtal finns inte.",
)
def privat_bil_utan_motiv(fardmedel: Any, skal: Any, bilavtal: Any) -> Any:
    """Own car with neither a reason nor an agreement."""
    return (fardmedel == PRIVAT) & (skal < 0) & ~bilavtal


@control(
    "Privat bil av annat skäl",
    *("L-5.2-4", "L-5.2-2"),
    lifted_by="behörig chef",
    message="Skälet för privat bil är inget av dem som godtas: ingen ledig bil, svårt att hämta bil eller "
    "annan omständighet.",
)
def privat_bil_annat_skal(fardmedel: Any, skal: Any, bilavtal: Any) -> Any:
    """Own car for a reason that is none of the three."""
    return (fardmedel == PRIVAT) & (skal >= 0) & ~np.isin(skal, _REASONS_FOR_OWN_CAR) & ~bilavtal


@control(
    "Moped eller motorcykel",
    "L-4.4-1",
    grade="stopp",
    lifted_by="behörig chef",
    message="Moped och motorcykel får inte användas på tjänsteresa.",
)
def moped_eller_mc(fardmedel: Any) -> Any:
    """A mode that is forbidden for its accidents."""
    return _FORBIDDEN[fardmedel]


@control(
    "Taxi utan skäl",
    *("L-4.4-3", "L-7.10-1"),
    grade="stopp",
    lifted_by="behörig chef",
    message="Skäl för taxi saknas: att kollektivtrafik saknas eller vore till betydande olägenhet.",
)
def taxi_utan_skal(fardmedel: Any, skal: Any) -> Any:
    """A taxi for no stated reason."""
    return (fardmedel == TAXI) & (skal < 0)


@control(
    "Taxi för bagage",
    "L-7.10-2",
    grade="stopp",
    lifted_by="behörig chef",
    message="Bagage är inget skäl för taxi.",
)
def taxi_for_bagage(fardmedel: Any, skal: Any) -> Any:
    """Ordinary luggage is no reason."""
    return (fardmedel == TAXI) & (skal == SKAL["bagage"])


@control("Taxins drivmedel", "L-4.4-4", grade="info", message="Taxi på biogas eller el ska väljas i första hand.")
def taxins_drivmedel(fardmedel: Any, typ: Any) -> Any:
    """A taxi that runs on something else, or it is not known on what."""
    return (fardmedel == TAXI) & ~np.isin(typ, _CLEAN_TAXI)


@control(
    "Flyg där tåg går",
    *("L-4.2-2", "S-13b", "L-4.3-2", "S-2"),
    lifted_by="behörig chef",
    message="Flyg på en sträcka där policyn sätter tåg eller buss före.",
)
def flyg_dar_tag_gar(
    fardmedel: Any, zon: Any, rangtabell: Any, enkel_stracka: Any, kontroll_tag_i_stallet_for_flyg: Any
) -> Any:
    """A flight no longer than the limit, in a zone where the policy ranks the train higher."""
    train_first = rangtabell is not None and rangtabell[TAG, zon] < rangtabell[FLYG, zon]
    return (fardmedel == FLYG) & train_first & (enkel_stracka <= kontroll_tag_i_stallet_for_flyg)


@control(
    "Inrikesflyg utan skäl",
    *("L-4.2-5", "L-4.2-3"),
    lifted_by="behörig chef",
    message="Inrikesflyg är ett undantag, och skälet är inte angivet.",
)
def inrikesflyg_utan_skal(fardmedel: Any, zon: Any, skal: Any) -> Any:
    """A domestic flight for no stated reason."""
    return (fardmedel == FLYG) & (zon <= ZON["inrikes"]) & (skal < 0)


@control(
    "Bil utan skäl där kollektivtrafik går före",
    *("L-4.1-2", "L-4.1-3", "L-4.2-3", "L-4.2-4"),
    grade="info",
    message="Policyn sätter kollektivtrafik före bil, och skälet till bil är inte angivet.",
)
def bil_utan_skal(fardmedel: Any, zon: Any, skal: Any, rangtabell: Any) -> Any:
    """A procured or hired car for no stated reason, where the policy ranks bus or train before it."""
    if rangtabell is None:
        return np.False_
    public = np.minimum(rangtabell[TAG, zon], rangtabell[BUSS, zon])
    return _PROCURED[fardmedel] & (public > 0) & (public < rangtabell[fardmedel, zon]) & (skal < 0)


@control(
    "Kort resa med bil",
    "L-4.1-1",
    grade="info",
    message="En så kort resa görs i första hand till fots eller med cykel.",
)
def kort_resa_med_bil(fardmedel: Any, enkel_stracka: Any, kontroll_kort_resa: Any) -> Any:
    """By car or taxi within the distance of a walk or a ride."""
    return _BY_ROAD[fardmedel] & (enkel_stracka <= kontroll_kort_resa)


@control(
    "Digitalt möte inte övervägt",
    *("L-4.2-1", "L-4.3-1", "S-2"),
    message="Det framgår inte att ett digitalt möte har övervägts.",
)
def digitalt_ej_overvagt(fardmedel: Any, digitalt_overvagt: Any) -> Any:
    """A trip for which no meeting over the net was considered."""
    return ~digitalt_overvagt & (fardmedel != FARDMEDEL["digitalt"])


@control(
    "Tåg inte undersökt",
    "L-4.3-2",
    lifted_by="behörig chef",
    message="Det framgår inte att möjligheten att resa med tåg har undersökts.",
)
def tag_ej_undersokt(fardmedel: Any, utrikesresa: Any, tag_undersokt: Any) -> Any:
    """Abroad by something else than train, the train not examined."""
    return utrikesresa & ~_NO_TRAIN_NEEDED[fardmedel] & ~tag_undersokt


@control("Bokad utanför avtal", "L-6.2-1", lifted_by="behörig chef", message="Resan är inte bokad genom avtal.")
def bokad_utanfor_avtal(bokad_i_avtal: Any, kostnad: Any) -> Any:
    """A ticket bought elsewhere than with the contracted suppliers."""
    return ~bokad_i_avtal & (kostnad > 0)


@control("Hotell utanför avtal", "L-6.2-4", lifted_by="behörig chef", message="Hotellet är inte bokat genom avtalet.")
def hotell_utanfor_avtal(hotell_i_avtal: Any, hotellkostnad: Any) -> Any:
    """A hotel paid outside the agreement."""
    return ~hotell_i_avtal & (hotellkostnad > 0)
