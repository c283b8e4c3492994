"""A filter or a table that sorts the trips sorts their results with them, or the user is told that it does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from tests.xlsx.patch.conftest import HEADINGS, TITLES, make_patch, read_part
from xlsx.patch.patching import patch_workbook
from xlsx.patch.plan import PatchReport
from xlsx.recalculate import recalculate
from xlsx.resultbook import write_result


def workbook(
    path: Path,
    beside: Mapping[str, Any] | None = None,
    filtered: str | None = None,
    tables: Collection[str] = (),
    heading_row: int = 1,
) -> Path:
    """Three trips in A:C under their headings, and what else is said."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Resor"
    for row, values in enumerate([HEADINGS, ["R1", None, 3], ["R2", None, 2], ["R3", None, 1]]):
        for column, value in enumerate(values, 1):
            sheet.cell(heading_row + row, column, value)
    for place, value in (beside or {}).items():
        sheet[place] = value
    sheet.auto_filter.ref = filtered
    for number, area in enumerate(tables, 1):
        sheet.add_table(Table(displayName=f"T{number}", ref=area))
    book.save(path)
    return path


def run(source: Path, headings: Collection[str] = HEADINGS, **more: Any) -> tuple[PatchReport, Any]:
    out = source.with_name(f"ut-{source.name}")
    report = patch_workbook(source, out, make_patch([2, 3, 4], headings=[*headings], **more))
    return report, openpyxl.load_workbook(out)["Resor"]


def told(what: str, columns: str, whole: str, name: str | None = None) -> str:
    """What is said of a filter or a table; whole: the area it should have."""
    of_it = {"f": "filtrets", "t": "tabellens"}[what[0]]
    return (
        f"Bladet Resor: resultaten i kolumn {columns} står utanför {what}. Sorteras resorna med {of_it} knappar blir "
        f"resultaten kvar, och beloppen hamnar på andra resor. Utöka {name or what.split()[0]} till {whole} före "
        "sortering, eller flytta undan det som står emellan och räkna om underlaget."
    )


def test_a_filter_with_a_note_between_is_told_of(tmp_path: Path) -> None:
    """The note stands in E2, so the six results stand in F–K."""
    source = workbook(tmp_path / "a.xlsx", {"E2": "ring Eva"}, "A1:C4")
    report, sheet = run(source, free=5)
    assert sheet.auto_filter.ref == "A1:C4" and sheet["E2"].value == "ring Eva" and sheet["F1"].value == TITLES[0]
    assert report.notes == [told("filtret (A1:C4)", "F–K", "A1:K4")]


def test_it_is_told_of_again_when_the_results_are_refreshed(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", {"E2": "ring Eva"}, "A1:C4")
    run(source, free=5)
    report, sheet = run(tmp_path / "ut-a.xlsx", [*HEADINGS, "", "", *TITLES], free=11)
    assert report.refreshed == 6 and sheet.auto_filter.ref == "A1:C4"
    assert report.notes == [told("filtret (A1:C4)", "F–K", "A1:K4")]


def test_a_table_with_a_note_between_is_told_of(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", {"E2": "ring Eva"}, tables=["A1:C4"])
    report, sheet = run(source, free=5)
    assert sheet.tables["T1"].ref == "A1:C4"
    assert report.notes == [told("tabellen T1 (A1:C4)", "F–K", "A1:K4", "tabellen T1")]


@pytest.mark.parametrize(
    ("filtered", "becomes"),
    [
        ("A1:C4", "A1:I4"),
        ("B1:C4", "B1:I4"),
        # Blank columns that the filter was put over, two of which get results.
        ("A1:E4", "A1:I4"),
        ("A1:M4", "A1:M4"),
        # Nothing of the trips' rows is in these.
        ("A7:C9", "A7:C9"),
        ("L1:M4", "L1:M4"),
    ],
)
def test_filters_of_which_nothing_is_said(filtered: str, becomes: str, tmp_path: Path) -> None:
    report, sheet = run(workbook(tmp_path / "a.xlsx", filtered=filtered))
    assert (sheet.auto_filter.ref, report.notes) == (becomes, [])


def test_a_filter_that_was_put_over_fewer_columns(tmp_path: Path) -> None:
    report, sheet = run(workbook(tmp_path / "a.xlsx", filtered="A1:B4"))
    assert sheet.auto_filter.ref == "A1:B4" and report.notes == [told("filtret (A1:B4)", "D–I", "A1:I4")]


def test_a_filter_over_trips_without_their_headings(tmp_path: Path) -> None:
    report, sheet = run(workbook(tmp_path / "a.xlsx", filtered="A2:C4"))
    assert sheet.auto_filter.ref == "A2:C4" and report.notes == [told("filtret (A2:C4)", "D–I", "A2:I4")]


def test_a_filter_on_the_last_of_two_rows_of_headings(tmp_path: Path) -> None:
    """The headings are merged downwards, A1:A2 and so on; the buttons stand in row 2."""
    source, out = workbook(tmp_path / "a.xlsx", filtered="A2:C5", heading_row=2), tmp_path / "ut.xlsx"
    book = openpyxl.load_workbook(source)
    for column, heading in enumerate(HEADINGS, 1):
        book["Resor"].cell(1, column, heading)
        book["Resor"].merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    book.save(source)
    report = patch_workbook(source, out, make_patch([3, 4, 5], last_heading_row=2))
    assert openpyxl.load_workbook(out)["Resor"].auto_filter.ref == "A2:I5" and report.notes == []


LIST = {"E1": "Enhet", "F1": "Chef", "E2": "Skola", "F2": "Eva", "E3": "Vård", "F3": "Bo"}
"""A list of heads of units to the right of the trips, with headings in the same row."""


def test_another_table_beside_does_not_take_the_results(tmp_path: Path) -> None:
    """Were they in it, the amounts would go to other trips when the list of heads is sorted."""
    source = workbook(tmp_path / "a.xlsx", LIST, tables=["A1:C4", "E1:F3"])
    report, sheet = run(source, [*HEADINGS, "", "Enhet", "Chef"], read=[0, 1, 2])
    assert {name: table.ref for name, table in dict.items(sheet.tables)} == {"T1": "A1:C4", "T2": "E1:F3"}
    assert report.notes == [told("tabellen T1 (A1:C4)", "G–L", "A1:L4", "tabellen T1")]


def test_another_list_beside_keeps_its_filter(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", LIST, "E1:F3")
    report, sheet = run(source, [*HEADINGS, "", "Enhet", "Chef"], read=[0, 1, 2])
    assert sheet.auto_filter.ref == "E1:F3" and report.notes == []
    main = read_part(tmp_path / "ut-a.xlsx", "xl/workbook.xml").decode()
    assert "'Resor'!$E$1:$F$3" in main and "$L$3" not in main


def test_a_whole_run_says_it(tmp_path: Path) -> None:
    """Three headings of trips and a note in E2: all results from F on stand outside the filter."""
    path = tmp_path / "resor.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Resor"
    sheet.append(["Rese-ID", "Avresa", "Hemkomst"])
    sheet.append(["A1", datetime(2026, 3, 5, 7), datetime(2026, 3, 7, 20)])
    sheet.append(["A2", datetime(2026, 3, 5, 7), datetime(2026, 3, 6, 20)])
    sheet["E2"], sheet.auto_filter.ref = "ring Eva", "A1:C3"
    book.save(path)
    written = write_result(recalculate(path), tmp_path / "ut.xlsx")
    assert len(written.notes) == 1
    assert written.notes[0].startswith("Bladet Resor: resultaten i kolumn F–") and "(A1:C3)" in written.notes[0]


def test_a_table_with_headings_of_its_own_below_the_trips_is_left_alone(tmp_path: Path) -> None:
    """To widen it, as the note would advise, would make texts of ours its headings."""
    path = tmp_path / "resor.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Resor"
    sheet.append(["Rese-ID", "Avresa", "Hemkomst"])
    sheet.append(["A1", datetime(2026, 3, 5, 7), datetime(2026, 3, 7, 20)])
    for row in (["Kod", "Betydelse"], ["X", "Kurs"]):
        sheet.append(row)
    sheet.add_table(Table(displayName="Koder", ref="A3:B4"))
    book.save(path)
    written = write_result(recalculate(path))
    assert [note for note in written.notes if "står utanför" in note] == []
    assert openpyxl.load_workbook(written.path)["Resor"].tables["Koder"].ref == "A3:B4"
