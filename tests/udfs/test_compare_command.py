"""`fardkost compare` as a user meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from udfs.commands.compare import compare_command

DEMO = Path(__file__).parents[2] / "demo" / "alternativ.xlsx"


# The command


def run_command(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(compare_command, arguments)
    return outcome.exit_code, outcome.output.replace("\N{NO-BREAK SPACE}", " ")


def test_the_command_prints_the_table_and_writes_the_workbook(tmp_path: Path) -> None:
    source = tmp_path / "alternativ.xlsx"
    source.write_bytes(DEMO.read_bytes())
    code, said = run_command(str(source))
    assert code == 0
    (total,) = [line for line in said.splitlines() if line.strip().startswith("Total kostnad")]
    assert total.split("  ")[-1].strip() == "0,00"
    assert "9 218,69" in total
    assert "9 834,80" in total
    assert "biljetten får kosta högst 2 983,89 kr" in said
    assert "Vikter: miljö 40, kostnad 40, arbete på resan 20" in said
    assert "Klimatkompensation per kg CO2e" in said  # an unconfirmed figure
    assert (tmp_path / "alternativ-jämförd.xlsx").is_file()


def test_the_command_takes_other_weights(tmp_path: Path) -> None:
    out = str(tmp_path / "ut.xlsx")
    code, said = run_command(str(DEMO), "--out", out, "--weights", "100", "0", "0")
    assert code == 0
    assert "Vikter: miljö 100, kostnad 0, arbete på resan 0 (angivna i kommandot" in said
    assert "81,9" in said
    code, said = run_command(str(DEMO), "--out", out, "--weights", "0", "0", "0")
    assert code == 2
    assert "större än 0" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("saknas.xlsx",), "finns inte"),
        ((str(DEMO), "--sheet", "Malmö"), "Bladen är"),
        ((str(DEMO), "--policy", "malmö"), "Okänd policy"),
        ((str(DEMO), "--out", str(DEMO)), "originalet skrivs aldrig över"),
        ((str(DEMO), "--out", "/saknas/ut.xlsx"), "kan inte skrivas: mappen /saknas finns inte. Skapa den"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence_and_code_2(arguments: tuple[str, ...], said: str) -> None:
    code, output = run_command(*arguments)
    assert code == 2
    assert said in output
    assert "Traceback" not in output
