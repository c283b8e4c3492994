"""A form's cells as they were saved, found by its defined names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import openpyxl

from xlsx.errors import UnreadableSheet
from xlsx.forms.filling import defined_names, split_reference
from xlsx.grid import as_text, letters
from xlsx.guard import MIB, Limits, check_file
from xlsx.patch.errors import Unpatchable
from xlsx.patch.package import Package
from xlsx.patch.references import Area
from xlsx.patch.workbook import Workbook

FORM_FILES: Final = (".xlsx", ".xlsm")
"""Kinds of files that a form can be."""

_LONGEST_AREA: Final = 20_000
"""Rows of a named area at most; a whole column is not a field of a form."""

_DAY: Final = dt.timedelta(days=1)

Cells = Mapping[int, Mapping[int, Any]]
"""Values by row, from 1, and column, from 0."""


def form_limits() -> Limits:
    """How large a filled form may be: much smaller than a sheet of many trips."""
    largest = Limits().file
    return Limits(
        file=min(largest, 25 * MIB),
        sheet=48 * MIB,
        strings=32 * MIB,
        other=64 * MIB,
        total=128 * MIB,
        cells=500_000,
        sparse=500_000,
    )


@dataclass(frozen=True)
class Form:
    """The cells of a form. Blank cells are None, dates and clocks Python's, errors texts such as `#VALUE!`."""

    path: Path
    areas: Mapping[str, tuple[str, Area]]
    """The sheet and the area of each defined name."""
    sheets: Mapping[str, Cells]
    sheet_names: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """Which form it is; empty for a workbook that is none."""
        return str(self.value("formular") or "")

    @property
    def version(self) -> int | None:
        """The version of the template it was made from; None when it does not say."""
        written = self.value("mallversion")
        return int(written) if isinstance(written, int | float) else None

    @property
    def policy(self) -> str:
        """The policy that it names."""
        return text_of(self.value("policy"))

    def has(self, name: str) -> bool:
        """Whether there is an area of that name."""
        return name in self.areas

    def value(self, name: str) -> Any:
        """The first cell of a named area; None when it is blank or the name is not there."""
        if name not in self.areas:
            return None
        sheet, area = self.areas[name]
        return self.at(sheet, area.top, area.left)

    def column(self, name: str) -> list[Any]:
        """The cells of the first column of a named area; none when the name is not there."""
        return [row[0] for row in self.rows(name)]

    def rows(self, name: str) -> list[list[Any]]:
        """The cells of a named area row by row; none when the name is not there."""
        if name not in self.areas:
            return []
        sheet, area = self.areas[name]
        return [
            [self.at(sheet, row, column) for column in range(area.left, area.right + 1)]
            for row in range(area.top, min(area.bottom, area.top + _LONGEST_AREA) + 1)
        ]

    def at(self, sheet: str, row: int, column: int) -> Any:
        """One cell."""
        return self.sheets.get(sheet, {}).get(row, {}).get(column)

    def place(self, name: str, row: int = 0) -> str:
        """Where a cell of a named column stands, as a user would say it: `Resor!C7`."""
        sheet, area = self.areas[name]
        return f"{sheet}!{letters(area.left)}{area.top + row}"


def text_of(value: Any) -> str:
    """A cell as a text without surrounding blanks; a whole number without decimals."""
    if value is None:
        return ""
    if isinstance(value, float):
        return as_text(value)
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return str(value).strip()


def is_blank(value: Any) -> bool:
    """Whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def form_names(path: Path) -> dict[str, tuple[str, Area]]:
    """The sheet and area of every defined name of a workbook that has passed the guard.

    Names that stand for something else, such as `#REF!`, are left out. Raises UnreadableSheet.
    """
    try:
        with Package(path) as package:
            workbook = Workbook(package)
            sheets = {sheet.name for sheet in workbook.sheets}
            return dict(_areas(defined_names(workbook), sheets))
    except Unpatchable as why:
        raise UnreadableSheet(_told(path, str(why))) from None


def _areas(names: Mapping[str, str], sheets: set[str]) -> Iterator[tuple[str, tuple[str, Area]]]:
    for name, reference in names.items():
        try:
            sheet, area = split_reference(reference)
        except ValueError:
            continue
        if sheet in sheets:
            yield name, (sheet, area)


def read_form(path: Path) -> Form:
    """A form as it was saved, after the guard has looked it through. Raises UnreadableSheet."""
    check_file(path, form_limits())
    areas = form_names(path)
    wanted = {sheet for sheet, _ in areas.values()}
    with _opened(path) as book:
        names = list(book.sheetnames)
        sheets = {name: _cells(book[name]) for name in names if name in wanted}
    return Form(path, areas, sheets, names)


def unlocked_names(path: Path) -> set[str]:
    """The defined names that begin in a cell to fill in. Raises UnreadableSheet."""
    check_file(path, form_limits())
    areas = form_names(path)
    begins: defaultdict[str, dict[tuple[int, int], set[str]]] = defaultdict(dict)
    for name, (sheet, area) in areas.items():
        begins[sheet].setdefault((area.top, area.left + 1), set()).add(name)
    found: set[str] = set()
    with _opened(path) as book:
        for sheet, wanted in begins.items():
            for row in book[sheet].iter_rows(max_row=max(row for row, _ in wanted)):
                for cell in row:
                    names = wanted.get((getattr(cell, "row", 0), getattr(cell, "column", 0)))
                    if names and not cell.protection.locked:
                        found |= names
    return found


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The workbook to be read with its saved values. Raises UnreadableSheet, also for what goes wrong meanwhile."""
    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)) as book:
            yield book
    except Exception as error:  # openpyxl raises whatever it stumbles over
        detail = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise UnreadableSheet(f"{path.name}: filen är skadad eller kan inte läsas ({detail}).") from None


def _cells(sheet: Any) -> Cells:
    found: dict[int, dict[int, Any]] = {}
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        filled = {column: _plain(value) for column, value in enumerate(row) if value is not None}
        if filled:
            found[number] = filled
    return found


def _plain(value: Any) -> Any:
    """A length of time is the number of days that the cell holds."""
    return value / _DAY if isinstance(value, dt.timedelta) else value


def _told(path: Path, why: str) -> str:
    return why if why.startswith(path.name) else f"{path.name}: {why}"
