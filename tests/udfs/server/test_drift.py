"""The files and the document for those who run a server fit the server."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from udfs.commands.serve import MARGIN
from udfs.server.settings import EntraSettings, Settings, read_settings
from udfs.server.signin import PUBLIC, PUBLIC_BELOW

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "drift"
DOCUMENT = (ROOT / "docs" / "drift.md").read_text("utf-8")
DEFAULTS = Settings()
MEBIBYTE = 1024 * 1024


def text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def numbers(pattern: str, name: str) -> list[int]:
    """The numbers that a pattern finds in a file: first the limit of requests, then that of sheets."""
    return sorted(int(found) for found in re.findall(pattern, text(name)))


def number(pattern: str, name: str) -> int:
    found = re.search(pattern, text(name))
    assert found, f"{pattern} in {name}"
    return int(found[1])


def test_the_settings_are_valid_with_and_without_what_is_commented_out(tmp_path: Path) -> None:
    assert read_settings(FOLDER / "server.yaml").tokens is None
    whole = re.sub(r"(?m)^# (tokens:|  \w+:)", r"\1", text("server.yaml"))
    (tmp_path / "server.yaml").write_text(whole, "utf-8")
    settings = read_settings(tmp_path / "server.yaml")
    assert settings.signs_in
    assert settings.tokens == EntraSettings(
        "11111111-2222-3333-4444-555555555555", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", required_roles=("Berakna",)
    )


@pytest.mark.parametrize(
    ("pattern", "unit", "name"),
    [
        (r"client_max_body_size\s+(\d+)m;", MEBIBYTE, "nginx.conf"),
        (r"max_size (\d+)MB", 1_000_000, "Caddyfile"),
        (r'maxAllowedContentLength="(\d+)"', 1, "web.config"),
    ],
)
def test_a_proxy_lets_the_server_itself_refuse_what_is_too_large(pattern: str, unit: int, name: str) -> None:
    request, *uploads = (size * unit for size in numbers(pattern, name))
    assert DEFAULTS.max_body < request < 2 * DEFAULTS.max_body
    assert uploads
    assert all(DEFAULTS.max_upload < upload < 1.1 * DEFAULTS.max_upload for upload in uploads)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (r"proxy_read_timeout\s+(\d+)s;", "nginx.conf"),
        (r"response_header_timeout (\d+)s", "Caddyfile"),
        (r"sätts till (\d+) sekunder", "web.config"),
    ],
)
def test_a_proxy_waits_longer_than_the_server_computes(pattern: str, name: str) -> None:
    assert number(pattern, name) > DEFAULTS.time_limit


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        (r"TimeoutStopSec=(\d+)", "fardkost.service"),
        (r"stop_grace_period: (\d+)s", "compose.yaml"),
        (r"<stoptimeout>(\d+) sec</stoptimeout>", "windows-tjanst.xml"),
    ],
)
def test_a_stop_waits_for_running_requests(pattern: str, name: str) -> None:
    assert number(pattern, name) > DEFAULTS.time_limit + MARGIN


@pytest.mark.parametrize(
    "name", ["Containerfile", "compose.yaml", "nginx.conf", "Caddyfile", "web.config", "server.yaml"]
)
def test_all_mean_the_same_port(name: str) -> None:
    assert str(DEFAULTS.port) in text(name)


@pytest.mark.parametrize("name", ["web.config", "windows-tjanst.xml"])
def test_xml_is_well_formed(name: str) -> None:
    ElementTree.fromstring(text(name))


def test_the_container_has_few_rights() -> None:
    services: dict[str, Any] = yaml.safe_load(text("compose.yaml"))["services"]
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert services["fardkost"]["ports"] == ["127.0.0.1:8765:8765"]
    assert re.search(r"(?m)^USER fardkost$", text("Containerfile"))
    assert "HEALTHCHECK" in text("Containerfile")


def test_what_the_container_is_built_of_is_there() -> None:
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", text("Containerfile"))
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name


def test_every_setting_is_in_the_document_and_no_other() -> None:
    table = re.findall(
        r"(?m)^\| ((?:`\w+`(?:, )?)+) \|", DOCUMENT.partition("## Inställningar")[2].partition("\n## ")[0]
    )
    named = set(re.findall(r"`(\w+)`", " ".join(table)))
    assert named == {field.name for field in fields(Settings)}
    for field in fields(EntraSettings):
        assert f"`{field.name}`" in DOCUMENT


def test_the_document_names_what_everybody_may_read() -> None:
    line = next(line for line in DOCUMENT.splitlines() if line.startswith("Utan inloggning nås"))
    named = set(re.findall(r"`(/[^`]*)`", line))
    below = {f"{path}…" for path in PUBLIC_BELOW} - {"/taskpane/…", "/berakna/…", "/docs/…"}
    assert named == (PUBLIC - {"/favicon.ico"}) | below


def test_links_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in re.findall(r"(?m)^#+ (.+)$", DOCUMENT)
    }
    for target in re.findall(r"\]\(([^)]+)\)", DOCUMENT):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif not target.startswith("http"):
            assert (ROOT / "docs" / target).exists(), target
