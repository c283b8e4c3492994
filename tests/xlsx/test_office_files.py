"""Files that LibreOffice has written, .ods and .xls: read as the same sheet in .xlsx is, every cell as it stood."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from tests.xlsx.conftest import fill, value
from xlsx.recalculate import Recalculation, recalculate
from xlsx.worker.mixed import days_of
from xlsx.writing import write_workbook

DAY = dt.date(2026, 3, 5)
BACK = dt.date(2026, 3, 7)
HEAD = ["Rese-ID", "Avresedatum", "Avresetid", "Hemkomstdatum", "Hemkomsttid", "Km", "Not"]
TRIPS: list[list[Any]] = [
    ["A", DAY, dt.time(7, 30), BACK, dt.time(20), 100, "x"],
    ["B", DAY, "7.30", BACK, dt.time(20), "100", 46_000.5],
    ["C", "2026-03-05", 730, 20_260_307, dt.time(20), 100.25, dt.datetime(2026, 3, 5, 7, 30)],
    ["D", dt.datetime(2026, 3, 5), dt.time(7, 30), BACK, dt.time(20), "12.50", "46000.5"],
]
"""Every column but the first and that of Hemkomsttid has more than one kind of cells."""

Made = dict[str, Recalculation]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """A workbook written anew by LibreOffice in another form."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    profile = (tmp_path_factory.mktemp("office") / "profile").as_uri()

    def convert(path: Path, kind: str) -> Path:
        command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind, "--outdir"]
        subprocess.run([*command, path.parent, path], check=True, capture_output=True, timeout=180)
        return path.with_suffix(f".{kind}")

    return convert


@pytest.fixture(scope="module")
def mixed(office: Callable[[Path, str], Path], tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The same trips, recalculated from each kind of file."""
    path = tmp_path_factory.mktemp("mixed") / "resor.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Resor")
        fill(book, sheet, [HEAD, *TRIPS])
        # What Excel stores for 25:00, beside clocks and a text.
        fill(book, sheet, [["E", DAY, dt.time(7, 30), DAY, None, 1, None]], first=5)
        sheet.write_number(5, 4, 25 / 24, book.add_format({"num_format": "[h]:mm"}))
        fill(book, book.add_worksheet("Anteckningar"), [["viktigt"]])
    return {kind: recalculate(path if kind == "xlsx" else office(path, kind)) for kind in ("xlsx", "ods", "xls")}


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_columns_of_several_kinds_are_read_alike(mixed: Made, kind: str) -> None:
    made = mixed[kind]
    # Three whole days at 300 each.
    assert [value(made, "Traktamente", trip) for trip in range(5)] == [900, 900, 900, 900, None]
    assert value(made, "Fel", 4) == value(mixed["xlsx"], "Fel", 4)
    assert '"25:00" är inget klockslag' in value(made, "Fel", 4)
    assert not made.problems


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_every_cell_of_the_user_is_what_it_was(mixed: Made, kind: str, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_workbook(mixed[kind], tmp_path / "ut.xlsx"))["Resor"]
    rows = [[cell.value for cell in row[: len(HEAD)]] for row in sheet.iter_rows()]
    at_midnight = [[_as_read(cell) for cell in row] for row in TRIPS]
    hours = dt.timedelta(hours=20) if kind == "ods" else dt.time(20)  # .ods tells no clock from a length of time
    for row in at_midnight:
        row[4] = hours
    assert rows[:5] == [HEAD, *at_midnight]
    assert rows[5][:4] == ["E", dt.datetime(2026, 3, 5), dt.time(7, 30), dt.datetime(2026, 3, 5)]
    assert rows[5][4] == dt.timedelta(hours=25)
    # Each shows itself as what it is.
    shown = [[cell.number_format for cell in row[1:7]] for row in sheet.iter_rows(min_row=2, max_row=5)]
    assert shown[0][:3] == ["yyyy-mm-dd", "hh:mm", "yyyy-mm-dd"]
    assert shown[2] == ["General", "General", "General", shown[0][3], "#,##0.0", "yyyy-mm-dd hh:mm"]
    assert shown[1][5] == "General"


def _as_read(cell: Any) -> Any:
    """A date as openpyxl reads it."""
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return dt.datetime(cell.year, cell.month, cell.day)
    return cell


def test_an_ods_of_several_sheets(office: Callable[[Path, str], Path], tmp_path: Path) -> None:
    """LibreOffice fills every sheet up to its last row with empty ones, also before the next sheet."""
    path = tmp_path / "resor.xlsx"
    moments = [dt.datetime(2026, 3, 9, 6), dt.datetime(2026, 3, 10, 22)]
    with xlsxwriter.Workbook(path) as book:
        trips = [["Rese-ID", "Avresa", "Hemkomst", "Månadslön"], ["R1", *moments, 33_000]]
        legs = [
            ["Rese-ID", "Avgång", "Ankomst"],
            ["R1", moments[0], dt.datetime(2026, 3, 9, 9)],
            ["R1", dt.datetime(2026, 3, 10, 19), moments[1]],
        ]
        sheets: list[tuple[str, list[list[Any]]]] = [
            ("Resor", trips),
            ("Delsträckor", legs),
            ("Anteckningar", [["viktigt"]]),
        ]
        for title, rows in sheets:
            fill(book, book.add_worksheet(title), rows)
    made = recalculate(office(path, "ods"))
    assert not made.problems
    # Two whole days at 300. On the way 06-08 and 19-22 outside working hours, 08-17 each day.
    assert (value(made, "Traktamente", 0), value(made, "Färdtid h", 0)) == (600, 5)


def test_a_column_of_lengths_of_time_beyond_a_day(office: Callable[[Path, str], Path], tmp_path: Path) -> None:
    path = tmp_path / "resor.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, length = book.add_worksheet("Resor"), book.add_format({"num_format": "[h]:mm"})
        fill(book, sheet, [["Avresedatum", "Avresetid", "Hemkomstdatum", "Hemkomsttid"]])
        for row, hours in enumerate((20, 24), 1):
            fill(book, sheet, [[DAY, dt.time(7, 30), BACK]], first=row)
            sheet.write_number(row, 3, hours / 24, length)
    made = recalculate(office(path, "ods"))
    assert [value(made, "Traktamente", trip) for trip in range(2)] == [900, None]
    assert '"24:00" är inget klockslag' in value(made, "Fel", 1)
    out = openpyxl.load_workbook(write_workbook(made, tmp_path / "ut.xlsx"))["Resor"]
    assert [out.cell(row, 4).value for row in (2, 3)] == [dt.timedelta(hours=20), dt.timedelta(hours=24)]


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_clocks_of_a_database_are_written_as_they_stood(
    office: Callable[[Path, str], Path], tmp_path: Path, kind: str
) -> None:
    """On the first of January 1900, in a column of their own and beside a text."""
    path = tmp_path / "resor.xlsx"
    out, homes = dt.datetime(1900, 1, 1, 7, 30), [dt.datetime(1900, 1, 1, 20), "20:00", dt.datetime(1900, 1, 1)]
    with xlsxwriter.Workbook(path) as book:
        sheet, moment = book.add_worksheet("Resor"), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        fill(book, sheet, [HEAD[:5], *(["A", DAY, None, BACK, home if home == "20:00" else None] for home in homes)])
        for row, column, hours in ((1, 2, 7.5), (2, 2, 7.5), (3, 2, 7.5), (1, 4, 20), (3, 4, 0)):
            sheet.write_number(row, column, 1 + hours / 24, moment)
    made = recalculate(office(path, kind))
    sheet = openpyxl.load_workbook(answer := write_workbook(made, tmp_path / "ut.xlsx"))["Resor"]
    assert [[cell.value for cell in column][1:] for column in sheet.iter_cols(3, 5)] == [
        [out] * 3,
        [dt.datetime(2026, 3, 7)] * 3,
        homes,
    ]
    # Three whole days at 300; a date beside a clock in text may be either 20:00 or 44:00.
    for read in (made, recalculate(answer)):
        assert [value(read, "Traktamente", trip) for trip in range(3)] == [None, 900, None]
        assert '"1900-01-01 20:00" kan vara 20:00 eller 44:00' in value(read, "Fel", 0)


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_a_length_of_time_beside_a_text_stays_one(
    office: Callable[[Path, str], Path], tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "resor.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Resor")
        fill(book, sheet, [HEAD[:5], ["A", DAY, "07:30", BACK, "20:00"], ["B", DAY, "07:30", BACK, None]])
        sheet.write_number(2, 4, 1.25, book.add_format({"num_format": "[h]:mm"}))
    made = recalculate(office(path, kind))
    assert [value(made, "Traktamente", trip) for trip in range(2)] == [900, None]
    assert '"30:00" är inget klockslag' in value(made, "Fel", 1)
    out = openpyxl.load_workbook(write_workbook(made, tmp_path / "ut.xlsx"))["Resor"]
    assert (out["E3"].value, out["E3"].number_format) == (dt.timedelta(hours=30), "[h]:mm")


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("PT07H30M00S", 7.5 / 24),
        ("PT25H00M00S", 25 / 24),
        ("P1DT6H", 1.25),
        ("-PT12H", -0.5),
        ("PT00H00M43.2S", 0.0005),
        ("PT", 0),
        ("7:30", None),
        ("PT7H30", None),
    ],
)
def test_lengths_of_time_as_an_ods_writes_them(written: str, days: float | None) -> None:
    assert days_of(written) == (None if days is None else pytest.approx(days, rel=1e-12))
