"""Makes the demo's filled-in forms, as they are before anybody has recalculated them; invented people and trips.

python -m demo.make_forms, then
fardkost form demo/reserakning-vecka.xlsx
fardkost form demo/resebudget-2026.xlsx
"""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

from tests.xlsx.forms.travellers import WEEK_ABROAD
from xlsx.forms.filling import fill

ROOT: Final = Path(__file__).resolve().parents[1]
TRIP: Final = (
    *("enhet", "manad", "resa", "antal", "personer", "fran", "till", "land"),
    *("fardmedel", "typ", "natter", "biljett", "hotell", "km", "fardtid"),
)
TRIPS: Final = (
    ("Miljö", "januari", "Nätverksmöte", 1, 2, "Linköping", "Stockholm", None, "tåg", None, 0, 690, None, 400, 3),
    ("Miljö", "mars", "Klimatkonferens", 1, 1, "ARN", "BRU", "Belgien", "flyg", "ekonomi", 3, 4200, 1500, 2560, 5),
    ("Miljö", "maj", "Tillsyn", 12, 1, None, None, None, "poolbil", "el", 0, None, None, 90, None),
    ("Miljö", "oktober", "Studiebesök", 1, 4, "Linköping", "Malmö", None, "tåg", None, 1, 980, 1250, 780, 4),
    ("Skola", "februari", "Kurs", 2, 3, "Linköping", "Göteborg", None, "tåg", None, 1, 760, 1200, 560, 3),
    ("Skola", "april", "Skolbesök", 20, 1, None, None, None, "privat bil", "bensin", 0, None, None, 110, None),
    ("Skola", "juni", "Uppföljning", 10, 6, None, None, None, "digitalt", None, 0, None, None, None, None),
    ("Skola", "september", "Mässa", 1, 5, "Linköping", "Stockholm", None, "buss", "långväga", 1, 420, 1350, 400, 4),
    ("Teknik", "mars", "Upphandling", 1, 2, "ARN", "GOT", None, "flyg", "ekonomi", 0, 2400, None, 790, 2),
    ("Teknik", "april", "Platsbesök", 24, 1, None, None, None, "verksamhetsbil", "diesel", 0, None, None, 140, None),
    (
        "Teknik",
        "augusti",
        "Fackmässa",
        1,
        2,
        "Linköping",
        "Köpenhamn",
        "Danmark",
        "tåg",
        "Norden",
        2,
        1250,
        1600,
        900,
        5,
    ),
    ("Teknik", "november", "Samråd", 3, 2, "Linköping", "Stockholm", None, "tåg", None, 0, 690, None, 400, 3),
)
"""Planned trips; prices in kronor per person and per night, kilometres there and back."""

BUDGET: Final[dict[str, Any]] = {
    "budgetar": 2026,
    "avresa_klocka": time(6, 30),
    "hemkomst_klocka": time(19, 30),
    "hotellfrukost": "ja",
    "manadslon": 36_300,
    "enheter_namn": ["Miljö", "Skola", "Teknik"],
    "enheter_ram_kr": [40_000, 45_000, 30_000],
    "enheter_ram_kg": [1000, 600, 500],
    **{f"resor_{name}": [trip[place] for trip in TRIPS] for place, name in enumerate(TRIP)},
    "stracka_fran": "Linköping",
    "stracka_till": "Göteborg",
    "stracka_personer": 2,
    "forrattning_borjar": datetime(2026, 3, 10, 10),
    "forrattning_slutar": datetime(2026, 3, 10, 15),
    "alternativ_avresa": [datetime(2026, 3, 10, 6), datetime(2026, 3, 10, 6, 30), datetime(2026, 3, 10, 6, 30)],
    "alternativ_hemkomst": [datetime(2026, 3, 10, 19), datetime(2026, 3, 10, 19), datetime(2026, 3, 10, 18, 30)],
    "alternativ_typ": [None, None, "el"],
    "alternativ_biljett": [900, 2400],
    "alternativ_km": [560, 520, 560],
    "alternativ_arbete": [4, 1],
}
FORMS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "reserakning-vecka.xlsx": ("reserakning.xlsx", WEEK_ABROAD),
    "resebudget-2026.xlsx": ("resebudget.xlsx", BUDGET),
}
"""File → the template that is filled in, and the inputs."""


def main() -> None:
    """Write the files beside this one."""
    for name, (template, inputs) in FORMS.items():
        fill(ROOT / "templates" / template, Path(__file__).with_name(name), inputs)


if __name__ == "__main__":
    main()
