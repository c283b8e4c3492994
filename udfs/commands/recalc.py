"""`fardkost recalc`: a sheet of claims in, the same rows with their results out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.policies import PolicyError
from core.presentation import written
from udfs.commands.output import CONSOLE, ERRORS, print_table, swedish
from udfs.commands.recalc_many import is_many, recalc_many
from udfs.insight import HEADINGS, as_row
from xlsx.explaining import NoSuchTrip, explain_trip, find_trip
from xlsx.grid import UnreadableSheet
from xlsx.mapping import ColumnMapping, read_mapping
from xlsx.recalculate import Recalculation, missing_sentences, recalculate
from xlsx.resultbook import Written, default_result, write_result
from xlsx.results import Target
from xlsx.summary import SUMMED, Total, controls, facts, faults, totals, unchecked, used_figures

MOST_FAULTS: Final = 15
UNSURE: Final = ("obekräftad", "förslag")
SHOWN: Final = ("traktamente", "resetillagg", "fardtidsersattning", "klimatpaslag", "ersattning_totalt")


@click.command("recalc")
@click.argument("filer", metavar="FIL…", nargs=-1, required=True)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Resultatfil; förval NAMN-beräknad. För flera filer en mapp."
)
@click.option("--policy", help="Policy eller egen policyfil; förval linkoping.")
@click.option("--sheet", help="Bladets namn, om det inte är Resor eller det första med kända rubriker.")
@click.option("--mapping", metavar="KOLUMNFIL", help="Vad filens rubriker betyder; skrivs av fardkost mapping FIL.")
@click.option("--days", is_flag=True, help="Skriv även bladet Dygn med en rad per dygn.")
@click.option(
    "--explain", "explained", metavar="RESE-ID", help="Visa varje steg bakom en resas belopp; även radnummer."
)
@click.option("--show", type=click.IntRange(0, 200), default=0, help="Visa de första så många raderna.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processer för flera filer; förval datorns processorer.")
@click.option("--scheduler", metavar="ADRESS", help="Räkna flera filer på ett Daskkluster, t.ex. tcp://dator:8786.")
def recalc(
    filer: tuple[str, ...],
    out: Path | None,
    policy: str | None,
    sheet: str | None,
    mapping: str | None,
    days: bool,
    explained: str | None,
    show: int,
    workers: int | None,
    scheduler: str | None,
) -> None:
    """Räkna om ett blad med resor (.xlsx, .xlsm, .ods, .xls, .csv). Originalet ändras aldrig.

    En .xlsx- eller .xlsm-fil kommer tillbaka som den var, med resultatkolumnerna i sitt eget blad (eller uppdaterade
    där de redan står) och bladet Sammanställning. Andra filer blir en ny arbetsbok.

    Flera filer, en mapp eller ett mönster som "resor/**/*.xlsx" räknas om till en mapp (--out) med en rapport över
    alla. Avbryts körningen fortsätter samma kommando där den slutade; en fil som är klar räknas inte igen om den
    inte har ändrats.

    Slutkod 0 när bladet kunde läsas, även om rader har fel (de räknas upp); 1 när någon av flera filer misslyckades;
    2 när inget kunde läsas.
    """
    if is_many(filer, out, scheduler):
        if explained is not None or show:
            raise click.UsageError("--explain och --show gäller en fil i taget.")
        done = recalc_many(filer, out, workers, scheduler, policy=policy, sheet=sheet, days=days, mapping=mapping)
        sys.exit(done)
    fil = Path(filer[0])
    if not fil.exists():
        ERRORS.print(f"{fil} finns inte.", markup=False)
        sys.exit(2)
    try:
        columns = read_mapping(mapping) if mapping is not None else None
        if explained is not None:
            sys.exit(_print_explanation(recalculate(fil, policy=policy, sheet=sheet, columns=columns), explained))
        made, saved = _with_progress(fil, out or default_result(fil), policy, sheet, days, columns)
    except (UnreadableSheet, PolicyError, ValueError, OSError) as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    if show:
        _print_rows(made, show)
    print_summary(made)
    _print_proposals(made)
    for note in saved.notes:
        CONSOLE.print(f"• {note}", markup=False)
    CONSOLE.print(f"Resultat: {saved.path}\n", markup=False)


def _with_progress(
    fil: Path, out: Path, policy: str | None, sheet: str | None, days: bool, mapping: ColumnMapping | None
) -> tuple[Recalculation, Written]:
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
        task = bar.add_task("Skriver", total=len(made.trips))
        return made, write_result(made, out, lambda done: bar.update(task, completed=done))


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


def print_summary(made: Recalculation) -> None:
    """Rows read, computed and in error; totals by department; what is wrong and what is unsure."""
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
    for sentence in [*missing_sentences(made), *made.notes, *made.problems]:
        CONSOLE.print(f"• {sentence}", markup=False)
    if left_out := unchecked(made):
        CONSOLE.print(f"• Kontroller som inte gjordes för att kolumner saknas: {' '.join(left_out)}", markup=False)
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
    groups, whole = totals(made, ("avdelning",)), totals(made)
    rows = [("Alla" if group is whole[0] else group.names[0], group) for group in [*groups, *whole]]
    headings = ("Avdelning", "Resor", "Med fel", "Km", *(title for _, title in SUMMED))
    print_table(headings, [_total_row(name, total) for name, total in rows], wrap=("Avdelning",))


def _total_row(name: str, total: Total) -> list[str]:
    """A group's totals as text: kronor and kilograms to the whole, for reading."""
    cells = [swedish(total.trips), swedish(total.wrong), swedish(total.metres / 1000, 0)]
    for (column, _), value in zip(SUMMED, total.sums, strict=True):
        scale = 1 if column == "utslapp" else 100
        cells.append("" if value is None else swedish(value / scale, 0))
    return [name, *cells]


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
