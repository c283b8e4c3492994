"""A form's workbook: sheets of inputs, shown results and calculations, written by XlsxWriter.

Our own worksheet functions stand on the hidden sheet `Beräkning` only, as spilled dynamic-array formulas; the sheets
that the user sees refer to them by plain formulas, which show the values that were saved also where no add-in is.
Values of formulas are left blank here and put in by `xlsx.forms.evaluation`.

Rows and columns count from 0, as XlsxWriter's do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from xlsx.forms.checks import validation
from xlsx.forms.style import FormStyles
from xlsx.forms.worksheets import FormWorksheet

CALCULATION: Final = "Beräkning"
LISTS: Final = "Listor"
PREFIX: Final = "_xldudf_"
"""What stands before the name of an add-in's function in a saved formula."""

COMPUTED: Final = (
    'IF(ISNUMBER(beraknad),YEAR(beraknad)&"-"&RIGHT("0"&MONTH(beraknad),2)&"-"&RIGHT("0"&DAY(beraknad),2),beraknad)'
)
"""In a formula: the day on which the values were computed, as a text. How TEXT writes a date hangs on the language."""

_CALC_ID: Final = 191029
_A4: Final = 9
_OWN: Final = re.compile(r"(?<![\w.])([A-ZÅÄÖ]{4,})\(")


@dataclass(frozen=True)
class InputColumn:
    """A column of an input table. kind: see `style.NUMBER_FORMATS`; choices: a defined name or the texts."""

    heading: str
    kind: str = "text"
    name: str = ""
    choices: str | Sequence[str] | None = None
    hint: str = ""
    formula: str = ""
    """A plain formula for a cell that is shown, not filled in; `{row}` is the row's number as Excel counts."""
    wrap: bool = False
    after: str = ""
    """The cell of a point in time that this one must be later than; `{row}` as in `formula`."""


class FormBook:
    """One form. Use as a context manager: the workbook is written when it ends.

    kind, version: which form this is, kept in the defined names `formular` and `mallversion`.
    functions: the names of our worksheet functions, which get their prefix in formulas.
    """

    def __init__(
        self, path: Path, title: str, kind: str, version: int, made: date, functions: Iterable[str], policy: str
    ) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "default_format_properties": {"font_name": "Arial", "font_size": 9},
                # TEXTJOIN, ISOWEEKNUM and the like are #NAME? in Excel unless stored with their _xlfn prefix.
                "use_future_functions": True,
            },
        )
        self._book.calc_on_load = False
        self._book.calc_id = _CALC_ID
        self._book.set_properties(
            {"title": title, "author": "Färdkost", "company": "", "created": datetime.combine(made, time())}
        )
        self._book.set_size(2400, 1400)
        self.styles = FormStyles(self._book)
        self.functions = frozenset(functions)
        self.title, self.made = title, made
        self._sheets: list[FormSheet] = []
        self._fixed: dict[str, Any] = {
            "formular": kind,
            "mallversion": version,
            "policy": policy,
            "beraknad": made,
            "regelversion": "",
        }
        self._lists: dict[str, Sequence[Any]] = {}
        self._calculation: FormSheet | None = None
        self.names: dict[str, str] = {}

    def __enter__(self) -> FormBook:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None:
            self._write_lists()
            self._write_fixed()
        self._book.close()

    def sheet(
        self, name: str, widths: Sequence[float], landscape: bool = False, tab: str = "#1F3A5F", protected: bool = True
    ) -> FormSheet:
        """A new visible sheet with columns of these widths (in characters), on A4, one page wide.

        protected: only inputs can be written in; not for lists that grow and that have no formulas.
        """
        made = FormSheet(self, self._book.add_worksheet(name, FormWorksheet), name)
        made.raw.set_tab_color(tab)
        for column, width in enumerate(widths):
            made.raw.set_column(column, column, width, self.styles.get("etikett"))
        made.set_page(landscape, protected)
        self._sheets.append(made)
        return made

    @property
    def calculation(self) -> FormSheet:
        """The hidden sheet where our own functions are, after the sheets that are there when it is first asked for."""
        if self._calculation is None:
            self._calculation = FormSheet(self, self._book.add_worksheet(CALCULATION, FormWorksheet), CALCULATION)
            self._calculation.raw.hide()
            self._calculation.raw.protect("")
        return self._calculation

    def choices(self, name: str, values: Sequence[Any]) -> str:
        """Put a list on the hidden sheet of lists; gives its defined name, `lista_…`, for `choices` of an input."""
        self._lists[f"lista_{name}"] = values
        return f"lista_{name}"

    def name(self, name: str, reference: str) -> str:
        """Define a name for a reference such as `'Reseräkning'!$B$3`."""
        if name in self.names:
            raise ValueError(f"the name {name} is taken")
        self.names[name] = reference
        self._book.define_name(name, f"={reference}")
        return name

    def chart(self, options: Mapping[str, Any]) -> Any:
        """A chart of XlsxWriter's, to be inserted in a sheet."""
        return self._book.add_chart(dict(options))

    def formula(self, text: str) -> str:
        """A formula with the add-in's prefix before the names of our functions."""

        def prefixed(found: re.Match[str]) -> str:
            return f"{PREFIX}{found[0]}" if found[1] in self.functions else found[0]

        return "=" + _OWN.sub(prefixed, text.removeprefix("="))

    def _write_lists(self) -> None:
        if not self._lists:
            return
        sheet = self._book.add_worksheet(LISTS, FormWorksheet)
        sheet.hide()
        sheet.protect("")
        for column, (name, values) in enumerate(self._lists.items()):
            sheet.write(0, column, name)
            sheet.write_column(1, column, list(values))
            self.name(name, f"{LISTS}!{xl_range_abs(1, column, len(values), column)}")

    def _write_fixed(self) -> None:
        """What the program knows of the form, far to the right on the sheet of calculations."""
        sheet = self.calculation
        for row, (name, value) in enumerate(self._fixed.items()):
            if name not in self.names:
                sheet.raw.write(row, _FIXED, name)
                kind = "tidpunkt" if isinstance(value, date) else "visat"
                sheet.value(row, _FIXED + 1, value, self.styles.get("etikett", kind))
                self.name(name, sheet.at(row, _FIXED + 1))


_FIXED: Final = 50


class FormSheet:
    """A sheet of a form. `raw` is XlsxWriter's own sheet, for what is not here."""

    def __init__(self, book: FormBook, raw: Any, name: str) -> None:
        self.book, self.raw, self.name = book, raw, name
        raw.hide_gridlines(2)

    def set_page(self, landscape: bool, protected: bool = True) -> None:
        """A4, one page wide, page numbers, locked but for the inputs."""
        raw = self.raw
        raw.set_paper(_A4)
        if landscape:
            raw.set_landscape()
        raw.fit_to_pages(1, 0)
        raw.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        raw.set_footer(f"&L&8{self.book.title} · &A&R&8Sida &P av &N")
        allowed = ("format_columns", "format_rows", "select_locked_cells", "select_unlocked_cells")
        if protected:
            raw.protect("", dict.fromkeys(allowed, True))

    def at(self, row: int, column: int, last_row: int | None = None, last_column: int | None = None) -> str:
        """The absolute reference of a cell or an area with the sheet's name, for formulas and names."""
        last_row = row if last_row is None else last_row
        last_column = column if last_column is None else last_column
        area = xl_range_abs(row, column, last_row, last_column)
        area = area if (row, column) != (last_row, last_column) else area.partition(":")[0]
        return f"'{self.name}'!{area}"

    def heading(self, row: int, text: str, columns: int) -> None:
        """A coloured band over a section, `columns` wide from the first column."""
        style = self.book.styles.get("rubrik")
        self.raw.set_row(row, 17)
        for column in range(columns):
            self.raw.write(row, column, text if not column else "", style)

    def text(self, row: int, column: int, text: str, look: str = "etikett", **more: Any) -> None:
        """A fixed text."""
        self.raw.write_string(row, column, text, self.book.styles.get(look, **more))

    def text_across(self, row: int, first: int, last: int, text: str, look: str = "text", height: float = 0) -> None:
        """A fixed text over several columns, wrapped; not to be used in tables."""
        self.raw.merge_range(row, first, row, last, text, self.book.styles.get(look))
        if height:
            self.raw.set_row(row, height)

    def shown_across(
        self, row: int, first: int, last: int, formula: str, look: str = "text", height: float = 0
    ) -> None:
        """A text by a plain formula over several columns, wrapped."""
        style = self.book.styles.get(look)
        self.raw.merge_range(row, first, row, last, "", style)
        self.raw.write_formula(row, first, self.book.formula(formula), style, "")
        if height:
            self.raw.set_row(row, height)

    def input(
        self,
        row: int,
        column: int,
        kind: str,
        name: str = "",
        value: Any = None,
        choices: str | Sequence[str] | None = None,
        hint: str = "",
        last_column: int | None = None,
        after: str = "",
        **more: Any,
    ) -> str:
        """A cell to fill in, unlocked and checked; `last_column` merges it over several. Gives its reference.

        after: the name of a point in time that this one must be later than.
        """
        style = self.book.styles.get("indata", kind, **more)
        if last_column is not None and last_column > column:
            self.raw.merge_range(row, column, row, last_column, "", style)
        self.value(row, column, value, style)
        self.raw.data_validation(row, column, row, column, validation(kind, choices, hint, after=after))
        reference = self.at(row, column)
        return self.book.name(name, reference) if name else reference

    def shown(
        self,
        row: int,
        column: int,
        formula: str,
        kind: str = "visat",
        name: str = "",
        look: str = "resultat",
        **more: Any,
    ) -> str:
        """A locked cell with a plain formula. Gives its reference."""
        self.raw.write_formula(row, column, self.book.formula(formula), self.book.styles.get(look, kind, **more), "")
        reference = self.at(row, column)
        return self.book.name(name, reference) if name else reference

    def calculated(self, row: int, column: int, formula: str, name: str = "", kind: str = "visat") -> str:
        """A formula with our own functions, which may spill; on the sheet of calculations only. Gives its reference."""
        style = self.book.styles.get("etikett", kind)
        self.raw.write_dynamic_array_formula(row, column, row, column, self.book.formula(formula), style, 0)
        reference = self.at(row, column)
        return self.book.name(name, reference) if name else reference

    def table(
        self,
        row: int,
        column: int,
        columns: Sequence[InputColumn],
        rows: int,
        name: str,
        height: float = 0,
        values: Sequence[Sequence[Any]] = (),
    ) -> dict[str, str]:
        """An Excel table with a heading row and `rows` rows to fill in, the first of them with `values`.

        Each column that has a name is given the defined name `{name}_{its name}`. Gives the references of all columns
        by their names or headings.
        """
        styles, last = self.book.styles, row + rows
        listed = []
        for place, one in enumerate(columns):
            look = "resultat" if one.formula else "indata"
            style = styles.get(look, one.kind, **({"text_wrap": True} if one.wrap else {}))
            listed.append({"header": one.heading, "header_format": styles.get("kolumnrubrik", one.kind)})
            at = column + place
            for line in range(row + 1, last + 1):
                if one.formula:
                    formula = self.book.formula(one.formula.format(row=line + 1))
                    self.raw.write_formula(line, at, formula, style, "")
                else:
                    number = line - row - 1
                    self.value(line, at, values[number][place] if number < len(values) else None, style)
            if not one.formula:
                self.raw.data_validation(
                    row + 1,
                    at,
                    last,
                    at,
                    validation(one.kind, one.choices, one.hint, one.heading, one.after.format(row=row + 2)),
                )
        right = column + len(columns) - 1
        options = {"name": name, "columns": listed, "autofilter": False, "style": None}
        self.raw.add_table(row, column, last, right, options)
        if height:
            self.raw.set_row(row, height)
        found = {}
        for place, one in enumerate(columns):
            reference = self.at(row + 1, column + place, last, column + place)
            found[one.name or one.heading] = reference
            if one.name:
                self.book.name(f"{name}_{one.name}", reference)
        return found

    def value(self, row: int, column: int, value: Any, style: Any) -> None:
        """A fixed value: text, number, time, or None for an empty cell."""
        if isinstance(value, datetime | date | time):
            self.raw.write_datetime(row, column, value, style)
        elif value is None:
            self.raw.write_blank(row, column, None, style)
        elif isinstance(value, str):
            # A text that begins with = or looks like a link is still a text.
            self.raw.write_string(row, column, value, style)
        else:
            self.raw.write(row, column, value, style)

    def cell(self, row: int, column: int) -> str:
        """`B3`: a relative reference within the sheet."""
        return str(xl_rowcol_to_cell(row, column))
