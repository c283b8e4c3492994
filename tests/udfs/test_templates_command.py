"""`fardkost templates`: the forms listed, and built for a policy, a day and an add-in."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.policies import FOLDER
from udfs.commands.templates import constants, templates
from xlsx.forms.contract.shape import read_shape
from xlsx.forms.templates import FORMS
from xlsx.recalculate import recalculate

Run = Callable[..., Result]
ADDIN = "3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b"


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(templates, list(map(str, arguments)))


def test_the_list_names_every_form(run: Run) -> None:
    done = run("list")
    assert done.exit_code == 0
    assert all(form.kind in done.output and form.title in done.output for form in FORMS.values())


def test_one_form_is_built_where_it_is_asked_for(run: Run, tmp_path: Path) -> None:
    done = run("build", "import", "--out", tmp_path / "ny" / "mapp", "--date", "2026-03-10")
    assert done.exit_code == 0, done.output
    built = tmp_path / "ny" / "mapp" / "import.xlsx"
    assert done.output.replace("\n", "") == f"Importblad: {built}"
    shape = read_shape(built)
    assert shape.value("beraknad") == dt.datetime(2026, 3, 10)
    assert shape.value("policy") == "linkoping"
    assert len(recalculate(built, policy="linkoping").claims) == 2


def test_it_is_built_for_a_policy_of_ones_own(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "minkommun.yaml"
    own.write_text((FOLDER / "stockholm.yaml").read_text("utf-8"), "utf-8")
    done = run("build", "import", "--out", tmp_path, "--policy", own)
    assert done.exit_code == 0, done.output
    assert read_shape(tmp_path / "import.xlsx").value("policy") == "minkommun"


def test_the_claim_is_computed_under_the_policy_it_is_built_for(run: Run, tmp_path: Path) -> None:
    done = run("build", "reserakning", "--out", tmp_path, "--policy", "stockholm", "--date", "2026-11-22")
    assert done.exit_code == 0, done.output
    assert read_shape(tmp_path / "reserakning.xlsx").value("policy") == "stockholm"


def test_the_same_day_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert run("build", "import", "--out", tmp_path / folder, "--date", "2026-11-22").exit_code == 0
    assert (tmp_path / "a" / "import.xlsx").read_bytes() == (tmp_path / "b" / "import.xlsx").read_bytes()


def test_the_add_in_is_asked_for_only_when_it_is_named(run: Run, tmp_path: Path) -> None:
    installation = tmp_path / "installation.yaml"
    installation.write_text(f"id: {ADDIN}\n", "utf-8")
    asked = {"none": (), "id": ("--addin", ADDIN), "file": ("--installation", installation)}
    for folder, options in asked.items():
        assert run("build", "import", "--out", tmp_path / folder, *options).exit_code == 0
    parts = {}
    for folder in asked:
        with zipfile.ZipFile(tmp_path / folder / "import.xlsx") as package:
            parts[folder] = {name: package.read(name) for name in package.namelist() if "webextension" in name}
    assert parts["none"] == {}
    assert parts["id"] == parts["file"]
    assert ADDIN.encode() in parts["id"]["xl/webextensions/webextension1.xml"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ledighet",), 'Formuläret "ledighet" finns inte. Välj bland reserakning, resebudget, uppfoljning, import.'),
        (("import", "--date", "i går"), '"i går" är inget datum. Skriv till exempel 2026-03-10.'),
        (("import", "--addin", "färdkost"), '"färdkost" är inget id. Det står i manifestet'),
        (("import", "--policy", "linkoping2"), 'Okänd policy "linkoping2". Menade du linkoping?'),
    ],
)
def test_what_cannot_be_built_is_said(run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("build", *arguments, "--out", tmp_path)
    assert done.exit_code == 2
    assert said in done.stderr.replace("\n", " ")
    assert list(tmp_path.iterdir()) == []


def test_the_day_is_a_number_as_excel_counts() -> None:
    # 2026-03-10 is 46 091 days after 1899-12-30.
    assert constants(dt.date(2026, 3, 10), "0.1.0") == {"beraknad": 46091.0, "regelversion": "0.1.0"}
