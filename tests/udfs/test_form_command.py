"""`fardkost form`: what a filled-in form says, the file that is written, the PDF."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from tests.udfs.small_form import WANTED, write_form
from udfs.cli import main
from udfs.forms import recalculate_form
from xlsx.errors import UnreadableSheet
from xlsx.forms.evaluation import pdf as evaluation_pdf


def fardkost(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def told(*arguments: object) -> dict:  # type: ignore[type-arg]
    """What the command answers as JSON."""
    result = fardkost("form", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    answer: dict = json.loads(result.stdout)  # type: ignore[type-arg]
    return answer


def values(path: Path, sheet: str) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(path, data_only=True)[sheet]


def test_totals_remarks_and_file(tmp_path: Path) -> None:
    """Resetillägg: three days of more than four hours, 50 kr each in Linköping."""
    source = write_form(tmp_path / "Anna å.xlsx")
    before = source.read_bytes(), source.stat().st_mtime_ns
    answer = told(source, "--date", "2026-03-10 08:30")
    assert [(one["label"], one["value"], one["unit"]) for one in answer["totals"]] == [
        ("Traktamente", 754.0, "kr"),
        ("Resetillägg", 150.0, "kr"),
        ("Bil", 120.0, "km"),
    ]
    assert (answer["kind"], answer["version"], answer["policy"]) == ("", "1", "linkoping")
    assert ("2", "L-4.2-6", "stopp") in [(one["row"], one["rule"], one["grade"]) for one in answer["remarks"]]
    assert answer["mistakes"] == [] and answer["kept"] == [] and answer["own"] == 3
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before
    made = tmp_path / "Anna å-beräknad.xlsx"
    assert answer["result"] == str(made)
    assert [values(made, "Resa")[f"B{row}"].value for row in (5, 6, 7)] == [754, 150, 120]
    # 2026-03-10 08:30 is stored as a number of days.
    assert values(made, "Beräkning")["A3"].value == pytest.approx(46091 + 8.5 / 24)
    assert values(made, "Beräkning")["A4"].value == answer["rules"] != "gammal"


def test_the_same_moment_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write_form(tmp_path / "f.xlsx")
    for name in ("ett", "två"):
        told(source, "--out", tmp_path / f"{name}.xlsx", "--date", "2026-03-10")
    assert (tmp_path / "ett.xlsx").read_bytes() == (tmp_path / "två.xlsx").read_bytes()


def test_it_is_printed_in_swedish(tmp_path: Path) -> None:
    result = fardkost("form", write_form(tmp_path / "f.xlsx"))
    shown = " ".join(result.stdout.replace("\N{NO-BREAK SPACE}", " ").split())
    for text in ("Traktamente 754,00 kr", "L-4.2-6 stopp", "Inga fel."):
        assert text in shown
    assert f"Resultat: {tmp_path / 'f-beräknad.xlsx'}" in result.stdout.replace("\n", "")


def test_another_policy_is_put_into_the_form(tmp_path: Path) -> None:
    """Stockholm has no resetillägg in its policy file, and the same traktamente."""
    source = write_form(tmp_path / "f.xlsx")
    answer = told(source, "--policy", "lagen")
    assert answer["policy"] == "lagen"
    assert values(tmp_path / "f-beräknad.xlsx", "Resa")["B4"].value == "lagen"
    assert answer["totals"][0]["value"] == 754
    wrong = fardkost("form", source, "--policy", "lingköping")
    assert wrong.exit_code == 2 and "lingköping" in wrong.stderr


def test_a_municipality_s_own_policy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form names the policy, not the file on this computer; also where the policy is the configured one."""
    own = tmp_path / "minkommun.yaml"
    assert fardkost("policy", "new", "Min kommun", "--out", own).exit_code == 0
    source = write_form(tmp_path / "f.xlsx")
    answer = told(source, "--policy", own)
    assert answer["policy"] == "minkommun" and answer["mistakes"] == []
    assert values(tmp_path / "f-beräknad.xlsx", "Resa")["B4"].value == "minkommun"
    assert told(tmp_path / "f-beräknad.xlsx")["mistakes"] != [], "nobody knows it here"
    monkeypatch.setenv("FARDKOST_POLICY", str(own))
    answer = told(tmp_path / "f-beräknad.xlsx")
    assert answer["mistakes"] == [] and answer["totals"][0]["value"] == 754


@pytest.mark.parametrize(
    ("more", "places"),
    [
        (
            {"avresa": "i mars"},
            {"Resa, Avresa": WANTED, "Resa!B5": "i mars", "Resa!B6": "i mars"},
        ),
        (
            {"avresa": dt.datetime(2024, 3, 7, 7)},
            {"Resa!B5": "Hemkomsten ligger före avresan.", "Resa!B6": "Hemkomsten ligger före avresan."},
        ),
        ({"maltider": "-, Qx"}, {"Resa!B5": "Qx"}),
        ({"policy": "lingköping"}, {"Resa!B5": "lingköping", "Resa!B6": "lingköping", "Beräkning!A20": "lingköping"}),
    ],
)
def test_wrong_input_is_told_where_it_is_seen(tmp_path: Path, more: dict[str, object], places: dict[str, str]) -> None:
    answer = told(write_form(tmp_path / "f.xlsx", **more))
    found = {one["place"]: one["text"] for one in answer["mistakes"]}
    assert set(found) == set(places)
    for place, part in places.items():
        assert part in found[place]
    assert answer["totals"][2]["value"] == 120, "what does not depend on it is computed"
    shown = fardkost("form", tmp_path / "f.xlsx")
    assert shown.exit_code == 0 and next(iter(places)) in shown.stdout


def test_any_workbook_with_the_functions(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([dt.datetime(2024, 3, 4, 7), dt.datetime(2024, 3, 6, 20), "=TRAKTAMENTE(A1,B1)", "=C1/3"])
    book.save(tmp_path / "egen.xlsx")
    answer = told(tmp_path / "egen.xlsx")
    assert (answer["kind"], answer["totals"], answer["own"]) == ("", [], 1)
    assert [(one["place"], one["after"]) for one in answer["repaired"]] == [("Sheet!C1", "_xldudf_TRAKTAMENTE(A1,B1)")]
    made = values(tmp_path / "egen-beräknad.xlsx", "Sheet")
    assert [made["C1"].value, made["D1"].value] == [870, 290], "3 days of 290 kr"


def test_a_workbook_without_the_functions_is_told_of(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "tom.xlsx")
    result = fardkost("form", tmp_path / "tom.xlsx")
    assert result.exit_code == 0
    assert "inga formler med Färdkosts funktioner" in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("saknas.xlsx", None, "finns inte"),
        ("text.xlsx", b"hej", "ingen giltig .xlsx-fil"),
        ("tom.xlsx", b"", "filen är tom"),
        ("blad.csv", b"a;b", "läses som .xlsx eller .xlsm"),
        ("gammal.xls", b"\xd0\xcf\x11\xe0", "läses som .xlsx eller .xlsm"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = fardkost("form", tmp_path / name)
    assert result.exit_code == 2
    assert name in result.stderr and said in result.stderr
    assert "Traceback" not in result.output
    assert [path.name for path in tmp_path.iterdir()] == ([name] if content is not None else [])


def test_a_damaged_sheet_is_told_of(tmp_path: Path) -> None:
    source = write_form(tmp_path / "f.xlsx")
    broken = tmp_path / "trasig.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if name.endswith("sheet2.xml") else content)
    result = fardkost("form", broken)
    assert (result.exit_code, "Traceback" in result.output) == (2, False)
    assert result.stderr.startswith("trasig.xlsx: ")


def test_the_result_is_never_the_original(tmp_path: Path) -> None:
    source = write_form(tmp_path / "f.xlsx")
    before = source.read_bytes()
    result = fardkost("form", source, "--out", source)
    assert result.exit_code == 2 and "originalet skrivs aldrig över" in result.stderr
    assert source.read_bytes() == before
    assert fardkost("form", source, "--out", tmp_path / "f.xlsm").exit_code == 2


def test_a_formula_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """Nothing of a form may keep a server busy: the time is short here, and the formulas many."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 3000):
        sheet.append([f'=TRAKTAMENTE("2024-03-04 07:00","2024-03-06 20:00","Sverige","",{row}*0)'])
    book.save(tmp_path / "stor.xlsx")
    with pytest.raises(UnreadableSheet, match="sekunder"):
        recalculate_form(tmp_path / "stor.xlsx", tmp_path / "ut.xlsx", seconds=0.2)
    assert not (tmp_path / "ut.xlsx").exists()


@pytest.mark.parametrize("arguments", [("FIL", "--pdf"), ("--pdf", "FIL"), ("FIL", "--pdf", "UT")])
def test_the_pdf_shows_the_values(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    files = {"FIL": write_form(tmp_path / "f.xlsx"), "UT": tmp_path / "utskrift.pdf"}
    result = fardkost("form", *(files.get(one, one) for one in arguments))
    assert result.exit_code == 0, result.output
    pdf = files["UT"] if "UT" in arguments else tmp_path / "f-beräknad.pdf"
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "754" in text and "150" in text and "#N" not in text and "_xldudf" not in text
    assert {path.suffix for path in tmp_path.iterdir()} == {".xlsx", ".pdf"}


def test_without_libreoffice_the_form_is_computed_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(evaluation_pdf, "_ELSEWHERE", ())
    result = fardkost("form", write_form(tmp_path / "f.xlsx"), "--pdf")
    assert result.exit_code == 2
    assert "Installera LibreOffice" in result.stderr and "Resultat:" in result.stdout
    assert (tmp_path / "f-beräknad.xlsx").exists() and not (tmp_path / "f-beräknad.pdf").exists()


@pytest.mark.skipif(os.name == "nt", reason="the program that never ends is a script")
def test_libreoffice_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "soffice"
    script.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(600)\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(evaluation_pdf.NoPdf, match="blev inte klart på 1 sekunder"):
        evaluation_pdf.write_pdf(write_form(tmp_path / "f.xlsx"), tmp_path / "f.pdf", seconds=1)
    assert not (tmp_path / "f.pdf").exists()


def test_a_form_of_ours_is_known_and_held_against_its_template(tmp_path: Path) -> None:
    assert fardkost("templates", "build", "reserakning", "--out", tmp_path).exit_code == 0
    shipped = tmp_path / "reserakning.xlsx"
    result = fardkost("form", shipped, "--out", tmp_path / "tom.xlsx")
    assert result.exit_code == 0, result.stderr
    assert re.search(r"^Reseräkning, mall \d+\. Policy: linkoping\.", result.stdout) and "Inga fel." in result.stdout
    book = openpyxl.load_workbook(shipped)
    name, _, place = book.defined_names["summa_traktamente"].attr_text.replace("$", "").rpartition("!")
    cell = book[name.strip("'")][place]
    cell.value = 4711
    book.save(tmp_path / "ändrad.xlsx")
    found = {one["place"]: one for one in told(tmp_path / "ändrad.xlsx")["mistakes"]}
    assert found[f"{cell.parent.title}!{place}"]["grade"] == "fel"
    assert found[""]["grade"] == "varning", "openpyxl has saved it"
