"""`resebudget.xlsx`: a department's travel budget, from planned trips to frames in kronor and kilograms."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from core.policies import policy_names
from core.vocabulary import COUNTRIES, FARDMEDEL, TYP
from xlsx.forms.book import FormBook
from xlsx.forms.resebudget.alternativefigures import alternative_messages
from xlsx.forms.resebudget.alternatives import write_alternatives
from xlsx.forms.resebudget.assumptions import write_assumptions
from xlsx.forms.resebudget.layout import ALTERNATIVES, ALTERNATIVES_AT, COUNT, FIRST_TRIP, GENERAL_AT, MONTHS, Budget
from xlsx.forms.resebudget.overview import write_overview
from xlsx.forms.resebudget.sources import write_sources
from xlsx.forms.resebudget.tripfigures import write_trip_figures
from xlsx.forms.resebudget.trips import write_costs, write_trips
from xlsx.forms.resebudget.year import messages, write_year
from xlsx.forms.setting import FormSetting

__all__ = ["KIND", "TITLE", "VERSION", "write_resebudget"]

KIND: Final = "resebudget"
TITLE: Final = "Resebudget"
VERSION: Final = 1

_LISTED: Final = 10
"""How many of the messages are listed without the blanks between."""


def write_resebudget(path: Path, setting: FormSetting) -> None:
    """Write the budget's workbook without values of its formulas."""
    with FormBook(path, TITLE, KIND, VERSION, setting.made, setting.functions, setting.policy) as book:
        budget = Budget(book)
        for name, words in (
            ("manader", MONTHS),
            ("fardmedel", FARDMEDEL.words),
            ("typer", TYP.words),
            ("policyer", sorted({*policy_names(), setting.policy})),
            ("lander", [COUNTRIES.name(code) for code in range(len(COUNTRIES))]),
        ):
            book.choices(name, words)
        write_assumptions(budget, setting.policy)
        columns = write_trip_figures(budget)
        write_year(budget)
        write_trips(budget, columns)
        write_costs(budget, columns)
        write_alternatives(budget)
        write_overview(budget)
        write_sources(budget, setting.law)
        _write_messages(budget, columns)


def _write_messages(budget: Budget, columns: dict[str, int]) -> None:
    """All messages of wrong input under each other, and those that are not blank on top of a list of their own."""
    sheet, column = budget.calculation, columns["fel"]
    placed = dict(enumerate(messages(), GENERAL_AT)) | dict(enumerate(alternative_messages(), ALTERNATIVES_AT))
    for row, formula in placed.items():
        sheet.raw.write_formula(row, column, sheet.book.formula(formula), None, "")
    last = ALTERNATIVES_AT + ALTERNATIVES + 3
    apart = columns["fel_plats"], columns["fel_text"]
    sheet.book.name("formularfel", sheet.at(FIRST_TRIP, min(apart), last, max(apart)))
    for row in range(FIRST_TRIP, last + 1):
        here = sheet.at(row, column)
        above = f"MAX({sheet.at(FIRST_TRIP - 1, COUNT)}:{sheet.at(row - 1, COUNT).rpartition('!')[2]})"
        sheet.raw.write_formula(row, COUNT, f'=IF({here}="","",{above}+1)', None, "")
        place = f'=IF({here}="","",LEFT({here},FIND(": ",{here})-1))'
        sheet.raw.write_formula(row, apart[0], place, None, "")
        sheet.raw.write_formula(row, apart[1], f'=IF({here}="","",MID({here},FIND(": ",{here})+2,500))', None, "")
    texts = sheet.at(FIRST_TRIP, column, last, column)
    numbers = sheet.at(FIRST_TRIP, COUNT, last, COUNT)
    first = ALTERNATIVES_AT + ALTERNATIVES + 5
    for line in range(_LISTED):
        formula = f'=IFERROR(INDEX({texts},MATCH({line + 1},{numbers},0)),"")'
        sheet.raw.write_formula(first + line, 0, sheet.book.formula(formula), None, "")
    sheet.shown(first + _LISTED, 0, f"=MAX(0,{numbers})", name="antal_att_ratta", look="etikett")
    sheet.book.name("att_ratta", sheet.at(first, 0, first + _LISTED - 1, 0))
