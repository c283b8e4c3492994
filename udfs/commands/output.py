"""What commands print: tables, numbers as Swedes write them, errors, why a file could not be written."""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH_OF_FILES: Final = 150
"""Columns of a table that is not shown on a terminal but written to a file or another program."""

CONSOLE: Final = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_FILES)
ERRORS: Final = Console(highlight=False, stderr=True, soft_wrap=True)

_NUMBER: Final = re.compile(r"[\d,\xa0]*\d[\d,\xa0]*(\([\d\xa0]+\)|–)?")
"""A number as a text; behind it may stand how many things it lacks, or a dash for none."""


def swedish(value: Any, decimals: int | None = None) -> str:
    """A cell as text: `1 234,50`, dates and texts as they are, nothing for None. Thousands by no-break space."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, int | float):
        shown = f"{value:,.{decimals}f}" if decimals is not None else f"{value:,.10g}" if value % 1 else f"{value:,.0f}"
        return shown.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return str(value)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) or (isinstance(cell, str) and _NUMBER.fullmatch(cell) is not None)


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "", wrap: Iterable[str] = ()
) -> None:
    """Print rows under headings, numbers to the right; columns named in `wrap` may be folded."""
    rows = [list(row) for row in rows]
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        numeric = any(_is_number(row[place]) for row in rows)
        folds = heading in set(wrap)
        table.add_column(
            Text(heading), justify="right" if numeric else "left", no_wrap=not folds, min_width=24 if folds else None
        )
    for row in rows:
        table.add_row(*(Text(swedish(cell)) for cell in row))
    CONSOLE.print(table)


def unwritable(target: Path, problem: OSError) -> str:
    """Why a result could not be written to `target`, and what to do about it."""
    cause, advice = _cause(target, problem)
    return f"{target}: resultatet kan inte skrivas: {cause}. {advice}, eller ange ett annat filnamn med --out."


def _cause(target: Path, problem: OSError) -> tuple[str, str]:
    if problem.errno == errno.ENAMETOOLONG:
        return "namnet är för långt", "Döp om underlaget"
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disken är full", "Frigör plats"
    if _is_folder(target):
        return "det finns en mapp med det namnet", "Flytta mappen"
    if not _is_folder(target.parent):
        return f"mappen {target.parent} finns inte", "Skapa den"
    if isinstance(problem, PermissionError) or problem.errno == errno.EROFS:
        if _is_there(target):
            return "filen är öppen i ett annat program, eller skrivskyddad", "Stäng den, till exempel i Excel"
        return f"mappen {target.parent} är skrivskyddad eller kräver en annan behörighet", "Be om rätt att skriva där"
    return (
        f"filen kan inte skapas ({problem.strerror or problem})",
        f"Kontrollera att det går att skriva i mappen {target.parent} och att filen inte är öppen i Excel",
    )


def _is_folder(path: Path) -> bool:
    # A folder that may not be looked into says nothing of what is in it.
    with suppress(OSError):
        return path.is_dir()
    return False


def _is_there(path: Path) -> bool:
    with suppress(OSError):
        return path.exists()
    return False
