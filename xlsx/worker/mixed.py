"""Columns of several kinds of cells in .ods and .xls files, which fastexcel gives as texts.

The texts come to be those that it makes of the same cells in an .xlsx file, so that both are read alike; beside
them stands what the cells hold themselves, since these files are answered with a workbook of our own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.encoded import Encoded
from xlsx.grid import EPOCH, LEAP_DAY_OF_1900, RawColumn, Serial
from xlsx.worker.arrow import cells_of

_MAYBE_NUMBER: Final = r"^(-?\d+(\.\d+)?|true|false)$"
_MAYBE_TIME: Final = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?)?$"
_LENGTH: Final = re.compile(r"(-?)P(?:(\d{1,6})D)?T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d+)?)S)?")
_FIRST_DAYS: Final = re.compile(r"1900-0[12]-")
_DAY: Final = np.timedelta64(1, "D")
_DAY_0: Final = dt.datetime(1899, 12, 30)
_MILLISECONDS: Final = 86_400_000
_LONGEST: Final = 36_525
"""Days of a length of time, a century; a longer one is none."""
_TEXT, _NUMBER, _TIME = range(3)

Mask = NDArray[np.bool_]
Load = Callable[[list[int], str], Sequence[pa.Array]]
"""Reads some columns again, as another type; a cell that cannot be read as it is null."""
HasLengths = Callable[[int], bool]
"""Whether a column has cells that show lengths of time."""


def raw_columns(
    columns: Sequence[pa.Array],
    load: Load,
    lengths: Mapping[int, Mapping[int, str]],
    iso: bool,
    has_lengths: HasLengths,
) -> list[RawColumn]:
    """The columns, those of texts with what their cells hold themselves.

    A length of time from a day up, which is no date although its number could be one, is held as a text, its
    number of days.

    lengths: lengths of time as .ods files write them, by column and row, which fastexcel has not read;
    iso: whether the file is an .ods file, which writes dates so too.
    """
    made = {number: RawColumn(cells_of(column)) for number, column in enumerate(columns)}
    texts = {
        number: (column.cells, pa.array(column.cells.texts, pa.string()))
        for number, column in made.items()
        if isinstance(column.cells, Encoded) and not pa.types.is_boolean(columns[number].type)
    }
    numbers = _where(_MAYBE_NUMBER, texts, load, "boolean")
    # A date of an .ods file is no point in time to fastexcel.
    times = _where(_MAYBE_TIME, texts, load, "date" if iso else "datetime")
    values = dict(zip(numbers, load(list(numbers), "float") if numbers else (), strict=True))
    for number in sorted({*numbers, *times}):
        none = np.zeros(len(columns[number]), bool)
        is_number = numbers.get(number, none)
        cells, is_time = texts[number][0], times.get(number, none) & ~is_number
        given = cells.index >= 0
        if iso and number not in lengths and is_time[given].all():
            made[number] = RawColumn(np.array([*cells.texts, "NaT"], "datetime64[us]")[cells.index])
        else:
            shows_lengths = not iso and any(map(_FIRST_DAYS.match, cells.texts)) and has_lengths(number)
            made[number] = _mixed(cells, is_number, is_time, values.get(number), iso, shows_lengths)
    for number, written in lengths.items():
        made[number] = _with_lengths(made[number], written)
    return list(made.values())


def days_of(written: str) -> float | None:
    """The days of a length of time in the form of .ods files, `PT20H30M00S`; None for another text."""
    found = _LENGTH.fullmatch(written)
    if found is None:
        return None
    sign, days, hours, minutes, seconds = found.groups(default="0")
    length = int(days) + (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) / 86_400
    return None if length > _LONGEST else -length if sign == "-" else length


def _where(looks: str, texts: Mapping[int, tuple[Encoded, pa.Array]], load: Load, kind: str) -> dict[int, Mask]:
    """Which cells are of a kind and look so, by column; of columns with such cells."""
    alike = {
        number: np.append(pc.match_substring_regex(array, looks).to_numpy(zero_copy_only=False), False)
        for number, (_, array) in texts.items()
    }
    some = [number for number, looking in alike.items() if looking.any()]
    found = {}
    for number, column in zip(some, load(some, kind) if some else (), strict=True):
        cells, _ = texts[number]
        mask = column.is_valid().to_numpy(zero_copy_only=False) & alike[number][cells.index].astype(bool)
        if mask.any():
            found[number] = mask
    return found


def _mixed(
    cells: Encoded, is_number: Mask, is_time: Mask, values: pa.Array, iso: bool, shows_lengths: bool
) -> RawColumn:
    """A column with what its cells hold. values: its numbers, where it has any."""
    index, words = cells.index.astype(np.int64), list(cells.texts)
    kinds = np.where(is_number, _NUMBER, np.where(is_time, _TIME, _TEXT))
    rows = np.flatnonzero(index >= 0)
    keys, first, places = np.unique(kinds[rows] * len(words) + index[rows], return_index=True, return_inverse=True)
    texts: list[str] = []
    own: dict[int, Any] = {}
    for place, (key, row) in enumerate(zip(keys.tolist(), rows[first].tolist(), strict=True)):
        kind, word = key // len(words), words[key % len(words)]
        if kind == _NUMBER:
            own[place] = word == "true" if word in ("true", "false") else values[row].as_py()
        elif kind == _TIME:
            days = float((np.datetime64(word, "us") - EPOCH) / _DAY)
            held = days if iso or days >= LEAP_DAY_OF_1900 else days - 1
            own[place] = _length(held) if shows_lengths else Serial(held)
            word = _as_in_excel(held)
        texts.append(word)
    spread = np.full(len(index), -1, np.int32)
    spread[rows] = places
    return RawColumn(Encoded(spread, texts), own=own)


def _with_lengths(column: RawColumn, written: Mapping[int, str]) -> RawColumn:
    """A column with the lengths of time of some rows put in; those that cannot be read are broken cells."""
    cells, broken = column.cells, dict(column.broken)
    days = {text: days_of(text) for text in dict.fromkeys(written.values())}
    broken |= {row: f'"{text}" är ingen längd på tid.' for row, text in written.items() if days[text] is None}
    known = {text: day for text, day in days.items() if day is not None}
    place = {text: number for number, text in enumerate(known)}
    rows = [row for row, text in written.items() if text in known]
    places = np.array([place[written[row]] for row in rows], np.int64)
    if isinstance(cells, Encoded):
        start = len(cells.texts)
        index = cells.index.astype(np.int32)
        index[rows] = places + start
        lengths = {start + number: _length(day) for number, day in enumerate(known.values())}
        texts = [*cells.texts, *map(_as_in_excel, known.values())]
        return RawColumn(Encoded(index, texts), broken, {**column.own, **lengths})
    if cells.dtype.kind == "m" and rows:
        cells = cells.copy()
        cells[rows] = np.array([round(day * _MILLISECONDS) for day in known.values()], "timedelta64[ms]")[places]
    return RawColumn(cells, broken)


def _length(days: float) -> str | Serial:
    """A length of time as `own` has it."""
    return repr(float(days)) if 1 <= days < LEAP_DAY_OF_1900 else Serial(days)


def _as_in_excel(days: float) -> str:
    """The text that fastexcel makes of a number of days that an .xlsx file shows as a time."""
    if days < 0:
        return f"-{_as_in_excel(-days).split()[1]}"  # no clock, whatever the days
    counted = days if days >= LEAP_DAY_OF_1900 else days + 1
    instant = _DAY_0 + dt.timedelta(milliseconds=round(counted * _MILLISECONDS))
    return instant.isoformat(" ", "milliseconds" if instant.microsecond else "seconds")
