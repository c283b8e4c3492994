"""How calls travel: gathered, asked once, remembered, split; counted by a proxy in front of a real server."""

from __future__ import annotations

from typing import Any

from tests.udfs.officejs.excel import cell, column, outcomes, run_in_excel
from tests.udfs.officejs.proxy import Canned, Passed, Proxy, proxy_of
from tests.udfs.server.running import Server

LIMIT = 4_000_000
"""Bytes of a request that Excel on the web and the server both take."""


def extra_kilometres(km: float, usual: float) -> tuple[str, list[Any]]:
    return "MERSTRACKA", [cell(km), cell(usual)]


def test_5000_calls_of_one_turn_are_one_request(proxy: Proxy) -> None:
    calls = [extra_kilometres(17 + i, 17) for i in range(5000)]
    assert outcomes(proxy.url, calls) == [{"value": [[i]]} for i in range(5000)]
    assert len(proxy.posts) == 1
    assert proxy.computed == 5000


def test_50000_calls_of_several_functions_are_few_requests_and_failing_ones_harm_no_other(proxy: Proxy) -> None:
    """Car allowance is 2,90 kr per km in 2024 (25 kr per mil untaxed and 4 taxed), the hourly pay a month's by 165."""
    calls: list[tuple[str, list[Any]]] = []
    expected: list[Any] = []
    for i in range(50_000):
        if i % 97 == 5:
            calls.append(("MERSTRACKA", [cell(f"ca {i}"), cell(17)]))
            expected.append(f'Km: "ca {i}" är inget tal. Skriv till exempel 1 234,50.')
        elif i % 3 == 0:
            calls.append(("BILERSATTNING", [cell(i % 20_000), cell("2024-05-02")]))
            expected.append(290 * (i % 20_000) / 100)
        elif i % 3 == 1:
            calls.append(("TIMLON", [cell(165 * (i + 1) / 10)]))
            expected.append((i + 1) / 10)
        else:
            calls.append(extra_kilometres(i / 10, 25))
            expected.append(max(i - 250, 0) / 10)
    found = outcomes(proxy.url, calls)
    assert len(found) == 50_000
    for i, (outcome, right) in enumerate(zip(found, expected, strict=True)):
        if isinstance(right, str):
            assert outcome == {"error": "#VALUE!", "message": right}, i
        else:
            assert outcome == {"value": [[right]]}, i
    assert len(proxy.posts) <= 10
    assert max(len(post.body) for post in proxy.posts) < LIMIT


def test_the_server_s_own_limit_of_calls_holds(small_server: Server) -> None:
    with proxy_of(small_server.url) as proxy:
        calls = [extra_kilometres(17 + i, 17) for i in range(600)]
        assert outcomes(proxy.url, calls) == [{"value": [[i]]} for i in range(600)]
        assert sorted(post.calls for post in proxy.posts) == [100, 250, 250]


def test_a_full_request_does_not_wait_for_the_clock(small_server: Server) -> None:
    calls = [extra_kilometres(17 + i, 17) for i in range(250)]
    found = run_in_excel(small_server.url, {"holdTimers": True}, {"calls": calls})
    assert found["results"] == [[{"value": [[i]]} for i in range(250)]]


def test_equal_calls_are_computed_once_and_equal_columns_sent_once(proxy: Proxy) -> None:
    calls = [extra_kilometres(20 + i % 10, 17) for i in range(1000)]
    assert outcomes(proxy.url, calls) == [{"value": [[3 + i % 10]]} for i in range(1000)]
    (post,) = proxy.posts
    (op,) = post.content["ops"]
    assert op == {"function": "MERSTRACKA", "calls": 10, "columns": [list(range(20, 30)), [17]]}


def test_a_number_and_its_text_are_not_the_same_call(proxy: Proxy) -> None:
    calls = [("MERSTRACKA", [cell(value), cell(1)]) for value in (48, "48", True, error("#N/A"), "#N/A")]
    outcomes(proxy.url, calls)
    assert proxy.computed == 5


def error(code: str) -> dict[str, str]:
    return {"$": "error", "code": code}


def test_calls_with_unlike_numbers_of_arguments_go_apart_but_together(proxy: Proxy) -> None:
    trip = [cell("2024-03-04 07:00"), cell("2024-03-06 20:00")]
    calls = [("TRAKTAMENTE", trip), ("TRAKTAMENTE", [*trip, cell("Norge")]), ("TIMLON", [cell(33000)])]
    # 1 104 kr per day for Norway in 2024, three days
    assert [outcome["value"] for outcome in outcomes(proxy.url, calls)] == [[[870]], [[3312]], [[200]]]
    (post,) = proxy.posts
    assert [(op["function"], len(op["columns"])) for op in post.content["ops"]] == [
        ("TRAKTAMENTE", 2),
        ("TRAKTAMENTE", 3),
        ("TIMLON", 1),
    ]


def test_calls_while_equal_ones_are_on_their_way_wait_for_the_same_answer(proxy: Proxy) -> None:
    """More calls than a request holds: the queue is sent off in the middle of the turn."""
    calls = [extra_kilometres(17 + i % 20_000, 17) for i in range(45_000)]
    assert outcomes(proxy.url, calls) == [{"value": [[i % 20_000]]} for i in range(45_000)]
    assert proxy.computed == 20_000


def test_ranges_go_by_themselves_beside_the_single_cells(proxy: Proxy) -> None:
    calls: list[tuple[str, list[Any]]] = [("MERSTRACKA", [column(48, 20 + i), cell(17.5)]) for i in range(20)]
    found = outcomes(proxy.url, [*calls, extra_kilometres(48, 17.5)])
    assert found[:20] == [{"value": [[30.5], [2.5 + i]]} for i in range(20)]
    assert found[20] == {"value": [[30.5]]}
    kinds = sorted(["arguments" in op for op in post.content["ops"]] for post in proxy.posts)
    assert kinds == [[False], [True] * 20]


# What is remembered


def steps_of(proxy: Proxy, *between: dict[str, Any]) -> list[int]:
    """How many requests the same calls cost, before and after what happens in between."""
    calls = [extra_kilometres(20 + i, 17) for i in range(100)]
    steps = [step for happening in between for step in (happening, {"calls": calls})]
    found = run_in_excel(proxy.url, {"calls": calls}, *steps)
    assert found["results"] == [[{"value": [[3 + i]]} for i in range(100)]] * (1 + len(between))
    return [post.calls for post in proxy.posts]


def test_a_known_answer_costs_no_request(proxy: Proxy) -> None:
    assert steps_of(proxy, {}, {}) == [100]


def test_changed_settings_forget_what_was_known(proxy: Proxy) -> None:
    assert steps_of(proxy, {"settingsChanged": True}) == [100, 100]


def test_another_policy_or_date_is_another_question(proxy: Proxy) -> None:
    assert steps_of(proxy, {"policy": "stockholm"}, {"date": "2024-05-02"}, {"policy": "stockholm"}) == [100] * 3
    stated = [(post.content.get("policy"), post.content["date"]) for post in proxy.posts]
    assert stated[1][0] == "stockholm" and stated[2] == (None, "2024-05-02")


def test_answers_of_today_do_not_outlive_midnight(proxy: Proxy) -> None:
    before, after, later = ({"now": f"2025-11-{time}"} for time in ("21T23:59:00", "22T00:01:00", "22T00:09:00"))
    assert steps_of(proxy, before, after, later) == [100, 100, 100]
    assert [post.content["date"] for post in proxy.posts][1:] == ["2025-11-21", "2025-11-22"]


def test_answers_are_asked_for_anew_after_ten_minutes(proxy: Proxy) -> None:
    times = ({"now": f"2025-11-21T12:{minute}:00"} for minute in ("00", "09", "21"))
    assert steps_of(proxy, *times) == [100, 100, 100]


def test_another_version_of_the_rules_empties_the_cache(proxy: Proxy) -> None:
    def after_an_update(content: dict[str, Any]) -> None:
        if len(proxy.posts) >= 2:
            content["version"] = "another"

    proxy.change = after_an_update
    first, second = [extra_kilometres(48, 17.5)], [extra_kilometres(20, 17.5)]
    run_in_excel(proxy.url, *({"calls": calls} for calls in (first, first, second, first, second)))
    asked = [post.content["ops"][0]["columns"][0][0] for post in proxy.posts]
    assert asked == [48, 20, 48], "asked, known, asked of the new rules, asked again, known"


def test_errors_are_remembered_too_but_not_refusals(proxy: Proxy) -> None:
    bad = {"calls": [("MERSTRACKA", [cell("ca 90"), cell(17)])]}
    proxy.answer_first = [Canned(500)]
    results = run_in_excel(proxy.url, bad, bad, bad)["results"]
    assert [result[0]["error"] for result in results] == ["#N/A", "#VALUE!", "#VALUE!"]
    assert len(proxy.posts) == 2


def test_the_least_used_answers_make_room(proxy: Proxy) -> None:
    """50,000 cells are remembered: after as many others the first ones are asked for again, the last are known."""
    first = [extra_kilometres(17 + i, 17) for i in range(1000)]
    others = [extra_kilometres(17 + i % 25_000, 18 + i // 25_000) for i in range(49_500)]
    run_in_excel(proxy.url, *({"calls": calls} for calls in (first, others, others[-1000:], first[600:])))
    assert [post.calls for post in proxy.posts[:1]] == [1000]
    assert proxy.computed == 1000 + 49_500, "the last 400 of the first are still known"
    run_again = sum(post.calls for post in proxy.posts)
    run_in_excel(proxy.url, *({"calls": calls} for calls in (first, others, first[:500])))
    assert sum(post.calls for post in proxy.posts) - run_again == 1000 + 49_500 + 500


# Size


def test_long_texts_are_split_over_requests_that_are_small_enough(proxy: Proxy) -> None:
    """12 MB of texts; blanks around a country's name are no part of it. Norway's amount of 2024 is 1 104 kr."""
    calls = [("NORMALBELOPP", [cell("Norge" + " " * (4000 + i)), cell("2024-05-02")]) for i in range(3000)]
    assert outcomes(proxy.url, calls) == [{"value": [[1104]]}] * 3000
    assert max(len(post.body) for post in proxy.posts) < LIMIT
    assert sum(len(post.body) for post in proxy.posts) > 12_000_000
    assert len(proxy.posts) <= 6
    assert proxy.computed == 3000


def test_characters_of_several_bytes_are_counted_as_such(proxy: Proxy) -> None:
    calls = [("NORMALBELOPP", [cell("å€😀" * 1000 + str(i))]) for i in range(600)]
    found = outcomes(proxy.url, calls)
    assert all(outcome["error"] for outcome in found)
    assert max(len(post.body) for post in proxy.posts) < LIMIT
    assert sum(len(post.body) for post in proxy.posts) > LIMIT
    assert proxy.computed == 600


def test_a_request_that_the_server_finds_too_large_is_split(proxy: Proxy) -> None:
    def at_most_100(post: Passed) -> Canned | None:
        return Canned(413, {"error": {"code": "for-stor", "message": "För stor."}}) if post.calls > 100 else None

    proxy.answer_if = at_most_100
    calls = [extra_kilometres(17 + i, 17) for i in range(1000)]
    assert outcomes(proxy.url, calls) == [{"value": [[i]]} for i in range(1000)]
    assert proxy.computed == 1000
    assert max(post.calls for post in proxy.posts if post.status == 200) <= 100


def test_a_single_call_that_is_too_large_says_so(proxy: Proxy) -> None:
    huge = [["Norge" + " " * 30_000] for _ in range(150)]
    big, small = outcomes(proxy.url, [("NORMALBELOPP", [huge]), extra_kilometres(48, 17.5)])
    assert big["error"] == "#VALUE!" and "för stort" in big["message"]
    assert small == {"value": [[30.5]]}
    assert len(proxy.posts) == 1, "it is known before it is sent"


# Cancellation


def test_cancelled_calls_are_not_sent(proxy: Proxy) -> None:
    calls = [extra_kilometres(20 + i, 17) for i in range(10)]
    found = outcomes(proxy.url, calls, cancel=[i for i in range(10) if i != 4])
    assert found[4] == {"value": [[7]]}
    assert all(outcome["error"] == "#N/A" for i, outcome in enumerate(found) if i != 4)
    assert [post.content["ops"][0]["columns"] for post in proxy.posts] == [[[24], [17]]]


def test_a_cancelled_call_does_not_take_an_equal_one_with_it(proxy: Proxy) -> None:
    found = outcomes(proxy.url, [extra_kilometres(48, 17.5)] * 3, cancel=[0, 2])
    assert [outcome.get("value") for outcome in found] == [None, [[30.5]], None]


def test_when_all_are_cancelled_nothing_is_sent(proxy: Proxy) -> None:
    outcomes(proxy.url, [extra_kilometres(48, 17.5)] * 3, cancel=[0, 1, 2])
    assert proxy.posts == []
