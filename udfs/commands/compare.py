"""`fardkost compare`: travel alternatives set against each other, on the terminal and as a workbook."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click
from rich import box
from rich.table import Table
from rich.text import Text

from core.engine import CellError
from core.law import law
from core.policies import PolicyError
from udfs.commands.output import CONSOLE, ERRORS, print_table, swedish, unwritable
from xlsx.alternatives import read_file
from xlsx.comparedfigures import unsure_figures
from xlsx.comparing import Comparison, Field, compare
from xlsx.comparison import default_output, shown_fields, write_comparison
from xlsx.errors import UnreadableSheet, Unwritable

MOST_BESIDE: Final = 5
"""So many alternatives fit beside each other on a terminal."""

_DECIMALS: Final = {"kr": 2, "timmar": 2, "kg": 1, "poäng": 1, "antal": 0, "rang": 0}
_IN_SHORT: Final = (
    "namn",
    "kommunens_kostnad",
    "restid_totalt",
    "samlat_utslapp",
    "rang_kostnad",
    "rang_utslapp",
    "rang_samlad",
)
_SHORT_TITLES: Final = {
    "kommunens_kostnad": "Kostnad",
    "restid_totalt": "Restid",
    "rang_kostnad": "Rang kostnad",
    "rang_utslapp": "Rang utsläpp",
    "rang_samlad": "Rang samlad",
}


@click.command("compare")
@click.argument("fil", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Resultatfil; förval NAMN-jämförd.xlsx.")
@click.option("--policy", help="Policy eller egen policyfil; förval linkoping.")
@click.option("--sheet", help="Bladets namn, om det inte är Alternativ eller det med flest kända rubriker.")
@click.option(
    "--weights",
    type=click.IntRange(0, 1000),
    nargs=3,
    metavar="MILJÖ KOSTNAD ARBETE",
    help="Egna vikter för den samlade bedömningen, till exempel 50 30 20; förval policyns.",
)
def compare_command(
    fil: Path, out: Path | None, policy: str | None, sheet: str | None, weights: tuple[int, int, int] | None
) -> None:
    """Jämför resealternativ (.xlsx, .xlsm, .ods, .xls, .csv): ett alternativ per rad.

    Minst rubrikerna Alternativ och Färdmedel behövs. Slutkod 0 när tabellen kunde läsas, även om rader har fel
    (de nämns); 2 när inget kunde läsas.
    """
    if not fil.exists():
        ERRORS.print(f"{fil} finns inte.", markup=False)
        sys.exit(2)
    try:
        if weights is not None and not any(weights):
            raise ValueError("Minst en av vikterna ska vara större än 0.")
        own = None
        if weights is not None:
            miljo, kostnad, arbete = weights
            usual = law(policy).policy.weights
            own = replace(
                usual, miljo=miljo, kostnad=kostnad, arbete=arbete, source="angivna i kommandot", status="förslag"
            )
        made = compare(read_file(fil, sheet), policy, own)
        target = out or default_output(fil)
        try:
            saved = write_comparison(made, fil, target)
        except OSError as problem:
            raise Unwritable(unwritable(target, problem)) from None
    except (UnreadableSheet, PolicyError, ValueError, OSError) as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    print_comparison(made)
    CONSOLE.print(f"\nResultat: {saved}\n", markup=False)


def print_comparison(made: Comparison) -> None:
    """The table, the weights, break-even, what is to be said of each alternative, what is unsure."""
    CONSOLE.print(f"\nPolicy: {made.law.policy.title}", markup=False)
    if len(made) > MOST_BESIDE or not _print_beside(made):
        _print_below(made)
    CONSOLE.print(f"{made.weights_sentence}.", markup=False)
    for sentence in made.sentences:
        CONSOLE.print(f"• {sentence}", markup=False)
    for name, remark in zip(made.texts["namn"], made.texts["anmarkning"], strict=True):
        if remark:
            CONSOLE.print(f"• {name}: {remark}", markup=False)
    for note in made.notes:
        CONSOLE.print(f"• {note}", markup=False)
    unsure = unsure_figures(made)
    if unsure:
        rows = [(f.title, f.value, f.unit, f.status) for f in unsure]
        print_table(("Sats att bekräfta", "Värde", "Enhet", "Status"), rows, wrap=("Sats att bekräfta",))


def _print_beside(made: Comparison) -> bool:
    """A line per criterion, a column per alternative; False, and nothing printed, where the figures do not fit."""
    fields = [item for item in shown_fields(made) if item.name not in ("namn", "anmarkning")]
    lines = [[_shown(made.cell(item, row), item) for row in range(len(made))] for item in fields]
    numbers = [line for item, line in zip(fields, lines, strict=True) if item.unit in _DECIMALS]
    widths = [max(map(len, column)) for column in zip(*numbers, strict=True)]
    labels = max(len(item.title) for item in fields)
    if labels + sum(width + 2 for width in widths) + 2 > CONSOLE.width:
        return False
    table = _table()
    table.add_column("", no_wrap=True, min_width=labels)
    for name, width in zip(made.texts["namn"], widths, strict=True):
        table.add_column(Text(name), justify="right", overflow="fold", min_width=width)
    for item, line in zip(fields, lines, strict=True):
        style = "bold" if item.name == "kommunens_kostnad" else ""
        table.add_row(Text(item.title, style), *(Text(cell, style) for cell in line))
    CONSOLE.print(table)
    return True


def _print_below(made: Comparison) -> None:
    """A line per alternative with the totals and the ranks; the parts are in the workbook."""
    fields = [item for item in shown_fields(made) if item.name in _IN_SHORT]
    lines = [[_shown(made.cell(item, row), item) for item in fields] for row in range(len(made))]
    table = _table()
    for item, column in zip(fields, zip(*lines, strict=True), strict=True):
        title = Text(_SHORT_TITLES.get(item.name, item.title))
        is_text = item.unit == "text"
        least = 12 if is_text else max(map(len, column))
        table.add_column(title, justify="left" if is_text else "right", overflow="fold", min_width=least)
    for line in lines:
        table.add_row(*map(Text, line))
    CONSOLE.print(table)


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))


def _shown(cell: Any, item: Field) -> str:
    if isinstance(cell, CellError):
        return "fel"
    return swedish(cell, _DECIMALS.get(item.unit)) if not isinstance(cell, str) else cell
