"""The server's outer layers around routes of our own that say who called."""

from __future__ import annotations

from typing import Any

import anyio
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket

from udfs.server.security import security
from udfs.server.settings import Settings
from udfs.server.signin import guard, routes

PUBLIC_URL = "https://fardkost.kommun.se"


def application(settings: Settings) -> Starlette:
    """The layers around routes that say who called."""

    async def who(request: Request) -> Response:
        return JSONResponse({"caller": request.state.caller})

    async def page(request: Request) -> Response:
        return PlainTextResponse("sida")

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    return Starlette(
        routes=[
            *routes(settings),
            *(Route(path, page) for path in ("/", "/health", "/docs", "/taskpane", "/functions.json", "/pane/figures")),
            Mount("/taskpane", routes=[Route("/pane.js", page)]),
            Route("/batch", who, methods=["POST"]),
            Route("/jobs", who),
            WebSocketRoute("/socket", socket),
        ],
        middleware=[*security(settings), guard(settings)],
    )


class Client:
    """Calls an application in this process, one call after the other."""

    def __init__(self, called: Starlette) -> None:
        self.application = called

    def request(self, verb: str, path: str, headers: Any = None) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.application)
            async with httpx.AsyncClient(transport=transport, base_url="http://server") as asking:
                return await asking.request(verb, path, headers=headers)

        return anyio.run(call)

    def get(self, path: str, headers: Any = None) -> httpx.Response:
        return self.request("GET", path, headers)

    def post(self, path: str, headers: Any = None) -> httpx.Response:
        return self.request("POST", path, headers)

    def raw(self, **scope: Any) -> list[Any]:
        """What the application sends for a call that no client would make."""
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            kind = "http.request" if scope["type"] == "http" else "websocket.connect"
            return {"type": kind, "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        whole = {
            "headers": [],
            "query_string": b"",
            "root_path": "",
            "server": ("x", 80),
            "http_version": "1.1",
            **scope,
        }
        anyio.run(self.application, whole, receive, send)
        return sent


def client(settings: Settings) -> Client:
    return Client(application(settings))


def bearer(credentials: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credentials}"}


def error(response: httpx.Response) -> tuple[int, str, str]:
    """Status, code and message of a request that was refused."""
    content = response.json()["error"]
    return response.status_code, content["code"], content["message"]
