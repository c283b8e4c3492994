"""The sheet Tågandel: the train's share of trips on the routes where train is the norm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsx.forms.book import FormBook
from xlsx.forms.uppfoljning.breakdown import Units, unit_table
from xlsx.forms.uppfoljning.figures import Figure, Line, write_figures
from xlsx.forms.uppfoljning.groups import ALL, CARS, mode
from xlsx.forms.uppfoljning.measures import Condition, Year, counted, total
from xlsx.forms.uppfoljning.pages import PIXELS, axes, chart, page, series, totals

NAME: Final = "Tågandel"
WIDTHS: Final = (33, 12, 12, 12, 12, 12, 12, 12, 13, 13, 13)
_CHART_ROWS: Final = 15
_BAND: Final = 10
_BANDS: Final = 5
_NORM: Final[Condition] = ("tagnorm", "1")
_NOTE: Final = (
    '="Inrikes resor på "&tagnorm_fran&" till "&tagnorm_till&" mil enkel väg, med känt färdmedel och känd sträcka. '
    'Gränserna står på bladet Förutsättningar."'
)


def _on_norm(where: Sequence[Condition], *more: Condition, year: Year = "ar") -> str:
    return counted(*where, _NORM, *more, year=year)


def _share(year: Year) -> str:
    travelled = _on_norm((), year=year)
    return f'IF({travelled}>0,{_on_norm((), mode("tåg"), year=year)}/{travelled},"")'


_FIGURES: Final = (
    Figure("resor", "Resor där tåg är norm", "antal", of=lambda where: _on_norm(where)),
    Figure("tag", "Tåg", "antal", of=lambda where: _on_norm(where, mode("tåg"))),
    Figure("flyg", "Flyg", "antal", of=lambda where: _on_norm(where, mode("flyg"))),
    Figure("bil", "Bil och taxi", "antal", of=lambda where: _on_norm(where, CARS)),
    Figure("buss", "Buss", "antal", of=lambda where: _on_norm(where, mode("buss"))),
    Figure("annat", "Annat", "antal", cells="{resor}-{tag}-{flyg}-{bil}-{buss}"),
    Figure("andel", "Tågandel", "andel", cells='IF({resor}>0,{tag}/{resor},"")'),
    Figure("flyg_kr", "Flygets kostnad, kr", "kr", of=lambda where: total("kostnad", *where, _NORM, mode("flyg"))),
    Figure(
        "flyg_kg", "Flygets utsläpp, kg", "kg", of=lambda where: total("kg_med_raknad", *where, _NORM, mode("flyg"))
    ),
    Figure("bil_kg", "Bilens utsläpp, kg", "kg", of=lambda where: total("kg_med_raknad", *where, _NORM, CARS)),
)
_TOTALS: Final = (
    ("Resor där tåg är norm", "summa_tagnorm_antal", "antal", _on_norm(())),
    ("varav med tåg", "summa_tagresor_antal", "antal", _on_norm((), mode("tåg"))),
    ("Tågandel", "tagandel", "andel", _share("ar")),
)
_COMPARED: Final = (
    ("Tågandel förra året", "tagandel_forra", "andel", _share("forra")),
    ("Tågandel basåret", "tagandel_bas", "andel", _share("bas")),
    ("Flygresor där tåg är norm", "summa_flyg_tagnorm_antal", "antal", _on_norm((), mode("flyg"))),
)


def write_trains(book: FormBook, units: Units) -> None:
    """Write the sheet."""
    sheet = page(book, NAME, WIDTHS, "Tågandel där tåg är norm")
    width = len(WIDTHS)
    sheet.raw.write_formula(2, 0, _NOTE, book.styles.get("etikett", italic=True), "")
    sheet.heading(4, "Hela året", width)
    below = totals(sheet, 5, _TOTALS)
    totals(sheet, 5, _COMPARED, column=3, last_label=5)
    by_unit = unit_table(sheet, below + 1, _FIGURES, units, "natter", width)
    sheet.heading(by_unit.below, "Per avstånd, enkel väg", width)
    lines = [_band(number) for number in range(_BANDS + 1)]
    by_distance = write_figures(sheet, by_unit.below + 1, "Avstånd", _FIGURES, [*lines, Line(ALL, kind="all")])
    made = book.chart({"type": "column", "subtype": "stacked"})
    for name, place in (("tag", 0), ("flyg", 3), ("bil", 2), ("buss", 1), ("annat", 4)):
        heading = next(figure.heading for figure in _FIGURES if figure.name == name)
        made.add_series(series(heading, by_distance.area("label"), by_distance.area(name), place, gap=50))
    axes(made, "resor")
    wide = sum(WIDTHS) * PIXELS
    chart(sheet, by_distance.below, made, "Resor där tåg är norm, per avstånd", wide * 7 // 10, _CHART_ROWS)
    sheet.raw.set_h_pagebreaks([by_unit.below])


def _band(number: int) -> Line:
    """Trips of a band of ten mil one way, its upper end within it; the last band has none."""
    low, high = number * _BAND, (number + 1) * _BAND
    above = ("km", f'">{low * 20}"')
    if number == 0:
        return Line(f"Till {high} mil", (("km", f'"<={high * 20}"'),))
    if number == _BANDS:
        return Line(f"Över {low} mil", (above,))
    return Line(f"Över {low} till {high} mil", (above, ("km", f'"<={high * 20}"')))
