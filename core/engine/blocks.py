"""Runs of many rows, in blocks and on several threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final

import numpy as np

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

_Piece = tuple[list[Column], ErrorBook]
"""A block's target columns, and the errors that they refer to."""


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

    def one(start: int) -> _Piece:
        part = part_of(ruleset, columns, frames, root, start, min(start + size, rows))
        result = run(ruleset, figures, targets, *part, book=known.copy(), keep_all=False)
        return [Column(result.values(target), result.column(target).errors) for target in targets], result.book

    def done(blocks: int) -> None:
        if progress is not None:
            progress(min(blocks * size, rows))

    np.empty(_KEPT, np.uint8)
    pieces = _in_parallel(one, starts, workers or os.cpu_count() or 1, done)
    blocks = [_renumbered(*piece, book) for piece in pieces]
    return {target: _joined(parts) for target, parts in zip(targets, zip(*blocks, strict=True), strict=True)}


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


def _renumbered(columns: Sequence[Column], own: ErrorBook, book: ErrorBook) -> list[Column]:
    """A block's columns with their error numbers turned into those of the whole run's book."""
    if all(one.errors is None for one in columns):
        return list(columns)
    numbers = np.array([0, *(book.number(own[number + 1]) for number in range(len(own)))], np.int32)
    return [Column(one.values, None if one.errors is None else numbers[one.errors]) for one in columns]


def _joined(parts: Sequence[Column]) -> Column:
    errors = None
    if any(part.errors is not None for part in parts):
        errors = np.concatenate(
            [np.zeros(len(part.values), np.int32) if part.errors is None else part.errors for part in parts]
        )
    return Column(np.concatenate([part.values for part in parts]), errors)
