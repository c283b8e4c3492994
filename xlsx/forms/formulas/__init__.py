"""Formulas as workbooks store them: which calls in a text are Färdkost's own, and the same formula mended or rewritten.

Excel stores the functions of an add-in as `_xldudf_NAME(…)`. A formula typed, or made by another program, while the
add-in was not there has the plain `NAME(…)` and never heals by itself; and beside some older add-ins Excel damages
the prefix to `FUNCRES.XLAM!_xldudf_NAME(…)` or `[2]!_xldudf_NAME(…)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.formula.translate import Translator

STORED: Final = "_xldudf_"
"""What Excel puts before the names of an add-in's functions."""

OMITTED: Final = "\ue000"
"""Stands for an argument that was left out, in formulas rewritten for the engine; no sheet holds this sign."""

_FUNCTION: Final = re.compile(r"(?P<before>.*!)?(?P<mark>_xldudf_|_xludf\.)?(?P<name>[A-Za-z_][\w.]*)\(", re.DOTALL)
_TEXTS: Final = re.compile(r'"[^"]*"')
_CALLED: Final = re.compile(r"(?<![\w.])([^\W\d][\w.]*)\(")
_BREAKS: Final = re.compile(r"[\r\n\t]+")
_MARK: Final = re.compile(r"^(?:_XLDUDF_|_XLUDF\.)")
_DEEPEST_NAME: Final = 8
_LEFT_OUT: Final = f',"{OMITTED}"'


@dataclass(frozen=True, slots=True)
class Call:
    """One call in a formula. form: `stored`, `plain` or `damaged`; written: as it stands, up to its parenthesis."""

    name: str
    form: str
    written: str


class Names:
    """The functions' names, for finding them in formulas."""

    def __init__(self, names: Collection[str]) -> None:
        self.known = {name.upper(): name for name in names}

    def maybe_in(self, text: str) -> bool:
        """Whether a formula may have a call; quick, and right about those that have none."""
        return any(_MARK.sub("", name.upper()) in self.known for name in _CALLED.findall(text))

    def call(self, token: str) -> Call | None:
        """The call that a token such as `[2]!_xldudf_TRAKTAMENTE(` opens, if it is one of the functions."""
        found = _FUNCTION.fullmatch(token)
        if found is None or found["name"].upper() not in self.known:
            return None
        before, mark = found["before"], (found["mark"] or "").lower()
        if before is not None and not mark:
            # A function of another workbook that has the same name.
            return None
        form = "plain" if not mark else "stored" if before is None and mark == STORED else "damaged"
        return Call(self.known[found["name"].upper()], form, token[:-1])


def one_line(text: str) -> str:
    """A formula with spaces for line breaks, but in its texts: the tokenizer takes them for parts of names."""
    if "\n" not in text and "\r" not in text and "\t" not in text:
        return text
    pieces = text.split('"')
    pieces[::2] = [_BREAKS.sub(" ", piece) for piece in pieces[::2]]
    return '"'.join(pieces)


def tokens(text: str) -> list[Token]:
    """The tokens of a formula without its `=`; none for a text that is no formula."""
    try:
        return list(Tokenizer(f"={text}").items)
    except (TokenizerError, IndexError, AttributeError, AssertionError):
        return []


def own_calls(text: str, names: Names) -> list[Call]:
    """The functions' calls in a formula, from left to right."""
    if not names.maybe_in(text):
        return []
    return [call for token in tokens(text) if _opens(token) and (call := names.call(token.value)) is not None]


def mended(text: str, names: Names, change: Callable[[Call], bool]) -> str:
    """The formula with the calls for which `change` is true in the form that Excel stores."""
    pieces = []
    for token in tokens(text):
        call = names.call(token.value) if _opens(token) else None
        pieces.append(token.value if call is None or not change(call) else f"{STORED}{call.name}(")
    return "".join(pieces) if pieces else text


def called(text: str) -> set[str]:
    """The names of all functions that a formula may call, in capitals."""
    return {name.upper() for name in _CALLED.findall(_TEXTS.sub('""', text))}


@lru_cache(maxsize=4096)
def moved(text: str, origin: str, to: str) -> str:
    """A shared formula as another cell of its group has it."""
    shown: str = Translator(f"={text}", origin).translate_formula(to)
    return shown.removeprefix("=")


def for_engine(text: str, number: int, names: Names, formulas: Mapping[str, str], prefix: str) -> str:
    """The formula with `prefix` before the functions' names, and the number of the cell as each call's first argument.

    Arguments that are left out become OMITTED, since an engine may hand over 0 for them. Defined names that stand
    for a formula with calls (`formulas`, by name in small letters) are replaced by that formula.
    """
    return _Rewriting(number, names, formulas, prefix).rewritten(text, 0)


@dataclass(slots=True)
class _Open:
    """A call that has been opened. empty: nothing of the argument at hand was seen; parted: there was a comma."""

    empty: bool = True
    parted: bool = False


class _Rewriting:
    def __init__(self, number: int, names: Names, formulas: Mapping[str, str], prefix: str) -> None:
        self.number, self.names, self.formulas, self.prefix = number, names, formulas, prefix

    def rewritten(self, text: str, depth: int) -> str:
        """The formula; the texts of names in it are `depth` names deep."""
        pieces: list[str] = []
        stack: list[_Open | None] = []
        for token in tokens(text):
            own = stack[-1] if stack else None
            if token.subtype == Token.CLOSE:
                if own is not None and own.empty and own.parted:
                    pieces.append(_LEFT_OUT)
                if stack:
                    stack.pop()
                pieces.append(token.value)
                continue
            if own is not None:
                if token.type == Token.SEP:
                    pieces.append(_LEFT_OUT if own.empty else "")
                    own.empty = own.parted = True
                    continue
                if own.empty:
                    if token.type == Token.WSPACE:
                        continue
                    pieces.append(",")
                    own.empty = False
            pieces.append(self._piece(token, stack, depth))
        return "".join(pieces) if pieces else text

    def _piece(self, token: Token, stack: list[_Open | None], depth: int) -> str:
        """A token as it shall stand; what it opens is put on the stack."""
        if token.subtype == Token.OPEN:
            call = self.names.call(token.value) if _opens(token) else None
            stack.append(None if call is None else _Open())
            return str(token.value) if call is None else f"{self.prefix}{call.name}({self.number}"
        if token.type == Token.OPERAND and token.subtype == Token.RANGE and depth < _DEEPEST_NAME:
            formula = self.formulas.get(token.value.lower())
            if formula is not None:
                return f"({self.rewritten(formula, depth + 1)})"
        return str(token.value)


def _opens(token: Token) -> bool:
    return bool(token.type == Token.FUNC and token.subtype == Token.OPEN)
