"""A loaded sheet as a message between the processes: JSON, and the bytes of columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.encoded import Encoded
from xlsx.grid import Marks, RawColumn, Serial
from xlsx.worker.messages import Ended

_KINDS: Final = frozenset({"<f8", "<M8[us]", "<m8[us]"})
_INDICES: Final = ("<i1", "<i2", "<i4")
_BETWEEN: Final = "\0"
"""What stands between texts: no text of a sheet can hold it."""
_PASSED: Final = "surrogatepass"

Loaded = tuple[list[RawColumn], Marks, int]


def packed(loaded: Loaded) -> tuple[dict[str, Any], list[memoryview]]:
    """A loaded sheet as a message and the bytes of its columns."""
    columns, marks, left = loaded
    told: list[dict[str, Any]] = []
    buffers: list[memoryview] = []
    for column in columns:
        cells = column.cells
        broken = [list(column.broken), list(column.broken.values())]
        if isinstance(cells, Encoded):
            index = _index_kind(len(cells.texts))
            buffers.append(_bytes(np.asarray(cells.index, index)))
            joined = _joined(cells.texts)
            if joined is not None:
                buffers.append(memoryview(joined))
            texts = None if joined is not None else list(cells.texts)
            own = [[place, value, isinstance(value, Serial)] for place, value in column.own.items()]
            told.append({"kind": "texts", "index": index, "texts": texts, "broken": broken, "own": own})
        else:
            told.append({"kind": cells.dtype.newbyteorder("<").str, "broken": broken})
            buffers.append(_bytes(cells))
    return {
        "columns": told,
        "marks": {**asdict(marks), "hidden_rows": sorted(marks.hidden_rows)},
        "left": left,
    }, buffers


def _index_kind(texts: int) -> str:
    """The narrowest whole numbers that tell so many texts apart, and hold the number of texts too."""
    return next(kind for kind in _INDICES if texts <= np.iinfo(kind).max)


def _joined(texts: Sequence[Any]) -> bytes | None:
    """Many texts as bytes, which takes a third of the time that JSON takes; None when they go as JSON."""
    try:
        joined = _BETWEEN.join(texts)
    except TypeError:  # truths
        return None
    return joined.encode("utf-8", _PASSED) if joined.count(_BETWEEN) == len(texts) - 1 else None


def _bytes(column: NDArray[Any]) -> memoryview:
    return np.ascontiguousarray(column).view(np.uint8).data


def unpacked(header: dict[str, Any], buffers: Sequence[bytearray]) -> Loaded:
    """The loaded sheet of a message."""
    left = iter(buffers)
    columns = [_column(told, left) for told in header["columns"]]
    told = header["marks"]
    marks = Marks(
        hidden_rows=frozenset(told["hidden_rows"]),
        merged=[(first, start, last, end) for first, start, last, end in told["merged"]],
        unsaved_formulas=[(row, column) for row, column in told["unsaved_formulas"]],
    )
    return columns, marks, int(header["left"])


def _column(told: dict[str, Any], buffers: Iterator[bytearray]) -> RawColumn:
    broken = dict(zip(*told["broken"], strict=True))
    kind, cells = told["kind"], next(buffers)
    if kind == "texts":
        if told["index"] not in _INDICES:
            raise Ended
        texts = told["texts"]
        if texts is None:
            texts = next(buffers).decode("utf-8", _PASSED).split(_BETWEEN)
        own = {place: Serial(value) if time else value for place, value, time in told["own"]}
        return RawColumn(Encoded(np.frombuffer(cells, told["index"]), texts), broken, own)
    if kind not in _KINDS:
        raise Ended
    return RawColumn(np.frombuffer(cells, kind), broken)
