"""The command line as a user meets it: answers, exit codes, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from core.law import law, law_figures
from udfs.cli import main
from udfs.registry import FUNCTIONS

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "demo" / "resor-2024-2026.xlsx"


def fardkost(*arguments: str) -> Result:
    """One call of the command."""
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize(
    ("formula", "printed"),
    [
        ('TRAKTAMENTE("2024-03-04 07:00";"2024-03-06 20:00")', "870"),
        ("=MERSTRACKA(48;17,5)", "30,5"),
        ("MERSTRACKA(48,17.5)", "30,5"),
        ('FARDTIDSERSATTNING(12;33000;0;"2024-03-04")', "1 386"),
        ('GODKANNARE("flyg";JA;"stockholm")', "förvaltningschef/bolagschef"),
    ],
)
def test_calc_prints_the_answer(formula: str, printed: str) -> None:
    result = fardkost("calc", formula)
    assert (result.exit_code, result.stdout.strip().replace("\N{NO-BREAK SPACE}", " ")) == (0, printed)


def test_calc_says_what_is_wrong_and_answers_1() -> None:
    result = fardkost("calc", 'TRAKTAMENTE("2024-03-06 20:00";"2024-03-04 07:00")')
    assert result.exit_code == 1
    assert result.stderr.strip() == "#NUM! Hemkomsten ligger före avresan."


@pytest.mark.parametrize("text", ["TRAKTAMENT(1;2)", "bara text", "TRAKTAMENTE(a;b)"])
def test_calc_of_no_formula_answers_2(text: str) -> None:
    assert fardkost("calc", text).exit_code == 2


def test_calc_explains_with_source_and_status() -> None:
    shown = fardkost("calc", "--explain", 'BILERSATTNING(120;"2024-05-02")').stdout
    for part in ("Bilersättning enligt BIA", "2,9", "obekräftad", "2019-01-01", "348", "L-7.9-1"):
        assert part in shown


def test_functions_lists_every_function_with_its_arguments() -> None:
    shown = fardkost("functions").stdout
    for name in FUNCTIONS:
        assert f"{name}(" in shown
    assert "[langtid_fran]" in shown
    one = fardkost("functions", "klimatpaslag").stdout
    assert "kan utelämnas" in one and "Exempel: =KLIMATPASLAG" in one


def test_every_function_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in FUNCTIONS if f"`{name}`" not in text] == []


def test_rates_show_a_figure_through_the_years() -> None:
    shown = fardkost("rates", "show", "maximibelopp").stdout
    assert "2023-01-01" in shown and "260" in shown and "SFS 2022:1398" in shown
    assert fardkost("rates", "show", "maximibelopp", "2027-01-01").exit_code == 1
    assert "Menade du maximibelopp" in fardkost("rates", "show", "maximibelop").stderr


def test_rates_list_shows_status() -> None:
    shown = fardkost("rates", "list", "--policy", "stockholm").stdout
    assert "klimatsats_flyg" in shown and "förslag" in shown


def test_rates_import_makes_a_missing_year_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARDKOST_DATA", str(tmp_path / "data"))
    formula = 'NORMALBELOPP("Frankrike";"2025-05-05")'
    assert fardkost("calc", formula).exit_code == 1
    amounts = law_figures(Path("/nowhere"))["normalbelopp"]
    # The amounts of 2024, each 10 kr higher, in the form of the open data
    listed = [entry for entry in amounts.entries if entry.from_day == 19723 and entry.key not in (None, "SE")]
    rows = [
        {
            "land eller område": amounts.titles[str(entry.key)],
            "normalbelopp": int(entry.value or 0) // 100 + 10,
            "år": 2025,
        }
        for entry in listed
        if "inte upptaget" not in entry.source
    ]
    file = tmp_path / "utland.json"
    file.write_text(json.dumps(rows), "utf-8")
    imported = fardkost("rates", "import", str(file))
    assert imported.exit_code == 0, imported.output
    assert "Sparat i" in imported.stdout and "2025 mot 2024" in imported.stdout
    assert fardkost("calc", formula).stdout.strip() == "945"  # 935 + 10
    assert "utland.json" in fardkost("rates", "show", "normalbelopp/FR", "2025-05-05").stdout
    assert law("lagen").figures["normalbelopp"].entry(20089, 0) is not None  # Sweden 2025 stands as before


def test_recalc_writes_beside_the_original_and_leaves_it_alone(tmp_path: Path) -> None:
    sheet = tmp_path / "resor.xlsx"
    sheet.write_bytes(DEMO.read_bytes())
    before = sheet.read_bytes()
    result = fardkost("recalc", str(sheet), "--days", "--show", "3")
    assert result.exit_code == 0, result.output
    assert "Lästa resor: 420" in result.stdout and "Resor med fel" in result.stdout
    assert sheet.read_bytes() == before
    book = load_workbook(tmp_path / "resor-beräknad.xlsx", read_only=True)
    assert {"Resor", "Sammanställning", "Dygn"} <= set(book.sheetnames)


@pytest.mark.parametrize(
    ("name", "content"),
    [("saknas.xlsx", None), ("tom.xlsx", b""), ("trasig.xlsx", b"PK\x03\x04 ingen arbetsbok"), ("tom.csv", b"")],
)
def test_recalc_of_what_cannot_be_read_answers_2(tmp_path: Path, name: str, content: bytes | None) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    result = fardkost("recalc", str(file))
    assert result.exit_code == 2
    assert name in result.stderr and "Traceback" not in result.output


def test_recalc_under_an_unknown_policy_names_the_nearest(tmp_path: Path) -> None:
    result = fardkost("recalc", str(DEMO), "--policy", "stokholm", "--out", str(tmp_path / "ut.xlsx"))
    assert (result.exit_code, "Menade du stockholm" in result.stderr) == (2, True)


def test_usage_is_swedish() -> None:
    assert "Användning:" in fardkost("--help").stdout
    assert "Kommandot ringa finns inte" in fardkost("ringa").stderr
