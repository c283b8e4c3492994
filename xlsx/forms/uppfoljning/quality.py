# ruff: noqa: E501 (a table is read by its columns)
"""The sheet Datakvalitet: what the figures rest on, what is missing, and what is to be put right."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import FormBook, FormSheet
from xlsx.forms.uppfoljning.columns import FIRST
from xlsx.forms.uppfoljning.content import Followup
from xlsx.forms.uppfoljning.measures import TRAVELLED, counted

NAME: Final = "Datakvalitet"
_ABOVE: Final = FIRST - 1
WIDTHS: Final = (44, 11, 11, 62)
LISTED: Final = 15
"""Messages that are shown."""
_FIRST_OF_CHECKS: Final = 24
"""Row of the checks of the assumptions on the sheet of calculations."""

_EMPTY: Final = '""'
_STATED: Final = '">=0"'
_IN_YEAR: Final = counted()
_TRIPS: Final = counted(TRAVELLED)
_ROWS: Final = "COUNT(data_felkod)"

_Line = tuple[str, str, str, str, str]
"""Label, defined name, count, of what it is a share, what it means."""

_LINES: Final[tuple[_Line, ...]] = (
    ("Rader på bladet Data", "summa_rader_antal", _ROWS, "", "Alla ifyllda rader, även andra år och digitala möten."),
    ("Rader med avresa under året", "summa_rader_i_ar_antal", _IN_YEAR, _ROWS, "Dessa följs upp."),
    ("Rader med avresa andra år", "rader_andra_ar", f"COUNT(data_avresa)-{_IN_YEAR}", _ROWS,
     "Används för förra året och basåret."),
    ("Rader utan läsbar avresa", "rader_utan_datum", f"{_ROWS}-COUNT(data_avresa)", _ROWS, "Räknas inte med någonstans."),
    ("Utan avdelning", "utan_avdelning", counted(("avdelning", _EMPTY)), _IN_YEAR,
     "Räknas till Ej fördelat på enhet."),
    ("Avdelning som inte finns bland enheterna", "okand_avdelning",
     counted(("enhet_finns", "0")), _IN_YEAR,
     "Räknas till Ej fördelat på enhet. Lägg till enheten på bladet Förutsättningar."),
    ("Utan färdmedel", "utan_fardmedel", counted(("fardmedel", _EMPTY)), _IN_YEAR, "Räknas till Okänt eller ej angivet."),
    ("Okänt färdmedel", "okant_fardmedel",
     counted(("grupp", '"okänt"')), _IN_YEAR,
     "Räknas till Okänt eller ej angivet. Välj ur listan."),
    ("Resor utan km", "utan_km", counted(TRAVELLED, ("km", _EMPTY)), _TRIPS, "Km och tågandel är räknade utan dem."),
    ("Resor med km beräknade mellan orterna", "beraknade_km", counted(TRAVELLED, ("km_ar", '"beräknade"')), _TRIPS,
     "Fågelvägen, för tåg och buss med påslag; osäkrare än uppgivna km."),
    ("Resor utan utsläpp", "utan_utslapp", f"{_TRIPS}-{counted(TRAVELLED, ('kg_med_raknad', _STATED))}", _TRIPS,
     "Saknas i alla utsläppssummor: summorna är för låga."),
    ("Resor utan någon kostnad", "utan_kostnad", f"{_TRIPS}-{counted(TRAVELLED, ('kostnad', _STATED))}", _TRIPS,
     "Saknas i alla kostnadssummor: summorna är för låga."),
    ("Resor utan person", "utan_person", counted(TRAVELLED, ("person", _EMPTY)), _TRIPS,
     "Nätterna finns i summan men inte bland personerna."),
    ("Resor utan hemkomst och nätter", "utan_natter",
     f"{_TRIPS}-{counted(TRAVELLED, ('natter_raknade', _STATED))}", _TRIPS, "Saknas bland nätterna."),
    ("Fel vid omräkningen", "fel_vid_omrakning", f"{_IN_YEAR}-{counted(('fel', _EMPTY))}", _IN_YEAR,
     "Något belopp kunde inte räknas; se kolumnen Fel vid omräkningen."),
    ("Rader att rätta", "rader_att_ratta", "COUNT(data_felrad)", _ROWS, "Listas nedan."),
)  # fmt: skip


def write_quality(book: FormBook, content: Followup) -> None:
    """Write the sheet."""
    sheet = book.sheet(NAME, WIDTHS)
    width = len(WIDTHS)
    sheet.text(0, 0, "Datakvalitet", "titel")
    sheet.raw.set_row(0, 24)
    sheet.heading(2, "Underlaget i siffror", width)
    styles = book.styles
    for column, heading in enumerate(("Vad", "Antal", "Andel", "Vad det betyder")):
        more = {"indent": 1} if column == len(WIDTHS) - 1 else {}
        style = styles.get("kolumnrubrik", "antal" if column in (1, 2) else "visat", **more)
        sheet.raw.write_string(3, column, heading, style)
    for row, (label, name, count, of, meaning) in enumerate(_LINES, 4):
        sheet.text(row, 0, label, "resultat", bg_color="#FFFFFF")
        sheet.shown(row, 1, f'=IFERROR({count},"–")', "antal", name, num_format="#,##0")
        share = f'=IFERROR(IF({of}>0,{sheet.cell(row, 1)}/{of},""),"")' if of else '=""'
        sheet.shown(row, 2, share, "procent", num_format="0.0%")
        sheet.text(row, 3, meaning, "resultat", bg_color="#FFFFFF", text_wrap=True, indent=1)
    row = _messages(book, sheet, 5 + len(_LINES), width)
    row = _sources(sheet, content, row + 1, width)
    sheet.raw.print_area(0, 0, row, width - 1)
    sheet.raw.repeat_rows(0)
    sheet.raw.freeze_panes(1, 0)


_EARLIER: Final = ",".join(
    f"{table}_{year}_{unit}" for table in ("enheter", "ovriga") for year in ("forra", "bas") for unit in ("kg", "kr")
)

_CHECKS: Final = (
    'IF(N(summa_rader_antal)=0,"",IF(ar_fran>0,"","Förutsättningar, År: skriv ett årtal, till exempel 2026."))',
    'IF(basar="","",IF(bas_fran=0,"Förutsättningar, Basår: skriv ett årtal, till exempel 2019, eller lämna tomt.",'
    'IF(bas_fran>ar_fran,"Förutsättningar, Basår: ska inte ligga efter året som följs upp.","")))',
    'IF(AND(ISNUMBER(flyggrans),N(flyggrans)>0),"","Förutsättningar, Kort flygning: skriv mil som ett tal, till exempel 50.")',
    'IF(AND(ISNUMBER(tagnorm_fran),ISNUMBER(tagnorm_till)),IF(tagnorm_fran<=tagnorm_till,"",'
    '"Förutsättningar, Tåg är norm: från ska inte vara mer än till."),'
    '"Förutsättningar, Tåg är norm: skriv mil som tal, till exempel 5 och 50.")',
    'IF(COUNT(andel_inrikes,andel_europa,andel_varlden)=3,"","Förutsättningar, Flyg utan höghöjdseffekt: skriv andelar i procent, till exempel 65 %.")',
    'IF(N(dubbla_enheter)=0,"",'
    '"Förutsättningar, Enheter: samma enhet står på flera rader. Varje enhet ska stå en gång.")',
    'IF(COUNTA(enheter_arsarbetare,ovriga_arsarbetare)=COUNT(enheter_arsarbetare,ovriga_arsarbetare),"","Förutsättningar, Årsarbetare: skriv tal, till exempel 125,5.")',
    f'IF(COUNTA({_EARLIER})=COUNT({_EARLIER}),"","Förutsättningar, Enheter: förra årets och basårets värden ska vara tal.")',
    'IF(OR(ISTEXT(mal_minskning),ISTEXT(mal_kg),ISTEXT(mal_tag)),"Förutsättningar, Mål: målvärden ska vara tal eller tomma.","")',
    'IF(AND(ISNUMBER(mal_minskning_ar),ISNUMBER(mal_kg_ar),ISNUMBER(mal_tag_ar)),"","Förutsättningar, Mål: målår ska vara årtal, till exempel 2030.")',
)  # fmt: skip
"""A message each about the sheet Förutsättningar, blank where nothing is wrong."""


def _messages(book: FormBook, sheet: FormSheet, row: int, width: int) -> int:
    """What is wrong in the assumptions, then the first rows that have faults, without gaps. Gives the row below."""
    data, last = book.calculation, _FIRST_OF_CHECKS + len(_CHECKS) - 1
    for at, check in enumerate(_CHECKS, _FIRST_OF_CHECKS):
        data.shown(at, 0, f'=IFERROR({check},"")', look="etikett")
        data.shown(at, 1, f'=IF({data.cell(at, 0)}="","",{at - _FIRST_OF_CHECKS + 1})', look="etikett")
    texts, places = (data.at(_FIRST_OF_CHECKS, column, last, column) for column in (0, 1))
    sheet.heading(row, "Att rätta", width)
    style = book.styles.get("fel", text_wrap=False)
    first = row + 1
    for number in range(1, LISTED + 1):
        assumed = f"INDEX({texts},SMALL({places},{number}))"
        in_row = f"INDEX(data_att_ratta,SMALL(data_felrad,{number}-COUNT({places}))-{_ABOVE})"
        at = first + number - 1
        sheet.raw.merge_range(at, 0, at, width - 1, "", style)
        sheet.raw.write_formula(at, 0, f'=IFERROR(IF({number}<=COUNT({places}),{assumed},{in_row}),"")', style, "")
    book.name("formularfel", sheet.at(first, 0, first + LISTED - 1, 0))
    left = f"(COUNT(data_felrad)+COUNT({places})-{LISTED})"
    more = f'=IFERROR(IF({left}>0,"… och "&{left}&" till, se kolumnen Att rätta på bladet Data.",""),"")'
    sheet.raw.write_formula(first + LISTED, 0, more, book.styles.get("etikett"), "")
    return first + LISTED + 1


def _sources(sheet: FormSheet, content: Followup, row: int, width: int) -> int:
    """The files that the trips come from."""
    if not content.sources:
        return row
    styles = sheet.book.styles
    sheet.heading(row, "Filer", width)
    for column, heading in enumerate(("Fil", "Blad", "Resor", "Anmärkning")):
        more = {"indent": 1} if column == len(WIDTHS) - 1 else {}
        style = styles.get("kolumnrubrik", "antal" if column == 2 else "visat", **more)
        sheet.raw.write_string(row + 1, column, heading, style)
    for at, (name, tab, trips, remark) in enumerate(content.sources, row + 2):
        for column, value in enumerate((name, tab, trips, remark)):
            wrapped = {"text_wrap": True, "indent": 1 if column else 0} if column in (0, 3) else {}
            style = styles.get("resultat", "antal" if column == 2 else "visat", bg_color="#FFFFFF", **wrapped)
            sheet.value(at, column, value, style)
    return row + 2 + len(content.sources)
