"""The results on a sheet of their own, where the user's cannot take them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from xlsx.grid import letters
from xlsx.patch.cells import NewCells, PlacedColumn, inline_text
from xlsx.patch.plan import Patch, ResultColumn
from xlsx.patch.references import Area
from xlsx.patch.styles import StyleSheet
from xlsx.patch.widths import width_of
from xlsx.sheetstyle import FORMATS

NAME: Final = "Resultat"
_BLOCK: Final = 10_000
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def result_sheet(patch: Patch, styles: StyleSheet, strict: bool) -> Iterator[bytes]:
    """A whole sheet: the row of the user's sheet, and the results beside it."""
    columns = [ResultColumn("Rad", "antal", patch.rows), *patch.columns]
    placed = [PlacedColumn(one, number, styles.derived(0, FORMATS[one.form])) for number, one in enumerate(columns)]
    rows = np.arange(2, len(patch.rows) + 2)
    return _pieces(NewCells(rows, [placed]), columns, strict)


def _pieces(new: NewCells, columns: list[ResultColumn], strict: bool) -> Iterator[bytes]:
    count, last = len(new.rows), len(columns) - 1
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width_of(one.title, one.form, True):g}" customWidth="1"/>'
        for number, one in enumerate(columns, 1)
    )
    yield (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_STRICT_MAIN if strict else _MAIN}">'
        f'<dimension ref="{Area(1, 0, count + 1, last)}"/>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
        f'<cols>{widths}</cols><sheetData><row r="1">'
    ).encode()
    for number, one in enumerate(columns):
        yield b'<c r="%b1"%b' % (letters(number).encode(), inline_text(one.title))
    yield b"</row>"
    for first in range(2, count + 2, _BLOCK):
        size = min(_BLOCK, count + 2 - first)
        rows = [b'<row r="%d">%b</row>' % (first + place, xml) for place, xml in enumerate(new.run(0, first, size))]
        yield b"".join(rows)
    yield b"</sheetData></worksheet>"
