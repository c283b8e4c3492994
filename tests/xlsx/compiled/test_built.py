"""The kernels are built and used where they can be, and all is done without them where they cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from xlsx.compiled import KERNELS, SWITCH

HOUSE = Path(__file__).parents[3]
DEMO = HOUSE / "demo" / "resor-2024-2026.xlsx"


def can_build() -> bool:
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    header = Path(sysconfig.get_path("include")) / "Python.h"
    return os.environ.get(SWITCH) != "0" and shutil.which(compiler) is not None and header.exists()


@pytest.mark.skipif(not can_build(), reason="no compiler, or left aside")
def test_they_are_there_where_they_can_be_built() -> None:
    assert KERNELS is not None, "python -m pip install --no-deps -e . builds them"


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=HOUSE, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


WHICH = "from xlsx.compiled import KERNELS; print(KERNELS is not None)"


def test_they_can_be_left_aside() -> None:
    assert run(WHICH, FARDKOST_COMPILED="0") == "False"


@pytest.mark.parametrize("there", ["None", "types.ModuleType('_kernels')"])
def test_all_is_done_where_they_are_missing_or_old(there: str) -> None:
    assert run(f"import sys, types; sys.modules['xlsx.compiled._kernels'] = {there}; {WHICH}") == "False"


RECALCULATE = """
import sys
from xlsx.recalculate import recalculate
from xlsx.resultbook import write_result
import xlsx.patch.swift as swift
used = []
if swift.KERNELS is not None:
    class Watched:
        def splice(self, *given): used.append(1); return kernels.splice(*given)
    kernels, swift.KERNELS = swift.KERNELS, Watched()
write_result(recalculate(sys.argv[1]), sys.argv[2])
print(bool(used))
"""


def recalculated(source: Path, out: Path, switch: str) -> bool:
    """Whether the splice was the compiled one."""
    code = f"import sys; sys.argv[1:] = {[str(source), str(out)]!r}\n{RECALCULATE}"
    return run(code, FARDKOST_COMPILED=switch, SOURCE_DATE_EPOCH="1700000000") == "True"


def test_the_same_file_either_way(tmp_path: Path) -> None:
    compiled, plain, again, plainly = (tmp_path / f"{name}.xlsx" for name in ("a", "b", "c", "d"))
    assert recalculated(DEMO, compiled, "1") == (run(WHICH, FARDKOST_COMPILED="1") == "True")
    assert not recalculated(DEMO, plain, "0")
    assert compiled.read_bytes() == plain.read_bytes()
    recalculated(compiled, again, "1")
    recalculated(compiled, plainly, "0")
    assert again.read_bytes() == plainly.read_bytes()
