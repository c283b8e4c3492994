"""Rows that repeat the headings, as in lists that were exported page by page: no trips."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core.encoded import Encoded
from core.vocabulary.words import plain
from xlsx.claims import Claims
from xlsx.grid import Rows, Sheet
from xlsx.headings import Mapped

_TIME_KINDS: Final = frozenset({"moment", "date", "clock"})
_NUMBER_KINDS: Final = frozenset({"km", "kr", "kg", "count", "share"})
_ENOUGH: Final = 2
"""Cells that say their column's heading in a row that repeats the headings; that of the trip's id is enough alone."""
_NAMED: Final = 5
"""Rows that are named before the rest is counted."""
_SHORTEST_PART: Final = 3


def without_headings(claims: Claims) -> tuple[Claims, list[str]]:
    """The claims without the rows that repeat the headings, and at most one sentence on which those were."""
    rows = _repeated(claims)
    if not len(rows):
        return claims, []
    sheet = claims.sheet
    kept = np.setdiff1d(claims.rows, rows, assume_unique=True)
    hidden = int(np.isin(kept + sheet.top - 1, list(sheet.marks.hidden_rows)).sum())
    return replace(claims, rows=kept, hidden=hidden), [_sentence(claims.prefix, (rows + sheet.top).tolist())]


def _repeated(claims: Claims) -> Rows:
    """The rows, of the sheet's cells, that repeat the headings.

    A time that is no heading tells a trip, and so does a number or an id; the columns of times leave few rows to look
    at in the others.
    """
    sheet, rows, columns = claims.sheet, claims.rows, claims.mapping.columns
    for mapped in columns.values():
        if mapped.heading.kind in _TIME_KINDS and len(rows):
            rows = rows[sheet.columns[mapped.index].blank[rows] | _says_heading(sheet, mapped, rows)]
    count = np.zeros(len(rows), np.int64)
    trip = np.zeros(len(rows), bool)
    for name, mapped in columns.items():
        says = _says_heading(sheet, mapped, rows)
        count += says * (_ENOUGH if name == "rese_id" else 1)
        if name == "rese_id" or mapped.heading.kind in _NUMBER_KINDS:
            trip |= ~says & ~sheet.columns[mapped.index].blank[rows]
    return rows[(count >= _ENOUGH) & ~trip]


def _says_heading(sheet: Sheet, mapped: Mapped, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the cells of some rows say what the column's heading says."""
    cells = sheet.columns[mapped.index].cells
    if not isinstance(cells, Encoded) or not len(rows):
        return np.zeros(len(rows), bool)
    codes = cells.index[rows]
    heading = sheet.headings[mapped.index]
    same = np.zeros(len(cells.texts) + 1, bool)
    same[_alike(cells.texts, set(codes.tolist()) - {-1} if len(rows) < len(cells.texts) else None, heading)] = True
    return np.asarray(same[codes])


def _alike(texts: Sequence[object], asked: Collection[int] | None, heading: str) -> list[int]:
    """The places of texts that say a heading, or a part of one that stands on two rows. asked: places; None is all."""
    key, signs = plain(heading), {" "}
    for word in heading.split():
        signs |= {word[:1].lower(), word[:1].upper()}
    return [
        place
        for place in (range(len(texts)) if asked is None else asked)
        if isinstance(text := texts[place], str)
        and text[:1] in signs  # quickly told of most texts
        and (plain(text) == key or _is_part(plain(text), heading))
    ]


def _is_part(word: str, heading: str) -> bool:
    """Whether a word is the first or last words of a heading: `Avresa` or `Datum` of `Avresa Datum`."""
    words = heading.split()
    parts = {plain(" ".join(part)) for at in range(1, len(words)) for part in (words[:at], words[at:])}
    return len(word) >= _SHORTEST_PART and word in parts


def _sentence(prefix: str, places: list[int]) -> str:
    row, rows = ("rad", "raderna") if prefix else ("Rad", "Raderna")
    if len(places) == 1:
        return f"{prefix}{row} {places[0]} upprepar rubrikerna och räknades inte."
    named, more = places[:_NAMED], len(places) - _NAMED
    words = [*map(str, named), *([f"{more} till"] if more > 0 else [])]
    return f"{prefix}{rows} {', '.join(words[:-1])} och {words[-1]} upprepar rubrikerna och räknades inte."
