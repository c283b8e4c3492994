"""Numbers, units, clocks and dates as people write them in sheets: read as meant, or refused with both readings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import recalculate

OUT = dt.datetime(2026, 3, 5, 7)
HOME = dt.datetime(2026, 3, 5, 16)
"""A weekday 07–16: one hour before working hours at 08."""
HEAD = ["Rese-ID", "Avresa", "Hemkomst", "Avstånd till förrättningen", "Färdmedel"]
TRIP = [OUT, HOME, 100, "privat bil"]


def test_a_point_before_three_digits_is_refused_in_kronor_and_kilometres(workbook: Write) -> None:
    cells = [("1.200", "2.350", "33.000"), ("1.200,00", "2 350", "33 000,00"), (1.2, 2.35, 33000)]
    rows = [[f"R{i}", *TRIP, km, outlay, salary] for i, (km, outlay, salary) in enumerate(cells)]
    made = recalculate(workbook(Resor=[[*HEAD, "Km", "Utlägg", "Månadslön"], *rows]))
    assert value(made, "Färdtidsersättning", 0) is None
    assert value(made, "Bilersättning skattefri", 0) is None
    for message in (
        'Km: "1.200" kan vara 1\u00a0200 eller 1,2. Skriv talet utan punkt.',
        'Utlägg: "2.350" kan vara 2\u00a0350 eller 2,35. Skriv talet utan punkt.',
        'Månadslön: "33.000" kan vara 33\u00a0000 eller 33. Skriv talet utan punkt.',
    ):
        assert message in value(made, "Fel", 0)
    # One hour at 33 000 / 165 = 200 x 53.3 % = 106.60; a private car 2.50 of 2.90 per km tax-free.
    assert [value(made, "Färdtidsersättning", row) for row in (1, 2)] == [106.6, 106.6]
    assert [value(made, "Bilersättning skattefri", row) for row in (1, 2)] == [3000, 3]
    # More than four hours away give 50: 106.60 + 50 + 1 200 x 2.90 + 2 350, and 106.60 + 50 + 1.2 x 2.90 + 2.35.
    assert [value(made, "Ersättning totalt", row) for row in (1, 2)] == [5986.6, 162.43]


def test_a_column_of_real_numbers_is_never_in_doubt(workbook: Write) -> None:
    rows = [[f"R{i}", *TRIP, km] for i, km in enumerate((1.234, 12.345))]
    made = recalculate(workbook(Resor=[[*HEAD, "Km"], *rows]))
    # 1.234 km x 2.50 = 3.085, 12.345 km x 2.50 = 30.8625
    assert [value(made, "Bilersättning skattefri", row) for row in (0, 1)] == [3.09, 30.86]


def test_thousands_beyond_the_limit_are_decimals(workbook: Write) -> None:
    head = [*HEAD, "Km", "Månadslön", "Tjänstgöringsgrad"]
    rows = [["A", *TRIP, "123.456", 33_000, "100.000"], ["B", *TRIP, "45.678", 24_750, "75.000"]]
    made = recalculate(workbook(Resor=[head, *rows]))
    # 123.456 km x 2.50 = 308.64; 45 678 km are possible. One hour at 33 000 / 165 = 200 x 53.3 %.
    assert [value(made, "Bilersättning skattefri", row) for row in (0, 1)] == [308.64, None]
    assert [value(made, "Färdtidsersättning", row) for row in (0, 1)] == [106.6, 106.6]
    assert value(made, "Fel", 0) == ""
    assert 'Km: "45.678" kan vara 45\u00a0678 eller 45,678.' in value(made, "Fel", 1)


@pytest.mark.parametrize("outlay", [None, "1.200"])
def test_a_real_number_beside_texts_is_never_in_doubt(workbook: Write, outlay: str | None) -> None:
    cells = (1.234, "1.234", 89.125, "12.345", "ca 5", 1.234)
    rows = [[f"R{i}", *TRIP, km, outlay] for i, km in enumerate(cells)]
    # An empty row, so that the trips are but some of the rows.
    made = recalculate(workbook(Resor=[[*HEAD, "Km", "Utlägg"], *rows[:1], [], *rows[1:]]))
    # 1.234 km x 2.50 = 3.085, 89.125 km x 2.50 = 222.8125
    paid = [value(made, "Bilersättning skattefri", row) for row in range(6)]
    assert paid == [3.09, None, 222.81, None, None, 3.09]
    assert 'Km: "1.234" kan vara' in value(made, "Fel", 1)
    assert 'Km: "12.345" kan vara' in value(made, "Fel", 3)


@pytest.mark.parametrize(
    ("heading", "cell", "kilometres"),
    [
        ("Km", "50 km", 50),
        ("Km", "12 mil", 120),
        ("Km", "120 km.", 120),
        ("Km", "12,5 mil.", 125),
        ("Mil", "12 mil", 120),
        ("Mil", "12 km", 12),
        ("Mil", "12", 120),
    ],
)
def test_a_unit_in_the_cell_is_followed(workbook: Write, heading: str, cell: str, kilometres: int) -> None:
    made = recalculate(workbook(Resor=[[*HEAD, heading], ["R", *TRIP, cell]]))
    assert value(made, "Bilersättning skattefri", 0) == kilometres * 2.5


def test_kronor_are_no_kilometres(workbook: Write) -> None:
    rows = [["A", *TRIP, "50 kr", "50:-"], ["B", *TRIP, 50, "SEK 50"], ["C", *TRIP, 50, "50 km"]]
    made = recalculate(workbook(Resor=[[*HEAD, "Km", "Utlägg"], *rows]))
    assert [value(made, "Bilersättning skattefri", row) for row in range(3)] == [None, 125, 125]
    assert 'Km: "50 kr" har fel enhet, här väntas km eller mil.' in value(made, "Fel", 0)
    assert value(made, "Fel", 1) == ""
    assert 'Utlägg: "50 km" har fel enhet, här väntas kronor.' in value(made, "Fel", 2)


def test_a_text_file_is_read_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    trip = "2026-03-05 07:00;2026-03-05 16:00;100;privat bil"
    path.write_text(f"{';'.join(HEAD)};Km\nA;{trip};1.234\nB;{trip};12 mil\nC;{trip};1,234\n", "utf-8")
    made = recalculate(path)
    assert 'Km: "1.234" kan vara 1\u00a0234 eller 1,234.' in value(made, "Fel", 0)
    assert [value(made, "Bilersättning skattefri", row) for row in (1, 2)] == [300, 3.09]


DATED = ["Rese-ID", "Avresedatum", "Avresetid", "Hemkomstdatum", "Hemkomsttid", "Avstånd till förrättningen"]
DAYS = (dt.date(2026, 3, 5), dt.date(2026, 3, 7))


def clocks_home(*cells: Any) -> list[list[Any]]:
    """Trips from 07:30 on the 5th to the 7th. A number is the part of a day, shown as [h]:mm:ss by `shown`."""
    return [[f"R{i}", DAYS[0], dt.time(7, 30), DAYS[1], cell, 100] for i, cell in enumerate(cells)]


def shown(book: Any, sheet: Any) -> None:
    """24:00 and 25:00 as Excel stores them when they are typed."""
    length = book.add_format({"num_format": "[h]:mm:ss"})
    for row, days in ((2, 1.0), (3, 25 / 24), (4, 20 / 24)):
        sheet.write_number(row, 4, days, length)


def test_24_hours_beside_a_clock_in_text_is_not_the_midnight_before(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[DATED, *clocks_home("20:00", None, None, None)], then=shown))
    # Home at 20:00 on the third day: 300 + 300 + 300.
    assert [value(made, "Traktamente", row) for row in range(4)] == [900, None, None, 900]
    for row, clock in ((1, "24:00"), (2, "25:00")):
        assert f'Hemkomsttid: "{clock}" är inget klockslag.' in value(made, "Fel", row)


def test_the_error_is_that_of_a_column_of_clocks_alone(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[DATED, *clocks_home(0.5, None, None, None)], then=shown))
    assert 'Hemkomsttid: "24:00" är inget klockslag.' in value(made, "Fel", 1)


def test_a_database_writes_clocks_on_the_first_of_january_1900(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    trip = "2026-03-05;1900-01-01 07:30:00;2026-03-07"
    path.write_text(
        f"{';'.join(DATED)}\nA;{trip};1900-01-01 20:00:00;100\nB;{trip};1900-01-01 11:00:00;100\nC;;;;;\n", "utf-8"
    )
    made = recalculate(path)
    # Home before 19 on the last day: 300 + 300 + 150.
    assert [value(made, "Traktamente", row) for row in (0, 1)] == [900, 750]


def test_a_text_with_the_day_of_a_database_is_a_clock_beside_others(workbook: Write, tmp_path: Path) -> None:
    rows = [
        ["A", "2026-03-05", "07:30", "2026-03-07", "1900-01-01 20:00:00", "100"],
        ["B", "2026-03-05", "1900-01-01 07:30:00", "2026-03-07", "11:00", "100"],
        ["C", "2026-03-05", "24:00", "2026-03-07", "11:00", "100"],
    ]
    path = tmp_path / "resor.csv"
    path.write_text("\n".join(map(";".join, [DATED, *rows])), "utf-8")
    for made in (recalculate(path), recalculate(workbook("texter.xlsx", Resor=[DATED, *rows]))):
        # Home before 19 on the last day: 300 + 300 + 150.
        assert [value(made, "Traktamente", row) for row in range(3)] == [900, 750, None]
        assert 'Avresetid: Klockslaget "24:00" läses inte' in value(made, "Fel", 2)


def test_a_text_and_a_date_on_the_day_of_a_database_are_told_apart(workbook: Write) -> None:
    def dated(book: Any, sheet: Any) -> None:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for row, days in ((2, 1 + 20 / 24), (4, 1)):
            sheet.write_number(row, 4, days, moment)

    rows = clocks_home("1900-01-01 20:00:00", None, "20:00", None)
    made = recalculate(workbook(Resor=[DATED, *rows], then=dated))
    assert [value(made, "Traktamente", row) for row in range(4)] == [900, None, 900, None]
    for row, seen in ((1, '"1900-01-01 20:00" kan vara 20:00 eller 44:00.'), (3, '"1900-01-01 00:00" kan vara 00:00')):
        assert f"Hemkomsttid: {seen}" in value(made, "Fel", row)


def test_inrikes_is_sweden_and_months_may_be_words(workbook: Write) -> None:
    rows = [["A", "5 mars 2026 07:30", "7 mar 2026 kl. 20.00", "Inrikes", 100]]
    made = recalculate(workbook(Resor=[["Rese-ID", "Avresa", "Hemkomst", "Land", "Avstånd till förrättningen"], *rows]))
    assert (value(made, "Traktamente", 0), value(made, "Fel", 0)) == (900, "")
