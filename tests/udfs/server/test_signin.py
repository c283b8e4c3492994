"""Who is let in, why others are not, and how the task pane learns to sign in."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from tests.udfs.server.issuing import CLIENT, TENANT, USER, claims, jwks_server, token
from tests.udfs.server.layers import PUBLIC_URL, Client, application, bearer, client, error
from udfs.server.keys import new_key, remove_key
from udfs.server.settings import EntraSettings, Settings
from udfs.server.signin import MSAL, PER, Failures, method, opaque

# Who is let in


def test_nobody_signs_in_on_one_s_own_machine() -> None:
    assert client(Settings()).post("/batch").json() == {"caller": "open"}


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "0.0.0.0"},
        {"host": "192.168.1.7"},
        {"public_url": PUBLIC_URL},  # a proxy brings others to localhost
    ],
)
def test_a_server_that_others_reach_does_not_start_without_sign_in(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="har ingen inloggning"):
        application(Settings(**settings))
    assert client(Settings(**settings, open_access=True)).post("/batch").json() == {"caller": "open"}


@pytest.mark.parametrize(
    "path", ["/", "/health", "/docs", "/taskpane", "/taskpane/pane.js", "/functions.json", "/signin.json"]
)
def test_what_everybody_may_read(with_keys: Client, path: str) -> None:
    assert with_keys.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/batch", "/jobs", "/pane/figures", "/finns-inte", "/taskpane-2", "/healthy", "/Health"]
)
def test_all_else_asks_for_sign_in(with_keys: Client, path: str) -> None:
    for ask in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        status, code, message = error(with_keys.request(ask, path))
        assert (status, code) == (401, "inloggning-saknas")
        assert "Authorization: Bearer" in message


@pytest.mark.parametrize("path", ["/health", "/taskpane", "/"])
def test_public_pages_are_read_and_not_written(with_keys: Client, path: str) -> None:
    assert with_keys.post(path).status_code == 401


@pytest.mark.parametrize("path", ["/taskpane/../batch", "//batch", "/batch/", "/docs/../jobs", "/taskpane/../../jobs"])
def test_a_path_that_pretends_reaches_nothing(with_keys: Client, path: str) -> None:
    """As it stands on the wire, or after %2e%2e was decoded."""
    sent = with_keys.raw(type="http", method="GET", path=path, raw_path=path.encode(), scheme="http")
    assert sent[0]["status"] in (401, 404)


def test_the_right_key(with_keys: Client, key: str) -> None:
    answer = with_keys.post("/batch", headers=bearer(key))
    assert answer.status_code == 200
    assert with_keys.post("/batch", headers={"Authorization": f"bearer  {key} "}).json() == answer.json()


@pytest.mark.parametrize(
    "value", ["Basic YTpi", "Bearer", "Bearer ", "fk_x", "Bearer fk_fel", "Bearer a.b.c", "Bearer å\x7f"]
)
def test_a_wrong_key(with_keys: Client, value: str) -> None:
    answer = with_keys.post("/batch", headers={"Authorization": value.encode("latin-1")})
    assert error(answer)[:2] == (401, "fel-inloggning")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Fardkost", error="invalid_token"'


def test_without_credentials_the_challenge_states_no_error(with_keys: Client) -> None:
    assert with_keys.post("/batch").headers["WWW-Authenticate"] == 'Bearer realm="Fardkost"'


def test_a_removed_key_stops_working_at_once(with_keys: Client, key: str, key_file: Path) -> None:
    assert with_keys.get("/jobs", headers=bearer(key)).status_code == 200
    remove_key(key_file, "lön")
    assert with_keys.get("/jobs", headers=bearer(key)).status_code == 401


def test_a_key_is_not_taken_from_the_address(with_keys: Client, key: str) -> None:
    assert with_keys.post(f"/batch?key={key}&access_token={key}").status_code == 401


def test_callers_are_told_apart_and_not_named(with_keys: Client, key: str, key_file: Path) -> None:
    other = new_key(key_file, "ekonomi")
    first, again, second = (with_keys.get("/jobs", headers=bearer(one)).json()["caller"] for one in (key, key, other))
    assert first == again != second
    assert re.fullmatch(r"key-[0-9a-f]{32}", first)
    remove_key(key_file, "lön")
    renewed = new_key(key_file, "lön")
    assert with_keys.get("/jobs", headers=bearer(renewed)).json()["caller"] != first, "another key under an old name"


def test_a_token_of_entra_id(entra: EntraSettings) -> None:
    with_tokens = client(Settings(host="0.0.0.0", public_url=PUBLIC_URL, tokens=entra))
    answer = with_tokens.get("/jobs", headers=bearer(token()))
    assert answer.json() == {"caller": opaque("entra", f"{TENANT}:{USER}")}
    assert USER not in answer.text
    other = with_tokens.get("/jobs", headers=bearer(token(claims(oid=CLIENT))))
    assert other.json() != answer.json()
    assert error(with_tokens.get("/jobs", headers=bearer(token(claims(exp=1)))))[:2] == (401, "inloggning-utgangen")
    assert error(with_tokens.get("/jobs", headers=bearer("fk_nyckel")))[:2] == (401, "fel-inloggning")


def test_a_missing_role_is_403(entra: EntraSettings) -> None:
    asked = EntraSettings(TENANT, CLIENT, jwks=entra.jwks, required_roles=("Lon",))
    with_roles = client(Settings(host="0.0.0.0", public_url=PUBLIC_URL, tokens=asked))
    answer = with_roles.get("/jobs", headers=bearer(token()))
    assert error(answer)[:2] == (403, "roll-saknas")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert with_roles.get("/jobs", headers=bearer(token(claims(roles=["Lon"])))).status_code == 200


def test_keys_and_tokens_side_by_side(entra: EntraSettings, key_file: Path, key: str) -> None:
    both = client(Settings(host="0.0.0.0", public_url=PUBLIC_URL, tokens=entra, api_keys=key_file))
    assert both.get("/jobs", headers=bearer(key)).json()["caller"].startswith("key-")
    assert both.get("/jobs", headers=bearer(token())).json()["caller"].startswith("entra-")
    assert "en API-nyckel (fk_…) eller en token" in error(both.get("/jobs"))[2]


def test_when_entra_s_keys_cannot_be_fetched() -> None:
    with jwks_server(b"") as server:
        server.status = 500
        settings = Settings(
            host="0.0.0.0", public_url=PUBLIC_URL, tokens=EntraSettings(TENANT, CLIENT, jwks=server.url)
        )
        answer = client(settings).get("/jobs", headers=bearer(token()))
    assert error(answer)[:2] == (503, "inloggning-otillganglig")
    assert answer.headers["Retry-After"] == "60"


def test_many_failures_are_told_to_wait_but_the_right_key_is_let_in(with_keys: Client, key: str) -> None:
    answers = [with_keys.get("/jobs", headers=bearer("fk_fel")) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [401] * 60 + [429]
    assert error(answers[-1])[1] == "for-manga-forsok"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= PER
    assert with_keys.get("/jobs", headers=bearer(key)).status_code == 200
    assert with_keys.get("/jobs").status_code == 401, "no attempt at all is not a failed one"


def test_after_a_minute_failures_are_forgotten() -> None:
    now = [0.0]
    failures = Failures(lambda: now[0])
    for second in range(60):
        now[0] = second / 2
        assert failures.add() == 0
    assert failures.add() == 30  # the first was at 0 s, and it is 29.5 s
    now[0] = 60.0
    assert failures.add() == 0
    assert failures.add() == 1  # the second was at 0.5 s


def test_a_websocket_is_closed(with_keys: Client) -> None:
    assert with_keys.raw(type="websocket", path="/socket", scheme="ws", subprotocols=[]) == [
        {"type": "websocket.close", "code": 1008}
    ]


@pytest.mark.parametrize("content", ["trasig rad\n", None])
def test_a_wrong_key_file_stops_the_start(key_file: Path, content: str | None) -> None:
    if content is not None:
        key_file.write_text(content, "utf-8")
    with pytest.raises(ValueError, match="rad 1" if content else "finns inte"):
        application(Settings(api_keys=key_file))


# How the pane signs in


def test_the_pane_learns_how_to_sign_in(entra: EntraSettings, key_file: Path, key: str) -> None:
    assert client(Settings()).get("/signin.json").json() == {"method": "none"}
    assert client(Settings(api_keys=key_file)).get("/signin.json").json() == {"method": "key"}
    settings = Settings(public_url=PUBLIC_URL, tokens=entra, api_keys=key_file)
    assert client(settings).get("/signin.json").json() == {
        "method": "entra",
        "clientId": CLIENT,
        "tenant": TENANT,
        "scopes": [f"api://{CLIENT}/access_as_user"],
        "redirectUri": f"{PUBLIC_URL}/signin/redirect",
    }
    assert method(settings)["method"] == "entra"


def test_the_page_that_a_sign_in_window_ends_on(with_keys: Client) -> None:
    page = with_keys.get("/signin/redirect")
    assert "Cross-Origin-Opener-Policy" not in page.headers, "it would cut the window off from the pane"
    scripts = re.findall(r'<script src="([^"]+)"></script>', page.text)
    assert len(scripts) == 2
    for script in scripts:
        answer = with_keys.get(script)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/javascript")
    assert page.text.count("<script") == 2, "none inline: the security policy would stop it"
    assert "msalRedirectBridge.broadcastResponseToMainFrame" in with_keys.get(scripts[1]).text


def test_the_library_is_the_published_one() -> None:
    named = re.findall(r"^\| `([\w.-]+)` \|.*`([0-9a-f]{64})`", (MSAL / "README.md").read_text("utf-8"), re.MULTILINE)
    assert {name for name, _ in named} == {path.name for path in MSAL.glob("*.js")}
    for name, checksum in named:
        assert hashlib.sha256((MSAL / name).read_bytes()).hexdigest() == checksum
    assert "Permission is hereby granted" in (MSAL / "LICENSE").read_text("utf-8")
