"""What the sheets of results have in common: a title, totals with names, charts, and pages of A4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from xlsx.forms.book import COMPUTED, FormBook, FormSheet
from xlsx.forms.uppfoljning.figures import BASE, FORMATS

COLOURS: Final = ("#1F3A5F", "#2E75B6", "#9DC3E6", "#BF7A00", "#7F7F7F", "#385723")
PIXELS: Final = 7
"""Width of a character of a column."""
_BESIDE: Final = 5
_PAGE: Final = 1005
"""Pixels of a column beside its characters, and across a page of A4 in landscape within its margins."""

Total = tuple[str, str, str, str]
"""Label, defined name, kind, formula."""


def page(book: FormBook, name: str, widths: Sequence[float], title: str, most: int = 100) -> FormSheet:
    """A sheet of results in landscape, as large as its columns allow; fitted to a width it would lose its breaks.

    most: the largest scale, in per cent.
    """
    sheet = book.sheet(name, widths, landscape=True)
    pixels = sum(width * PIXELS + _BESIDE for width in widths)
    sheet.raw.set_print_scale(min(most, int(_PAGE / pixels * 100) - 1))
    sheet.raw.repeat_rows(0, 1)
    sheet.raw.freeze_panes(2, 1)
    sheet.text(0, 0, title, "titel")
    sheet.raw.set_row(0, 24)
    sheet.raw.write_formula(1, 0, _SUBTITLE, book.styles.get("underrubrik"), "")
    return sheet


_SUBTITLE: Final = (
    '=IF(organisation="","",organisation&", ")&"år "&ar&IF(ISNUMBER(basar),", basår "&basar,"")'
    f'&", policy "&policy&", beräknat "&{COMPUTED}'
)


def totals(sheet: FormSheet, row: int, listed: Sequence[Total], column: int = 0, last_label: int = 0) -> int:
    """Totals below each other, label and value; the label may be merged as far as `last_label`. Gives the row below."""
    styles = sheet.book.styles
    for at, (label, name, kind, formula) in enumerate(listed, row):
        if last_label > column:
            sheet.raw.merge_range(at, column, at, last_label, label, styles.get("resultat", bg_color="#FFFFFF"))
        else:
            sheet.text(at, column, label, "resultat", bg_color="#FFFFFF")
        value = max(column, last_label) + 1
        form = FORMATS[kind].replace('"–"', "0")
        sheet.shown(at, value, f'=IFERROR({formula},"–")', BASE.get(kind, kind), name, num_format=form, bold=True)
    return row + len(listed)


def chart(sheet: FormSheet, row: int, made: Any, title: str, width: int, rows: int, x_offset: int = 0) -> None:
    """Put a chart at a row, `width` pixels wide and as high as `rows` rows of text."""
    made.set_title({"name": title, "name_font": {"size": 11, "bold": True}, "overlay": False})
    made.set_legend({"position": "bottom", "font": {"size": 9}})
    made.set_size({"width": width, "height": rows * 20})
    made.show_blanks_as("gap")
    made.show_hidden_data()
    sheet.raw.insert_chart(row, 0, made, {"x_offset": x_offset + 4, "y_offset": 4, "object_position": 1})


def series(name: str, categories: str, values: str, place: int, **more: Any) -> dict[str, Any]:
    """A series of a chart in the colour of its place."""
    colour = COLOURS[place % len(COLOURS)]
    return {
        "name": name,
        "categories": f"={categories}",
        "values": f"={values}",
        "fill": {"color": colour},
        "border": {"none": True},
        **more,
    }


def axes(made: Any, unit: str, bars: bool = False) -> None:
    """Axes with whole numbers and a light grid; bars lie with the first at the top."""
    grid = {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}}
    value = {"num_format": "#,##0", "major_gridlines": grid, "name": unit, "name_font": {"size": 9, "bold": False}}
    value["num_font"] = {"size": 9}
    names: dict[str, Any] = {"num_font": {"size": 9}}
    if bars:
        made.set_y_axis({**names, "reverse": True, "crossing": "max"})
        made.set_x_axis(value)
    else:
        made.set_x_axis(names)
        made.set_y_axis(value)
