"""The workbook Rapport.xlsx: files, sums, errors, controls and unconfirmed figures of a whole run."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from xlsx.batch.onefile import put_in_place
from xlsx.batch.overall import ControlTotal, FileLine, Overall
from xlsx.batch.problems import BatchProblem
from xlsx.batch.records import Options
from xlsx.sheetstyle import Styles, print_on_one_width
from xlsx.summary import SUMMED, Total
from xlsx.summarysheet import LACKING_WIDTH, WHY_LACKING, lacking_figures, lacking_titles

MOST_ROWS: Final = 1_000_000
"""Rows of a sheet; a workbook has room for little more."""

_LONGEST: Final = 32_767
_LINE: Final = 15
_AMOUNTS: Final = (("Resor", "antal", 10), ("varav med fel", "antal", 11), ("Km", "km", 13))

Column = tuple[str, str, float]
"""Heading, format, width."""

_SUMS: Final[tuple[Column, ...]] = (
    *_AMOUNTS,
    *((title, "kg" if name == "utslapp" else "kr", 17.0) for name, title in SUMMED),
)


def write_report(overall: Overall, workspace: Path, target: Path, chosen: Options, rules: str) -> Path:
    """Write the report, whole or not at all. Raises BatchProblem when it cannot take its place."""
    unfinished = workspace / target.name
    with xlsxwriter.Workbook(unfinished, {"constant_memory": True}) as book:
        book.set_properties({"title": "Rapport", "comments": "Skriven av Färdkost", "created": _now()})
        styles = Styles(book)
        _write_sums(overall, book, styles, chosen, rules)
        _write_files(overall, book, styles)
        _write_faults(overall, book, styles)
        _write_controls(overall, book, styles)
        _write_unsure(overall, book, styles)
    try:
        put_in_place(unfinished, target)
    except OSError as error:
        raise BatchProblem(
            f"Alla filer är klara, men rapporten {target} kan inte skrivas ({error.strerror or error}). "
            "Stäng den om den är öppen och kör samma kommando igen."
        ) from None
    return target


def _now() -> dt.datetime:
    """The time, unless the environment states one as for reproducible builds."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    return dt.datetime.fromtimestamp(int(stated)) if stated.isdigit() else dt.datetime.now().replace(microsecond=0)


def _write_sums(overall: Overall, book: Any, styles: Styles, chosen: Options, rules: str) -> None:
    sheet = book.add_worksheet("Summor")
    sheet.hide_gridlines(2)
    print_on_one_width(sheet)
    whole = overall.whole
    lacking = lacking_figures(whole)
    for column, width in enumerate((46, 30, *(width for _, _, width in _columns(lacking)))):
        sheet.set_column(column, column, width)
    facts: list[tuple[str, str | int]] = [
        ("Skriven", _now().strftime("%Y-%m-%d %H:%M")),
        ("Policy", chosen.policy),
        *([("Kolumnfil", chosen.columns.title)] if chosen.columns is not None else ()),
        ("Regler och satser", rules),
        ("Filer", len(overall.files)),
        ("varav beräknade nu", overall.count("beräknad")),
        ("varav klara sedan tidigare", overall.count("klar sedan tidigare")),
        ("varav misslyckade", overall.count("misslyckad")),
        ("Resor", whole.trips),
        ("Resor med fel", whole.wrong),
    ]
    sheet.write_string(0, 0, "Rapport", styles.title)
    for row, (title, value) in enumerate(facts, 1):
        sheet.write_string(row, 0, title, styles.bold)
        _write(sheet, row, 1, value, styles.left)
    row = len(facts) + 2
    for title, names, totals in (
        ("Summor per mapp", ("Mapp", ""), overall.by_folder()),
        ("Summor per avdelning", ("Avdelning", ""), overall.by_department()),
        ("Summor per färdmedel", ("Färdmedel", ""), overall.by_mode()),
        ("Summor per avdelning och färdmedel", ("Avdelning", "Färdmedel"), overall.by_department_and_mode()),
    ):
        if totals:
            row = _write_totals(sheet, styles, row, title, names, [*totals, whole], lacking)
    if lacking and row < MOST_ROWS:
        sheet.write_string(row, 0, WHY_LACKING)


def _columns(lacking: Sequence[int]) -> list[Column]:
    """Those of the sums, and behind them how many trips are not in those that lack any."""
    return [*_SUMS, *((title, "antal", LACKING_WIDTH) for title in lacking_titles(lacking))]


def _write_totals(
    sheet: Any,
    styles: Styles,
    row: int,
    title: str,
    names: Sequence[str],
    totals: Sequence[Total],
    lacking: Sequence[int],
) -> int:
    """A table of totals, the last of them the whole; the row after it. What has no room is left out, and said."""
    columns = _columns(lacking)
    room = max(MOST_ROWS - row - 3, 1)
    left_out = max(len(totals) - room, 0)
    suffix = f" ({left_out} rader ryms inte)" if left_out else ""
    sheet.write_string(row, 0, title + suffix, styles.section)
    sheet.set_row(row + 1, 2 * _LINE + 2)
    for column, (heading, kind, _) in enumerate([*((name, "text", 0.0) for name in names), *columns]):
        sheet.write_string(row + 1, column, heading, styles.header("result", kind))
    row += 2
    for total in totals[: len(totals) - 1 - left_out]:
        names = [*total.names, *[""] * (2 - len(total.names))]
        _write_cells(sheet, row, names, _amounts(total, lacking), columns, styles.cell)
        row += 1
    _write_cells(sheet, row, ["Summa", ""], _amounts(totals[-1], lacking), columns, styles.sums.__getitem__)
    return row + 2


def _write_cells(
    sheet: Any, row: int, names: Sequence[str], amounts: Sequence[Any], columns: Sequence[Column], style: Any
) -> None:
    for column, name in enumerate(names):
        _write(sheet, row, column, name, style("ord"))
    for column, (value, (_, kind, _)) in enumerate(zip(amounts, columns, strict=True), len(names)):
        _write(sheet, row, column, value, style(kind))


def _amounts(total: Total, lacking: Sequence[int]) -> list[int | float | None]:
    """As they are written: numbers, km, kronor and kg, and how many trips those that lack any are without."""
    sums = [
        value if value is None or name == "utslapp" else value / 100
        for (name, _), value in zip(SUMMED, total.sums, strict=True)
    ]
    return [total.trips, total.wrong, total.metres / 1000, *sums, *(total.left_out[number] for number in lacking)]


def _write_files(overall: Overall, book: Any, styles: Styles) -> None:
    lacking = lacking_figures(overall.whole)
    columns: list[Column] = [
        ("Fil", "ord", 46),
        ("Läge", "ord", 20),
        ("Blad", "ord", 20),
        *_columns(lacking),
        ("Resultat", "ord", 50),
        ("Anmärkning", "anmärkning", 80),
    ]
    cells = (_file_cells(line, lacking) for line in overall.files)
    _write_table(book, styles, "Filer", columns, cells, len(overall.files), _longest(overall))


def _file_cells(line: FileLine, lacking: Sequence[int]) -> list[Any]:
    failed = line.state == "misslyckad"
    amounts = [None] * len(_columns(lacking)) if failed else _amounts(line.total, lacking)
    return [line.source, line.state, line.sheet, *amounts, line.result, line.remark]


def _longest(overall: Overall) -> int:
    return min(max((len(line.source) for line in overall.files), default=0), 90)


def _write_faults(overall: Overall, book: Any, styles: Styles) -> None:
    columns: list[Column] = [("Fil", "ord", 46), ("Resor", "antal", 9), ("Rader", "ord", 28), ("Fel", "fel", 80)]
    rows: list[list[Any]] = [[line.source, None, "", line.remark] for line in overall.failed]
    for source, fault in overall.faults:
        places = ", ".join(map(str, fault.rows)) + (" …" if fault.count > len(fault.rows) else "")
        rows.append([source, fault.count, places, fault.text])
    rows += [
        [source, None, "", f"… och {number} slag av fel till, se filens kolumn Fel."]
        for source, number in overall.faults_left_out.items()
    ]
    if rows:
        _write_table(book, styles, "Fel", columns, rows, len(rows), _longest(overall))


def _write_controls(overall: Overall, book: Any, styles: Styles) -> None:
    shared: list[Column] = [("Grad", "ord", 11), ("Regel", "ord", 12), ("Kontroll", "ord", 34)]
    counted: list[Column] = [
        ("Resor", "antal", 9),
        ("varav beslutade avsteg", "antal", 14),
        ("Filer", "antal", 9),
        ("Anmärkning", "anmärkning", 80),
    ]
    whole = overall.controls()
    if not whole:
        return
    _write_table(book, styles, "Kontroller", [*shared, *counted], (_control_cells(one) for one in whole), len(whole))
    each = overall.controls(by_department=True)
    columns: list[Column] = [*shared, ("Avdelning", "ord", 32), *counted]
    cells = (_control_cells(one, by_department=True) for one in each)
    _write_table(book, styles, "Kontroller per avdelning", columns, cells, len(each))


def _control_cells(one: ControlTotal, by_department: bool = False) -> list[Any]:
    department = [one.department] if by_department else []
    return [one.grade, one.rule, one.title, *department, one.count, one.lifted, one.files, one.text]


def _write_unsure(overall: Overall, book: Any, styles: Styles) -> None:
    columns: list[Column] = [
        ("Sats att bekräfta", "anmärkning", 60),
        ("Värde", "ord", 14),
        ("Enhet", "ord", 14),
        ("Gäller från", "ord", 14),
        ("Status", "ord", 16),
        ("Filer", "antal", 9),
        ("Källa", "anmärkning", 80),
    ]
    figures = sorted(overall.unsure.items(), key=lambda pair: (pair[0].title.casefold(), pair[0].from_date))
    rows = [[f.title, f.value, f.unit, f.from_date, f.status, files, f.source] for f, files in figures]
    if rows:
        _write_table(book, styles, "Satser att bekräfta", columns, rows, len(rows))


def _write_table(
    book: Any,
    styles: Styles,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    count: int,
    longest: int = 0,
) -> None:
    """A sheet with a frozen heading and a filter; its last row says so when there is no room for all.

    longest: characters of the longest name of a file, where the files are a column.
    """
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    print_on_one_width(sheet, large=len(columns) > 8)
    sheet.repeat_rows(0)
    for column, (heading, _, width) in enumerate(columns):
        sheet.set_column(column, column, max(width, longest + 3) if heading == "Fil" else width)
    shown = min(count, MOST_ROWS)
    sheet.autofilter(0, 0, max(shown, 1), len(columns) - 1)
    sheet.set_row(0, 2 * _LINE + 2)
    for column, (heading, kind, _) in enumerate(columns):
        sheet.write_string(0, column, heading, styles.header("result", kind))
    for row, cells in zip(range(1, shown + 1), rows, strict=False):
        lines = max((1 + len(cell) // 84 for cell in cells if isinstance(cell, str)), default=1)
        sheet.set_row(row, _LINE * min(lines, 20))
        for column, (value, (_, kind, _)) in enumerate(zip(cells, columns, strict=True)):
            _write(sheet, row, column, value, styles.cell(kind))
    if count > shown:
        sheet.write_string(shown + 1, 0, f"… och {count - shown} rader till, som inte ryms i bladet.", styles.bold)


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """A cell. Texts stay texts, whatever they begin with."""
    if isinstance(value, str):
        sheet.write_string(row, column, value[:_LONGEST], style)
    elif value is None:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_number(row, column, value, style)
