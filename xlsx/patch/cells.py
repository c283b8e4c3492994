"""New cells as bytes, built column by column: what a row's cells share is made once per different value.

Between the cells of a row stands nothing but its number in turn, so that a row is its number joined with the pieces
of its columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from math import isfinite
from typing import Any, Final
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.vocabulary import Encoded
from xlsx.grid import letters
from xlsx.patch.plan import ResultColumn, Rows

LONGEST_TEXT: Final = 32_767
"""Characters that a cell holds."""

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_BLOCK: Final = 2_000
_MOST_KEPT: Final = 20_000
"""Different texts that are kept as XML: most come again, but remarks may name what stands in one row only."""

_MINUTES: Final = 60
_HUNDREDTHS: Final = 100

Pieces = NDArray[Any]
"""Bytes objects, one per row."""


def text_xml(text: str) -> bytes:
    """A text as XML; signs that XML lacks, and texts like their escapes, as spreadsheets write them."""
    text = text[:LONGEST_TEXT]
    if "_x" in text or not text.isprintable():
        text = _UNPRINTABLE.sub(_escaped, text)
    return escape(text).encode("utf-8", "replace")


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return f"_x005F{sign}" if len(sign) > 1 else f"_x{ord(sign):04X}_"


def inline_text(text: str, prefix: bytes = b"") -> bytes:
    """What a cell with a text of its own holds, after its attributes."""
    return b' t="inlineStr"><%bis><%bt xml:space="preserve">%b</%bt></%bis></%bc>' % (
        *(prefix, prefix, text_xml(text)),
        *(prefix, prefix, prefix),
    )


@dataclass(frozen=True)
class PlacedColumn:
    """A result at its column of the sheet, from 0, its cells in a style of the workbook."""

    result: ResultColumn
    column: int
    style: int


@dataclass(frozen=True)
class NewCells:
    """The cells to be put into a sheet.

    runs: placed columns that stand side by side, from left to right.
    extra: cells of single rows, as column and bytes, such as headings.
    prefix: the prefix, with its colon, of the sheet's elements.
    """

    rows: Rows
    runs: Sequence[Sequence[PlacedColumn]]
    extra: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    prefix: bytes = b""
    _block: dict[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[int]:
        """Every column that gets cells."""
        return frozenset(placed.column for run in self.runs for placed in run)

    def run(self, number: int, first: int, count: int) -> list[bytes]:
        """The cells of one run for `count` rows of the sheet; nothing where the row gets none."""
        start, end = np.searchsorted(self.rows, (first, first + count)).tolist()
        if start == end:
            return [b""] * count
        made = self._joined(self.runs[number], start, end)
        if end - start == count:
            return made
        spread = np.full(count, b"", object)
        spread[self.rows[start:end] - first] = made
        everywhere: list[bytes] = spread.tolist()
        return everywhere

    def of_row(self, row: int) -> list[tuple[int, bytes]]:
        """The cells of one row with their columns, from left to right."""
        if row in self.extra:
            return self.extra[row]
        place = int(np.searchsorted(self.rows, row))
        if place == len(self.rows) or self.rows[place] != row:
            return []
        start = place - place % _BLOCK
        if self._block.get("start") != start:
            # Rows are asked for one after the other, and cells are made many at a time.
            end = min(start + _BLOCK, len(self.rows))
            self._block["cells"] = [
                (placed.column, self._joined([placed], start, end)) for run in self.runs for placed in run
            ]
            self._block["start"] = start
        return [(column, made[place - start]) for column, made in self._block["cells"]]

    def _joined(self, run: Sequence[PlacedColumn], start: int, end: int) -> list[bytes]:
        opening = self._opening(run[0].column)
        columns = [
            self._pieces(placed, start, end, b"" if placed is run[-1] else self._opening(placed.column + 1))
            for placed in run
        ]
        numbers = [b"%d" % row for row in self.rows[start:end].tolist()]
        return list(map(bytes.join, numbers, zip(repeat(opening), *columns, strict=False)))

    def _text(self, text: str) -> bytes:
        """A text as `inline_text` writes it, made once."""
        known: dict[str, bytes] = self._block.setdefault("texts", {})
        if text not in known:
            if len(known) >= _MOST_KEPT:
                known.clear()
            known[text] = inline_text(text, self.prefix)
        return known[text]

    def _opening(self, column: int) -> bytes:
        return b'<%bc r="%b' % (self.prefix, letters(column).encode())

    def _pieces(self, placed: PlacedColumn, start: int, end: int, next_cell: bytes) -> list[bytes]:
        """What follows the row's number in each cell, up to the row's number in the next."""
        result, style = placed.result, b'" s="%d"' % placed.style if placed.style else b'"'
        blank = style + b"/>" + next_cell
        shown = None if result.shown is None else result.shown[start:end]
        if not isinstance(result.values, Encoded) and result.values.dtype.kind == "f":
            finite = np.isfinite(result.values[start:end])
            shown = finite if shown is None else shown & finite
        if isinstance(result.values, Encoded):
            coded = pa.array(result.values.index[start:end]).dictionary_encode()
            codes = coded.indices.to_numpy()
            texts = result.values.texts
            known = [
                style + self._text(texts[place]) + next_cell if place >= 0 and texts[place] else blank
                for place in coded.dictionary.to_pylist()
            ]
        else:
            coded = pa.array(result.values[start:end]).dictionary_encode()
            codes = coded.indices.to_numpy()
            before, after = style + b"><%bv>" % self.prefix, b"</%bv></%bc>" % (self.prefix, self.prefix) + next_cell
            known = [before + number + after for number in written_numbers(coded.dictionary.to_numpy(), result.form)]
        table = np.array([*known, blank, None], object)
        if shown is not None:
            codes = np.where(shown, codes, len(known))
        pieces: list[bytes] = table[codes].tolist()
        return pieces


def written_numbers(values: NDArray[Any], form: str) -> list[bytes]:
    """Numbers as a workbook holds them, the shortest way: 103050 öre is 1030.5."""
    if form == "kr":
        wholes, parts = np.divmod(np.abs(values), _HUNDREDTHS)
        signs = values < 0
        return [
            (b"-%d%b" if minus else b"%d%b") % (whole, _DECIMALS[part])
            for minus, whole, part in zip(signs.tolist(), wholes.tolist(), parts.tolist(), strict=True)
        ]
    if form == "timmar":
        values = values / _MINUTES
    if values.dtype.kind in "iu":
        return [b"%d" % value for value in values.tolist()]
    return [
        repr(int(value) if value.is_integer() else value).encode() if isfinite(value) else b""
        for value in values.tolist()
    ]


_DECIMALS: Final = [b"", *(f".{part:02d}".rstrip("0").encode() for part in range(1, _HUNDREDTHS))]
