"""The sheet Klimat: trips, kilometres, kronor and emissions by unit, mode and month, and the way to the targets."""

from __future__ import annotations

from typing import Final

from core.klimat.factors import standard_set
from xlsx.forms.book import FormBook, FormSheet
from xlsx.forms.uppfoljning.breakdown import Units, mode_table, month_table, unit_table
from xlsx.forms.uppfoljning.figures import Figure, Line, Placed, write_figures
from xlsx.forms.uppfoljning.groups import ALL, CARS, LONG_FLIGHTS, PER_EMPLOYEE, SHORT_FLIGHTS, change, earlier, mode
from xlsx.forms.uppfoljning.measures import counted, total, trips
from xlsx.forms.uppfoljning.pages import PIXELS, axes, chart, page, series, totals
from xlsx.forms.uppfoljning.targets import write_targets

NAME: Final = "Klimat"
_CHART_ROWS: Final = 17
WIDTHS: Final = (33, 11, 11, 13, 13, 15, 15, 12, 13, 10, 13, 10)

COUNT: Final = Figure("resor", "Resor", "antal", of=lambda where: trips(*where))
KM: Final = Figure("km", "Km", "km", of=lambda where: total("km", *where))
COST: Final = Figure("kostnad", "Resekostnad med påslag, kr", "kr", of=lambda where: total("kostnad", *where))
CHARGE: Final = Figure("paslag", "Klimatpåslag, kr", "kr", of=lambda where: total("klimatpaslag", *where))
WITH: Final = Figure("kg", "Utsläpp med höghöjdseffekt, kg", "kg", of=lambda where: total("kg_med_raknad", *where))
WITHOUT: Final = Figure(
    "kg_utan", "Utsläpp utan höghöjdseffekt, kg", "kg", of=lambda where: total("kg_utan_raknad", *where)
)
_EARLIER: Final = (
    earlier("kg_med_raknad", "forra"),
    change("kg", "forra"),
    earlier("kg_med_raknad", "bas"),
    change("kg", "bas"),
)
PER: Final = Figure("per", "kg per årsarbetare", "kvot")


def write_climate(book: FormBook, units: Units) -> None:
    """Write the sheet."""
    sheet = page(book, NAME, WIDTHS, "Uppföljning av klimat")
    width = len(WIDTHS)
    sheet.text(2, 0, _factors(), italic=True)
    sheet.heading(4, "Hela året", width)
    below = totals(sheet, 5, _TOTALS)
    totals(sheet, 5, _RATIOS, column=3, last_label=6)
    figures = (COUNT, KM, COST, CHARGE, WITH, WITHOUT, PER, *_EARLIER)
    by_unit = unit_table(sheet, below + 1, figures, units, "kg_med_raknad", width)
    for year in ("forra", "bas"):
        book.name(f"utslapp_{year}", by_unit.whole(year))
    breaks = [by_unit.below]
    share = Figure("andel", "Andel av utsläppen", "del", cells='IF(N(summa_utslapp_kg)>0,{kg}/summa_utslapp_kg,"")')
    shared = (COUNT, KM, COST, CHARGE, WITH, WITHOUT, share, *_EARLIER)
    by_mode = mode_table(sheet, by_unit.below, shared, width)
    split = _split(sheet, by_mode.below, width)
    breaks.append(split.below)
    by_month = month_table(sheet, split.below, shared, width)
    _charts(book, sheet, by_month, split)
    breaks.append(by_month.below + _CHART_ROWS)
    write_targets(book, sheet, by_month.below + _CHART_ROWS, width)
    sheet.raw.set_h_pagebreaks(breaks)


def _split(sheet: FormSheet, row: int, width: int) -> Placed:
    """The groups of the state's environmental reports, long flights for themselves."""
    sheet.heading(row, "Delat som i statens miljöledning, flyg över gränsen för sig", width)
    per = Figure("per", PER.heading, PER.kind, cells=PER_EMPLOYEE.format("kg"))
    lines = (
        Line('="Flyg under "&flyggrans&" mil"', SHORT_FLIGHTS),
        Line("Bil och taxi", (CARS,)),
        Line("Tåg", (mode("tåg"),)),
        Line("Buss", (mode("buss"),)),
        Line('="Flyg "&flyggrans&" mil och längre"', LONG_FLIGHTS),
        Line("Övrigt", kind="rest"),
        Line(ALL, kind="all"),
    )
    return write_figures(sheet, row + 1, "Grupp", (COUNT, KM, COST, CHARGE, WITH, WITHOUT, per), lines)


def _charts(book: FormBook, sheet: FormSheet, by_month: Placed, split: Placed) -> None:
    """Emissions by month beside last year's, and by group, below the table of months."""
    wide = sum(WIDTHS) * PIXELS
    months = book.chart({"type": "column"})
    for place, (name, column) in enumerate((("I år", "kg"), ("Förra året", "forra"))):
        months.add_series(series(name, by_month.area("label"), by_month.area(column), place, gap=60))
    axes(months, "kg CO2e")
    chart(sheet, by_month.below, months, "Utsläpp per månad, kg CO2e", wide * 55 // 100, _CHART_ROWS - 1)
    groups = book.chart({"type": "bar"})
    for place, (name, column) in enumerate((("Med höghöjdseffekt", "kg"), ("Utan höghöjdseffekt", "kg_utan"))):
        groups.add_series(series(name, split.area("label"), split.area(column), place, gap=60))
    axes(groups, "kg CO2e", bars=True)
    left = wide * 55 // 100
    chart(sheet, by_month.below, groups, "Utsläpp per grupp, kg CO2e", wide - left, _CHART_ROWS - 1, left)


def _factors() -> str:
    return (
        f"Utsläppsfaktorer: {standard_set().name}, från källa till hjul, kg CO2e. Tidigare års tal ska vara räknade "
        "med samma faktorer för att kunna jämföras."
    )


_TOTALS: Final = (
    ("Resor", "summa_resor_antal", "antal", trips()),
    ("Km", "summa_km", "km", total("km")),
    ("Resekostnad med klimatpåslag, kr", "summa_resekostnad", "kr", total("kostnad")),
    ("Klimatpåslag, kr", "summa_klimatpaslag", "kr", total("klimatpaslag")),
    ("Utsläpp med höghöjdseffekt, kg CO2e", "summa_utslapp_kg", "kg", total("kg_med_raknad")),
    ("Utsläpp utan höghöjdseffekt, kg CO2e", "summa_utslapp_utan_hojd_kg", "kg", total("kg_utan_raknad")),
)
_RATIOS: Final = (
    ("Utsläpp per årsarbetare, kg CO2e", "utslapp_per_arsarbetare", "kvot",
     'IF(AND(N(arsarbetare)>0,utan_arsarbetare=0),summa_utslapp_kg/arsarbetare,"")'),
    ("Ändring mot förra året", "andring_forra", "ändring",
     'IF(N(utslapp_forra)>0,summa_utslapp_kg/utslapp_forra-1,"")'),
    ("Ändring mot basåret", "andring_bas", "ändring", 'IF(N(utslapp_bas)>0,summa_utslapp_kg/utslapp_bas-1,"")'),
    ("Flyg under gränsen (kort), resor", "summa_korta_flyg_antal", "antal", counted(*SHORT_FLIGHTS)),
    ("Flyg över gränsen (långt), resor", "summa_langa_flyg_antal", "antal", counted(*LONG_FLIGHTS)),
    ("Digitala möten i stället för resa", "summa_digitala_antal", "antal", counted(mode("digitalt"))),
)  # fmt: skip
