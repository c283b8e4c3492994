"""The defined names of a workbook: which cells they stand for, and which stand for formulas with calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from xlsx.forms.formulas import Names, own_calls
from xlsx.forms.formulas.sheet import Place, size
from xlsx.patch.references import Area
from xlsx.patch.workbook import Workbook, defined_names

MOST_CELLS: Final = 20_000
"""Cells of a name whose values are told."""

_AREA: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]]+))!(\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?)")


@dataclass
class NamedAreas:
    """Names of the whole workbook. areas: by name as it is written; cells: by name in small letters, of one cell;
    formulas: by name in small letters, of names that stand for a formula with calls of the functions."""

    areas: dict[str, tuple[str, Area]] = field(default_factory=dict)
    cells: dict[str, tuple[str, Place]] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)


def named_areas(workbook: Workbook, names: Names) -> NamedAreas:
    """The names of a workbook, those of single sheets left out."""
    found = NamedAreas()
    sheets = {sheet.name.casefold(): sheet.name for sheet in workbook.sheets}
    for one in defined_names(workbook):
        text = one.text.strip().removeprefix("=")
        if one.place is not None or one.name.startswith("_xlnm."):
            continue
        if own_calls(text, names):
            found.formulas[one.name.lower()] = text
            continue
        at = _AREA.fullmatch(text)
        if at is None:
            continue
        written = at[1].replace("''", "'") if at[1] is not None else at[2]
        sheet = sheets.get(written.casefold())
        if sheet is None:
            continue
        area = Area.parse(at[3])
        if size(area) == 1:
            found.cells[one.name.lower()] = (sheet, (area.top, area.left))
        if size(area) <= MOST_CELLS:
            found.areas[one.name] = (sheet, area)
    return found
