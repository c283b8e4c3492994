"""`POST /form`: a filled-in form recalculated at once, and the page `/formular` where one is handed in."""

from __future__ import annotations

import tempfile
import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from core.vocabulary.parsed import quoted
from udfs.commands.output import swedish
from udfs.forms import FormResult, recalculate_form
from udfs.server import version
from udfs.server.batch import setting
from udfs.server.jobs.options import NO, YES
from udfs.server.jobs.page import files_version, page_headers
from udfs.server.jobs.routes import check_origin
from udfs.server.jobs.uploads import Form, read_form
from udfs.server.pane import ASK_EACH_TIME
from udfs.server.reference import render
from udfs.server.requests import Rejected, json_response, note
from udfs.server.settings import Settings
from udfs.server.work import workshop
from xlsx.errors import UnreadableSheet
from xlsx.forms.evaluation.apart import READABLE
from xlsx.forms.evaluation.pdf import NoPdf, write_pdf
from xlsx.forms.named import form_limits
from xlsx.patch.errors import Unpatchable

FIELDS: Final = ("policy", "pdf", "answer")
ANSWERS: Final = ("json", "xlsx", "pdf")
"""What the answer is: all that there is to say with the files in it, or one file alone."""

TYPES: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".pdf": "application/pdf",
}
_PRINTING: Final = threading.BoundedSemaphore(1)
"""LibreOffice is large: one at a time in each process."""


class File(msgspec.Struct):
    """A file in an answer, its content in base64."""

    name: str
    type: str
    content: str


class FormAnswer(msgspec.Struct):
    """What POST /form answers. pdf_problem: why there is no PDF although one was asked for."""

    form: FormResult
    file: File
    pdf: File | None = None
    pdf_problem: str | None = None


@dataclass(frozen=True)
class Asked:
    """What a request wants beside the form itself. policy: None leaves the form's own."""

    policy: str | None
    pdf: bool
    answer: str


def routes(settings: Settings) -> list[BaseRoute]:
    """`/form`, and the page."""

    async def submit(request: Request) -> Response:
        check_origin(request, settings)
        with tempfile.TemporaryDirectory(prefix="fardkost-form-") as folder:
            most = min(settings.max_upload, form_limits().file)
            form = await read_form(request, Path(folder), most)
            asked, name = _asked(form, settings), _name(form)
            note(request, form_bytes=form.size)

            def work(check: Callable[[], None]) -> Response:
                return _answered(Path(folder), name, asked, settings, check)

            return await workshop(request).run(work)

    # No coroutine: the policies are read, in a thread.
    def page(request: Request) -> Response:
        most = min(settings.max_upload, form_limits().file)
        shown = render(
            "berakna/formular.html",
            settings,
            version=files_version(),
            policies=version.described(settings)["policies"],
            kinds=", ".join(READABLE),
            most=most,
            most_written=f"{swedish(most / 1e6, 0)} MB",
            url=settings.public_url.rstrip("/"),
            signs_in=settings.signs_in,
        )
        return HTMLResponse(shown, headers={"Cache-Control": ASK_EACH_TIME, **page_headers(settings)})

    return [Route("/form", submit, methods=["POST"]), Route("/formular", page, methods=["GET"])]


def _asked(form: Form, settings: Settings) -> Asked:
    """The fields of a form. Raises Rejected."""
    fields: Mapping[str, str] = form.fields
    if stray := [name for name in fields if name not in FIELDS]:
        names = ", ".join(("file", *FIELDS))
        raise Rejected(422, "fel-form", f"Fältet {quoted(stray[0])} är okänt. Fälten är {names}.")
    pdf, answer = fields.get("pdf", "").lower(), fields.get("answer", "").lower() or ANSWERS[0]
    if pdf not in (*YES, *NO):
        raise Rejected(422, "fel-form", f"pdf: {quoted(pdf)} ska vara ja eller nej.")
    if answer not in ANSWERS:
        raise Rejected(422, "fel-form", f"answer: {quoted(answer)} ska vara {', '.join(ANSWERS[:-1])} eller pdf.")
    policy = fields.get("policy") or None
    setting(settings, policy, None)
    return Asked(policy, pdf in YES or answer == "pdf", answer)


def _name(form: Form) -> str:
    if form.name is None:
        raise Rejected(422, "ingen-fil", 'Filen saknas. Skicka den i fältet "file".')
    if Path(form.name).suffix.lower() not in READABLE:
        kinds = " och ".join(READABLE)
        raise Rejected(415, "fel-filtyp", f"Formulär läses som {kinds}. Andra blad räknas om med POST /recalc.")
    return form.name


def _answered(folder: Path, name: str, asked: Asked, settings: Settings, check: Callable[[], None]) -> Response:
    """The answer to a form that has come. Raises Rejected."""
    source = folder / name
    suffix = source.suffix.lower()
    # A name of its own, whatever the form is called.
    out = folder / "beräknad" / f"{source.stem}-beräknad{suffix}"
    out.parent.mkdir()
    try:
        made = recalculate_form(
            source,
            out,
            asked.policy,
            policies=settings.offered,
            default_policy=settings.policy,
            seconds=settings.time_limit,
        )
    except (UnreadableSheet, Unpatchable) as why:
        raise Rejected(422, "fel-fil", str(why)) from None
    check()
    printed, problem = _printed(out, settings, check) if asked.pdf else (None, None)
    if asked.answer == "xlsx":
        return _alone(out)
    if asked.answer == "pdf":
        if printed is None:
            raise Rejected(503, "ingen-pdf", problem or "")
        return _alone(printed)
    answer = FormAnswer(made, _file(out), None if printed is None else _file(printed), problem)
    return json_response(msgspec.json.encode(answer))


def _printed(out: Path, settings: Settings, check: Callable[[], None]) -> tuple[Path | None, str | None]:
    """The form as PDF, or why there is none."""
    pdf = out.with_suffix(".pdf")
    with _PRINTING:
        check()
        try:
            write_pdf(out, pdf, settings.time_limit)
        except NoPdf as why:
            return None, str(why)
        except OSError:
            return None, "PDF:en kunde inte skrivas på servern. Försök igen senare."
    return pdf, None


def _file(path: Path) -> File:
    return File(path.name, TYPES[path.suffix], b64encode(path.read_bytes()).decode())


def _alone(path: Path) -> Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": f"attachment; filename*=utf-8''{quote(path.name)}"}
    return Response(path.read_bytes(), headers=headers, media_type=TYPES[path.suffix])
