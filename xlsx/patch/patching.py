"""A workbook with results put into its own sheet and sheets added; all other parts are copied as they are."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Final

from xlsx.grid import letters
from xlsx.patch.addition import COLUMNS_MARK, SHEET_MARK, Additions
from xlsx.patch.calcchain import drop_formulas
from xlsx.patch.errors import Occupied, Unpatchable, Unspliceable
from xlsx.patch.following import check_tables, left_out, widen_tables, widened_names
from xlsx.patch.package import Package, PackageWriter, part_key, replacing
from xlsx.patch.plan import AddedSheets, Patch, PatchReport
from xlsx.patch.references import Area
from xlsx.patch.resultsheet import NAME as RESULTS
from xlsx.patch.resultsheet import result_sheet
from xlsx.patch.site import Site, find_site
from xlsx.patch.splice import Splicer
from xlsx.patch.styles import StyleSheet, empty_styles
from xlsx.patch.transplant import Donor
from xlsx.patch.workbook import NewName, Workbook, define, defined_names, lacking
from xlsx.patch.worksheet import edited_head, edited_tail, merged_right, protected
from xlsx.patch.xmlpart import XmlPart

Progress = Callable[[int], None]

_STYLES_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_MOST_ATTEMPTS: Final = 40
_BYTES_OF_A_CELL: Final = 150
"""More than a number takes; texts are counted with them, since most cells are numbers."""


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
            named = text.startswith((source.name, target.name))
            raise Unpatchable(text if named else f"{source.name}: {text}") from None


def _patched(package: Package, target: Path, patch: Patch, progress: Progress | None) -> PatchReport:
    """Try, further to the right each time that a cell stands in the way, and at last on a sheet of its own."""
    why = "det står annat i vägen till höger"
    for _ in range(_MOST_ATTEMPTS):
        try:
            return _write(_Job(package, patch, None), target, progress)
        except Occupied as occupied:
            patch = replace(patch, free=occupied.column + 1)
        except Unspliceable as problem:
            why = str(problem)
            break
    return _write(_Job(package, patch, why), target, progress)


def _write(job: _Job, target: Path, progress: Progress | None) -> PatchReport:
    with ExitStack() as opened:
        job.prepare(opened, progress)
        with replacing(job.package, target) as writer:
            job.write(writer)
    return job.report


class _Job:
    """One attempt. why_apart: why the results go to a sheet of their own, if they do."""

    def __init__(self, package: Package, patch: Patch, why_apart: str | None) -> None:
        self.package, self.patch, self.why_apart = package, patch, why_apart
        self.workbook = Workbook(package)
        self.report = PatchReport(patch.sheet)
        self.additions = Additions()
        self.styles = StyleSheet(self._styles_part())

    def _styles_part(self) -> XmlPart:
        """The workbook's styles; where it has none, such as are added."""
        name = self.workbook.related("styles")
        if name is not None and name in self.package:
            return self.workbook.xml(name)
        new = posixpath.join(posixpath.dirname(self.workbook.part), "styles.xml")
        part = XmlPart(empty_styles(self.workbook.strict), new)
        self.workbook.relate("styles", new)
        self.workbook.declare(new, _STYLES_TYPE)
        self.additions.new[new] = _Later(lambda: iter([part.result()]))
        return part

    def prepare(self, opened: ExitStack, progress: Progress | None) -> None:
        """Decide everything but the cells. Raises Occupied, Unspliceable, Unpatchable."""
        if self.why_apart is None:
            self._in_place(find_site(self.workbook, self.styles, self.patch), progress)
        else:
            self._apart(self.why_apart)
        if self.patch.added is not None:
            self._add_sheets(opened, self.patch.added)
        define(self.workbook, self.additions.names)
        self.styles.finish()
        self.report.added = self.additions.sheets
        self.report.notes += self.additions.notes

    def write(self, writer: PackageWriter) -> None:
        """All parts in their order, the new ones last."""
        changed, more = self.workbook.changed_parts(), self.additions
        room = _BYTES_OF_A_CELL * len(self.patch.rows) * len(self.patch.columns)
        for entry in self.package.entries:
            key = part_key(entry.filename)
            if key in more.dropped:
                continue
            if key in more.replaced:
                writer.put(entry.filename, more.replaced[key], entry, entry.file_size + room)
            elif key in changed:
                writer.put(entry.filename, [changed[key]], entry)
            else:
                writer.copy(entry)
        for name, content in more.new.items():
            writer.put(name, content, size=room)

    def _in_place(self, site: Site, progress: Progress | None) -> None:
        """The results in the user's own sheet."""
        grown = bool(site.placement.appended)
        opening = site.peeked.head.content

        def head(content: bytes) -> bytes:
            return edited_head(content, site.area, site.widths)

        def filter_over(area: Area) -> Area:
            wide = site.widened(area)
            self.report.notes += left_out(site, wide, "filtret", "filtrets")
            return wide

        def tail(content: bytes) -> bytes:
            merged = merged_right(opening, content, site.new_area) if grown else None
            if merged is not None:
                raise Occupied(merged)
            if protected(opening, content):
                self.report.notes.append(
                    f"Bladet {site.sheet.name} är skyddat; skyddet är kvar och resultatet står i det."
                )
            return edited_tail(opening, content, filter_over)

        splicer = Splicer(site.new, site.placement.refreshed, head, tail, progress)
        self.additions.replaced[part_key(site.sheet.part)] = _Later(
            lambda: splicer.pieces(self.workbook.sheet_pieces(site.sheet))
        )
        if grown:
            check_tables(self.workbook, site)
            self.additions.names += widened_names(self.workbook, site)
        self.report.notes += widen_tables(self.workbook, site)
        self.additions.names.append(NewName(COLUMNS_MARK, site.sheet.place, '"Resultat"', hidden=True))
        headings = {(row, column) for row, cells in site.new.extra.items() for column, _ in cells}
        gone = drop_formulas(self.workbook, site.sheet.number, site.placement.columns, self.patch.rows, headings)
        if gone is not None:
            self.additions.dropped.add(part_key(gone))
        titles = [column.title for column in self.patch.columns]
        self.report.columns = {
            title: letters(column) for title, column in zip(titles, site.placement.columns, strict=False)
        }
        self.report.refreshed = len(site.placement.refreshed)
        if site.stale:
            self.report.notes.append(
                f"Kolumner från en tidigare beräkning som inte längre kan räknas är tömda: {', '.join(site.stale)}."
            )

    def _apart(self, why: str) -> None:
        """The results on a sheet beside the user's."""
        if self.workbook.structure_locked:
            raise Unpatchable(
                f"resultatet kan inte läggas i bladet {self.patch.sheet}, eftersom {why}, och arbetsbokens struktur är "
                "skyddad så att inga blad kan läggas till. Ta bort skyddet och räkna om den."
            )
        content = result_sheet(self.patch, self.styles, self.workbook.strict)
        entry = self.additions.sheet(self.workbook, RESULTS, content)
        titles = ["Rad", *(one.title for one in self.patch.columns)]
        self.report.sheet, self.report.columns = entry.name, {one: letters(n) for n, one in enumerate(titles)}
        self.report.notes.append(
            f'Resultatet står i bladet "{entry.name}", eftersom {why}. Bladet {self.patch.sheet} är orört. '
            "Sorteras det om, stämmer kolumnen Rad inte längre; räkna då om filen."
        )

    def _add_sheets(self, opened: ExitStack, added: AddedSheets) -> None:
        """The sheets of another workbook."""
        if self.workbook.structure_locked:
            self.report.notes.append(
                "Arbetsbokens struktur är skyddad, så inga blad är tillagda; resultatet står bara i kolumnerna."
            )
            return
        donor = Donor.of(opened.enter_context(Package(added.path)), self.styles, self.workbook.strict)
        taken = lacking(self.workbook)
        for name in filter(donor.has, added.names):
            entry = self.additions.sheet(self.workbook, name, donor.sheet(name))
            vacant = frozenset(self.additions.vacant)
            self.additions.attach(donor.attachments(name, entry, self.workbook, taken, vacant))
            self.additions.names += [
                NewName(known, entry.place, text, hidden=known == "_xlnm._FilterDatabase")
                for known, text in donor.names_of(name, entry.name)
            ]
        self.additions.clear(self.workbook)
        self._tell_of_old_sheets()

    def _tell_of_old_sheets(self) -> None:
        """Sheets that an earlier run made and this one did not."""
        marked = {one.place for one in defined_names(self.workbook) if one.name == SHEET_MARK}
        for sheet in self.workbook.sheets:
            if sheet.place in marked and sheet.name not in self.additions.sheets:
                self.report.notes.append(f'Bladet "{sheet.name}" är från en tidigare beräkning och inte uppdaterat.')


class _Later:
    """Pieces that are made when they are asked for."""

    def __init__(self, make: Callable[[], Iterator[bytes]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[bytes]:
        return self._make()
