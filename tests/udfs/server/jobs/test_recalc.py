"""A sheet over the server, from upload to download, against the figures that the demo sheet is known to give."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from tests.udfs.server.jobs.recalculating import DEMO, Sheets

CSV = (
    "Rese-ID;Avresa;Hemkomst;Land\n"
    "A1;2024-03-04 07:00;2024-03-06 20:00;Sverige\n"
    "A2;2024-03-06 07:00;2024-03-05 20:00;Sverige\n"
)
"""Three whole days at 290 kr (2024), and a trip that ends before it begins."""


@pytest.fixture(scope="module")
def demo(sheets: Sheets) -> str:
    job = sheets.sent(days="ja", saved="1767225600")
    assert sheets.ended(job)["state"] == "done"
    return job


@pytest.fixture(scope="module")
def report(sheets: Sheets, demo: str) -> Any:
    return sheets.report(demo)


def test_the_answer_says_where_everything_is(sheets: Sheets) -> None:
    answer = sheets.send()
    job = answer.json()["id"]
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/recalc/{job}"
    assert answer.json()["urls"] == {"self": f"/recalc/{job}", "events": f"/recalc/{job}/events"}
    assert answer.json()["file"] == DEMO.name
    assert len(job) >= 32, "the id is all that protects a job where nobody signs in"
    assert set(sheets.ended(job)["urls"]) == {"self", "events", "result", "report", "again"}


def test_the_events_tell_of_the_queue_the_phases_and_the_rows(sheets: Sheets) -> None:
    first, second = sheets.sent(), sheets.sent()
    events = sheets.events(second)
    assert {name for name, _ in events} == {"state"}
    states = [event for _, event in events]
    assert states[0]["state"] == "queued"
    assert states[0]["place"] in (1, 2)
    order = [event["state"] for event in states]
    assert order == sorted(order, key=["queued", "running", "done"].index)
    phases = [event["phase"] for event in states if event["state"] == "running"]
    assert "reading" in phases
    assert states[-1]["state"] == "done"
    assert (states[-1]["rows_done"], states[-1]["rows"]) == (420, 420)
    assert sheets.state(first)["state"] == "done", "first come, first served"


def test_the_events_tell_rows_of_all_once_the_sheet_has_been_read(sheets: Sheets) -> None:
    head, first, _ = CSV.splitlines(keepends=True)
    job = sheets.sent(("stor.csv", (head + first * 40_000).encode()))
    states = [event for _, event in sheets.events(job)]
    assert {event["rows"] for event in states if event["phase"] == "reading"} <= {None}
    assert {event["rows"] for event in states if event["phase"] == "computing"} <= {40_000}
    writing = [event for event in states if event["state"] == "running" and event["phase"] == "writing"]
    assert writing, "so many rows take longer to write than a stream of events looks away"
    assert {event["rows"] for event in writing} == {40_000}
    done = [event["rows_done"] for event in states if event["phase"] == "writing"]
    assert done == sorted(done)
    assert done[-1] == 40_000


def test_the_totals_are_those_of_the_command_line(report: Any) -> None:
    """The figures that README.md shows: öre are in the report, whole kronor there."""
    assert (report["trips"], report["wrong"], len(report["errors"])) == (420, 14, 14)
    shown = {row["name"]: row for row in [*report["departments"], {**report["total"], "name": "Alla"}]}
    expected = {
        "Kommunledningsförvaltningen": (61, 2, 25_772, 48_408, 185_967, 2_010, 2_788),
        "Utbildningsförvaltningen": (90, 2, 60_203, 86_091, 353_625, 6_434, 9_346),
        "Alla": (420, 14, 265_593, 386_864, 1_602_366, 28_245, 41_019),
    }
    for name, (trips, wrong, km, paid, cost, emissions, charge) in expected.items():
        row, sums = shown[name], shown[name]["sums"]
        assert (row["trips"], row["wrong"], round(row["km"])) == (trips, wrong, km)
        assert round(sums["ersattning_totalt"]) == paid
        assert round(sums["resekostnad_totalt"]) == cost
        assert round(sums["utslapp"]) == emissions
        assert round(sums["klimatpaslag"]) == charge
    assert len(report["departments"]) == 6
    assert sum(row["trips"] for row in report["modes"]) == 420
    assert sum(row["sums"]["ersattning_totalt"] for row in report["modes"]) == pytest.approx(386_863.96)


def test_each_total_says_how_many_trips_it_lacks(sheets: Sheets) -> None:
    """One trip by car without its distance: two days of 300 are known, mileage, emissions and charge are not."""
    head = "Avdelning;Avresa;Hemkomst;Färdmedel;Km;Avstånd\n"
    rows = "Skola;2026-03-10 07:00;2026-03-11 20:00;{};100\nVård;2026-03-10 07:00;2026-03-11 20:00;tåg;200;100\n"
    job = sheets.sent(("Resor.csv", (head + rows.format("privat bil;")).encode("cp1252")))
    report = sheets.report(job) if sheets.ended(job)["state"] == "done" else {}
    lacks = {"ersattning_totalt": 1, "resekostnad_totalt": 1, "utslapp": 1, "klimatpaslag": 1}
    assert report["total"]["left_out"] == lacks
    assert {row["name"]: row["left_out"] for row in report["departments"]} == {"Skola": lacks, "Vård": {}}
    job = sheets.sent(("Resor.csv", (head + rows.format("privat bil;ca 9")).encode("cp1252")))
    report = sheets.report(job) if sheets.ended(job)["state"] == "done" else {}
    assert report["total"]["left_out"] == {"km": 1, **lacks}


def test_the_errors_say_where_and_what_was_expected(report: Any) -> None:
    """As in README.md."""
    by_row = {error["row"]: error for error in report["errors"]}
    assert "Hemkomsten ligger före avresan." in by_row[42]["text"]
    assert 'Km: "ca 90" är inget tal. Skriv till exempel 1 234,50.' in by_row[93]["text"]
    assert 'Okänt land "Tysklnd". Menade du Tyskland?' in by_row[136]["text"]
    assert by_row[42]["trip"].startswith("R")


def test_the_report_has_columns_controls_and_figures(report: Any) -> None:
    assert {"column": "E", "written": "Avresa", "title": "Avresa", "scale": 1, "chosen": "Avresa"} in report["columns"]
    controls = {(one["grade"], one["rule"]): one["trips"] for one in report["controls"]}
    assert controls["stopp", "L-3-3"] == 35, "as README.md shows"
    assert controls["varning", "L-4.2-2"] == 32
    by_department = [
        one for one in report["controls_by_department"] if (one["grade"], one["rule"]) == ("stopp", "L-3-3")
    ]
    assert sum(one["trips"] for one in by_department) == 35
    assert len({one["department"] for one in by_department}) == len(by_department) > 1
    assert {one["status"] for one in report["figures"]} <= {"obekräftad", "förslag"}
    assert len(report["figures"]) > 10
    facts = {fact["title"]: fact["value"] for fact in report["facts"]}
    assert facts["Underlaget sparat"].startswith("2026-01-01"), "the sender's time, not that of the upload"
    assert facts["Summarader, inte räknade"] == 1


def test_the_result_is_the_user_s_own_workbook_with_results(sheets: Sheets, demo: str) -> None:
    answer = sheets.result(demo)
    assert answer.headers["content-disposition"] == "attachment; filename*=utf-8''resor-2024-2026-ber%C3%A4knad.xlsx"
    assert answer.headers["cache-control"] == "no-store"
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert {"Resor", "Sammanställning", "Dygn", "Kontroller"} <= set(book.sheetnames)
    header = next(row for row in book["Resor"].iter_rows(max_row=20) if any(cell.value == "Rese-ID" for cell in row))
    columns = {cell.value: cell.column for cell in header}
    first = [
        book["Resor"].cell(header[0].row + 1, columns[title]).value
        for title in ("Rese-ID", "Traktamente", "Ersättning totalt")
    ]
    assert first == ["R00001", 623, 1088.5], "as README.md shows"
    book.close()


def test_a_csv_file_comes_back_as_a_workbook(sheets: Sheets) -> None:
    job = sheets.sent(("Resor å.csv", CSV.encode("cp1252")))
    assert sheets.ended(job)["state"] == "done"
    report = sheets.report(job)
    assert (report["trips"], report["wrong"]) == (2, 1)
    assert report["errors"][0]["row"] == 3
    answer = sheets.result(job)
    assert "Resor%20%C3%A5-ber%C3%A4knad.xlsx" in answer.headers["content-disposition"]
    cells = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert cells[1][list(cells[0]).index("Traktamente")] == 3 * 290


def test_another_policy_gives_other_results(sheets: Sheets) -> None:
    """Linköping pays resetillägg, Stockholm none: 50 kr a day with more than four hours away, three days."""
    trip = ("r.csv", CSV.encode().partition(b"A2")[0])
    paid = {}
    for policy in ("linkoping", "stockholm"):
        job = sheets.sent(trip, policy=policy)
        assert sheets.ended(job)["policy"] == policy
        paid[policy] = sheets.report(job)["total"]["sums"]["ersattning_totalt"]
    assert paid["linkoping"] - paid["stockholm"] == 150


def test_the_same_sheet_again_with_other_options(sheets: Sheets) -> None:
    job = sheets.sent(("r.csv", CSV.encode()))
    sheets.ended(job)
    before = sheets.report(job)
    answer = sheets.http.post(f"/recalc/{job}/again", json={"policy": "stockholm", "days": True})
    assert answer.status_code == 202
    assert answer.json()["state"] in ("queued", "running")
    assert sheets.http.get(f"/recalc/{job}/result").status_code == 409, "not the old result"
    ended = sheets.ended(job)
    assert (ended["policy"], ended["days"], ended["state"]) == ("stockholm", True, "done")
    assert sheets.report(job)["total"] != before["total"]
    assert "Dygn" in openpyxl.load_workbook(io.BytesIO(sheets.result(job).content)).sheetnames
    runs = [path.name for path in (sheets.folder() / job).iterdir()]
    assert len(runs) == 2, f"the sheet and the latest run: {runs}"


def test_a_deleted_job_is_gone_with_its_files(sheets: Sheets) -> None:
    job = sheets.sent(("r.csv", CSV.encode()))
    sheets.ended(job)
    folder = sheets.folder() / job
    assert folder.exists()
    assert sheets.delete(job) == 204
    assert not folder.exists()
    for path in ("", "/events", "/result", "/report"):
        assert sheets.http.get(f"/recalc/{job}{path}").status_code == 404
    assert sheets.delete(job) == 404


def test_a_job_that_is_computed_can_be_cancelled(sheets: Sheets) -> None:
    job = sheets.sent()
    sheets.until(job, "running")
    assert sheets.delete(job) == 204
    assert sheets.http.get(f"/recalc/{job}").status_code == 404
    after = sheets.sent(("r.csv", CSV.encode()))
    assert sheets.ended(after)["state"] == "done", "the next has its turn"
    assert not (sheets.folder() / job).exists()


def test_without_sign_in_nobody_gets_a_list(sheets: Sheets, demo: str) -> None:
    """All callers are the same to the server; only the id opens a job."""
    assert sheets.http.get("/recalc").json() == {"jobs": []}


def test_the_log_has_no_names_ids_or_cells(sheets: Sheets) -> None:
    job = sheets.sent(("hemligt-namn.csv", CSV.encode()))
    sheets.ended(job)
    sheets.events(job)
    sheets.report(job)
    sheets.http.post(f"/recalc/{job}")
    sheets.http.get(f"/recalc/{job}/finns-inte")
    sheets.delete(job)
    written = sheets.server.output()
    assert job not in written
    assert "hemligt-namn" not in written
    assert "A1" not in written
    jobs = [line for line in sheets.logged() if line["message"] == "job"]
    assert jobs[-1]["state"] == "done"
    assert jobs[-1]["bytes_in"] == len(CSV.encode())
