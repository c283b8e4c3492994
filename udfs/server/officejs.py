"""Routes of the files that Excel loads: the functions' script and their descriptions."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from udfs.officejs.script import Assets, assets
from udfs.server.settings import Settings
from udfs.server.version import rules_version

FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_EACH_TIME: Final = "no-cache"
TYPES: Final = {"functions.json": "application/json", "functions.js": "text/javascript; charset=utf-8"}


def routes(settings: Settings) -> list[BaseRoute]:
    """`/functions.json` and `/functions.js`, and the same under `/static/{version}/`."""

    async def latest(request: Request) -> Response:
        return _file(request, server_assets(settings), ASK_EACH_TIME)

    async def versioned(request: Request) -> Response:
        # An older version is in manifests and caches that are still in use: it gets the files of today, not for ever.
        found = server_assets(settings)
        current = request.path_params["version"] == found.version
        return _file(request, found, FOR_EVER if current else ASK_EACH_TIME)

    return [
        route
        for name in TYPES
        for route in (Route(f"/{name}", latest), Route(f"/static/{{version}}/{name}", versioned))
    ]


def server_assets(settings: Settings) -> Assets:
    """The files of a server with these settings."""
    return _assets(rules_version(settings), settings.public_url, settings.max_body, settings.max_calls)


def asset_path(settings: Settings, name: str) -> str:
    """The versioned path of `functions.js` or `functions.json`, from the server's root."""
    return f"/static/{server_assets(settings).version}/{name}"


_assets = lru_cache(maxsize=8)(assets)


def _file(request: Request, found: Assets, caching: str) -> Response:
    name = request.url.path.rpartition("/")[2]
    tag = f'"{found.version}"'
    headers = {"Cache-Control": caching, "ETag": tag}
    if tag in [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    content = found.script if name == "functions.js" else found.metadata
    return Response(content, headers=headers, media_type=TYPES[name])
