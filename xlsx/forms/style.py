"""How the forms look: one colour for inputs, one for headings, one font that every office program has or matches."""

from __future__ import annotations

from typing import Any, Final

FONT: Final = "Arial"
SIZE: Final = 9
INK: Final = "#1F2933"
BAND: Final = "#1F3A5F"
INPUT: Final = "#FFF7D6"
RESULT: Final = "#EEF2F7"
LINE: Final = "#9AA5B1"
WARNING: Final = "#8A1C1C"

NUMBER_FORMATS: Final[dict[str, str]] = {
    "text": "@",
    "visat": "General",
    "val": "General",
    "ja": "General",
    "kr": "#,##0.00",
    "hela kr": "#,##0",
    "km": "#,##0.0",
    "kg": "#,##0.0",
    "timmar": "0.00",
    "antal": "0",
    "procent": "0%",
    "datum": "yyyy-mm-dd",
    "tidpunkt": "yyyy-mm-dd hh:mm",
    "klockslag": "hh:mm",
    "månad": "mmm yyyy",
}
"""Number formats by kind of cell."""

RIGHT: Final = frozenset({"kr", "hela kr", "km", "kg", "timmar", "antal", "procent"})
"""Kinds that stand to the right."""

_PLAIN: Final[dict[str, Any]] = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "vcenter"}
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "titel": {"font_size": 16, "bold": True, "font_color": BAND},
    "underrubrik": {"font_size": 9, "font_color": INK, "italic": True},
    "rubrik": {"bold": True, "font_color": "#FFFFFF", "bg_color": BAND, "font_size": 10},
    "etikett": {},
    "fet": {"bold": True},
    "text": {"text_wrap": True, "valign": "top"},
    "fel": {"font_color": WARNING, "bold": True, "text_wrap": True, "valign": "top"},
    "kolumnrubrik": {"bold": True, "bg_color": "#D5DEE9", "border": 1, "border_color": LINE, "text_wrap": True},
    "indata": {"bg_color": INPUT, "border": 1, "border_color": LINE, "locked": False},
    "resultat": {"bg_color": RESULT, "border": 1, "border_color": LINE},
    "summa": {"bg_color": RESULT, "border": 1, "border_color": LINE, "top": 2, "bold": True},
    "linje": {"bottom": 1, "bottom_color": INK},
}


class FormStyles:
    """The formats of one workbook, each made once: a look (`indata`, `resultat`, …) for a kind of cell."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str, tuple[tuple[str, Any], ...]], Any] = {}

    def get(self, look: str, kind: str = "visat", **more: Any) -> Any:
        """The format of a look and a kind; `more` are properties of XlsxWriter's."""
        key = (look, kind, tuple(sorted(more.items())))
        if key not in self._made:
            align = {"align": "right" if kind in RIGHT else "left"} if look != "titel" else {}
            number = {"num_format": NUMBER_FORMATS[kind]}
            self._made[key] = self._book.add_format({**_PLAIN, **align, **number, **_LOOKS[look], **more})
        return self._made[key]
