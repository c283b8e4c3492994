"""RESEKONTROLL: a table of trips with a header row in, what the policy's controls find out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.encoded import Encoded
from core.engine import CellError, ErrorBook
from core.kontroll.check import Checked
from core.kontroll.controls import CONTROLS, GRADES
from core.law import days_of
from core.vocabulary import Misread
from udfs.calculation import SETTING, answering, law_of
from udfs.coerce import Table, as_table, is_blank
from xlsx.claims import Mask, read_claims
from xlsx.controls import check_trips
from xlsx.grid import Marks, RawColumn, Sheet
from xlsx.headings import header_row, map_headings
from xlsx.runs import compute
from xlsx.trips import Trips, make_trips
from xlsx.vocabulary import TRIPS

HEADINGS: Final = ("Rad", "Regel", "Grad", "Anmärkning")
_NAME: Final = "Tabellen"
_NO_HEADINGS: Final = (
    "Tabellens första rad ska ha rubriker som i bladet Resor, minst två, till exempel Avresa, Hemkomst, Färdmedel."
)
_READING: Final = "Läsning"


def check_table(tabell: Any, policy: Any) -> Table | CellError:
    """What the controls find, or what is wrong with the table or the policy as a whole."""
    answer: Table | CellError = answering(lambda: _answer(tabell, policy))
    return answer


@dataclass(frozen=True)
class CheckedTable:
    """A table's trips, what the controls found in them, and remarks on cells that the controls could not read."""

    trips: Trips
    checked: Checked
    unread: list[tuple[Mask, str]]


def checked_table(tabell: Any, policy: Any) -> CheckedTable:
    """Run the controls on a table with a header row. Raises Misread, PolicyError."""
    rows = as_table(tabell)
    if header_row([[_heading(cell) for cell in row] for row in rows[:1]], TRIPS) is None:
        raise Misread(_NO_HEADINGS)
    under = law_of(policy)
    sheet = _sheet(rows)
    claims = read_claims(sheet, map_headings(sheet.headings, TRIPS), ErrorBook())
    if not len(claims):
        raise Misread("Tabellen har inga rader under rubrikerna.")
    trips = make_trips(claims, None, under)
    _check_days(trips)
    return CheckedTable(trips, *check_trips(trips, compute(trips, under), under))


def _check_days(trips: Trips) -> None:
    """Refuse a table whose trips are so long together that a server could not answer others. Raises Misread."""
    days, most = days_of(trips.columns), SETTING.get().most_days
    if days is not None and most is not None and days.sum() > most:
        raise Misread(f"Tabellens resor omfattar {days.sum()} dygn, högst {most} tas emot. Dela upp tabellen.", "#NUM!")


def _answer(tabell: Any, policy: Any) -> Table:
    made = checked_table(tabell, policy)
    checked, claims = made.checked, made.trips.claims
    places = claims.rows + claims.sheet.top
    answer: Table = [list(HEADINGS)]
    lines = [(int(row), _READING, "info", text) for mask, text in made.unread for row in np.flatnonzero(mask)]
    for column in claims.read():
        numbers = np.zeros(0, np.int64) if column.errors is None else column.errors
        wrong = np.flatnonzero(numbers).tolist()
        lines += [(row, _READING, "varning", claims.book[int(numbers[row])].message) for row in wrong]
    found = (checked.rows, checked.which, checked.grades, checked.lifted)
    for row, which, grade, lifted in zip(*(part.tolist() for part in found), strict=True):
        text = checked.text(which, lifted)
        lines.append((row, checked.controls[which].rule_id(checked.policy), GRADES[grade], text))
    lines.sort(key=lambda line: (line[0], GRADES.index(line[2])))
    answer += [[int(places[row]), *rest] for row, *rest in lines]
    if checked.unchecked:
        answer.append(["", "", "info", _left_out(checked.unchecked)])
    return answer


def _left_out(unchecked: Mapping[str, Sequence[str]]) -> str:
    """One sentence for all controls that were not made, by the column that each lacks."""
    of_column = (
        f"{title} ({', '.join(CONTROLS[name].title.lower() for name in names)})" for title, names in unchecked.items()
    )
    return f"Kontroller som inte gjordes för att kolumner saknas: {'; '.join(of_column)}."


def _heading(cell: Any) -> str:
    return "" if is_blank(cell) else str(cell).strip()


def _sheet(rows: Table) -> Sheet:
    """The table as a sheet whose header is its first row."""
    width = max(map(len, rows))
    cells = [[*row, *[None] * (width - len(row))] for row in rows[1:]]
    columns = [_raw([row[number] for row in cells]) for number in range(width)]
    headings = [_heading(cell) for cell in (*rows[0], *[None] * (width - len(rows[0])))]
    return Sheet(_NAME, headings, 1, columns, len(cells), Marks())


def _raw(cells: list[Any]) -> RawColumn:
    """Cells of mixed kinds, each different one once."""
    numbers: dict[Any, int] = {}
    broken: dict[int, str] = {}
    index = np.full(len(cells), -1, np.int64)
    for row, cell in enumerate(cells):
        if isinstance(cell, CellError):
            broken[row] = cell.code
        elif not (cell is None or (isinstance(cell, str) and not cell.strip()) or cell != cell):
            index[row] = numbers.setdefault((type(cell), cell), len(numbers))
    return RawColumn(Encoded(index, [cell for _, cell in numbers]), broken)
