"""Which part of a workbook's file holds a sheet."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from xlsx.patch.package import Package
from xlsx.patch.workbook import read_relations, relations_of
from xlsx.patch.xmlpart import XmlPart

_MAIN: Final = "xl/workbook.xml"
_USUAL: Final = frozenset({_MAIN, relations_of(_MAIN)})


def part_of_sheet(package: Package, sheet: str) -> str | None:
    """The path of a sheet's part as the file writes it, or None when there is no such part.

    Raises Unpatchable for a part that is damaged.
    """
    root = relations_of("")
    owners = read_relations(XmlPart(package.read(root), root), "") if root in package else []
    main = next((one.part for one in owners if one.kind == "officeDocument"), _MAIN)
    relations = relations_of(main)
    if main not in package or relations not in package:
        return None
    parts = {one.id: one.part for one in read_relations(XmlPart(package.read(relations), relations), main)}
    listed = XmlPart(package.read(main), main).root.child("sheets")
    for element in listed.all("sheet") if listed is not None else []:
        part = parts.get(element.attribute("id") or "", "")
        if element.attributes.get("name") == sheet and part in package:
            return package.entry(part).filename
    return None


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The same for those who take the other parts by name: None where these have other names than usual."""
    if archive.filename is None or not set(archive.namelist()) >= _USUAL:
        return None
    with Package(Path(archive.filename)) as package:
        return part_of_sheet(package, sheet)
