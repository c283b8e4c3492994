"""Sheets of our own in the user's workbook: added last, or put in the place of those of an earlier run."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from xlsx.patch.columns import SUFFIX
from xlsx.patch.package import part_key
from xlsx.patch.transplant import SHEET_TYPE
from xlsx.patch.workbook import NewName, SheetEntry, Workbook, defined_names, only_of

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
    vacant: set[str] = field(default_factory=set)
    """Keys of parts that the sheets of an earlier run leaned on: their places are taken again or go."""

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
                self.vacant |= only_of(workbook, there.part)
                self.sheets.append(there.name)
                return there
            self.notes.append(
                f'Bladet "{there.name}" är inte gjort av Färdkost och lämnas orört; vårt får ett annat namn.'
            )
        numbered = next(
            f"{name} ({n})" for n in range(2, len(by_name) + 3) if f"{name} ({n})".casefold() not in by_name
        )
        return self._new(workbook, name, numbered, content)

    def attach(self, attached: Mapping[str, bytes]) -> None:
        """Put parts that a sheet of ours leans on, where there were such before in their places."""
        for part, content in attached.items():
            if part_key(part) in self.vacant:
                self.vacant.remove(part_key(part))
                self.replaced[part_key(part)] = [content]
            else:
                self.new[part] = [content]

    def clear(self, workbook: Workbook) -> None:
        """Let what no sheet leans on any more go."""
        for part in self.vacant:
            workbook.forget(part)
        self.dropped |= self.vacant

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
