"""`fardkost rates`: the figures in force, their sources, and the import of country amounts."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from core.engine import FigureError
from core.engine.clock import day_number
from core.engine.units import to_written
from core.law import law
from core.policies import PolicyError
from core.traktamente.importing import (
    Change,
    ImportProblem,
    changes,
    check,
    read_open_data,
    save,
    user_folder,
)
from core.vocabulary import Misread, parse_date
from udfs.commands.output import CONSOLE, ERRORS, print_table
from udfs.in_force import figures_in_force
from udfs.insight import find_figure, line_of

MOST_CHANGES = 25
"""Lines of changes that are shown before the rest is counted."""

MOST_VALUES = 12
"""Values of one figure that are listed; of a figure with more they are counted."""


@click.group("rates")
def rates() -> None:
    """Visa satserna med källa och status, eller läs in Skatteverkets landsbelopp."""


@rates.command("list")
@click.option("--policy", help="Policy eller egen policyfil.")
def list_rates(policy: str | None) -> None:
    """Visa alla satser som gäller i dag."""
    rows: list[tuple[object, ...]] = []
    try:
        figures = law(policy).figures
    except PolicyError as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    for found in figures_in_force(figures.values(), day_number(date.today())):
        name, unit = found.figure.name, found.figure.unit
        if not found.values:
            rows.append((name, "saknas", unit, "", "#N/A"))
        elif len(found.values) > MOST_VALUES:
            rows.append((name, f"{len(found.values)} värden", unit, "", ", ".join(found.statuses)))
        else:
            for stated in found.values:
                full_name = f"{name}/{stated.word}" if stated.word else name
                rows.append((full_name, stated.value, unit, stated.from_date, stated.status))
    print_table(("Sats", "Värde", "Enhet", "Gäller från", "Status"), rows, wrap=("Sats",))


@rates.command("show")
@click.argument("namn")
@click.argument("datum", required=False)
@click.option("--policy", help="Policy eller egen policyfil.")
def show_rate(namn: str, datum: str | None, policy: str | None) -> None:
    """Visa en sats med alla dess värden, eller värdet en viss dag. Nyckel skrivs efter snedstreck: normalbelopp/FR."""
    try:
        figure, key = find_figure(law(policy).figures, namn)
        day = parse_date(datum) if datum else None
    except (Misread, PolicyError) as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    if day is not None and figure.entry(day, key) is None:
        ERRORS.print(figure.missing_text(day, key), markup=False)
        sys.exit(1)
    word = figure.keys[key] if figure.key_kind else None
    days = [day] if day is not None else sorted({entry.from_day for entry in figure.entries if entry.key == word})
    lines = [line_of(figure, key, one) for one in days if figure.entry(one, key) is not None]
    CONSOLE.print(f"\n{lines[0].title if lines else figure.title}   ({', '.join(figure.refs)})\n", markup=False)
    rows = [(line.from_date, line.value, line.unit, line.status, line.source) for line in lines]
    print_table(("Gäller från", "Värde", "Enhet", "Status", "Källa"), rows, wrap=("Källa",))


@rates.command("import")
@click.argument("fil", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="Godta en fil som inte innehåller hela landslistan.")
@click.option("--dry-run", is_flag=True, help="Visa vad som ändras utan att spara.")
def import_rates(fil: Path, partial: bool, dry_run: bool) -> None:
    """Läs in Skatteverkets öppna data med normalbelopp (JSON eller CSV) till den egna datamappen."""
    current = law("lagen").figures
    today = datetime.now()
    try:
        rows = read_open_data(fil)
        check(rows, current["maximibelopp"], partial=partial)
        _print_changes(changes(rows, current["normalbelopp"]))
        if dry_run:
            CONSOLE.print("Inget sparat (--dry-run).")
            return
        source = f"Skatteverkets öppna data, inläst {today.date().isoformat()} ur {fil.name}"
        saved = save(rows, user_folder(), source, today.date(), today)
    except (ImportProblem, FigureError) as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    CONSOLE.print(f"Sparat i {saved}. Tidigare filer finns kvar bredvid med ändelsen .bak.", markup=False)


def _print_changes(found: list[Change]) -> None:
    """What differs from the year before, a table per year, and how many countries do not."""
    for year in sorted({change.year for change in found}):
        of_year = [change for change in found if change.year == year]
        changed = [change for change in of_year if change.kind != "oförändrad"]
        if all(change.old is None for change in of_year):
            CONSOLE.print(f"\n{year}: {len(of_year)} länder. Året före finns inte att jämföra med.")
            continue
        rows = [(c.name, _kronor(c.old), _kronor(c.new), c.kind) for c in changed[:MOST_CHANGES]]
        print_table(("Land", str(year - 1), str(year), "Ändring"), rows, title=f"{year} mot {year - 1}, kr per dag")
        rest = len(changed) - len(rows)
        more = f"… och {rest} ändringar till. " if rest else ""
        CONSOLE.print(f"{more}{len(of_year) - len(changed)} länder är oförändrade.\n")


def _kronor(amount: int | None) -> int | float | str | None:
    return None if amount is None else to_written(amount, "kr")
