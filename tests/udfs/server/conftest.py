"""Servers that sign callers in: by keys, and by an Entra ID of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.udfs.server.issuing import CLIENT, TENANT, jwks
from tests.udfs.server.layers import PUBLIC_URL, Client, client
from udfs.server.keys import new_key
from udfs.server.settings import EntraSettings, Settings


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "nycklar.txt"


@pytest.fixture
def key(key_file: Path) -> str:
    return new_key(key_file, "lön")


@pytest.fixture
def with_keys(key_file: Path, key: str) -> Client:
    return client(Settings(host="0.0.0.0", public_url=PUBLIC_URL, api_keys=key_file))


@pytest.fixture
def entra(tmp_path: Path) -> EntraSettings:
    (tmp_path / "jwks.json").write_text(json.dumps(jwks("first")), "utf-8")
    return EntraSettings(TENANT, CLIENT, jwks=str(tmp_path / "jwks.json"))
