"""What follows in other parts when a sheet grows to the right: tables, filters and print areas."""

from __future__ import annotations

from typing import Final

from xlsx.grid import letters
from xlsx.patch.errors import Occupied
from xlsx.patch.references import Area, area_of, widen_in_text
from xlsx.patch.site import Site
from xlsx.patch.tables import table_area, widen_table
from xlsx.patch.workbook import DefinedName, NewName, Workbook, defined_names

_FILTER: Final = "_xlnm._FilterDatabase"
_FOLLOWING_NAMES: Final = frozenset({_FILTER, "_xlnm.Print_Area"})


def widen_tables(workbook: Workbook, site: Site) -> list[str]:
    """Let a table whose headings stand in the row of ours, and that new columns stand beside, take them in.

    Returns what the user should know of tables that could not.
    """
    notes = []
    for relation in workbook.relations_at(site.sheet.part):
        if relation.kind != "table" or relation.part not in workbook.package:
            continue
        part = workbook.xml(relation.part)
        area, appended = table_area(part), site.placement.appended
        headed = area is not None and area.top == site.heading_rows[0] and site.holds_own(area)
        if area is not None and headed and appended and area.right == site.last_old:
            widen_table(part, [site.titles[column] for column in appended])
        elif (whole := area_of(part, part.root)).top <= site.heading_rows[1]:
            # One that begins below has headings, and rows, of its own.
            name = f"tabellen {part.root.attributes.get('displayName', '')}"
            notes += left_out(site, whole, name, "tabellens")
    return notes


def left_out(site: Site, area: Area, name: str, of_it: str) -> list[str]:
    """What the user should know of a filter or table that holds the trips without all results; else nothing.

    name: what it is called in the middle of a sentence; of_it: the same in the genitive.
    """
    outside = [column for column in sorted(site.titles) if not area.left <= column <= area.right]
    if not outside or not site.holds_own(area):
        return []
    first, last = letters(outside[0]), letters(outside[-1])
    whole = Area(area.top, min(area.left, outside[0]), area.bottom, max(area.right, outside[-1]))
    return [
        f"Bladet {site.sheet.name}: resultaten i kolumn {first if first == last else f'{first}–{last}'} står utanför "
        f"{name} ({area}). Sorteras resorna med {of_it} knappar blir resultaten kvar, och beloppen hamnar på andra "
        f"resor. Utöka {name} till {whole} före sortering, eller flytta undan det som står emellan och räkna om "
        "underlaget."
    ]


def check_tables(workbook: Workbook, site: Site) -> None:
    """Raise Occupied where the new columns would stand in a table, though its cells there may be blank."""
    for relation in workbook.relations_at(site.sheet.part):
        if relation.kind == "table" and relation.part in workbook.package:
            part = workbook.xml(relation.part)
            area = area_of(part, part.root)
            if area.meets(site.new_area):
                raise Occupied(area.right)


def widened_names(workbook: Workbook, site: Site) -> list[NewName]:
    """The sheet's filter and print area, where they hold the last row of headings and new columns stand beside them."""
    row = site.heading_rows[1]
    return [
        NewName(one.name, site.sheet.place, widen_in_text(one.text, row, site.last_old, site.right))
        for one in defined_names(workbook)
        if one.place == site.sheet.place and one.name in _FOLLOWING_NAMES and not _of_another(one, site)
    ]


def _of_another(name: DefinedName, site: Site) -> bool:
    """Whether a name is of a filter over other columns than those that the results belong to."""
    try:
        area = Area.parse(name.text.rpartition("!")[2])
    except ValueError:
        return False
    return name.name == _FILTER and not site.holds_own(area)
