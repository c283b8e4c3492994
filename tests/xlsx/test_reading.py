"""Cells of all kinds come out as they stand, also where a column mixes them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.xlsx.conftest import Write
from xlsx.grid import as_text
from xlsx.reading import open_source
from xlsx.recalculate import recalculate

MORNING, EVENING = dt.datetime(2024, 3, 4, 7), dt.datetime(2024, 3, 6, 20)


def texts(path: Path, sheet: str = "Resor") -> list[list[str]]:
    """The rows below the headings as texts; what is wrong with a cell stands in its place."""
    columns, _, _ = open_source(path).load(sheet, 0, 1)
    shown = []
    for column in columns:
        coded = column.texts()
        cells = [as_text(coded.texts[place]) if place >= 0 else "" for place in coded.index.tolist()]
        shown.append([column.broken.get(row, cell) for row, cell in enumerate(cells)])
    return [list(line) for line in zip(*shown, strict=True)]


def test_one_cell_with_an_unknown_name_does_not_hide_the_sheet(workbook: Write) -> None:
    rows: list[list[Any]] = [
        ["Rese-ID", "Km", "Utlägg"],
        ["A", 90.5, "{=foo()}#NAME?"],
        ["B", "{=foo()}#NAME?", 10],
        ["C", "{=1/0}#DIV/0!", 12.25],
    ]
    assert texts(workbook(Resor=rows)) == [
        ["A", "90.5", "#NAME?"],
        ["B", "#NAME?", "10"],
        ["C", "#DIV/0!", "12.25"],
    ]


@pytest.mark.parametrize("wrong", [1, 3, 7])
def test_many_such_columns(workbook: Write, wrong: int) -> None:
    rows: list[list[Any]] = [["Rese-ID", *(f"Kolumn {n}" for n in range(wrong))], ["A", *["{=foo()}#NAME?"] * wrong]]
    assert texts(workbook(Resor=rows)) == [["A", *["#NAME?"] * wrong]]


def test_lengths_of_time_and_points_in_time_in_one_column(workbook: Write) -> None:
    """A cell of hours and minutes, one of date and clock, and one of neither: the last one is the only fault.

    870 kr of traktamente (3 x 290) and 150 of resetillägg for each trip that can be read.
    """

    def lengths(book: Any, sheet: Any) -> None:
        sheet.write_number(3, 1, 1.5, book.add_format({"num_format": "[h]:mm"}))

    rows = [
        ["Rese-ID", "Avresa", "Hemkomst"],
        ["A", MORNING, EVENING],
        ["B", 45355 + 7 / 24, EVENING],
        ["C", None, EVENING],
    ]
    made = recalculate(workbook(Resor=rows, then=lengths))
    paid = made.results["ersattning_totalt"]
    assert paid.values[:2].tolist() == [102_000, 102_000]
    assert paid.errors is not None and (paid.errors != 0).tolist() == [False, False, True]
