"""A recalculated sheet as cells of the sheet Data, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.encoded import Encoded
from core.engine import Column, MissingInput
from core.engine.clock import DAY
from core.klimat.factors import standard_set
from core.vocabulary import COUNTRIES, FARDMEDEL, SVERIGE, TYP
from core.vocabulary.times import SERIAL_1970
from core.vocabulary.words import normalise
from xlsx.claims import Mask
from xlsx.grid import as_text
from xlsx.recalculate import Recalculation

Objects = NDArray[np.object_]
Cells = Mapping[str, Objects]
"""Values by column of the sheet Data, None for an empty cell."""

ABROAD: Final = "Utlandet"
"""The country of a trip between places abroad whose country is not stated."""
_METRES: Final = 1000
_ORE: Final = 100
_DECIMALS: Final = 6
_DECIMALS_OF_DAYS: Final = 10
"""Of a serial number: a minute is exact to the thousandth of a second and more."""


class People:
    """Running numbers of employees over all files, in the order in which they appear; or their own numbers."""

    def __init__(self, with_ids: bool) -> None:
        self._with_ids = with_ids
        self._numbers: dict[str, int] = {}

    def of(self, written: Encoded) -> Objects:
        """The employee of each row; None where none is written."""
        names = [as_text(text).strip() for text in written.texts]
        if self._with_ids:
            return _at(names, written.index)
        return _at([self._numbers.setdefault(name, len(self._numbers) + 1) for name in names], written.index)


def unit_key(name: str) -> str:
    """What is the same for two spellings of a department that differ by capitals, blanks or hyphens."""
    return normalise(name)


def trip_cells(made: Recalculation, file: str, people: People) -> Cells:
    """The columns of the sheet Data for the trips of one sheet. file: what the column Underlag calls it."""
    claims, columns, rows = made.claims, made.trips.columns, len(made.trips)
    mode = columns["fardmedel"].values if "fardmedel" in columns else np.full(rows, -1)
    start, end = _minutes(made, "avresa"), _minutes(made, "hemkomst")
    if "avresa" not in columns and "datum" in columns:
        day = columns["datum"]
        start = np.where(_known(day, rows), day.values * float(DAY), np.nan)
    distance, estimated = _distance(made, mode)
    with_altitude, without = _emissions(made, mode)
    nights = np.floor(end / DAY) - np.floor(start / DAY)
    away = (nights >= 0) & (mode != FARDMEDEL["digitalt"])
    return {
        "underlag": _sources(file, claims.rows + made.sheet.top),
        "avdelning": _units(made),
        "avresa": _numbers(start / DAY + SERIAL_1970, _DECIMALS_OF_DAYS),
        "hemkomst": _numbers(end / DAY + SERIAL_1970, _DECIMALS_OF_DAYS),
        "fardmedel": _at(FARDMEDEL.words, mode),
        "typ": _at(TYP.words, columns["typ"].values) if "typ" in columns else _nothing(rows),
        "fran": _written(claims.texts("fran")),
        "till": _written(claims.texts("till")),
        "land": _countries(made),
        "km": _numbers(distance / _METRES),
        "km_ar": _at(("uppgivna", "beräknade"), np.where(np.isnan(distance), -1, estimated)),
        "natter": _numbers(np.where(away, nights, np.nan)),
        "person": people.of(claims.texts("anstallningsnr")),
        "biljett": _numbers(_stated(made, "kostnad") / _ORE),
        "hotell": _numbers(_stated(made, "hotell") / _ORE),
        "ersattning": _numbers(_result(made, "ersattning_totalt") / _ORE),
        "klimatpaslag": _numbers(_result(made, "klimatpaslag") / _ORE),
        "kg_med": _numbers(with_altitude),
        "kg_utan": _numbers(without),
        "fel": _at(made.errors.texts, made.errors.index),
    }


def _at(texts: Sequence[Any], index: Any) -> Objects:
    """The text of each index; None for a negative one."""
    table = np.empty(len(texts) + 1, object)
    table[:-1] = texts
    chosen: Objects = table[np.where(np.asarray(index) < 0, len(texts), index)]
    return chosen


def _nothing(rows: int) -> Objects:
    return np.full(rows, None, object)


def _numbers(values: Any, decimals: int = _DECIMALS) -> Objects:
    """Numbers as cells; None where there is none. Rounded, so that binary fractions do not show."""
    rounded = np.round(np.asarray(values, float), decimals)
    cells: Objects = rounded.astype(object)
    cells[np.isnan(rounded)] = None
    return cells


def _written(coded: Encoded) -> Objects:
    return _at([as_text(text).strip() for text in coded.texts], coded.index)


def _sources(file: str, rows: NDArray[Any]) -> Objects:
    texts: Objects = np.char.add(f"{file}:", rows.astype(str)).astype(object)
    return texts


def _known(column: Column, rows: int) -> Mask:
    """Where a column has a sound value."""
    known = np.ones(rows, bool)
    if column.errors is not None:
        known &= column.errors == 0
    if column.given is not None:
        known &= column.given
    return known


def _values(column: Column | None, rows: int) -> NDArray[np.float64]:
    """A column as numbers, not a number where there is no sound value."""
    if column is None:
        return np.full(rows, np.nan)
    return np.where(_known(column, rows), np.broadcast_to(column.values, rows).astype(float), np.nan)


def _minutes(made: Recalculation, name: str) -> NDArray[np.float64]:
    return _values(made.trips.columns.get(name), len(made.trips))


def _result(made: Recalculation, name: str) -> NDArray[np.float64]:
    return _values(made.results.get(name), len(made.trips))


def _stated(made: Recalculation, name: str) -> NDArray[np.float64]:
    claims = made.claims
    return _values(claims.column(name) if claims.has(name) else None, len(claims))


def _units(made: Recalculation) -> Objects:
    """The departments as they are written."""
    name = next((one for one in ("avdelning", "ansvar") if made.claims.has(one)), "avdelning")
    coded = made.claims.texts(name)
    texts = [" ".join(as_text(text).split()) or None for text in coded.texts]
    return _at(texts, coded.index)


def _countries(made: Recalculation) -> Objects:
    """Swedish names of the countries; a trip abroad is never said to be in Sweden."""
    columns = made.trips.columns
    land = np.broadcast_to(columns["land"].values, len(made.trips))
    names = [*(COUNTRIES.name(code) for code in range(len(COUNTRIES))), ABROAD]
    left_home = np.broadcast_to(columns["utrikesresa"].values, len(made.trips)).astype(bool)
    return _at(names, np.where((land == SVERIGE) & left_home, len(COUNTRIES), land))


def _distance(made: Recalculation, mode: NDArray[Any]) -> tuple[NDArray[np.float64], Mask]:
    """Metres there and back, and where they are estimated between the places."""
    columns, rows = made.trips.columns, len(made.trips)
    stated = _values(columns.get("km"), rows)
    metres = _values(columns.get("km_utslapp", columns.get("km")), rows)
    return metres, ~np.isnan(metres) & np.isnan(stated) & (mode != FARDMEDEL["digitalt"])


def _emissions(made: Recalculation, mode: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Kg CO2e with and without the effect of altitude; what the policy does not count is made by the factors' ratio.

    Emissions that the sheet states go for what the policy counts. Where the ratio is not known the form has its own.
    """
    counted, stated = _result(made, "utslapp"), _stated(made, "utslapp")
    counted = np.where(np.isnan(counted) & (made.errors.index < 0), stated, counted)
    ratio = np.where(mode == FARDMEDEL["flyg"], np.nan, 1.0)
    classes = _classes(made)
    if classes is not None:
        of_class = np.array([_without_of_with(row) for row in standard_set().rows])
        ratio = np.where(classes >= 0, of_class[classes], ratio)
    if made.law.figures["utslappsfaktor"].title.endswith("med höghöjdseffekt"):
        return counted, counted * ratio
    return counted / ratio, counted


def _without_of_with(row: Mapping[str, str]) -> float:
    whole = float(row["kg_med_hojd"])
    return float(row["kg_utan_hojd"]) / whole if whole else 1.0


def _classes(made: Recalculation) -> NDArray[Any] | None:
    """The class of emission factor of each trip, −1 where it cannot be told."""
    if "klimat" not in made.computed.inputs:
        return None
    columns, frames = made.computed.inputs["klimat"]
    try:
        found = made.law.run_blocks(["utslappsklass"], columns, frames, book=made.claims.book.copy())["utslappsklass"]
    except MissingInput:
        return None
    values = np.broadcast_to(found.values, len(made.trips))
    return np.where(_known(found, len(made.trips)), values, -1)
