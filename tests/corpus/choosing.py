"""A patch for a workbook that has nothing to do with travel: invented results for every row of its first data sheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.encoded import Encoded
from tests.corpus.opening import Book, Cell, Sheet, Unreadable, cells, value
from xlsx.patch.plan import AddedSheets, Patch, ResultColumn

LAST_ROW: Final = 1_048_576
TEXTS: Final = ("Flyg där tåg går", "=1+1 <&> \"å'\n _x0041_ ", " inget\ttal 12 ")
TITLES: Final = (
    "Traktamente",
    "Färdtid h",
    "Utsläpp kg CO2e",
    "Dygn",
    "Godkännare",
    "Räknad dag",
    "Anmärkningar",
    "Fel",
)


@dataclass(frozen=True)
class Chosen:
    """A patch, and what the cells of its columns are to be read as, by row."""

    patch: Patch
    expected: dict[int, list[Any]]


def choose(book: Book, added: Path | None) -> Chosen:
    """Results for the first sheet with data; for an empty workbook, on rows that it does not have.

    added: a workbook with a sheet `Sammanställning` to be added. Raises Unreadable.
    """
    sheets = [one for one in book.sheets if one.kind == "worksheet" and one.part]
    if not sheets:
        raise Unreadable("no worksheets")
    best: tuple[Sheet, list[Cell]] | None = None
    for sheet in sheets:
        used = [one for one in cells(book.xml(sheet.part)) if one.has_content]
        rows = {one.row for one in used}
        if best is None or (used and not best[1]):
            best = (sheet, used)
        if len(rows) > 1:
            best = (sheet, used)
            break
    assert best is not None
    return _chosen(book, *best, added)


def _chosen(book: Book, sheet: Sheet, used: list[Cell], added: Path | None) -> Chosen:
    heading_row = min((one.row for one in used), default=1)
    if heading_row >= LAST_ROW:
        raise Unreadable("no row below the only one with content")
    rows = sorted({one.row for one in used if one.row > heading_row}) or [heading_row + 1]
    free = max((one.column for one in used), default=-1) + 1
    headings = [""] * free
    for one in used:
        if one.row == heading_row:
            headings[one.column] = str(value(book, one) or "")
    columns, expected = _columns(np.array(rows))
    patch = Patch(
        sheet=sheet.name,
        heading_row=heading_row,
        last_heading_row=heading_row,
        headings=headings,
        rows=np.array(rows),
        columns=columns,
        titles=TITLES,
        free=free,
        added=AddedSheets(added, ("Sammanställning",)) if added is not None else None,
    )
    return Chosen(patch, expected)


def _columns(rows: Any) -> tuple[list[ResultColumn], dict[int, list[Any]]]:
    """A column of every kind; every fifth row is in error."""
    number = np.arange(len(rows))
    wrong = number % 5 == 4
    words = Encoded(number % len(TEXTS), list(TEXTS))
    columns = [
        ResultColumn("Traktamente", "kr", number * 1_235 - 5, ~wrong),
        ResultColumn("Färdtid h", "timmar", number * 15, ~wrong),
        ResultColumn("Utsläpp kg CO2e", "kg", number * 0.25, ~wrong),
        ResultColumn("Dygn", "antal", number),
        ResultColumn("Godkännare", "ord", words),
        ResultColumn("Räknad dag", "datum", number + 45_000),
        ResultColumn("Anmärkningar", "anmärkning", Encoded(np.where(wrong, -1, number % 3), list(TEXTS))),
        ResultColumn("Fel", "fel", Encoded(np.where(wrong, 0, -1), ["Avresa saknas."])),
    ]
    expected = {}
    for n, row in enumerate(rows.tolist()):
        bad, word = n % 5 == 4, TEXTS[n % 3]
        expected[row] = [
            *((None,) * 3 if bad else ((n * 1_235 - 5) / 100, n / 4, n / 4)),
            *(n, word, n + 45_000, None if bad else word, "Avresa saknas." if bad else None),
        ]
    return columns, expected
