"""The days of the trip: they fill themselves in, the traveller says which meals were free."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import FormSheet, InputColumn
from xlsx.forms.reserakning.lists import MEAL_LETTERS
from xlsx.forms.reserakning.workings import Block, Workings

SHEET: Final = "Dygn"
WIDTHS: Final = (4, 11, 17, 13, 13, 13, 7, 7, 7, 10, 13, 12, 11, 13, 11, 14)
DAYS: Final = 31
TOP: Final = 3
"""The row of the table's headings."""

_BREAKFAST, _LUNCH, _DINNER, _NIGHT, _LEAVE = "D", "E", "F", "G", "H"
_SPILLED: Final = (
    "svar_datum",
    "svar_land",
    "svar_dygn",
    "svar_belopp",
    "svar_avdrag",
    "svar_traktamente",
    "svar_skattefritt",
    "svar_skattepliktigt",
    "svar_kostforman",
    "svar_regel",
)
_OWN: Final = (
    "nr",
    "datum",
    "betald",
    "närvaro",
    "koder",
    "måltider",
    "natt",
    "nattens land",
    "nattens dag",
    "nattbelopp",
    "ledig tid",
    "ledig start",
    "ledig slut",
    "avgår",
)
_JUST_AFTER_MIDNIGHT: Final = 0.00001
"""Of a day: less than a second, since a whole number would be a date whose clock is missing."""
_LEGEND: Final = (
    "Fria måltider: kost = fri kost i samband med resan (minskar traktamentet och beskattas) · hotell = "
    "hotellfrukost som ingår i rumspriset · transport = obligatorisk måltid på färdmedlet (minskar inget) · extern = "
    "extern representation · intern = intern representation, kurs eller planeringsdag · affärskontakt = bjuden av en "
    "affärskontakt. Egen natt = privat logi utan styrkt kostnad. Ledig = semester eller annan ledighet hela dygnet: "
    "inget traktamente."
)


def day_block(workings: Workings) -> Block:
    """The columns that the days are computed in."""
    return workings.block(TOP, DAYS, (*_OWN, *_SPILLED), own_heading=_SPILLED)


def write_days(sheet: FormSheet, block: Block) -> None:
    """Fill the sheet and its calculations."""
    sheet.text(0, 0, "Dygn för dygn", "titel")
    sheet.raw.set_row(0, 22)
    sheet.text_across(1, 0, len(WIDTHS) - 1, _LEGEND, "text", 26)
    sheet.table(TOP, 0, _columns(block), DAYS, "dygn", height=26)
    last = TOP + DAYS + 1
    sheet.text(last, 2, "Summa", "fet")
    for column, name in enumerate(("belopp", "avdrag", "traktamente", "skattefritt", "skattepliktigt"), 9):
        sheet.shown(last, column, _total(f"dygn_{name}"), "kr", look="summa")
    for column, name in ((14, "kostforman"), (15, "natt_kr")):
        sheet.shown(last, column, _total(f"dygn_{name}"), "kr", look="summa")
    sheet.raw.freeze_panes(TOP + 1, 2)
    sheet.raw.repeat_rows(TOP)
    sheet.raw.fit_to_pages(1, 1)
    _calculate(block)


def _total(name: str) -> str:
    return f'IF(resa_ok=0,"",IF(COUNTIF({name},"–")>0,"–",SUM({name})))'


def _columns(block: Block) -> list[InputColumn]:
    date = block.at("datum")

    def shown(heading: str, name: str, source: str, factor: str) -> InputColumn:
        value = f'IF(dagar_ok=0,"–",IFERROR({block.at(source)}*{block.at(factor)},"–"))'
        return InputColumn(heading, "kr", name, formula=f'IF({date}="","",{value})')

    country = f'IF({date}="","",IF(dagar_ok=0,"–",{block.at("svar_land")}))'
    part = f'IF({block.at("närvaro")}=0,"ledig",IF({block.at("betald")}=0,"–",{block.at("svar_dygn")}))'
    meals = (("Frukost", "frukost"), ("Lunch", "lunch"), ("Middag", "middag"))
    return [
        InputColumn("Nr", "visat", formula=f'IF({date}="","",{block.at("nr")})'),
        InputColumn("Datum", "datum", "datum", formula=f'IF({date}="","",{date})'),
        InputColumn("Land", "visat", "land", formula=country),
        *(InputColumn(heading, "val", name, "lista_maltid") for heading, name in meals),
        InputColumn("Egen natt", "ja", "natt", hint="ja när natten efter dygnet var i privat logi utan kostnad."),
        InputColumn("Ledig", "ja", "ledig", hint="ja när du var ledig hela dygnet."),
        InputColumn("Dygn", "visat", "del", formula=f'IF({date}="","",IF(dagar_ok=0,"–",{part}))'),
        shown("Belopp", "belopp", "svar_belopp", "betald"),
        shown("Måltidsavdrag", "avdrag", "svar_avdrag", "betald"),
        shown("Traktamente", "traktamente", "svar_traktamente", "betald"),
        shown("Skattefritt", "skattefritt", "svar_skattefritt", "betald"),
        shown("Skattepliktigt", "skattepliktigt", "svar_skattepliktigt", "betald"),
        shown("Kostförmån", "kostforman", "svar_kostforman", "närvaro"),
        InputColumn("Nattraktamente", "kr", "natt_kr", formula=_night(block)),
    ]


def _night(block: Block) -> str:
    value = f'IF({block.at("natt")}=0,0,IFERROR({block.at("nattbelopp")},"–"))'
    return f'IF({block.at("datum")}="","",IF(dagar_ok=0,"–",{value}))'


def _calculate(block: Block) -> None:
    at = block.at
    block.put("nr", f"ROW()-{TOP + 1}")
    block.put("datum", f'IF({at("nr")}<=antal_dygn,INT(avresa)+{at("nr")}-1,"")', "datum")
    block.put("närvaro", f'IF({at("datum")}="","",IF({SHEET}!${_LEAVE}{{row}}="ja",0,1))')
    block.put("betald", f'IF({at("datum")}="","",IF(utanfor_orten="ja",{at("närvaro")},0))')
    meals = "&".join(
        _letters(letter, f"{SHEET}!${column}{{row}}")
        for letter, column in zip("FLM", (_BREAKFAST, _LUNCH, _DINNER), strict=True)
    )
    block.put("koder", f'IF({at("datum")}="","",IF({at("närvaro")}=0,"",{meals}))')
    block.put("måltider", f'IF({at("datum")}="","",IF({at("koder")}="","-",{at("koder")}))')
    night = f'AND({SHEET}!${_NIGHT}{{row}}="ja",{at("betald")}=1,hemkomst>={at("datum")}+1.25)'
    block.put("natt", f'IF({at("datum")}="",0,IF(dagar_ok=0,0,IF({night},1,0)))')
    block.sheet.book.name("natter_privat", block.area("natt"))
    block.put("nattens land", f'IF({at("natt")}=1,{at("svar_land")},"Sverige")')
    block.put("nattens dag", f'IF({at("datum")}="",provdag,{at("datum")})', "datum")
    nights = f"NATTRAKTAMENTE({block.area('natt')},{block.area('nattens land')},{block.area('nattens dag')},policy)"
    block.spill("nattbelopp", f"IF(SUM({block.area('natt')})>0,{nights},0)")
    table = "UTRIKESTRAKTAMENTEDAGAR(strackor_utrikes,maltider_text,policy)"
    home = "TRAKTAMENTEDAGAR(avresa,hemkomst,resans_land,maltider_text,langtid_fran,policy)"
    block.spill("svar_datum", f'IF(resa_ok=1,IF(har_resvag=1,{table},{home}),"")', header=True)
    _leave(block)


def _letters(meal: str, cell: str) -> str:
    letters = ",".join(f'"{letter}"' for letter in MEAL_LETTERS)
    return f'IF({cell}="","","{meal}"&IFERROR(CHOOSE(MATCH({cell},lista_maltid,0),{letters}),"?"))'


def _leave(block: Block) -> None:
    """Resetillägg that days of leave take back: each is computed as a trip of as many hours as it was away."""
    at = block.at
    away = f"ROUND((MIN(hemkomst,{at('datum')}+1)-MAX(avresa,{at('datum')}))*1440,0)"
    block.put("ledig tid", f'IF({at("datum")}="",0,IF({at("närvaro")}=0,{away},0))', "antal")
    block.put("ledig start", f"{at('nattens dag')}+{_JUST_AFTER_MIDNIGHT}", "tidpunkt")
    block.put("ledig slut", f"{at('nattens dag')}+MAX(1,MIN({at('ledig tid')},1439))/1440", "tidpunkt")
    supplement = f"RESETILLAGG({block.area('ledig start')},{block.area('ledig slut')},inrikes,utanfor_orten,policy)"
    block.spill("avgår", f"IF(SUM({block.area('ledig tid')})>0,{supplement},0)")
