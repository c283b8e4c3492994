"""The workbook of a comparison: the table, two charts, and the figures it rests on."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from core.engine import CellError
from xlsx.comparedfigures import used_figures
from xlsx.comparing import COSTS, FIELDS, Comparison, Field
from xlsx.comparisoncharts import insert_charts
from xlsx.errors import Unwritable
from xlsx.sheetstyle import FORMATS, Styles, print_on_one_width
from xlsx.summary import rules_version

TABLE: Final = "Jämförelse"
BASIS: Final = "Underlag"
MOST_BESIDE: Final = 8
"""So many alternatives stand beside each other, with a line per criterion; more stand below each other."""

_FORMATS: Final = {"kr": "kr", "timmar": "timmar", "kg": "kg", "poäng": "poäng", "antal": "antal", "rang": "antal"}
_LABELS, _ALL_ALTERNATIVES, _LEAST, _MOST = 23, 112, 15, 36
_WIDTHS: Final = {"anmarkning": 64, "namn": 26, "fardmedelsord": 15, "roll": 20, "kr": 12}
"""Widths of columns by name or unit, where alternatives stand below each other."""
_LINE: Final = 15
_TOP: Final = 3
_LEAST_TABLE: Final = 120
_PIXELS_PER_CHARACTER: Final = 7
_BASIS_WIDTHS: Final = (66, 11, 13, 13, 20, 76)


def default_output(path: Path) -> Path:
    """Where the result goes when nothing else is said: beside the original."""
    return path.with_name(f"{path.stem}-jämförd.xlsx")


def write_comparison(made: Comparison, source: Path, out: Path | None = None) -> Path:
    """Write to an .xlsx file, whole or not at all. Raises Unwritable for the original's path."""
    target = out if out is not None else default_output(source)
    if target.suffix.lower() != ".xlsx":
        raise Unwritable(f"{target.name}: resultatet skrivs som .xlsx.")
    if target.exists() and target.samefile(source):
        raise Unwritable(f"{target.name}: originalet skrivs aldrig över. Ange en annan fil.")
    with tempfile.TemporaryDirectory(prefix=f".{target.stem}-", dir=target.parent) as folder:
        whole = Path(folder) / "jämförelse.whole"
        with xlsxwriter.Workbook(whole) as book:
            book.set_properties({"title": f"{source.stem}, jämförd", "comments": "Beräknad med Färdkost"})
            styles = Styles(book)
            page = _Page(made, source, book, styles)
            _write_basis(made, book, styles)
            page.write()
        whole.replace(target)
    return target


def shown_fields(made: Comparison) -> list[Field]:
    """The fields worth showing: no kind of cost that is 0, and no column that is blank, for every alternative."""
    return [item for item in FIELDS if not all(_says_nothing(made, item, row) for row in range(len(made)))]


def _says_nothing(made: Comparison, item: Field, row: int) -> bool:
    value = made.cell(item, row)
    return value is None or value == "" or (value == 0 and item in COSTS)


class _Page:
    """The sheet of the comparison; alternatives beside each other while there are few."""

    def __init__(self, made: Comparison, source: Path, book: Any, styles: Styles) -> None:
        self.made, self.source, self.book, self.styles = made, source, book, styles
        self.sheet = book.add_worksheet(TABLE)
        self.beside = len(made) <= MOST_BESIDE
        self.fields = shown_fields(made)
        self.width = min(max(_ALL_ALTERNATIVES // max(len(made), 1), _LEAST), _MOST)
        points = book.add_format({"num_format": "0.0", "valign": "top"})
        side: dict[str, Any] = {"align": "right"} if self.beside else {"align": "left", "indent": 1}
        text = book.add_format({"text_wrap": True, "valign": "top", **side})
        self.cells = {
            "poäng": points,
            "text": text,
            "fel": book.add_format({"font_color": "#9C0006", "align": "right"}),
        }
        self.label = book.add_format({"bold": True, "valign": "top"})
        lines = {"top": 1, "bottom": 1} if self.beside else {}
        self.total = book.add_format({"num_format": FORMATS["kr"].number, "bold": True, "valign": "top", **lines})

    def write(self) -> None:
        """Title, table, sentences, charts."""
        sheet, styles, made = self.sheet, self.styles, self.made
        sheet.hide_gridlines(2)
        print_on_one_width(sheet, large=not self.beside)
        if self.beside:
            sheet.fit_to_pages(1, 1)
        sheet.write_string(0, 0, "Jämförelse av resealternativ", styles.title)
        sheet.write_string(1, 0, f"{self.source.name} · policy: {made.law.policy.title}", styles.left)
        row = self._beside() if self.beside else self._below()
        row = self._sentences(row + 1)
        self._charts(row + 1)

    def _beside(self) -> int:
        sheet, styles, made = self.sheet, self.styles, self.made
        sheet.set_column(0, 0, _LABELS)
        sheet.set_column(1, len(made), self.width)
        for number, item in enumerate(self.fields):
            row = _TOP + number
            head = number == 0
            style = styles.header("result") if head else self.total if item.name == "kommunens_kostnad" else self.label
            sheet.write_string(row, 0, item.title, style)
            cells = [made.cell(item, alternative) for alternative in range(len(made))]
            for alternative, cell in enumerate(cells):
                self._cell(row, 1 + alternative, item, cell, styles.header("result", "kr") if head else None)
            if item.unit == "text" or item.unit == "roll":
                longest = max((len(str(cell)) for cell in cells), default=0)
                sheet.set_row(row, _LINE * (1 + int(longest / (self.width * 0.9))) + (3 if head else 0))
        sheet.freeze_panes(_TOP + 1, 1)
        return _TOP + len(self.fields)

    def _below(self) -> int:
        sheet, styles, made = self.sheet, self.styles, self.made
        sheet.set_row(_TOP, 2 * _LINE + 2)
        for number, item in enumerate(self.fields):
            kind = _FORMATS.get(item.unit, "text")
            widest = max(map(len, item.title.split())) + 3
            sheet.set_column(number, number, max(widest, _WIDTHS.get(item.name) or _WIDTHS.get(item.unit, 9)))
            sheet.write_string(_TOP, number, item.title, styles.header("result", "kr" if kind != "text" else "text"))
            for alternative in range(len(made)):
                self._cell(_TOP + 1 + alternative, number, item, made.cell(item, alternative), None)
        for alternative, remark in enumerate(made.texts["anmarkning"]):
            sheet.set_row(_TOP + 1 + alternative, _LINE * (1 + int(len(remark) / (_WIDTHS["anmarkning"] * 0.85))))
        sheet.freeze_panes(_TOP + 1, 1)
        sheet.repeat_rows(_TOP)
        sheet.autofilter(_TOP, 0, _TOP + len(made), len(self.fields) - 1)
        return _TOP + 1 + len(made)

    def _cell(self, row: int, column: int, item: Field, cell: Any, style: Any) -> None:
        kind = _FORMATS.get(item.unit, "text")
        if item.name == "kommunens_kostnad":
            style = self.total
        style = style or self.cells.get(kind) or self.styles.cell(kind)
        if isinstance(cell, CellError):
            self.sheet.write_string(row, column, "fel", self.cells["fel"])
        elif cell is None:
            self.sheet.write_blank(row, column, None, style)
        elif isinstance(cell, str):
            self.sheet.write_string(row, column, cell, style)
        else:
            self.sheet.write_number(row, column, cell, style)

    def _sentences(self, row: int) -> int:
        columns = len(self.made) if self.beside else min(len(self.fields) - 1, 9)
        width = _LABELS + self.width * columns if self.beside else 24 + 13 * columns
        for sentence in (f"{self.made.weights_sentence}.", *self.made.sentences, *self.made.notes):
            self.sheet.set_row(row, _LINE * (1 + len(sentence) // width))
            self.sheet.merge_range(row, 0, row, columns, sentence, self.styles.wrapped)
            row += 1
        return row

    def _charts(self, row: int) -> None:
        characters = _LABELS + self.width * len(self.made) if self.beside else _LEAST_TABLE
        # A column is some pixels wider than its characters.
        edges = 5 * (1 + len(self.made)) if self.beside else 0
        pixels = max(characters, _LEAST_TABLE) * _PIXELS_PER_CHARACTER + edges
        insert_charts(self.made, self.book, self.sheet, self.styles, row, pixels)


def _write_basis(made: Comparison, book: Any, styles: Styles) -> None:
    """Policy, version, weights, and every figure used with its source and status."""
    sheet = book.add_worksheet(BASIS)
    sheet.hide_gridlines(2)
    print_on_one_width(sheet)
    for column, width in enumerate(_BASIS_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, "Underlag", styles.title)
    facts = (
        ("Policy", made.law.policy.title),
        ("Policyns källa", made.law.policy.source),
        ("Färdkosts version", rules_version()),
        ("Samlad bedömning", made.weights_sentence),
    )
    for row, (title, value) in enumerate(facts, 1):
        sheet.write_string(row, 0, title, styles.bold)
        sheet.write_string(row, 1, value, styles.left)
    first = len(facts) + 2
    sheet.write_string(first, 0, "Använda satser och gränser", styles.bold)
    look = {"bold": True, "bottom": 1, "bg_color": "#DDEBF7"}
    headers = [book.add_format(look), book.add_format({**look, "align": "right"})]
    titles = ("Sats", "Värde", "Enhet", "Gäller från", "Status", "Källa")
    for column, title in enumerate(titles):
        sheet.write_string(first + 1, column, title, headers[title == "Värde"])
    right = book.add_format({"align": "right", "valign": "top"})
    for row, used in enumerate(used_figures(made), first + 2):
        lines = max(1 + len(used.source) // 74, 1 + len(used.title) // 64)
        sheet.set_row(row, _LINE * lines)
        sheet.write_string(row, 0, used.title, styles.wrapped)
        sheet.write(row, 1, used.value, right)
        sheet.write_string(row, 2, used.unit, styles.cell("ord"))
        for column, text in enumerate((used.from_date, used.status, used.source), 3):
            sheet.write_string(row, column, text, styles.wrapped)
