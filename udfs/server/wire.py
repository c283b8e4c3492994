"""Requests and answers of the calculation server as they stand in JSON."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

LONGEST_TEXT: Final = 32_767
"""Characters that a spreadsheet's cell holds at most."""

Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Number = Annotated[int, Meta(ge=0)]


class ErrorCell(Struct, forbid_unknown_fields=True):
    """A cell that holds an error, by its English code."""

    error: Text


Cell = None | bool | float | Text | ErrorCell
"""Whole numbers are read as floats too: a spreadsheet knows no others."""


class Given(Struct, forbid_unknown_fields=True):
    """An argument that is no plain cell: a range, its values row by row, or an error cell."""

    rows: Number | UnsetType = UNSET
    columns: Number | UnsetType = UNSET
    values: list[Cell] | UnsetType = UNSET
    error: Text | UnsetType = UNSET


Argument = None | bool | float | Text | Given


class Op(Struct, forbid_unknown_fields=True):
    """Many scalar calls of one function (`calls` and `columns`), or one call (`arguments`)."""

    function: Text
    calls: Number | UnsetType = UNSET
    columns: list[list[Cell]] | UnsetType = UNSET
    arguments: list[Argument] | UnsetType = UNSET


class BatchRequest(Struct, forbid_unknown_fields=True):
    """POST /batch."""

    ops: list[Op]
    policy: Text | None = None
    date: Text | None = None


class ItemErrors(Struct):
    """The items (from 0; by rows in a range) that have one and the same error."""

    items: list[int]
    code: str
    message: str


class CallsAnswer(Struct):
    """The answers of an op with `calls`; an item in error is null in `values`."""

    values: list[Any]
    errors: list[ItemErrors]


class RangeAnswer(Struct):
    """The answer of one call, its values row by row."""

    rows: int
    columns: int
    values: list[Any]
    errors: list[ItemErrors]


class Fault(Struct):
    """What is wrong, for programs (`code`) and for people (`message`, Swedish)."""

    code: str
    message: str


class OpFailed(Struct):
    """Stands in place of an op's answer, or is the whole answer of a request that failed."""

    error: Fault


class BatchAnswer(Struct):
    """The answer of POST /batch, one for each op."""

    version: str
    answers: list[CallsAnswer | RangeAnswer | OpFailed]


READ_BATCH: Final = msgspec.json.Decoder(BatchRequest)
ENCODER: Final = msgspec.json.Encoder(enc_hook=lambda value: value.item())
"""Whatever numpy scalar may stand among the answers is written as the number it holds."""
