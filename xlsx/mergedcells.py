"""Cells that are merged downwards over several trips: what holds for all of them, and what only for the first."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from core.encoded import Encoded
from xlsx.claims import Claims
from xlsx.grid import RawColumn, Rows, letters

_OF_ALL_ROWS: Final = frozenset(
    {"avdelning", "ansvar", "anstallningsnr", "roll", "manadslon", "sysselsattningsgrad", "land"}
)
"""What a merged cell says of each of its trips; an amount or a time would be counted more than once."""
_NAMED: Final = 3
"""Merged cells that a sentence names."""


def spread_merged(claims: Claims) -> tuple[Claims, list[str]]:
    """The claims with what merged cells say of all their rows, and a sentence for each column that has such cells."""
    sheet = claims.sheet
    areas = np.array(sheet.marks.merged, np.int64).reshape(-1, 4)
    areas = areas[(areas[:, 2] > areas[:, 0]) & (areas[:, 0] >= sheet.header_row)]
    if not len(areas):
        return claims, []
    columns, sentences = list(sheet.columns), []
    for name, mapped in sorted(claims.mapping.columns.items(), key=lambda pair: pair[1].index):
        mine, above, below = _pairs(claims, areas[areas[:, 1] == mapped.index + sheet.left])
        if not len(mine):
            continue
        if name in _OF_ALL_ROWS:
            columns[mapped.index] = _filled(columns[mapped.index], above, below)
            holds = "gäller alla sina rader"
        else:
            holds = "gäller bara sin översta rad. Dela cellen om raderna är egna resor"
        sentences.append(f'Sammanslagen cell i kolumnen "{mapped.written}" ({_places(mine)}) {holds}.')
    return replace(claims, sheet=replace(sheet, columns=columns)), sentences


def _pairs(claims: Claims, areas: Rows) -> tuple[Rows, Rows, Rows]:
    """Of some merged areas those over several trips; the rows, of the cells, of their first and their other trips."""
    is_trip = np.zeros(claims.sheet.rows, bool)
    is_trip[claims.rows] = True
    first = areas[:, 0] - claims.sheet.header_row
    last = np.minimum(areas[:, 2] - claims.sheet.header_row, claims.sheet.rows - 1)
    below = np.maximum(last - first, 0)
    which = np.repeat(np.arange(len(areas)), below)
    rows = np.arange(len(which)) - np.repeat(np.cumsum(below) - below, below) + 1 + first[which]
    kept = is_trip[first[which]] & is_trip[rows]
    return areas[np.unique(which[kept])], first[which[kept]], rows[kept]


def _filled(column: RawColumn, above: Rows, below: Rows) -> RawColumn:
    """The column with what stands in some rows also in others."""
    if isinstance(column.cells, Encoded):
        index = column.cells.index.copy()
        index[below] = index[above]
        return RawColumn(Encoded(index, column.cells.texts), column.broken, column.own)
    cells = column.cells.copy()
    cells[below] = cells[above]
    return RawColumn(cells, column.broken)


def _places(areas: Rows) -> str:
    named = [
        f"{letters(left)}{first + 1}:{letters(right)}{last + 1}" for first, left, last, right in areas[:_NAMED].tolist()
    ]
    return ", ".join(named) + (f" och {len(areas) - _NAMED} till" if len(areas) > _NAMED else "")
