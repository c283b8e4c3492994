"""What stands in a form's inputs against what they take: texts in dates, words that are in no list, hidden values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from core.vocabulary import closest, normalise
from core.vocabulary.parsed import is_error_text, quoted
from xlsx.forms.contract.shape import CellShape, Taken
from xlsx.forms.filling import serial

_HIDDEN_FORMATS: Final = (";;;", ";;", ";")
_LEAST_CONTRAST: Final = 1.5
"""Less than this between text and ground cannot be read on a screen."""

_EXAMPLES: Final = {
    "datum": "Skriv ett datum så här: 2026-03-10.",
    "tidpunkt": "Skriv datum och klockslag så här: 2026-03-10 07:30.",
    "klockslag": "Skriv ett klockslag så här: 07:30.",
    "tal": "Skriv ett tal, till exempel 1234,50.",
    "heltal": "Skriv ett helt tal.",
    "ord": "Välj ett av orden i listan.",
}
_NAMES: Final = {"datum": "inget datum", "tidpunkt": "ingen tidpunkt", "klockslag": "inget klockslag"}


def wrong_value(value: Any, taken: Taken) -> str:
    """What is wrong with the value of an input, and what it takes; empty where nothing is."""
    if value is None or (isinstance(value, str) and not value.strip()) or taken.kind == "text":
        return ""
    wanted = taken.message or _EXAMPLES[taken.kind]
    if isinstance(value, str) and is_error_text(value.strip()):
        return f"Cellen innehåller felet {value.strip()}. {wanted}"
    if taken.kind == "ord":
        return _wrong_word(value, taken, wanted)
    number = _as_number(value)
    if number is None:
        shown = "sant eller falskt" if isinstance(value, bool) else f"{quoted(value)} som text"
        return f"Cellen innehåller {shown}, {_NAMES.get(taken.kind, 'inget tal')}. {wanted}"
    least = taken.least if taken.least is not None else number
    most = taken.most if taken.most is not None else number
    # A point in time on the last day is later than the day itself.
    if number < least or number >= most + 1 if taken.kind == "tidpunkt" else not least <= number <= most:
        return f"{_shown(value)} ligger utanför vad cellen tar emot. {wanted}"
    if taken.kind == "heltal" and number % 1:
        return f"{_shown(value)} är inget helt tal. {wanted}"
    return ""


def _wrong_word(value: Any, taken: Taken, wanted: str) -> str:
    text = _shown(value)
    if not taken.words or normalise(text) in map(normalise, taken.words):
        return ""
    near = closest(text, taken.words, most=1)
    maybe = f" Menade du {near[0]}?" if near else ""
    return f"{quoted(text)} finns inte i listan.{maybe} {wanted}"


def _as_number(value: Any) -> float | None:
    """A cell as the number that the file holds; None for a text or a truth."""
    if isinstance(value, datetime | date | time):
        return serial(value)
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return None if isinstance(value, bool | str) else float(value)


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    return str(value)


def hidden_value(cell: CellShape, template: CellShape) -> str:
    """How a pasted format hides what a cell holds or makes it look like something else; empty where it does not."""
    if cell.value is None and cell.formula is None:
        return ""
    if cell.number_format in _HIDDEN_FORMATS and template.number_format not in _HIDDEN_FORMATS:
        return "Talformatet döljer det som står i cellen."
    if cell.ink and cell.ground and contrast(cell.ink, cell.ground) < _LEAST_CONTRAST:
        return "Texten har samma färg som bakgrunden och syns inte."
    if isinstance(cell.value, str):
        return ""
    if template.is_date and not cell.is_date:
        return "Talformatet har ändrats, så att tiden visas som ett vanligt tal."
    if cell.is_date and not template.is_date and template.number_format not in ("General", "@"):
        return "Talformatet har ändrats, så att talet visas som ett datum."
    return ""


def contrast(one: str, other: str) -> float:
    """The contrast between two colours, `RRGGBB`, as WCAG counts it: 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
