"""How far the cells of a sheet reach, from the references in its bytes and without parsing it.

The scan sees what ordinary programs write (r="B3" or r='B3' in a tag of its own). What hides from it, such as
spaces about the equals sign, meets the limits of the reading process instead.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xlsx.compiled import KERNELS
from xlsx.grid import letters
from xlsx.guard.directory import STARTS_PROGRAM, Refused
from xlsx.limits import Limits

_LT, _GT, _SLASH, _EQUALS, _R, _COLON = (ord(sign) for sign in "<>/=r:")
_QUOTES: Final = (ord('"'), ord("'"))
_LETTERS: Final = 3
"""Letters that a column has at most."""
_LAST_NAMED: Final = 26 + 26**2 + 26**3
"""The last column whose name has so many, from 1."""
_DIGITS: Final = 8
"""Digits that are read of a row number: one more than the last row has."""
_ROW_NOT_READ: Final = 10**_DIGITS
_SIGNS_PER_CELL: Final = 8
"""More < than that for each reference means that there may be cells without one."""
_LONGEST_TAG: Final = 1 << 20
_STARTS_PROGRAM: Final = re.compile(rb"""<(?:\w{1,8}:)?f(?:\s[^<>]*+)?>[^<"'|]*+(?<=\w)\|""")
"""A formula with | outside its texts and names of sheets: what stands before it is a program to be started (DDE)."""

Places = NDArray[np.int64]


class Unsure(Exception):
    """The quick scan, which counts empty cells in, found too much; only the exact one can tell."""


class SheetScan:
    """Reads a sheet piece by piece and measures it.

    exact: leave out cells without content, which readers leave out too, at some cost. Without it `feed` and
    `close` raise Unsure where empty cells may be to blame; else Refused.
    """

    def __init__(self, name: str, limits: Limits, exact: bool = False) -> None:
        self._name, self._limits, self._exact = name, limits, exact
        self._carry = b""
        self.cells = 0
        self._first = np.array([_ROW_NOT_READ, _ROW_NOT_READ])
        """The least row and column of a cell, from 1."""
        self._last = np.zeros(2, np.int64)
        """The greatest row and column of a cell."""
        self._last_row = 0
        """The greatest number of a row, with or without cells."""
        self._rows = 0
        """Rows that were seen where cells have no references."""
        self._run = 0
        """Cells without reference in the row that is being read."""
        self._longest_run = 0

    def feed(self, piece: bytes) -> None:
        """The next piece, in UTF-8."""
        if b"<" not in piece:
            self._carry += piece
            cut = 0
        else:
            content = self._carry + piece
            cut = content.rfind(b"<")
            self._carry = content[cut:]
        if len(self._carry) > _LONGEST_TAG:
            raise Refused(f"{self._name} innehåller en cell som är längre än någon cell kan vara")
        if cut:
            self._scan(content[:cut])

    def close(self) -> None:
        """The last piece has been fed."""
        if self._carry:
            self._scan(self._carry)
        limits = self._limits
        if self._longest_run:
            self._first = np.ones(2, np.int64)
            self._last = np.maximum(self._last, [max(self._last_row, self._rows), self._longest_run])
        if self.cells > limits.cells:
            raise Refused(f"{self._name} har fler än {limits.cells} celler")
        rows, columns = (self._last - self._first + 1).tolist()
        if rows > 0 and rows * columns > min(limits.cells, limits.sparse + limits.sparse_per_cell * self.cells):
            self._refuse(
                f"{self._name} har för stor utbredning: {rows} rader gånger {columns} kolumner, till och med "
                f"{letters(int(self._last[1]) - 1)}{self._last[0]}, för bara {self.cells} celler. "
                "Ta bort det som står långt från resten"
            )

    def _refuse(self, why: str) -> None:
        raise Refused(why) if self._exact else Unsure()

    def _scan(self, content: bytes) -> None:
        if b"|" in content and _STARTS_PROGRAM.search(content):
            raise Refused(f"{self._name} {STARTS_PROGRAM}")
        if KERNELS is None or self._exact or not self._measure_swiftly(content):
            self._measure_all(content)
        limits = self._limits
        if self._last_row > limits.rows:
            raise Refused(f"{self._name} har radnumret {_shown(self._last_row)}; den sista raden är {limits.rows}")
        last_row, last_column = self._last.tolist()
        if last_row > limits.rows:
            self._refuse(f"{self._name} har en cell på rad {_shown(last_row)}; den sista raden är {limits.rows}")
        if last_column > limits.columns:
            name = letters(last_column - 1) if last_column <= _LAST_NAMED else f"bortom {letters(_LAST_NAMED - 1)}"
            self._refuse(f"{self._name} har en cell i kolumn {name}; högst {limits.columns} kolumner läses")

    def _measure_swiftly(self, content: bytes) -> bool:
        """The compiled way; False, with nothing done, where there may be cells without references."""
        cells, first_row, first_column, last_row, last_column, row, references, tags = KERNELS.extent(content)
        if tags > _SIGNS_PER_CELL * references + 1:
            return False
        self.cells += cells
        self._last_row = max(self._last_row, row)
        self._first = np.minimum(self._first, [first_row, first_column])
        self._last = np.maximum(self._last, [last_row, last_column])
        return True

    def _measure_all(self, content: bytes) -> None:
        signs = np.frombuffer(content, np.uint8)
        found = _references(signs)
        column, at = _column(signs, found)
        row, at = _row(signs, at)
        self._last_row = max(self._last_row, int(row[column == 0].max(initial=0)))
        self._measure(signs, row, column, at)
        if np.count_nonzero(signs == _LT) > _SIGNS_PER_CELL * len(found) + 1:
            self._measure_unreferenced(content, signs, found)

    def _measure(self, signs: NDArray[np.uint8], row: Places, column: Places, at: Places) -> None:
        """Add the cells with a reference; `at` is where each reference ends."""
        cells = column > 0
        self.cells += int(cells.sum())
        if self._exact:
            ends = np.flatnonzero(signs == _GT)
            if not len(ends):
                return
            end = ends.take(np.searchsorted(ends, at), mode="clip")
            cells &= signs.take(end - 1, mode="clip") != _SLASH
        if cells.any():
            row, column = row[cells], column[cells]
            self._first = np.minimum(self._first, [row.min(), column.min()])
            self._last = np.maximum(self._last, [row.max(), column.max()])

    def _measure_unreferenced(self, content: bytes, signs: NDArray[np.uint8], found: Places) -> None:
        """Add the cells that have no reference, whose column is the next one."""
        tags = np.flatnonzero(signs == _LT)
        names = tags + 1
        # <x:c> as well as <c>: a prefix of one to eight signs.
        for length in range(1, 9) if content.find(b":c") >= 0 else ():
            prefixed = signs.take(tags + 1 + length, mode="clip") == _COLON
            names = np.where(prefixed, tags + 2 + length, names)
        first, second, third = (signs.take(names + step, mode="clip") for step in range(3))
        # All white space is at or below the blank (32).
        is_cell = (first == ord("c")) & ((second <= 32) | (second == _SLASH) | (second == _GT))
        is_row = (first == _R) & (second == ord("o")) & (third == ord("w"))
        if len(found):
            bounds = np.append(tags[1:], len(signs))
            is_cell &= np.searchsorted(found, bounds) == np.searchsorted(found, tags)
        before = np.concatenate([[0], np.cumsum(is_cell)])
        at_rows = before[np.flatnonzero(is_row)]
        # The first run began in an earlier piece; the last one goes on in the next.
        runs = np.diff(np.concatenate([[-self._run], at_rows, [before[-1]]]))
        self._run = int(runs[-1])
        self._longest_run = max(self._longest_run, int(runs.max()))
        self._rows += len(at_rows)
        self.cells += int(before[-1])
        if self._longest_run > self._limits.columns:
            raise Refused(f"{self._name} har fler än {self._limits.columns} kolumner")


def _shown(row: int) -> str:
    return str(row) if row < _ROW_NOT_READ else f"{_ROW_NOT_READ} eller mer"


def _references(signs: NDArray[np.uint8]) -> Places:
    """Where the content of each attribute r begins."""
    if len(signs) < 4:
        return np.zeros(0, np.int64)
    found = signs[2:-1] == _EQUALS
    found &= signs[1:-2] == _R
    # What is asked next is asked of few.
    at = np.flatnonzero(found) + 2
    # All white space is below ! (33), and nothing else that may stand before an attribute.
    at = at[signs[at - 2] < 33]
    quotes = signs[at + 1]
    places: Places = at[(quotes == _QUOTES[0]) | (quotes == _QUOTES[1])] + 2
    return places


def _column(signs: NDArray[np.uint8], at: Places) -> tuple[Places, Places]:
    """The column from 1 that each reference names, 0 for none, and where its letters end.

    A name longer than any column's is the first column that there is not.
    """
    column = np.zeros(len(at), np.int64)
    for place in range(_LETTERS + 1):
        # The bit that is cleared makes small letters large.
        number = (signs.take(at, mode="clip") & 0xDF).astype(np.int64) - 64
        is_letter = (number > 0) & (number <= 26)
        if not is_letter.any():
            break
        column = np.where(is_letter, column * 26 + number, column)
        if place < _LETTERS:
            at = at + is_letter
    return column, at


def _row(signs: NDArray[np.uint8], at: Places) -> tuple[Places, Places]:
    """The row that each reference names, 0 for none, and where its digits end."""
    row = np.zeros(len(at), np.int64)
    for _ in range(_DIGITS + 1):
        digit = signs.take(at, mode="clip").astype(np.int64) - 48
        is_digit = (digit >= 0) & (digit <= 9)
        if not is_digit.any():
            return row, at
        row = np.where(is_digit, row * 10 + digit, row)
        at = at + is_digit
    # Still digits: a longer number than any row's, whatever it begins with.
    return np.where(is_digit, np.maximum(row, _ROW_NOT_READ), row), at
