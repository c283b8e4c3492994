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

from xlsx.grid import LEAP_DAY_OF_1900, Serial, letters
from xlsx.patch.cells import escaped

BLOCK: Final = 10_000
TIME_FORMS: Final = ("klockslag", "längd", "datum", "tidpunkt")
"""Formats of cells that hold times in columns where others do not."""
_STYLE: Final = re.compile(rb'<c r="([A-Z]+)\d+"(?: s="(\d+)")?')
_DIMENSION: Final = re.compile(rb'<dimension ref="A1(?::([A-Z]+)\d+)?"/>')


class Length(Serial):
    """A length of time, which may be longer than a day."""


def time_form(days: Serial) -> str:
    """The one of TIME_FORMS that shows a number of days as what it is."""
    if 0 <= days < 1:
        return "klockslag"
    if days < 0 or isinstance(days, Length):
        return "längd"
    if days < LEAP_DAY_OF_1900:
        return "tidpunkt"  # databases write clocks on the first of January 1900
    return "datum" if days.is_integer() else "tidpunkt"


@dataclass(frozen=True)
class Table:
    """The rows below a sheet's header: per column a value or None per row. `heights`: points by row.

    first: the number of the first of them, where the row of styles stands; timed: whether there are Serials in
    columns of something else, for which that row has a style for each of TIME_FORMS after those of the columns.
    """

    columns: Sequence[Sequence[Any]]
    rows: int
    heights: dict[int, int] = field(default_factory=dict)
    first: int = 2
    timed: bool = False


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
    pattern = re.search(rb'<row r="%d"[^>]*?(?:/>|>(.*?)</row>)' % table.first, content, re.DOTALL)
    assert pattern is not None, "the skeleton has a row of styles"
    styles = {column: style or b"0" for column, style in _STYLE.findall(pattern[1] or b"")}
    last = letters(len(table.columns) - 1).encode() if table.timed else b""
    yield _DIMENSION.sub(
        lambda found: b'<dimension ref="A1:%s%d"/>' % (last or found[1] or b"A", table.rows + table.first - 1),
        content[: pattern.start()],
        count=1,
    )
    names = [letters(number) for number in range(len(table.columns) + len(TIME_FORMS))]
    numbered = [styles.get(name.encode(), b"0").decode() for name in names]
    times = dict(zip(TIME_FORMS, numbered[len(table.columns) :], strict=True))
    writers = [_Writer(names[number], numbered[number], times) for number in range(len(table.columns))]
    for start in range(0, table.rows, BLOCK):
        end = min(start + BLOCK, table.rows)
        cells = [
            writer.cells(column[start:end], start + table.first)
            for writer, column in zip(writers, table.columns, strict=True)
        ]
        rows = []
        for number, row in enumerate(zip(*cells, strict=True), start):
            height = f' ht="{table.heights[number]}" customHeight="1"' if number in table.heights else ""
            rows.append(f'<row r="{number + table.first}"{height}>{"".join(row)}</row>')
        yield "".join(rows).encode("utf-8", "replace")
        if progress is not None:
            progress(end)
    yield content[pattern.end() :]


class _Writer:
    """The cells of one column as XML; each different text is escaped once."""

    def __init__(self, letter: str, style: str, times: dict[str, str]) -> None:
        self.letter, self.style, self._times = letter, style, times
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
        style = self._times[time_form(value)] if isinstance(value, Serial) else self.style
        return f'<c r="{self.letter}{row}" s="{style}"><v>{value!r}</v></c>'


class _Texts(dict[str, str]):
    """What follows a cell's reference, by its text."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self.style = style

    def __missing__(self, value: str) -> str:
        xml = f' s="{self.style}" t="inlineStr"><is><t xml:space="preserve">{escaped(value)}</t></is></c>'
        self[value] = xml
        return xml
