"""The way travelled: legs abroad decide each day's country, and journeys outside working hours give travel time."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import FormSheet, InputColumn
from xlsx.forms.reserakning.workings import Block, Workings

SHEET: Final = "Resväg"
WIDTHS: Final = (20, 20, 23, 31, 20, 13, 13, 11)
ROWS: Final = 16
TOP: Final = 3
WEEKS: Final = 6
WEEKS_TOP: Final = TOP + ROWS + 4
JUST_AFTER_MIDNIGHT: Final = 0.00001
"""Of a day: less than a second, since a whole number would be a date whose clock is missing."""

LEG_COLUMNS: Final = ("Avgång", "Ankomst", "Till", "Färdmedel", "Sovplats")
_TIMED: Final = ("restid", "från", "till", "sov", "timmar", "måndag")
_WEEK: Final = ("måndag", "timmar", "med tid", "före", "dag", "ersättning")
_HOW: Final = (
    "En rad för varje del av resan, i tidsordning. Bara resa och väntan ger färdtid; möte, arbete, transport av "
    "brukare och ledig gör det inte, och resa utan färdtid är till exempel hemresan när du själv har förlängt resan. "
    "Vid resa utomlands fylls Till land och Färdmedel i på varje resa: första raden börjar med avresan, sista raden "
    "kommer till Sverige, och klockslagen är platsens egna. En rad som går över natten till måndag delas vid midnatt."
)


def leg_block(workings: Workings) -> Block:
    """The legs as the functions and the import sheet read them."""
    return workings.block(TOP, ROWS, (*LEG_COLUMNS, *_TIMED))


def week_block(workings: Workings) -> Block:
    """The calendar weeks of the trip."""
    return workings.block(WEEKS_TOP, WEEKS, _WEEK)


def write_route(sheet: FormSheet, legs: Block, weeks: Block) -> None:
    """Fill the sheet and its calculations."""
    sheet.text(0, 0, "Resväg och färdtid", "titel")
    sheet.raw.set_row(0, 22)
    sheet.text_across(1, 0, len(WIDTHS) - 1, _HOW, "text", 38)
    hours = f'IF({legs.at("restid")}=0,"",IFERROR({legs.at("timmar")},"–"))'
    columns = [
        InputColumn("Börjar", "tidpunkt", "borjar"),
        InputColumn("Slutar", "tidpunkt", "slutar", after="A{row}"),
        InputColumn("Vad du gjorde", "val", "aktivitet", "lista_aktivitet", "Tomt är resa."),
        InputColumn("Till land", "val", "land", "lista_land", "Landet som sträckan kom till, vid resa utomlands."),
        InputColumn("Färdmedel", "val", "fardmedel", "lista_fardmedel"),
        InputColumn("Sovplats", "ja", "sovplats", hint="ja om sov-, ligg- eller hyttplats kunde användas."),
        InputColumn("Färdtid, h", "timmar", "timmar", formula=hours),
        InputColumn("Vecka", "antal", "vecka", formula=_week_number("A{row}", "B{row}")),
    ]
    sheet.table(TOP, 0, columns, ROWS, "stracka", height=18)
    sheet.heading(WEEKS_TOP - 1, "Färdtid per kalendervecka (utanför arbetstiden)", len(WIDTHS))
    _week_table(sheet, weeks)
    sheet.raw.freeze_panes(TOP + 1, 0)
    sheet.raw.repeat_rows(TOP)
    sheet.raw.fit_to_pages(1, 1)
    _calculate_legs(legs)
    _calculate_weeks(legs, weeks)


def _week_number(start: str, end: str) -> str:
    return f'IF(AND(ISNUMBER({start}),ISNUMBER({end})),ISOWEEKNUM({start}),"")'


def _week_table(sheet: FormSheet, weeks: Block) -> None:
    day = weeks.at("måndag")
    hours, before = weeks.at("timmar"), weeks.at("före")
    lower = f"MAX(0,MIN({hours},fardtidens_grans-{before}))"

    def shown(value: str) -> str:
        return f'IF({day}="","",IF(fardtid_timmar_ok=0,"–",{value}))'

    columns = [
        InputColumn("Veckans måndag", "datum", "mandag", formula=f'IF({day}="","",{day})'),
        InputColumn("Kalendervecka", "antal", "nr", formula=f'IF({day}="","",ISOWEEKNUM({day}))'),
        InputColumn("Färdtid denna resa, h", "timmar", "timmar", formula=shown(hours)),
        InputColumn(
            "Tidigare samma vecka, h",
            "timmar",
            "fore",
            hint="Färdtid på andra resor som redan har ersatts samma vecka. Den räknas mot gränsen mellan nivåerna.",
        ),
        InputColumn("Nivå 1, h", "timmar", "niva_1", formula=shown(lower)),
        InputColumn("Nivå 2, h", "timmar", "niva_2", formula=shown(f"{hours}-{lower}")),
        InputColumn("Ersättning", "kr", "kr", formula=_pay(weeks, day)),
    ]
    sheet.table(WEEKS_TOP, 0, columns, WEEKS, "vecka", height=26)
    last = WEEKS_TOP + WEEKS + 1
    sheet.text(last, 1, "Summa", "fet")
    for column, name, kind in ((2, "vecka_timmar", "timmar"), (4, "vecka_niva_1", "timmar"),
                               (5, "vecka_niva_2", "timmar"), (6, "vecka_kr", "kr")):  # fmt: skip
        total = f'IF(resa_ok=0,"",IF(COUNTIF({name},"–")>0,"–",SUM({name})))'
        sheet.shown(last, column, total, kind, look="summa")


def _pay(weeks: Block, day: str) -> str:
    value = f'IF(fardtid_ger_lon=0,0,IF(fardtid_ok=0,"–",IFERROR({weeks.at("ersättning")},"–")))'
    return f'IF({day}="","",{value})'


def _calculate_legs(legs: Block) -> None:
    at = legs.at
    start, end, doing, country, mode, berth = (f"{SHEET}!${letter}{{row}}" for letter in "ABCDEF")
    both = f"AND(ISNUMBER({start}),ISNUMBER({end}))"
    moving = f'OR({doing}="",{doing}="resa",{doing}="resa utan färdtid")'
    leg = f"IF({both},IF({moving},1,0),0)=1"
    legs.put("Avgång", f'IF({leg},{start},"")', "tidpunkt")
    legs.put("Ankomst", f'IF({at("Avgång")}="","",{end})', "tidpunkt")
    for name, cell in (("Till", country), ("Färdmedel", mode), ("Sovplats", berth)):
        legs.put(name, f'IF({at("Avgång")}="","",IF({cell}="","",{cell}))')
    timed = f'IF({both},IF({end}>{start},IF(OR({doing}="",{doing}="resa",{doing}="väntan"),1,0),0),0)'
    legs.put("restid", timed, "antal")
    for name, cell in (("från", start), ("till", end)):
        with_clock = f"IF({cell}=INT({cell}),{cell}+{JUST_AFTER_MIDNIGHT},{cell})"
        legs.put(name, f"IF({at('restid')}=1,{with_clock},provdag+0.5)", "tidpunkt")
    legs.put("sov", f'IF(AND({at("restid")}=1,{berth}="ja"),"ja","nej")')
    legs.put("måndag", f'IF({at("restid")}=1,INT({start})-WEEKDAY({start},2)+1,"")', "datum")
    hours = f"FARDTID({legs.area('från')},{legs.area('till')},arbetstid_start,arbetstid_slut,{legs.area('sov')},policy)"
    legs.spill("timmar", f"IF(SUM({legs.area('restid')})>0,{hours},0)", "timmar")


def _calculate_weeks(legs: Block, weeks: Block) -> None:
    at = weeks.at
    number = f"(ROW()-{WEEKS_TOP + 2})"
    monday = f"INT(avresa)-WEEKDAY(avresa,2)+1+7*{number}"
    weeks.put("måndag", f'IF(resa_ok=0,"",IF({monday}>hemkomst,"",{monday}))', "datum")
    of_week = f"SUMIFS(stracka_timmar,{legs.area('måndag')},{at('måndag')})"
    weeks.put("timmar", f'IF({at("måndag")}="",0,ROUND({of_week},4))', "timmar")
    weeks.put("med tid", f"IF({at('timmar')}>0,1,0)", "antal")
    before = f"{SHEET}!$D{{row}}"
    weeks.put("före", f"IF(ISNUMBER({before}),MAX(0,{before}),0)", "timmar")
    weeks.put("dag", f'IF({at("måndag")}="",provdag,MAX({at("måndag")},INT(avresa)))', "datum")
    pay = f"FARDTIDSERSATTNING({weeks.area('timmar')},heltidslon,{weeks.area('före')},{weeks.area('dag')},policy)"
    weeks.spill("ersättning", f"IF(fardtid_ok=1,{pay},0)", "kr")
