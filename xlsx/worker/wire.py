"""What goes between the processes: JSON, and the bytes of columns. Nothing that could be run when it is read."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import asdict
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.vocabulary import Encoded
from xlsx.grid import Marks, RawColumn

_LENGTH: Final = struct.Struct("<Q")
_KINDS: Final = frozenset({"<f8", "<M8[us]", "<m8[us]"})
_LONGEST_HEADER: Final = 2 << 30

Buffers = Sequence[memoryview]
Loaded = tuple[list[RawColumn], Marks, int]


class Ended(Exception):
    """The other process ended in the middle."""


def send(to: IO[bytes], header: dict[str, Any], buffers: Sequence[NDArray[Any]] = ()) -> None:
    """Write a message. Raises OSError when nobody reads any more."""
    views = [np.ascontiguousarray(buffer).view(np.uint8).data for buffer in buffers]
    content = json.dumps({**header, "buffers": [len(view) for view in views]}).encode("ascii")
    to.write(_LENGTH.pack(len(content)))
    to.write(content)
    for view in views:
        to.write(view)
    to.flush()


def receive(source: IO[bytes]) -> tuple[dict[str, Any], list[bytearray]]:
    """Read a message: its header and its buffers. Raises Ended."""
    (length,) = _LENGTH.unpack(_exactly(source, _LENGTH.size))
    if length > _LONGEST_HEADER:
        raise Ended
    header: dict[str, Any] = json.loads(_exactly(source, length))
    return header, [_exactly(source, size) for size in header["buffers"]]


def _exactly(source: IO[bytes], size: int) -> bytearray:
    content = bytearray(size)
    view, done = memoryview(content), 0
    while done < size:
        read = source.readinto(view[done:])  # type: ignore[attr-defined]
        if not read:
            raise Ended
        done += read
    return content


def packed(loaded: Loaded) -> tuple[dict[str, Any], list[NDArray[Any]]]:
    """A loaded sheet as a message."""
    columns, marks, left = loaded
    told: list[dict[str, Any]] = []
    buffers: list[NDArray[Any]] = []
    for column in columns:
        cells = column.cells
        broken = [list(column.broken), list(column.broken.values())]
        if isinstance(cells, Encoded):
            told.append({"kind": "texts", "texts": list(cells.texts), "broken": broken})
            buffers.append(np.asarray(cells.index, "<i8"))
        else:
            told.append({"kind": cells.dtype.newbyteorder("<").str, "broken": broken})
            buffers.append(cells)
    return {
        "columns": told,
        "marks": {**asdict(marks), "hidden_rows": sorted(marks.hidden_rows)},
        "left": left,
    }, buffers


def unpacked(header: dict[str, Any], buffers: Sequence[bytearray]) -> Loaded:
    """The loaded sheet of a message."""
    columns = [_column(told, buffer) for told, buffer in zip(header["columns"], buffers, strict=True)]
    told = header["marks"]
    marks = Marks(
        hidden_rows=frozenset(told["hidden_rows"]),
        merged=[(first, start, last, end) for first, start, last, end in told["merged"]],
        unsaved_formulas=[(row, column) for row, column in told["unsaved_formulas"]],
    )
    return columns, marks, int(header["left"])


def _column(told: dict[str, Any], buffer: bytearray) -> RawColumn:
    broken = dict(zip(*told["broken"], strict=True))
    if told["kind"] == "texts":
        return RawColumn(Encoded(np.frombuffer(buffer, "<i8"), told["texts"]), broken)
    if told["kind"] not in _KINDS:
        raise Ended
    return RawColumn(np.frombuffer(buffer, told["kind"]), broken)
