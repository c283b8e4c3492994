"""Countries as people write them → small integers, with ISO code, zone and membership.

The list is `lander.csv` beside this module: kod (ISO 3166-1 alpha-2, or a code of our own), namn as the tax
agency writes it, synonymer between `|`, zon, ees.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from core.vocabulary.columns import Column, read
from core.vocabulary.parsed import Misread, Parsed, quoted
from core.vocabulary.words import Lexicon, WordReader, normalise, one_of, plain

SVERIGE: Final = 0
OVRIGA: Final = 1
"""«Övriga länder och områden», the amount for a country that has none of its own."""

FIRST_CODES: Final = ("SE", "ZZ")
"""Stand first whatever their place in the file, so that SVERIGE and OVRIGA are constants."""

_ABROAD: Final = frozenset(
    map(plain, ("utrikes", "utrikes resa", "utland", "utlandet", "utlandsresa", "utomlands", "abroad"))
)
"""Words for any country but Sweden; they look like «inrikes», so the nearest word is no help."""

COLUMNS: Final = ("kod", "namn", "synonymer", "zon", "ees")


@dataclass(frozen=True)
class Country:
    """One row of the list."""

    iso: str
    name: str
    synonyms: tuple[str, ...]
    zone: str
    membership: str


class Countries:
    """The list of countries; a country's code is its place in it. Read from the file when first asked."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def all(self) -> tuple[Country, ...]:
        """Every country by code. Raises ValueError when the file lacks a column, Sverige or Övriga."""
        with self._path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            missing = set(COLUMNS) - set(rows.fieldnames or ())
            if missing:
                raise ValueError(f"{self._path.name}: kolumnen {one_of(sorted(missing))} saknas")
            found = [
                Country(
                    row["kod"],
                    row["namn"],
                    tuple(filter(None, row["synonymer"].split("|"))),
                    row["zon"],
                    row["ees"],
                )
                for row in rows
            ]
        for code in FIRST_CODES:
            if code not in {country.iso for country in found}:
                raise ValueError(f"{self._path.name}: raden {code} saknas")
        rest = (country for country in found if country.iso not in FIRST_CODES)
        first = sorted((c for c in found if c.iso in FIRST_CODES), key=lambda c: FIRST_CODES.index(c.iso))
        return (*first, *rest)

    @cached_property
    def by_iso(self) -> dict[str, int]:
        """Code by the file's `kod`."""
        return {country.iso: code for code, country in enumerate(self.all)}

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(
            (word, code)
            for code, country in enumerate(self.all)
            for word in (country.name, country.iso, *country.synonyms)
        )

    def __len__(self) -> int:
        return len(self.all)

    def name(self, code: int) -> str:
        """The Swedish name."""
        return self._country(code).name

    def iso(self, code: int) -> str:
        """The ISO 3166-1 alpha-2 code, or the list's own."""
        return self._country(code).iso

    def zone(self, code: int) -> str:
        """inrikes, Norden, Europa or övriga världen."""
        return self._country(code).zone

    def membership(self, code: int) -> str:
        """The list's column ees, empty for most countries."""
        return self._country(code).membership

    def _country(self, code: int) -> Country:
        if code < 0:
            raise IndexError(code)
        return self.all[code]

    def code(self, text: str, suggest: bool = True) -> int:
        """The code of a name, synonym or ISO code; raises ValueError with up to three closest names."""
        found = self._lexicon.find(text) if normalise(text) else None
        if found is not None:
            return found
        if plain(text) in _ABROAD:
            raise Misread(f"{quoted(text)} är inget land. Skriv landets svenska namn eller landskod.")
        near = [self.name(code) for code in self._lexicon.near(text)] if suggest else []
        advice = f"Menade du {one_of(near)}?" if near else "Skriv landets svenska namn eller landskod."
        raise Misread(f"Okänt land {quoted(text)}. {advice}")

    def column(self, values: Column) -> Parsed:
        """A column of countries as codes, −1 where there is none."""
        return read(_CountryReader(self), values)


class _CountryReader(WordReader):
    def __init__(self, countries: Countries) -> None:
        super().__init__()
        self._countries = countries

    def find(self, text: str, suggest: bool) -> int:
        return self._countries.code(text, suggest)


COUNTRIES: Final = Countries(Path(__file__).with_name("lander.csv"))
