"""The parts of a workbook that ask Excel to open Färdkost's add-in with it.

Excel knows an add-in by the id in its manifest, which every installation has its own of. A workbook that names an id
that nobody has installed makes Excel show an error beside it, so the parts are only added for a known installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5
from xml.sax.saxutils import quoteattr

from xlsx.patch.package import Package, part_key, replacing
from xlsx.patch.workbook import CONTENT_TYPES, Workbook, relations_of
from xlsx.patch.xmlpart import XmlPart

PANES: Final = "xl/webextensions/taskpanes.xml"
EXTENSION: Final = "xl/webextensions/webextension1.xml"
CATALOGUE: Final = "EXCatalog"
"""Where Excel looks for it: among what the organisation has deployed to its users from Microsoft 365."""

AUTO_SHOW: Final = "Office.AutoShowTaskpaneWithDocument"

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE: Final = "http://schemas.microsoft.com/office"
_RELATIONS: Final = f"{_OFFICE}/2011/relationships"
_IDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_HAS_FUNCTIONS: Final = "{D87F86FE-615C-45B5-9D79-34F1136793EB}"
"""The extension by which a workbook says that its formulas use the add-in's functions."""


@dataclass(frozen=True)
class AddIn:
    """An installation's add-in. version: as in its manifest, four numbers."""

    identity: UUID
    version: str = "1.0.0.0"


def with_addin(source: Path, out: Path, addin: AddIn) -> Path:
    """Write a copy of a workbook that asks Excel to load the add-in and to open its pane. Raises Unpatchable.

    A workbook that asks for an add-in already keeps what it asks for, and becomes the same bytes.
    """
    with Package(source) as package:
        parts = {} if PANES in package else _parts(Workbook(package), addin)
        with replacing(package, out) as writer:
            for entry in package.entries:
                content = parts.pop(part_key(entry.filename), None)
                if content is None:
                    writer.copy(entry)
                else:
                    writer.put(entry.filename, [content], entry)
            for name, content in parts.items():
                writer.put(name, [content])
    return out


def _parts(workbook: Workbook, addin: AddIn) -> dict[str, bytes]:
    """The changed parts by their keys, and the new ones by their names."""
    workbook.declare(PANES, "application/vnd.ms-office.webextensiontaskpanes+xml")
    workbook.declare(EXTENSION, "application/vnd.ms-office.webextension+xml")
    root = workbook.xml(relations_of(""))
    root.append(root.root, _relation(root, "rIdFardkostAddIn", "webextensiontaskpanes", PANES))
    changed = workbook.changed_parts()
    assert part_key(CONTENT_TYPES) in changed
    return {
        **changed,
        PANES: _panes().encode(),
        relations_of(PANES): _pane_relations().encode(),
        EXTENSION: _extension(addin).encode(),
    }


def _relation(root: XmlPart, number: str, kind: str, part: str) -> bytes:
    tag = root.prefix(root.root).decode() + "Relationship"
    return f'<{tag} Id="{number}" Type="{_RELATIONS}/{kind}" Target="{part}"/>'.encode()


def _panes() -> str:
    """Visible: the form cannot compute without the add-in, so nobody is asked whether it shall open."""
    return (
        f'{_HEAD}<wetp:taskpanes xmlns:wetp="{_OFFICE}/webextensions/taskpanes/2010/11">'
        '<wetp:taskpane dockstate="right" visibility="1" width="350" row="1">'
        f'<wetp:webextensionref xmlns:r="{_IDS}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
    )


def _pane_relations() -> str:
    target = Path(EXTENSION).name
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/webextension" Target="{target}"/></Relationships>'
    )


def _extension(addin: AddIn) -> str:
    """Which add-in, in which catalogue. The part's own id is the same each time for the same add-in."""
    own = f"{{{str(uuid5(addin.identity, CATALOGUE)).upper()}}}"
    reference = f'id="{addin.identity}" version={quoteattr(addin.version)} store="{CATALOGUE}" storeType="{CATALOGUE}"'
    return (
        f'{_HEAD}<we:webextension xmlns:we="{_OFFICE}/webextensions/webextension/2010/11" id="{own}">'
        f"<we:reference {reference}/><we:alternateReferences/>"
        f'<we:properties><we:property name="{AUTO_SHOW}" value="true"/></we:properties>'
        f'<we:bindings/><we:snapshot xmlns:r="{_IDS}"/>'
        f'<we:extLst><a:ext xmlns:a="{_DRAWING}" uri="{_HAS_FUNCTIONS}"><we:containsCustomFunctions/></a:ext>'
        "</we:extLst></we:webextension>"
    )
