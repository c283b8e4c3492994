"""Choosing the sheet of a file, finding its header, reading what is below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.vocabulary.words import plain
from xlsx.errors import UnreadableSheet
from xlsx.grid import Marks, Sheet, letters
from xlsx.headers import Choices, Header, find_header
from xlsx.headings import Mapping, map_headings
from xlsx.mapping import ColumnMapping, recognised
from xlsx.proposals import propose
from xlsx.source import HEADER_ROWS, Source
from xlsx.vocabulary import LEGS_SHEET, OWN_SHEETS, TRIPS, TRIPS_SHEET, WHOLE_TRIP, Heading


def choose_sheet(path: Path, source: Source, wanted: str | None, columns: ColumnMapping | None = None) -> str:
    """The sheet asked for, else `Resor`, else the first with headings of trips. Raises UnreadableSheet.

    columns: what somebody has said that headings mean.
    """
    by_word = {plain(name): name for name in source.names}
    if wanted is not None:
        if plain(wanted) not in by_word:
            names = ", ".join(source.names)
            raise UnreadableSheet(f'{path.name}: bladet "{wanted}" finns inte. Bladen är {names}.')
        return by_word[plain(wanted)]
    if plain(TRIPS_SHEET) in by_word:
        return by_word[plain(TRIPS_SHEET)]
    other = {*OWN_SHEETS, plain(LEGS_SHEET)}
    candidates = [name for name in source.names if plain(name) not in other]
    for name in candidates:
        top = source.top(name)
        header, choices = _header(top, TRIPS, columns)
        if header is not None:
            written = header.texts(top, TRIPS, choices, Marks())
            if WHOLE_TRIP & set(map_headings(written, TRIPS, 0, choices).columns):
                return name
    raise UnreadableSheet(_no_header(path, candidates or source.names))


def find_sheet(source: Source, wanted: str) -> str | None:
    """The sheet of that name, if there is one."""
    return next((name for name in source.names if plain(name) == plain(wanted)), None)


def read_sheet(
    path: Path, source: Source, name: str, known: Sequence[Heading], columns: ColumnMapping | None = None
) -> tuple[Sheet, Mapping]:
    """The sheet below its header, and what its headings mean. Raises UnreadableSheet without a header.

    columns: what somebody has said that headings mean; else a shipped mapping is used when the sheet is of its kind.
    """
    top = source.top(name)
    header, choices = _header(top, known, columns)
    if header is None:
        raise UnreadableSheet(_no_header(path, [name]))
    cells, marks, left = source.load(name, header.row, header.row + 1)
    # A heading that is merged downwards takes the rows below it with it.
    below = max((last for first, _, last, _ in marks.merged if first in (header.row, header.first)), default=header.row)
    if below > header.row:
        cells, marks, left = source.load(name, header.row, below + 1)
    written = header.texts(top, known, choices, marks, left)
    written += [""] * (len(cells) - len(written))
    mapping = map_headings(written, known, left, choices)
    mapping.problems[:0] = _merged_problems(marks, header, written, left)
    if columns is None and (preset := recognised(written)) is not None:
        mapping.notes.append(f"Rubrikerna känns igen: {preset.title}.{' ' + preset.remark if preset.remark else ''}")
    mapping.proposals = propose(mapping, written, cells, known)
    return Sheet(name, written, below + 1, cells, len(cells[0]) if cells else 0, marks, left), mapping


def _header(
    top: Sequence[Sequence[str]], known: Sequence[Heading], columns: ColumnMapping | None
) -> tuple[Header | None, Choices]:
    """The header, and what its headings have been said to mean."""
    if columns is None:
        columns = next((preset for preset in map(recognised, top) if preset is not None), None)
    choices: Choices = columns.chosen(known) if columns is not None else {}
    return find_header(top, known, choices), choices


def _merged_problems(marks: Marks, header: Header, written: Sequence[str], left: int) -> list[str]:
    problems = []
    for first, start, last, end in marks.merged:
        if first <= header.row <= last and end > start and start - left < len(written):
            title = written[start - left] if start >= left else ""
            area = f"{letters(start)}{first + 1}:{letters(end)}{last + 1}"
            problems.append(
                f'Rubriken "{title}" är en sammanslagen cell ({area}) och gäller bara '
                f"kolumn {letters(start)}. Dela cellen och skriv en rubrik per kolumn."
            )
    return problems


def _no_header(path: Path, names: Sequence[str]) -> str:
    sheets = ", ".join(f'"{name}"' for name in names)
    return (
        f"{path.name}: ingen rubrikrad hittades bland de {HEADER_ROWS} första raderna i {sheets}. "
        "Minst två rubriker behövs, till exempel Avresa och Hemkomst."
    )
