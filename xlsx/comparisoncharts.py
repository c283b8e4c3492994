"""The charts of a comparison: cost by kind, and kg CO2e, of the alternatives that could be computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from xlsxwriter.utility import xl_range_abs

from core.engine import CellError
from xlsx.comparing import BY_NAME, COSTS, Comparison, Field
from xlsx.sheetstyle import Styles

DATA: Final = "Diagramdata"
MOST_CHARTED: Final = 20

_EMISSIONS: Final = BY_NAME["samlat_utslapp"]
_LEAST_HEIGHT, _PER_BAR, _AROUND_BARS = 340, 34, 60
_COLOURS: Final = (
    "#1F4E79", "#2E75B6", "#9DC3E6", "#385723", "#A9D18E", "#BF9000", "#F4B183", "#7F7F7F", "#C55A11", "#70AD47",
)  # fmt: skip


def insert_charts(made: Comparison, book: Any, sheet: Any, styles: Styles, row: int, pixels: int) -> None:
    """Put both charts beside each other at a row of the sheet, `pixels` wide together; their data get a sheet."""
    costs = [
        item for item in COSTS if any(made.cell(item, one) for one in _charted(made, BY_NAME["kommunens_kostnad"]))
    ]
    left = pixels * 6 // 10
    data = _Data(made, book, styles)
    if costs:
        chart = data.chart(costs, BY_NAME["kommunens_kostnad"], "Kostnad per alternativ, kr")
        sheet.insert_chart(row, 0, chart, {"x_scale": (left - 10) / 480})
    if _charted(made, _EMISSIONS):
        chart = data.chart([_EMISSIONS], _EMISSIONS, "Utsläpp, kg CO2e")
        sheet.insert_chart(row, 0, chart, {"x_offset": left, "x_scale": (pixels - left) / 480})


def _charted(made: Comparison, needed: Field) -> list[int]:
    """The first alternatives whose `needed` value is known: half a bar would look like a cheap trip."""
    cells = [made.cell(needed, one) for one in range(len(made))]
    return [one for one, cell in enumerate(cells) if not (cell is None or isinstance(cell, CellError))][:MOST_CHARTED]


class _Data:
    """The sheet of the charts' data, one table below another."""

    def __init__(self, made: Comparison, book: Any, styles: Styles) -> None:
        self.made, self.book, self.styles, self.row = made, book, styles, 0
        self.sheet = book.add_worksheet(DATA)
        self.sheet.set_column(0, 0, 30)
        self.sheet.set_column(1, len(COSTS), 14)
        self.sheet.hide()

    def chart(self, items: Sequence[Field], needed: Field, title: str) -> Any:
        """A bar chart of some columns, stacked where they are several."""
        shown = _charted(self.made, needed)
        first, last = self.row + 1, self.row + len(shown)
        self._write(items, shown)
        several = needed not in items
        chart = self.book.add_chart({"type": "bar", **({"subtype": "stacked"} if several else {})})
        for column, item in enumerate(items, 1):
            chart.add_series(
                {
                    "name": item.title,
                    "categories": f"={DATA}!{xl_range_abs(first, 0, last, 0)}",
                    "values": f"={DATA}!{xl_range_abs(first, column, last, column)}",
                    "fill": {"color": _COLOURS[COSTS.index(item)] if several else "#548235"},
                    "gap": 60,
                    **({} if several else {"data_labels": {"value": True, "num_format": "#,##0.0"}}),
                }
            )
        few = f" (de {len(shown)} första)" if len(shown) == MOST_CHARTED < len(self.made) else ""
        chart.set_title({"name": title + few, "name_font": {"size": 12}, "overlay": False})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
        chart.set_legend({"position": "bottom", "font": {"size": 9}} if several else {"none": True})
        chart.set_size({"width": 480, "height": max(_LEAST_HEIGHT, _AROUND_BARS + _PER_BAR * len(shown))})
        chart.show_hidden_data()
        return chart

    def _write(self, items: Sequence[Field], shown: Sequence[int]) -> None:
        for column, item in enumerate((BY_NAME["namn"], *items)):
            self.sheet.write_string(self.row, column, item.title, self.styles.bold)
            for place, one in enumerate(shown, self.row + 1):
                cell = self.made.cell(item, one)
                if isinstance(cell, str):
                    self.sheet.write_string(place, column, cell)
                elif isinstance(cell, int | float):
                    self.sheet.write_number(place, column, cell)
        self.row += len(shown) + 2
