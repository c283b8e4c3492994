"""The new workbook: the user's cells as they were, the results beside them, whole or not at all."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import recalculate
from xlsx.summarysheet import NAME
from xlsx.writing import default_output, write_workbook

HEAD = ["Rese-ID", "Avresa", "Hemkomst", "Datum", "Klockan", "Ja", "Utlägg", "Text"]
TRIP = [
    "007",
    datetime(2024, 3, 4, 7),
    datetime(2024, 3, 6, 20),
    date(2024, 3, 7),
    time(7, 30),
    True,
    10.5,
    "=1+1",
]
BAD = ["B", None, datetime(2024, 3, 6, 20), None, None, False, 1, "<&>\x01_x0041_ å"]


def cells(path: Path, sheet: str = "Resor") -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_own_cells_come_back_as_they_were(workbook: Write) -> None:
    path = workbook(Resor=[["Titel"], [], HEAD, TRIP, BAD, [], ["Summa", None, None, None, None, None, 11.5]])
    out = write_workbook(recalculate(path))
    assert out == default_output(path) == path.with_name("resor-beräknad.xlsx")
    above, rows = cells(out)[:2], cells(out)[2:]
    assert [row[0] for row in above] == ["Titel", None]
    assert rows[0][:8] == HEAD
    midnight = datetime(2024, 3, 7)
    assert rows[1][:8] == [*TRIP[:3], midnight, *TRIP[4:]]
    assert rows[2][0] == "B" and rows[2][1] is None and rows[2][5] is False
    assert rows[3][:8] == [None] * 8
    assert rows[4][0] == "Summa" and rows[4][6] == 11.5 and rows[4][8:] == [None] * len(rows[4][8:])


def test_results_stand_beside_and_errors_leave_their_cells_empty(workbook: Write) -> None:
    rows = cells(write_workbook(recalculate(workbook(Resor=[HEAD, TRIP, BAD]))))
    good, bad = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    # 3 x 290 and 3 x 50; with outlays of 10.50 in all 1030.50.
    assert (good["Traktamente"], good["Resetillägg"], good["Ersättning totalt"]) == (870, 150, 1030.5)
    assert good["Fel"] is None
    assert bad["Traktamente"] is None and bad["Ersättning totalt"] is None
    assert "Avresa saknas" in bad["Fel"]
    assert rows[0][-2:] == ["Anmärkningar", "Fel"]


def test_no_text_becomes_a_formula(workbook: Write) -> None:
    out = write_workbook(recalculate(workbook(Resor=[HEAD, TRIP, BAD])))
    with zipfile.ZipFile(out) as archive:
        for part in archive.namelist():
            if part.startswith("xl/worksheets/"):
                content = archive.read(part)
                ElementTree.fromstring(content)
                assert b"<f" not in content
        assert re.search(rb'<dimension ref="A1:[A-Z]+3"/>', archive.read("xl/worksheets/sheet1.xml"))
        assert b"&lt;&amp;&gt;_x0001__x005F_x0041_" in archive.read("xl/worksheets/sheet1.xml")


def test_formats_header_and_filter(workbook: Write) -> None:
    out = write_workbook(recalculate(workbook(Resor=[HEAD, TRIP, BAD])))
    sheet = openpyxl.load_workbook(out)["Resor"]
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    assert formats["Traktamente"] == formats["Utlägg"] == "#,##0.00"
    assert formats["Avresa"] == "yyyy-mm-dd hh:mm" and formats["Datum"] == "yyyy-mm-dd"
    assert formats["Klockan"] == "hh:mm"
    assert (
        sheet.freeze_panes == "A2" and sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).coordinate[:-1]}3"
    )


def test_summary_tells_rows_totals_and_figures(workbook: Write) -> None:
    head = ["Avdelning", "Avresa", "Hemkomst", "Färdmedel", "Km"]
    car = ["Skola", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), "privat bil", 100]
    out = write_workbook(recalculate(workbook(Resor=[head, car, car, ["Vård", *car[1:3], "tåg", 200]])))
    rows = cells(out, NAME)
    told = {row[0]: row[1:] for row in rows}
    assert told["Lästa resor"][0] == 3 and told["Resor med fel"][0] == 0
    # Each trip: 870 + 150, by car 290 more.
    by_department = next(row for row in rows if row[0] == "Skola" and row[1] == 2)
    assert by_department[:5] == ["Skola", 2, 0, 200, 2 * (870 + 150 + 290)]
    figures = [row for row in rows if row[0] and str(row[0]).startswith("Bilersättning enligt BIA")]
    assert [(row[1], row[2], row[3]) for row in figures] == [("obekräftad", 2.9, "kr per km")]


def test_a_row_per_day(workbook: Write) -> None:
    out = write_workbook(recalculate(workbook(Resor=[["Titel"], HEAD, TRIP, BAD]), days=True))
    rows = cells(out, "Dygn")
    assert rows[0][:5] == ["Rese-ID", "Rad", "Datum", "Land", "Dygn"]
    assert rows[1][:6] == ["007", 3, datetime(2024, 3, 4), "Sverige", "hel", 290]
    assert len(rows) == 4


def test_the_original_is_never_written_over(workbook: Write) -> None:
    path = workbook(Resor=[HEAD, TRIP])
    before = path.read_bytes()
    with pytest.raises(ValueError, match="originalet"):
        write_workbook(recalculate(path), path)
    with pytest.raises(ValueError, match=r"\.xlsx"):
        write_workbook(recalculate(path), path.with_suffix(".csv"))
    assert path.read_bytes() == before


def test_nothing_is_left_when_writing_fails(workbook: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    made = recalculate(workbook(Resor=[HEAD, TRIP]))
    monkeypatch.setattr("xlsx.writing.write_summary", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_workbook(made)
    assert [path.name for path in made.path.parent.iterdir()] == ["resor.xlsx"]


def test_many_rows_in_blocks(workbook: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xlsx.rowxml.BLOCK", 3)
    seen: list[int] = []
    out = write_workbook(recalculate(workbook(Resor=[HEAD, *[TRIP] * 7])), progress=seen.append)
    rows = cells(out)
    assert len(rows) == 8 and {row[rows[0].index("Traktamente")] for row in rows[1:]} == {870}
    assert seen == [3, 6, 7]


def test_csv_in_workbook_out(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    path.write_text(
        "Avresa;Hemkomst;Utlägg;Anst.nr\n2024-03-04 07:00;2024-03-06 20:00;1 234,50;0012\n", encoding="cp1252"
    )
    rows = cells(write_workbook(recalculate(path)), "resor")
    assert rows[1][:4] == [datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), 1234.5, "0012"]


def test_lines_above_the_headings_stay_so_that_rows_have_the_numbers_that_messages_say(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    path.write_text(
        "=1+1;;;Linköpings kommun\n\nAvresa;Hemkomst;Utlägg\n"
        "2024-03-04 07:00;2024-03-06 20:00;10\n2024-03-04 07:00;2024-03-06 20:00;-\n",
        encoding="utf-8",
    )
    made = recalculate(path)
    book = openpyxl.load_workbook(write_workbook(made))
    sheet = book["resor"]
    rows = cells(path.with_name("resor-beräknad.xlsx"), "resor")
    assert rows[0][:5] == ["=1+1", None, None, "Linköpings kommun", None] and set(rows[1]) == {None}
    assert rows[2][:3] == ["Avresa", "Hemkomst", "Utlägg"]
    # 3 x 290, 3 x 50 and outlays of 10.
    total, wrong = (rows[2].index(title) for title in ("Ersättning totalt", "Fel"))
    assert (rows[3][total], rows[4][total]) == (1030, None)
    assert made.sheet.place(1) == 5 and '"-" är inget tal' in rows[4][wrong]
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:3], sheet.max_row) == ("A4", "A3:", 5)
    assert sheet.print_title_rows == "$3:$3"


def test_units_in_a_text_file_stay_where_they_are_none_of_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    path.write_text(
        "Avresa;Hemkomst;Km;Utlägg;Biljettkostnad (tkr)\n2024-03-04 07:00;2024-03-06 20:00;12 mil;250 kr;250 kr\n",
        encoding="utf-8",
    )
    assert cells(write_workbook(recalculate(path)), "resor")[1][2:5] == ["12 mil", 250, "250 kr"]


def test_a_clock_of_a_database_in_a_text_file_stays_the_text_it_is(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    lines = ["Rese-ID;Avresedatum;Avresetid;Hemkomstdatum;Hemkomsttid"]
    lines += [
        f"{trip};2024-03-04;{clock};2024-03-06;20:00" for trip, clock in (("A", "1900-01-01 07:30:00"), ("B", "07:30"))
    ]
    path.write_text("\n".join(lines), "utf-8")
    out = write_workbook(recalculate(path))
    assert [row[2] for row in cells(out, "resor")[1:]] == ["1900-01-01 07:30:00", "07:30"]
    made = recalculate(out)
    # Three whole days at 290 each.
    assert [value(made, "Traktamente", trip) for trip in range(2)] == [870, 870]
