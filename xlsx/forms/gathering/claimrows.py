"""One filled claim as a row of the import sheet, and its legs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.vocabulary.words import plain
from xlsx.forms.filling import serial
from xlsx.forms.named import Form, is_blank, text_of
from xlsx.vocabulary import LEGS, TRIPS, Heading

HEADINGS: Final = "resrad_rubriker"
ROW: Final = "resrad"
LEG_HEADINGS: Final = "resrad_strackor_rubriker"
LEG_ROWS: Final = "resrad_strackor"
MESSAGES: Final = "formularfel"

WHOSE_AND_WHEN: Final = ("Anställningsnr", "Avresa", "Hemkomst")
"""What makes a claim the one it is: two with the same of these are the same claim."""

_TIMES: Final = frozenset({"moment", "date", "clock"})
_TEXTS: Final = frozenset({"text", "country", "mode", "type", "zone", "place", "meals", "truth"})
_MINUTES_A_DAY: Final = 1440

Record = Mapping[str, Any]
"""The filled cells of a row by our heading; times as Excel's numbers."""


@dataclass(frozen=True)
class ClaimRow:
    """What the import sheet gets of a claim. strange: what is wrong with the cells themselves."""

    titles: Sequence[str]
    """All headings that the form has, also those of blank cells."""
    trip: Record
    leg_titles: Sequence[str]
    legs: Sequence[Record]
    messages: Sequence[str]
    """What the form itself says of wrong input."""
    strange: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether nobody and no trip is named."""
        return not any(title in self.trip for title in WHOSE_AND_WHEN)

    @property
    def key(self) -> tuple[str, ...] | None:
        """Whose claim for which trip; None when that is not all said."""
        if not all(title in self.trip for title in WHOSE_AND_WHEN):
            return None
        return tuple(same(self.trip[title]) for title in WHOSE_AND_WHEN)


class NotReadable(ValueError):
    """The form lacks what it is read by; the Swedish message says what."""


def claim_row(form: Form) -> ClaimRow:
    """The row and the legs of a claim whose formulas have been computed. Raises NotReadable."""
    for name in (HEADINGS, ROW):
        if not form.has(name):
            raise NotReadable(
                f"Formuläret saknar fältet {name}, som resan läses från. Rader, kolumner eller blad kan ha tagits bort."
            )
    strange: list[str] = []
    titles = _titles(form.rows(HEADINGS)[0], TRIPS)
    trip = _record(titles, form.rows(ROW)[0], TRIPS, strange)
    leg_titles: list[str] = []
    legs: list[Record] = []
    if form.has(LEG_HEADINGS) and form.has(LEG_ROWS):
        leg_titles = _titles(form.rows(LEG_HEADINGS)[0], LEGS)
        records = (_record(leg_titles, row, LEGS, strange) for row in form.rows(LEG_ROWS))
        legs = [record for record in records if record]
    if not legs and {"Avgång", "Ankomst"} <= set(leg_titles):
        legs = _without_travel_time(trip)
    messages = [": ".join(filter(None, map(text_of, row))) for row in form.rows(MESSAGES)]
    return ClaimRow(titles, trip, leg_titles, legs, [message for message in messages if message], strange)


def _without_travel_time(trip: Record) -> list[Record]:
    """A leg that takes no time, for a trip without a night whose claim has no legs.

    The form pays for stated legs only, while a row of the import sheet without legs is taken for one long journey.
    """
    begun, over = trip.get("Avresa"), trip.get("Hemkomst")
    if not isinstance(begun, float | int) or not isinstance(over, float | int) or not 0 < over - begun < 1:
        return []
    leg = {"Avgång": begun, "Ankomst": begun, "Till": trip.get("Land")}
    return [{title: value for title, value in leg.items() if value is not None}]


def _titles(cells: Sequence[Any], known: Sequence[Heading]) -> list[str]:
    """Our headings; one that is not ours stands as it is."""
    ours = {plain(heading.title): heading.title for heading in known}
    return [ours.get(plain(text_of(cell)), text_of(cell)) for cell in cells]


def _record(titles: Sequence[str], cells: Sequence[Any], known: Sequence[Heading], strange: list[str]) -> Record:
    kinds = {heading.title: heading.kind for heading in known}
    made = {}
    for title, cell in zip(titles, cells, strict=False):
        if not title or is_blank(cell):
            continue
        if isinstance(cell, str) and cell.startswith("#"):
            strange.append(f"{title}: formuläret visar {cell}, så värdet är okänt.")
        made[title] = typed(cell, kinds.get(title, "text"))
    return made


def typed(cell: Any, kind: str) -> Any:
    """A cell as its column holds it, also where a format that was pasted over it says something else."""
    if isinstance(cell, str):
        return cell.strip()
    if kind in _TEXTS:
        return ("ja" if cell else "nej") if isinstance(cell, bool) else text_of(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        cell = serial(cell)
    if kind in _TIMES and isinstance(cell, int | float):
        # A clock that has been counted on may lack a millionth of a second, and so be of the minute before.
        return round(cell * _MINUTES_A_DAY) / _MINUTES_A_DAY
    return cell


def same(value: Any) -> str:
    """What is compared of a cell: numbers to five decimals, times to the minute, texts whatever their case."""
    return f"{value:.5f}" if isinstance(value, int | float) else text_of(value).casefold()


def differing(one: ClaimRow, other: ClaimRow) -> list[str]:
    """The headings under which two claims differ."""
    titles = dict.fromkeys([*one.trip, *other.trip])
    found = [title for title in titles if same(one.trip.get(title)) != same(other.trip.get(title))]
    if [_leg_key(leg) for leg in one.legs] != [_leg_key(leg) for leg in other.legs]:
        found.append("Delsträckor")
    return found


def _leg_key(leg: Record) -> list[tuple[str, str]]:
    return sorted((title, same(value)) for title, value in leg.items())
