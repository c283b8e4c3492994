"""What somebody asked for: one file, or many."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path


def is_pattern(text: str) -> bool:
    """Whether a text names files by a pattern, such as `*.xlsx`. What is there by that very name is no pattern."""
    return glob.has_magic(text) and not Path(text).exists()


def is_many(asked: Sequence[str], out: Path | None, scheduler: str | None) -> bool:
    """Whether the arguments of `fardkost recalc` mean many files: a folder, a pattern, several, or a folder for out."""
    if len(asked) != 1 or scheduler is not None or (out is not None and out.is_dir()):
        return True
    return Path(asked[0]).expanduser().is_dir() or is_pattern(asked[0])
