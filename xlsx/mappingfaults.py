"""The validation of a mapping file by pydantic: every fault in Swedish, with its key and what is allowed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from xlsx.mapping import MappingError, MappingFile

_FILE: Final = TypeAdapter(MappingFile)
_WANTED: Final = {"string_type": "text", "dict_type": "rubriker med värden", "list_type": "en lista"}


def validated(file: str, content: Any) -> MappingFile:
    """What a file by that name holds, validated; raises MappingError with every fault, a line each."""
    if not isinstance(content, dict):
        raise MappingError(f"{file}: filen ska ha nyckeln kolumner, med filens rubriker och Färdkosts.")
    try:
        return _FILE.validate_python(content)
    except ValidationError as error:
        raise MappingError("\n".join(_sentence(file, fault) for fault in error.errors())) from None


def _sentence(file: str, fault: Any) -> str:
    place = ", ".join(map(str, fault["loc"]))
    if fault["type"] == "unexpected_keyword_argument":
        allowed = ", ".join(field.name for field in fields(MappingFile))
        return f"{file}: nyckeln {place} är okänd. Tillåtna är {allowed}."
    return f"{file}: {place} ska vara {_WANTED.get(fault['type'], 'något annat')}."
