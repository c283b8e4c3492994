"""What every form is built for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.law import Law


@dataclass(frozen=True)
class FormSetting:
    """Under which policy, on which day, with which worksheet functions.

    policy: as it is named in a formula's last argument. functions: the names that get the add-in's prefix.
    """

    law: Law
    policy: str
    functions: frozenset[str]
    made: date
