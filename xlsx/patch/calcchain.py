"""The order of calculation, less the formulas that are replaced by values."""

from __future__ import annotations

from collections.abc import Collection

from xlsx.patch.plan import Rows
from xlsx.patch.references import cell
from xlsx.patch.workbook import Workbook
from xlsx.patch.xmlpart import XmlPart


def without(part: XmlPart, number: str, columns: Collection[int], rows: Collection[int]) -> bool:
    """Take the cells of some columns and rows of a sheet out of the chain; returns whether any others are left.

    number: the sheet's `sheetId`. An entry that names no sheet belongs to that of the entry before, so the sheet is
    written out where the entry that named it goes.
    """
    sheet, left, named = "", False, True
    for entry in part.root.all("c"):
        stated = entry.attributes.get("i")
        sheet = stated if stated is not None else sheet
        row, column = cell(entry.attributes.get("r", ""))
        if sheet == number and column in columns and row in rows:
            part.replace(entry, b"")
            named = named and stated is None
            continue
        left = True
        if stated is None and not named:
            part.set(entry, "i", sheet)
        named = True
    return left


def drop_formulas(workbook: Workbook, number: str, columns: Collection[int], rows: Rows) -> str | None:
    """Take cells out of the workbook's chain; returns the chain's part when nothing is left of it."""
    name = workbook.related("calcChain")
    if not columns or name is None or name not in workbook.package:
        return None
    if without(workbook.xml(name), number, columns, set(rows.tolist())):
        return None
    workbook.forget(name)
    return name
