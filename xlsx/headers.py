"""Headers of one row or two: groups above, or units below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.vocabulary.words import plain
from xlsx.grid import Marks
from xlsx.headings import Chosen, header_row, is_known, is_unit
from xlsx.vocabulary import Heading

Choices = Mapping[str, Chosen | None]
"""What plain headings have been said to mean; None for a column that is not to be used."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand; rows from 0. group: the row of what stands above them, if there is one."""

    row: int
    group: int | None = None

    @property
    def first(self) -> int:
        """The uppermost row of the header."""
        return self.row if self.group is None else self.group

    def texts(
        self, top: Sequence[Sequence[str]], known: Sequence[Heading], chosen: Choices, marks: Marks, left: int = 0
    ) -> list[str]:
        """One heading per column. marks: tell how far a merged group reaches; left: columns not in `top`."""
        own = _words(top[self.row])
        if self.group is None:
            return own
        merged = {
            start - left: end - left for first, start, _, end in marks.merged if first == self.group and end > start
        }
        groups = _words(top[self.group])
        groups += [""] * (len(own) - len(groups))
        return [
            _together(group, above, below, known, chosen)
            for group, above, below in zip(_spread(groups, own, merged), groups, own, strict=False)
        ]


def find_header(top: Sequence[Sequence[str]], known: Sequence[Heading], chosen: Choices) -> Header | None:
    """The header with the most headings that we know, two at least; of one row where two tell no more."""
    row = header_row(top, known, chosen)
    if row is not None and row + 1 < len(top) and _only_units(top[row + 1]):
        return Header(row + 1, row)
    best = None if row is None else Header(row)
    most = 1 if row is None else _known(_words(top[row]), known, chosen)
    for below in range(1, len(top)):
        header = Header(below, below - 1)
        count = _known(header.texts(top, known, chosen, Marks()), known, chosen)
        if count > most:
            best, most = header, count
    return best


def _words(row: Sequence[str]) -> list[str]:
    return [" ".join(text.split()) for text in row]


def _known(texts: Sequence[str], known: Sequence[Heading], chosen: Choices) -> int:
    return len({plain(text) for text in texts if text and is_known(text, known, chosen)})


def _only_units(row: Sequence[str]) -> bool:
    written = [text for text in row if text.strip()]
    return bool(written) and all(map(is_unit, written))


def _together(group: str, above: str, below: str, known: Sequence[Heading], chosen: Choices) -> str:
    """`Avresa` above `Datum` is `Avresa Datum` where that means something to us, else what stands lowest."""
    if not below:
        return above
    if is_unit(below):
        return f"{above} ({below.strip('()[] ')})" if above else below
    both = f"{group} {below}".strip()
    return both if group and is_known(both, known, chosen) else below


def _spread(groups: Sequence[str], own: Sequence[str], merged: Mapping[int, int]) -> list[str]:
    """The group above each column.

    It reaches as far as its cell is merged; where nothing is merged, until the next group, a column without a
    heading, or one whose heading the group already has.
    """
    spread: list[str] = []
    group, seen, last = "", set[str](), -1
    for column, text in enumerate(own):
        if groups[column]:
            group, seen = groups[column], set()
            last = merged.get(column, column) if merged else len(own)
        elif column > last or not text or text in seen:
            group = ""
        seen.add(text)
        spread.append(group)
    return spread
