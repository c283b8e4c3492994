"""What an unknown heading may mean: proposed by its words and by what its cells hold, never used unconfirmed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from rapidfuzz import fuzz

from core.engine import ErrorBook
from core.vocabulary.words import normalise, plain
from xlsx.cells import read_column
from xlsx.grid import RawColumn
from xlsx.headings import Mapping, Proposal, without_unit
from xlsx.vocabulary import Heading

_LEAST: Final = 72.0
"""Likeness in per cent below which nothing is proposed."""
_LEAST_FOR_TEXT: Final = 80.0
"""The same for headings whose cells may be anything."""
_BEGINNING: Final = 85.0
"""Likeness of an abbreviation: `avd`, `anst`."""
_SHORTEST_BEGINNING: Final = 3
_PARTLY: Final = 0.9
"""Of two headings where one has all words of the other."""
_SAMPLE: Final = 200
_READABLE: Final = 0.8
"""Share of the filled cells that must be readable as what the heading says."""


def propose(
    mapping: Mapping, headings: Sequence[str], columns: Sequence[RawColumn], known: Sequence[Heading]
) -> list[Proposal]:
    """A proposal for each unknown heading that has one, the surest first; no meaning is proposed twice."""
    unknown = [(index, text) for index, text in enumerate(headings) if text and text in mapping.unknown]
    free = [heading for heading in known if heading.column not in mapping.columns]
    likely = sorted(
        (
            Proposal(index, text, heading, round(likeness))
            for index, text in unknown
            for heading, likeness in _alike(text, free)
        ),
        key=lambda proposal: -proposal.likeness,
    )
    found: dict[int, Proposal] = {}
    taken: set[str] = set()
    for proposal in likely:
        if proposal.index in found or proposal.heading.column in taken or proposal.index >= len(columns):
            continue
        if _reads(columns[proposal.index], proposal.heading):
            found[proposal.index] = proposal
            taken.add(proposal.heading.column)
    return list(found.values())


def _alike(text: str, known: Iterable[Heading]) -> Iterable[tuple[Heading, float]]:
    bare = _words(without_unit(text))
    for heading in known:
        likeness = max(_likeness(bare, _words(name)) for name in (heading.title, *heading.synonyms))
        if likeness >= (_LEAST_FOR_TEXT if heading.kind == "text" else _LEAST):
            yield heading, likeness


def _words(text: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in normalise(text)).split())


def _likeness(written: str, name: str) -> float:
    """How alike two headings are, in per cent."""
    if not written or not name:
        return 0.0
    short = plain(written)
    if len(short) >= _SHORTEST_BEGINNING and plain(name).startswith(short):
        return _BEGINNING
    return max(
        fuzz.ratio(written, name), fuzz.token_sort_ratio(written, name), _PARTLY * fuzz.token_set_ratio(written, name)
    )


def _reads(raw: RawColumn, heading: Heading) -> bool:
    """Whether the first filled cells are such as stand under the heading."""
    if heading.kind == "text":
        return True
    filled = np.flatnonzero(~raw.blank)[:_SAMPLE]
    if not len(filled):
        return False
    read = read_column(raw.take(filled), heading.kind, heading.title, heading.column, ErrorBook())
    wrong = 0 if read.errors is None else int((read.errors != 0).sum())
    return wrong <= (1 - _READABLE) * len(filled)
