"""`fardkost policy`: begin a file, uncomment it, check it."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner, Result

from udfs.cli import main


def fardkost(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_a_new_file_is_valid_as_written_and_with_every_example_in_force(tmp_path: Path) -> None:
    file = tmp_path / "mjolby.yaml"
    assert fardkost("policy", "new", "Mjölby kommun", "--out", str(file)).exit_code == 0
    checked = fardkost("policy", "check", str(file))
    assert checked.exit_code == 0, checked.output
    assert "giltig policy: Mjölby kommun" in checked.stdout
    head, examples = re.split(r"(?=\n# Belopp och gränser)", file.read_text("utf-8"), maxsplit=1)
    in_force = re.sub(r"(?m)^# (?=[a-z_]+:|  )", "", examples)
    file.write_text(head + in_force, "utf-8")
    checked = fardkost("policy", "check", str(file))
    assert checked.exit_code == 0, checked.output
    for part in ("satser", "fria_aftnar", "klimatpaslag", "fardmedelsrang", "godkannare"):
        assert part in checked.stdout
    calculated = fardkost("calc", f'KLIMATPASLAG("flyg";1000;;;;"2025-06-01";"{file}")')
    assert calculated.stdout.strip() == "200"  # 20 % of 1 000 kr


def test_a_file_that_exists_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "min.yaml"
    file.write_text("titel: Min", "utf-8")
    assert fardkost("policy", "new", "Min", "--out", str(file)).exit_code == 2
    assert file.read_text("utf-8") == "titel: Min"


def test_a_fault_is_named_with_file_key_and_what_is_allowed(tmp_path: Path) -> None:
    file = tmp_path / "fel.yaml"
    file.write_text(
        "titel: T\nkalla: K\nfardmedelsrang:\n  kommunen: [[tågg]]\n  inrikes: []\n  utrikes: []\n", "utf-8"
    )
    result = fardkost("policy", "check", str(file))
    assert result.exit_code == 2
    assert "fel.yaml: fardmedelsrang → kommunen" in result.stderr and "Menade du tåg" in result.stderr


def test_the_shipped_policies_are_listed() -> None:
    shown = fardkost("policy", "list").stdout
    assert "linkoping" in shown and "Stockholms stad" in shown
