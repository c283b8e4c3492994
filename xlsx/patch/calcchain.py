"""The order of calculation, less the formulas that are replaced by values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from xlsx.grid import letters
from xlsx.patch.plan import Rows
from xlsx.patch.references import cell
from xlsx.patch.workbook import Workbook
from xlsx.patch.xmlpart import XmlPart, pieces_as_utf8

_LONGEST_REFERENCE: Final = 64
"""More bytes than an attribute with a cell's name takes."""


def without(
    part: XmlPart, number: str, columns: Collection[int], rows: Collection[int], more: Collection[tuple[int, int]]
) -> bool:
    """Take the cells of some columns and rows of a sheet out of the chain; returns whether any others are left.

    number: the sheet's `sheetId`; more: single cells by row and column. An entry that names no sheet belongs to that
    of the entry before, so the sheet is written out where the entry that named it goes.
    """
    sheet, left, named = "", False, True
    for entry in part.root.all("c"):
        stated = entry.attributes.get("i")
        sheet = stated if stated is not None else sheet
        at = _place(entry.attributes.get("r", ""))
        if sheet == number and ((at[1] in columns and at[0] in rows) or at in more):
            part.replace(entry, b"")
            named = named and stated is None
            continue
        left = True
        if stated is None and not named:
            part.set(entry, "i", sheet)
        named = True
    return left


def drop_formulas(
    workbook: Workbook, number: str, columns: Collection[int], rows: Rows, more: Collection[tuple[int, int]]
) -> str | None:
    """Take cells that get values out of the workbook's chain; returns its part when nothing is left of it.

    more: single cells of the same columns by row. Cells that had no formula go too: some programs list blank ones.
    """
    name = workbook.related("calcChain")
    if name is None or name not in workbook.package:
        return None
    if not _names_any(pieces_as_utf8(workbook.package.stream(name)), columns):
        return None
    if without(workbook.xml(name), number, columns, set(rows.tolist()), more):
        return None
    workbook.forget(name)
    return name


def _place(reference: str) -> tuple[int, int]:
    """Row and column; of no cell at all for what is no reference, which is left as it is."""
    try:
        return cell(reference)
    except ValueError:
        return (0, -1)


def _names_any(pieces: Iterable[bytes], columns: Collection[int]) -> bool:
    """Whether a chain has an entry in some columns of any sheet; it may be large, and seldom has."""
    names = "|".join(map(letters, sorted(columns)))
    wanted = re.compile(rf"""\sr\s*=\s*["'](?:{names})\d""".encode())
    before = b""
    for piece in pieces:
        # An attribute may be cut in two.
        content = before + piece
        if wanted.search(content):
            return True
        before = content[-_LONGEST_REFERENCE:]
    return False
