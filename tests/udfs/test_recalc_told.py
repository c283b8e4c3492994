"""What `fardkost recalc` says of one file: totals and what they lack, controls not made, what cannot be written."""

from __future__ import annotations

import errno
import os
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from tests.xlsx.conftest import workbook  # noqa: F401  # fixture
from tests.xlsx.patch.conftest import rewrite
from udfs.cli import main
from udfs.commands.output import unwritable

HEADINGS = ["Rese-ID", "Avdelning", "Avresa", "Hemkomst", "Färdmedel", "Km", "Hotellkostnad", "Avstånd", "Utlägg"]
OUT, BACK = datetime(2026, 3, 10, 7), datetime(2026, 3, 11, 20)
SOUND = ["R1", "Skola", OUT, BACK, "tåg", 200, 500, 100, 0]
NO_DISTANCE = ["R2", "Skola", OUT, BACK, "flyg", None, 500, 100, 0]
NO_RETURN = ["R3", "Vård", OUT, None, "tåg", 300, 500, 100, 0]
TRIPS = (SOUND, NO_DISTANCE, NO_RETURN)


def recalc(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["recalc", *map(str, arguments)])


def plain(result: Result) -> str:
    """What is printed, with plain spaces."""
    return result.output.replace("\N{NO-BREAK SPACE}", " ")


def cells(result: Result, first: str) -> list[str]:
    """The cells of the line of a table that begins so."""
    (line,) = [line for line in plain(result).splitlines() if line.strip().startswith(first)]
    return re.split(r" {3,}(?![ –])", line.strip())


def totals(result: Result, first: str) -> list[str]:
    """The totals of a line in kronor and kilograms, with what they lack."""
    return [re.sub(" +", " ", cell) for cell in cells(result, first)[4:]]


def summary(path: Path) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)["Sammanställning"].iter_rows(values_only=True)]


def text_file(sheet: Path) -> Path:
    """Another kind of file beside the sheet, which becomes a new workbook."""
    path = sheet.with_suffix(".csv")
    path.write_text("Avresa;Hemkomst\n2026-03-10 07:00;2026-03-11 20:00\n", "utf-8")
    return path


@pytest.fixture
def sheet(workbook: Any) -> Path:  # noqa: F811
    path: Path = workbook(Resor=[HEADINGS, *TRIPS])
    return path


def test_each_total_says_how_many_trips_it_lacks(sheet: Path) -> None:
    """R1 and R2: two whole days of 300 and two of 50, 700 each, and with the hotel 1 200.

    R2 has no distance: its charge and so its whole cost are missing, what is paid to the traveller is not. R3 has no
    return: nothing can be paid, but its distance is known.
    """
    told = recalc(sheet)
    assert told.exit_code == 0
    assert cells(told, "Avdelning")[:6] == ["Avdelning", "Resor", "Med fel", "Km", "Ersättning, kr", "Resekostnad, kr"]
    assert cells(told, "Skola")[:4] == ["Skola", "2", "1", "200"]
    assert totals(told, "Skola") == ["1 400 –", "1 200 (1)", "1 (1)", "0 (1)"]
    assert totals(told, "Vård") == ["0 (1)", "0 (1)", "2 –", "0 –"]
    assert cells(told, "Alla")[:4] == ["Alla", "3", "2", "500"]
    assert totals(told, "Alla")[:2] == ["1 400 (1)", "1 200 (2)"]
    assert "(n): så många resor är inte med i summan, eftersom just den uppgiften har fel." in plain(told)


def test_totals_that_lack_nothing_say_nothing(workbook: Any) -> None:  # noqa: F811
    told = recalc(workbook(Resor=[HEADINGS, SOUND]))
    assert cells(told, "Alla")[:6] == ["Alla", "1", "0", "200", "700", "1 200"]
    assert "(n):" not in told.output


def test_the_sheet_counts_them_beside_the_totals(sheet: Path) -> None:
    recalc(sheet)
    rows = summary(sheet.with_name("resor-beräknad.xlsx"))
    start = next(number for number, row in enumerate(rows) if row[0] == "Summor per avdelning")
    head, *found = rows[start + 1 : start + 5]
    assert head[:8] == [
        *("Avdelning", "Resor", "varav med fel", "Km"),
        *("Ersättning, kr", "Resekostnad, kr", "Utsläpp, kg CO2e", "Klimatpåslag, kr"),
    ]
    # All distances that are there could be read, so nothing is said of them.
    assert head[8:12] == ["Ej med i Ersättning", "Ej med i Resekostnad", "Ej med i Utsläpp", "Ej med i Klimatpåslag"]
    assert [row[:6] + row[8:12] for row in found] == [
        ["Skola", 2, 1, 200, 1400, 1200, 0, 1, 1, 1],
        ["Vård", 1, 1, 300, 0, 0, 1, 1, 0, 0],
        ["Summa", 3, 2, 500, 1400, 1200, 1, 2, 1, 1],
    ]
    assert any(str(row[0]).startswith("Ej med i: så många resor är inte med i summan") for row in rows)


def test_a_sheet_without_faults_has_no_such_columns(workbook: Any) -> None:  # noqa: F811
    path = workbook(Resor=[HEADINGS, SOUND])
    recalc(path)
    assert not any("Ej med i" in str(cell) for row in summary(path.with_name("resor-beräknad.xlsx")) for cell in row)


def test_controls_that_are_not_made_take_one_sentence(sheet: Path) -> None:
    told = " ".join(plain(recalc(sheet)).split())
    (said,) = re.findall(r"\d+ kontroller görs inte[^•]*?Sammanställning\.", told)
    count, columns = map(int, re.findall(r"\d+(?= kontroller| kolumner)", said))
    rows = [str(row[0]) for row in summary(sheet.with_name("resor-beräknad.xlsx"))]
    start = rows.index("Kontroller som inte görs") + 1
    listed = rows[start : rows.index("None", start)]
    assert (len(listed), sum(line.count(", ") + 1 for line in listed)) == (columns, count)
    assert "Skäl (7), Godkänd av (5)" in said and len(said) < 160
    assert "Kontroller som inte gjordes" not in told


def test_they_are_listed_where_no_sheet_can_be_added(sheet: Path, tmp_path: Path) -> None:
    def lock(name: str, content: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return content
        return content.replace(b"<bookViews>", b'<workbookProtection lockStructure="1"/><bookViews>')

    locked = rewrite(sheet, tmp_path / "låst.xlsx", lock)
    told = " ".join(plain(recalc(locked)).split())
    assert "inga blad är tillagda" in told and "Hela listan" not in told
    assert "• Digitalt övervägt saknas: Digitalt möte inte övervägt." in told


def test_a_result_that_is_open_in_excel(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows lets nobody take the name of a file that another program has open."""
    target = sheet.with_name("resor-beräknad.xlsx")
    assert recalc(sheet).exit_code == 0
    before = target.read_bytes()

    def refused(path: Path, to: Path) -> None:
        raise PermissionError(errno.EACCES, "Access is denied", str(path), 5, str(to))

    monkeypatch.setattr(Path, "replace", refused)
    for file in (sheet, text_file(sheet)):
        told = recalc(file, "--out", target)
        assert told.exit_code == 2
        assert told.stderr.startswith(f"{target}: resultatet kan inte skrivas: filen är öppen i ett annat program")
        assert "Stäng den, till exempel i Excel, eller ange ett annat filnamn med --out." in told.stderr
    assert target.read_bytes() == before
    assert {path.name for path in sheet.parent.iterdir()} == {"resor.xlsx", "resor.csv", "resor-beräknad.xlsx"}


def test_a_folder_by_the_name_of_the_result(sheet: Path) -> None:
    target = sheet.with_name("resor-beräknad.xlsx")
    target.mkdir()
    for file in (sheet, text_file(sheet)):
        told = recalc(file)
        assert told.exit_code == 2
        assert told.stderr.startswith(f"{target}: resultatet kan inte skrivas: det finns en mapp med det namnet.")


def test_a_folder_that_is_not_there(sheet: Path, tmp_path: Path) -> None:
    target = tmp_path / "saknas" / "ut.xlsx"
    for file in (sheet, text_file(sheet)):
        told = recalc(file, "--out", target)
        assert told.exit_code == 2
        assert f"mappen {target.parent} finns inte" in told.stderr and "ut.xlsx" in told.stderr
        assert "Errno" not in told.output


def test_a_name_that_is_too_long(sheet: Path, tmp_path: Path) -> None:
    long = tmp_path / f"{'å' * 200}.xlsx"
    for arguments in ((sheet, "--out", long), (long,)):
        told = recalc(*arguments)
        assert (told.exit_code, told.stderr) == (2, f"{long}: filen kan inte nås: namnet är för långt.\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to(sheet: Path, tmp_path: Path) -> None:
    folder = tmp_path / "låst"
    folder.mkdir(mode=0o500)
    told = recalc(sheet, "--out", folder / "ut.xlsx")
    assert told.exit_code == 2
    assert f"mappen {folder} är skrivskyddad eller kräver en annan behörighet" in told.stderr


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "är skrivskyddad eller kräver en annan behörighet"),
        (OSError(errno.EROFS, "Read-only file system"), "är skrivskyddad eller kräver en annan behörighet"),
        (OSError(errno.ENAMETOOLONG, "File name too long"), "namnet är för långt. Döp om underlaget"),
        (OSError(errno.ENOSPC, "No space left on device"), "disken är full. Frigör plats"),
        (
            OSError(errno.EIO, "Input/output error"),
            "filen kan inte skapas (Input/output error). Kontrollera att det går",
        ),
    ],
)
def test_what_the_system_answers_is_said_in_swedish(tmp_path: Path, problem: OSError, said: str) -> None:
    told = unwritable(tmp_path / "ut.xlsx", problem)
    assert told.startswith(f"{tmp_path / 'ut.xlsx'}: resultatet kan inte skrivas: ") and said in told
    assert told.endswith("eller ange ett annat filnamn med --out.")
