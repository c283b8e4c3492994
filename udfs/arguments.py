"""The arguments of the worksheet functions, as the user is told about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from core.vocabulary import BIL, FARDMEDEL, TYP, ZON


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument. `shape` is `kolumn` (one value or a column), `tabell` (a range) or `värde` (one value only);
    `choices` are the words that may be written, where they are few."""

    title: str
    description: str
    shape: str = "kolumn"
    choices: tuple[str, ...] = ()


FORMS: Final = "till exempel 2026-03-10 07:00"

Avresa = Annotated[Any, Argument("avresa", f"När resan började, {FORMS}")]
Hemkomst = Annotated[Any, Argument("hemkomst", f"När resan slutade, {FORMS}")]
Avfard = Annotated[Any, Argument("avfärd", f"När färden började, {FORMS}")]
Ankomst = Annotated[Any, Argument("ankomst", f"När färden slutade, {FORMS}")]
Datum = Annotated[Any, Argument("datum", "Dag som beloppet gäller; utelämnat är i dag")]
LangtidFran = Annotated[
    Any, Argument("långtid från", "Första dag på samma ort, om arbetet där varar mer än tre månader")
]
Land = Annotated[Any, Argument("land", "Landets namn eller kod, till exempel Frankrike eller FR; utelämnat är Sverige")]
Maltider = Annotated[
    Any,
    Argument("måltider", "Fria måltider per dygn, till exempel FhLM, Fh, - eller ett område med en rad per dygn"),
]
EnDagsMaltider = Annotated[Any, Argument("måltider", "Dagens fria måltider, till exempel FhLM")]
Resvag = Annotated[
    Any,
    Argument("resväg", "Område med en rad per sträcka: avgång, ankomst, till (land), färdmedel", "tabell"),
]
Natter = Annotated[Any, Argument("nätter", "Antal nätter i privat logi utan styrkt kostnad")]
Dagsbelopp = Annotated[Any, Argument("dagsbelopp", "Dagens traktamente i kronor före avdrag")]
Utrikes = Annotated[Any, Argument("utrikes", "JA för utrikes resa; utelämnat är inrikes")]
Inrikes = Annotated[Any, Argument("inrikes", "NEJ för utrikes resa; utelämnat är inrikes")]
UtanforOrten = Annotated[Any, Argument("utanför orten", "NEJ inom den vanliga verksamhetsorten; utelämnat är utanför")]
ArbetstidStart = Annotated[Any, Argument("arbetstid start", "Ordinarie arbetstids början, till exempel 08:00")]
ArbetstidSlut = Annotated[Any, Argument("arbetstid slut", "Ordinarie arbetstids slut, till exempel 17:00")]
Sovplats = Annotated[Any, Argument("sovplats", "JA när sov-, ligg- eller hyttplats kunde användas 22–06")]
Timmar = Annotated[Any, Argument("timmar", "Färdtid utanför arbetstid, till exempel 7,5 eller 7:30")]
TimmarFore = Annotated[Any, Argument("timmar före", "Färdtid tidigare samma kalendervecka")]
Manadslon = Annotated[Any, Argument("månadslön", "Lön per månad i kronor")]
Km = Annotated[Any, Argument("km", "Sträcka i kilometer")]
NormalKm = Annotated[Any, Argument("normal km", "Den vanliga resan till tjänstestället i kilometer")]
KmArbetsplats = Annotated[Any, Argument("km arbetsplats", "Sträcka från eller till arbetsplatsen i kilometer")]
KmHem = Annotated[Any, Argument("km hem", "Sträcka från eller till hemmet i kilometer")]
Hemmet = Annotated[Any, Argument("hemmet", "JA när resan börjar eller slutar i hemmet")]
Bil = Annotated[Any, Argument("bil", "Slags bil; utelämnat är egen", choices=BIL.words)]
Bilavtal = Annotated[Any, Argument("bilavtal", "JA när enskilt bilavtal finns")]
Verksamhetsbil = Annotated[Any, Argument("verksamhetsbil", "JA när en verksamhetsbil finns att tillgå")]
ResorPerAr = Annotated[Any, Argument("resor per år", "Antal tjänsteresor med bil per år")]
MilPerAr = Annotated[Any, Argument("mil per år", "Tjänstemil per år")]
AkutresorPerVecka = Annotated[Any, Argument("akutresor per vecka", "Antal akutresor per vecka")]
Poolbil = Annotated[Any, Argument("poolbil", "NEJ utan tillgång till bilpool; utelämnat är ja")]
Villkor = Annotated[Any, Argument("villkor", "JA när anställningen förutsätter egen bil")]
Fardmedel = Annotated[Any, Argument("färdmedel", "Färdmedlet, till exempel tåg", choices=FARDMEDEL.words)]
Typ = Annotated[Any, Argument("typ", "Drivmedel, flygklass eller slags tåg och buss", choices=TYP.words)]
Zon = Annotated[Any, Argument("zon", "Resans zon", choices=ZON.words)]
ZonEllerStracka = Annotated[
    Any, Argument("zon", "Resans zon, eller sträckan som två platser: ARN-GOT", choices=ZON.words)
]
Kostnad = Annotated[Any, Argument("kostnad", "Resans kostnad i kronor")]
Fran = Annotated[Any, Argument("från", "Flygplatskod som ARN eller svensk ort")]
Till = Annotated[Any, Argument("till", "Flygplatskod som BRU eller svensk ort")]
Kortpris = Annotated[Any, Argument("kortpris", "Periodkortets pris i kronor")]
Antal = Annotated[Any, Argument("antal", "Antal resor under kortets tid")]
Biljettpris = Annotated[Any, Argument("biljettpris", "Pris per resa utan kort i kronor")]
RabatteratPris = Annotated[Any, Argument("rabatterat pris", "Pris per resa med kort; utelämnat är 0")]
PrisTjanst = Annotated[Any, Argument("pris tjänst", "Biljettens pris den dag förrättningen kräver")]
PrisVald = Annotated[Any, Argument("pris vald", "Biljettens pris den dag medarbetaren valt")]
Betalt = Annotated[Any, Argument("betalt", "Vad medarbetaren betalade i kronor")]
Begart = Annotated[Any, Argument("begärt", "Vad medarbetaren begär i kronor")]
Reserader = Annotated[
    Any, Argument("tabell", "Område med rubrikrad och en rad per resa, som i ett importblad", "tabell")
]
Alternativ = Annotated[
    Any,
    Argument("alternativ", "Område med rubrikrad och en rad per alternativ: alternativ, färdmedel, avresa …", "tabell"),
]
Satsnamn = Annotated[
    Any, Argument("namn", "Satsens namn, till exempel maximibelopp eller milersattning_skattefri/egen")
]
RegelId = Annotated[Any, Argument("id", "Regelns beteckning, till exempel L-7.4-5 eller IL 12:17")]
Funktion = Annotated[Any, Argument("funktion", "Funktionens namn, till exempel TRAKTAMENTE", "värde")]
Varden = Annotated[Any, Argument("argument", "Funktionens argument i samma ordning", "värde")]
PolicyVal = Annotated[
    Any,
    Argument("policy", "Policyns namn: lagen, linkoping, stockholm …; utelämnat är den inställda", "värde"),
]
