"""What a formula refers to: cells, areas and defined names, as areas of sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from openpyxl.formula.tokenizer import Token

from xlsx.forms.formulas import tokens
from xlsx.patch.references import LAST_COLUMN, LAST_ROW, Area, column_number

_REFERENCE: Final = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^'!\[\]]+))!)?"
    r"(?:\$?([A-Za-z]{1,3})?\$?(\d+)?)(?::\$?([A-Za-z]{1,3})?\$?(\d+)?)?#?"
)

_OUTSIDE: Final = re.compile(
    r"""(?:^|[=(,;+\-*/&<>^ {'])\[(?:\d+|[^\[\]]+\.xl\w+)\][^\[\]()]*!|'[^'\[]*\[[^\[\]]+\.xl\w+\]"""
)
"""`[1]Blad!A1` or `'C:\\mapp\\[bok.xlsx]Blad'!A1`; not the columns of tables."""

Areas = Mapping[str, tuple[str, Area]]
"""Defined names in small letters, with the sheet and area that each stands for."""


def referenced(text: str, sheet: str, names: Areas) -> list[tuple[str, Area]]:
    """The areas that a formula of a sheet refers to, by sheet; other workbooks and tables are left out."""
    found = []
    for token in tokens(text):
        if token.type != Token.OPERAND or token.subtype != Token.RANGE:
            continue
        named = names.get(token.value.lower())
        if named is not None:
            found.append(named)
        elif (area := _area(token.value)) is not None:
            found.append((area[0] or sheet, area[1]))
    return found


def unresolved(text: str, names: Areas) -> bool:
    """Whether a formula refers to anything of which it cannot be told where it is, such as a table's columns."""
    return any(
        token.type == Token.OPERAND
        and token.subtype == Token.RANGE
        and token.value.lower() not in names
        and _area(token.value) is None
        for token in tokens(text)
    )


def refers_outside(text: str) -> bool:
    """Whether a formula refers to another workbook."""
    return "[" in text and _OUTSIDE.search(text) is not None


def _area(written: str) -> tuple[str, Area] | None:
    at = _REFERENCE.fullmatch(written)
    if at is None:
        return None
    quoted, plain, left, top, right, bottom = at.groups()
    if not left and not top:
        return None
    sheet = quoted.replace("''", "'") if quoted is not None else plain or ""
    if ":" not in written.rpartition("!")[2]:
        if not left or not top:
            return None
        right, bottom = left, top
    rows = (int(top or 1), int(bottom or LAST_ROW))
    columns = (column_number(left) if left else 0, column_number(right) if right else LAST_COLUMN)
    return sheet, Area(min(rows), min(columns), max(rows), max(columns))
