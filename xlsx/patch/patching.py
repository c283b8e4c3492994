"""A workbook with results put into its own sheet and sheets added; all other parts are copied as they are."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from core.vocabulary.words import plain
from xlsx.grid import letters
from xlsx.patch.addition import COLUMNS_MARK, Additions
from xlsx.patch.calcchain import drop_formulas
from xlsx.patch.cells import NewCells, PlacedColumn, inline_text
from xlsx.patch.columns import Placement, earlier_columns, place_columns
from xlsx.patch.errors import Occupied, Unpatchable, Unspliceable
from xlsx.patch.package import Package, PackageWriter, part_key, replacing
from xlsx.patch.peek import Peeked, check_headings, peek
from xlsx.patch.plan import Patch, PatchReport, ResultColumn
from xlsx.patch.references import Area, widen_in_text
from xlsx.patch.resultsheet import NAME as RESULTS
from xlsx.patch.resultsheet import result_sheet
from xlsx.patch.splice import Splicer
from xlsx.patch.styles import StyleSheet, empty_styles
from xlsx.patch.tables import table_area, widen_table
from xlsx.patch.transplant import Donor
from xlsx.patch.widths import width_of
from xlsx.patch.workbook import NewName, SheetEntry, Workbook, define, defined_names
from xlsx.patch.worksheet import edited_head, edited_tail, protected
from xlsx.patch.xmlpart import XmlPart
from xlsx.sheetstyle import FORMATS

Progress = Callable[[int], None]

_FOLLOWING_NAMES: Final = frozenset({"_xlnm._FilterDatabase", "_xlnm.Print_Area"})
_STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MOST_ATTEMPTS: Final = 40


def patch_workbook(source: Path, target: Path, patch: Patch, progress: Progress | None = None) -> PatchReport:
    """Write `source` with the patch's columns and sheets to `target`, whole or not at all; the source is only read.

    progress: called with how many rows have got their cells.
    Raises Unpatchable, with the file's name, when the workbook cannot be changed without harm.
    """
    with Package(source) as package:
        try:
            return _patched(package, target, patch, progress)
        except Unpatchable as problem:
            text = str(problem)
            raise Unpatchable(text if text.startswith(source.name) else f"{source.name}: {text}") from None


def _patched(package: Package, target: Path, patch: Patch, progress: Progress | None) -> PatchReport:
    for _ in range(_MOST_ATTEMPTS):
        try:
            return _write(_Job(package, patch, None), target, progress)
        except Occupied as occupied:
            patch = replace(patch, free=occupied.column + 1)
        except Unspliceable as problem:
            return _write(_Job(package, patch, str(problem)), target, progress)
    return _write(_Job(package, patch, "det finns celler i vägen överallt"), target, progress)


def _write(job: _Job, target: Path, progress: Progress | None) -> PatchReport:
    with ExitStack() as opened:
        job.prepare(opened, progress)
        with replacing(job.package, target) as writer:
            job.write(writer)
    return job.report


@dataclass
class _Site:
    """The user's sheet, where the results go, and how they look there."""

    sheet: SheetEntry
    peeked: Peeked
    placement: Placement
    new: NewCells
    widths: dict[int, float]


class _Job:
    """One attempt. why_apart: why the results go to a sheet of their own, if they do."""

    def __init__(self, package: Package, patch: Patch, why_apart: str | None) -> None:
        self.package, self.patch, self.why_apart = package, patch, why_apart
        self.workbook = Workbook(package)
        self.report = PatchReport(patch.sheet)
        self.additions = Additions()
        styles = self.workbook.related("styles")
        if styles is not None and styles in package:
            self.styles = StyleSheet(self.workbook.xml(styles))
        else:
            self.styles = StyleSheet(XmlPart(empty_styles(self.workbook.strict), "styles.xml"))
            self._new_styles = posixpath.join(posixpath.dirname(self.workbook.part), "styles.xml")
        self._has_styles = styles is not None and styles in package

    def prepare(self, opened: ExitStack, progress: Progress | None) -> None:
        """Decide everything but the cells. Raises Occupied, Unspliceable, Unpatchable."""
        if self.why_apart is None:
            self._in_place(progress)
        else:
            self._apart()
        if self.patch.added is not None:
            self._add_sheets(opened, self.patch.added.path, self.patch.added.names)
        define(self.workbook, self.additions.names)
        self.styles.finish()
        if not self._has_styles:
            self.workbook.relate("styles", self._new_styles)
            self.workbook.declare(self._new_styles, _STYLES_TYPE)
            self.additions.new[self._new_styles] = [self.styles.part.result()]
        self.report.added = self.additions.sheets
        self.report.notes += self.additions.notes

    def write(self, writer: PackageWriter) -> None:
        """All parts in their order, the new ones last."""
        changed = self.workbook.changed_parts()
        for entry in self.package.entries:
            key = part_key(entry.filename)
            if key in self.additions.replaced:
                writer.put(entry.filename, self.additions.replaced[key], entry, self._size(entry.file_size))
            elif key in changed:
                writer.put(entry.filename, [changed[key]], entry)
            elif key not in self.additions.dropped:
                writer.copy(entry)
        for name, content in self.additions.new.items():
            writer.put(name, content, size=self._size(0))

    def _size(self, old: int) -> int:
        """About the most bytes that a sheet will be."""
        return old + 150 * len(self.patch.rows) * len(self.patch.columns)

    # In the user's own sheet

    def _in_place(self, progress: Progress | None) -> None:
        site = self._site()
        sheet, placement = site.sheet, site.placement
        right = max(placement.columns)
        first_new = min(placement.appended, default=right + 1)
        last_old = first_new - 1
        grown = bool(placement.appended)
        row = self.patch.heading_row
        area = Area(row, min(placement.columns), int(self.patch.rows[-1]), right)

        def head(content: bytes) -> bytes:
            return edited_head(content, area, site.widths)

        def tail(content: bytes) -> bytes:
            opening = site.peeked.head.content
            if protected(opening, content):
                self.report.notes.append(f"Bladet {sheet.name} är skyddat; skyddet är kvar och resultatet står i det.")
            return edited_tail(opening, content, row, last_old, right) if grown else content

        splicer = Splicer(site.new, placement.refreshed, head, tail, progress)
        self.additions.replaced[part_key(sheet.part)] = _Again(lambda: splicer.pieces(self.package.stream(sheet.part)))
        if grown:
            self._widen_tables(sheet, placement, last_old)
            self._widen_names(sheet, row, last_old, right)
        gone = drop_formulas(self.workbook, sheet.number, placement.refreshed, set(self.patch.rows.tolist()))
        if gone is not None:
            self.additions.dropped.add(part_key(gone))
        self.additions.names.append(NewName(COLUMNS_MARK, sheet.place, '"Resultat"', hidden=True))
        titles = [column.title for column in self.patch.columns]
        self.report.columns = {title: letters(column) for title, column in zip(titles, placement.columns, strict=False)}
        self.report.refreshed = len(placement.refreshed)

    def _site(self) -> _Site:
        patch = self.patch
        sheet = next((one for one in self.workbook.sheets if one.name == patch.sheet and one.part), None)
        if sheet is None or sheet.part not in self.package:
            raise Unspliceable(f"bladet {patch.sheet} inte hittas i filen")
        first, marked = int(patch.rows[0]), self._marked(sheet)
        earlier = earlier_columns(patch.headings, patch.titles, marked)
        columns, stale = self._with_stale(earlier)
        placement = place_columns([one.title for one in columns], patch.headings, earlier, patch.free)
        peeked = peek(self.package.stream(sheet.part), {patch.heading_row, patch.last_heading_row, first})
        check_headings(peeked, patch.heading_row, [n for n, text in enumerate(patch.headings) if text.strip()])
        if stale:
            names = ", ".join(stale)
            self.report.notes.append(
                f"Kolumner från en tidigare beräkning som inte längre kan räknas är tömda: {names}."
            )
        neighbour = max((n for n, text in enumerate(patch.headings) if text.strip() and n < patch.free), default=0)
        heading = peeked.style(patch.heading_row, neighbour)
        base = peeked.style(first, neighbour)
        there = peeked.rows.get(first, {})
        placed = sorted(
            (
                PlacedColumn(
                    one,
                    column,
                    there[column].style
                    if column in placement.refreshed and column in there
                    else self.styles.derived(base, FORMATS[one.form]),
                )
                for one, column in zip(columns, placement.columns, strict=True)
            ),
            key=lambda one: one.column,
        )
        prefix = peeked.head.prefix
        appended = {column: title for title, column in zip(placement.titles, placement.columns, strict=True)}
        extra = {
            patch.heading_row: [
                (column, _heading_cell(column, patch.heading_row, heading, appended[column], prefix))
                for column in placement.appended
            ]
        }
        for row in range(patch.heading_row + 1, patch.last_heading_row + 1):
            style = peeked.style(row, neighbour) if row in peeked.rows else heading
            extra[row] = [(column, _heading_cell(column, row, style, "", prefix)) for column in placement.appended]
        forms = {column: one.form for one, column in zip(columns, placement.columns, strict=True)}
        wraps = self.styles.wraps(heading)
        widths = {column: width_of(appended[column], forms[column], wraps) for column in placement.appended}
        extra = {row: made for row, made in extra.items() if made}
        return _Site(sheet, peeked, placement, NewCells(patch.rows, _runs(placed), extra, prefix), widths)

    def _marked(self, sheet: SheetEntry) -> bool:
        return any(one.name == COLUMNS_MARK and one.place == sheet.place for one in defined_names(self.workbook))

    def _with_stale(self, earlier: dict[str, int]) -> tuple[list[ResultColumn], list[str]]:
        """The columns to write, last and empty those that only an earlier run could compute; and their titles."""
        nothing = np.zeros(len(self.patch.rows), np.int64)
        made = {plain(one.title) for one in self.patch.columns}
        stale = [title for title in self.patch.titles if plain(title) in earlier and plain(title) not in made]
        empty = [ResultColumn(title, "ord", nothing, nothing.astype(bool)) for title in stale]
        return [*self.patch.columns, *empty], stale

    def _widen_tables(self, sheet: SheetEntry, placement: Placement, last_old: int) -> None:
        """Let a table that the new columns stand beside take them in."""
        titles = dict(zip(placement.columns, placement.titles, strict=True))
        for relation in self.workbook.relations_at(sheet.part):
            if relation.kind != "table" or relation.part not in self.package:
                continue
            part = self.workbook.xml(relation.part)
            area = table_area(part)
            name = part.root.attributes.get("displayName", part.root.attributes.get("name", ""))
            if area is not None and area.top == self.patch.heading_row and area.right == last_old:
                widen_table(part, [titles[column] for column in placement.appended])
            elif Area.parse(part.root.attributes["ref"]).top == self.patch.heading_row:
                self.report.notes.append(f"Tabellen {name} är inte utökad med resultatkolumnerna; de står bredvid den.")

    def _widen_names(self, sheet: SheetEntry, row: int, last: int, right: int) -> None:
        for one in defined_names(self.workbook):
            if one.place == sheet.place and one.name in _FOLLOWING_NAMES:
                text = widen_in_text(one.text, row, last, right)
                self.additions.names.append(NewName(one.name, sheet.place, text))

    # Beside it

    def _apart(self) -> None:
        if self.workbook.structure_locked:
            raise Unpatchable(
                f"resultatet kan inte läggas i bladet {self.patch.sheet}, eftersom {self.why_apart}, och arbetsbokens "
                "struktur är skyddad så att inga blad kan läggas till. Ta bort skyddet och räkna om den."
            )
        content = result_sheet(self.patch, self.styles, self.workbook.strict)
        entry, _ = self.additions.sheet(self.workbook, RESULTS, content)
        self.report.sheet = entry.name
        titles = ["Rad", *(one.title for one in self.patch.columns)]
        self.report.columns = {title: letters(number) for number, title in enumerate(titles)}
        self.report.notes.append(
            f'Resultatet står i bladet "{entry.name}", eftersom {self.why_apart}. Bladet {self.patch.sheet} är orört.'
        )

    def _add_sheets(self, opened: ExitStack, path: Path, names: Iterator[str] | object) -> None:
        if self.workbook.structure_locked:
            self.report.notes.append(
                "Arbetsbokens struktur är skyddad, så inga blad är tillagda; resultatet står bara i kolumnerna."
            )
            return
        donor = Donor.of(opened.enter_context(Package(path)), self.styles, self.workbook.strict)
        assert self.patch.added is not None
        taken: set[str] = set()
        for name in self.patch.added.names:
            if not donor.has(name):
                continue
            entry, _ = self.additions.sheet(self.workbook, name, donor.sheet(name))
            attached = donor.attachments(donor.part(name), entry.part, self.workbook, taken)
            self.additions.new |= {part: [content] for part, content in attached.items()}
            self.additions.names += [
                NewName(known, entry.place, text, hidden=known == "_xlnm._FilterDatabase")
                for known, text in donor.names_of(name, entry.name)
            ]


class _Again:
    """Pieces that are made when they are asked for."""

    def __init__(self, make: Callable[[], Iterator[bytes]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[bytes]:
        return self._make()


def _heading_cell(column: int, row: int, style: int, title: str, prefix: bytes) -> bytes:
    opening = b'<%bc r="%b%d"' % (prefix, letters(column).encode(), row)
    opening += b' s="%d"' % style if style else b""
    return opening + (inline_text(title, prefix) if title else b"/>")


def _runs(placed: list[PlacedColumn]) -> list[list[PlacedColumn]]:
    """Columns in runs that stand side by side."""
    runs: list[list[PlacedColumn]] = []
    for one in placed:
        if runs and runs[-1][-1].column == one.column - 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs
