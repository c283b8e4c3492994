"""What a column of cells became: integers, which rows were given, and what was wrong with the others."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.engine.columns import ErrorCode

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

LONGEST_QUOTE = 60
"""Characters of a bad value that a message repeats."""


class Misread(ValueError):
    """A value that cannot be read; `code` is the cell's error, the text says in Swedish what was expected."""

    def __init__(self, message: str, code: ErrorCode = "#VALUE!") -> None:
        super().__init__(message)
        self.code: ErrorCode = code


@dataclass(frozen=True)
class Problem:
    """One bad value and every row (ascending) that holds it."""

    rows: Integers
    code: ErrorCode
    message: str


@dataclass(frozen=True)
class Parsed:
    """A column that was read, n rows.

    values: int64, unit by the kind of value; rows that are blank or bad hold 0 (−1 in a column of codes).
    given: False where the cell was blank; a bad cell counts as given.
    problems: one for each different bad value, in order of first row.
    """

    values: Integers
    given: Mask
    problems: list[Problem]

    @property
    def bad(self) -> Mask:
        """True for the rows that some problem names."""
        bad = np.zeros(len(self.values), dtype=bool)
        for problem in self.problems:
            bad[problem.rows] = True
        return bad


def quoted(value: object) -> str:
    """The value in straight quotes on one line, cut short when it is long."""
    text = " ".join(shown(value).split())
    if len(text) > LONGEST_QUOTE:
        text = text[: LONGEST_QUOTE - 1] + "…"
    return f'"{text}"'


def shown(value: object) -> str:
    """The value as a Swedish reader would write it: decimal comma, SANT/FALSKT."""
    if isinstance(value, (bool, np.bool_)):
        return "SANT" if value else "FALSKT"
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.15g}".replace(".", ",")
    return str(value)


ERROR_TEXT = re.compile(r"#[A-ZÅÄÖ0-9/_]+[!?]?|Err:\d{3}")
NOT_AVAILABLE = frozenset({"#N/A", "#SAKNAS!", "#SAKNAS"})
IMPOSSIBLE_NUMBER = frozenset({"#NUM!", "#OGILTIGT!", "Err:502", "Err:503"})


def is_error_text(text: str) -> bool:
    """True for the text of a spreadsheet's error value, in English, Swedish or LibreOffice's form."""
    return ERROR_TEXT.fullmatch(text) is not None


def cell_error(error: str, why: str = "") -> Misread:
    """The problem of a cell that already held an error; the error's own reason, when known, is passed on."""
    code: ErrorCode = "#VALUE!"
    if error in NOT_AVAILABLE:
        code = "#N/A"
    elif error in IMPOSSIBLE_NUMBER:
        code = "#NUM!"
    reason = f": {why}" if why else "."
    return Misread(f"Cellen innehåller felet {error}{reason}", code)
