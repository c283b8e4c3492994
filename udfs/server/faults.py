"""What is wrong with a request that is not the JSON it should be, in Swedish."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from udfs.server.requests import Rejected

_KINDS: Final = {
    "object": "ett objekt",
    "array": "en lista",
    "str": "text",
    "int": "ett heltal",
    "float": "ett tal",
    "bool": "true eller false",
    "null": "null",
}
_PLACE: Final = re.compile(r"(.*) - at `(?:key in )?\$?\.?(.*)`", re.DOTALL)


def unreadable(problem: Exception) -> Rejected:
    """The answer to a body that could not be decoded: 400 when it is no JSON, 422 when it is another one."""
    if isinstance(problem, msgspec.ValidationError):
        found = _PLACE.fullmatch(str(problem))
        what, place = (found[1], found[2]) if found else (str(problem), "")
        return Rejected(422, "fel-form", f"{place or 'Begäran'}: {_sentence(what)}")
    if isinstance(problem, UnicodeDecodeError):
        return Rejected(400, "ingen-json", "Begäran är inte text i UTF-8.")
    return Rejected(400, "ingen-json", "Begäran är inte giltig JSON.")


def _sentence(what: str) -> str:
    """One of msgspec's sentences in Swedish."""
    if found := re.fullmatch(r"Object missing required field `(.*)`", what):
        return f"{found[1]} saknas."
    if found := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        return f"{found[1]} är ingen känd uppgift."
    if found := re.fullmatch(r"Expected `str` of length <= (\d+)", what):
        return f"texten är för lång, högst {found[1]} tecken."
    if re.fullmatch(r"Expected `int` >= 0", what):
        return "talet får inte vara negativt."
    if "out of range" in what:
        return "talet är för stort."
    if found := re.fullmatch(r"Expected `(.*)`, got `(.*)`", what):
        wanted = " eller ".join(_KINDS.get(kind, kind) for kind in found[1].split(" | "))
        return f"väntade {wanted}, inte {_KINDS.get(found[2], found[2])}."
    return "uppgiften kan inte läsas."
