"""Cells and areas as a workbook writes them: `B3`, `A3:O423`. Columns count from 0, rows from 1."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from xlsx.grid import letters
from xlsx.patch.xmlpart import Element, XmlPart

LAST_COLUMN: Final = 16_383
LAST_ROW: Final = 1_048_576

_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)$")
_AREA_IN_TEXT: Final = re.compile(r"(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)(\d*):(\$?)([A-Z]{1,3})(\$?)(\d*)(?![\w.(])")


def column_number(name: str) -> int:
    """A is 0, AA is 26."""
    number = 0
    for sign in name.upper():
        number = number * 26 + ord(sign) - 64
    return number - 1


def cell(reference: str) -> tuple[int, int]:
    """Row and column of `B3`. Raises ValueError for anything else."""
    found = _CELL.match(reference.strip())
    if found is None:
        raise ValueError(f'"{reference}" är ingen cell.')
    return int(found[2]), column_number(found[1])


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def parse(cls, text: str) -> Area:
        """`A3:O423`, or one cell. Raises ValueError for anything else."""
        first, _, last = text.partition(":")
        top, left = cell(first)
        bottom, right = cell(last) if last else (top, left)
        return cls(top, left, bottom, right)

    def __str__(self) -> str:
        first, last = f"{letters(self.left)}{self.top}", f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    def union(self, other: Area) -> Area:
        """The smallest area that holds both."""
        return Area(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def meets(self, other: Area) -> bool:
        """Whether they have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    def widened(self, right: int) -> Area:
        """The same rows out to another column."""
        return replace(self, right=right)


def area_of(part: XmlPart, element: Element) -> Area:
    """The area that an element of a part is about. Raises Unpatchable where none is named."""
    stated = part.required(element, "ref")
    try:
        return Area.parse(stated)
    except ValueError:
        raise part.wrong(element, "ref", "ett område som A1:B2") from None


def widen_in_text(text: str, row: int, last: int, right: int) -> str:
    """The areas of a formula such as `Resor!$A$3:$O$9` that hold `row` and end at column `last` or a later one.

    They reach out to `right` in what is returned, if they did not before.
    """

    def widened(found: re.Match[str]) -> str:
        before, first, row_sign, top, end, name, last_row_sign, bottom = found.groups()
        holds = int(top or 1) <= row <= int(bottom or LAST_ROW)
        if bool(top) != bool(bottom) or not last <= column_number(name) < right or not holds:
            return found[0]
        return f"{before}{first}{row_sign}{top}:{end}{letters(right)}{last_row_sign}{bottom}"

    return _AREA_IN_TEXT.sub(widened, text)
