"""The sheet Sammanställning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from xlsx.recalculate import Recalculation, missing_sentences
from xlsx.sheetstyle import Styles, print_on_one_width
from xlsx.summary import SUMMED, Total, controls, facts, faults, totals, unchecked, used_figures

NAME: Final = "Sammanställning"
_MOST_FAULTS: Final = 200
_WIDTHS: Final = (60, 20, 14, 14, 14, 17, 17, 18, 18)
_LINE_LENGTH: Final = 180
_ADDED: Final = ("Km", *(title.split(",")[0] for _, title in SUMMED))
LACKING_WIDTH: Final = 13
WHY_LACKING: Final = "Ej med i: så många resor är inte med i summan, eftersom just den uppgiften har fel."
_TITLES: Final = {"avdelning": "Avdelning", "fardmedel": "Färdmedel"}


def write_summary(made: Recalculation, book: Any, styles: Styles) -> None:
    """Facts, totals, what to put right, and the figures used, downwards on one sheet."""
    sheet = book.add_worksheet(NAME)
    sheet.hide_gridlines(2)
    print_on_one_width(sheet)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    whole = totals(made)[0]
    lacking = lacking_figures(whole)
    if lacking:
        sheet.set_column(len(_WIDTHS), len(_WIDTHS) + len(lacking) - 1, LACKING_WIDTH)
    lines = _Lines(sheet, styles)
    lines.write([(NAME, styles.title)])
    for title, value in facts(made):
        lines.write([(title, styles.bold), (value, styles.left)])
    for by in (("avdelning",), ("fardmedel",), ("avdelning", "fardmedel")):
        if all(made.claims.has(name) or (name == "avdelning" and made.claims.has("ansvar")) for name in by):
            _write_totals(lines, made, by, whole, lacking)
    if not made.claims.has("fardmedel") and not made.claims.has("avdelning"):
        _write_totals(lines, made, (), whole, lacking)
    if lacking:
        lines.sentence(WHY_LACKING)
    _write_sentences(lines, "Kan inte beräknas", missing_sentences(made))
    _write_sentences(lines, "Att rätta i underlaget", made.problems)
    _write_sentences(lines, "Att känna till", made.notes)
    _write_faults(lines, made)
    _write_controls(lines, made)
    _write_sentences(lines, "Kontroller som inte görs", unchecked(made))
    _write_figures(lines, made)


def lacking_figures(whole: Total) -> list[int]:
    """The figures that some trip is left out of, as places in `Total.left_out`: no group lacks one more."""
    return [number for number, count in enumerate(whole.left_out) if count]


def lacking_titles(lacking: Sequence[int]) -> list[str]:
    """Headings of the columns that tell how many trips each of these figures lacks."""
    return [f"Ej med i {_ADDED[number]}" for number in lacking]


class _Lines:
    """Writes line after line, since a large workbook is written from the top down."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, 0

    def write(self, cells: Sequence[tuple[Any, Any]]) -> None:
        """One line; None leaves a cell empty."""
        for column, (value, style) in enumerate(cells):
            if isinstance(value, str):
                self.sheet.write_string(self.row, column, value, style)
            elif value is not None:
                self.sheet.write_number(self.row, column, value, style)
            else:
                self.sheet.write_blank(self.row, column, None, style)
        self.row += 1

    def section(self, title: str) -> None:
        """An empty line and a title."""
        self.row += 1
        self.write([(title, self.styles.section)])

    def sentence(self, text: str) -> None:
        """A text over the whole width, on as many lines as it takes."""
        self.sheet.set_row(self.row, 15 * (1 + len(text) // _LINE_LENGTH))
        self.sheet.merge_range(self.row, 0, self.row, len(_WIDTHS) - 1, text, self.styles.wrapped)
        self.row += 1


def _write_totals(
    lines: _Lines, made: Recalculation, by: tuple[str, ...], whole: Total, lacking: Sequence[int]
) -> None:
    """The totals of groups and of the whole; `lacking`: the figures that some trip is left out of."""
    styles = lines.styles
    lines.section("Summor per " + " och ".join(_TITLES[name].lower() for name in by) if by else "Summor")
    shown = [number for number, (name, _) in enumerate(SUMMED) if name in made.results]
    titles = [
        *(_TITLES[name] for name in by),
        "Resor",
        "varav med fel",
        "Km",
        *(SUMMED[number][1] for number in shown),
        *lacking_titles(lacking),
    ]
    lines.sheet.set_row(lines.row, 32)
    kinds = ["text"] * len(by) + ["antal"] * (len(titles) - len(by))
    lines.write([(title, styles.header("result", kind)) for title, kind in zip(titles, kinds, strict=True)])
    for total in totals(made, by) if by else ():
        lines.write(_total_cells(total, shown, lacking, styles.cell))
    names = ("Summa", *[""] * (len(by) - 1)) if by else ()
    lines.write(_total_cells(replace(whole, names=names), shown, lacking, styles.sums.__getitem__))


def _total_cells(total: Total, shown: Sequence[int], lacking: Sequence[int], style: Any) -> list[tuple[Any, Any]]:
    cells: list[tuple[Any, Any]] = [(name, style("ord")) for name in total.names]
    cells += [
        (total.trips, style("antal")),
        (total.wrong, style("antal")),
        (total.metres / 1000, style("km")),
    ]
    for number in shown:
        value, unit = total.sums[number], "kg" if SUMMED[number][0] == "utslapp" else "kr"
        cells.append((None if value is None else value / 100 if unit == "kr" else value, style(unit)))
    return cells + [(total.left_out[number], style("antal")) for number in lacking]


def _write_sentences(lines: _Lines, title: str, sentences: Sequence[str]) -> None:
    if sentences:
        lines.section(title)
        for sentence in sentences:
            lines.sentence(sentence)


def _write_faults(lines: _Lines, made: Recalculation) -> None:
    found = faults(made)
    if not found:
        return
    lines.section("Fel i raderna")
    for fault in found[:_MOST_FAULTS]:
        rows = ", ".join(map(str, fault.rows)) + (" …" if fault.count > len(fault.rows) else "")
        word = "Rad" if fault.count == 1 else f"{fault.count} rader:"
        lines.sentence(f"{word} {rows}: {fault.text}")
    if len(found) > _MOST_FAULTS:
        lines.sentence(f"… och {len(found) - _MOST_FAULTS} fel till, se kolumnen Fel.")


def _write_controls(lines: _Lines, made: Recalculation) -> None:
    found = controls(made, by_department=False)
    if not found:
        return
    styles = lines.styles
    lines.section("Kontroller per regel (per avdelning och med text i bladet Kontroller)")
    titles = (("Kontroll", "ord"), ("Regel", "ord"), ("Grad", "ord"), ("Resor", "antal"))
    lines.write([(title, styles.header("result", kind)) for title, kind in titles])
    for one in found:
        values = (one.title, one.rule, one.grade, one.count)
        lines.write([(value, styles.cell(kind)) for value, (_, kind) in zip(values, titles, strict=True)])


def _write_figures(lines: _Lines, made: Recalculation) -> None:
    figures = used_figures(made)
    if not figures:
        return
    styles = lines.styles
    lines.section("Använda satser och gränser")
    lines.write(
        [(title, styles.header("result")) for title in ("Sats", "Status", "Värde", "Enhet", "Gäller från", "Källa")]
    )
    for figure in figures:
        texts = (figure.title, figure.status, figure.value, figure.unit, figure.from_date, figure.source)
        if len(figure.title) > _WIDTHS[0]:
            lines.sheet.set_row(lines.row, 30)
        lines.write([(text, styles.cell("ord" if place else "anmärkning")) for place, text in enumerate(texts)])
