"""A job as it is told to its owner: once, or again and again while it changes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any, Final

import anyio
import anyio.to_thread
import msgspec

from udfs.server.jobs.store import Job

LOOKED_EACH: Final = 0.25
LONGEST_STREAM: Final = 10.0
"""Seconds after which a stream of events ends and its reader asks for the next: a server that is to stop waits for
streams that are open."""

RETRY: Final = 300
"""Milliseconds that a reader waits before it asks for the next stream."""


def described(job: Job) -> dict[str, Any]:
    """The state of a job as JSON tells it."""
    there = f"/recalc/{job.id}"
    urls = {"self": there, "events": f"{there}/events"}
    if job.state == "done":
        urls |= {"result": f"{there}/result", "report": f"{there}/report"}
    if job.state in ("done", "failed"):
        urls["again"] = f"{there}/again"
    return {
        "id": job.id,
        "state": job.state,
        "place": job.place or None,
        "phase": job.progress.phase or None,
        "rows_done": job.progress.done,
        "rows": job.progress.rows,
        "message": job.message,
        "file": job.name,
        "size": job.size,
        "policy": job.options.policy,
        "days": job.options.days,
        "sheet": job.options.sheet,
        "mapping": job.options.mapping,
        "created": _moment(job.created),
        "finished": None if job.finished is None else _moment(job.finished),
        "expires": _moment(job.expires),
        "urls": urls,
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


async def states(find: Callable[[], Job | None]) -> AsyncIterator[bytes]:
    """Server-sent events: `state` with the job whenever it has changed, until it has ended; `gone` without it."""
    yield b"retry: %d\n\n" % RETRY
    ends, last = time.monotonic() + LONGEST_STREAM, b""
    while time.monotonic() < ends:
        job = await anyio.to_thread.run_sync(find)
        if job is None:
            yield b"event: gone\ndata: {}\n\n"
            return
        told = msgspec.json.encode(described(job))
        if told != last:
            yield b"event: state\ndata: %b\n\n" % told
            last = told
        if job.state in ("done", "failed"):
            return
        await anyio.sleep(LOOKED_EACH)
