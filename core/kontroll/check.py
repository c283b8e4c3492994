"""Runs the controls of a policy on trips: which are tripped, by which rows, and which cannot be decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.engine import Column, ErrorBook, Figures, MissingInput, Result, Ruleset, run
from core.engine.blocks import run_blocks
from core.engine.levels import Frame
from core.engine.plan import make_plan
from core.kontroll.controls import CONTROLS, GRADES, Control, Grade
from core.kontroll.words import suffices

LIFTED: Final = "avsteg beslutat"
UNSURE: Final = "Gränsen är obekräftad."
_INFO: Final = GRADES.index("info")
_MAY_LIFT: Final = {word: suffices(word) for word in ("behörig chef", "förvaltningschef")}


@dataclass(frozen=True)
class Checked:
    """What the controls found: one entry per tripped row and control, by row and then in the controls' order.

    rows: row numbers; which: places in `controls`; grades: places in GRADES; lifted: a decided deviation.
    unchecked: names of controls that were not decided, by the Swedish title of the column they lack.
    unsure: names of controls whose limit is not confirmed, such as a default of ours.
    """

    policy: str
    controls: tuple[Control, ...]
    rows: NDArray[np.int64]
    which: NDArray[np.int64]
    grades: NDArray[np.int64]
    lifted: NDArray[np.bool_]
    unchecked: Mapping[str, Sequence[str]]
    unsure: frozenset[str]

    def __len__(self) -> int:
        return len(self.rows)

    def statement(self, which: int) -> str:
        """What is wrong, and whether the limit behind it is unconfirmed."""
        one = self.controls[which]
        return f"{one.message} {UNSURE}" if one.name in self.unsure else one.message

    def text(self, which: int, lifted: bool) -> str:
        """What is wrong, and who may lift it or that it is lifted."""
        said, who = self.statement(which), self.controls[which].lifter(self.policy)
        return f"{said.removesuffix('.')} ({LIFTED})." if lifted else f"{said} {who}".rstrip()

    def remark(self, which: int, lifted: bool) -> str:
        """The same after the rule's id, to be joined with other remarks."""
        return f"{self.controls[which].rule_id(self.policy)}: {self.text(which, lifted).removesuffix('.')}"


def check(
    rules: Ruleset,
    figures: Figures,
    policy: str,
    grades: Mapping[str, Grade],
    columns: Mapping[str, Column],
    rows: int,
    book: ErrorBook,
) -> Checked:
    """Decide every control in `grades` that `columns` are enough for; errors in `columns` refer to `book`.

    A row on which what a control reads is in error does not trip it.
    """
    frames = {"resa": Frame(rows)}
    alone, between, lacking = _possible(rules, figures, grades, columns)
    made: dict[str, Column] = {}
    if alone:
        made |= run_blocks(rules, figures, [one.rule for one in alone], columns, frames, root="resa", book=book.copy())
    for level in dict.fromkeys(rules.rules[one.rule][0].within for one in between):
        # A level at a time: the order of the rows within it takes memory.
        targets = [one.rule for one in between if rules.rules[one.rule][0].within == level]
        made |= _columns(run(rules, figures, targets, columns, frames, book.copy(), keep_all=False), targets)
    known = tuple(one for one in map(CONTROLS.__getitem__, grades) if one.rule in made)
    tripped = [np.flatnonzero(_tripped(made[one.rule], rows)) for one in known]
    where = np.concatenate([*tripped, np.zeros(0, np.int64)])
    which = np.repeat(np.arange(len(known)), [len(places) for places in tripped])
    order = np.argsort(where, kind="stable")
    where, which = where[order], which[order]
    lifted = _lifted(known, policy, which, where, columns, rows)
    codes = np.array([GRADES.index(grades[one.name]) for one in known], np.int64)
    return Checked(
        policy,
        known,
        where,
        which,
        np.where(lifted, _INFO, codes[which]),
        lifted,
        lacking,
        _unsure(rules, figures, known),
    )


def _columns(result: Result, targets: Sequence[str]) -> dict[str, Column]:
    return {name: result.column(name) for name in targets}


def _possible(
    rules: Ruleset, figures: Figures, grades: Mapping[str, Grade], columns: Mapping[str, Column]
) -> tuple[list[Control], list[Control], dict[str, list[str]]]:
    """Controls that look at a row alone, those that look between rows, and those that lack a column."""
    given = frozenset(columns)
    partial = frozenset(name for name, column in columns.items() if column.given is not None)
    alone: list[Control] = []
    between: list[Control] = []
    lacking: dict[str, list[str]] = {}
    for one in map(CONTROLS.__getitem__, grades):
        try:
            plan = make_plan(rules, figures.kinds, (one.rule,), given, partial, frozenset({"resa"}))
        except MissingInput as missing:
            # Rows of another level than trips can only be had from a sheet of legs.
            title = missing.title if missing.name in rules.inputs else "Delsträckor"
            lacking.setdefault(title, []).append(one.name)
        else:
            (between if plan.levels else alone).append(one)
    return alone, between, lacking


def _unsure(rules: Ruleset, figures: Figures, known: Sequence[Control]) -> frozenset[str]:
    """Controls that read a limit of the room's own whose status is the least sure."""
    weak = {
        name
        for name, figure in figures.items()
        if name.startswith("kontroll_") and any(entry.status == "obekräftad" for entry in figure.entries)
    }
    return frozenset(one.name for one in known if weak & set(rules.rules[one.rule][0].parameters))


def _tripped(column: Column, rows: int) -> Any:
    sound = True if column.errors is None else column.errors == 0
    return np.broadcast_to(np.asarray(column.values, bool) & sound, rows)


def _lifted(
    known: Sequence[Control], policy: str, which: Any, where: Any, columns: Mapping[str, Column], rows: int
) -> Any:
    """Per entry whether the row states that someone who may lift the control decided so, with a reason (L-2.1-1)."""
    if not {"avsteg_av", "avsteg_skal"} <= set(columns) or not len(where):
        return np.zeros(len(where), bool)
    role, reason = (np.broadcast_to(columns[name].values, rows) for name in ("avsteg_av", "avsteg_skal"))
    nobody = np.zeros(len(_MAY_LIFT["behörig chef"]), bool)
    may = np.stack([_MAY_LIFT[one.lifted_by] if one.liftable(policy) else nobody for one in known])
    decided = (role >= 0) & reason
    return decided[where] & may[which, role[where]]
