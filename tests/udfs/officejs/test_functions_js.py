"""The functions of functions.js, called in node as Excel calls them, answered by a real server."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from core.engine import CellError
from tests.udfs.officejs.excel import UNDEFINED, cell, column, error_cell, outcomes, run_in_excel
from tests.udfs.officejs.proxy import Proxy
from tests.udfs.server.running import Server
from udfs.notation import parse
from udfs.officejs.script import functions_script
from udfs.registry import FUNCTIONS

MARCH_TRIP = ("2024-03-04 07:00", "2024-03-06 20:00")
# Serial numbers of a sheet: 2024-03-04 is day 45355, seven in the morning 7/24 of it.
MARCH_SERIALS = (45355 + 7 / 24, 45357 + 20 / 24)
THREE_DAYS = 870  # three whole days of 290 kr


@pytest.fixture(scope="module")
def url(plain_server: Server) -> str:
    return plain_server.url


def as_excel_gives(name: str, values: list[Any]) -> list[Any]:
    """Plain values as Excel hands them over: every argument a matrix, those of a repeated parameter in a list."""
    matrices = [value if isinstance(value, list) else cell(value) for value in values]
    fixed = sum(not parameter.repeated for parameter in FUNCTIONS[name].parameters)
    return matrices if fixed == len(FUNCTIONS[name].parameters) else [*matrices[:fixed], matrices[fixed:]]


def shown(answer: Any) -> dict[str, Any]:
    """A plain answer as the cell or cells that Excel shows."""
    if isinstance(answer, CellError):
        return {"error": answer.code, "message": answer.message}
    rows = answer if isinstance(answer, list) else [[answer]]
    return {"value": [["" if value is None else value for value in row] for row in rows]}


def test_every_function_is_there_and_answers_as_plain_python_does(url: str) -> None:
    examples = {name: parse(function.example)[1] for name, function in FUNCTIONS.items()}
    calls = [(name, as_excel_gives(name, values)) for name, values in examples.items()]
    found = run_in_excel(url, {"calls": calls})
    assert found["ids"] == list(FUNCTIONS)
    for name, outcome in zip(examples, found["results"][0], strict=True):
        assert outcome == shown(FUNCTIONS[name].call(*examples[name])), name


def test_the_versioned_script_finds_the_server_too(url: str) -> None:
    version = json.loads(subprocess.check_output(["curl", "-s", f"{url}/version"]))["rules"]
    answer = run_in_excel(url, {"calls": [("TIMLON", [cell(33000)])]}, script=f"static/{version}/functions.js")
    assert answer["results"][0] == [{"value": [[200]]}]  # 33 000 / 165


def test_plain_values_serve_as_well_as_matrices_of_one_cell(url: str) -> None:
    assert outcomes(url, [("MERSTRACKA", [48, 17.5]), ("MERSTRACKA", [cell(48), cell(17.5)])]) == [
        {"value": [[30.5]]},
        {"value": [[30.5]]},
    ]


def test_dates_come_as_serial_numbers_or_texts(url: str) -> None:
    trips = [("TRAKTAMENTE", [cell(start), cell(end)]) for start, end in (MARCH_TRIP, MARCH_SERIALS)]
    assert outcomes(url, trips) == [{"value": [[THREE_DAYS]]}] * 2


@pytest.mark.parametrize("blank", [None, 0, "", "  ", UNDEFINED])
def test_a_blank_optional_argument_takes_its_default(url: str, blank: Any) -> None:
    given = [cell(value) for value in MARCH_TRIP]
    calls = [
        ("TRAKTAMENTE", [*given, cell(blank), cell(blank), cell(blank), cell(blank)]),
        ("TRAKTAMENTE", [*given, blank, blank, blank, blank]),
        ("TRAKTAMENTE", [*given, cell(blank), cell("*F")]),  # breakfast each day: 290 - 58, thrice
        ("BILERSATTNING", [cell(100), cell("2024-05-02"), cell(blank), cell("ja")]),  # 3,70 kr per km
    ]
    assert [outcome["value"] for outcome in outcomes(url, calls)] == [[[870]], [[870]], [[696]], [[370]]]


@pytest.mark.parametrize("blank", [None, 0, "", UNDEFINED])
def test_a_blank_required_argument_is_an_error_with_our_sentence(url: str, blank: Any) -> None:
    missing = {"error": "#VALUE!", "message": "Avresa saknas."}
    assert outcomes(url, [("TRAKTAMENTE", [cell(blank), cell(MARCH_TRIP[1])])]) == [missing]


@pytest.mark.parametrize("code", ["#N/A", "#VALUE!", "#NUM!", "#DIV/0!", "#NULL!"])
def test_an_error_cell_gives_the_same_error(url: str, code: str) -> None:
    outcome, among = outcomes(
        url,
        [
            ("MERSTRACKA", [cell(error_cell(code)), cell(1)]),
            ("MERSTRACKA", [[[48], [error_cell(code)], [20]], cell(17.5)]),
        ],
    )
    assert outcome["error"] == code
    assert among["value"][0] == [30.5] and among["value"][2] == [2.5]
    assert among["value"][1][0]["error"] == code


@pytest.mark.parametrize("code", ["#NAME?", "#REF!", "#SPILL!"])
def test_an_error_that_functions_may_not_answer_with_becomes_value_with_a_sentence(url: str, code: str) -> None:
    (outcome,) = outcomes(url, [("MERSTRACKA", [cell(error_cell(code)), cell(1)])])
    assert outcome["error"] == "#VALUE!" and outcome["message"]


def test_values_with_a_format_and_errors_as_cell_values(url: str) -> None:
    """What newer versions of Excel hand over where a function takes data types."""
    formatted = {"$": "object", "type": "FormattedNumber", "basicType": "Double", "basicValue": 48}
    failed = {"$": "object", "type": "Error", "basicType": "Error", "basicValue": "#N/A", "errorType": "NotAvailable"}
    plain, error = outcomes(
        url, [("MERSTRACKA", [cell(formatted), cell(17.5)]), ("MERSTRACKA", [cell(failed), cell(17.5)])]
    )
    assert plain == {"value": [[30.5]]}
    assert error["error"] == "#N/A"


def test_ranges_come_back_in_their_own_shape(url: str) -> None:
    down, across, unequal = outcomes(
        url,
        [
            ("MERSTRACKA", [column(48, 20, 10), cell(17.5)]),
            ("MERSTRACKA", [[[48, 20, 10]], cell(17.5)]),
            ("MERSTRACKA", [column(1, 2, 3), column(1, 2)]),
        ],
    )
    assert down == {"value": [[30.5], [2.5], [0]]}
    assert across == {"value": [[30.5, 2.5, 0]]}
    assert unequal["error"] == "#VALUE!" and "2 och 3 rader" in unequal["message"]


def test_a_failing_row_of_a_range_leaves_the_others(url: str) -> None:
    (outcome,) = outcomes(url, [("MERSTRACKA", [column(48, "ca 90", 20), cell(17.5)])])
    good, bad, fine = [row[0] for row in outcome["value"]]
    assert (good, fine) == (30.5, 2.5)
    assert bad["error"] == "#VALUE!" and '"ca 90" är inget tal' in bad["message"]


def test_a_policy_of_the_call_goes_before_that_of_the_workbook(url: str) -> None:
    flight = [cell(value) for value in ("flyg", 3000, 1200, "ekonomi", "Europa", "2024-05-02")]
    plain = [FUNCTIONS["KLIMATPASLAG"].call("flyg", 3000, 1200, "ekonomi", "Europa", "2024-05-02", policy) for policy in
             ("linkoping", "stockholm")]  # fmt: skip
    assert plain[0] != plain[1], "a policy that makes no difference would prove nothing"
    call, stating = ("KLIMATPASLAG", flight), ("KLIMATPASLAG", [*flight, cell("linkoping")])
    results = run_in_excel(url, {"calls": [call]}, {"policy": "stockholm"}, {"calls": [call, stating]})["results"]
    assert [outcome["value"][0][0] for result in results for outcome in result] == [plain[0], plain[1], plain[0]]


def test_the_date_of_the_workbook_is_what_today_means(url: str) -> None:
    """100 km with one's own car: 18,50 kr per mil untaxed until 2022, 25 from 2023, whatever the agreement adds."""
    call = ("SATS", [cell("milersattning_skattefri/egen")])
    results = run_in_excel(url, {"date": "2022-06-01"}, {"calls": [call]}, {"date": "2024-06-01"}, {"calls": [call]})
    early, late = [result[0]["value"][0][0] for result in results["results"]]
    assert (early, late) == (18.5, 25)


def test_halves_of_characters_do_not_spoil_the_others(url: str) -> None:
    bad, good = outcomes(url, [("MERSTRACKA", [cell("48\ud800"), cell(1)]), ("MERSTRACKA", [cell(48), cell(17.5)])])
    assert bad["error"] == "#VALUE!" and good == {"value": [[30.5]]}


def test_an_unknown_policy_of_the_workbook_is_told_in_each_cell(url: str) -> None:
    calls = [("TIMLON", [cell(33000)]), ("MERSTRACKA", [cell(48), cell(17.5)])]
    for outcome in run_in_excel(url, {"policy": "stokholm"}, {"calls": calls})["results"][0]:
        assert outcome["error"] == "#VALUE!" and "stockholm" in outcome["message"]


def test_the_sign_in_goes_along(proxy: Proxy) -> None:
    run_in_excel(proxy.url, {"authorization": "Bearer abc"}, {"calls": [("TIMLON", [cell(33000)])]})
    assert [post.headers["Authorization"] for post in proxy.posts] == ["Bearer abc"]


def test_without_sign_in_no_header_is_sent(proxy: Proxy) -> None:
    run_in_excel(
        proxy.url, {"calls": [("TIMLON", [cell(33000)])]}, {"authorization": ""}, {"calls": [("TIMLON", [cell(16500)])]}
    )
    assert len(proxy.posts) == 2 and not any("Authorization" in post.headers for post in proxy.posts)


def test_the_script_is_plain_enough_for_older_browsers() -> None:
    """ECMAScript 2019, which node's own parser can be held to."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("node is needed for the tests of functions.js: sh tests/programs.sh installs it")
    program = (
        "const acorn = require('internal/deps/acorn/acorn/dist/acorn');"
        "let text = ''; process.stdin.on('data', (part) => text += part);"
        "process.stdin.on('end', () => acorn.parse(text, { ecmaVersion: 2019, sourceType: 'script' }));"
    )
    for script, right in ((functions_script("1", ""), True), (b"const a = b?.c;", False)):
        run = subprocess.run(
            [node, "--expose-internals", "-e", program], input=script, capture_output=True, check=False
        )
        assert (run.returncode == 0) is right, run.stderr.decode()[-1000:]
