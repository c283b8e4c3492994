"""Formulas that say what is wrong with an input, in Swedish."""

from __future__ import annotations

from typing import Final

DATE_HINT: Final = "Skriv ett datum, till exempel 2026-03-10."
MOMENT_HINT: Final = "Skriv datum och klockslag, till exempel 2026-03-10 07:30."
CLOCK_HINT: Final = "Skriv ett klockslag, till exempel 07:30."
KRONOR_HINT: Final = "Skriv ett belopp i kronor, till exempel 1234,50."
KM_HINT: Final = "Skriv kilometer som ett tal, till exempel 42,5."
HOURS_HINT: Final = "Skriv timmar som ett tal, till exempel 2,5."

NOTHING: Final = '""'


def text(sentence: str) -> str:
    """A sentence as a text in a formula."""
    return '"' + sentence.replace('"', '""') + '"'


def when(condition: str, sentence: str, otherwise: str = NOTHING) -> str:
    """The sentence where the condition holds."""
    return f"IF({condition},{text(sentence)},{otherwise})"


def first_of(*pairs: tuple[str, str], otherwise: str = NOTHING) -> str:
    """The sentence of the first condition that holds."""
    for condition, sentence in reversed(pairs):
        otherwise = when(condition, sentence, otherwise)
    return otherwise


def number(cell: str, place: str, wanted: str, otherwise: str = NOTHING) -> str:
    """Says that a filled cell is no number (dates and clocks are numbers), and repeats what it holds."""
    unread = f"{text(f'{place}: ”')}&{cell}&{text(f'” går inte att läsa. {wanted}')}"
    return f'IF({cell}="",{NOTHING},IF(ISNUMBER({cell}),{otherwise},{unread}))'


def amount(cell: str, place: str, wanted: str = KRONOR_HINT, otherwise: str = NOTHING) -> str:
    """Says that an amount is no number, or below zero."""
    return number(cell, place, wanted, when(f"{cell}<0", f"{place}: talet är under 0. {wanted}", otherwise))


def listed(cell: str, names: str, place: str, otherwise: str = NOTHING) -> str:
    """Says that a filled cell is none of the words of a list (a defined name)."""
    unknown = f"{text(f'{place}: ”')}&{cell}&{text('” finns inte i listan. Välj ett av orden där.')}"
    return f'IF({cell}="",{otherwise},IF(COUNTIF({names},{cell})=0,{unknown},{otherwise}))'
