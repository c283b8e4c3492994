"""`fardkost recalc` gives the user's own workbook back. Expected figures are worked out beside them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner

from tests.xlsx.patch.conftest import assert_only_results_added, raw_parts, read_part, rewrite
from udfs.commands.recalc import recalc
from xlsx.recalculate import recalculate
from xlsx.resultbook import default_result, write_result
from xlsx.results import OWN_TITLES

HEADINGS = ["Rese-ID", "Avdelning", "Avresa", "Hemkomst", "Utlägg", "Kommentar"]
SHEET = "xl/worksheets/sheet2.xml"
ROOT = Path(__file__).parents[3]
DEMO = ROOT / "demo" / "resor-2024-2026.xlsx"
TRIPS: list[list[Any]] = [
    ["R1", "Skola", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), 10.5, "=1+1"],
    ["R2", "Skola", None, datetime(2024, 3, 6, 20), 1, ""],
    ["R3", "Vård", datetime(2024, 3, 4, 12), datetime(2024, 3, 5, 19), 0, "x"],
]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A cover sheet, and trips under titles and a header of two rows, with a sum below and a note to the right."""
    path = tmp_path / "resor.xlsx"
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("Försätt").write_string(0, 0, "Reseräkningar")
        sheet = made.add_worksheet("Resor")
        head = made.add_format({"bold": True, "bg_color": "#305496", "font_color": "white", "valign": "vcenter"})
        moment = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.merge_range(0, 0, 0, 11, "Reseräkningar 2024", head)
        for column, heading in enumerate(HEADINGS):
            sheet.merge_range(2, column, 3, column, heading, head)
        for row, trip in enumerate(TRIPS, 4):
            for column, value in enumerate(trip):
                if isinstance(value, datetime):
                    sheet.write_datetime(row, column, value, moment)
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write_number(row, column, value)
        sheet.write_string(7, 0, "Summa")
        sheet.write_formula(7, 4, "=SUM(E5:E7)", None, 11.5)
        sheet.print_area(0, 0, 7, 5)
    return path


def rows(path: Path, sheet: str = "Resor") -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def test_results_stand_in_the_users_own_sheet(book: Path) -> None:
    before = book.read_bytes()
    written = write_result(recalculate(book))
    assert written.path == default_result(book) == book.with_name("resor-beräknad.xlsx") and written.notes == []
    assert book.read_bytes() == before
    old, new = raw_parts(book), raw_parts(written.path)
    assert old["xl/worksheets/sheet1.xml"] == new["xl/worksheets/sheet1.xml"]
    assert old["xl/sharedStrings.xml"] == new["xl/sharedStrings.xml"]
    cells = rows(written.path)
    assert cells[0][0] == "Reseräkningar 2024" and cells[2][:6] == HEADINGS
    assert_only_results_added(book, written.path, SHEET, range(6, 6 + len(OWN_TITLES)))
    good, bad, sharp = (dict(zip(cells[2], row, strict=True)) for row in cells[4:7])
    # 2024: 3 x 290 and 3 x 50; with outlays of 10.50 in all 1030.50.
    assert (good["Traktamente"], good["Resetillägg"], good["Ersättning totalt"]) == (870, 150, 1030.5)
    assert good["Kommentar"] == "=1+1" and good["Fel"] is None
    assert bad["Traktamente"] is None and bad["Ersättning totalt"] is None and "Avresa saknas" in bad["Fel"]
    # Linköping pays whole days at 12:00 and 19:00 sharp, of which half is tax-free.
    assert (sharp["Traktamente"], sharp["Skattefritt"]) == (580, 290)
    # Nothing in the row of sums, nor in the second row of the header but its look.
    assert cells[7][0] == "Summa" and cells[7][6:] == [None] * len(cells[7][6:])
    assert cells[3] == [None] * len(cells[3])
    sheet = openpyxl.load_workbook(written.path)["Resor"]
    assert {sheet.cell(row, 8).fill.fgColor.rgb for row in (3, 4)} == {"FF305496"}
    last = sheet.cell(3, sheet.max_column).column_letter
    assert sheet.print_area == f"'Resor'!$A$1:${last}$8"


def test_the_summary_follows(book: Path) -> None:
    told = {row[0]: row[1:] for row in rows(write_result(recalculate(book)).path, "Sammanställning") if row[0]}
    assert told["Lästa resor"][0] == 3 and told["Resor med fel"][0] == 1
    assert told["Skola"][:2] == (2, 1) if isinstance(told["Skola"], tuple) else told["Skola"][:2] == [2, 1]


def test_days_on_request(book: Path, tmp_path: Path) -> None:
    out = write_result(recalculate(book, days=True), tmp_path / "ut.xlsx").path
    days = rows(out, "Dygn")
    assert days[0][:5] == ["Rese-ID", "Rad", "Datum", "Land", "Dygn"]
    # The row of the user's sheet; three days of R1 and two of R3.
    assert days[1][:6] == ["R1", 5, datetime(2024, 3, 4), "Sverige", "hel", 290] and len(days) == 6
    again = write_result(recalculate(out), tmp_path / "igen.xlsx")
    assert again.notes == ['Bladet "Dygn" är från en tidigare beräkning och inte uppdaterat.']


def test_processes_that_order_sets_otherwise_give_the_same_bytes(tmp_path: Path) -> None:
    """Two figures of the shipped sheet have the same title."""
    outs = []
    for seed in ("1", "2", "3"):
        outs.append(tmp_path / f"{seed}.xlsx")
        command = [sys.executable, "-m", "udfs.cli", "recalc", str(DEMO), "--out", str(outs[-1])]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, check=True, capture_output=True, env=environment)
    assert len({out.read_bytes() for out in outs}) == 1


def test_two_runs_of_the_command_give_the_same_bytes(book: Path, tmp_path: Path) -> None:
    outs = [tmp_path / "1.xlsx", tmp_path / "2.xlsx"]
    for out in outs:
        done = CliRunner().invoke(recalc, [str(book), "--out", str(out), "--days"])
        assert done.exit_code == 0 and f"Resultat: {out}" in done.output.replace("\n", "")
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_a_second_run_changes_only_what_the_summary_says_of_the_file(book: Path, tmp_path: Path) -> None:
    first = write_result(recalculate(book), tmp_path / "1.xlsx").path
    second = write_result(recalculate(first), tmp_path / "2.xlsx").path
    old, new = raw_parts(first), raw_parts(second)
    differs = {name for name in old if old[name] != new[name]}
    assert set(old) == set(new) and differs == {"xl/worksheets/fardkost1.xml"}
    before, after = ({row[0]: row[1:] for row in rows(path, "Sammanställning")} for path in (first, second))
    changed = {title for title in before.keys() | after.keys() if before.get(title) != after.get(title)}
    assert {title for title in changed if title and not str(title).startswith(("Kolumner", "Att känna"))} <= {
        "Fil", "Underlaget sparat", None
    }  # fmt: skip
    # Under the same name and time not even that, from then on.
    third = tmp_path / "mapp" / "2.xlsx"
    third.parent.mkdir()
    stamp = 1_700_000_000
    os.utime(second, (stamp, stamp))
    write_result(recalculate(second), third)
    os.utime(third, (stamp, stamp))
    fourth = write_result(recalculate(third), tmp_path / "4.xlsx").path
    assert fourth.read_bytes() == third.read_bytes()


def test_the_stated_time_is_used(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    out = write_result(recalculate(book), tmp_path / "ut.xlsx").path
    told = {row[0]: row[1] for row in rows(out, "Sammanställning")}
    assert told["Underlaget sparat"] == datetime.fromtimestamp(86_400).strftime("%Y-%m-%d %H:%M")


def test_macros_come_along(book: Path, tmp_path: Path) -> None:
    def change(name: str, content: bytes) -> bytes:
        kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        if name == "[Content_Types].xml":
            content = content.replace(kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
            extra = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override'
            return content.replace(b"<Override", extra, 1)
        if name == "xl/_rels/workbook.xml.rels":
            tag = (
                b'<Relationship Id="vba" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
                b'Target="vbaProject.bin"/></Relationships>'
            )
            return content.replace(b"</Relationships>", tag)
        return content

    source = rewrite(book, tmp_path / "makron.xlsm", change)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("xl/vbaProject.bin", os.urandom(2000))
    made = recalculate(source)
    out = write_result(made).path
    assert out.name == "makron-beräknad.xlsm"
    assert raw_parts(out)["xl/vbaProject.bin"] == raw_parts(source)["xl/vbaProject.bin"]
    assert b"macroEnabled" in read_part(out, "[Content_Types].xml")
    with pytest.raises(ValueError, match=r"resultatet skrivs som \.xlsm"):
        write_result(made, tmp_path / "ut.xlsx")


def test_other_kinds_of_files_become_a_new_workbook(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    path.write_text("Avresa;Hemkomst\n2024-03-04 07:00;2024-03-06 20:00\n", encoding="cp1252")
    out = write_result(recalculate(path)).path
    assert out.name == "resor-beräknad.xlsx"
    assert dict(zip(*rows(out, "resor")[:2], strict=True))["Traktamente"] == 870


def test_the_command_says_why_it_cannot(book: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(recalc, [str(book), "--out", str(book)])
    assert done.exit_code == 2 and "originalet skrivs aldrig över" in done.output
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    done = CliRunner().invoke(recalc, [str(book), "--out", str(tmp_path / "ut.xlsx")])
    assert done.exit_code == 2 and "digitalt signerad" in done.output
    assert not (tmp_path / "ut.xlsx").exists()


def test_the_shipped_sheet(tmp_path: Path, libreoffice: Callable[[Path, str], Path]) -> None:
    out = write_result(recalculate(DEMO), tmp_path / "ut.xlsx").path
    assert_only_results_added(DEMO, out, "xl/worksheets/sheet1.xml", range(57, 57 + len(OWN_TITLES)))
    seen = openpyxl.load_workbook(libreoffice(out, "xlsx"), data_only=True)
    ours = openpyxl.load_workbook(out, data_only=True)
    for name in ours.sheetnames:
        for row, again in zip(ours[name].iter_rows(), seen[name].iter_rows(), strict=False):
            for cell, other in zip(row, again, strict=False):
                mine, its = cell.value or None, other.value or None
                assert mine == its or mine == pytest.approx(its)


def test_more_days_than_a_sheet_has_rows(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """R1 has three days and R3 two: five rows and a heading, where five are all there is."""
    monkeypatch.setattr("xlsx.resultbook.LAST_ROW", 5)
    written = write_result(recalculate(book, days=True), tmp_path / "ut.xlsx")
    assert written.notes == ["Bladet Dygn är utelämnat: 5 dygn är fler än raderna i ett blad."]
    assert "Dygn" not in openpyxl.load_workbook(written.path).sheetnames
