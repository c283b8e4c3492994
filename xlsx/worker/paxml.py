"""Travel events in PAXml → a sheet of trips and one of legs, with the headings of our own template.

PAXml 2.0 lists what happened on a trip, one event each: departure (START), border crossing (LAND), a meal
(FRU_HOT, LUN_ARB …), kilometres by car (MIL_PRI …), outlays (UTLÄGG), return (STOPP).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from xlsx.errors import UnreadableSheet

Rows = list[list[str]]

LEFT_OUT: Final = "Ej läst ur PAXml"
"""The heading of what the file says and the trip has no column for."""

TRIP_HEADINGS: Final = (
    *("Rese-ID", "Anställningsnr", "Avresa", "Hemkomst", "Resmål", "Syfte", "Måltider", "Privat logi nätter"),
    *("Färdmedel", "Drivmedel / klass", "Km", "Utlägg", "Moms", LEFT_OUT),
)
LEG_HEADINGS: Final = ("Rese-ID", "Avgång", "Ankomst", "Till", "Färdmedel")

_HOME: Final = ZoneInfo("Europe/Stockholm")
_MEALS: Final = {
    "FRU_HOT": (0, "Fh"),
    "FRU_ARB": (0, "F"),
    "FRU_REP": (0, "Fr"),
    "LUN_ARB": (1, "L"),
    "LUN_REP": (1, "Lr"),
    "MID_ARB": (2, "M"),
    "MID_REP": (2, "Mr"),
}
_OWN_MEALS: Final = frozenset(f"{meal}_{why}" for meal in ("FRU", "LUN", "MID") for why in ("NEJ", "BET"))
_CARS: Final = {
    "MIL_PRI": ("privat bil", ""),
    "MIL_FTG": ("poolbil", ""),
    "MIL_TJT": ("förmånsbil", ""),
    "MIL_DIS": ("förmånsbil", "diesel"),
}
_NOTHING_TO_READ: Final = frozenset({*_OWN_MEALS, "LOGI_ARB", "LOGI_BET", "START", "STOPP", "FLYG", "LAND"})
_TRUE: Final = frozenset({"true", "1"})


@dataclass(frozen=True)
class _Event:
    """Something that happened to a person. `said`: the fields of the file by name."""

    person: str
    at: dt.datetime
    code: str
    said: dict[str, str]

    def get(self, name: str) -> str:
        return self.said.get(name, "")

    @property
    def goes_on(self) -> bool:
        return self.get("fortsatt").lower() in _TRUE

    @property
    def kilometres(self) -> int:
        if self.get("kilometer"):
            return _whole(self, "kilometer")
        return _whole(self, "kmstopp") - _whole(self, "kmstart") if self.get("kmstopp") else 0


@dataclass
class _Trip:
    person: str
    group: str
    start: _Event | None = None
    stop: _Event | None = None
    events: list[_Event] = field(default_factory=list)

    def covers(self, event: _Event) -> bool:
        """Whether an event is of this trip: meals often have a day but no hour."""
        first = self.start.at.date() if self.start else dt.date.min
        last = self.stop.at.date() if self.stop else dt.date.max
        same_group = not (self.group and event.get("samlingsid")) or self.group == event.get("samlingsid")
        return self.person == event.person and same_group and first <= event.at.date() <= last


def read_paxml(path: Path) -> dict[str, Rows]:
    """The sheets `Resor` and `Delsträckor`, each with its headings first. Raises UnreadableSheet."""
    try:
        events = list(_events(path))
    except ElementTree.ParseError as error:
        raise UnreadableSheet(f"{path.name}: filen är ingen giltig XML ({error}).") from None
    except ValueError as why:
        raise UnreadableSheet(f"{path.name}: {why}") from None
    if not events:
        raise UnreadableSheet(
            f"{path.name}: filen har inga resehändelser (resetransaktioner). "
            "Löne- och tidtransaktioner i PAXml är redan beräknade och läses inte."
        )
    trips = _trips(events)
    names = _names(trips)
    rows = [list(TRIP_HEADINGS)]
    legs = [list(LEG_HEADINGS)]
    for trip, name in zip(trips, names, strict=True):
        rows += _trip_rows(trip, name)
        legs += _legs(trip, name)
    return {"Resor": rows, "Delsträckor": legs} if len(legs) > 1 else {"Resor": rows}


def _events(path: Path) -> Iterator[_Event]:
    root = ""
    for happened, element in ElementTree.iterparse(path, ("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if not root:
            root = tag
            if root != "paxml":
                raise ValueError(f"filen är ingen PAXml-fil: den börjar med <{root[:40]}>.")
        if happened == "end" and tag == "resetrans":
            yield _event(element)
            element.clear()


def _event(element: ElementTree.Element) -> _Event:
    said = {child.tag.rpartition("}")[2]: " ".join((child.text or "").split()) for child in element}
    said["postid"] = element.get("postid", "")
    person = element.get("anstid") or element.get("persnr") or ""
    written = said.get("tidpunkt", "").partition("[")[0]
    try:
        at = dt.datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f'tidpunkten "{written[:40]}" i en resehändelse kan inte läsas.') from None
    if at.utcoffset() == dt.timedelta(0) and written.endswith("Z"):
        at = at.astimezone(_HOME)
    # A time with an offset is the clock on the wall where it happened.
    return _Event(person, at.replace(tzinfo=None), said.get("resekod", "").replace(" ", "").upper(), said)


def _whole(event: _Event, name: str) -> int:
    written = event.get(name) or "0"
    try:
        return int(written)
    except ValueError:
        raise ValueError(f'{name} "{written[:40]}" i en resehändelse är inget heltal.') from None


def _amount(event: _Event, name: str) -> float:
    written = event.get(name) or "0"
    try:
        return float(written.replace(",", "."))
    except ValueError:
        raise ValueError(f'{name} "{written[:40]}" i en resehändelse är inget tal.') from None


def _trips(events: Sequence[_Event]) -> list[_Trip]:
    """Trips from START to STOPP; an event that no trip covers is a row of its own."""
    trips: list[_Trip] = []
    open_trips: dict[tuple[str, str], _Trip] = {}
    ordered = sorted(events, key=lambda event: event.at)
    for event in ordered:
        key = event.person, event.get("samlingsid")
        if event.code == "START":
            open_trips[key] = _Trip(*key, start=event)
            trips.append(open_trips[key])
        elif event.code == "STOPP":
            trip = open_trips.pop(key, None)
            if trip is None:
                trip = _Trip(*key)
                trips.append(trip)
            trip.stop = event
    for event in ordered:
        if event.code not in ("START", "STOPP"):
            _owner(trips, event).events.append(event)
    return trips


def _owner(trips: list[_Trip], event: _Event) -> _Trip:
    """The trip that an event belongs to: the one under way at the hour, else that day, else one of its own."""
    found = [trip for trip in trips if trip.start is not trip.stop and trip.covers(event)]
    if not found:
        found = [_Trip(event.person, event.get("samlingsid"))]
        trips.append(found[0])
    return min(found, key=lambda trip: not _under_way(trip, event))


def _under_way(trip: _Trip, event: _Event) -> bool:
    return (trip.start is None or trip.start.at <= event.at) and (trip.stop is None or event.at <= trip.stop.at)


def _names(trips: Sequence[_Trip]) -> list[str]:
    """A name for each trip: its collection's, else its first event's number; a number after it where it is taken."""
    taken: Counter[str] = Counter()
    names = []
    for trip in trips:
        first = trip.start or trip.stop or trip.events[0]
        name = trip.group or first.get("postid") or f"{trip.person} {first.at:%Y-%m-%d}"
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return names


def _trip_rows(trip: _Trip, name: str) -> Rows:
    """The trip's row, and one for each further kind of car."""
    cars: defaultdict[str, int] = defaultdict(int)
    for event in trip.events:
        if event.code in _CARS:
            cars[event.code] += event.kilometres
    first, *others = sorted(cars, key=lambda code: -cars[code]) or [""]
    outlays, vat, left_out = _money(trip)
    moments = [event for event in (trip.start, trip.stop, *trip.events) if event is not None]
    departure, arrival = _departure(trip), _arrival(trip)
    if trip.start is None and trip.stop is None:
        departure = arrival = _clock(moments[0].at)
        left_out.insert(0, "händelse utan START och STOPP: tiden är händelsens")
    if trip.start is not None and trip.start.goes_on:
        left_out.insert(0, "resan började i en tidigare fil")
    if trip.stop is not None and trip.stop.goes_on:
        left_out.insert(0, "resan fortsätter i en senare fil")
    nights = sum(event.code == "LOGI_BET" for event in trip.events)
    flown = any(event.code == "FLYG" for event in trip.events)
    if flown and not first:
        left_out.append("FLYG kan även vara färja")
    mode, fuel = _CARS.get(first, ("flyg" if flown else "", ""))
    row = [
        *(name, trip.person, departure, arrival),
        *(next((event.get(said) for event in moments if event.get(said)), "") for said in ("ort", "syfte")),
        *(_meals(trip), str(nights or "")),
        *(mode, fuel, str(cars[first]) if first else ""),
        *(f"{outlays:.2f}" if outlays else "", f"{vat:.2f}" if vat else "", "; ".join(left_out)),
    ]
    further = [_car_row(trip, name, code, cars[code]) for code in others]
    return [row, *further]


def _car_row(trip: _Trip, name: str, code: str, kilometres: int) -> list[str]:
    at = _clock(next(event.at for event in trip.events if event.code == code))
    row = dict.fromkeys(TRIP_HEADINGS, "")
    row |= {"Rese-ID": f"{name} {code}", "Anställningsnr": trip.person, "Avresa": at, "Hemkomst": at}
    row |= {"Färdmedel": _CARS[code][0], "Drivmedel / klass": _CARS[code][1], "Km": str(kilometres)}
    return [row[heading] for heading in TRIP_HEADINGS]


def _departure(trip: _Trip) -> str:
    return _clock(trip.start.at) if trip.start is not None and not trip.start.goes_on else ""


def _arrival(trip: _Trip) -> str:
    return _clock(trip.stop.at) if trip.stop is not None and not trip.stop.goes_on else ""


def _clock(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _money(trip: _Trip) -> tuple[float, float, list[str]]:
    """Outlays and their VAT in kronor paid by the traveller, and what is not read."""
    outlays = vat = 0.0
    left_out = []
    for event in trip.events:
        known = event.code in _MEALS or event.code in _CARS or event.code in _NOTHING_TO_READ
        own = event.get("ftgkort").lower() not in _TRUE and event.get("valutakod").upper() in ("", "SEK")
        if event.code == "UTLÄGG" and own:
            outlays += _amount(event, "belopp")
            vat += _amount(event, "moms")
        elif not known:
            details = [
                event.get(said) for said in ("belopp", "valutakod", "timmar", "specifikation") if event.get(said)
            ]
            paid = ["företagskort"] if event.get("ftgkort").lower() in _TRUE else []
            left_out.append(" ".join([event.code or "händelse utan resekod", *details, *paid]))
    return outlays, vat, left_out


def _meals(trip: _Trip) -> str:
    """A group for each day of the trip, as the meals are written in a sheet."""
    eaten = {(event.at.date(), *_MEALS[event.code]) for event in trip.events if event.code in _MEALS}
    if not eaten or trip.start is None or trip.stop is None:
        return ""
    first = trip.start.at.date()
    days = (first + dt.timedelta(number) for number in range((trip.stop.at.date() - first).days + 1))
    groups = ["".join(sign for date, _, sign in sorted(eaten) if date == day) for day in days]
    return ", ".join(group or "-" for group in groups)


def _legs(trip: _Trip, name: str) -> Rows:
    """A leg to each country that was entered, from when the flight or ferry left, else at the border."""
    legs: Rows = []
    left: dt.datetime | None = None
    for event in sorted(trip.events, key=lambda event: event.at):
        if event.code == "FLYG":
            left = event.at
        elif event.code == "LAND":
            legs.append(
                [name, _clock(left or event.at), _clock(event.at), event.get("landskod"), "flyg" if left else ""]
            )
            left = None
    return legs
