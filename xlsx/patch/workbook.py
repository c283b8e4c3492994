"""The parts of a workbook that say what the others are: content types, relationships, sheets, defined names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from xlsx.patch.errors import Unpatchable
from xlsx.patch.package import Package, part_key
from xlsx.patch.xmlpart import Element, XmlPart, pieces_as_utf8

CONTENT_TYPES: Final = "[Content_Types].xml"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_TRANSITIONAL: Final = "http://schemas.openxmlformats.org/"
_OFFICE: Final = "officeDocument/relationships"
_PACKAGE_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONS_TYPE: Final = "application/vnd.openxmlformats-package.relationships+xml"
_BEFORE_NAMES: Final = ("externalReferences", "functionGroups", "sheets")
_RELATION_ID: Final = re.compile(rb"\s([\w.-]+:id)\s*=")
_SIGNATURES: Final = "_xmlsignatures/"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship: its id, its kind (the last word of its type), and the part it points at."""

    id: str
    kind: str
    part: str
    external: bool


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook lists it; `place` among all of its sheets, from 0."""

    name: str
    place: int
    number: str
    part: str
    element: Element


def relations_of(part: str) -> str:
    """The part that holds the relationships of another."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolve(target: str, owner: str) -> str:
    """The name of the part that a relationship of `owner` points at."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/")


def read_relations(content: XmlPart, owner: str) -> list[Relation]:
    """All relationships of a part."""
    return [
        Relation(
            one.attributes.get("Id", ""),
            posixpath.basename(one.attributes.get("Type", "")),
            resolve(one.attributes.get("Target", ""), owner),
            one.attributes.get("TargetMode") == "External",
        )
        for one in content.root.all("Relationship")
    ]


class Workbook:
    """A workbook's describing parts, to be read and changed; `changed_parts` tells which were."""

    def __init__(self, package: Package) -> None:
        self.package = package
        if any(part_key(entry.filename).startswith(_SIGNATURES) for entry in package.entries):
            raise Unpatchable(
                "arbetsboken är digitalt signerad och varje ändring gör signaturen ogiltig. "
                "Spara en kopia utan signatur och räkna om den."
            )
        self._parts: dict[str, XmlPart] = {}
        self._made: set[str] = set()
        root = self._relations("")
        main = next((one.part for one in root if one.kind == "officeDocument"), "xl/workbook.xml")
        self.part = self._named(main)
        self.main = self.xml(self.part)
        self.strict = self.main.root.space.startswith(_STRICT)
        self.relations = self._relations(self.part)
        self.sheets = self._read_sheets()

    def xml(self, name: str) -> XmlPart:
        """A part to be read or changed; the same one each time."""
        key = part_key(name)
        if key not in self._parts:
            self._parts[key] = XmlPart(self.package.read(name), name)
        return self._parts[key]

    def sheet_pieces(self, sheet: SheetEntry) -> Iterator[bytes]:
        """A sheet's content in pieces, in UTF-8."""
        return pieces_as_utf8(self.package.stream(sheet.part))

    def changed_parts(self) -> dict[str, bytes]:
        """The parts that were changed, by their keys."""
        return {key: part.result() for key, part in self._parts.items() if part.changed}

    def relations_at(self, part: str) -> list[Relation]:
        """The relationships of any part; none where it has no such part."""
        return self._relations(part)

    def _relations(self, part: str) -> list[Relation]:
        name = relations_of(part)
        return read_relations(self.xml(name), part) if name in self.package else []

    def _named(self, name: str) -> str:
        return name if name in self.package else unquote(name)

    def _read_sheets(self) -> list[SheetEntry]:
        listed = self.main.root.child("sheets")
        parts = {relation.id: relation for relation in self.relations}
        found = []
        for place, element in enumerate(listed.all("sheet") if listed is not None else []):
            relation = parts.get(element.attribute("id") or "")
            part = self._named(relation.part) if relation is not None and relation.kind == "worksheet" else ""
            found.append(
                SheetEntry(
                    self.main.required(element, "name"), place, element.attributes.get("sheetId", ""), part, element
                )
            )
        return found

    def related(self, kind: str) -> str | None:
        """The part that the workbook has of a kind, such as `styles`, if there is one."""
        return next((self._named(one.part) for one in self.relations if one.kind == kind and one.part), None)

    @property
    def structure_locked(self) -> bool:
        """Whether sheets may not be added by hand."""
        lock = self.main.root.child("workbookProtection")
        return lock is not None and lock.attributes.get("lockStructure") in ("1", "true")

    def relation_type(self, kind: str) -> str:
        """The full type of a relationship in this workbook's dialect."""
        return (
            f"{_STRICT}{_OFFICE}/{kind}" if self.strict else f"{_TRANSITIONAL}officeDocument/2006/relationships/{kind}"
        )

    def relate(self, kind: str, part: str) -> str:
        """Give the workbook a relationship to a new part; returns its id."""
        relations = self.xml(relations_of(self.part))
        taken = {one.attributes.get("Id") for one in relations.root.all("Relationship")} | self._made
        number = next(number for number in range(1, len(taken) + 2) if f"rIdFardkost{number}" not in taken)
        made = f"rIdFardkost{number}"
        self._made.add(made)
        target = posixpath.relpath(part, posixpath.dirname(self.part) or ".")
        tag = relations.prefix(relations.root).decode() + "Relationship"
        xml = f'<{tag} Id="{made}" Type="{self.relation_type(kind)}" Target={quoteattr(target)}/>'
        relations.append(relations.root, xml.encode())
        return made

    def declare(self, part: str, content_type: str) -> None:
        """Say what a new part is, unless it is said already; some files list parts that they lack."""
        types = self.xml(CONTENT_TYPES)
        for one in types.root.all("Override"):
            if part_key(one.attributes.get("PartName", "")) == part_key(part):
                types.set(one, "ContentType", content_type)
                return
        self._say("Override", "PartName", "/" + part, content_type)

    def declare_relations(self) -> None:
        """Say what parts of relationships are, where it is said of none but those that are there."""
        known = {one.attributes.get("Extension", "").casefold() for one in self.xml(CONTENT_TYPES).root.all("Default")}
        if "rels" not in known | self._made:
            self._made.add("rels")
            self._say("Default", "Extension", "rels", _RELATIONS_TYPE)

    def _say(self, kind: str, attribute: str, value: str, content_type: str) -> None:
        types = self.xml(CONTENT_TYPES)
        tag = types.prefix(types.root).decode() + kind
        types.append(
            types.root, f"<{tag} {attribute}={quoteattr(value)} ContentType={quoteattr(content_type)}/>".encode()
        )

    def forget(self, part: str) -> None:
        """Take away what is said of a part that goes."""
        types, relations = self.xml(CONTENT_TYPES), self.xml(relations_of(self.part))
        for one in types.root.all("Override"):
            if part_key(one.attributes.get("PartName", "")) == part_key(part):
                types.replace(one, b"")
        for one in relations.root.all("Relationship"):
            if part_key(resolve(one.attributes.get("Target", ""), self.part)) == part_key(part):
                relations.replace(one, b"")

    def list_sheet(self, name: str, part: str) -> int:
        """Add a sheet, last of all; returns its place."""
        listed = self.main.root.child("sheets")
        if listed is None:
            raise Unpatchable("arbetsboken har inga blad.")
        number = max((int(one.number) for one in self.sheets if one.number.isdecimal()), default=0) + 1
        made = self.relate("worksheet", part)
        prefix = self.main.prefix(listed).decode()
        by = _RELATION_ID.search(self.main.raw(listed.children[0])) if listed.children else None
        relation = by[1].decode() if by is not None else "r:id"
        declared = self._declared(relation.partition(":")[0], listed)
        xml = f'<{prefix}sheet{declared} name={quoteattr(name)} sheetId="{number}" {relation}="{made}"/>'
        self.main.append(listed, xml.encode())
        place = len(self.sheets)
        self.sheets.append(SheetEntry(name, place, str(number), part, listed))
        return place

    def _declared(self, prefix: str, listed: Element) -> str:
        """What declares the prefix of relationships on a new sheet; nothing where all of the list has it."""
        space = self.relation_type("").rstrip("/")
        known = re.compile(rf"""\sxmlns:{re.escape(prefix)}\s*=\s*["']{re.escape(space)}["']""".encode())
        if any(known.search(self.main.opening(one)) for one in (self.main.root, listed)):
            return ""
        return f" xmlns:{prefix}={quoteattr(space)}"


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name in the workbook; `place` of the sheet it belongs to, if any."""

    name: str
    place: int | None
    text: str
    element: Element


def defined_names(workbook: Workbook) -> list[DefinedName]:
    """All names that the workbook had when it was opened."""
    main = workbook.main
    listed = main.root.child("definedNames")
    found = []
    for one in listed.all("definedName") if listed is not None else []:
        place = one.attributes.get("localSheetId", "")
        at = int(place) if place.isdecimal() else None
        found.append(DefinedName(one.attributes.get("name", ""), at, main.text(one), one))
    return found


@dataclass(frozen=True, slots=True)
class NewName:
    """A name to be defined for a sheet."""

    name: str
    place: int
    text: str
    hidden: bool = False


def define(workbook: Workbook, names: list[NewName]) -> None:
    """Define names for sheets; one that is there gets another text."""
    main = workbook.main
    listed = main.root.child("definedNames")
    known = {(one.name, one.place): one for one in defined_names(workbook)}
    prefix = main.prefix(main.root)
    fresh = b""
    for new in names:
        old = known.get((new.name, new.place))
        if old is not None:
            if old.text != new.text:
                main.set_text(old.element, new.text)
            continue
        tag = (prefix + b"definedName").decode()
        hidden = ' hidden="1"' if new.hidden else ""
        fresh += (
            f'<{tag} name={quoteattr(new.name)} localSheetId="{new.place}"{hidden}>{escape(new.text)}</{tag}>'
        ).encode()
    if not fresh:
        return
    if listed is not None:
        main.append(listed, fresh)
        return
    before = next(one for name in _BEFORE_NAMES for one in [main.root.child(name)] if one is not None)
    main.insert(before.end, b"<%bdefinedNames>%b</%bdefinedNames>" % (prefix, fresh, prefix))


def in_formula(sheet: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def only_of(workbook: Workbook, part: str) -> set[str]:
    """Keys of all that nothing but a part leans on, directly or by others, with the relationships in between."""
    return _leaned_on(workbook, part) - _leaned_on(workbook, "", without=part_key(part))


def lacking(workbook: Workbook) -> set[str]:
    """Parts that some part leans on and that are not there, as some programs leave them: no new part may take
    such a name, or it would show where it does not belong."""
    owners = ["", *_leaned_on(workbook, "")]
    relations = (one for owner in owners for one in workbook.relations_at(owner) if not one.external)
    return {one.part for one in relations if one.part not in workbook.package}


def _leaned_on(workbook: Workbook, part: str, without: str = "") -> set[str]:
    """Keys of what a part leans on, and of the relationships in between; not by way of the part left out."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        owner = waiting.pop()
        name = relations_of(owner)
        if name not in workbook.package or part_key(name) in found:
            continue
        found.add(part_key(name))
        for one in workbook.relations_at(owner):
            if not one.external and one.part in workbook.package and part_key(one.part) != without:
                found.add(part_key(one.part))
                waiting.append(one.part)
    return found
