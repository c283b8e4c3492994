"""Which sheets are read, and what is said of those that are not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.xlsx.conftest import Write, fill, value
from xlsx import sheets
from xlsx.errors import UnreadableSheet
from xlsx.recalculate import Recalculation, recalculate
from xlsx.resultbook import write_result
from xlsx.sheets import other_trips

HEADINGS = ["Rese-ID", "Avresa", "Hemkomst", "Avdelning"]
TRIP = ["A", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), "Skola"]
MONTH = [HEADINGS, TRIP]


def said(made: Recalculation) -> list[str]:
    return [note for note in made.notes if "också resor" in note]


def test_another_sheet_with_trips_is_named_and_how_to_compute_it(workbook: Write) -> None:
    path = workbook(Info=[["Reseräkningar"]], Januari=MONTH, Februari=MONTH)
    assert said(recalculate(path)) == [
        "Bladet Februari har också resor och räknades inte; räkna det genom att ange bladets namn (--sheet Februari)."
    ]
    assert said(recalculate(path, sheet="Februari")) == []


def test_several_other_sheets_are_named_in_one_sentence(workbook: Write) -> None:
    path = workbook(**{"Resor": MONTH, "Resor 2023": MONTH, "Mars": [["Titel"], *MONTH]})
    assert said(recalculate(path)) == [
        "Bladen Resor 2023 och Mars har också resor och räknades inte; räkna ett i taget genom att ange bladets namn "
        '(--sheet "Resor 2023").'
    ]


def test_sheets_without_trips_are_not_named(workbook: Write, tmp_path: Path) -> None:
    """Headings with no row below, lists of people and countries, legs, and the sheets of results."""
    legs = [["Rese-ID", "Avresa", "Ankomst"], ["A", datetime(2024, 3, 4, 7), datetime(2024, 3, 4, 9)]]
    people: list[list[Any]] = [["Anst.nr", "Avdelning", "Lön"], ["17", "Skola", 33_000]]
    countries = [["Land", "Zon"], ["Norge", "Norden"]]
    absent = [["Datum", "Anställningsnr", "Avdelning", "Timmar"], ["2024-03-04", "17", "Skola", 8]]
    others = {"Personal": people, "Länder": countries, "Frånvaro": absent, "Tomt": []}
    path = workbook(Resor=MONTH, Delsträckor=legs, Mall=[HEADINGS], **others)
    made = recalculate(path, days=True)
    assert said(made) == []
    again = recalculate(write_result(made, tmp_path / "ut.xlsx").path)
    assert said(again) == [] and value(again, "Traktamente", 0) == 870


def test_a_sheet_that_is_one_chart_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "diagram.xlsx"
    with xlsxwriter.Workbook(path) as book:
        fill(book, book.add_worksheet("Resor"), MONTH)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Resor!$B$2:$B$2"})
        book.add_chartsheet("Diagram").set_chart(chart)
    made = recalculate(path)
    assert said(made) == [] and value(made, "Traktamente", 0) == 870


def test_a_sheet_that_cannot_be_read_is_no_hindrance() -> None:
    class Damaged:
        names = ("Resor", "Trasigt", "Mars")

        def top(self, sheet: str) -> list[list[str]]:
            if sheet == "Trasigt":
                raise UnreadableSheet("skadat")
            return [HEADINGS, ["A", "2024-03-04 07:00", "2024-03-06 20:00", "Skola"]]

        def load(self, sheet: str, header: int, first_row: int) -> Any:
            raise AssertionError("only the top is looked at")

    assert other_trips(Damaged(), "Resor") == ["Mars"]


def test_a_note_names_the_heading_that_is_proposed(workbook: Write) -> None:
    """The table of proposals and the note would else say different things of one column."""
    made = recalculate(workbook(Resor=[["Rese-ID", "Avresa (datum, tid)", "Hemkomst"], *[TRIP[:3]]]))
    (proposal,) = made.claims.mapping.proposals
    assert proposal.heading.title == "Avresa"
    assert [note for note in made.notes if "liknar" in note] == [
        'Kolumnen "Avresa (datum, tid)" liknar Avresa men används inte. Byt rubrik om den ska räknas.'
    ]


@pytest.mark.parametrize("name", ["dygn.csv", "Sammanställning.csv", "Delsträckor.csv"])
def test_a_text_file_is_a_sheet_whatever_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("Avresa;Hemkomst\n2024-03-04 07:00;2024-03-06 20:00\n", "utf-8")
    assert value(recalculate(path), "Traktamente", 0) == 870


def test_more_rows_than_a_sheet_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "resor.csv"
    path.write_text("Avresa;Hemkomst\n" + "2024-03-04 07:00;2024-03-06 20:00\n" * 9, "utf-8")
    monkeypatch.setattr(sheets, "LAST_ROW", 10)
    assert len(recalculate(path).trips) == 9
    monkeypatch.setattr(sheets, "LAST_ROW", 9)
    with pytest.raises(UnreadableSheet, match=r"resor\.csv: filen har fler rader än ett blad rymmer, 9\. Dela upp"):
        recalculate(path)
