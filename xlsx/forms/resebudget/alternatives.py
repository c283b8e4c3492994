"""The sheet `Alternativ`: ways to travel one route, side by side, and what the policy prefers."""

from __future__ import annotations

from typing import Final

from xlsx.comparing import FIELDS
from xlsx.forms.book import InputColumn
from xlsx.forms.resebudget.alternativefigures import preferred, write_alternative_figures
from xlsx.forms.resebudget.layout import ALTERNATIVES, ALTERNATIVES_AT, ANSWERED, Budget, told

_ROUTE: Final = (
    ("Från", "text", "stracka_fran", "Ort eller flygplatskod.", None),
    ("Till", "text", "stracka_till", "Ort eller flygplatskod.", None),
    ("Land", "val", "stracka_land", "Tomt är Sverige.", "lista_lander"),
    ("Förrättning börjar", "tidpunkt", "forrattning_borjar", "Datum och klockslag på plats.", None),
    ("Förrättning slutar", "tidpunkt", "forrattning_slutar", "Datum och klockslag på plats.", None),
    ("Antal personer", "antal", "stracka_personer", "Hur många som åker tillsammans. Tomt är en.", None),
)
_ROUTE_AT: Final = 4
TABLE_AT: Final = _ROUTE_AT + len(_ROUTE) + 2
RESULT_AT: Final = TABLE_AT + ALTERNATIVES + 3

_COLUMNS: Final = (
    InputColumn("Alternativ", "text", "namn"),
    InputColumn("Färdmedel", "val", "fardmedel", "lista_fardmedel"),
    InputColumn("Drivmedel eller klass", "val", "typ", "lista_typer"),
    InputColumn("Avresa", "tidpunkt", "avresa", hint="När resan börjar, till exempel 2026-03-10 06:30."),
    InputColumn("Hemkomst", "tidpunkt", "hemkomst", hint="När resan slutar, till exempel 2026-03-10 19:00."),
    InputColumn("Biljett per person, kr", "kr", "biljett", hint="Tur och retur. För taxi: per bil."),
    InputColumn("Hotell per person, kr", "kr", "hotell", hint="Alla nätter tillsammans."),
    InputColumn("Övrigt per person, kr", "kr", "ovrigt"),
    InputColumn(
        "Km tur och retur", "km", "km", hint="Måste skrivas för bil. Tomt: beräknas mellan orterna för utsläpp."
    ),
    InputColumn("Antal bilar", "antal", "bilar", hint="Tomt är en."),
    InputColumn("Arbete ombord, h", "timmar", "arbete", hint="Timmar som kan arbetas under färden, tur och retur."),
)
_SUGGESTED: Final = (("Tåg", "tåg"), ("Flyg", "flyg"), ("Bil", "poolbil"), ("Digitalt möte", "digitalt"))
_SHOWN: Final = (
    ("Vad det kostar, kr", ""),
    ("Biljett", "samlad_biljett"),
    ("Hotell", "samlat_hotell"),
    ("Bilkostnad och bilersättning", "samlad_bilkostnad"),
    ("Traktamente", "samlat_traktamente"),
    ("Resetillägg", "samlat_resetillagg"),
    ("Färdtidsersättning", "samlad_fardtidsersattning"),
    ("Övrigt", "samlat_utlagg"),
    ("Förlorad arbetstid", "samlad_arbetstidskostnad"),
    ("Klimatpåslag", "samlat_klimatpaslag"),
    ("Total kostnad", "kommunens_kostnad"),
    ("Tid och utsläpp", ""),
    ("Restid, h", "restid_totalt"),
    ("Kg CO2e", "samlat_utslapp"),
    ("Vad policyn föredrar", ""),
    ("Policyns rang (1 är första hand)", "fardmedelsrang"),
    ("Godkännare", "godkannare"),
    ("Samlad bedömning, poäng", "samlad_bedomning"),
    ("Rang i samlad bedömning", "rang_samlad"),
    ("Anmärkning", "anmarkning"),
)
_KINDS: Final = {"timmar": "timmar", "kg": "kg", "antal": "antal", "rang": "antal", "poäng": "kr", "kr": "kr"}
_LAST: Final = len(_COLUMNS) - 1

_HELP: Final = (
    "Skriv sträckan och förrättningens tider, och en rad per sätt att resa. Raderna med tåg, flyg, bil och digitalt "
    "möte är förslag som kan ändras. Ett alternativ räknas när det har avresa och hemkomst, ett digitalt möte alltid."
)


def write_alternatives(budget: Budget) -> None:
    """The sheet and its calculation."""
    sheet = budget.compared
    sheet.text(0, 0, "Alternativ för en sträcka", "titel")
    sheet.raw.set_row(0, 24)
    sheet.text_across(1, 0, _LAST, _HELP, height=26)
    sheet.shown_across(2, 0, _LAST, "=jamforelse_text", "underrubrik")
    sheet.heading(_ROUTE_AT - 1, "Sträckan", _LAST + 1)
    for row, (label, kind, name, hint, choices) in enumerate(_ROUTE, _ROUTE_AT):
        sheet.text(row, 0, label)
        sheet.input(row, 1, kind, name, choices=choices, hint=hint, last_column=2)
    sheet.heading(TABLE_AT - 1, "Sätt att resa", _LAST + 1)
    values = [(*suggested, *[None] * (_LAST - 1)) for suggested in _SUGGESTED]
    sheet.table(TABLE_AT, 0, _COLUMNS, ALTERNATIVES, "alternativ", height=26, values=values)
    write_alternative_figures(budget)
    _show(budget)


def _show(budget: Budget) -> None:
    """The answer turned: a column per alternative, a row per figure."""
    sheet, top = budget.compared, ALTERNATIVES_AT
    sheet.heading(RESULT_AT, "Jämförelsen", _LAST + 1)
    names = budget.calculation.at(top, ANSWERED, top + ALTERNATIVES + 1, ANSWERED)
    sheet.text(RESULT_AT + 1, 0, "", "kolumnrubrik")
    for number in range(1, ALTERNATIVES + 1):
        name, mode = f"INDEX(alternativ_namn,{number})", f"INDEX(alternativ_fardmedel,{number})"
        label = f'=IF({name}<>"",{name},{mode}&"")'
        sheet.shown(RESULT_AT + 1, number, label, look="kolumnrubrik")
    units = {item.name: item.unit for item in FIELDS}
    order = [item.name for item in FIELDS]
    for row, (label, name) in enumerate(_SHOWN, RESULT_AT + 2):
        total = name == "kommunens_kostnad"
        sheet.text(row, 0, label, "fet" if total or not name else "etikett")
        if not name:
            continue
        at = ANSWERED + order.index(name)
        area = budget.calculation.at(top, at, top + ALTERNATIVES + 1, at)
        kind = _KINDS.get(units[name], "visat")
        for number in range(1, ALTERNATIVES + 1):
            formula = _found(area, number, names, name)
            look = {"text_wrap": True, "valign": "top", "font_size": 8} if kind == "visat" else {"align": "right"}
            sheet.shown(row, number, formula, kind, look="summa" if total else "resultat", **look)
        if name == "kommunens_kostnad":
            sheet.raw.set_row(row, 24)
            sheet.shown_across(row, ALTERNATIVES + 1, _LAST, "=jamforelse_text", "text", 24)
        if name == "anmarkning":
            sheet.raw.set_row(row, 96)
    last = RESULT_AT + 2 + len(_SHOWN)
    sheet.shown_across(last, 0, _LAST, preferred(budget), "fet", height=26)
    sheet.raw.set_h_pagebreaks([RESULT_AT])
    sheet.raw.print_area(0, 0, last, _LAST)


def _found(area: str, number: int, names: str, name: str) -> str:
    """The answer for one alternative, a dash where there is none."""
    value = f'INDEX({area},MATCH("{number}",{names},0))'
    if name == "anmarkning":
        value = told(value)
    return f'=IFERROR(IF({value}="","–",{value}),"–")'
