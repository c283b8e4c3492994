"""How far a run over many files has come, in files and in rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlsx.batch.records import Outcome


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run has come.

    files, of_files: files that are done, also by earlier runs or without success, of all; rows: rows that have their
    results, also in files that are being written; of_rows: of all rows, once every file has been read and that is
    known; part: how much of the files that are being written is done, in files.
    """

    files: int
    of_files: int
    rows: int
    of_rows: int | None
    part: float = 0.0


Progress = Callable[[Standing, Outcome | None], None]
"""Told how far the run has come, and what came of a file when one is done."""


class Tally:
    """Counts. files, rows: what is done when the run begins."""

    def __init__(self, of_files: int, files: int, rows: int) -> None:
        self._of_files, self._files, self._rows = of_files, files, rows
        self._running: dict[str, tuple[int, int]] = {}
        """Rows done of rows, by the name of each file that has been read and is being written."""

    def reached(self, name: str, done: int, rows: int) -> None:
        """A file has been read and has so many rows, of which so many are written."""
        self._running[name] = (done, rows)

    def finished(self, outcome: Outcome) -> None:
        """A file is done, or will not be."""
        self._running.pop(outcome.relative, None)
        self._files += 1
        self._rows += outcome.figures.rows if outcome.figures is not None else 0

    @property
    def standing(self) -> Standing:
        """The counts as they are."""
        running = self._running.values()
        all_read = self._files + len(running) == self._of_files
        return Standing(
            self._files,
            self._of_files,
            self._rows + sum(done for done, _ in running),
            self._rows + sum(rows for _, rows in running) if all_read else None,
            sum(done / rows for done, rows in running if rows),
        )
