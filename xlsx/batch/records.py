"""What is asked for one file, what came of it, and what of that is kept for the report over all."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xlsx.mapping import ColumnMapping


class ColumnFile(msgspec.Struct, frozen=True):
    """What headings mean, as a column file said when the run began: other machines need not reach the file.

    columns: our heading by the files' own; an empty one is for a column that is not used.
    """

    title: str
    columns: dict[str, str]

    @property
    def mapping(self) -> ColumnMapping:
        """The same for the recalculation of a file."""
        return ColumnMapping(self.title, self.columns)


class Options(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be computed, the same for all files.

    policy: a shipped policy's name or the absolute path of one's own; sheet: the sheet's name in every file;
    days: also a row per day; columns: what somebody has said that headings mean, in every file.
    """

    policy: str
    sheet: str | None = None
    days: bool = False
    columns: ColumnFile | None = None


class Task(msgspec.Struct, frozen=True):
    """One file to recalculate. Paths are texts, since another machine may be the one to open them.

    relative, result: names from the folder of the files and from the folder of the results, with `/`.
    workspace: a folder on the file system of the results, for what is not finished.
    rules: the sum over rules and figures that the file must be computed with.
    """

    source: str
    relative: str
    out: str
    result: str
    workspace: str
    options: Options
    rules: str

    @property
    def target(self) -> Path:
        """The file that the results are to be in."""
        return Path(self.out, self.result)


class Stamp(msgspec.Struct, frozen=True):
    """What tells a file from another and from an earlier version of itself.

    modified: nanoseconds since 1970; sha256: of the content, in hexadecimals.
    """

    size: int
    modified: int
    sha256: str


class Group(msgspec.Struct, frozen=True, array_like=True):
    """The trips of one department and mode. metres: travelled; sums: as `xlsx.summary.SUMMED`, öre or kg.

    left_out: as in `xlsx.summary.Total`.
    """

    department: str
    mode: str
    trips: int
    wrong: int
    metres: int
    sums: tuple[int | float | None, ...]
    left_out: tuple[int, ...]


class FaultLine(msgspec.Struct, frozen=True, array_like=True):
    """One kind of error in one file, how many rows have it, and the first of them."""

    text: str
    count: int
    rows: tuple[int, ...]


class ControlLine(msgspec.Struct, frozen=True, array_like=True):
    """What one control found in one file: by department, how many trips and how many of them have a decided
    deviation."""

    grade: str
    rule: str
    title: str
    text: str
    departments: tuple[tuple[str, int, int], ...]


class UnsureLine(msgspec.Struct, frozen=True, array_like=True):
    """A figure that was used and is not confirmed. `value` as written in `unit`."""

    title: str
    value: int | float | str
    unit: str
    from_date: str
    source: str
    status: str


class Figures(msgspec.Struct, frozen=True):
    """What was computed of one file."""

    sheet: str
    rows: int
    wrong: int
    groups: tuple[Group, ...]
    faults: tuple[FaultLine, ...] = ()
    faults_left_out: int = 0
    """Kinds of errors beyond those listed."""
    controls: tuple[ControlLine, ...] = ()
    unsure: tuple[UnsureLine, ...] = ()
    notes: tuple[str, ...] = ()
    """What to put right, what could not be computed, and what to know, sentence by sentence."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of one file: its figures, or why there are none."""

    source: str
    relative: str
    result: str
    stamp: Stamp | None = None
    figures: Figures | None = None
    failure: str = ""
