"""Which rules and figures a server computes with: a short text that changes whenever an answer may change."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

import core
import udfs
import xlsx
from core.engine import Figure
from core.engine.clock import as_date
from core.engine.figure_files import load_figures
from core.engine.trace import in_force_from
from core.law import KEYS, ROOMS, law, law_figures
from core.traktamente.importing import user_folder
from udfs.server.requests import json_response
from udfs.server.settings import Settings

LENGTH: Final = 12
"""Hexadecimals of the version."""

COMPUTED_WITH: Final = (".py", ".yaml", ".csv", ".txt")


@cache
def product_version() -> str:
    """The version of the product."""
    try:
        return version("fardkost")
    except PackageNotFoundError:
        return "0"


def rules_version(settings: Settings | None = None) -> str:
    """A short text that stands for the code of the rules, the figures, and the policies that are offered."""
    policies = (settings or Settings()).offered
    files = {path: _stamp(path) for path in (*policies.values(), *sorted(user_folder().glob("normalbelopp*.csv")))}
    return _version(tuple(policies), tuple(files.items()))


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=8)
def _version(names: tuple[str, ...], files: tuple[tuple[Path, tuple[int, int]], ...]) -> str:
    digest = hashlib.sha256(_code().encode())
    for name in names:
        digest.update(name.encode())
    _add(digest, (path for path, _ in files))
    return digest.hexdigest()[:LENGTH]


@cache
def _code() -> str:
    """A sum over what computes and what it computes with, as it was when the server started."""
    digest = hashlib.sha256(product_version().encode())
    for package in (core, xlsx, udfs):
        folder = Path(str(package.__file__)).parent
        files = sorted(path for path in folder.rglob("*") if path.suffix in COMPUTED_WITH and path.is_file())
        _add(digest, (path for path in files if folder / "server" not in path.parents))
    return digest.hexdigest()


def _add(digest: Any, files: Iterable[Path]) -> None:
    for path in files:
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())


def described(settings: Settings) -> dict[str, Any]:
    """What GET /version answers."""
    policies = [
        {"name": name, "title": law(str(path)).policy.title, "default": name == settings.policy}
        for name, path in settings.offered.items()
    ]
    return {
        "product": product_version(),
        "rules": rules_version(settings),
        "policies": policies,
        "figures": figure_groups(),
    }


def figure_groups() -> list[dict[str, Any]]:
    """The law's and the agreements' figures by area: how sure they are and how far they reach."""
    folder = user_folder()
    imported = folder / "normalbelopp.csv"
    figures = law_figures(folder, imported.stat().st_mtime_ns if imported.exists() else 0)
    here = Path(str(core.__file__)).parent
    groups = {room: [figure.name for figure in load_figures(here / room / "rates.yaml", KEYS)] for room in ROOMS}
    return [
        *(_group(room, [figures[name] for name in names]) for room, names in groups.items()),
        _group("normalbelopp", [figures["normalbelopp"]]),
    ]


def _group(name: str, figures: list[Figure]) -> dict[str, Any]:
    entries = [entry for figure in figures for entry in figure.entries if entry.value is not None]
    confirmed = [entry.from_day for entry in entries if entry.status == "bekräftad"]
    ends = [figure.known_until for figure in figures]
    return {
        "group": name,
        "figures": len(figures),
        "statuses": dict(Counter(entry.status for entry in entries)),
        "first_date": in_force_from(min(entry.from_day for entry in entries)),
        "last_date": as_date(max(entry.from_day for entry in entries)).isoformat(),
        "known_until": as_date(min(ends)).isoformat(),
        "last_confirmed_year": as_date(max(confirmed)).year if confirmed else None,
    }


def routes(settings: Settings) -> list[BaseRoute]:
    """GET /health and /version."""

    async def health(request: Request) -> Response:
        return json_response(b'{"status":"ok"}')

    def show_version(request: Request) -> Response:
        return json_response(msgspec.json.encode({"date": date.today().isoformat(), **described(settings)}))

    return [Route("/health", health, methods=["GET"]), Route("/version", show_version, methods=["GET"])]
