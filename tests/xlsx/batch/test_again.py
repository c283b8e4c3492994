"""A run made again: what is done is left alone, what has changed is done anew."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.xlsx.batch.files import PAID, trip, write_book
from xlsx.batch import Batch, BatchProblem, Options, make_options, run_batch
from xlsx.batch.run import STATE

Run = Callable[..., Batch]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        write_book(tmp_path / "in" / f"{name}.xlsx", [trip(1, "Skola")])
    return tmp_path / "in"


@pytest.fixture
def run(source: Path, tmp_path: Path) -> Run:
    def once(options: Options | None = None) -> Batch:
        return run_batch([str(source)], tmp_path / "ut", options or make_options("linkoping"), workers=1)

    return once


def done_now(made: Batch) -> set[str]:
    return {line.source for line in made.overall.files if line.state == "beräknad"}


def marks(out: Path) -> dict[str, tuple[int, int]]:
    """What changes when a file is written again, also with the same bytes."""
    states = {path.name: path.stat() for path in out.glob("*-beräknad.xlsx")}
    return {name: (state.st_ino, state.st_mtime_ns) for name, state in states.items()}


def test_nothing_is_done_twice_and_the_report_is_the_same(run: Run) -> None:
    first = run()
    before = marks(first.out)
    second = run()
    assert done_now(first) == {"a.xlsx", "b.xlsx", "c.xlsx"}
    assert done_now(second) == set()
    assert marks(second.out) == before
    assert second.overall.count("klar sedan tidigare") == 3
    assert second.overall.whole == first.overall.whole
    assert second.overall.whole.sums[0] == 3 * PAID * 100


def test_a_changed_file_is_done_again(run: Run, source: Path) -> None:
    before = marks(run().out)
    write_book(source / "b.xlsx", [trip(1, "Skola", outlay=7), trip(2, "Skola")])
    made = run()
    assert done_now(made) == {"b.xlsx"}
    assert {name for name, mark in marks(made.out).items() if mark != before[name]} == {"b-beräknad.xlsx"}
    assert made.overall.whole.sums[0] == (4 * PAID + 7) * 100


def test_a_changed_file_of_the_same_size_is_done_again(run: Run, source: Path) -> None:
    run()
    path = source / "a.xlsx"
    content = path.read_bytes()
    # The archive's last two bytes say how long its comment is; a date of the directory may be any.
    place = content.rindex(b"PK\1\2") + 12
    path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    assert path.stat().st_size == len(content)
    assert done_now(run()) == {"a.xlsx"}


def test_a_file_that_was_only_touched_or_moved_is_not_done_again(run: Run, source: Path, tmp_path: Path) -> None:
    made = run()
    os.utime(source / "a.xlsx", (0, 0))
    assert done_now(run()) == set()
    moved = source.rename(tmp_path / "annanstans")
    again = run_batch([str(moved)], made.out, make_options("linkoping"), workers=1)
    assert done_now(again) == set()


def test_a_missing_result_is_made_again(run: Run) -> None:
    made = run()
    (made.out / "c-beräknad.xlsx").unlink()
    assert done_now(run()) == {"c.xlsx"}
    assert (made.out / "c-beräknad.xlsx").exists()


@pytest.mark.parametrize(
    "other", [("stockholm", None, False), ("linkoping", "Resor", False), ("linkoping", None, True)]
)
def test_other_options_make_everything_again(run: Run, other: tuple[str, str | None, bool]) -> None:
    run()
    assert len(done_now(run(make_options(*other)))) == 3
    assert done_now(run(make_options(*other))) == set()


def test_a_changed_policy_makes_everything_again(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "min.yaml"
    policy.write_text("titel: Min kommun\nkalla: test\n", encoding="utf-8")
    assert len(done_now(run(make_options(str(policy))))) == 3
    assert done_now(run(make_options(str(policy)))) == set()
    policy.write_text("titel: Min kommun\nkalla: en ändring\n", encoding="utf-8")
    assert len(done_now(run(make_options(str(policy))))) == 3


def test_a_changed_column_file_makes_everything_again_and_the_same_elsewhere_does_not(run: Run, tmp_path: Path) -> None:
    """What the file says counts, not where it is or when it was saved."""
    file = tmp_path / "system.yaml"
    file.write_text("titel: Vårt system\nkolumner:\n  Avdelning: Avdelning\n", encoding="utf-8")
    assert len(done_now(run())) == 3
    assert len(done_now(run(make_options("linkoping", mapping=str(file))))) == 3
    moved = file.rename(tmp_path / "flyttad.yaml")
    os.utime(moved, (0, 0))
    assert done_now(run(make_options("linkoping", mapping=str(moved)))) == set()
    moved.write_text('titel: Vårt system\nkolumner:\n  Avdelning: ""\n', encoding="utf-8")
    made = run(make_options("linkoping", mapping=str(moved)))
    assert len(done_now(made)) == 3
    assert [total.names for total in made.overall.by_department()] == [("(ej angivet)",)]
    assert len(done_now(run())) == 3


def test_a_file_that_failed_is_tried_again(run: Run, source: Path) -> None:
    good = (source / "b.xlsx").read_bytes()
    (source / "b.xlsx").write_bytes(good[:2000])
    assert [line.source for line in run().overall.failed] == ["b.xlsx"]
    (source / "b.xlsx").write_bytes(good)
    made = run()
    assert done_now(made) == {"b.xlsx"}
    assert made.overall.failed == []


def test_a_result_is_never_that_of_another_file_of_the_same_name(run: Run, tmp_path: Path) -> None:
    made = run()
    other = write_book(tmp_path / "andra" / "a.xlsx", [trip(1, "Vård", outlay=50)])
    before = marks(made.out)
    again = run_batch([str(other.parent)], made.out, make_options("linkoping"), workers=1)
    assert "resultatet av" in again.overall.failed[0].remark
    assert marks(made.out) == before
    # When the first file is there no more its result may go too.
    shutil.rmtree(tmp_path / "in")
    assert done_now(run_batch([str(other.parent)], made.out, make_options("linkoping"), workers=1)) == {"a.xlsx"}


def test_two_runs_at_once_in_the_same_folder_are_not_let(run: Run, tmp_path: Path) -> None:
    made = run()
    (made.out / "a-beräknad.xlsx").unlink()
    with (
        FileLock(made.out / STATE / "run.lock"),
        pytest.raises(BatchProblem, match="En annan körning skriver redan"),
    ):
        run()
    assert not (made.out / "a-beräknad.xlsx").exists()
    assert done_now(run()) == {"a.xlsx"}


def test_what_an_interrupted_run_left_is_removed(run: Run, tmp_path: Path) -> None:
    left = tmp_path / "ut" / STATE / "work" / "gammal" / "1-ab" / ".a-beräknad.xlsx-0.tmp"
    left.parent.mkdir(parents=True)
    left.touch()
    made = run()
    assert [path for path in (made.out / STATE).rglob("*") if path.name not in ("journal.jsonl", "run.lock")] == []
