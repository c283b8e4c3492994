"""Jobs outlive the server, are done once each by several workers, and go when their time is over."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.udfs.server.jobs.recalculating import PATIENCE, Sheets, serving

TRIP = ("a.csv", b"Avresa;Hemkomst\n2024-03-04 07:00;2024-03-06 20:00\n")


def rows(sheets: Sheets) -> list[tuple[str, int]]:
    """State and attempts of every job, as the database has them."""
    with closing(sqlite3.connect(sheets.server.folder / "data" / "jobb" / "jobb.sqlite")) as database:
        found: list[tuple[str, int]] = database.execute("SELECT state, attempts FROM jobs ORDER BY created").fetchall()
        return found


def computing(sheets: Sheets) -> list[int]:
    """The processes that compute for this server's folder, without those that they have started."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,pgid=,args="], capture_output=True, text=True, check=True).stdout
    found = [line.split() for line in listed.splitlines() if "udfs.server.jobs.compute" in line]
    pids = [int(pid) for pid, group, *_ in found if pid == group]
    data = f"FARDKOST_DATA={sheets.server.env['FARDKOST_DATA']}".encode()
    return [pid for pid in pids if data in environment(pid)]


def environment(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def until_none_computes(sheets: Sheets) -> None:
    last = time.monotonic() + 30
    while computing(sheets):
        assert time.monotonic() < last, "a computation outlives its server"
        time.sleep(0.05)


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_jobs_are_done_though_the_server_ends_in_the_middle(how: str) -> None:
    with serving() as sheets:
        running, waiting = sheets.sent(), sheets.sent()
        sheets.until(running, "running")
        assert len(computing(sheets)) == 1
        if how == "kill":
            sheets.server.kill()
            assert rows(sheets) == [("running", 1), ("queued", 0)]
        else:
            assert sheets.server.stop() in (0, -signal.SIGTERM)
            assert rows(sheets) == [("queued", 0), ("queued", 0)], "given back"
        until_none_computes(sheets)
        sheets.server.start()
        for job in (running, waiting):
            assert sheets.ended(job)["state"] == "done"
            assert sheets.report(job)["wrong"] == 14
            assert len(sheets.result(job).content) > 100_000
        assert rows(sheets) == [("done", 2 if how == "kill" else 1), ("done", 1)]
        assert {len(list((sheets.folder() / job).iterdir())) for job in (running, waiting)} == {2}


def test_two_workers_do_six_jobs_once_each() -> None:
    with serving(workers=2) as sheets:
        jobs = [sheets.sent(("a.csv", TRIP[1] * (1 + number))) for number in range(6)]
        most = 0
        last = time.monotonic() + PATIENCE
        while any(sheets.state(job)["state"] != "done" for job in jobs):
            assert time.monotonic() < last
            most = max(most, len(computing(sheets)))
        assert most == 2, "each worker has one at a time"
        assert sheets.server.stop() in (0, -signal.SIGTERM)  # the last line of the log comes after the last state
        assert sheets.computations() == ["done"] * 6
        assert rows(sheets) == [("done", 1)] * 6


def test_one_worker_of_two_that_is_killed_loses_no_job() -> None:
    with serving(workers=2) as sheets:
        jobs = [sheets.sent() for _ in range(3)]
        last = time.monotonic() + PATIENCE
        while len(computing(sheets)) < 2:
            assert time.monotonic() < last
            time.sleep(0.02)
        sheets.http.close()  # a connection to the worker that is to be killed would break
        parent = Path(f"/proc/{computing(sheets)[0]}/stat").read_text("ascii").rpartition(")")[2].split()[1]
        subprocess.run(["kill", "-KILL", parent], check=True)
        last = time.monotonic() + PATIENCE
        while {state for state, _ in rows(sheets)} != {"done"}:
            assert time.monotonic() < last, rows(sheets)
            time.sleep(0.1)
        afterwards = Sheets(sheets.server)
        with afterwards.http:
            assert [afterwards.report(job)["trips"] for job in jobs] == [420] * 3
        assert sorted(attempts for _, attempts in rows(sheets)) == [1, 1, 2]


def test_a_job_goes_when_its_time_is_over() -> None:
    with serving(job_lifetime=8.0) as sheets:
        job = sheets.sent(TRIP)
        assert sheets.ended(job)["state"] == "done"
        last = time.monotonic() + 60
        while list(sheets.folder().iterdir()):
            assert time.monotonic() < last
            time.sleep(0.1)
        assert sheets.http.get(f"/recalc/{job}").status_code == 404
        assert rows(sheets) == []


def test_a_job_that_takes_too_long_is_ended() -> None:
    with serving(job_time_limit=0.3) as sheets:
        ended = sheets.ended(sheets.sent())
        assert ended["state"] == "failed"
        assert ended["message"].startswith("Beräkningen avbröts, eftersom den tog längre tid än 0,005 minuter.")
        until_none_computes(sheets)


def test_a_server_without_a_folder_for_jobs_computes_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("ingen mapp", "utf-8")
    with serving(jobs_folder=str(tmp_path / "fil" / "jobb")) as sheets:
        answer = sheets.send(TRIP)
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "inte-tillganglig")
        ops = {"ops": [{"function": "MERSTRACKA", "calls": 1, "columns": [[100], [40]]}]}
        assert sheets.server.post("/batch", ops).json()["answers"][0]["values"] == [60]
