"""The sheet Kostnad: what the trips cost, by kind of cost and by unit, mode and month."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import FormBook, FormSheet
from xlsx.forms.uppfoljning.breakdown import Units, mode_table, month_table, unit_table
from xlsx.forms.uppfoljning.figures import Figure, Placed
from xlsx.forms.uppfoljning.groups import change, earlier
from xlsx.forms.uppfoljning.measures import total, trips
from xlsx.forms.uppfoljning.pages import PIXELS, axes, chart, page, series, totals

NAME: Final = "Kostnad"
WIDTHS: Final = (31, 11, 12, 12, 13, 13, 13, 12, 13, 13, 10, 13, 10)
_CHART_ROWS: Final = 17

_KINDS: Final = (
    Figure("biljett", "Biljetter, kr", "kr", of=lambda where: total("biljett", *where)),
    Figure("hotell", "Hotell, kr", "kr", of=lambda where: total("hotell", *where)),
    Figure("ersattning", "Ersättning till resenären, kr", "kr", of=lambda where: total("ersattning", *where)),
    Figure("paslag", "Klimatpåslag, kr", "kr", of=lambda where: total("klimatpaslag", *where)),
)
_FIGURES: Final = (
    Figure("resor", "Resor", "antal", of=lambda where: trips(*where)),
    *_KINDS,
    Figure("kostnad", "Resekostnad totalt, kr", "kr", of=lambda where: total("kostnad", *where)),
    Figure("per_resa", "kr per resa", "kr", cells='IF({resor}>0,{kostnad}/{resor},"")'),
)
_EARLIER: Final = (
    earlier("kostnad", "forra"),
    change("kostnad", "forra"),
    earlier("kostnad", "bas"),
    change("kostnad", "bas"),
)
_PER: Final = Figure("per", "kr per årsarbetare", "kr")
_SHARE: Final = Figure(
    "andel", "Andel av kostnaden", "del", cells='IF(N(kostnad_totalt)>0,{kostnad}/kostnad_totalt,"")'
)


def write_cost(book: FormBook, units: Units) -> None:
    """Write the sheet."""
    sheet = page(book, NAME, WIDTHS, "Uppföljning av kostnad")
    width = len(WIDTHS)
    sheet.heading(3, "Hela året", width)
    below = totals(sheet, 4, _TOTALS)
    totals(sheet, 4, _RATIOS, column=3, last_label=6)
    by_unit = unit_table(sheet, below + 1, (*_FIGURES, _PER, *_EARLIER), units, "kostnad", width)
    for year in ("forra", "bas"):
        book.name(f"kostnad_{year}", by_unit.whole(year))
    shared = (*_FIGURES, _SHARE, *_EARLIER)
    by_mode = mode_table(sheet, by_unit.below, shared, width)
    by_month = month_table(sheet, by_mode.below, shared, width)
    _charts(book, sheet, by_month, by_unit)
    sheet.raw.set_h_pagebreaks([by_unit.below, by_mode.below])


_TOTALS: Final = (
    ("Biljetter, kr", "summa_biljetter", "kr", total("biljett")),
    ("Hotell, kr", "summa_hotell", "kr", total("hotell")),
    ("Ersättning till resenärerna, kr", "summa_ersattning", "kr", total("ersattning")),
    ("Klimatpåslag, kr", "kostnad_klimatpaslag", "kr", total("klimatpaslag")),
    ("Resekostnad totalt, kr", "kostnad_totalt", "kr", total("kostnad")),
)
_RATIOS: Final = (
    ("Resor", "antal_resor", "antal", trips()),
    ("kr per resa", "kostnad_per_resa", "kr", 'IF(antal_resor>0,kostnad_totalt/antal_resor,"")'),
    ("kr per årsarbetare", "kostnad_per_arsarbetare", "kr",
     'IF(AND(N(arsarbetare)>0,utan_arsarbetare=0),kostnad_totalt/arsarbetare,"")'),
    ("Ändring mot förra året", "kostnad_andring_forra", "ändring",
     'IF(N(kostnad_forra)>0,kostnad_totalt/kostnad_forra-1,"")'),
    ("Ändring mot basåret", "kostnad_andring_bas", "ändring", 'IF(N(kostnad_bas)>0,kostnad_totalt/kostnad_bas-1,"")'),
)  # fmt: skip


def _charts(book: FormBook, sheet: FormSheet, by_month: Placed, by_unit: Placed) -> None:
    """Cost by kind, by month and by unit, below the table of months."""
    wide = sum(WIDTHS) * PIXELS
    left = wide * 55 // 100
    for placed, kind, title, width, offset in (
        (by_month, "column", "Kostnad per månad, kr", left, 0),
        (by_unit, "bar", "Kostnad per enhet, kr", wide - left, left),
    ):
        made = book.chart({"type": kind, "subtype": "stacked"})
        for place, figure in enumerate(_KINDS):
            name = figure.heading.removesuffix(", kr")
            made.add_series(series(name, placed.area("label"), placed.area(figure.name), place, gap=50))
        axes(made, "kr", bars=kind == "bar")
        chart(sheet, by_month.below, made, title, width, _CHART_ROWS, offset)
