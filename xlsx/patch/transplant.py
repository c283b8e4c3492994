"""Sheets of a workbook that XlsxWriter made, brought into another workbook with their styles and charts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final
from xml.sax.saxutils import escape

from xlsx.patch.package import Package, part_key
from xlsx.patch.styles import StyleSheet
from xlsx.patch.workbook import (
    CONTENT_TYPES,
    DefinedName,
    SheetEntry,
    Workbook,
    defined_names,
    in_formula,
    read_relations,
    relations_of,
)
from xlsx.patch.xmlpart import XmlPart

SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_STYLED: Final = re.compile(rb'(<(?:c|row) [^<>]*?\bs="|<col [^<>]*?\bstyle=")(\d+)"')
_DIFFERENTIAL: Final = re.compile(rb'(\bdxfId=")(\d+)"')
_SHARED: Final = re.compile(rb'(<c [^<>]*?) t="s"><v>(\d+)</v></c>')
_SELECTED: Final = re.compile(rb' tabSelected="1"')
_FORMULA_OF_CHART: Final = re.compile(rb"(<(?:\w+:)?f>)([^<]*)")
_SHEET_IN_FORMULA: Final = re.compile(r"(?:'(?:[^']|'')+'|[^'!,(]+)!")
_TO_STRICT: Final = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/",
        b"http://purl.oclc.org/ooxml/officeDocument/",
    ),
    (b"http://schemas.openxmlformats.org/drawingml/2006/", b"http://purl.oclc.org/ooxml/drawingml/"),
)


@dataclass
class Donor:
    """A workbook by XlsxWriter whose sheets are taken over."""

    package: Package
    workbook: Workbook
    strict: bool
    texts: list[bytes]
    styles: list[int]
    differential: list[int]
    names: list[DefinedName] = field(default_factory=list)

    @classmethod
    def of(cls, package: Package, styles: StyleSheet, strict: bool) -> Donor:
        """Bring the donor's styles into the workbook's."""
        workbook = Workbook(package)
        cell_styles, differential = styles.merged(workbook.xml(workbook.related("styles") or "xl/styles.xml"))
        return cls(
            package, workbook, strict, _shared_texts(workbook), cell_styles, differential, defined_names(workbook)
        )

    def has(self, sheet: str) -> bool:
        """Whether it has a sheet of that name."""
        return any(one.name == sheet for one in self.workbook.sheets)

    def part(self, sheet: str) -> str:
        """The part of a sheet."""
        return next(one.part for one in self.workbook.sheets if one.name == sheet)

    def sheet(self, name: str) -> Iterator[bytes]:
        """A sheet in pieces, as it is to stand in the other workbook."""
        rest = b""
        for piece in self.package.stream(self.part(name)):
            rest += piece
            end = rest.rfind(b"<c ")
            if end > 0:
                yield self._adapted(rest[:end])
                rest = rest[end:]
        yield self._adapted(rest)

    def _adapted(self, xml: bytes) -> bytes:
        xml = _STYLED.sub(lambda found: b'%b%d"' % (found[1], self.styles[int(found[2])]), xml)
        xml = _DIFFERENTIAL.sub(lambda found: b'%b%d"' % (found[1], self.differential[int(found[2])]), xml)
        xml = _SHARED.sub(
            lambda found: b'%b t="inlineStr"><is>%b</is></c>' % (found[1], self.texts[int(found[2])]), xml
        )
        return self._in_dialect(_SELECTED.sub(b"", xml))

    def _in_dialect(self, xml: bytes) -> bytes:
        for loose, strict in _TO_STRICT if self.strict else ():
            xml = xml.replace(loose, strict)
        return xml

    def names_of(self, sheet: str, new_name: str) -> list[tuple[str, str]]:
        """The names that belong to a sheet, such as its print titles, with their texts for its new name."""
        place = next(one.place for one in self.workbook.sheets if one.name == sheet)
        return [
            (one.name, _SHEET_IN_FORMULA.sub(lambda _: in_formula(new_name) + "!", one.text))
            for one in self.names
            if one.place == place
        ]

    def attachments(
        self, sheet: str, entry: SheetEntry, into: Workbook, taken: set[str], vacant: Collection[str]
    ) -> dict[str, bytes]:
        """What a sheet leans on (drawings, charts), under names that are free, with the relationships to them.

        entry: the sheet in the other workbook; taken: names that are no longer free; vacant: keys of parts whose
        names are.
        """
        attached = self._attachments(self.part(sheet), entry.part, into, taken, vacant)
        if attached and entry.name != sheet:
            attached = {part: self._renamed(content, sheet, entry.name) for part, content in attached.items()}
        return attached

    def _renamed(self, xml: bytes, old: str, new: str) -> bytes:
        """A chart whose figures stand in a sheet that got another name."""
        said = re.compile("|".join(re.escape(escape(one) + "!") for one in (in_formula(old), old)))
        return _FORMULA_OF_CHART.sub(
            lambda found: found[1] + said.sub(lambda _: escape(in_formula(new)) + "!", found[2].decode()).encode(), xml
        )

    def _attachments(
        self, part: str, new_part: str, into: Workbook, taken: set[str], vacant: Collection[str]
    ) -> dict[str, bytes]:
        name = relations_of(part)
        if name not in self.package:
            return {}
        relations = XmlPart(self.package.read(name), name)
        made: dict[str, bytes] = {}
        listed = relations.root.all("Relationship")
        for element, relation in zip(listed, read_relations(relations, part), strict=True):
            if relation.external:
                continue
            new = _free_name(relation.part, into, taken, vacant)
            taken.add(new)
            relations.set(element, "Target", "/" + new)
            made[new] = self._in_dialect(self.package.read(relation.part))
            into.declare(new, self._content_type(relation.part))
            made |= self._attachments(relation.part, new, into, taken, vacant)
        into.declare_relations()
        made[relations_of(new_part)] = self._in_dialect(relations.result())
        return made

    def _content_type(self, part: str) -> str:
        types = self.workbook.xml(CONTENT_TYPES).root
        for one in types.all("Override"):
            if one.attributes["PartName"].lstrip("/") == part:
                return one.attributes["ContentType"]
        extension = part.rpartition(".")[2]
        return next(
            one.attributes["ContentType"] for one in types.all("Default") if one.attributes["Extension"] == extension
        )


def _shared_texts(workbook: Workbook) -> list[bytes]:
    name = workbook.related("sharedStrings")
    if name is None or name not in workbook.package:
        return []
    part = workbook.xml(name)
    return [part.inside(one) for one in part.root.all("si")]


def _free_name(part: str, into: Workbook, taken: set[str], vacant: Collection[str]) -> str:
    stem, extension = posixpath.splitext(part)
    stem = stem.rstrip("0123456789")
    names = (f"{stem}{number}{extension}" for number in count(1))
    return next(name for name in names if name not in taken and (name not in into.package or part_key(name) in vacant))
