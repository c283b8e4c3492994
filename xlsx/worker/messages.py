"""What goes between the processes: JSON, and bytes after it. Nothing that could be run when it is read.

Imports little: the process that asks starts the one that answers before its own imports.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import IO, Any, Final

_LENGTH: Final = struct.Struct("<Q")
_LONGEST_HEADER: Final = 2 << 30


class Ended(Exception):
    """The other process ended in the middle."""


def send(to: IO[bytes], header: dict[str, Any], buffers: Sequence[memoryview] = ()) -> None:
    """Write a message; `buffers` are of bytes. Raises OSError when nobody reads any more."""
    content = json.dumps({**header, "buffers": [len(buffer) for buffer in buffers]}).encode("ascii")
    to.write(_LENGTH.pack(len(content)))
    to.write(content)
    for buffer in buffers:
        to.write(buffer)
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
