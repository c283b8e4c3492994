"""What the user has put on our sheets is told of when they are made anew, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from tests.xlsx.conftest import Write, workbook  # noqa: F401  # fixture
from xlsx.recalculate import recalculate
from xlsx.resultbook import write_result

HEADINGS = ["Rese-ID", "Avresa", "Hemkomst", "Färdmedel", "Skäl"]
TRIP = ["R1", datetime(2026, 3, 10, 7), datetime(2026, 3, 11, 20), "taxi", None]


@pytest.fixture
def first(workbook: Write, tmp_path: Path) -> Path:  # noqa: F811
    """The result of a first run, with the sheets Sammanställning and Kontroller."""
    return write_result(recalculate(workbook(Resor=[HEADINGS, TRIP])), tmp_path / "första.xlsx").path


def notes(path: Path) -> list[str]:
    """What is said of how the result of another run was written."""
    return write_result(recalculate(path), path.with_name("andra.xlsx")).notes


def changed(path: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def test_our_own_sheets_are_replaced_without_a_word(first: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    assert notes(first) == []
    assert notes(changed(first, lambda book: None)) == [], "saved by another program"
    assert notes(libreoffice(first, "xlsx")) == []


def test_what_the_user_wrote_beside_our_cells_is_told_of(first: Path) -> None:
    def write(book: Any) -> None:
        book["Sammanställning"]["H1"] = "Fråga Anna"
        for place in ("J2", "J3", "K3", "J5"):
            book["Kontroller"][place] = 1
        book["Kontroller"]["A2"].comment = Comment("Klart", "Anna")

    said = notes(changed(first, write))
    kept = "är inte med i resultatet men finns kvar i första.xlsx; flytta det till ett eget blad."
    again = "görs om vid varje beräkning. Det som någon skrivit till där"
    assert said == [
        f"Bladet Sammanställning {again} (cell H1) {kept}",
        f"Bladet Kontroller {again} (cellerna J2, J3, K3 m.fl. och kommentarer) {kept}",
    ]
    assert openpyxl.load_workbook(first)["Sammanställning"]["H1"].value == "Fråga Anna"


def test_a_sheet_of_the_user_by_that_name_is_left_alone(workbook: Write) -> None:  # noqa: F811
    path = workbook(Resor=[HEADINGS, TRIP], Sammanställning=[["Min egen"]])
    said = notes(path)
    assert len(said) == 1 and "är inte gjort av Färdkost och lämnas orört" in said[0]
