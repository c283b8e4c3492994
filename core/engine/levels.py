"""Levels: what a row stands for (a trip, a day of it), and how rows of one level meet another's.

A level is either the root, opened from its parent (a trip into its days) or gathered from its
child (days into a person's weeks). Index arrays link them; nothing loops over rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of row.

    `opens` counts the rows that each row of `parent` opens into; `gathers` gives, for each row of
    `child`, the key of the row it belongs to. `links` are further parents, each with the function
    that finds the parent's row. `dated_by` and `keyed_by` say which columns look up figures here.
    """

    name: str
    parent: str | None = None
    opens: Callable[..., Any] | None = None
    child: str | None = None
    gathers: Callable[..., Any] | None = None
    links: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    dated_by: str | None = None
    keyed_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Frame:
    """The rows of one level in a run: how many, and for each parent level the row they belong to."""

    rows: int
    owners: dict[str, Index] = field(default_factory=dict)
    position: Index | None = None


def opened(counts: Index) -> Frame:
    """A frame of counts[i] rows for each parent row i; `owners` is filled in by the caller."""
    ends = np.cumsum(counts)
    rows = int(ends[-1]) if len(ends) else 0
    owner = np.repeat(np.arange(len(counts)), counts)
    position = np.arange(rows) - np.repeat(ends - counts, counts)
    return Frame(rows, {"": owner}, position)


class Groups:
    """Rows gathered by the row they belong to: sums, running sums, firsts, largest.

    `owner` is the group number of each row, `count` the number of groups. Rows that stand in the
    order of their groups (a trip's days) are summed in one pass.
    """

    def __init__(self, owner: Index, count: int) -> None:
        self.owner, self.count = owner, count
        self._ordered = not len(owner) or bool((owner[1:] >= owner[:-1]).all())
        self._is_first = np.concatenate([[True], owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, bool)

    def _all(self, values: Any) -> Any:
        return np.broadcast_to(values, len(self.owner))

    def _reduce(self, ufunc: np.ufunc, values: Any, empty: Any) -> Any:
        starts = np.flatnonzero(self._is_first)
        result = np.full(self.count, empty, values.dtype)
        if not self._ordered:
            ufunc.at(result, self.owner, values)
        elif len(starts):
            reduced = ufunc.reduceat(values, starts)
            if len(starts) == self.count:
                return reduced
            result[self.owner[starts]] = reduced
        return result

    def sum(self, values: Any) -> Any:
        """The sum per group, exact for int64; a scalar stands for every row."""
        values = self._all(values)
        return self._reduce(np.add, values.astype(np.int64) if values.dtype.kind == "b" else values, 0)

    def running(self, values: Any, order: Any) -> Any:
        """For each row the sum of its group's earlier rows in `order` (ties: as they stand)."""
        values = self._all(values)
        sequence = np.lexsort((self._all(order), self.owner))
        placed = Groups(self.owner[sequence], self.count)
        before = np.cumsum(values[sequence], dtype=np.int64) - values[sequence]
        result = np.empty_like(before)
        result[sequence] = before - placed.first(before)[placed.owner]
        return result

    def previous(self, values: Any, at_first: Any) -> Any:
        """For each row the value of the row before it in its group; `at_first` where there is none."""
        values = self._all(values)
        return np.where(self._is_first, at_first, np.roll(values, 1))

    def first(self, values: Any) -> Any:
        """The value of each group's first row; 0 for an empty group."""
        return self._edge(values, slice(None, None, -1))

    def last(self, values: Any) -> Any:
        """The value of each group's last row; 0 for an empty group."""
        return self._edge(values, slice(None))

    def _edge(self, values: Any, direction: slice) -> Any:
        values = self._all(values)
        result = np.zeros(self.count, values.dtype)
        result[self.owner[direction]] = values[direction]
        return result

    def largest(self, kind: Any, size: Any, tie: Any, empty: Any) -> Any:
        """Per group the `kind` whose rows' sizes add up to most, the one with the larger `tie` when equal.

        Rows must stand in the order of their groups; sizes and ties are non-negative and below 2**31.
        """
        kind, total = self._all(kind), self._all(size).astype(np.int64)
        result = np.full(self.count, empty, kind.dtype)
        if not len(self.owner):
            return result
        own = total.copy()
        for distance in range(1, len(self.owner)):
            near = self.owner[distance:] == self.owner[:-distance]
            if not near.any():
                break
            same = near & (kind[distance:] == kind[:-distance])
            total[distance:] += np.where(same, own[:-distance], 0)
            total[:-distance] += np.where(same, own[distance:], 0)
        score = total * 2**31 + tie
        chosen = np.flatnonzero((score == self._reduce(np.maximum, score, 0)[self.owner]) & (own > 0))[::-1]
        result[self.owner[chosen]] = kind[chosen]
        return result
