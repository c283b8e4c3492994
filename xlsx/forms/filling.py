"""Putting values into a form's inputs: single cells of its sheets are changed, all else stays as the bytes it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import unescape

from xlsx.grid import letters
from xlsx.patch.cells import inline_text
from xlsx.patch.package import Package, part_key, replacing
from xlsx.patch.references import Area
from xlsx.patch.scan import Cell, Row, cells, masked, rows
from xlsx.patch.workbook import Workbook
from xlsx.patch.xmlpart import as_utf8

Places = dict[int, dict[int, Any]]
"""Values by row, from 1, and column, from 0."""

_PREFIX: Final = b""
_DAY_ZERO: Final = datetime(1899, 12, 30)
_DAY: Final = timedelta(days=1)


class UnknownPlace(ValueError):
    """A name or a cell that the form does not have."""


def fill(path: Path, out: Path, values: Mapping[str, Any]) -> Path:
    """Write a copy of a form with values in its inputs; formulas' saved values are left as they were.

    values: by defined name or by reference (`Resor!B5`); one value, a list for a column, a list of lists for an area.
    None empties a cell. Dates and clocks become Excel's numbers. Raises UnknownPlace.
    """
    with Package(path) as package:
        workbook = Workbook(package)
        parts = {sheet.name: sheet.part for sheet in workbook.sheets}
        changes = _by_sheet(values, defined_names(workbook), parts)
        new = {part_key(parts[sheet]): _filled(package.read(parts[sheet]), where) for sheet, where in changes.items()}
        with replacing(package, out) as writer:
            for entry in package.entries:
                content = new.get(part_key(entry.filename))
                if content is None:
                    writer.copy(entry)
                else:
                    writer.put(entry.filename, [content], entry, len(content))
    return out


def defined_names(workbook: Workbook) -> dict[str, str]:
    """The workbook's own names (not those of one sheet) and what each stands for, without `=`."""
    listed = workbook.main.root.child("definedNames")
    return {
        one.attributes["name"]: unescape(workbook.main.inside(one).decode())
        for one in (listed.all("definedName") if listed is not None else [])
        if "localSheetId" not in one.attributes
    }


def split_reference(reference: str) -> tuple[str, Area]:
    """The sheet's name and the area of `'Reseräkning'!$B$3:$C$9`. Raises ValueError for anything else."""
    sheet, mark, area = reference.rpartition("!")
    if not mark:
        raise ValueError(f'"{reference}" är ingen cell på ett blad.')
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, Area.parse(area.replace("$", ""))


def _by_sheet(values: Mapping[str, Any], names: Mapping[str, str], parts: Mapping[str, str]) -> dict[str, Places]:
    found: dict[str, Places] = defaultdict(lambda: defaultdict(dict))
    for name, value in values.items():
        try:
            sheet, area = split_reference(names.get(name, name))
        except ValueError:
            raise UnknownPlace(f"{name} finns inte i formuläret.") from None
        if sheet not in parts:
            raise UnknownPlace(f"{name}: bladet {sheet} finns inte i formuläret.")
        for down, line in enumerate(_lines(value, area)):
            for right, one in enumerate(line):
                if area.top + down > area.bottom or area.left + right > area.right:
                    raise UnknownPlace(f"{name}: fler värden än formuläret har plats för ({area}).")
                found[sheet][area.top + down][area.left + right] = one
    return found


def _lines(value: Any, area: Area) -> Iterable[Iterable[Any]]:
    if not isinstance(value, list | tuple):
        return [[value]]
    if any(isinstance(line, list | tuple) for line in value):
        return value
    return [value] if area.top == area.bottom and area.left < area.right else [[one] for one in value]


def _filled(content: bytes, wanted: Places) -> bytes:
    """A sheet's content with the values in place. Rows that are not there are an error: forms have all of theirs."""
    content = as_utf8(content)
    mask = masked(content)
    begun = mask.find(b"<sheetData")
    pieces, at = [], 0
    left = dict(wanted)
    for row in rows(mask[: mask.find(b"</sheetData>", begun)], _PREFIX):
        places = left.pop(row.number, None)
        if places is not None:
            pieces += [content[at : row.inner], _row(content, mask, row, places)]
            at = row.close
    if left:
        raise UnknownPlace(f"Rad {min(left)} finns inte i formuläret.")
    return b"".join([*pieces, content[at:]])


def _row(content: bytes, mask: bytes, row: Row, places: Mapping[int, Any]) -> bytes:
    there: dict[int, Cell] = {one.column: one for one in cells(mask, row, _PREFIX)}
    made = {column: content[one.start : one.end] for column, one in there.items()}
    for column, value in places.items():
        if column not in there:
            raise UnknownPlace(f"Cell {letters(column)}{row.number} finns inte i formuläret.")
        made[column] = cell_xml(row.number, column, there[column].style, value)
    return b"".join(made[column] for column in sorted(made))


def serial(value: datetime | date | time) -> float:
    """Excel's number of a point in time, a day or a clock."""
    if isinstance(value, time):
        return (datetime.combine(_DAY_ZERO, value) - _DAY_ZERO) / _DAY
    return (datetime.combine(value, value.time() if isinstance(value, datetime) else time()) - _DAY_ZERO) / _DAY


def cell_xml(row: int, column: int, style: int, value: Any) -> bytes:
    """A cell with a value: None, text, number, truth or time. Row from 1, column from 0."""
    begun = b'<c r="%b%d"' % (letters(column).encode(), row) + (b' s="%d"' % style if style else b"")
    match value:
        case None | "":
            return begun + b"/>"
        case bool():
            return begun + b' t="b"><v>%d</v></c>' % value
        case str():
            return begun + inline_text(value)
        case datetime() | date() | time():
            return begun + b"><v>%b</v></c>" % repr(serial(value)).encode()
    return begun + b"><v>%b</v></c>" % repr(value).encode()
