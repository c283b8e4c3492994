"""Rows of alternatives → the columns the rules read, with what is missing or contradicts itself named per row."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.columns import EVERYWHERE, NOT_STATED
from core.engine import CellError, Column, ErrorBook
from core.engine.clock import DAY, day_number
from core.engine.columns import first_error, mark
from core.engine.levels import Frame
from core.jamforelse.journeys import Times, owners
from core.jamforelse.rules import FLEET, IS_FLEET, IS_OWN_CAR
from core.law import Law
from core.maltider.table import MealTable
from core.readers import MOST_HOURS
from core.vocabulary import BIL, COUNTRIES, FARDMEDEL, SVERIGE, ZON, durations, meal_texts
from core.vocabulary.places import PLACES
from core.vocabulary.words import one_of
from xlsx.cells import broken_cells, or_else, to_column
from xlsx.claims import Claims, Mask
from xlsx.trips import estimated_distance

_TICKETED: Final = ("buss", "tåg", "spårvagn", "färja", "taxi", "flyg")
_ON_FOOT: Final = ("gång", "cykel", "elcykel")
_ERRAND: Final = ("framme", "forrattning_borjar", "forrattning_slutar", "hemfard")
_MOMENTS: Final = ("avresa", "framme", "forrattning_borjar", "forrattning_slutar", "hemfard", "hemkomst")


def _among(words: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.array([word in words for word in FARDMEDEL.words])


_IS_TICKETED, _IS_ON_FOOT, _IS_DIGITAL = _among(_TICKETED), _among(_ON_FOOT), _among(("digitalt",))


@dataclass
class Alternatives:
    """n alternatives as columns for the rules; `remarks` is what is to be said of rows before anything is computed."""

    claims: Claims
    columns: dict[str, Column] = field(default_factory=dict)
    remarks: list[tuple[Mask, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.claims)

    @property
    def book(self) -> ErrorBook:
        """The errors that the columns refer to."""
        return self.claims.book

    @property
    def mode(self) -> NDArray[np.int64]:
        """Code of each alternative's mode; a digital meeting where it could not be read."""
        return np.asarray(self.columns["fardmedel"].values)

    @property
    def digital(self) -> Mask:
        """Alternatives that are no trip."""
        return np.asarray(_IS_DIGITAL[self.mode])

    @property
    def frames(self) -> dict[str, Frame]:
        """A trip per alternative, two journeys per trip."""
        return {"resa": Frame(len(self)), "stracka": Frame(2 * len(self), {"resa": owners(len(self))})}

    def names(self) -> list[str]:
        """What each alternative is called: its own name, else its mode."""
        coded, mode = self.claims.texts("alternativ"), self.columns["fardmedel"]
        known = np.ones(len(self), bool) if mode.errors is None else mode.errors == 0
        own = [coded.texts[place] if place >= 0 else "" for place in coded.index.tolist()]
        return [
            name or (FARDMEDEL.words[code] if sound else f"Alternativ {number}")
            for number, (name, code, sound) in enumerate(zip(own, self.mode.tolist(), known.tolist(), strict=True), 1)
        ]


def make_alternatives(claims: Claims, law: Law) -> Alternatives:
    """The columns of the alternatives; every row has a value or an error."""
    made = Alternatives(claims)
    mode = claims.required(claims.column("fardmedel"), claims.title("fardmedel"))
    unread = np.zeros(len(claims), bool) if mode.errors is None else mode.errors != 0
    made.columns["fardmedel"] = Column(np.where(unread, FARDMEDEL["digitalt"], mode.values), mode.errors)
    _times(made, unread)
    _money(made)
    _counts(made)
    _where(made)
    _car(made)
    _distance(made, law)
    _meals(made)
    _journeys(made, law)
    return made


def _blank(rows: int) -> Column:
    return Column(np.zeros(rows, np.int64), None, np.zeros(rows, bool))


def _read(made: Alternatives, name: str) -> Column:
    """A column as written; wholly blank when the table has none."""
    return made.claims.column(name) if made.claims.has(name) else _blank(len(made))


def _filled(made: Alternatives, name: str, blank: Any) -> Column:
    return or_else(_read(made, name), blank)


def _needed(made: Alternatives, column: Column, where: Any, sentence: str) -> Column:
    """The column with 0 on blank rows, and an error on those of them `where` a value is needed."""
    assert column.given is not None
    missing = ~column.given & where
    number = made.book.number(CellError("#VALUE!", sentence)) if missing.any() else 0
    return Column(np.where(column.given, column.values, 0), mark(column.errors, len(made), missing, number))


def _times(made: Alternatives, unread: Mask) -> None:
    """The six points in time, in order; a row where one is wrong or missing is in error as a whole.

    unread: rows whose mode could not be read; nothing is asked of them.
    """
    claims, rows, digital = made.claims, len(made), made.digital
    read = {name: claims.moment(name) or _blank(rows) for name in _MOMENTS}
    given = {name: np.asarray(column.given) for name, column in read.items()}
    values = {name: column.values for name, column in read.items()}
    if not any(claims.has(name) for name in _ERRAND):
        _without_errand(made, values, given)
    for name, other in (("forrattning_borjar", "framme"), ("forrattning_slutar", "hemfard")):
        # Either is enough: arrival when the errand begins, departure when it ends.
        values[name], values[other] = (
            np.where(given[name], values[name], values[other]),
            np.where(given[other], values[other], values[name]),
        )
        given[name] = given[name] | given[other]
    errors = None
    for column in read.values():
        errors = first_error(errors, column.errors)
    travelled = ~digital
    for name, title in (
        ("avresa", "Avresa"),
        ("hemkomst", "Hemkomst"),
        ("forrattning_borjar", "Förrättning börjar"),
        ("forrattning_slutar", "Förrättning slutar"),
    ):
        missing = travelled & ~given[name]
        if missing.any():
            errors = mark(errors, rows, missing, made.book.number(CellError("#VALUE!", f"{title} saknas.")))
    times = Times(*(values[name] for name in _MOMENTS))
    for wrong, sentence in times.disorder():
        if (wrong & travelled).any():
            errors = mark(errors, rows, wrong & travelled, made.book.number(CellError("#NUM!", sentence)))
    if errors is not None:
        errors = np.where(digital, 0, errors).astype(np.int32)
    sound = travelled & (np.ones(rows, bool) if errors is None else errors == 0)
    ignored = digital & ~unread & np.any([given[name] for name in _MOMENTS], axis=0)
    made.remarks.append((ignored, "digitalt möte: tiderna räknas inte"))
    # What is no trip, or could not be read, stands still at a moment whose figures are surely known.
    moment = int(values["avresa"][sound].min()) if sound.any() else day_number(dt.date.today()) * DAY
    for name in _MOMENTS:
        made.columns[name] = Column(np.where(sound, values[name], moment), errors)


def _without_errand(made: Alternatives, values: dict[str, Any], given: dict[str, Mask]) -> None:
    """A table that states no times of the errand at all: no time is travel time, and every trip says so."""
    for name, edge in zip(_ERRAND, ("avresa", "avresa", "hemkomst", "hemkomst"), strict=True):
        values[name], given[name] = values[edge], given[edge]
    sentence = "förrättningens tider saknas: restid, färdtidsersättning och förlorad arbetstid är inte räknade"
    made.remarks.append((~made.digital, sentence))


def _money(made: Alternatives) -> None:
    digital, ticketed = made.digital, _IS_TICKETED[made.mode]
    sentence = "Biljett saknas. Skriv 0 om resan inte kostar något."
    made.columns["kostnad"] = _needed(made, _read(made, "biljett"), ticketed, sentence)
    made.columns["hotell"] = _filled(made, "hotell", 0)
    made.columns["utlagg"] = _filled(made, "utlagg", 0)
    sentence = "Månadslön saknas. Skriv 0 om arbetstid och färdtid inte ska kosta något."
    salary = _needed(made, _read(made, "manadslon"), ~digital, sentence)
    made.columns["manadslon"] = salary
    made.columns["sysselsattningsgrad"] = _filled(made, "sysselsattningsgrad", 10_000)
    board = _blank(len(made))
    if made.claims.has("arbetstid_ombord"):
        raw, title = made.claims.raw("arbetstid_ombord"), made.claims.title("arbetstid_ombord")
        parsed = durations(raw.cells, MOST_HOURS, title)
        board = to_column(parsed, broken_cells(raw), title, made.book)
    on_board = or_else(board, 0)
    made.columns["arbetstid_ombord"] = Column(np.where(digital, 0, on_board.values), on_board.errors)


def _counts(made: Alternatives) -> None:
    for name, title in (("personer", "Antal personer"), ("bilar", "Antal bilar")):
        column = _filled(made, name, 1)
        none = column.values < 1
        if column.errors is not None:
            none = none & (column.errors == 0)
        if none.any():
            number = made.book.number(CellError("#NUM!", f"{title} måste vara minst 1."))
            column = Column(np.maximum(column.values, 1), mark(column.errors, len(made), none, number))
        made.columns[name] = column
    private = made.columns["privata_natter"] = _filled(made, "privata_natter", 0)
    none = private.values == 0 if private.errors is None else (private.values == 0) & (private.errors == 0)
    # Without private nights their amount is 0, whether the country's amount is known or not.
    made.columns["nattraktamente"] = Column(np.zeros(len(made), np.int64), None, none)
    several = made.columns["personer"].values > 1
    made.remarks.append((several, "beloppen gäller alla personer tillsammans"))


def _where(made: Alternatives) -> None:
    """Country, places and zone; the farthest of what is stated is the zone."""
    columns, rows = made.columns, len(made)
    land = columns["land"] = _filled(made, "land", SVERIGE)
    zones = np.array([ZON[COUNTRIES.zone(code)] for code in range(len(COUNTRIES))])
    derived = np.maximum(zones[np.maximum(land.values, 0)], ZON["inrikes"])
    for name, column in (("fran", "fran_plats"), ("till", "till_plats")):
        read = _read(made, name)
        if read.errors is not None:
            made.remarks.append((read.errors != 0, f"platsen i {made.claims.title(name)} är okänd"))
        assert read.given is not None
        place = np.where(read.given & (read.values >= 0), read.values, NOT_STATED)
        if read.errors is not None:
            place = np.where(read.errors == 0, place, NOT_STATED)
        columns[column] = Column(place)
        country = np.where(place >= 0, PLACES.countries[place], -1)
        derived = np.maximum(derived, np.where(country >= 0, zones[country], 0))
    own = _read(made, "zon")
    assert own.given is not None
    errors = first_error(own.errors, None if land.errors is None else np.where(own.given, 0, land.errors))
    columns["zon"] = Column(np.where(own.given, own.values, derived), errors)
    columns["utrikesresa"] = Column(columns["zon"].values >= ZON["Norden"], errors)
    columns["enkelresor"] = Column(np.int64(2))
    columns["person"] = Column(np.arange(rows))


def _car(made: Alternatives) -> None:
    """Type, the kind of own car, and what the municipality's cars are said to cost."""
    columns, mode = made.columns, made.mode
    columns["typ"] = _filled(made, "typ", NOT_STATED)
    benefit = mode == FARDMEDEL["förmånsbil"]
    columns["bil"] = Column(np.where(benefit, BIL["förmånsbil"], BIL["egen"]))
    agreed = _filled(made, "bilavtal", 0)
    columns["bilavtal"] = Column(agreed.values == 1, agreed.errors)
    stated = _read(made, "bilkostnad")
    assert stated.given is not None
    fleet = IS_FLEET[mode]
    columns["bilkostnad"] = Column(stated.values, stated.errors, stated.given & fleet)
    made.remarks.append((stated.given & ~fleet, f"Bilkostnad används bara för {one_of(FLEET)}"))


def _distance(made: Alternatives, law: Law) -> None:
    """Kilometres: as written for what is paid, completed by the distance between places for emissions."""
    columns, mode = made.columns, made.mode
    written = _read(made, "km")
    assert written.given is not None
    sentence = "Km saknas. Skriv hela resans sträcka; beräknade km används inte för bilkostnad."
    priced = np.asarray(columns["bilkostnad"].given)
    columns["merstracka"] = _needed(made, written, IS_OWN_CAR[mode] | (IS_FLEET[mode] & ~priced), sentence)
    still = _IS_DIGITAL[mode] | _IS_ON_FOOT[mode]
    start, end = columns["fran_plats"].values, columns["till_plats"].values
    estimated = ~written.given & ~still & (start >= 0) & (end >= 0)
    values = np.where(written.given, written.values, 0)
    found = np.flatnonzero(estimated)
    values[found] = estimated_distance(law, start[found], end[found], mode[found])
    made.remarks.append((estimated, "km beräknade mellan orterna, bara för utsläpp och klimatpåslag"))
    given = written.given | still | estimated
    columns["km"] = Column(values, written.errors, given)
    away = _read(made, "avstand")
    assert away.given is not None
    # There and back is at least twice as far as there.
    by_distance = np.where(written.given & (written.values > 0), written.values // 2, EVERYWHERE)
    columns["avstand"] = Column(np.where(away.given, away.values, by_distance), away.errors)


def _meals(made: Alternatives) -> None:
    if not made.claims.has("maltider"):
        return
    raw = made.claims.raw("maltider")
    parsed, found = meal_texts(raw.texts())
    read = to_column(parsed, broken_cells(raw), made.claims.title("maltider"), made.book)
    codes = or_else(read, -1)
    codes = Column(np.where(made.digital, 0, codes.values + 1), codes.errors)
    made.columns["maltidskod"] = codes
    made.columns["maltidstabell"] = Column(MealTable(found))


def _journeys(made: Alternatives, law: Law) -> None:
    """The two journeys of each alternative, as rows of their own."""
    columns, rows = made.columns, len(made)
    times = Times(*(columns[name].values for name in _MOMENTS))
    owner = owners(rows)
    errors = columns["avresa"].errors
    of_times = None if errors is None else errors[owner]
    departures, arrivals = times.journeys()
    columns["avgang"], columns["ankomst"] = Column(departures, of_times), Column(arrivals, of_times)
    land, mode, berth = columns["land"], columns["fardmedel"], _filled(made, "sovplats", 0)
    out = np.arange(2 * rows) % 2 == 0
    away = np.where(made.digital, SVERIGE, land.values)[owner]
    columns["till_land"] = Column(np.where(out, away, SVERIGE), None if land.errors is None else land.errors[owner])
    columns["strackans_fardmedel"] = Column(mode.values[owner], None if mode.errors is None else mode.errors[owner])
    columns["sovplats"] = Column((berth.values == 1)[owner], None if berth.errors is None else berth.errors[owner])
    _remark_nights(made, times, berth.values == 1, law)
    for name in ("arbetstid_start", "arbetstid_slut"):
        if made.claims.has(name):
            usual = law.figures[name].lookup(times.avresa // DAY).values
            own = or_else(made.claims.column(name), usual)
            columns[name] = Column(own.values[owner], None if own.errors is None else own.errors[owner])
    for name in ("framme", "forrattning_borjar", "forrattning_slutar", "hemfard"):
        del columns[name]


def _remark_nights(made: Alternatives, times: Times, berth: Mask, law: Law) -> None:
    """A journey over a whole night without a berth is one unbroken journey, unless the stop is stated."""
    over_night = np.zeros(len(made), bool)
    for start, end in ((times.avresa, times.framme), (times.hemfard, times.hemkomst)):
        midnight = -(-start // DAY) * DAY
        over_night |= midnight + law.figures["nattens_slut"].lookup(midnight // DAY).values <= end
    sentence = "färden räknas som obruten över natten; ange Framme eller Hemfärd börjar om natten är på hotell"
    made.remarks.append((over_night & ~berth, sentence))
