"""The settings of sheets on the server, from a file, the environment and the code that starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.udfs.server.jobs.recalculating import Sheets
from tests.udfs.server.running import ROOT, running_server
from udfs.server.settings import BY_ENVIRONMENT, Settings, SettingsError, read_settings

TRIP = ("a.csv", b"Avresa;Hemkomst\n2024-03-04 07:00;2024-03-06 20:00\n")


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BY_ENVIRONMENT:
        monkeypatch.delenv(f"FARDKOST_{name.upper()}", raising=False)


def test_the_environment_goes_before_the_file_and_what_is_stated_before_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "server.yaml"
    file.write_text("max_jobs: 5\njob_lifetime: 60\njobs_folder: jobb\nmax_upload: 1000\n", "utf-8")
    assert read_settings(file).jobs_folder == tmp_path / "jobb"
    monkeypatch.setenv("FARDKOST_MAX_JOBS", "7")
    monkeypatch.setenv("FARDKOST_JOBS_FOLDER", str(tmp_path / "annan"))
    monkeypatch.setenv("FARDKOST_JOB_TIME_LIMIT", " 2.5 ")
    monkeypatch.setenv("FARDKOST_MAX_UPLOAD", "")
    made = read_settings(file, job_lifetime=30)
    assert (made.max_jobs, made.job_time_limit, made.job_lifetime, made.max_upload) == (7, 2.5, 30, 1000)
    assert made.jobs_folder == tmp_path / "annan"
    monkeypatch.setenv("FARDKOST_JOBS_FOLDER", "~/annan")
    assert read_settings().jobs_folder == Path.home() / "annan"
    assert read_settings(file, max_jobs=9).max_jobs == 9
    assert read_settings().max_jobs == 7


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("FARDKOST_MAX_JOBS", "många", "Miljövariabeln FARDKOST_MAX_JOBS: max_jobs: 'många' ska vara ett heltal"),
        ("FARDKOST_MAX_JOBS", "0", "FARDKOST_MAX_JOBS: max_jobs: 0 är för litet, det ska vara minst 1"),
        ("FARDKOST_MAX_UPLOAD", "1.5", "FARDKOST_MAX_UPLOAD: max_upload: 1.5 ska vara ett heltal"),
        ("FARDKOST_JOB_LIFETIME", "inf", "FARDKOST_JOB_LIFETIME: job_lifetime: inf är för stort, det ska vara högst"),
        ("FARDKOST_JOB_LIFETIME", "-1", "FARDKOST_JOB_LIFETIME: job_lifetime: -1 är för litet"),
    ],
)
def test_a_variable_that_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert says in str(error.value)
    assert read_settings(**{name.removeprefix("FARDKOST_").lower(): 3}), "what is stated needs no variable"


def test_a_server_is_set_by_its_environment(tmp_path: Path) -> None:
    own = {"FARDKOST_MAX_JOBS": "1", "FARDKOST_JOBS_FOLDER": str(tmp_path / "blad"), "FARDKOST_MAX_UPLOAD": "1000"}
    with running_server(env=own) as server:
        sheets = Sheets(server)
        with sheets.http:
            job = sheets.sent(TRIP)
            assert sheets.send(TRIP).status_code == 503, "one is as many as there may be"
            sheets.ended(job)
            assert (tmp_path / "blad" / "jobb" / job).is_dir()
            assert sheets.delete(job) == 204
            assert sheets.send(("a.csv", TRIP[1] * 100)).status_code == 413


def test_the_document_names_the_variables() -> None:
    document = (ROOT / "docs" / "drift.md").read_text("utf-8")
    for name in BY_ENVIRONMENT:
        assert f"`FARDKOST_{name.upper()}`" in document
        assert name in Settings.__dataclass_fields__
