"""Roles that approve and reasons that are stated, as codes."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from core.vocabulary import Codes, Column, Misread, Parsed, normalise
from core.vocabulary.columns import Reader, read
from core.vocabulary.words import parse_truth

ROLLER: Final = Codes(
    "roll",
    (
        "behörig chef",
        "förvaltningschef",
        "bolagschef",
        "förvaltningschef/bolagschef",
        "kommundirektör",
        "resenären själv",
    ),
    {
        "behörig chef": (
            "chef",
            "närmaste chef",
            "enhetschef",
            "avdelningschef",
            "verksamhetschef",
            "rektor",
            "manager",
        ),
        "förvaltningschef": ("förvaltningsdirektör", "stadsdelsdirektör", "head of administration"),
        "bolagschef": ("vd", "verkställande direktör", "ceo"),
        "förvaltningschef/bolagschef": ("förvaltningschef eller bolagschef", "förvaltnings- eller bolagschef"),
        "kommundirektör": ("stadsdirektör", "kommunchef", "city manager"),
        "resenären själv": ("resenären", "medarbetaren", "själv", "self"),
    },
)
"""Who approved or decided."""

_ABOVE: Final = {
    "behörig chef": ROLLER.words[:5],
    "förvaltningschef": ("förvaltningschef", "förvaltningschef/bolagschef", "kommundirektör"),
    "bolagschef": ("bolagschef", "förvaltningschef/bolagschef", "kommundirektör"),
}
_ABOVE["förvaltningschef/bolagschef"] = (*_ABOVE["förvaltningschef"], "bolagschef")


def suffices(wanted: str) -> Any:
    """Per code of ROLLER whether that role may do what the role `wanted` is asked for. A policy's role that we do
    not know is taken for met by everyone but the traveller, since nothing can be said of it."""
    known = wanted if wanted in ROLLER.words else None
    met = _ABOVE.get(known or "", (known,) if known else ROLLER.words[:-1])
    return np.array([word in met for word in ROLLER.words])


SKAL: Final = Codes(
    "skäl",
    (
        "angivet",
        "kollektivtrafik saknas",
        "betydande olägenhet",
        "bagage",
        "ingen ledig bil",
        "svårt att hämta bil",
        "annan omständighet",
    ),
    {
        "kollektivtrafik saknas": ("ingen kollektivtrafik", "kollektivtrafiken fungerar inte", "går ingen buss"),
        "betydande olägenhet": ("stor olägenhet", "stora besvär"),
        "bagage": ("packning", "väskor", "luggage"),
        "ingen ledig bil": ("ingen verksamhetsbil", "ingen poolbil", "ingen bil ledig"),
        "svårt att hämta bil": ("svårt att lämna bil", "svår att hämta", "svår att lämna", "svårt att hämta"),
        "annan omständighet": ("annat skäl", "särskilda omständigheter", "särskild omständighet"),
    },
)
"""Reasons that the documents name; any other text is `angivet`."""

_PHRASES: Final = tuple(
    (normalise(phrase), SKAL.code(phrase))
    for phrase in (
        *SKAL.words[1:],
        *("ingen kollektivtrafik", "stora besvär", "packning", "ingen verksamhetsbil", "ingen poolbil"),
        *("svårt att hämta", "svår att hämta", "svår att lämna"),
    )
)


class _Reasons(Reader):
    """A reason may be a sentence: a phrase that is known is looked for in it."""

    missing = -1
    not_one = "inget skäl"

    def text(self, text: str) -> int:
        words = normalise(text)
        if words in ("-", "", "nej", "inget"):
            return -1
        try:
            return SKAL.code(text, suggest=False)
        except Misread:
            return next((code for phrase, code in _PHRASES if phrase in words), SKAL["angivet"])


def reasons(values: Column) -> Parsed:
    """A column of reasons as codes of SKAL, −1 where none is stated."""
    return read(_Reasons(), values)


class _Receipts(Reader):
    """A number of receipts, yes or no, or what they are: any other text counts as receipts."""

    not_one = "inget antal kvitton"

    def text(self, text: str) -> int:
        if text.strip() in ("-", "saknas"):
            return 0
        try:
            return parse_truth(text)
        except Misread:
            return 1

    def numbers(self, numbers: Any) -> tuple[Any, Any]:
        return (numbers > 0).astype(np.int64), numbers < 0

    def truths(self, truths: Any) -> tuple[Any, Any]:
        return truths.astype(np.int64), np.zeros(len(truths), bool)


def receipts(values: Column) -> Parsed:
    """A column of receipts: 1 where there are some."""
    return read(_Receipts(), values)
