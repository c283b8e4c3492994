"""Folders of small files whose figures are known by hand."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.xlsx.conftest import fill

HEADINGS = [
    "Rese-ID", "Avdelning", "Avresa", "Hemkomst", "Land", "Färdmedel", "Km", "Biljettkostnad", "Utlägg",
]  # fmt: skip

FORMULA = "=cmd|' /C calc'!A0"
"""A department that a spreadsheet must never take for a formula."""

# Monday 07:00 to Wednesday 20:00 in March 2024 is three whole days of 290 kr, and away more than four hours each
# of them, 50 kr: 870 + 150 = 1 020 kr, and outlays. The ticket comes to what the trip costs. No charge for the climate.
PAID = 1020
TRAIN_KG = 3.5  # 500 km x 0.007 kg
BUS_KG = 13.5  # 500 km x 0.027 kg


def trip(number: int, department: str, mode: str = "tåg", ticket: float = 400, outlay: float = 0) -> list[Any]:
    """A trip that pays 1 020 kr and its outlays."""
    away = (datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20))
    return [f"R{number}", department, *away, "Sverige", mode, 500, ticket, outlay]


def backwards(number: int, department: str) -> list[Any]:
    """A trip that ends before it begins: nothing is paid for it."""
    return [f"R{number}", department, datetime(2024, 3, 6), datetime(2024, 3, 4, 7), "Sverige", "tåg", 0, 0, 0]


def write_book(path: Path, rows: list[list[Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("Resor"), [HEADINGS, *rows])
    return path


def write_csv(path: Path, rows: list[list[Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [HEADINGS, *rows]
    text = "\n".join(
        ";".join(str(cell)[:16] if isinstance(cell, datetime) else str(cell) for cell in row) for row in lines
    )
    path.write_text(text, encoding="utf-8")
    return path


def write_broken(path: Path) -> Path:
    """Half a workbook."""
    write_book(path, [trip(1, "Skola")])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def write_bomb(path: Path) -> Path:
    """A workbook whose sheet is 64 MiB of blanks in 64 KiB."""
    write_book(path, [trip(1, "Skola")])
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", b" " * (64 << 20) + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {**parts, "xl/worksheets/sheet1.xml": sheet}.items():
            book.writestr(name, content)
    return path


GOOD = 10
TRIPS = 16
"""Trips of `twelve`: 9 files with one, one with six and one row in error."""


def twelve(folder: Path) -> Path:
    """Ten files that can be computed, one broken, one hostile.

    File number n, 1 to 9, has one trip with n kr of outlays, by train where n is odd and else by bus; its department
    is Skola for 1 to 5, Vård for 6 to 8, and FORMULA for 9, which is a CSV file. File 10 has six trips by train of
    Vård with 100 kr of outlays each, and one that is in error.
    """
    for number in range(1, 9):
        department = "Skola" if number <= 5 else "Vård"
        mode = "tåg" if number % 2 else "buss"
        place = folder / ("Ankeborg" if number <= 4 else "Gåsköping/2024") / f"resor {number}.xlsx"
        write_book(place, [trip(number, department, mode, outlay=number)])
    write_csv(folder / "Gåsköping" / "resor 9.csv", [trip(9, FORMULA, outlay=9)])
    write_book(
        folder / "resor 10.xlsx",
        [*(trip(number, "Vård", outlay=100) for number in range(10, 16)), backwards(16, "Vård")],
    )
    write_broken(folder / "Ankeborg" / "trasig.xlsx")
    write_bomb(folder / "Ankeborg" / "bomb.xlsx")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


RESULTS = {
    *(f"Ankeborg/resor {number}-beräknad.xlsx" for number in range(1, 5)),
    *(f"Gåsköping/2024/resor {number}-beräknad.xlsx" for number in range(5, 9)),
    "Gåsköping/resor 9.csv-beräknad.xlsx",
    "resor 10-beräknad.xlsx",
}


def results(out: Path) -> set[str]:
    """Everything that stands in a folder of results but what the run keeps for itself."""
    return {name for name in contents(out) if not name.startswith(".fardkost/")}
