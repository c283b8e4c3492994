"""The way to the targets: where the year is against the straight line from the base year to the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xlsx.forms.book import FormBook, FormSheet
from xlsx.forms.uppfoljning.figures import BASE, FORMATS
from xlsx.forms.uppfoljning.pages import PIXELS, axes, chart, series

_HEADINGS: Final = ("Basåret", "I år", "Målvärde", "Målår", "Målbanan i år", "Skillnad", "Läge")
_FIRST_OF_CHART: Final = 14
"""Row of the chart's values on the sheet of calculations."""
_CHART_ROWS: Final = 18
_NOTE: Final = (
    "Målbanan är en rät linje från basåret till målåret. Skillnad är årets värde minus målbanan, eller minus målvärdet "
    "där basåret saknas. Stockholms mål gäller utsläppen från konsumtionen och anger inget basår; här räknas det på "
    "tjänsteresorna från det basår som står på bladet Förutsättningar."
)


_SERIES: Final = (("Utsläpp med höghöjdseffekt", 1), ("Målbana, Stockholm (S-4)", 2), ("Målbana, eget mål", 3))
"""Of the chart, with their columns on the sheet of calculations."""


@dataclass(frozen=True)
class _Target:
    """A line: formulas of the base year's value, this year's, the target's and its year.

    stated: the name of the cell that says the target. rising: more is better.
    """

    label: str
    kind: str
    stated: str
    base: str
    now: str
    target: str
    year: str
    rising: bool = False


_TARGETS: Final = (
    _Target(
        "Stockholm (S-4): halverade utsläpp, kg", "kg", "mal_stockholm", "utslapp_bas", "summa_utslapp_kg",
        'IF(ISNUMBER(utslapp_bas),utslapp_bas*(1-mal_stockholm),"")', "mal_stockholm_ar",
    ),
    _Target(
        "Eget: minskade utsläpp, kg", "kg", "mal_minskning", 'IF(ISNUMBER(mal_minskning),utslapp_bas,"")',
        'IF(ISNUMBER(mal_minskning),summa_utslapp_kg,"")',
        'IF(AND(ISNUMBER(mal_minskning),ISNUMBER(utslapp_bas)),utslapp_bas*(1-mal_minskning),"")', "mal_minskning_ar",
    ),
    _Target(
        "Eget: kg CO2e per årsarbetare", "kg", "mal_kg", '""', 'IF(ISNUMBER(mal_kg),utslapp_per_arsarbetare,"")',
        'IF(ISNUMBER(mal_kg),mal_kg,"")', "mal_kg_ar",
    ),
    _Target(
        "Eget: tågandel där tåg är norm", "andel", "mal_tag", 'IF(ISNUMBER(mal_tag),tagandel_bas,"")',
        'IF(ISNUMBER(mal_tag),tagandel,"")', 'IF(ISNUMBER(mal_tag),mal_tag,"")', "mal_tag_ar", rising=True,
    ),
)  # fmt: skip


def write_targets(book: FormBook, sheet: FormSheet, row: int, width: int) -> None:
    """Write the table and its chart at a row of the sheet."""
    styles = book.styles
    sheet.heading(row, "Vägen till målen", width)
    sheet.raw.write_string(row + 1, 0, "Mål", styles.get("kolumnrubrik"))
    for column, heading in enumerate(_HEADINGS[:-1], 1):
        sheet.raw.write_string(row + 1, column, heading, styles.get("kolumnrubrik", "antal"))
    sheet.raw.merge_range(row + 1, 7, row + 1, 9, _HEADINGS[-1], styles.get("kolumnrubrik", indent=1))
    for at, target in enumerate(_TARGETS, row + 2):
        _line(sheet, at, target)
    below = row + 2 + len(_TARGETS)
    sheet.text_across(below, 0, width - 1, _NOTE, "text", 26)
    _chart(book, sheet, below + 2)


def _line(sheet: FormSheet, row: int, target: _Target) -> None:
    base, now, goal, year, path, gap = (sheet.cell(row, column) for column in range(1, 7))
    on_path = (
        f"IF(AND(ISNUMBER({base}),ISNUMBER({goal}),N({year})>N(basar)),"
        f'{base}+({goal}-{base})*(MIN(ar,{year})-basar)/({year}-basar),"")'
    )
    missed = f'IF(AND(ISNUMBER({now}),ISNUMBER({goal})),{now}-IF(ISNUMBER({path}),{path},{goal}),"")'
    good, bad = ("på eller över", "under") if target.rising else ("på eller under", "över")
    sign = ">=" if target.rising else "<="
    what = f'IF(ISNUMBER({path}),"målbanan","målvärdet")'
    state = (
        f'IF(ISNUMBER({gap}),IF({gap}{sign}0,"{good} ","{bad} ")&{what},'
        f'IF(ISNUMBER({target.stated}),IF(ISNUMBER({goal}),"årets värde saknas","basårets utsläpp saknas"),'
        '"inget mål angivet"))'
    )
    styles = sheet.book.styles
    sheet.text(row, 0, target.label, "resultat", bg_color="#FFFFFF")
    formulas = (target.base, target.now, target.target, f'IF({goal}="","",{target.year})', on_path, missed)
    for column, formula in enumerate(formulas, 1):
        kind = "antal" if column == 4 else target.kind
        form = "0" if column == 4 else FORMATS[kind]
        style = styles.get("resultat", BASE.get(kind, kind), num_format=form)
        sheet.raw.write_formula(row, column, f'=IFERROR({formula},"")', style, "")
    style = styles.get("resultat", indent=1)
    sheet.raw.merge_range(row, 7, row, 9, "", style)
    sheet.raw.write_formula(row, 7, f'=IFERROR({state},"")', style, "")


def _chart(book: FormBook, sheet: FormSheet, row: int) -> None:
    """The years' emissions, and beside them what the straight lines to the targets allow."""
    data, first = book.calculation, _FIRST_OF_CHART
    points = (
        ('IF(ISNUMBER(basar),"Basår "&basar,"Basår")', "utslapp_bas", "basar"),
        ('"Förra året"', "utslapp_forra", "ar-1"),
        ('"År "&ar', "summa_utslapp_kg", "ar"),
        ('"Mål "&mal_stockholm_ar', '""', "mal_stockholm_ar"),
    )
    for at, (label, value, year) in enumerate(points, first):
        data.shown(at, 0, f"={label}", look="etikett")
        data.shown(at, 1, f'=IF(ISNUMBER({value}),{value},"")', look="etikett")
        for column, (share, until) in enumerate(
            (("mal_stockholm", "mal_stockholm_ar"), ("mal_minskning", "mal_minskning_ar")), 2
        ):
            line = f"utslapp_bas*(1-{share}*(MIN({year},{until})-basar)/({until}-basar))"
            known = f"AND(ISNUMBER(utslapp_bas),ISNUMBER({share}),N({until})>N(basar),{year}>=N(basar))"
            data.shown(at, column, f'=IFERROR(IF({known},{line},""),"")', look="etikett")
    last = first + len(points) - 1
    labels = data.at(first, 0, last, 0)
    # Columns rather than lines: an empty text has no height, where a line would fall to nought.
    bars = book.chart({"type": "column"})
    for place, (name, column) in enumerate(_SERIES):
        bars.add_series(series(name, labels, data.at(first, column, last, column), place, gap=80))
    axes(bars, "kg CO2e")
    chart(sheet, row, bars, "Utsläppen mot målen, kg CO2e", 120 * PIXELS, _CHART_ROWS)
