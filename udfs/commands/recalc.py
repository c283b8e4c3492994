"""`fardkost recalc`: a sheet of claims in, the same rows with their results out.

Imports little, so that the reading process is at work while the rest is imported.
"""

from __future__ import annotations

import errno
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from xlsx.batch.patterns import is_many
from xlsx.worker.requests import begin


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
    made: dict[str, Any] = {"policy": policy, "sheet": sheet, "mapping": mapping}
    try:
        several = is_many(filer, out, scheduler)
        there = Path(filer[0]).exists()
    except OSError as problem:
        # A name that is too long, or a folder that may not be looked into.
        why = "namnet är för långt" if problem.errno == errno.ENAMETOOLONG else problem.strerror
        import_module("udfs.commands.output").ERRORS.print(
            f"{problem.filename}: filen kan inte nås: {why}.", markup=False
        )
        sys.exit(2)
    if several:
        if explained is not None or show:
            raise click.UsageError("--explain och --show gäller en fil i taget.")
        many = import_module("udfs.commands.recalc_many")
        sys.exit(many.recalc_many(filer, out, workers, scheduler, days=days, **made))
    fil = Path(filer[0])
    if there:
        begin(fil)
    one = import_module("udfs.commands.recalc_one")
    sys.exit(one.recalc_one(fil, out, days=days, explained=explained, show=show, **made))
