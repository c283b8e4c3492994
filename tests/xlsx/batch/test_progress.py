"""What a run over many files tells of how far it has come."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.xlsx.batch.files import trip, write_book, write_broken, write_csv
from xlsx.batch import make_options, run_batch
from xlsx.batch.onefile import recalculate_file
from xlsx.batch.progress import Standing, Tally
from xlsx.batch.records import Figures, Outcome, Task
from xlsx.batch.ruling import rules_sum


def run(source: Path, out: Path, workers: int = 1) -> list[Standing]:
    told: list[Standing] = []
    run_batch([str(source)], out, make_options("linkoping"), workers=workers, progress=lambda now, _: told.append(now))
    return told


def test_rows_of_all_are_told_once_every_file_has_been_read(tmp_path: Path) -> None:
    """The largest file is done first: 30 rows, then 20 rows, then one that cannot be read, all by one process."""
    source, out = tmp_path / "in", tmp_path / "ut"
    write_book(source / "a.xlsx", [trip(row, "Skola") for row in range(30)])
    write_book(source / "b.xlsx", [trip(row, "Skola") for row in range(20)])
    write_broken(source / "c.xlsx")
    told = run(source, out)
    assert (told[0].files, told[0].of_files, told[0].rows, told[0].of_rows) == (0, 3, 0, None)
    counts = [(now.files, now.rows, now.of_rows) for now in told]
    read_first, done_first, read_second = ((0, 0, None), (1, 30, None), (1, 30, None))
    places = [counts.index(read_first), counts.index(done_first), len(counts) - 1 - counts[::-1].index(read_second)]
    assert places == sorted(places)
    assert counts[-1] == (3, 50, 50)
    # Again: what was done before counts from the beginning, and only the broken file is not known.
    again = run(source, out)
    assert [(now.files, now.rows, now.of_rows) for now in again] == [(2, 50, None), (3, 50, 50)]


def test_the_last_file_is_told_of_before_it_is_done(tmp_path: Path) -> None:
    source = tmp_path / "in"
    write_book(source / "a.xlsx", [trip(row, "Skola") for row in range(30)])
    write_csv(source / "b.csv", [trip(row, "Skola") for row in range(20)])
    told = run(source, tmp_path / "ut")
    before = [now for now in told if now.files == 1 and now.of_rows is not None]
    assert before, "between the reading of the last file and its end"
    assert {now.of_rows for now in before} == {50}
    assert all(30 <= now.rows <= 50 and 0 <= now.part <= 1 for now in before)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_one_file_tells_of_its_rows_while_they_are_written(tmp_path: Path, kind: str) -> None:
    rows = [trip(row, "Skola") for row in range(5000)]
    source = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        write_book(source, rows)
    else:
        write_csv(source, rows)
    options = make_options("linkoping")
    rules = rules_sum(options.policy)
    task = Task(str(source), source.name, str(tmp_path), "klar.xlsx", str(tmp_path), options, rules)
    told: list[tuple[int, int]] = []
    outcome = recalculate_file(task, lambda done, of: told.append((done, of)))
    assert outcome.figures is not None, outcome.failure
    assert told[0] == (0, 5000)
    assert told[-1] == (5000, 5000)
    assert told == sorted(told)


def outcome(name: str, rows: int | None) -> Outcome:
    figures = None if rows is None else Figures("Resor", rows, 0, ())
    return Outcome(f"/in/{name}", name, name, figures=figures)


def test_the_count() -> None:
    """Four files: one of 100 rows was done before; b has 40 rows, c 10, and d fails."""
    tally = Tally(4, 1, 100)
    assert tally.standing == Standing(1, 4, 100, None)
    tally.reached("b", 0, 40)
    tally.reached("b", 30, 40)
    assert tally.standing == Standing(1, 4, 130, None, 0.75)
    tally.reached("c", 5, 10)
    assert tally.standing == Standing(1, 4, 135, None, 1.25)
    # The process that had b died: another begins it anew.
    tally.reached("b", 0, 40)
    tally.finished(outcome("d", None))
    assert tally.standing == Standing(2, 4, 105, 150, 0.5)
    tally.finished(outcome("b", 40))
    tally.finished(outcome("c", 10))
    assert tally.standing == Standing(4, 4, 150, 150)
