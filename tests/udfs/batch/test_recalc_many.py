"""`fardkost recalc` of many files as a user meets it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from tests.xlsx.batch.files import PAID, results, trip, write_book, write_broken
from udfs.cli import main
from udfs.commands.recalc_many import rows_told
from xlsx.batch.patterns import is_many
from xlsx.batch.progress import Standing

ROOT = Path(__file__).parents[3]


def recalc(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["recalc", *map(str, arguments)])


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_book(tmp_path / "in" / "skola" / "a.xlsx", [trip(1, "Skola"), trip(2, "Skola", "buss", outlay=30)])
    write_book(tmp_path / "in" / "b.xlsx", [trip(1, "Vård")])
    return tmp_path / "in"


def test_what_means_many(source: Path, tmp_path: Path) -> None:
    assert is_many([str(source)], None, None)
    assert is_many([str(source / "*.xlsx")], None, None)
    assert is_many([str(source / "b.xlsx"), str(source / "skola" / "a.xlsx")], None, None)
    assert is_many([str(source / "b.xlsx")], tmp_path, None)
    assert not is_many([str(source / "b.xlsx")], tmp_path / "ny.xlsx", None)
    assert not is_many(["finns inte.xlsx"], None, None)


def test_a_folder_is_recalculated_and_reported(source: Path, tmp_path: Path) -> None:
    result = recalc(source, "--out", tmp_path / "ut", "--workers", "1", "--policy", "linkoping")
    assert result.exit_code == 0, result.output
    shown = spaced(result.stdout)
    assert "Filer: 2\nBeräknade nu: 2\n" in shown
    assert "(n):" not in shown, "nothing is lacking"
    lines = [line.split() for line in shown.splitlines()]
    # Trips, in error, km, kronor: two trips of Skola with 30 kr of outlays; 400 kr each for tickets.
    skola = [2, 0, 1000, 2 * PAID + 30, 2 * PAID + 830]
    assert ["Skola", *(f"{number:,}".replace(",", " ") for number in skola)] == _first_cells(shown, "Skola", 6)
    assert ["Rapport:", str(tmp_path / "ut" / "Rapport.xlsx")] in lines
    assert results(tmp_path / "ut") == {"Rapport.xlsx", "b-beräknad.xlsx", "skola/a-beräknad.xlsx"}
    again = recalc(source, "--out", tmp_path / "ut", "--workers", "1", "--policy", "linkoping")
    assert "Klara sedan tidigare: 2\n" in again.stdout


def _first_cells(shown: str, name: str, count: int) -> list[str]:
    line = next(line for line in shown.splitlines() if line.strip().startswith(f"{name} "))
    return [cell.strip() for cell in line.strip().split("  ") if cell.strip()][:count]


def test_each_total_says_how_many_trips_it_lacks(tmp_path: Path) -> None:
    """A trip without a return is not paid, and so has no whole cost; the other pays PAID, and 400 kr for its ticket."""
    without_return = [[*trip(number, "Vård")[:3], None, *trip(number, "Vård")[4:]] for number in (2, 3)]
    write_book(tmp_path / "in" / "a.xlsx", [trip(1, "Skola"), without_return[0]])
    write_book(tmp_path / "in" / "b" / "b.xlsx", [without_return[1]])
    result = recalc(tmp_path / "in", "--out", tmp_path / "ut", "--workers", "1", "--policy", "linkoping")
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in spaced(result.stdout).splitlines()]
    # Trips, in error, km, kronor; those that nothing is known to lack have a dash.
    assert any(line.startswith("Skola 1 0 500 1 020 – 1 420 – ") for line in lines)
    assert any(line.startswith("Vård 2 2 1 000 0 (2) 0 (2) ") for line in lines)
    whole = [line for line in lines if line.startswith("Alla 3 2 1 500 1 020 (2) 1 420 (2) ")]
    assert len(whole) == 3  # by folder, by department and by mode
    why = "(n): så många resor är inte med i summan, eftersom just den uppgiften har fel."
    assert lines.count(why) == 1


def test_a_column_file_tells_what_the_headings_of_all_files_mean(tmp_path: Path) -> None:
    trip = "2024-03-04 07:00;2024-03-06 20:00;Sverige"
    for name in ("a", "b"):
        export = tmp_path / "in" / f"{name}.csv"
        export.parent.mkdir(exist_ok=True)
        export.write_text(f"Löpande;Klockan ut;Klockan in;Vart\n1;{trip}\n", encoding="utf-8")
    columns = tmp_path / "system.yaml"
    columns.write_text(
        "titel: Vårt system\nkolumner:\n  Klockan ut: Avresa\n  Klockan in: Hemkomst\n  Vart: Land\n", "utf-8"
    )
    without = recalc(tmp_path / "in", "--out", tmp_path / "utan")
    assert (without.exit_code, "Misslyckade: 2\n" in without.stdout) == (1, True), "nobody can know those headings"
    result = recalc(tmp_path / "in", "--out", tmp_path / "ut", "--mapping", columns, "--policy", "linkoping")
    assert result.exit_code == 0, result.output
    # Two trips; they pay PAID each, and have neither kilometres nor tickets.
    assert _first_cells(spaced(result.stdout), "Alla", 5) == ["Alla", "2", "0", "0", "2 040"]
    facts = load_workbook(tmp_path / "ut" / "Rapport.xlsx")["Summor"].iter_rows(max_row=9, values_only=True)
    assert ("Kolumnfil", "Vårt system") in [row[:2] for row in facts]


def test_a_column_file_that_is_wrong_answers_2_before_anything_is_made(source: Path, tmp_path: Path) -> None:
    columns = tmp_path / "system.yaml"
    columns.write_text("kolumner:\n  Avfärd: Avressa\n", "utf-8")
    for file, told in ((columns, 'system.yaml: "Avfärd": '), ("finns-inte.yaml", "finns inte")):
        result = recalc(source, "--out", tmp_path / "ut", "--mapping", file)
        assert (result.exit_code, told in result.stderr) == (2, True), result.stderr
        assert not (tmp_path / "ut").exists()


def test_rows_are_told_of_all_where_that_is_known() -> None:
    assert spaced(rows_told(Standing(1, 3, 12_400, None, 0.5))) == "12 400 rader"
    assert spaced(rows_told(Standing(1, 3, 12_400, 30_000, 0.5))) == "12 400 av 30 000 rader"
    assert rows_told(Standing(0, 3, 0, None)) == ""


def test_one_file_into_a_folder(source: Path, tmp_path: Path) -> None:
    (tmp_path / "ut").mkdir()
    assert recalc(source / "b.xlsx", "--out", tmp_path / "ut").exit_code == 0
    assert results(tmp_path / "ut") == {"Rapport.xlsx", "b-beräknad.xlsx"}


def test_a_file_that_fails_makes_the_exit_code_1(source: Path, tmp_path: Path) -> None:
    write_broken(source / "trasig.xlsx")
    result = recalc(source, "--out", tmp_path / "ut")
    assert result.exit_code == 1
    assert "trasig.xlsx: " in result.stderr
    assert "Misslyckade: 1\n" in result.stdout
    assert "b-beräknad.xlsx" in results(tmp_path / "ut")


def test_a_folder_of_results_must_be_named(source: Path) -> None:
    result = recalc(source)
    assert (result.exit_code, result.stderr.strip()) == (2, "Ange mappen för resultaten med --out.")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--policy", "finns-inte"], "Okänd policy"),
        (["--explain", "R1"], "gäller en fil i taget"),
        (["--show", "3"], "gäller en fil i taget"),
        (["--workers", "0"], "0 ligger utanför"),
    ],
)
def test_what_cannot_be_asked_answers_2(source: Path, tmp_path: Path, more: list[str], told: str) -> None:
    result = recalc(source, "--out", tmp_path / "ut", *more)
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (tmp_path / "ut").exists()


def test_a_file_for_the_folder_of_results_answers_2(source: Path, tmp_path: Path) -> None:
    taken = tmp_path / "ut.xlsx"
    taken.touch()
    result = recalc(source, "--out", taken)
    assert result.exit_code == 2
    assert "är en fil" in result.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_interrupted_it_says_how_to_go_on_and_leaves_nothing_half(source: Path, tmp_path: Path) -> None:
    write_book(source / "stor.xlsx", [trip(row, "Skola") for row in range(3000)])
    out = tmp_path / "ut"
    run = subprocess.Popen(
        [sys.executable, "-m", "udfs.cli", "recalc", str(source), "--out", str(out), "--workers", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while not list((out / ".fardkost").glob("work/*/*")):
        assert run.poll() is None and time.monotonic() < end
        time.sleep(0.005)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does
    _, told = run.communicate(timeout=60)
    assert (run.returncode, told.strip()) == (
        130,
        "Avbrutet. Det som är klart är sparat; kör samma kommando igen för resten.",
    )
    assert results(out) == set()
    assert not (out / ".fardkost" / "work").exists()
    assert recalc(source, "--out", out).exit_code == 0
