"""What stops a whole run of many files."""

from __future__ import annotations


class BatchProblem(ValueError):
    """Nothing more can be done; the Swedish message says why and what to do."""
