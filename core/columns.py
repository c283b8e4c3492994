"""The columns that callers may give, and the levels of a trip."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset

NOT_STATED = -1
"""Code of a word that was not given."""

EVERYWHERE = 10**9
"""Metres: a distance not stated counts as outside the usual place of business."""

COLUMNS = Ruleset()
given = COLUMNS.input


def _days_of_trip(antal_dygn: Any) -> Any:
    """Calendar days of each trip."""
    return antal_dygn


COLUMNS.level("resa", dated_by="datum", keyed_by={"bilniva": "bilniva"})
COLUMNS.level("stracka", parent="resa")
COLUMNS.level(
    "dygn",
    parent="resa",
    opens=_days_of_trip,
    dated_by="dag",
    keyed_by={"land": "dygnsland", "maltidsandel": "maltidsomrade", "frukostandel": "frukostomrade"},
)

given("avresa", "resa", "tidpunkt", "Avresa")
given("hemkomst", "resa", "tidpunkt", "Hemkomst")
given("datum", "resa", "dag", "Datum")
given("dygn_nr", "dygn", "", "Dygnets nummer", default=np.int64(0))
given("land", "resa", "land", "Land", default=np.int64(0))
given("langtid_fran", "resa", "dag", "Vistelse på samma ort från", default=np.int64(0))
given("avstand", "resa", "km", "Avstånd till förrättningen", default=np.int64(EVERYWHERE))
given("privata_natter", "resa", "antal", "Nätter i privat logi")
given("maltidskod", "resa", "", "Måltider", default=np.int64(0))
given("maltidstabell", None, "tabell", "Måltider", default=None)
given("person", "resa", "", "Anställningsnr")

given("avgang", "stracka", "tidpunkt", "Avgång")
given("ankomst", "stracka", "tidpunkt", "Ankomst")
given("till_land", "stracka", "land", "Till")
given("strackans_fardmedel", "stracka", "färdmedel", "Färdmedel")
given("sovplats", "stracka", "ja/nej", "Sovplats", default=np.False_)
given("arbetstid_start", "stracka", "klockslag", "Arbetstid start")
given("arbetstid_slut", "stracka", "klockslag", "Arbetstid slut")
given("internationell_trafik", None, "tabell", "Färdmedel i internationell trafik")
given("fria_aftnar", None, "tabell", "Arbetsfria aftnar", default=())

given("fortroendevald", "resa", "ja/nej", "Förtroendevald", default=np.False_)
given("manadslon", "resa", "kr", "Månadslön")
given("sysselsattningsgrad", "resa", "andel", "Sysselsättningsgrad", default=np.int64(10_000))

given("km", "resa", "km", "Km")
given("normal_km", "resa", "km", "Normal sträcka", default=np.int64(0))
given("km_arbetsplats", "resa", "km", "Km från arbetsplatsen")
given("km_hem", "resa", "km", "Km från hemmet")
given("hemmet", "resa", "ja/nej", "Resan börjar eller slutar i hemmet", default=np.False_)
given("bil", "resa", "bil", "Bil", default=np.int64(0))
given("bilavtal", "resa", "ja/nej", "Bilavtal", default=np.False_)
given("verksamhetsbil", "resa", "ja/nej", "Verksamhetsbil finns att tillgå")
given("resor_per_ar", "resa", "antal", "Resor per år")
given("mil_per_ar", "resa", "antal", "Mil per år")
given("akutresor_per_vecka", "resa", "antal", "Akutresor per vecka")
given("poolbil", "resa", "ja/nej", "Tillgång till bilpool", default=np.True_)
given("villkor", "resa", "ja/nej", "Anställningen förutsätter egen bil", default=np.False_)

given("fardmedel", "resa", "färdmedel", "Färdmedel")
given("typ", "resa", "typ", "Drivmedel eller klass", default=np.int64(NOT_STATED))
given("zon", "resa", "zon", "Zon", default=np.int64(NOT_STATED))
given("kostnad", "resa", "kr", "Kostnad")
given("enkelresor", "resa", "antal", "Enkelresor", default=np.int64(1))
given("fran_plats", "resa", "plats", "Från", default=np.int64(NOT_STATED))
given("till_plats", "resa", "plats", "Till", default=np.int64(NOT_STATED))
given("utland_i_delstrackor", "resa", "ja/nej", "Någon delsträcka går till utlandet", default=np.False_)

given("kortpris", "resa", "kr", "Kortets pris")
given("antal_resor", "resa", "antal", "Antal resor")
given("biljettpris", "resa", "kr", "Biljettpris")
given("rabatterat_pris", "resa", "kr", "Rabatterat pris", default=np.int64(0))
given("pris_tjanst", "resa", "kr", "Pris på förrättningens dag")
given("pris_vald", "resa", "kr", "Pris på vald dag")
given("betalt", "resa", "kr", "Betalt")
given("begart", "resa", "kr", "Begärt")

given("godkand_av", "resa", "godkännande roll", "Godkänd av")
given("godkand_dag", "resa", "dag", "Godkänd datum")
given("avsteg_av", "resa", "godkännande roll", "Avsteg", default=np.int64(NOT_STATED))
given("avsteg_skal", "resa", "ja/nej", "Avsteg skäl", default=np.False_)
given("periodkort_beslut", "resa", "godkännande roll", "Periodkort beslutat av")
given("syfte_angivet", "resa", "ja/nej", "Syfte")
given("skal", "resa", "skäl", "Skäl")
given("fran_angiven", "resa", "ja/nej", "Från")
given("till_angiven", "resa", "ja/nej", "Till")
given("fardmedel_angivet", "resa", "ja/nej", "Färdmedel")
given("roll_angiven", "resa", "ja/nej", "Roll")
given("anmald_dag", "resa", "dag", "Anmäld utrikes")
given("ombokad_dag", "resa", "dag", "Ombokad")
given("ombokning_anmald", "resa", "ja/nej", "Ombokning anmäld")
given("bokad_dag", "resa", "dag", "Bokningsdatum")
given("program_dag", "resa", "dag", "Program utlämnat")
given("inlamnad_dag", "resa", "dag", "Reseräkning inlämnad")
given("pass_till", "resa", "dag", "Pass giltigt till")
given("kvitto", "resa", "ja/nej", "Kvitton")
given("sms_biljett", "resa", "ja/nej", "SMS-biljett")
given("andra_signatur", "resa", "ja/nej", "Andra signatur")
given("digitalt_overvagt", "resa", "ja/nej", "Digitalt övervägt")
given("tag_undersokt", "resa", "ja/nej", "Tåg undersökt")
given("bokad_i_avtal", "resa", "ja/nej", "Bokad i avtal")
given("hotell_i_avtal", "resa", "ja/nej", "Hotell i avtal")
given("kurs", "resa", "ja/nej", "Kurs")
given("ledighet", "resa", "ja/nej", "Ledighet i anslutning")
given("egen_forlangning", "resa", "ja/nej", "Egen förlängning")
given("prisjamforelse", "resa", "ja/nej", "Prisjämförelse gjord")
given("eget_periodkort", "resa", "ja/nej", "Eget periodkort")
given("bonus_behallen", "resa", "ja/nej", "Bonus behållen")
given("boter", "resa", "kr", "Böter")
given("parkeringsboter", "resa", "kr", "Parkeringsböter")
given("aterbetalning", "resa", "kr", "Återbetalning")
given("aterbetalning_lamnad", "resa", "ja/nej", "Återbetalning lämnad", default=np.False_)
given("hotellkostnad", "resa", "kr", "Hotellkostnad")
given("begarda_utlagg", "resa", "kr", "Utlägg")
given("forskott", "resa", "kr", "Förskott")
given("overtid", "resa", "timmar", "Övertid timmar")
given("enkel_stracka", "resa", "km", "Sträcka enkel väg")
given("resmalskod", "resa", "", "Resmål")
