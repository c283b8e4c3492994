"""A workbook's parts and sheets, read without any of the product's code."""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from lxml import etree

XML: Final = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
HUGE_XML: Final = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
_WORKSHEET: Final = "/worksheet"


class Unreadable(Exception):
    """This is no workbook that any reader could open."""


@dataclass(frozen=True)
class Sheet:
    """A sheet in the workbook's list; part is '' where there is none."""

    name: str
    part: str
    kind: str


class Book:
    """A workbook file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise Unreadable(f"no zip: {error}") from None
        self.names = {part_key(name): name for name in self.archive.namelist()}

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self.archive.close()

    def __contains__(self, part: str) -> bool:
        return part_key(part) in self.names

    def read(self, part: str) -> bytes:
        try:
            return self.archive.read(self.names[part_key(part)])
        except (
            KeyError,
            zipfile.BadZipFile,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise Unreadable(f"{part}: {error}") from None
        except Exception as error:  # zlib.error has no public base
            raise Unreadable(f"{part}: {error}") from None

    def xml(self, part: str) -> Any:
        content = self.read(part)
        if b"<!DOCTYPE" in content[:1000]:
            raise Unreadable(f"{part}: has a document type")
        try:
            return etree.fromstring(content, HUGE_XML if len(content) < 100 << 20 else XML)
        except etree.XMLSyntaxError as error:
            raise Unreadable(f"{part}: {error}") from None

    def raw(self) -> dict[str, bytes]:
        """The compressed bytes of every part."""
        parts = {}
        with self.path.open("rb") as file:
            for entry in self.archive.infolist():
                file.seek(entry.header_offset + 26)
                name, extra = struct.unpack("<HH", file.read(4))
                file.seek(name + extra, 1)
                parts[part_key(entry.filename)] = file.read(entry.compress_size)
        return parts

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and target part of what a part leans on, by id; outside targets left out."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self:
            return {}
        found = {}
        for one in self.xml(listed).iter("{*}Relationship"):
            if one.get("TargetMode") != "External":
                target = one.get("Target", "").replace("\\", "/")
                whole = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], whole)
        return found

    @cached_property
    def workbook(self) -> str:
        """The workbook's part."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                return target
        raise Unreadable("no workbook part")

    @cached_property
    def sheets(self) -> list[Sheet]:
        relations = self.relations(self.workbook)
        found = []
        for one in self.xml(self.workbook).iterfind("{*}sheets/{*}sheet"):
            identity = next((value for key, value in one.attrib.items() if key.endswith("}id")), "")
            kind, target = relations.get(identity, ("", ""))
            found.append(Sheet(one.get("name", ""), target if target in self else "", kind))
        return found

    @cached_property
    def texts(self) -> list[str]:
        """The shared strings."""
        part = next((t for kind, t in self.relations(self.workbook).values() if kind == "sharedStrings"), "")
        if not part or part not in self:
            return []
        return ["".join(t.text or "" for t in one.iter("{*}t")) for one in self.xml(part).iterfind("{*}si")]


def part_key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


@dataclass(frozen=True)
class Cell:
    """A cell at its place; row from 1, column from 0."""

    row: int
    column: int
    element: Any

    @property
    def has_content(self) -> bool:
        return any(etree.QName(one).localname in ("v", "f", "is") for one in self.element if isinstance(one.tag, str))


def cells(root: Any) -> Iterator[Cell]:
    """Every cell of a sheet, also those that do not say where they stand."""
    row = 0
    for line in root.iterfind("{*}sheetData/{*}row"):
        row = int(line.get("r") or row + 1)
        column = -1
        for one in line.iterfind("{*}c"):
            column = place(one.get("r"))[1] if one.get("r") else column + 1
            yield Cell(row, column, one)


def place(reference: str) -> tuple[int, int]:
    """Row from 1 and column from 0 of a cell's name."""
    letters = reference.replace("$", "").rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    digits = reference.replace("$", "")[len(letters) :]
    return int(digits or 0), column - 1


def area(reference: str) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of a reference to an area of cells; a whole row or column reaches to the edge."""
    first, _, last = reference.partition(":")
    top, left = place(first)
    bottom, right = place(last or first)
    return top or 1, max(left, 0), bottom or 1_048_576, right if right >= 0 else 16_383


def value(book: Book, cell: Cell | None) -> Any:
    """What a cell holds: a number, a text, None where it is blank."""
    if cell is None or not cell.has_content:
        return None
    kind, stored = cell.element.get("t", "n"), cell.element.findtext("{*}v") or ""
    if kind == "inlineStr":
        return "".join(one.text or "" for one in cell.element.iter("{*}t"))
    if kind == "s" and stored:
        try:
            return book.texts[int(stored)]
        except IndexError:
            raise Unreadable(f"shared string {stored} is not there") from None
    try:
        return float(stored) if kind == "n" else stored
    except ValueError:
        return stored
