"""Stored values as a reader sees them: kronor for öre, names for codes, dates for day numbers."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from core.bil.rules import AGREEMENT_OUTCOMES
from core.engine.clock import DAY, as_date
from core.engine.trace import Shown
from core.engine.units import to_written
from core.traktamente.rules import DAY_PARTS
from core.vocabulary import BIL, COUNTRIES, FARDMEDEL, MALTID, TYP, ZON
from core.vocabulary.places import PLACES

_WORDS: Final = {"färdmedel": FARDMEDEL, "typ": TYP, "zon": ZON, "bil": BIL, "måltid": MALTID}


def written(value: Any, unit: str) -> Any:
    """One stored value of a column with this unit, as a plain Python value."""
    value = value.item() if isinstance(value, np.generic) else value
    match unit:
        case "kr" | "km" | "timmar" | "klockslag":
            return to_written(value, unit)
        case "andel":
            return to_written(value, "procent")
        case "dag":
            return as_date(value).isoformat()
        case "tidpunkt":
            return f"{as_date(value // DAY).isoformat()} {to_written(value % DAY, 'klockslag')}"
        case "ja/nej":
            return "ja" if value else "nej"
        case "land":
            return COUNTRIES.name(value) if value >= 0 else "–"
        case "plats":
            return PLACES.all[value].name if value >= 0 else "–"
        case "dygnsdel":
            return DAY_PARTS[value]
        case "bilavtal":
            return AGREEMENT_OUTCOMES[value]
        case _ if unit in _WORDS:
            return _WORDS[unit].words[value] if value >= 0 else "–"
    return value


def show(value: Any, unit: str) -> Shown:
    """The value and the unit to print beside it."""
    printed = {"andel": "procent", "kg": "kg CO2e"}.get(unit, unit)
    return written(value, unit), printed if printed in (
        "kr",
        "km",
        "timmar",
        "minuter",
        "procent",
        "kg CO2e",
    ) else ""
