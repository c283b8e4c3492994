"""Pieces made by a thread beside, for work that needs no Python: unpacking goes on while what came is looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

WORTH_A_THREAD: Final = 64 << 20
"""Unpacked bytes from which a thread of its own pays."""

_AHEAD: Final = 4


def ahead(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, some of them made before they are asked for. Raises what making them raises."""
    source = iter(pieces)
    with ThreadPoolExecutor(1) as beside:
        waiting = deque(beside.submit(next, source, None) for _ in range(_AHEAD))
        while (piece := waiting.popleft().result()) is not None:
            waiting.append(beside.submit(next, source, None))
            yield piece
