"""What a sheet is to be computed with, as a form or JSON says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from core.vocabulary.parsed import quoted
from udfs.server.batch import setting
from udfs.server.faults import unreadable
from udfs.server.jobs.store import Options
from udfs.server.requests import Rejected
from udfs.server.settings import Settings
from xlsx.mapping import MappingError, make_mapping

YES: Final = ("ja", "1", "true", "on")
NO: Final = ("", "nej", "0", "false", "off")
FIELDS: Final = ("policy", "days", "sheet", "mapping", "saved")

Word = Annotated[str, Meta(max_length=400)]
Columns = Annotated[dict[Word, Word], Meta(max_length=600)]


class OptionsRequest(Struct, forbid_unknown_fields=True):
    """POST /recalc/{id}/again: all that is to hold for the next computation."""

    policy: Word | None = None
    days: bool = False
    sheet: Word | None = None
    mapping: Columns = {}


_READ: Final = msgspec.json.Decoder(OptionsRequest)
_READ_MAPPING: Final = msgspec.json.Decoder(Columns)


def options_of_form(fields: Mapping[str, str], settings: Settings) -> Options:
    """The options in the fields of a form. Raises Rejected."""
    if stray := [name for name in fields if name not in FIELDS]:
        names = ", ".join(("file", *FIELDS))
        raise Rejected(422, "fel-form", f"Fältet {quoted(stray[0])} är okänt. Fälten är {names}.")
    try:
        mapping = _READ_MAPPING.decode(fields["mapping"]) if fields.get("mapping") else {}
    except msgspec.DecodeError:
        raise Rejected(
            422, "fel-form", 'mapping: skriv JSON med filens rubriker och våra, till exempel {"Avg": "Avresa"}.'
        ) from None
    days = fields.get("days", "").lower()
    if days not in (*YES, *NO):
        raise Rejected(422, "fel-form", f"days: {quoted(days)} ska vara ja eller nej.")
    return _options(settings, fields.get("policy"), days in YES, fields.get("sheet"), mapping)


def options_of_json(body: bytes, settings: Settings) -> Options:
    """The options in JSON. Raises Rejected."""
    try:
        asked = _READ.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise unreadable(problem) from None
    return _options(settings, asked.policy, asked.days, asked.sheet, asked.mapping)


def saved_at(fields: Mapping[str, str]) -> float | None:
    """When the sender's file was last saved, in seconds since 1970, where the form says so. Raises Rejected."""
    written = fields.get("saved", "")
    if not written:
        return None
    try:
        seconds = float(written)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e11:
        raise Rejected(422, "fel-form", f"saved: {quoted(written)} ska vara sekunder sedan 1970.")
    return seconds


def _options(
    settings: Settings, policy: str | None, days: bool, sheet: str | None, mapping: Mapping[str, str]
) -> Options:
    chosen = setting(settings, policy, None).policy
    assert chosen is not None
    try:
        make_mapping(mapping)
    except MappingError as wrong:
        raise Rejected(422, "fel-kolumner", str(wrong)) from None
    return Options(chosen, days, (sheet or "").strip() or None, dict(mapping))
