"""The mark that makes a formula spill: cells name a record of `xl/metadata.xml` by the attribute `cm`."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Final

from xlsx.patch.workbook import Workbook
from xlsx.patch.xmlpart import Element, XmlPart

_KIND: Final = "sheetMetadata"
_CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_TYPE: Final = "XLDAPR"
_SPACE: Final = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
_MINIMUM: Final = 120_000
"""The first version of Excel's metadata that knows of dynamic arrays."""

_DECLARED: Final = (
    f'<{{p}}metadataType name="{_TYPE}" minSupportedVersion="{_MINIMUM}" copy="1" pasteAll="1" pasteValues="1" '
    'merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" coerce="1" cellMeta="1"/>'
)
_FUTURE: Final = (
    f'<{{p}}futureMetadata name="{_TYPE}" count="1"><{{p}}bk><{{p}}extLst>'
    '<{p}ext uri="{{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}}">'
    f'<xda:dynamicArrayProperties xmlns:xda="{_SPACE}" fDynamic="1" fCollapsed="0"/>'
    "</{p}ext></{p}extLst></{p}bk></{p}futureMetadata>"
)

_AFTER_TYPES: Final = ("futureMetadata", "cellMetadata", "valueMetadata")


@dataclass
class Metadata:
    """The workbook's metadata. new: parts to be added, by name."""

    workbook: Workbook
    new: dict[str, bytes] = field(default_factory=dict)
    _index: str = ""

    def dynamic(self) -> str:
        """The value of `cm` for a cell that spills; made where the workbook has none. Raises Unpatchable."""
        if not self._index:
            name = self.workbook.related(_KIND)
            if name is None or name not in self.workbook.package:
                self._index = self._made()
            else:
                self._index = _known(self.workbook.xml(name)) or _added(self.workbook.xml(name))
        return self._index

    def _made(self) -> str:
        name = posixpath.join(posixpath.dirname(self.workbook.part), "metadata.xml")
        content = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f'<metadata xmlns="{self.workbook.main.root.space}">'
            f'<metadataTypes count="1">{_DECLARED.format(p="")}</metadataTypes>{_FUTURE.format(p="")}'
            '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
        )
        self.new[name] = content.encode()
        self.workbook.relate(_KIND, name)
        self.workbook.declare(name, _CONTENT_TYPE)
        return "1"


def _known(part: XmlPart) -> str:
    """The number of the record of a dynamic array in a part that has one; else nothing."""
    types, records = part.root.child("metadataTypes"), part.root.child("cellMetadata")
    if types is None or records is None:
        return ""
    kinds = [one.attributes.get("name") for one in types.all("metadataType")]
    for number, record in enumerate(records.all("bk"), 1):
        for one in record.all("rc"):
            kind = int(one.attributes.get("t", "0"))
            if 0 < kind <= len(kinds) and kinds[kind - 1] == _TYPE:
                return str(number)
    return ""


def _added(part: XmlPart) -> str:
    """Add a record of a dynamic array to a part that is about other things; returns its number."""
    prefix = part.prefix(part.root).decode()
    types = part.root.child("metadataTypes")
    kinds = types.all("metadataType") if types is not None else []
    kind = next((place for place, one in enumerate(kinds, 1) if one.attributes.get("name") == _TYPE), 0)
    if not kind:
        kind = len(kinds) + 1
        _put(part, "metadataTypes", types, _DECLARED.format(p=prefix), kind, before=None)
        following = next((one for one in part.root.children if one.name in _AFTER_TYPES), None)
        future = _FUTURE.format(p=prefix).encode()
        if following is not None:
            part.insert(following.start, future)
        else:
            part.append(part.root, future)
    records = part.root.child("cellMetadata")
    number = len(records.all("bk")) + 1 if records is not None else 1
    record = f'<{prefix}bk><{prefix}rc t="{kind}" v="0"/></{prefix}bk>'
    _put(part, "cellMetadata", records, record, number, before="valueMetadata")
    return str(number)


def _put(part: XmlPart, name: str, group: Element | None, xml: str, count: int, before: str | None) -> None:
    """Add to a group, which is made, before another one, where there is none."""
    if group is not None:
        part.append(group, xml.encode())
        part.set(group, "count", str(count))
        return
    prefix = part.prefix(part.root).decode()
    made = f'<{prefix}{name} count="{count}">{xml}</{prefix}{name}>'.encode()
    following = part.root.child(before) if before is not None else None
    if following is not None:
        part.insert(following.start, made)
    elif before is None:
        part.insert(part.root.inner, made)
    else:
        part.append(part.root, made)
