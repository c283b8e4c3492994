"""A real Dask cluster on this machine: a scheduler and two workers, processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.xlsx.batch.files import GOOD, PAID, RESULTS, contents, results, trip, twelve, write_book
from tests.xlsx.batch.test_killed import assert_whole, journal
from xlsx.batch import BatchProblem, make_options, run_batch
from xlsx.batch.patterns import is_many
from xlsx.batch.run import STATE

pytest.importorskip("distributed", reason="the extra kluster is not installed")

ROOT = Path(__file__).parents[3]
FARDKOST = [sys.executable, "-m", "udfs.cli", "recalc"]


@contextmanager
def started(*command: str, folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask's, ended at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Cluster:
    """A scheduler and workers."""

    def __init__(self, stack: ExitStack, folder: Path, **environment: str) -> None:
        self._stack, self._folder = stack, folder
        file = folder / "scheduler.json"
        command = ("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        command = (*command, "--scheduler-file", str(file))
        self.scheduler = stack.enter_context(started(*command, folder=folder, **environment))
        end = time.monotonic() + 60
        while not file.exists():
            assert time.monotonic() < end and self.scheduler.poll() is None
            time.sleep(0.05)
        self.address: str = json.loads(file.read_text())["address"]

    def worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """A worker without a nanny: the process that computes."""
        command = ("distributed.cli.dask_worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        return self._stack.enter_context(started(*command, folder=self._folder, **environment))


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(stack, tmp_path_factory.mktemp("dask"))


def fardkost(source: Path, out: Path, address: str) -> subprocess.Popen[str]:
    command = [*FARDKOST, str(source), "--out", str(out), "--scheduler", address]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_every_file_is_there_once_though_a_worker_is_killed_in_the_middle_of_one(
    cluster: Cluster, tmp_path: Path
) -> None:
    source, out = twelve(tmp_path / "in"), tmp_path / "ut"
    for number in range(12):
        write_book(source / "stora" / f"{number}.xlsx", [trip(row, "Skola") for row in range(400)])
    before = contents(source)
    workers = {process.pid: process for process in (cluster.worker(), cluster.worker())}
    run = fardkost(source, out, cluster.address)
    killed = None
    end = time.monotonic() + 120
    while killed is None:
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < end
        # A folder of work is named after the process that has it.
        busy = [int(folder.name.partition("-")[0]) for folder in (out / STATE).glob("work/*/*")]
        if len(journal(out)) >= 3 and busy:
            killed = busy[0]
            os.kill(killed, signal.SIGKILL)
        time.sleep(0.005)
    shown, told = run.communicate(timeout=120)
    assert workers[killed].wait() == -signal.SIGKILL
    assert run.returncode == 1, told  # two of the files cannot be computed
    assert "Filer: 24\nBeräknade nu: 22\nMisslyckade: 2" in shown
    wanted = {*RESULTS, "Rapport.xlsx", *(f"stora/{number}-beräknad.xlsx" for number in range(12))}
    assert results(out) == wanted
    assert_whole(out)
    assert contents(source) == before
    assert Counter(journal(out)).most_common(1)[0][1] == 1
    assert len(journal(out)) == GOOD + 12
    assert not (out / STATE / "work").exists()
    # The same command finds all of it done, and its totals are those of the files.
    again = run_batch([str(source)], out, make_options("linkoping"), workers=1)
    assert again.overall.count("klar sedan tidigare") == 22
    skola = next(total for total in again.overall.by_department() if total.names == ("Skola",))
    assert skola.trips == 5 + 12 * 400
    assert skola.sums[0] == ((5 + 12 * 400) * PAID + 15) * 100


def test_a_file_that_takes_too_many_workers_down_is_a_line_of_the_report(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "ut"
    write_book(source / "stor.xlsx", [trip(row, "Skola") for row in range(3000)])
    for number in range(3):
        write_book(source / f"{number}.xlsx", [trip(1, "Skola")])
    with ExitStack() as stack:
        (tmp_path / "dask").mkdir()
        # So that one death is too many: Dask lets a file take three.
        cluster = Cluster(stack, tmp_path / "dask", DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
        cluster.worker()
        run = fardkost(source, out, cluster.address)
        end = time.monotonic() + 120
        # The largest is the first.
        while not (busy := list((out / STATE).glob("work/*/*"))):
            assert run.poll() is None, run.communicate()
            assert time.monotonic() < end
            time.sleep(0.005)
        os.kill(int(busy[0].name.partition("-")[0]), signal.SIGKILL)
        cluster.worker()
        shown, told = run.communicate(timeout=120)
    assert "stor.xlsx: Varje arbetare som fick filen dog" in told
    # Dask may blame the file that the worker had next as well; both are done by the next run.
    assert "Misslyckade: 1" in shown or "Misslyckade: 2" in shown
    assert "stor-beräknad.xlsx" not in results(out)
    made = run_batch([str(source)], out, make_options("linkoping"), workers=1)
    assert made.overall.failed == []
    assert results(out) == {"Rapport.xlsx", "stor-beräknad.xlsx", *(f"{number}-beräknad.xlsx" for number in range(3))}


def test_a_worker_with_other_rules_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    source = write_book(tmp_path / "in" / "a.xlsx", [trip(1, "Skola")]).parent
    other = tmp_path / "data"
    other.mkdir()
    (other / "normalbelopp.csv").write_text("ar,kod,belopp,se,status,kalla\n", encoding="utf-8")
    cluster.worker(FARDKOST_DATA=str(other))
    with pytest.raises(BatchProblem, match="andra regler eller satser"):
        run_batch([str(source)], tmp_path / "ut", make_options("linkoping"), scheduler=cluster.address)
    assert results(tmp_path / "ut") == set()


def test_a_scheduler_that_goes_away_is_said_and_what_is_done_is_kept(cluster: Cluster, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "ut"
    for number in range(8):
        write_book(source / f"{number}.xlsx", [trip(row, "Skola") for row in range(400)])
    cluster.worker()
    run = fardkost(source, out, cluster.address)
    end = time.monotonic() + 120
    while not journal(out):
        assert run.poll() is None and time.monotonic() < end
        time.sleep(0.01)
    cluster.scheduler.kill()
    _, told = run.communicate(timeout=120)
    assert run.returncode == 2
    assert "försvann under körningen" in told
    assert "Traceback" not in told, told
    assert 1 <= len(journal(out)) < 8
    made = run_batch([str(source)], out, make_options("linkoping"), workers=2)
    assert made.overall.count("klar sedan tidigare") + made.overall.count("beräknad") == 8


def test_no_scheduler_at_the_address_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_book(tmp_path / "in" / "a.xlsx", [trip(1, "Skola")]).parent
    run = fardkost(source, tmp_path / "ut", "tcp://127.0.0.1:9")
    _, told = run.communicate(timeout=120)
    assert run.returncode == 2
    assert "svarar inte" in told
    assert "Traceback" not in told


def test_without_dask_the_command_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_book(tmp_path / "in" / "a.xlsx", [trip(1, "Skola")]).parent
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BatchProblem, match=r"fardkost\[kluster\]"):
        run_batch([str(source)], tmp_path / "ut", make_options("linkoping"), scheduler="tcp://127.0.0.1:9")


def test_a_scheduler_makes_one_file_many() -> None:
    assert is_many(["a.xlsx"], None, "tcp://dator:8786")
    assert not is_many(["a.xlsx"], None, None)
