"""What a server refuses because it is too much, and that it goes on serving others meanwhile."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import pytest
import uvicorn

from core import law
from tests.udfs.server.asking import ask, calls, column, items, one
from tests.udfs.server.running import Server, free_port, running_server
from udfs.server import protocol
from udfs.server.requests import Rejected
from udfs.server.work import TimeIsUp, Workshop

SMALL = calls("TIMLON", 1, [33000])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    flags = ("--max-body", "20000", "--max-calls", "100", "--max-cells", "1000", "--time-limit", "10")
    with running_server(*flags, "--threads", "1") as running:
        yield running


def refused(response: httpx.Response, status: int, code: str) -> str:
    """The sentence of an answer that refuses."""
    assert (response.status_code, response.json()["error"]["code"]) == (status, code), response.text
    message: str = response.json()["error"]["message"]
    assert message.endswith(".")
    return message


def big() -> bytes:
    return json.dumps({"ops": [one("REGEL", "x" * 30_000)]}).encode()


JSON = {"Content-Type": "application/json"}


def test_a_body_that_says_it_is_too_large(server: Server) -> None:
    response = httpx.post(f"{server.url}/batch", content=big(), headers=JSON, trust_env=False)
    assert "20000 byte" in refused(response, 413, "for-stor")


def test_a_body_without_a_length_is_counted_as_it_comes(server: Server) -> None:
    body = big()
    pieces = (body[start : start + 1000] for start in range(0, len(body), 1000))
    response = httpx.post(f"{server.url}/batch", content=pieces, headers=JSON, trust_env=False)
    assert response.request.headers["transfer-encoding"] == "chunked"
    refused(response, 413, "for-stor")


def test_a_client_that_asks_first_is_told_before_it_sends(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        head = "POST /batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000000\r\n"
        connection.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_too_many_calls_and_cells(server: Server) -> None:
    message = refused(server.post("/batch", {"ops": [calls("TIMLON", 101, [1])]}), 413, "for-manga-anrop")
    assert "101 anrop, högst 100" in message
    many = one("TIMLON", column(*range(1001)))
    assert "1001 celler" in refused(server.post("/batch", {"ops": [many]}), 413, "for-manga-celler")


@pytest.mark.parametrize(
    "op",
    [
        # 60 tables of a heading and three days, ten cells wide, are 2 400 cells; two years are 7 310
        calls("TRAKTAMENTEDAGAR", 60, ["2024-03-04 06:00"], ["2024-03-06 21:00"]),
        calls("TRAKTAMENTEDAGAR", 60, [f"2024-03-04 06:{minute:02}" for minute in range(60)], ["2024-03-06 21:00"]),
        one("TRAKTAMENTEDAGAR", "2023-01-01 06:00", "2024-12-31 21:00"),
    ],
    ids=["alike", "each its own", "one"],
)
def test_an_answer_of_too_many_cells_is_refused_however_small_the_request(server: Server, op: dict[str, Any]) -> None:
    assert "1000 celler" in refused(server.post("/batch", {"ops": [op]}), 413, "for-stort-svar")


def long_trips(count: int) -> dict[str, Any]:
    """Trips of three years, which take a thousand times as long to compute as they take to send."""
    return calls("TRAKTAMENTE", count, [45000.3 + number % 20 for number in range(count)], [46095.3], [None], ["*FhLM"])


@pytest.fixture(scope="module")
def narrow() -> Iterator[Server]:
    with running_server("--threads", "1") as running:
        yield running


def test_those_beyond_the_queue_are_told_to_come_back(narrow: Server) -> None:
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda _: narrow.post("/batch", {"ops": [long_trips(1000)]}), range(60)))
    busy = [answer for answer in answers if answer.status_code != 200]
    assert busy and len(busy) < 60
    for answer in busy:
        refused(answer, 503, "upptagen")
        assert int(answer.headers["retry-after"]) > 0
    assert items(narrow.post("/batch", {"ops": [SMALL]}).json()["answers"][0]) == [200]


def test_health_answers_while_a_long_calculation_runs(narrow: Server) -> None:
    during = 0
    with ThreadPoolExecutor(1) as pool, httpx.Client(trust_env=False) as client:
        long = pool.submit(narrow.post, "/batch", {"ops": [long_trips(20_000)]})
        while not long.done():
            assert client.get(f"{narrow.url}/health").status_code == 200
            during += not long.done()
    assert long.result().status_code == 200
    assert during >= 5


def test_a_calculation_whose_time_is_up_is_ended_and_others_are_served() -> None:
    with running_server("--time-limit", "1.5", "--threads", "1") as server:
        late = server.post("/batch", {"ops": [long_trips(50_000)]})
        assert "1,5 sekunder" in refused(late, 503, "tidsgrans")
        assert "retry-after" not in late.headers
        assert items(server.post("/batch", {"ops": [SMALL]}).json()["answers"][0]) == [200]


def test_a_client_that_goes_away_in_the_middle_of_its_body_harms_nobody(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        head = "POST /batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        connection.sendall(f"{head}{{".encode())
    assert items(server.post("/batch", {"ops": [SMALL]}).json()["answers"][0]) == [200]
    assert '"exception"' not in server.output()


# Large trips and tables


def test_long_trips_are_computed_few_at_a_time_and_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whole days from 6 in the morning to 9 in the evening: 290 kr a day in 2024
    days = [1 + number % 40 for number in range(100)]
    starts = column(*[45300.25] * 100)
    ends = column(*(45300.875 + count - 1 for count in days))
    expected = [290 * count if count > 1 else 0 for count in days]
    (whole,) = ask(one("TRAKTAMENTE", starts, ends))
    monkeypatch.setattr(law, "DAYS_AT_ONCE", 60)
    (pieces,) = ask(one("TRAKTAMENTE", starts, ends))
    assert whole["values"] == pieces["values"] == expected


def test_blocks_are_as_large_as_the_days_of_their_trips_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(law, "DAYS_AT_ONCE", 1000)
    times = {"avresa": law.Column(law.np.zeros(4000, int)), "hemkomst": law.Column(law.np.full(4000, 9 * law.DAY))}
    assert law.block_of(times, 4000) == 64  # 10 days each: 640 days, where 128 trips would be 1 280
    assert law.block_of({}, 4000) == law.BLOCK


def test_a_table_of_too_many_days_is_refused_with_their_number() -> None:
    # 1 096 calendar days from 1 January 2021 to 1 January 2024
    trips = ["2021-01-01 08:00", "2024-01-01 17:00"] * 4000
    table = {"rows": 4001, "columns": 2, "values": ["Avresa", "Hemkomst", *trips]}
    (answer,) = ask(one("RESEKONTROLL", table))
    assert items(answer) == [
        ("#NUM!", "Tabellens resor omfattar 4384000 dygn, högst 4000000 tas emot. Dela upp tabellen.")
    ]


def test_a_comparison_of_too_many_alternatives_is_refused() -> None:
    rows = [["Alternativ", "Färdmedel"], *([f"Alternativ {n}", "tåg"] for n in range(501))]
    table = {"rows": 502, "columns": 2, "values": [cell for row in rows for cell in row]}
    (answer,) = ask(one("RESEJAMFORELSE", table))
    assert items(answer)[0][1] == "Högst 500 alternativ jämförs på en gång, inte 501."


@pytest.mark.parametrize("sign", [",", ";", "|", "{", "}", "(", "+", "9", '"', "'"])
def test_a_long_text_as_formula_is_answered(sign: str) -> None:
    (answer,) = ask(one("FORKLARA", "TIMLON(" + sign * 32_000 + ")"))
    assert "rows" in answer


# Threads


def test_work_that_does_not_ask_is_left_to_itself_and_its_place_is_free() -> None:
    release, ended = threading.Event(), threading.Event()

    def stubborn(check: Any) -> None:
        release.wait(30)
        ended.set()

    async def main() -> None:
        workshop = Workshop(threads=1, time_limit=0.2)
        with pytest.raises(Rejected) as late:
            await workshop.run(stubborn)
        assert late.value.code == "tidsgrans"
        assert await workshop.run(lambda check: 7) == 7
        assert not ended.is_set()
        release.set()

    anyio.run(main)


def test_work_that_asks_is_told_when_time_is_up() -> None:
    told = []

    def patient(check: Any) -> None:
        try:
            for _ in range(3000):
                check()
                time.sleep(0.01)
        except TimeIsUp:
            told.append(True)
            raise

    async def main() -> None:
        workshop = Workshop(threads=1, time_limit=0.2)
        with pytest.raises(Rejected):
            await workshop.run(patient)
        await workshop.run(lambda check: None)
        with anyio.fail_after(20):
            while not told:
                await anyio.sleep(0.01)

    anyio.run(main)


def test_a_connection_whose_headers_never_come_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEADER_TIME_LIMIT", 0.2)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def main() -> None:
        port = free_port()
        server = uvicorn.Server(
            uvicorn.Config(application, port=port, http=protocol.TimedHeaders, lifespan="off", log_config=None)
        )
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve)
            while not server.started:
                await anyio.sleep(0.01)
            for first in (b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /"):
                async with await anyio.connect_tcp("127.0.0.1", port) as stream:
                    if first:
                        await stream.send(first)
                    with anyio.fail_after(30):
                        async for _ in stream:
                            pass  # until the server closes
            server.should_exit = True

    anyio.run(main)
