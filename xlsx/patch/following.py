"""What follows in other parts when a sheet grows to the right: tables, filters and print areas."""

from __future__ import annotations

from typing import Final

from xlsx.patch.errors import Occupied
from xlsx.patch.references import Area, widen_in_text
from xlsx.patch.site import Site
from xlsx.patch.tables import table_area, widen_table
from xlsx.patch.workbook import NewName, Workbook, defined_names

_FOLLOWING_NAMES: Final = frozenset({"_xlnm._FilterDatabase", "_xlnm.Print_Area"})


def widen_tables(workbook: Workbook, site: Site, row: int) -> list[str]:
    """Let a table whose headings stand in `row`, and that new columns stand beside, take them in.

    Returns what the user should know of tables that could not.
    """
    notes = []
    for relation in workbook.relations_at(site.sheet.part):
        if relation.kind != "table" or relation.part not in workbook.package:
            continue
        part = workbook.xml(relation.part)
        area = table_area(part)
        if area is not None and area.top == row and area.right == site.last_old:
            widen_table(part, [site.titles[column] for column in site.placement.appended])
        elif Area.parse(part.root.attributes["ref"]).top == row:
            name = part.root.attributes.get("displayName", "")
            notes.append(f"Tabellen {name} är inte utökad med resultatkolumnerna; de står bredvid den.")
    return notes


def check_tables(workbook: Workbook, site: Site) -> None:
    """Raise Occupied where the new columns would stand in a table, though its cells there may be blank."""
    for relation in workbook.relations_at(site.sheet.part):
        if relation.kind == "table" and relation.part in workbook.package:
            area = Area.parse(workbook.xml(relation.part).root.attributes["ref"])
            if area.meets(site.new_area):
                raise Occupied(area.right)


def widened_names(workbook: Workbook, site: Site, row: int) -> list[NewName]:
    """The sheet's filter and print area, where they hold `row` and end at the last old column."""
    return [
        NewName(one.name, site.sheet.place, widen_in_text(one.text, row, site.last_old, site.right))
        for one in defined_names(workbook)
        if one.place == site.sheet.place and one.name in _FOLLOWING_NAMES
    ]
