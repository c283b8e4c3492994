"""Claims → the columns the rules read, derived where the sheet does not state them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.columns import NOT_STATED
from core.encoded import Encoded
from core.engine import Column
from core.engine.clock import day_number
from core.engine.columns import first_error, narrow
from core.engine.levels import Frame
from core.law import Law
from core.maltider.table import MealTable
from core.vocabulary import BIL, COUNTRIES, FARDMEDEL, ROLL, SVERIGE, TYP, ZON, Meals, Misread, meal_texts
from core.vocabulary.places import PLACES
from xlsx.cells import broken_cells, or_else, to_column
from xlsx.claims import Claims, Mask
from xlsx.legs import Legs
from xlsx.mealcounts import joined, spread, too_many

NO_DISTANCE: Final = "avståndet saknas, resan räknas som utanför verksamhetsorten"
COUNTED_MEALS: Final = ("antal_frukost", "antal_lunch", "antal_middag")
PAID_MODES: Final = ("privat bil", "förmånsbil")
_NO_TRAVEL: Final = ("digitalt",)

_IS_PAID: Final = np.array([word in PAID_MODES for word in FARDMEDEL.words])
_STANDS_STILL: Final = np.array([word in _NO_TRAVEL for word in FARDMEDEL.words])
_ZONE_OF_COUNTRY: Final = ("inrikes", "Norden", "Europa", "övriga världen")


@dataclass
class Trips:
    """The trips of a sheet as columns for the rules; every column has a value or an error on every row.

    They are kept in as few bytes as hold them: see `narrow`.
    """

    claims: Claims
    legs: Legs | None
    columns: dict[str, Column] = field(default_factory=dict)
    remarks: list[tuple[Mask, str]] = field(default_factory=list)
    """What is to be said of rows, before anything is computed."""
    notes: list[str] = field(default_factory=list)
    """What is to be said of the whole sheet."""

    def __len__(self) -> int:
        return len(self.claims)

    @property
    def frames(self) -> dict[str, Frame]:
        """The rows of the trips' level alone."""
        return {"resa": Frame(len(self))}


def make_trips(claims: Claims, legs: Legs | None, law: Law) -> Trips:
    """The columns of the trips: as written, derived where they are not."""
    trips = Trips(claims, legs)
    _times(trips)
    _plain(trips)
    _country(trips)
    _modes(trips)
    _distance(trips, law)
    _meals(trips, law)
    _person(trips)
    return trips


def _times(trips: Trips) -> None:
    """Departure and return: the sheet's, within which the legs must lie, else those of the first and last leg."""
    claims, legs = trips.claims, trips.legs
    departure, home = claims.moment("avresa"), claims.moment("hemkomst")
    if legs is not None and len(legs):
        legs = trips.legs = legs.within(departure, home)
        departure = legs.completed(departure, "first", len(trips))
        home = legs.completed(home, "last", len(trips))
    for name, title, column in (("avresa", "Avresa", departure), ("hemkomst", "Hemkomst", home)):
        if column is not None:
            trips.columns[name] = narrow(claims.required(column, title))
    if "avresa" not in trips.columns:
        date = next((name for name in ("datum", "avresa_datum") if claims.has(name)), None)
        if date:
            trips.columns["datum"] = claims.required(claims.kept(date), claims.title(date))
        if date == "avresa_datum":
            trips.notes.append("Avresa har datum men inget klockslag: kolumnen Avresetid saknas.")


def _plain(trips: Trips) -> None:
    """Columns that need nothing but reading."""
    claims = trips.claims
    for name in ("normal_km", "bilavtal", "privata_natter"):
        if claims.has(name):
            trips.columns[name] = narrow(claims.filled(name, 0))
    for name in ("langtid_fran", "avstand", "manadslon", "sysselsattningsgrad", "kostnad", "utslapp"):
        if claims.has(name):
            trips.columns[name] = claims.kept(name)
    if "bilavtal" in trips.columns:
        agreed = trips.columns["bilavtal"]
        trips.columns["bilavtal"] = Column(agreed.values == 1, agreed.errors)
    if claims.has("roll"):
        trips.columns["fortroendevald"] = Column(_is_elected(claims.texts("roll")))
    if claims.has("avstand"):
        given = claims.kept("avstand").given
        assert given is not None
        trips.remarks.append((~given, NO_DISTANCE))
    else:
        trips.notes.append(
            "Kolumnen Avstånd till förrättningen saknas: alla resor räknas som utanför verksamhetsorten (över 50 km)."
        )


def _is_elected(roles: Encoded) -> Mask:
    """Rows whose role is that of an elected representative; a role we do not know is an employee's."""

    def elected(text: str) -> bool:
        try:
            return ROLL.code(text, suggest=False) == ROLL["förtroendevald"]
        except Misread:
            return False

    of_text: Mask = np.array([*map(elected, roles.texts), False])
    of_row: Mask = of_text[roles.index]
    return of_row


def _country(trips: Trips) -> None:
    claims, columns = trips.claims, trips.columns
    if claims.has("land"):
        columns["land"] = narrow(claims.filled("land", SVERIGE))
    else:
        columns["land"] = Column(np.zeros(len(trips), np.int16))
        trips.notes.append("Kolumnen Land saknas: alla resor utan delsträckor räknas som inrikes.")
    for name, column in (("fran", "fran_plats"), ("till", "till_plats")):
        if claims.has(name):
            columns[column] = _optional_places(trips, name)
    land = columns["land"]
    zones = np.array([ZON[COUNTRIES.zone(code)] for code in range(len(COUNTRIES))])
    derived = np.maximum(zones[np.maximum(land.values, 0)], _zone_of_places(columns, len(trips), zones))
    if trips.legs is not None:
        derived = np.maximum(derived, trips.legs.largest(zones, len(trips)))
    zone = Column(derived, land.errors)
    if claims.has("zon"):
        own = claims.column("zon")
        assert own.given is not None
        errors = first_error(own.errors, None if land.errors is None else np.where(own.given, 0, land.errors))
        zone = Column(np.where(own.given, own.values, derived), errors)
    columns["zon"] = narrow(zone)
    columns["utrikesresa"] = Column(zone.values >= ZON["Norden"], zone.errors)
    columns["enkelresor"] = Column(np.int64(2))


def _optional_places(trips: Trips, name: str) -> Column:
    """Places; one that is unknown is only a remark, since most results do without it."""
    column = trips.claims.column(name)
    if column.errors is not None:
        trips.remarks.append((column.errors != 0, f"platsen i {trips.claims.title(name)} är okänd"))
    return narrow(Column(or_else(column, NOT_STATED).values))


def _zone_of_places(columns: dict[str, Column], rows: int, zones: NDArray[np.int64]) -> Any:
    """The farthest zone of the two places; inrikes where they say nothing."""
    farthest = np.full(rows, ZON["inrikes"])
    for name in ("fran_plats", "till_plats"):
        if name in columns:
            place = columns[name].values
            country = np.where(place >= 0, PLACES.countries[place], -1)
            farthest = np.maximum(farthest, np.where(country >= 0, zones[country], 0))
    return farthest


def _modes(trips: Trips) -> None:
    """Mode, type, and the kind of car that is paid for."""
    claims, columns = trips.claims, trips.columns
    if claims.has("typ"):
        columns["typ"] = narrow(claims.filled("typ", NOT_STATED))
    if not claims.has("fardmedel"):
        return
    mode = columns["fardmedel"] = claims.required(claims.kept("fardmedel"), claims.title("fardmedel"))
    kind = columns["typ"].values if "typ" in columns else np.full(len(trips), NOT_STATED)
    car = np.full(len(trips), BIL["egen"])
    benefit = mode.values == FARDMEDEL["förmånsbil"]
    by_fuel = np.where(kind == TYP["el"], BIL["förmånsbil el"], BIL["förmånsbil"])
    car = np.where(benefit, np.where(kind == TYP["diesel"], BIL["förmånsbil diesel"], by_fuel), car)
    fuel_errors = columns["typ"].errors if "typ" in columns else None
    if fuel_errors is not None:
        fuel_errors = np.where(benefit, fuel_errors, 0).astype(np.int32)
    columns["bil"] = narrow(Column(car, first_error(mode.errors, fuel_errors)))
    unpaid = (mode.values == FARDMEDEL["moped"]) | (mode.values == FARDMEDEL["mc"])
    trips.remarks.append((unpaid, "L-4.4-1: moped och mc ger ingen ersättning"))


def paid_distance(trips: Trips) -> Column:
    """`merstracka` stated as 0 for every mode that is not paid by the kilometre."""
    mode = trips.columns["fardmedel"]
    unpaid = ~_IS_PAID[mode.values] & (mode.values >= 0)
    return Column(np.zeros(len(trips), np.int16), None, unpaid)


def estimated_distance(law: Law, start: Any, end: Any, mode: Any) -> Any:
    """Metres there and back between places (codes) by modes, for trips whose kilometres are not stated."""
    ways = {"fran_plats": start, "till_plats": end, "fardmedel": mode}
    columns = {name: Column(values) for name, values in ways.items()}
    columns |= {"enkelresor": Column(np.int64(2)), "datum": Column(np.int64(day_number(dt.date.today())))}
    return law.run(["beraknad_stracka"], columns, {"resa": Frame(len(start))}).values("beraknad_stracka")


def _distance(trips: Trips, law: Law) -> None:
    """Kilometres as written (`km`), and completed by the distance between places (`km_utslapp`)."""
    claims, columns = trips.claims, trips.columns
    rows = len(trips)
    written = claims.kept("km") if claims.has("km") else Column(np.zeros(rows, np.int16), None, np.zeros(rows, bool))
    assert written.given is not None
    if claims.has("km"):
        columns["km"] = written
    if "fardmedel" not in columns:
        return
    mode = columns["fardmedel"].values
    values, given = written.values, written.given | (_STANDS_STILL[mode] & (mode >= 0))
    if "fran_plats" in columns and "till_plats" in columns:
        start, end = columns["fran_plats"].values, columns["till_plats"].values
        found = np.flatnonzero(~given & (start >= 0) & (end >= 0) & (mode >= 0))
        values = values.astype(np.int64)
        values[found] = estimated_distance(law, start[found], end[found], mode[found])
        given[found] = True
        estimated = np.zeros(rows, bool)
        estimated[found] = True
        trips.remarks.append((estimated, "km beräknade mellan orterna, bara för utsläpp och klimatpåslag"))
    if given.any():
        columns["km_utslapp"] = narrow(Column(values, written.errors, given))


def _meals(trips: Trips, law: Law) -> None:
    """Meals as text, else the counted ones spread over the days."""
    claims, columns = trips.claims, trips.columns
    rows = len(trips)
    found: list[Meals] = []
    stated = Column(np.zeros(rows, np.int64), None, np.zeros(rows, bool))
    if claims.has("maltider"):
        raw = claims.raw("maltider")
        parsed, found = meal_texts(raw.texts())
        read = to_column(parsed, broken_cells(raw), claims.title("maltider"), claims.book)
        stated = Column(or_else(read, -1).values + 1, read.errors, read.given)
    counted, errors = np.zeros(rows, np.int64), None
    if any(map(claims.has, COUNTED_MEALS)) and {"avresa", "hemkomst"} <= set(columns):
        counted, errors = _counted_meals(trips, law, found)
        assert stated.given is not None
        trips.remarks.append(((counted > 0) & ~stated.given, "antal måltider utspridda över dygnen"))
    if claims.has("maltider") or any(map(claims.has, COUNTED_MEALS)):
        columns["maltidskod"] = narrow(joined(stated, counted, errors))
        columns["maltidstabell"] = Column(MealTable(found))


def _counted_meals(trips: Trips, law: Law, found: list[Meals]) -> tuple[NDArray[np.int64], NDArray[np.int32] | None]:
    claims, rows = trips.claims, len(trips)
    columns = [
        narrow(claims.filled(name, 0)) if claims.has(name) else Column(np.zeros(rows, np.int16))
        for name in COUNTED_MEALS
    ]
    given = {name: trips.columns[name] for name in ("avresa", "hemkomst")}
    targets = ("antal_dygn", "hel_avresedag", "hel_hemresedag")
    made = law.run_blocks(targets, given, trips.frames, book=claims.book)
    days = made["antal_dygn"]
    known = np.ones(rows, bool) if days.errors is None else days.errors == 0
    titles = [claims.title(name) if claims.has(name) else "" for name in COUNTED_MEALS]
    counts = [np.where(known, column.values, 0) for column in columns]
    errors = too_many(counts, days.values, titles, claims.book)
    for column in columns:
        errors = first_error(errors, column.errors)
    if errors is not None:
        counts = [np.where(errors == 0, count, 0) for count in counts]
    numbers = spread(
        counts,
        days.values,
        made["hel_avresedag"].values.astype(bool),
        made["hel_hemresedag"].values.astype(bool),
        found,
    )
    return numbers, errors


def _person(trips: Trips) -> None:
    """A number per employee; a trip without one is an employee of its own."""
    coded = trips.claims.texts("anstallningsnr")
    own = len(coded.texts) + np.arange(len(trips))
    trips.columns["person"] = narrow(Column(np.where(coded.index >= 0, coded.index, own)))


def travelled(trips: Trips) -> Mask:
    """Trips that are travelled at all, unlike a meeting over the net."""
    mode = trips.columns.get("fardmedel")
    return np.ones(len(trips), bool) if mode is None else np.asarray(~_STANDS_STILL[mode.values] | (mode.values < 0))
