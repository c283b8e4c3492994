"""The import sheet: trips and their legs under the headings that a recalculation reads, each column explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any, Final

from core.vocabulary import COUNTRIES, FARDMEDEL, ROLL, TYP
from xlsx.forms.book import FormBook, FormSheet, InputColumn
from xlsx.forms.importblad.columns import EXAMPLE_LEGS, EXAMPLES, LEG_COLUMNS, TRIP_COLUMNS, WRITTEN, Told
from xlsx.forms.setting import FormSetting
from xlsx.vocabulary import LEGS, LEGS_SHEET, TRIPS, TRIPS_SHEET, Heading, Kind

KIND: Final = "import"
TITLE: Final = "Importblad för resor"
VERSION: Final = 1
ROWS: Final = 25
"""Rows to fill in when nothing else is asked for, one page; the tables grow when more are written below."""

_HEADER_ROW: Final = 3
_HEADER_HEIGHT: Final = 30
_CELLS: Final[Mapping[Kind, str]] = {
    "text": "text",
    "moment": "tidpunkt",
    "date": "datum",
    "clock": "klockslag",
    "country": "val",
    "mode": "val",
    "type": "val",
    "place": "text",
    "meals": "text",
    "km": "km",
    "kr": "kr",
    "count": "antal",
    "share": "procent",
    "kg": "kg",
    "truth": "ja",
}
_LISTS: Final[Mapping[Kind, str]] = {"country": "lander", "mode": "fardmedel", "type": "typer"}
_PAGE_WIDTH: Final = 140
"""Characters of a list on a page of A4 that is still easy to read."""
_EXAMPLE: Final = 3
_EXPLAINED: Final = (
    ("Rubrik", 24),
    ("Betydelse", 54),
    ("Så skrivs det", 33),
    ("Exempel", 23),
    ("Krävs för", 28),
    ("Rubriker som läses lika", 40),
)
"""The columns of the sheet of explanations and their widths."""

_SIGNS: Final = 1.18
"""Letters of a text to a digit's width, of which a column's width is counted."""

_HOW: Final = (
    "Räknas om med fardkost recalc eller på beräkningsserverns sida. Kolumner får flyttas och tas bort; "
    "bladet Kolumner förklarar dem."
)
_ABOUT_EXAMPLES: Final = "De två första raderna är påhittade exempel. Ta bort dem innan bladet används."
_ABOUT_LEGS: Final = (
    "En rad per färd, för resor över flera platser och för färdtid på resor med övernattning. "
    "Rese-ID binder färden till resan."
)
_ABOUT_COLUMNS: Final = (
    "Bara Avresa och Hemkomst, eller ett datum, måste finnas. En kolumn som saknas gör att det som behöver den "
    "utelämnas, och rapporten säger vilket."
)

Values = Sequence[Mapping[str, Any]]
"""Rows by the columns' own names."""


def write_import(path: Path, setting: FormSetting, trips: Values = EXAMPLES, legs: Values = EXAMPLE_LEGS) -> None:
    """Write the import workbook.

    trips, legs: values by column names of `xlsx.vocabulary`; two invented trips unless others are given.
    """
    with FormBook(path, TITLE, KIND, VERSION, setting.made, setting.functions, setting.policy) as book:
        words: dict[Kind, Sequence[str]] = {
            "country": [country.name for country in COUNTRIES.all],
            "mode": FARDMEDEL.words,
            "type": TYP.words,
        }
        lists = {kind: book.choices(name, words[kind]) for kind, name in _LISTS.items()}
        notes = (_HOW, _ABOUT_EXAMPLES if trips is EXAMPLES else "")
        _list_sheet(book, TRIPS_SHEET, TITLE, notes, _columns(TRIPS, TRIP_COLUMNS, lists), trips)
        _list_sheet(book, LEGS_SHEET, LEGS_SHEET, (_ABOUT_LEGS, ""), _columns(LEGS, LEG_COLUMNS, lists), legs)
        _explanations(book)


def _columns(
    headings: Sequence[Heading], told: Mapping[str, Told], lists: Mapping[Kind, str]
) -> list[tuple[InputColumn, float]]:
    """The columns that stand in the sheet, with their widths."""
    found = []
    for one in headings:
        about = told[one.column]
        if about.width:
            choices = ROLL.words if one.column == "roll" else lists.get(one.kind)
            kind = "val" if choices is not None else _CELLS[one.kind]
            found.append((InputColumn(one.title, kind, one.column, choices, about.meaning), about.width))
    return found


def _list_sheet(
    book: FormBook,
    name: str,
    title: str,
    notes: tuple[str, str],
    columns: Sequence[tuple[InputColumn, float]],
    values: Values,
) -> FormSheet:
    """A sheet that is one table, as wide as it needs to be: it grows, so it is not protected."""
    widths = [width for _, width in columns]
    sheet = book.sheet(name, widths, landscape=True, protected=False)
    # Beside the first column, which is repeated on each page.
    sheet.text(0, 1, title, "titel")
    for row, note in enumerate(notes, 1):
        sheet.text(row, 1, note)
    inputs = [column for column, _ in columns]
    rows = [[row.get(column.name) for column in inputs] for row in values]
    table = {TRIPS_SHEET: "resor"}.get(name, "strackor")
    sheet.table(_HEADER_ROW, 0, inputs, max(ROWS, len(rows)), table, _HEADER_HEIGHT, rows)
    sheet.raw.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.raw.repeat_rows(_HEADER_ROW)
    sheet.raw.repeat_columns(0)
    sheet.raw.fit_to_pages(max(1, round(sum(widths) / _PAGE_WIDTH)), 0)
    return sheet


def _explanations(book: FormBook) -> None:
    """What each column means, in the words that the program reads them by."""
    sheet = book.sheet("Kolumner", [width for _, width in _EXPLAINED], landscape=True)
    sheet.text(0, 0, "Kolumnerna och vad de betyder", "titel")
    sheet.text(1, 0, _ABOUT_COLUMNS)
    for place, (heading, _) in enumerate(_EXPLAINED):
        sheet.text(2, place, heading, "kolumnrubrik")
    row = 3
    sections = (
        (f"Bladet {TRIPS_SHEET}: en rad per resa", TRIPS, TRIP_COLUMNS, True),
        (f"Kan läggas till i {TRIPS_SHEET}: skriv rubriken överst i en ny kolumn", TRIPS, TRIP_COLUMNS, False),
        (f"Bladet {LEGS_SHEET}: en rad per färd", LEGS, LEG_COLUMNS, True),
        (f"Kan läggas till i {LEGS_SHEET}", LEGS, LEG_COLUMNS, False),
    )
    for title, headings, told, there in sections:
        sheet.heading(row, title, len(_EXPLAINED))
        row += 1
        for one in headings:
            if bool(told[one.column].width) == there:
                _explain(sheet, row, one, told[one.column])
                row += 1
    sheet.raw.freeze_panes(3, 1)
    sheet.raw.repeat_rows(2)


def _explain(sheet: FormSheet, row: int, heading: Heading, about: Told) -> None:
    """One column's row, high enough for what it says."""
    other = ", ".join(heading.synonyms)
    texts = (heading.title, about.meaning, WRITTEN[heading.kind], None, about.needs, other)
    for place, text in enumerate(texts):
        if text is not None:
            sheet.text(row, place, text, "text", bold=not place)
    style = sheet.book.styles.get("text", _CELLS.get(heading.kind, "text"), align="left")
    sheet.value(row, _EXAMPLE, about.example, style)
    lines = max(ceil(len(text or "") / (_SIGNS * width)) for text, (_, width) in zip(texts, _EXPLAINED, strict=True))
    sheet.raw.set_row(row, 12 * max(lines, 1) + 1)
