"""The sheet `Underlag`: the figures that the budget is made of, each with source, first day and status."""

from __future__ import annotations

from typing import Any, Final

from core.law import Law
from xlsx.forms.resebudget.layout import FIGURES_AT, PASSED, Budget, among

_FIGURES: Final = (
    "maximibelopp",
    "halvdagsandel",
    "hel_avresedag_senast",
    "hel_hemresedag_tidigast",
    "resetillagg_belopp",
    "resetillagg_efter",
    "fardtid_andel_niva1",
    "fardtid_andel_niva2",
    "fardtid_nivagrans",
    "fardtid_minsta",
    "timlon_divisor",
    "bia_ersattning/utan bilavtal",
    "bia_ersattning/med bilavtal",
    "bia_ersattning/förmånsbil",
    "bilkostnad_per_mil",
    "verksamhetsort_radie",
    "farvagspaslag/järnväg",
    "farvagspaslag/busslinje",
)
_COUNTRIES: Final = 10
_TOP: Final = 5
_HEADINGS: Final = ("Uppgift", "Värde", "Enhet", "Regel", "Källa", "Gäller från", "Status", "Budgetåret")
_EXPLAINED: Final = len(_HEADINGS) - 1
"""The columns of an explanation."""
_NAMES: Final = PASSED + 10
_NEXT: Final = PASSED + 12
"""The columns of the figures' names, and of what they are in the budget's year."""
_STEP: Final = 3
"""Rows of the calculations per explanation: heading, figure, a blank one."""

_CHARGES_AT: Final = PASSED + 15
_CHARGE_STEPS: Final = 40
_CHARGES: Final = 8
"""Where the explanation of the climate charge is, how many steps it may have, and how many rates are shown."""
_RATE_UNITS: Final = ("procent", "kr per kg", "kr", "kr per mil", "kr per liter")
_LOOK: Final[dict[str, Any]] = {"text_wrap": True, "valign": "top", "font_size": 8}

_YEAR: Final = (
    '=IF(arsfraga<>"",arsfraga,IF(raknear="","Skriv Budgetår på bladet Förutsättningar så visas beloppen här.",'
    "belopp_text))"
)
_NOTES: Final = (
    "Beloppen gäller den 1 juli det år som budgeten räknas med. Resorna räknas som om de började den första i månaden. "
    "Priser räknas som de är skrivna, utan uppräkning. Färdtiden är den som står på "
    "bladet Resor, räknad som en kalendervecka per resa. "
    "Kolumnen Budgetåret säger vilka belopp som inte är beslutade för det år som budgeten gäller."
)


def write_sources(budget: Budget, law: Law) -> None:
    """The sheet and the explanations behind it. law: whose emission factors are listed."""
    sheet = budget.sources
    sheet.text(0, 0, "Underlag", "titel")
    sheet.raw.set_row(0, 24)
    sheet.shown_across(1, 0, _EXPLAINED, _YEAR, "fel")
    sheet.text_across(2, 0, _EXPLAINED, _NOTES, height=26)
    for at, heading in enumerate(_HEADINGS):
        sheet.text(_TOP - 1, at, heading, "kolumnrubrik")
    sheet.raw.freeze_panes(_TOP, 0)
    sheet.raw.repeat_rows(_TOP - 1)
    countries = [_country(number) for number in range(1, _COUNTRIES + 1)]
    factors = [f'"utslappsfaktor/{key}"' for key in law.figures["utslappsfaktor"].keys]
    sections = (
        ("Traktamente, tillägg, färdtid och bil", [f'"{name}"' for name in _FIGURES]),
        ("Normalbelopp för länderna i planen", countries),
        ("Utsläppsfaktorer", factors),
    )
    row, number = _TOP, 0
    for title, names in sections:
        sheet.heading(row, title, len(_HEADINGS))
        for name in names:
            row += 1
            _figure(budget, row, number, name)
            number += 1
        row += 1
    _next_year(budget, number)
    row = _charges(budget, row)
    sheet.raw.print_area(0, 0, row - 1, _EXPLAINED)


def _country(number: int) -> str:
    """An expression: the name of the figure of the plan's nth country, blank when there is none."""
    return f'IFERROR("normalbelopp/"&INDEX(rad_land_raknat,MATCH({number},rad_land_nummer,0)),"")'


def _figure(budget: Budget, row: int, number: int, name: str) -> None:
    """A figure's line, and behind it its name and its explanation."""
    sheet, at = budget.calculation, FIGURES_AT + _STEP * number
    sheet.raw.write_formula(FIGURES_AT + number, _NAMES, f"={name}", None, "")
    named = sheet.at(FIGURES_AT + number, _NAMES)
    asked = f'IFERROR(FORKLARA("SATS",{named},DATE(raknear,7,1),policy),"")'
    sheet.calculated(at, PASSED, f'=IF(AND(ISNUMBER(raknear),{named}<>""),{asked},"")')
    for place in range(_EXPLAINED):
        source = sheet.at(at + 1, PASSED + place)
        budget.sources.shown(row, place, f'=IFERROR(IF({source}="","",{source}),"")', **_LOOK)
    value, coming = sheet.at(at + 1, PASSED + 1), sheet.at(FIGURES_AT + number, _NEXT)
    budget.sources.shown(
        row,
        _EXPLAINED,
        f'=IFERROR(IF({value}="","",IF(budgetar=raknear,"gäller",IF({coming}="–","inte beslutat",'
        f'IF({coming}={value},"gäller tills vidare","ett annat värde")))),"")',
        **_LOOK,
    )
    budget.sources.raw.set_row(row, 33 if name.startswith('"utslappsfaktor') else 23)


def _charges(budget: Budget, row: int) -> int:
    """The policy's climate charges: the steps of one explanation that are rates with a source."""
    sheet, top = budget.calculation, FIGURES_AT
    asked = 'FORKLARA("KLIMATPASLAG","flyg",1000,500,"ekonomi","Europa",DATE(raknear,7,1),policy)'
    sheet.calculated(top, _CHARGES_AT, f'=IF(ISNUMBER(raknear),IFERROR({asked},""),"")')
    counted = _CHARGES_AT + _EXPLAINED
    for step in range(top + 1, top + _CHARGE_STEPS):
        unit, source = sheet.at(step, _CHARGES_AT + 2), sheet.at(step, _CHARGES_AT + 4)
        above = f"{sheet.at(top, counted)}:{sheet.at(step - 1, counted).rpartition('!')[2]}"
        is_rate = among(unit, _RATE_UNITS)
        formula = f'=IFERROR(IF(AND({source}<>"",{is_rate}),MAX({above})+1,""),"")'
        sheet.raw.write_formula(step, counted, formula, None, "")
    numbers = sheet.at(top, counted, top + _CHARGE_STEPS - 1, counted)
    budget.sources.heading(row, "Klimatpåslag enligt policyn", len(_HEADINGS))
    for number in range(1, _CHARGES + 1):
        for place in range(_EXPLAINED):
            area = sheet.at(top, _CHARGES_AT + place, top + _CHARGE_STEPS - 1, _CHARGES_AT + place)
            formula = f'=IFERROR(INDEX({area},MATCH({number},{numbers},0))&"","")'
            if place == 1:
                formula = f'=IFERROR(INDEX({area},MATCH({number},{numbers},0)),"")'
            budget.sources.shown(row + number, place, formula, **_LOOK)
        line = budget.sources.at(row + number, 0)
        state = f'=IF({line}="","",IF(budgetar=raknear,"gäller","antagande"))'
        budget.sources.shown(row + number, _EXPLAINED, state, **_LOOK)
        budget.sources.raw.set_row(row + number, 23)
    return row + 1 + _CHARGES


def _next_year(budget: Budget, figures: int) -> None:
    """All figures in the budget's own year, by one call; a dash for those that are not decided."""
    sheet = budget.calculation
    names = sheet.at(FIGURES_AT, _NAMES, FIGURES_AT + figures - 1, _NAMES)
    asked = f'IFERROR(SATS({names},DATE(budgetar,7,1),policy),"–")'
    sheet.calculated(FIGURES_AT, _NEXT, f'=IF(ISNUMBER(raknear),{asked},"")')
