"""Which rules and figures a server computes with: a short text that changes whenever an answer may change."""

from __future__ import annotations

import hashlib
from collections import Counter
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
from core.engine import Figure
from core.engine.clock import as_date
from core.engine.figure_files import load_figures
from core.engine.trace import in_force_from
from core.law import KEYS, ROOMS, law, law_figures
from core.traktamente.importing import user_folder
from udfs.server.requests import json_response
from udfs.server.settings import Settings
from xlsx.ruling import code_sum, files_sum, own_figures

LENGTH: Final = 12
"""Hexadecimals of the version."""


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
    files = {path: _stamp(path) for path in (*policies.values(), *own_figures())}
    return _version(tuple(policies), tuple(files.items()))


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=8)
def _version(names: tuple[str, ...], files: tuple[tuple[Path, tuple[int, int]], ...]) -> str:
    code = code_sum(Path(str(udfs.__file__)).parent, "server")
    parts = (product_version(), code, *names, files_sum(path for path, _ in files))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:LENGTH]


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
