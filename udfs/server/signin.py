"""Who may call: an API key or a token of Microsoft Entra ID in the header `Authorization: Bearer …`."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from udfs.server.keys import PREFIX, KeyRing
from udfs.server.requests import problem
from udfs.server.security import is_loopback
from udfs.server.settings import Settings
from udfs.server.signing_keys import KeysUnavailable
from udfs.server.tokens import SCOPE, Refused, Tokens, is_token

PUBLIC: Final = frozenset(
    {
        *("/", "/health", "/version", "/docs", "/manifest.xml", "/favicon.ico", "/signin.json"),
        *("/functions.json", "/functions.js", "/taskpane", "/berakna", "/formular"),
    }
)
PUBLIC_BELOW: Final = ("/taskpane/", "/berakna/", "/static/", "/icons/", "/docs/", "/signin/")
"""Pages and files that say nothing of anybody, and that Excel fetches before the user has signed in. All else, also
what is added later, asks for sign-in."""

OPEN: Final = "open"
"""The caller where the server asks nobody to sign in."""

FAILURES: Final = 60
PER: Final = 60.0
"""So many failed attempts in so many seconds are answered with their reason; more are told to wait."""

CHALLENGES: Final = {401: "invalid_token", 403: "insufficient_scope"}
"""What the header WWW-Authenticate calls the reason (RFC 6750)."""

MSAL: Final = Path(__file__).parents[1] / "officejs" / "vendor" / "msal"
REDIRECT_PAGE: Final = """<!doctype html>
<html lang="sv">
<head><meta charset="utf-8"><title>Inloggning – Färdkost</title></head>
<body>
<p>Inloggningen är klar. Fönstret stängs strax.</p>
<script src="/signin/msal-redirect-bridge.min.js"></script>
<script src="/signin/redirect.js"></script>
</body>
</html>
"""
REDIRECT_SCRIPT: Final = """"use strict";
msalRedirectBridge.broadcastResponseToMainFrame().catch(() => {
  document.querySelector("p").textContent = "Inloggningen kunde inte slutföras. Stäng fönstret och försök igen.";
});
"""


def guard(settings: Settings) -> Middleware:
    """The layer that lets callers in, under the security headers and above the routes.

    Reads the key file and a JWKS file at once; raises ValueError, in Swedish, when one of them is wrong, or when
    others than this machine would reach the server without signing in and the settings do not say that they may.
    """
    if not settings.signs_in and not settings.open_access and reached_by_others(settings):
        raise ValueError(
            f"Servern nås av andra på {settings.public_url} men har ingen inloggning. "
            "Ange --api-keys FIL eller Entra ID, eller --open om vem som helst ska få räkna."
        )
    return Middleware(Guard, check=Check(settings) if settings.signs_in else None)


def reached_by_others(settings: Settings) -> bool:
    """True when other machines reach the server, itself or through a proxy that listens for it."""
    return not (settings.is_loopback and is_loopback(urlsplit(settings.public_url).hostname or ""))


def routes(settings: Settings) -> list[BaseRoute]:
    """`/signin.json`, by which the task pane learns how to sign in, and the page that a sign-in window ends on."""
    answer = method(settings)

    async def signin(request: Request) -> Response:
        return JSONResponse(answer, headers={"Cache-Control": "no-cache"})

    async def page(request: Request) -> Response:
        return HTMLResponse(REDIRECT_PAGE, headers={"Cache-Control": "no-cache"})

    async def script(request: Request) -> Response:
        return Response(REDIRECT_SCRIPT, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    async def bridge(request: Request) -> Response:
        return FileResponse(MSAL / "msal-redirect-bridge.min.js", media_type="text/javascript")

    return [
        Route("/signin.json", signin),
        Route("/signin/redirect", page),
        Route("/signin/redirect.js", script),
        Route("/signin/msal-redirect-bridge.min.js", bridge),
    ]


def method(settings: Settings) -> dict[str, Any]:
    """How the task pane signs in: `none`, `key`, or `entra` with what MSAL needs."""
    if not settings.signs_in:
        return {"method": "none"}
    if settings.tokens is None:
        return {"method": "key"}
    return {
        "method": "entra",
        "clientId": settings.tokens.client_id,
        "tenant": settings.tokens.tenant,
        "scopes": [f"api://{settings.tokens.client_id}/{SCOPE}"],
        "redirectUri": f"{settings.public_url.rstrip('/')}/signin/redirect",
    }


class Check:
    """Whose a key or a token is."""

    def __init__(self, settings: Settings) -> None:
        """Raises ValueError, in Swedish, for a key file or a JWKS file that is wrong."""
        self.keys = KeyRing(settings.api_keys) if settings.api_keys is not None else None
        self.tokens = Tokens(settings.tokens) if settings.tokens is not None else None

    async def caller(self, authorization: str | None) -> str:
        """An opaque id that stays the same for the same caller. Raises Refused."""
        if not authorization:
            raise Refused(401, "inloggning-saknas", f"Anropet saknar inloggning. {self.wanted}")
        scheme, _, credentials = authorization.partition(" ")
        credentials = credentials.strip()
        if scheme.lower() != "bearer" or not credentials:
            raise Refused(401, "fel-inloggning", f"Huvudet Authorization har fel form. {self.wanted}")
        if self.tokens is not None and is_token(credentials):
            return opaque("entra", await self.tokens.caller(credentials))
        key = self.keys.find(credentials) if self.keys is not None else None
        if key is None:
            raise Refused(401, "fel-inloggning", f"Inloggningen godtas inte. {self.wanted}")
        return opaque("key", key.digest)

    @property
    def wanted(self) -> str:
        """What this server accepts, in Swedish."""
        kinds = [f"en API-nyckel ({PREFIX}…)"] if self.keys is not None else []
        kinds += ["en token från Microsoft Entra ID"] if self.tokens is not None else []
        return f"Skicka huvudet Authorization: Bearer följt av {' eller '.join(kinds)}."


def opaque(kind: str, identity: str) -> str:
    """An id that says which kind of caller it is but not who."""
    return f"{kind}-{hashlib.sha256(f'{kind}:{identity}'.encode()).hexdigest()[:32]}"


class Failures:
    """How many attempts have failed of late in this process. Addresses are not kept: those of a municipality are
    one and the same behind its proxy."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """The clock counts seconds and is given by tests."""
        self.clock = clock
        self.times: deque[float] = deque(maxlen=FAILURES)

    def add(self) -> int:
        """Count a failed attempt; the seconds to wait before the next, 0 while there are few."""
        now = self.clock()
        wait = PER - (now - self.times[0]) if len(self.times) == FAILURES else 0.0
        if wait <= 0:
            self.times.append(now)
            return 0
        return max(1, round(wait))


class Guard:
    """ASGI layer: leaves the caller's id in `request.state.caller`, or answers 401, 403, 429 or 503 itself."""

    def __init__(self, app: ASGIApp, check: Check | None) -> None:
        """Without a check everybody is let in."""
        self.app = app
        self.check = check
        self.failures = Failures()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if self.check is None or is_public(scope):
            caller: str | Response = OPEN
        else:
            caller = await self._caller(self.check, scope)
        if isinstance(caller, str):
            scope.setdefault("state", {})["caller"] = caller
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await caller(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _caller(self, check: Check, scope: Scope) -> str | Response:
        """The caller's id, or the answer that refuses; the log is told the code of the reason."""
        authorization = Headers(scope=scope).get("authorization")
        try:
            return await check.caller(authorization)
        except KeysUnavailable as unavailable:
            refused = Refused(503, "inloggning-otillganglig", str(unavailable))
        except Refused as reason:
            refused = reason
        scope.setdefault("fardkost.facts", {})["code"] = refused.code
        return self._refusal(refused, counted=bool(authorization))

    def _refusal(self, refused: Refused, counted: bool) -> Response:
        wait = self.failures.add() if counted and refused.status == 401 else 0
        if wait:
            text = "För många misslyckade inloggningar den senaste minuten. Vänta en stund och försök igen."
            return problem(429, text, "for-manga-forsok", {"Retry-After": str(wait)})
        if refused.status not in CHALLENGES:
            return problem(refused.status, refused.message, refused.code, {"Retry-After": "60"})
        error = f', error="{CHALLENGES[refused.status]}"' if counted else ""
        challenge = {"WWW-Authenticate": f'Bearer realm="Fardkost"{error}'}
        return problem(refused.status, refused.message, refused.code, challenge)


def is_public(scope: Scope) -> bool:
    """True for what anybody may read."""
    path: str = scope["path"]
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return False
    return path in PUBLIC or path.startswith(PUBLIC_BELOW)
