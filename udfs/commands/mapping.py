"""`fardkost mapping`: what the headings of a file mean, proposed for the unknown ones and saved for the next file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from udfs.commands.output import CONSOLE, ERRORS, print_table
from xlsx.earlier import earlier_results
from xlsx.errors import UnreadableSheet
from xlsx.grid import Sheet
from xlsx.headings import Mapping, with_unit
from xlsx.mapping import MappingError, read_mapping, write_mapping
from xlsx.reading import open_source
from xlsx.sheets import choose_sheet, read_sheet
from xlsx.vocabulary import TRIPS

UNUSED: Final = "används inte"
EARLIER: Final = "resultat, räknas om"


@click.command("mapping")
@click.argument("fil", type=click.Path(path_type=Path))
@click.option("--sheet", help="Bladets namn, om det inte är Resor eller det första med kända rubriker.")
@click.option("--mapping", "chosen", metavar="KOLUMNFIL", help="Utgå från en kolumnfil, eller en som följer med.")
@click.option(
    "--save", type=click.Path(path_type=Path), help="Skriv kolumnfilen, med förslagen, att granska och ändra."
)
def mapping(fil: Path, sheet: str | None, chosen: str | None, save: Path | None) -> None:
    """Visa hur rubrikerna i en fil läses och vad de okända kan betyda.

    Förslag används inte förrän de står i en kolumnfil: spara den med --save, granska den, och ange den med
    fardkost recalc FIL --mapping KOLUMNFIL. Samma kolumnfil gäller alla filer från samma system.
    """
    try:
        columns = read_mapping(chosen) if chosen else None
        source = open_source(fil)
        grid, found = read_sheet(fil, source, choose_sheet(fil, source, sheet, columns), TRIPS, columns)
    except (UnreadableSheet, MappingError) as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    _print(grid, found)
    if save is not None:
        sys.exit(_save(save, grid, found))


def _print(grid: Sheet, found: Mapping) -> None:
    used = {mapped.index: mapped for mapped in found.columns.values()}
    proposed = {proposal.index: proposal for proposal in found.proposals}
    earlier = earlier_results(grid.headings)
    rows = []
    for index, written in enumerate(grid.headings):
        if index in earlier:
            rows.append((grid.letter(index), written, "", EARLIER))
        elif index in used:
            mapped = used[index]
            rows.append((grid.letter(index), written, with_unit(mapped.heading, mapped.scale), "läses"))
        elif index in proposed:
            rows.append((grid.letter(index), written, proposed[index].heading.title, _sure(proposed[index].likeness)))
        elif written:
            rows.append((grid.letter(index), written, "", UNUSED))
    CONSOLE.print(f"\nBlad: {grid.name}, rubriker på rad {grid.header_row}", markup=False)
    print_table(("Kolumn", "Rubrik i filen", "Betyder", "Hur"), rows, wrap=("Rubrik i filen",))
    told = [f'"{proposal.written}"' for proposal in found.proposals]
    for sentence in [*found.problems, *(note for note in found.notes if not any(name in note for name in told))]:
        CONSOLE.print(f"• {sentence}", markup=False)


def _sure(likeness: int) -> str:
    return f"förslag, {likeness} % likt"


def _save(path: Path, grid: Sheet, found: Mapping) -> int:
    """Write the mapping file; 2 when it is there already or two columns have the same heading."""
    if path.exists():
        ERRORS.print(f"{path} finns redan.", markup=False)
        return 2
    columns: dict[str, str] = {}
    comments: dict[str, str] = {}
    used = {mapped.index: mapped for mapped in found.columns.values()}
    proposed = {proposal.index: proposal for proposal in found.proposals}
    earlier = earlier_results(grid.headings)
    for index, written in enumerate(grid.headings):
        if not written or index in earlier or (written in columns and index not in used):
            continue
        if index in used:
            columns[written] = with_unit(used[index].heading, used[index].scale)
        elif index in proposed:
            columns[written] = proposed[index].heading.title
            comments[written] = f"{_sure(proposed[index].likeness)} (kolumn {grid.letter(index)}): granska"
        else:
            columns[written] = ""
            comments[written] = UNUSED
    write_mapping(path, columns, path.stem, comments)
    CONSOLE.print(f"\nSkrev {path}. Granska den och kör: fardkost recalc FIL --mapping {path}\n", markup=False)
    return 0
