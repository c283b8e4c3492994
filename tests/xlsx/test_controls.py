"""The controls of a sheet: remarks on its rows, the list by rule and department, the sheet Sammanställning."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl

from tests.xlsx.conftest import Write, value
from xlsx.recalculate import recalculate
from xlsx.summary import controls, unchecked, used_figures
from xlsx.writing import write_workbook

DEMO = Path(__file__).parents[2] / "demo" / "resor-2024-2026.xlsx"
HEADINGS = ["Avdelning", "Avresa", "Hemkomst", "Färdmedel", "Skäl", "Kvitton", "Utlägg", "Godkänd av", "Godkänd den"]
OUT, BACK = dt.datetime(2026, 3, 10, 8), dt.datetime(2026, 3, 10, 15)
ROWS: list[list[Any]] = [
    ["Skola", OUT, BACK, "tåg", "Möte", "ja", 85, "behörig chef", dt.date(2026, 3, 1)],
    ["Skola", OUT, BACK, "taxi", None, "nej", 85, "behörig chef", dt.date(2026, 3, 11)],
    ["Vård", OUT, BACK, "taxi", None, 1, None, "rektor", dt.date(2026, 3, 1)],
    ["Vård", OUT, BACK, "taxi", "Bagage", 1, None, "Kim", "snart"],
]


def test_remarks_name_the_rule_and_who_may_lift_it(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[HEADINGS, *ROWS]))
    assert "L-" not in value(made, "Anmärkningar", 0)
    said = value(made, "Anmärkningar", 1).split("; ")
    assert "L-7.2-5: Kvitto på utlägg saknas. Behörig chef kan besluta om avsteg" in said
    assert [part[:7] for part in said if part.startswith("L-")] == [
        "L-4.4-3",
        "L-3-3: ",
        "L-7.2-5",
        "L-7.2-3",
        "L-4.4-4",
    ]
    assert "L-7.10-2: Bagage är inget skäl för taxi" in value(made, "Anmärkningar", 3)
    assert 'Godkänd av: Okänd roll "Kim"' in value(made, "Anmärkningar", 3)
    assert 'Godkänd den: Datumet "snart"' in value(made, "Anmärkningar", 3)
    assert value(made, "Fel", 3) == "", "what only controls read is no error of the results"


def test_the_list_counts_by_rule_and_department(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[HEADINGS, *ROWS]))
    taxi = [one for one in controls(made) if one.rule == "L-4.4-3"]
    assert [(one.grade, one.department, one.count, one.lifted, one.rows) for one in taxi] == [
        ("stopp", "Skola", 1, 0, (3,)),
        ("stopp", "Vård", 1, 0, (4,)),
    ]
    whole = [one for one in controls(made, by_department=False) if one.rule == "L-4.4-3"]
    assert [(one.department, one.count, one.rows) for one in whole] == [("", 2, (3, 4))]
    order = ["stopp", "varning", "info"]
    grades = [order.index(one.grade) for one in controls(made)]
    assert grades == sorted(grades)
    assert sum(one.count for one in controls(made)) == len(made.checked)


def test_what_is_not_checked_is_said_once(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[HEADINGS, *ROWS]))
    (note,) = [note for note in made.notes if "kontroller görs inte" in note]
    assert "Digitalt övervägt" in note
    assert "Digitalt övervägt saknas: Digitalt möte inte övervägt." in unchecked(made)
    assert all("Digitalt" not in value(made, "Anmärkningar", row) for row in range(4))


def test_limits_that_are_ours_are_among_the_figures_to_confirm(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[[*HEADINGS, "Avstånd"], *([*row, 100] for row in ROWS)]))
    limits = {figure.title: (figure.value, figure.status) for figure in used_figures(made)}
    assert limits["Längsta enkla sträcka där tåg prövas i stället för flyg"] == (500, "obekräftad")


def test_the_workbook_lists_the_controls(workbook: Write, tmp_path: Path) -> None:
    made = recalculate(workbook(Resor=[HEADINGS, *ROWS]))
    book = openpyxl.load_workbook(write_workbook(made, tmp_path / "ut.xlsx"))
    head, *found = [list(row) for row in book["Kontroller"].iter_rows(values_only=True)]
    assert head == [
        *("Grad", "Regel", "Kontroll", "Avdelning", "Resor", "varav beslutade avsteg", "Rader", "Anmärkning"),
    ]
    assert len(found) == len(controls(made))
    luggage = next(row for row in found if row[1] == "L-7.10-2")
    assert [luggage[place] for place in (0, 3, 4, 5, 6, 7)] == [
        *("stopp", "Vård", 1, 0, "5", "Bagage är inget skäl för taxi."),
    ]


def test_the_summary_lists_the_controls_by_rule(workbook: Write, tmp_path: Path) -> None:
    made = recalculate(workbook(Resor=[HEADINGS, *ROWS]))
    book = openpyxl.load_workbook(write_workbook(made, tmp_path / "ut.xlsx"))
    rows = [list(row) for row in book["Sammanställning"].iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if str(row[0]).startswith("Kontroller per regel"))
    assert rows[start + 1][:4] == ["Kontroll", "Regel", "Grad", "Resor"]
    counted = rows[start + 2 : start + 2 + len(controls(made, by_department=False))]
    assert sum(row[3] for row in counted) == len(made.checked)
    assert any(row[0] == "Kontroller som inte görs" for row in rows)


def test_the_demo_trips_at_least_25_controls() -> None:
    made = recalculate(DEMO)
    tripped = {made.checked.controls[which].name for which in made.checked.which.tolist()}
    assert len(tripped) >= 25
    assert len({one.rule for one in controls(made)}) >= 25
    assert len({one.department for one in controls(made)}) == 6
    assert made.checked.lifted.any()
    assert made.checked.unchecked == {}


def test_two_policies_on_the_same_sheet(workbook: Write) -> None:
    """Approver, resetillägg, surcharge and controls of three trips under both documents.

    Resetillägg: one day of 7 hours at home is 50 kr in Linköping, none in Stockholm. Surcharge on the flight:
    Stockholm half of 2 000 kr; on the train neither.
    """
    headings = ["Avresa", "Hemkomst", "Färdmedel", "Biljettkostnad", "Avstånd", "Godkänd av", "Godkänd datum"]
    rows = [
        [OUT, BACK, mode, cost, 460, "behörig chef", dt.date(2026, 3, 1)]
        for mode, cost in (("flyg", 2000), ("tåg", 600), ("mc", None))
    ]
    path = workbook(Resor=[headings, *rows])
    ours, theirs = recalculate(path, policy="linkoping"), recalculate(path, policy="stockholm")
    assert [value(ours, "Godkännare", row) for row in range(3)] == ["behörig chef"] * 3
    assert [value(theirs, "Godkännare", row) for row in range(3)] == [
        "förvaltningschef/bolagschef",
        "behörig chef",
        "behörig chef",
    ]
    assert [value(ours, "Resetillägg", row) for row in range(3)] == [50, 50, 50]
    assert [value(theirs, "Resetillägg", row) for row in range(3)] == [0, 0, 0]
    assert [value(theirs, "Klimatpåslag", row) for row in range(2)] == [1000, 0]
    tripped = [
        [(one.rule, one.grade, one.rows) for one in controls(made, by_department=False) if one.grade != "info"]
        for made in (ours, theirs)
    ]
    assert tripped[0] == [("L-4.4-1", "stopp", (4,)), ("L-4.2-2", "varning", (2,))]
    assert tripped[1] == [("S-13c", "stopp", (2,)), ("S-13b", "varning", (2,))]
