"""A server that fails, is away or is started again: every cell gets its right answer once, or a clear error."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests.udfs.officejs.excel import cell, outcomes, run_in_excel
from tests.udfs.officejs.proxy import Canned, Proxy, proxy_of
from tests.udfs.server.running import Server

CALLS: list[tuple[str, list[Any]]] = [("MERSTRACKA", [cell(17 + i), cell(17)]) for i in range(5000)]
ANSWERS = [{"value": [[i]]} for i in range(5000)]


def test_a_server_that_is_killed_and_started_again_loses_none_and_doubles_none(small_server: Server) -> None:
    restarts: list[threading.Thread] = []

    def kill_after_five(proxy: Proxy) -> None:
        with proxy.lock:
            due = not restarts and sum(post.status == 200 for post in proxy.posts) >= 5
            if due:
                small_server.kill()
                restarts.append(threading.Thread(target=start_again))
        if due:
            restarts[0].start()

    def start_again() -> None:
        time.sleep(1)
        small_server.restart()

    with proxy_of(small_server.url) as proxy:
        proxy.answered = kill_after_five
        assert outcomes(proxy.url, CALLS) == ANSWERS
        restarts[0].join()
        statuses = [post.status for post in proxy.posts]
    assert statuses.count(200) == 20, "each part was answered once"
    assert statuses.count(0) >= 1, "some found the server away"


def test_the_server_itself_is_killed_and_started_again(small_server: Server) -> None:
    """Without a proxy between: connections break as they do in life."""
    begun = small_server.log.read_text("utf-8").count("/batch")

    def kill_and_start_again() -> None:
        while small_server.log.read_text("utf-8").count("/batch") < begun + 3:
            time.sleep(0.01)
        small_server.kill()
        time.sleep(0.5)
        small_server.start()

    killer = threading.Thread(target=kill_and_start_again)
    killer.start()
    found = run_in_excel(small_server.url, *[{"calls": CALLS}, {"settingsChanged": True}] * 3)
    killer.join()
    assert found["results"] == [ANSWERS] * 3


@pytest.mark.parametrize("status", [502, 503, 0])
def test_a_server_that_is_away_is_asked_again(proxy: Proxy, status: int) -> None:
    proxy.answer_first = [Canned(status), Canned(status)]
    assert outcomes(proxy.url, CALLS) == ANSWERS
    assert len(proxy.posts) == 3


def test_it_is_asked_again_when_it_said(proxy: Proxy) -> None:
    proxy.answer_first = [Canned(503, headers={"Retry-After": "2"})]
    moments: list[float] = []
    proxy.answer_if = lambda _: moments.append(time.monotonic())  # type: ignore[func-returns-value]
    begun = time.monotonic()
    assert outcomes(proxy.url, CALLS[:1]) == ANSWERS[:1]
    assert moments[0] - begun >= 2  # it is no upper bound, so it does not hang on the machine's load


def test_a_server_that_asks_for_too_much_patience_is_given_up(proxy: Proxy) -> None:
    sentence = "Underhåll pågår till klockan tio."
    proxy.answer_first = [Canned(503, {"error": {"code": "underhall", "message": sentence}}, {"Retry-After": "3600"})]
    assert outcomes(proxy.url, CALLS[:2]) == [{"error": "#N/A", "message": sentence}] * 2
    assert len(proxy.posts) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "#VALUE!"), (401, "#N/A"), (403, "#N/A"), (404, "#N/A"), (422, "#VALUE!"), (429, "#N/A"), (500, "#N/A")],
)
def test_other_refusals_are_told_at_once_with_the_server_s_sentence(proxy: Proxy, status: int, code: str) -> None:
    proxy.answer_if = lambda _: Canned(status, {"error": {"code": "x", "message": "Servern säger varför."}})
    assert outcomes(proxy.url, CALLS[:3]) == [{"error": code, "message": "Servern säger varför."}] * 3
    assert len(proxy.posts) == 1


@pytest.mark.parametrize("status", [401, 403, 429, 500, 504])
def test_a_refusal_without_a_sentence_gets_one_of_ours(proxy: Proxy, status: int) -> None:
    proxy.answer_if = lambda _: Canned(status, b"<html>a page of a proxy</html>")
    (outcome,) = outcomes(proxy.url, CALLS[:1])
    assert outcome["error"] == "#N/A" and "Färdkosts server" in outcome["message"]


@pytest.mark.parametrize(
    "body", [b"<html>sign in here</html>", b"[]", b'{"answers": 3}', b'{"version": "1", "answers": []}']
)
def test_an_answer_that_makes_no_sense_is_an_error_in_each_cell(proxy: Proxy, body: bytes) -> None:
    proxy.answer_if = lambda _: Canned(200, body)
    unreadable = {"error": "#N/A", "message": "Svaret från Färdkosts server kunde inte läsas."}
    assert outcomes(proxy.url, CALLS[:3]) == [unreadable] * 3
    assert len(proxy.posts) == 1


def test_a_calculation_that_takes_too_long_is_not_asked_again_as_it_is(proxy: Proxy) -> None:
    """Halves of it are: one slow call among many is then the only one without an answer."""
    slow = 17 + 77
    sentence = "Beräkningen hann inte bli klar på 30 sekunder. Dela upp den."

    def too_slow(post: Any) -> Canned | None:
        column = post.content["ops"][0]["columns"][0]
        return Canned(503, {"error": {"code": "tidsgrans", "message": sentence}}) if slow in column else None

    proxy.answer_if = too_slow
    found = outcomes(proxy.url, CALLS[:100])
    assert found.pop(77) == {"error": "#N/A", "message": sentence}
    assert found == ANSWERS[:77] + ANSWERS[78:100]
    sizes = [post.calls for post in proxy.posts]
    assert len(sizes) == len({tuple(post.content["ops"][0]["columns"][0]) for post in proxy.posts})
