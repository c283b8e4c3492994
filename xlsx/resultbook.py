"""What a recalculation is given back as: the user's own workbook with results in it, else a new workbook."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import xlsxwriter

from core.encoded import Encoded
from core.engine import Column
from xlsx.controlsheet import NAME as CONTROLS
from xlsx.controlsheet import write_controls
from xlsx.errors import Unwritable
from xlsx.filestate import state_of
from xlsx.patch.errors import Unpatchable
from xlsx.patch.patching import patch_workbook
from xlsx.patch.plan import AddedSheets, Patch, ResultColumn
from xlsx.patch.references import LAST_ROW
from xlsx.patch.userscells import lost_with
from xlsx.recalculate import Recalculation
from xlsx.results import ERRORS, OWN_TITLES, REMARKS, Target
from xlsx.rowxml import Table, fill
from xlsx.sheetstyle import Styles
from xlsx.summarysheet import NAME as SUMMARY
from xlsx.summarysheet import write_summary
from xlsx.vocabulary import DAYS_SHEET
from xlsx.writing import default_output, write_days, write_workbook

PATCHED: Final = (".xlsx", ".xlsm")
"""Kinds of files that are given back as they were, with results in them."""

_FORMS: Final = {"kr": "kr", "timmar": "timmar", "kg": "kg", "antal": "antal", "text": "ord"}

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Written:
    """The file with the results, and what the user should know of how it was written.

    summary: the sheet Sammanställning by the name it got; None where no sheet could be added.
    """

    path: Path
    notes: list[str] = field(default_factory=list)
    summary: str | None = SUMMARY


def default_result(path: Path | str) -> Path:
    """Where the result goes when nothing else is said: beside the original, of the same kind where it is patched."""
    path = Path(path)
    suffix = path.suffix.lower()
    return default_output(path).with_suffix(suffix if suffix in PATCHED else ".xlsx")


def write_result(made: Recalculation, out: Path | str | None = None, progress: Progress | None = None) -> Written:
    """Write the user's workbook with results in it, or a new workbook for other kinds of files; whole or not at all.

    progress: called with the number of rows written. Raises Unwritable for a target of another kind and for the
    original's path, and (Unpatchable) for a workbook that cannot be changed without harm.
    """
    suffix = made.path.suffix.lower()
    target = Path(out) if out is not None else default_result(made.path)
    if suffix not in PATCHED:
        return Written(write_workbook(made, target, progress))
    if target.suffix.lower() != suffix:
        raise Unwritable(f"{target.name}: resultatet skrivs som {suffix}, som underlaget.")
    with tempfile.TemporaryDirectory(prefix="fardkost-") as folder:
        patch = _patch(made, _added_sheets(made, Path(folder)))
        _check_unchanged(made)
        report = patch_workbook(made.path, target, patch, progress)
        try:
            _check_unchanged(made)
        except Unpatchable:
            target.unlink()
            raise
    summary = next((name for name in report.added if name.casefold().startswith(SUMMARY.casefold())), None)
    lost = lost_with(made.path, (SUMMARY, CONTROLS), report.added)
    return Written(target, [*_left_out(made), *report.notes, *lost], summary)


def _check_unchanged(made: Recalculation) -> None:
    """Raise Unpatchable when the file was saved after it was read: its rows may no longer be those computed."""
    if made.before is not None and state_of(made.path) != made.before:
        raise Unpatchable(f"{made.path.name}: filen ändrades medan den räknades. Kör igen.")


def _patch(made: Recalculation, added: AddedSheets) -> Patch:
    sheet = made.sheet
    headings = [""] * sheet.left + list(sheet.headings)
    return Patch(
        sheet=sheet.name,
        heading_row=_heading_row(made),
        last_heading_row=sheet.header_row,
        headings=headings,
        rows=made.claims.rows + sheet.top,
        columns=[
            *(_result(made, target) for target in made.targets),
            ResultColumn(REMARKS, "anmärkning", made.remarks),
            ResultColumn(ERRORS, "fel", made.errors),
        ],
        titles=OWN_TITLES,
        read=[one.index + sheet.left for one in made.claims.mapping.columns.values()],
        free=_free(made),
        added=added,
    )


def _free(made: Recalculation) -> int:
    """The first column with nothing in it or to its right, in the headings and the rows below; from 0."""
    sheet = made.sheet
    used = [n + sheet.left for n, one in enumerate(sheet.columns) if sheet.headings[n] or not one.blank.all()]
    merged = [end for _, _, last, end in sheet.marks.merged if last + 1 >= _heading_row(made)]
    return max([*used, *merged], default=-1) + 1


def _heading_row(made: Recalculation) -> int:
    """The row of the headings' texts: the first of several that are merged downwards."""
    last = made.sheet.header_row
    begun = Counter(first + 1 for first, _, end, _ in made.sheet.marks.merged if end + 1 == last and first < end)
    return begun.most_common(1)[0][0] if begun else last


def _result(made: Recalculation, target: Target) -> ResultColumn:
    column, rows = made.results[target.name], len(made.trips)
    values = np.broadcast_to(column.values, rows)
    if target.unit == "text":
        words = made.law.policy.approvers
        return ResultColumn(target.title, _FORMS[target.unit], Encoded(values, list(words)), _shown(column, rows))
    return ResultColumn(target.title, _FORMS[target.unit], values, _shown(column, rows))


def _shown(column: Column, rows: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where a result has a value: it is not in error, and was asked for."""
    shown = np.ones(rows, bool)
    if column.errors is not None:
        shown &= column.errors == 0
    if column.given is not None:
        shown &= column.given
    return shown


def _too_many_days(made: Recalculation) -> bool:
    return made.days is not None and len(made.days.trip) >= LAST_ROW


def _left_out(made: Recalculation) -> list[str]:
    if not _too_many_days(made) or made.days is None:
        return []
    days = f"{len(made.days.trip):,}".replace(",", "\N{NO-BREAK SPACE}")
    return [f"Bladet {DAYS_SHEET} är utelämnat: {days} dygn är fler än raderna i ett blad."]


def _added_sheets(made: Recalculation, folder: Path) -> AddedSheets:
    """The sheets of our own in a workbook for themselves."""
    skeleton, whole = folder / "blad.skeleton", folder / "blad.xlsx"
    tables: dict[str, Table] = {}
    with xlsxwriter.Workbook(skeleton, {"in_memory": True}) as book:
        styles = Styles(book)
        write_summary(made, book, styles)
        if made.days is not None and not _too_many_days(made):
            tables["xl/worksheets/sheet2.xml"] = write_days(made, book, styles)
        write_controls(made, book, styles)
    if tables:
        fill(skeleton, whole, tables)
    return AddedSheets(whole if tables else skeleton, (SUMMARY, DAYS_SHEET, CONTROLS))
