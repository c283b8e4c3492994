"""The pages for people: the start page, and the function reference with its examples computed by this server."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from core.catalogue import Rule
from core.engine.clock import day_number
from core.law import law
from core.policies import PolicyError
from core.vocabulary import normalise
from udfs.calculation import Setting, calculating
from udfs.commands.output import swedish
from udfs.registry import CATEGORIES, FUNCTIONS, Function
from udfs.server import batch
from udfs.server.examples import Error, Example, computed, errors, example, rules_of
from udfs.server.keys import PREFIX
from udfs.server.settings import MEBIBYTE, Settings
from udfs.server.version import product_version, rules_version

PAGES: Final = Path(__file__).with_name("pages")
FILES: Final = {"page.css": "text/css", "reference.js": "text/javascript"}
"""What the pages load, below /docs/."""

CACHING: Final = {"Cache-Control": "no-cache"}

SHAPES: Final = {"kolumn": "värde eller kolumn", "tabell": "område", "värde": "ett värde"}

MEALS: Final = (
    ("FLM", "frukost, lunch och middag, fria och skattepliktiga"),
    ("Fh", "frukost som ingår i hotellets pris"),
    ("Lt", "måltid som ingår i biljetten på allmänt färdmedel, likaså Ft och Mt"),
    ("Mr", "måltid vid extern representation"),
    ("Li", "måltid vid intern representation, kurs eller planeringsdag"),
    ("Ma", "måltid som en affärskontakt bjuder på"),
    ("FhLM, Fh, -", "hotellfrukost, lunch och middag första dygnet, hotellfrukost det andra, inget det tredje"),
    ("*Fh", "hotellfrukost alla dygn"),
)

CODES: Final = (
    ("#VALUE!", "Något saknas eller är av fel slag.", "TRAKTAMENTE", ("2024-03-04 07:00", None)),
    ("#NUM!", "Värdet är omöjligt.", "TRAKTAMENTE", ("2024-03-06 20:00", "2024-03-04 07:00")),
    ("#N/A", "En sats finns inte för dagen, eller regeln finns inte.", "SATS", ("maximibelopp", "2005-05-02")),
)

STATUSES: Final = (
    ("400", "Det är ingen JSON."),
    ("401, 403", "Inloggning saknas, gäller inte längre eller räcker inte."),
    ("408", "Begäran kom inte fram i tid."),
    ("413", "Begäran eller svaret är för stort. Dela upp."),
    ("415", "Content-Type är inte application/json, eller innehållet är komprimerat."),
    ("422", "JSON som inte har den form som beskrivs här, eller en policy eller ett datum som inte finns."),
    ("429", "För många misslyckade inloggningar. Vänta en stund."),
    ("503", "Servern hinner inte. Försök igen om en stund."),
)

LINKS: Final = (
    {
        "path": "/berakna",
        "title": "Räkna om ett blad",
        "text": "Lämna en fil med resor och få tillbaka den med resultaten.",
    },
    {
        "path": "/formular",
        "title": "Räkna om ett formulär",
        "text": "Lämna en ifylld reseräkning eller budget och få tillbaka den uträknad, även som PDF.",
    },
    {"path": "/docs", "title": "Funktionerna", "text": "Argument, exempel och regler, och hur servern anropas."},
    {
        "path": "/manifest.xml",
        "title": "Tillägget för Excel",
        "text": "Manifestet som laddas upp i administrationscentret för Microsoft 365.",
    },
    {"path": "/version", "title": "Version", "text": "Regler, satser och policyer som servern räknar med (JSON)."},
)

OPS: Final[list[dict[str, Any]]] = [
    {
        "function": "TRAKTAMENTE",
        "calls": 3,
        "columns": [
            ["2024-03-04 07:00", "2024-03-05 13:00", "2024-03-06 07:00"],
            ["2024-03-06 20:00", "2024-03-06 15:00", "2024-03-05 18:00"],
            ["Sverige"],
        ],
    },
    {"function": "MERSTRACKA", "arguments": [{"rows": 2, "columns": 1, "values": [48, 12]}, 17.5]},
]
"""What the page's request asks for: three trips, the last of which ends before it begins, and a range of two rows."""


@dataclass(frozen=True)
class Entry:
    """One function on the page."""

    function: Function
    example: Example
    errors: Sequence[Error]
    rules: Sequence[Rule]


@dataclass(frozen=True)
class Category:
    """Functions that belong together, and the name of the place on the page."""

    title: str
    anchor: str
    entries: Sequence[Entry]


def routes(settings: Settings) -> list[BaseRoute]:
    """`/`, `/docs` and the files that they load."""

    def start(request: Request) -> Response:
        return HTMLResponse(render("start.html", settings, links=LINKS), headers=CACHING)

    # No coroutine: the first call of a day computes all examples, in a thread.
    def reference(request: Request) -> Response:
        return HTMLResponse(reference_page(settings, rules_version(settings), date.today()), headers=CACHING)

    async def file(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        return FileResponse(PAGES / name, media_type=FILES[name], headers=CACHING)

    return [
        Route("/", start, methods=["GET"]),
        Route("/docs", reference, methods=["GET"]),
        *(Route(f"/docs/{name}", file, methods=["GET"]) for name in FILES),
    ]


@lru_cache(maxsize=4)
def reference_page(settings: Settings, rules: str, today: date) -> str:
    """The function reference as HTML, with examples computed under these rules on this day."""
    with calculating(Setting(settings.policy, day_number(today), settings.offered)):
        categories = [_category(title) for title in CATEGORIES]
        codes = [(code, says, example(FUNCTIONS[name], arguments)) for code, says, name, arguments in CODES]
    policies = {name: _title(path) for name, path in settings.offered.items()}
    request = written({"policy": settings.policy, "date": today.isoformat(), "ops": OPS}, "ops")
    # The example is answered also where the limits are set too low for it.
    roomy = replace(settings, max_calls=100, max_cells=1000)
    answer = json.loads(batch.answer(request.encode(), roomy).body)
    return render(
        "reference.html",
        settings,
        categories=categories,
        codes=codes,
        shapes=SHAPES,
        meals=MEALS,
        policies=policies.items(),
        policy={"name": settings.policy, "title": policies[settings.policy]},
        today=today.isoformat(),
        curl=curl(settings, request),
        answer=written(answer, "answers"),
        signs_in=_asks_to_sign_in(settings),
        entra=settings.tokens is not None,
        limits=_limits(settings),
        statuses=STATUSES,
    )


def render(page: str, settings: Settings, **content: Any) -> str:
    """A page of the folder with its content, every text escaped."""
    return _templates().get_template(page).render(product=product_version(), rules=rules_version(settings), **content)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = FileSystemLoader(PAGES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _category(title: str) -> Category:
    functions = [function for function in FUNCTIONS.values() if function.category == title]
    entries = [Entry(one, computed(one), errors(one), rules_of(one)) for one in functions]
    return Category(title, re.sub(r"[^a-z]+", "-", normalise(title)), entries)


def curl(settings: Settings, request: str) -> str:
    """The request as a command for a shell."""
    headers = ["Content-Type: application/json"]
    if _asks_to_sign_in(settings):
        headers.append(f"Authorization: Bearer {PREFIX}…")
    options = [*(f"-H {shlex.quote(header)}" for header in headers), f"-d {shlex.quote(request)}"]
    return " \\\n  ".join([f"curl -s {shlex.quote(f'{settings.public_url}/batch')}", *options])


def written(content: dict[str, Any], listed: str) -> str:
    """JSON with a line for each key and for each item of the list `listed`."""
    parts = []
    for key, value in content.items():
        text = json.dumps(value, ensure_ascii=False)
        if key == listed:
            text = "[\n    " + ",\n    ".join(json.dumps(item, ensure_ascii=False) for item in value) + "\n  ]"
        parts.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}"


def _asks_to_sign_in(settings: Settings) -> bool:
    return settings.signs_in and not settings.open_access


def _title(path: Path) -> str:
    """The name of the organisation whose policy it is, or what is wrong with the file."""
    try:
        return law(str(path)).policy.title
    except PolicyError as problem:
        return f"kan inte användas: {problem}"


def _limits(settings: Settings) -> dict[str, str]:
    return {
        "body": f"{swedish(round(settings.max_body / MEBIBYTE, 1))} MiB",
        "calls": swedish(settings.max_calls),
        "cells": swedish(settings.max_cells),
        "seconds": swedish(settings.time_limit),
    }
