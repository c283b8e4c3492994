"""`fardkost form`: a filled-in form recalculated, and what it then says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NoReturn

import click
import msgspec

from core.policies import PolicyError
from udfs.commands.output import CONSOLE, ERRORS, print_table, swedish
from udfs.forms import FormResult, Total, known_policies, recalculate_form
from xlsx.errors import UnreadableSheet
from xlsx.forms.evaluation.apart import READABLE
from xlsx.forms.evaluation.pdf import NoPdf, write_pdf
from xlsx.patch.errors import Unpatchable

TITLES: Final = {
    "reserakning": "Reseräkning",
    "resebudget": "Resebudget",
    "uppfoljning": "Uppföljning",
    "import": "Importblad",
}
BESIDE: Final = "-"
"""Where the PDF goes when no file is named: beside the result."""

MOST: Final = 40
"""Rows of mistakes, and of mended formulas, that are printed."""


@click.command("form")
@click.argument("fil", type=click.Path(path_type=Path), required=False)
@click.option("--out", type=click.Path(path_type=Path), help="Resultatfil; förval NAMN-beräknad.")
@click.option("--policy", help="Räkna under en annan policy än formulärets: namn eller egen policyfil.")
@click.option(
    "--pdf",
    is_flag=False,
    flag_value=BESIDE,
    metavar="[PDF]",
    help="Skriv också en PDF (kräver LibreOffice); förval NAMN-beräknad.pdf.",
)
@click.option("--json", "as_json", is_flag=True, help="Skriv svaret som JSON.")
@click.option("--date", "moment", metavar="TIDPUNKT", help="Räkna som om det vore då; förval nu.")
def form(
    fil: Path | None,
    out: Path | None,
    policy: str | None,
    pdf: str | None,
    as_json: bool,
    moment: str | None,
) -> None:
    """Räkna om ett ifyllt formulär (.xlsx, .xlsm). Originalet ändras aldrig.

    Formulärets summor, anmärkningar och fel skrivs ut, och filen med de nya värdena sparas bredvid. Det går också
    med vilken arbetsbok som helst som har Färdkosts funktioner i sina formler.

    \b
    fardkost form reserakning-anna.xlsx
    fardkost form reserakning-anna.xlsx --pdf --policy minkommun.yaml

    Slutkod 0 när formuläret kunde räknas, även om något i det är fel; 2 när det inte kunde läsas.
    """
    if fil is None and pdf is not None and Path(pdf).suffix.lower() in READABLE:
        # `--pdf FIL`: the file was taken for the name of the PDF.
        fil, pdf = Path(pdf), BESIDE
    if fil is None:
        raise click.UsageError("Ange formuläret: fardkost form FIL.")
    if not fil.exists():
        _stop(f"{fil} finns inte.")
    target = out or fil.with_name(f"{fil.stem}-beräknad{fil.suffix.lower()}")
    if target.suffix.lower() != fil.suffix.lower():
        _stop(f"{target.name}: resultatet skrivs som {fil.suffix}, som formuläret.")
    printed = None if pdf is None else target.with_suffix(".pdf") if pdf == BESIDE else Path(pdf)
    try:
        policies = known_policies(policy)
        name = list(policies)[-1]
        made = recalculate_form(
            fil, target, name if policy is not None else None, _moment(moment), policies, default_policy=name
        )
    except (UnreadableSheet, Unpatchable, PolicyError, OSError) as problem:
        _stop(str(problem))
    failed = ""
    if printed is not None:
        try:
            write_pdf(target, printed)
        except (NoPdf, OSError) as problem:
            printed, failed = None, str(problem)
    if as_json:
        told = {"file": str(fil), **asdict(made), "result": str(target), "pdf": str(printed) if printed else None}
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        print_form(made)
        CONSOLE.print(f"Resultat: {target}", markup=False)
        if printed is not None:
            CONSOLE.print(f"PDF: {printed}", markup=False)
    if failed:
        _stop(failed)


def print_form(made: FormResult) -> None:
    """What a form says: totals, remarks, mistakes, and what was mended or left."""
    title = TITLES.get(made.kind, "")
    if title:
        CONSOLE.print(f"{title}, mall {made.version}. Policy: {made.policy or 'förvald'}.", markup=False)
    if made.totals:
        print_table(("Summa", "Värde", "Enhet"), [(one.label, shown(one), one.unit) for one in made.totals])
    if made.remarks:
        rows = [(one.row, one.rule, one.grade, one.text) for one in made.remarks]
        print_table(("Rad", "Regel", "Grad", "Anmärkning"), rows, wrap=("Anmärkning",))
    if made.mistakes:
        wrong = [(one.place or "Arbetsboken", one.grade, one.text) for one in made.mistakes]
        _print_some(("Plats", "Grad", "Fel"), wrong, "fel")
    if made.kept:
        by_why: dict[str, list[str]] = {}
        for one in made.kept:
            by_why.setdefault(one.text, []).append(one.place)
        for why, places in by_why.items():
            CONSOLE.print(f"• Det sparade värdet är kvar i {_listed(places)}: {why}.", markup=False)
    if made.repaired:
        CONSOLE.print(
            f"• {len(made.repaired)} formler var skadade och är lagade i resultatet: "
            f"{_listed([one.place for one in made.repaired])}.",
            markup=False,
        )
    if not made.own and not made.kind:
        CONSOLE.print("• Arbetsboken har inga formler med Färdkosts funktioner.", markup=False)
    elif not made.mistakes:
        CONSOLE.print("Inga fel.", markup=False)


def shown(total: Total) -> str:
    """A total's value as text, kronor with two decimals."""
    value: Any = total.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if total.unit == "%":
            return swedish(value * 100, 1)
        return swedish(float(value), 2 if total.unit == "kr" else None)
    return swedish(value)


def _print_some(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], what: str) -> None:
    print_table(headings, rows[:MOST], wrap=(headings[-1],))
    if len(rows) > MOST:
        CONSOLE.print(f"… och {len(rows) - MOST} {what} till.")


def _listed(places: list[str], most: int = 8) -> str:
    more = f" och {len(places) - most} celler till" if len(places) > most else ""
    return ", ".join(places[:most]) + more


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        _stop(f'"{text}" är ingen tidpunkt. Skriv till exempel 2026-03-10 eller "2026-03-10 08:00".')


def _stop(message: str) -> NoReturn:
    ERRORS.print(message, markup=False)
    sys.exit(2)
