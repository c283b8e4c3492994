"""The sheet Data: a row per trip, to be filled in, pasted, or written by the program."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any, Final

from xlsx.forms.book import FormBook, FormSheet
from xlsx.forms.setting import FormSetting
from xlsx.forms.uppfoljning.columns import HEADING_ROW, INPUTS, MADE, WIDTHS
from xlsx.forms.uppfoljning.content import MOST_COMPUTED, Followup
from xlsx.forms.uppfoljning.fixedcolumns import fixed_columns

NAME: Final = "Data"
_PRINTED: Final = 60
_SEEN: Final = len(WIDTHS)


def write_data(book: FormBook, setting: FormSetting, content: Followup) -> FormSheet:
    """Write the sheet with the trips, or with empty rows."""
    sheet = book.sheet(NAME, WIDTHS, landscape=True)
    sheet.text(0, 0, "Resorna", "titel")
    sheet.raw.set_row(0, 24)
    for row, note in enumerate(_FIXED if content.is_fixed else _NOTES, 1):
        sheet.text(row, 0, note, "underrubrik")
    none = [None] * content.trips
    cells = [content.columns.get(one.name, none) for one in INPUTS]
    if content.is_fixed:
        _write_values(sheet, [*cells, *fixed_columns(setting, content)])
    else:
        sheet.table(HEADING_ROW, 0, (*INPUTS, *MADE), content.rows, "data", 50, list(zip_longest(*cells)))
    sheet.raw.set_column(_SEEN, len(INPUTS) + len(MADE) - 1, None, None, {"hidden": True})
    sheet.raw.freeze_panes(HEADING_ROW + 1, 2)
    sheet.raw.repeat_rows(HEADING_ROW)
    last = HEADING_ROW + (content.trips or _PRINTED)
    sheet.raw.print_area(0, 0, last, _SEEN - 1)
    return sheet


def _write_values(sheet: FormSheet, cells: Sequence[Sequence[Any]]) -> None:
    """Columns of values under their headings, locked, with the names that formulas know them by."""
    styles, raw = sheet.book.styles, sheet.raw
    raw.set_row(HEADING_ROW, 50)
    for place, (one, values) in enumerate(zip((*INPUTS, *MADE), cells, strict=True)):
        raw.write_string(HEADING_ROW, place, one.heading, styles.get("kolumnrubrik", one.kind))
        style = styles.get("etikett", one.kind)
        for row, value in enumerate(values, HEADING_ROW + 1):
            if value is not None:
                sheet.value(row, place, value, style)
        sheet.book.name(f"data_{one.name}", sheet.at(HEADING_ROW + 1, place, HEADING_ROW + len(values), place))


_FIXED: Final = (
    f"Resorna är fler än {MOST_COMPUTED} och därför låsta: kolumnerna till höger är räknade när bladet skrevs.",
    "Rätta i underlaget och kör fardkost followup igen, med --year för ett annat år.",
)
_NOTES: Final = (
    "En rad per resa. Fyll i, klistra in värden från ett omräknat blad (Klistra in special, Värden) eller låt "
    "fardkost followup skriva bladet.",
    "Person ska vara ett löpnummer eller en annan pseudonym. Digitala möten får stå med; de räknas inte som resor.",
)
