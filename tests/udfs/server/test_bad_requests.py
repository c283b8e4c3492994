"""Requests that are wrong in every way: a clear Swedish answer, never a 500, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect, Request

from tests.udfs.server.asking import ask, calls, items, one
from tests.udfs.server.running import Server, running_server
from udfs.registry import FUNCTIONS
from udfs.server.requests import Rejected, read_body

JSON = {"Content-Type": "application/json"}
GOOD = {"ops": [calls("TIMLON", 1, [33000])]}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running
        assert '"exception"' not in running.output()
        assert "Traceback" not in running.output()


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as made:
        yield made


def fault(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    assert response.headers["content-type"] == "application/json"
    return response.status_code, error["code"], error["message"]


OP = '{"ops": [{"function": "TIMLON", "calls": 1, "columns": [[%s]]}]}'


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (b"", 400, "inte giltig JSON"),
        (b"TIMLON(33000)", 400, "inte giltig JSON"),
        (b'{"ops": [', 400, "inte giltig JSON"),
        (b'{"ops": []} {}', 400, "inte giltig JSON"),
        (b'{"ops": [], "policy": "\xff"}', 400, "UTF-8"),
        ((OP % '"\\ud800"').encode(), 400, "inte giltig JSON"),
        ((OP % "NaN").encode(), 400, "inte giltig JSON"),
        ((OP % "Infinity").encode(), 400, "inte giltig JSON"),
        ((OP % "1e400").encode(), 422, "ops[0].columns[0][0]: talet är för stort."),
        ((OP % ("9" * 5000)).encode(), 422, "talet är för stort."),
        ((OP % '"2024" 1').encode(), 400, "inte giltig JSON"),
        (b"[" * 100_000, 422, "väntade ett objekt, inte en lista"),
        ((OP % ("[" * 100_000)).encode(), 422, "ops[0].columns[0][0]"),
        (b"[]", 422, "Begäran: väntade ett objekt, inte en lista."),
        (b"null", 422, "väntade ett objekt, inte null."),
        (b"{}", 422, "Begäran: ops saknas."),
        (b'{"ops": {}}', 422, "ops: väntade en lista, inte ett objekt."),
        (b'{"ops": [], "polisy": "lagen"}', 422, "polisy är ingen känd uppgift."),
        (b'{"ops": [{"calls": 1}]}', 422, "ops[0]: function saknas."),
        (b'{"ops": [{"function": "TIMLON", "calls": -1}]}', 422, "ops[0].calls: talet får inte vara negativt."),
        (b'{"ops": [{"function": "TIMLON", "calls": 1.5}]}', 422, "väntade ett heltal"),
        (b'{"ops": [{"function": 7}]}', 422, "ops[0].function: väntade text, inte ett heltal."),
        (b'{"ops": [], "policy": 7}', 422, "policy: väntade text eller null, inte ett heltal."),
        (b'{"ops": [], "policy": "stokholm"}', 422, "Menade du stockholm?"),
        (b'{"ops": [], "policy": "../../etc/passwd"}', 422, "Okänd policy"),
        (b'{"ops": [], "date": "10/3 2026"}', 422, "2026-03-10"),
        (b'{"ops": [], "date": "1989-12-31"}', 422, "1990"),
        ((OP % '{"fel": 1}').encode(), 422, "fel är ingen känd uppgift."),
        ((OP % json.dumps("x" * 32_768)).encode(), 422, "högst 32767 tecken"),
    ],
)
def test_a_body_that_is_not_what_it_should_be(client: httpx.Client, body: bytes, status: int, says: str) -> None:
    found, code, message = fault(client.post("/batch", content=body, headers=JSON))
    assert (found, says in message) == (status, True), message
    assert code and message[-1] in ".?"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({**JSON, "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/json; charset=utf-8"}, 200),
    ],
)
def test_the_body_s_kind(client: httpx.Client, headers: dict[str, str], status: int) -> None:
    response = client.post("/batch", content=json.dumps(GOOD), headers=headers)
    assert response.status_code == status
    if status != 200:
        assert "Skicka" in fault(response)[2]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/batch", 405, "fel-metod"),
        ("DELETE", "/batch", 405, "fel-metod"),
        ("GET", "/finns/inte", 404, "finns-inte"),
        ("POST", "/", 405, "fel-metod"),
        ("GET", "/..%2f..%2fetc/passwd", 404, "finns-inte"),
    ],
)
def test_addresses_and_methods_that_are_not_there(
    client: httpx.Client, method: str, path: str, status: int, code: str
) -> None:
    assert fault(client.request(method, path))[:2] == (status, code)


def test_of_a_key_stated_twice_the_last_counts(client: httpx.Client) -> None:
    body = b'{"ops": [{"function": "REGEL", "function": "TIMLON", "calls": 1, "columns": [[33000]]}]}'
    answer = client.post("/batch", content=body, headers=JSON).json()["answers"][0]
    assert items(answer) == [200]


def test_numbers_at_the_edge_of_what_can_be_held() -> None:
    for number in (1e308, -1e308, 5e-324, 2**63, 2**64, 10**30, -0.0):
        for name, function in FUNCTIONS.items():
            (answer,) = ask(calls(name, 2, *[[number, None] for _ in function.parameters]))
            assert len(answer["values"]) == 2, name


# Whatever comes

MARKS = list("0123456789-:., ;|{}()\"'*FLMhtria/#!åäöABxyz+eE%\u00a0\u2013\n\x00TKk")
PIECES = ["2024-03-04 07:00", "TRAKTAMENTE", "TIMLON(", "tåg", "flyg", "Sverige", "ARN-", "#N/A", "Avresa", "Hemkomst"]
TEXTS = st.one_of(st.lists(st.sampled_from(MARKS + PIECES), max_size=12).map("".join), st.text(max_size=8))
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**30), 10**30),
    st.sampled_from([0, 1, 45355.3, 45356.5, 45355, -0.0, 2958465.5]),
)
ERRORS = st.sampled_from([{"error": "#N/A"}, {"error": "#FEL"}, {"error": ""}])
CELLS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, ERRORS)


@st.composite
def ranges(draw: st.DrawFn) -> dict[str, Any]:
    rows, columns = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    values = draw(st.lists(CELLS, min_size=rows * columns, max_size=rows * columns))
    return {"rows": rows, "columns": columns, "values": values}


@st.composite
def ops(draw: st.DrawFn) -> dict[str, Any]:
    function = draw(st.one_of(st.sampled_from(list(FUNCTIONS)), TEXTS))
    if draw(st.booleans()):
        return one(function, *draw(st.lists(st.one_of(CELLS, ranges()), max_size=8)))
    count = draw(st.integers(0, 5))
    lengths = draw(st.lists(st.sampled_from([1, count]), max_size=8))
    return calls(function, count, *(draw(st.lists(CELLS, min_size=n, max_size=n)) for n in lengths))


ANY_JSON = st.recursive(
    CELLS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["ops", "policy", "function", "calls", "columns", "rows"]), inner, max_size=4),
    ),
    max_leaves=12,
)
HEAVY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@HEAVY
@given(st.lists(ops(), min_size=1, max_size=3))
def test_whatever_the_cells_there_is_an_answer(client: httpx.Client, asked: list[dict[str, Any]]) -> None:
    response = client.post("/batch", content=json.dumps({"ops": asked}), headers=JSON)
    assert response.status_code == 200, response.text
    assert len(response.json()["answers"]) == len(asked)


@HEAVY
@given(st.one_of(ANY_JSON, st.fixed_dictionaries({"ops": st.lists(ANY_JSON, max_size=3)})))
def test_whatever_the_json_there_is_an_answer(client: httpx.Client, sent: Any) -> None:
    response = client.post("/batch", content=json.dumps(sent), headers=JSON)
    assert response.status_code in (200, 413, 422), response.text


@HEAVY
@given(st.binary(max_size=200), st.sampled_from(["/batch", "/explain", "/version", "/health"]))
def test_whatever_the_bytes_there_is_an_answer(client: httpx.Client, sent: bytes, path: str) -> None:
    response = client.post(path, content=sent, headers=JSON)
    assert response.status_code in (400, 405, 422), response.text


# Bodies that come slowly or not at all


def body_of(*messages: dict[str, Any] | None) -> bytes:
    """What is read of a body whose parts come as these messages; None is a part that never comes."""
    waiting = iter(messages)

    async def receive() -> dict[str, Any]:
        message = next(waiting)
        if message is None:
            await anyio.sleep_forever()
        return message or {}

    async def main() -> bytes:
        return await read_body(Request({"type": "http", "headers": []}, receive), 10, seconds=0.1)

    return anyio.run(main)


def part(content: bytes, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


def test_a_body_in_parts() -> None:
    assert body_of(part(b"12345", True), part(b"67890", False)) == b"1234567890"


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([part(b"1", True), None], 408),
        ([part(b"12345678901", False)], 413),
        ([part(b"12345678901", True), part(b"2", True), part(b"3", False)], 413),
    ],
)
def test_a_body_too_slow_or_too_large(messages: list[dict[str, Any] | None], status: int) -> None:
    with pytest.raises(Rejected) as rejected:
        body_of(*messages)
    assert rejected.value.status == status


def test_a_body_whose_sender_has_gone() -> None:
    with pytest.raises(ClientDisconnect):
        body_of(part(b"1", True), {"type": "http.disconnect"})
