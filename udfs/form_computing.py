"""A form's formulas computed and nothing else, for those who read many forms."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from udfs.forms import evaluation_functions
from xlsx.forms.evaluation import evaluated
from xlsx.forms.evaluation.apart import apart
from xlsx.forms.filling import serial
from xlsx.forms.named import form_limits
from xlsx.summary import rules_version

_HERE: Final = "udfs.form_computing:compute_here"


def compute_form(path: Path, out: Path) -> None:
    """Write a copy with all formulas computed, in a process of its own. Raises UnreadableSheet, Unpatchable."""
    moment = datetime.now().isoformat(timespec="minutes")
    apart(_HERE, path, {"out": str(out.absolute()), "moment": moment}, bool, form_limits())


def compute_here(path: str, out: str, moment: str) -> bool:
    """As `compute_form`, in this process."""
    now = datetime.fromisoformat(moment)
    constants: dict[str, float | str | bool] = {"beraknad": serial(now), "regelversion": rules_version()}
    evaluated(Path(path), Path(out), evaluation_functions(None, now.date()), constants, now.date())
    return True
