"""Kernels in C for the largest loops over bytes, where they were built; all that they do is also done in Python.

The environment variable FARDKOST_COMPILED=0 leaves them aside, as where no compiler was at hand.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any, Final

SWITCH: Final = "FARDKOST_COMPILED"


_FORM: Final = 3
"""What the kernels are asked and answer; raised in `module.c` too when that changes."""


def _kernels() -> Any:
    if os.environ.get(SWITCH) == "0":
        return None
    try:
        built = import_module("xlsx.compiled._kernels")
    except ImportError:
        return None
    # One that was built from older sources is left aside.
    return built if getattr(built, "FORM", 0) == _FORM else None


KERNELS: Final[Any] = _kernels()
"""The extension module, or None."""
