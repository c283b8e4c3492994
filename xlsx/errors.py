"""What cannot be read or written."""

from __future__ import annotations


class UnreadableSheet(ValueError):
    """Nothing could be read; the Swedish message names file, sheet and what to do."""


class Unwritable(ValueError):
    """A result cannot be written where it is wanted; the Swedish message says why and what to do."""
