"""Numbers as a workbook holds them, the shortest way, many at a time."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_MINUTES: Final = 60
_HUNDREDTHS: Final = 100

_SMALLEST: Final = 1e-4
_LARGEST: Final = 1e9
"""Numbers between these (and 0) Arrow writes as Python does; beyond them either may come to use an exponent."""


def written_numbers(values: NDArray[Any], form: str) -> pa.LargeBinaryArray:
    """A text per number: 103050 öre (form `kr`) is 1030.5, 90 minutes (`timmar`) 1.5; no text for what is no number."""
    if form == "kr":
        numbers = values / _HUNDREDTHS
    elif form == "timmar":
        numbers = values / _MINUTES
    elif values.dtype.kind in "iu":
        return pa.array(values).cast(pa.large_string()).cast(pa.large_binary())
    else:
        numbers = values.astype(np.float64)
    sizes = np.abs(numbers)
    usual = (sizes < _LARGEST) & ((sizes >= _SMALLEST) | (numbers == 0))
    # 0 is added since there is a 0 with a minus sign.
    texts = pa.array(numbers + 0.0).cast(pa.large_string()).cast(pa.large_binary())
    if usual.all():
        return texts
    known = texts.to_pylist()
    for place in np.flatnonzero(~usual).tolist():
        known[place] = _kronor(int(values[place])) if form == "kr" else _shortest(float(numbers[place]))
    return pa.array(known, pa.large_binary())


def _kronor(value: int) -> bytes:
    whole, part = divmod(abs(value), _HUNDREDTHS)
    decimals = f".{part:02d}".rstrip("0") if part else ""
    return f"{'-' if value < 0 else ''}{whole}{decimals}".encode()


def _shortest(value: float) -> bytes:
    if not np.isfinite(value):
        return b""
    return repr(int(value) if value.is_integer() else value).encode()
