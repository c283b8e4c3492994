"""Processes that are killed: a worker, and the whole run, at random moments."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from openpyxl import load_workbook

from tests.xlsx.batch.files import GOOD, RESULTS, contents, results, trip, twelve, write_book
from xlsx.batch import make_options
from xlsx.batch.journal import NAME
from xlsx.batch.processes import ATTEMPTS, on_processes
from xlsx.batch.records import Outcome, Task
from xlsx.batch.ruling import rules_sum
from xlsx.batch.run import STATE

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kill -9 is of Unix")

CUTS = 10
ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "udfs.cli", "recalc"]


def start(source: Path, out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, str(source), "--out", str(out), "--workers", "2"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_for(what: str, found: Iterator[bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    for yes in found:
        if yes:
            return
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.005)


def journal(out: Path) -> list[str]:
    path = out / STATE / NAME
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    return [msgspec.json.decode(line)["relative"] for line in lines if line.endswith(b"\n")]


def assert_whole(out: Path) -> None:
    """What stands under the name of a result is a whole workbook with its figures."""
    for path in out.rglob("*-beräknad.xlsx"):
        if STATE not in path.parts:
            book = load_workbook(path)
            sheet = book.worksheets[0]
            headings = [cell.value for cell in sheet[1]]
            assert sheet.cell(2, headings.index("Traktamente") + 1).value == 870, path
            assert "Sammanställning" in book.sheetnames


def test_a_run_that_is_killed_again_and_again_ends_with_every_file_once(tmp_path: Path) -> None:
    source, out = twelve(tmp_path / "in"), tmp_path / "ut"
    before = contents(source)
    chance = random.Random(5)
    for cut in range(CUTS):
        run = start(source, out)
        known = len(journal(out))
        if known < GOOD:
            # Let it come a random way into the next file, but never to the end.
            wait_for("a file", (run.poll() is not None or any((out / STATE).glob("work/*/*")) for _ in iter(int, 1)))
            time.sleep(chance.uniform(0, 0.25))
        # Now all its processes, now only the one that was started: the others must end by themselves.
        if cut % 2:
            os.killpg(run.pid, signal.SIGKILL)
        else:
            run.kill()
        run.wait()
        assert contents(source) == before
        assert_whole(out)
    assert start(source, out).wait() == 1  # two files cannot be computed
    assert results(out) == {*RESULTS, "Rapport.xlsx"}
    assert_whole(out)
    assert contents(source) == before
    assert Counter(journal(out)).most_common(1)[0][1] == 1
    assert len(journal(out)) == GOOD
    assert not (out / STATE / "work").exists()


def test_processes_end_when_the_one_that_started_them_is_killed(tmp_path: Path) -> None:
    source = tmp_path / "in"
    for number in range(4):
        write_book(source / f"{number}.xlsx", [trip(row, "Skola") for row in range(3000)])
    run = start(source, tmp_path / "ut")
    wait_for("a file", (any((tmp_path / "ut" / STATE).glob("work/*/*")) for _ in iter(int, 1)))
    run.kill()
    run.wait()
    wait_for("the end", (not group(run.pid) for _ in iter(int, 1)), 20)


def group(leader: int) -> list[int]:
    """The processes of a session that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def tasks(folder: Path) -> list[Task]:
    """One file that takes a while and five that do not."""
    (folder / "work").mkdir()
    options, rules = make_options("linkoping"), rules_sum("linkoping")
    made = []
    for name, rows in (("stor", 3000), *((f"liten{number}", 1) for number in range(5))):
        path = write_book(folder / f"{name}.xlsx", [trip(row, "Skola") for row in range(rows)])
        result = f"{name}-beräknad.xlsx"
        made.append(Task(str(path), path.name, str(folder / "ut"), result, str(folder / "work"), options, rules))
    return made


def kill_workers(outcomes: Iterator[Outcome], work: Path, times: int) -> list[Outcome]:
    """The outcomes, the process that has the first file killed some times over."""

    def kill() -> None:
        seen: set[str] = set()
        end = time.monotonic() + 60
        while len(seen) < times and time.monotonic() < end:
            for folder in work.iterdir():
                if folder.name not in seen:
                    seen.add(folder.name)
                    os.kill(int(folder.name.partition("-")[0]), signal.SIGKILL)
            time.sleep(0.005)

    killer = Thread(target=kill)
    killer.start()
    found = list(outcomes)
    killer.join()
    return found


def test_a_file_whose_process_is_killed_is_done_by_another(tmp_path: Path) -> None:
    wanted = tasks(tmp_path)[:1]
    outcomes = kill_workers(on_processes(wanted, 1), tmp_path / "work", 1)
    assert [(one.relative, one.failure) for one in outcomes] == [("stor.xlsx", "")]
    assert load_workbook(tmp_path / "ut" / "stor-beräknad.xlsx")["Resor"].max_row == 3001


def test_a_file_that_takes_its_process_down_every_time_fails_alone(tmp_path: Path) -> None:
    outcomes = kill_workers(on_processes(tasks(tmp_path), 1), tmp_path / "work", ATTEMPTS)
    assert len(outcomes) == 6
    failed = {one.relative: one.failure for one in outcomes if one.failure}
    assert set(failed) == {"stor.xlsx"}
    assert "avbröts 2 gånger (signal 9)" in failed["stor.xlsx"]
    assert {path.name for path in (tmp_path / "ut").iterdir()} == {
        f"liten{number}-beräknad.xlsx" for number in range(5)
    }
