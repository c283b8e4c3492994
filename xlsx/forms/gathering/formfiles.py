"""Files that may be forms, read one by one: looked through by the guard, computed, and set against the template.

The formulas of each form are computed anew before it is read, since a form that was filled by a program, or saved
where no add-in was, has old values or none.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from xlsx.errors import UnreadableSheet
from xlsx.forms.contract import Departure
from xlsx.forms.gathering.finding import FormFile
from xlsx.forms.gathering.gathered import FAILED, NO_FORM, OTHER, RESULT
from xlsx.forms.named import FORM_FILES, Form, form_limits, form_names, read_form
from xlsx.guard import WORKBOOKS, check_file

MOST_REMARKS: Final = 6
"""Remarks of a kind that are told of a file."""

_WORKBOOKS: Final = (*WORKBOOKS, ".xlsb")

Recalculate = Callable[[Path, Path], Any]
"""Writes a copy of a form with all its formulas computed. Raises UnreadableSheet."""

Check = Callable[[Form], Sequence[Departure]]
"""What has been done to the form that it was not made for, such as a formula that was written over."""

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


@dataclass(frozen=True)
class ReadFile:
    """A file that has been read: the form, or why there is none."""

    file: FormFile
    form: Form | None = None
    status: str = ""
    why: str = ""
    departures: Sequence[Departure] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether the form has been changed so that what is read from it may be wrong."""
        return any(one.grade == "fel" for one in self.departures)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What has been done to the form, each with its place."""
        places = ["!".join(filter(None, (one.sheet, one.cell))) for one in self.departures]
        told = [
            f"{place}: {one.text}" if place else one.text for place, one in zip(places, self.departures, strict=True)
        ]
        return tuple(shortened(told, self.file.path.name))


def read_files(
    files: Sequence[FormFile],
    recalculate: Recalculate,
    *,
    check: Check | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Iterator[ReadFile]:
    """Each file's form with its formulas computed, in order."""
    told = progress or (lambda *_: None)
    told(0, len(files))
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        for done, one in enumerate(pool.map(lambda file: read_file(file, recalculate, check), files), 1):
            told(done, len(files))
            yield one


def read_file(file: FormFile, recalculate: Recalculate, check: Check | None = None) -> ReadFile:
    """A form with its formulas computed, looked through by the guard first."""
    if file.result_of:
        return ReadFile(file, status=RESULT, why=f"Resultat av {file.result_of}, som läses i stället.")
    if file.path.suffix.lower() not in FORM_FILES:
        status = NO_FORM if file.path.suffix.lower() in _WORKBOOKS else OTHER
        return ReadFile(file, status=status, why=_other_kind(file.path))
    try:
        check_file(file.path, form_limits())
        if "formular" not in form_names(file.path):
            return ReadFile(file, status=NO_FORM, why="Arbetsboken är inget av Färdkosts formulär.")
        with tempfile.TemporaryDirectory(prefix="fardkost-") as folder:
            computed = Path(folder) / f"beräknad{file.path.suffix}"
            recalculate(file.path, computed)
            form = replace(read_form(computed), path=file.path)
        departures = tuple(check(form)) if check is not None else ()
    except (UnreadableSheet, ValueError, OSError) as why:
        return ReadFile(file, status=FAILED, why=_sentence(str(why), file.path.name))
    return ReadFile(file, form, departures=departures)


def shortened(told: Sequence[str], name: str) -> list[str]:
    """The first remarks of a kind, and how all are shown: a form that was taken apart has hundreds."""
    if len(told) <= MOST_REMARKS:
        return list(told)
    return [*told[:MOST_REMARKS], f"… och {len(told) - MOST_REMARKS} till; fardkost form {name} visar alla."]


def _other_kind(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in _WORKBOOKS:
        return f"Filen är {suffix}. Öppna den i Excel och spara den som .xlsx."
    return f"Filtypen {suffix or 'utan ändelse'} är inget formulär."


def _sentence(why: str, name: str) -> str:
    why = why.removeprefix(f"{name}: ")
    return f"{why[:1].upper()}{why[1:]}"
