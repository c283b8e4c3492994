"""`fardkost mapping` shows and saves what headings mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from udfs.commands.mapping import mapping
from udfs.commands.recalc import recalc
from xlsx.mapping import read_mapping

CSV = (
    "Resenr;Avd;Avresedatm;Avresetid;Hemkomst;Körd sträcka mil;Kommentar\n"
    "1;Kultur;2024-03-04;07:00;2024-03-06 20:00;12,5;hej\n"
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(CSV, "utf-8")
    return path


def test_it_shows_what_is_read_proposed_and_left(export: Path) -> None:
    ran = CliRunner().invoke(mapping, [str(export)])
    assert ran.exit_code == 0
    lines = {line.split()[0]: line for line in ran.output.splitlines() if line[:1].strip() or line[1:2].strip()}
    assert "Rese-ID" in lines["A"] and "läses" in lines["A"]
    assert "Avdelning" in lines["B"] and "förslag" in lines["B"]
    assert "Km (mil)" in lines["F"] and "läses" in lines["F"]
    assert "används inte" in lines["G"]


def test_what_it_saves_is_what_it_showed(export: Path, tmp_path: Path) -> None:
    saved = tmp_path / "system.yaml"
    assert CliRunner().invoke(mapping, [str(export), "--save", str(saved)]).exit_code == 0
    assert dict(read_mapping(saved).columns) == {
        "Resenr": "Rese-ID",
        "Avd": "Avdelning",
        "Avresedatm": "Avresedatum",
        "Avresetid": "Avresetid",
        "Hemkomst": "Hemkomst",
        "Körd sträcka mil": "Km (mil)",
        "Kommentar": "",
    }
    assert "Avd: Avdelning  # förslag" in saved.read_text("utf-8")


def test_a_saved_file_is_the_start_of_the_next_and_never_written_over(export: Path, tmp_path: Path) -> None:
    saved = tmp_path / "system.yaml"
    saved.write_text("kolumner:\n  Avd: Avdelning\n  Kommentar: Syfte\n", "utf-8")
    ran = CliRunner().invoke(mapping, [str(export), "--mapping", str(saved)])
    assert ran.exit_code == 0 and "Syfte" in ran.output
    ran = CliRunner().invoke(mapping, [str(export), "--save", str(saved)])
    assert ran.exit_code == 2 and "Kommentar: Syfte" in saved.read_text("utf-8")


@pytest.mark.parametrize("asked", [["saknas.csv"], ["--mapping", "nix"]])
def test_what_cannot_be_read_is_said(export: Path, asked: list[str]) -> None:
    arguments = asked if asked[0].endswith(".csv") else [str(export), *asked]
    ran = CliRunner().invoke(mapping, arguments)
    assert ran.exit_code == 2


def test_recalc_shows_proposals_and_uses_only_what_is_confirmed(export: Path, tmp_path: Path) -> None:
    """Confirmed, the trip is three days of 290 and 3 x 50 of resetillägg; the 125 km have no mode and are no car's."""
    out = tmp_path / "ut.xlsx"
    ran = CliRunner().invoke(recalc, [str(export), "--out", str(out), "--show", "1"])
    assert ran.exit_code == 0 and "Kan betyda" in ran.output and "--mapping KOLUMNFIL" in ran.output
    assert "870,00" not in ran.output
    saved = tmp_path / "system.yaml"
    CliRunner().invoke(mapping, [str(export), "--save", str(saved)])
    ran = CliRunner().invoke(recalc, [str(export), "--mapping", str(saved), "--out", str(out), "--show", "1"])
    assert ran.exit_code == 0 and "Kan betyda" not in ran.output
    assert "870,00" in ran.output and "150,00" in ran.output


def test_recalc_says_what_is_wrong_with_a_mapping(export: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(recalc, [str(export), "--mapping", "nix", "--out", str(tmp_path / "ut.xlsx")])
    assert ran.exit_code == 2 and not (tmp_path / "ut.xlsx").exists()


def test_results_of_an_earlier_run_are_not_proposed_to_be_anything(export: Path, tmp_path: Path) -> None:
    """Utsläpp kg CO2e is near the heading Utsläpp, but read again it would be last year's figure for this year's."""
    columns = "Dygn;Resetillägg;Utsläpp kg CO2e;Anmärkningar"
    export.write_text(f"Rese-ID;Avresa;Hemkomst;{columns}\n1;2024-03-04 07:00;2024-03-06 20:00;3;150;12,5;\n", "utf-8")
    saved = tmp_path / "system.yaml"
    ran = CliRunner().invoke(mapping, [str(export), "--save", str(saved)])
    assert ran.exit_code == 0 and "förslag" not in ran.output and "liknar" not in ran.output
    (line,) = (line for line in ran.output.splitlines() if "Utsläpp kg CO2e" in line and "•" not in line)
    assert line.split() == ["F", "Utsläpp", "kg", "CO2e", "resultat,", "räknas", "om"]
    assert list(read_mapping(saved).columns) == ["Rese-ID", "Avresa", "Hemkomst"]
