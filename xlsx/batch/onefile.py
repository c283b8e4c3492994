"""One file of many: recalculated as a single one is, put in its place whole, and never a reason to stop the others."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.policies import PolicyError
from xlsx.batch.records import ControlLine, FaultLine, Figures, Group, Options, Outcome, Stamp, Task, UnsureLine
from xlsx.batch.ruling import rules_sum
from xlsx.recalculate import Recalculation, missing_sentences, recalculate
from xlsx.resultbook import Written, write_result
from xlsx.summary import controls, faults, totals, used_figures

MOST_FAULTS: Final = 200
"""Kinds of errors of one file that are kept for the report over all; the file itself has them all."""

Reached = Callable[[int, int], None]

UNSURE: Final = ("obekräftad", "förslag")


class Unsound(Exception):
    """The file cannot be recalculated now; the Swedish message says why."""


def recalculate_file(task: Task, progress: Reached | None = None) -> Outcome:
    """Recalculate one file and put the result in its place. Whatever goes wrong is said in the outcome.

    progress: told how many rows are written, of how many, once the file has been read.
    """
    source = Path(task.source)
    try:
        _agree(task)
        stamp = stamped(source)
        with _unfinished(Path(task.workspace)) as folder:
            made = _recalculated(source, task.options)
            written = _written(made, folder / task.target.name, progress)
            figures = _figures(made, written.notes)
            if _quick(source) != (stamp.size, stamp.modified):
                raise Unsound("filen ändrades medan den räknades. Kör igen.")
            put_in_place(written.path, task.target)
    except Unsound as why:
        return _failed(task, str(why))
    except (PolicyError, ValueError) as why:
        return _failed(task, str(why).removeprefix(f"{source.name}: "))
    except OSError as why:
        return _failed(task, _why(why, task))
    except MemoryError:
        return _failed(task, "minnet räckte inte.")
    except Exception as error:
        detail = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return _failed(task, f"oväntat fel i Färdkost ({detail}). Anmäl det gärna, med filen om det går.")
    return Outcome(task.source, task.relative, task.result, stamp, figures)


def _recalculated(source: Path, options: Options) -> Recalculation:
    columns = None if options.columns is None else options.columns.mapping
    return recalculate(source, policy=options.policy, sheet=options.sheet, days=options.days, columns=columns)


def _written(made: Recalculation, out: Path, progress: Reached | None) -> Written:
    if progress is None:
        return write_result(made, out)
    rows = len(made.trips)
    progress(0, rows)
    return write_result(made, out, lambda done: progress(min(done, rows), rows))


def _failed(task: Task, why: str) -> Outcome:
    return Outcome(task.source, task.relative, task.result, failure=why[:1].upper() + why[1:])


def _why(error: OSError, task: Task) -> str:
    detail = error.strerror or str(error)
    if error.filename and Path(error.filename) == Path(task.source):
        return f"filen kan inte läsas ({detail})."
    if isinstance(error, PermissionError) and task.target.exists():
        return f"resultatet {task.result} kan inte skrivas. Är det öppet i ett annat program? ({detail})"
    return f"resultatet kan inte skrivas ({detail})."


def _agree(task: Task) -> None:
    """Results made here must be those that the machine which asked would have made."""
    here = rules_sum(task.options.policy)
    if here != task.rules:
        raise Unsound(
            f"datorn som skulle räkna filen har andra regler eller satser ({here}) än den som startade körningen "
            f"({task.rules}). Installera samma version av Färdkost, med samma policyfil och inlästa belopp."
        )


def stamped(path: Path) -> Stamp:
    """The stamp of a file as it is. Raises OSError."""
    size, modified = _quick(path)
    with path.open("rb") as file:
        return Stamp(size, modified, hashlib.file_digest(file, "sha256").hexdigest())


def _quick(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@contextmanager
def _unfinished(workspace: Path) -> Iterator[Path]:
    """A folder for one file that is being written. Its name tells which process it belongs to.

    The workspace itself is not made anew: it is gone when the run that this file belongs to is over.
    """
    folder = workspace / f"{os.getpid()}-{secrets.token_hex(6)}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_in_place(file: Path, target: Path) -> None:
    """Move a finished file to its name, so that it is there whole or not at all, also after a power cut."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
    file.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last, where the system lets folders be opened for that (Windows does not)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _figures(made: Recalculation, notes: list[str]) -> Figures:
    found = faults(made)
    return Figures(
        sheet=made.sheet.name,
        rows=len(made.trips),
        wrong=int(made.wrong.sum()),
        groups=tuple(
            Group(total.names[0], total.names[1], total.trips, total.wrong, total.metres, total.sums, total.left_out)
            for total in totals(made, ("avdelning", "fardmedel"))
        ),
        faults=tuple(FaultLine(fault.text, fault.count, fault.rows) for fault in found[:MOST_FAULTS]),
        faults_left_out=max(len(found) - MOST_FAULTS, 0),
        controls=_controls(made),
        unsure=tuple(
            UnsureLine(one.title, one.value, one.unit, one.from_date, one.source, one.status)
            for one in used_figures(made)
            if one.status in UNSURE
        ),
        notes=(*missing_sentences(made), *made.problems, *made.notes, *notes),
    )


def _controls(made: Recalculation) -> tuple[ControlLine, ...]:
    departments: dict[tuple[str, str, str, str], list[tuple[str, int, int]]] = {}
    for one in controls(made):
        found = departments.setdefault((one.grade, one.rule, one.title, one.text), [])
        found.append((one.department, one.count, one.lifted))
    return tuple(ControlLine(*key, tuple(found)) for key, found in departments.items())
