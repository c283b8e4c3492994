"""How many trips each total lacks, over many files: in the report, through the journal, and from an older one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook

from tests.xlsx.batch.files import HEADINGS, PAID, TRAIN_KG, trip, write_book
from xlsx.batch import Batch, make_options, run_batch
from xlsx.batch.journal import NAME
from xlsx.batch.run import STATE

TICKET = 400  # of every trip
ADDED = ("Km", "Ersättning", "Resekostnad", "Utsläpp", "Klimatpåslag")

# Order of the counts: ADDED. A flight without a distance has no emissions, no charge for the climate and so no whole
# cost, while what is paid to the traveller is known. A trip without a return is not paid and so has no whole cost,
# while its distance and emissions are known. A distance that cannot be read is not in the kilometres and gives no
# emissions; a train has no charge for the climate, so that its whole cost is known.
SKOLA = (0, 0, 2, 2, 2)
VARD = (1, 1, 1, 1, 0)
ALL = (1, 1, 3, 3, 2)


def but(row: list[Any], heading: str, value: Any) -> list[Any]:
    """The same trip with another value under a heading."""
    return [value if name == heading else cell for name, cell in zip(HEADINGS, row, strict=True)]


def some(folder: Path) -> Path:
    """Of Skola a sound trip and two flights without a distance, of Vård two that are in error, in two files."""
    write_book(folder / "a.xlsx", [trip(1, "Skola"), but(trip(2, "Skola", "flyg"), "Km", None)])
    write_book(
        folder / "b" / "b.xlsx",
        [
            but(trip(3, "Skola", "flyg"), "Km", None),
            but(trip(4, "Vård"), "Hemkomst", None),
            but(trip(5, "Vård"), "Km", "långt"),
        ],
    )
    return folder


def run(folder: Path) -> Batch:
    return run_batch([str(folder / "in")], folder / "ut", make_options("linkoping"), workers=1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    folder = tmp_path_factory.mktemp("utelämnat")
    some(folder / "in")
    return run(folder)


def counts(made: Batch) -> dict[str, tuple[int, ...]]:
    found = [*made.overall.by_department(), *made.overall.by_folder(), made.overall.whole]
    return {" ".join(total.names): total.left_out for total in found}


def test_each_total_lacks_what_its_files_lack_together(made: Batch) -> None:
    assert counts(made) == {"Skola": SKOLA, "Vård": VARD, ".": (0, 0, 1, 1, 1), "b": (1, 1, 2, 2, 1), "": ALL}
    skola, vard = made.overall.by_department()
    # Three of Skola are paid, one has a whole cost, a distance and emissions. R5 of Vård is paid and has a whole cost,
    # R4 has a distance and emissions.
    assert (skola.trips, skola.wrong, skola.metres) == (3, 2, 500_000)
    assert skola.sums == (3 * PAID * 100, (PAID + TICKET) * 100, pytest.approx(TRAIN_KG), 0)
    assert (vard.trips, vard.wrong, vard.metres) == (2, 2, 500_000)
    assert vard.sums == (PAID * 100, (PAID + TICKET) * 100, pytest.approx(TRAIN_KG), 0)


def test_the_report_counts_them_beside_the_totals(made: Batch) -> None:
    rows = [list(row) for row in load_workbook(made.report)["Summor"].iter_rows(values_only=True)]
    headings = [row for row in rows if row[2] == "Resor"]
    assert len(headings) == 4  # per folder, department, mode, and department and mode
    assert all(row[9:] == [f"Ej med i {name}" for name in ADDED] for row in headings)
    assert {row[0]: tuple(row[9:]) for row in rows if row[0] in ("Skola", "Vård", "Summa") and not row[1]} == {
        "Skola": SKOLA,
        "Vård": VARD,
        "Summa": ALL,
    }
    assert str(rows[-1][0]).startswith("Ej med i: så många resor är inte med i summan")


def test_the_report_counts_them_beside_each_file(made: Batch) -> None:
    head, *rows = load_workbook(made.report)["Filer"].iter_rows(values_only=True)
    files = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert [files["a.xlsx"][f"Ej med i {name}"] for name in ADDED] == [0, 0, 1, 1, 1]
    assert [files["b/b.xlsx"][f"Ej med i {name}"] for name in ADDED] == [1, 1, 2, 2, 1]
    assert files["b/b.xlsx"]["Resultat"] == "b/b-beräknad.xlsx"


def test_only_figures_that_lack_some_trip_have_such_a_column(tmp_path: Path) -> None:
    """A trip without a return lacks what is paid and the whole cost, and nothing else."""
    write_book(tmp_path / "in" / "a.xlsx", [trip(1, "Skola"), but(trip(2, "Skola"), "Hemkomst", None)])
    sheet = load_workbook(run(tmp_path).report)["Filer"]
    said = [str(cell.value) for cell in sheet[1]]
    assert [text for text in said if text.startswith("Ej")] == ["Ej med i Ersättning", "Ej med i Resekostnad"]


def test_a_report_of_sound_trips_says_nothing_of_it(tmp_path: Path) -> None:
    write_book(tmp_path / "in" / "a.xlsx", [trip(1, "Skola")])
    made = run(tmp_path)
    assert counts(made) == {"Skola": (0,) * 5, "": (0,) * 5}
    book = load_workbook(made.report)
    assert not any("Ej med i" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def test_files_that_were_done_earlier_keep_their_counts(tmp_path: Path) -> None:
    some(tmp_path / "in")
    first, again = run(tmp_path), run(tmp_path)
    assert (first.overall.count("beräknad"), again.overall.count("klar sedan tidigare")) == (2, 2)
    assert counts(again) == counts(first)
    assert counts(again)[""] == ALL


def test_files_of_a_journal_without_counts_are_done_again(tmp_path: Path) -> None:
    """An older version wrote a group's names, trips, errors, metres and sums, and other rules."""
    some(tmp_path / "in")
    run(tmp_path)
    journal = tmp_path / "ut" / STATE / NAME
    lines = [msgspec.json.decode(line) for line in journal.read_bytes().splitlines()]
    for line in lines:
        line["rules"] = "0.1-0123456789abcdef"
        line["figures"]["groups"] = [group[:6] for group in line["figures"]["groups"]]
    journal.write_bytes(b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
    again = run(tmp_path)
    assert (again.overall.count("beräknad"), again.overall.failed) == (2, [])
    assert counts(again)[""] == ALL
