"""What one sheet's markup tells, and the parser that tells it of sheets in any form that XML allows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

from xlsx.grid import Marks, letters
from xlsx.patch.references import Area, cell
from xlsx.worker.swift import Columns


@dataclass
class Markup:
    """What one sheet's markup tells; rows and columns count from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unsaved_formulas: list[tuple[int, int]] = field(default_factory=list)
    first_heading: int | None = None
    """The column of the first cell with a value in the row of the headings."""
    errors: bool = True
    """Whether there may be cells that hold errors."""
    columns: Columns | None = None
    """The cells, when they were read at the same time."""

    @property
    def marks(self) -> Marks:
        """What goes with the cells."""
        return Marks(frozenset(self.hidden_rows), self.merged, self.unsaved_formulas)


class LostValue(ValueError):
    """A value that readers pass by in silence; holds the name of its cell."""


def parsed_markup(pieces: Iterator[bytes], header: int, *, heading_only: bool = False) -> Markup:
    """The markup of a sheet, of which nothing is supposed but that it is XML.

    header: the row of the headings, from 0; heading_only: read no further than to the first of them.

    Takes some seconds for large sheets. Raises LostValue for a value that stands as CDATA, expat's error for what
    is no XML, and ValueError for what is no place in a sheet.
    """
    sheet = _Sheet(header)
    for piece in pieces:
        sheet.parser.Parse(piece)
        if heading_only and sheet.told.first_heading is not None:
            break
    sheet.end_cell()
    return sheet.told


class _Sheet:
    """Where in a sheet the parser is. Cells and rows that do not tell their number follow those before them.

    What ends is not followed, which takes half of the time: a cell ends where the next one begins.
    """

    def __init__(self, header: int) -> None:
        self.told = Markup(errors=False)
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.StartCdataSectionHandler = self._cdata
        self._header = header
        self._row = -1
        self._reference: str | None = None
        self._further = -1
        self._within = ""
        self._is_text = self._has_formula = self._has_value = self._is_filled = False

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._within = name = tag.rpartition(":")[2]
        if name == "c":
            self.end_cell()
            self._begin_cell(attributes)
        elif name == "v":
            self._has_value = True
            if self._has_formula:
                self.parser.CharacterDataHandler = self._text
        elif name == "f":
            self._has_formula = True
        elif name == "is":
            self._has_value = self._is_filled = True
        elif name == "row":
            self.end_cell()
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._reference, self._further = None, -1
            if attributes.get("hidden") in ("1", "true"):
                self.told.hidden_rows.add(self._row)
        elif name == "mergeCell" and ":" in attributes.get("ref", ""):
            with suppress(ValueError):  # whole columns, which make no heading of several
                area = Area.parse(attributes["ref"])
                self.told.merged.append((area.top - 1, area.left, area.bottom - 1, area.right))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference, kind = attributes.get("r"), attributes.get("t")
        if reference is None:
            self._further += 1
        else:
            self._reference, self._further = reference, 0
        self._is_text = kind == "str"
        self._has_formula = self._has_value = self._is_filled = False
        self.told.errors |= kind == "e"

    def end_cell(self) -> None:
        """What the cell was, when all of it was seen."""
        if self._has_value and self.told.first_heading is None:
            row, column = self._place()
            self.told.first_heading = column if row == self._header else None
        if self._has_formula:
            self.parser.CharacterDataHandler = None
            if not (self._is_filled or (self._is_text and self._has_value)):
                self.told.unsaved_formulas.append(self._place())
        self._has_formula = self._has_value = False

    def _place(self) -> tuple[int, int]:
        """Row and column of the cell."""
        if self._reference is None:
            return self._row, self._further
        row, column = cell(self._reference)
        return row - 1, column + self._further

    def _text(self, text: str) -> None:
        if self._within == "v" and text.strip():
            self._is_filled = True

    def _cdata(self) -> None:
        if self._within == "v":
            row, column = self._place()
            raise LostValue(f"{letters(column)}{row + 1}")
