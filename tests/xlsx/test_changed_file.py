"""A file that somebody saves while it is recalculated: its results would stand on other rows than theirs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from xlsx.patch.errors import Unpatchable
from xlsx.recalculate import recalculate
from xlsx.resultbook import write_result

SAID = r"resor\.xlsx: filen ändrades medan den räknades\. Kör igen\."


def write_trips(path: Path, *ids: str) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Resor"
    sheet.append(["Rese-ID", "Avresa", "Hemkomst"])
    for one in ids:
        sheet.append([one, datetime(2026, 3, 5, 7), datetime(2026, 3, 6, 20)])
    book.save(path)
    return path


def test_a_row_that_came_in_between_is_told_of(tmp_path: Path) -> None:
    source, target = write_trips(tmp_path / "resor.xlsx", "A", "B"), tmp_path / "klar.xlsx"
    made = recalculate(source)
    write_trips(source, "NY", "A", "B")
    with pytest.raises(Unpatchable, match=SAID):
        write_result(made, target)
    assert not target.exists()
    write_result(recalculate(source), target)
    assert target.exists()


def test_so_is_one_that_came_while_the_result_was_written(tmp_path: Path) -> None:
    source, target = write_trips(tmp_path / "resor.xlsx", "A", "B"), tmp_path / "klar.xlsx"
    made = recalculate(source)
    saved = []

    def somebody_saves(rows: int) -> None:
        saved.append(rows)
        write_trips(tmp_path / "ny.xlsx", "NY", "A", "B").replace(source)

    with pytest.raises(Unpatchable, match=SAID):
        write_result(made, target, somebody_saves)
    assert saved and not target.exists()
