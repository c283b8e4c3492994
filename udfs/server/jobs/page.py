"""The page where a sheet is handed in, and its files."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from core.vocabulary.parsed import quoted
from udfs.commands.output import swedish
from udfs.server import version
from udfs.server.jobs.uploads import READABLE
from udfs.server.pane import ASK_EACH_TIME, FOR_EVER, OFFICEJS, TYPES
from udfs.server.reference import PAGES, render
from udfs.server.requests import problem
from udfs.server.security import page_policy
from udfs.server.settings import Settings
from udfs.server.tokens import ENTRA
from xlsx.headings import with_unit
from xlsx.vocabulary import TRIPS, Heading

HOUR: Final = 3600
OTHER_UNITS: Final = {"km": 10, "kr": 1000, "kg": 1000}
"""What the unit that a sheet may have instead of ours (mil, tkr, ton) is worth in ours, by kind of heading."""

OWN: Final = PAGES / "berakna"
SHARED: Final = (
    OFFICEJS / "pane" / "dom.js",
    OFFICEJS / "pane" / "signin.js",
    OFFICEJS / "vendor" / "msal" / "msal-browser.min.js",
)
"""What the page has in common with the task pane."""


def routes(settings: Settings) -> list[BaseRoute]:
    """`/berakna` and its files."""

    # No coroutine: the policies are read, in a thread.
    def page(request: Request) -> Response:
        shown = render(
            "berakna/berakna.html",
            settings,
            version=files_version(),
            policies=version.described(settings)["policies"],
            kinds=", ".join(READABLE),
            most=settings.max_upload,
            most_written=f"{swedish(settings.max_upload / 1e6)} MB",
            kept=_time(settings.job_lifetime),
            headings=[choice for heading in TRIPS for choice in choosable(heading)],
        )
        headers = {"Cache-Control": ASK_EACH_TIME, **page_headers(settings)}
        return HTMLResponse(shown, headers=headers)

    async def file(request: Request) -> Response:
        name = request.path_params["file"]
        if name not in files():
            return problem(404, f"Filen {quoted(name)} finns inte.", "finns-inte")
        caching = FOR_EVER if request.path_params["version"] == files_version() else ASK_EACH_TIME
        return Response(files()[name], headers={"Cache-Control": caching}, media_type=TYPES[Path(name).suffix])

    return [
        Route("/berakna", page, methods=["GET"]),
        Route("/berakna/{version}/{file}", file, methods=["GET"]),
    ]


@cache
def files() -> dict[str, bytes]:
    """The page's styles and scripts by name."""
    return {path.name: path.read_bytes() for path in (*sorted(OWN.iterdir()), *SHARED) if path.suffix in TYPES}


@cache
def files_version() -> str:
    """A short text that changes with the page's files; it stands in their addresses."""
    return sha256(b"\0".join(files().values())).hexdigest()[:12]


def page_headers(settings: Settings) -> dict[str, str]:
    """Leave to reach Entra ID, where it signs users in."""
    if settings.tokens is None:
        return {}
    allowed = page_policy().replace("connect-src 'self'", f"connect-src 'self' {ENTRA}")
    return {"Content-Security-Policy": allowed.replace("frame-src 'none'", f"frame-src {ENTRA}")}


def choosable(heading: Heading) -> list[str]:
    """What a mapping may say that a column is: our heading, in our unit or in another."""
    other = [OTHER_UNITS[heading.kind]] if heading.kind in OTHER_UNITS else []
    return [with_unit(heading, scale) for scale in (1, *other)]


def _time(seconds: float) -> str:
    """A length of time in words."""
    if seconds < 2 * HOUR:
        minutes = max(1, round(seconds / 60))
        return f"{swedish(minutes)} {'minut' if minutes == 1 else 'minuter'}"
    return f"{swedish(round(seconds / HOUR))} timmar"
