"""A run over many files: what is there afterwards, and that the report adds up to figures known by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.xlsx.batch.files import BUS_KG, FORMULA, PAID, RESULTS, TRAIN_KG, contents, results, trip, twelve, write_book
from xlsx.batch import Batch, make_options, run_batch
from xlsx.batch.overall import Overall

# By file: n kr of outlays for 1 to 9, 6 x 100 kr in the tenth. Skola has files 1 to 5, Vård 6 to 8 and 10.
SKOLA = 5 * PAID + 1 + 2 + 3 + 4 + 5  # 5 115
VARD = 3 * PAID + 6 + 7 + 8 + 6 * (PAID + 100)  # 9 801
CSV = PAID + 9
# Trains in 1, 3, 5, 7, 9 and six times in 10; buses in 2, 4, 6, 8.
TRAIN = 5 * PAID + 1 + 3 + 5 + 7 + 9 + 6 * (PAID + 100)
BUS = 4 * PAID + 2 + 4 + 6 + 8


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("många")
    return twelve(folder / "underlag"), folder / "klart"


@pytest.fixture(scope="module")
def originals(folders: tuple[Path, Path]) -> dict[str, bytes]:
    return contents(folders[0])


@pytest.fixture(scope="module")
def made(folders: tuple[Path, Path], originals: dict[str, bytes]) -> Batch:
    return run_batch([str(folders[0])], folders[1], make_options("linkoping"), workers=2)


def sums(overall: Overall, by: str) -> dict[str, list[Any]]:
    return {" ".join(total.names): [total.trips, total.wrong, *total.sums] for total in getattr(overall, f"by_{by}")()}


def test_every_sound_file_has_its_result_in_the_same_folder_as_it_was(made: Batch) -> None:
    assert results(made.out) == {*RESULTS, "Rapport.xlsx"}


def test_the_originals_are_as_they_were(made: Batch, folders: tuple[Path, Path], originals: dict[str, bytes]) -> None:
    assert contents(folders[0]) == originals


def test_a_result_is_that_of_the_file_alone(made: Batch) -> None:
    sheet = load_workbook(made.out / "Ankeborg" / "resor 3-beräknad.xlsx")["Resor"]
    row = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert (row["Rese-ID"], row["Traktamente"], row["Ersättning totalt"]) == ("R3", 870, PAID + 3)


def test_the_broken_and_the_hostile_file_are_lines_of_the_report(made: Batch) -> None:
    failed = {line.source: line.remark for line in made.overall.failed}
    assert set(failed) == {"Ankeborg/bomb.xlsx", "Ankeborg/trasig.xlsx"}
    assert all("ilen" in why for why in failed.values()), failed
    assert made.overall.count("beräknad") == 10


def test_the_whole_is_the_sum_of_the_files(made: Batch) -> None:
    # 15 trips with 500 km and a ticket of 400 kr; the one in error has neither.
    paid = SKOLA + VARD + CSV
    assert made.overall.whole.trips == 16
    assert made.overall.whole.wrong == 1
    assert made.overall.whole.metres == 15 * 500_000
    assert made.overall.whole.sums == (
        paid * 100,
        (paid + 15 * 400) * 100,
        pytest.approx(11 * TRAIN_KG + 4 * BUS_KG),
        0,
    )


def test_departments_modes_and_folders_add_up(made: Batch) -> None:
    departments, modes = sums(made.overall, "department"), sums(made.overall, "mode")
    assert {name: cells[:3] for name, cells in departments.items()} == {
        FORMULA: [1, 0, CSV * 100],
        "Skola": [5, 0, SKOLA * 100],
        "Vård": [10, 1, VARD * 100],
    }
    assert {name: cells[:3] for name, cells in modes.items()} == {
        "buss": [4, 0, BUS * 100],
        "tåg": [12, 1, TRAIN * 100],
    }
    assert modes["buss"][4] == pytest.approx(4 * BUS_KG)
    assert {name: cells[0] for name, cells in sums(made.overall, "folder").items()} == {
        ".": 7,
        "Ankeborg": 4,
        "Gåsköping": 1,
        "Gåsköping/2024": 4,
    }
    # Skola goes by train in files 1, 3 and 5.
    assert sums(made.overall, "department_and_mode")["Skola tåg"][:3] == [3, 0, (3 * PAID + 9) * 100]


def table(made: Batch, sheet: str) -> list[dict[str, Any]]:
    rows = list(load_workbook(made.report)[sheet].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_the_workbook_lists_the_files(made: Batch) -> None:
    files = {row["Fil"]: row for row in table(made, "Filer")}
    assert len(files) == 12
    tenth = files["resor 10.xlsx"]
    assert (tenth["Läge"], tenth["Resor"], tenth["varav med fel"]) == ("beräknad", 7, 1)
    assert (tenth["Ersättning, kr"], tenth["Resultat"]) == (6 * (PAID + 100), "resor 10-beräknad.xlsx")
    assert (files["Ankeborg/bomb.xlsx"]["Läge"], files["Ankeborg/bomb.xlsx"]["Resor"]) == ("misslyckad", None)


def test_the_workbook_lists_errors(made: Batch) -> None:
    errors = table(made, "Fel")
    assert {row["Fil"] for row in errors[:2]} == {"Ankeborg/bomb.xlsx", "Ankeborg/trasig.xlsx"}
    assert ("resor 10.xlsx", 1, "8") in [(row["Fil"], row["Resor"], row["Rader"]) for row in errors]


def test_the_workbook_lists_controls_in_all_and_by_department(tmp_path: Path) -> None:
    """A moped is not to be used on duty (avsnitt 4.4): two trips of Skola and one of Vård, in two files."""
    write_book(tmp_path / "blad" / "a.xlsx", [trip(1, "Skola", "moped"), trip(2, "Skola")])
    write_book(tmp_path / "blad" / "b.xlsx", [trip(3, "Skola", "moped"), trip(4, "Vård", "moped")])
    made = run_batch([str(tmp_path / "blad")], tmp_path / "klart", make_options("linkoping"), workers=1)
    (of_mopeds,) = [row for row in table(made, "Kontroller") if row["Regel"].startswith("L-4.4")]
    assert of_mopeds["Resor"] == 3
    parts = {
        row["Avdelning"]: row for row in table(made, "Kontroller per avdelning") if row["Regel"] == of_mopeds["Regel"]
    }
    assert {name: row["Resor"] for name, row in parts.items()} == {"Skola": 2, "Vård": 1}
    assert {row["Grad"] for row in parts.values()} == {of_mopeds["Grad"]}


def test_a_text_that_looks_like_a_formula_is_a_text(made: Batch) -> None:
    book = load_workbook(made.report)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    found = [cell for row in book["Summor"].iter_rows() for cell in row if cell.value == FORMULA]
    assert len(found) == 2  # per department, and per department and mode


def test_sums_in_the_workbook_are_kronor(made: Batch) -> None:
    rows = [row for row in load_workbook(made.report)["Summor"].iter_rows(values_only=True) if row[0] == "Summa"]
    assert len(rows) == 4
    assert {row[2:6] for row in rows} == {(16, 1, 7500, SKOLA + VARD + CSV)}
