"""A table grows to the right with the columns beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

from xlsx.patch.references import Area, area_of
from xlsx.patch.xmlpart import XmlPart

_BOUND: Final = frozenset({"queryTable", "xml"})
"""Kinds of tables whose columns come from elsewhere."""


def table_area(part: XmlPart) -> Area | None:
    """The area of a table that has a heading row and may be given more columns."""
    attributes = part.root.attributes
    if attributes.get("headerRowCount") == "0" or attributes.get("tableType") in _BOUND:
        return None
    return area_of(part, part.root)


def widen_table(part: XmlPart, titles: Sequence[str]) -> None:
    """Add columns with these headings at the right of a table."""
    area, columns = area_of(part, part.root), part.root.child("tableColumns")
    if columns is None:
        return
    right = area.right + len(titles)
    part.set(part.root, "ref", str(area.widened(right)))
    filter_ = part.root.child("autoFilter")
    if filter_ is not None:
        filtered = area_of(part, filter_)
        if filtered.right == area.right:
            part.set(filter_, "ref", str(filtered.widened(right)))
    there = columns.all("tableColumn")
    number = max((part.number(one, "id") for one in there), default=0)
    prefix = part.prefix(columns).decode()
    for place, title in enumerate(titles, 1):
        part.append(columns, f'<{prefix}tableColumn id="{number + place}" name={quoteattr(title)}/>'.encode())
    part.set(columns, "count", str(len(there) + len(titles)))
