"""What cannot be read."""

from __future__ import annotations


class UnreadableSheet(ValueError):
    """Nothing could be read; the Swedish message names file, sheet and what to do."""
