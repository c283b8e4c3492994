"""The whole of a recalculation in figures: totals, what was wrong, which rates were used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.bil.rules import bilniva
from core.encoded import Encoded
from core.engine import Column
from core.engine.columns import wide
from core.engine.distinct import distinct_rows
from core.engine.trace import in_force_from
from core.engine.units import to_written
from core.kontroll.controls import CONTROLS, GRADES
from core.law import country_titles
from core.vocabulary import FARDMEDEL
from xlsx.recalculate import Recalculation

NOT_STATED: Final = "(ej angivet)"
SUMMED: Final[tuple[tuple[str, str], ...]] = (
    ("ersattning_totalt", "Ersättning, kr"),
    ("resekostnad_totalt", "Resekostnad, kr"),
    ("utslapp", "Utsläpp, kg CO2e"),
    ("klimatpaslag", "Klimatpåslag, kr"),
)
_FIRST_ROWS: Final = 5


@dataclass(frozen=True, slots=True)
class Total:
    """The trips of one group. `sums` follow SUMMED: öre, or kg; None where the result was not computed.

    `left_out`: trips that are not in the metres, and not in each of the sums, since just that figure is in error;
    empty where nobody has counted them.
    """

    names: tuple[str, ...]
    trips: int
    wrong: int
    metres: int
    sums: tuple[int | float | None, ...]
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class UsedFigure:
    """A figure in force on some trip's day. `value` as written in `unit`."""

    title: str
    value: int | float | str
    unit: str
    from_date: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of error: how many rows have it, and the first of them by the sheet's own numbers."""

    text: str
    count: int
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrippedControl:
    """How many trips of one department trip one control, and the first of them by the sheet's own numbers.

    `lifted`: of the trips, those with a decided deviation; they count by the grade `info`.
    """

    rule: str
    title: str
    grade: str
    text: str
    department: str
    count: int
    lifted: int
    rows: tuple[int, ...]


def rules_version() -> str:
    """The version of the installed rules and figures."""
    try:
        return version("fardkost")
    except PackageNotFoundError:
        return "utvecklingsversion"


def facts(made: Recalculation) -> list[tuple[str, str | int]]:
    """What was read, by which rules, and how it went."""
    claims, wrong = made.claims, int(made.wrong.sum())
    return [
        ("Fil", made.path.name),
        ("Blad", made.sheet.name),
        ("Policy", made.law.policy.title),
        ("Policyns källa", made.law.policy.source),
        ("Färdkosts version", rules_version()),
        ("Underlaget sparat", made.made.strftime("%Y-%m-%d %H:%M")),
        ("Lästa resor", len(claims)),
        ("Beräknade utan fel", len(claims) - wrong),
        ("Resor med fel", wrong),
        ("Dolda rader, räknade som andra", claims.hidden),
        ("Summarader, inte räknade", claims.sums),
        ("Tomma rader", claims.empty),
    ]


def totals(made: Recalculation, by: Sequence[str] = ()) -> list[Total]:
    """Totals by `avdelning`, `fardmedel`, both or none, over all trips. Amounts in error are left out."""
    rows = len(made.trips)
    keys = [_group(made, name) for name in by]
    if keys:
        different, group = distinct_rows([key.index for key in keys])
    else:
        different, group = np.zeros((1, 0), np.int64), np.zeros(rows, np.int64)
    count = len(different)
    trips, wrong = np.bincount(group, minlength=count), np.bincount(group[made.wrong], minlength=count)
    added = [
        made.trips.columns.get("km_utslapp", made.trips.columns.get("km")),
        *(made.results.get(name) for name, _ in SUMMED),
    ]
    metres, *sums = [_summed(column, group, count) for column in added]
    left_out = [_left_out(column, group, count) for column in added]
    found = [
        Total(
            tuple(key.texts[code] for key, code in zip(keys, different[number].tolist(), strict=True)),
            int(trips[number]),
            int(wrong[number]),
            0 if metres is None else int(metres[number]),
            tuple(None if one is None else one[number].item() for one in sums),
            tuple(int(one[number]) for one in left_out),
        )
        for number in range(count)
    ]
    return sorted(found, key=lambda total: tuple(name.casefold() for name in total.names))


def _group(made: Recalculation, name: str) -> Encoded:
    """Texts to add up by, every row with one."""
    if name == "fardmedel":
        mode = made.trips.columns.get("fardmedel")
        index = np.full(len(made.trips), -1) if mode is None else wide(mode.values)
        return Encoded(np.where(index < 0, len(FARDMEDEL), index), [*FARDMEDEL.words, NOT_STATED])
    column = next((n for n in (name, "ansvar") if made.claims.has(n)), name)
    coded = made.claims.texts(column)
    return Encoded(np.where(coded.index < 0, len(coded.texts), coded.index), [*coded.texts, NOT_STATED])


def _summed(column: Column | None, group: NDArray[np.int64], count: int) -> NDArray[Any] | None:
    if column is None:
        return None
    values = wide(column.values)
    if column.given is not None:
        values = np.where(column.given, values, 0)
    if column.errors is not None:
        values = np.where(column.errors == 0, values, 0)
    sums = np.zeros(count, values.dtype)
    np.add.at(sums, group, values)
    return sums


def _left_out(column: Column | None, group: NDArray[np.int64], count: int) -> NDArray[np.intp]:
    """How many trips of each group are not in the sum of a column."""
    if column is None or column.errors is None:
        return np.zeros(count, np.intp)
    return np.bincount(group[np.broadcast_to(column.errors != 0, len(group))], minlength=count)


def faults(made: Recalculation) -> list[Fault]:
    """The different errors, the most common first."""
    found = []
    for number, text in enumerate(made.errors.texts):
        trips = np.flatnonzero(made.errors.index == number)
        rows = tuple(made.sheet.place(int(row)) for row in made.claims.rows[trips[:_FIRST_ROWS]])
        found.append(Fault(text, len(trips), rows))
    return sorted(found, key=lambda fault: (-fault.count, fault.rows))


def controls(made: Recalculation, by_department: bool = True) -> list[TrippedControl]:
    """What the controls found, by rule, grade and department: the most serious first, then the most common rule.

    Without `by_department` one entry per rule and grade, with an empty department.
    """
    checked, rows = made.checked, len(made.trips)
    department = _group(made, "avdelning") if by_department else Encoded(np.zeros(rows, np.int64), [""])
    width, departments = max(len(checked.controls), 1), len(department.texts)
    keys = (checked.grades * width + checked.which) * departments + department.index[checked.rows]
    of_rule = np.bincount(checked.which, minlength=width)
    order = np.argsort(keys, kind="stable")
    different, starts = np.unique(keys[order], return_index=True)
    found = []
    for key, entries in zip(different.tolist(), np.split(order, starts[1:]), strict=False):
        kind, where = divmod(key, departments)
        grade, which = divmod(kind, width)
        one = checked.controls[which]
        places = made.claims.rows[checked.rows[entries[:_FIRST_ROWS]]]
        tripped = TrippedControl(
            one.rule_id(checked.policy),
            one.title,
            GRADES[grade],
            checked.statement(which),
            department.texts[where],
            len(entries),
            int(checked.lifted[entries].sum()),
            tuple(made.sheet.place(int(place)) for place in places),
        )
        found.append(((grade, -of_rule[which], which, tripped.department.casefold()), tripped))
    return [tripped for _, tripped in sorted(found, key=lambda pair: pair[0])]


def unchecked(made: Recalculation) -> list[str]:
    """A sentence per column for want of which controls were not made."""
    titles = {one: CONTROLS[one].title for names in made.checked.unchecked.values() for one in names}
    return [
        f"{column} saknas: {', '.join(titles[name] for name in names)}."
        for column, names in made.checked.unchecked.items()
    ]


def used_figures(made: Recalculation) -> list[UsedFigure]:
    """Every figure that the results were made from, as in force on the trips' days."""
    names = {step.name for plan in made.computed.plans.values() for step in plan.steps if step.kind == "figure"}
    read = {name for one in made.checked.controls for name in made.law.rules.rules[one.rule][0].parameters}
    names |= read & set(made.law.figures)
    span = _span(made)
    if span is None:
        return []
    used = []
    for name in sorted(names, key=lambda name: (made.law.figures[name].title.casefold(), name)):
        figure = made.law.figures[name]
        keys = _keys(made, figure.key_kind, len(figure.keys))
        seen = set()
        for key in keys:
            for day in [span[0], *(int(day) for day in figure.breaks if span[0] < day <= span[1])]:
                entry = figure.entry(day, key)
                if entry is None or entry in seen:
                    continue
                seen.add(entry)
                word = figure.titles.get(figure.keys[key], figure.keys[key]) if figure.key_kind else ""
                title = f"{figure.title} ({country_titles().get(word, word)})" if word else figure.title
                used.append(
                    UsedFigure(
                        title,
                        to_written(entry.value, figure.unit) if entry.value is not None else "",
                        figure.unit,
                        in_force_from(entry.from_day),
                        entry.source,
                        entry.status,
                    )
                )
    return used


def _span(made: Recalculation) -> tuple[int, int] | None:
    """First and last day of the trips without errors in their dates."""
    days = []
    for name, scale in (("avresa", 1440), ("hemkomst", 1440), ("datum", 1)):
        column = made.trips.columns.get(name)
        if column is not None:
            sound = column.values if column.errors is None else column.values[column.errors == 0]
            days += [int(sound.min()) // scale, int(sound.max()) // scale] if len(sound) else []
    return (min(days), max(days)) if days else None


def _keys(made: Recalculation, kind: str | None, count: int) -> Sequence[int]:
    """The keys that some trip has; all of them where there are but a few."""
    if kind is None:
        return (0,)
    columns = made.trips.columns
    if kind == "land":
        codes = [columns["land"].values]
        if made.trips.legs is not None and "till_land" in made.trips.legs.columns:
            codes.append(made.trips.legs.columns["till_land"].values)
        return [int(code) for code in np.unique(np.concatenate(codes)) if 0 <= code < count]
    if kind == "utslappsklass":
        classes = made.computed.classes
        return [int(code) for code in np.unique(classes) if 0 <= code < count] if classes is not None else ()
    if kind == "bil" and "bil" in columns:
        return [int(code) for code in np.unique(columns["bil"].values) if 0 <= code < count]
    if kind == "bilniva" and "bil" in columns:
        agreed = columns["bilavtal"].values if "bilavtal" in columns else np.False_
        return [int(code) for code in np.unique(bilniva(columns["bil"].values, agreed))]
    return range(count)
