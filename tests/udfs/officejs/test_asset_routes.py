"""functions.json and functions.js as the server gives them: addresses, caching, versions."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette

from udfs.officejs import script
from udfs.officejs.metadata import functions_json
from udfs.registry import FUNCTIONS
from udfs.server import officejs
from udfs.server.settings import Settings

SETTINGS = Settings(public_url="https://fardkost.example.se")
NAMES = ("functions.json", "functions.js")


def get(path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=officejs.routes(SETTINGS)))
        async with httpx.AsyncClient(transport=transport, base_url=SETTINGS.public_url) as client:
            return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return asyncio.run(ask())


def test_the_descriptions_are_those_of_the_registry() -> None:
    answer = get("/functions.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == functions_json("https://fardkost.example.se")


def test_the_script_has_all_functions_and_the_server_s_limits() -> None:
    answer = get("/functions.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    head = json.loads(answer.text.partition("const HEAD = ")[2].partition(";\n")[0])
    assert [function["id"] for function in head["functions"]] == list(FUNCTIONS)
    assert {"id": "MERSTRACKA", "parameters": 2, "repeated": False} in head["functions"]
    assert {"id": "FORKLARA", "parameters": 2, "repeated": True} in head["functions"]
    assert (head["bytes"], head["calls"]) == (4_000_000, 20_000)
    assert head["server"] == "https://fardkost.example.se"
    small = json.loads(
        script.functions_script("1", "", max_bytes=1000, max_calls=10).decode().partition("HEAD = ")[2].split(";\n")[0]
    )
    assert (small["bytes"], small["calls"]) == (1000, 10)


@pytest.mark.parametrize("name", NAMES)
def test_the_versioned_file_is_kept_for_ever_and_the_plain_one_asked_for_each_time(name: str) -> None:
    plain, versioned = get(f"/{name}"), get(officejs.asset_path(SETTINGS, name))
    assert plain.content == versioned.content
    assert plain.headers["cache-control"] == "no-cache"
    assert versioned.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", NAMES)
def test_an_older_address_still_works_but_is_not_kept(name: str) -> None:
    """It stands in manifests that were uploaded before the server was updated."""
    answer = get(f"/static/0123456789ab/{name}")
    assert answer.status_code == 200 and answer.content == get(f"/{name}").content
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("name", NAMES)
def test_an_unchanged_file_is_not_sent_again(name: str) -> None:
    tag = get(f"/{name}").headers["etag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}'):
        again = get(f"/{name}", if_none_match=sent)
        assert (again.status_code, again.content) == (304, b"")
    assert get(f"/{name}", if_none_match='"other"').status_code == 200


def test_the_version_follows_what_the_files_are_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    first = script.assets("rules 1", "https://a.example").version
    assert script.assets("rules 1", "https://a.example").version == first
    assert script.assets("rules 2", "https://a.example").version != first
    assert script.assets("rules 1", "https://b.example").version != first
    function = FUNCTIONS["MERSTRACKA"]
    monkeypatch.setitem(FUNCTIONS, "MERSTRACKA", replace(function, summary="Annat."))
    assert script.assets("rules 1", "https://a.example").version != first
