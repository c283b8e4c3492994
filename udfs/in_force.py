"""The figures in force on one day, with the values of each key: what `fardkost rates list` and the task pane show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.engine import Figure
from core.engine.trace import in_force_from
from core.engine.units import to_written


@dataclass(frozen=True, slots=True)
class Stated:
    """One value that holds on the day. `word` is the key as it is written after the figure's name, `title` as it is
    read; both are empty for a figure without keys. The value is in the figure's unit, as people write it."""

    word: str
    title: str
    value: int | float | str
    from_date: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class InForce:
    """A figure and all its values on the day, in the order of its keys. Without any, `missing` says what is lacking."""

    figure: Figure
    values: tuple[Stated, ...]
    missing: str = ""

    @property
    def statuses(self) -> list[str]:
        """The different statuses of its values, in alphabetical order."""
        return sorted({stated.status for stated in self.values})


def figures_in_force(figures: Iterable[Figure], day: int) -> list[InForce]:
    """Every figure on the day, by name. `day` is a day number."""
    return [_in_force(figure, day) for figure in sorted(figures, key=lambda one: one.name)]


def _in_force(figure: Figure, day: int) -> InForce:
    words = figure.keys if figure.key_kind else ("",)
    found = []
    for key, word in enumerate(words):
        entry = figure.entry(day, key)
        if entry is not None and entry.value is not None:
            value, first = to_written(entry.value, figure.unit), in_force_from(entry.from_day)
            found.append(Stated(word, figure.titles.get(word, word), value, first, entry.status, entry.source))
    return InForce(figure, tuple(found), "" if found else figure.missing_text(day))
