"""New cell styles after those a workbook has; what is there keeps its number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import quoteattr

from xlsx.patch.xmlpart import Element, XmlPart
from xlsx.sheetstyle import Form

_BUILT_IN: Final = {"General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4}
_FIRST_OWN_FORMAT: Final = 164
_ORDER: Final = (
    *("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles"),
    *("colors", "extLst"),
)
_DROPPED: Final = frozenset({"numFmtId", "applyNumberFormat", "applyAlignment", "quotePrefix", "pivotButton"})
_TAG_NAME: Final = re.compile(rb"<(/?)(?=[A-Za-z])")

_LEAST: Final = {
    "fonts": (b'<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',),
    "fills": (
        b'<fill><patternFill patternType="none"/></fill>',
        b'<fill><patternFill patternType="gray125"/></fill>',
    ),
    "borders": (b"<border><left/><right/><top/><bottom/><diagonal/></border>",),
    "cellStyleXfs": (b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',),
    "cellXfs": (b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',),
    "cellStyles": (b'<cellStyle name="Normal" xfId="0" builtinId="0"/>',),
}
"""What a workbook's styles must hold, where they lack it."""

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_MAIN: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def empty_styles(strict: bool) -> bytes:
    """Styles with nothing in them."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<styleSheet xmlns="{_STRICT_MAIN if strict else _MAIN}"/>'
    ).encode()


class StyleSheet:
    """A workbook's styles. The same style asked for twice, or there already, is one and the same number."""

    def __init__(self, part: XmlPart) -> None:
        self.part = part
        self.prefix = part.prefix(part.root)
        self._lists: dict[str, _List] = {}
        formats = part.root.child("numFmts")
        self._formats = {
            one.attributes.get("formatCode", ""): part.number(one, "numFmtId")
            for one in (formats.all("numFmt") if formats is not None else [])
            if "numFmtId" in one.attributes
        }

        if not self._list("cellXfs").elements:
            self._begin()

    def _begin(self) -> None:
        """Make the first styles: cells without one have the first of all."""
        for name, least in _LEAST.items():
            for xml in least if not self._list(name).elements else ():
                self._list(name).add(self._prefixed(xml))

    def finish(self) -> None:
        """Put all that was added into the part."""
        for name in _ORDER:
            if name in self._lists:
                self._lists[name].finish()

    def number_format(self, code: str) -> int:
        """The number of a number format."""
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        if code not in self._formats:
            number = max([*self._formats.values(), _FIRST_OWN_FORMAT - 1]) + 1
            self._formats[code] = number
            xml = f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
            self._list("numFmts").add(self._prefixed(xml.encode()))
        return self._formats[code]

    def wraps(self, style: int) -> bool:
        """Whether texts in a style may take several lines."""
        known = self._list("cellXfs").elements
        alignment = known[style].child("alignment") if style < len(known) else None
        return alignment is not None and alignment.attributes.get("wrapText") in ("1", "true")

    def derived(self, base: int, form: Form) -> int:
        """A style with the font, fill, border and protection of another, and a form's number format and alignment.

        No colours are taken from the form, nor how its cells stand in high rows: the sheet is the user's.
        """
        said = dict(form.more)
        known = self._list("cellXfs").elements
        old = known[base] if base < len(known) else None
        attributes = {} if old is None else {n: v for n, v in old.attributes.items() if " " not in n}
        kept = {name: value for name, value in attributes.items() if name not in _DROPPED}
        kept = {"fontId": "0", "fillId": "0", "borderId": "0", **kept}
        number = self.number_format(form.number)
        alignment = old.child("alignment") if old is not None else None
        vertical = alignment.attributes.get("vertical") if alignment is not None else None
        placed = {
            "horizontal": said.get("align"),
            "vertical": vertical,
            "wrapText": "1" if said.get("text_wrap") else None,
            "indent": str(said["indent"]) if "indent" in said else None,
        }
        protection = old.child("protection") if old is not None else None
        inside = _element("alignment", {name: value for name, value in placed.items() if value})
        if protection is not None:
            inside += _element("protection", protection.attributes)
        whole = {"numFmtId": str(number), **kept, "applyNumberFormat": "1"}
        if any(placed.values()):
            whole["applyAlignment"] = "1"
        return self._list("cellXfs").add(self._prefixed(_element("xf", whole, inside)))

    def merged(self, other: XmlPart) -> tuple[list[int], list[int]]:
        """Bring the cell styles and the differential ones of a workbook by XlsxWriter over; their numbers here."""
        places = {
            name: [self._list(name).add(self._prefixed(other.raw(one))) for one in _members(other, name)]
            for name in ("fonts", "fills", "borders", "dxfs")
        }
        formats = {
            one.attributes["numFmtId"]: self.number_format(one.attributes["formatCode"])
            for one in _members(other, "numFmts")
        }
        styles = []
        for one in _members(other, "cellXfs"):
            attributes = {
                **one.attributes,
                "numFmtId": str(formats.get(one.attributes["numFmtId"], one.attributes["numFmtId"])),
                "fontId": str(places["fonts"][int(one.attributes["fontId"])]),
                "fillId": str(places["fills"][int(one.attributes["fillId"])]),
                "borderId": str(places["borders"][int(one.attributes["borderId"])]),
                "xfId": "0",
            }
            styles.append(self._list("cellXfs").add(self._prefixed(_element("xf", attributes, other.inside(one)))))
        return styles, places["dxfs"]

    def _prefixed(self, xml: bytes) -> bytes:
        return _TAG_NAME.sub(rb"<\1" + self.prefix, xml) if self.prefix else xml

    def _list(self, name: str) -> _List:
        if name not in self._lists:
            self._lists[name] = _List(self.part, name, self.prefix)
        return self._lists[name]


class _List:
    """A counted list of styles: what is there, by its bytes, and what is to come."""

    def __init__(self, part: XmlPart, name: str, prefix: bytes) -> None:
        self.part, self.name, self.prefix = part, name, prefix
        self.element = part.root.child(name)
        self.elements: list[Element] = self.element.children if self.element is not None else []
        self._numbers: dict[bytes, int] = {}
        for number, one in enumerate(self.elements):
            self._numbers.setdefault(part.raw(one), number)
        self._new: list[bytes] = []

    def add(self, xml: bytes) -> int:
        """The number of a style, new or known."""
        if xml not in self._numbers:
            self._numbers[xml] = len(self.elements) + len(self._new)
            self._new.append(xml)
        return self._numbers[xml]

    def finish(self) -> None:
        """Put what is new into the part."""
        if not self._new:
            return
        count = str(len(self.elements) + len(self._new))
        if self.element is not None:
            self.part.append(self.element, b"".join(self._new))
            self.part.set(self.element, "count", count)
            return
        after = set(_ORDER[_ORDER.index(self.name) + 1 :])
        following = next((one for one in self.part.root.children if one.name in after), None)
        tag = self.prefix + self.name.encode()
        made = b'<%b count="%b">%b</%b>' % (tag, count.encode(), b"".join(self._new), tag)
        if following is not None:
            self.part.insert(following.start, made)
        else:
            self.part.append(self.part.root, made)


def _members(part: XmlPart, name: str) -> list[Element]:
    listed = part.root.child(name)
    return listed.children if listed is not None else []


def _element(name: str, attributes: Mapping[str, str], inside: bytes = b"") -> bytes:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    if not attributes and not inside:
        return b""
    if not inside:
        return f"<{name}{written}/>".encode()
    return f"<{name}{written}>".encode() + inside + f"</{name}>".encode()
