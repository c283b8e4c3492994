"""`fardkost split`: a travel budget as one workbook per unit."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from core.policies import PolicyError
from udfs.commands.form_tools import fresh_budget, progress_bar
from udfs.commands.output import CONSOLE, ERRORS, print_table
from udfs.form_computing import compute_form
from xlsx.errors import UnreadableSheet
from xlsx.forms.gathering.splitting import WITHOUT_UNIT, split_budget


@click.command("split")
@click.argument("budget", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="MAPP", help="Mappen för filerna.")
def split_command(budget: Path, out: Path) -> None:
    """Dela en resebudget i en arbetsbok per enhet, med bara enhetens resor och ram. Originalet ändras aldrig.

    Filerna görs av samma mall och räknas om. Läs tillbaka dem med fardkost gather MAPP --into BUDGET --out FIL.
    Slutkod 0 när allt är delat; 1 när något behöver ses över; 2 när budgeten inte kunde läsas.
    """
    try:
        with progress_bar("Skriver enheter") as told:
            made = split_budget(budget, out, fresh_budget, compute_form, told)
    except (UnreadableSheet, PolicyError, ValueError, OSError) as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    CONSOLE.print()
    print_table(
        ("Enhet", "Resor", "Fil"),
        [(part.unit or WITHOUT_UNIT, part.trips, part.path.name) for part in made.parts],
        wrap=("Enhet", "Fil"),
    )
    for note in (*made.problems, *made.notes):
        CONSOLE.print(f"• {note}", markup=False)
    CONSOLE.print(f"Resultat: {out}", markup=False)
    CONSOLE.print(f"Läs tillbaka: fardkost gather {out} --into {budget} --out FIL\n", markup=False)
    sys.exit(1 if made.problems else 0)
