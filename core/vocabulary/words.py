"""Words as people write them: case, accents, spaces and hyphens do not matter, near misses get a hint."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from core.vocabulary.columns import Column, Reader, read
from core.vocabulary.parsed import Floats, Integers, Mask, Misread, Parsed, quoted

SUGGESTIONS: Final = 3
SUGGESTED_WORDS: Final = 10_000
"""Bad words of one column that get suggestions; a longer column of them is the wrong column."""

# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "ł": "l", "þ": "th"})
_DASHES_TO_SPACE: Final = str.maketrans(dict.fromkeys("-_‐‑‒–—−", " "))


def normalise(text: str) -> str:
    """The text in one case, hyphens as spaces and single spaces; accents are kept, since å is not a."""
    same_form = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES_TO_SPACE)
    return " ".join(same_form.replace("&", " och ").split())


def plain(text: str) -> str:
    """The normalised text with letters and digits only, accents taken off: `Färöarna` is `faroarna`."""
    letters = unicodedata.normalize("NFD", normalise(text)).translate(_PLAIN_LETTERS)
    return "".join(letter for letter in letters if letter.isalnum())


def closest(text: str, words: Iterable[str], most: int = SUGGESTIONS) -> list[str]:
    """The words most like the text, best first, at most `most`; none when nothing is near."""
    word_of = _by_plain_form(tuple(words))
    return [word_of[key] for key in _closest_keys(plain(text), word_of, most)]


@lru_cache(maxsize=64)
def _by_plain_form(words: tuple[str, ...]) -> Mapping[str, str]:
    """The first word of each plain form."""
    return {plain(word): word for word in reversed(words)}


def _closest_keys(key: str, keys: Iterable[str], most: int) -> list[str]:
    """The keys that are near, without those much worse than the best one."""
    # difflib's likeness is never above this quick one, which so only takes away what difflib would.
    likely = [word for word, *_ in process.extract(key, list(keys), scorer=fuzz.ratio, score_cutoff=59.9, limit=None)]
    near = difflib.get_close_matches(key, likely, n=most, cutoff=0.6)
    likeness = [difflib.SequenceMatcher(None, other, key).ratio() for other in near]
    return [other for other, ratio in zip(near, likeness, strict=True) if ratio >= likeness[0] - 0.15]


def one_of(words: Iterable[str]) -> str:
    """`a, b eller c`."""
    *first, last = words
    return f"{', '.join(first)} eller {last}" if first else last


class Lexicon:
    """Words and synonyms, each with its number. An exact match comes before one without accents.

    Raises ValueError when a word is given two numbers. Forms that coincide only without accents and spaces
    are not matched that way.
    """

    def __init__(self, numbers: Iterable[tuple[str, int]]) -> None:
        self._exact: dict[str, int] = {}
        self._plain: dict[str, int | None] = {}
        for word, number in numbers:
            if self._exact.setdefault(normalise(word), number) != number:
                raise ValueError(f"the word {word!r} has two meanings")
            key = plain(word)
            if self._plain.setdefault(key, number) != number:
                self._plain[key] = None

    def find(self, text: str) -> int | None:
        """The number of the word, or None."""
        number = self._exact.get(normalise(text))
        return self._plain.get(plain(text)) if number is None else number

    def near(self, text: str) -> list[int]:
        """The numbers of the words most like the text, best first."""
        keys = _closest_keys(plain(text), self._plain, most=2 * SUGGESTIONS)
        numbers = (self._plain[key] for key in keys)
        return list(dict.fromkeys(number for number in numbers if number is not None))[:SUGGESTIONS]


_TRUTHS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("ja", "j", "yes", "y", "x", "sant", "sann", "true", "1", "✓", "✔", "☑"), 1),
    **dict.fromkeys(("nej", "n", "no", "falskt", "falsk", "false", "0", "☐"), 0),
}


def parse_truth(text: str) -> int:
    """1 or 0 for ja/nej, x, sant/falskt, yes/no, true/false, 1/0; raises ValueError."""
    found = _TRUTHS.get(normalise(text))
    if found is None:
        raise _Truths().wrong_kind(text)
    return found


class _Truths(Reader):
    not_one = "varken ja eller nej"
    hint = "Skriv ja eller nej, SANT eller FALSKT, 1 eller 0."

    def text(self, text: str) -> int:
        return parse_truth(text)

    def numbers(self, numbers: Floats) -> tuple[Integers, Mask]:
        return (numbers == 1).astype(np.int64), (numbers != 0) & (numbers != 1)

    def truths(self, truths: Mask) -> tuple[Integers, Mask]:
        return truths.astype(np.int64), np.zeros(len(truths), dtype=bool)


def truths(values: Column) -> Parsed:
    """A column of yes and no as 1 and 0."""
    return read(_Truths(), values)


class WordReader(Reader):
    """Reads words by a lexicon; the number 0 is a reference to an empty cell, all other numbers are bad."""

    missing = -1
    zero_is_blank = True

    def __init__(self) -> None:
        self._unknown = 0

    def find(self, text: str, suggest: bool) -> int:
        """The number of the word; raises Misread, with suggestions if asked for."""
        raise NotImplementedError

    def text(self, text: str) -> int:
        try:
            return self.find(text, suggest=self._unknown < SUGGESTED_WORDS)
        except Misread:
            self._unknown += 1
            raise

    def wrong_kind(self, value: object) -> Misread:
        try:
            self.find(quoted(value)[1:-1], suggest=False)
        except Misread as error:
            return error
        return super().wrong_kind(value)
