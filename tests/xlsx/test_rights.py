"""Who may read a result: nobody who may not read the sheet that it was made of, for there is pay in it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.xlsx.test_changed_file import write_trips
from xlsx.recalculate import recalculate
from xlsx.resultbook import write_result


@pytest.mark.skipif(os.name == "nt", reason="rights of Unix")
@pytest.mark.parametrize(("rights", "wanted"), [(0o600, 0o600), (0o440, 0o640), (0o644, 0o644)])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_result_has_the_rights_of_the_sheet(tmp_path: Path, kind: str, rights: int, wanted: int) -> None:
    source = tmp_path / f"resor.{kind}"
    if kind == "xlsx":
        write_trips(source, "A")
    else:
        source.write_text("Avresa;Hemkomst\n2026-03-05 07:00;2026-03-06 20:00\n", "utf-8")
    source.chmod(rights)
    before = os.umask(0o022)
    try:
        made = write_result(recalculate(source)).path
    finally:
        os.umask(before)
    assert oct(stat.S_IMODE(made.stat().st_mode)) == oct(wanted)
