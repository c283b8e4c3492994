"""The sheet `Förutsättningar`: year, clocks, salary, units and their frames."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import InputColumn
from xlsx.forms.resebudget.layout import UNITS, Budget

_INPUTS: Final = (
    ("Budgetår", "antal", "budgetar", "Året som budgeten gäller, till exempel 2026."),
    (
        "Räkna med beloppen för år",
        "antal",
        "belopp_ar",
        "Lämna tomt när budgetårets belopp är beslutade. Annars väljer du här vilket års belopp som ska användas som "
        "antagande; det står då vid varje summa.",
    ),
    ("Avresa, klockslag", "klockslag", "avresa_klocka", "När resorna vanligen börjar, till exempel 07:00."),
    ("Hemkomst, klockslag", "klockslag", "hemkomst_klocka", "När resorna vanligen slutar, till exempel 18:00."),
    (
        "Hotellfrukost ingår",
        "ja",
        "hotellfrukost",
        "Ja när frukost ingår i hotellets pris. Traktamentet minskas då för frukosten varje dag efter en natt.",
    ),
    (
        "Månadslön i snitt, kr",
        "kr",
        "manadslon",
        "För färdtidsersättning. En enhet kan ha sin egen i tabellen nedan.",
    ),
    ("Arbetstid börjar", "klockslag", "arbetstid_start", "Tomt är policyns. Används på bladet Alternativ."),
    ("Arbetstid slutar", "klockslag", "arbetstid_slut", "Tomt är policyns. Används på bladet Alternativ."),
    (
        "Kommunens bilar, kr per mil",
        "kr",
        "bilkostnad_mil",
        "Er egen kostnad för poolbil, verksamhetsbil, hyrbil, leasingbil och lätt lastbil. Tomt är satsen på Underlag.",
    ),
)
FIRST_INPUT: Final = 7
_SHOWN: Final = 8
"""How many of the messages the sheet shows."""
UNITS_AT: Final = FIRST_INPUT + len(_INPUTS) + 3

_STEPS: Final = (
    "1. Fyll i de gula cellerna här: år, klockslag och enheter med ramar. "
    "2. Skriv en rad per slags resa på bladet Resor. "
    "3. Jämför färdsätt för en sträcka på bladet Alternativ. "
    "4. Läs summor, ramar och diagram på bladet Översikt. Alla belopp har källa på bladet Underlag."
)


def write_assumptions(budget: Budget, policy: str) -> None:
    """The sheet itself."""
    sheet = budget.assumptions
    sheet.text(0, 0, "Resebudget", "titel")
    sheet.raw.set_row(0, 26)
    sheet.text_across(1, 0, 5, _STEPS, height=38)
    sheet.shown_across(2, 0, 5, "=statusrad", "underrubrik", height=26)
    sheet.shown_across(3, 0, 5, '=IF(arsfraga="",belopp_text,arsfraga)', "fel", height=26)
    sheet.heading(FIRST_INPUT - 2, "Förutsättningar för alla resor", 6)
    sheet.text(FIRST_INPUT - 1, 0, "Policy")
    sheet.input(FIRST_INPUT - 1, 1, "val", "policy", policy, "lista_policyer", "Reglerna som budgeten räknas med.")
    for row, (label, kind, name, hint) in enumerate(_INPUTS, FIRST_INPUT):
        sheet.text(row, 0, label)
        sheet.input(row, 1, kind, name, hint=hint)
        sheet.raw.merge_range(row, 2, row, 5, hint, budget.book.styles.get("etikett", font_size=8, text_wrap=True))
        sheet.raw.set_row(row, 24 if len(hint) > 90 else 15)
    sheet.heading(UNITS_AT - 1, "Enheter och deras ramar", 6)
    columns = (
        InputColumn("Enhet", "text", "namn", hint="Enhetens namn. Samma namn väljs på bladet Resor."),
        InputColumn("Budgetram, kr", "hela kr", "ram_kr", hint="Lämna tomt om enheten inte har någon ram."),
        InputColumn("Ram, kg CO2e", "kg", "ram_kg", hint="Lämna tomt om enheten inte har någon ram för utsläpp."),
        InputColumn("Egen månadslön, kr", "kr", "manadslon", hint="Tomt är snittet ovan."),
    )
    sheet.table(UNITS_AT, 0, columns, UNITS, "enheter", height=26)
    after = UNITS_AT + UNITS + 2
    sheet.heading(after, "Att rätta", 6)
    for line in range(_SHOWN):
        sheet.shown_across(after + 1 + line, 0, 5, f'=IFERROR(INDEX(att_ratta,{line + 1}),"")', "fel", height=24)
    more = f'="… och "&antal_att_ratta-{_SHOWN}&" till; se kolumnen Anmärkning på bladet Resor."'
    sheet.shown_across(after + 1 + _SHOWN, 0, 5, f'=IF(antal_att_ratta>{_SHOWN},{more[1:]},"")', "fel")
    sheet.raw.print_area(0, 0, after + 1 + _SHOWN, 5)
