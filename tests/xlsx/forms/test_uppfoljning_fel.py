"""The follow-up filled in wrongly, left blank, and recalculated by LibreOffice, which knows all of its formulas."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from core.engine import CellError
from tests.xlsx.forms.conftest import MADE, Made, built, office_pdf, setting_of
from tests.xlsx.forms.followup_trips import TRIP_COLUMNS, TRIPS, inputs, read_table
from xlsx.forms.evaluation import Evaluated
from xlsx.forms.filling import serial
from xlsx.forms.uppfoljning import Followup, write_uppfoljning
from xlsx.forms.uppfoljning.columns import FIRST, INPUTS
from xlsx.forms.uppfoljning.columns import MADE as MADE_COLUMNS
from xlsx.forms.uppfoljning.computing import computed

Recalculated = Callable[..., Made]
VISIBLE: Final = ("Förutsättningar", "Data", "Klimat", "Kostnad", "Nätter", "Tågandel", "Datakvalitet")
A4: Final = {(595, 842), (842, 595)}

ALWAYS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
"""LibreOffice's setting for computing all formulas of a workbook when it is opened."""


def messages(made: Evaluated) -> list[Any]:
    area: Any = made.names["formularfel"]
    return [text for (text,) in area if text]


def visible_errors(made: Evaluated) -> list[tuple[str, str]]:
    cells = ((sheet, cell, value) for sheet in VISIBLE for cell, value in made.values[sheet].items())
    return [(sheet, cell) for sheet, cell, value in cells if isinstance(value, CellError)]


@pytest.fixture(scope="module")
def filled(recalculated: Recalculated) -> Made:
    return recalculated(write_uppfoljning, inputs())


def test_rows_with_faults_are_named_with_what_was_expected(filled: Made) -> None:
    # The thirteenth and the fourteenth trip stand on the rows 17 and 18.
    _, made = filled
    assert messages(made) == [
        "Rad 17: Avresa är inget datum. Skriv till exempel 2026-03-10 07:30.",
        "Rad 18: Hemkomsten ligger före avresan.",
    ]
    assert made.values["Data"]["U17"] == messages(made)[0]
    assert not visible_errors(made)


ONE: Final = TRIPS[0]
FAULTS: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"avresa": None}, "Avresa saknas."),
    ({"avresa": 20250110}, "Avresa är inget datum."),
    ({"hemkomst": "i går"}, "Hemkomst är inget datum."),
    ({"fardmedel": None}, "Färdmedel saknas."),
    ({"fardmedel": "bil"}, "Färdmedlet finns inte i listan."),
    ({"km": "ca 90"}, "Km är inget tal från 0."),
    ({"km": -5}, "Km är inget tal från 0."),
    ({"natter": "två"}, "Nätter är inget tal från 0."),
    ({"hotell": "1 200 kr"}, "Ett belopp eller utsläpp är ingen siffra."),
    ({"kg_med": "-"}, "Ett belopp eller utsläpp är ingen siffra."),
)


def test_every_kind_of_fault_in_a_row_has_its_message(recalculated: Recalculated) -> None:
    columns = inputs([ONE] * len(FAULTS))
    for row, (fault, _) in enumerate(FAULTS):
        for name, value in fault.items():
            columns[f"data_{name}"][row] = value
    _, made = recalculated(write_uppfoljning, columns)
    told = messages(made)
    assert [text.split(". ")[0] + "." for text in told] == [
        f"Rad {row}: {expected}" for row, (_, expected) in enumerate(FAULTS, 5)
    ]
    assert not visible_errors(made)


def test_wrong_assumptions_are_told_before_the_rows(recalculated: Recalculated) -> None:
    wrong = inputs(
        [ONE],
        ar="i år",
        basar=2030,
        flyggrans="femtio",
        tagnorm_fran=60,
        andel_inrikes="två tredjedelar",
        enheter_namn=["Kultur", "Skola", "kultur"],
        enheter_arsarbetare=[10, "många", 5],
        enheter_bas_kg=["?", None, None],
        mal_kg="lite",
        mal_tag_ar="snart",
    )
    _, made = recalculated(write_uppfoljning, wrong)
    told = messages(made)
    assert [text.removeprefix("Förutsättningar, ").split(":")[0] for text in told] == [
        "År",
        "Basår",
        "Kort flygning",
        "Tåg är norm",
        "Flyg utan höghöjdseffekt",
        "Enheter",
        "Årsarbetare",
        "Enheter",
        "Mål",
        "Mål",
    ]
    assert all(text.endswith((".", "?")) for text in told)
    assert not visible_errors(made)


def test_a_blank_form_says_nothing(recalculated: Recalculated) -> None:
    _, made = recalculated(write_uppfoljning, {})
    assert messages(made) == []
    assert not made.errors
    assert {value for name, value in made.names.items() if name.startswith("summa_")} == {0}
    assert not [value for value in made.values["Data"].values() if value not in ("", None) and not is_helper(value)]


def is_helper(value: Any) -> bool:
    """The hidden columns of a blank row: 1 for the share without altitude, 0 for a route where train is no norm."""
    return value in (0, 1)


def test_libreoffice_computes_the_same(filled: Made, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    path, made = filled
    profile = tmp_path / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
    blanked = without_values(path, tmp_path / "tomma.xlsx")
    command = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx"]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "ut"), str(blanked)], check=True, capture_output=True, timeout=300
    )
    book = openpyxl.load_workbook(tmp_path / "ut" / "tomma.xlsx", data_only=True)
    wrong, compared = [], 0
    for sheet in VISIBLE:
        for cell, value in made.values[sheet].items():
            shown = book[sheet][cell].value
            same = (shown or "") == (value or "") if isinstance(value, str) or value is None else is_close(shown, value)
            compared += value not in ("", None)
            if not same:
                wrong.append((sheet, cell, value, shown))
    assert compared > 700
    assert not wrong


def is_close(shown: Any, value: Any) -> bool:
    return isinstance(shown, int | float) and shown == pytest.approx(value)


def without_values(path: Path, out: Path) -> Path:
    """The workbook saved without the values of its formulas, so that none can be shown that was not computed."""
    book = openpyxl.load_workbook(path)
    book.save(out)
    return out


def test_it_prints_on_a4_on_few_pages(filled: Made, tmp_path: Path) -> None:
    path, _ = filled
    pdf = office_pdf(path, tmp_path)
    told = subprocess.run(["pdfinfo", "-l", "99", str(pdf)], check=True, capture_output=True, text=True).stdout
    sizes = [line.split(":")[1].split() for line in told.splitlines() if "size:" in line and line.startswith("Page ")]
    assert {(round(float(one[0])), round(float(one[2]))) for one in sizes} <= A4
    # Förutsättningar, Data, four of Klimat, three of Kostnad, two of Nätter, two of Tågandel, Datakvalitet.
    assert len(sizes) == 14
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    assert "###" not in text
    assert "Utsläpp per månad, kg CO2e" in text


def test_very_many_trips_give_the_same_by_values_as_by_formulas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The rows whose faults a sheet that has been read cannot have are left out.
    columns = {
        name: [serial(cell) if isinstance(cell, datetime) else cell for cell in column]
        for name, column in zip(TRIP_COLUMNS, zip(*TRIPS[:12], strict=True), strict=True)
    }
    columns["avresa"][9] = None
    columns["hemkomst"][3] = columns["avresa"][3] - 1
    columns["fardmedel"][2] = None
    content = Followup(2025, 2019, columns, ["Kultur", "Park", "Skola", "Stab"])
    found = []
    for most in (5000, 5):
        monkeypatch.setattr("xlsx.forms.uppfoljning.content.MOST_COMPUTED", most)
        skeleton, out = tmp_path / f"{most}.xlsx", tmp_path / f"{most}-ut.xlsx"
        write_uppfoljning(skeleton, setting_of(), content)
        names = computed(skeleton, out, content, MADE)
        book = openpyxl.load_workbook(out, data_only=True)
        made = [
            [row[len(INPUTS) + place] or None for row in book["Data"].iter_rows(min_row=FIRST, values_only=True)]
            for place in range(len(MADE_COLUMNS))
        ]
        tables = [read_table(out, sheet, section) for sheet, section in TABLES]
        sums = {name: value for name, value in names.items() if name.startswith("summa_")}
        found.append((made, tables, sums))
    (made, tables, sums), (other_made, other_tables, other_sums) = found
    assert sums["summa_resor_antal"] == 8
    for one, column, other in zip(MADE_COLUMNS, made, other_made, strict=True):
        assert other == pytest.approx(column), one.name
    assert other_sums == pytest.approx(sums)
    for table, other_table in zip(tables, other_tables, strict=True):
        assert list(other_table) == list(table)
        assert all(other_table[label] == pytest.approx(line) for label, line in table.items())


TABLES: Final = (
    ("Klimat", "Per enhet"),
    ("Klimat", "Per färdmedel"),
    ("Klimat", "Per månad"),
    ("Kostnad", "Per enhet"),
    ("Nätter", "Personer efter antal nätter under året"),
    ("Tågandel", "Per enhet"),
    ("Datakvalitet", "Underlaget i siffror"),
)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (built(write_uppfoljning, tmp_path / f"{name}.xlsx").read_bytes() for name in "ab")
    assert one == other
