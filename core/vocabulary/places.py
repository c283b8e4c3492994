"""Places that a distance can be taken between: airports by IATA code, and Swedish towns by name."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import airportsdata
import numpy as np

from core.vocabulary.columns import Column, read
from core.vocabulary.countries import COUNTRIES, SVERIGE
from core.vocabulary.parsed import Misread, Parsed, quoted
from core.vocabulary.words import Lexicon, WordReader, one_of

EARTH_RADIUS: Final = 6_371_000.0
"""Metres, the mean radius that great-circle distances are commonly stated with."""


@dataclass(frozen=True, slots=True)
class Place:
    """An airport or a town."""

    name: str
    latitude: float
    longitude: float
    country: int


class Places:
    """All places; a code is a place's number. Airports come first and are written in capitals (`ARN`)."""

    @cached_property
    def all(self) -> tuple[Place, ...]:
        """Every place in code order."""
        airports = airportsdata.load("IATA")
        flown = [
            Place(code, airport["lat"], airport["lon"], COUNTRIES.by_iso.get(airport["country"], -1))
            for code, airport in airports.items()
        ]
        with Path(__file__).with_name("platser.csv").open(encoding="utf-8", newline="") as file:
            towns = [
                Place(row["namn"], float(row["latitud"]), float(row["longitud"]), SVERIGE)
                for row in csv.DictReader(file)
            ]
        return (*flown, *towns)

    @cached_property
    def _airports(self) -> dict[str, int]:
        return {
            place.name: code for code, place in enumerate(self.all) if len(place.name) == 3 and place.name.isupper()
        }

    @cached_property
    def _towns(self) -> Lexicon:
        towns = [(place.name, code) for code, place in enumerate(self.all) if code >= len(self._airports)]
        return Lexicon(towns)

    @cached_property
    def _coordinates(self) -> Any:
        return np.radians([(place.latitude, place.longitude) for place in self.all])

    @cached_property
    def countries(self) -> Any:
        """Country code of each place; -1 where the country is not one of ours."""
        return np.array([place.country for place in self.all], np.int64)

    def code(self, text: str, suggest: bool = True) -> int:
        """The place of an IATA code or a Swedish town's name."""
        written = text.strip()
        if written.isupper() and written in self._airports:
            return self._airports[written]
        town = self._towns.find(written)
        if town is not None:
            return town
        if written.upper() in self._airports:
            return self._airports[written.upper()]
        near = [self.all[code].name for code in self._towns.near(written)] if suggest else []
        maybe = f" Menade du {one_of(near)}?" if near else ""
        raise Misread(f"Okänd plats {quoted(text)}.{maybe} Skriv en flygplatskod som ARN eller en svensk ort.")

    def column(self, values: Column) -> Parsed:
        """A column of places as codes, -1 where there is none."""
        return read(_PlaceReader(), values)

    def distance(self, start: Any, end: Any) -> Any:
        """Metres along the great circle between two places (codes), rounded to the metre."""
        lat1, lon1 = self._coordinates[start].T
        lat2, lon2 = self._coordinates[end].T
        half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
        return np.rint(2 * EARTH_RADIUS * np.arcsin(np.sqrt(half))).astype(np.int64)


class _PlaceReader(WordReader):
    def find(self, text: str, suggest: bool) -> int:
        return PLACES.code(text, suggest)


PLACES: Final = Places()
