"""What results are made with, as a sum that is another as soon as a result may be another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import core
import xlsx
from core.traktamente.importing import user_folder

COMPUTED_WITH: Final = (".py", ".yaml", ".csv", ".txt")
"""Kinds of files that hold rules and figures."""

_HOUSE: Final = (Path(str(core.__file__)).parent, Path(str(xlsx.__file__)).parent)


@cache
def code_sum(more: Path | None = None, apart: str = "") -> str:
    """A sum over the code and the figures of core and xlsx, as they were when it was first asked for.

    more: a further package; apart: the folder in it that computes nothing.
    """
    files: list[Path] = []
    for folder in (*_HOUSE, *([] if more is None else [more])):
        found = (path for path in folder.rglob("*") if path.suffix in COMPUTED_WITH and path.is_file())
        files += sorted(path for path in found if not apart or folder / apart not in path.parents)
    return files_sum(files)


def files_sum(files: Iterable[Path]) -> str:
    """A sum over names and contents, in the order given."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def own_figures() -> list[Path]:
    """The files of amounts that the user has read in."""
    return sorted(user_folder().glob("normalbelopp*.csv"))
