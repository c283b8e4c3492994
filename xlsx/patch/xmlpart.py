"""Where the elements of an XML part stand, by byte, so that it can be changed without being written anew."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from xlsx.patch.errors import Unpatchable

_START_TAG: Final = re.compile(rb"<([^\s/>]+)(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_ATTRIBUTE: Final = re.compile(rb"\s([^\s=/>]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_DECLARED: Final = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']""")
_LONGEST_SHOWN: Final = 100
"""Characters of an attribute that a message shows."""

_PLAIN_ENCODINGS: Final = frozenset({"utf-8", "ascii"})
_BYTE_ORDER_MARKS: Final = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(eq=False, slots=True)
class Element:
    """An element by its bytes: `<` at start, after the start tag at inner, `</` at close, after it all at end."""

    space: str
    name: str
    attributes: dict[str, str]
    """By name; those of other namespaces as `namespace name`."""
    start: int
    inner: int
    close: int
    end: int
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)

    def child(self, name: str) -> Element | None:
        """The first child of that name in the element's own namespace."""
        return next((one for one in self.children if one.name == name and one.space == self.space), None)

    def all(self, name: str) -> list[Element]:
        """The children of that name in the element's own namespace."""
        return [one for one in self.children if one.name == name and one.space == self.space]

    def attribute(self, name: str) -> str | None:
        """An attribute by its local name, of whatever namespace (`r:id` is `id`)."""
        if name in self.attributes:
            return self.attributes[name]
        return next((value for key, value in self.attributes.items() if key.endswith(f" {name}")), None)


class XmlPart:
    """The bytes of a part, its elements, and the changes to come; what is not changed stays as it was.

    partial: the content may end anywhere. Raises Unpatchable for what is no sound XML.
    """

    def __init__(self, content: bytes, name: str, *, partial: bool = False) -> None:
        self.content = as_utf8(content)
        self.name = name
        self._where = name if partial else f"delen {name}"
        self.root = _parse(self.content, name, partial)
        self._edits: list[tuple[int, int, bytes]] = []
        self._appended: dict[int, tuple[Element, list[bytes]]] = {}

    @property
    def changed(self) -> bool:
        """Whether anything was changed."""
        return bool(self._edits or self._appended)

    def required(self, element: Element, name: str) -> str:
        """An attribute that the element must have. Raises Unpatchable."""
        value = element.attributes.get(name)
        if value is None:
            raise self._damaged(f"<{element.name}> saknar {name}")
        return value

    def number(self, element: Element, name: str) -> int:
        """An attribute that must be a whole number from 0. Raises Unpatchable."""
        value = self.required(element, name)
        try:
            number = int(value)
        except ValueError:
            number = -1
        if number < 0:
            raise self.wrong(element, name, "ett heltal")
        return number

    def wrong(self, element: Element, name: str, expected: str) -> Unpatchable:
        """What to raise for an attribute that is something else than was expected."""
        shown = element.attributes.get(name, "")[:_LONGEST_SHOWN]
        return self._damaged(f'{name}="{shown}" i <{element.name}> ska vara {expected}')

    def _damaged(self, what: str) -> Unpatchable:
        return Unpatchable(f"filen är skadad i {self._where}: {what}. Öppna den i Excel, spara den och räkna om den.")

    def raw(self, element: Element) -> bytes:
        """The element as it stands."""
        return self.content[element.start : element.end]

    def opening(self, element: Element) -> bytes:
        """The element's start tag."""
        return self.content[element.start : element.inner]

    def inside(self, element: Element) -> bytes:
        """What stands in the element."""
        return self.content[element.inner : element.close]

    def text(self, element: Element) -> str:
        """What stands in the element as XML means it, without references to characters, CDATA and comments."""
        pieces: list[str] = []
        parser = expat.ParserCreate()
        parser.CharacterDataHandler = pieces.append
        parser.Parse(b"<t>%b</t>" % self.inside(element), True)
        return "".join(pieces)

    def prefix(self, element: Element) -> bytes:
        """The element's prefix with its colon, or nothing."""
        found = _START_TAG.match(self.content, element.start)
        assert found is not None
        prefix, colon, _ = found[1].rpartition(b":")
        return prefix + colon

    def set(self, element: Element, name: str, value: str) -> None:
        """Give an attribute another value; add it where there is none."""
        tag = _START_TAG.match(self.content, element.start)
        assert tag is not None
        for found in _ATTRIBUTE.finditer(tag[0]):
            if found[1] == name.encode():
                start, end = (element.start + place for place in found.span(2))
                self._edit(start, end, quoteattr(value).encode())
                return
        at = element.start + 1 + len(tag[1])
        self._edit(at, at, f" {name}={quoteattr(value)}".encode())

    def set_text(self, element: Element, text: str) -> None:
        """Put a text in the place of all that the element holds."""
        if element.inner == element.end:
            self.append(element, escape(text).encode())
        else:
            self._edit(element.inner, element.close, escape(text).encode())

    def append(self, element: Element, xml: bytes) -> None:
        """Add after the last that the element holds."""
        self._appended.setdefault(element.start, (element, []))[1].append(xml)

    def insert(self, at: int, xml: bytes) -> None:
        """Add at a place between elements."""
        self._edit(at, at, xml)

    def replace(self, element: Element, xml: bytes) -> None:
        """Put something else, or nothing, in the place of an element."""
        self._edit(element.start, element.end, xml)

    def _edit(self, start: int, end: int, new: bytes) -> None:
        if self.content[start:end] != new:
            self._edits.append((start, end, new))

    def result(self) -> bytes:
        """The part with its changes."""
        edits = list(self._edits)
        for element, pieces in self._appended.values():
            if element.inner == element.end:
                tag = _START_TAG.match(self.content, element.start)
                assert tag is not None
                closing = b"".join([b">", *pieces, b"</", tag[1], b">"])
                slash = self.content.rindex(b"/", element.start, element.end)
                edits.append((slash, element.end, closing))
            else:
                edits.append((element.close, element.close, b"".join(pieces)))
        done, pieces_out = 0, []
        for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
            pieces_out += [self.content[done:start], new]
            done = end
        return b"".join([*pieces_out, self.content[done:]])


def _parse(content: bytes, name: str, partial: bool) -> Element:
    parser = expat.ParserCreate(namespace_separator=" ")
    top = Element("", "", {}, 0, 0, len(content), len(content))
    stack = [top]

    def begin(qualified: str, attributes: dict[str, str]) -> None:
        start = parser.CurrentByteIndex
        space, _, local = qualified.rpartition(" ")
        tag = _START_TAG.match(content, start)
        inner = tag.end() if tag is not None else start
        element = Element(space, local, attributes, start, inner, len(content), len(content), stack[-1])
        stack[-1].children.append(element)
        stack.append(element)

    def finish(_: str) -> None:
        element = stack.pop()
        if content[element.inner - 2 : element.inner] == b"/>":
            element.close = element.end = element.inner
        else:
            element.close = parser.CurrentByteIndex
            element.end = content.index(b">", element.close) + 1

    def doctype(*_: Any) -> None:
        raise Unpatchable(f"delen {name} har en DOCTYPE, vilket arbetsböcker inte ska ha.")

    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, not partial)
    except expat.ExpatError as error:
        raise Unpatchable(f"delen {name} är skadad ({error}).") from None
    if not top.children:
        raise Unpatchable(f"delen {name} är tom.")
    return top.children[0]


def encoding_of(start: bytes) -> str | None:
    """The encoding of a part that is not UTF-8, by its first bytes; None for UTF-8."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    declared = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    if declared is None:
        return None
    try:
        encoding = codecs.lookup(declared[1].decode()).name
    except LookupError:
        raise Unpatchable(f"en del har teckenkodningen {declared[1].decode()}, som inte är känd.") from None
    return None if encoding in _PLAIN_ENCODINGS else encoding


def as_utf8(content: bytes) -> bytes:
    """The part in UTF-8, with a declaration that says so."""
    return b"".join(pieces_as_utf8(iter([content])))


def pieces_as_utf8(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """A part in pieces as pieces in UTF-8; already so, they are handed on untouched."""
    first = next(pieces, b"")
    encoding = encoding_of(first[:200])
    if encoding is None:
        yield first
        yield from pieces
        return
    decode: Callable[[bytes], str] = codecs.getincrementaldecoder(encoding)().decode
    begin = decode(first).encode()
    declared = _DECLARED.match(begin)
    yield begin if declared is None else begin[: declared.start(1)] + b"UTF-8" + begin[declared.end(1) :]
    for piece in pieces:
        yield decode(piece).encode()
