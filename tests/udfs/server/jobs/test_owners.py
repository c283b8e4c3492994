"""With sign-in, a job is its owner's alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.udfs.server.jobs.recalculating import Sheets, serving
from udfs.server.keys import new_key

TRIP = ("a.csv", b"Avresa;Hemkomst\n2024-03-04 07:00;2024-03-06 20:00\n")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sheets, Sheets]]:
    """Two callers with a key each."""
    file: Path = tmp_path_factory.mktemp("keys") / "nycklar.txt"
    eva, adam = new_key(file, "Eva"), new_key(file, "Adam")
    with serving("--api-keys", str(file), key=eva) as one:
        other = Sheets(one.server, adam)
        with other.http:
            yield one, other


def test_another_s_job_is_as_if_it_were_not(both: tuple[Sheets, Sheets]) -> None:
    eva, adam = both
    job = eva.sent(TRIP)
    eva.ended(job)
    for path in ("", "/events", "/result", "/report"):
        assert eva.http.get(f"/recalc/{job}{path}").status_code == 200
        answer = adam.http.get(f"/recalc/{job}{path}")
        assert answer.status_code == 404
        assert answer.json() == adam.http.get(f"/recalc/finns-inte{path}").json(), "nothing tells that it is there"
    assert adam.http.post(f"/recalc/{job}/again", json={}).status_code == 404
    assert adam.delete(job) == 404
    assert eva.state(job)["state"] == "done"


def test_each_has_a_list_of_their_own(both: tuple[Sheets, Sheets]) -> None:
    eva, adam = both
    mine, hers = adam.sent(TRIP), eva.sent(TRIP)
    listed = [job["id"] for job in adam.http.get("/recalc").json()["jobs"]]
    assert listed == [mine]
    latest = eva.http.get("/recalc").json()["jobs"]
    assert latest[0]["id"] == hers
    assert mine not in {job["id"] for job in latest}


def test_without_a_key_nothing_is_taken_or_told(both: tuple[Sheets, Sheets]) -> None:
    stranger = Sheets(both[0].server)
    job = both[0].sent(TRIP)
    with stranger.http:
        assert stranger.send(TRIP).status_code == 401
        assert stranger.http.get("/recalc").status_code == 401
        assert stranger.http.get(f"/recalc/{job}/result").status_code == 401
        assert stranger.delete(job) == 401
        for path in (f"//recalc/{job}", f"/RECALC/{job}/result", f"/recalc/{job}/"):
            httpx.get(stranger.server.url + path, trust_env=False)
    assert job not in both[0].server.output(), "whoever reads the log is not to reach the job"


def test_files_that_somebody_removed_are_not_there(both: tuple[Sheets, Sheets]) -> None:
    eva, _ = both
    job = eva.sent(TRIP)
    eva.ended(job)
    (folder,) = eva.server.folder.rglob(job)
    shutil.rmtree(folder)
    for path in ("/result", "/report"):
        answer = eva.http.get(f"/recalc/{job}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "finns-inte")
    assert eva.delete(job) == 204
