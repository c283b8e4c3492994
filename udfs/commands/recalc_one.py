"""`fardkost recalc` of one file: the results written, and what was found told."""

from __future__ import annotations

import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.engine.figures import FigureError
from core.policies import PolicyError
from core.presentation import written
from udfs.commands.output import CONSOLE, ERRORS, print_table, swedish, unwritable
from udfs.commands.totals import print_totals, print_what_they_lack
from udfs.insight import HEADINGS, as_row
from xlsx.errors import UnreadableSheet, Unwritable
from xlsx.explaining import NoSuchTrip, explain_trip, find_trip
from xlsx.mapping import ColumnMapping, MappingError, read_mapping
from xlsx.patch.errors import Unpatchable
from xlsx.recalculate import Recalculation, missing_sentences, recalculate, unchecked_note
from xlsx.results import Target
from xlsx.summary import controls, facts, faults, totals, unchecked, used_figures

if TYPE_CHECKING:
    from xlsx.resultbook import Written

MOST_FAULTS: Final = 15
MOST_COLUMNS: Final = 3
UNSURE: Final = ("obekräftad", "förslag")
LARGE: Final = 32 << 20
"""Bytes of a file whose reading takes so long that nothing else does, and the most memory."""
SHOWN: Final = ("traktamente", "resetillagg", "fardtidsersattning", "klimatpaslag", "ersattning_totalt")


def recalc_one(
    fil: Path,
    out: Path | None,
    *,
    policy: str | None,
    sheet: str | None,
    mapping: str | None,
    days: bool,
    explained: str | None,
    show: int,
) -> int:
    """Recalculate a file, or explain one of its trips; the exit code. The parameters are those of the command."""
    if not fil.exists():
        ERRORS.print(f"{fil} finns inte.", markup=False)
        return 2
    try:
        columns = read_mapping(mapping) if mapping is not None else None
        if explained is not None:
            return _print_explanation(recalculate(fil, policy=policy, sheet=sheet, columns=columns), explained)
        made, saved = _with_progress(fil, out, policy, sheet, days, columns)
    except (UnreadableSheet, Unpatchable, Unwritable, MappingError, PolicyError, FigureError) as problem:
        ERRORS.print(str(problem), markup=False)
        return 2
    except OSError as problem:
        ERRORS.print(f"{problem.filename or fil}: {problem.strerror or problem}.", markup=False)
        return 2
    if show:
        _print_rows(made, show)
    print_summary(made, saved.summary)
    _print_proposals(made)
    for note in saved.notes:
        CONSOLE.print(f"• {note}", markup=False)
    CONSOLE.print(f"Resultat: {saved.path}\n", markup=False)
    return 0


def _with_progress(
    fil: Path, out: Path | None, policy: str | None, sheet: str | None, days: bool, mapping: ColumnMapping | None
) -> tuple[Recalculation, Written]:
    if fil.stat().st_size < LARGE:
        # What writes is imported while another process reads; beside a large file its memory would tell.
        threading.Thread(target=import_module, args=("xlsx.resultbook",)).start()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=ERRORS, transient=True, disable=not ERRORS.is_terminal) as bar:
        task = bar.add_task("Läser och räknar", total=None)
        made = recalculate(
            fil,
            policy=policy,
            sheet=sheet,
            days=days,
            columns=mapping,
            counted=lambda rows: bar.update(task, total=rows),
            progress=lambda done: bar.update(task, completed=done),
        )
        from xlsx.resultbook import default_result, write_result

        task = bar.add_task("Skriver", total=len(made.trips))
        try:
            return made, write_result(made, out, lambda done: bar.update(task, completed=done))
        except OSError as problem:
            raise Unwritable(unwritable(out or default_result(fil), problem)) from problem


def _print_explanation(made: Recalculation, asked: str) -> int:
    """Every step behind one trip's results; 2 when there is no such trip."""
    try:
        trip = find_trip(made, asked)
    except NoSuchTrip as problem:
        ERRORS.print(str(problem), markup=False)
        return 2
    for result in explain_trip(made, trip):
        if result.target.unit != "antal" and made.results[result.target.name].values[trip]:
            rows = [as_row(step) for step in result.steps]
            print_table(HEADINGS, rows, title=result.target.title, wrap=("Steg", "Källa", "Regel"))
    return 0


def print_summary(made: Recalculation, summary: str | None) -> None:
    """Rows read, computed and in error; totals by department; what is wrong and what is unsure.

    summary: the sheet of the result that has the whole of it; None where there is none.
    """
    CONSOLE.print()
    for title, value in facts(made):
        if value != 0:
            CONSOLE.print(f"{title}: {value}", markup=False)
    _print_totals(made)
    wrong = [(fault.count, ", ".join(map(str, fault.rows)), fault.text) for fault in faults(made)]
    if wrong:
        print_table(("Antal", "Rad", "Fel"), wrong[:MOST_FAULTS], wrap=("Fel",))
        if len(wrong) > MOST_FAULTS:
            CONSOLE.print(f"… och {len(wrong) - MOST_FAULTS} slag av fel till i kolumnen Fel.")
    _print_controls(made)
    known = [note for note in made.notes if note not in unchecked_note(made.checked)]
    for sentence in [*missing_sentences(made), *known, *made.problems, *_unchecked(made, summary)]:
        CONSOLE.print(f"• {sentence}", markup=False)
    unsure = [figure for figure in used_figures(made) if figure.status in UNSURE]
    if unsure:
        rows = [(f.title, f.value, f.unit, f.from_date, f.status) for f in unsure]
        print_table(
            ("Sats att bekräfta", "Värde", "Enhet", "Gäller från", "Status"),
            rows,
            wrap=("Sats att bekräfta",),
        )


def _print_proposals(made: Recalculation) -> None:
    """What unknown headings may mean, and how that is confirmed."""
    if proposals := made.claims.mapping.proposals:
        rows = [
            (made.sheet.letter(one.index), one.written, one.heading.title, f"{one.likeness} %") for one in proposals
        ]
        print_table(("Kolumn", "Okänd rubrik", "Kan betyda", "Likhet"), rows)
        CONSOLE.print(
            f"Förslagen används inte. Bekräfta dem: fardkost mapping {made.path} --save KOLUMNFIL, "
            "granska filen och ange --mapping KOLUMNFIL.",
            markup=False,
        )


def _unchecked(made: Recalculation, summary: str | None) -> list[str]:
    """The controls that were not made: how many, for want of which columns, and where all of them are listed."""
    if summary is None:
        return unchecked(made)
    lacking = sorted(made.checked.unchecked.items(), key=lambda item: -len(item[1]))
    if not lacking:
        return []
    count = sum(len(names) for _, names in lacking)
    some = "1 kontroll" if count == 1 else f"{count} kontroller"
    columns = "1 kolumn" if len(lacking) == 1 else f"{len(lacking)} kolumner"
    first = ", ".join(f"{column} ({len(names)})" for column, names in lacking[:MOST_COLUMNS])
    more = " m.fl." if len(lacking) > MOST_COLUMNS else "."
    return [f"{some} görs inte, eftersom {columns} saknas: {first}{more} Hela listan står på bladet {summary}."]


def _print_controls(made: Recalculation) -> None:
    """What the controls found, a line per rule and grade, with its departments."""
    departments: dict[tuple[str, str, str], list[str]] = {}
    for one in controls(made):
        departments.setdefault((one.rule, one.title, one.grade), []).append(f"{one.department} {one.count}")
    rows = [
        (one.grade, one.rule, one.title, one.count, ", ".join(departments[one.rule, one.title, one.grade]))
        for one in controls(made, by_department=False)
    ]
    if rows:
        print_table(("Grad", "Regel", "Kontroll", "Antal", "Per avdelning"), rows, wrap=("Kontroll", "Per avdelning"))


def _print_totals(made: Recalculation) -> None:
    groups, whole = totals(made, ("avdelning",)), totals(made)[0]
    print_totals("Avdelning", [*((group.names[0], group) for group in groups), ("Alla", whole)], whole)
    print_what_they_lack(whole)


def _print_rows(made: Recalculation, count: int) -> None:
    """The first trips with their main results."""
    shown = [target for target in made.targets if target.name in SHOWN]
    rows = [_row(made, row, shown) for row in range(min(count, len(made.trips)))]
    print_table(("Rad", "Resa", "Avresa", "Hemkomst", *(target.title for target in shown)), rows)


def _row(made: Recalculation, row: int, shown: list[Target]) -> list[str]:
    place = made.sheet.place(int(made.claims.rows[row]))
    name = made.claims.texts("rese_id")
    cells = [str(place), str(name.texts[name.index[row]]) if name.index[row] >= 0 else ""]
    for column in ("avresa", "hemkomst"):
        moment = made.trips.columns.get(column)
        if moment is None:
            cells.append("")
            continue
        bad = moment.errors is not None and moment.errors[row]
        cells.append("" if bad or not moment.values[row] else str(written(moment.values[row], "tidpunkt")))
    for target in shown:
        result = made.results[target.name]
        empty = result.given is not None and not result.given[row]
        wrong = result.errors is not None and result.errors[row]
        cells.append("fel" if wrong else "" if empty else swedish(int(result.values[row]) / 100, 2))
    return cells
