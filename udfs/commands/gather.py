"""`fardkost gather`: many filled claims or budgets become one sheet, or the units' budgets become one again."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from core.policies import PolicyError
from udfs.commands.form_tools import MOST_LISTED, departures, progress_bar, unfit_result
from udfs.commands.output import CONSOLE, ERRORS, print_table, unwritable
from udfs.form_computing import compute_form
from xlsx.batch.processes import default_workers
from xlsx.errors import UnreadableSheet
from xlsx.forms.gathering import gather
from xlsx.forms.gathering.agreement import with_differences
from xlsx.forms.gathering.finding import NothingThere, find_form_files
from xlsx.forms.gathering.gathered import GATHERED, Gathered
from xlsx.forms.gathering.gatheredbook import BUDGETS_SHEET, FILES_SHEET, UNDECIDED_SHEET, write_gathered
from xlsx.forms.gathering.joining import Joined, join_budgets
from xlsx.vocabulary import LEGS_SHEET, TRIPS_SHEET

ALL_DONE: Final = 0
TO_LOOK_AT: Final = 1
NOTHING: Final = 2
MOST_REMARKS: Final = 3
"""Remarks on a file that are shown on the terminal."""


@click.command("gather")
@click.argument("filer", metavar="MAPP|FIL…", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FIL", help="Arbetsboken som skrivs.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="BUDGET",
    help="Läs tillbaka enheternas budgetar, gjorda av fardkost split, i budgeten; --out blir den nya budgeten.",
)
@click.option("--workers", type=click.IntRange(1, 64), help="Filer som räknas samtidigt; förval datorns processorer.")
def gather_command(filer: tuple[str, ...], out: Path, into: Path | None, workers: int | None) -> None:
    """Samla ifyllda reseräkningar eller resebudgetar till en arbetsbok. Originalen ändras aldrig.

    Reseräkningarna blir rader på bladet Resor (med Delsträckor), som fardkost recalc läser. Budgetarnas resor står
    på bladet Planerade resor. Bladet Filer har en rad per fil: om den är med, och annars varför inte. Samma resa i
    två filer tas med en gång; säger filerna olika står båda på bladet Att avgöra och ingen av dem bland resorna.

    Slutkod 0 när allt är med; 1 när någon fil behöver ses över; 2 när inget kunde läsas.
    """
    workers = workers or default_workers()
    if why := unfit_result(out, into):
        ERRORS.print(why, markup=False)
        sys.exit(NOTHING)
    try:
        files = find_form_files(filer, leave_out=[out, *([into] if into is not None else [])])
        with progress_bar("Läser formulär") as told:
            if into is not None:
                joined = join_budgets(into, files, out, compute_form, check=departures, workers=workers, progress=told)
            else:
                made = with_differences(gather(files, compute_form, check=departures, workers=workers, progress=told))
    except (NothingThere, UnreadableSheet, PolicyError, ValueError, OSError) as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(NOTHING)
    if into is not None:
        sys.exit(_print_joined(joined))
    if not (made.claims or made.undecided or made.budgets):
        _print_files(made)
        ERRORS.print("Inga ifyllda reseräkningar eller resebudgetar hittades; inget är skrivet.", markup=False)
        sys.exit(NOTHING)
    try:
        write_gathered(made, out, max(dt.datetime.fromtimestamp(int(one.path.stat().st_mtime)) for one in files))
    except OSError as problem:
        ERRORS.print(unwritable(out, problem), markup=False)
        sys.exit(NOTHING)
    sys.exit(_print_gathered(made, out))


def _print_gathered(made: Gathered, out: Path) -> int:
    CONSOLE.print()
    _print_files(made)
    CONSOLE.print(f"Filer: {len(made.files)}")
    for status, number in Counter(line.status for line in made.files).items():
        CONSOLE.print(f"  {status}: {number}", markup=False)
    if made.claims:
        legs = sum(len(claim.row.legs) for claim in made.claims)
        more = f", {legs} på bladet {LEGS_SHEET}" if legs else ""
        CONSOLE.print(f"Reseräkningar: {len(made.claims)} rader på bladet {TRIPS_SHEET}{more}", markup=False)
    if made.undecided:
        CONSOLE.print(
            f"• {len(made.undecided)} reseräkningar säger emot varandra. De står på bladet {UNDECIDED_SHEET} och "
            "räknas inte förrän någon har avgjort vilka som gäller.",
            markup=False,
        )
    if made.budgets:
        trips = sum(len(budget.rows.trips) for budget in made.budgets)
        CONSOLE.print(f"Resebudgetar: {len(made.budgets)}, {trips} resor på bladet {BUDGETS_SHEET}", markup=False)
    if len(made.policies) > 1:
        CONSOLE.print(
            f"• Formulären är ifyllda under olika policyer: {', '.join(made.policies)}. En omräkning sker under en "
            "policy: samla och räkna dem var för sig.",
            markup=False,
        )
    CONSOLE.print(f"Resultat: {out}", markup=False)
    if made.claims:
        policy = f" --policy {made.policies[0]}" if len(made.policies) == 1 else ""
        CONSOLE.print(f"Räkna om: fardkost recalc {out}{policy}", markup=False)
    CONSOLE.print()
    return TO_LOOK_AT if made.problems else ALL_DONE


def _print_files(made: Gathered) -> None:
    """The files that are not simply there, the first of them."""
    told = [line for line in made.files if line.status != GATHERED or line.remarks]
    if told:
        rows = [(line.file, line.status, _in_short(line.remarks)) for line in told[:MOST_LISTED]]
        print_table(("Fil", "Status", "Anmärkning"), rows, wrap=("Fil", "Anmärkning"))
        if len(told) > MOST_LISTED:
            CONSOLE.print(f"… och {len(told) - MOST_LISTED} filer till på bladet {FILES_SHEET}.", markup=False)


def _in_short(remarks: Sequence[str]) -> str:
    more = f"… och {len(remarks) - MOST_REMARKS} till på bladet {FILES_SHEET}" if len(remarks) > MOST_REMARKS else ""
    return "\n".join([*remarks[:MOST_REMARKS], *filter(None, [more])])


def _print_joined(made: Joined) -> int:
    CONSOLE.print()
    rows = [
        (line.file, line.unit, line.status, line.trips, line.changed, "\n".join(line.remarks)) for line in made.lines
    ]
    print_table(("Fil", "Enhet", "Status", "Resor", "Ändrade", "Anmärkning"), rows, wrap=("Fil", "Enhet", "Anmärkning"))
    CONSOLE.print(f"Resultat: {made.path}\n", markup=False)
    return TO_LOOK_AT if made.problems else ALL_DONE
