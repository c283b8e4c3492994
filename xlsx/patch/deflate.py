"""Inflating and deflating in pieces, by isal where it is installed and else by zlib."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from xlsx.patch.errors import Unpatchable

try:
    from isal import isal_zlib
except ImportError:  # pragma: no cover
    isal_zlib = None  # type: ignore[assignment]

PIECE: Final = 1 << 20
"""Bytes that are handled at a time."""

_RAW: Final = -15
_AHEAD: Final = 4

_FAST: Final[Any] = zlib if isal_zlib is None else isal_zlib


def inflated(pieces: Iterable[bytes], size: int, crc: int, name: str) -> Iterator[bytes]:
    """A deflated part in pieces of at most PIECE bytes. Raises Unpatchable when size or checksum differ."""
    machine, left, sum_ = _FAST.decompressobj(_RAW), size, 0
    try:
        for piece in pieces:
            out = b""
            # All that goes in may be taken while there is more to come out.
            while piece or len(out) == PIECE:
                out = machine.decompress(piece, PIECE)
                piece = machine.unconsumed_tail
                left -= len(out)
                sum_ = _FAST.crc32(out, sum_)
                if left < 0:
                    raise Unpatchable(f"delen {name} är större än filen säger.")
                if out:
                    yield out
    except _FAST.error:
        raise Unpatchable(f"delen {name} är skadad och kan inte packas upp.") from None
    if left or not machine.eof or sum_ != crc:
        raise Unpatchable(f"delen {name} är skadad: innehållet stämmer inte med kontrollsumman.")


class Deflated:
    """A part as deflated pieces; after the last one `size` and `crc` tell of what went in.

    The packing is done by a thread beside, since it needs no Python.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._machine = zlib.compressobj(1, zlib.DEFLATED, _RAW) if isal_zlib is None else _isal_machine()
        self.size, self.crc = 0, 0

    def __iter__(self) -> Iterator[bytes]:
        waiting: list[Future[bytes]] = []
        with ThreadPoolExecutor(1) as worker:
            for piece in _evenly(self._pieces):
                waiting.append(worker.submit(self._pack, piece))
                if len(waiting) > _AHEAD:
                    yield waiting.pop(0).result()
            for one in waiting:
                yield one.result()
        yield self._machine.flush()

    def _pack(self, piece: bytes | memoryview) -> bytes:
        self.size += len(piece)
        self.crc = _FAST.crc32(piece, self.crc)
        packed: bytes = self._machine.compress(piece)
        return packed


def _evenly(pieces: Iterable[bytes]) -> Iterator[bytes | memoryview]:
    """The same bytes in pieces of one size, for how they are cut is seen in what they are packed to."""
    waiting: list[memoryview] = []
    missing = PIECE
    for piece in pieces:
        rest = memoryview(piece)
        while len(rest) >= missing:
            waiting.append(rest[:missing])
            yield waiting[0] if len(waiting) == 1 else b"".join(waiting)
            rest, missing, waiting = rest[missing:], PIECE, []
        waiting.append(rest)
        missing -= len(rest)
    yield b"".join(waiting)


def _isal_machine() -> Any:
    return isal_zlib.compressobj(1, isal_zlib.DEFLATED, _RAW)
