"""Columns of texts that occur many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Encoded:
    """A column as a dictionary: row i holds `texts[index[i]]`; an index of −1 is a blank cell."""

    index: NDArray[np.integer[Any]]
    texts: Sequence[Any]
