"""Alternatives of two errands as the tests of the comparison write them, with what they cost worked out beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from udfs.comparison import compare_table

HEADINGS = [
    "Alternativ", "Färdmedel", "Typ", "Avresa", "Framme", "Förrättning börjar", "Förrättning slutar",
    "Hemfärd börjar", "Hemkomst", "Biljett", "Hotell", "Km", "Arbetstid ombord", "Sovplats", "Måltider",
    "Månadslön", "Land",
]  # fmt: skip


Row = dict[str, Any]


def alternatives(*rows: Row) -> list[list[Any]]:
    headings = [*HEADINGS, *dict.fromkeys(key for row in rows for key in row if key not in HEADINGS)]
    return [headings, *([row.get(heading) for heading in headings] for row in rows)]


def compared(*rows: Row, policy: str = "linkoping") -> list[Row]:
    """The answer's lines by heading, without the line of weights."""
    table = compare_table(alternatives(*rows), policy)
    assert isinstance(table, list), table
    headings, *lines, _ = table
    assert len(lines) == len(rows)
    return [dict(zip(headings, line, strict=True)) for line in lines]


def check(line: Row, **expected: Any) -> None:
    names = {name.replace("_", " "): value for name, value in expected.items()}
    assert {name: line[name] for name in names} == names


COSTS = [
    "Biljett", "Hotell", "Bilkostnad", "Traktamente", "Nattraktamente", "Resetillägg", "Färdtidsersättning", "Utlägg",
    "Förlorad arbetstid", "Klimatpåslag",
]  # fmt: skip


# Linköping–Bryssel, a meeting on Wednesday 13 March 2024, 9–16. 42 900 kr a month is 42 900 / 165 = 260 kr an hour.
# Normalbelopp for Belgium 2024: 894 kr. Maximibelopp 2024: 290 kr. Ordinary hours 8–17.

FLIGHT_TO_BRUSSELS: Row = {
    "Alternativ": "Flyg kvällen före", "Färdmedel": "flyg", "Typ": "ekonomi",
    "Avresa": "2024-03-12 14:00", "Framme": "2024-03-12 20:30",
    "Förrättning börjar": "2024-03-13 09:00", "Förrättning slutar": "2024-03-13 16:00",
    "Hemkomst": "2024-03-13 23:00",
    "Biljett": 4200, "Hotell": 1450, "Km": 2600, "Arbetstid ombord": 1, "Måltider": "-, FhL",
    "Månadslön": 42900, "Land": "Belgien",
}  # fmt: skip


NIGHT_TRAIN_TO_BRUSSELS: Row = {
    "Alternativ": "Nattåg och hotell", "Färdmedel": "tåg", "Typ": "Europa",
    "Avresa": "2024-03-11 17:30", "Framme": "2024-03-12 14:00",
    "Förrättning börjar": "2024-03-13 09:00", "Förrättning slutar": "2024-03-13 16:00",
    "Hemfärd börjar": "2024-03-13 16:30", "Hemkomst": "2024-03-14 12:30",
    "Biljett": 3600, "Hotell": 1450, "Km": 2900, "Arbetstid ombord": 7, "Sovplats": "ja",
    "Måltider": "-, -, FhL, -", "Månadslön": 42900, "Land": "Belgien",
}  # fmt: skip


DIGITAL: Row = {"Alternativ": "Digitalt möte", "Färdmedel": "Teams", "Land": "Belgien"}


# Stockholm–Göteborg and back on Tuesday 10 March 2026, a meeting 10–15. 39 600 / 165 = 240 kr an hour.

FLIGHT: Row = {
    "Alternativ": "Flyg", "Färdmedel": "flyg", "Avresa": "2026-03-10 06:00", "Förrättning börjar": "2026-03-10 10:00",
    "Förrättning slutar": "2026-03-10 15:00", "Hemkomst": "2026-03-10 19:30", "Biljett": "2 400", "Km": 790,
    "Arbetstid ombord": "0:30", "Månadslön": 39600,
}  # fmt: skip


TRAIN: Row = {
    "Alternativ": "Tåg", "Färdmedel": "tåg", "Avresa": "2026-03-10 05:30", "Förrättning börjar": "2026-03-10 10:00",
    "Förrättning slutar": "2026-03-10 15:00", "Hemkomst": "2026-03-10 19:15", "Biljett": 1290, "Km": 910,
    "Arbetstid ombord": 3, "Månadslön": 39600,
}  # fmt: skip


CAR: Row = {
    "Alternativ": "Egen bil", "Färdmedel": "egen bil", "Typ": "bensin", "Avresa": "2026-03-10 04:30",
    "Förrättning börjar": "2026-03-10 10:00", "Förrättning slutar": "2026-03-10 15:00",
    "Hemkomst": "2026-03-10 20:30", "Km": 940, "Månadslön": 39600,
}  # fmt: skip


def own_policy(folder: Path, section: str) -> str:
    path = folder / "egen.yaml"
    path.write_text(f"titel: Egen\nkalla: Prov\n{section}", encoding="utf-8")
    return str(path)
