"""A sheet of invented domestic claims as Excel saves it: 15 columns, shared strings, styles; formulas on request.

Deterministic: the same number of rows is the same claims. All trips begin and end within one year, a night away lasts
past six, and lunch and dinner are at most one each, so that formulas people could write can follow the rules.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import numpy as np
import xlsxwriter

from core.engine.clock import DAY, day_number

SHEET: Final = "Resor"
HEADINGS: Final = (
    *("Rese-ID", "Anställningsnr", "Avdelning", "Avresa", "Hemkomst", "Resmål", "Avstånd till förrättningen"),
    *("Fria frukostar", "Fria luncher", "Fria middagar", "Färdmedel", "Drivmedel / klass", "Km", "Bilavtal"),
    "Månadslön",
)
RESULTS: Final = (
    *("Traktamente", "Färdtid h", "Bilersättning skattefri", "Bilersättning skattepliktig", "Utsläpp kg CO2e"),
    "Klimatpåslag",
)
"""What every way computes. Ours computes all its other result columns and controls besides."""

_SEED: Final = 20_260_301
_SERIAL_1970: Final = 25_569
_DEPARTMENTS: Final = ("Kommunledning", "Kultur och fritid", "Miljö & hälsa", "Samhällsbyggnad", "Utbildning")
_TOWNS: Final = ("Göteborg", "Jönköping", "Linköping", "Malmö", "Norrköping", "Stockholm", "Umeå", "Västerås", "Örebro")
_MODES: Final = (
    ("tåg", "Norden"),
    ("buss", "långväga"),
    ("flyg", "ekonomi"),
    ("hyrbil", "diesel"),
    ("privat bil", "bensin"),
    ("privat bil", "diesel"),
    ("privat bil", "el"),
)
_PER_CHUNK: Final = 10_000
_ROW: Final = "#"


@dataclass(frozen=True)
class Claims:
    """n claims: minutes since 1970 by the local clock, kilometres in tenths, kronor; modes by place in `_MODES`."""

    departs: Any
    returns: Any
    away: Any
    breakfasts: Any
    lunches: Any
    dinners: Any
    mode: Any
    tenths: Any
    agreement: Any
    salary: Any

    def __len__(self) -> int:
        return len(self.departs)


def make_claims(rows: int) -> Claims:
    """One-day trips and trips of one to four nights, about half each; some within 50 km."""
    random = np.random.default_rng(_SEED)
    year = random.integers(2024, 2027, rows)
    starts = np.array([day_number(dt.date(one, 1, 1)) for one in (2024, 2025, 2026)])
    first = starts[year - 2024] + random.integers(0, 359, rows)
    nights = np.where(random.random(rows) < 0.5, 0, random.integers(1, 5, rows))
    departs = first * DAY + random.integers(5 * 60, 13 * 60, rows)
    returns = (first + nights) * DAY + random.integers(14 * 60, 23 * 60, rows)
    return Claims(
        departs=departs,
        returns=returns,
        away=random.integers(20, 600, rows),
        breakfasts=np.where(random.random(rows) < 0.7, nights, 0),
        lunches=random.integers(0, 2, rows),
        dinners=random.integers(0, 2, rows),
        mode=random.integers(0, len(_MODES), rows),
        tenths=random.integers(200, 12_000, rows),
        agreement=random.random(rows) < 0.3,
        salary=random.integers(280, 620, rows) * 100,
    )


Formulas = Callable[[int], Sequence[tuple[str, str]]]
"""Heading and formula of each column to be added, for a row."""


def write_sheet(path: Path, claims: Claims, formulas: Formulas | None = None, holidays: Sequence[int] = ()) -> None:
    """The claims as a workbook; with formulas, these are filled down in columns to the right, without values.

    holidays: serials for a sheet `Helgdagar`, which formulas may look at.
    """
    pattern = path.with_suffix(".pattern.xlsx")
    added = formulas(2) if formulas is not None else ()
    _write_pattern(pattern, [*HEADINGS, *(heading for heading, _ in added)], holidays)
    texts = _Texts(_texts_of(pattern))
    with zipfile.ZipFile(pattern) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as new:
        sheet = old.read("xl/worksheets/sheet1.xml")
        start = sheet.index(b"</row>") + len(b"</row>")
        head = re.sub(rb'<dimension ref="[^"]*"/>', b"", sheet[:start])
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(head)
            for piece in _rows(claims, texts, [formula for _, formula in added]):
                part.write(piece)
            part.write(sheet[sheet.index(b"</sheetData>") :])
        for name in old.namelist():
            if name == "xl/sharedStrings.xml":
                new.writestr(name, texts.xml())
            elif name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
    pattern.unlink()


def _write_pattern(path: Path, headings: Sequence[str], holidays: Sequence[int]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "text_wrap": True})
        styles = [book.add_format({"num_format": code}) for code in ("yyyy-mm-dd hh:mm", "#,##0.0", "#,##0.00")]
        sheet.write_row(0, 0, headings, head)
        for column, style in enumerate(styles):
            sheet.write_blank(1, column, None, style)
        sheet.set_column(0, len(headings) - 1, 14)
        sheet.freeze_panes(1, 0)
        if holidays:
            book.add_worksheet("Helgdagar").write_column(0, 0, holidays)


def _texts_of(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as book:
        return re.findall(r"<si><t[^>]*>(.*?)</t></si>", book.read("xl/sharedStrings.xml").decode())


class _Texts:
    """The shared strings: a text's number. The cells' own count is not kept, readers do without it."""

    def __init__(self, known: list[str]) -> None:
        self._numbers = {text: number for number, text in enumerate(known)}

    def number(self, text: str) -> int:
        return self._numbers.setdefault(text.replace("&", "&amp;"), len(self._numbers))

    def xml(self) -> str:
        items = "".join(f"<si><t>{text}</t></si>" for text in self._numbers)
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        return f'{head}<sst xmlns="{space}" uniqueCount="{len(self._numbers)}">{items}</sst>'


def _rows(claims: Claims, texts: _Texts, formulas: Sequence[str]) -> Iterator[bytes]:
    """Rows as Excel writes them. Each row has its own formulas: LibreOffice takes longer over shared ones."""
    modes = [(texts.number(mode), texts.number(kind)) for mode, kind in _MODES]
    departments = [texts.number(text) for text in _DEPARTMENTS]
    towns = [texts.number(text) for text in _TOWNS]
    agreed = (texts.number("nej"), texts.number("ja"))
    right = len(HEADINGS) + len(formulas)
    columns = [xlsxwriter.utility.xl_col_to_name(len(HEADINGS) + n) for n in range(len(formulas))]
    below = [(column, _in_any_row(formula)) for column, formula in zip(columns, formulas, strict=True)]
    letters = "ABCDEFGHIJKLMNO"
    kinds = ["s", "s", "s", "d", "d", "s", "n", "n", "n", "n", "s", "s", "k", "s", "m"]
    marks = {"s": ' t="s"', "d": ' s="2"', "n": "", "k": ' s="3"', "m": ' s="4"'}
    cells = [f'<c r="{letter}%d"{marks[kind]}><v>%s</v></c>' for letter, kind in zip(letters, kinds, strict=True)]
    pattern = f'<row r="%d" spans="1:{right}">{"".join(cells)}'
    values = zip(*(getattr(claims, name).tolist() for name in Claims.__dataclass_fields__), strict=True)
    piece: list[str] = []
    for n, (departs, returns, away, breakfasts, lunches, dinners, mode, tenths, agreement, salary) in enumerate(values):
        row = n + 2
        shown = (
            texts.number(f"R{n + 1:07d}"),
            texts.number(str(900_000 + n % 3_000)),
            departments[n % len(departments)],
            repr(departs / DAY + _SERIAL_1970),
            repr(returns / DAY + _SERIAL_1970),
            towns[n % len(towns)],
            *(away, breakfasts, lunches, dinners),
            *modes[mode],
            tenths / 10 if tenths % 10 else tenths // 10,
            agreed[agreement],
            salary,
        )
        numbered = [row, *(part for value in shown for part in (row, value))]
        piece.append(pattern % tuple(numbered))
        number = str(row)
        piece += [f'<c r="{column}{number}"><f>{formula.replace(_ROW, number)}</f></c>' for column, formula in below]
        piece.append("</row>")
        if n % _PER_CHUNK == _PER_CHUNK - 1:
            yield "".join(piece).encode()
            piece = []
    yield "".join(piece).encode()


def _in_any_row(formula: str) -> str:
    """The formula of row 2 as XML, with a mark in the place of the row."""
    return escape(re.sub(r"(?<![$A-Z])([A-Z]{1,2})2(?!\d)", rf"\g<1>{_ROW}", formula))
