"""The values of a follow-up's formulas, put into the file that has just been written."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import formualizer

from core.engine import CellError
from xlsx.forms.evaluation import evaluated
from xlsx.forms.evaluation.calls import CODES
from xlsx.forms.evaluation.patch import SheetPatch
from xlsx.forms.formulas import Names
from xlsx.forms.formulas.sheet import Place, read_cells
from xlsx.forms.named import form_names
from xlsx.forms.uppfoljning.content import Followup
from xlsx.forms.uppfoljning.data import NAME as DATA
from xlsx.patch.package import Package, part_key, replacing
from xlsx.patch.workbook import Workbook


def computed(path: Path, out: Path, content: Followup, today: date) -> dict[str, Any]:
    """Write a copy with the values of all formulas. Gives the values of named cells. Raises UnreadableSheet."""
    if content.is_fixed:
        return _beside_data(path, out)
    return dict(evaluated(path, out, {}, {}, today).names)


def _beside_data(path: Path, out: Path) -> dict[str, Any]:
    """As `computed` where the sheet Data has no formulas: only the engine reads it, and it stays as it is."""
    book = formualizer.Workbook.from_path(str(path))
    book.set_temporal_egress("serial")
    book.evaluate_all()
    names = {name: (sheet, (area.top, area.left)) for name, (sheet, area) in form_names(path).items()}
    with Package(path) as package:
        workbook = Workbook(package)
        for entry in workbook.sheets:
            if entry.part and entry.name != DATA:
                sheet = read_cells(entry, workbook.xml(entry.part), Names(()))
                patch = SheetPatch(sheet)
                patch.values = {place: _value(book, entry.name, place) for place in sheet.formulas}
                patch.write()
        changed = workbook.changed_parts()
        with replacing(package, out) as writer:
            for one in package.entries:
                key = part_key(one.filename)
                if key in changed:
                    writer.put(one.filename, [changed[key]], one)
                else:
                    writer.copy(one)
    return {name: _value(book, sheet, place) for name, (sheet, place) in names.items() if sheet != DATA}


def _value(book: Any, sheet: str, place: Place) -> Any:
    raw = book.get_value(sheet, place[0], place[1] + 1)
    if isinstance(raw, dict):
        return CellError(CODES.get(str(raw.get("kind")), "#VALUE!"), "")
    return "" if raw is None else raw
