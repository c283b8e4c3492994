"""`fardkost repair`: formulas with Färdkost's functions that show #NAME? made to work."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from core.policies import PolicyError
from udfs.commands.form import MOST
from udfs.commands.output import CONSOLE, ERRORS, print_table
from udfs.forms import known_policies, recalculate_form
from xlsx.errors import UnreadableSheet
from xlsx.patch.errors import Unpatchable


@click.command("repair")
@click.argument("fil", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Resultatfil; förval NAMN-lagad.")
def repair(fil: Path, out: Path | None) -> None:
    """Laga formler som visar #NAMN? (.xlsx, .xlsm). Originalet ändras aldrig.

    En formel som =TRAKTAMENTE(A2;B2), skriven eller sparad utan tillägget, fortsätter att visa #NAMN? också när
    tillägget finns. Här får den formen som Excel själv sparar, med uträknat värde. Förstörda förled som
    FUNCRES.XLAM! och [2]! tas bort. Inget annat i filen ändras.

    Slutkod 0 när filen kunde läsas, även om inget behövde lagas (då skrivs ingen fil); 2 när den inte kunde läsas.
    """
    if not fil.exists():
        _stop(f"{fil} finns inte.")
    target = out or fil.with_name(f"{fil.stem}-lagad{fil.suffix.lower()}")
    if target.suffix.lower() != fil.suffix.lower():
        _stop(f"{target.name}: resultatet skrivs som {fil.suffix}, som originalet.")
    try:
        policies = known_policies()
        made = recalculate_form(fil, target, policies=policies, default_policy=list(policies)[-1], only_repaired=True)
    except (UnreadableSheet, Unpatchable, PolicyError, OSError) as problem:
        _stop(str(problem))
    if not made.repaired:
        CONSOLE.print(_nothing(made.own), markup=False)
        return
    rows = [(one.place, one.before, one.after) for one in made.repaired]
    print_table(("Cell", "Formel", "Lagad"), rows[:MOST], wrap=("Formel", "Lagad"))
    if len(rows) > MOST:
        CONSOLE.print(f"… och {len(rows) - MOST} till.")
    wrong = {one.place: one.text for one in made.mistakes}
    for change in made.repaired[:MOST]:
        if change.place in wrong:
            CONSOLE.print(f"• {change.place}: {wrong[change.place]}", markup=False)
    CONSOLE.print(f"Lagade formler: {len(made.repaired)}", markup=False)
    CONSOLE.print(f"Resultat: {target}", markup=False)


def _nothing(own: int) -> str:
    if own:
        return f"Inget att laga: {own} celler med Färdkosts funktioner är som de ska."
    return "Inget att laga: filen har inga formler med Färdkosts funktioner."


def _stop(message: str) -> NoReturn:
    ERRORS.print(message, markup=False)
    sys.exit(2)
