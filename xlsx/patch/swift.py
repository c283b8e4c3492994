"""Cells into rows by the compiled kernel: the same bytes as `kernel.py` gives, and the same forms declined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.vocabulary import Encoded
from xlsx.compiled import KERNELS
from xlsx.grid import letters
from xlsx.patch.cells import NewCells, PlacedColumn, inline_text, written_numbers

_ORE, _WHOLE, _CODED = range(3)
"""Kinds of columns as the kernel numbers them."""

_LONGEST_PREFIX: Final = 24
_MOST_TEXT: Final = 64 << 20
"""Bytes of one column's different texts that are held at a time."""

_NOTHING: Final = np.zeros(1, np.int64)

Column = tuple[int, bytes, bytes, NDArray[Any], NDArray[Any] | None, bytes, NDArray[np.int64]]
"""Kind, what stands before and after the row's number, values or codes, where it is shown, texts and their ends."""


@dataclass(frozen=True)
class SwiftRows:
    """Rows of a sheet get the cells of one run of columns.

    refresh: cells that are there already are replaced, as `splice_rows` says.
    """

    new: NewCells
    refresh: bool
    numbers: NDArray[np.int64]
    columns: tuple[Column, ...]

    @staticmethod
    def of(new: NewCells, refresh: bool) -> SwiftRows | None:
        """None where there is no kernel, or it does not take these columns."""
        if KERNELS is None or len(new.runs) != 1 or len(new.prefix) > _LONGEST_PREFIX:
            return None
        columns = []
        for placed in new.runs[0]:
            column = _column(placed, new.prefix)
            if column is None:
                return None
            columns.append(column)
        return SwiftRows(new, refresh, np.ascontiguousarray(new.rows, np.int64), tuple(columns))

    def splice(self, rows: bytes, after: int) -> tuple[bytes, int] | None:
        """The rows with their cells, and the number of the last one; None for rows of a form that is declined.

        after: the first number that a row may have; no row that gets cells is missing from there on.
        """
        run = self.new.runs[0]
        place = int(np.searchsorted(self.numbers, after))
        done: tuple[bytes, int] | None = KERNELS.splice(
            *(rows, self.new.prefix, after, self.numbers, place),
            *(run[0].column, run[-1].column, self.refresh, self.columns),
        )
        return done


def _column(placed: PlacedColumn, prefix: bytes) -> Column | None:
    result = placed.result
    opening = b'<%bc r="%b' % (prefix, letters(placed.column).encode())
    style = b'" s="%d"' % placed.style if placed.style else b'"'
    shown = None if result.shown is None else np.ascontiguousarray(result.shown, np.bool_)
    if isinstance(result.values, Encoded):
        known = [inline_text(text, prefix) if text else b"" for text in result.values.texts]
        codes = np.asarray(result.values.index)
    elif result.values.dtype.kind in "iu" and result.form != "timmar":
        values = np.ascontiguousarray(result.values, np.int64)
        return (_ORE if result.form == "kr" else _WHOLE), opening, style, values, shown, b"", _NOTHING
    elif result.values.dtype.kind in "iuf" and result.form != "kr":
        coded = pa.array(result.values).dictionary_encode()
        before, end = b"><%bv>" % prefix, b"</%bv></%bc>" % (prefix, prefix)
        texts = written_numbers(coded.dictionary.to_numpy(), result.form)
        known = [before + text + end if text else b"" for text in texts]
        codes = coded.indices.to_numpy()
    else:
        return None
    ends = np.array([0, *accumulate(map(len, known))], np.int64)
    if ends[-1] > _MOST_TEXT:
        return None
    # A text that is blank has no bytes, and a cell without content no code.
    usable = np.append(np.diff(ends) > 0, False)
    codes = np.where(usable[codes], codes, -1) if not usable[:-1].all() else codes
    return _CODED, opening, style, np.ascontiguousarray(codes, np.int32), shown, b"".join(known), ends
