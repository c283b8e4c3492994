"""What the policy asks about the trip, what is wrong in the form, and what the controls say."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import FormSheet
from xlsx.forms.reserakning import route
from xlsx.forms.reserakning.workings import Block, Workings
from xlsx.vocabulary import TRIPS

SHEET: Final = "Kontroll"
WIDTHS: Final = (28, 24, 28, 24)
QUESTIONS_TOP: Final = 3
FAULTS: Final = 10
CONTROLS: Final = 16
_FOUND: Final = 80
"""Rows of remarks that are looked at."""

Question = tuple[str, str, str, str | None]
QUESTIONS: Final[tuple[tuple[Question, Question], ...]] = (
    (
        ("Reseräkning inlämnad", "inlamnad", "datum", None),
        ("Resan bokades", "bokad_datum", "datum", None),
    ),
    (
        ("Digitalt möte övervägdes", "digitalt_overvagt", "ja", None),
        ("Resan bokad i avtal", "bokad_i_avtal", "ja", None),
    ),
    (
        ("Tåg undersöktes (utlandet)", "tag_undersokt", "ja", None),
        ("Hotellet bokat i avtal", "hotell_i_avtal", "ja", None),
    ),
    (
        ("Utlandsresan anmäldes", "anmald_utrikes", "datum", None),
        ("Passet gäller till", "pass_till", "datum", None),
    ),
    (
        ("Ombokad", "ombokad", "datum", None),
        ("Ombokningen anmäld", "ombokning_anmald", "ja", None),
    ),
    (
        ("Kurs eller konferens", "kurs", "ja", None),
        ("Kursprogram utlämnat", "program_datum", "datum", None),
    ),
    (
        ("Övertid på resan, h", "overtid", "timmar", None),
        ("Bonus behållen", "bonus_behallen", "ja", None),
    ),
    (
        ("Reste på eget periodkort", "eget_periodkort", "ja", None),
        ("Periodkort beslutat av", "periodkort_beslut", "val", "lista_godkannare"),
    ),
    (
        ("Andra färdsätt prövade före bil", "alternativ_provade", "ja", None),
        ("Deltagande på distans prövat", "distans_provad", "ja", None),
    ),
    (
        ("Resplanen känd på arbetet", "resplan_kand", "ja", None),
        ("Checklista utland klar", "checklista_utland", "ja", None),
    ),
    (
        ("Hotellet är miljömärkt", "hotell_miljomarkt", "ja", None),
        ("Känner till resepolicyn", "kanner_till_policyn", "ja", None),
    ),
    (
        ("Avsteg beslutat av", "avsteg", "val", "lista_godkannare"),
        ("Skäl för avsteget", "avsteg_skal", "text", None),
    ),
)

_COMPUTED: Final = {
    "avdelning": "enhet",
    "maltider": 'IF(resa_ok=1,maltider_text,"")',
    "privata_natter": 'IF(resa_ok=1,IF(dagar_ok=1,SUM(natter_privat),""),"")',
    "km": 'IF(COUNT(bil_km)=0,"",SUM(bil_km))',
    "normal_km": 'IF(COUNT(bil_normal)=0,"",SUM(bil_normal))',
    "till": "resmal",
    "kostnad": 'IF(COUNT(biljett_pris)=0,"",SUM(biljett_pris)-hotell_summa)',
    "hotell": 'IF(hotell_summa=0,"",hotell_summa)',
    "utlagg": 'IF(COUNT(utlagg_belopp)=0,"",utlagg_summa)',
    "moms": 'IF(COUNT(utlagg_moms)=0,"",SUM(utlagg_moms))',
    "sovplats": 'IF(COUNTIF(stracka_sovplats,"ja")>0,"ja","")',
    "utslapp": 'IF(ISNUMBER(summa_utslapp),IF(summa_utslapp>0,summa_utslapp,""),"")',
    "kvitton": 'IF(resa_ok=1,IF(utlagg_utan_kvitto+biljett_utan_kvitto>0,"nej","ja"),"")',
    "sms_biljett": 'IF(COUNTIF(utlagg_slag,"sms-biljett")>0,"ja","")',
    "andra_signatur": (
        'IF(COUNTIF(utlagg_slag,"sms-biljett")=0,"",'
        'IF(COUNTIFS(utlagg_slag,"sms-biljett",utlagg_attest,"?*")=COUNTIF(utlagg_slag,"sms-biljett"),"ja",""))'
    ),
    "boter": 'SUMIFS(utlagg_belopp,utlagg_slag,"böter")',
    "parkeringsboter": 'SUMIFS(utlagg_belopp,utlagg_slag,"parkeringsböter")',
    **{
        name: f'IF(INDEX(kontering_{name},1)="","",INDEX(kontering_{name},1))'
        for name in ("konto", "ansvar", "verksamhet", "aktivitet", "projekt", "objekt", "motpart")
    },
}
"""Columns of an imported sheet that are not a field of their own name."""

_LEFT_OUT: Final = frozenset(
    {
        "rese_id",
        *("avresa_datum", "avresa_tid", "hemkomst_datum", "hemkomst_tid", "datum"),
        *("antal_frukost", "antal_lunch", "antal_middag", "zon"),
    }
)
"""Columns that say again what others say."""


def write_control(sheet: FormSheet, workings: Workings, messages: Block, legs: Block) -> None:
    """Fill the sheet, the row for the controls and what they find."""
    sheet.text(0, 0, "Kontroll", "titel")
    sheet.raw.set_row(0, 22)
    sheet.heading(QUESTIONS_TOP - 1, "Bokning, anmälan och beslut (fyll i det som gäller resan)", 4)
    row = QUESTIONS_TOP
    for pair in QUESTIONS:
        for column, (label, name, kind, choices) in zip((0, 2), pair, strict=True):
            sheet.text(row, column, label, indent=1 if column else 0)
            sheet.input(row, column + 1, kind, name, choices=choices, align="left")
        row += 1
    row = _faults(sheet, row + 1, messages)
    _controls(sheet, row + 1, workings)
    sheet.raw.freeze_panes(1, 0)
    sheet.raw.fit_to_pages(1, 1)
    _names(workings, legs)


def _faults(sheet: FormSheet, row: int, messages: Block) -> int:
    sheet.heading(row, "Att rätta i formuläret", 4)
    for number in range(1, FAULTS + 1):
        found = f"INDEX(formularfel,MATCH({number},{messages.area('nr')},0))"
        text = f'IF(antal_fel<{number},"",{found})'
        if number == 1:
            text = f'IF(antal_fel=0,IF(resa_ok=1,"Inget att rätta.",""),{found})'
        if number == FAULTS:
            text = f'IF(antal_fel>{FAULTS},"… och "&(antal_fel-{FAULTS - 1})&" till.",{text})'
        sheet.shown_across(row + number, 0, 3, text, "text", 14)
    return row + FAULTS + 1


def _controls(sheet: FormSheet, row: int, workings: Workings) -> None:
    sheet.heading(row, "Vad policyn och lagen säger om resan", 4)
    sheet.text(row + 1, 0, "Grad och regel", "kolumnrubrik")
    sheet.text_across(row + 1, 1, 3, "Anmärkning", "kolumnrubrik")
    block = workings.block(
        row + 1, _FOUND, ("rad", "regel", "grad", "anmärkning"), ("rad", "regel", "grad", "anmärkning")
    )
    check = 'IF(resa_ok=1,RESEKONTROLL(resrad_tabell,policy),"")'
    block.spill("rad", check, header=True)
    top = row + 1
    columns = (block.columns["rad"], block.columns["anmärkning"])
    workings.book.name("kontroller", block.sheet.at(top, columns[0], top + _FOUND, columns[1]))
    for number in range(1, CONTROLS + 1):
        line = row + 1 + number
        grade, rule, remark = (block.at(name).format(row=line + 1) for name in ("grad", "regel", "anmärkning"))
        first = f'IF({grade}="","",{grade}&IF({rule}="","","  "&{rule}))'
        text = f'IF({remark}="","",{remark})'
        if number == 1:
            none = f'IF(resa_ok=1,IF(ISERROR({block.sheet.at(top, columns[0])}),"–","Inga anmärkningar."),"")'
            text = f'IF({remark}="",{none},{remark})'
        if number == CONTROLS:
            more = f'COUNTIF({block.area("anmärkning")},"?*")-{CONTROLS - 1}'
            text = f'IF({more}>1,"… och "&({more})&" anmärkningar till.",{text})'
        sheet.shown(line, 0, first, look="etikett", valign="top")
        sheet.shown_across(line, 1, 3, text, "text", 24)


def _names(workings: Workings, legs: Block) -> None:
    """The trip as a row of an imported sheet, and its legs."""
    known = [one for one in TRIPS if one.column not in _LEFT_OUT]
    block = workings.block(0, 1, [one.column for one in known])
    sheet = block.sheet
    for one in known:
        column = block.columns[one.column]
        sheet.text(0, column, one.title)
        source = _COMPUTED.get(one.column, one.column)
        formula = source if "(" in source else f'IF({source}="","",{source})'
        sheet.shown(1, column, formula, look="etikett")
    first, last = block.columns[known[0].column], block.columns[known[-1].column]
    book = workings.book
    book.name("resrad_rubriker", sheet.at(0, first, 0, last))
    book.name("resrad", sheet.at(1, first, 1, last))
    book.name("resrad_tabell", sheet.at(0, first, 1, last))
    left, right = legs.columns[route.LEG_COLUMNS[0]], legs.columns[route.LEG_COLUMNS[-1]]
    book.name("resrad_strackor_rubriker", sheet.at(legs.top, left, legs.top, right))
    book.name("resrad_strackor", sheet.at(legs.top + 1, left, legs.top + legs.rows, right))
    book.name("resrad_avgangar", legs.area("Avgång"))
    book.name("resrad_ankomster", legs.area("Ankomst"))
    book.name("strackor_utrikes", sheet.at(legs.top + 1, left, legs.top + legs.rows, left + 3))
