"""Where the results go: in the columns of an earlier run where there is one, else to the right of all else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from core.vocabulary.words import plain
from xlsx.grid import letters
from xlsx.patch.errors import Unpatchable, Unspliceable
from xlsx.patch.references import LAST_COLUMN

SUFFIX: Final = " (Färdkost)"
"""After a heading that the user's own column already has."""

_ENOUGH: Final = 3
"""So many of our headings in a sheet without our mark, and they are taken for results of an earlier run."""


@dataclass(frozen=True)
class Placement:
    """Titles and columns, from 0, of the results in order; which of them are refreshed."""

    titles: Sequence[str]
    columns: Sequence[int]
    refreshed: frozenset[int]

    @property
    def appended(self) -> list[int]:
        """The new columns, from left to right."""
        return sorted(set(self.columns) - self.refreshed)


def earlier_columns(headings: Sequence[str], titles: Collection[str], marked: bool) -> dict[str, int]:
    """The columns of an earlier run, by plain heading. Raises Unpatchable when a heading is there twice.

    marked: the sheet bears our mark. Without it, a heading or two like ours are the user's own.
    """
    ours = {plain(title) for title in titles}
    suffixed = {plain(title + SUFFIX) for title in titles}
    places: dict[str, list[int]] = {}
    for column, heading in enumerate(headings):
        if plain(heading) in ours | suffixed:
            places.setdefault(plain(heading), []).append(column)
    if not marked and len([word for word in places if word in ours]) < _ENOUGH:
        return {}
    # A heading of the user's own like one of ours stands beside ours with the suffix, which then is the one.
    for title in titles:
        if plain(title + SUFFIX) in places:
            places.pop(plain(title), None)
    for columns in places.values():
        if len(columns) > 1:
            names = " och ".join(map(letters, columns))
            raise Unpatchable(
                f'rubriken "{headings[columns[0]]}" finns i kolumnerna {names}; det går inte att veta vilken som ska '
                "räknas om. Ta bort eller döp om den ena."
            )
    return {word: columns[0] for word, columns in places.items()}


def place_columns(titles: Sequence[str], headings: Sequence[str], earlier: dict[str, int], free: int) -> Placement:
    """A column for each result: that of an earlier run, else new ones from column `free` on. Raises Unspliceable."""
    own = {plain(heading) for column, heading in enumerate(headings) if column not in earlier.values()}
    named, columns, refreshed, following = [], [], set(), free
    for title in titles:
        there = next((earlier[plain(one)] for one in (title + SUFFIX, title) if plain(one) in earlier), None)
        if there is not None:
            named.append(headings[there])
            columns.append(there)
            refreshed.add(there)
            continue
        named.append(title + SUFFIX if plain(title) in own else title)
        columns.append(following)
        following += 1
    if following - 1 > LAST_COLUMN:
        raise Unspliceable("bladet inte har plats för fler kolumner")
    return Placement(named, columns, frozenset(refreshed))
