"""Results of an earlier run among a sheet's headings: they are computed anew, never read as the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.vocabulary.words import plain
from xlsx.headings import Mapping, near_note
from xlsx.patch.columns import SUFFIX, earlier_columns
from xlsx.patch.errors import Unpatchable
from xlsx.results import OWN_TITLES

_OURS: Final = frozenset(plain(title + suffix) for title in OWN_TITLES for suffix in ("", SUFFIX))


def earlier_results(headings: Sequence[str]) -> frozenset[int]:
    """The columns, from 0, that hold results of an earlier run, by the rule that the results are written by."""
    try:
        return frozenset(earlier_columns(headings, OWN_TITLES, marked=False).values())
    except Unpatchable:
        # A result that is there twice: which of them is to be refreshed cannot be told, but none is the user's.
        return frozenset(column for column, heading in enumerate(headings) if plain(heading) in _OURS)


def leave_out_earlier(mapping: Mapping, headings: Sequence[str]) -> None:
    """Take results of an earlier run out of what is read, and out of what may still mean something."""
    earlier = earlier_results(headings)
    for name, mapped in list(mapping.columns.items()):
        if mapped.index in earlier:
            del mapping.columns[name]
    ours = [text for text in mapping.unknown if plain(text) in _OURS]
    mapping.notes[:] = [note for note in mapping.notes if not note.startswith(tuple(map(near_note, ours)))]
    found = [headings[column] for column in sorted(earlier)]
    mapping.unknown[:] = [text for text in mapping.unknown if text not in found]
    if found:
        mapping.notes.append(f"Kolumner från en tidigare beräkning räknas om: {', '.join(found)}.")
