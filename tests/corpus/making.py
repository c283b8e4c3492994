"""Workbooks of several programs with what people put into workbooks, made on the fly."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import openpyxl
import xlsxwriter
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

Write = Callable[[Any, Any], None]


def _grid(book: Any, sheet: Any) -> None:
    head = book.add_format({"bold": True, "bg_color": "#FFE699", "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "font_name": "Arial"})
    sheet.write_row("B3", ("Kund", "Datum", "Belopp"), head)
    for row in range(12):
        sheet.write(3 + row, 1, f"Kund {row % 4} & son")
        sheet.write_datetime(3 + row, 2, dt.datetime(2024, 1, 1 + row), day)
        sheet.write(3 + row, 3, row * 1.5)
    sheet.write_formula("D16", "=SUM(D4:D15)", None, 99)


def _plain(book: Any, sheet: Any) -> None:
    _grid(book, sheet)


def _filtered(book: Any, sheet: Any) -> None:
    _grid(book, sheet)
    sheet.autofilter("B3:D15")
    sheet.filter_column("D", "x > 6")
    for row in range(3, 8):
        sheet.set_row(row, None, None, {"hidden": True})
    sheet.freeze_panes(3, 1)
    sheet.print_area("B3:D16")
    sheet.repeat_rows(2)
    sheet.set_column("C:C", 14, None, {"level": 1})


def _table(book: Any, sheet: Any) -> None:
    sheet.add_table(
        "A1:C6", {"columns": [{"header": one} for one in ("Nr", "Namn", "Summa")], "style": "Table Style Light 9"}
    )
    for row in range(1, 6):
        sheet.write_row(row, 0, (row, f"N{row}", row * 10))
    sheet.write("A8", "Under tabellen")


def _table_with_totals(book: Any, sheet: Any) -> None:
    columns = [{"header": "Nr", "total_string": "Summa"}, {"header": "Kr", "total_function": "sum"}]
    sheet.add_table("A1:B6", {"columns": columns, "total_row": True, "data": [[n, n * 2] for n in range(1, 5)]})


def _drawn(book: Any, sheet: Any) -> None:
    _grid(book, sheet)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Data!$D$4:$D$15"})
    sheet.insert_chart("H2", chart)
    sheet.write_comment("B4", "En anteckning")
    sheet.insert_textbox("H20", "En ruta")
    sheet.insert_checkbox("F2", True)
    sheet.data_validation("B4:B15", {"validate": "list", "source": ["Kund 0", "Kund 1"]})


def _formulas(book: Any, sheet: Any) -> None:
    _grid(book, sheet)
    sheet.write_dynamic_array_formula("F4", "=UNIQUE(B4:B15)", None, "Kund 0 & son")
    sheet.write_array_formula("G4:G6", "{=D4:D6*2}", None, 0)
    book.define_name("Kunder", "=Data!$B$4:$B$15")
    sheet.conditional_format("D4:D15", {"type": "3_color_scale"})
    sheet.conditional_format("D4:D15", {"type": "data_bar", "data_bar_2010": True})
    sheet.add_sparkline("H4", {"range": "Data!D4:D15"})


def _protected(book: Any, sheet: Any) -> None:
    _grid(book, sheet)
    sheet.protect("hemligt")
    sheet.merge_range("B1:D1", "En titel över alla kolumner")
    other = book.add_worksheet("Gömt")
    other.hide()
    other.write("A1", "=Data!B4")


def _summed(book: Any, sheet: Any) -> None:
    """A sheet of the name of ours, which is not ours."""
    _grid(book, sheet)
    book.add_worksheet("Sammanställning").write("A1", "Min egen")


def _merged(book: Any, sheet: Any) -> None:
    """A remark merged over cells to the right of all else, on a row of data."""
    _grid(book, sheet)
    sheet.merge_range("D7:H9", 6)


def _beside_a_table(book: Any, sheet: Any) -> None:
    """A table to the right without anything in it yet, which the results must not be put into."""
    sheet.add_table("A1:B3", {"columns": [{"header": "Nr"}, {"header": "Namn"}], "data": [[1, "a"], [2, "b"]]})
    sheet.add_table("D2:E3", {"header_row": False})


def _alone(book: Any, sheet: Any) -> None:
    sheet.write("A1", "Bara en rubrik")


def _nothing(book: Any, sheet: Any) -> None:
    """An empty sheet."""


_BY_XLSXWRITER: Final[dict[str, Write]] = {
    one.__name__.strip("_"): one
    for one in (
        *(
            _plain,
            _filtered,
            _table,
            _table_with_totals,
            _drawn,
            _formulas,
            _protected,
            _summed,
            _merged,
            _beside_a_table,
            _alone,
            _nothing,
        ),
    )
}


def _by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Namn", "Antal", "Dag"])
    for row in range(1, 9):
        sheet.append([f"Rad {row}", row, dt.date(2024, 5, row)])
    sheet["A1"].font, sheet["A1"].fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    sheet["B3"].protection = Protection(locked=False)
    sheet["A2"].comment = Comment("En anteckning", "Jag")
    sheet.conditional_formatting.add("B2:B9", ColorScaleRule("min", None, "FFFFFF", "max", None, "FF0000"))
    chosen = DataValidation(type="whole", operator="between", formula1="0", formula2="9")
    chosen.add("B2:B9")
    sheet.add_data_validation(chosen)
    sheet.add_table(Table(displayName="Rader", ref="A1:C9"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=9), titles_from_data=True)
    sheet.add_chart(chart, "F2")
    book.create_sheet("Tomt")
    book.save(path)


def made(folder: Path) -> dict[str, Path]:
    """Workbooks by name."""
    found = {}
    for name, write in _BY_XLSXWRITER.items():
        found[name] = folder / f"{name}.xlsx"
        with xlsxwriter.Workbook(found[name]) as book:
            write(book, book.add_worksheet("Data"))
    found["openpyxl"] = folder / "openpyxl.xlsx"
    _by_openpyxl(found["openpyxl"])
    return found


def _changed(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a workbook with some parts changed or, for None, left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


_TYPES: Final = "[Content_Types].xml"
_RELATIONS: Final = b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'


def _types_by_part(name: str, content: bytes) -> bytes:
    """Every part's type stated by its name, as some programs do, and none by ending."""
    if name != _TYPES:
        return content
    stated = b'<Override PartName="/%b" ' + _RELATIONS
    of_parts = b"".join(stated % one for one in (b"_rels/.rels", b"xl/_rels/workbook.xml.rels"))
    return content.replace(b'<Default Extension="rels" ' + _RELATIONS, of_parts)


def _no_styles(name: str, content: bytes) -> bytes:
    """Styles without anything in them, and cells that have none."""
    if name.startswith("xl/worksheets/"):
        return re.sub(rb' s="\d+"', b"", content)
    if name == "xl/styles.xml":
        return b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return content


def _styles_missing(name: str, content: bytes) -> bytes | None:
    """The content types list styles that are not there."""
    if name == "xl/styles.xml":
        return None
    if name == "xl/_rels/workbook.xml.rels":
        return re.sub(rb"<Relationship [^>]*/styles\"[^>]*/>", b"", content)
    return _no_styles(name, content)


ODD: Final = {one.__name__.strip("_"): one for one in (_types_by_part, _no_styles, _styles_missing)}


def odd(folder: Path) -> dict[str, Path]:
    """Workbooks in forms that only some programs write."""
    plain = folder / "odd.xlsx"
    with xlsxwriter.Workbook(plain) as book:
        _plain(book, book.add_worksheet("Data"))
    return {name: _changed(plain, folder / f"{name}.xlsx", change) for name, change in ODD.items()}
