"""`fardkost repair`: plain and damaged formulas get the form that Excel stores, and nothing else changes."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from udfs.cli import main

TRIP = '"2024-03-04 07:00","2024-03-06 20:00"'
"""Three whole days at 290 kr: 870."""

DYNAMIC = re.compile(r'<c r="(\w+)"[^>]* cm="(\d+)"[^>]*><f t="array" ref="([\w:]+)">(.*?)</f><v>(.*?)</v></c>')


def repaired(path: Path, *more: str) -> tuple[Result, Path]:
    result = CliRunner().invoke(main, ["repair", str(path), *more])
    assert "Traceback" not in result.output
    return result, path.with_name(f"{path.stem}-lagad{path.suffix}")


def write(path: Path, fill: Callable[[Any, Any], None], **options: Any) -> Path:
    with xlsxwriter.Workbook(str(path), options) as book:
        fill(book, book.add_worksheet("Blad"))
    return path


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def dynamic(path: Path) -> dict[str, tuple[str, str, str]]:
    """The spilling cells of the first sheet: area, formula, value."""
    return {one[0]: one[2:] for one in DYNAMIC.findall(part(path, "xl/worksheets/sheet1.xml"))}


def changed(path: Path, out: Path, edit: Callable[[str, bytes], bytes]) -> Path:
    """A copy of a workbook with its parts edited."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, edit(name, old.read(name)))
    return out


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        (f"TRAKTAMENTE({TRIP})", f"_xldudf_TRAKTAMENTE({TRIP})", "870"),
        (f"traktamente({TRIP})*2", f"_xldudf_TRAKTAMENTE({TRIP})*2", "1740"),
        (f"FUNCRES.XLAM!_xldudf_TRAKTAMENTE({TRIP})", f"_xldudf_TRAKTAMENTE({TRIP})", "870"),
        (f"[2]!_xldudf_TRAKTAMENTE({TRIP})", f"_xldudf_TRAKTAMENTE({TRIP})", "870"),
        (f"'C:\\a b\\[x]y.xlam'!_xldudf_TRAKTAMENTE({TRIP})", f"_xldudf_TRAKTAMENTE({TRIP})", "870"),
        ("MERSTRACKA(48,17.5)+MERSTRACKA(10,1)", "_xldudf_MERSTRACKA(48,17.5)+_xldudf_MERSTRACKA(10,1)", "39.5"),
        ('IFERROR(MERSTRACKA(48,17.5),"-")', 'IFERROR(_xldudf_MERSTRACKA(48,17.5),"-")', "30.5"),
        ('SUM(MERSTRACKA(48,17.5),1)&" km"', 'SUM(_xldudf_MERSTRACKA(48,17.5),1)&" km"', "31.5 km"),
        (
            '"TRAKTAMENTE("&MERSTRACKA(48,17.5)&")"',
            '"TRAKTAMENTE("&_xldudf_MERSTRACKA(48,17.5)&")"',
            "TRAKTAMENTE(30.5)",
        ),
    ],
)
def test_a_formula_becomes_what_excel_stores(tmp_path: Path, before: str, after: str, value: str) -> None:
    """Merstracka is 48 - 17,5 = 30,5 km, and 10 - 1 = 9 km."""
    source = write(tmp_path / "f.xlsx", lambda book, sheet: sheet.write_formula("B2", f"={before}", None, "#NAME?"))
    original = source.read_bytes()
    result, made = repaired(source)
    assert result.exit_code == 0 and "Blad!B2" in result.stdout and "Lagade formler: 1" in result.stdout
    assert dynamic(made) == {"B2": ("B2", after.replace("&", "&amp;"), value)}
    assert source.read_bytes() == original
    assert openpyxl.load_workbook(made, data_only=True)["Blad"]["B2"].value == (
        float(value) if value.replace(".", "").isdigit() else value
    )


@pytest.mark.parametrize(
    "formula",
    [
        "MITTTRAKTAMENTE(1)",
        "TRAKTAMENTEX(1)",
        "Bok.TRAKTAMENTE(1)",
        "[1]Blad!TRAKTAMENTE(1)",
        "Makron.xlam!TRAKTAMENTE(1)",
        '"=TRAKTAMENTE(1)"',
        "SUM(TRAKTAMENTE)",
        "Traktamente!A1",
    ],
)
def test_other_formulas_are_left_alone_and_no_file_is_written(tmp_path: Path, formula: str) -> None:
    source = write(tmp_path / "f.xlsx", lambda book, sheet: sheet.write_formula("B2", f"={formula}", None, 7))
    result, made = repaired(source)
    assert result.exit_code == 0 and "Inget att laga" in result.stdout
    assert not made.exists()


def test_a_sound_workbook_needs_nothing(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_dynamic_array_formula("A1", f"=_xldudf_TRAKTAMENTE({TRIP})", None, 870)
        sheet.write_formula("A2", "=_xldudf_MERSTRACKA(48,17.5)", None, 30.5)

    result, made = repaired(write(tmp_path / "f.xlsx", fill))
    assert "Inget att laga: 2 celler med Färdkosts funktioner är som de ska." in result.stdout
    assert not made.exists()


def test_nothing_else_changes_but_what_waited_for_the_formula(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write("A1", "rubrik", book.add_format({"bold": True}))
        sheet.write_formula("B1", f"=TRAKTAMENTE({TRIP})", book.add_format({"num_format": "0.00"}), "#NAME?")
        sheet.write_formula("B2", "=B1*2", None, "#NAME?")
        sheet.write_formula("B3", "=1+1", None, 99)
        sheet.write_formula("B4", "=RAND()", None, 0.25)
        sheet.data_validation("A2", {"validate": "list", "source": ["a", "b"]})
        book.add_worksheet("Annat").write("A1", 1)

    source = write(tmp_path / "f.xlsx", fill)
    _, made = repaired(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made) as new:
        assert set(new.namelist()) - set(old.namelist()) == {"xl/metadata.xml"}
        different = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert different == {"xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
    before, after = (part(path, "xl/worksheets/sheet1.xml") for path in (source, made))
    cells = re.compile(r'<c r="B[12]".*?</c>')
    assert cells.sub("", before) == cells.sub("", after)
    assert '<c r="B1" s="2" cm="1">' in after
    assert '<c r="B2"><f>B1*2</f><v>1740</v></c>' in after
    assert "<f>1+1</f><v>99</v>" in after, "an answer that does not wait for the formula stays, even a wrong one"


def test_a_table_spills(tmp_path: Path) -> None:
    """A trip's days come as a table, which the cell had no room for as long as it did not spill."""
    source = write(
        tmp_path / "f.xlsx",
        lambda book, sheet: sheet.write_formula(
            "B2", f'=TRAKTAMENTEDAGAR({TRIP},"Sverige","-, Fh, Fh")', None, "#NAME?"
        ),
    )
    _, made = repaired(source)
    area, _, value = dynamic(made)["B2"]
    assert (area, value) == ("B2:K5", "Datum"), "ten columns; headings and three days"
    sheet = openpyxl.load_workbook(made, data_only=True)["Blad"]
    assert [row[5].value for row in sheet["B3:K5"]] == [290, 232, 232], "290 kr less 58 for each hotel breakfast"


def test_shared_formulas_stand_by_themselves(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        for row, km in enumerate((48, 30, 20)):
            sheet.write_row(row, 0, [km, 17.5])
            sheet.write_formula(row, 2, f"=MERSTRACKA(A{row + 1},B{row + 1})", None, "#NAME?")

    def share(name: str, content: bytes) -> bytes:
        if name.endswith("sheet1.xml"):
            content = content.replace(
                b"<f>MERSTRACKA(A1,B1)</f>", b'<f t="shared" ref="C1:C3" si="0">MERSTRACKA(A1,B1)</f>'
            )
            for row in (2, 3):
                content = content.replace(b"<f>MERSTRACKA(A%d,B%d)</f>" % (row, row), b'<f t="shared" si="0"/>')
        return content

    source = changed(write(tmp_path / "u.xlsx", fill), tmp_path / "f.xlsx", share)
    assert part(source, "xl/worksheets/sheet1.xml").count('t="shared"') == 3
    _, made = repaired(source)
    assert dynamic(made) == {
        f"C{row}": (f"C{row}", f"_xldudf_MERSTRACKA(A{row},B{row})", value)
        for row, value in ((1, "30.5"), (2, "12.5"), (3, "2.5"))
    }


def test_in_merged_cells_a_formula_cannot_spill(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range("B2:C2", "")
        sheet.write_formula("B2", "=MERSTRACKA(48,17.5)", None, "#NAME?")

    _, made = repaired(write(tmp_path / "f.xlsx", fill))
    assert "<f>_xldudf_MERSTRACKA(48,17.5)</f><v>30.5</v>" in part(made, "xl/worksheets/sheet1.xml")
    assert dynamic(made) == {}


def test_names_and_the_order_of_calculation(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        book.define_name("stracka", "=MERSTRACKA(Blad!$A$1,17.5)")
        sheet.write("A1", 48)
        sheet.write_formula("B1", "=stracka+1", None, "#NAME?")
        sheet.write_formula("B2", "=MERSTRACKA(A1,7.5)", None, "#NAME?")

    def chained(name: str, content: bytes) -> bytes:
        if name == "[Content_Types].xml":
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
            return content.replace(
                b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="%b"/></Types>' % kind
            )
        if name == "xl/_rels/workbook.xml.rels":
            kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
            return content.replace(
                b"</Relationships>",
                b'<Relationship Id="rId99" Type="%b" Target="calcChain.xml"/></Relationships>' % kind,
            )
        return content

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    chain = f'<calcChain xmlns="{main}"><c r="B1" i="1"/><c r="B2"/></calcChain>'
    source = changed(write(tmp_path / "u.xlsx", fill), tmp_path / "f.xlsx", chained)
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("xl/calcChain.xml", chain)
    result, made = repaired(source)
    assert "stracka" in result.stdout
    assert ">_xldudf_MERSTRACKA(Blad!$A$1,17.5)<" in part(made, "xl/workbook.xml")
    sheet = openpyxl.load_workbook(made, data_only=True)["Blad"]
    assert [sheet["B1"].value, sheet["B2"].value] == [31.5, 40.5]
    with zipfile.ZipFile(made) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
        assert b"calcChain" not in archive.read("[Content_Types].xml") + archive.read("xl/_rels/workbook.xml.rels")


@pytest.mark.parametrize(("saved", "mended"), [(30.5, False), ("#NAME?", True)])
def test_a_macro_workbook_keeps_plain_names_that_work(tmp_path: Path, saved: Any, mended: bool) -> None:
    """In an .xlsm the plain name may be a macro's, as xlwings makes them: then it was saved with an answer."""
    macros = tmp_path / "vbaProject.bin"
    macros.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    def fill(book: Any, sheet: Any) -> None:
        book.add_vba_project(str(macros))
        sheet.write_formula("A1", "=MERSTRACKA(48,17.5)", None, saved)

    source = write(tmp_path / "f.xlsm", fill)
    result, made = repaired(source)
    assert result.exit_code == 0, result.output
    assert made.exists() == mended
    if mended:
        assert dynamic(made) == {"A1": ("A1", "_xldudf_MERSTRACKA(48,17.5)", "30.5")}
        with zipfile.ZipFile(source) as old, zipfile.ZipFile(made) as new:
            assert old.read("xl/vbaProject.bin") == new.read("xl/vbaProject.bin")


def test_what_shared_a_formula_with_a_mended_cell_keeps_its_own(tmp_path: Path) -> None:
    """In a workbook with macros one cell of a shared formula shows #NAME? and the other an answer: 30 - 17.5 = 12.5."""
    macros = tmp_path / "vbaProject.bin"
    macros.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))

    def fill(book: Any, sheet: Any) -> None:
        book.add_vba_project(str(macros))
        for row, (km, saved) in enumerate(((48, "#NAME?"), (30, 12.5))):
            sheet.write_row(row, 0, [km, 17.5])
            sheet.write_formula(row, 2, f"=MERSTRACKA(A{row + 1},B{row + 1})", None, saved)

    def share(name: str, content: bytes) -> bytes:
        first = b'<f t="shared" ref="C1:C2" si="0">MERSTRACKA(A1,B1)</f>'
        content = content.replace(b"<f>MERSTRACKA(A1,B1)</f>", first)
        return content.replace(b"<f>MERSTRACKA(A2,B2)</f>", b'<f t="shared" si="0"/>')

    _, made = repaired(changed(write(tmp_path / "u.xlsm", fill), tmp_path / "f.xlsm", share))
    assert dynamic(made) == {"C1": ("C1", "_xldudf_MERSTRACKA(A1,B1)", "30.5")}
    assert '<c r="C2"><f>MERSTRACKA(A2,B2)</f><v>12.5</v></c>' in part(made, "xl/worksheets/sheet1.xml")


def test_metadata_that_is_there_is_added_to(tmp_path: Path) -> None:
    """A workbook whose metadata is about other things, and one that already has spilling cells."""

    def fill(book: Any, sheet: Any) -> None:
        sheet.write_dynamic_array_formula("A1", "=SEQUENCE(2)", None, 1)
        sheet.write_formula("B1", "=MERSTRACKA(48,17.5)", None, "#NAME?")

    spilling = write(tmp_path / "a.xlsx", fill)
    _, made = repaired(spilling)
    assert part(made, "xl/metadata.xml") == part(spilling, "xl/metadata.xml")
    assert set(dynamic(made)) == {"A1", "B1"}

    other = (
        '<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><metadataTypes count="1">'
        '<metadataType name="XLRICHVALUE" minSupportedVersion="120000" copy="1"/></metadataTypes>'
        '<futureMetadata name="XLRICHVALUE" count="1"><bk/></futureMetadata>'
        '<valueMetadata count="1"><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>'
    )

    def rich(name: str, content: bytes) -> bytes:
        if name == "xl/metadata.xml":
            return other.encode()
        return content.replace(b' cm="1"', b"") if name.endswith("sheet1.xml") else content

    _, made = repaired(changed(spilling, tmp_path / "b.xlsx", rich))
    content = part(made, "xl/metadata.xml")
    assert re.findall(r'<metadataType name="(\w+)"', content) == ["XLRICHVALUE", "XLDAPR"]
    assert '<metadataTypes count="2">' in content
    assert '<cellMetadata count="1"><bk><rc t="2" v="0"/></bk></cellMetadata><valueMetadata' in content
    assert 'fDynamic="1"' in content
    assert dynamic(made)["B1"][1] == "_xldudf_MERSTRACKA(48,17.5)"


def test_the_metadata_is_as_other_writers_make_it(tmp_path: Path) -> None:
    """The record that a cell names, compared with that of XlsxWriter, whose files Excel opens."""

    def stored(book: Any, sheet: Any) -> None:
        sheet.write_dynamic_array_formula("A1", "=_xldudf_MERSTRACKA(48,17.5)", None, 30.5)

    source = write(tmp_path / "f.xlsx", lambda book, sheet: sheet.write_formula("A1", "=MERSTRACKA(48,17.5)", None, ""))
    _, made = repaired(source)
    wanted = write(tmp_path / "w.xlsx", stored)
    own, theirs = (re.sub(r"\s+", " ", part(path, "xl/metadata.xml")) for path in (made, wanted))
    elements = re.compile(r"<[\w:]+[^>]*>")
    attributes = [
        [
            (tag.split()[0], sorted(re.findall(r'(\w+)="([^"]*)"', tag)))
            for tag in elements.findall(text)
            if "xml" not in tag[:6]
        ]
        for text in (own, theirs)
    ]
    assert [tag for tag, _ in attributes[0]][1:] == [tag for tag, _ in attributes[1]][1:]
    for (tag, ours), (_, known) in zip(attributes[0][1:], attributes[1][1:], strict=True):
        if tag != "<xda:dynamicArrayProperties":
            assert ours == known, tag
    cell = re.compile(r'<c r="A1".*?</c>')
    assert (
        cell.search(part(made, "xl/worksheets/sheet1.xml"))[0]
        == cell.search(  # type: ignore[index]
            part(wanted, "xl/worksheets/sheet1.xml")
        )[0]
    )  # type: ignore[index]


def test_what_is_wrong_in_a_mended_formula_is_said(tmp_path: Path) -> None:
    wrong = '=TRAKTAMENTE("2024-03-06 20:00","2024-03-04 07:00")'
    source = write(tmp_path / "f.xlsx", lambda book, sheet: sheet.write_formula("A1", wrong, None, "#NAME?"))
    result, made = repaired(source)
    assert "Blad!A1: Hemkomsten ligger före avresan." in result.stdout
    assert "<v>#NUM!</v>" in part(made, "xl/worksheets/sheet1.xml")


def test_libreoffice_opens_what_was_mended(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_formula("A1", f"=TRAKTAMENTE({TRIP})", None, "#NAME?")
        sheet.write_formula("B1", "=A1*2", None, "#NAME?")
        sheet.write("C1", "åäö")

    _, made = repaired(write(tmp_path / "f.xlsx", fill))
    soffice = shutil.which("soffice")
    assert soffice is not None
    profile = (tmp_path / "profil").as_uri()
    subprocess.run(
        [
            *(soffice, f"-env:UserInstallation={profile}", "--headless"),
            *("--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76"),
            *("--outdir", str(tmp_path), str(made)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    shown = (tmp_path / "f-lagad.csv").read_text(encoding="utf-8").strip().split(";")
    assert shown[1:] == ["1740", "åäö"], "the cell that waited for it shows its value also without the add-in"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_bytes(b"hej")
    for name, said in (("text.xlsx", "ingen giltig .xlsx-fil"), ("saknas.xlsx", "finns inte")):
        result, made = repaired(tmp_path / name)
        assert result.exit_code == 2 and said in result.stderr and not made.exists()
    result, _ = repaired(write(tmp_path / "f.xlsx", lambda book, sheet: None), "--out", str(tmp_path / "f.ods"))
    assert result.exit_code == 2
