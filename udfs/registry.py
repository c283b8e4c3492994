"""All worksheet functions, read once from their signatures: what every host is fed from."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, get_type_hints

from udfs.arguments import Argument
from udfs.calculation import Answer, answering
from udfs.coerce import single_error

CATEGORIES: Final = ("Traktamente", "Resetillägg och färdtid", "Bil", "Klimat", "Val av färdmedel", "Insyn")


@dataclass(frozen=True)
class Parameter:
    """One argument of a function as the user sees it."""

    name: str
    argument: Argument
    required: bool
    repeated: bool = False


@dataclass(frozen=True)
class Function:
    """One worksheet function: `call` takes and gives plain Python values."""

    name: str
    category: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    call: Callable[..., Answer]
    example: str
    gives_table: bool

    @property
    def signature(self) -> str:
        """As it is typed in a cell, optional arguments in brackets."""
        shown = []
        for parameter in self.parameters:
            name = f"{parameter.name}…" if parameter.repeated else parameter.name
            shown.append(name if parameter.required else f"[{name}]")
        return f"{self.name}({'; '.join(shown)})"


FUNCTIONS: Final[dict[str, Function]] = {}


def worksheet_function(category: str, example: str, table: bool = False) -> Callable[[Any], Any]:
    """Register a function under its own name, for all hosts. `example` is a call that can be computed as it stands."""

    def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Answer:
            passed_on = single_error((*arguments, *named.values()))
            return answering(lambda: function(*arguments, **named)) if passed_on is None else passed_on

        summary, _, rest = inspect.cleandoc(function.__doc__ or "").partition("\n")
        FUNCTIONS[function.__name__] = Function(
            function.__name__,
            category,
            summary,
            " ".join(rest.split()),
            _parameters(function),
            call,
            example,
            table,
        )
        return call

    return register


def _parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    hints = get_type_hints(function, include_extras=True)
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        argument = next(part for part in hints[name].__metadata__ if isinstance(part, Argument))
        repeated = parameter.kind is inspect.Parameter.VAR_POSITIONAL
        required = parameter.default is inspect.Parameter.empty and not repeated
        found.append(Parameter(name, argument, required, repeated))
    return tuple(found)


def by_name(name: str) -> Function | None:
    """The function of a name, whatever its case; the hosts' prefix is left out."""
    return FUNCTIONS.get(name.strip().upper().removeprefix("="))
