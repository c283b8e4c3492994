"""How cells look in the workbooks we write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Form:
    """A number format and the column width it needs; width 0: by the cells."""

    number: str
    width: float = 0
    more: tuple[tuple[str, Any], ...] = ()


_LEFT: Final = (("align", "left"),)
_INDENTED: Final = (("align", "left"), ("indent", 1))

FORMATS: Final[dict[str, Form]] = {
    "text": Form("General"),
    "ord": Form("General", 0, _INDENTED),
    "anmärkning": Form("General", 80, (("text_wrap", True), *_INDENTED)),
    "fel": Form("General", 80, (("text_wrap", True), ("font_color", "#9C0006"), *_INDENTED)),
    "kr": Form("#,##0.00", 13),
    "km": Form("#,##0.0", 11),
    "kg": Form("#,##0.00", 12),
    "timmar": Form("0.00", 9),
    "antal": Form("0", 8),
    "datum": Form("yyyy-mm-dd", 12, _LEFT),
    "tidpunkt": Form("yyyy-mm-dd hh:mm", 18, _LEFT),
    "klockslag": Form("hh:mm", 8, _LEFT),
    "längd": Form("[h]:mm", 9),
}
NUMBERS: Final = frozenset({"kr", "km", "kg", "timmar", "antal", "längd"})
"""Formats whose cells stand to the right."""

_HEADER: Final = {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1}
_COLOURS: Final = {"own": "#E7E6E6", "result": "#DDEBF7"}


class Styles:
    """The styles of one workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._cells = {
            name: book.add_format({"num_format": form.number, "valign": "top", **dict(form.more)})
            for name, form in FORMATS.items()
        }
        self._headers = {
            (name, align): book.add_format(
                {**_HEADER, "bg_color": colour, "align": align, "indent": int(name == "result" and align == "left")}
            )
            for name, colour in _COLOURS.items()
            for align in ("left", "right")
        }
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.section = book.add_format({"bold": True, "font_size": 12, "top": 1})
        self.bold = book.add_format({"bold": True})
        self.sums = {
            name: book.add_format({"num_format": form.number, "bold": True, "top": 1}) for name, form in FORMATS.items()
        }
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.left = book.add_format({"align": "left"})

    def cell(self, name: str) -> Any:
        """The style of a kind of cell."""
        return self._cells[name]

    def header(self, name: str, kind: str = "text") -> Any:
        """The style of a heading: `own` the user's, `result` ours; set like the cells of its kind."""
        return self._headers[name, "right" if kind in NUMBERS else "left"]


def print_on_one_width(sheet: Any, large: bool = False) -> None:
    """A4 (or A3) on its side, all columns on one page's width."""
    sheet.set_landscape()
    sheet.set_paper(8 if large else 9)
    sheet.fit_to_pages(1, 0)
