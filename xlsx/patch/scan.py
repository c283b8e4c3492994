"""Rows and cells found in a sheet's bytes, in every form that XML allows; nothing is parsed into a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from xlsx.patch.errors import Unspliceable
from xlsx.patch.references import cell

_ASIDE: Final = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_ASIDE_BEGINS: Final = (b"<!", b"<?")
_REST_OF_TAG: Final = rb"(?=[\s/>])((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>"
_NUMBER: Final = re.compile(rb"""(?:^|\s)r\s*=\s*["'](\d+)["']""")
_REFERENCE: Final = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]{1,3}\d+)["']""")
_STYLE: Final = re.compile(rb"""(?:^|\s)s\s*=\s*["'](\d+)["']""")


def masked(content: bytes) -> bytes:
    """The content with comments, CDATA and processing instructions blanked out, of the same length."""
    if not any(sign[1:] in content and sign in content for sign in _ASIDE_BEGINS):
        return content
    return _ASIDE.sub(lambda found: b" " * len(found[0]), content)


def ended_asides(mask: bytes) -> int:
    """How much of a masked content stands before a comment or the like that has not ended yet."""
    begun = [mask.find(sign) for sign in _ASIDE_BEGINS if sign[1:] in mask and sign in mask]
    return min(begun, default=len(mask))


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its bytes in a content: its tag, its cells from inner to close, all of it up to end."""

    number: int
    start: int
    inner: int
    close: int
    end: int

    @property
    def empty(self) -> bool:
        """Written as `<row/>`."""
        return self.close == self.end


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell by its bytes, and its column from 0; `stated`: the reference is written out."""

    column: int
    start: int
    end: int
    style: int
    blank: bool
    stated: bool
    name_end: int
    """Where an attribute may be added."""


@cache
def _patterns(prefix: bytes) -> tuple[re.Pattern[bytes], ...]:
    named = re.escape(prefix)
    return (
        re.compile(b"<" + named + b"row" + _REST_OF_TAG),
        re.compile(b"</" + named + rb"row\s*>"),
        re.compile(b"<" + named + b"c" + _REST_OF_TAG),
        re.compile(b"</" + named + rb"c\s*>"),
        re.compile(b"<" + named + rb"(?:v|f|is)(?=[\s/>])"),
    )


def row_ends(prefix: bytes) -> re.Pattern[bytes]:
    """What ends a row that is not empty."""
    return _patterns(prefix)[1]


def rows(mask: bytes, prefix: bytes, before: int = 0) -> Iterator[Row]:
    """The whole rows of a masked content. before: the number of the row before. Raises Unspliceable."""
    begins, ends, *_ = _patterns(prefix)
    number, at = before, 0
    while (begun := begins.search(mask, at)) is not None:
        stated = _NUMBER.search(begun[1])
        following = int(stated[1]) if stated is not None else number + 1
        if following <= number:
            raise Unspliceable(f"rad {following} står efter rad {number}")
        number = following
        if begun[1].endswith(b"/"):
            yield Row(number, begun.start(), begun.end(), begun.end(), begun.end())
            at = begun.end()
            continue
        ended = ends.search(mask, begun.end())
        if ended is None:
            return
        yield Row(number, begun.start(), begun.end(), ended.start(), ended.end())
        at = ended.end()


def cells(mask: bytes, row: Row, prefix: bytes) -> list[Cell]:
    """The cells of a row, from left to right. Raises Unspliceable."""
    _, _, begins, ends, contents = _patterns(prefix)
    found: list[Cell] = []
    column, at = -1, row.inner
    while (begun := begins.search(mask, at, row.close)) is not None:
        reference = _REFERENCE.search(begun[1])
        following = cell(reference[1].decode())[1] if reference is not None else column + 1
        if following <= column:
            raise Unspliceable(f"cellerna på rad {row.number} inte står i ordning")
        column, at, blank = following, begun.end(), True
        if not begun[1].endswith(b"/"):
            ended = ends.search(mask, begun.end(), row.close)
            if ended is None:
                raise Unspliceable(f"en cell på rad {row.number} inte slutar")
            at = ended.end()
            blank = contents.search(mask, begun.end(), ended.start()) is None
        style = _STYLE.search(begun[1])
        name_end = begun.start() + 1 + len(prefix) + 1
        found.append(
            Cell(column, begun.start(), at, int(style[1]) if style else 0, blank, reference is not None, name_end)
        )
    return found
