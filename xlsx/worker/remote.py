"""A file of sheets as the reading processes see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from xlsx.errors import UnreadableSheet
from xlsx.grid import Marks, RawColumn
from xlsx.limits import MIB, Limits
from xlsx.worker.pool import ask
from xlsx.worker.process import Died
from xlsx.worker.requests import look_through
from xlsx.worker.wire import unpacked


class RemoteSource:
    """A file that is read by another process; nothing is kept there that could not be read again.

    Raises UnreadableSheet for a file that the guard refuses.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self._limits, self._memory = path, limits, limits.guard
        passed, _ = self._answer(look_through(path, limits))
        self._memory, self._mark = limits.memory_for(passed["unpacked"]), passed["mark"]
        self._tops: dict[str, list[list[str]]] = {}

    @cached_property
    def names(self) -> Sequence[str]:
        """See Source. Raises UnreadableSheet."""
        names: list[str] = self._ask("names")[0]["names"]
        return names

    def top(self, sheet: str) -> list[list[str]]:
        """See Source. Raises UnreadableSheet."""
        if sheet not in self._tops:
            self._tops[sheet] = self._ask("top", sheet=sheet)[0]["top"]
        return self._tops[sheet]

    def load(self, sheet: str, header: int, first_row: int) -> tuple[list[RawColumn], Marks, int]:
        """See Source. Raises UnreadableSheet."""
        return unpacked(*self._ask("load", sheet=sheet, header=header, first_row=first_row))

    def _ask(self, do: str, **more: Any) -> tuple[dict[str, Any], list[bytearray]]:
        path = str(self.path.absolute())
        return self._answer(
            {
                "do": do,
                "path": path,
                "mark": self._mark,
                "memory": self._memory,
                "seconds": self._limits.seconds,
                **more,
            }
        )

    def _answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytearray]]:
        try:
            header, buffers = ask(request)
        except Died as end:
            raise UnreadableSheet(f"{self.path.name}: {self._why(end)}") from None
        if "error" in header:
            raise UnreadableSheet(header["error"])
        return header, buffers

    def _why(self, end: Died) -> str:
        if end.timed_out:
            return f"läsningen avbröts, eftersom den tog mer än {self._limits.seconds:g} sekunder."
        return (
            "filen kan inte läsas. Den är skadad, eller så behöver den mer minne "
            f"än de {self._memory // MIB} MiB som en fil av den storleken får ta."
        )
