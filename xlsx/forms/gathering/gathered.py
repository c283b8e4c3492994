"""What a gathering gives: rows, and for every file what was made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from xlsx.forms.gathering.budgetrows import BudgetRows
from xlsx.forms.gathering.claimrows import ClaimRow

CLAIM: Final = "reserakning"
BUDGET: Final = "resebudget"
KINDS: Final = {
    CLAIM: "Reseräkning",
    BUDGET: "Resebudget",
    "uppfoljning": "Uppföljning",
    "import": "Importblad",
}

GATHERED: Final = "med"
TO_CORRECT: Final = "med, att rätta"
DIFFERS: Final = "med, andra belopp"
EMPTY: Final = "tom"
TWICE: Final = "dubblett"
TO_DECIDE: Final = "att avgöra"
RESULT: Final = "resultatfil"
OTHER: Final = "annan fil"
NO_FORM: Final = "inget formulär"
FAILED: Final = "kan inte läsas"
LEFT_OUT: Final = (TO_DECIDE, NO_FORM, FAILED)
"""What somebody has to look at, since it is not among the rows. Other files, such as receipts, are only listed."""


@dataclass(frozen=True)
class FileLine:
    """What was made of one file."""

    file: str
    kind: str = ""
    status: str = GATHERED
    rows: int = 0
    """Rows among the gathered ones."""
    trip_id: str = ""
    person: str = ""
    employee: str = ""
    departure: Any = None
    back: Any = None
    version: int | None = None
    policy: str = ""
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class GatheredClaim:
    """A claim's row and legs under its Rese-ID, with the file they come from.

    totals: the amounts that the claim shows, by defined name; those that are blank or in error are not there.
    """

    file: str
    trip_id: str
    row: ClaimRow
    policy: str = ""
    totals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class GatheredBudget:
    """A budget's rows with the file they come from."""

    file: str
    rows: BudgetRows


@dataclass
class Gathered:
    """All rows of all files. `undecided` are claims that contradict each other and are not among `claims`."""

    files: list[FileLine] = field(default_factory=list)
    claims: list[GatheredClaim] = field(default_factory=list)
    undecided: list[GatheredClaim] = field(default_factory=list)
    budgets: list[GatheredBudget] = field(default_factory=list)

    @property
    def problems(self) -> list[FileLine]:
        """The files that somebody has to look at."""
        return [line for line in self.files if line.status in (*LEFT_OUT, TO_CORRECT, DIFFERS)]

    @property
    def policies(self) -> list[str]:
        """The policies that the forms name."""
        return sorted({line.policy for line in self.files if line.rows and line.policy})
