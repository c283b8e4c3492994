"""The data files under core as they are written, for the tests that read them without the engine."""

from __future__ import annotations

import csv
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CORE = Path(__file__).parents[2] / "core"
STATUSES = {"bekräftad", "från policydokument", "två källor", "obekräftad", "förslag"}
UNITS = {"kr", "kr per km", "kr per mil", "procent", "minuter", "klockslag", "km", "antal", "timmar", "kg"}
COMPLETE_YEARS = ("2023", "2024", "2026")


@cache
def table(path: str) -> list[dict[str, str]]:
    """The rows of a CSV file under core."""
    with (CORE / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@cache
def document(path: str) -> dict[str, Any]:
    """A YAML file under core with every value as its written text."""
    content: dict[str, Any] = yaml.load((CORE / path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return content


def figure(room: str, name: str) -> dict[str, Any]:
    """One figure of a room's rates.yaml."""
    block: dict[str, Any] = document(f"{room}/rates.yaml")[name]
    return block


def value_on(room: str, name: str, day: str, key: str | None = None) -> Decimal:
    """The value in force on a day: the last entry from that day or before it (ISO dates sort as text)."""
    found = None
    for entry in figure(room, name)["varden"]:
        if entry["fran"] <= day and (key is None or key in entry["varde"]):
            found = entry["varde"] if key is None else entry["varde"][key]
    assert found is not None, f"{name} {key} {day}"
    return Decimal(found)


def to_nearest(amount: Decimal, step: int) -> int:
    """Half up to the nearest multiple of `step`."""
    return int((amount / step).quantize(Decimal(1), ROUND_HALF_UP)) * step


def normalised(text: str) -> str:
    """Without case and accents, as a reader would compare country names."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).strip()


DOMESTIC = {(int(row["ar"]), row["niva"]): row for row in table("traktamente/inrikes_publicerat.csv")}
COUNTRIES = {row["kod"]: row for row in table("vocabulary/lander.csv")}
AMOUNTS = table("traktamente/normalbelopp.csv")
