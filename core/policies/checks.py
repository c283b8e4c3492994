"""What a value of a file must fulfil beyond its type, told to pydantic without importing it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from core.vocabulary import closest


@dataclass(frozen=True)
class Check:
    """Stands in `Annotated`: the function raises ValueError for what is not allowed, in Swedish."""

    demand: Callable[[Any], None]

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        # Asked for by pydantic alone, which then is imported already.
        from pydantic_core.core_schema import no_info_after_validator_function

        return no_info_after_validator_function(self.checked, handler(source))

    def checked(self, value: Any) -> Any:
        """The value itself, when it is allowed."""
        self.demand(value)
        return value


class Exactly:
    """Stands in `Annotated`: the very type, so that neither 1 nor `ja` is a truth and `40` is no number."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        return {**handler(source), "strict": True}


def known(allowed: Collection[str], value: str) -> None:
    """Raises ValueError for a word that is not among those allowed, with the nearest and all of them."""
    if value not in allowed:
        near = closest(value, allowed)
        maybe = f" Menade du {' eller '.join(near)}?" if near else ""
        raise ValueError(f"{value!r} finns inte.{maybe} Tillåtna är {', '.join(allowed)}")


def one_of(allowed: Collection[str]) -> Check:
    """The check of one word."""
    return Check(lambda value: known(allowed, value))


def all_of(allowed: Collection[str]) -> Check:
    """The check of several words, or of the keys of a table."""

    def demand(words: Collection[str]) -> None:
        for word in words:
            known(allowed, word)

    return Check(demand)


def not_empty(values: Collection[Any]) -> None:
    """Raises ValueError for an empty list."""
    if not values:
        raise ValueError("listan får inte vara tom")


def short_name(value: str) -> None:
    """Raises ValueError for what cannot be part of a figure's name."""
    if not re.fullmatch("[a-z][a-z0-9_]*", value):
        raise ValueError(f"{value!r} får bara ha små bokstäver a–z, siffror och _, och börja med en bokstav")
