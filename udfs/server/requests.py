"""What all routes share: reading bodies with a limit, answers that say in Swedish what is wrong, the log."""

from __future__ import annotations

import logging
import re
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import anyio
import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from udfs.server.wire import Fault, OpFailed

LOG: Final = logging.getLogger("fardkost.server")

_OF_JOB: Final = re.compile(r"(?i)^/+recalc/+[^/]+")
_JOB: Final = "/recalc/{id}"
"""What the log is told of the path of a job: whoever reads the log is not to reach the job."""
BODY_TIME_LIMIT: Final = 30.0
"""Seconds within which a body must have come."""

MOST_DISCARDED: Final = 32 * 1024 * 1024
DISCARD_TIME_LIMIT: Final = 5.0
"""How much of a body that is too large is received and thrown away, and for how long: a connection that is closed
while the client still sends can cost it the answer."""


class Rejected(Exception):
    """A request that is not carried out: status of the answer, a short code, and the reason in Swedish."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


def json_response(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON that is ready, not to be kept by anyone between."""
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, "application/json")


def problem(status: int, message: str, code: str = "fel", headers: dict[str, str] | None = None) -> Response:
    """The answer to a request that was not carried out: Swedish for people, a short code for programs."""
    return json_response(msgspec.json.encode(OpFailed(Fault(code, message))), status, headers)


def rejection(rejected: Rejected) -> Response:
    """The answer that a Rejected stands for."""
    headers = {} if rejected.retry_after is None else {"Retry-After": str(rejected.retry_after)}
    if rejected.status in (408, 413):
        headers["Connection"] = "close"
    return problem(rejected.status, rejected.message, rejected.code, headers)


async def read_json_body(request: Request, limit: int) -> bytes:
    """The body of a request that says it is JSON, of at most `limit` bytes. Raises Rejected."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Rejected(415, "fel-innehall", "Skicka JSON med Content-Type: application/json.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Rejected(415, "fel-kodning", "Skicka begäran okomprimerad, utan Content-Encoding.")
    return await read_body(request, limit)


async def read_body(request: Request, limit: int, seconds: float = BODY_TIME_LIMIT) -> bytes:
    """The body of a request, of at most `limit` bytes, whether its length is stated or not. Raises Rejected."""
    too_large = Rejected(413, "for-stor", f"Begäran är större än {limit} byte. Dela upp den i flera.")
    if "expect" in request.headers and int(request.headers.get("content-length", "0")) > limit:
        raise too_large  # the client waits for leave to send it
    parts: list[bytes] = []
    size, more = 0, True
    try:
        with anyio.fail_after(seconds):
            while more and size <= limit:
                part, more = await _part(request)
                size += len(part)
                parts.append(part)
    except TimeoutError:
        raise Rejected(408, "for-langsam", f"Begäran kom inte fram på {seconds:g} sekunder.") from None
    note(request, bytes_in=size)
    if size > limit:
        with anyio.move_on_after(DISCARD_TIME_LIMIT):
            while more and size <= limit + MOST_DISCARDED:
                part, more = await _part(request)
                size += len(part)
        raise too_large
    return b"".join(parts)


async def _part(request: Request) -> tuple[bytes, bool]:
    """The next part of the body, and whether more will come."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    return message.get("body", b""), message.get("more_body", False)


def note(request: Request, **facts: Any) -> None:
    """Add facts to the request's line in the log: counts and sizes, never what a cell holds."""
    request.scope.setdefault("fardkost.facts", {}).update(facts)


class Logged:
    """Outermost middleware: one line per request, an answer for whatever was rejected, and for our own mistakes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, sent = time.perf_counter(), 0, 0
        facts = scope.setdefault("fardkost.facts", {})
        facts["request"] = uuid4().hex[:16]

        async def counting(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", facts["request"].encode())]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counting)
        except ClientDisconnect:
            status = 499
        except Rejected as rejected:
            facts["code"] = rejected.code
            await rejection(rejected)(scope, receive, counting)
        except Exception as mistake:
            facts["exception"] = _where(mistake)
            if not status:
                sentence = f"Ett fel i servern hindrade svaret. Uppge {facts['request']} till den som sköter den."
                await problem(500, sentence, "serverfel")(scope, receive, counting)
        finally:
            level = logging.ERROR if "exception" in facts else logging.INFO
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            path = _OF_JOB.sub(_JOB, scope["path"])
            line = {"method": scope["method"], "path": path, "status": status, "ms": milliseconds}
            LOG.log(level, "request", extra={"facts": {**line, "bytes_out": sent, **facts}})


def _where(mistake: Exception) -> str:
    """Kind and place of an exception; its text could hold what a cell held."""
    trace = mistake.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
    return type(mistake).__name__ + place


class _JsonLines(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        stamp = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": stamp, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        facts = getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            facts = {**facts, "exception": _where(record.exc_info[1])}  # type: ignore[arg-type]
        return msgspec.json.encode({**line, **facts}).decode()


def log_to_stdout() -> None:
    """Send the product's and the server's log to standard output as JSON."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLines())
    for name, level in (("fardkost", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
