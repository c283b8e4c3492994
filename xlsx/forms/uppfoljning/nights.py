"""The sheet Nätter: nights away per person, banded, and by unit."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import FormBook
from xlsx.forms.uppfoljning.breakdown import Units, unit_table
from xlsx.forms.uppfoljning.figures import Figure, Line, write_figures
from xlsx.forms.uppfoljning.measures import total, trips
from xlsx.forms.uppfoljning.pages import PIXELS, axes, chart, page, series, totals

NAME: Final = "Nätter"
WIDTHS: Final = (34, 14, 14, 14, 14, 14, 14, 14)
BANDS: Final = ((0, 0), (1, 4), (5, 9), (10, 19), (20, 29), (30, 49), (50, None))
"""Nights during the year, from and to."""
_CHART_ROWS: Final = 15
_NOTE: Final = (
    "En natt är ett midnattspass mellan avresa och hemkomst, även på tåg. Stockholms dokument vill ta hänsyn till "
    "privatlivet men anger inget antal nätter som är för många (S-6). Små grupper kan peka ut en person."
)


def write_nights(book: FormBook, units: Units) -> None:
    """Write the sheet."""
    sheet = page(book, NAME, WIDTHS, "Nätter borta hemifrån", most=80)
    width = len(WIDTHS)
    sheet.text_across(2, 0, width - 1, _NOTE, "text", 26)
    sheet.heading(4, "Hela året", width)
    below = totals(sheet, 5, _TOTALS)
    totals(sheet, 5, _MOST, column=3, last_label=4)
    sheet.heading(below + 1, "Personer efter antal nätter under året", width)
    bands = write_figures(sheet, below + 2, "Nätter", _BAND_FIGURES, [*map(_band, BANDS), _ALL], 24)
    made = book.chart({"type": "column"})
    made.add_series(series("Personer", bands.area("label"), bands.area("personer"), 0, gap=50))
    axes(made, "personer")
    wide = sum(WIDTHS) * PIXELS
    chart(sheet, bands.below, made, "Personer efter antal nätter", wide * 7 // 10, _CHART_ROWS)
    row = bands.below + _CHART_ROWS + 1
    unit_table(sheet, row, _UNIT_FIGURES, units, "natter_raknade", width)
    sheet.raw.set_h_pagebreaks([row])


_PERSONS: Final = "COUNT(data_natter_person)"
_TOTALS: Final = (
    ("Nätter", "summa_natter", "antal", total("natter_raknade")),
    ("Resor med övernattning", "summa_resor_med_natt_antal", "antal", trips(("natter_raknade", '">0"'))),
    ("Personer som reste", "summa_personer_antal", "antal", _PERSONS),
    ("Nätter per person", "natter_per_person", "kvot", f'IF({_PERSONS}>0,SUM(data_natter_person)/{_PERSONS},"")'),
    ("Nätter utan person", "summa_utan_person_natter", "antal", "summa_natter-SUM(data_natter_person)"),
)
_MOST: Final = tuple(
    (f"Flest nätter, plats {place}", f"flest_natter_{place}", "antal", f"LARGE(data_natter_person,{place})")
    for place in range(1, 6)
)

_BAND_FIGURES: Final = (
    Figure("personer", "Personer", "antal"),
    Figure(
        "andel", "Andel av personerna", "del", cells='IF(N(summa_personer_antal)>0,{personer}/summa_personer_antal,"")'
    ),
    Figure("natter", "Nätter", "antal"),
    Figure(
        "andel_natter",
        "Andel av nätterna",
        "del",
        cells='IF(SUM(data_natter_person)>0,{natter}/SUM(data_natter_person),"")',
    ),
)
_ALL: Final = Line("Alla personer", kind="all", own={"personer": "SUM({above})", "natter": "SUM({above})"})


def _band(band: tuple[int, int | None]) -> Line:
    low, high = band
    upper = "" if high is None else f',data_natter_person,"<={high}"'
    within = f'data_natter_person,">={low}"{upper}'
    label = "Inga nätter" if high == 0 else f"{low} nätter eller fler" if high is None else f"{low}–{high} nätter"
    return Line(label, own={"personer": f"COUNTIFS({within})", "natter": f"SUMIFS(data_natter_person,{within})"})


_UNIT_FIGURES: Final = (
    Figure("resor", "Resor", "antal", of=lambda where: trips(*where)),
    Figure("med_natt", "Resor med övernattning", "antal", of=lambda where: trips(*where, ("natter_raknade", '">0"'))),
    Figure("natter", "Nätter", "antal", of=lambda where: total("natter_raknade", *where)),
    Figure("per", "Nätter per årsarbetare", "kvot"),
    Figure("hotell", "Hotell, kr", "kr", of=lambda where: total("hotell", *where)),
)
