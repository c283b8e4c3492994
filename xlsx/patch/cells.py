"""New cells as bytes, built column by column: what a row's cells share is made once per different value.

Between the cells of a row stands nothing but its number in turn, so that a row is its number joined with the pieces
of its columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.encoded import Encoded
from xlsx.grid import letters
from xlsx.patch.numbers import written_numbers
from xlsx.patch.plan import ResultColumn, Rows

LONGEST_TEXT: Final = 32_767
"""Characters that a cell holds."""

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""Signs that XML lacks or takes for another, and the first sign of texts that look like their escapes."""

_BLOCK: Final = 8_000
"""Rows whose cells are made at a time."""

_MOST_KEPT: Final = 20_000
"""Different texts that are kept as XML: most come again, but remarks may name what stands in one row only."""

BYTES: Final = pa.large_binary()
"""Of texts as XML, however much they come to."""


def escaped(text: str) -> str:
    """A text as XML; signs that XML lacks, and texts like their escapes, as spreadsheets write them."""
    if "_x" in text or not text.isprintable():
        text = _UNPRINTABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text)


def text_xml(text: str) -> bytes:
    """As much of a text as a cell holds, as XML."""
    return escaped(text[:LONGEST_TEXT]).encode("utf-8", "replace")


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
        made: list[bytes] = []
        while start < end:
            block, place = divmod(start, _BLOCK)
            made += self._cells(number, block)[place : place + end - start].to_pylist()
            start = (block + 1) * _BLOCK
        if len(made) == count:
            return made
        spread = np.full(count, b"", object)
        spread[self.rows[end - len(made) : end] - first] = made
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
            self._block["single"] = [
                (placed.column, self._joined([placed], start, end).to_pylist()) for run in self.runs for placed in run
            ]
            self._block["start"] = start
        return [(column, made[place - start]) for column, made in self._block["single"]]

    def _cells(self, number: int, block: int) -> pa.LargeBinaryArray:
        """The cells of one run for a block of rows, made once as long as no other is asked for."""
        if self._block.get("at") != (number, block):
            start = block * _BLOCK
            self._block["cells"] = self._joined(self.runs[number], start, min(start + _BLOCK, len(self.rows)))
            self._block["at"] = (number, block)
        return self._block["cells"]

    def _joined(self, run: Sequence[PlacedColumn], start: int, end: int) -> pa.LargeBinaryArray:
        columns = [
            self._pieces(placed, start, end, b"" if placed is run[-1] else self._opening(placed.column + 1))
            for placed in run
        ]
        numbers = pa.array(self.rows[start:end]).cast(pa.large_string()).cast(BYTES)
        return pc.binary_join_element_wise(pa.scalar(self._opening(run[0].column), BYTES), *columns, numbers)

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

    def _pieces(self, placed: PlacedColumn, start: int, end: int, next_cell: bytes) -> pa.LargeBinaryArray:
        """What follows the row's number in each cell, up to the row's number in the next."""
        result, style = placed.result, b'" s="%d"' % placed.style if placed.style else b'"'
        blank = style + b"/>" + next_cell
        shown = None if result.shown is None else result.shown[start:end]
        if isinstance(result.values, Encoded):
            coded = pa.array(result.values.index[start:end]).dictionary_encode()
            texts = result.values.texts
            known = pa.array(
                [
                    style + self._text(texts[place]) + next_cell if place >= 0 and texts[place] else blank
                    for place in coded.dictionary.to_pylist()
                ],
                BYTES,
            )
        else:
            values = result.values[start:end]
            if values.dtype.kind == "f":
                finite = np.isfinite(values)
                shown = finite if shown is None else shown & finite
            coded = pa.array(values).dictionary_encode()
            before, after = style + b"><%bv>" % self.prefix, b"</%bv></%bc>" % (self.prefix, self.prefix) + next_cell
            known = wrapped(before, written_numbers(coded.dictionary.to_numpy(), result.form), after)
        codes = coded.indices
        if shown is not None:
            known = pa.concat_arrays([known, pa.array([blank], BYTES)])
            codes = pa.array(np.where(shown, codes.to_numpy(), len(known) - 1))
        return known.take(codes)


def wrapped(before: bytes, texts: pa.LargeBinaryArray, after: bytes) -> pa.LargeBinaryArray:
    """Texts with the same before and after each."""
    return pc.binary_join_element_wise(pa.scalar(before, BYTES), texts, pa.scalar(after, BYTES), pa.scalar(b"", BYTES))
