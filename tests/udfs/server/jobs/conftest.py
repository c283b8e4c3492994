"""Servers that take sheets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.udfs.server.jobs.recalculating import Sheets, serving


@pytest.fixture(scope="module")
def sheets() -> Iterator[Sheets]:
    """A server as it starts without any settings."""
    with serving() as found:
        yield found
