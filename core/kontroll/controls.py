"""What a control is: a rule that is true on the rows it trips, with a grade and a sentence."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from core.engine import Ruleset
from core.vocabulary import FARDMEDEL

Grade = Literal["stopp", "varning", "info"]
Setting = Literal["stopp", "varning", "info", "av"]
"""What a policy file may say of a control."""
Lifter = Literal["", "behörig chef", "förvaltningschef"]

GRADES: Final[tuple[Grade, ...]] = ("stopp", "varning", "info")
"""The most serious first; the place of a grade is its code."""

RULES: Final = Ruleset()
CONTROLS: Final[dict[str, Control]] = {}
"""Every control by its name, in the order they are written."""

_DOCUMENTS: Final = {"L-": "linkoping", "S-": "stockholm"}
"""Which policy a rule id of a policy document belongs to."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control. `lifted_by` says who may decide a deviation from it; empty is no one."""

    name: str
    title: str
    refs: tuple[str, ...]
    grade: Grade
    message: str
    lifted_by: Lifter

    @property
    def rule(self) -> str:
        """The column that the control makes."""
        return f"kontroll_{self.name}"

    def rule_id(self, policy: str) -> str:
        """The id to show under a policy: its own document's, else that of law or agreement, else the first."""
        own = [ref for ref in self.refs if _DOCUMENTS.get(ref[:2]) == policy]
        return (own or [ref for ref in self.refs if ref[:2] not in _DOCUMENTS] or list(self.refs))[0]

    def lifter(self, policy: str) -> str:
        """The sentence that says who may decide a deviation; empty where no one may."""
        return f"{self.lifted_by.capitalize()} kan besluta om avsteg." if self.liftable(policy) else ""

    def liftable(self, policy: str) -> bool:
        """Whether a deviation can be decided: L-2.1-1 is Linköping's, and lifts none of the rules of others."""
        return bool(self.lifted_by) and self.rule_id(policy).startswith("L-")

    def on_by_itself(self, policy: str) -> bool:
        """Whether the control is on under a policy that does not mention it.

        One that rests only on policy documents (ids L-… and S-…) is on under those documents' own policies; one
        that rests on law or agreement is on everywhere.
        """
        documents = {_DOCUMENTS.get(ref[:2]) for ref in self.refs}
        return None in documents or policy in documents


def control(
    title: str,
    *refs: str,
    message: str,
    grade: Grade = "varning",
    lifted_by: Lifter = "",
    within: str | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make the decorated function a control under its own name: it reads columns and is true where it trips.

    `within` a level: its first argument is the Groups of trips of that level. Such a control compares trips, and a
    fault in one of them does not hinder the others.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        made = Control(function.__name__, title, refs, grade, message, lifted_by)
        read = tuple(inspect.signature(function).parameters)[1:] if within else ()
        RULES.rule("resa", "ja/nej", title, refs, name=made.rule, within=within, tolerates=read)(function)
        CONTROLS[made.name] = made
        return function

    return register


def grades_under(policy: str, stated: Mapping[str, Setting]) -> dict[str, Grade]:
    """The grade of every control that is on under a policy whose file states the grades `stated`."""
    found: dict[str, Grade] = {}
    for name, one in CONTROLS.items():
        grade: Setting = stated.get(name, one.grade if one.on_by_itself(policy) else "av")
        if grade != "av":
            found[name] = grade
    return found


def modes(*words: str) -> Any:
    """Per code of FARDMEDEL whether the mode is one of `words`."""
    assert set(words) <= set(FARDMEDEL.words)
    return np.array([word in words for word in FARDMEDEL.words])
