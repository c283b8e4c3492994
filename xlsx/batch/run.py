"""A run over many files: what is done already is left alone, the rest is done, all of it is reported."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from core.law import DEFAULT_POLICY
from core.policies import find_policy, policy_names
from xlsx.batch.finding import REPORT, Found, find_files
from xlsx.batch.journal import Entry, Journal
from xlsx.batch.onefile import stamped
from xlsx.batch.overall import Overall
from xlsx.batch.problems import BatchProblem
from xlsx.batch.processes import default_workers, on_processes
from xlsx.batch.progress import Progress, Tally
from xlsx.batch.records import ColumnFile, Options, Outcome, Task
from xlsx.batch.reportbook import write_report
from xlsx.batch.ruling import rules_sum
from xlsx.mapping import read_mapping

STATE: Final = ".fardkost"
"""The folder, among the results, of what a run needs to remember."""


@dataclass(frozen=True)
class Batch:
    """A run that is over: the report over all files, and the workbook it is written to."""

    overall: Overall
    report: Path
    out: Path


def make_options(
    policy: str | None = None, sheet: str | None = None, days: bool = False, mapping: str | None = None
) -> Options:
    """The options of a run, the policy by its name or whole path. Raises PolicyError, and MappingError.

    mapping: a file of what headings mean, or a shipped one by its name.
    """
    chosen = policy or os.environ.get("FARDKOST_POLICY") or DEFAULT_POLICY
    if chosen not in policy_names():
        chosen = str(find_policy(chosen).absolute())
    said = None if mapping is None else read_mapping(mapping)
    columns = None if said is None else ColumnFile(said.title, dict(said.columns))
    return Options(chosen, sheet, days, columns)


def run_batch(
    asked: Sequence[str],
    out: Path | str,
    chosen: Options,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Recalculate the files of folders, patterns and names into the folder `out`, and write the report there.

    workers: processes on this machine, as many as it has processors when nothing is said; scheduler: the address of
    a Dask cluster to use instead, whose machines reach both folders by the same paths. Files that fail are lines of
    the report. Raises BatchProblem when nothing can be done, PolicyError for the policy, OSError for the folder.
    """
    out = Path(out).expanduser().absolute()
    files = find_files(asked, out)
    rules = rules_sum(chosen.policy)
    if out.exists() and not out.is_dir():
        raise BatchProblem(f"{out} är en fil. Ange en mapp för resultaten med --out.")
    state = out / STATE
    state.mkdir(parents=True, exist_ok=True)
    with _alone(state), _workspace(state) as workspace, Journal(state) as journal:
        plan = _plan(files, journal, out, workspace, chosen, rules)
        told = progress or (lambda *_: None)
        before = sum(journal.entries[name].rows for name in plan.earlier)
        tally = Tally(len(files), len(files) - len(plan.tasks), before)
        told(tally.standing, None)

        def reached(name: str, done: int, rows: int) -> None:
            tally.reached(name, done, rows)
            told(tally.standing, None)

        for outcome in _outcomes(plan.tasks, workers, scheduler, reached):
            if outcome.figures is None:
                plan.failed[outcome.relative] = outcome
            else:
                journal.add(outcome, rules, chosen)
            tally.finished(outcome)
            told(tally.standing, outcome)
        overall = Overall()
        # By name, so that sums of fractions do not depend on which file was done first.
        for name in (found.relative for found in files):
            overall.add(plan.failed.get(name) or journal.entries[name].outcome(), earlier=name in plan.earlier)
        report = write_report(overall, workspace, out / REPORT, chosen, rules)
    return Batch(overall, report, out)


@dataclass(frozen=True)
class _Plan:
    """The files to do, the names of those done by an earlier run, and those that cannot be done."""

    tasks: list[Task] = field(default_factory=list)
    earlier: set[str] = field(default_factory=set)
    failed: dict[str, Outcome] = field(default_factory=dict)


def _plan(files: list[Found], journal: Journal, out: Path, workspace: Path, chosen: Options, rules: str) -> _Plan:
    plan = _Plan()
    # The largest first, so that no process is left with a large one at the end.
    for found in sorted(files, key=lambda found: -found.size):
        entry = journal.entries.get(found.relative)
        if entry is not None and _is_done(entry, found, out, rules, chosen):
            plan.earlier.add(found.relative)
        elif why := _taken_by_another(entry, found):
            plan.failed[found.relative] = Outcome(str(found.path), found.relative, found.result, failure=why)
        else:
            task = Task(str(found.path), found.relative, str(out), found.result, str(workspace), chosen, rules)
            plan.tasks.append(task)
    return plan


def _outcomes(
    tasks: list[Task], workers: int | None, scheduler: str | None, reached: Callable[[str, int, int], None]
) -> Iterator[Outcome]:
    if not tasks:
        return iter(())
    if scheduler is not None:
        from xlsx.batch.cluster import on_cluster

        return on_cluster(tasks, scheduler)
    return on_processes(tasks, min(workers or default_workers(), len(tasks)), reached)


def _is_done(entry: Entry, found: Found, out: Path, rules: str, chosen: Options) -> bool:
    """Whether the file was done as it is now, by these rules and options, and its result is still there."""
    if (entry.rules, entry.options, entry.result) != (rules, chosen, found.result):
        return False
    try:
        if not (out / entry.result).is_file():
            return False
        status = found.path.stat()
        if status.st_size != entry.stamp.size:
            return False
        # A file that was only copied or saved again as it was is still the same.
        return status.st_mtime_ns == entry.stamp.modified or stamped(found.path).sha256 == entry.stamp.sha256
    except OSError:
        return False


def _taken_by_another(entry: Entry | None, found: Found) -> str:
    """Why the result's name is not free: it holds the result of a file that lies elsewhere. Empty when it is free."""
    if entry is None or Path(entry.source) == found.path or not Path(entry.source).exists():
        return ""
    if Path(entry.source).samefile(found.path):
        return ""
    return f"Resultatmappen har redan resultatet av {entry.source} under samma namn. Ange en annan mapp med --out."


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """No other run in the folder meanwhile. The system itself frees the lock of a process that ends."""
    try:
        with FileLock(state / "run.lock", timeout=0):
            yield
    except Timeout:
        raise BatchProblem(f"En annan körning skriver redan i {state.parent}. Vänta tills den är klar.") from None
    except NotImplementedError:
        raise BatchProblem(
            f"{state.parent} ligger på ett filsystem utan fillås. Ange en annan mapp med --out."
        ) from None


@contextmanager
def _workspace(state: Path) -> Iterator[Path]:
    """A folder for what is not finished. What runs that were cut off left behind is removed; a process of theirs
    that still works finds its folder gone and puts nothing in place."""
    work = state / "work"
    shutil.rmtree(work, ignore_errors=True)
    folder = work / secrets.token_hex(6)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(work, ignore_errors=True)
