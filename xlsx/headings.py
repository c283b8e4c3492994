"""Finding the header of a sheet and what its headings mean."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from core.vocabulary.words import closest, one_of, plain
from xlsx.grid import letters
from xlsx.vocabulary import Heading

_UNIT: Final = re.compile(
    r"^(?P<name>.*?)[\s,]*[(\[]?\s*(?:i\s+)?(?P<unit>km|kilometer|mil|kr|sek|kronor|tkr|eur|euro|usd|h|tim|timmar|tim:min|hh:mm|kg|ton|st|antal|%|procent)\.?\s*[)\]]?$",
    re.IGNORECASE,
)
_SCALES: Final[dict[str, dict[str, int]]] = {
    "km": {"km": 1, "kilometer": 1, "mil": 10},
    "kr": {"kr": 1, "sek": 1, "kronor": 1, "tkr": 1000},
    "kg": {"kg": 1, "ton": 1000},
    "share": {"%": 1, "procent": 1},
}
_MILES: Final = frozenset({"mil", "antalmil", "kordamil"})


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where a column stands in the sheet, under which words, and what one of its units is worth."""

    heading: Heading
    index: int
    written: str
    scale: int = 1


@dataclass
class Mapping:
    """What the headings of a sheet mean. `problems` hinder a column, `notes` are for information."""

    columns: dict[str, Mapped] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def header_row(top: Sequence[Sequence[str]], known: Sequence[Heading]) -> int | None:
    """The row, from 0, with the most headings that we know (two at least); the uppermost when equal."""
    words = _meanings(known)
    counts = [len({text for text in map(_key, row) if text and _candidates(text, words)}) for row in top]
    best = max(range(len(counts)), key=lambda row: (counts[row], -row), default=None)
    return best if best is not None and counts[best] >= 2 else None


def map_headings(written: Sequence[str], known: Sequence[Heading], left: int = 0) -> Mapping:
    """The meaning of each heading: the exact one, else a synonym; the near ones are only hinted at."""
    found = Mapping()
    words = _meanings(known)
    claims: defaultdict[str, list[tuple[int, Mapped]]] = defaultdict(list)
    for index, text in enumerate(written):
        meanings = _candidates(_key(text), words)
        for strength, heading in meanings:
            scale, why_not = _scale(heading, text)
            if why_not:
                found.problems.append(f'Kolumn {letters(index + left)} "{text}": {why_not}')
            else:
                claims[heading.column].append((strength, Mapped(heading, index, text, scale)))
        if text and not meanings:
            found.unknown.append(text)
    taken = _settle(claims, found, left)
    _hint(found, known)
    found.columns = taken
    return found


def _settle(claims: defaultdict[str, list[tuple[int, Mapped]]], found: Mapping, left: int) -> dict[str, Mapped]:
    """One column for each meaning; two that say the same with equal right are a problem, and none is used."""
    taken: dict[str, Mapped] = {}
    used: set[int] = set()
    for strength in (0, 1, 2):
        for column, several in claims.items():
            rivals = [mapped for level, mapped in several if level == strength and mapped.index not in used]
            if column in taken or not rivals:
                continue
            if len(rivals) == 1:
                taken[column] = rivals[0]
                used.add(rivals[0].index)
            elif not any(level < strength for level, _ in several):
                names = one_of([f'{letters(m.index + left)} "{m.written}"' for m in rivals]).replace(" eller ", " och ")
                title = rivals[0].heading.title
                found.problems.append(
                    f"Kolumnerna {names} betyder båda {title}; ingen av dem används. Byt namn på den ena."
                )
                used.update(mapped.index for mapped in rivals)
    for column, several in claims.items():
        for _, mapped in several:
            if column in taken and mapped.index not in used:
                found.notes.append(
                    f'Kolumnen "{mapped.written}" används inte, eftersom "{taken[column].written}" finns.'
                )
                used.add(mapped.index)
    return taken


def _hint(found: Mapping, known: Sequence[Heading]) -> None:
    titles = [heading.title for heading in known]
    for text in found.unknown:
        near = closest(text, titles, most=1)
        if near:
            found.notes.append(f'Kolumnen "{text}" liknar {near[0]} men används inte. Byt rubrik om den ska räknas.')


def _meanings(known: Sequence[Heading]) -> dict[str, list[tuple[int, Heading]]]:
    """Headings by plain word, the strength first: 0 our own heading, 1 a synonym."""
    words: defaultdict[str, list[tuple[int, Heading]]] = defaultdict(list)
    for heading in known:
        for strength, names in ((0, (heading.title,)), (1, heading.synonyms)):
            for name in names:
                words[plain(name)].append((strength, heading))
    return words


def _key(text: str) -> str:
    return " ".join(text.split())


def _candidates(text: str, words: dict[str, list[tuple[int, Heading]]]) -> list[tuple[int, Heading]]:
    """What a heading may mean: as written, else without its unit (then one step weaker)."""
    exact = words.get(plain(text))
    if exact:
        return exact
    unit = _UNIT.match(text)
    if not unit or not plain(unit["name"]):
        return []
    return [(strength + 1, heading) for strength, heading in words.get(plain(unit["name"]), [])]


def _scale(heading: Heading, text: str) -> tuple[int, str]:
    """What one of the column's units is worth in ours, or why the unit cannot be used."""
    if heading.kind == "km" and plain(text) in _MILES:
        return 10, ""
    unit = _UNIT.match(text)
    if heading.kind not in _SCALES or unit is None:
        return 1, ""
    word, scales = unit["unit"].lower(), _SCALES[heading.kind]
    if word in scales:
        return scales[word], ""
    if word in ("st", "antal"):
        return 1, ""
    return 1, f"enheten {unit['unit']} används inte här; tillåtna är {one_of(scales)}."
