# ruff: noqa: E501 (rows of a sheet)
"""A sheet of trips comes back with the right figures. Every expected figure is worked out beside it."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import Recalculation, missing_sentences, recalculate
from xlsx.summary import facts
from xlsx.writing import write_workbook

HEADINGS = [
    "Rese-ID", "Anställningsnr", "Avdelning", "Avresa", "Hemkomst", "Land", "Måltider", "Fria luncher", "Färdmedel",
    "Drivmedel / klass", "Km", "Från", "Till", "Biljettkostnad", "Hotellkostnad", "Utlägg", "Månadslön",
    "Privat logi nätter",
]  # fmt: skip
TRAIN = ["R1", "0007", "Skola", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), "Sverige", None, 0, "Tåg",
         None, 500, None, None, 890.5, 2100, 0, 33000, 0]  # fmt: skip
CAR = ["R2", "0007", "Skola", datetime(2024, 3, 11, 12), datetime(2024, 3, 12, 19), "Sverige", None, 1, "Privat bil",
       "bensin", 320, None, None, None, 900, 40, 33000, None]  # fmt: skip
DAY = ["R3", "0008", "Vård", datetime(2024, 5, 6, 6), datetime(2024, 5, 6, 21, 30), "Sverige", None, None, "Tåg",
       None, 400, None, None, 2500, None, 0, 41000, 0]  # fmt: skip
BERLIN = ["R4", "0009", "Vård", datetime(2024, 6, 3, 7), datetime(2024, 6, 5, 20), "Tyskland", "Fh,FL,-", None, "Flyg",
          None, None, "ARN", "BER", 4000, 2000, 0, 41000, 1]  # fmt: skip


@pytest.fixture
def made(workbook: Write) -> Recalculation:
    path = workbook(Resor=[["Reseräkningar 2024"], [], HEADINGS, TRAIN, CAR, DAY, BERLIN])
    return recalculate(path, policy="linkoping", days=True)


def row(made: Recalculation, trip: int, *titles: str) -> list[Any]:
    return [value(made, title, trip) for title in titles]


def test_three_whole_days_at_home(made: Recalculation) -> None:
    # 2024: 290 kr a day. 07:00 and 20:00 make all three days whole: 870, all tax-free. More than 4 h away each
    # day: 3 x 50. Paid in all 870 + 150; with ticket 890.50 and hotel 2100 the trip costs 4010.50.
    assert row(made, 0, "Dygn", "Traktamente", "Skattefritt", "Skattepliktigt") == [3, 870, 870, 0]
    assert row(made, 0, "Resetillägg", "Ersättning totalt", "Resekostnad totalt") == [150, 1020, 4010.5]
    assert value(made, "Fel", 0) == ""


def test_sharp_hours_a_free_lunch_and_the_own_car(made: Recalculation) -> None:
    # Linköping pays whole days at 12:00 and 19:00 sharp, by law they are half. Lunch falls on the first day:
    # 35 % of 290 = 101.50 -> 102; paid 290 - 102 + 290 = 478. Of half a day 35 % of 145 = 50.75 -> 51;
    # tax-free 145 - 51 + 145 = 239. A free lunch was worth 120 kr in 2024.
    assert row(made, 1, "Traktamente", "Skattefritt", "Skattepliktigt") == [478, 239, 239]
    assert row(made, 1, "Måltidsavdrag", "Kostförmån") == [102, 120]
    # 320 km x 2.90 = 928; tax-free 32 mil x 25.00 = 800. Paid 478 + 100 + 928 + outlays 40 = 1546.
    assert row(made, 1, "Bilersättning skattefri", "Bilersättning skattepliktig") == [800, 128]
    assert row(made, 1, "Resetillägg", "Ersättning totalt") == [100, 1546]
    assert "antal måltider utspridda" in value(made, "Anmärkningar", 1)
    assert "obekräftad sats: bilersättning" in value(made, "Anmärkningar", 1)


def test_travel_time_of_one_day_is_outside_eight_to_five(made: Recalculation) -> None:
    # Monday 06:00-21:30: 2 h before 08 and 4.5 h after 17. 41 000 / 165 x 53.3 % x 6.5 = 860.876 -> 860.88.
    assert row(made, 2, "Färdtid h", "Färdtidsersättning") == [6.5, 860.88]
    assert row(made, 2, "Traktamente", "Resetillägg", "Ersättning totalt") == [0, 50, 910.88]


def test_travel_time_over_night_needs_legs(made: Recalculation) -> None:
    assert row(made, 0, "Färdtid h", "Färdtidsersättning") == [None, None]
    assert "färdtid kräver delsträckor" in value(made, "Anmärkningar", 0)
    assert value(made, "Fel", 0) == ""


def test_abroad_with_meals_and_a_private_night(made: Recalculation) -> None:
    # Germany 2024: 800 kr. Day 1: breakfast 15 % = 120 off. Day 2: breakfast and lunch, 120 + 280 = 400 off.
    # 680 + 400 + 800 = 1880. A night in private lodging is half an amount. Compulsory hotel breakfast is no
    # benefit; the free breakfast (60) and lunch (120) are.
    assert row(made, 3, "Traktamente", "Måltidsavdrag", "Nattraktamente", "Kostförmån") == [
        1880,
        520,
        400,
        180,
    ]
    assert row(made, 3, "Resetillägg", "Godkännare") == [0, "behörig chef"]
    assert "km beräknade" in value(made, "Anmärkningar", 3)


def test_estimated_kilometres_are_there_and_back(made: Recalculation) -> None:
    # ARN-BER is about 850 km on the great circle; there and back about 1700 km.
    metres = made.trips.columns["km_utslapp"].values[3]
    assert 1_650_000 < metres < 1_760_000
    assert value(made, "Klimatpåslag", 3) == pytest.approx(1.5 * value(made, "Utsläpp kg CO2e", 3), abs=0.01)


def test_days_are_listed_one_by_one(made: Recalculation) -> None:
    assert made.days is not None
    mine = made.days.trip == 1
    assert (made.days.amounts["Traktamente"][mine] / 100).tolist() == [188, 290]
    assert made.days.part[mine].tolist() == [2, 2]


def test_legs_give_travel_time_and_the_country_of_the_day(workbook: Write) -> None:
    # Copenhagen and Germany in one trip, legs by car. Tuesday is spent in Denmark 06-24, so the amounts of
    # 2024 are Sweden or Denmark by the longer stay; travel 05:00-08:00 and 17:00-20:00 on working days is 6 h.
    trips = [["Rese-ID", "Land", "Färdmedel"], ["A", "Danmark", "privat bil"]]
    legs = [
        ["Rese-ID", "Avgång", "Ankomst", "Till", "Färdmedel"],
        ["A", datetime(2024, 4, 8, 5), datetime(2024, 4, 8, 8), "Danmark", "privat bil"],
        ["A", datetime(2024, 4, 9, 17), datetime(2024, 4, 9, 20), "Sverige", "privat bil"],
        ["B", datetime(2024, 4, 9, 17), datetime(2024, 4, 9, 20), "Sverige", "privat bil"],
    ]
    path = workbook(Resor=trips, Delsträckor=legs)
    made = recalculate(path, days=True)
    assert row(made, 0, "Dygn", "Färdtid h") == [2, 6]
    assert made.days is not None and len(set(made.days.country.tolist())) == 1
    assert any("Delsträckor, rad 4" in problem and '"B"' in problem for problem in made.problems)


def test_travel_time_is_counted_per_week_and_person(workbook: Write) -> None:
    # Mon-Wed 2024-04-08--10, each 04:00-21:00: 4 + 4 = 8 h outside working hours. One person: the tier of 10 h
    # is passed on the second day. 33 000 / 165 = 200 kr/h. Day 1: 8 x 200 x 53.3 % = 852.80; day 2: 2 h at
    # 53.3 % and 6 h at 80 % = 213.20 + 960 = 1173.20; day 3: 8 x 160 = 1280.
    rows = [
        [nr, datetime(2024, 4, day, 4), datetime(2024, 4, day, 21), 33000] for nr in ("1", "2") for day in (8, 9, 10)
    ]
    path = workbook(Resor=[["Anst.nr", "Start", "Slut", "Lön"], *rows])
    made = recalculate(path)
    assert [value(made, "Färdtidsersättning", trip) for trip in range(3)] == [852.8, 1173.2, 1280]
    assert [value(made, "Färdtidsersättning", trip) for trip in range(3, 6)] == [852.8, 1173.2, 1280]
    alone = recalculate(workbook("b.xlsx", Resor=[["Start", "Slut", "Lön"], *(row[1:] for row in rows)]))
    assert value(alone, "Färdtidsersättning", 2) == 852.8


def test_part_time_pay_is_scaled_up(workbook: Write) -> None:
    # 24 750 kr at 75 % is 33 000 full time: the same 852.80 as above, however the share is written.
    rows = [
        [datetime(2024, 4, 8, 4), datetime(2024, 4, 8, 21), 24750, share] for share in (75, 0.75, "75 %", "0,75", None)
    ]
    rows[-1][2] = 33000
    made = recalculate(workbook(Resor=[["Avresa", "Hemkomst", "Månadslön", "Sysselsättningsgrad"], *rows]))
    assert [value(made, "Färdtidsersättning", trip) for trip in range(5)] == [852.8] * 5


def test_date_and_clock_in_two_columns_and_miles(workbook: Write) -> None:
    head = ["Avresedatum", "Avresetid", "Hemkomstdatum", "Hemkomsttid", "Färdsätt", "Körda mil"]
    rows = [
        [date(2024, 3, 4), time(7, 0), date(2024, 3, 6), time(20, 0), "egen bil", 10],
        ["2024-03-04", "07:00", 20240306, "2000", "egen bil", "10,0"],
        [date(2024, 3, 4), None, date(2024, 3, 6), time(20, 0), "egen bil", 10],
    ]
    made = recalculate(workbook(Resor=[head, *rows]))
    # 10 mil = 100 km x 2.90 = 290, of which 250 tax-free.
    for trip in (0, 1):
        assert row(made, trip, "Traktamente", "Bilersättning skattefri", "Bilersättning skattepliktig") == [
            870,
            250,
            40,
        ]
    assert value(made, "Traktamente", 2) is None
    assert "Avresetid saknas" in value(made, "Fel", 2)


def test_only_private_vehicles_are_paid_by_the_kilometre(workbook: Write) -> None:
    # 100 km on 2024-03-04: own car 290; benefit car 155 (1.55), of which 120 tax-free (12 kr/mil), electric
    # 95 (9.50 kr/mil); the others nothing; a private car without kilometres is an error.
    modes = [("privat bil", None, 100), ("förmånsbil", "diesel", 100), ("förmånsbil", "el", 100), ("poolbil", "el", 100),
             ("mc", None, 100), ("tåg", None, None), ("privat bil", None, None)]  # fmt: skip
    rows = [[datetime(2024, 3, 4, 8), datetime(2024, 3, 4, 16), *mode] for mode in modes]
    made = recalculate(workbook(Resor=[["Avresa", "Hemkomst", "Färdmedel", "Drivmedel", "Km"], *rows]))
    free = [value(made, "Bilersättning skattefri", trip) for trip in range(7)]
    taxed = [value(made, "Bilersättning skattepliktig", trip) for trip in range(7)]
    assert free == [250, 120, 95, 0, 0, 0, None]
    assert taxed == [40, 35, 60, 0, 0, 0, None]
    assert "L-4.4-1" in value(made, "Anmärkningar", 4)
    assert "Km saknas" in value(made, "Fel", 6)


def test_results_that_lack_a_column_are_named(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[["Datum", "Färdmedel", "Km"], [date(2024, 3, 4), "privat bil", 100]]))
    assert row(made, 0, "Bilersättning skattefri", "Bilersättning skattepliktig") == [250, 40]
    assert "traktamente" not in made.results
    sentences = " ".join(missing_sentences(made))
    assert "Avresa saknas: " in sentences and "Traktamente" in sentences
    assert "Ersättning totalt är räknad utan Traktamente" in sentences


def test_an_error_in_one_result_spoils_its_totals_only(workbook: Write) -> None:
    rows = [HEADINGS, [*TRAIN[:10], -5, *TRAIN[11:]], TRAIN]
    made = recalculate(workbook(Resor=rows))
    assert value(made, "Traktamente", 0) == 870
    assert value(made, "Utsläpp kg CO2e", 0) is None
    assert "inte vara negativt" in value(made, "Fel", 0)
    assert value(made, "Fel", 1) == ""
    assert made.wrong.tolist() == [True, False]


@pytest.mark.parametrize(
    ("heading", "cell", "says"),
    [
        ("Km", 60_000, "orimligt högt"),
        ("Månadslön", 1_000_001, "orimligt högt"),
        ("Biljettkostnad", 10_000_001, "orimligt högt"),
        ("Utlägg", "femtio", "inget tal"),
        ("Land", "Tysland", "Menade du Tyskland"),
        ("Avresa", date(2024, 3, 4), "Klockslag saknas"),
        ("Avresa", datetime(2024, 3, 7, 7), "före avresan"),
        ("Avresa", datetime(2019, 3, 7, 7), "längre än tre år"),
        ("Avresa", datetime(1980, 3, 7, 7), "1980"),
        ("Avresa", None, "Avresa saknas"),
        ("Färdmedel", "Flög", "Menade du flyg"),
        ("Måltider", "FL", "resan har 3 dygn"),
        ("Måltider", "Q,-,-", "ingen måltid"),
        ("Fria luncher", 4, "fler än resans 3 dygn"),
        ("Privat logi nätter", 1101, "orimligt högt"),
        ("Km", "{=NA()}#N/A", "#N/A"),
        ("Utlägg", "{=1/0}#DIV/0!", "#DIV/0!"),
    ],
)
def test_bad_cells_are_errors_of_their_row(workbook: Write, heading: str, cell: Any, says: str) -> None:
    bad = list(TRAIN)
    bad[HEADINGS.index(heading)] = cell
    made = recalculate(workbook(Resor=[HEADINGS, bad, TRAIN]))
    assert says in value(made, "Fel", 0)
    assert value(made, "Fel", 1) == ""
    assert value(made, "Ersättning totalt", 1) == 1020


def test_policy_without_approvers_says_so(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[HEADINGS, TRAIN]), policy="lagen")
    assert "godkannare" not in made.results
    assert value(made, "Fel", 0) == ""


def test_results_of_an_earlier_run_are_made_anew(workbook: Write, tmp_path: Path) -> None:
    first = recalculate(workbook(Resor=[HEADINGS, TRAIN, CAR]))
    out = write_workbook(first)
    second = recalculate(out)
    assert [value(second, "Ersättning totalt", trip) for trip in (0, 1)] == [1020, 1546]
    assert [second.sheet.headings[n] for n in second.own_columns] == HEADINGS
    assert any("tidigare beräkning" in note for note in second.notes)


def test_own_working_hours_where_they_are_stated(workbook: Write) -> None:
    # Monday 06:00-21:30: with hours 07-16 it is 1 + 5.5 = 6.5 h, with 10-19 4 + 2.5 = 6.5 h, with 06-22 nothing;
    # where nothing is stated 08-17 holds: 2 + 4.5 = 6.5 h. A day trip with a leg of its own 06:00-09:00: 2 h.
    day = [datetime(2024, 5, 6, 6), datetime(2024, 5, 6, 21, 30)]
    hours: list[list[Any]] = [
        ["07:00", "16:00"],
        [time(10, 0), time(19, 0)],
        ["06:00", "22:00"],
        [None, None],
        [None, None],
    ]
    trips = [[f"R{number}", *day, *one] for number, one in enumerate(hours)]
    legs = [["R4", datetime(2024, 5, 6, 6), datetime(2024, 5, 6, 9), "Sverige"]]
    path = workbook(
        Resor=[["Rese-ID", "Avresa", "Hemkomst", "Arbetstid start", "Arbetstid slut"], *trips],
        Delsträckor=[["Rese-ID", "Avgång", "Ankomst", "Till"], *legs],
    )
    made = recalculate(path)
    assert [value(made, "Färdtid h", trip) for trip in range(5)] == [6.5, 6.5, 0, 6.5, 2]


def test_an_error_in_a_leg_is_its_trips(workbook: Write) -> None:
    trips = [["Rese-ID", "Land"], ["A", None], ["B", None]]
    legs = [
        ["Rese-ID", "Avgång", "Ankomst", "Till"],
        ["A", datetime(2024, 5, 6, 6), "vet ej", "Norge"],
        ["A", datetime(2024, 5, 8, 6), datetime(2024, 5, 8, 20), "Sverige"],
        ["B", datetime(2024, 5, 6, 6), datetime(2024, 5, 6, 9), "Sverige"],
        ["B", datetime(2024, 5, 6, 17), datetime(2024, 5, 6, 20), "Sverige"],
    ]
    made = recalculate(workbook(Resor=trips, Delsträckor=legs))
    assert value(made, "Traktamente", 0) is None
    assert 'Delsträckor, rad 2: Ankomst: Tidpunkten "vet ej"' in value(made, "Fel", 0)
    # 06-08 and 17-20 outside working hours.
    assert (value(made, "Färdtid h", 1), value(made, "Fel", 1)) == (5, "")


def test_rows_of_which_nothing_could_be_computed_are_not_without_faults(workbook: Write) -> None:
    """Only who approves can be told without a departure, and that is no amount."""
    headings = ["Rese-ID", "Bort", "Hemkomst", "Färdmedel", "Km"]
    one = ["A", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), "privat bil", 100]
    made = recalculate(workbook(Resor=[headings, one, [*one[:4], "hundra"]]))
    assert set(made.results) == {"godkannare"} and made.wrong.all()
    why = "Inga belopp kunde beräknas: kolumnen Avresa saknas."
    assert value(made, "Fel", 0) == why
    assert value(made, "Fel", 1).startswith(f"{why}; Km: ") and "hundra" in value(made, "Fel", 1)
    assert dict(facts(made))["Beräknade utan fel"] == 0
