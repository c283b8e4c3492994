"""What somebody has put on a sheet that we made, and that goes when the sheet is made anew."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

from xlsx.patch.addition import SHEET_MARK
from xlsx.patch.package import Package
from xlsx.patch.workbook import SheetEntry, Workbook, defined_names

_LARGEST: Final = 4 << 20
"""Bytes of a sheet that is looked through."""

_PLAIN_CELL: Final = re.compile(
    rb"""<(?:[\w.-]+:)?c((?:\s+(?!s=["'][1-9])[\w:.-]+=(?:"[^"]*"|'[^']*'))*+)\s*>(?!</)""",
)
"""A cell with content and no style of its own. All cells that we write have one."""

_REFERENCE: Final = re.compile(rb"""\sr=["']([A-Z]+[0-9]+)["']""")
_COMMENTS: Final = frozenset({"comments", "threadedComment"})
_MOST_CELLS: Final = 3


def lost_with(source: Path, ours: Collection[str], replaced: Collection[str]) -> list[str]:
    """A sentence per sheet of `source` that is ours, has been replaced, and held what is not ours.

    ours: names that we gave such sheets; replaced: names that they have now. Cells that the user has given a look, or
    written over ours, are not told from ours. Raises Unpatchable for what is no sound workbook.
    """
    with Package(source) as package:
        workbook = Workbook(package)
        marked = {
            one.place for one in defined_names(workbook) if one.name == SHEET_MARK and one.text.strip('"') in ours
        }
        return [
            f"Bladet {sheet.name} görs om vid varje beräkning. Det som någon skrivit till där ({found}) är inte med i "
            f"resultatet men finns kvar i {source.name}; flytta det till ett eget blad."
            for sheet in workbook.sheets
            if sheet.place in marked and sheet.name in replaced and sheet.part
            if (found := _users(workbook, sheet))
        ]


def _users(workbook: Workbook, sheet: SheetEntry) -> str:
    """What a sheet of ours holds that is not ours, in words."""
    found = []
    if workbook.package.entry(sheet.part).file_size <= _LARGEST:
        content = b"".join(workbook.sheet_pieces(sheet))
        plain = (_REFERENCE.search(cell[1]) for cell in _PLAIN_CELL.finditer(content))
        places = [place[1].decode() for place in plain if place is not None]
        if places:
            more = " m.fl." if len(places) > _MOST_CELLS else ""
            found.append(f"{'cell' if len(places) == 1 else 'cellerna'} {', '.join(places[:_MOST_CELLS])}{more}")
    if any(one.kind in _COMMENTS for one in workbook.relations_at(sheet.part)):
        found.append("kommentarer")
    return " och ".join(found)
