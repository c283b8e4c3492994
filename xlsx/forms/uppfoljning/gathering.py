"""The trips of many sheets as the columns of a follow-up: each sheet is recalculated, none is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.engine.clock import as_date
from core.vocabulary.times import SERIAL_1970
from xlsx.batch.finding import IN_FOLDERS
from xlsx.claims import Mask
from xlsx.errors import UnreadableSheet
from xlsx.forms.gathering import gather as gather_forms
from xlsx.forms.gathering.finding import FormFile, NothingThere, find_form_files
from xlsx.forms.gathering.formfiles import Recalculate
from xlsx.forms.gathering.gathered import CLAIM, LEFT_OUT
from xlsx.forms.gathering.gatheredbook import write_gathered
from xlsx.forms.named import FORM_FILES, form_names, read_form
from xlsx.forms.uppfoljning.columns import INPUTS
from xlsx.forms.uppfoljning.content import Followup
from xlsx.forms.uppfoljning.triprows import Cells, People, trip_cells, unit_key
from xlsx.guard import check_file
from xlsx.recalculate import Recalculation, missing_sentences, recalculate

Progress = Callable[[int, int], None]

MOST_TRIPS: Final = 1_000_000
"""Rows of a sheet, less those above the table."""
KIND: Final = "uppfoljning"
_CLAIMS: Final = "reseräkningar"
_NOT_SHEETS: Final = (KIND, CLAIM, "resebudget")
"""Forms that have no sheet of trips to recalculate."""


@dataclass
class Gathered:
    """What came of gathering: the follow-up's content, and what could not be read.

    names: the files by their numbers in the column Underlag. failed: file and why, in Swedish.
    """

    content: Followup
    names: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    passed_by: list[tuple[str, str]] = field(default_factory=list)
    """Files that are no sheets of trips, and what they are."""
    wrong: int = 0
    """Trips with an error in some result."""
    undated: int = 0


def gather(
    asked: Sequence[str],
    policy: str | None = None,
    year: int | None = None,
    base_year: int | None = None,
    *,
    with_ids: bool = False,
    leave_out: Sequence[Path] = (),
    compute: Recalculate | None = None,
    progress: Progress | None = None,
) -> Gathered:
    """Recalculate the sheets of files and folders, and gather their trips.

    year: the year to follow up; else the latest in which a trip begins. with_ids: keep employee numbers and the names
    of files; else employees and files are numbered. leave_out: files that are not read, such as the result.
    compute: computes the formulas of a filled claim; without it claims are passed by.
    Raises NothingThere when there is no trip at all, PolicyError for the policy.
    """
    made = Gathered(Followup())
    parts = _Parts(People(with_ids), with_ids, made)
    found = [one for one in find_form_files(asked, leave_out) if one.path.suffix.lower() in IN_FOLDERS]
    claims: list[FormFile] = []
    for number, file in enumerate(found):
        if progress is not None:
            progress(number, len(found))
        kind = "" if file.result_of else _form_kind(file.path)
        if kind == CLAIM and compute is not None:
            claims.append(file)
        elif file.result_of or kind:
            made.passed_by.append((file.relative, _why_not(file, kind)))
        elif (read := _read(file.path, file.relative, policy, made)) is not None:
            parts.add(read, file.relative)
    if claims and compute is not None:
        parts.add_claims(claims, compute, policy)
    if not parts.cells:
        raise NothingThere(_nothing(asked, made))
    made.content = parts.content(year, base_year)
    return made


def _why_not(file: FormFile, kind: str) -> str:
    return (
        f"omräkning av {file.result_of}, som är med" if file.result_of else f"formuläret {kind} har inga rader av resor"
    )


@dataclass
class _Parts:
    """The trips so far, file by file."""

    people: People
    with_ids: bool
    made: Gathered
    cells: list[Cells] = field(default_factory=list)
    sources: list[tuple[str, str, int, str]] = field(default_factory=list)

    def add(self, read: Recalculation, name: str) -> None:
        """Add the trips of a sheet."""
        number = self._numbered(name)
        self._add(read, trip_cells(read, name if self.with_ids else str(number), self.people))
        shown = (name, read.sheet.name) if self.with_ids else (f"Fil {number}", "")
        self.sources.append((*shown, len(read.trips), _remark(read)))

    def add_claims(self, files: Sequence[FormFile], compute: Recalculate, policy: str | None) -> None:
        """Add the trips of filled claims, gathered to a sheet of their own."""
        gathered = gather_forms(files, compute)
        self.made.failed += [(line.file, " ".join(line.remarks)) for line in gathered.files if line.status in LEFT_OUT]
        if not gathered.claims:
            return
        with TemporaryDirectory(prefix="fardkost-") as folder:
            read = recalculate(write_gathered(gathered, Path(folder) / f"{_CLAIMS}.xlsx"), policy=policy)
        names = [claim.file for claim in gathered.claims]
        numbers = [self._numbered(name) for name in names]
        cells = dict(trip_cells(read, _CLAIMS, self.people))
        if len(read.trips) == len(names):
            cells["underlag"] = np.array(names if self.with_ids else [f"Fil {number}" for number in numbers], object)
        self._add(read, cells)
        self.sources.append((f"{len(names)} ifyllda reseräkningar", "", len(read.trips), _remark(read)))

    def _numbered(self, name: str) -> int:
        self.made.names.append(name)
        return len(self.made.names)

    def _add(self, read: Recalculation, cells: Cells) -> None:
        self.cells.append(cells)
        self.made.wrong += int(read.wrong.sum())

    def content(self, year: int | None, base_year: int | None) -> Followup:
        """All of them together."""
        cells = {one.name: np.concatenate([part[one.name] for part in self.cells]) for one in INPUTS}
        _check_room(len(cells["avresa"]))
        self.made.undated = int(_blank(cells["avresa"]).sum())
        cells["avdelning"], units = _one_spelling(cells["avdelning"])
        return Followup(
            year=year or _latest_year(cells["avresa"]),
            base_year=base_year,
            columns={name: values.tolist() for name, values in cells.items()},
            units=units,
            sources=self.sources,
        )


def _read(path: Path, name: str, policy: str | None, made: Gathered) -> Recalculation | None:
    """A recalculated sheet; None, and told in `made`, for what is none."""
    try:
        return recalculate(path, policy=policy)
    except UnreadableSheet as why:
        made.failed.append((name, str(why).removeprefix(f"{path.name}: ")))
    except (ValueError, OSError) as why:
        made.failed.append((name, str(why)))
    return None


def _form_kind(path: Path) -> str:
    """Which of our forms a workbook is; empty for others, also for an import sheet, which is a sheet of trips."""
    if path.suffix.lower() not in FORM_FILES:
        return ""
    try:
        check_file(path)
        names = form_names(path)
        if "formular" not in names:
            return ""
        kind = KIND if "data_felkod" in names else read_form(path).kind
    except (UnreadableSheet, OSError):
        return ""
    return kind if kind in _NOT_SHEETS else ""


def _remark(read: Recalculation) -> str:
    """What is to be said of a file: trips with errors, and what its columns are not enough for."""
    wrong = int(read.wrong.sum())
    told = [f"{wrong} resor med fel."] if wrong else []
    return " ".join([*told, *missing_sentences(read), *read.problems])


def _nothing(asked: Sequence[str], made: Gathered) -> str:
    why = [f"{name}: {reason}" for name, reason in [*made.failed, *made.passed_by]]
    return "\n".join([f"{', '.join(asked)}: inga resor att följa upp.", *why])


def _check_room(rows: int) -> None:
    if rows > MOST_TRIPS:
        raise NothingThere(f"{rows} resor får inte plats i ett blad. Dela upp underlaget på flera uppföljningar.")


def _blank(cells: NDArray[np.object_]) -> Mask:
    """The cells that are empty."""
    blank: Mask = cells == np.full(1, None, object)
    return blank


def _filled(cells: NDArray[np.object_], value: str) -> NDArray[np.object_]:
    return np.where(_blank(cells), value, cells)


def _latest_year(departures: NDArray[np.object_]) -> int | None:
    """The latest year in which a trip begins, among serial numbers of days."""
    days = departures[~_blank(departures)]
    return as_date(int(max(days)) - SERIAL_1970).year if len(days) else None


def _one_spelling(written: NDArray[np.object_]) -> tuple[NDArray[np.object_], list[str]]:
    """The departments of the rows, each spelt as it first was, and all of them by name.

    Formulas would take two spellings for two departments.
    """
    texts, first, index = np.unique(_filled(written, "").astype(str), return_index=True, return_inverse=True)
    spelt: dict[str, str] = {}
    for number in np.argsort(first, kind="stable").tolist():
        spelt.setdefault(unit_key(str(texts[number])), str(texts[number]))
    table = np.array([spelt[unit_key(str(text))] or None for text in texts], object)
    return table[index.ravel()], sorted(filter(None, spelt.values()), key=unit_key)
