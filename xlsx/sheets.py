"""Choosing the sheet of a file, finding its header, reading what is below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.vocabulary.words import plain
from xlsx.grid import Marks, Sheet, UnreadableSheet, letters
from xlsx.headings import Mapping, header_row, map_headings
from xlsx.reading import HEADER_ROWS, Source
from xlsx.vocabulary import LEGS_SHEET, OWN_SHEETS, TRIPS, TRIPS_SHEET, WHOLE_TRIP, Heading


def choose_sheet(path: Path, source: Source, wanted: str | None) -> str:
    """The sheet asked for, else `Resor`, else the first with headings of trips. Raises UnreadableSheet."""
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
        row = header_row(top, TRIPS)
        if row is not None and WHOLE_TRIP & set(map_headings(top[row], TRIPS).columns):
            return name
    raise UnreadableSheet(_no_header(path, candidates or source.names))


def find_sheet(source: Source, wanted: str) -> str | None:
    """The sheet of that name, if there is one."""
    return next((name for name in source.names if plain(name) == plain(wanted)), None)


def read_sheet(path: Path, source: Source, name: str, known: Sequence[Heading]) -> tuple[Sheet, Mapping]:
    """The sheet below its header, and what its headings mean. Raises UnreadableSheet without a header."""
    top = source.top(name)
    header = header_row(top, known)
    if header is None:
        raise UnreadableSheet(_no_header(path, [name]))
    columns, marks, left = source.load(name, header, header + 1)
    # A heading that is merged downwards takes the rows below it with it.
    below = max((last for first, _, last, _ in marks.merged if first == header), default=header)
    if below > header:
        columns, marks, left = source.load(name, header, below + 1)
    written = [" ".join(text.split()) for text in top[header]]
    written += [""] * (len(columns) - len(written))
    mapping = map_headings(written, known, left)
    mapping.problems[:0] = _merged_problems(marks, header, written, left)
    return Sheet(name, written, below + 1, columns, len(columns[0]) if columns else 0, marks, left), mapping


def _merged_problems(marks: Marks, header: int, written: Sequence[str], left: int) -> list[str]:
    problems = []
    for first, start, last, end in marks.merged:
        if first <= header <= last and end > start and start - left < len(written):
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
