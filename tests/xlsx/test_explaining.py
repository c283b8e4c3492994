"""One trip of a sheet taken apart: the last step is the result in the sheet, also where other trips count."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from udfs.cli import main
from xlsx.explaining import NoSuchTrip, explain_trip, find_trip
from xlsx.recalculate import Recalculation, recalculate

# Two day trips of one person in one week of 2024, 02:00–22:00 with work 08–17: 11 h of travel time each.
# At 33 000 kr a month an hour is 200 kr. First trip: 10 h at 53,3 % and 1 h at 80 %: 1 066 + 160 kr.
# Second trip: all 11 h beyond ten hours of the week: 11 × 160 kr. A day trip of more than 4 h: 50 kr resetillägg.
SHEET = """\
Rese-ID;Anställningsnr;Avresa;Hemkomst;Avstånd till förrättningen;Färdmedel;Km;Månadslön
A1;7;2024-03-04 02:00;2024-03-04 22:00;200;tåg;400;33000
A2;7;2024-03-05 02:00;2024-03-05 22:00;200;tåg;400;33000
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "resor.csv"
    file.write_text(SHEET, "utf-8")
    return file


@pytest.fixture
def made(path: Path) -> Recalculation:
    return recalculate(path)


@pytest.mark.parametrize(("trip", "paid"), [("A1", 1066 + 160), ("A2", 11 * 160)])
def test_travel_time_is_explained_with_the_week_s_other_trip(made: Recalculation, trip: str, paid: int) -> None:
    steps = {one.target.name: one.steps for one in explain_trip(made, find_trip(made, trip))}
    assert (steps["fardtidsersattning"][-1].title, steps["fardtidsersattning"][-1].value) == (
        "Färdtidsersättning",
        paid,
    )
    week = [step.value for step in steps["fardtidsersattning"] if step.title.endswith("Färdtid under kalenderveckan")]
    assert week == [22]


def test_every_result_s_last_step_is_its_value_in_the_sheet(made: Recalculation) -> None:
    explained = {one.target.name: one.steps[-1] for one in explain_trip(made, find_trip(made, "A1"))}
    assert explained["resetillagg"].value == 50
    assert explained["utslapp"].value == pytest.approx(2.8)  # 400 km × 0,007 kg
    assert {step.status for one in explain_trip(made, 0) for step in one.steps} >= {"obekräftad", "bekräftad"}


def test_a_trip_is_found_by_id_and_by_row(made: Recalculation) -> None:
    assert (find_trip(made, "a2"), find_trip(made, "3")) == (1, 1)
    with pytest.raises(NoSuchTrip, match="Resorna står på raderna 2–3"):
        find_trip(made, "A9")


def test_the_command_shows_the_steps_and_writes_nothing(path: Path) -> None:
    result = CliRunner().invoke(main, ["recalc", str(path), "--explain", "A2"])
    assert result.exit_code == 0 and "1 760" in result.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert list(path.parent.iterdir()) == [path]
    assert CliRunner().invoke(main, ["recalc", str(path), "--explain", "A9"]).exit_code == 2
