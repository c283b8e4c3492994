"""What has been done in a folder of results: one line of JSON per finished file, kept whole through a power cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final

import msgspec

from xlsx.batch.onefile import sync_folder
from xlsx.batch.records import Figures, Options, Outcome, Stamp

NAME: Final = "journal.jsonl"
FORMAT: Final = 1


class _Rows(msgspec.Struct):
    """The part of a file's figures that is read of those of an earlier run."""

    rows: int


class Entry(msgspec.Struct, frozen=True):
    """A file that was done: what it was, by which rules and options, and what came of it.

    figures: as JSON, read when they are asked for, since those of all files together may be large.
    """

    format: int
    source: str
    relative: str
    result: str
    stamp: Stamp
    rules: str
    options: Options
    figures: msgspec.Raw

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return msgspec.json.decode(self.figures, type=_Rows).rows

    def outcome(self) -> Outcome:
        """What came of the file."""
        return Outcome(
            self.source, self.relative, self.result, self.stamp, msgspec.json.decode(self.figures, type=Figures)
        )


@dataclass(frozen=True, slots=True)
class _Read:
    entries: dict[str, Entry]
    lines: int
    whole: bool


class Journal:
    """The journal of a folder, open for writing. `entries`: the last of each file, by relative name.

    Made by one run at a time, which the lock of the folder sees to.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        read = _read(self._path)
        self.entries = read.entries
        if not read.whole or read.lines > len(read.entries):
            self._rewrite()
        self._file: IO[bytes] = self._path.open("ab")
        sync_folder(folder)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, outcome: Outcome, rules: str, options: Options) -> None:
        """Note a file as done. When this returns the line will last."""
        assert outcome.stamp is not None and outcome.figures is not None
        figures = msgspec.Raw(msgspec.json.encode(outcome.figures))
        entry = Entry(FORMAT, outcome.source, outcome.relative, outcome.result, outcome.stamp, rules, options, figures)
        self._file.write(msgspec.json.encode(entry) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.entries[outcome.relative] = entry

    def _rewrite(self) -> None:
        """Leave out what later lines replace and what a power cut tore."""
        new = self._path.with_suffix(".new")
        with new.open("wb") as file:
            for entry in self.entries.values():
                file.write(msgspec.json.encode(entry) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)


def _read(path: Path) -> _Read:
    entries: dict[str, Entry] = {}
    lines, whole = 0, True
    for line in _lines(path):
        try:
            entry = msgspec.json.decode(line, type=Entry)
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
            entry = None
        if entry is None or entry.format != FORMAT or not line.endswith(b"\n"):
            whole = False
            continue
        lines += 1
        entries[entry.relative] = entry
    return _Read(entries, lines, whole)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from file
    except FileNotFoundError:
        return
