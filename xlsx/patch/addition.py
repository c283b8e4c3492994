"""Sheets of our own in the user's workbook: added last, or put in the place of those of an earlier run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from xlsx.patch.columns import SUFFIX
from xlsx.patch.package import part_key
from xlsx.patch.transplant import SHEET_TYPE
from xlsx.patch.workbook import NewName, SheetEntry, Workbook, defined_names, relations_of

SHEET_MARK: Final = "_Fardkost_blad"
"""A hidden name of a sheet that we made; it holds the name that we gave the sheet."""

COLUMNS_MARK: Final = "_Fardkost_kolumner"
"""A hidden name of a sheet whose results we put in."""

_LONGEST_NAME: Final = 31


@dataclass
class Additions:
    """New parts, and old ones that they take the place of or that go, by key."""

    replaced: dict[str, Iterable[bytes]] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    new: dict[str, Iterable[bytes]] = field(default_factory=dict)
    names: list[NewName] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)

    def sheet(self, workbook: Workbook, name: str, content: Iterable[bytes]) -> SheetEntry:
        """Room for a sheet of ours, with its content.

        A sheet of the same name that is not ours is left alone, and ours gets a name beside it.
        """
        by_name = {one.name.casefold(): one for one in workbook.sheets}
        marked = {one.place for one in defined_names(workbook) if one.name == SHEET_MARK}
        for called in (name, name[: _LONGEST_NAME - len(SUFFIX)] + SUFFIX):
            there = by_name.get(called.casefold())
            if there is None:
                return self._new(workbook, name, called, content)
            if there.place in marked and there.part:
                self.replaced[part_key(there.part)] = content
                self.dropped.add(part_key(relations_of(there.part)))
                self.sheets.append(there.name)
                return there
            self.notes.append(
                f'Bladet "{there.name}" är inte gjort av Färdkost och lämnas orört; vårt får ett annat namn.'
            )
        numbered = next(
            f"{name} ({n})" for n in range(2, len(by_name) + 3) if f"{name} ({n})".casefold() not in by_name
        )
        return self._new(workbook, name, numbered, content)

    def _new(self, workbook: Workbook, name: str, called: str, content: Iterable[bytes]) -> SheetEntry:
        folder = posixpath.join(posixpath.dirname(workbook.part), "worksheets")
        number = 1
        while (part := f"{folder}/fardkost{number}.xml") in workbook.package or part in self.new:
            number += 1
        place = workbook.list_sheet(called, part)
        workbook.declare(part, SHEET_TYPE)
        self.new[part] = content
        self.names.append(NewName(SHEET_MARK, place, f'"{name}"', hidden=True))
        self.sheets.append(called)
        return workbook.sheets[place]
