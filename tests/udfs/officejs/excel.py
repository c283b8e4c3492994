"""Runs functions.js in node as Excel would (see run.mjs)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

RUNNER = Path(__file__).with_name("run.mjs")

UNDEFINED = {"$": "undefined"}


def error_cell(code: str) -> dict[str, str]:
    """An error as Excel hands it to a function."""
    return {"$": "error", "code": code}


def cell(value: Any) -> list[list[Any]]:
    """One cell as Excel hands it to a parameter that takes ranges."""
    return [[value]]


def column(*values: Any) -> list[list[Any]]:
    """A column of cells."""
    return [[value] for value in values]


def run_in_excel(url: str, *steps: dict[str, Any], script: str = "functions.js") -> dict[str, Any]:
    """The ids of the functions and, for each step with calls, the outcomes of its calls."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("node is needed for the tests of functions.js: sh tests/programs.sh installs it")
    task = json.dumps({"url": f"{url}/{script}", "steps": steps})
    run = subprocess.run([node, RUNNER], input=task, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr[-4000:]
    assert not run.stderr, run.stderr[-4000:]
    return json.loads(run.stdout)


def outcomes(url: str, calls: list[tuple[str, list[Any]]], **more: Any) -> list[dict[str, Any]]:
    """What became of calls in one turn."""
    return run_in_excel(url, {"calls": calls, **more})["results"][0]
