"""`fardkost recalc` of folders and patterns: every file by itself into a folder, one report over all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.policies import PolicyError
from udfs.commands.output import CONSOLE, ERRORS, print_table, swedish
from udfs.commands.totals import print_totals, print_what_they_lack
from xlsx.batch import Batch, BatchProblem, Options, make_options, run_batch
from xlsx.batch.progress import Standing
from xlsx.batch.records import Outcome
from xlsx.mapping import MappingError

MOST_LISTED: Final = 15


def recalc_many(
    asked: Sequence[str],
    out: Path | None,
    workers: int | None = None,
    scheduler: str | None = None,
    *,
    policy: str | None = None,
    sheet: str | None = None,
    days: bool = False,
    mapping: str | None = None,
) -> int:
    """Recalculate and print the report; the exit code: 0 when all is done, 1 when some file failed, 2 for nothing."""
    if out is None:
        ERRORS.print("Ange mappen för resultaten med --out.", markup=False)
        return 2
    try:
        made = _with_progress(asked, out, make_options(policy, sheet, days, mapping), workers, scheduler)
    except (BatchProblem, PolicyError, MappingError) as problem:
        ERRORS.print(str(problem), markup=False)
        return 2
    except OSError as problem:
        ERRORS.print(f"{out}: resultaten kan inte skrivas ({problem.strerror or problem}).", markup=False)
        return 2
    except KeyboardInterrupt:
        ERRORS.print("Avbrutet. Det som är klart är sparat; kör samma kommando igen för resten.", markup=False)
        return 130
    print_batch(made)
    return 1 if made.overall.failed else 0


def _with_progress(
    asked: Sequence[str], out: Path, chosen: Options, workers: int | None, scheduler: str | None
) -> Batch:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=ERRORS, transient=True, disable=not ERRORS.is_terminal) as bar:
        task = bar.add_task("Räknar filer", total=None, rows="")

        def told(now: Standing, outcome: Outcome | None) -> None:
            bar.update(task, completed=now.files + now.part, total=now.of_files, rows=rows_told(now))
            if outcome is not None and outcome.failure:
                ERRORS.print(f"{outcome.relative}: {outcome.failure}", markup=False)

        return run_batch(asked, out, chosen, workers=workers, scheduler=scheduler, progress=told)


def rows_told(now: Standing) -> str:
    """The rows that are done, of all where that is known."""
    of_all = "" if now.of_rows is None else f" av {swedish(now.of_rows)}"
    return f"{swedish(now.rows)}{of_all} rader" if now.rows or of_all else ""


def print_batch(made: Batch) -> None:
    """Files by how they went, totals, what is wrong and what is unsure."""
    overall = made.overall
    CONSOLE.print()
    CONSOLE.print(f"Filer: {len(overall.files)}")
    for title, state in (
        ("Beräknade nu", "beräknad"),
        ("Klara sedan tidigare", "klar sedan tidigare"),
        ("Misslyckade", "misslyckad"),
    ):
        if number := sum(line.state == state for line in overall.files):
            CONSOLE.print(f"{title}: {number}")
    _print_failed(made)
    whole = overall.whole
    for title, names, totals in (
        ("Mapp", "Alla", overall.by_folder()),
        ("Avdelning", "Alla", overall.by_department()),
        ("Färdmedel", "Alla", overall.by_mode()),
    ):
        if totals:
            groups = [*((total.names[0], total) for total in totals), (names, whole)]
            print_totals(title, groups if len(groups) <= 2 * MOST_LISTED else groups[-1:], whole)
    print_what_they_lack(whole)
    found = overall.controls()
    if found:
        rows = [(one.grade, one.rule, one.title, one.count, one.files) for one in found]
        print_table(("Grad", "Regel", "Kontroll", "Resor", "Filer"), rows, wrap=("Kontroll",))
    if overall.unsure:
        count = len(overall.unsure)
        CONSOLE.print(f"• {count} satser att bekräfta användes; de står i rapporten.")
    CONSOLE.print(f"Rapport: {made.report}\n", markup=False)


def _print_failed(made: Batch) -> None:
    failed = made.overall.failed
    if failed:
        rows = [(line.source, line.remark) for line in failed[:MOST_LISTED]]
        print_table(("Fil", "Fel"), rows, wrap=("Fil", "Fel"))
        if len(failed) > MOST_LISTED:
            CONSOLE.print(f"… och {len(failed) - MOST_LISTED} filer till i rapporten.")
