# ruff: noqa: E501 (a table is read by its columns)
"""What the import sheet tells of each column beside its heading: meaning, example, and what cannot do without it.

The headings themselves are those of `xlsx.vocabulary`; nothing here is read when a sheet is recalculated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from xlsx.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class Told:
    """width: in characters, of the column in the sheet; 0 for a column that the user adds when it is wanted.
    needs: titles of the results that cannot be computed where no column says it."""

    width: float
    meaning: str
    example: Any = None
    needs: str = ""


def _told(*rows: tuple[str, float, str, Any, str]) -> Mapping[str, Told]:
    return {column: Told(width, meaning, example, needs) for column, width, meaning, example, needs in rows}


_DEPARTURE: Final = "Traktamente, nattraktamente, resetillägg, färdtidsersättning; här eller som Datum för bilersättning, utsläpp och klimatpåslag"
_RETURN: Final = "Traktamente, resetillägg, färdtidsersättning"

TRIP_COLUMNS: Final = _told(
    ("rese_id", 11, "Resans egen beteckning. Binder delsträckorna till resan.", "R00005", "Delsträckor"),
    ("anstallningsnr", 15, "Vem som reste. Färdtid läggs ihop per person och vecka, och kontrollerna ser om resor krockar.", "900123", ""),
    ("avdelning", 24, "Enheten som betalar. Sammanställningen görs per avdelning.", "Socialförvaltningen", ""),
    ("roll", 14, "Anställd eller förtroendevald. Tom cell räknas som anställd; förtroendevalda får ingen färdtidsersättning här.", "anställd", ""),
    ("avresa", 17, "När resan började, med klockslag.", datetime(2026, 3, 10, 7), _DEPARTURE),
    ("avresa_datum", 0, "Avresans datum, om datum och klockslag står i var sin kolumn.", date(2026, 3, 10), ""),
    ("avresa_tid", 0, "Avresans klockslag, tillsammans med Avresedatum.", time(7), ""),
    ("hemkomst", 17, "När resan slutade, med klockslag.", datetime(2026, 3, 11, 18), _RETURN),
    ("hemkomst_datum", 0, "Hemkomstens datum, om datum och klockslag står i var sin kolumn.", date(2026, 3, 11), ""),
    ("hemkomst_tid", 0, "Hemkomstens klockslag, tillsammans med Hemkomstdatum.", time(18), ""),
    ("datum", 0, "Resans dag, för blad som bara har bilresor eller utsläpp och inga klockslag.", date(2026, 3, 10), ""),
    ("land", 16, "Landet där förrättningen var. Tom cell räknas som Sverige. Över flera länder: se Delsträckor.", "Belgien", ""),
    ("resmal", 16, "Orten där förrättningen var.", "Bryssel", ""),
    ("avstand", 16, "Kortaste väg i kilometer från tjänstestället till förrättningen. Högst 50 km ger inget traktamente. Tom cell räknas som längre bort, och det anmärks.", 198, ""),
    ("maltider", 20, "Fria måltider, en grupp per dygn: F frukost, L lunch, M middag, - ingen. Bokstaven efter: h hotell, t färdmedel, r extern och i intern representation, a affärskontakt.", "L, FhL", ""),
    ("antal_frukost", 11, "Antal fria frukostar, i stället för Måltider. De läggs från andra dygnet.", 1, ""),
    ("antal_lunch", 11, "Antal fria luncher, i stället för Måltider. De läggs på hela dygn först.", 2, ""),
    ("antal_middag", 11, "Antal fria middagar, i stället för Måltider. De läggs på hela dygn först.", 1, ""),
    ("privata_natter", 11, "Nätter i egen eller privat logi utan kostnad för arbetsgivaren.", 1, "Nattraktamente"),
    ("langtid_fran", 13, "Första dagen på samma ort, när arbetet där varar mer än tre månader.", date(2026, 1, 12), ""),
    ("fardmedel", 15, "Färdmedlet för den längsta delen av resan.", "tåg", "Bilersättning, utsläpp, klimatpåslag, godkännare"),
    ("typ", 13, "Bilens drivmedel, flygets klass, eller slags tåg eller buss.", "ekonomi", ""),
    ("zon", 0, "Kommunen, inrikes, Norden, Europa eller övriga världen. Utan kolumnen följer zonen av land och orter.", "Europa", ""),
    ("km", 9, "Resans kilometer fram och tillbaka. Tom cell med ifyllda orter beräknas, men bara för utsläpp.", 396, "Bilersättning"),
    ("normal_km", 11, "Kilometer mellan hemmet och tjänstestället som resan ersatte. De dras av.", 24, ""),
    ("fran", 14, "Ort eller flygplatskod där resan började.", "ARN", ""),
    ("till", 14, "Ort eller flygplatskod dit resan gick.", "BRU", ""),
    ("kostnad", 13, "Vad biljetten kostade.", 1450, ""),
    ("hotell", 13, "Vad hotellet kostade.", 1890, ""),
    ("utlagg", 11, "Övriga utlägg som resenären ska få tillbaka.", 265.5, ""),
    ("moms", 10, "Momsen i utläggen. Den räknas inte in en gång till.", 15.93, ""),
    ("forskott", 11, "Förskott som resenären har fått.", 500, ""),
    ("manadslon", 12, "Månadslön i kronor på avresedagen.", 38500, "Färdtidsersättning"),
    ("sysselsattningsgrad", 18, "Andel av heltid, 75 % eller 0,75. Tom cell räknas som heltid.", 0.75, ""),
    ("arbetstid_start", 11, "Ordinarie arbetstids början. Tom cell räknas som policyns arbetstid.", time(8), ""),
    ("arbetstid_slut", 11, "Ordinarie arbetstids slut. Tom cell räknas som policyns arbetstid.", time(17), ""),
    ("sovplats", 10, "Ja när sov-, ligg- eller hyttplats kunde användas 22–06. Den tiden är inte färdtid.", "nej", ""),
    ("bilavtal", 10, "Ja när resenären har enskilt bilavtal.", "nej", ""),
    ("utslapp", 0, "Kilogram CO2e, när de redan är kända, till exempel från resebyrån. Används i stället för beräknade.", 412.5, ""),
    ("syfte", 28, "Vad resan var till för.", "Nätverksträff", ""),
    ("skal", 32, "Varför resan behövdes, eller varför färdmedlet valdes.", "Kräver närvaro på plats", ""),
    ("godkand_av", 20, "Rollen som godkände resan, inte namnet.", "behörig chef", ""),
    ("godkand_datum", 13, "Dagen då resan godkändes.", date(2026, 2, 20), ""),
    ("anmald_utrikes", 14, "Dagen då en utlandsresa anmäldes.", date(2026, 2, 24), ""),
    ("program_datum", 13, "Dagen då kursens eller konferensens program lämnades ut.", date(2026, 2, 16), ""),
    ("inlamnad", 14, "Dagen då reseräkningen lämnades in.", date(2026, 3, 16), ""),
    ("bokad_datum", 0, "Dagen då resan bokades.", date(2026, 2, 20), ""),
    ("ombokad", 0, "Dagen då resan bokades om.", date(2026, 3, 2), ""),
    ("pass_till", 0, "Sista dagen som passet gäller.", date(2029, 5, 31), ""),
    ("kvitton", 9, "Antal kvitton, eller ja eller nej.", 3, ""),
    ("avsteg", 0, "Rollen som beslutat om avsteg från policyn.", "behörig chef", ""),
    ("avsteg_skal", 0, "Skälen för avsteget.", "Sista tåget hade gått", ""),
    ("periodkort_beslut", 0, "Rollen som beslutat om periodkort.", "förvaltningschef", ""),
    ("andra_signatur", 0, "Vem som attesterade en SMS-biljett utan kvitto.", "A. Andersson", ""),
    ("ombokning_anmald", 0, "Ja när ombokningen är anmäld.", "ja", ""),
    ("sms_biljett", 0, "Ja när biljetten köptes i mobilen utan kvitto.", "nej", ""),
    ("digitalt_overvagt", 0, "Ja när ett digitalt möte har övervägts.", "ja", ""),
    ("tag_undersokt", 0, "Ja när tåg har undersökts före flyg.", "ja", ""),
    ("bokad_i_avtal", 0, "Ja när resan bokades hos avtalad resebyrå.", "ja", ""),
    ("hotell_i_avtal", 0, "Ja när hotellet har avtal.", "ja", ""),
    ("kurs", 0, "Ja när resan gällde kurs eller konferens.", "nej", ""),
    ("ledighet", 0, "Ja när resan hade ledighet i anslutning.", "nej", ""),
    ("egen_forlangning", 0, "Ja när resenären själv förlängde resan.", "nej", ""),
    ("prisjamforelse", 0, "Ja när priserna på båda dagarna har jämförts.", "ja", ""),
    ("eget_periodkort", 0, "Ja när resenären begär ersättning för sitt eget kort.", "nej", ""),
    ("bonus_behallen", 0, "Ja när resenären behöll bonus från resan.", "nej", ""),
    ("aterbetalning_lamnad", 0, "Ja när återbetalningen har lämnats till kommunen.", "ja", ""),
    ("boter", 0, "Böter som begärs ersatta.", 0, ""),
    ("parkeringsboter", 0, "Parkeringsböter som begärs ersatta.", 0, ""),
    ("aterbetalning", 0, "Vad resenären fått tillbaka av transportören.", 125, ""),
    ("pris_tjanst", 0, "Biljettens pris den dag förrättningen kräver.", 1450, ""),
    ("pris_vald", 0, "Biljettens pris den dag resenären valde.", 1630, ""),
    ("overtid", 0, "Övertid i timmar som begärs för samma tid.", 2.5, ""),
    ("konto", 10, "Kontering: konto.", "7050", ""),
    ("ansvar", 10, "Kontering: ansvar. Används som avdelning bara när kolumnen Avdelning saknas.", "31200", ""),
    ("verksamhet", 11, "Kontering: verksamhet.", "5100", ""),
    ("aktivitet", 10, "Kontering: aktivitet.", "", ""),
    ("projekt", 10, "Kontering: projekt.", "90412", ""),
    ("objekt", 10, "Kontering: objekt.", "", ""),
    ("motpart", 10, "Kontering: motpart.", "", ""),
)  # fmt: skip

LEG_COLUMNS: Final = _told(
    ("rese_id", 11, "Samma beteckning som resan har i bladet Resor.", "R00005", "Alla delsträckor"),
    ("avgang", 17, "När färden började, med klockslag och i ortens tid.", datetime(2026, 4, 14, 7), "Alla delsträckor"),
    ("avgang_datum", 0, "Datum, om datum och klockslag står i var sin kolumn.", date(2026, 4, 14), ""),
    ("avgang_tid", 0, "Klockslag, tillsammans med Avgångsdatum.", time(7), ""),
    ("ankomst", 17, "När färden slutade, med klockslag och i ortens tid.", datetime(2026, 4, 14, 11, 15), "Alla delsträckor"),
    ("ankomst_datum", 0, "Datum, om datum och klockslag står i var sin kolumn.", date(2026, 4, 14), ""),
    ("ankomst_tid", 0, "Klockslag, tillsammans med Ankomstdatum.", time(11, 15), ""),
    ("till_land", 18, "Landet dit färden gick. Dygnets land är landet med längst vistelse.", "Belgien", ""),
    ("strackans_fardmedel", 15, "Färdmedlet. Flyg och färja avgör vilket land tiden ombord hör till.", "flyg", ""),
    ("sovplats", 10, "Ja när sov-, ligg- eller hyttplats kunde användas 22–06.", "nej", ""),
)  # fmt: skip

WRITTEN: Final[Mapping[Kind, str]] = {
    "text": "text",
    "moment": "datum och klockslag, 2026-03-10 07:30",
    "date": "datum, 2026-03-10",
    "clock": "klockslag, 07:30",
    "country": "land ur listan, eller kod som FR",
    "mode": "ett ord ur listan",
    "type": "ett ord ur listan",
    "zone": "en av zonerna",
    "place": "svensk ort eller flygplatskod",
    "meals": "en grupp per dygn: FhLM, Fh, -",
    "km": "kilometer; rubriken Mil räknas om",
    "kr": "kronor",
    "count": "antal",
    "share": "procent eller andel",
    "kg": "kilogram CO2e",
    "truth": "ja eller nej",
}
"""How the cells of a kind are written."""

EXAMPLE_MARK: Final = "Exempel – ta bort raden"
"""What stands under Syfte in the rows that show how the sheet is filled in."""

EXAMPLES: Final[Sequence[Mapping[str, Any]]] = (
    {
        "rese_id": "EX1",
        "anstallningsnr": "900001",
        "avdelning": "Socialförvaltningen",
        "roll": "anställd",
        "avresa": datetime(2026, 3, 10, 7),
        "hemkomst": datetime(2026, 3, 11, 20),
        "land": "Sverige",
        "resmal": "Stockholm",
        "avstand": 198,
        "maltider": "L, FhL",
        "fardmedel": "tåg",
        "km": 396,
        "fran": "Linköping",
        "till": "Stockholm",
        "kostnad": 640,
        "hotell": 1450,
        "manadslon": 38500,
        "syfte": EXAMPLE_MARK,
        "skal": "Kräver närvaro på plats",
        "godkand_av": "behörig chef",
        "godkand_datum": date(2026, 2, 20),
        "inlamnad": date(2026, 3, 16),
        "kvitton": 2,
    },
    {
        "rese_id": "EX2",
        "anstallningsnr": "900002",
        "avdelning": "Samhällsbyggnad",
        "roll": "anställd",
        "avresa": datetime(2026, 4, 14, 7),
        "hemkomst": datetime(2026, 4, 16, 21),
        "land": "Belgien",
        "resmal": "Bryssel",
        "avstand": 1330,
        "maltider": "-, FhLM, Fh",
        "fardmedel": "flyg",
        "typ": "ekonomi",
        "fran": "ARN",
        "till": "BRU",
        "kostnad": 3150,
        "hotell": 3600,
        "utlagg": 210,
        "manadslon": 41200,
        "syfte": EXAMPLE_MARK,
        "skal": "Tåg hade tagit två arbetsdagar till",
        "godkand_av": "förvaltningschef",
        "godkand_datum": date(2026, 3, 12),
        "anmald_utrikes": date(2026, 3, 16),
        "inlamnad": date(2026, 4, 22),
        "kvitton": 4,
    },
)
"""Two invented trips: one at home by train, one abroad by air with its legs in EXAMPLE_LEGS."""

EXAMPLE_LEGS: Final[Sequence[Mapping[str, Any]]] = (
    {
        "rese_id": "EX2",
        "avgang": datetime(2026, 4, 14, 7),
        "ankomst": datetime(2026, 4, 14, 12, 30),
        "till_land": "Belgien",
        "strackans_fardmedel": "flyg",
        "sovplats": "nej",
    },
    {
        "rese_id": "EX2",
        "avgang": datetime(2026, 4, 16, 15),
        "ankomst": datetime(2026, 4, 16, 21),
        "till_land": "Sverige",
        "strackans_fardmedel": "flyg",
        "sovplats": "nej",
    },
)
