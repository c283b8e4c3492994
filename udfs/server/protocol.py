"""HTTP connections that are not kept waiting for a request that never comes."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADER_TIME_LIMIT: Final = 20.0
"""Seconds from the first byte of a request, or from the connection, until its headers must have come."""


class TimedHeaders(HttpToolsProtocol):
    """Uvicorn's own protocol, which waits for ever for the rest of a request's headers, with a limit to that."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has connected."""
        super().connection_made(transport)
        self._start()

    def data_received(self, data: bytes) -> None:
        """Bytes have come: of a body, or of a new request's headers."""
        if self._timer is None and (self.cycle is None or self.cycle.response_complete):
            self._start()
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """The headers are there."""
        self._stop()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._stop()
        super().connection_lost(exc)

    def _start(self) -> None:
        self._timer = self.loop.call_later(HEADER_TIME_LIMIT, self._give_up)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
