"""One workbook: results put in, and all that can be told of what came of it."""

from __future__ import annotations

import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import xlsxwriter

from tests.corpus import parts, reading, soundness
from tests.corpus.choosing import Chosen, choose
from tests.corpus.opening import Book, Unreadable, cells, place, value
from xlsx.patch.errors import Unpatchable
from xlsx.patch.patching import patch_workbook
from xlsx.patch.plan import Patch, PatchReport, ResultColumn

SUMMARY = "Sammanställning"
_SECONDS = 900
"""For one workbook, of the processor: the machine may have other things to do."""


@dataclass
class Outcome:
    """What came of one workbook.

    kind: `done`; `beside` (results on a sheet of their own); `refused`; `unreadable` (no reader could open it).
    faults: harm that was done, each with what and where.
    """

    kind: str
    reason: str = ""
    faults: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    read: bool = False
    """openpyxl could read the original, so that values and looks were compared."""
    sheet: str = ""
    columns: Sequence[int] = ()


def summary_book(path: Path) -> Path:
    """A workbook with a sheet of ours to be added: styles, a table of totals, a conditional format, a chart, names."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SUMMARY)
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "text_wrap": True})
        money = book.add_format({"num_format": "#,##0.00", "font_color": "#1F4E78"})
        share = book.add_format({"num_format": '0.0 "procent"', "italic": True})
        sheet.write_row("A1", ("Avdelning", "Kronor", "Andel"), head)
        for row, (name, kronor) in enumerate((("Miljö & hälsa", 1200.5), ("Kultur", 340), ("=A1", 12))):
            sheet.write_string(row + 1, 0, name)
            sheet.write_number(row + 1, 1, kronor, money)
            sheet.write_formula(row + 1, 2, f"=B{row + 2}/SUM(B$2:B$4)*100", share, kronor / 15.525)
        sheet.conditional_format("B2:B4", {"type": "cell", "criteria": ">", "value": 1000, "format": head})
        sheet.autofilter("A1:C4")
        sheet.repeat_rows(0)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": f"='{SUMMARY}'!$B$2:$B$4", "categories": f"='{SUMMARY}'!$A$2:$A$4"})
        sheet.insert_chart("E2", chart)
    return path


def examine(source: Path, target: Path, added: Path | None, meddle: Callable[[], object] | None = None) -> Outcome:
    """Patch `source` into `target`, twice, and look for harm.

    added: from `summary_book`; meddle: harms the result before it is looked at, to see that it is seen.
    """
    try:
        with Book(source) as book:
            before = source.read_bytes()
            chosen = choose(book, added)
            old_faults = _or_empty(book)
            outcome = _examined(book, source, target, chosen, old_faults, meddle)
    except Unreadable as problem:
        return _unreadable(source, target, str(problem))
    if source.read_bytes() != before:
        outcome.faults.append("the original was changed")
    return outcome


def examine_safely(source: Path, target: Path, added: Path) -> Outcome:
    """The same with a limit of time, and what is raised as a fault: for a process of its own."""
    signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, _SECONDS)
    try:
        return examine(source, target, added)
    except (Exception, _TooLong) as error:  # a traceback is what this looks for
        places = [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)[-4:]]
        return Outcome("failed", repr(error), [f"{error!r} at {' < '.join(reversed(places))}"])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


class _TooLong(BaseException):
    """No Exception: what a reader raises is an answer, this is not."""


def _too_long(*_: object) -> None:
    raise _TooLong(f"more than {_SECONDS} s")


def _or_empty(book: Book) -> set[str]:
    """Faults that were there before; Unreadable when they cannot be told."""
    try:
        return soundness.faults(book)
    except (ValueError, AttributeError, KeyError, IndexError) as error:
        raise Unreadable(f"not looked through: {error!r}") from None


def _examined(
    old: Book,
    source: Path,
    target: Path,
    chosen: Chosen,
    old_faults: set[str],
    meddle: Callable[[], object] | None,
) -> Outcome:
    patch = chosen.patch
    try:
        report = patch_workbook(source, target, patch)
    except Unpatchable as problem:
        return Outcome("refused", str(problem).removeprefix(f"{source.name}: "), _left_behind(target))
    if meddle is not None:
        meddle()
    beside = report.sheet != patch.sheet
    outcome = Outcome("beside" if beside else "done", _why(report) if beside else "")
    columns = [place(letters)[1] for letters in report.columns.values()]
    outcome.sheet, outcome.columns = patch.sheet, () if beside else columns
    part = "" if beside else next(one.part for one in old.sheets if one.name == patch.sheet)
    with Book(target) as new:
        try:
            wrong, outcome.changed = parts.differences(old, new, part, set(columns))
            outcome.faults += wrong
            outcome.faults += sorted(f"new fault: {one}" for one in soundness.faults(new) - old_faults)
        except Unreadable as error:
            outcome.faults.append(f"unreadable: {error}")
    expected = chosen.expected
    if beside:
        expected = {row: [at, *chosen.expected[at]] for row, at in enumerate(expected, 2)}
    outcome.faults += _results(target, report.sheet, columns, expected)
    outcome.faults += _chart(target, report)
    outcome.faults += _by_openpyxl(source, target, chosen, report, outcome, columns, expected)
    if meddle is None:
        outcome.faults += _second_run(target, patch, report, beside)
    return outcome


def _left_behind(target: Path) -> list[str]:
    return ["refused, but a file was left behind"] if target.exists() else []


def _why(report: PatchReport) -> str:
    note = next(one for one in report.notes if "eftersom " in one)
    return note.partition("eftersom ")[2].partition(". Bladet")[0]


def _results(target: Path, sheet: str, columns: Sequence[int], expected: dict[int, list[Any]]) -> Iterator[str]:
    """Result cells that do not hold what they should, as they stand in the file."""
    try:
        with Book(target) as book:
            part = next((one.part for one in book.sheets if one.name == sheet), "")
            if not part:
                yield f"the sheet {sheet} is not there"
                return
            of_column = set(columns)
            found = {(one.row, one.column): one for one in cells(book.xml(part)) if one.column in of_column}
            yield from reading.wrong_results(lambda at: value(book, found.get(at)), columns, expected)
    except Unreadable as error:
        yield f"unreadable: {error}"


def _by_openpyxl(
    source: Path,
    target: Path,
    chosen: Chosen,
    report: PatchReport,
    outcome: Outcome,
    columns: Sequence[int],
    expected: dict[int, list[Any]],
) -> Iterator[str]:
    old = reading.read(source)
    if old is None or chosen.patch.sheet not in old.sheetnames:
        return  # strict workbooks look empty to openpyxl
    new, values = reading.read(target), reading.read(target, values=True)
    if new is None or values is None:
        yield "openpyxl reads the original but not the result"
        return
    outcome.read = True
    yield from reading.differences(old, new, outcome.sheet, outcome.columns)
    old_values = reading.read(source, values=True)
    yield from (f"cached {one}" for one in reading.differences(old_values, values, outcome.sheet, outcome.columns))
    if report.sheet in new.sheetnames:
        yield from reading.results(new, report.sheet, columns, expected)
    else:
        yield f"openpyxl finds no sheet {report.sheet}"
    if chosen.patch.added is not None:
        yield from _added(new, report)


def _chart(target: Path, report: PatchReport) -> Iterator[str]:
    """The chart of the added sheet has its figures there, also when the sheet got another name."""
    if not report.added:
        return
    with Book(target) as book:
        part = next((one.part for one in book.sheets if one.name == report.added[-1]), "")
        drawings = [one for kind, one in book.relations(part).values() if kind == "drawing"]
        charts = [one for drawing in drawings for kind, one in book.relations(drawing).values() if kind == "chart"]
        said = [one.text.rpartition("!")[0].strip("'") for chart in charts for one in book.xml(chart).iter("{*}f")]
    if not said or set(said) != {report.added[-1]}:
        yield f"the chart of the added sheet has its figures in {sorted(set(said))}"


def _added(book: Any, report: PatchReport) -> Iterator[str]:
    if not report.added:
        if not any("struktur" in note for note in report.notes):
            yield "no sheet was added, and nothing says why"
        return
    name = report.added[-1]
    if name not in book.sheetnames or book[name]["B2"].value != 1200.5 or book[name]["A4"].value != "=A1":
        yield f"the added sheet {name} is not as it should be"
    elif book[name]["B2"].number_format != "#,##0.00" or not book[name]["A1"].font.b:
        yield f"the added sheet {name} has lost its looks"


def _second_run(target: Path, patch: Patch, report: PatchReport, beside: bool) -> Iterator[str]:
    """The same results into the result: not a byte is different, and all columns were found again."""
    again = target.with_name(f"2-{target.name}")
    if not beside:
        columns = {place(letters)[1]: title for title, letters in report.columns.items()}
        headings = [*patch.headings, *[""] * (max(columns) + 1 - len(patch.headings))]
        for column, title in columns.items():
            taken = Counter(one.strip().casefold() for one in patch.headings)
            headings[column] = f"{title} (Färdkost)" if taken[title.casefold()] else title
        patch = replace(patch, headings=headings, free=len(headings))
    try:
        second = patch_workbook(target, again, patch)
    except Unpatchable as problem:
        yield f"the second run is refused: {problem}"
        return
    if not beside and second.refreshed != len(patch.columns):
        yield f"the second run refreshed {second.refreshed} of {len(patch.columns)} columns"
    elif again.read_bytes() != target.read_bytes():
        yield f"the second run differs in {', '.join(_different(target, again))}"
    again.unlink()


def _different(one: Path, other: Path) -> list[str]:
    with Book(one) as first, Book(other) as second:
        was, now = first.raw(), second.raw()
    return sorted(name for name in {*was, *now} if was.get(name) != now.get(name)) or ["the directory"]


def _unreadable(source: Path, target: Path, why: str) -> Outcome:
    """Whatever is given, the answer is a result or a refusal in words."""
    column = ResultColumn("Traktamente", "kr", np.array([100]))
    patch = Patch("Sheet1", 1, 1, [""], np.array([2]), [column], ["Traktamente"], 1)
    try:
        patch_workbook(source, target, patch)
    except Unpatchable as problem:
        return (
            Outcome("unreadable", why, _left_behind(target)) if str(problem) else Outcome("unreadable", why, ["mute"])
        )
    return Outcome("unreadable", f"{why} (but patched)")
