"""Many filled forms become one sheet that `fardkost recalc` reads, and no file is lost on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.xlsx.forms.small_forms import ANNA, computed, filled_budget, filled_claim, write_budget, write_claim
from xlsx.forms.contract import Departure
from xlsx.forms.gathering import gather
from xlsx.forms.gathering.finding import NothingThere, find_form_files
from xlsx.forms.gathering.gathered import Gathered
from xlsx.forms.gathering.gatheredbook import write_gathered
from xlsx.recalculate import recalculate

BO = {
    **ANNA,
    "anstallningsnr": "1234",
    "namn": "Bo Ek",
    "avdelning": "Miljö",
    "avresa": datetime(2024, 5, 6, 6, 45),
    "hemkomst": datetime(2024, 5, 8, 21),
    "fardmedel": "privat bil",
    "km": 420.5,
    "utlagg": None,
    "syfte": "Tillsyn",
}


@pytest.fixture(scope="module")
def claim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_claim(tmp_path_factory.mktemp("mall") / "reserakning.xlsx")


@pytest.fixture(scope="module")
def budget(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_budget(tmp_path_factory.mktemp("mall") / "resebudget.xlsx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def gathered(folder: Path, **more: Any) -> Gathered:
    return gather(find_form_files([str(folder)]), computed, workers=2, **more)


def status(made: Gathered) -> dict[str, str]:
    return {line.file: line.status for line in made.files}


def remarks(made: Gathered, file: str) -> str:
    return " ".join(next(line for line in made.files if line.file == file).remarks)


def sheet(path: Path, name: str) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)[name].iter_rows(values_only=True)]


def test_two_claims_become_two_rows_that_are_read_without_questions(claim: Path, folder: Path, tmp_path: Path) -> None:
    filled_claim(claim, folder / "anna.xlsx", ANNA)
    filled_claim(claim, folder / "bo.xlsx", BO)
    made = gathered(folder)
    assert status(made) == {"anna.xlsx": "med", "bo.xlsx": "med"}
    out = write_gathered(made, tmp_path / "samlat.xlsx")
    rows = sheet(out, "Resor")
    assert rows[0] == [
        "Rese-ID", "Anställningsnr", "Avdelning", "Avresa", "Hemkomst", "Färdmedel", "Km", "Utlägg",
        "Arbetstid start", "Syfte", "Fil",
    ]  # fmt: skip
    assert rows[1] == [
        "R0001", "007", "Kultur", datetime(2024, 3, 4, 7), datetime(2024, 3, 4, 18, 30), "tåg", None, 120.5,
        None, "=möte", "anna.xlsx",
    ]  # fmt: skip
    assert rows[2][:8] == [
        "R0002", "1234", "Miljö", datetime(2024, 5, 6, 6, 45), datetime(2024, 5, 8, 21), "privat bil", 420.5, None,
    ]  # fmt: skip
    read = recalculate(out)
    assert len(read.trips) == 2
    assert not read.claims.mapping.proposals and not read.problems
    assert read.claims.mapping.unknown == ["Fil"]
    assert not any("liknar" in note for note in read.notes)
    # 4 March 2024 is one day out and home again: no traktamente. 6–8 May: three days begun before 12 and ended after
    # 19 are whole ones, of 290 kr each in 2024 (Skatteverket's maximibelopp 2024), nothing deducted.
    assert (read.results["traktamente"].values / 100).tolist() == [0, 870]


def test_the_legs_of_a_claim_go_with_it(claim: Path, folder: Path, tmp_path: Path) -> None:
    day = datetime(2024, 5, 6)
    legs = {
        "strackor_avgang": [day.replace(hour=7), day.replace(day=8, hour=15)],
        "strackor_ankomst": [day.replace(hour=10), day.replace(day=8, hour=19)],
        "strackor_till": ["Belgien", "Sverige"],
    }
    filled_claim(claim, folder / "a.xlsx", {**BO, "anstallningsnr": "7"})
    filled_claim(claim, folder / "b.xlsx", {**BO, **legs})
    made = gathered(folder)
    out = write_gathered(made, tmp_path / "samlat.xlsx")
    assert sheet(out, "Delsträckor") == [
        ["Rese-ID", "Avgång", "Ankomst", "Till"],
        ["R0002", datetime(2024, 5, 6, 7), datetime(2024, 5, 6, 10), "Belgien"],
        ["R0002", datetime(2024, 5, 8, 15), datetime(2024, 5, 8, 19), "Sverige"],
    ]
    read = recalculate(out)
    assert read.trips.legs is not None and read.trips.legs.owner.tolist() == [1, 1] and not read.problems


def test_a_day_s_trip_without_legs_is_not_taken_for_one_long_journey(claim: Path, folder: Path, tmp_path: Path) -> None:
    filled_claim(claim, folder / "a.xlsx", ANNA)
    out = write_gathered(gathered(folder), tmp_path / "samlat.xlsx")
    assert sheet(out, "Delsträckor")[1] == ["R0001", ANNA["avresa"], ANNA["avresa"], None]
    # A row without legs would be paid from 7 to 8 and from 17 to 18.30; the claim states no journey.
    assert recalculate(out).results["fardtid"].values.tolist() == [0]


def test_values_are_of_the_inputs_as_they_are_now_not_of_an_earlier_saving(
    claim: Path, folder: Path, tmp_path: Path
) -> None:
    once = filled_claim(claim, tmp_path / "once.xlsx", ANNA)
    computed(once, tmp_path / "saved.xlsx")
    filled_claim(tmp_path / "saved.xlsx", folder / "again.xlsx", {"utlagg": 999})
    made = gathered(folder)
    assert made.claims[0].row.trip["Utlägg"] == 999


def test_no_file_is_lost(claim: Path, budget: Path, folder: Path) -> None:
    filled_claim(claim, folder / "med.xlsx", ANNA)
    filled_claim(claim, folder / "tom.xlsx", {})
    (folder / "kvitto.pdf").write_bytes(b"%PDF-1.4")
    (folder / "gammal.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (folder / "trasig.xlsx").write_bytes(claim.read_bytes()[:4000])
    secret = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    (folder / "lösen.xlsx").write_bytes(secret)
    openpyxl.Workbook().save(folder / "annan.xlsx")
    (folder / "utan.xlsx").write_bytes(b"")
    write_claim(folder / "annat-formulär.xlsx", kind="uppfoljning")
    (folder / "~$med.xlsx").write_bytes(b"x")
    made = gathered(folder)
    assert status(made) == {
        "annan.xlsx": "inget formulär",
        "annat-formulär.xlsx": "inget formulär",
        "gammal.xls": "inget formulär",
        "kvitto.pdf": "annan fil",
        "lösen.xlsx": "kan inte läsas",
        "med.xlsx": "med",
        "tom.xlsx": "tom",
        "trasig.xlsx": "kan inte läsas",
        "utan.xlsx": "kan inte läsas",
    }
    assert remarks(made, "annan.xlsx") == "Arbetsboken är inget av Färdkosts formulär."
    assert "lösenord" in remarks(made, "lösen.xlsx")
    assert "spara den som .xlsx" in remarks(made, "gammal.xls")
    assert "skadad" in remarks(made, "trasig.xlsx")
    assert remarks(made, "utan.xlsx") == "Filen är tom."
    assert len(made.claims) == 1
    assert "kvitto.pdf" not in {line.file for line in made.problems}
    assert "gammal.xls" in {line.file for line in made.problems}


def test_a_claim_that_is_there_twice_is_one_row(claim: Path, folder: Path) -> None:
    filled_claim(claim, folder / "anna.xlsx", ANNA)
    filled_claim(claim, folder / "anna (2).xlsx", ANNA)
    made = gathered(folder)
    assert status(made) == {"anna (2).xlsx": "med", "anna.xlsx": "dubblett"}
    assert remarks(made, "anna.xlsx") == "Samma reseräkning som anna (2).xlsx."
    assert [claim.file for claim in made.claims] == ["anna (2).xlsx"]


def test_claims_that_contradict_each_other_are_left_to_somebody_to_decide(
    claim: Path, folder: Path, tmp_path: Path
) -> None:
    filled_claim(claim, folder / "anna.xlsx", ANNA)
    filled_claim(claim, folder / "anna rättad.xlsx", {**ANNA, "utlagg": 210.5, "avresa": ANNA["avresa"]})
    filled_claim(claim, folder / "bo.xlsx", BO)
    filled_claim(claim, folder / "anna nästa dag.xlsx", {**ANNA, "hemkomst": ANNA["hemkomst"] + timedelta(days=1)})
    made = gathered(folder)
    assert status(made) == {
        "anna nästa dag.xlsx": "med",
        "anna rättad.xlsx": "att avgöra",
        "anna.xlsx": "att avgöra",
        "bo.xlsx": "med",
    }
    why = "Samma resa står också i anna.xlsx, med annat under Utlägg. Ta bort den som inte gäller."
    assert remarks(made, "anna rättad.xlsx") == why
    out = write_gathered(made, tmp_path / "samlat.xlsx")
    assert [row[-1] for row in sheet(out, "Att avgöra")[1:]] == ["anna rättad.xlsx", "anna.xlsx"]
    assert [row[-1] for row in sheet(out, "Resor")[1:]] == ["anna nästa dag.xlsx", "bo.xlsx"]


def test_what_is_wrong_in_a_claim_is_said_and_its_row_is_kept_as_it_was_written(
    claim: Path, folder: Path, tmp_path: Path
) -> None:
    filled_claim(claim, folder / "anna.xlsx", {**ANNA, "avresa": "fjärde mars"})
    departure = Departure("Reseräkning", "B3", "Formeln är överskriven.", "fel")
    made = gathered(folder, check=lambda form: [departure])
    assert status(made) == {"anna.xlsx": "med, att rätta"}
    assert made.files[0].remarks == (
        "Reseräkning!B3: Formeln är överskriven.",
        "Avresa och Hemkomst ska vara datum.",
    )
    read = recalculate(write_gathered(made, tmp_path / "samlat.xlsx"))
    assert "fjärde mars" in read.errors.texts[read.errors.index[0]]


def test_a_form_that_was_changed_without_harm_is_read_and_the_change_named(claim: Path, folder: Path) -> None:
    filled_claim(claim, folder / "anna.xlsx", ANNA)
    made = gathered(folder, check=lambda form: [Departure("", "", f"Äldre mall ({form.version}).", "varning")])
    assert status(made) == {"anna.xlsx": "med"}
    assert remarks(made, "anna.xlsx") == "Äldre mall (1)."


def test_a_claim_whose_row_is_gone_is_named(claim: Path, folder: Path) -> None:
    book = openpyxl.load_workbook(filled_claim(claim, folder / "anna.xlsx", ANNA))
    del book.defined_names["resrad"]
    book.save(folder / "anna.xlsx")
    made = gathered(folder)
    assert status(made) == {"anna.xlsx": "kan inte läsas"}
    assert "saknar fältet resrad" in remarks(made, "anna.xlsx")


def test_a_computed_copy_beside_its_original_is_not_read_twice(claim: Path, folder: Path) -> None:
    filled_claim(claim, folder / "anna.xlsx", ANNA)
    computed(folder / "anna.xlsx", folder / "anna-beräknad.xlsx")
    filled_claim(claim, folder / "bo-beräknad.xlsx", BO)
    assert status(gathered(folder)) == {
        "anna-beräknad.xlsx": "resultatfil",
        "anna.xlsx": "med",
        "bo-beräknad.xlsx": "med",
    }


def test_budgets_become_one_list_of_trips(budget: Path, folder: Path, tmp_path: Path) -> None:
    may = datetime(2026, 5, 1)
    units = [("Kultur", 50000), ("Miljö", 20000)]
    filled_budget(budget, folder / "a.xlsx", units, [("Kultur", may, 2, "Mässa", 450), ("Miljö", may, 1, "Kurs", 99.5)])
    filled_budget(budget, folder / "b.xlsx", [("Skola", 1)], [("Skola", may, 4, "Studiebesök", 100)])
    made = gathered(folder)
    assert [(line.file, line.kind, line.rows) for line in made.files] == [
        ("a.xlsx", "Resebudget", 2),
        ("b.xlsx", "Resebudget", 1),
    ]
    assert sheet(write_gathered(made, tmp_path / "samlat.xlsx"), "Planerade resor") == [
        ["Enhet", "Månad", "Antal", "Syfte", "Biljett", "Kostnad", "Fil"],
        ["Kultur", may, 2, "Mässa", 450, 900, "a.xlsx"],
        ["Miljö", may, 1, "Kurs", 99.5, 99.5, "a.xlsx"],
        ["Skola", may, 4, "Studiebesök", 100, 400, "b.xlsx"],
    ]


def test_a_folder_without_files_or_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(NothingThere, match="inga filer att samla"):
        find_form_files([str(folder)])
    with pytest.raises(NothingThere, match="finns inte"):
        find_form_files([str(folder / "borta")])
