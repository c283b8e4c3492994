"""The accounts that bear the unit's cost."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import FormSheet, InputColumn
from xlsx.forms.reserakning.workings import Block, Workings

SHEET: Final = "Kontering"
WIDTHS: Final = (13, 13, 15, 15, 14, 14, 14, 13, 16, 18)
TOP: Final = 3
ROWS: Final = 10
PARTS: Final = ("konto", "ansvar", "verksamhet", "aktivitet", "projekt", "objekt", "motpart")


def coding_block(workings: Workings) -> Block:
    """The rows' parts of the cost."""
    return workings.block(TOP, ROWS, ("andel", "upp till", "före"))


def write_coding(sheet: FormSheet, block: Block) -> None:
    """Fill the sheet and its calculations."""
    sheet.text(0, 0, "Kontering", "titel")
    sheet.raw.set_row(0, 22)
    how = "Fördela enhetens kostnad i procent, i kronor eller både och. Summan ska bli kostnaden på bladet Reseräkning."
    sheet.text_across(1, 0, len(WIDTHS) - 1, how, "text", 14)
    cost = 'IF(ISNUMBER(summa_kostnad),ROUND(ROUND(summa_kostnad*{0},2)-ROUND(summa_kostnad*{1},2),2),"–")'
    share = cost.format(block.at("upp till"), block.at("före"))
    value = f'IF(I{{row}}<>"",IF(ISNUMBER(I{{row}}),I{{row}},"–"),IF({block.at("andel")}=0,"",{share}))'
    columns = [
        *(InputColumn(name.capitalize(), "text", name) for name in PARTS),
        InputColumn("Andel", "procent", "andel", hint="Till exempel 50 %. Lämna tomt om du skriver kronor."),
        InputColumn("Kronor", "kr", "kr", hint="Skriv kronor i stället för andel."),
        InputColumn("Belopp, kr", "kr", "belopp", formula=value),
    ]
    sheet.table(TOP, 0, columns, ROWS, "kontering", height=18)
    last = TOP + ROWS + 1
    rows = (
        ("Konterat, kr", "summa_konterat", 'IF(COUNTIF(kontering_belopp,"–")>0,"–",ROUND(SUM(kontering_belopp),2))'),
        ("Enhetens kostnad, kr", "att_kontera", 'IF(summa_kostnad="","",summa_kostnad)'),
        (
            "Kvar att kontera, kr",
            "kvar_att_kontera",
            'IF(ISNUMBER(att_kontera),IF(ISNUMBER(summa_konterat),ROUND(att_kontera-summa_konterat,2),"–"),"")',
        ),
    )
    for line, (label, name, formula) in enumerate(rows, last):
        sheet.text(line, 8, label, "fet", align="right")
        sheet.shown(line, 9, formula, "kr", name, look="summa")
    sheet.raw.freeze_panes(TOP + 1, 0)
    sheet.raw.fit_to_pages(1, 1)
    percent = f"{SHEET}!$H{{row}}"
    block.put("andel", f'IF({SHEET}!$I{{row}}="",IF(ISNUMBER({percent}),{percent},0),0)', "procent")
    above = block.at("upp till").replace("{row}", "{above}")
    block.put("före", f"IF(ISNUMBER({above}),{above},0)")
    block.put("upp till", f"ROUND({block.at('före')}+{block.at('andel')},10)")
