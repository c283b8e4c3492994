"""What users do to a form in a spreadsheet program, done to the file as Excel does it: references follow along."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from lxml import etree

from xlsx.forms.filling import split_reference
from xlsx.forms.formulas import tokens
from xlsx.patch.references import Area, cell

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TYPE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_AREA: Final = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^'!]+)!)?(?P<area>\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)"
)


class Opened:
    """A workbook's parts, to be changed and saved."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as package:
            self.parts = {one.filename: package.read(one.filename) for one in package.infolist()}
        self.xml: dict[str, Any] = {}
        relations = {one.get("Id"): one.get("Target") for one in self.part("xl/_rels/workbook.xml.rels")}
        self.listed = self.part("xl/workbook.xml").find(f"{MAIN}sheets")
        self.sheets = {one.get("name"): f"xl/{relations[one.get(ID)]}" for one in self.listed}

    def part(self, name: str) -> Any:
        if name not in self.xml:
            self.xml[name] = etree.fromstring(self.parts[name])
        return self.xml[name]

    def sheet(self, name: str) -> Any:
        return self.part(self.sheets[name])

    def cell(self, where: str) -> Any:
        sheet, area = split_reference(where)
        return next(one for one in self.sheet(sheet).iter(f"{MAIN}c") if one.get("r") == str(area))

    def names(self) -> Any:
        return self.part("xl/workbook.xml").find(f"{MAIN}definedNames")

    def save(self, out: Path) -> Path:
        self.parts |= {
            name: etree.tostring(root, xml_declaration=True, encoding="UTF-8") for name, root in self.xml.items()
        }
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in self.parts.items():
                package.writestr(name, content)
        return out

    def formulas(self, change: Callable[[str, str], str]) -> None:
        """Change every formula and name; `change` gets the sheet that it is in and its text."""
        for name in self.sheets:
            for tag in ("f", "formula1", "formula2", "formula"):
                for one in self.sheet(name).iter(f"{MAIN}{tag}"):
                    if one.text:
                        one.text = change(name, one.text)
        for one in self.names():
            one.text = change("", one.text)


def rename_sheet(path: Path, out: Path, old: str, new: str) -> Path:
    book = Opened(path)
    next(one for one in book.listed if one.get("name") == old).set("name", new)

    def renamed(_: str, text: str) -> str:
        return re.sub(rf"(?<![\w'])(?:'{re.escape(old)}'|{re.escape(old)})!", f"'{new}'!", text)

    book.formulas(renamed)
    return book.save(out)


def copy_sheet(path: Path, out: Path, name: str) -> Path:
    """As Excel's own copying does: the names of the workbook that stand for its cells become the copy's own too."""
    book = Opened(path)
    copy = etree.fromstring(etree.tostring(book.sheet(name)))
    for tables in copy.findall(f"{MAIN}tableParts"):
        copy.remove(tables)
    number = len(book.listed) + 1
    book.parts[f"xl/worksheets/sheet{number}.xml"] = etree.tostring(copy)
    relations = book.part("xl/_rels/workbook.xml.rels")
    tag = relations[0].tag
    etree.SubElement(relations, tag, Id="rIdCopy", Type=_TYPE, Target=f"worksheets/sheet{number}.xml")
    etree.SubElement(book.listed, f"{MAIN}sheet", {"name": f"{name} (2)", "sheetId": str(number + 50), ID: "rIdCopy"})
    types = book.part("[Content_Types].xml")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    etree.SubElement(types, types[-1].tag, PartName=f"/xl/worksheets/sheet{number}.xml", ContentType=kind)
    for one in list(book.names()):
        if one.text.startswith((f"'{name}'!", f"{name}!")) and one.get("localSheetId") is None:
            local = etree.SubElement(book.names(), one.tag, name=one.get("name"), localSheetId=str(number - 1))
            local.text = f"'{name} (2)'!{one.text.rpartition('!')[2]}"
    return book.save(out)


def insert_rows(path: Path, out: Path, sheet: str, at: int, count: int = 1) -> Path:
    return _shifted(path, out, sheet, 0, at, count)


def delete_rows(path: Path, out: Path, sheet: str, at: int, count: int = 1) -> Path:
    return _shifted(path, out, sheet, 0, at, -count)


def insert_columns(path: Path, out: Path, sheet: str, at: int, count: int = 1) -> Path:
    """at: the column from 0."""
    return _shifted(path, out, sheet, 1, at, count)


def delete_columns(path: Path, out: Path, sheet: str, at: int, count: int = 1) -> Path:
    return _shifted(path, out, sheet, 1, at, -count)


def _moved(area: Area, axis: int, at: int, count: int) -> Area | None:
    first, last = ((area.top, area.bottom), (area.left, area.right))[axis]
    if count > 0:
        first, last = first + count * (first >= at), last + count * (last >= at)
    else:
        end = at - count - 1
        if first >= at and last <= end:
            return None
        first = at if at <= first <= end else first + count * (first > end)
        last = at - 1 if at <= last <= end else last + count * (last > end)
    return Area(first, area.left, last, area.right) if axis == 0 else Area(area.top, first, area.bottom, last)


def _shifted(path: Path, out: Path, sheet: str, axis: int, at: int, count: int) -> Path:
    book = Opened(path)

    def in_formula(own: str, text: str) -> str:
        return "".join(_in_token(str(one.value), own) for one in tokens(text)) or text

    def _in_token(text: str, own: str) -> str:
        found = _AREA.fullmatch(text)
        if found is None:
            return text
        named = own if found["sheet"] is None else found["sheet"].strip("'").replace("''", "'")
        if named != sheet:
            return text
        before = "" if found["sheet"] is None else f"{found['sheet']}!"
        moved = _moved(Area.parse(found["area"].replace("$", "")), axis, at, count)
        if moved is None:
            return f"{before}#REF!"
        return before + (("$" in found["area"] and _absolute(moved)) or str(moved))

    book.formulas(in_formula)
    root = book.sheet(sheet)
    for row in list(root.iter(f"{MAIN}row")):
        for one in list(row):
            place = cell(one.get("r"))
            moved = _moved(Area(*place, *place), axis, at, count)
            if moved is None:
                row.remove(one)
            else:
                one.set("r", str(moved))
        now = _moved(Area(int(row.get("r")), 0, int(row.get("r")), 0), 0, at, count) if axis == 0 else None
        if axis == 0 and now is None:
            row.getparent().remove(row)
        elif now is not None:
            row.set("r", str(now.top))
            row.attrib.pop("spans", None)
    for one in root.iter(f"{MAIN}mergeCell", f"{MAIN}dataValidation", f"{MAIN}conditionalFormatting"):
        name = "ref" if one.get("ref") else "sqref"
        kept = [str(area) for text in one.get(name).split() if (area := _moved(Area.parse(text), axis, at, count))]
        if kept:
            one.set(name, " ".join(kept))
        else:
            one.getparent().remove(one)
    return book.save(out)


def _absolute(area: Area) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", str(area))


def paste_format(path: Path, out: Path, source: str, target: str) -> Path:
    """The format of one cell put on another of the same sheet or another; the value stays."""
    book = Opened(path)
    book.cell(target).set("s", book.cell(source).get("s", "0"))
    return book.save(out)


def restyle(path: Path, out: Path, target: str, change: Callable[[Any, Any], None]) -> Path:
    """Give a cell a format of its own; `change` gets the styles' root and the cell's new format in it."""
    book = Opened(path)
    styles = book.part("xl/styles.xml")
    formats = styles.find(f"{MAIN}cellXfs")
    new = etree.fromstring(etree.tostring(formats[int(book.cell(target).get("s", "0"))]))
    formats.append(new)
    change(styles, new)
    book.cell(target).set("s", str(len(formats) - 1))
    return book.save(out)
