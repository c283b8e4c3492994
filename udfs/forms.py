"""Filled-in forms: recalculated with the worksheet functions, and what they then say."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from core.engine import CellError
from core.engine.clock import day_number
from core.law import DEFAULT_POLICY
from core.policies import PolicyError, find_policy, policy_names
from udfs import functions  # noqa: F401  # registers the functions
from udfs.calculation import Answer, Setting, calculating, law_of
from udfs.registry import FUNCTIONS, Function
from xlsx.forms.evaluation import Evaluated, Value, evaluated
from xlsx.forms.evaluation.apart import apart
from xlsx.forms.named import form_limits
from xlsx.forms.setting import FormSetting
from xlsx.patch.references import Area
from xlsx.summary import rules_version

TOTAL: Final = "summa_"
LABEL: Final = "label_"
UNITS: Final = {
    "km": "km",
    "kg": "kg CO2e",
    "utslapp": "kg CO2e",
    "dagar": "dagar",
    "natter": "nätter",
    "resor": "resor",
    "antal": "",
    "timmar": "timmar",
    "procent": "%",
}
"""Units of totals by the last part of their names; others are kronor, unless their label says something else."""

_LABELLED: Final = ("kr", "kg CO2e", "kg", "km", "resor", "nätter", "dagar", "timmar", "%")
"""Units that a label may end with, after a comma."""

_DAY_ZERO: Final = datetime(1899, 12, 30)
_DAY: Final = 86_400
_REMARK_COLUMNS: Final = 4
_PLACE_AND_TEXT: Final = 2


@dataclass(frozen=True, slots=True)
class Total:
    """A sum that the form tells, by its defined name; None where the form leaves it blank."""

    name: str
    label: str
    value: float | str | bool | None
    unit: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What a control found: its row, rule and grade."""

    row: str
    rule: str
    grade: str
    text: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in the form: where, and what was expected. code: Excel's, of a cell in error.

    grade: `fel` where figures may be wrong, `varning` where the form is read in spite of it.
    """

    place: str
    text: str
    code: str = ""
    grade: str = "fel"


@dataclass(frozen=True, slots=True)
class Change:
    """A formula that was mended."""

    place: str
    before: str
    after: str


@dataclass
class FormResult:
    """What came of a form. kind, version: of our own forms; nothing for another workbook. own: cells with calls."""

    kind: str = ""
    version: str = ""
    policy: str = ""
    computed: str = ""
    rules: str = ""
    totals: list[Total] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    repaired: list[Change] = field(default_factory=list)
    kept: list[Mistake] = field(default_factory=list)
    own: int = 0


def evaluation_functions(
    policy: str | None = None, today: date | None = None, policies: Mapping[str, Path] | None = None
) -> dict[str, Callable[..., Any]]:
    """The functions by name, for `xlsx.forms.evaluation`.

    policy: that of calls that name none; today: what a date that is left out means; policies: the only ones that
    may be named, by name.
    """
    setting = Setting(policy=policy, today=None if today is None else day_number(today), policies=policies, laws={})
    return {name: _under(function, setting) for name, function in FUNCTIONS.items()}


def _under(function: Function, setting: Setting) -> Callable[..., Any]:
    required = sum(parameter.required for parameter in function.parameters)
    most = None if any(one.repeated for one in function.parameters) else len(function.parameters)

    def call(*arguments: Any) -> Answer:
        if len(arguments) < required or (most is not None and len(arguments) > most):
            return CellError("#VALUE!", f"{function.name} skrivs {function.signature}.")
        with calculating(setting):
            return function.call(*arguments)

    return call


def known_policies(policy: str | None = None) -> dict[str, Path]:
    """The policies that a form may name: the shipped ones, and the one that is asked for or configured, whose name
    comes last. Raises PolicyError."""
    asked = find_policy(policy or os.environ.get("FARDKOST_POLICY") or DEFAULT_POLICY)
    shipped = {name: find_policy(name) for name in policy_names() if name != asked.stem}
    return {**shipped, asked.stem: asked}


def recalculate_form(
    path: Path,
    out: Path,
    policy: str | None = None,
    moment: datetime | None = None,
    policies: Mapping[str, Path] | None = None,
    seconds: float | None = None,
    only_repaired: bool = False,
    default_policy: str | None = None,
) -> FormResult:
    """Recalculate a filled-in form, or any workbook with the functions, into `out`, in a process of its own.

    policy: put into the form's field for it, and that of calls that name none; default_policy: only the latter.
    moment: when it is said to be computed, and what "today" means; now when it is left out. policies: the only ones
    that may be named. seconds: how long it may take. only_repaired: nothing but formulas that do not work is changed.
    Raises UnreadableSheet, Unpatchable.
    """
    limits = form_limits()
    if seconds is not None:
        limits = replace(limits, seconds=seconds)
    arguments = {
        "out": str(out.absolute()),
        "policy": policy,
        "moment": (moment or datetime.now()).isoformat(timespec="minutes"),
        "policies": None if policies is None else {name: str(file.absolute()) for name, file in policies.items()},
        "only_repaired": only_repaired,
        "default_policy": default_policy,
    }
    return apart("udfs.forms:computed_here", path, arguments, FormResult, limits)


def computed_here(
    path: str,
    out: str,
    policy: str | None,
    moment: str,
    policies: dict[str, str] | None,
    only_repaired: bool,
    default_policy: str | None,
) -> FormResult:
    """As `recalculate_form`, in this process."""
    now = datetime.fromisoformat(moment)
    allowed = None if policies is None else {name: Path(file) for name, file in policies.items()}
    constants: dict[str, float | str | bool] = {}
    if not only_repaired:
        constants = {"beraknad": (now - _DAY_ZERO).total_seconds() / _DAY, "regelversion": rules_version()}
        if policy is not None:
            constants["policy"] = policy
    named = evaluation_functions(policy or default_policy, now.date(), allowed)
    made = evaluated(Path(path), Path(out), named, constants, now.date(), only_repaired=only_repaired)
    result = _result(made, now)
    if result.kind and not only_repaired:
        found = _departures(Path(path), result.policy, policy or default_policy, allowed, now.date())
        known = {(one.place, one.text) for one in result.mistakes}
        result.mistakes[:0] = [one for one in found if (one.place, one.text) not in known]
    return result


def _departures(
    path: Path,
    named: str,
    default: str | None,
    allowed: Mapping[str, Path] | None,
    day: date,
) -> list[Mistake]:
    """What has been done to one of our forms that it was not made for: overwritten formulas, lost fields and so on.

    named: the policy that the form names; another is asked where there is none of that name.
    """
    # All forms' builders come with it, which nobody else here needs.
    from xlsx.forms.contract import check_form

    with calculating(Setting(policy=default, policies=allowed)):
        try:
            under = law_of(named)
        except PolicyError:
            under = law_of(None)
    setting = FormSetting(under, under.policy.name, frozenset(FUNCTIONS), day)
    return [
        Mistake(f"{one.sheet}!{one.cell}".strip("!"), one.text, grade=one.grade) for one in check_form(path, setting)
    ]


def _result(made: Evaluated, now: datetime) -> FormResult:
    mistakes = [*_own_mistakes(made), *(Mistake(one.where, one.message, one.code) for one in made.errors)]
    return FormResult(
        kind=_text(made, "formular"),
        version=_text(made, "mallversion"),
        policy=_text(made, "policy"),
        computed=now.isoformat(sep=" ", timespec="minutes"),
        rules=rules_version(),
        totals=_totals(made),
        remarks=_remarks(made),
        mistakes=mistakes,
        repaired=[Change(f"{one.sheet}!{one.cell}".lstrip("!"), one.before, one.after) for one in made.repaired],
        kept=[Mistake(f"{one.sheet}!{one.cell}", one.why) for one in made.kept],
        own=made.own,
    )


def _text(made: Evaluated, name: str) -> str:
    value = made.names.get(name)
    if value is None or isinstance(value, list | CellError):
        return ""
    return f"{value:g}" if isinstance(value, float) and not isinstance(value, bool) else str(value)


def _totals(made: Evaluated) -> list[Total]:
    """The named sums in the order of their cells."""
    order = list(made.values)
    found = []
    for name, value in made.names.items():
        if not name.lower().startswith(TOTAL) or isinstance(value, list):
            continue
        rest = name[len(TOTAL) :]
        label = _text(made, LABEL + rest) or made.labels.get(name, "") or rest.replace("_", " ")
        shown = None if isinstance(value, CellError) or value == "" else value
        sheet, cell = made.places[name]
        area = Area.parse(cell)
        label, unit = _unit(label.rstrip(": "), rest)
        # Column by column, since sums often stand in blocks beside each other.
        place = (order.index(sheet), area.left, area.top)
        found.append((place, Total(name, label, shown, unit)))
    return [total for _, total in sorted(found, key=lambda one: one[0])]


def _unit(label: str, name: str) -> tuple[str, str]:
    """A label without its unit, and the unit."""
    before, _, last = label.rpartition(", ")
    if before and last in _LABELLED:
        return before, last
    return label, UNITS.get(name.rpartition("_")[2].lower(), "kr")


def _remarks(made: Evaluated) -> list[Remark]:
    """The rows of the form's controls, without headings and blank rows."""
    return [
        Remark(*(_shown(cell) for cell in row[:_REMARK_COLUMNS]))
        for row in _rows(made, "kontroller")
        if len(row) >= _REMARK_COLUMNS and _shown(row[_REMARK_COLUMNS - 1]) and _shown(row[0]) != "Rad"
    ]


def _own_mistakes(made: Evaluated) -> Iterator[Mistake]:
    """What the form itself says of wrong input: texts, with their places where it has two columns."""
    sheet = made.places.get("formularfel", ("", ""))[0]
    for row in _rows(made, "formularfel"):
        texts = [text for cell in row if (text := _shown(cell))]
        if len(texts) >= _PLACE_AND_TEXT:
            yield Mistake(texts[0], texts[1])
        elif texts:
            yield Mistake(sheet, texts[0])


def _rows(made: Evaluated, name: str) -> list[list[Value]]:
    value = made.names.get(name)
    return value if isinstance(value, list) else [[value]]


def _shown(cell: Value) -> str:
    if cell is None or isinstance(cell, CellError):
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip()
