"""What answers tell browsers, and which other sites may call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.udfs.server.layers import PUBLIC_URL, Client, bearer, client
from udfs.server.security import OFFICE_ORIGIN, is_loopback
from udfs.server.settings import EntraSettings, Settings

# Headers


def directives(headers: Mapping[str, str]) -> dict[str, list[str]]:
    parts = (part.split() for part in headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("path", ["/", "/docs", "/signin.json", "/batch", "/finns-inte"])
def test_every_answer_says_what_a_browser_may_do(with_keys: Client, path: str) -> None:
    headers = with_keys.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    policy = directives(headers)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", ["/taskpane", "/taskpane/pane.js", "/signin/redirect"])
def test_the_pane_may_be_shown_by_excel_on_the_web_and_nobody_else(with_keys: Client, path: str) -> None:
    headers = with_keys.get(path).headers
    assert "X-Frame-Options" not in headers
    ancestors = directives(headers)["frame-ancestors"]
    assert {"'self'", "https://*.officeapps.live.com", "https://*.sharepoint.com", "https://*.cloud.microsoft"} <= set(
        ancestors
    )
    assert {"*", "https:", "'none'"}.isdisjoint(ancestors)
    assert all(one == "'self'" or one.startswith("https://") for one in ancestors)


def test_scripts_of_the_pane(entra: EntraSettings) -> None:
    policy = directives(client(Settings()).get("/taskpane").headers)
    assert policy["script-src"] == ["'self'", "https://appsforoffice.microsoft.com", "https://ajax.aspnetcdn.com"]
    assert "https://login.microsoftonline.com" not in policy["connect-src"]
    own = Settings(public_url=PUBLIC_URL, office_js="https://intern.kommun.se:8443/office/office.js", tokens=entra)
    policy = directives(client(own).get("/taskpane").headers)
    assert policy["script-src"] == ["'self'", "https://intern.kommun.se:8443"]
    assert "https://login.microsoftonline.com" in policy["connect-src"]
    assert "https://login.microsoftonline.com" in policy["frame-src"]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]


@pytest.mark.parametrize(
    ("public_url", "told"),
    [
        (PUBLIC_URL, True),
        ("http://fardkost.kommun.se", False),
        ("https://localhost:8765", False),
        ("https://127.0.0.1", False),
    ],
)
def test_https_only_is_said_where_there_is_https_and_a_name_of_one_s_own(public_url: str, told: bool) -> None:
    headers = client(Settings(public_url=public_url, open_access=True)).get("/health").headers
    assert ("Strict-Transport-Security" in headers) == told


def test_answers_of_calculations_are_not_kept(with_keys: Client, key: str) -> None:
    assert with_keys.post("/batch", headers=bearer(key)).headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in with_keys.get("/docs").headers


def test_which_hosts_are_this_machine() -> None:
    assert all(is_loopback(host) for host in ("localhost", "127.0.0.1", "127.8.9.1", "::1", "x.localhost"))
    assert not any(is_loopback(host) for host in ("", "0.0.0.0", "localhost.se", "10.0.0.1", "kommun.se"))


# Other sites that call


@pytest.mark.parametrize(
    "origin",
    [PUBLIC_URL, "https://excel.officeapps.live.com", "https://sweden-excel.officeapps.live.com", "https://excel.cloud.microsoft",
     "https://kommun.sharepoint.com", "https://kommun-my.sharepoint.com"],
)  # fmt: skip
def test_a_preflight_of_office_is_answered_without_sign_in(with_keys: Client, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
        "Access-Control-Request-Private-Network": "true",
    }
    answer = with_keys.request("OPTIONS", "/batch", asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Access-Control-Allow-Credentials" not in answer.headers


STRANGERS = [
    "https://example.se",
    "https://officeapps.live.com.example.se",
    "https://evilofficeapps.live.com",
    "http://excel.officeapps.live.com",
    "https://excel.officeapps.live.com:8443",
    "https://a.officeappsxlive.com",
    "null",
]


@pytest.mark.parametrize("origin", STRANGERS)
def test_a_preflight_of_a_stranger_is_not(with_keys: Client, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = with_keys.request("OPTIONS", "/batch", asked)
    assert answer.status_code == 400
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert not re.fullmatch(OFFICE_ORIGIN, origin)
    assert "Access-Control-Allow-Origin" not in with_keys.get("/functions.json", headers={"Origin": origin}).headers


def test_origins_of_the_settings(key_file: Path, key: str) -> None:
    settings = Settings(public_url=PUBLIC_URL, api_keys=key_file, allowed_origins=("https://intranat.kommun.se",))
    answer = client(settings).get("/functions.json", headers={"Origin": "https://intranat.kommun.se"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://intranat.kommun.se"
    assert "Origin" in answer.headers["Vary"]


def test_a_refusal_can_be_read_by_the_page_that_called(with_keys: Client) -> None:
    answer = with_keys.post("/batch", headers={"Origin": "https://excel.officeapps.live.com"})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "https://excel.officeapps.live.com"
