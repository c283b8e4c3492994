"""Columns of Arrow, as fastexcel gives them, into cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.encoded import Encoded
from xlsx.worker.swift import Cells


def cells_of(column: pa.Array) -> Cells:
    """An Arrow column as cells, without a Python object per cell."""
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        coded = pc.dictionary_encode(column)
        return Encoded(_filled(coded.indices, -1), coded.dictionary.to_pylist())
    if pa.types.is_boolean(kind):
        return Encoded(_filled(column.cast(pa.int8()), -1), [False, True])
    if pa.types.is_temporal(kind):
        unit = "timedelta64[us]" if pa.types.is_duration(kind) else "datetime64[us]"
        times: NDArray[Any] = column.to_numpy(zero_copy_only=False).astype(unit)
        return times
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan)
    numbers: NDArray[np.float64] = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    return numbers


def cells_of_texts(texts: list[str]) -> Cells:
    """A column of nothing but texts."""
    return cells_of(pa.array(texts, pa.string()))


def _filled(column: pa.Array, blank: int) -> NDArray[Any]:
    filled: NDArray[Any] = pc.fill_null(column, blank).to_numpy(zero_copy_only=False)
    return filled
