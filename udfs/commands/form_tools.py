"""What the commands for many forms share: computing a form, an empty one, the versions of today's templates."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.law import law
from core.policies import PolicyError
from udfs.commands.output import ERRORS
from udfs.registry import FUNCTIONS
from xlsx.errors import UnreadableSheet
from xlsx.forms.addin import EXTENSION, AddIn, with_addin
from xlsx.forms.contract import Departure, check_form
from xlsx.forms.gathering.gathered import BUDGET
from xlsx.forms.named import Form, form_names
from xlsx.forms.setting import FormSetting
from xlsx.forms.templates import FORMS
from xlsx.guard import check_file
from xlsx.patch.package import Package
from xlsx.patch.xmlpart import XmlPart

MOST_LISTED: Final = 30
"""Files that are listed on the terminal; all of them are in the workbook."""

_VERSION: Final = re.compile(r"\d{1,5}(?:\.\d{1,5}){1,3}")

_CHECKING: Final = threading.Lock()

Told = Callable[[int, int], None]


def departures(form: Form) -> list[Departure]:
    """What has been done to a form that it was not made for. Raises Unpatchable.

    A form that names an unknown policy is set against one of the usual policy; the policy is told as well.
    """
    try:
        setting, unknown = _setting(form.policy), []
    except PolicyError as why:
        setting, unknown = _setting(""), [Departure("", "", str(why), "fel")]
    # One at a time: the templates that it is set against are kept, and openpyxl's warnings are turned off meanwhile.
    with _CHECKING:
        return [*unknown, *check_form(form.path, setting)]


def fresh_budget(form: Form, out: Path) -> None:
    """An empty budget of today's template under the policy and for the add-in of a form. Raises PolicyError."""
    with tempfile.TemporaryDirectory(prefix="fardkost-") as folder:
        skeleton = Path(folder) / "mall.xlsx"
        FORMS[BUDGET].write(skeleton, _setting(form.policy))
        addin = addin_of(form.path)
        if addin is None:
            shutil.copyfile(skeleton, out)
        else:
            with_addin(skeleton, out, addin)


def _setting(policy: str) -> FormSetting:
    rules = law(policy or None)
    return FormSetting(rules, policy or rules.policy.name, frozenset(FUNCTIONS), dt.date.today())


def addin_of(path: Path) -> AddIn | None:
    """The add-in that a form asks Excel to load. Raises Unpatchable."""
    with Package(path) as package:
        if EXTENSION not in package:
            return None
        reference = XmlPart(package.read(EXTENSION), EXTENSION).root.child("reference")
    written = ((reference.attribute("id") or "", reference.attribute("version") or "")) if reference else ("", "")
    try:
        identity = UUID(written[0])
    except ValueError:
        return None
    return AddIn(identity, written[1]) if _VERSION.fullmatch(written[1]) else AddIn(identity)


def unfit_result(out: Path, into: Path | None = None) -> str:
    """Why a file cannot be the result of a gathering, into a budget or by itself; empty when it can."""
    suffix = ".xlsx" if into is None else into.suffix.lower()
    if out.suffix.lower() != suffix:
        return f"{out.name}: resultatet skrivs som {suffix}{'' if into is None else ', som budgeten'}."
    if not out.absolute().parent.is_dir():
        return f"{out.name}: mappen {out.absolute().parent} finns inte."
    if not out.exists():
        return ""
    try:
        check_file(out)
        if "formular" in form_names(out):
            return f"{out.name} är ett formulär och skrivs inte över. Ange en annan fil med --out."
    except UnreadableSheet:
        return f"{out.name} finns redan och är ingen arbetsbok. Ange en annan fil med --out."
    return ""


@contextmanager
def progress_bar(title: str) -> Iterator[Told]:
    """A bar on the terminal, for what tells how many of how many are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=ERRORS, transient=True, disable=not ERRORS.is_terminal) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
