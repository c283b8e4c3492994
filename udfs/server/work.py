"""Calculations in threads, beside the event loop: how many at once, how many may wait, how long one may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

import anyio
import anyio.to_thread
from starlette.requests import Request

from udfs.server.requests import Rejected

WAITING_PER_THREAD: Final = 32
"""Calculations that may wait for each thread; those beyond are told at once to come back."""

RETRY_AFTER: Final = 2

T = TypeVar("T")


class TimeIsUp(Exception):
    """The time of a calculation is up; raised within it."""


class Workshop:
    """Where calculations are made."""

    def __init__(self, threads: int, time_limit: float) -> None:
        self.limiter = anyio.CapacityLimiter(threads)
        self.time_limit = time_limit
        self.most_waiting = threads * WAITING_PER_THREAD
        self.waiting = 0

    async def run(self, work: Callable[[Callable[[], None]], T]) -> T:
        """What `work` returns, made in a thread; it is handed a function to call now and then, which raises when the
        time is up. A calculation that does not call it is left to itself. Raises Rejected.
        """
        if self.waiting >= self.most_waiting:
            raise Rejected(
                503, "upptagen", "Servern har för mycket att göra just nu. Försök igen om en stund.", RETRY_AFTER
            )
        deadline = time.monotonic() + self.time_limit

        def check() -> None:
            if time.monotonic() > deadline:
                raise TimeIsUp

        def made() -> T:
            check()
            return work(check)

        self.waiting += 1
        try:
            with anyio.fail_after(self.time_limit):
                return await anyio.to_thread.run_sync(made, abandon_on_cancel=True, limiter=self.limiter)
        except (TimeoutError, TimeIsUp):
            seconds = f"{self.time_limit:g}".replace(".", ",")
            raise Rejected(
                503, "tidsgrans", f"Beräkningen hann inte bli klar på {seconds} sekunder. Dela upp den."
            ) from None
        finally:
            self.waiting -= 1


def workshop(request: Request) -> Workshop:
    """The workshop of the server that got the request."""
    found: Workshop = request.app.state.workshop
    return found
