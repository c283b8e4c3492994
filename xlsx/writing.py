"""A new workbook with the user's columns, the results beside them, and the summary.

Text is always written as text: a cell that begins with = must not become a formula.
"""

from __future__ import annotations

import datetime as dt
import stat
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import xlsxwriter

from core.encoded import Encoded
from core.engine import Column
from core.traktamente.rules import DAY_PARTS
from core.vocabulary import COUNTRIES, KRONOR, Units, parse_date, parse_decimal, parse_moment
from core.vocabulary.words import plain
from xlsx.cells import FIRST_SURE_DATE, typed_cells
from xlsx.controlsheet import write_controls
from xlsx.errors import UnreadableSheet, Unwritable
from xlsx.grid import EPOCH, LEAP_DAY_OF_1900, RawColumn, Serial, as_text
from xlsx.patch.columns import SUFFIX
from xlsx.reading import TEXTS, UNSAVED_FORMULA
from xlsx.recalculate import Recalculation
from xlsx.results import ERRORS, REMARKS, Target
from xlsx.rowxml import TIME_FORMS, Length, Table, fill, time_form
from xlsx.sheetstyle import FORMATS, Styles, print_on_one_width
from xlsx.summarysheet import write_summary
from xlsx.vocabulary import DAYS_SHEET, Kind

LONGEST_TEXT: Final = 32_767
"""Characters that a cell holds."""

Cells = tuple[list[Any], str]
"""A column ready to be written: a value or None per row, and the name of its number format."""

_UNIT_FORMATS: Final = {"kr": "kr", "timmar": "timmar", "kg": "kg", "antal": "antal", "text": "ord"}
_KIND_FORMATS: Final[dict[Kind, str]] = {"kr": "kr", "km": "km", "kg": "kg", "count": "antal"}
_OPENDOCUMENT: Final = ".ods"
_EXACT: Final = (_OPENDOCUMENT, ".xls")
"""Kinds of files that tell what each cell holds, also in columns of several kinds of cells."""
_ONE_KRONA: Final = Units("kronor", {unit: worth for unit, worth in KRONOR.worth.items() if worth == 1})
_NO_UNITS: Final = Units("", {})
_PARSERS: Final[dict[Kind, Callable[[str], Any]]] = {
    "kr": lambda text: float(parse_decimal(text, _ONE_KRONA)),
    **dict.fromkeys(("km", "kg", "count"), lambda text: float(parse_decimal(text, _NO_UNITS))),
    "moment": lambda text: dt.datetime(1970, 1, 1) + dt.timedelta(minutes=parse_moment(text)),
    "date": lambda text: dt.datetime(1970, 1, 1) + dt.timedelta(days=parse_date(text)),
}
_MANY_COLUMNS: Final = 15
_MOST_FROZEN: Final = 5
"""Rows above the header that leave room on a screen for those below it."""
_LINE: Final = 15
"""Height of a line of text, in points."""

_DAY: Final = np.timedelta64(1, "D")


def default_output(path: Path | str) -> Path:
    """Where the result goes when nothing else is said: beside the original."""
    path = Path(path)
    return path.with_name(f"{path.stem}-beräknad.xlsx")


def write_workbook(
    made: Recalculation, out: Path | str | None = None, progress: Callable[[int], None] | None = None
) -> Path:
    """Write to a new .xlsx file, whole or not at all. Raises Unwritable for the original's path.

    Nobody gets to read it who may not read the original.
    """
    target = Path(out) if out is not None else default_output(made.path)
    if target.suffix.lower() != ".xlsx":
        raise Unwritable(f"{target.name}: resultatet skrivs som .xlsx.")
    if target.exists() and target.samefile(made.path):
        raise Unwritable(f"{target.name}: originalet skrivs aldrig över. Ange en annan fil.")
    with tempfile.TemporaryDirectory(prefix=".fardkost-", dir=target.parent) as folder:
        whole = _write(made, Path(folder), progress)
        whole.chmod(whole.stat().st_mode & (made.path.stat().st_mode | stat.S_IRUSR | stat.S_IWUSR) & 0o777)
        whole.replace(target)
    return target


def _write(made: Recalculation, folder: Path, progress: Callable[[int], None] | None) -> Path:
    """Write to a file in `folder`: first the workbook without its rows, then those."""
    skeleton, whole = folder / "skeleton", folder / "whole"
    tables: dict[str, Table] = {}
    with xlsxwriter.Workbook(skeleton) as book:
        book.set_properties(
            {"title": f"{made.path.stem}, beräknad", "comments": "Beräknad med Färdkost", "created": made.made}
        )
        styles = Styles(book)
        tables["xl/worksheets/sheet1.xml"] = _write_claims(made, book, styles)
        write_summary(made, book, styles)
        if made.days is not None:
            tables["xl/worksheets/sheet3.xml"] = write_days(made, book, styles)
        write_controls(made, book, styles)
    fill(skeleton, whole, tables, progress)
    return whole


def _write_claims(made: Recalculation, book: Any, styles: Styles) -> Table:
    sheet = made.sheet
    above = {column for row in sheet.above for column, text in enumerate(row) if text and column < len(sheet.columns)}
    own = sorted(above.union(made.own_columns))
    kinds: dict[int, tuple[Kind, int]] = {
        mapped.index: (mapped.heading.kind, mapped.scale) for mapped in made.claims.mapping.columns.values()
    }
    headings = [(sheet.headings[number], "own") for number in own]
    suffix = made.path.suffix.lower()
    columns = [_own_cells(sheet.columns[number], *kinds.get(number, ("text", 1)), suffix) for number in own]
    theirs = {plain(heading) for heading, _ in headings}

    def titled(title: str) -> tuple[str, str]:
        return (title + SUFFIX if plain(title) in theirs else title), "result"

    for target in made.targets:
        headings.append(titled(target.title))
        columns.append(_result_cells(made, target))
    for title, texts in ((REMARKS, made.remarks), (ERRORS, made.errors)):
        headings.append(titled(title))
        columns.append((_scattered(made, _texts(texts)), "fel" if title == ERRORS else "anmärkning"))
    lines = [[row[number] if number < len(row) else "" for number in own] for row in sheet.above]
    timed = any(isinstance(value, Serial | str) for number in own for value in sheet.columns[number].own.values())
    table = write_table(book, styles, sheet.name[:31], headings, columns, sheet.rows, lines, timed)
    return replace(table, heights=_heights(made))


def write_table(
    book: Any,
    styles: Styles,
    name: str,
    headings: Sequence[tuple[str, str]],
    columns: Sequence[Cells],
    rows: int,
    above: Sequence[Sequence[str]] = (),
    timed: bool = False,
) -> Table:
    """A sheet with a styled, frozen header, a filter, and one empty row in the styles of the rows to come.

    above: what stands above the header. timed: as of Table.
    """
    sheet = book.add_worksheet(name)
    for row, texts in enumerate(above):
        for column, text in enumerate(texts):
            if text:
                sheet.write_string(row, column, text[:LONGEST_TEXT])
    header = len(above)
    if header <= _MOST_FROZEN:
        sheet.freeze_panes(header + 1, 0)
    print_on_one_width(sheet, large=len(headings) > _MANY_COLUMNS)
    sheet.repeat_rows(header)
    sheet.set_row(header, 2 * _LINE + 2)
    for column, ((heading, style), (values, kind)) in enumerate(zip(headings, columns, strict=True)):
        sheet.set_column(column, column, _width(heading, values, kind))
        sheet.write_string(header, column, heading, styles.header(style, kind))
        sheet.write_blank(header + 1, column, None, styles.cell(kind))
    if timed:
        for column, form in enumerate(TIME_FORMS, len(columns)):
            sheet.write_blank(header + 1, column, None, styles.cell(form))
    if headings:
        sheet.autofilter(header, 0, header + max(rows, 1), len(headings) - 1)
    return Table([values for values, _ in columns], rows, first=header + 2, timed=timed)


def _own_cells(column: RawColumn, kind: Kind, scale: int, suffix: str) -> Cells:
    """A column of the user's as it was, dates and numbers of a mixed column with their kind again.

    scale: what its unit is worth in ours. suffix: that of the file. Where the file holds nothing but text, what is
    read as numbers and dates is written as such.
    """
    cells, form = column.cells, _KIND_FORMATS.get(kind, "text")
    if isinstance(cells, Encoded) and suffix in _EXACT:
        words = [_held(column, place) for place in range(len(cells.texts))] + [None]
        values: list[Any] = [words[place] for place in cells.index.tolist()]
    elif isinstance(cells, Encoded):
        known = typed_cells(cells, kind)
        if suffix in TEXTS:
            # A clock of a database stays the text it is: as a date beside other clocks it might be 24:00 or more.
            known = Encoded(
                known.index, [_unless_early(value, text) for value, text in zip(known.texts, cells.texts, strict=True)]
            )
        if suffix in TEXTS and kind in _PARSERS:
            # In a column of thousands of kronor `250 kr` is no number of the column's.
            reader = "count" if kind == "kr" and scale != 1 else kind
            known = Encoded(known.index, [_parsed(text, reader) for text in known.texts])
        words = [_own_value(value) for value in known.texts] + [None]
        if any(isinstance(value, np.datetime64) or hasattr(value, "isoformat") for value in known.texts):
            form = "datum" if kind == "date" else "tidpunkt"
        values = [words[place] for place in cells.index.tolist()]
    elif cells.dtype.kind == "f":
        values = [None if value != value else value for value in cells.tolist()]
    else:
        values, form = _time_cells(cells, suffix)
    for row, what in column.broken.items():
        values[row] = "(formel utan sparat värde)" if what == UNSAVED_FORMULA else what
    return values, form


def _unless_early(value: Any, text: Any) -> Any:
    """A value read from a text, or the text where that is a date that spreadsheets do not agree on."""
    return text if isinstance(value, dt.datetime) and value < FIRST_SURE_DATE else value


def _parsed(text: Any, kind: Kind) -> Any:
    """A text as the number or date it says; as it is when it says none."""
    if not isinstance(text, str) or not text.strip():
        return text
    try:
        return _PARSERS[kind](text)
    except ValueError:
        return text


def _held(column: RawColumn, place: int) -> Any:
    """What the cells of one text hold themselves."""
    assert isinstance(column.cells, Encoded)
    if place not in column.own:
        return _own_value(column.cells.texts[place])
    value = column.own[place]
    return Length(value) if isinstance(value, str) else value


def _own_value(value: Any) -> Any:
    if isinstance(value, str):
        return value[:LONGEST_TEXT] or None
    if hasattr(value, "isoformat"):
        days = float((np.datetime64(value, "us") - EPOCH) / _DAY)
        return days - 1 if days < LEAP_DAY_OF_1900 + 1 else days
    return value


def _time_cells(cells: Any, suffix: str) -> Cells:
    """Dates, clocks and lengths of time as a spreadsheet's numbers."""
    blank = np.isnat(cells)
    if cells.dtype.kind == "m":
        serials, form = cells / _DAY, "längd"
    else:
        serials = (cells - EPOCH) / _DAY
        if suffix != _OPENDOCUMENT:
            serials = np.where(serials < LEAP_DAY_OF_1900 + 1, serials - 1, serials)
        shown = serials[~blank]
        form = "datum" if len(shown) and (shown % 1 == 0).all() else "tidpunkt"
        if len(shown) and (shown < LEAP_DAY_OF_1900).all():
            # Clocks of a database stand on the first of January 1900; lengths of time are of the other kind.
            form = "klockslag" if (shown < 1).any() else "tidpunkt"
    return [None if empty else value for empty, value in zip(blank.tolist(), serials.tolist(), strict=True)], form


def _result_cells(made: Recalculation, target: Target) -> Cells:
    column = made.results[target.name]
    if target.unit == "text":
        words = made.law.policy.approvers
        values = [words[place] if 0 <= place < len(words) else None for place in column.values.tolist()]
    else:
        scale = {"kr": 100, "timmar": 60, "kg": 1, "antal": 1}[target.unit]
        values = (column.values / scale).tolist()
    return _scattered(made, _without_errors(values, column)), _UNIT_FORMATS[target.unit]


def _without_errors(values: list[Any], column: Column) -> list[Any]:
    hidden = np.zeros(len(values), bool)
    if column.errors is not None:
        hidden |= column.errors != 0
    if column.given is not None:
        hidden |= ~column.given
    for row in np.flatnonzero(hidden).tolist():
        values[row] = None
    return values


def _scattered(made: Recalculation, values: list[Any]) -> list[Any]:
    """Values of the trips on the rows of the sheet, which may hold sums and empty rows between."""
    if len(values) == made.sheet.rows:
        return values
    spread: list[Any] = [None] * made.sheet.rows
    for row, value in zip(made.claims.rows.tolist(), values, strict=True):
        spread[row] = value
    return spread


def _heights(made: Recalculation) -> dict[int, int]:
    """Points of the rows whose remark or error takes more than one line."""
    lines = np.ones(len(made.trips), np.int64)
    for texts in (made.remarks, made.errors):
        needed = [1 + len(text) // int(FORMATS["fel"].width) for text in texts.texts]
        lines = np.maximum(lines, np.array([*needed, 1])[texts.index])
    several = np.flatnonzero(lines > 1)
    return dict(zip(made.claims.rows[several].tolist(), (_LINE * lines[several]).tolist(), strict=True))


def _texts(coded: Encoded) -> list[str | None]:
    words = [text[:LONGEST_TEXT] for text in coded.texts]
    return [words[place] if place >= 0 else None for place in coded.index.tolist()]


def _width(heading: str, values: list[Any], kind: str) -> float:
    """Wide enough for numbers and dates; headings may take two lines, texts are not let grow on."""
    longest = max((len(part) for part in heading.split()), default=0)
    least = max(longest + 3, (len(heading) + 5) // 2 + 2, 8)
    if kind in FORMATS and FORMATS[kind].width:
        return max(least, FORMATS[kind].width)
    texts = {_shown(value) for value in values[:2000] if value is not None}
    return min(max(least, *(len(text) + 2 for text in texts)) if texts else least, 60)


def _shown(value: Any) -> str:
    """A cell's text, or one as wide."""
    if isinstance(value, Serial):
        return " " * (int(FORMATS[time_form(value)].width) - 2)
    return value if isinstance(value, str) else as_text(value)


def write_days(made: Recalculation, book: Any, styles: Styles) -> Table:
    """A row per day of the trips that have no error in their days."""
    days = made.days
    if days is None:
        raise UnreadableSheet("Dygnen är inte beräknade.")
    ids = _texts(made.claims.texts("rese_id"))
    names = [COUNTRIES.name(code) for code in range(len(COUNTRIES))]
    places = (made.claims.rows + made.sheet.top)[days.trip].tolist()
    columns: list[tuple[str, Cells]] = [
        ("Rad", (places, "antal")),
        ("Datum", ((days.day + 25_569).tolist(), "datum")),
        ("Land", ([names[code] for code in days.country.tolist()], "ord")),
        ("Dygn", ([DAY_PARTS[part] for part in days.part.tolist()], "ord")),
        *((title, ((amounts / 100).tolist(), "kr")) for title, amounts in days.amounts.items()),
    ]
    if made.claims.has("rese_id"):
        columns.insert(0, ("Rese-ID", ([ids[trip] for trip in days.trip.tolist()], "text")))
    headings = [(title, "result") for title, _ in columns]
    return write_table(book, styles, DAYS_SHEET, headings, [cells for _, cells in columns], len(days.trip))
