"""Whether a file is still the one that was read."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class FileState(NamedTuple):
    """What tells that a file was saved: its number, its size in bytes, and the time in nanoseconds."""

    number: int
    size: int
    modified: int


def state_of(path: Path) -> FileState | None:
    """The file as it is now; None where there is none."""
    try:
        about = path.stat()
    except OSError:
        return None
    return FileState(about.st_ino, about.st_size, about.st_mtime_ns)
