"""The columns that the form makes of each trip, as values: what the formulas of `columns.MADE` give, for very many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.engine.clock import day_number
from core.vocabulary.times import SERIAL_1970
from xlsx.forms.setting import FormSetting
from xlsx.forms.uppfoljning.assumptions import AWAY, MIL, TRAIN, in_force, without_altitude
from xlsx.forms.uppfoljning.columns import CARS, FIRST, MADE, ROW_FAULTS
from xlsx.forms.uppfoljning.content import Followup

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

_KM = 1000
_COSTS = ("biljett", "hotell", "ersattning", "klimatpaslag")
_NO_DEPARTURE, _HOME_BEFORE, _NO_MODE = 1, 4, 5


def fixed_columns(setting: FormSetting, content: Followup) -> list[Sequence[Any]]:
    """The cells of each of the columns, in their order; None for an empty one."""
    trips = _Trips(content)
    made = {
        **trips.faults(),
        **trips.emissions(in_force(setting, "langflyg_fran")[0] / _KM),
        **trips.nights(content.year or setting.made.year),
        "grupp": _at_words(np.isin(trips.mode, CARS), trips.mode),
        "enhet_finns": _cells(np.where(trips.unit == "", np.nan, 1.0)),
        "tagnorm": _cells(trips.where_train_is_norm(AWAY * MIL / _KM, in_force(setting, TRAIN)[0] / _KM)),
        "kostnad": _cells(trips.cost()),
    }
    return [made[one.name] for one in MADE]


class _Trips:
    """The columns of the sheet Data as arrays; texts are empty and numbers not a number where cells are."""

    def __init__(self, content: Followup) -> None:
        self.content, self.rows = content, content.trips
        self.mode, self.unit, self.country = (self.texts(name) for name in ("fardmedel", "avdelning", "land"))
        self.start, self.end, self.km = (self.numbers(name) for name in ("avresa", "hemkomst", "km"))
        self.domestic: Mask = np.isin(self.country, ("", "Sverige"))
        self.flown: Mask = self.mode == "flyg"
        self.travelled: Mask = self.mode != "digitalt"

    def texts(self, name: str) -> NDArray[np.str_]:
        """A column of texts."""
        cells = np.array(self.content.columns.get(name, [None] * self.rows), object)
        return np.where(cells == np.full(1, None, object), "", cells).astype(str)

    def numbers(self, name: str) -> Numbers:
        """A column of numbers."""
        return np.array(self.content.columns.get(name, [None] * self.rows), float)

    def faults(self) -> dict[str, Sequence[Any]]:
        """What is to be put right: the message, the number of the fault, and the row."""
        faults = [np.isnan(self.start), self.end < self.start, self.mode == ""]
        code = np.select(faults, [_NO_DEPARTURE, _HOME_BEFORE, _NO_MODE], 0)
        wrong = np.flatnonzero(code)
        row = np.full(self.rows, np.nan)
        row[wrong] = wrong + FIRST
        message = np.full(self.rows, None, object)
        told = np.array(["", *ROW_FAULTS])[code[wrong]]
        message[wrong] = np.char.add(np.char.add("Rad ", (wrong + FIRST).astype(str)), np.char.add(": ", told))
        return {"att_ratta": message.tolist(), "felkod": code.tolist(), "felrad": _cells(row)}

    def emissions(self, long_flight: float) -> dict[str, Sequence[Any]]:
        """Emissions with and without the effect of altitude, one from the other where it is not stated."""
        shares = without_altitude()
        short = np.nan_to_num(self.km) < 2 * long_flight
        abroad = np.where(short, shares["Europa"], shares["övriga världen"])
        share = np.where(self.flown, np.where(self.domestic, shares["inrikes"], abroad), 1.0)
        whole, without = self.numbers("kg_med"), self.numbers("kg_utan")
        return {
            "andel_utan": _cells(share),
            "kg_med_raknad": _cells(np.where(np.isnan(whole), without / share, whole)),
            "kg_utan_raknad": _cells(np.where(np.isnan(without), whole * share, without)),
        }

    def nights(self, year: int) -> dict[str, Sequence[Any]]:
        """Nights of each trip, and on the first row of each person those of the year."""
        stated = self.numbers("natter")
        between = np.maximum(np.floor(self.end) - np.floor(self.start), 0)
        nights = np.where(self.travelled, np.where(np.isnan(stated), between, stated), np.nan)
        from_day, to_day = (day_number(dt.date(one, 1, 1)) + SERIAL_1970 for one in (year, year + 1))
        in_year = (self.start >= from_day) & (self.start < to_day)
        persons, first, index = np.unique(self.texts("person"), return_index=True, return_inverse=True)
        count = len(persons)
        trips = np.bincount(index[in_year & self.travelled], minlength=count)
        sums = np.bincount(index[in_year], np.nan_to_num(nights)[in_year], count)
        counted = (persons != "") & (trips > 0)
        of_person = np.full(self.rows, np.nan)
        of_person[first[counted]] = sums[counted]
        return {"natter_raknade": _cells(nights), "natter_person": _cells(of_person)}

    def where_train_is_norm(self, least: float, most: float) -> Numbers:
        """1 for domestic trips of a length, one way in kilometres, for which train is the norm; else 0."""
        one_way = self.km / 2
        within = self.domestic & self.travelled & (self.mode != "") & (one_way >= least) & (one_way <= most)
        return np.where(within, 1.0, 0.0)

    def cost(self) -> Numbers:
        """All that the trip costs; not a number where nothing is stated."""
        parts = np.stack([self.numbers(name) for name in _COSTS])
        stated: Numbers = np.where(np.isnan(parts).all(axis=0), np.nan, np.nansum(parts, axis=0))
        return stated


def _at_words(cars: Mask, mode: NDArray[np.str_]) -> list[Any]:
    words = np.where(cars, "bil", np.where(mode == "", "", "annat")).astype(object)
    words[mode == ""] = None
    return list(words.tolist())


def _cells(values: Numbers) -> list[Any]:
    cells = values.astype(object)
    cells[np.isnan(values)] = None
    return list(cells.tolist())
