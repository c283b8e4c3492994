"""What a reading process is asked first about a file."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xlsx.errors import UnreadableSheet
from xlsx.limits import Limits
from xlsx.worker.pool import post
from xlsx.worker.process import Died


def look_through(path: Path, limits: Limits) -> dict[str, Any]:
    """The request that the guard looks a file through."""
    return {
        "do": "guard",
        "path": str(path.absolute()),
        "limits": asdict(limits),
        "memory": limits.guard,
        "seconds": limits.seconds,
    }


def begin(path: Path) -> None:
    """Start a reading process that looks the file through while this one imports what it needs for the rest.

    What is wrong is told when the file is read.
    """
    with contextlib.suppress(Died, UnreadableSheet):
        post(look_through(path, Limits()))
