"""Headers of two rows: groups above their headings, and units below them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.xlsx.conftest import Write, value
from xlsx.grid import Marks
from xlsx.headers import Header, find_header
from xlsx.recalculate import recalculate
from xlsx.vocabulary import TRIPS

GROUPS = ["Rese-ID", "Avresa", "", "Hemkomst", "", "Utlägg"]
BELOW = ["", "Datum", "Tid", "Datum", "Tid", ""]
JOINED = ["Rese-ID", "Avresa Datum", "Avresa Tid", "Hemkomst Datum", "Hemkomst Tid", "Utlägg"]
TRIP = ["A", "2024-03-04", "07:00", "2024-03-06", "20:00", 10]
"""870 kr of traktamente (3 x 290), 150 of resetillägg, 10 of outlays: 1030."""


def texts(top: list[list[str]], marks: Marks | None = None) -> tuple[int, list[str]] | None:
    header = find_header(top, TRIPS, {})
    return None if header is None else (header.row, header.texts(top, TRIPS, {}, marks or Marks()))


def test_groups_above_their_headings() -> None:
    assert texts([["Resor 2024"], GROUPS, BELOW]) == (2, JOINED)


def test_one_row_is_enough_where_two_tell_no_more() -> None:
    one = ["Rese-ID", "Avresa", "Hemkomst", "Datum"]
    assert texts([["Bort", "", "", ""], one, ["1", "", "", ""]]) == (1, one)
    assert texts([one, ["", "", "", ""], ["1", "2024-03-04 07:00", "", ""]]) == (0, one)


def test_units_below_their_headings() -> None:
    top = [["Avresa", "Hemkomst", "Sträcka", "Biljett"], ["", "", "mil", "(kr)"], ["2024-03-04 07:00", "", "5", "10"]]
    assert texts(top) == (1, ["Avresa", "Hemkomst", "Sträcka (mil)", "Biljett (kr)"])


def test_a_group_reaches_as_far_as_it_is_merged() -> None:
    top = [["Rese-ID", "Avresa", "", "Hemkomst", ""], ["", "Datum", "Tid", "Datum", "Tid"]]
    marks = Marks(merged=[(0, 3, 0, 4)])
    expected = ["Rese-ID", "Avresa Datum", "Tid", "Hemkomst Datum", "Hemkomst Tid"]
    assert Header(1, 0).texts(top, TRIPS, {}, marks) == expected


def test_without_merged_cells_a_group_ends_where_a_heading_comes_again() -> None:
    top = [["Avresa", "", "", ""], ["Datum", "Tid", "Datum", "Tid"]]
    assert Header(1, 0).texts(top, TRIPS, {}, Marks()) == ["Avresa Datum", "Avresa Tid", "Datum", "Tid"]


def test_empty_columns_at_the_left_do_not_move_the_groups() -> None:
    top = [["Avresa", "", "Övrigt"], ["Datum", "Tid", "Tid"]]
    marks = Marks(merged=[(0, 2, 0, 3)])
    assert Header(1, 0).texts(top, TRIPS, {}, marks, left=2) == ["Avresa Datum", "Avresa Tid", "Tid"]


def _merged(book: Any, sheet: Any) -> None:
    sheet.merge_range(0, 1, 0, 2, "Avresa")
    sheet.merge_range(0, 3, 0, 4, "Hemkomst")
    sheet.merge_range(0, 0, 1, 0, "Rese-ID")
    sheet.merge_range(0, 5, 1, 5, "Utlägg")


def _apart(book: Any, sheet: Any) -> None:
    """Groups that are not merged, as programs that only fill cells write them."""


@pytest.mark.parametrize("then", [_merged, _apart])
def test_a_sheet_with_two_rows_of_headings_is_computed(workbook: Write, then: Callable[[Any, Any], None]) -> None:
    path = workbook(Resor=[GROUPS, BELOW, TRIP, ["B", *TRIP[1:]]], then=then)
    made = recalculate(path)
    assert [value(made, "Ersättning totalt", trip) for trip in (0, 1)] == [1030, 1030]
    assert (made.sheet.header_row, made.sheet.place(0)) == (2, 3)
    assert list(made.sheet.headings) == JOINED


@pytest.mark.parametrize("then", [_merged, _apart])
def test_the_results_stand_beside_and_are_found_again(
    workbook: Write, tmp_path: Path, then: Callable[[Any, Any], None]
) -> None:
    from xlsx.resultbook import write_result

    path = workbook(Resor=[GROUPS, BELOW, TRIP], then=then)
    first = write_result(recalculate(path), tmp_path / "ut.xlsx").path
    sheet = openpyxl.load_workbook(first)["Resor"]
    found = {str(one.value) for line in sheet.iter_rows(max_row=2) for one in line if one.value}
    assert {"Avresa", "Datum", "Tid", "Traktamente", "Ersättning totalt"} <= found
    width = sheet.max_column
    again = recalculate(first)
    assert value(again, "Ersättning totalt", 0) == 1030
    second = write_result(again, tmp_path / "ut2.xlsx").path
    assert openpyxl.load_workbook(second)["Resor"].max_column == width


def test_a_unit_row_is_no_trip(workbook: Write) -> None:
    rows = [
        ["Rese-ID", "Avresa", "Hemkomst", "Färdmedel", "Sträcka"],
        ["", "", "", "", "mil"],
        ["A", "2024-03-04 07:00", "2024-03-06 20:00", "privat bil", 10],
    ]
    made = recalculate(workbook(Resor=rows))
    # 100 km at 2.90 kr, 870 of traktamente, 150 of resetillägg.
    assert len(made.trips) == 1 and value(made, "Ersättning totalt", 0) == 870 + 150 + 290
