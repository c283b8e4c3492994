"""The figure `normalbelopp`: the day amount per country and year, from shipped and imported tables.

A table is a folder's `normalbelopp.csv` (ar, kod, belopp, se, status, kalla; one row per country and year)
with `normalbelopp.yaml` beside it, which says how complete each year is. `ar` is a year, or a date such as
2026-04-01 for an amount that was changed within the year. A year in the YAML file that has no rows
is passed over.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from core.engine.clock import FIRST_DAY, LAST_DAY, as_date, day_number
from core.engine.figure_files import read_yaml
from core.engine.figures import STATUSES, Entry, Figure, FigureError
from core.engine.units import to_integer
from core.vocabulary.countries import COUNTRIES, OVRIGA, SVERIGE

CSV_NAME: Final = "normalbelopp.csv"
YAML_NAME: Final = "normalbelopp.yaml"
COLUMNS: Final = ("ar", "kod", "belopp", "se", "status", "kalla")
SHIPPED: Final = Path(__file__).parent
KALLOR: Final = Path(__file__).parents[1] / "kallor.yaml"
SWEDEN: Final = COUNTRIES.iso(SVERIGE)
OTHERS: Final = COUNTRIES.iso(OVRIGA)

STATE_OF: Final[Mapping[str, tuple[str, str]]] = {
    "AX": ("FI", "aland-finland"),
    "SJ": ("NO", "svalbard-norge"),
}
"""Parts of a state that the list leaves out → the state whose amount they have, and the source's key."""

UNLISTED: Final = f" (landet är inte upptaget: {COUNTRIES.name(OVRIGA)})"
"""Ends the source of an amount that a country has because the list leaves it out."""

_YEAR_KEYS: Final = frozenset({"fullstandig", "kalla", "status", "saknas", "kontrollerad"})


@dataclass(frozen=True, slots=True)
class Amount:
    """One row: öre per whole day in a country (ISO code) from a day on. `see`: the country referred to."""

    from_day: int
    key: str
    value: int
    see: str
    status: str
    source: str

    @property
    def year(self) -> int:
        """The calendar year that the amount belongs to."""
        return as_date(self.from_day).year


@dataclass(frozen=True, slots=True)
class Year:
    """How complete a year is. `missing`: countries that it lacks and for which nothing is assumed."""

    complete: bool
    source: str
    status: str
    missing: tuple[str, ...] = ()
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The amounts of a folder, by day and country, and its years."""

    amounts: Mapping[tuple[int, str], Amount]
    years: Mapping[int, Year]

    def overlaid(self, other: Table) -> Table:
        """This table with the other's years: a complete year replaces, an incomplete one adds and corrects.

        Amounts that were changed within a year stay unless the other states the same day and country.
        """
        replaced = {new_year(year) for year, info in other.years.items() if info.complete}
        kept = {
            place: _following(amount, other)
            for place, amount in self.amounts.items()
            if amount.from_day not in replaced
        }
        years = dict(self.years)
        for year, info in other.years.items():
            if info.complete or year not in years or not years[year].complete:
                years[year] = info
        return Table({**kept, **other.amounts}, years)


def _following(amount: Amount, other: Table) -> Amount:
    """A row that refers to a country which the other table corrects has the corrected amount."""
    target = other.amounts.get((amount.from_day, amount.see))
    if target is None:
        return amount
    status = max(amount.status, target.status, key=STATUSES.index)
    return replace(amount, value=target.value, status=status, source=target.source)


def new_year(year: int) -> int:
    """The day number of 1 January."""
    return day_number(dt.date(year, 1, 1))


def load_amounts(domestic: Figure, folders: Sequence[Path] = ()) -> Figure:
    """The figure `normalbelopp` in öre, keyed by country in code order; Sweden's entries are `domestic`'s.

    `folders` come after the shipped table and win, year by year; a folder without a table is passed over.
    Raises FigureError, which names file and row. A year that no table has is missing, never the year before.
    """
    table = Table({}, {})
    for folder in (SHIPPED, *folders):
        found = read_table(folder)
        if found is not None:
            table = table.overlaid(found)
    titles = _source_titles()
    entries = (*_domestic_entries(domestic), *_foreign_entries(table, titles))
    return Figure(
        name="normalbelopp",
        title="Normalbelopp",
        unit="kr",
        entries=entries,
        refs=("IL 12:12", "IL 12:15", "L-7.4-7"),
        key_kind="land",
        keys=tuple(country.iso for country in COUNTRIES.all),
        help="Importera Skatteverkets tabell med fardkost rates import FIL.",
        help_not_for=(SWEDEN,),
        statutory=True,
        titles={country.iso: country.name for country in COUNTRIES.all},
    )


def _domestic_entries(domestic: Figure) -> list[Entry]:
    entries = [replace(entry, key=SWEDEN) for entry in domestic.entries]
    if domestic.known_until < LAST_DAY:
        entries.append(Entry(domestic.known_until + 1, SWEDEN, None, ""))
    return entries


def _foreign_entries(table: Table, titles: Mapping[str, str]) -> list[Entry]:
    entries: dict[tuple[int, str], Entry] = {}
    listed: dict[int, list[Amount]] = {year: [] for year in sorted(table.years)}
    for amount in table.amounts.values():
        listed[amount.year].append(amount)
    for year, amounts in listed.items():
        for entry in _entries_of_year(table.years[year], amounts, titles):
            assert entry.key is not None
            entries[entry.from_day, entry.key] = entry
    for day, key in list(entries):
        after = new_year(as_date(day).year + 1)
        entries.setdefault((after, key), Entry(after, key, None, ""))
    return list(entries.values())


def _entries_of_year(info: Year, listed: Sequence[Amount], titles: Mapping[str, str]) -> list[Entry]:
    """The listed amounts and, in a complete year, those of the countries that are not listed."""
    entries = [_entry(amount, info, titles) for amount in listed]
    if not info.complete:
        return entries
    first_listed: dict[str, int] = {}
    for amount in listed:
        first_listed[amount.key] = min(amount.from_day, first_listed.get(amount.key, amount.from_day))
    others = [amount for amount in listed if amount.key == OTHERS]
    for country in COUNTRIES.all:
        key = country.iso
        if key in (SWEDEN, OTHERS) or key in info.missing:
            continue
        state, why = STATE_OF.get(key, ("", ""))
        stand_ins = [amount for amount in listed if amount.key == state] if state else []
        for amount in stand_ins or others:
            if amount.from_day < first_listed.get(key, LAST_DAY + 1):
                stated = _belonging(amount, key, why) if amount.key == state else _unlisted(amount, key, info, titles)
                entries.append(_entry(stated, info, titles))
    return entries


def _belonging(amount: Amount, key: str, why: str) -> Amount:
    """A part of a state has the state's amount; the list does not say so, therefore `obekräftad`."""
    return replace(amount, key=key, see=amount.key, status="obekräftad", source=why)


def _unlisted(amount: Amount, key: str, info: Year, titles: Mapping[str, str]) -> Amount:
    """A country that is left out: no surer than the list and the amount for other countries both are."""
    status = max(info.status, amount.status, key=STATUSES.index)
    source = titles.get(info.source, info.source) + UNLISTED
    return replace(amount, key=key, see="", status=status, source=source)


def is_listed(entry: Entry) -> bool:
    """Whether the list names the country; otherwise its amount is the one for other countries."""
    return not entry.source.endswith(UNLISTED)


def _entry(amount: Amount, info: Year, titles: Mapping[str, str]) -> Entry:
    source = titles.get(amount.source, amount.source)
    if amount.see:
        source += f" (se {COUNTRIES.name(COUNTRIES.by_iso[amount.see])})"
    return Entry(amount.from_day, amount.key, amount.value, source, info.checked, amount.status)


def _source_titles() -> dict[str, str]:
    return {key: block["titel"] for key, block in read_yaml(KALLOR).items()}


def read_table(folder: Path) -> Table | None:
    """The table in a folder, or None where there is none. Raises FigureError, which names file and row."""
    path = folder / CSV_NAME
    if not path.exists():
        return None
    years = _read_years(folder / YAML_NAME)
    amounts: dict[tuple[int, str], Amount] = {}
    for number, row in _read_rows(path):
        place = f"{path}, rad {number}"
        amount = _amount(place, row)
        if amount.year not in years:
            raise FigureError(f"{place}: året {amount.year} saknas i {YAML_NAME} bredvid filen")
        if (amount.from_day, amount.key) in amounts:
            raise FigureError(f"{place}: {amount.key} står två gånger för {row['ar']}")
        amounts[amount.from_day, amount.key] = amount
    with_rows = {amount.year for amount in amounts.values()}
    years = {year: info for year, info in years.items() if year in with_rows}
    for year, info in years.items():
        if info.complete and (new_year(year), OTHERS) not in amounts:
            raise FigureError(f"{path}: {year} är fullständigt men saknar {OTHERS} ({COUNTRIES.name(OVRIGA)})")
    return Table(amounts, years)


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="", strict=True)
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FigureError(f"{path}: filen kan inte läsas ({error})") from None
    for column in COLUMNS:
        if column not in (reader.fieldnames or ()):
            raise FigureError(f"{path}: kolumnen {column} saknas; rubrikerna ska vara {','.join(COLUMNS)}")
    return rows


def _amount(place: str, row: Mapping[str, str]) -> Amount:
    for column in ("kod", "se"):
        if row[column] not in COUNTRIES.by_iso and (row[column] or column == "kod"):
            raise FigureError(f"{place}: {column} {row[column]!r} är ingen landskod, till exempel DK")
    if row["kod"] == SWEDEN:
        raise FigureError(f"{place}: Sveriges belopp räknas ur prisbasbeloppet och ska inte stå i tabellen")
    if row["status"] not in STATUSES:
        raise FigureError(f"{place}: status {row['status']!r} finns inte; tillåtna är {', '.join(STATUSES)}")
    try:
        value = int(to_integer(row["belopp"], "kr"))
    except ValueError as error:
        raise FigureError(f"{place}: belopp: {error}") from None
    if value <= 0:
        raise FigureError(f"{place}: belopp {row['belopp']} ska vara större än noll")
    return Amount(_from_day(place, row["ar"]), row["kod"], value, row["se"], row["status"], row["kalla"])


def _from_day(place: str, written: str) -> int:
    try:
        day = day_number(dt.date.fromisoformat(f"{written}-01-01" if len(written) == 4 else written))
    except ValueError:
        day = LAST_DAY + 1
    if not FIRST_DAY <= day <= LAST_DAY:
        raise FigureError(
            f"{place}: ar {written!r} ska vara ett år som 2026 eller ett datum som 2026-04-01, från 1990 till 2100"
        )
    return day


def _read_years(path: Path) -> dict[int, Year]:
    content = read_yaml(path)
    blocks = content.get("ar") if isinstance(content, dict) else None
    if not isinstance(blocks, dict):
        raise FigureError(f"{path}: filen ska innehålla ar: med en rad per år")
    return {_year_number(path, year): _year(f"{path}: {year}", block) for year, block in blocks.items()}


def _year_number(path: Path, written: object) -> int:
    return as_date(_from_day(str(path), str(written))).year


def _year(place: str, block: Any) -> Year:
    if not isinstance(block, dict) or not {"fullstandig", "kalla", "status"} <= set(block) <= _YEAR_KEYS:
        raise FigureError(
            f"{place}: ska ha nycklarna fullstandig, kalla och status, och får ha saknas och kontrollerad"
        )
    complete = {"true": True, "false": False}.get(str(block["fullstandig"]).lower())
    if complete is None:
        raise FigureError(f"{place}: fullstandig ska vara true eller false, inte {block['fullstandig']!r}")
    if block["status"] not in STATUSES:
        raise FigureError(f"{place}: status {block['status']!r} finns inte; tillåtna är {', '.join(STATUSES)}")
    missing = block.get("saknas") or []
    if not isinstance(missing, list) or any(code not in COUNTRIES.by_iso for code in missing):
        raise FigureError(f"{place}: saknas ska vara en lista med landskoder som [PE, LB], inte {missing!r}")
    return Year(complete, str(block["kalla"]), block["status"], tuple(missing), str(block.get("kontrollerad", "")))
