"""Tables of totals on the terminal, with how many trips each of them lacks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from udfs.commands.output import CONSOLE, print_table, swedish
from xlsx.summary import SUMMED, Total

_SPACE: Final = "\N{NO-BREAK SPACE}"


def print_totals(title: str, rows: Iterable[tuple[str, Total]], whole: Total) -> None:
    """Print groups by name under `title`; `whole`: the total that all of them are parts of."""
    # No group has more left out than the whole.
    widths = [len(swedish(count)) + 2 if count else 0 for count in whole.left_out]
    headings = (title, "Resor", "Med fel", "Km", *(summed for _, summed in SUMMED))
    print_table(headings, [_total_row(name, total, widths) for name, total in rows], wrap=(title,))


def print_what_they_lack(whole: Total) -> None:
    """Print what the numbers in brackets of tables of totals mean, where there are any."""
    if any(whole.left_out):
        CONSOLE.print("(n): så många resor är inte med i summan, eftersom just den uppgiften har fel.\n", markup=False)


def _total_row(name: str, total: Total, widths: list[int]) -> list[str]:
    """A group's totals as text: kronor and kilograms to the whole, for reading, and how many trips each lacks.

    widths: characters for the latter by column; 0 where no group lacks a trip.
    """
    values: list[float | None] = [total.metres / 1000]
    for (column, _), value in zip(SUMMED, total.sums, strict=True):
        values.append(None if value is None else value if column == "utslapp" else value / 100)
    cells = [
        "" if value is None else swedish(value, 0) + _lacking(count, width)
        for value, count, width in zip(values, total.left_out, widths, strict=True)
    ]
    return [name, swedish(total.trips), swedish(total.wrong), *cells]


def _lacking(count: int, width: int) -> str:
    return f"{_SPACE}{f'({swedish(count)})' if count else '–':{_SPACE}>{width}}" if width else ""
