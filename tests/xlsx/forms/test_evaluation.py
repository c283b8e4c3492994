"""Recalculated workbooks: values, errors, spills, and that nothing else changes."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from core.engine import CellError
from xlsx.errors import UnreadableSheet
from xlsx.forms.evaluation import Evaluated, evaluated
from xlsx.patch.errors import Unpatchable

FROM = dt.datetime(2024, 3, 4, 7)
Book = Any
Write = Callable[[Any, Any], None]


def double(value: Any) -> Any:
    """Twice a number, cell by cell; texts are errors with a sentence."""
    if isinstance(value, list):
        return [[double(cell) for cell in row] for row in value]
    if isinstance(value, CellError):
        return value
    if isinstance(value, str):
        return CellError("#VALUE!", f'"{value}" är inget tal.')
    return None if value is None else value * 2


def seen(*arguments: Any) -> str:
    """What the function was given, as Python writes it."""
    return repr(arguments)


def grid(rows: Any, columns: Any) -> Any:
    """A table of that size: 11, 12 …, 21, 22 …"""
    return [[10 * row + column for column in range(1, int(columns) + 1)] for row in range(1, int(rows) + 1)]


def broken(*_: Any) -> Any:
    raise RuntimeError("secret")


FUNCTIONS = {"DUBBEL": double, "SEDD": seen, "TABELL": grid, "TRASIG": broken}


def write(path: Path, fill: Write) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        fill(book, book.add_worksheet("Blad"))
    return path


@pytest.fixture
def recalculated(tmp_path: Path) -> Callable[..., tuple[Evaluated, Path]]:
    def run(fill: Write, **more: Any) -> tuple[Evaluated, Path]:
        source = write(tmp_path / "formulär.xlsx", fill)
        return evaluated(source, tmp_path / "ut.xlsx", FUNCTIONS, **more), tmp_path / "ut.xlsx"

    return run


def sheet_xml(path: Path, number: int = 1) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def cell_xml(path: Path, cell: str) -> str:
    found = re.search(rf'<c r="{cell}"[^>]*?(?:/>|>.*?</c>)', sheet_xml(path))
    assert found is not None, cell
    return found[0]


def test_a_call_and_what_depends_on_it_get_their_values(recalculated: Any) -> None:
    def fill(book: Book, sheet: Any) -> None:
        sheet.write("A1", 21)
        sheet.write_dynamic_array_formula("B1", "=_xldudf_DUBBEL(A1)", None, "")
        sheet.write_formula("C1", '=IF(B1>40,"ja "&B1,"nej")', None, "")
        sheet.write_formula("D1", "=B1=42", None, "")

    made, out = recalculated(fill)
    assert made.values["Blad"] == {"B1": 42, "C1": "ja 42", "D1": True}
    assert cell_xml(out, "B1") == '<c r="B1" cm="1"><f t="array" ref="B1">_xldudf_DUBBEL(A1)</f><v>42</v></c>'
    assert cell_xml(out, "C1").startswith('<c r="C1" t="str"><f>IF(B1&gt;40,') and "<v>ja 42</v>" in cell_xml(out, "C1")
    assert cell_xml(out, "D1") == '<c r="D1" t="b"><f>B1=42</f><v>1</v></c>'
    read = openpyxl.load_workbook(out, data_only=True)["Blad"]
    assert [read["B1"].value, read["C1"].value, read["D1"].value] == [42, "ja 42", True]


def test_arguments_come_as_excel_would_hand_them_over(recalculated: Any) -> None:
    """Dates as day numbers (2024-03-04 is day 45355), blank cells as None, ranges as rows, left out as None."""

    def fill(book: Book, sheet: Any) -> None:
        sheet.write_datetime("A1", FROM.replace(hour=12), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write("A3", "ord")
        sheet.write_boolean("B1", True)
        sheet.write_formula("B2", "=1/0", None, "")
        for row, formula in enumerate(
            ("SEDD(A1)", "SEDD(A2)", "SEDD(A1:B3)", "SEDD(1,,A3,)", "SEDD()", "SEDD(B2)", 'SEDD("å""b",{1,2;3,4})')
        ):
            sheet.write_dynamic_array_formula(row, 3, row, 3, f"=_xldudf_{formula}", None, "")

    made, _ = recalculated(fill)
    passed = CellError("#DIV/0!", "Cellen innehåller felet #DIV/0!.")
    assert [made.values["Blad"][f"D{row}"] for row in range(1, 8)] == [
        "(45355.5,)",
        "(None,)",
        repr(([[45355.5, True], [None, passed], ["ord", None]],)),
        "(1.0, None, 'ord', None)",
        "()",
        repr((passed,)),
        "('å\"b', [[1.0, 2.0], [3.0, 4.0]])",
    ]


def test_an_error_of_one_row_stays_in_its_row_and_keeps_its_sentence(recalculated: Any) -> None:
    def fill(book: Book, sheet: Any) -> None:
        for row, value in enumerate((1, "två", 3)):
            sheet.write(row, 0, value)
        sheet.write_dynamic_array_formula("B1", "=_xldudf_DUBBEL(A1:A3)", None, "")
        sheet.write_dynamic_array_formula("C1", "=IFERROR(_xldudf_DUBBEL(A1:A3),-1)", None, "")
        sheet.write_formula("D1", "=IFERROR(B2,0)+B3", None, "")
        sheet.write_formula("D2", "=SUM(B1:B3)", None, "")

    made, out = recalculated(fill)
    values = made.values["Blad"]
    assert [values["B1"], values["B3"], values["C1"], values["C2"], values["C3"], values["D1"]] == [2, 6, 2, -1, 6, 6]
    assert values["B2"] == CellError("#VALUE!", '"två" är inget tal.')
    assert [(one.where, one.code, one.message) for one in made.errors] == [
        ("Blad!B2", "#VALUE!", '"två" är inget tal.')
    ], "D2 only refers to it"
    assert cell_xml(out, "B2") == '<c r="B2" t="e"><v>#VALUE!</v></c>'


def test_errors_where_they_begin(recalculated: Any) -> None:
    def fill(book: Book, sheet: Any) -> None:
        sheet.write_formula("A1", "=1/0", None, "")
        sheet.write_formula("A2", "=A1+1", None, "")
        sheet.write_dynamic_array_formula("B1", "=_xldudf_DUBBEL(A2)", None, "")
        sheet.write_formula("A3", "=FINNSINTE(1)", None, "")
        sheet.write_formula("A4", '="a"+1', None, "")
        sheet.write_formula("A5", "=A6", None, "")
        sheet.write_formula("A6", "=A5", None, "")
        sheet.write_dynamic_array_formula("C1", "=_xldudf_TABELL(2,2)", None, "")
        sheet.write("D2", "i vägen")
        sheet.write_dynamic_array_formula("E1", "=_xldudf_TRASIG(1)", None, "")

    made, out = recalculated(fill)
    told = {one.cell: one.message for one in made.errors}
    assert set(told) == {"A1", "A3", "A4", "A5", "A6", "C1", "E1"}
    assert told["A5"] == told["A6"] == "Formeln beror på sitt eget svar."
    assert told["A1"] == "Formeln delar med noll."
    assert "finns" in told["A3"] and "fel slag" in told["A4"] and "får inte plats" in told["C1"]
    assert told["E1"] == "Ett fel i Färdkost: TRASIG gav inget svar (RuntimeError). Anmäl det."
    assert "<v>i vägen</v>" not in cell_xml(out, "D2"), "it is a shared text, untouched"
    assert cell_xml(out, "C1").endswith('ref="C1">_xldudf_TABELL(2,2)</f><v>#VALUE!</v></c>')


def test_a_smaller_answer_empties_the_cells_it_leaves_and_keeps_their_formats(tmp_path: Path) -> None:
    def fill(book: Book, sheet: Any) -> None:
        bold = book.add_format({"bold": True})
        sheet.write("A1", 3)
        sheet.write_dynamic_array_formula("B1:C3", "=_xldudf_TABELL(A1,2)", None, "")
        sheet.write_blank("B2", None, bold)
        sheet.write_blank("B3", None, bold)
        sheet.write("B5", "kvar")

    first, second, third = (tmp_path / name for name in ("ett.xlsx", "två.xlsx", "tre.xlsx"))
    evaluated(write(tmp_path / "f.xlsx", fill), first, FUNCTIONS)
    assert cell_xml(first, "B3") == '<c r="B3" s="1"><v>31</v></c>'
    assert cell_xml(first, "C2") == '<c r="C2"><v>22</v></c>', "a cell that was not there"
    changed = first.with_name("ändrad.xlsx")
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'<c r="A1"><v>3</v></c>', b'<c r="A1"><v>1</v></c>')
            target.writestr(name, content)
    made = evaluated(changed, second, FUNCTIONS)
    assert made.errors == []
    assert 'ref="B1:C1"' in cell_xml(second, "B1")
    assert cell_xml(second, "B3") == '<c r="B3" s="1"/>'
    assert 'r="C3"' not in sheet_xml(second)
    evaluated(second, third, FUNCTIONS)
    assert third.read_bytes() == second.read_bytes()


def test_a_larger_answer_makes_rows_and_cells_in_their_places(recalculated: Any) -> None:
    def fill(book: Book, sheet: Any) -> None:
        sheet.write_dynamic_array_formula("B2", "=_xldudf_TABELL(5,3)", None, "")
        sheet.write("A4", "a")
        sheet.write("F4", "f")
        sheet.write("A5", "sist")

    made, out = recalculated(fill)
    assert made.values["Blad"]["D5"] == 43
    xml = sheet_xml(out)
    assert '<dimension ref="A2:F6"/>' in xml
    assert re.findall(r'<row r="(\d+)"', xml) == ["2", "3", "4", "5", "6"]
    assert re.findall(r'<c r="([A-Z]4)"', xml) == ["A4", "B4", "C4", "D4", "F4"]
    read = openpyxl.load_workbook(out, data_only=True)["Blad"]
    assert [[cell.value for cell in row] for row in read["A4:F4"]] == [["a", 31, 32, 33, None, "f"]]


def test_the_mark_of_a_rich_value_goes_with_the_value(tmp_path: Path) -> None:
    """Excel marks a blocked spill by `vm`; a cell that has got a number must not point at it any more."""
    source = write(
        tmp_path / "u.xlsx",
        lambda book, sheet: sheet.write_dynamic_array_formula("A1", "=_xldudf_DUBBEL(21)", None, "#VALUE!"),
    )
    marked = tmp_path / "f.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(marked, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'cm="1"', b'cm="1" vm="1"'))
    evaluated(marked, tmp_path / "ut.xlsx", FUNCTIONS)
    assert cell_xml(tmp_path / "ut.xlsx", "A1").startswith('<c r="A1" cm="1"><f')


def test_fixed_array_formulas_fill_their_area_as_excel_does(recalculated: Any) -> None:
    def fill(book: Book, sheet: Any) -> None:
        sheet.write_array_formula("A1:C2", "{=_xldudf_TABELL(3,2)}", None, "")
        sheet.write_array_formula("A4:B5", "{=_xldudf_DUBBEL(4)}", None, "")
        sheet.write_formula("E1", "=_xldudf_TABELL(2,2)", None, "")
        sheet.write("E2", "under")

    made, _ = recalculated(fill)
    values = made.values["Blad"]
    assert [values[cell] for cell in ("A1", "B1", "A2", "B2")] == [11, 12, 21, 22]
    assert isinstance(values["C1"], CellError) and values["C1"].code == "#N/A"
    assert [values[cell] for cell in ("A4", "B4", "A5", "B5")] == [8, 8, 8, 8]
    assert values["E1"] == 11, "a plain formula has one cell"


def test_in_our_forms_arrays_of_another_program_spill_again(recalculated: Any) -> None:
    """LibreOffice and openpyxl save spilling formulas with the area that they had, here one row of two."""

    def fill(book: Book, sheet: Any) -> None:
        sheet.write("A1", "reserakning")
        book.define_name("formular", "=Blad!$A$1")
        sheet.write_array_formula("B1:C1", "{=_xldudf_TABELL(2,2)}", None, "")

    made, out = recalculated(fill)
    assert made.values["Blad"] == {"B1": 11, "C1": 12, "B2": 21, "C2": 22}
    assert cell_xml(out, "B1").startswith('<c r="B1" cm="1"><f t="array" ref="B1:C2">')
    assert [(one.cell, one.before) for one in made.repaired] == [("B1", "{_xldudf_TABELL(2,2)}")]


def test_names_labels_and_constants(recalculated: Any) -> None:
    def fill(book: Book, sheet: Any) -> None:
        sheet.write_row("A1", ["Summa", "", 5])
        sheet.write_column("A3", [1, None, "x"])
        sheet.write("E1", "gammal")
        sheet.write_formula("E2", '="regler "&version', None, "")
        sheet.write_dynamic_array_formula("G1", "=_xldudf_TABELL(2,2)", None, "")
        for name, area in {"summa_a": "$C$1", "lista": "$A$3:$A$5", "version": "$E$1", "tabell": "$G$1"}.items():
            book.define_name(name, f"=Blad!{area}")
        book.define_name("dubbla", "=_xldudf_DUBBEL(Blad!$C$1)")
        sheet.write_formula("E3", "=dubbla+1", None, "")

    made, out = recalculated(fill, constants={"version": "2026.1", "saknas": 1})
    assert made.names["summa_a"] == 5 and made.labels["summa_a"] == "Summa" and made.places["summa_a"] == ("Blad", "C1")
    assert made.names["lista"] == [[1], [None], ["x"]]
    assert made.names["tabell"] == [[11, 12], [21, 22]], "all of the answer"
    assert made.names["version"] == "2026.1" and made.values["Blad"]["E2"] == "regler 2026.1"
    assert made.values["Blad"]["E3"] == 11
    assert openpyxl.load_workbook(out, data_only=True)["Blad"]["E1"].value == "2026.1"
    assert cell_xml(out, "E1").startswith('<c r="E1" t="inlineStr"><is><t'), "no formula's text"


def test_tables_and_functions_of_excel_that_the_engine_lacks(recalculated: Any) -> None:
    def fill(book: Book, sheet: Any) -> None:
        columns = [{"header": "Slag"}, {"header": "Kr"}]
        sheet.add_table("A1:B4", {"name": "Utlagg", "columns": columns, "data": [["tåg", 2], ["buss", 3], ["tåg", 4]]})
        sheet.write_formula("D1", "=SUM(Utlagg[Kr])", None, "")
        sheet.write_formula("D2", '=IFERROR(WEBSERVICE("https://kommun.example"),"-")', None, "svar")
        sheet.write_formula("D3", '=D2&"!"', None, "gammalt")
        sheet.write_formula("D4", "=A2:A4", None, "tåg")

    made, out = recalculated(fill)
    assert made.values["Blad"] == {"D1": 9, "D3": "svar!"}
    assert [(one.cell, one.why) for one in made.kept] == [
        ("D2", "WEBSERVICE kan bara räknas i Excel"),
        ("D4", "formeln kan bara räknas i Excel"),
    ]
    assert "<v>svar</v>" in cell_xml(out, "D2")


def test_in_other_workbooks_only_what_depends_on_the_functions_is_computed(tmp_path: Path) -> None:
    """The saved 99, 98 and 97 are wrong on purpose: they show which cells were computed."""

    def fill(book: Book, sheet: Any) -> None:
        book.calc_on_load = False
        sheet.write_column("A1", [1, 2, 3])
        sheet.write_dynamic_array_formula("B1", "=_xldudf_DUBBEL(A1:A3)", None, 99)
        sheet.write_formula("C1", "=SUM(B:B)", None, 99)
        sheet.write_formula("C2", "=namnet+1", None, 99)
        sheet.write_formula("C3", "=B3", None, 99)
        sheet.write_formula("C4", "=A1+1", None, 98)
        sheet.write_formula("C5", "=C4+1", None, 97)
        sheet.write_formula("C6", "=A1+2", None, "")
        sheet.write_formula("C7", '="a"+1', None, "#VALUE!")
        book.define_name("namnet", "=Blad!$C$1")

    source = write(tmp_path / "f.xlsx", fill)
    made = evaluated(source, tmp_path / "ut.xlsx", FUNCTIONS)
    expected = {"B1": 2, "B2": 4, "B3": 6, "C1": 12, "C2": 13, "C3": 6, "C6": 3}
    assert made.values["Blad"] == expected and made.kept == [] and made.errors == []
    read = openpyxl.load_workbook(tmp_path / "ut.xlsx", data_only=True)["Blad"]
    assert [read["C4"].value, read["C5"].value] == [98, 97]

    def as_form(book: Book, sheet: Any) -> None:
        fill(book, sheet)
        sheet.write("E1", "reserakning")
        book.define_name("formular", "=Blad!$E$1")

    made = evaluated(write(tmp_path / "formulär.xlsx", as_form), tmp_path / "två.xlsx", FUNCTIONS)
    assert made.values["Blad"] == {**expected, "C4": 2, "C5": 3, "C7": CellError("#VALUE!", "")}


def test_odd_packages_are_read(tmp_path: Path) -> None:
    """The strict dialect, a chart sheet before the cells, a part that is listed and missing."""

    def fill(book: Book, sheet: Any) -> None:
        chart = book.add_chart({"type": "column"})
        sheet.write("A1", "ord")
        sheet.write("A2", 21)
        sheet.write_formula("B1", "=DUBBEL(A2)", None, "#NAME?")
        sheet.write_formula("B2", "=A1", None, "")
        chart.add_series({"values": "=Blad!$A$2:$A$2"})
        book.add_chartsheet("Diagram").set_chart(chart)
        book.define_name("Blad!lokal", "=Blad!$A$2")
        sheet.write_formula("B3", "=lokal+1", None, "")

    source, odd = write(tmp_path / "f.xlsx", fill), tmp_path / "udda.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(odd, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for transitional, strict in (
                (
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
                ),
                (
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            ):
                content = content.replace(transitional, strict)
            if name == "xl/_rels/workbook.xml.rels":
                extra = b'<Relationship Id="rId77" Type="x/theme" Target="theme/saknas.xml"/></Relationships>'
                content = content.replace(b"</Relationships>", extra)
            new.writestr(name, content)
    made = evaluated(odd, tmp_path / "ut.xlsx", FUNCTIONS)
    assert made.values["Blad"] == {"B1": 42, "B2": "ord", "B3": 22}


@pytest.mark.parametrize("name", ["sheet1", "Sheet1", "SHEET1", "Å 'och' ä!", "1"])
def test_sheets_of_any_name(tmp_path: Path, name: str) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "f.xlsx")) as book:
        sheet, other = book.add_worksheet(name), book.add_worksheet("Annat")
        sheet.write("B1", "Peter")
        sheet.write_formula("A1", '=IF(ISBLANK(B1),"",B1)', None, "")
        quoted = name.replace("'", "''")
        other.write_dynamic_array_formula("A1", f"=_xldudf_SEDD('{quoted}'!A1)", None, "")
        book.define_name("namn", f"='{quoted}'!$B$1")
    made = evaluated(tmp_path / "f.xlsx", tmp_path / "ut.xlsx", FUNCTIONS)
    assert made.values == {name: {"A1": "Peter"}, "Annat": {"A1": "('Peter',)"}}
    assert made.names == {"namn": "Peter"}


def test_formulas_of_several_lines(recalculated: Any) -> None:
    """Line breaks are kept in the file; in shared formulas they must not hide what is to be moved."""
    lines = 'IF(A1>1,\n  _xldudf_TABELL(2,1),\n\t"a\nb")'

    def fill(book: Book, sheet: Any) -> None:
        sheet.write("A1", 2)
        sheet.write_dynamic_array_formula("B1", f"={lines}", None, "")
        sheet.write_formula("C1", '=IF(A1>5,1,\n"a\nb"\n)', None, "")

    made, out = recalculated(fill)
    assert made.values["Blad"] == {"B1": 11, "B2": 21, "C1": "a\nb"}
    assert f'ref="B1:B2">{lines.replace(">", "&gt;")}</f>' in sheet_xml(out)


def test_shared_formulas_of_several_lines(tmp_path: Path) -> None:
    """Each cell is the one above and A1: 1, 2, 3, 4."""

    def fill(book: Book, sheet: Any) -> None:
        sheet.write_row("A1", [1, 1])
        for row in (2, 3, 4):
            sheet.write_formula(f"B{row}", f"=x{row}", None, "")

    with zipfile.ZipFile(write(tmp_path / "u.xlsx", fill)) as old, zipfile.ZipFile(tmp_path / "f.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(b"<f>x2<", b'<f t="shared" ref="B2:B4" si="0">$A$1\n+\nB1\n<')
            new.writestr(name, re.sub(rb"<f>x[34]</f>", b'<f t="shared" si="0"/>', content))
    made = evaluated(tmp_path / "f.xlsx", tmp_path / "ut.xlsx", FUNCTIONS)
    assert made.values["Blad"] == {"B2": 2, "B3": 3, "B4": 4}


def test_values_of_another_workbook_stay(recalculated: Any) -> None:
    def fill(book: Book, sheet: Any) -> None:
        book.define_name("borta", "=[1]Blad!$A$1")
        sheet.write_formula("A1", "=[1]Blad!A1*2", None, 14)
        sheet.write_formula("A2", "=borta", None, 7)
        sheet.write_formula("A3", "=A1+1", None, "")

    made, _ = recalculated(fill)
    assert made.values["Blad"] == {"A3": 15}
    assert [(one.cell, one.why) for one in made.kept] == [
        ("A1", "formeln hämtar värden ur en annan arbetsbok"),
        ("A2", "formeln kan bara räknas i Excel"),
    ]


def test_today_can_be_given(recalculated: Any) -> None:
    """2024-03-04 is day 45355."""
    made, _ = recalculated(lambda book, sheet: sheet.write_formula("A1", "=TODAY()"), today=FROM.date())
    assert made.values["Blad"]["A1"] == 45355


@pytest.mark.parametrize(
    ("stored", "mended"),
    [
        ("DUBBEL(A1)", "_xldudf_DUBBEL(A1)"),
        ("dubbel(A1)+Dubbel(A2)", "_xldudf_DUBBEL(A1)+_xldudf_DUBBEL(A2)"),
        ("FUNCRES.XLAM!_xldudf_DUBBEL(A1)", "_xldudf_DUBBEL(A1)"),
        ("[2]!_xldudf_DUBBEL(A1)", "_xldudf_DUBBEL(A1)"),
        ("'C:\\Tillägg\\a b.xlam'!_xldudf_DUBBEL(A1)", "_xldudf_DUBBEL(A1)"),
        ("_xludf.DUBBEL(A1)", "_xldudf_DUBBEL(A1)"),
        ('IF(A1>1,DUBBEL(A1),"DUBBEL(1)")', 'IF(A1>1,_xldudf_DUBBEL(A1),"DUBBEL(1)")'),
        ("_xldudf_DUBBEL(DUBBEL(A1))/2", "_xldudf_DUBBEL(_xldudf_DUBBEL(A1))/2"),
    ],
)
def test_damaged_and_plain_calls_are_mended(recalculated: Any, stored: str, mended: str) -> None:
    """Of A1 = 21 and A2 = 0 each gives 42."""

    def fill(book: Book, sheet: Any) -> None:
        sheet.write("A1", 21)
        sheet.write("A2", 0)
        sheet.write_formula("B1", "=B9", None, "#NAME?")

    def damaged(book: Book, sheet: Any) -> None:
        fill(book, sheet)
        sheet.write_formula("B9", f"={stored}", None, "#NAME?")

    made, out = recalculated(damaged)
    assert made.values["Blad"]["B9"] == made.values["Blad"]["B1"] == 42
    assert [(one.cell, one.before, one.after) for one in made.repaired] == [("B9", stored, mended)]
    shown = mended.replace(">", "&gt;")
    assert cell_xml(out, "B9") == f'<c r="B9" cm="1"><f t="array" ref="B9">{shown}</f><v>42</v></c>'
    with zipfile.ZipFile(out) as archive:
        assert b'name="XLDAPR"' in archive.read("xl/metadata.xml")
        assert b"sheetMetadata+xml" in archive.read("[Content_Types].xml")
        assert b"/relationships/sheetMetadata" in archive.read("xl/_rels/workbook.xml.rels")


@pytest.mark.parametrize(
    "formula", ["XDUBBEL(A1)", "DUBBELX(A1)", "Blad.DUBBEL(A1)", '"DUBBEL(A1)"', "[1]Bok!DUBBEL(A1)"]
)
def test_what_is_not_ours_is_not_mended(recalculated: Any, formula: str) -> None:
    made, out = recalculated(lambda book, sheet: sheet.write_formula("B1", f"={formula}", None, "sparat"))
    assert made.repaired == []
    assert f"<f>{formula}</f>" in cell_xml(out, "B1")


def test_nothing_but_cells_changes(tmp_path: Path) -> None:
    def fill(book: Book, sheet: Any) -> None:
        sheet.write("A1", 21, book.add_format({"bg_color": "yellow"}))
        sheet.write_dynamic_array_formula("B1", "=_xldudf_DUBBEL(A1)", None, "")
        sheet.data_validation("A1", {"validate": "decimal", "criteria": ">", "value": 0})
        sheet.conditional_format("B1", {"type": "cell", "criteria": ">", "value": 1, "format": book.add_format()})
        sheet.protect()
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Blad!$A$1:$B$1"})
        sheet.insert_chart("D1", chart)
        book.set_calc_mode("auto")

    source, out = write(tmp_path / "f.xlsx", fill), tmp_path / "ut.xlsx"
    evaluated(source, out, FUNCTIONS)
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(out) as after:
        assert before.namelist() == after.namelist()
        different = [name for name in before.namelist() if before.read(name) != after.read(name)]
        assert different == ["xl/worksheets/sheet1.xml"]
    cells = re.compile(r"<sheetData>.*</sheetData>")
    assert cells.sub("", sheet_xml(source)) == cells.sub("", sheet_xml(out))
    again = tmp_path / "igen.xlsx"
    evaluated(source, again, FUNCTIONS)
    assert again.read_bytes() == out.read_bytes()


def test_files_that_cannot_be_recalculated_are_told_of(tmp_path: Path) -> None:
    old = tmp_path / "äldre.xlsx"
    with xlsxwriter.Workbook(str(old), {"date_1904": True}) as book:
        book.add_worksheet()
    with pytest.raises(UnreadableSheet, match=r"äldre\.xlsx: arbetsboken räknar datum från 1904"):
        evaluated(old, tmp_path / "ut.xlsx", FUNCTIONS)
    text = tmp_path / "text.xlsx"
    text.write_text("hej")
    with pytest.raises(Unpatchable, match=r"text\.xlsx"):
        evaluated(text, tmp_path / "ut.xlsx", FUNCTIONS)
    with pytest.raises(Unpatchable, match="skrivs aldrig över"):
        source = write(tmp_path / "f.xlsx", lambda book, sheet: None)
        evaluated(source, source, FUNCTIONS)
    assert not (tmp_path / "ut.xlsx").exists()
