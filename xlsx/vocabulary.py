# ruff: noqa: E501 (a table is read by its columns)
"""The headings we know: which column each means, how people write it, and what its cells hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from core.vocabulary.words import plain

Kind = Literal[
    "text", "moment", "date", "clock", "country", "mode", "type", "zone", "place", "meals", "km", "kr", "count",
    "share", "kg", "truth",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that is read: our name, the heading as we write it, what its cells hold."""

    column: str
    title: str
    kind: Kind
    synonyms: tuple[str, ...] = ()


def _headings(*rows: tuple[str, str, Kind, str]) -> tuple[Heading, ...]:
    return tuple(
        Heading(column, title, kind, tuple(filter(None, synonyms.split("|")))) for column, title, kind, synonyms in rows
    )


TRIPS: Final = _headings(
    ("rese_id", "Rese-ID", "text", "id|resenr|resenummer|resa nr|reseräkning nr|trip id|trip no"),
    ("anstallningsnr", "Anställningsnr", "text", "anst.nr|anställningsnummer|personalnr|personalnummer|employee no|employee id"),
    ("avdelning", "Avdelning", "text", "enhet|förvaltning|kostnadsställe|department|ansvar"),
    ("roll", "Roll", "text", "anställd/förtroendevald|role"),
    ("avresa", "Avresa", "moment", "start|utresa|avfärd|departure|avresetidpunkt"),
    ("avresa_datum", "Avresedatum", "date", "avresa datum|avresdatum|datum avresa|startdatum|utresedatum|departure date"),
    ("avresa_tid", "Avresetid", "clock", "avresa tid|avresa klockslag|avresa kl|tid avresa|starttid|utresetid|departure time"),
    ("hemkomst", "Hemkomst", "moment", "slut|återkomst|hemresa|return"),
    ("hemkomst_datum", "Hemkomstdatum", "date", "hemkomst datum|datum hemkomst|slutdatum|återkomstdatum|return date"),
    ("hemkomst_tid", "Hemkomsttid", "clock", "hemkomst tid|hemkomst klockslag|hemkomst kl|tid hemkomst|sluttid|return time"),
    ("datum", "Datum", "date", "resdatum|resedatum|date"),
    ("land", "Land", "country", "resmål land|land (resmål)|country|destination country"),
    ("resmal", "Resmål", "text", "ort|destination"),
    ("avstand", "Avstånd till förrättningen", "km", "km till ort|avstånd|avstånd till ort"),
    ("maltider", "Måltider", "meals", "meals"),
    ("antal_frukost", "Fria frukostar", "count", "frukost|frukostar|antal frukostar|breakfasts"),
    ("antal_lunch", "Fria luncher", "count", "lunch|luncher|antal luncher|lunches"),
    ("antal_middag", "Fria middagar", "count", "middag|middagar|antal middagar|dinners"),
    ("privata_natter", "Privat logi nätter", "count", "nattraktamente nätter|egna nätter|nätter privat logi|private nights"),
    ("langtid_fran", "Vistelse från", "date", "samma ort sedan|vistelse på samma ort från"),
    ("fardmedel", "Färdmedel", "mode", "färdsätt|transportmedel|mode|mode of transport"),
    ("typ", "Drivmedel / klass", "type", "drivmedel|klass|bränsle|fuel|class|drivmedel eller klass"),
    ("zon", "Zon", "zone", "zone"),
    ("km", "Km", "km", "sträcka|körsträcka|körd sträcka|antal km|kilometer|distance|mil|antal mil|körda mil"),
    ("normal_km", "Normal sträcka", "km", "normal km|normal resväg"),
    ("fran", "Från", "place", "from"),
    ("till", "Till", "place", "to"),
    ("kostnad", "Biljettkostnad", "kr", "pris|biljettpris|biljett|ticket|ticket price|belopp biljett"),
    ("hotell", "Hotellkostnad", "kr", "logi|hotell|logikostnad|hotel"),
    ("utlagg", "Utlägg", "kr", "övriga kostnader|övriga utlägg|expenses"),
    ("moms", "Moms", "kr", "vat"),
    ("forskott", "Förskott", "kr", "advance"),
    ("manadslon", "Månadslön", "kr", "lön|salary|monthly salary"),
    ("sysselsattningsgrad", "Sysselsättningsgrad", "share", "tjänstgöringsgrad|anställningsgrad"),
    ("arbetstid_start", "Arbetstid start", "clock", "arbetstidens början|arbetstid från"),
    ("arbetstid_slut", "Arbetstid slut", "clock", "arbetstidens slut|arbetstid till"),
    ("sovplats", "Sovplats", "truth", "hytt|liggplats|berth"),
    ("bilavtal", "Bilavtal", "truth", "car agreement"),
    ("utslapp", "Utsläpp", "kg", "utsläpp co2e|co2e|co2|emissions|klimatutsläpp"),
    ("syfte", "Syfte", "text", "ändamål|purpose"),
    ("skal", "Skäl", "text", "motiv|reason"),
    ("godkand_av", "Godkänd av", "text", "approved by"),
    ("godkand_datum", "Godkänd datum", "date", "godkänd den|datum godkänd|approved date|approved on"),
    ("anmald_utrikes", "Anmäld utrikes", "date", "utlandsanmälan|anmäld utlandsresa|reported abroad"),
    ("program_datum", "Program utlämnat", "date", "program datum|programme handed out"),
    ("inlamnad", "Reseräkning inlämnad", "date", "inlämnad|inlämningsdatum|claimed on"),
    ("bokad_datum", "Bokningsdatum", "date", "bokad den|bokad datum|booked on"),
    ("ombokad", "Ombokad", "date", "ombokad den|ombokningsdatum|rebooked on"),
    ("pass_till", "Pass giltigt till", "date", "pass|passets giltighet|passport valid until"),
    ("kvitton", "Kvitton", "text", "antal kvitton|kvitto|receipts"),
    ("avsteg", "Avsteg", "text", "avsteg beslutat av|deviation decided by"),
    ("avsteg_skal", "Avsteg skäl", "text", "skäl för avsteg|särskilda skäl|deviation reason"),
    ("periodkort_beslut", "Periodkort beslutat av", "text", "årskort beslutat av|card decided by"),
    ("andra_signatur", "Andra signatur", "text", "signatur 2|second signature"),
    ("ombokning_anmald", "Ombokning anmäld", "truth", "rebooking reported"),
    ("sms_biljett", "SMS-biljett", "truth", "mobilbiljett|sms ticket"),
    ("digitalt_overvagt", "Digitalt övervägt", "truth", "digitalt möte övervägt|alternativ övervägt|digital considered"),
    ("tag_undersokt", "Tåg undersökt", "truth", "tåg prövat|train examined"),
    ("bokad_i_avtal", "Bokad i avtal", "truth", "bokad via avtal|booked by contract"),
    ("hotell_i_avtal", "Hotell i avtal", "truth", "avtalshotell|contract hotel"),
    ("kurs", "Kurs", "truth", "kurs eller konferens|course"),
    ("ledighet", "Ledighet i anslutning", "truth", "ledighet|semester i anslutning|leave"),
    ("egen_forlangning", "Egen förlängning", "truth", "förlängd på eget initiativ|own extension"),
    ("prisjamforelse", "Prisjämförelse gjord", "truth", "prisjämförelse|prices compared"),
    ("eget_periodkort", "Eget periodkort", "truth", "eget månadskort|own card"),
    ("bonus_behallen", "Bonus behållen", "truth", "bonus kept"),
    ("aterbetalning_lamnad", "Återbetalning lämnad", "truth", "återbetalning redovisad|refund handed over"),
    ("boter", "Böter", "kr", "fines"),
    ("parkeringsboter", "Parkeringsböter", "kr", "parkeringsbot|kontrollavgift|parking fines"),
    ("aterbetalning", "Återbetalning", "kr", "återbetalt|refund"),
    ("pris_tjanst", "Pris förrättningens dag", "kr", "pris på förrättningens dag|price of errand day"),
    ("pris_vald", "Pris vald dag", "kr", "pris på vald dag|price of chosen day"),
    ("overtid", "Övertid timmar", "text", "övertid|overtime hours"),
    *((name, title, "text", "") for name, title in (
        ("konto", "Konto"), ("ansvar", "Ansvar"), ("verksamhet", "Verksamhet"), ("aktivitet", "Aktivitet"),
        ("projekt", "Projekt"), ("objekt", "Objekt"), ("motpart", "Motpart"),
    )),
)  # fmt: skip
"""The sheet with a row per trip."""

LEGS: Final = _headings(
    ("rese_id", "Rese-ID", "text", "id|resenr|resenummer|resa nr|trip id|trip no"),
    ("avgang", "Avgång", "moment", "avfärd|avresa|start|departure"),
    ("avgang_datum", "Avgångsdatum", "date", "avgång datum|startdatum|departure date"),
    ("avgang_tid", "Avgångstid", "clock", "avgång tid|starttid|departure time"),
    ("ankomst", "Ankomst", "moment", "framme|slut|arrival"),
    ("ankomst_datum", "Ankomstdatum", "date", "ankomst datum|slutdatum|arrival date"),
    ("ankomst_tid", "Ankomsttid", "clock", "ankomst tid|sluttid|arrival time"),
    ("till_land", "Till", "country", "till (land)|till land|land|to|country"),
    ("strackans_fardmedel", "Färdmedel", "mode", "färdsätt|mode"),
    ("sovplats", "Sovplats", "truth", "hytt|liggplats|berth"),
)  # fmt: skip
"""The sheet with a row per leg of a trip."""

LEGS_SHEET: Final = "Delsträckor"
TRIPS_SHEET: Final = "Resor"
DAYS_SHEET: Final = "Dygn"
OWN_SHEETS: Final = frozenset(map(plain, ("Sammanställning", DAYS_SHEET)))
"""Sheets of our own results, never taken for claims."""

WHOLE_TRIP: Final = frozenset({"rese_id", "avresa", "avresa_datum", "hemkomst", "datum", "km", "fardmedel", "land"})
"""A sheet of trips has at least one of these headings beside another that we know."""
