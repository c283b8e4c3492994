"""Files of sheets → raw columns. A file is looked through by the guard, then parsed, by a process of its own."""

from __future__ import annotations

from pathlib import Path

from xlsx.guard import EVENTS, TEXTS, WORKBOOKS
from xlsx.limits import Limits
from xlsx.source import HEADER_ROWS, UNSAVED_FORMULA, Source
from xlsx.worker.remote import RemoteSource

__all__ = ["EVENTS", "HEADER_ROWS", "TEXTS", "UNSAVED_FORMULA", "WORKBOOKS", "Source", "open_source"]


def open_source(path: Path, limits: Limits | None = None) -> Source:
    """The file as a source of sheets. Raises UnreadableSheet; parsing begins when the source is first asked.

    limits: how large the file may be and what reading it may cost.
    """
    return RemoteSource(path, limits or Limits())
