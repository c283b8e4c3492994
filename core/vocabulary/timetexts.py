"""One text → a point in time, a date, a clock or a length of time, as an integer.

Points in time are minutes since 1970-01-01 00:00 by the clock of the place, dates days since 1970-01-01,
clocks minutes since midnight, lengths minutes. Seconds are rounded to the nearest minute, halves up.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from core.engine.clock import DAY, FIRST_DAY, LAST_DAY, as_date, day_number
from core.engine.units import round_half_up
from core.vocabulary.numbers import HOURS, TwoReadings, parse_decimal, scaled, without_unit
from core.vocabulary.parsed import Misread, quoted

MOMENT_HINT: Final = (
    "Skriv till exempel 2026-03-10 07:00 (även 2026-03-10 07.00, 2026-03-10T07:00 och 20260310 07:00 läses)."
)
DATE_HINT: Final = "Skriv till exempel 2026-03-10 (även 20260310 läses)."
CLOCK_HINT: Final = "Skriv till exempel 08:00 (även 8.00, 0800 och 8 läses)."
LENGTH_HINT: Final = "Skriv timmar, till exempel 7:30 eller 7,5."

SECONDS_PER_DAY: Final = 86_400

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|(\d{2})(\d{2}))", re.ASCII)
_MONTHS: Final = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
_MONTH_NUMBERS: Final = {
    **{month[:length]: number for number, month in enumerate(_MONTHS, 1) for length in (3, len(month))},
    "sept": 9,
}
_DATE_IN_WORDS: Final = re.compile(
    rf"(?:den\s+)?(\d{{1,2}})[\s-]+({'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})\.?[\s-]+(\d{{4}})\b",
    re.ASCII | re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"\s*[Tt,]\s*|\s+(?:[Kk]l\.?\s*)?")
_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?|(\d{2})(\d{2})", re.ASCII)
_LOOSE_CLOCK: Final = re.compile(r"(\d)(\d{2})|(\d{1,2})", re.ASCII)
_FRACTION: Final = re.compile(r"0[.,]\d{3,}", re.ASCII)
_LENGTH: Final = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def parse_moment(text: str) -> int:
    """Minutes since 1970-01-01 00:00; raises ValueError.

    Reads the year first and a clock: `2026-03-10 07:00`, `2026-03-10 07.00`, `2026-03-10T07:00`,
    `20260310 07:00`, `2026-03-10 0700`, with or without seconds; also `10 mars 2026 07:00`.
    """
    day, clock = _split(text, f"Tidpunkten {quoted(text)} kan inte läsas. {MOMENT_HINT}")
    if not clock:
        raise Misread(f"Klockslag saknas i {quoted(text)}. Skriv till exempel {as_date(day)} 07:00.")
    seconds = _seconds(clock)
    if seconds is None:
        raise Misread(f"Klockslaget i {quoted(text)} kan inte läsas. {MOMENT_HINT}")
    if seconds >= SECONDS_PER_DAY:
        raise Misread(
            f"Klockslaget 24:00 i {quoted(text)} läses inte. Skriv 00:00 nästa dag: {as_date(day + 1)} 00:00."
        )
    return day * DAY + int(round_half_up(seconds, 60))


def parse_date(text: str) -> int:
    """Days since 1970-01-01 for `2026-03-10`, `20260310`, `10 mars 2026` or a point in time; raises ValueError."""
    unread = f"Datumet {quoted(text)} kan inte läsas. {DATE_HINT}"
    day, clock = _split(text, unread)
    if clock and _seconds(clock) is None:
        raise Misread(unread)
    return day


def parse_clock(text: str) -> int:
    """Minutes since midnight for `08:00`, `8.00`, `0800`, `8` or part of a day `0,333`; raises ValueError."""
    clock = re.sub(r"^[Kk]l\.?\s*", "", text.strip())
    seconds = _seconds(clock)
    if seconds is None and _FRACTION.fullmatch(clock):
        seconds = scaled(parse_decimal(clock), SECONDS_PER_DAY)
    loose = _LOOSE_CLOCK.fullmatch(clock)
    if seconds is None and loose:
        seconds = _checked_seconds(int(loose[1] or loose[3]), int(loose[2] or 0), 0)
    if seconds is None:
        raise Misread(f"Klockslaget {quoted(text)} kan inte läsas. {CLOCK_HINT}")
    minutes = int(round_half_up(seconds, 60))
    if minutes >= DAY:
        raise Misread(f"Klockslaget {quoted(text)} läses inte, dygnet slutar 23:59. Midnatt skrivs 00:00.")
    return minutes


def parse_duration(text: str, highest_hours: int | None = None) -> int:
    """Minutes for `7:30` (hours:minutes) or decimal hours, `7,5` or `7,5 h`; raises ValueError.

    highest_hours: the longest that the time can be, where `7.500` cannot be 7500; a longer time is still read.
    """
    written, unit = without_unit(text.strip())
    found = _LENGTH.fullmatch(written)
    if found and (not unit or unit in HOURS.worth):
        return int(found[1]) * 60 + int(round_half_up(int(found[2]) * 60 + int(found[3] or 0), 60))
    try:
        hours = parse_decimal(text, HOURS, limits=None if highest_hours is None else (0, highest_hours))
    except TwoReadings:
        raise
    except Misread:
        raise Misread(f"Tiden {quoted(text)} kan inte läsas. {LENGTH_HINT}") from None
    if hours < 0:
        raise Misread(f"Tiden {quoted(text)} får inte vara negativ.", "#NUM!")
    return scaled(hours, 60)


def outside(value: object) -> Misread:
    """The problem of a date beyond the years that the rules can be asked about."""
    first, last = as_date(FIRST_DAY).year, as_date(LAST_DAY).year
    return Misread(f"Datumet {quoted(value)} ligger utanför åren {first}–{last}.", "#NUM!")


def _split(text: str, unread: str) -> tuple[int, str]:
    """The day that the text begins with, checked, and what follows (a clock, or nothing)."""
    written = text.strip().translate(_DASHES)
    found = _DATE.match(written) or _DATE_IN_WORDS.match(written)
    rest = written[found.end() :] if found else written
    between = _BETWEEN.match(rest)
    if found is None and _seconds(rest) is not None and ":" in rest:
        raise Misread(f"Datum saknas i {quoted(text)}. Skriv till exempel 2026-03-10 07:00.")
    if found is None or (rest and between is None):
        raise Misread(unread)
    year, month, day = _numbers(found)
    try:
        number = day_number(date(year, month, day))
    except ValueError:
        raise Misread(
            f"Datumet i {quoted(text)} finns inte i kalendern. Kontrollera månad och dag (år-månad-dag)."
        ) from None
    if not FIRST_DAY <= number <= LAST_DAY:
        raise outside(text)
    return number, rest[between.end() :] if between else ""


def _numbers(found: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day of a date as it was written."""
    if found.re is _DATE_IN_WORDS:
        return int(found[3]), _MONTH_NUMBERS[found[2].lower()], int(found[1])
    year, month, day = (int(part) for part in found.groups() if part)
    return year, month, day


def _seconds(clock: str) -> int | None:
    """Seconds since midnight of a clock with minutes, 24:00 included; None when it is no clock."""
    found = _CLOCK.fullmatch(clock)
    if found is None:
        return None
    hours, minutes, seconds = found[1] or found[4], found[2] or found[5], found[3] or 0
    return _checked_seconds(int(hours), int(minutes), int(seconds))


def _checked_seconds(hours: int, minutes: int, seconds: int) -> int | None:
    total = (hours * 60 + minutes) * 60 + seconds
    return total if minutes < 60 and seconds < 60 and total <= SECONDS_PER_DAY else None
