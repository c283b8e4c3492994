"""A sheet of claims, recalculated: read, map, compute, add up."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.encoded import Encoded
from core.engine import Column, ErrorBook
from core.engine.columns import first_error
from core.kontroll.check import Checked
from core.law import Law, law
from xlsx.claims import Claims, Mask, read_claims
from xlsx.controls import check_trips
from xlsx.days import DayTable, day_table
from xlsx.earlier import earlier_results
from xlsx.errors import UnreadableSheet
from xlsx.filestate import FileState, state_of
from xlsx.grid import Sheet
from xlsx.headingrows import without_headings
from xlsx.legs import Legs, make_legs
from xlsx.mapping import ColumnMapping
from xlsx.mergedcells import spread_merged
from xlsx.reading import Source, open_source
from xlsx.remarks import error_texts, remark_texts
from xlsx.results import BY_NAME, PAID, TARGETS, Target
from xlsx.runs import Computed, Progress, compute
from xlsx.sheets import choose_sheet, find_sheet, other_trips, read_sheet
from xlsx.trips import Trips, make_trips
from xlsx.vocabulary import LEGS, LEGS_SHEET, TRIPS


@dataclass
class Recalculation:
    """What was made of one sheet. Columns of `results` have a row per trip; money is öre, time minutes.

    `given` of a result is False where its cell stays empty though nothing is wrong.
    """

    path: Path
    law: Law
    trips: Trips
    results: dict[str, Column]
    computed: Computed
    remarks: Encoded
    errors: Encoded
    checked: Checked
    problems: list[str]
    """What the user should put right in the sheet, each with its place."""
    notes: list[str]
    days: DayTable | None = None
    made: dt.datetime = dt.datetime.min
    """When the file was saved, or the time that SOURCE_DATE_EPOCH states: the same file gives the same answer."""
    before: FileState | None = None
    """The file as it was before it was read."""

    @property
    def sheet(self) -> Sheet:
        """The sheet of claims."""
        return self.trips.claims.sheet

    @property
    def claims(self) -> Claims:
        """The rows that are claims."""
        return self.trips.claims

    @property
    def targets(self) -> list[Target]:
        """The results that were computed, in order."""
        return [target for target in TARGETS if target.name in self.results]

    @property
    def wrong(self) -> Mask:
        """Trips with an error in some result."""
        return np.asarray(self.errors.index >= 0)

    @property
    def own_columns(self) -> list[int]:
        """The columns of the sheet that are the user's: all but results of an earlier run and empty ones."""
        sheet = self.sheet
        earlier = earlier_results(sheet.headings)
        return [
            number
            for number, column in enumerate(sheet.columns)
            if number not in earlier and (sheet.headings[number] or not column.blank.all())
        ]


def recalculate(
    path: Path | str,
    *,
    policy: str | None = None,
    sheet: str | None = None,
    days: bool = False,
    columns: ColumnMapping | None = None,
    counted: Progress | None = None,
    progress: Progress | None = None,
) -> Recalculation:
    """Read a sheet of claims and compute all that its columns allow.

    policy: a shipped policy or the path of one's own; sheet: the sheet's name when it is not `Resor` or the
    first with known headings; days: also a row per day; columns: what somebody has said that headings mean;
    counted: called with the number of rows, once the sheet has been read; progress: with the number of rows done.
    Raises UnreadableSheet when nothing can be read, PolicyError for the policy.
    """
    path = Path(path)
    before = state_of(path)
    # The reading process starts while the law is loaded.
    source = open_source(path)
    rules = law(policy)
    book = ErrorBook()
    name = choose_sheet(path, source, sheet, columns)
    grid, mapping = read_sheet(path, source, name, TRIPS, columns)
    claims, repeated = without_headings(read_claims(grid, mapping, book))
    claims, merged = spread_merged(claims)
    if not len(claims):
        raise UnreadableSheet(f'{path.name}: bladet "{grid.name}" har inga rader under rubrikerna.')
    problems = [f"{grid.name}: {problem}" for problem in mapping.problems]
    others = other_trips(source, name, columns) if sheet is None else []
    about_rows = [*_not_computed(others), *repeated, *merged]
    legs = _read_legs(path, source, claims, book, problems, about_rows, columns)
    trips = make_trips(claims, legs, rules)
    if counted is not None:
        counted(len(trips))
    computed = compute(trips, rules, progress)
    results = {**computed.results, **_totals(trips, computed)}
    checked, unread = check_trips(trips, computed, rules)
    made = Recalculation(
        path=path,
        law=rules,
        trips=trips,
        results=results,
        computed=computed,
        remarks=remark_texts(trips, results, computed, rules, checked, unread),
        errors=_or_all(error_texts(results, claims.read(), book, len(trips)), _nothing(results, computed)),
        checked=checked,
        problems=problems,
        notes=[*about_rows, *mapping.notes, *trips.notes, *unchecked_note(checked)],
        made=_saved(path),
        before=before,
    )
    if days:
        made.days = day_table(trips, rules)
    return made


def _saved(path: Path) -> dt.datetime:
    """When the file was last saved, unless the environment states a time as for reproducible builds."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    return dt.datetime.fromtimestamp(int(stated) if stated.isdigit() else path.stat().st_mtime)


def _not_computed(others: Sequence[str]) -> list[str]:
    """At most one sentence: which sheets have trips that were not computed, and how to compute them."""
    if not others:
        return []
    if len(others) == 1:
        return [f"Bladet {others[0]} har också resor och räknades inte; {_ask_for(others[0], 'det')}."]
    names = f"{', '.join(others[:-1])} och {others[-1]}"
    return [f"Bladen {names} har också resor och räknades inte; {_ask_for(others[0], 'ett i taget')}."]


def _ask_for(sheet: str, what: str) -> str:
    named = f'"{sheet}"' if " " in sheet else sheet
    return f"räkna {what} genom att ange bladets namn (--sheet {named})"


def _nothing(results: Mapping[str, Column], computed: Computed) -> str:
    """Why not a single figure could be computed, for want of which column; empty when something was."""
    if any(BY_NAME[name].unit != "text" for name in results):
        return ""
    why = Counter(why for _, why in computed.missing).most_common(1)[0][0]
    return f"Inga belopp kunde beräknas: kolumnen {why}."


def _or_all(errors: Encoded, every: str) -> Encoded:
    """The errors of each row after one that every row has, where it is stated: a row not computed is not right."""
    if not every:
        return errors
    texts = [*(f"{every}; {text}" for text in errors.texts), every]
    return Encoded(np.where(errors.index < 0, len(errors.texts), errors.index), texts)


def _read_legs(
    path: Path,
    source: Source,
    claims: Claims,
    book: ErrorBook,
    problems: list[str],
    notes: list[str],
    columns: ColumnMapping | None,
) -> Legs | None:
    name = find_sheet(source, LEGS_SHEET)
    if name is None or name == claims.sheet.name:
        return None
    try:
        grid, mapping = read_sheet(path, source, name, LEGS, columns)
    except UnreadableSheet as error:
        problems.append(f"{name}: {error}")
        return None
    problems.extend(f"{name}: {problem}" for problem in mapping.problems)
    if "rese_id" not in mapping.columns or not claims.has("rese_id"):
        problems.append(f"{name}: kolumnen Rese-ID behövs både här och bland resorna, så delsträckorna används inte.")
        return None
    rows, repeated = without_headings(read_claims(grid, mapping, book, f"{name}: "))
    legs = make_legs(rows, claims.texts("rese_id"), book)
    problems.extend(legs.problems)
    notes.extend(repeated)
    return legs if legs.columns else None


def _totals(trips: Trips, computed: Computed) -> dict[str, Column]:
    """What is paid to the traveller, and what the trip costs the unit; in error when a part is."""
    parts = [computed.results[name] for name in PAID if name in computed.results]
    if not parts:
        return {}
    paid = _sum([*parts, *_written(trips, "utlagg")], len(trips))
    charge = [computed.results["klimatpaslag"]] if "klimatpaslag" in computed.results else []
    cost = _sum([paid, *_written(trips, "kostnad"), *_written(trips, "hotell"), *charge], len(trips))
    return {"ersattning_totalt": paid, "resekostnad_totalt": cost}


def _written(trips: Trips, name: str) -> list[Column]:
    return [trips.claims.filled(name, 0)] if trips.claims.has(name) else []


def _sum(parts: Sequence[Column], rows: int) -> Column:
    total: Any = np.zeros(rows, np.int64)
    errors = None
    for part in parts:
        total = total + (part.values if part.given is None else np.where(part.given, part.values, 0))
        errors = first_error(errors, part.errors)
    return Column(total, errors)


def unchecked_note(checked: Checked) -> list[str]:
    """At most one sentence: how many controls were left out, for want of which columns."""
    count = sum(map(len, checked.unchecked.values()))
    if not count:
        return []
    some = "1 kontroll görs" if count == 1 else f"{count} kontroller görs"
    return [f"{some} inte, eftersom kolumner saknas: {', '.join(checked.unchecked)}."]


def missing_sentences(made: Recalculation) -> list[str]:
    """A sentence per column that is lacking, with the results that need it."""
    titles: dict[str, list[str]] = {}
    for target, why in made.computed.missing:
        titles.setdefault(why, []).append(target.title)
    sentences = [f"{why}: {', '.join(results)} kan inte beräknas." for why, results in titles.items()]
    left_out = [BY_NAME[name].title for name in PAID if name not in made.results]
    if left_out and "ersattning_totalt" in made.results:
        sentences.append(f"Ersättning totalt är räknad utan {', '.join(left_out)}.")
    return sentences
