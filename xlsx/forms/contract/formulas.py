"""Whether two formulas say the same, however the program that saved them writes names, prefixes and references."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from openpyxl.formula.tokenizer import Token

from xlsx.forms.contract.moves import Moved, moved_area
from xlsx.forms.formulas import tokens
from xlsx.patch.references import Area

_REFERENCE: Final = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!\[\]]+)!)?(?P<area>\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?)#?"
)
_PREFIXES: Final = re.compile(r"^(?:.*!)?(?:_xlfn\.|_xlws\.|_xldudf_|_xludf\.)*", re.IGNORECASE | re.DOTALL)
GONE: Final = "#REF!"


def same_formula(template: str, form: str, sheet: str, moved: Mapping[str, Moved]) -> bool:
    """Whether a template's formula is what stands in the form.

    sheet: the template's sheet that it is in. moved: by the template's sheets, how they lie in the form.
    """
    now = moved[sheet].name
    untouched = all(one.rows.same and one.columns.same and one.name == name for name, one in moved.items())
    if untouched and template == form:
        return True
    return _plain(template, sheet, moved) == _plain(form, now, None)


def _plain(text: str, sheet: str, moved: Mapping[str, Moved] | None) -> list[str]:
    """A formula's tokens in one spelling, its references as they are in the form."""
    found: list[str] = []
    for token in tokens(text):
        if token.type == Token.WSPACE:
            continue
        if token.subtype == Token.CLOSE and found and found[-1] in ("TRUE(", "FALSE("):
            # LibreOffice writes the truth values as functions.
            found[-1] = found[-1].removesuffix("(")
        elif token.type == Token.FUNC:
            found.append(_PREFIXES.sub("", token.value).upper())
        elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
            found.append(_reference(token.value, sheet, moved))
        elif token.type == Token.OPERAND and token.subtype == Token.NUMBER:
            found.append(f"{float(token.value):.15g}")
        elif token.type == Token.OPERAND and token.subtype == Token.TEXT:
            found.append(token.value)
        else:
            found.append(token.value.upper())
    return found


def _reference(text: str, sheet: str, moved: Mapping[str, Moved] | None) -> str:
    if GONE in text:
        return GONE
    at = _REFERENCE.fullmatch(text)
    if at is None:
        return text.casefold()
    written = at["sheet"]
    named = sheet if written is None else written.strip("'").replace("''", "'")
    area: Area | None = Area.parse(at["area"].replace("$", ""))
    if moved is not None:
        if named not in moved:
            return GONE
        assert area is not None
        area = moved_area(area, moved[named])
        named = moved[named].name
    return GONE if area is None else f"{named.casefold()}!{area}"
