"""The calculation server: all routes under the middlewares that hold for every request."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from core.law import law
from udfs.server import batch, form, manifest, officejs, pane, reference, signin, version
from udfs.server.jobs import routes as recalculation
from udfs.server.requests import Logged, Rejected, log_to_stdout, problem, rejection
from udfs.server.security import security
from udfs.server.settings import Settings
from udfs.server.work import Workshop

_SENTENCES = {
    404: ("finns-inte", "Sidan finns inte på den här servern."),
    405: ("fel-metod", "Den metoden tas inte emot på den här adressen."),
}


def create_app(settings: Settings) -> Starlette:
    """The server's application. Raises ValueError (SettingsError, PolicyError), in Swedish."""
    for path in settings.offered.values():
        law(str(path))  # a policy file that is wrong is told of now, and no call has to wait for it to be read

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        version.rules_version(settings)
        app.state.workshop = Workshop(settings.threads, settings.time_limit)
        async with recalculation.running(app, settings):
            yield

    routes = [
        *version.routes(settings),
        *batch.routes(settings),
        *signin.routes(settings),
        *officejs.routes(settings),
        *manifest.routes(settings),
        *pane.routes(settings),
        *reference.routes(settings),
        *form.routes(settings),
        *recalculation.routes(settings),
    ]
    headers, cross_origin = security(settings)
    middleware = [headers, Middleware(Logged), cross_origin, signin.guard(settings)]
    handlers = {Rejected: _rejected, HTTPException: _http_error}
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=lifespan)  # type: ignore[arg-type]


def from_environment() -> Starlette:
    """The application of a worker process, by the settings that its parent left in the environment."""
    log_to_stdout()
    return create_app(Settings.from_environment())


async def _rejected(request: Request, rejected: Rejected) -> Response:
    request.scope.setdefault("fardkost.facts", {})["code"] = rejected.code
    return rejection(rejected)


async def _http_error(request: Request, error: HTTPException) -> Response:
    code, sentence = _SENTENCES.get(error.status_code, ("fel", "Begäran kan inte utföras."))
    return problem(error.status_code, sentence, code, dict(error.headers or {}))
