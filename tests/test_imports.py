"""A command imports what it needs and no more: imports are most of a short run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from udfs.cli import COMMANDS, main

ONLY_WHERE_NEEDED = frozenset(
    {
        "pydantic",  # for files that somebody has written himself
        *("holidays", "dateutil"),  # the days stand in a table
        *("filelock", "distributed", "multiprocessing.context", "xlsx.batch.run"),  # for many files
        *("openpyxl", "fastexcel", "xlwings", "starlette", "uvicorn", "jinja2", "cryptography", "jwt"),
    }
)
COMPUTING = frozenset(
    {"numpy", "pyarrow", "yaml", "rich", "xlsxwriter", "core.law", "core.policies", "core.vocabulary"}
)

SHEET = """\
Avresa;Hemkomst;Färdmedel;Km;Avdelning
2026-03-10 06:00;2026-03-10 19:30;privat bil;120;Vård
2026-06-19 06:00;2026-06-20 19:30;tåg;210;Skola
"""


def _imported(run: str, *arguments: str) -> set[str]:
    """The modules that are imported when a fresh process has run some lines."""
    script = f"{run}\nimport json, sys\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def _command(*arguments: str) -> str:
    return f"""
from udfs.cli import main
try:
    main({list(arguments)!r}, prog_name="fardkost")
except SystemExit as done:
    assert not done.code, done.code
"""


def test_a_sheet_under_a_shipped_policy(tmp_path: Path) -> None:
    sheet, out = tmp_path / "resor.csv", tmp_path / "ut.xlsx"
    sheet.write_text(SHEET, "utf-8")
    imported = _imported(_command("recalc", str(sheet), "--out", str(out)))
    assert out.exists() and "core.fardtid.holidays" in imported
    assert imported & ONLY_WHERE_NEEDED == set()


def test_an_own_policy_is_validated(tmp_path: Path) -> None:
    """So that the test above finds what it looks for."""
    own = tmp_path / "egen.yaml"
    own.write_text("titel: Min kommun\nkalla: Ett beslut\n", "utf-8")
    assert "pydantic" in _imported(f"from core.law import law\nlaw({str(own)!r})")


@pytest.mark.parametrize("arguments", [("--help",), ("recalc", "--help")])
def test_help_computes_nothing(arguments: tuple[str, ...]) -> None:
    assert _imported(_command(*arguments)) & (ONLY_WHERE_NEEDED | COMPUTING) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_their_help_begins_with(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    line = COMMANDS[name][1]
    assert command is not None and line.endswith(".")
    assert " ".join((command.help or "").split()).startswith(line.removesuffix("."))
