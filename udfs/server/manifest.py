"""The manifest and the icons of the Excel add-in over the web."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from udfs.officejs.checking import ICONS
from udfs.officejs.installation import InstallationError, installation_id
from udfs.officejs.manifest import ICON_SIZES, Addresses, ManifestError, checked_url, manifest
from udfs.server.officejs import asset_path
from udfs.server.requests import problem
from udfs.server.settings import Settings
from udfs.server.tokens import ENTRA
from udfs.server.version import product_version

DRAWING: Final = "fardkost.svg"
DRAWN: Final = frozenset({DRAWING, *(f"fardkost-{size}.png" for size in ICON_SIZES)})
"""The files below /icons."""


def addresses(settings: Settings) -> Addresses:
    """Where this server's files are, as clients reach them. Raises ManifestError."""
    return Addresses(
        checked_url(settings.public_url),
        metadata=asset_path(settings, "functions.json"),
        script=asset_path(settings, "functions.js"),
        sign_in=(ENTRA,) if settings.tokens is not None else (),
    )


def server_manifest(settings: Settings) -> bytes:
    """The manifest of a server with these settings. Raises ManifestError, InstallationError."""
    reached = addresses(settings)
    return manifest(installation_id(settings.installation), product_version(), reached)


def routes(settings: Settings) -> list[BaseRoute]:
    """`/manifest.xml`, `/icons/<file>` and the browser's `/favicon.ico`."""

    def manifest_file(request: Request) -> Response:
        try:
            content = server_manifest(settings)
        except ManifestError as wrong:
            return problem(409, f"{wrong} Den ställs in med --public-url.", "fel-adress")
        except InstallationError as wrong:
            return problem(503, str(wrong), "ingen-installation")
        return Response(content, media_type="application/xml", headers={"Cache-Control": "no-cache"})

    return [
        Route("/manifest.xml", manifest_file, methods=["GET"]),
        Route("/icons/{file}", icon, methods=["GET"]),
        Route("/favicon.ico", favicon, methods=["GET"]),
    ]


async def icon(request: Request) -> Response:
    """One of the icons. Without Cache-Control: with it, Office shows a blank icon in place of ours."""
    file = request.path_params["file"]
    if file not in DRAWN:
        return problem(404, f"Ikonen finns inte. Det finns {', '.join(sorted(DRAWN))}.", "finns-inte")
    return FileResponse(ICONS / file)


async def favicon(request: Request) -> Response:
    """The icon that browsers ask for by themselves."""
    return FileResponse(ICONS / "fardkost-32.png", media_type="image/png")
