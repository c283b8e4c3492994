"""Levels: what a row stands for (a trip, a day of it), and how rows of one level meet another's.

A level is either the root, opened from its parent (a trip into its days) or gathered from its
child (days into a person's weeks). Index arrays link them; nothing loops over rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.engine.distinct import ordered

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
    """The rows of one level in a run: how many, and for each parent level the row they belong to.

    `starts` and `ends` are set for a level opened from its parent: the first row of each parent row, and one past
    the last; `gapless` says that every parent row has rows.
    """

    rows: int
    owners: dict[str, Index] = field(default_factory=dict)
    starts: Index | None = None
    ends: Index | None = None
    gapless: bool = False

    def position(self, parent: str, aspect: str) -> NDArray[Any]:
        """For each row among its parent's rows: its place from 0 (`nr`), or whether it is the first or last."""
        assert self.starts is not None and self.ends is not None
        if aspect == "nr":
            place = np.arange(self.rows)
            place -= self.starts.take(self.owners[parent])
            return place
        edges = self.starts if aspect == "forst" else self.ends - 1
        edge = np.zeros(self.rows, bool)
        edge[edges if self.gapless else edges[self.starts < self.ends]] = True
        return edge


def opened(parent: str, counts: Index) -> Frame:
    """A frame of counts[i] rows for each row i of `parent`."""
    ends = np.cumsum(counts)
    rows = int(ends[-1]) if len(ends) else 0
    # Each row's owner is the number of rows that have ended before it; np.repeat mispredicts its branches.
    owner = np.bincount(ends, minlength=rows)[:rows].cumsum()
    return Frame(rows, {parent: owner}, ends - counts, ends, bool(counts.all()))


class Groups:
    """Rows gathered by the row they belong to: sums, running sums, firsts, largest.

    `owner` is the group number of each row, `count` the number of groups. `ends` is given where every group
    has rows that stand together and in order, as a trip's days do.
    """

    def __init__(self, owner: Index, count: int, ends: Index | None = None) -> None:
        self.owner, self.count, self._ends = owner, count, ends
        self._lined_up: tuple[Any, Index, Groups] | None = None

    def _all(self, values: Any) -> Any:
        return values if np.ndim(values) else np.broadcast_to(values, len(self.owner))

    @cached_property
    def _ordered(self) -> bool:
        return self._ends is not None or bool((self.owner[1:] >= self.owner[:-1]).all())

    @cached_property
    def is_first(self) -> Any:
        """Whether each row is the first of its group; rows stand in the order of their groups."""
        edges = np.ones(len(self.owner), bool)
        np.not_equal(self.owner[1:], self.owner[:-1], out=edges[1:])
        return edges

    @cached_property
    def is_last(self) -> Any:
        """Whether each row is the last of its group; rows stand in the order of their groups."""
        edges = np.ones(len(self.owner), bool)
        edges[:-1] = self.is_first[1:]
        return edges

    @cached_property
    def _starts(self) -> Index:
        return np.flatnonzero(self.is_first)

    @cached_property
    def _stops(self) -> Index:
        return np.flatnonzero(self.is_last)

    @cached_property
    def _followed(self) -> Index:
        return np.flatnonzero(~self.is_last)

    def _reduce(self, ufunc: np.ufunc, values: Any) -> Any:
        """One value per group by `ufunc`; 0 for an empty group."""
        result = np.zeros(self.count, values.dtype)
        if not self._ordered:
            ufunc.at(result, self.owner, values)
        elif len(values):
            result[self.owner.take(self._starts)] = ufunc.reduceat(values, self._starts)
        return result

    def sizes(self) -> Index:
        """How many rows each group has."""
        return np.bincount(self.owner, minlength=self.count)

    def sum(self, values: Any) -> Any:
        """The sum per group, exact for int64; a scalar stands for every row."""
        values = self._all(values)
        if values.dtype.kind == "f":
            return self._reduce(np.add, values)
        if self._ends is None:
            return self._reduce(np.add, values.astype(np.int64))
        # Differences of one running sum: faster than summing group by group, and exact since int64 wraps around.
        until = values.cumsum(dtype=np.int64).take(self._ends - 1)
        until[1:] -= until[:-1].copy()
        return until

    def running(self, values: Any, order: Any) -> Any:
        """For each row the sum of its group's earlier rows in `order` (ties: as they stand)."""
        sequence, placed = self._in_order(order)
        values = self._all(values).take(sequence)
        before = np.cumsum(values, dtype=np.int64) - values
        result = np.empty_like(before)
        result[sequence] = before - placed.first(before).take(placed.owner)
        return result

    def running_largest(self, values: Any, order: Any, none: int) -> Any:
        """For each row the largest value of its group's earlier rows in `order` (ties: as they stand); `none` where
        there are no earlier ones. Values are int64; their span times the number of groups is below 2**63."""
        values, result = self._all(values), np.full(len(self.owner), none, np.int64)
        if not len(values):
            return result
        sequence, placed = self._in_order(order)
        low = values.min()
        # One running maximum over all groups: each stands on a step of its own, above all that came before.
        step = placed.owner * (values.max() - low + 1)
        highest = np.maximum.accumulate(values.take(sequence) - low + step)
        before = placed.previous(highest, none) - step + low
        before[placed.is_first] = none
        result[sequence] = before
        return result

    def _in_order(self, order: Any) -> tuple[Index, Groups]:
        """The rows by group and then by `order`, and these groups. Kept, since rules often ask for the same order."""
        if self._lined_up is None or self._lined_up[0] is not order:
            sequence = ordered(self.owner, self._all(order))
            self._lined_up = order, sequence, Groups(self.owner.take(sequence), self.count)
        return self._lined_up[1:]

    def previous(self, values: Any, at_first: Any) -> Any:
        """For each row the value of the row before it in its group; `at_first` where there is none."""
        values = self._all(values)
        before = np.empty_like(values)
        before[1:] = values[:-1]
        before[self._starts] = at_first
        return before

    def first(self, values: Any) -> Any:
        """The value of each group's first row; 0 for an empty group."""
        return self._edge(values, self._starts if self._ordered else np.arange(len(self.owner))[::-1])

    def last(self, values: Any) -> Any:
        """The value of each group's last row; 0 for an empty group."""
        return self._edge(values, self._stops if self._ordered else np.arange(len(self.owner)))

    def _edge(self, values: Any, rows: Index) -> Any:
        """The values of these rows, by group; where a group has several, the last of them stands."""
        values = self._all(values).take(rows)
        if self._ordered and len(rows) == self.count:
            return values
        result = np.zeros(self.count, values.dtype)
        result[self.owner.take(rows)] = values
        return result

    def largest(self, kind: Any, size: Any, tie: Any, empty: Any) -> Any:
        """Per group the `kind` whose rows' sizes add up to most, the one with the larger `tie` when equal.

        Rows must stand in the order of their groups; sizes and ties are non-negative and below 2**31.
        """
        kind, own = self._all(kind), self._all(size).astype(np.int64)
        total = own.copy()
        for earlier, later in self._pairs():
            same = np.flatnonzero(kind.take(earlier) == kind.take(later))
            total[later[same]] += own[earlier[same]]
            total[earlier[same]] += own[later[same]]
        best = own > 0
        score = np.where(best, total * 2**31 + tie, -1)
        for earlier, later in self._pairs():
            loses = score.take(earlier) < score.take(later)
            best[later - loses * (later - earlier)] = False
        chosen = np.flatnonzero(best)
        result = np.full(self.count, empty, kind.dtype)
        result[self.owner.take(chosen)] = kind.take(chosen)
        return result

    def _pairs(self) -> Iterator[tuple[Index, Index]]:
        """Every two rows of the same group, as two columns of row numbers for each distance between them."""
        distance, earlier = 1, self._followed
        while earlier.size:
            yield earlier, earlier + distance
            distance += 1
            earlier = earlier[: np.searchsorted(earlier, len(self.owner) - distance)]
            together = self.owner.take(earlier) == self.owner.take(earlier + distance)
            earlier = earlier.take(np.flatnonzero(together))
