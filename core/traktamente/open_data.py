"""Reading the tax agency's open data of country amounts, as it is published in JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from core.engine.clock import FIRST_DAY, LAST_DAY, as_date
from core.engine.units import to_integer
from core.traktamente.amounts import SWEDEN
from core.vocabulary.countries import COUNTRIES
from core.vocabulary.numbers import parse_decimal
from core.vocabulary.parsed import Misread, quoted
from core.vocabulary.words import normalise, plain

_MOST_PROBLEMS: Final = 10
_UNREADABLE: Final = 10**9
_NAME, _AMOUNT, _YEAR, _CODE = "land eller område", "normalbelopp", "år", "landskod"
_REQUIRED: Final = (_NAME, _AMOUNT, _YEAR)
_HEADINGS: Final = {plain(heading): heading for heading in (*_REQUIRED, _CODE)}
_LISTS: Final = ("results", "data", "rows")
_REFERENCE: Final = re.compile(r"se\s+(.*?)\.?", re.IGNORECASE)
_BEGINNINGS_OF_JSON: Final = ("[", "{")


class ImportProblem(ValueError):
    """The file cannot be imported; the message has one line per problem."""

    def __init__(self, *problems: str) -> None:
        shown = [*problems[:_MOST_PROBLEMS]]
        if len(problems) > len(shown):
            shown.append(f"… och {len(problems) - len(shown)} fel till")
        super().__init__("\n".join(shown))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, year, ISO code, name as written, öre per whole day, code referred to."""

    place: str
    year: int
    code: str
    name: str
    amount: int
    see: str = ""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A row whose amount may still be a reference to another name."""

    place: str
    year: int
    code: str
    name: str
    amount: int | None
    reference: str


def read_open_data(path: Path) -> list[Row]:
    """The rows of a JSON or CSV file, references resolved; raises ImportProblem.

    JSON: a list of objects, or an object with such a list under results, data or rows. CSV: semicolon, comma
    or tab; UTF-8 or ISO-8859-1. Rows are numbered as lines in a CSV file and from 1 in a JSON list.
    """
    text = _text(path)
    is_json = path.suffix.lower() == ".json" or text.lstrip().startswith(_BEGINNINGS_OF_JSON)
    cells = _json_rows(path.name, text) if is_json else _csv_rows(path.name, text)
    if not cells:
        raise ImportProblem(f"{path.name}: filen har inga rader under rubrikerna")
    problems: list[str] = []
    stated = []
    for place, row in cells:
        try:
            stated.append(_stated(place, row))
        except (Misread, ImportProblem) as error:
            problems.append(str(error))
    if problems:
        raise ImportProblem(*problems)
    return _resolved(stated)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        why = "den finns inte" if isinstance(error, FileNotFoundError) else error.strerror
        raise ImportProblem(f"{path}: filen kan inte läsas ({why})") from None
    if content.startswith(b"PK"):
        raise ImportProblem(f"{path.name}: filen är en arbetsbok; spara bladet som CSV och importera den")
    # Windows-1252 holds all the letters of ISO-8859-1.
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ImportProblem(f"{path.name}: teckenkodningen är varken UTF-8 eller ISO-8859-1")


def _json_rows(file: str, text: str) -> list[tuple[str, dict[str, Any]]]:
    try:
        content = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ImportProblem(
            f"{file}, textrad {error.lineno}, tecken {error.colno}: inte giltig JSON ({error.msg})"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ImportProblem(f"{file}: inte giltig JSON ({error})") from None
    if isinstance(content, dict):
        content = next((content[key] for key in _LISTS if key in content), None)
    if not isinstance(content, list):
        raise ImportProblem(
            f"{file}: väntade en lista med rader, eller ett objekt med listan under {', '.join(_LISTS)}"
        )
    rows = []
    for number, row in enumerate(content, 1):
        place = f"{file}, rad {number}"
        if not isinstance(row, dict):
            raise ImportProblem(f"{place}: väntade ett objekt med {', '.join(_REQUIRED)}, inte {quoted(row)}")
        rows.append((place, _by_heading(place, row.items())))
    return rows


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} är inget tal")


def _csv_rows(file: str, text: str) -> list[tuple[str, dict[str, Any]]]:
    for delimiter in ";,\t":
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            headings = next((line for line in lines if any(line)), [])
        except csv.Error:
            continue
        if set(_REQUIRED) <= {_HEADINGS.get(plain(heading)) for heading in headings}:
            break
    else:
        raise ImportProblem(f"{file}, rad 1: väntade rubrikerna {', '.join(_REQUIRED)} och helst {_CODE}")
    rows = []
    try:
        for line in lines:
            place = f"{file}, rad {lines.line_num}"
            if any(cell.strip() for cell in line):
                rows.append((place, _cells(place, headings, line)))
    except csv.Error as error:
        raise ImportProblem(f"{file}, rad {lines.line_num}: raden kan inte läsas ({error})") from None
    return rows


def _cells(place: str, headings: Sequence[str], line: Sequence[str]) -> dict[str, Any]:
    if any(cell.strip() for cell in line[len(headings) :]):
        raise ImportProblem(f"{place}: {len(line)} värden, men rubrikerna är {len(headings)}")
    return _by_heading(place, zip(headings, line, strict=False))


def _by_heading(place: str, cells: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The cells under the headings that we read; blank ones left out."""
    found: dict[str, Any] = {}
    for written, cell in cells:
        heading = _HEADINGS.get(plain(written))
        if heading is None or cell is None or not str(cell).strip():
            continue
        if heading in found:
            raise ImportProblem(f"{place}: rubriken {heading} finns två gånger")
        found[heading] = cell
    return found


def _stated(place: str, row: Mapping[str, Any]) -> _Stated:
    for heading in _REQUIRED:
        if heading not in row:
            raise ImportProblem(f"{place}: {heading} saknas")
    name = " ".join(str(row[_NAME]).split())
    amount, reference = _amount(place, row[_AMOUNT])
    code = _code(place, name, row.get(_CODE))
    return _Stated(place, _year(place, row[_YEAR]), code, name, amount, reference)


def _amount(place: str, cell: object) -> tuple[int | None, str]:
    if isinstance(cell, str):
        refers = _REFERENCE.fullmatch(cell.strip())
        if refers:
            return None, refers[1]
        try:
            cell = parse_decimal(cell)
        except Misread:
            raise ImportProblem(
                f"{place}: {_AMOUNT} {quoted(cell)} är varken ett belopp som 1 057 eller en hänvisning som Se Kina"
            ) from None
    if isinstance(cell, int | Decimal) and not -_UNREADABLE < cell < _UNREADABLE:
        raise ImportProblem(f"{place}: {_AMOUNT} är orimligt stort; väntade ett belopp i kronor")
    try:
        return int(to_integer(cell, "kr")), ""
    except ValueError as error:
        raise ImportProblem(f"{place}: {_AMOUNT}: {error}; väntade ett belopp i kronor") from None


def _year(place: str, cell: object) -> int:
    written = str(cell).strip()
    first, last = as_date(FIRST_DAY).year, as_date(LAST_DAY).year
    if isinstance(cell, bool) or not re.fullmatch(r"[0-9]{4}", written) or not first <= int(written) <= last:
        raise ImportProblem(f"{place}: {_YEAR} {quoted(cell)} ska vara ett år från {first} till {last}")
    return int(written)


def _code(place: str, name: str, written: object) -> str:
    """The ISO code of a row; empty where only the name is there and nobody knows it."""
    try:
        by_name = COUNTRIES.iso(COUNTRIES.code(name, suggest=False))
    except Misread:
        by_name = ""
    code = by_name if written is None else str(written).strip().upper()
    if written is not None and code not in COUNTRIES.by_iso:
        raise ImportProblem(f"{place}: {_CODE} {quoted(written)} för {name} finns inte i listan över länder")
    if by_name and by_name != code:
        raise ImportProblem(
            f"{place}: {name} har {_CODE} {code}, som är {COUNTRIES.name(COUNTRIES.by_iso[code])}; väntade {by_name}"
        )
    if code == SWEDEN:
        raise ImportProblem(f"{place}: {name} ska inte stå bland utlandsbeloppen; beloppet räknas ur prisbasbeloppet")
    return code


def _resolved(stated: Sequence[_Stated]) -> list[Row]:
    """The rows with the amounts of those that they refer to, wherever in the file these stand."""
    unknown = [f"{quoted(row.name)} ({row.place})" for row in stated if not row.code]
    if unknown:
        raise ImportProblem(
            f"Okända länder: {', '.join(unknown)}. Inget har importerats. "
            f"Lägg till en kolumn {_CODE} med landets kod i filen."
        )
    names = {(row.year, normalise(row.name)): row for row in reversed(stated)}
    # A former name is a row of its own that refers to the new name, which has the same code and the amount.
    codes = {(row.year, row.code): row for row in reversed(stated) if row.amount is None}
    codes |= {(row.year, row.code): row for row in reversed(stated) if row.amount is not None}
    problems, rows = [], []
    for row in stated:
        try:
            target = _target(row, names, codes)
        except ImportProblem as error:
            problems.append(str(error))
            continue
        assert target.amount is not None
        see = target.code if target.code != row.code else ""
        rows.append(Row(row.place, row.year, row.code, row.name, target.amount, see))
    if problems:
        raise ImportProblem(*problems)
    return rows


def _target(
    row: _Stated, names: Mapping[tuple[int, str], _Stated], codes: Mapping[tuple[int, str], _Stated]
) -> _Stated:
    """The row that has the amount, along a chain of references."""
    passed = [row]
    while passed[-1].amount is None:
        reference = passed[-1].reference
        found = names.get((row.year, normalise(reference)))
        if found is None or found.amount is None:
            try:
                code = found.code if found else COUNTRIES.iso(COUNTRIES.code(reference, suggest=False))
            except Misread:
                code = ""
            found = codes.get((row.year, code))
        if found is None:
            raise ImportProblem(
                f"{row.place}: {row.name} hänvisar till {quoted(reference)}, som inte står i filen för {row.year}"
            )
        if found in passed:
            circle = " → ".join(step.name for step in (*passed, found))
            raise ImportProblem(f"{row.place}: hänvisningarna går i ring utan belopp: {circle}")
        passed.append(found)
    return passed[-1]
