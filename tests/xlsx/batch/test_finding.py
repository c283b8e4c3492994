"""Which files are found, and what their results are called."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from xlsx.batch import BatchProblem
from xlsx.batch.finding import find_files
from xlsx.batch.patterns import is_pattern


def put(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def found(*asked: Path | str, out: Path) -> dict[str, str]:
    return {file.relative: file.result for file in find_files([str(one) for one in asked], out)}


def test_a_folder_gives_its_workbooks_and_csv_files_with_their_folders(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "b/C.XLSM", "b/d.ods", "b/e/f.xls", "g.csv", "läs.txt", "bild.png", "doc.pdf")
    assert found(tmp_path, out=tmp_path / "ut") == {
        "a.xlsx": "a-beräknad.xlsx",
        "b/C.XLSM": "b/C-beräknad.xlsm",
        "b/d.ods": "b/d.ods-beräknad.xlsx",
        "b/e/f.xls": "b/e/f.xls-beräknad.xlsx",
        "g.csv": "g.csv-beräknad.xlsx",
    }


def test_lock_files_hidden_files_and_results_are_left_out(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "b-beräknad.xlsx")  # as macOS may give names
    put(tmp_path, "a.xlsx", "~$a.xlsx", ".~lock.a.xlsx#", ".dold/x.xlsx", "a-beräknad.xlsx", apart)
    put(tmp_path, "alt-jämförd.xlsx", "gammalt/c.csv-beräknad.xlsx", "gammalt/Rapport.xlsx")
    assert set(found(tmp_path, out=tmp_path / "ut")) == {"a.xlsx"}


def test_the_folder_of_results_is_left_out_when_it_lies_among_the_files(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "ut/min egen kopia.xlsx", "utland/b.xlsx")
    assert set(found(tmp_path, out=tmp_path / "ut")) == {"a.xlsx", "utland/b.xlsx"}


def test_results_may_go_beside_the_files(tmp_path: Path) -> None:
    put(tmp_path, "a.xlsx", "a-beräknad.xlsx")
    assert found(tmp_path, out=tmp_path) == {"a.xlsx": "a-beräknad.xlsx"}


def test_files_of_the_same_name_get_results_of_their_own(tmp_path: Path) -> None:
    put(tmp_path, "r.xlsx", "r.csv", "r.csv.xlsx", "r.xls")
    names = found(tmp_path, out=tmp_path / "ut")
    assert names["r.xlsx"] == "r-beräknad.xlsx"
    assert len({name.casefold() for name in names.values()}) == 4
    assert all(name.endswith("-beräknad.xlsx") for name in names.values())


def test_a_pattern_starts_from_the_folder_before_it(tmp_path: Path) -> None:
    put(tmp_path, "2024/jan/a.xlsx", "2024/feb/b.csv", "2025/c.xlsx", "2024/anteckning.txt")
    assert set(found(tmp_path / "2024" / "**" / "*.xlsx", out=tmp_path / "ut")) == {"jan/a.xlsx"}
    assert set(found(tmp_path / "20*" / "*", out=tmp_path / "ut")) == {"2024/anteckning.txt", "2025/c.xlsx"}


def test_a_folder_whose_name_looks_like_a_pattern_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "[2024]/a.xlsx")
    assert not is_pattern(str(tmp_path / "[2024]"))
    assert is_pattern(str(tmp_path / "[0-9]"))
    assert set(found(tmp_path / "[2024]", out=tmp_path / "ut")) == {"a.xlsx"}


def test_several_files_keep_what_their_folders_do_not_share(tmp_path: Path) -> None:
    put(tmp_path, "a/x.xlsx", "b/x.xlsx")
    names = found(tmp_path / "a" / "x.xlsx", tmp_path / "b" / "x.xlsx", out=tmp_path / "ut")
    assert names == {"a/x.xlsx": "a/x-beräknad.xlsx", "b/x.xlsx": "b/x-beräknad.xlsx"}


@pytest.mark.parametrize("asked", ["finns inte", "*.xlsx", "."])
def test_nothing_to_recalculate_is_said(tmp_path: Path, asked: str) -> None:
    put(tmp_path, "~$a.xlsx", "a-beräknad.xlsx")
    with pytest.raises(BatchProblem, match=r"finns inte|inga filer att räkna om"):
        find_files([str(tmp_path / asked)], tmp_path / "ut")
