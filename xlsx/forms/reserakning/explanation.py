"""How the figures were got: steps with value, unit, rule, source, date in force and status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from xlsx.forms.book import COMPUTED, FormSheet
from xlsx.forms.reserakning.workings import Block, Workings

SHEET: Final = "Underlag"
WIDTHS: Final = (18, 53, 12, 10, 31, 57, 13, 18)
TOP: Final = 4
ROWS: Final = 54
_HEADINGS: Final = ("Vad", "Steg", "Värde", "Enhet", "Regel", "Källa", "Gäller från", "Status")
_STEP: Final = ("steg", "värde", "enhet", "regel", "källa", "från", "status")
_LONGEST: Final = 112
"""Letters of a source that two lines hold."""
_INDENTED: Final = (_HEADINGS.index("Värde"), _HEADINGS.index("Gäller från"))
_UNITS: Final = ("kr", "kr per km", "kr per mil", "timmar", "km", "kg CO2e", "kg per km")


@dataclass(frozen=True)
class Topic:
    """One explained figure: FORKLARA's arguments where the condition holds. rows: the most steps looked at."""

    title: str
    condition: str
    arguments: str
    rows: int


def topics(weeks: Block, cars: Block, tickets: Block) -> list[Topic]:
    """What is explained; of a table its first row, of climate the row with the largest charge."""

    def one(block: Block, row: str, *names: str) -> str:
        return ",".join(f"INDEX({block.area(name)},{row})" for name in names)

    car = f"MATCH(1,{cars.area('räknas')},0)"
    week = f"MATCH(1,{weeks.area('med tid')},0)"
    return [
        Topic(
            "Traktamente",
            "AND(resa_ok=1,dagar_ok=1,har_resvag=0)",
            '"TRAKTAMENTE",avresa,hemkomst,resans_land,maltider_text,langtid_fran,policy',
            220,
        ),
        Topic(
            "Traktamente",
            "AND(resa_ok=1,dagar_ok=1,har_resvag=1)",
            '"UTRIKESTRAKTAMENTE",strackor_utrikes,maltider_text,policy',
            300,
        ),
        Topic(
            "Färdtidsersättning",
            "fardtid_ok=1",
            f'"FARDTIDSERSATTNING",INDEX({weeks.area("timmar")},{week}),heltidslon,'
            f"{one(weeks, week, 'före', 'dag')},policy",
            40,
        ),
        Topic(
            "Bilersättning",
            f"SUM({cars.area('räknas')})>0",
            f'"BILERSATTNINGDELAR",{one(cars, car, "mer", "dag", "bil")},bilavtal,policy',
            30,
        ),
        Topic(
            "Klimatpåslag",
            f"SUM({tickets.area('räknas')})>0",
            f'"KLIMATPASLAG",{one(tickets, "klimat_rad", "medel", "kostnad", "km", "klass", "zon", "dag")},policy',
            40,
        ),
    ]


def write_explanation(sheet: FormSheet, workings: Workings, listed: list[Topic], policy: str) -> None:
    """Fill the sheet and its calculations."""
    blocks = [_steps(workings, topic, number) for number, topic in enumerate(listed)]
    rows = workings.block(TOP, ROWS, ("nr", "del", "rad"))
    rows.put("nr", f"ROW()-{TOP + 1}")
    part = "0"
    for number in reversed(range(len(blocks))):
        part = f"IF({rows.at('nr')}<=forklaring_slut_{number + 1},{number + 1},{part})"
    rows.put("del", part)
    found = [f"MATCH({rows.at('nr')},{block.area('nr')},0)" for block in blocks]
    rows.put("rad", f'IF({rows.at("del")}=0,"",CHOOSE({rows.at("del")},{",".join(found)}))')
    sheet.text(0, 0, "Underlag: så räknades beloppen", "titel")
    sheet.raw.set_row(0, 22)
    how = (
        f'"Beräknad "&{COMPUTED}&'
        'IF(regelversion="","",", regelversion "&regelversion)&". '
        'Av färdtid och bil visas den första raden, av klimat den med störst påslag. Status obekräftad: kontrollera "'
        '&"satsen mot ert avtal."&IF(COUNTIF(dygn_ledig,"ja")>0," Lediga dygn dras av först på bladet Dygn.","")'
        f'&IF(forklaring_slut_{len(blocks)}>{ROWS}," Fler steg än vad som ryms: funktionen FORKLARA visar alla.","")'
    )
    sheet.shown_across(1, 0, len(WIDTHS) - 1, how, "text", 26)
    sheet.text(2, 0, "Policy", "fet")
    sheet.text(2, 1, policy)
    workings.book.name("policy", sheet.at(2, 1))
    for column, heading in enumerate(_HEADINGS):
        sheet.text(TOP, column, heading, "kolumnrubrik")
    _shown(sheet, rows, blocks, listed)
    sheet.raw.freeze_panes(TOP + 1, 0)
    sheet.raw.repeat_rows(TOP)


def _steps(workings: Workings, topic: Topic, number: int) -> Block:
    """The steps of one topic, those that are shown numbered on from the topics before."""
    names = ("nr", *_STEP)
    block = workings.block(TOP, topic.rows, names, own_heading=_STEP)
    block.spill("steg", f'IF({topic.condition},FORKLARA({topic.arguments}),"")', header=True)
    before = f"forklaring_slut_{number}" if number else "0"
    units = "+".join(f'({block.at("enhet")}="{unit}")' for unit in _UNITS)
    counts = f'IF({block.at("enhet")}="",0,IF(({block.at("källa")}<>"")+{units}>0,1,0))'
    for line in block.lines:
        above = before if line == block.top + 1 else block.at("nr").format(row=line)
        formula = f"{above}+{counts.format(row=line + 1)}"
        block.sheet.shown(line, block.columns["nr"], formula, look="etikett")
    last = block.cell("nr", block.rows - 1)
    workings.book.name(f"forklaring_slut_{number + 1}", last)
    return block


def _shown(sheet: FormSheet, rows: Block, blocks: list[Block], listed: list[Topic]) -> None:
    part, row = rows.at("del"), rows.at("rad")
    titles = ",".join(f'"{topic.title}"' for topic in listed)
    formulas = [f'IF({part}=0,"",CHOOSE({part},{titles}))']
    for name in _STEP:
        value = f"CHOOSE({part},{','.join(f'INDEX({block.area(name)},{row})' for block in blocks)})"
        if name == "värde":
            shown = f"IF(ISNUMBER({value}),ROUND({value},5),{value})"
        elif name == "källa":
            shown = f'IF(LEN({value})>{_LONGEST},LEFT({value},{_LONGEST - 1})&"…",{value}&"")'
        else:
            shown = f'{value}&""'
        formulas.append(f'IF({part}=0,"",IFERROR({shown},""))')
    for line in rows.lines:
        sheet.raw.set_row(line, 23)
        for column, formula in enumerate(formulas):
            more: dict[str, Any] = {"text_wrap": True, "valign": "top", "indent": 1 if column in _INDENTED else 0}
            sheet.shown(line, column, formula.format(row=line + 1), look="etikett", **more)
