"""The task pane: its page and files, and what it asks of the server beside `/batch`."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any, Final

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core import catalogue
from core.engine import CellError
from core.engine.clock import as_date, day_number
from core.law import law
from core.policies.schema import read_policy_file
from core.vocabulary import closest
from core.vocabulary.parsed import quoted
from udfs import functions  # noqa: F401  # registers the functions
from udfs.calculation import calculating
from udfs.in_force import InForce, figures_in_force
from udfs.insight import explanation
from udfs.notation import parse
from udfs.registry import CATEGORIES, FUNCTIONS, Function, Parameter, by_name
from udfs.server.batch import setting
from udfs.server.cells import Malformed, argument
from udfs.server.faults import unreadable
from udfs.server.officejs import asset_path
from udfs.server.requests import Rejected, json_response, problem, read_json_body
from udfs.server.settings import Settings
from udfs.server.version import product_version, rules_version
from udfs.server.wire import Argument, Given, Text
from udfs.server.work import workshop

OFFICEJS: Final = Path(__file__).parents[1] / "officejs"
PAGE: Final = "taskpane.html"
TYPES: Final = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_EACH_TIME: Final = "no-cache"

POLICY: Final = "policy"
"""The name of the argument that names a policy, in every function that has one."""

STEP: Final = ("title", "value", "unit", "rules", "source", "from", "status")
"""What the columns of an explanation are called in JSON."""


class ExplainRequest(Struct, forbid_unknown_fields=True):
    """POST /explain: one call, its arguments as in an op of `/batch`."""

    function: Text
    arguments: list[Argument] = []
    policy: Text | None = None
    date: Text | None = None


READ_EXPLAIN: Final = msgspec.json.Decoder(ExplainRequest)


def routes(settings: Settings) -> list[BaseRoute]:
    """`/taskpane` with its files, `/pane/functions`, `/pane/figures`, `/pane/policies` and `/explain`."""
    page = Template(pane_files()[PAGE].decode())

    async def taskpane(request: Request) -> Response:
        shown = page.substitute(
            version=pane_version(),
            office_js=html.escape(settings.office_js),
            functions_js=asset_path(settings, "functions.js").removeprefix("/"),
        )
        return Response(shown, headers={"Cache-Control": ASK_EACH_TIME}, media_type="text/html")

    async def file(request: Request) -> Response:
        name = request.path_params["file"]
        suffix = Path(name).suffix
        if name not in pane_files() or suffix not in TYPES:
            return problem(404, f"Filen {quoted(name)} finns inte.", "finns-inte")
        # A page of an older version may still ask for its files: it gets those of today, not for ever.
        caching = FOR_EVER if request.path_params["version"] == pane_version() else ASK_EACH_TIME
        return Response(pane_files()[name], headers={"Cache-Control": caching}, media_type=TYPES[suffix])

    async def functions_known(request: Request) -> Response:
        return await _made(request, lambda check: msgspec.json.encode(described_functions(settings)))

    async def policies(request: Request) -> Response:
        return await _made(request, lambda check: msgspec.json.encode(described_policies(settings)))

    async def figures(request: Request) -> Response:
        policy, day = (request.query_params.get(name) or None for name in ("policy", "date"))
        return await _made(request, lambda check: msgspec.json.encode(described_figures(settings, policy, day)))

    async def explain(request: Request) -> Response:
        body = await read_json_body(request, settings.max_body)
        return await _made(request, lambda check: explained(body, settings, check))

    return [
        Route("/taskpane", taskpane),
        Route("/taskpane/{version}/{file}", file),
        Route("/pane/functions", functions_known),
        Route("/pane/policies", policies),
        Route("/pane/figures", figures),
        Route("/explain", explain, methods=["POST"]),
    ]


async def _made(request: Request, work: Callable[[Callable[[], None]], bytes]) -> Response:
    return json_response(await workshop(request).run(work))


@cache
def pane_files() -> dict[str, bytes]:
    """The pane's page, styles and scripts by name, with the library that signs users in."""
    files = [*sorted((OFFICEJS / "pane").iterdir()), OFFICEJS / "vendor" / "msal" / "msal-browser.min.js"]
    return {path.name: path.read_bytes() for path in files if path.suffix in (".html", *TYPES)}


@cache
def pane_version() -> str:
    """A short text that changes with the pane's files; it stands in their addresses."""
    return sha256(b"\0".join(pane_files().values())).hexdigest()[:12]


# What the pane asks


def described_functions(settings: Settings) -> dict[str, Any]:
    """All functions as the pane shows them, in the order of the registry; examples also as values."""
    policies = tuple(settings.offered)
    return {"categories": CATEGORIES, "functions": [_function(one, policies) for one in FUNCTIONS.values()]}


def _function(function: Function, policies: tuple[str, ...]) -> dict[str, Any]:
    return {
        "name": function.name,
        "category": function.category,
        "summary": function.summary,
        "description": function.description,
        "gives_table": function.gives_table,
        "example": function.example,
        "example_arguments": parse(function.example)[1],
        "parameters": [_parameter(parameter, policies) for parameter in function.parameters],
    }


def _parameter(parameter: Parameter, policies: tuple[str, ...]) -> dict[str, Any]:
    about, names_policy = parameter.argument, parameter.name == POLICY
    return {
        "title": about.title,
        "description": "Policyns namn; utelämnat är arbetsbokens policy" if names_policy else about.description,
        "shape": about.shape,
        "choices": policies if names_policy else about.choices,
        "required": parameter.required,
        "repeated": parameter.repeated,
    }


def described_policies(settings: Settings) -> dict[str, Any]:
    """The policies that may be chosen, which of them holds when none is, and the versions of what computes."""
    policies = [
        {"name": name, **_about_policy(path, path.stat().st_mtime_ns)} for name, path in settings.offered.items()
    ]
    return {
        "product": product_version(),
        "version": rules_version(settings),
        "default": settings.policy,
        "policies": policies,
    }


@lru_cache(maxsize=256)
def _about_policy(path: Path, changed: int) -> dict[str, str]:
    content = read_policy_file(path)
    return {"title": content.titel, "source": content.kalla, "note": content.anmarkning}


def described_figures(settings: Settings, policy: str | None, day: str | None) -> dict[str, Any]:
    """All figures under a policy on a date (today without one). Raises Rejected."""
    chosen = setting(settings, policy, day)
    number = day_number(date.today()) if chosen.today is None else chosen.today
    assert chosen.policy is not None
    under = law(str(settings.offered[chosen.policy]))
    return {
        "policy": {"name": chosen.policy, "title": under.policy.title},
        "date": as_date(number).isoformat(),
        "figures": [_figure(found) for found in figures_in_force(under.figures.values(), number)],
    }


def _figure(found: InForce) -> dict[str, Any]:
    values = [
        {
            "key": stated.word,
            "title": stated.title,
            "value": stated.value,
            "from": stated.from_date,
            "status": stated.status,
            "source": stated.source,
        }
        for stated in found.values
    ]
    figure = found.figure
    return {
        "name": figure.name,
        "title": figure.title,
        "unit": figure.unit,
        "rules": figure.refs,
        "missing": found.missing,
        "values": values,
    }


def explained(body: bytes, settings: Settings, check: Callable[[], None] = lambda: None) -> bytes:
    """The answer of POST /explain: the steps of one call, the texts of their rules, and what it was computed under.

    What is wrong with the call as a whole stands in `error` and leaves no steps. Raises Rejected.
    """
    try:
        request = READ_EXPLAIN.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise unreadable(wrong) from None
    function = _known(request.function)
    _check_size(request, settings)
    chosen = setting(settings, request.policy, request.date, check)
    try:
        arguments = _arguments(function, request.arguments)
    except Malformed as wrong:
        raise Rejected(422, "fel-form", str(wrong)) from None
    with calculating(chosen):
        answer = explanation(function.name, arguments)
    failed = isinstance(answer, CellError)
    steps = [] if failed else [_step(row) for row in answer[1:]]
    return msgspec.json.encode(
        {
            "version": rules_version(settings),
            "function": function.name,
            "policy": _effective_policy(settings, chosen.policy, function, arguments),
            "date": as_date(day_number(date.today()) if chosen.today is None else chosen.today).isoformat(),
            "error": {"code": answer.code, "message": answer.message} if failed else None,
            "steps": steps,
            "rules": _rule_texts(steps),
        }
    )


def _known(name: str) -> Function:
    function = by_name(name)
    if function is None or function.name == "FORKLARA":
        near = closest(name.upper(), [known for known in FUNCTIONS if known != "FORKLARA"])
        maybe = f" Menade du {' eller '.join(near)}?" if near else ""
        raise Rejected(422, "okand-funktion", f"Funktionen {quoted(name)} finns inte eller kan inte förklaras.{maybe}")
    return function


def _check_size(request: ExplainRequest, settings: Settings) -> None:
    cells = sum(len(one.values) for one in request.arguments if isinstance(one, Given) and isinstance(one.values, list))
    if cells > settings.max_cells:
        raise Rejected(
            413, "for-manga-celler", f"Begäran har {cells} celler, högst {settings.max_cells} tas emot. Dela upp den."
        )


def _arguments(function: Function, given: list[Any]) -> list[Any]:
    """The values of all arguments that must be given, blank where the call has left them out. Raises Malformed."""
    if len(given) > len(function.parameters):
        raise Malformed(f"{function.name} har högst {len(function.parameters)} argument: {function.signature}.")
    values = [argument(value, f"{function.name}, argument {number}") for number, value in enumerate(given, 1)]
    left_out = function.parameters[len(values) :]
    return values + [None for parameter in left_out if parameter.required]


def _step(row: list[Any]) -> dict[str, Any]:
    step = dict(zip(STEP, row, strict=True))
    return {**step, "rules": [id_ for id_ in step["rules"].split(", ") if id_]}


def _rule_texts(steps: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Text and source of every rule that the steps name."""
    rules = catalogue.all_rules()
    named = dict.fromkeys(id_ for step in steps for id_ in step["rules"] if id_ in rules)
    return {id_: {"text": rules[id_].text, "source": f"{rules[id_].document}, {rules[id_].section}"} for id_ in named}


def _effective_policy(
    settings: Settings, chosen: str | None, function: Function, arguments: list[Any]
) -> dict[str, str]:
    """The policy that the call itself names, or else the one of the request."""
    names = [parameter.name for parameter in function.parameters]
    place = names.index(POLICY) if POLICY in names else len(arguments)
    stated = arguments[place] if place < len(arguments) else None
    name = stated.strip() if isinstance(stated, str) and stated.strip() in settings.offered else chosen or ""
    path = settings.offered[name]
    return {"name": name, "title": _about_policy(path, path.stat().st_mtime_ns)["title"]}
