"""The calculation server: cells per second, processor time and waiting time through POST /batch over a socket.

Run from the checkout's root: `python -m benchmarks.batch`. Every answer is first compared with that of a plain loop.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import plain
from core.engine.clock import DAY, day_number
from tests.udfs.server.running import running_server
from udfs.functions import TRAKTAMENTE
from udfs.server import batch
from udfs.server.settings import Settings
from udfs.server.wire import ENCODER, READ_BATCH, BatchAnswer, CallsAnswer, RangeAnswer

CALLS: Final = (5_000, 50_000)
RANGE_ROWS: Final = 10_000
ROUNDS: Final = 25
SECONDS: Final = 2.0
"""Each request is sent for at least so long, since /proc counts processor time in hundredths of a second."""
ONE_BY_ONE: Final = 500
SEED: Final = 20_260_101
CLIENTS: Final = 50
SATURATED_REQUESTS: Final = 40
PACED_REQUESTS: Final = 10
PACE: Final = 0.5
"""Seconds between the requests of one of the clients that wait between them."""
CALLS_PER_REQUEST: Final = 100
SERIAL_1970: Final = 25_569
LICENSE: Final = "XLWINGS_LICENSE_KEY"


@dataclass(frozen=True)
class Work:
    """A request body, the kronor that it must be answered with, and the argument cells in it."""

    name: str
    body: bytes
    expected: list[float]
    cells: int

    @property
    def answers(self) -> int:
        return len(self.expected)


def main() -> None:
    console = Console(width=120)
    load = os.getloadavg()[0]
    departs, returns = trips(max(CALLS))
    works = [
        *(scalar_calls(departs[:n], returns[:n]) for n in CALLS),
        ranges(departs[:RANGE_ROWS], returns[:RANGE_ROWS]),
    ]
    with running_server("--workers", "1") as server:
        check_over_socket(server.port, works)
        console.print(throughput(server.port, server.process.pid, works))
        console.print(waiting(server.port, scalar_calls(departs[:CALLS_PER_REQUEST], returns[:CALLS_PER_REQUEST])))
    console.print(inside(works))
    console.print(one_by_one(departs, returns, works[0]))
    console.print(
        f"Python {platform.python_version()}, numpy {np.__version__}; {os.cpu_count()} cores, which the clients share "
        f"with the server; load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end."
    )


# What is computed


def trips(rows: int) -> tuple[Any, Any]:
    """Minutes of departure and return of domestic trips of 0 to 4 nights, the ends at any minute of the day."""
    random = np.random.default_rng(SEED)
    first = random.integers(day_number(date(2024, 1, 1)), day_number(date(2026, 12, 26)), rows)
    ends = np.sort(random.integers(1, DAY, (2, rows)), axis=0)  # midnight sharp would be a date without a clock
    return first * DAY + ends[0], (first + random.integers(0, 5, rows)) * DAY + ends[1]


def _serials(minutes: Any) -> list[float]:
    return list((minutes / DAY + SERIAL_1970).tolist())


def _kronor(departs: Any, returns: Any) -> list[float]:
    return [plain.domestic(*trip) / 100 for trip in zip(departs.tolist(), returns.tolist(), strict=True)]


def scalar_calls(departs: Any, returns: Any) -> Work:
    """One formula per row, as a column filled down with TRAKTAMENTE(A2;B2)."""
    columns = [_serials(departs), _serials(returns)]
    op = {"function": "TRAKTAMENTE", "calls": len(departs), "columns": columns}
    return _work(f"{len(departs):,} scalar calls", op, departs, returns)


def ranges(departs: Any, returns: Any) -> Work:
    """One formula over the whole columns: TRAKTAMENTE(A2:A10001;B2:B10001)."""
    arguments = [{"rows": len(departs), "columns": 1, "values": _serials(minutes)} for minutes in (departs, returns)]
    return _work(
        f"range of {len(departs):,} rows", {"function": "TRAKTAMENTE", "arguments": arguments}, departs, returns
    )


def _work(name: str, op: dict[str, Any], departs: Any, returns: Any) -> Work:
    body = msgspec.json.encode({"policy": "linkoping", "ops": [op]})
    return Work(name, body, _kronor(departs, returns), 2 * len(departs))


def check(work: Work, answer: bytes) -> None:
    """Stop unless the answer is the plain loop's, to the öre."""
    found = json.loads(answer)["answers"][0]
    assert not found.get("error") and not found["errors"], f"{work.name}: {found}"
    different = np.flatnonzero(np.asarray(found["values"]) != work.expected)
    assert not different.size, f"{work.name} differs from the plain loop in row {different[0]}"


# Over a socket, one client


def post(connection: http.client.HTTPConnection, body: bytes) -> bytes:
    connection.request("POST", "/batch", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    assert response.status == 200, answer[:500]
    return answer


def check_over_socket(port: int, works: Sequence[Work]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for work in works:
        check(work, post(connection, work.body))
    connection.close()


def throughput(port: int, process: int, works: Sequence[Work]) -> Table:
    """Time from the first byte sent to the last received, and the server's processor time, over many requests."""
    shown = _table(
        "One worker, one client, over a socket (medians)",
        ("request", "kB in", "ms", "answers/s", "argument cells/s", "CPU ms/request", "CPU µs/answer"),
    )
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for work in works:
        times, worked = [], processor_time(process)
        while len(times) < ROUNDS or sum(times) < SECONDS:
            start = time.perf_counter()
            post(connection, work.body)
            times.append(time.perf_counter() - start)
        cpu = (processor_time(process) - worked) / len(times) if worked is not None else None
        took = statistics.median(times)
        shown.add_row(
            work.name,
            f"{len(work.body) / 1000:,.0f}",
            f"{took * 1000:.1f}",
            f"{work.answers / took:,.0f}",
            f"{work.cells / took:,.0f}",
            "–" if cpu is None else f"{cpu * 1000:.1f}",
            "–" if cpu is None else f"{cpu / work.answers * 1e6:.2f}",
        )
    connection.close()
    return shown


def processor_time(process: int) -> Any:
    """Seconds of processor time that a process and its children have used; None where /proc does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return None
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_time(int(child)) or 0.0 for child in children)


# Over sockets, many clients


def waiting(port: int, work: Work) -> Table:
    """How long the requests of many clients take when they never rest, and when they rest between requests."""
    shown = _table(
        f"{CLIENTS} clients at once, {work.name} in each request",
        ("clients", "requests", "requests/s", "p50 ms", "p99 ms", "longest ms"),
    )
    for name, requests, pace in (
        ("without a pause", SATURATED_REQUESTS, 0.0),
        (f"one request each {PACE:g} s", PACED_REQUESTS, PACE),
    ):
        start = time.perf_counter()
        times = asyncio.run(_clients(port, work, requests, pace))
        took = time.perf_counter() - start
        p50, p99 = np.percentile(times, [50, 99]) * 1000
        shown.add_row(
            name,
            f"{len(times):,}",
            f"{len(times) / took:,.0f}",
            f"{p50:.1f}",
            f"{p99:.1f}",
            f"{max(times) * 1000:.1f}",
        )
    return shown


async def _clients(port: int, work: Work, requests: int, pace: float) -> list[float]:
    times = await asyncio.gather(*(_client(port, work, requests, pace, number) for number in range(CLIENTS)))
    return [one for client in times for one in client]


async def _client(port: int, work: Work, requests: int, pace: float, number: int) -> list[float]:
    """Plain HTTP on a kept connection: a client library would take more of the processor than the server does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(work.body)}"
    )
    message = head.encode() + b"\r\n\r\n" + work.body
    times = []
    await asyncio.sleep(pace * number / CLIENTS)
    for _ in range(requests):
        start = time.perf_counter()
        writer.write(message)
        answer = await _answer(reader)
        times.append(time.perf_counter() - start)
        if len(times) == 1:
            check(work, answer)
        await asyncio.sleep(pace)
    writer.close()
    await writer.wait_closed()
    return times


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    status, *lines = head.split("\r\n")
    length = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length:"))
    body = await reader.readexactly(length)
    assert " 200" in status, body[:500]
    return body


# Inside the server


def inside(works: Sequence[Work]) -> Table:
    """Where the time of a request goes, without HTTP."""
    shown = _table(
        "Inside one process, without HTTP (medians, ms)", ("request", "decode", "compute", "encode", "all", "answers/s")
    )
    settings = Settings()
    for work in works:
        made = batch.answer(work.body, settings).body
        check(work, made)
        kind = RangeAnswer if b'"rows"' in made else CallsAnswer
        answered = BatchAnswer("", [msgspec.convert(msgspec.json.decode(made)["answers"][0], kind)])
        decode = median_time(lambda body=work.body: READ_BATCH.decode(body))
        encode = median_time(lambda answered=answered: ENCODER.encode(answered))
        whole = median_time(lambda body=work.body: batch.answer(body, settings))
        parts = (decode, whole - decode - encode, encode, whole)
        shown.add_row(work.name, *(f"{part * 1000:.2f}" for part in parts), f"{work.answers / whole:,.0f}")
    return shown


def median_time(run: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


# One call at a time


def one_by_one(departs: Any, returns: Any, work: Work) -> Table:
    """Processor time per call beside ways that compute a call at a time, as Excel's own add-ins do."""
    shown = _table(
        "Processor time per scalar call, in one process, without HTTP", ("way", "µs/call", "times ours in a batch")
    )
    settings, rounds = Settings(), 10
    start = time.process_time()
    for _ in range(rounds):
        batch.answer(work.body, settings)
    ours = (time.process_time() - start) / rounds / work.answers
    shown.add_row(f"/batch, {work.name} in a request", f"{ours * 1e6:.2f}", "1")
    cells = list(zip(_serials(departs[:ONE_BY_ONE]), _serials(returns[:ONE_BY_ONE]), strict=True))
    expected = _kronor(departs[:ONE_BY_ONE], returns[:ONE_BY_ONE])
    assert [TRAKTAMENTE(*trip) for trip in cells] == expected
    start = time.process_time()
    for trip in cells:
        TRAKTAMENTE(*trip)
    alone = (time.process_time() - start) / len(cells)
    shown.add_row("the function itself, a call at a time", f"{alone * 1e6:,.0f}", f"{alone / ours:,.0f}")
    stock = xlwings_per_call(cells, expected)
    if isinstance(stock, float):
        shown.add_row("xlwings' Office.js call path around it", f"{stock * 1e6:,.0f}", f"{stock / ours:,.0f}")
    else:
        shown.add_row(f"xlwings' Office.js call path: {stock}", "–", "–")
    return shown


def xlwings_per_call(cells: list[tuple[float, float]], expected: list[float]) -> float | str:
    """Seconds of processor time per call, or why it was not measured.

    That part of xlwings is not free software, so it is only measured where its user has a licence, and in a process
    of its own. An HTTP request per call, which Excel would make, is not counted.
    """
    if not os.environ.get(LICENSE):
        return f"not measured, {LICENSE} is not set"
    given = json.dumps({"cells": cells, "expected": expected})
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.batch", "--xlwings"],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return f"failed, {done.stderr.strip().splitlines()[-1]}"
    return float(done.stdout.splitlines()[-1])


def xlwings_peer() -> None:
    """Read calls as JSON, and print xlwings' processor time per call."""
    from types import SimpleNamespace

    from xlwings import __version__, server

    def traktamente(avresa, hemkomst):  # type: ignore[no-untyped-def]
        return TRAKTAMENTE(avresa, hemkomst)

    functions = SimpleNamespace(traktamente=server.func(traktamente))
    given = json.load(sys.stdin)
    requests = [
        {
            "func_name": "traktamente",
            "args": [[[cell]] for cell in trip],
            "version": __version__,
            "client": "Office.js",
            "caller_address": "Blad1!C2",
            "culture_info_name": "sv-SE",
            "date_format": "yyyy-MM-dd",
            "runtime": "1.4",
        }
        for trip in given["cells"]
    ]

    async def answers() -> list[Any]:
        return [await server.custom_functions_call(dict(request), functions) for request in requests]

    assert [answer[0][0] for answer in asyncio.run(answers())] == given["expected"]
    start = time.process_time()
    asyncio.run(answers())
    print((time.process_time() - start) / len(requests))


def _table(title: str, headings: Sequence[str]) -> Table:
    shown = Table(headings[0], title=title, title_justify="left")
    for heading in headings[1:]:
        shown.add_column(heading, justify="right", no_wrap=True)
    return shown


if __name__ == "__main__":
    xlwings_peer() if "--xlwings" in sys.argv else main()
