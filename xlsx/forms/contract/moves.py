"""Where the cells of a template stand in a filled form: sheets renamed, rows and columns inserted or deleted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from xlsx.forms.contract.shape import Shape, SheetShape
from xlsx.patch.references import Area

_LIKE: Final = 0.6
"""The share of a sheet's fixed texts that another sheet must have to be taken for it."""
_OWN_CELL: Final = re.compile(r"(?<![\w!$'.])\$?[A-Z]{1,3}\$?\d+(?![\w(])")
_MOST_ALIGNED: Final = 400
"""Rows between two known ones that are compared one by one."""


@dataclass(frozen=True)
class Line:
    """The rows, or the columns, of a sheet: where each of the template stands now; those that are gone are not there.

    inserted: numbers, in the form, that the template has not.
    """

    places: Mapping[int, int] = field(default_factory=dict)
    gone: Sequence[int] = ()
    inserted: Sequence[int] = ()

    @property
    def same(self) -> bool:
        """Whether nothing has moved."""
        return not self.gone and not self.inserted

    def at(self, number: int) -> int | None:
        """Where a row or column is; None when it is gone."""
        if self.same:
            return number
        if number in self.places:
            return self.places[number]
        if number in self.gone:
            return None
        # Beyond all that the template has.
        return number - len(self.gone) + len(self.inserted)

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """What is left of a stretch; None when all of it is gone."""
        if self.same:
            return first, last
        kept = [place for number in range(first, last + 1) if (place := self.at(number)) is not None]
        return (kept[0], kept[-1]) if kept else None


@dataclass(frozen=True)
class Moved:
    """A template's sheet in a form: under which name, and how its rows and columns lie."""

    name: str
    rows: Line = field(default_factory=Line)
    columns: Line = field(default_factory=Line)


def find_sheets(template: Shape, form: Shape) -> tuple[dict[str, str], dict[str, str]]:
    """The form's sheet for each of the template's that is still there; and sheets that are copies, with what of."""
    found: dict[str, str] = {}
    for name in template.sheets:
        sheets = Counter(
            at[0] for own in template.names_on(name) if (at := form.names.get(own)) is not None and at[0] in form.sheets
        )
        if sheets:
            found[name] = sheets.most_common(1)[0][0]
        elif name in form.sheets:
            found[name] = name
    left = [name for name in form.sheets if name not in found.values()]
    for name, sheet in template.sheets.items():
        like = [other for other in left if name not in found and _alike(sheet, form.sheets[other])]
        if len(like) == 1 and not template.names_on(name):
            found[name] = like[0]
            left.remove(like[0])
    copies = {}
    for other in left:
        of = [name for name, sheet in template.sheets.items() if _alike(sheet, form.sheets[other])]
        if of:
            copies[other] = of[0]
    return found, copies


def _alike(sheet: SheetShape, other: SheetShape) -> bool:
    texts = set(sheet.texts())
    return bool(texts) and len(texts & set(other.texts())) >= _LIKE * len(texts)


def moves(template: Shape, form: Shape, name: str, now: str) -> Moved:
    """How a sheet of the template lies in the form."""
    sheet, other = template.sheets[name], form.sheets[now]
    rows: list[tuple[int, int]] = []
    columns: list[tuple[int, int]] = []
    resized = False
    for own, area in template.names_on(name).items():
        at = form.names.get(own)
        if at is None or at[0] != now:
            resized |= own in form.names
            continue
        # The edges of an area that has grown or shrunk may be other rows than they were.
        if area.bottom - area.top == at[1].bottom - at[1].top:
            rows += [(area.top, at[1].top), (area.bottom, at[1].bottom)]
        if area.right - area.left == at[1].right - at[1].left:
            columns += [(area.left, at[1].left), (area.right, at[1].right)]
        resized |= str(area) != str(at[1])
    if not resized and not _texts_moved(sheet, other):
        return Moved(now)
    texts = other.texts()
    for text, (row, column) in sheet.texts().items():
        if text in texts:
            rows.append((row, texts[text][0]))
            columns.append((column, texts[text][1]))
    return Moved(now, _line(rows, sheet, other, 0), _line(columns, sheet, other, 1))


def _texts_moved(sheet: SheetShape, other: SheetShape) -> bool:
    """Whether most fixed texts stand elsewhere; a few may have been moved or written over by hand."""
    texts = other.texts()
    known = [(place, texts[text]) for text, place in sheet.texts().items() if text in texts]
    return sum(first != second for first, second in known) > len(known) / 10


def _line(known: Iterable[tuple[int, int]], sheet: SheetShape, other: SheetShape, axis: int) -> Line:
    """Rows (axis 0) or columns (1) from the known ones among them, in between by what stands in them."""
    start = 1 - axis
    last = max((place[axis] for place in sheet.cells), default=start)
    end = max((place[axis] for place in other.cells), default=start)
    places: dict[int, int] = {}
    before = (start - 1, start - 1)
    for number, now in [*_rising(known), (last + 1, end + 1)]:
        between, there = range(before[0] + 1, number), range(before[1] + 1, max(now, before[1] + 1))
        places |= _aligned(between, there, _keys(sheet, between, axis), _keys(other, there, axis))
        if number <= last:
            places[number] = now
        before = (number, now)
    gone = [number for number in range(start, last + 1) if number not in places]
    taken = set(places.values())
    inserted = [now for now in range(start, max(taken, default=start)) if now not in taken]
    return Line(places, gone, inserted)


def _rising(known: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The known places that agree with most others: one for each number, ever further on."""
    votes: dict[int, Counter[int]] = {}
    for number, now in known:
        votes.setdefault(number, Counter())[now] += 1
    chosen = sorted((number, counter.most_common(1)[0][0]) for number, counter in votes.items())
    shifts = Counter(now - number for number, now in chosen)
    rising: list[tuple[int, int]] = []
    for number, now in chosen:
        fits = not rising or now > rising[-1][1]
        if fits and (shifts[now - number] > 1 or len(chosen) < 3 or now == number):
            rising.append((number, now))
    return rising


def _keys(sheet: SheetShape, numbers: range, axis: int) -> list[tuple[object, ...]]:
    """What tells rows or columns apart: their formulas and fixed texts. Cells of the sheet itself, which formulas
    refer to, move with them and say nothing."""
    found: dict[int, list[tuple[int, str]]] = {number: [] for number in numbers}
    for place, cell in sheet.cells.items():
        if place[axis] in found:
            fixed = cell.value if cell.locked and isinstance(cell.value, str) else ""
            text = _OWN_CELL.sub("#", cell.formula) if cell.formula is not None else fixed
            if text:
                found[place[axis]].append((place[1 - axis], text))
    return [tuple(text for _, text in sorted(texts)) for texts in found.values()]


def _aligned(
    numbers: range, there: range, keys: Sequence[tuple[object, ...]], now: Sequence[tuple[object, ...]]
) -> dict[int, int]:
    """The numbers that still stand between two known ones, though some may have come or gone."""
    if keys == now or max(len(keys), len(now)) > _MOST_ALIGNED:
        return dict(zip(numbers, there, strict=False))
    places: dict[int, int] = {}
    for a, b, size in SequenceMatcher(None, keys, now, autojunk=False).get_matching_blocks():
        places |= {numbers[a + step]: there[b + step] for step in range(size)}
    if len(numbers) == len(there):
        # Formulas that were written over do not make a row another one.
        missing = [number for number in numbers if number not in places]
        left = [number for number in there if number not in places.values()]
        places |= zip(missing, left, strict=True)
    return places


def moved_area(area: Area, moved: Moved) -> Area | None:
    """An area of the template as it lies in the form; None when it is gone."""
    rows, columns = moved.rows.span(area.top, area.bottom), moved.columns.span(area.left, area.right)
    return None if rows is None or columns is None else Area(rows[0], columns[0], rows[1], columns[1])
