from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.udfs.officejs.proxy import Proxy, proxy_of
from tests.udfs.server.running import Server, running_server


@pytest.fixture(scope="session")
def plain_server() -> Iterator[Server]:
    """A server as it starts without any flags."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def small_server() -> Iterator[Server]:
    """One that takes 250 calls in a request, so that 5,000 are twenty requests."""
    with running_server("--max-calls", "250") as server:
        yield server


@pytest.fixture
def proxy(plain_server: Server) -> Iterator[Proxy]:
    """A counting proxy in front of the plain server."""
    with proxy_of(plain_server.url) as found:
        yield found
