"""Finding the header of a sheet and what its headings mean."""

from __future__ import annotations

import collections.abc
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from core.vocabulary.words import closest, one_of, plain
from xlsx.grid import letters
from xlsx.vocabulary import Heading

_UNIT: Final = re.compile(
    r"^(?P<name>.*?)(?:[\s,]*[(\[]\s*|[\s,]+|(?=%))(?:i\s+)?(?P<unit>km|kilometer|mil|kr|sek|kronor|tkr|eur|euro|usd|h|tim|timmar|tim:min|hh:mm|datum\s+och\s+(?:tid|klockslag)|kg|ton|st|antal|%|procent)\.?\s*[)\]]?$",
    re.IGNORECASE,
)
_SCALES: Final[dict[str, dict[str, int]]] = {
    "km": {"km": 1, "kilometer": 1, "mil": 10},
    "kr": {"kr": 1, "sek": 1, "kronor": 1, "tkr": 1000},
    "kg": {"kg": 1, "ton": 1000},
    "share": {"%": 1, "procent": 1},
}
_MILES: Final = frozenset({"mil", "antalmil", "kordamil"})
_UNITS: Final = frozenset(
    {*(unit for scales in _SCALES.values() for unit in scales), "h", "tim", "timmar", "tim:min", "hh:mm", "st", "antal"}
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where a column stands in the sheet, under which words, and what one of its units is worth."""

    heading: Heading
    index: int
    written: str
    scale: int = 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody has said that a column means. scale: what its unit is worth in ours; None when not said."""

    heading: Heading
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an unknown heading may mean. likeness: in per cent."""

    index: int
    written: str
    heading: Heading
    likeness: int


@dataclass
class Mapping:
    """What the headings of a sheet mean. `problems` hinder a column, `notes` are for information."""

    columns: dict[str, Mapped] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    """What the unknown headings may mean; not used."""


Choices = Collection[str]
"""Plain headings that somebody has said the meaning of."""


def header_row(top: Sequence[Sequence[str]], known: Sequence[Heading], chosen: Choices = ()) -> int | None:
    """The row, from 0, with the most headings that we know (two at least); the uppermost when equal."""
    counts = [len({text for text in map(_key, row) if text and is_known(text, known, chosen)}) for row in top]
    best = max(range(len(counts)), key=lambda row: (counts[row], -row), default=None)
    return best if best is not None and counts[best] >= 2 else None


def is_known(text: str, known: Sequence[Heading], chosen: Choices = ()) -> bool:
    """Whether a heading means something to us."""
    return plain(text) in chosen or bool(_candidates(_key(text), _meanings(tuple(known))))


def map_headings(
    written: Sequence[str],
    known: Sequence[Heading],
    left: int = 0,
    chosen: collections.abc.Mapping[str, Chosen | None] | None = None,
) -> Mapping:
    """The meaning of each heading: the one chosen for it, else the exact one, else a synonym.

    Near ones are only hinted at. chosen: by plain heading; None for a column that is not to be used.
    """
    found = Mapping()
    words = _meanings(tuple(known))
    claims: defaultdict[str, list[tuple[int, Mapped]]] = defaultdict(list)
    for index, text in enumerate(written):
        if chosen and plain(text) in chosen:
            choice = chosen[plain(text)]
            if choice is not None:
                scale, why_not = (choice.scale, "") if choice.scale else _scale(choice.heading, text)
                if why_not:
                    found.problems.append(f'Kolumn {letters(index + left)} "{text}": {why_not}')
                claims[choice.heading.column].append((-1, Mapped(choice.heading, index, text, scale)))
            continue
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
    for strength in (-1, 0, 1, 2):
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
                every, rename = ("båda", "den ena") if len(rivals) == 2 else ("alla", "alla utom en")
                found.problems.append(
                    f"Kolumnerna {names} betyder {every} {title}; ingen av dem används. Byt namn på {rename}."
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
            found.notes.append(near_note(text, near[0]))


def near_note(written: str, title: str = "") -> str:
    """What is said of a heading that is near one of ours; without a title only how it begins."""
    begins = f'Kolumnen "{written}" liknar '
    return f"{begins}{title} men används inte. Byt rubrik om den ska räknas." if title else begins


def choose(ours: str, known: Sequence[Heading]) -> Chosen:
    """The heading of ours that a text names, maybe with a unit: `Km (mil)`. Raises ValueError."""
    strongest = sorted(_candidates(_key(ours), _meanings(tuple(known))), key=lambda found: found[0])
    if not strongest:
        near = closest(ours, [heading.title for heading in known])
        raise ValueError(f'rubriken "{ours}" är okänd.{f" Menade du {one_of(near)}?" if near else ""}')
    heading = strongest[0][1]
    scale, why_not = _scale(heading, ours)
    if why_not:
        raise ValueError(why_not)
    said = plain(ours) != plain(heading.title) and (_UNIT.match(ours) is not None or plain(ours) in _MILES)
    return Chosen(heading, scale if said else None)


def without_unit(text: str) -> str:
    """A heading without the unit at its end."""
    unit = _UNIT.match(text)
    return unit["name"] if unit and plain(unit["name"]) else text


def with_unit(heading: Heading, scale: int) -> str:
    """Our heading with the unit that is worth so much: `Km (mil)`. The inverse of `choose`."""
    units = [unit for unit, worth in _SCALES.get(heading.kind, {}).items() if worth == scale and scale != 1]
    return f"{heading.title} ({units[0]})" if units else heading.title


def is_unit(text: str) -> bool:
    """Whether a cell of a header holds nothing but a unit, as `km` or `(tim:min)`."""
    return text.strip(" ()[].").lower() in _UNITS


@lru_cache(maxsize=16)
def _meanings(known: tuple[Heading, ...]) -> dict[str, list[tuple[int, Heading]]]:
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
