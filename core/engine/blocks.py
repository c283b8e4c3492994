"""Runs of many rows, in blocks and on several threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.engine.columns import Column, ErrorBook
from core.engine.figures import Figures
from core.engine.levels import Frame
from core.engine.plan import make_plan
from core.engine.rules import Ruleset
from core.engine.run import run

BLOCK: Final = 32_768
"""Rows of the root level in a block: a block's columns stay in the processor's cache."""

_KEPT: Final = 32_000_000
"""Bytes. Once an array of this size has been freed, glibc keeps the memory of freed columns for the next ones
in place of handing it back to the system, which costs more than most rules."""

_Piece = tuple[list[NDArray[np.int32] | None], ErrorBook]
"""The errors of a block's target columns, and the book that they refer to."""


def run_blocks(
    ruleset: Ruleset,
    figures: Figures,
    targets: Sequence[str],
    columns: Mapping[str, Column],
    frames: Mapping[str, Frame],
    *,
    root: str,
    book: ErrorBook | None = None,
    block: int = BLOCK,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Column]:
    """Make root-level `targets` in blocks of rows; the same figures as `run`, near the speed of memory.

    Errors in `columns` refer to `book`, and so do those of the result. A plan that gathers rows across
    blocks (a person's weeks) is run whole.
    """
    book = book if book is not None else ErrorBook()
    rows = frames[root].rows
    partial = frozenset(name for name, column in columns.items() if column.given is not None)
    plan = make_plan(ruleset, figures.kinds, tuple(targets), frozenset(columns), partial, frozenset(frames))
    gathers = any(ruleset.levels[level].gathers for level in plan.levels)
    size = max(rows, 1) if gathers else block
    starts = range(0, max(rows, 1), size)
    known = book.copy()
    values: dict[str, NDArray[Any]] = {}
    lock = Lock()

    def one(start: int) -> _Piece:
        part = part_of(ruleset, columns, frames, root, start, min(start + size, rows))
        result = run(ruleset, figures, targets, *part, book=known.copy(), keep_all=False)
        with lock:
            for target in targets:
                values[target] = _with_part(values.get(target), result.values(target), start, rows)
        return [result.column(target).errors for target in targets], result.book

    def done(blocks: int) -> None:
        if progress is not None:
            progress(min(blocks * size, rows))

    np.empty(_KEPT, np.uint8)
    pieces = _in_parallel(one, starts, workers or os.cpu_count() or 1, done)
    errors = zip(*(_renumbered(*piece, book) for piece in pieces), strict=True)
    return {
        target: Column(values[target], _joined_errors(parts, starts, rows))
        for target, parts in zip(targets, errors, strict=True)
    }


def _in_parallel(
    work: Callable[[int], _Piece], starts: Sequence[int], workers: int, done: Callable[[int], None]
) -> list[_Piece]:
    """What `work` makes of each start, in order. The calling thread is one of the workers; each takes the next
    start as it gets free. `done` is told how many are ready, by one thread at a time."""
    made: dict[int, _Piece] = {}
    waiting, lock = iter(starts), Lock()

    def following() -> int | None:
        with lock:
            return next(waiting, None)

    def share() -> None:
        try:
            for start in iter(following, None):
                piece = work(start)
                with lock:
                    made[start] = piece
                    done(len(made))
        except BaseException:
            while following() is not None:  # the others stop after the block at hand
                pass
            raise

    helpers = min(workers, len(starts)) - 1
    with ThreadPoolExecutor(max(helpers, 1)) as pool:
        helping = [pool.submit(share) for _ in range(helpers)]
        share()
    for helper in helping:
        helper.result()
    return [made[start] for start in starts]


def part_of(
    ruleset: Ruleset, columns: Mapping[str, Column], frames: Mapping[str, Frame], root: str, start: int, end: int
) -> tuple[dict[str, Column], dict[str, Frame]]:
    """The columns and frames of the root rows [start, end) and of the supplied rows that belong to them."""
    ranges, parts = {root: slice(start, end)}, {root: Frame(end - start)}
    for name, frame in frames.items():
        if name != root:
            low, high = np.searchsorted(frame.owners[root], [start, end])
            ranges[name] = slice(int(low), int(high))
            parts[name] = Frame(int(high - low), {root: frame.owners[root][low:high] - start})
    cut = {}
    for name, column in columns.items():
        home = ruleset.home(name)
        if home is None:
            cut[name] = column
        else:
            rows = ranges[home]
            cut[name] = Column(
                column.values[rows] if np.ndim(column.values) else column.values,
                None if column.errors is None else column.errors[rows],
                None if column.given is None else column.given[rows],
            )
    return cut, parts


def _with_part(whole: NDArray[Any] | None, part: NDArray[Any], start: int, rows: int) -> NDArray[Any]:
    """The column of all rows with a block's values in place, made anew where the block needs another type."""
    kind = part.dtype if whole is None else np.result_type(whole, part)
    if whole is None or whole.dtype != kind:
        made = np.zeros(rows, kind)
        if whole is not None:
            made[:] = whole
        whole = made
    whole[start : start + len(part)] = part
    return whole


def _renumbered(
    errors: Sequence[NDArray[np.int32] | None], own: ErrorBook, book: ErrorBook
) -> list[NDArray[np.int32] | None]:
    """The errors of a block's columns with their numbers turned into those of the whole run's book."""
    if all(one is None for one in errors):
        return list(errors)
    numbers = np.array([0, *(book.number(own[number + 1]) for number in range(len(own)))], np.int32)
    return [None if one is None else numbers[one] for one in errors]


def _joined_errors(
    parts: Sequence[NDArray[np.int32] | None], starts: Sequence[int], rows: int
) -> NDArray[np.int32] | None:
    if all(part is None for part in parts):
        return None
    errors = np.zeros(rows, np.int32)
    for start, part in zip(starts, parts, strict=True):
        if part is not None:
            errors[start : start + len(part)] = part
    return errors
