"""The trips of a small municipality's follow-up of 2025, and reading the tables of the form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import openpyxl

TRIP_COLUMNS: Final = (
    "avdelning", "avresa", "hemkomst", "fardmedel", "land", "km", "km_ar", "natter", "person", "biljett", "hotell",
    "ersattning", "klimatpaslag", "kg_med", "kg_utan", "fel",
)  # fmt: skip


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# fmt: off
TRIPS: Final[Sequence[Sequence[Any]]] = (
    # 2025. The train to Örebro and back, 20 mil each way.
    ("Kultur", _at("2025-01-10 07:00"), _at("2025-01-10 19:00"), "tåg", "Sverige", 400, "uppgivna", None, 1,
     800, None, 100, 0, 2.8, 2.8, None),
    # A flight of 45 mil: short, and on a route where train is the norm. Two nights.
    ("Kultur", _at("2025-03-04 06:00"), _at("2025-03-06 20:00"), "flyg", "Sverige", 900, "uppgivna", None, 1,
     3000, 2400, 500, 600, 236.5, 152.1, None),
    # Own car, 6 mil.
    ("Skola", _at("2025-03-10 08:00"), _at("2025-03-10 17:00"), "privat bil", None, 120, "uppgivna", None, 2,
     None, None, 300, 10, 25.3, 25.3, None),
    # Train, 50 mil exactly, which is still within the norm. Two nights.
    ("Skola", _at("2025-05-05 08:00"), _at("2025-05-07 18:00"), "tåg", "Sverige", 1000, "uppgivna", None, 3,
     1500, 2600, 450, 0, 7, 7, None),
    # A flight to Brussels. Seven nights, stated.
    ("Stab", _at("2025-06-01 06:00"), _at("2025-06-08 22:00"), "flyg", "Belgien", 2656, "beräknade", 7, 4,
     6000, 9000, 4000, 1200, 393.9, 257.3, None),
    # A meeting over the net is no trip, although it lasts over a midnight.
    ("Stab", _at("2025-06-15 09:00"), _at("2025-06-16 10:00"), "digitalt", "Sverige", 0, "uppgivna", None, 4,
     None, None, 0, 0, 0, 0, None),
    # Coach, 12 mil, one night. Emissions without altitude are not stated: of a coach they are the same.
    ("Skola", _at("2025-09-01 07:00"), _at("2025-09-02 18:00"), "buss", "Sverige", 240, "uppgivna", None, 2,
     300, 1100, 250, 0, 6.5, None, None),
    # A flight of 50 mil exactly: long, and on a route where train is the norm. Home next year, two nights.
    # With altitude 160.8 / 0.6432 = 250 kg.
    ("Kultur", _at("2025-12-31 12:00"), _at("2026-01-02 12:00"), "flyg", "Sverige", 1000, "uppgivna", None, 1,
     2500, 2000, 600, 500, None, 160.8, None),
    # A taxi of 3 mil for a unit that is not stated.
    (None, _at("2025-10-10 10:00"), _at("2025-10-10 12:00"), "taxi", "Sverige", 60, "uppgivna", None, 5,
     700, None, None, None, 15.6, 15.6, "Klimatpåslag: ange sträckan."),
    # A bicycle, by a unit that is not listed, without kilometres, person and cost.
    ("Park", _at("2025-11-11 08:00"), _at("2025-11-11 17:00"), "cykel", "Sverige", None, None, None, None,
     None, None, None, None, 0, 0, None),
    # Last year and the base year.
    ("Kultur", _at("2024-04-01 07:00"), _at("2024-04-03 19:00"), "tåg", "Sverige", 400, "uppgivna", None, 1,
     700, 1500, 200, 0, 2.8, 2.8, None),
    ("Skola", _at("2019-05-01 07:00"), _at("2019-05-02 19:00"), "flyg", "Sverige", 800, "uppgivna", None, 2,
     2000, 1000, 300, 0, 200, 130, None),
    # Two rows with faults: a date in words, and a return before the departure by a mode that is none.
    ("Skola", "tolfte mars", None, "tåg", "Sverige", 100, "uppgivna", None, 3, 90, None, None, None, 1, 1, None),
    ("Stab", _at("2025-02-02 08:00"), _at("2025-02-01 08:00"), "rymdraket", "Sverige", "ca 90", None, None, None,
     None, None, None, None, None, None, None),
)
# fmt: on

ASSUMPTIONS: Final[dict[str, Any]] = {
    "organisation": "Provkommunen",
    "ar": 2025,
    "basar": 2019,
    "mal_minskning": 0.6,
    "mal_kg": 15,
    "mal_tag": 0.9,
    "enheter_namn": ["Kultur", "Skola", "Stab"],
    "enheter_arsarbetare": [10, 40, 5],
    "enheter_forra_kg": [None, 50, None],
    "enheter_bas_kg": [300, None, None],
}


def inputs(trips: Sequence[Sequence[Any]] = TRIPS, **more: Any) -> dict[str, Any]:
    """What is filled in, by defined names."""
    columns = {f"data_{name}": [row[place] for row in trips] for place, name in enumerate(TRIP_COLUMNS)}
    return {**ASSUMPTIONS, **columns, **more}


Table = dict[str, dict[str, Any]]


def read_table(path: Path, sheet: str, section: str) -> Table:
    """The saved values of the table under a section's heading: by the first cell of each line, then by heading.

    It ends with the line of all. Lines without a label are left out, and so are cells without a value.
    """
    rows = _rows(path, sheet)
    start = next(number for number, row in enumerate(rows) if row[0] == section)
    headings = _numbered(rows[start + 1][1:])
    found: Table = {}
    for row in rows[start + 2 :]:
        values = {heading: value for heading, value in zip(headings, row[1:], strict=True) if value not in (None, "")}
        if row[0] and values:
            found[row[0]] = values
        if str(row[0]).startswith("Alla "):
            break
    return found


@cache
def _rows(path: Path, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in _book(path)[sheet].iter_rows()]


@cache
def _book(path: Path) -> Any:
    return openpyxl.load_workbook(path, data_only=True)


def _numbered(headings: Sequence[Any]) -> list[str]:
    """Headings that can be told apart: the second `Ändring` is `Ändring 2`."""
    seen: dict[str, int] = {}
    told = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        told.append(heading if seen[heading] == 1 else f"{heading} {seen[heading]}")
    return told
