"""`/recalc`: hand in a sheet, follow its computation, fetch the result, delete it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import anyio.to_thread
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from udfs.server.jobs import page
from udfs.server.jobs.events import described, states
from udfs.server.jobs.files import Files
from udfs.server.jobs.options import options_of_form, options_of_json, saved_at
from udfs.server.jobs.runner import LOG, Runner
from udfs.server.jobs.store import Full, Job, Store
from udfs.server.jobs.uploads import Form, read_form
from udfs.server.requests import Rejected, json_response, note, read_json_body
from udfs.server.settings import Settings
from udfs.server.signin import OPEN

NO_JOB: Final = "Beräkningen finns inte. Den kan ha tagits bort eller blivit för gammal."
NOT_DONE: Final = "Beräkningen är inte klar."
FULL: Final = "Servern har så många beräkningar som den tar emot. Ta bort någon, eller försök igen senare."
UNAVAILABLE: Final = "Den här servern kan inte ta emot blad just nu: mappen för dem går inte att använda."
STREAM: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Jobs:
    """The jobs of a server as one of its worker processes sees them."""

    def __init__(self, settings: Settings) -> None:
        """Raises OSError and sqlite3.Error when the folder of jobs cannot be used."""
        self.files = Files(settings.jobs)
        self.store = Store(self.files.database, settings.job_lifetime)
        self.runner = Runner(settings, self.store, self.files)


@asynccontextmanager
async def running(application: Starlette, settings: Settings) -> AsyncIterator[None]:
    """Within this, the jobs of the server are carried out."""
    try:
        jobs = await anyio.to_thread.run_sync(lambda: Jobs(settings))
    except (OSError, sqlite3.Error):
        # The worksheet functions do without: a server without a place to write is still of use.
        LOG.exception("jobs: the folder cannot be used, sheets are not taken")
        yield
        return
    application.state.jobs = jobs
    jobs.runner.start()
    try:
        yield
    finally:
        await anyio.to_thread.run_sync(jobs.runner.stop)


def routes(settings: Settings) -> list[BaseRoute]:
    """`/recalc` and what is below it, and the page `/berakna`."""

    async def submit(request: Request) -> Response:
        check_origin(request, settings)
        jobs = _jobs(request)
        await _in_thread(lambda: _check_room(jobs, settings))
        job = await _in_thread(jobs.files.new)
        try:
            form = await read_form(request, jobs.files.sheet_folder(job), settings.max_upload)
            await _in_thread(lambda: _accept(jobs, job, request.state.caller, form, settings))
        except BaseException:
            jobs.files.delete(job)
            raise
        jobs.runner.wake()
        note(request, job_bytes=form.size)
        return _answer(await _found(request, job), 202)

    async def listed(request: Request) -> Response:
        owner = request.state.caller
        # Where nobody signs in, all are the same caller and none is to see the others' jobs.
        owned = [] if owner == OPEN else await _in_thread(lambda: _jobs(request).store.owned(owner))
        return json_response(msgspec.json.encode({"jobs": [described(job) for job in owned]}))

    async def again(request: Request) -> Response:
        check_origin(request, settings)
        options = options_of_json(await read_json_body(request, settings.max_body), settings)
        job, jobs = await _found(request), _jobs(request)
        if not await _in_thread(lambda: jobs.store.again(job.id, job.owner, options)):
            raise Rejected(409, "inte-klar", NOT_DONE)
        jobs.runner.wake()
        return _answer(await _found(request), 202)

    return [
        Route("/recalc", submit, methods=["POST"]),
        Route("/recalc", listed, methods=["GET"]),
        Mount(
            "/recalc",
            routes=[
                Route("/{id}", state, methods=["GET"]),
                Route("/{id}", delete, methods=["DELETE"]),
                Route("/{id}/events", events, methods=["GET"]),
                Route("/{id}/result", result, methods=["GET"]),
                Route("/{id}/report", report, methods=["GET"]),
                Route("/{id}/again", again, methods=["POST"]),
            ],
        ),
        *page.routes(settings),
    ]


async def state(request: Request) -> Response:
    """GET /recalc/{id}."""
    return _answer(await _found(request))


async def events(request: Request) -> Response:
    """GET /recalc/{id}/events."""
    job, store = await _found(request), _jobs(request).store
    return StreamingResponse(states(lambda: store.find(job.id, job.owner)), 200, STREAM, "text/event-stream")


async def result(request: Request) -> Response:
    """GET /recalc/{id}/result."""
    job, run = await _done(request)
    assert job.result is not None
    path = _there(_jobs(request).files.run_folder(job.id, run) / job.result)
    return FileResponse(path, headers={"Cache-Control": "no-store"}, filename=job.result, media_type=_kind(job.result))


async def report(request: Request) -> Response:
    """GET /recalc/{id}/report."""
    job, run = await _done(request)
    path = _there(_jobs(request).files.report(job.id, run))
    return FileResponse(path, headers={"Cache-Control": "no-store"}, media_type="application/json")


async def delete(request: Request) -> Response:
    """DELETE /recalc/{id}."""
    job, jobs = await _found(request), _jobs(request)
    await _in_thread(lambda: _delete(jobs, job))
    return Response(status_code=204)


def _delete(jobs: Jobs, job: Job) -> None:
    try:
        jobs.store.delete(job.id, job.owner)
    except sqlite3.OperationalError:
        # The disk may be full: the files are what takes room on it.
        jobs.files.delete(job.id)
        jobs.store.delete(job.id, job.owner)
    jobs.files.delete(job.id)


def _kind(name: str) -> str:
    macros = name.lower().endswith(".xlsm")
    return (
        "application/vnd.ms-excel.sheet.macroEnabled.12"
        if macros
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )


def check_origin(request: Request, settings: Settings) -> None:
    """Refuse a form that another site sends by the user's browser. Raises Rejected."""
    origin = request.headers.get("origin")
    own = {f"{request.url.scheme}://{request.headers.get('host', '')}", _origin(settings.public_url)}
    if origin is not None and origin not in own | set(settings.allowed_origins):
        raise Rejected(403, "fel-webbplats", "Sidan som skickar filen hör inte till den här servern.")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _check_room(jobs: Jobs, settings: Settings) -> None:
    try:
        jobs.store.check_room(settings.max_jobs)
    except Full:
        raise Rejected(503, "fullt", FULL, 60) from None


def _accept(jobs: Jobs, job: str, owner: str, form: Form, settings: Settings) -> None:
    """Put a sheet that has come in the queue. Raises Rejected."""
    options, saved = options_of_form(form.fields, settings), saved_at(form.fields)
    if form.name is None:
        raise Rejected(422, "ingen-fil", 'Filen saknas. Skicka den i fältet "file".')
    if saved is not None:
        # The result tells when the sheet was saved.
        os.utime(jobs.files.sheet(job, form.name), (saved, saved))
    jobs.store.add(job, owner, form.name, form.size, options)


async def _found(request: Request, job_id: str | None = None) -> Job:
    """The caller's job of that id, or of the id in the path. Raises Rejected."""
    wanted = job_id or request.path_params["id"]
    job: Job | None = await _in_thread(lambda: _jobs(request).store.find(wanted, request.state.caller))
    if job is None:
        raise Rejected(404, "finns-inte", NO_JOB)
    return job


async def _done(request: Request) -> tuple[Job, str]:
    """The caller's job, which is done, and the name of its latest run. Raises Rejected."""
    job = await _found(request)
    if job.state == "failed":
        raise Rejected(409, "misslyckad", job.message or NOT_DONE)
    if job.state != "done" or job.run is None:
        raise Rejected(409, "inte-klar", NOT_DONE)
    return job, job.run


def _there(path: Path) -> Path:
    """The file, unless somebody has removed it from the folder. Raises Rejected."""
    if not path.is_file():
        raise Rejected(404, "finns-inte", NO_JOB)
    return path


def _answer(job: Job, status: int = 200) -> Response:
    there = {"Location": f"/recalc/{job.id}"} if status == 202 else {}
    return json_response(msgspec.json.encode(described(job)), status, there)


def _jobs(request: Request) -> Jobs:
    found: Jobs | None = getattr(request.app.state, "jobs", None)
    if found is None:
        raise Rejected(503, "inte-tillganglig", UNAVAILABLE, 600)
    return found


async def _in_thread(work: Callable[[], Any]) -> Any:
    """What `work` gives, done beside. Raises Rejected where the folder of jobs cannot be used, as when it is full."""
    try:
        return await anyio.to_thread.run_sync(work)
    except (OSError, sqlite3.Error):
        LOG.exception("jobs: the database or the folder cannot be used")
        raise Rejected(503, "inte-tillganglig", UNAVAILABLE, 60) from None
