"""The sheets `Resor`, where trips are planned, and `Kostnad per resa`, where each row's costs are shown."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from xlsx.forms.book import InputColumn
from xlsx.forms.resebudget.layout import FIRST_TRIP, KINDS, LAST_TRIP, TRIPS, Budget

HEADING: Final = FIRST_TRIP - 1
TOTALS: Final = FIRST_TRIP - 3
"""The row of the sums, above the trips so that they are seen and printed first."""

_HELP: Final = (
    "En rad per slags resa: hur många gånger den görs under månaden, hur många som åker varje gång, och priser tur och "
    "retur per person. Tomma rader räknas inte. En rad med fel har en anmärkning och är inte med i summorna."
)


def trip_columns() -> tuple[InputColumn, ...]:
    """The columns of the plan; those with `formula` are shown."""
    return (
        InputColumn("Enhet", "val", "enhet", "enheter_namn", "Enheten som betalar, från bladet Förutsättningar."),
        InputColumn("Månad", "val", "manad", "lista_manader", "Månaden då resan görs."),
        InputColumn("Resa", "text", "resa", hint="Vad resan gäller, till exempel Nätverksträff."),
        InputColumn("Antal resor", "antal", "antal", hint="Hur många gånger resan görs den månaden."),
        InputColumn("Personer per resa", "antal", "personer", hint="Hur många som åker varje gång."),
        InputColumn("Från", "text", "fran", hint="Ort eller flygplatskod, till exempel Linköping eller ARN."),
        InputColumn("Till", "text", "till", hint="Ort eller flygplatskod, till exempel Stockholm eller BRU."),
        InputColumn("Land", "val", "land", "lista_lander", "Tomt är Sverige."),
        InputColumn("Färdmedel", "val", "fardmedel", "lista_fardmedel", "Huvudsakligt färdmedel."),
        InputColumn("Drivmedel eller klass", "val", "typ", "lista_typer", "Behövs inte för tåg i Norden."),
        InputColumn("Nätter", "antal", "natter", hint="Nätter borta per resa, högst 30. Tomt är en endagsresa."),
        InputColumn(
            "Biljett per person, kr", "kr", "biljett", hint="Tur och retur. För taxi: per bil. För bil: lämna tomt."
        ),
        InputColumn("Hotell per natt, kr", "kr", "hotell", hint="Per person och natt."),
        InputColumn(
            "Km tur och retur",
            "km",
            "km",
            hint="Tomt: beräknas mellan orterna, bara för utsläpp och klimatpåslag. För bil måste km skrivas.",
        ),
        InputColumn("Antal bilar", "antal", "bilar", hint="För bil och taxi. Tomt är en bil per resa."),
        InputColumn("Bilavtal", "ja", "bilavtal", hint="Ja när enskilt bilavtal finns. Bara för privat bil."),
        InputColumn(
            "Färdtid, h", "timmar", "fardtid", hint="Timmar utanför arbetstid per person och resa, tur och retur."
        ),
        InputColumn("Övrigt per person, kr", "kr", "ovrigt", hint="Avgifter och andra utgifter per person och resa."),
        InputColumn("Totalt, kr", "kr", "totalt", formula='=IFERROR({totalt}{{row}},"")'),
        InputColumn("Kg CO2e", "kg", "kg", formula='=IFERROR({kg}{{row}},"")'),
        InputColumn("Anmärkning", "visat", "anmarkning", formula='=IFERROR({anm}{{row}},"")', wrap=True),
    )


INPUTS: Final = tuple(one.name for one in trip_columns() if not one.formula)


def write_trips(budget: Budget, columns: dict[str, int]) -> None:
    """The plan. columns: where each result stands on the sheet of calculations."""
    sheet, book = budget.trips, budget.book
    sheet.text(0, 0, "Planerade resor", "titel")
    # Beside the columns that are printed on every page, so that the texts are not cut there.
    sheet.text_across(0, 4, 13, _HELP, height=38)
    sheet.shown_across(1, 4, 13, '=IF(arsfraga="",belopp_text,arsfraga)', "underrubrik")
    sheet.shown_across(2, 4, 13, "=ej_med_text", "fel")
    sheet.text(TOTALS, 17, "Summa", "summa")
    sheet.text(TOTALS, 18, "", "summa")
    sheet.shown(TOTALS, 19, "=SUM(resor_totalt)", "kr", look="summa")
    sheet.shown(TOTALS, 20, "=SUM(resor_kg)", "kg", look="summa")
    sheet.shown(TOTALS, 21, "=belopp_text", "visat", look="etikett", text_wrap=True, font_size=8)
    sheet.raw.set_row(TOTALS, 24)
    places = {name: f"{budget.calculation.name}!${xl_col_to_name(column)}" for name, column in columns.items()}
    shown = [_placed(one, places) for one in trip_columns()]
    sheet.text(HEADING, 0, "Nr", "kolumnrubrik")
    for number in range(TRIPS):
        sheet.raw.write_number(FIRST_TRIP + number, 0, number + 1, book.styles.get("resultat", "antal"))
        sheet.raw.set_row(FIRST_TRIP + number, 16.5)
    sheet.table(HEADING, 1, shown, TRIPS, "resor", height=38)
    remark, last = shown[-1], len(shown)
    for row in range(FIRST_TRIP, LAST_TRIP + 1):
        sheet.shown(row, last, remark.formula.format(row=row + 1), font_size=7, text_wrap=True)
    sheet.raw.freeze_panes(FIRST_TRIP, 4)
    sheet.raw.repeat_rows(HEADING)
    # The plan is too wide to be read on one page: two, with unit, month and trip on both.
    sheet.raw.fit_to_pages(2, 0)
    sheet.raw.repeat_columns(0, 3)
    sheet.raw.set_v_pagebreaks([12])
    sheet.raw.print_across()
    sheet.raw.print_area(0, 0, LAST_TRIP, 21)


def write_costs(budget: Budget, columns: dict[str, int]) -> None:
    """What each row costs by kind, for all its trips."""
    sheet = budget.costs
    sheet.text(0, 0, "Kostnad per resa", "titel")
    sheet.raw.set_row(0, 24)
    sheet.text_across(
        1, 0, 17, "Kostnaderna gäller radens alla resor och alla som åker. Allt här räknas från bladet Resor."
    )
    sheet.shown_across(2, 0, 17, '=IF(arsfraga="",belopp_text,arsfraga)', "underrubrik")
    sheet.shown_across(3, 0, 17, "=ej_med_text", "fel")
    listed = _shown_columns()
    sheet.raw.set_row(HEADING, 38)
    sheet.raw.set_row(TOTALS, 15)
    first = {}
    for at, (heading, kind, name) in enumerate(listed):
        sheet.text(HEADING, at, heading, "kolumnrubrik", align="right" if kind not in ("visat", "antal") else "left")
        letter = xl_col_to_name(columns[name])
        for row in range(FIRST_TRIP, LAST_TRIP + 1):
            sheet.raw.set_row(row, 13.5)
            source = f"{budget.calculation.name}!${letter}{row + 1}"
            sheet.shown(row, at, f'=IFERROR({source},"")', kind)
        first[name] = at
    sheet.text(TOTALS, 2, "Summa", "fet")
    for name in (*(f"kr_{kind}" for kind in KINDS), "totalt", "kg"):
        area = sheet.at(FIRST_TRIP, first[name], LAST_TRIP, first[name])
        sheet.shown(TOTALS, first[name], f"=SUM({area})", "kg" if name == "kg" else "kr", look="summa")
    sheet.shown_across(TOTALS - 1, 4, 13, "=belopp_text", "underrubrik")
    sheet.raw.freeze_panes(FIRST_TRIP, 4)
    sheet.raw.repeat_rows(HEADING)
    sheet.raw.print_area(0, 0, LAST_TRIP, len(listed) - 1)


def _shown_columns() -> list[tuple[str, str, str]]:
    return [
        ("Nr", "antal", "nummer"),
        ("Enhet", "visat", "enhet"),
        ("Resa", "visat", "resa"),
        ("Antal resor", "antal", "antal"),
        *((heading, "kr", f"kr_{name}") for name, heading in KINDS.items()),
        ("Totalt, kr", "kr", "totalt"),
        ("Kostnad per resa, kr", "kr", "per_resa"),
        ("Km per resa", "km", "km_raknat"),
        ("Kg CO2e per resa", "kg", "kg_resa"),
        ("Kg CO2e totalt", "kg", "kg"),
    ]


def _placed(one: InputColumn, places: dict[str, str]) -> InputColumn:
    if not one.formula:
        return one
    changes: dict[str, Any] = {**one.__dict__, "formula": one.formula.format(**places)}
    return InputColumn(**changes)
