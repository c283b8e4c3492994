"""Many rows into a workbook that holds but their header and one empty row of styles.

XlsxWriter makes the workbook; the rows are put in afterwards, column by column and a block of rows at a time,
since a call per cell is what takes the time.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from xlsx.grid import letters

BLOCK: Final = 10_000
_PATTERN_ROW: Final = re.compile(rb'<row r="2"[^>]*?(?:/>|>(.*?)</row>)', re.DOTALL)
_STYLE: Final = re.compile(rb'<c r="([A-Z]+)2"(?: s="(\d+)")?')
_DIMENSION: Final = re.compile(rb'<dimension ref="A1(?::([A-Z]+)\d+)?"/>')
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True)
class Table:
    """The rows below a sheet's header: per column a value or None per row. `heights`: points by row."""

    columns: Sequence[Sequence[Any]]
    rows: int
    heights: dict[int, int] = field(default_factory=dict)


def fill(skeleton: Path, out: Path, tables: dict[str, Table], progress: Callable[[int], None] | None = None) -> None:
    """Copy a workbook with the rows of some sheets, by part name (`xl/worksheets/sheet1.xml`), put in."""
    with (
        zipfile.ZipFile(skeleton) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for part in source.infolist():
            content = source.read(part)
            table = tables.get(part.filename)
            if table is None:
                target.writestr(part, content, zipfile.ZIP_DEFLATED)
                continue
            copy = zipfile.ZipInfo(part.filename, part.date_time)
            copy.compress_type = zipfile.ZIP_DEFLATED
            with target.open(copy, "w", force_zip64=True) as stream:
                for piece in _filled(content, table, progress):
                    stream.write(piece)


def _filled(content: bytes, table: Table, progress: Callable[[int], None] | None) -> Iterator[bytes]:
    pattern = _PATTERN_ROW.search(content)
    assert pattern is not None, "the skeleton has a row of styles"
    styles = {column: style or b"0" for column, style in _STYLE.findall(pattern[1] or b"")}
    yield _DIMENSION.sub(
        lambda found: b'<dimension ref="A1:%s%d"/>' % (found[1] or b"A", table.rows + 1),
        content[: pattern.start()],
        count=1,
    )
    writers = [
        _Writer(letters(number), styles.get(letters(number).encode(), b"0").decode())
        for number in range(len(table.columns))
    ]
    for start in range(0, table.rows, BLOCK):
        end = min(start + BLOCK, table.rows)
        cells = [
            writer.cells(column[start:end], start + 2) for writer, column in zip(writers, table.columns, strict=True)
        ]
        rows = []
        for number, row in enumerate(zip(*cells, strict=True), start):
            height = f' ht="{table.heights[number]}" customHeight="1"' if number in table.heights else ""
            rows.append(f'<row r="{number + 2}"{height}>{"".join(row)}</row>')
        yield "".join(rows).encode("utf-8", "replace")
        if progress is not None:
            progress(end)
    yield content[pattern.end() :]


class _Writer:
    """The cells of one column as XML; each different text is escaped once."""

    def __init__(self, letter: str, style: str) -> None:
        self.letter, self.style = letter, style
        self._texts = _Texts(style)

    def cells(self, values: Sequence[Any], first: int) -> list[str]:
        letter, style, texts = self.letter, self.style, self._texts
        kinds = set(map(type, values)) - {type(None)}
        numbered = enumerate(values, first)
        if kinds <= {float, int}:
            return [
                "" if value is None else f'<c r="{letter}{row}" s="{style}"><v>{value!r}</v></c>'
                for row, value in numbered
            ]
        if kinds == {str}:
            return ["" if value is None else f'<c r="{letter}{row}"{texts[value]}' for row, value in numbered]
        return ["" if value is None else self._cell(row, value) for row, value in numbered]

    def _cell(self, row: int, value: Any) -> str:
        if isinstance(value, str):
            return f'<c r="{self.letter}{row}"{self._texts[value]}'
        if isinstance(value, bool):
            return f'<c r="{self.letter}{row}" s="{self.style}" t="b"><v>{int(value)}</v></c>'
        return f'<c r="{self.letter}{row}" s="{self.style}"><v>{value!r}</v></c>'


class _Texts(dict[str, str]):
    """What follows a cell's reference, by its text."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self.style = style

    def __missing__(self, value: str) -> str:
        xml = f' s="{self.style}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
        self[value] = xml
        return xml


def _text(value: str) -> str:
    """The text as XML, signs that XML lacks (and texts like their escapes) as spreadsheets write them."""
    return escape(_UNPRINTABLE.sub(_escaped, value))


def _escaped(found: re.Match[str]) -> str:
    sign = found[0]
    return f"_x005F{sign}" if len(sign) > 1 else f"_x{ord(sign):04X}_"
