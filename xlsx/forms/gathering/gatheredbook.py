"""The gathered rows as a workbook: the sheets that `fardkost recalc` reads, the budgets' trips, and every file."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from xlsx.forms.filling import serial
from xlsx.forms.gathering.gathered import Gathered, GatheredBudget, GatheredClaim
from xlsx.sheetstyle import FORMATS, Styles, print_on_one_width
from xlsx.vocabulary import LEGS, LEGS_SHEET, TRIPS, TRIPS_SHEET, Heading, Kind

UNDECIDED_SHEET: Final = "Att avgöra"
UNDECIDED_LEGS: Final = "Att avgöra, sträckor"
BUDGETS_SHEET: Final = "Planerade resor"
FILES_SHEET: Final = "Filer"
FILE_COLUMN: Final = "Fil"
"""The heading of the file's name beside each trip; not like any heading that is read."""

_TRIP_ID: Final = "Rese-ID"
_FORMATS: Final[dict[Kind, str]] = {
    "moment": "tidpunkt",
    "date": "datum",
    "clock": "klockslag",
    "kr": "kr",
    "km": "km",
    "kg": "kg",
}
_FILE_HEADINGS: Final = (
    ("Fil", "text"),
    ("Slag", "text"),
    ("Status", "text"),
    ("Anmärkning", "anmärkning"),
    ("Rese-ID", "text"),
    ("Namn", "text"),
    ("Anställningsnr", "text"),
    ("Avresa", "tidpunkt"),
    ("Hemkomst", "tidpunkt"),
    ("Policy", "text"),
    ("Mallversion", "antal"),
    ("Rader", "antal"),
)
_WIDEST: Final = 40
_MANY: Final = 12
_MOST_ON_A_PAGE: Final = 25
_LINE: Final = 15
"""Height of a line of text, in points."""

_MOST_LINES: Final = 27
_PER_LINE: Final = 85
"""Characters of a remark that fit on a line."""


Column = tuple[str, str]
"""A heading and the name of its cells' format."""


def write_gathered(made: Gathered, out: Path, saved: dt.datetime | None = None) -> Path:
    """Write the workbook, whole or not at all. saved: the time that the file says that it was made."""
    with tempfile.TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent) as folder:
        unfinished = Path(folder) / "samlat.xlsx"
        with xlsxwriter.Workbook(unfinished) as book:
            book.set_properties({"title": "Samlade formulär", "comments": "Samlade med Färdkost"})
            if saved is not None:
                book.set_properties({"title": "Samlade formulär", "comments": "Samlade med Färdkost", "created": saved})
            styles = Styles(book)
            if made.claims:
                _write_claims(book, styles, made.claims, TRIPS_SHEET, LEGS_SHEET)
            if made.undecided:
                _write_claims(book, styles, made.undecided, UNDECIDED_SHEET, UNDECIDED_LEGS)
            if made.budgets:
                _write_budgets(book, styles, made.budgets)
            _write_files(book, styles, made)
        unfinished.replace(out)
    return out


def _write_claims(book: Any, styles: Styles, claims: Sequence[GatheredClaim], trips: str, legs: str) -> None:
    titles = _in_our_order((title for claim in claims for title in claim.row.titles), TRIPS)
    formats = {heading.title: _FORMATS.get(heading.kind, "text") for heading in (*LEGS, *TRIPS)}
    columns = [(title, formats.get(title, "text")) for title in titles]
    rows = [[*_cells({**claim.row.trip, _TRIP_ID: claim.trip_id}, titles), claim.file] for claim in claims]
    _write_table(book, styles, trips, [*columns, (FILE_COLUMN, "text")], rows)
    travelled = [(claim.trip_id, leg) for claim in claims for leg in claim.row.legs]
    if travelled:
        titles = _in_our_order((title for claim in claims for title in claim.row.leg_titles), LEGS)
        columns = [(title, formats.get(title, "text")) for title in titles]
        lines = [_cells({**leg, _TRIP_ID: trip_id}, titles) for trip_id, leg in travelled]
        _write_table(book, styles, legs, columns, lines)


def _in_our_order(titles: Iterable[str], known: Sequence[Heading]) -> list[str]:
    """The Rese-ID, the headings that we know in the order of the import sheet, then others."""
    found = dict.fromkeys(title for title in titles if title)
    ours = [heading.title for heading in known if heading.title in found and heading.title != _TRIP_ID]
    return [_TRIP_ID, *ours, *(title for title in found if title not in {*ours, _TRIP_ID})]


def _cells(record: Mapping[str, Any], titles: Sequence[str]) -> list[Any]:
    return [record.get(title) for title in titles]


def _write_budgets(book: Any, styles: Styles, budgets: Sequence[GatheredBudget]) -> None:
    titles = list(dict.fromkeys(title for one in budgets for title in one.rows.trip_table.columns.values()))
    rows = []
    for one in budgets:
        headings = one.rows.trip_table.columns
        for trip in one.rows.trips:
            cells = {headings[name]: value for name, value in trip.cells.items()}
            rows.append([*_cells(cells, titles), one.file])
    columns = [(title, _format_of([row[place] for row in rows])) for place, title in enumerate(titles)]
    _write_table(book, styles, BUDGETS_SHEET, [*columns, (FILE_COLUMN, "text")], rows)


def _format_of(values: Sequence[Any]) -> str:
    """The format that a column's own values ask for."""
    filled = [value for value in values if value is not None]
    if filled and all(isinstance(value, dt.datetime) for value in filled):
        return "datum" if all(value.time() == dt.time() for value in filled) else "tidpunkt"
    if filled and all(isinstance(value, dt.time) for value in filled):
        return "klockslag"
    if any(isinstance(value, float) and not value.is_integer() for value in filled):
        return "kr"
    return "text"


def _write_files(book: Any, styles: Styles, made: Gathered) -> None:
    rows = [
        [
            line.file,
            line.kind,
            line.status,
            "\n".join(line.remarks),
            line.trip_id,
            line.person,
            line.employee,
            line.departure,
            line.back,
            line.policy,
            line.version,
            line.rows,
        ]
        for line in made.files
    ]
    _write_table(book, styles, FILES_SHEET, _FILE_HEADINGS, rows)


def _write_table(
    book: Any, styles: Styles, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]]
) -> None:
    """A sheet with a frozen header and a filter. Texts are written as texts, also those that begin with `=`."""
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if len(columns) <= _MOST_ON_A_PAGE:
        print_on_one_width(sheet, large=len(columns) > _MANY)
    else:
        # A page each for some columns: on one they could not be read.
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_columns(0)
    for place, (heading, kind) in enumerate(columns):
        values = [row[place] for row in rows]
        sheet.set_column(place, place, max(FORMATS[kind].width, _width(heading, values if kind == "text" else [])))
        sheet.write_string(0, place, heading, styles.header("own", kind))
        for row, value in enumerate(values, 1):
            _write_cell(sheet, row, place, value, styles.cell(kind))
    for row, cells in enumerate(rows, 1):
        lines = max((_lines(cell) for cell in cells if isinstance(cell, str)), default=1)
        if lines > 1:
            sheet.set_row(row, _LINE * min(lines, _MOST_LINES))
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    match value:
        case None | "":
            sheet.write_blank(row, column, None, style)
        case bool():
            sheet.write_boolean(row, column, value, style)
        case str():
            sheet.write_string(row, column, value, style)
        case dt.datetime() | dt.date() | dt.time():
            sheet.write_number(row, column, serial(value), style)
        case _:
            sheet.write_number(row, column, value, style)


def _lines(text: str) -> int:
    return sum(1 + len(line) // _PER_LINE for line in text.split("\n"))


def _width(heading: str, values: Iterable[Any]) -> float:
    longest = max((len(str(value)) for value in values if isinstance(value, str)), default=0)
    return min(max(len(heading), longest) + 3, _WIDEST)
