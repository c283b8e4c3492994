"""Headers that say what a browser may do with the server's pages, and which other sites may call it."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from udfs.server.settings import Settings
from udfs.server.tokens import ENTRA

OFFICE_DOMAINS: Final = (
    "cloud.microsoft",
    "officeapps.live.com",
    "office.com",
    "office365.com",
    "microsoft365.com",
    "sharepoint.com",
    "teams.microsoft.com",
)
"""Below these, Excel on the web shows add-ins: Microsoft's list for frame-ancestors of Microsoft 365 hosts, with the
frames of Excel itself (officeapps.live.com) and of files opened from SharePoint and OneDrive."""

OFFICE_HOSTS: Final = " ".join(f"https://*.{domain}" for domain in OFFICE_DOMAINS) + " https://teams.microsoft.com"
OFFICE_ORIGIN: Final = "https://([a-z0-9-]+[.])+(" + "|".join(d.replace(".", "[.]") for d in OFFICE_DOMAINS) + ")"

MICROSOFT_CDN: Final = "https://appsforoffice.microsoft.com"

IN_FRAMES: Final = ("/taskpane", "/taskpane/", "/signin/")
"""Pages that Excel on the web shows in a frame: this one, or below it."""

PERMISSIONS: Final = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()"
ONE_YEAR: Final = "max-age=31536000"


def security(settings: Settings) -> list[Middleware]:
    """The layers that go outermost: security headers on every answer, then CORS with the answers to preflights."""
    return [Middleware(SecurityHeaders, settings=settings), cross_origin(settings)]


def cross_origin(settings: Settings) -> Middleware:
    """CORS: Office hosts, our own pages and the origins of the settings may call; no cookies ever go along."""
    return Middleware(
        CORSMiddleware,
        allow_origins=[_origin(settings.public_url), *settings.allowed_origins],
        allow_origin_regex=OFFICE_ORIGIN,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After", "WWW-Authenticate"],
        allow_private_network=True,  # Excel on the web is a public page that calls a server inside the municipality
        max_age=3600,
    )


class SecurityHeaders:
    """ASGI layer that adds the headers an answer does not have already."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """The headers are made once, from the settings."""
        self.app = app
        self.common = common_headers(settings)
        self.framed = {"Content-Security-Policy": pane_policy(settings)}
        self.unframed = {"Content-Security-Policy": page_policy(), "X-Frame-Options": "DENY"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, and add headers to the start of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = self.framed if may_be_framed(scope["path"]) else self.unframed

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (*self.common.items(), *added.items()):
                    headers.setdefault(name, value)
                if scope["method"] == "POST":
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)


def may_be_framed(path: str) -> bool:
    """True for the task pane and the page that a sign-in window comes back to."""
    return path == IN_FRAMES[0] or path.startswith(IN_FRAMES[1:])


def common_headers(settings: Settings) -> Mapping[str, str]:
    """What every answer carries."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": PERMISSIONS,
    }
    if _is_encrypted(settings.public_url):
        headers["Strict-Transport-Security"] = ONE_YEAR
    return headers


def pane_policy(settings: Settings) -> str:
    """Content-Security-Policy of the task pane: our scripts, office.js, and Entra ID where it signs users in."""
    office = _origin(settings.office_js)
    # On some platforms office.js fetches a part of itself from the second of Microsoft's addresses.
    scripts = [office, "https://ajax.aspnetcdn.com"] if office == MICROSOFT_CDN else [office]
    entra = [ENTRA] if settings.tokens is not None else []
    return _policy(
        script_src=["'self'", *scripts],
        # office.js for Excel on the web sets styles inline and does nothing without them.
        style_src=["'self'", "'unsafe-inline'"],
        connect_src=["'self'", office, *entra],
        frame_src=["'self'", *entra],
        frame_ancestors=["'self'", OFFICE_HOSTS],
    )


def page_policy() -> str:
    """Content-Security-Policy of everything else: our own files only, and in nobody's frame."""
    return _policy(
        script_src=["'self'"],
        style_src=["'self'", "'unsafe-inline'"],
        connect_src=["'self'"],
        frame_src=["'none'"],
        frame_ancestors=["'none'"],
    )


def _policy(**sources: list[str]) -> str:
    always = {
        "default-src": ["'none'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
    asked = {name.replace("_", "-"): values for name, values in sources.items()}
    return "; ".join(f"{name} {' '.join(dict.fromkeys(values))}" for name, values in {**always, **asked}.items())


def _origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _is_encrypted(public_url: str) -> bool:
    """True where clients come over https to a name of its own: a browser that is told to use nothing but https on
    localhost would do so for every other program there."""
    parts = urlsplit(public_url)
    return parts.scheme == "https" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """True for localhost and the addresses that reach this machine alone."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
