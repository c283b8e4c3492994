"""Cells into rows by the compiled kernel: the same bytes as `kernel.py` gives, and the same forms declined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.encoded import Encoded
from xlsx.compiled import KERNELS
from xlsx.grid import letters
from xlsx.patch.cells import BYTES, NewCells, PlacedColumn, inline_text, wrapped
from xlsx.patch.numbers import written_numbers

_ORE, _WHOLE, _CODED = range(3)
"""Kinds of columns as the kernel numbers them."""

_LONGEST_PREFIX: Final = 24
_MOST_TEXT: Final = 64 << 20
"""Bytes of one column's different texts that are held at a time."""

_NOTHING: Final = np.zeros(1, np.int64)

Column = tuple[int, bytes, bytes, NDArray[Any], NDArray[Any] | None, Any, NDArray[np.int64]]
"""Kind, what stands before and after the row's number, values or codes, where it is shown, texts and their ends."""


@dataclass(frozen=True)
class SwiftRows:
    """Rows of a sheet get the cells of one run of columns, or of several that are there from an earlier run.

    refresh: cells that are there already are replaced, as `splice_rows` says, or where they stand with others before,
    between and after them, if the row has its first cell of each run.
    columns: those of all runs.
    """

    new: NewCells
    refresh: bool
    numbers: NDArray[np.int64]
    columns: tuple[Column, ...]

    @staticmethod
    def of(new: NewCells, refresh: bool) -> SwiftRows | None:
        """None where there is no kernel, or it does not take these columns."""
        if KERNELS is None or len(new.prefix) > _LONGEST_PREFIX:
            return None
        if not new.runs or (len(new.runs) > 1 and not refresh):
            return None
        columns = []
        for placed in chain.from_iterable(new.runs):
            column = _column(placed, new.prefix)
            if column is None:
                return None
            columns.append(column)
        return SwiftRows(new, refresh, np.ascontiguousarray(new.rows, np.int64), tuple(columns))

    def splice(self, rows: bytes, after: int) -> tuple[bytes, int] | None:
        """The rows with their cells, and the number of the last one; None for rows of a form that is declined.

        after: the first number that a row may have; no row that gets cells is missing from there on.
        """
        runs = tuple((run[0].column, run[-1].column, len(run)) for run in self.new.runs)
        place = int(np.searchsorted(self.numbers, after))
        done: tuple[bytes, int] | None = KERNELS.splice(
            *(rows, self.new.prefix, after, self.numbers, place),
            *(runs, self.refresh, self.columns),
        )
        return done


def _column(placed: PlacedColumn, prefix: bytes) -> Column | None:
    result = placed.result
    opening = b'<%bc r="%b' % (prefix, letters(placed.column).encode())
    style = b'" s="%d"' % placed.style if placed.style else b'"'
    shown = None if result.shown is None else np.ascontiguousarray(result.shown, np.bool_)
    if isinstance(result.values, Encoded):
        texts = pa.array([inline_text(text, prefix) if text else b"" for text in result.values.texts], BYTES)
        codes = np.asarray(result.values.index)
    elif result.values.dtype.kind in "iu" and result.form != "timmar":
        values = np.ascontiguousarray(result.values, np.int64)
        return (_ORE if result.form == "kr" else _WHOLE), opening, style, values, shown, b"", _NOTHING
    elif result.values.dtype.kind in "iuf" and result.form != "kr":
        coded = pa.array(result.values).dictionary_encode()
        numbers = written_numbers(coded.dictionary.to_numpy(), result.form)
        texts = wrapped(b"><%bv>" % prefix, numbers, b"</%bv></%bc>" % (prefix, prefix))
        finite = np.isfinite(result.values)
        shown = finite if shown is None else shown & finite
        codes = coded.indices.to_numpy()
    else:
        return None
    lengths = pc.binary_length(texts).to_numpy()
    ends = np.concatenate([_NOTHING, np.cumsum(lengths)])
    if ends[-1] > _MOST_TEXT:
        return None
    if not lengths.all():
        # A text that is blank has no bytes, and a cell without content no code.
        codes = np.where(np.append(lengths > 0, False)[codes], codes, -1)
    content = texts.buffers()[2] if ends[-1] else b""
    return _CODED, opening, style, np.ascontiguousarray(codes, np.int32), shown, content, ends
