"""Why a workbook, or one sheet of it, cannot be changed in place."""

from __future__ import annotations


class Unpatchable(ValueError):
    """The workbook cannot be changed without harm; the Swedish message says why and what to do."""


class Unspliceable(Exception):
    """This sheet cannot take the results, which go to one of their own; the Swedish reason completes "eftersom …"."""


class Occupied(Exception):
    """A cell with content stands where a new result column was to go.

    column: the cell's column, from 0.
    """

    def __init__(self, column: int) -> None:
        super().__init__(column)
        self.column = column
