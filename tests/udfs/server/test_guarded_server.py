"""The real server with sign-in, over a socket."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import BaseRoute, Mount, Route

from tests.udfs.server.issuing import CLIENT, TENANT, claims, jwks, jwks_server, token
from tests.udfs.server.layers import PUBLIC_URL, bearer, error
from tests.udfs.server.running import Server, running_server
from udfs.server.app import create_app
from udfs.server.keys import new_key, remove_key
from udfs.server.settings import Settings

QUESTION: dict[str, Any] = {"ops": [{"function": "MERSTRACKA", "calls": 1, "columns": [[100], [40]]}]}


def ask(server: Server, credentials: str | None = None, path: str = "/batch") -> httpx.Response:
    return server.post(path, QUESTION, headers=bearer(credentials) if credentials else {})


def test_keys_over_a_socket(tmp_path: Path) -> None:
    file = tmp_path / "nycklar.txt"
    kept, removed = new_key(file, "kvar"), new_key(file, "bort")
    with running_server("--api-keys", str(file)) as server:
        assert ask(server, kept).status_code == ask(server, removed).status_code == 200
        assert error(ask(server))[:2] == (401, "inloggning-saknas")
        assert error(ask(server, "fk_fel"))[:2] == (401, "fel-inloggning")
        remove_key(file, "bort")
        assert ask(server, removed).status_code == 401
        assert ask(server, kept).json()["answers"][0]["errors"] == []
        assert httpx.get(f"{server.url}/signin.json", trust_env=False).json() == {"method": "key"}
        written = server.output()
    assert kept not in written
    assert removed not in written
    codes = [json.loads(line).get("code") for line in server_lines(written)]
    assert codes.count("fel-inloggning") == 2


def server_lines(written: str) -> list[str]:
    """The lines of the log among what a server has written."""
    return [line for line in written.splitlines() if line.startswith("{")]


def test_tokens_over_sockets_with_two_workers() -> None:
    with jwks_server(jwks("first")) as entra:
        flags = ("--tenant", TENANT, "--client-id", CLIENT, "--jwks", entra.url, "--required-role", "Lon")
        with running_server(*flags, "--workers", "2") as server:
            right = token(claims(roles=["Lon"]))
            assert {ask(server, right).status_code for _ in range(20)} == {200}
            assert error(ask(server, token()))[:2] == (403, "roll-saknas")
            assert error(ask(server, token(claims(roles=["Lon"], exp=1))))[:2] == (401, "inloggning-utgangen")
            assert error(ask(server, token(claims(roles=["Lon"]), key="stranger", kid="first")))[0] == 401
            assert 1 <= entra.requests <= 2, "once in each worker that was asked"
            assert right not in server.output()


def _leaves(routes: list[BaseRoute], above: str = "") -> list[tuple[str, set[str]]]:
    found: list[tuple[str, set[str]]] = []
    for route in routes:
        if isinstance(route, Mount):
            found += _leaves(route.routes, above + route.path) if route.routes else [(above + route.path, {"GET"})]
        elif isinstance(route, Route):
            found.append((above + route.path, set(route.methods or ())))
    return found


PUBLIC_ROUTES = (
    "/health",
    "/version",
    "/functions.",
    "/static/",
    "/taskpane",
    "/berakna",
    "/formular",
    "/manifest.xml",
    "/icons/",
    "/docs",
    "/signin",
)


def test_every_route_asks_for_sign_in_but_those_named_here(tmp_path: Path) -> None:
    """Whoever adds a route that everybody may read must say so here too."""
    file = tmp_path / "nycklar.txt"
    new_key(file, "a")
    application = create_app(Settings(api_keys=file))
    leaves = _leaves(application.routes)
    assert ("/batch", {"POST"}) in leaves
    with running_server("--api-keys", str(file)) as server:
        for path, methods in leaves:
            public = path in ("/", "/favicon.ico") or path.startswith(PUBLIC_ROUTES)
            for verb in methods:
                answer = httpx.request(verb, server.url + path.replace("{", "").replace("}", ""), trust_env=False)
                refused = answer.status_code == 401
                assert refused == (not public or verb not in ("GET", "HEAD")), f"{verb} {path}: {answer.status_code}"


def test_a_client_that_trusts_the_certificate_of_dev(tmp_path: Path) -> None:
    with running_server("--dev") as server:
        certificate = server.folder / "data" / "localhost.crt"
        trusting = ssl.create_default_context(cafile=str(certificate))
        answer = httpx.get(f"{server.url}/health", verify=trusting, trust_env=False)
        assert answer.status_code == 200
        assert str(certificate) in server.output()
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{server.url}/health", trust_env=False)


def test_a_preflight_reaches_the_real_server_without_sign_in(tmp_path: Path) -> None:
    new_key(tmp_path / "nycklar.txt", "a")
    asked = {"Origin": "https://excel.officeapps.live.com", "Access-Control-Request-Method": "POST"}
    with running_server("--api-keys", str(tmp_path / "nycklar.txt")) as server:
        answer = httpx.options(f"{server.url}/batch", headers=asked, trust_env=False)
        refused = server.post("/batch", QUESTION, headers=asked)
    assert answer.status_code == 200
    assert refused.status_code == 401
    for headers in (answer.headers, refused.headers):
        assert headers["Access-Control-Allow-Origin"] == asked["Origin"]


def test_headers_of_the_real_pages() -> None:
    with running_server() as server:
        pane = httpx.get(f"{server.url}/taskpane", trust_env=False)
        assert "https://*.officeapps.live.com" in pane.headers["Content-Security-Policy"]
        answer = ask(server)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--host", "0.0.0.0"], "ingen inloggning"),
        (["--public-url", PUBLIC_URL], "ingen inloggning är vald"),
        (["--api-keys", "saknas.txt"], "Nyckelfilen saknas.txt finns inte. Skapa den med: fardkost keys new"),
        (["--api-keys", "trasig.txt"], "trasig.txt, rad 2: raden är ingen nyckel."),
        (["--tenant", "common", "--client-id", CLIENT], "tenant: 'common' är inget id."),
        (["--tenant", TENANT, "--client-id", CLIENT, "--jwks", "trasig.txt"], "jwks: trasig.txt är inte JSON."),
        (["--tenant", TENANT, "--client-id", CLIENT, "--jwks", "http://example.se/"], "måste börja med https://"),
    ],
)
def test_what_is_wrong_is_said_before_the_server_starts(tmp_path: Path, flags: list[str], said: str) -> None:
    (tmp_path / "trasig.txt").write_text("# nycklar\ntrasig\n", "utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "udfs.cli", "serve", "--port", "0", *flags],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "", "FARDKOST_DATA": str(tmp_path)},
    )
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
