"""The sheet Data: a row per trip, to be filled in, pasted, or written by the program."""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from xlsx.forms.book import FormBook, FormSheet
from xlsx.forms.uppfoljning.columns import HEADING_ROW, INPUTS, MADE, WIDTHS
from xlsx.forms.uppfoljning.content import Followup

NAME: Final = "Data"
_PRINTED: Final = 60
_SEEN: Final = len(WIDTHS)


def write_data(book: FormBook, content: Followup) -> FormSheet:
    """Write the sheet with the trips, or with empty rows."""
    sheet = book.sheet(NAME, WIDTHS, landscape=True)
    sheet.text(0, 0, "Resorna", "titel")
    sheet.raw.set_row(0, 24)
    sheet.text(1, 0, _NOTE, "underrubrik")
    sheet.text(2, 0, _PASTE, "underrubrik")
    none = [None] * content.trips
    rows = list(zip_longest(*(content.columns.get(one.name, none) for one in INPUTS)))
    sheet.table(HEADING_ROW, 0, (*INPUTS, *MADE), content.rows, "data", 50, rows)
    sheet.raw.set_column(_SEEN, len(INPUTS) + len(MADE) - 1, None, None, {"hidden": True})
    sheet.raw.freeze_panes(HEADING_ROW + 1, 2)
    sheet.raw.repeat_rows(HEADING_ROW)
    last = HEADING_ROW + (content.trips or _PRINTED)
    sheet.raw.print_area(0, 0, last, _SEEN - 1)
    return sheet


_NOTE: Final = (
    "En rad per resa. Fyll i, klistra in värden från ett omräknat blad (Klistra in special, Värden) eller låt "
    "fardkost followup skriva bladet."
)
_PASTE: Final = (
    "Person ska vara ett löpnummer eller en annan pseudonym. Digitala möten får stå med; de räknas inte som resor."
)
