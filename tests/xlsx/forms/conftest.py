"""Forms as their users have them: built, filled in, recalculated, and opened by LibreOffice."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

import udfs.functions  # noqa: F401  # registers the worksheet functions
from core.law import law
from udfs.registry import FUNCTIONS
from xlsx.forms.evaluation import Evaluated, evaluated
from xlsx.forms.filling import fill, serial
from xlsx.forms.setting import FormSetting

MADE: Final = dt.date(2026, 11, 22)
CALLS: Final = {name: function.call for name, function in FUNCTIONS.items()}
"""The worksheet functions by name, as a form gets them."""

_CSV: Final = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Every sheet as UTF-8 with commas, cells as they are shown."""

Writer = Callable[[Path, FormSetting], None]
Inputs = Mapping[str, Any]
Made = tuple[Path, Evaluated]
"""A recalculated file, and what was computed in it."""
Shown = dict[str, list[list[str]]]
"""Rows of texts by sheet, hidden sheets too."""


def setting_of(policy: str = "linkoping") -> FormSetting:
    """What forms are built for in tests."""
    return FormSetting(law(policy), policy, frozenset(FUNCTIONS), MADE)


def built(write: Writer, path: Path, policy: str = "linkoping") -> Path:
    """A form's skeleton under a policy."""
    write(path, setting_of(policy))
    return path


def computed(path: Path, inputs: Inputs, out: Path) -> Made:
    """A copy of a form with these inputs, recalculated."""
    filled = fill(path, out.with_name(f"{out.stem}-ifylld.xlsx"), inputs)
    made = evaluated(filled, out, CALLS, {"beraknad": serial(MADE), "regelversion": "prov"}, today=MADE)
    return out, made


def office_shows(path: Path, folder: Path) -> Shown:
    """What LibreOffice shows in every sheet of a workbook, without recalculating it."""
    _soffice(path, folder, _CSV)
    sheets = {one.stem.removeprefix(f"{path.stem}-"): one for one in sorted(folder.glob(f"{path.stem}-*.csv"))}
    found = {}
    for name, file in sheets.items():
        with file.open(encoding="utf-8", newline="") as lines:
            found[name] = list(csv.reader(lines))
    return found


def office_pdf(path: Path, folder: Path) -> Path:
    """A workbook printed by LibreOffice."""
    _soffice(path, folder, "pdf")
    return folder / f"{path.stem}.pdf"


def _soffice(path: Path, folder: Path, wanted: str) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    profile = (folder / "profile").absolute().as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", wanted]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=180)


@pytest.fixture(scope="session")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Writer, str], Path]:
    """Gives a form's skeleton under a policy, built once in the session."""
    made: dict[tuple[str, str], Path] = {}

    def get(write: Writer, policy: str = "linkoping") -> Path:
        key = (write.__name__, policy)
        if key not in made:
            made[key] = built(write, tmp_path_factory.mktemp("skeleton") / f"{write.__name__}-{policy}.xlsx", policy)
        return made[key]

    return get


@pytest.fixture(scope="session")
def recalculated(
    tmp_path_factory: pytest.TempPathFactory, skeleton: Callable[[Writer, str], Path]
) -> Callable[..., Made]:
    """Gives a form filled in with some inputs and recalculated."""

    def get(write: Writer, inputs: Inputs, policy: str = "linkoping") -> Made:
        return computed(skeleton(write, policy), inputs, tmp_path_factory.mktemp("form") / "formular.xlsx")

    return get


@pytest.fixture
def office(tmp_path: Path) -> Callable[[Path], Shown]:
    """Gives what LibreOffice shows of a workbook."""
    return lambda path: office_shows(path, tmp_path)
