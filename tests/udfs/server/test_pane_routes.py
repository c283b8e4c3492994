"""What the server answers the task pane, over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.udfs.server.running import Server, running_server
from udfs import functions  # noqa: F401  # registers the functions
from udfs.registry import FUNCTIONS


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that offers three policies, of which one is a file of its own; another lies in the same folder."""
    folder = tmp_path_factory.mktemp("policyer")
    (folder / "lilleby.yaml").write_text(
        "titel: Lilleby kommun\nkalla: Påhittad\nanmarkning: Bara för prov.\n", "utf-8"
    )
    (folder / "hemlig.yaml").write_text("titel: Hemlig\nkalla: Påhittad\n", "utf-8")
    offered = ("--offer", "lilleby", "--offer", "stockholm", "--offer", "linkoping")
    with running_server("--policy-folder", str(folder), *offered, "--max-cells", "1000") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as made:
        yield made


def explain(client: httpx.Client, function: str, *arguments: Any, **more: Any) -> Any:
    answer = client.post("/explain", json={"function": function, "arguments": list(arguments), **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_page_is_asked_for_each_time_and_its_files_never_again(client: httpx.Client) -> None:
    page = client.get("/taskpane")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"
    assert "https://appsforoffice.microsoft.com/lib/1/hosted/office.js" in page.text
    assert "$" not in page.text
    style = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    for name, kind in (
        ("taskpane.css", "text/css"),
        ("app.js", "text/javascript"),
        ("msal-browser.min.js", "text/javascript"),
    ):
        file = client.get("/" + style.replace("taskpane.css", name))
        assert file.status_code == 200
        assert file.headers["content-type"] == f"{kind}; charset=utf-8"
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
    older = client.get("/taskpane/0123456789ab/app.js")
    assert (older.status_code, older.headers["cache-control"]) == (200, "no-cache")


def test_the_address_of_office_js_is_written_as_html() -> None:
    with running_server("--office-js", 'https://example.org/office.js?a=1&b="2"') as own:
        page = httpx.get(f"{own.url}/taskpane", trust_env=False).text
    assert 'src="https://example.org/office.js?a=1&amp;b=&quot;2&quot;"' in page


@pytest.mark.parametrize(
    "path", ["x/taskpane.html", "x/pane.py", "x/..%2f..%2fscript.py", "x/LICENSE", "x/nothing.js", "x"]
)
def test_other_files_are_not_handed_out(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/taskpane/{path}")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].endswith((" finns inte.", "på den här servern."))


def test_the_functions_are_those_of_the_registry(client: httpx.Client) -> None:
    answer = client.get("/pane/functions").json()
    assert [one["name"] for one in answer["functions"]] == list(FUNCTIONS)
    assert {one["category"] for one in answer["functions"]} == set(answer["categories"])
    km = next(one for one in answer["functions"] if one["name"] == "MERSTRACKA")
    assert km["example_arguments"] == [48, 17.5]
    assert km["parameters"][0] == {
        "title": "km",
        "description": "Sträcka i kilometer",
        "shape": "kolumn",
        "choices": [],
        "required": True,
        "repeated": False,
    }
    trip = next(one for one in answer["functions"] if one["name"] == "TRAKTAMENTE")
    assert trip["parameters"][-1]["choices"] == ["lilleby", "stockholm", "linkoping"]
    assert [parameter["required"] for parameter in trip["parameters"]] == [True, True, False, False, False, False]


def test_the_policies_are_those_that_are_offered(client: httpx.Client) -> None:
    answer = client.get("/pane/policies").json()
    assert answer["default"] == "linkoping"
    assert [one["name"] for one in answer["policies"]] == ["lilleby", "stockholm", "linkoping"]
    assert answer["policies"][0] == {
        "name": "lilleby",
        "title": "Lilleby kommun",
        "source": "Påhittad",
        "note": "Bara för prov.",
    }
    assert answer["version"] == client.get("/version").json()["rules"]


def test_figures_on_a_date_under_a_policy(client: httpx.Client) -> None:
    """Prisbasbeloppet of 2024 is 57 300 kr (SFS 2023:532)."""
    answer = client.get("/pane/figures", params={"policy": "lilleby", "date": "2024-05-02"}).json()
    assert answer["policy"] == {"name": "lilleby", "title": "Lilleby kommun"}
    assert answer["date"] == "2024-05-02"
    base = next(one for one in answer["figures"] if one["name"] == "prisbasbelopp")
    assert base == {
        "name": "prisbasbelopp",
        "title": "Prisbasbelopp",
        "unit": "kr",
        "rules": ["IL 2:27", "IL 12:11"],
        "missing": "",
        "values": [
            {
                "key": "",
                "title": "",
                "value": 57300,
                "from": "2024-01-01",
                "status": "bekräftad",
                "source": "SFS 2023:532",
            }
        ],
    }
    own = client.get("/pane/figures", params={"policy": "linkoping", "date": "2024-05-02"}).json()
    supplements = (
        next(one["values"][0]["value"] for one in figures if one["name"] == "resetillagg_belopp")
        for figures in (answer["figures"], own["figures"])
    )
    assert list(supplements) == [0, 50]  # 50 kr is Linköping's agreement (section 7.3 of its rules)


def test_a_figure_that_has_no_value_on_the_date_says_so(client: httpx.Client) -> None:
    answer = client.get("/pane/figures", params={"date": "2035-01-01"}).json()
    base = next(one for one in answer["figures"] if one["name"] == "prisbasbelopp")
    assert base["values"] == []
    assert base["missing"].startswith("Prisbasbelopp saknas för 2035-01-01.")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"policy": "hemlig"}, 'Okänd policy "hemlig".'),
        ({"policy": "lileby"}, "Menade du lilleby?"),
        ({"policy": "../hemlig.yaml"}, "Okänd policy"),
        ({"policy": "/etc/passwd"}, "Okänd policy"),
        ({"date": "2024-02-30"}, '"2024-02-30" är inget datum.'),
        ({"date": "1492-01-01"}, "ligger utanför åren"),
    ],
)
def test_figures_of_what_is_not_there(client: httpx.Client, query: dict[str, str], sentence: str) -> None:
    answer = client.get("/pane/figures", params=query)
    assert answer.status_code == 422
    assert sentence in answer.json()["error"]["message"]


def test_the_steps_of_a_trip(client: httpx.Client) -> None:
    """Three whole days of 290 kr."""
    answer = explain(client, "traktamente", 45355 + 7 / 24, 45357 + 20 / 24, date="2024-05-02")
    assert (answer["function"], answer["error"]) == ("TRAKTAMENTE", None)
    assert answer["policy"] == {"name": "linkoping", "title": "Linköpings kommun"}
    assert answer["date"] == "2024-05-02"
    last = answer["steps"][-1]
    assert (last["title"], last["value"], last["unit"]) == ("Traktamente", 870, "kr")
    amount = next(step for step in answer["steps"] if step["title"].endswith("Normalbelopp (Sverige)"))
    assert amount == {
        "title": "2024-03-04 – 2024-03-06: Normalbelopp (Sverige)",
        "value": 290,
        "unit": "kr",
        "rules": ["IL 12:12", "IL 12:15", "L-7.4-7"],
        "source": "Prisbasbelopp 57300 kr (SFS 2023:532)",
        "from": "2024-01-01",
        "status": "bekräftad",
    }
    named = {id_ for step in answer["steps"] for id_ in step["rules"]}
    assert named == set(answer["rules"])
    assert answer["rules"]["L-7.4-7"]["source"].startswith("Tillämpningsanvisningar för hållbara resor i tjänsten")


def test_the_date_of_calculation_and_the_policy_count(client: httpx.Client) -> None:
    """In 2023 the domestic amount was 260 kr; Stockholm charges half of what a flight costs."""
    assert explain(client, "NORMALBELOPP", "Sverige", date="2023-05-02")["steps"][-1]["value"] == 260
    flight = ["flyg", 1200, 500, "ekonomi", "Europa", "2024-05-02"]
    assert explain(client, "KLIMATPASLAG", *flight, policy="stockholm")["steps"][-1]["value"] == 600
    stated = explain(client, "KLIMATPASLAG", *flight, "stockholm")
    assert stated["steps"][-1]["value"] == 600
    assert stated["policy"]["title"] == "Stockholms stad"


def test_ranges_blanks_and_errors_among_the_arguments(client: httpx.Client) -> None:
    control = {"rows": 2, "columns": 3, "values": ["Avresa", "Hemkomst", "Färdmedel", "2024-03-04 07:00", None, "taxi"]}
    assert explain(client, "RESEKONTROLL", control)["steps"]
    failed = explain(client, "TRAKTAMENTE", "2024-03-04 07:00", {"error": "#N/A"})
    assert failed["error"]["code"] == "#N/A"
    whole = explain(client, "TRAKTAMENTE", "2024-03-04 07:00")
    assert whole["steps"] == []
    assert whole["error"] == {"code": "#VALUE!", "message": "Hemkomst saknas."}
    other = explain(client, "TRAKTAMENTE", "2024-03-04", "2024-03-06", None, None, None, "/etc/passwd")
    assert other["error"]["message"].startswith('Okänd policy "/etc/passwd".')


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"{", 400, "inte giltig JSON"),
        (b'{"arguments": []}', 422, "function saknas."),
        (b'{"function": "TRAKTAMENT"}', 422, "Menade du TRAKTAMENTE eller"),
        (b'{"function": "FORKLARA"}', 422, "kan inte förklaras"),
        (b'{"function": "TIMLON", "arguments": [1,2,3]}', 422, "högst 2 argument"),
        (b'{"function": "TIMLON", "arguments": [{"rows": 2, "columns": 2, "values": [1]}]}', 422, "4 celler"),
        (
            b'{"function": "TIMLON", "arguments": [{"rows": 1, "columns": 1001, "values": [%s1]}]}' % (b"1," * 1000),
            413,
            "celler",
        ),
        (b'{"function": "TIMLON", "policy": "hemlig"}', 422, "Okänd policy"),
        (b'{"function": "TIMLON", "date": "i dag"}', 422, "inget datum"),
        (b'{"function": "TIMLON", "cell": "A1"}', 422, "cell"),
        (b"[" * 100_000, 422, "väntade ett objekt, inte en lista"),
    ],
)
def test_a_question_that_cannot_be_answered(client: httpx.Client, body: bytes, status: int, sentence: str) -> None:
    answer = client.post("/explain", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert sentence in answer.json()["error"]["message"]


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["2024-03-04 07:00", "flyg", "Frankrike", "FhLM, Fh, -", "*Fh", "linkoping", "ja", "ARN", "", "IL 12:17"]
    ),
    st.text(max_size=20),
    st.fixed_dictionaries({"error": st.sampled_from(["#N/A", "#VALUE!", "x"])}),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    function=st.sampled_from([name for name in FUNCTIONS if name != "FORKLARA"]),
    arguments=st.lists(
        st.one_of(
            CELLS,
            st.integers(1, 3).flatmap(
                lambda rows: st.lists(CELLS, min_size=rows * 2, max_size=rows * 2).map(
                    lambda values: {"rows": rows, "columns": 2, "values": values}
                )
            ),
        ),
        max_size=9,
    ),
)
def test_whatever_the_arguments_the_answer_is_steps_or_a_reason(
    client: httpx.Client, function: str, arguments: list[Any]
) -> None:
    answer = client.post("/explain", json={"function": function, "arguments": arguments, "date": "2024-05-02"})
    assert answer.status_code in (200, 422), answer.text
    content = answer.json()
    message = content["error"]["message"] if content.get("error") else ""
    assert bool(content.get("steps")) != bool(message)
