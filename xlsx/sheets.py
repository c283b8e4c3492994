"""Choosing the sheet of a file, finding its header, reading what is below."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.vocabulary.words import plain
from xlsx.earlier import leave_out_earlier
from xlsx.errors import UnreadableSheet
from xlsx.grid import Marks, Sheet, letters
from xlsx.headers import Choices, Header, find_header
from xlsx.headings import Mapping, is_known, map_headings, near_note
from xlsx.mapping import ColumnMapping, recognised
from xlsx.patch.columns import SUFFIX
from xlsx.patch.references import LAST_ROW
from xlsx.proposals import propose
from xlsx.source import HEADER_ROWS, Source
from xlsx.vocabulary import LEGS_SHEET, OWN_SHEETS, TRIPS, TRIPS_SHEET, WHOLE_TRIP, Heading

_NO_TRIPS: Final = frozenset(
    {*OWN_SHEETS, *map(plain, (LEGS_SHEET, "Kontroller", "Resultat", "Alternativ", "Beräkning"))}
)
"""Sheets that are no further sheets of trips, whatever their headings: legs, results and compared alternatives."""
_TIMES: Final = frozenset({"avresa", "avresa_datum"})
"""A sheet without one of these says nothing of when, unless it has a date and what else only trips have."""
_OF_A_TRIP: Final = frozenset({"hemkomst", "hemkomst_tid", "avresa_tid", "km", "fardmedel", "till"})


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
    # A text file is a sheet by its own name, whatever that is.
    candidates = [name for name in source.names if plain(name) not in other] or list(source.names)
    for name in candidates:
        top = source.top(name)
        header, choices = _header(top, TRIPS, columns)
        if header is not None:
            written = header.texts(top, TRIPS, choices, Marks())
            if WHOLE_TRIP & set(map_headings(written, TRIPS, 0, choices).columns):
                return name
    raise UnreadableSheet(_no_header(path, candidates))


def other_trips(source: Source, chosen: str, columns: ColumnMapping | None = None) -> list[str]:
    """The sheets beside the chosen one that have trips too: headings of trips with a time, and rows below them."""
    return [
        name
        for name in source.names
        if name != chosen and plain(name.removesuffix(SUFFIX)) not in _NO_TRIPS and _has_trips(source, name, columns)
    ]


def _has_trips(source: Source, name: str, columns: ColumnMapping | None) -> bool:
    try:
        top = source.top(name)
    except UnreadableSheet:
        return False  # such as a sheet that is one large chart
    header, choices = _header(top, TRIPS, columns)
    if header is None:
        return False
    found = set(map_headings(header.texts(top, TRIPS, choices, Marks()), TRIPS, 0, choices).columns)
    timed = bool(found & _TIMES) or ("datum" in found and bool(found & _OF_A_TRIP))
    return timed and any(sum(map(bool, row)) > 1 for row in top[header.row + 1 :])


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
    below = _last_row(header, top, marks, left, known, choices)
    if below > header.row:
        cells, marks, left = source.load(name, header.row, below + 1)
    written = header.texts(top, known, choices, marks, left)
    written += [""] * (len(cells) - len(written))
    mapping = map_headings(written, known, left, choices)
    mapping.problems[:0] = _merged_problems(marks, header, written, left)
    if columns is None and (preset := recognised(written)) is not None:
        mapping.notes.append(f"Rubrikerna känns igen: {preset.title}.{' ' + preset.remark if preset.remark else ''}")
    if known is TRIPS:
        leave_out_earlier(mapping, written)
    mapping.proposals = propose(mapping, written, cells, known)
    _agree_with_proposals(mapping)
    rows = len(cells[0]) if cells else 0
    if below + 1 + rows > LAST_ROW:
        raise UnreadableSheet(f"{path.name}: filen har fler rader än ett blad rymmer, {LAST_ROW}. Dela upp den.")
    return Sheet(name, written, below + 1, cells, rows, marks, left, top[:below]), mapping


def _last_row(
    header: Header, top: Sequence[Sequence[str]], marks: Marks, left: int, known: Sequence[Heading], choices: Choices
) -> int:
    """The header's last row, from 0: a heading that is merged downwards takes the rows below it with it.

    A merged cell that is none of our headings, such as a note beside the trips, does not.
    """
    return max(
        (
            last
            for first, start, last, _ in marks.merged
            if first in (header.row, header.first)
            and 0 <= start - left < len(top[first])
            and is_known(" ".join(top[first][start - left].split()), known, choices)
        ),
        default=header.row,
    )


def _agree_with_proposals(mapping: Mapping) -> None:
    """A note names the heading that is proposed, since that is found by what the cells hold as well."""
    for one in mapping.proposals:
        begins, note = near_note(one.written), near_note(one.written, one.heading.title)
        mapping.notes[:] = [note if said.startswith(begins) else said for said in mapping.notes]


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
