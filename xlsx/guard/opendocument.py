"""How far the cells of an OpenDocument sheet reach, where a cell and a row may stand for many."""

from __future__ import annotations

import re
from typing import Final

from xlsx.guard.directory import STARTS_PROGRAM, Refused
from xlsx.limits import Limits

_ROW_END: Final = b"</table:table-row"
# Within a tag there is no <, and no search goes back over what it has passed: else a file of a few
# kilobytes, of tags that never end, could take hours.
_CELL_TAG: Final = rb"<table:(?:covered-)?table-cell\b"
_TIMES: Final = rb"(?=[^<>]*?\bnumber-columns-repeated=[\"'](\d+)[\"'])"
_HOLDS: Final = rb"[^<>]*?\b(?:office:[a-z-]{0,20}value|table:formula)"
_BEFORE_VALUE: Final = rb"[^<>]*+(?<=/)>(?=\s*+" + _CELL_TAG + rb"[^<>]*?\b(?:office:value|table:formula))"
_VALUE: Final = re.compile(_CELL_TAG + _HOLDS)
_REPEATED_VALUE: Final = re.compile(_CELL_TAG + _TIMES + _HOLDS)
_WIDE: Final = re.compile(_CELL_TAG + _TIMES + b"(?:" + _HOLDS + b"|" + _BEFORE_VALUE + b")")
"""Repeated cells that hold something, or stand before one that does."""
_REPEATED_ROW: Final = re.compile(rb"<table:table-row\b(?>[^<>]*?\bnumber-rows-repeated=[\"'](\d+)[\"'])[^<>]*+")
_STARTS_PROGRAM: Final = re.compile(rb"""\btable:formula=["'][^"'&|<>]*+(?<=\w)\|""")
_CELL: Final = b"table-cell"
_TABLE_END: Final = b"</table:table>"
_LONGEST_ROW: Final = 16 << 20
_MANY: Final = 10**9


class ContentScan:
    """Reads the content of an .ods file piece by piece and measures its sheets."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._carry = b""
        self._cells = 0
        self._rows = 0
        """Repeated rows with content of all sheets so far, and the empty ones before content."""
        self._empty = 0
        """Empty rows of this sheet since the last one with content."""

    def feed(self, piece: bytes) -> None:
        """The next piece, in UTF-8. Raises Refused."""
        content = self._carry + piece
        cut = content.rfind(_ROW_END)
        if cut < 0:
            self._carry = content
            if len(content) > _LONGEST_ROW:
                raise Refused(f"{self._name} har en rad som är större än {_LONGEST_ROW >> 20} MiB")
            return
        self._carry = content[cut:]
        self._scan(content[:cut])

    def close(self) -> None:
        """The last piece has been fed."""
        self._scan(self._carry)

    def _scan(self, content: bytes) -> None:
        """Whole rows, the first one's beginning and the last one's end apart."""
        limits = self._limits
        if b"|" in content and _STARTS_PROGRAM.search(content):
            raise Refused(f"{self._name} {STARTS_PROGRAM}")
        if b"-repeated=" in content and any(_number(wide[1]) > limits.columns for wide in _WIDE.finditer(content)):
            raise Refused(f"{self._name} har celler i fler än {limits.columns} kolumner")
        for number, of_sheet in enumerate(content.split(_TABLE_END)):
            if number:
                # What fills a sheet up below its last row stands before nothing in the next one.
                self._empty = 0
            if self._empty or b"-rows-repeated=" in of_sheet:
                self._measure_repeated_rows(of_sheet)
        self._cells += content.count(_CELL)
        if self._cells > limits.cells:
            raise Refused(f"{self._name} har fler än {limits.cells} celler")

    def _measure_repeated_rows(self, content: bytes) -> None:
        after = 0
        repeated = list(_REPEATED_ROW.finditer(content))
        ends = [*(found.start() for found in repeated), len(content)][1:]
        for found, most in zip(repeated, ends, strict=True):
            between = content[after : found.start()]
            if _VALUE.search(between):
                self._rows, self._empty = self._rows + self._empty, 0
            end = content.find(_ROW_END, found.end(), most)
            row = content[found.end() : end if end >= 0 else most]
            after = found.end() + len(row)
            times = _number(found[1])
            if not _VALUE.search(row):
                self._empty += times
                continue
            self._rows, self._empty = self._rows + self._empty + times, 0
            columns = row.count(_CELL) + sum(_number(cell[1]) for cell in _REPEATED_VALUE.finditer(row))
            self._cells += times * columns
            self._check_rows()
        if self._empty and _VALUE.search(content, after):
            self._rows, self._empty = self._rows + self._empty, 0
        self._check_rows()

    def _check_rows(self) -> None:
        limits = self._limits
        most = min(limits.rows, limits.sparse // 4)
        if self._rows > most or self._cells > limits.cells:
            raise Refused(
                f"{self._name} har upprepade rader med innehåll långt ned på bladet ({min(self._rows, _MANY)} rader). "
                "Ta bort det som står långt från resten"
            )


def _number(digits: bytes) -> int:
    return min(int(digits[:20]), _MANY)
