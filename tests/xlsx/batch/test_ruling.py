"""The sum over what results are made with, which many files and the server share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from udfs.server.settings import Settings
from udfs.server.version import rules_version
from xlsx.batch.ruling import rules_sum
from xlsx.ruling import code_sum, files_sum, own_figures

AMOUNTS = "ar,kod,belopp,se,status,kalla\n"


def a_package(folder: Path) -> Path:
    (folder / "server").mkdir(parents=True)
    (folder / "regler.py").write_text("dygn = 1\n")
    (folder / "satser.yaml").write_text("dygn: 290\n")
    (folder / "server" / "sidor.py").write_text("sida = 1\n")
    (folder / "bild.png").write_bytes(b"1")
    return folder


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (lambda folder: (folder / "regler.py").write_text("dygn = 2\n"), True),
        (lambda folder: (folder / "satser.yaml").write_text("dygn: 300\n"), True),
        (lambda folder: (folder / "fler.csv").write_text(""), True),
        (lambda folder: (folder / "satser.yaml").unlink(), True),
        (lambda folder: (folder / "server" / "sidor.py").write_text("sida = 2\n"), False),
        (lambda folder: (folder / "bild.png").write_bytes(b"2"), False),
    ],
)
def test_what_computes_counts_and_nothing_else(tmp_path: Path, change: Callable[[Path], object], counts: bool) -> None:
    before, after = a_package(tmp_path / "a"), a_package(tmp_path / "b")
    change(after)
    assert (code_sum(before, "server") != code_sum(after, "server")) == counts
    assert code_sum(before, "server") != code_sum()


def test_names_and_contents_count(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    first = files_sum([tmp_path / "a"])
    assert files_sum([(tmp_path / "a").rename(tmp_path / "b")]) != first
    (tmp_path / "a").write_text("2")
    assert files_sum([tmp_path / "a"]) != first


def test_amounts_that_are_read_in_count_for_files_and_server_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARDKOST_DATA", str(tmp_path))
    before = rules_sum("linkoping"), rules_version(Settings())
    (tmp_path / "normalbelopp.csv").write_text(AMOUNTS, "utf-8")
    assert own_figures() == [tmp_path / "normalbelopp.csv"]
    after = rules_sum("linkoping"), rules_version(Settings())
    assert before[0] != after[0]
    assert before[1] != after[1]
