"""POST /batch: many calls in one request, each op answered by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from core.engine.clock import FIRST_DAY, LAST_DAY, day_number
from core.vocabulary import closest
from core.vocabulary.parsed import quoted
from udfs import functions  # noqa: F401  # registers the functions
from udfs.calculation import Setting, calculating
from udfs.registry import FUNCTIONS, Function, by_name
from udfs.server import calls
from udfs.server.cells import Malformed, answer_of, argument, errors_of, size
from udfs.server.faults import unreadable
from udfs.server.requests import Rejected, json_response, note, read_json_body
from udfs.server.settings import Settings
from udfs.server.version import rules_version
from udfs.server.wire import (
    ENCODER,
    READ_BATCH,
    BatchAnswer,
    BatchRequest,
    CallsAnswer,
    Fault,
    Given,
    Op,
    OpFailed,
    RangeAnswer,
)
from udfs.server.work import workshop

MOST_DAYS: Final = 4_000_000
"""Days that the trips of one table may touch together: some seconds of work that nothing can interrupt."""


@dataclass(frozen=True)
class Answered:
    """The answer of a batch as JSON, with what is logged of it."""

    body: bytes
    calls: int
    errors: int


def answer(body: bytes, settings: Settings, check: Callable[[], None] = lambda: None) -> Answered:
    """Answer a request. Raises Rejected for one that cannot be read or is too large, and what `check` raises."""
    try:
        request = READ_BATCH.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise unreadable(problem) from None
    room = _Room(settings.max_cells)
    number_of_calls = _check_size(request, settings)
    with calculating(setting(settings, request.policy, request.date, check)):
        answers = [_answered(op, room) for op in request.ops]
    made = ENCODER.encode(BatchAnswer(rules_version(settings), answers))
    return Answered(made, number_of_calls, sum(map(_errors, answers)))


def setting(
    settings: Settings, policy: str | None, day: str | None, check: Callable[[], None] = lambda: None
) -> Setting:
    """What holds for all calls of a request that names this policy and date of calculation. Raises Rejected."""
    if policy and policy.strip() not in settings.offered:
        near = closest(policy, settings.offered)
        maybe = f" Menade du {' eller '.join(near)}?" if near else ""
        names = ", ".join(settings.offered)
        raise Rejected(422, "okand-policy", f"Okänd policy {quoted(policy)}.{maybe} Välj en av {names}.")
    chosen = policy.strip() if policy and policy.strip() else settings.policy
    today = None if day is None else _day(day)
    return Setting(chosen, today, settings.offered, workers=1, most_days=MOST_DAYS, check=check, laws={})


def _day(text: str) -> int:
    try:
        day = day_number(date.fromisoformat(text))
    except ValueError:
        raise Rejected(
            422, "fel-datum", f"date: {quoted(text)} är inget datum. Skriv till exempel 2026-03-10."
        ) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Rejected(422, "fel-datum", f"date: {quoted(text)} ligger utanför åren 1990–2100.")
    return day


def _check_size(request: BatchRequest, settings: Settings) -> int:
    """The number of calls. Raises Rejected when there are too many calls or cells."""
    number = sum(op.calls if isinstance(op.calls, int) else 1 for op in request.ops)
    cells = sum(map(_cells, request.ops))
    for found, limit, what in ((number, settings.max_calls, "anrop"), (cells, settings.max_cells, "celler")):
        if found > limit:
            raise Rejected(
                413, f"for-manga-{what}", f"Begäran har {found} {what}, högst {limit} tas emot. Dela upp den."
            )
    return number


def _cells(op: Op) -> int:
    columns = op.columns if isinstance(op.columns, list) else []
    given = op.arguments if isinstance(op.arguments, list) else []
    ranges = (one.values for one in given if isinstance(one, Given))
    return sum(map(len, columns)) + sum(len(values) if isinstance(values, list) else 1 for values in ranges)


class _Room:
    """Counts the cells of the answers."""

    def __init__(self, limit: int) -> None:
        self.limit, self.taken = limit, 0

    def __call__(self, cells: int) -> None:
        self.taken += cells
        if self.taken > self.limit:
            sentence = f"Svaret blir större än {self.limit} celler. Dela upp begäran."
            raise Rejected(413, "for-stort-svar", sentence)


def _answered(op: Op, room: calls.Room) -> CallsAnswer | RangeAnswer | OpFailed:
    function = by_name(op.function)
    if function is None:
        near = closest(op.function.upper(), list(FUNCTIONS))
        maybe = f" Menade du {' eller '.join(near)}?" if near else ""
        return OpFailed(Fault("#NAME?", f"Funktionen {quoted(op.function)} finns inte.{maybe}"))
    try:
        if isinstance(op.arguments, list):
            return _one_call(function, op, room)
        return _many_calls(function, op, room)
    except Malformed as problem:
        return OpFailed(Fault("#VALUE!", str(problem)))


def _many_calls(function: Function, op: Op, room: calls.Room) -> CallsAnswer:
    if not isinstance(op.calls, int):
        raise Malformed("En op har antingen calls och columns, eller arguments.")
    values = calls.answers(function, op.calls, op.columns if isinstance(op.columns, list) else [], room)
    errors = errors_of(values)
    if list in set(map(type, values)):
        values = [answer_of(value) if isinstance(value, list) else value for value in values]
    return CallsAnswer(values, errors)


def _one_call(function: Function, op: Op, room: calls.Room) -> RangeAnswer:
    if op.calls is not msgspec.UNSET or op.columns is not msgspec.UNSET:
        raise Malformed("En op har antingen calls och columns, eller arguments.")
    assert isinstance(op.arguments, list)
    value = call(function, op.arguments)
    room(size(value))
    return answer_of(value)


def call(function: Function, arguments: Sequence[object]) -> object:
    """The answer of one call whose arguments stand as in a request. Raises Malformed."""
    if len(arguments) > len(function.parameters) and not any(parameter.repeated for parameter in function.parameters):
        raise Malformed(f"{function.name} har högst {len(function.parameters)} argument: {function.signature}.")
    given = [argument(value, f"{function.name}, argument {number}") for number, value in enumerate(arguments, 1)]
    missing = [parameter for parameter in function.parameters[len(given) :] if parameter.required]
    return function.call(*given, *[None] * len(missing))


def _errors(answered: CallsAnswer | RangeAnswer | OpFailed) -> int:
    return 1 if isinstance(answered, OpFailed) else sum(len(group.items) for group in answered.errors)


def routes(settings: Settings) -> list[BaseRoute]:
    """POST /batch."""

    async def batch(request: Request) -> Response:
        body = await read_json_body(request, settings.max_body)
        answered = await workshop(request).run(lambda check: answer(body, settings, check))
        note(request, calls=answered.calls, errors=answered.errors)
        return json_response(answered.body)

    return [Route("/batch", batch, methods=["POST"])]
