"""How a formula is written: `=NAME(argument;…)`, texts in quotes, decimal comma, `{a;b|c;d}` for a range."""

from __future__ import annotations

import re
from typing import Any, Final

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"]|"")*"|'[^']*')
    | (?P<number>[-+]?\d+(?:[.,]\d+)?)(?=\s*(?:[;,|)}]|$))
    | (?P<word>[^\s;,|(){}"']+)
    | (?P<mark>[;,|(){}])
    )""",
    re.VERBOSE,
)
_TEXT_OR_COMMA: Final = re.compile(r'"[^"]*"|\'[^\']*\'|,')
_WORDS: Final = {"ja": True, "sant": True, "true": True, "nej": False, "falskt": False, "false": False}

LONGEST_INTEGER: Final = 18
"""Digits of a whole number; a longer one is read as a spreadsheet reads it, with 15 of them."""


class FormulaError(ValueError):
    """The text is not a formula that can be read; the message says what was expected."""


def parse(text: str) -> tuple[str, list[Any]]:
    """The name and the arguments of a formula. Raises FormulaError."""
    name, opening, rest = text.strip().removeprefix("=").partition("(")
    if not opening or not rest.rstrip().endswith(")"):
        raise FormulaError(
            f'"{text}" är ingen formel. Skriv till exempel TRAKTAMENTE("2024-03-04 07:00";"2024-03-06 20:00").'
        )
    reader = _Reader(rest.rstrip()[:-1])
    return name.strip(), reader.arguments()


class _Reader:
    """Reads arguments. With a semicolon outside texts, the comma is part of numbers; otherwise it separates."""

    def __init__(self, text: str) -> None:
        bare = re.sub(r'"(?:[^"]|"")*"|\'[^\']*\'', "", text)
        self._separators = {";"} if ";" in bare else {";", ","}
        if "," in self._separators:
            text = _TEXT_OR_COMMA.sub(lambda found: ", " if found[0] == "," else found[0], text)
        self._tokens = self._split(text)
        self._place = 0

    @staticmethod
    def _split(text: str) -> list[tuple[str, str]]:
        tokens, place = [], 0
        while text[place:].strip():
            match = _TOKEN.match(text, place)
            if match is None:
                raise FormulaError(f"Formeln kan inte läsas från: {text[place:].strip()}")
            tokens.append((str(match.lastgroup), str(match.group(str(match.lastgroup)))))
            place = match.end()
        return tokens

    def _next(self) -> tuple[str, str] | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def arguments(self) -> list[Any]:
        """All arguments; an empty place is a blank argument."""
        values: list[Any] = []
        while self._next() is not None:
            values.append(self._value(end=None))
            token = self._next()
            if token is None:
                break
            if token[1] not in self._separators:
                raise FormulaError(f'Väntade ";" mellan argumenten, inte "{token[1]}".')
            self._place += 1
            if self._next() is None:
                values.append(None)
        return values

    def _value(self, end: str | None) -> Any:
        token = self._next()
        if token is None or token[1] in self._separators or token[1] in ("|", end):
            return None
        self._place += 1
        kind, written = token
        if kind == "text":
            return written[1:-1].replace('""', '"')
        if kind == "number":
            return _number(written)
        if kind == "word":
            return self._word(written)
        if written == "{" and end is None:
            return self._range()
        raise FormulaError(f'"{written}" väntades inte här.')

    def _word(self, written: str) -> Any:
        if written.lower() in _WORDS:
            return _WORDS[written.lower()]
        raise FormulaError(f'"{written}" kan inte läsas. Skriv text inom citattecken, tal som 7,5, JA eller NEJ.')

    def _range(self) -> list[list[Any]]:
        rows: list[list[Any]] = [[]]
        while True:
            rows[-1].append(self._value(end="}"))
            token = self._next()
            if token is None:
                raise FormulaError('Ett område slutar med "}".')
            self._place += 1
            if token[1] == "}":
                return rows
            if token[1] == "|":
                rows.append([])


def _number(written: str) -> int | float:
    text = written.replace(",", ".")
    return float(text) if "." in text or len(text) > LONGEST_INTEGER else int(text)
