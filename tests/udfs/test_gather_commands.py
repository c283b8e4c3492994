"""`fardkost gather` and `fardkost split`: what they say, write and answer."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from core.law import law
from tests.xlsx.forms.small_forms import ANNA, MADE, filled_claim, write_claim
from udfs.cli import main
from udfs.forms import recalculate_form
from udfs.registry import FUNCTIONS
from xlsx.forms.filling import fill
from xlsx.forms.named import read_form
from xlsx.forms.setting import FormSetting
from xlsx.forms.templates import FORMS


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def claim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_claim(tmp_path_factory.mktemp("mall") / "reserakning.xlsx")


def test_gathered_claims_are_recalculated_as_any_sheet(claim: Path, folder: Path, tmp_path: Path) -> None:
    # 6–7 May 2024: the first day begins before 12 (whole), the second ends before 19 (half): 290 + 145 kr.
    times = {"avresa": datetime(2024, 5, 6, 7), "hemkomst": datetime(2024, 5, 7, 18)}
    filled_claim(claim, folder / "a.xlsx", {**ANNA, **times})
    filled_claim(claim, folder / "b.xlsx", {**ANNA, **times, "anstallningsnr": "9"})
    out = tmp_path / "samlat.xlsx"
    ran = run("gather", folder, "--out", out)
    assert ran.exit_code == 0, ran.output
    assert "Reseräkningar: 2 rader på bladet Resor" in ran.output
    assert f"Räkna om: fardkost recalc {out} --policy linkoping" in " ".join(ran.output.split())
    ran = run("recalc", out, "--policy", "linkoping")
    assert ran.exit_code == 0, ran.output
    sheet = openpyxl.load_workbook(tmp_path / "samlat-beräknad.xlsx")["Resor"]
    headings = [cell.value for cell in sheet[1]]
    assert [row[headings.index("Traktamente")].value for row in sheet.iter_rows(min_row=2)] == [435, 435]
    assert "Filer" in openpyxl.load_workbook(tmp_path / "samlat-beräknad.xlsx").sheetnames


def test_what_is_not_there_is_listed_and_the_exit_code_says_so(claim: Path, folder: Path, tmp_path: Path) -> None:
    filled_claim(claim, folder / "a.xlsx", ANNA)
    (folder / "trasig.xlsx").write_bytes(b"PK\x03\x04")
    ran = run("gather", folder, "--out", tmp_path / "ut.xlsx")
    assert ran.exit_code == 1
    assert "trasig.xlsx" in ran.output and "kan inte läsas: 1" in ran.output
    rows = list(openpyxl.load_workbook(tmp_path / "ut.xlsx")["Filer"].iter_rows(values_only=True))
    assert [(row[0], row[2]) for row in rows[1:]] == [("a.xlsx", "med"), ("trasig.xlsx", "kan inte läsas")]


def test_nothing_to_gather_writes_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "brev.docx").write_bytes(b"PK")
    ran = run("gather", folder, "--out", tmp_path / "ut.xlsx")
    assert ran.exit_code == 2 and "inget är skrivet" in ran.output
    assert not (tmp_path / "ut.xlsx").exists()
    assert run("gather", folder / "borta", "--out", tmp_path / "ut.xlsx").exit_code == 2


def test_a_form_is_never_written_over(claim: Path, folder: Path, tmp_path: Path) -> None:
    path = filled_claim(claim, folder / "a.xlsx", ANNA)
    before = path.read_bytes()
    ran = run("gather", folder, "--out", path)
    assert ran.exit_code == 2 and "skrivs inte över" in ran.output
    assert path.read_bytes() == before
    assert run("gather", folder, "--out", tmp_path / "ut.csv").exit_code == 2
    assert "mappen" in run("gather", folder, "--out", tmp_path / "borta" / "ut.xlsx").output


def test_a_second_gathering_takes_the_place_of_the_first(claim: Path, folder: Path) -> None:
    filled_claim(claim, folder / "a.xlsx", ANNA)
    out = folder / "samlat.xlsx"
    assert [run("gather", folder, "--out", out).exit_code for _ in range(2)] == [0, 0]
    rows = list(openpyxl.load_workbook(out)["Filer"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["a.xlsx"]


def test_two_runs_give_the_same_bytes(claim: Path, folder: Path, tmp_path: Path) -> None:
    filled_claim(claim, folder / "a.xlsx", ANNA)
    outs = [tmp_path / "1.xlsx", tmp_path / "2.xlsx"]
    for out in outs:
        run("gather", folder, "--out", out)
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_claims_under_two_policies_are_told(claim: Path, folder: Path, tmp_path: Path) -> None:
    filled_claim(claim, folder / "a.xlsx", ANNA)
    filled_claim(claim, folder / "b.xlsx", {**ANNA, "anstallningsnr": "9", "policy": "stockholm"})
    ran = run("gather", folder, "--out", tmp_path / "ut.xlsx")
    assert "olika policyer: linkoping, stockholm" in ran.output
    assert ran.exit_code == 0


# The real budget

BUDGET_TRIPS = (
    # enhet, manad, resa, antal, personer, fran, till, fardmedel, natter, biljett, hotell, km
    ("Kultur", "januari", "Nätverk", 4, 2, "Linköping", "Stockholm", "tåg", None, 400, None, None),
    ("Miljö", "februari", "Tillsyn", 10, 1, "Linköping", "Motala", "poolbil", None, None, None, 100),
    ("Kultur", "mars", "Mässa", 1, 3, "Linköping", "Göteborg", "tåg", 1, 900, 1200, None),
    ("Miljö", "maj", "Kurs", 2, 1, "Linköping", "Malmö", "flyg", 2, 1500, 1000, None),
)
TRIP_NAMES = (
    *("enhet", "manad", "resa", "antal", "personer", "fran", "till", "fardmedel"),
    *("natter", "biljett", "hotell", "km"),
)
TICKETS = {"Kultur": 4 * 2 * 400 + 1 * 3 * 900, "Miljö": 2 * 1 * 1500}
HOTELS = {"Kultur": 1 * 3 * 1 * 1200, "Miljö": 2 * 1 * 2 * 1000}


@pytest.fixture(scope="module")
def budget(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("budget")
    blank = folder / "tom.xlsx"
    FORMS["resebudget"].write(blank, FormSetting(law("linkoping"), "linkoping", frozenset(FUNCTIONS), MADE))
    values = {f"resor_{name}": [trip[at] for trip in BUDGET_TRIPS] for at, name in enumerate(TRIP_NAMES)}
    values |= {"enheter_namn": ["Kultur", "Miljö"], "enheter_ram_kr": [50_000, 20_000], "enheter_ram_kg": [100, None]}
    values |= {"budgetar": 2026, "avresa_klocka": time(7), "hemkomst_klocka": time(18, 30), "manadslon": 33_000}
    fill(blank, folder / "ifylld.xlsx", values)
    recalculate_form(folder / "ifylld.xlsx", folder / "budget.xlsx")
    return folder / "budget.xlsx"


def kronor(path: Path) -> dict[str, float]:
    """The sums of a budget that are kronor of trips."""
    form = read_form(path)
    names = [name for name in form.areas if name.startswith("summa_") and "ramar" not in name and "kvar" not in name]
    return {name: form.value(name) for name in names}


def test_a_real_budget_is_split_and_comes_back_with_the_same_sums(budget: Path, tmp_path: Path) -> None:
    before = budget.read_bytes()
    ran = run("split", budget, "--out", tmp_path / "enheter")
    assert ran.exit_code == 0, ran.output
    kultur, miljo = (tmp_path / "enheter" / f"budget-{unit}.xlsx" for unit in ("Kultur", "Miljö"))
    whole = kronor(budget)
    assert whole["summa_biljetter"] == sum(TICKETS.values()) and whole["summa_hotell"] == sum(HOTELS.values())
    for unit, path in (("Kultur", kultur), ("Miljö", miljo)):
        assert kronor(path)["summa_biljetter"] == TICKETS[unit] and kronor(path)["summa_hotell"] == HOTELS[unit]
    parts = [kronor(path) for path in (kultur, miljo)]
    assert {name: parts[0][name] + parts[1][name] for name in whole} == pytest.approx(whole, abs=1e-6)
    assert whole["summa_totalt"] > whole["summa_biljetter"] + whole["summa_hotell"]
    assert read_form(kultur).value("summa_kvar_kr") == pytest.approx(50_000 - parts[0]["summa_totalt"])
    ran = run("gather", tmp_path / "enheter", "--into", budget, "--out", tmp_path / "åter.xlsx")
    assert ran.exit_code == 0, ran.output
    assert kronor(tmp_path / "åter.xlsx") == whole
    same = [read_form(path).column("resor_resa") for path in (budget, tmp_path / "åter.xlsx")]
    assert same[0] == same[1]
    assert budget.read_bytes() == before
    ran = run("gather", tmp_path / "enheter", "--out", tmp_path / "lista.xlsx")
    assert "Resebudgetar: 2, 4 resor på bladet Planerade resor" in ran.output
    assert ran.exit_code == 0, ran.output


def test_a_unit_s_change_is_in_the_new_budget_and_a_conflict_is_told(budget: Path, tmp_path: Path) -> None:
    run("split", budget, "--out", tmp_path / "enheter")
    part = tmp_path / "enheter" / "budget-Kultur.xlsx"
    changed = tmp_path / "k.xlsx"
    fill(part, changed, {"resor_antal": [5, 1], "enheter_ram_kr": [99_000]})
    changed.replace(part)
    ran = run("gather", tmp_path / "enheter", "--into", budget, "--out", tmp_path / "åter.xlsx")
    assert ran.exit_code == 1
    assert "Budgetens gäller" in " ".join(ran.output.split())
    # One more trip of two persons for 400 kr each.
    assert kronor(tmp_path / "åter.xlsx")["summa_biljetter"] == sum(TICKETS.values()) + 2 * 400


def test_split_refuses_what_is_no_budget(claim: Path, tmp_path: Path) -> None:
    ran = run("split", claim, "--out", tmp_path / "ut")
    assert ran.exit_code == 2 and "ingen resebudget" in ran.output
    assert run("split", tmp_path / "borta.xlsx", "--out", tmp_path / "ut").exit_code == 2
    assert not (tmp_path / "ut").exists()
