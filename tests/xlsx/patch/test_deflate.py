"""A part comes out as it went in, and packed to the same bytes however its pieces are cut."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from xlsx.patch.deflate import PIECE, Deflated

CONTENT = np.random.default_rng(7).integers(97, 105, 3 * PIECE + 12_345, np.uint8).tobytes()


def packed(cut: int) -> tuple[bytes, Deflated]:
    made = Deflated(CONTENT[start : start + cut] for start in range(0, len(CONTENT), cut))
    return b"".join(made), made


@pytest.mark.parametrize("cut", [PIECE, PIECE - 1, PIECE + 1, 700_001, len(CONTENT), 2 * PIECE + 5])
def test_the_same_bytes_however_cut(cut: int) -> None:
    content, made = packed(cut)
    assert zlib.decompress(content, -15) == CONTENT
    assert (made.size, made.crc) == (len(CONTENT), zlib.crc32(CONTENT))
    assert content == packed(PIECE)[0]


def test_nothing_at_all() -> None:
    made = Deflated([])
    assert zlib.decompress(b"".join(made), -15) == b""
    assert (made.size, made.crc) == (0, 0)


def test_empty_pieces_between() -> None:
    made = Deflated([b"", CONTENT[:PIECE], b"", CONTENT[PIECE:], b""])
    assert zlib.decompress(b"".join(made), -15) == CONTENT
    assert (made.size, made.crc) == (len(CONTENT), zlib.crc32(CONTENT))
