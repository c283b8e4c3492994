"""Import of the tax agency's open data of country amounts into the user's own folder.

`read_open_data` → `check` → `changes` (to show) → `save`; `amounts.load_amounts` then finds them in
`user_folder()`. Every error is an ImportProblem in Swedish that names file, row and what was expected.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs
import yaml

from core.engine.clock import as_date
from core.engine.figures import Figure
from core.engine.units import KRONA, to_written
from core.traktamente.amounts import (
    COLUMNS,
    CSV_NAME,
    OTHERS,
    STATE_OF,
    SWEDEN,
    YAML_NAME,
    Amount,
    Table,
    Year,
    is_listed,
    new_year,
    read_table,
)
from core.traktamente.open_data import ImportProblem, Row, read_open_data
from core.vocabulary.countries import COUNTRIES

__all__ = ["Change", "ImportProblem", "Row", "changes", "check", "read_open_data", "save", "user_folder"]

FEWEST_ROWS: Final = 100
"""A year with fewer rows is no whole list."""
HIGHEST_AMOUNT: Final = 5000 * KRONA
FOLDER_VARIABLE: Final = "FARDKOST_DATA"
KINDS: Final = ("ny", "borta", "höjd", "sänkt", "oförändrad")


@dataclass(frozen=True, slots=True)
class Change:
    """A country's amounts in öre in the year before and in the imported year; `kind` is one of KINDS."""

    year: int
    code: str
    name: str
    old: int | None
    new: int | None
    kind: str


def user_folder() -> Path:
    """The folder of the user's own figures: FARDKOST_DATA if set, otherwise the platform's place for data."""
    chosen = os.environ.get(FOLDER_VARIABLE, "").strip()
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path("fardkost", appauthor=False)


# Checking and comparing


def check(rows: Sequence[Row], domestic: Figure, partial: bool = False) -> None:
    """Refuses, with ImportProblem, what cannot be a year's list.

    A list has at least FEWEST_ROWS countries and the amount for other countries (not asked with `partial`),
    one amount per country, none below the domestic whole day of its year or above HIGHEST_AMOUNT.
    """
    problems = []
    for year, listed in _by_year(rows).items():
        if not partial:
            problems += _incomplete(year, listed)
        problems += _duplicates(listed)
        problems += [
            f"{row.place}: {row.name} har {_kronor(row.amount)}; väntade mer än 0 och högst {_kronor(HIGHEST_AMOUNT)}"
            for row in listed
            if not 0 < row.amount <= HIGHEST_AMOUNT
        ]
        floor = domestic.entry(new_year(year))
        if floor is None or floor.value is None:
            problems.append(
                f"{listed[0].place}: {domestic.missing_text(new_year(year))} Utan det kan {year} inte kontrolleras."
            )
            continue
        lowest = min(listed, key=lambda row: row.amount)
        if 0 < lowest.amount < floor.value:
            problems.append(
                f"{lowest.place}: {lowest.name} har {_kronor(lowest.amount)} för {year}, under det svenska "
                f"maximibeloppet {_kronor(int(floor.value))}, som är det lägsta belopp ett land kan ha"
            )
    if problems:
        raise ImportProblem(*problems)


def _incomplete(year: int, listed: Sequence[Row]) -> list[str]:
    file = listed[0].place.rpartition(", ")[0]
    codes = {row.code for row in listed}
    problems = []
    if len(codes) < FEWEST_ROWS:
        problems.append(f"{file}: {year} har {len(codes)} länder; en hel lista har minst {FEWEST_ROWS}")
    if OTHERS not in codes:
        problems.append(f"{file}: {year} saknar raden {COUNTRIES.name(COUNTRIES.by_iso[OTHERS])}")
    return problems


def _duplicates(listed: Sequence[Row]) -> list[str]:
    first: dict[str, Row] = {}
    problems = []
    for row in listed:
        other = first.setdefault(row.code, row)
        if other.amount != row.amount:
            problems.append(
                f"{row.place}: {row.name} ({row.code}) har {_kronor(row.amount)}, men {other.place} har "
                f"{_kronor(other.amount)} för samma land och år"
            )
    return problems


def changes(rows: Sequence[Row], before: Figure) -> list[Change]:
    """What differs from the year before, by year, kind (in the order of KINDS) and name.

    The year before is the file's own where it has one, otherwise what `before` has on its last day.
    A country that the year before left out is `ny`; one that a whole list no longer names is `borta`.
    """
    years = {year: {row.code: row.amount for row in listed} for year, listed in _by_year(rows).items()}
    found = []
    for year, new in years.items():
        old = years[year - 1] if year - 1 in years else _listed_on(before, new_year(year) - 1)
        gone = set(old) - set(new) - {*STATE_OF, SWEDEN} if _is_whole(new) else set()
        for code in {*new, *gone}:
            name = COUNTRIES.name(COUNTRIES.by_iso[code])
            amounts = old.get(code), new.get(code)
            found.append(Change(year, code, name, *amounts, _kind(*amounts)))
    return sorted(found, key=lambda item: (item.year, KINDS.index(item.kind), _alphabetical(item.name)))


def _listed_on(figure: Figure, day: int) -> dict[str, int]:
    entries = {key: figure.entry(day, code) for code, key in enumerate(figure.keys)}
    return {
        key: int(entry.value)
        for key, entry in entries.items()
        if entry is not None and entry.value is not None and is_listed(entry)
    }


def _kind(old: int | None, new: int | None) -> str:
    if new is None:
        return "borta"
    if old is None:
        return "ny"
    return "höjd" if new > old else "sänkt" if new < old else "oförändrad"


def _alphabetical(name: str) -> str:
    return name.casefold().translate(str.maketrans("åäö", "{|}"))


def _kronor(amount: int) -> str:
    return f"{to_written(amount, 'kr')} kr".replace(".", ",")


def _by_year(rows: Sequence[Row]) -> dict[int, list[Row]]:
    years: dict[int, list[Row]] = {}
    for row in rows:
        years.setdefault(row.year, []).append(row)
    return dict(sorted(years.items()))


def _is_whole(codes: Iterable[str]) -> bool:
    return OTHERS in codes and len(set(codes)) >= FEWEST_ROWS


# Saving


def save(rows: Sequence[Row], folder: Path, source: str, checked: dt.date, today: dt.date) -> Path:
    """Writes the rows into the table in `folder` (made when missing) and gives the path of its CSV file.

    A whole list replaces its year; fewer rows add to it and correct it. Everything else in the folder's table
    stays, and the files as they were are kept beside with the time `today` (a date or datetime) and `.bak`.
    Raises ImportProblem when the folder cannot be written, FigureError when the table already there is wrong.
    """
    imported = Table(
        {(new_year(row.year), row.code): _saved(row, source) for row in rows},
        {year: _year_of(listed, source, checked) for year, listed in _by_year(rows).items()},
    )
    path = folder / CSV_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        table = (read_table(folder) or Table({}, {})).overlaid(imported)
        contents = {path: _as_csv(table), folder / YAML_NAME: _as_yaml(table)}
        for target in contents:
            _keep(target, today)
        _write_all(contents)
    except OSError as error:
        raise ImportProblem(f"{folder}: beloppen kan inte sparas ({error.strerror})") from None
    return path


def _saved(row: Row, source: str) -> Amount:
    return Amount(new_year(row.year), row.code, row.amount, row.see, "bekräftad", source)


def _year_of(listed: Sequence[Row], source: str, checked: dt.date) -> Year:
    codes = {row.code for row in listed}
    # Nederländska Antillerna is no country any more: lists name either it or the islands, never both.
    islands = {"BQ", "CW", "SX"} if "AN" in codes else {"AN"}
    missing = tuple(sorted(islands - codes))
    return Year(_is_whole(codes), source, "bekräftad", missing, f"{checked:%Y-%m-%d}")


def _as_csv(table: Table) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for day, key in sorted(table.amounts):
        amount = table.amounts[day, key]
        start = str(amount.year) if day == new_year(amount.year) else as_date(day).isoformat()
        kronor, ore = divmod(amount.value, KRONA)
        value = f"{kronor}.{ore:02d}" if ore else str(kronor)
        writer.writerow((start, key, value, amount.see, amount.status, amount.source))
    return text.getvalue()


def _as_yaml(table: Table) -> str:
    years = {
        year: {
            "fullstandig": info.complete,
            "kalla": info.source,
            "status": info.status,
            "saknas": list(info.missing),
            "kontrollerad": info.checked,
        }
        for year, info in sorted(table.years.items())
    }
    text: str = yaml.safe_dump({"ar": years}, allow_unicode=True, sort_keys=False, width=1000)
    return text


def _keep(path: Path, today: dt.date) -> None:
    """Copies a file beside itself under a name that is free."""
    if not path.exists():
        return
    stem, number = f"{path.name}.{today:%Y-%m-%dT%H%M%S}", 1
    while (kept := path.with_name(f"{stem}{f'-{number}' if number > 1 else ''}.bak")).exists():
        number += 1
    shutil.copy2(path, kept)


def _write_all(contents: Mapping[Path, str]) -> None:
    """Each file is written beside its place and moved there once all of them are on disk."""
    written = []
    try:
        for path, text in contents.items():
            beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            written.append((beside, path))
            with beside.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        for beside, path in written:
            beside.replace(path)
    finally:
        for beside, _ in written:
            beside.unlink(missing_ok=True)
