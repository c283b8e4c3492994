"""`fardkost gather` and `fardkost split` on the real forms: what they say, write and answer."""

from __future__ import annotations

import json
from datetime import date, time
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from click.testing import CliRunner, Result

from core.law import law
from tests.udfs.gathered_claims import DAY_BY_TRAIN, FIVE, THREE_DAYS
from udfs.cli import main
from udfs.commands.form_tools import addin_of, fresh_budget
from udfs.form_computing import compute_form
from udfs.registry import FUNCTIONS
from xlsx.forms.addin import AddIn, with_addin
from xlsx.forms.filling import fill
from xlsx.forms.gathering.agreement import COMPARED
from xlsx.forms.named import read_form
from xlsx.forms.setting import FormSetting
from xlsx.forms.templates import FORMS
from xlsx.recalculate import recalculate

MADE = date(2026, 11, 22)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def template(kind: str, folder: Path, policy: str = "linkoping") -> Path:
    path = folder / f"{kind}-{policy}.xlsx"
    FORMS[kind].write(path, FormSetting(law(policy), policy, frozenset(FUNCTIONS), MADE))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def claim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template("reserakning", tmp_path_factory.mktemp("mall"))


def files(path: Path) -> list[tuple[Any, Any]]:
    """File and status on the sheet of files."""
    rows = openpyxl.load_workbook(path)["Filer"].iter_rows(min_row=2, values_only=True)
    return [(row[0], row[2]) for row in rows]


def sums(path: Path, policy: str = "linkoping") -> dict[str, float]:
    """Kronor of each result over all rows of a sheet of trips."""
    results = recalculate(path, policy=policy).results
    shown = {}
    for name, column in results.items():
        values = column.values if column.given is None else column.values * column.given
        assert column.errors is None or not column.errors.any(), name
        shown[name] = float(values.sum()) / 100
    return shown


def test_the_sums_of_five_claims_are_those_of_their_gathered_sheet(claim: Path, folder: Path, tmp_path: Path) -> None:
    forms: dict[str, float] = dict.fromkeys(COMPARED, 0)
    for name, inputs in FIVE.items():
        path = fill(claim, folder / f"{name}.xlsx", inputs)
        ran = run("form", path, "--json", "--out", tmp_path / f"{name}.xlsx")
        assert ran.exit_code == 0, ran.output
        shown = {total["name"]: total["value"] for total in json.loads(ran.output)["totals"]}
        forms = {total: forms[total] + (shown[total] or 0) for total in COMPARED}
    out = tmp_path / "samlat.xlsx"
    ran = run("gather", folder, "--out", out)
    assert ran.exit_code == 0, ran.output
    assert "Reseräkningar: 5 rader på bladet Resor" in ran.output
    assert f"fardkost recalc {out} --policy linkoping" in " ".join(ran.output.split())
    assert files(out) == [(f"{name}.xlsx", "med") for name in FIVE]
    made = sums(out)
    assert {total: made[name] for total, name in COMPARED.items()} == pytest.approx(forms, abs=0.005)
    # anna and cecilia: one day each, nothing. bo: three whole days of 300 kr less two hotel breakfasts of 20 %
    # (IL 12:17) = 900 - 2 x 60 = 780. david: two days in Belgium (897 kr in 2026), three whose longest part is
    # France (850 kr) = 1 794 + 2 550 = 4 344. eva: a whole day, home before 19 a half, less a lunch of 35 % of a
    # whole day = 300 + 150 - 105 = 345.
    assert made["traktamente"] == 780 + 4344 + 345
    assert made["nattraktamente"] == 150
    # 18 mil of 25 kr are free of tax.
    assert made["bilersattning_skattefri"] == 18 * 25
    ran = run("recalc", out, "--policy", "linkoping")
    assert ran.exit_code == 0, ran.output
    sheet = openpyxl.load_workbook(tmp_path / "samlat-beräknad.xlsx")["Resor"]
    headings = [cell.value for cell in sheet[1]]
    paid = [row[headings.index("Traktamente")].value for row in sheet.iter_rows(min_row=2, max_row=6)]
    assert paid == [0, 780, 0, 4344, 345]


def test_amounts_that_one_row_cannot_say_are_told(claim: Path, folder: Path, tmp_path: Path) -> None:
    # A day off in the middle: the import sheet has no column for it.
    fill(claim, folder / "bo.xlsx", {**THREE_DAYS, "dygn_ledig": [None, "ja"]})
    ran = run("gather", folder, "--out", tmp_path / "ut.xlsx")
    assert ran.exit_code == 1
    assert files(tmp_path / "ut.xlsx") == [("bo.xlsx", "med, andra belopp")]
    # Without the middle day and its hotel breakfast: 2 x 300 - 60 = 540; the row has the day: 3 x 300 - 60 = 840.
    remark = openpyxl.load_workbook(tmp_path / "ut.xlsx")["Filer"]["D2"].value
    assert "Traktamente: formuläret visar 540,00, bladet Resor ger 840,00." in remark.splitlines()


def test_what_is_wrong_with_a_claim_or_its_form_is_listed(claim: Path, folder: Path, tmp_path: Path) -> None:
    fill(claim, folder / "a.xlsx", {**DAY_BY_TRAIN, "avresa": "tionde mars"})
    (folder / "trasig.xlsx").write_bytes(b"PK\x03\x04")
    ran = run("gather", folder, "--out", tmp_path / "ut.xlsx")
    assert ran.exit_code == 1
    assert files(tmp_path / "ut.xlsx") == [("a.xlsx", "med, att rätta"), ("trasig.xlsx", "kan inte läsas")]
    assert "tionde mars" in ran.output and "kan inte läsas: 1" in ran.output


def test_nothing_to_gather_writes_nothing(folder: Path, tmp_path: Path) -> None:
    (folder / "brev.docx").write_bytes(b"PK")
    ran = run("gather", folder, "--out", tmp_path / "ut.xlsx")
    assert ran.exit_code == 2 and "inget är skrivet" in ran.output
    assert not (tmp_path / "ut.xlsx").exists()
    assert run("gather", folder / "borta", "--out", tmp_path / "ut.xlsx").exit_code == 2


def test_a_form_is_never_written_over(claim: Path, folder: Path, tmp_path: Path) -> None:
    path = fill(claim, folder / "a.xlsx", DAY_BY_TRAIN)
    before = path.read_bytes()
    ran = run("gather", folder, "--out", path)
    assert ran.exit_code == 2 and "skrivs inte över" in ran.output
    assert path.read_bytes() == before
    assert run("gather", folder, "--out", tmp_path / "ut.csv").exit_code == 2
    assert "mappen" in run("gather", folder, "--out", tmp_path / "borta" / "ut.xlsx").output


def test_a_second_gathering_takes_the_place_of_the_first_with_the_same_bytes(claim: Path, folder: Path) -> None:
    fill(claim, folder / "a.xlsx", DAY_BY_TRAIN)
    out = folder / "samlat.xlsx"
    assert run("gather", folder, "--out", out).exit_code == 0
    first = out.read_bytes()
    assert run("gather", folder, "--out", out).exit_code == 0
    assert out.read_bytes() == first
    assert files(out) == [("a.xlsx", "med")]


def test_claims_under_two_policies_are_told_and_one_that_is_unknown_too(
    claim: Path, folder: Path, tmp_path: Path
) -> None:
    fill(claim, folder / "a.xlsx", DAY_BY_TRAIN)
    fill(template("reserakning", tmp_path, "stockholm"), folder / "b.xlsx", {**DAY_BY_TRAIN, "anstallningsnr": "9"})
    fill(claim, folder / "c.xlsx", {**DAY_BY_TRAIN, "anstallningsnr": "8", "policy": "mors-kommun"})
    ran = run("gather", folder, "--out", tmp_path / "ut.xlsx")
    said = " ".join(ran.output.split())
    assert "olika policyer: linkoping, mors-kommun, stockholm" in said
    assert "(policyn mors-kommun finns inte)" in said
    assert ran.exit_code == 1


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
    blank = template("resebudget", folder)
    values = {f"resor_{name}": [trip[at] for trip in BUDGET_TRIPS] for at, name in enumerate(TRIP_NAMES)}
    values |= {"enheter_namn": ["Kultur", "Miljö"], "enheter_ram_kr": [50_000, 20_000], "enheter_ram_kg": [100, None]}
    values |= {"budgetar": 2026, "avresa_klocka": time(7), "hemkomst_klocka": time(18, 30), "manadslon": 33_000}
    fill(blank, folder / "ifylld.xlsx", values)
    compute_form(folder / "ifylld.xlsx", folder / "budget.xlsx")
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


def test_a_unit_s_file_asks_for_the_budget_s_own_add_in(budget: Path, tmp_path: Path) -> None:
    addin = AddIn(UUID("3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b"), "1.2.0.0")
    with_addin(budget, tmp_path / "budget.xlsx", addin)
    fresh_budget(read_form(tmp_path / "budget.xlsx"), tmp_path / "tom.xlsx")
    assert addin_of(tmp_path / "tom.xlsx") == addin
    fresh_budget(read_form(budget), tmp_path / "utan.xlsx")
    assert addin_of(tmp_path / "utan.xlsx") is None


def test_split_refuses_what_is_no_budget(claim: Path, tmp_path: Path) -> None:
    ran = run("split", claim, "--out", tmp_path / "ut")
    assert ran.exit_code == 2 and "ingen resebudget" in ran.output
    assert run("split", tmp_path / "borta.xlsx", "--out", tmp_path / "ut").exit_code == 2
    assert not (tmp_path / "ut").exists()
    ran = run("gather", tmp_path, "--into", tmp_path / "b.xlsm", "--out", tmp_path / "ut.xlsx")
    assert ran.exit_code == 2 and "skrivs som .xlsm, som budgeten" in ran.output
