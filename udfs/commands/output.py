"""What commands print: tables, numbers as Swedes write them, errors."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH_OF_FILES: Final = 150
"""Columns of a table that is not shown on a terminal but written to a file or another program."""

CONSOLE: Final = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_FILES)
ERRORS: Final = Console(highlight=False, stderr=True, soft_wrap=True)


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
    return isinstance(cell, int | float) or (
        isinstance(cell, str) and cell.replace("\N{NO-BREAK SPACE}", "").replace(",", "").isdigit()
    )


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
