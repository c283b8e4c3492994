"""Contents of files as classes of our own."""

from __future__ import annotations

from threading import Lock
from typing import Any, Final, TypeVar

import msgspec

Kind = TypeVar("Kind")

_ONE_AT_A_TIME: Final = Lock()


def converted(content: Any, kind: type[Kind]) -> Kind:
    """What a file holds as a dataclass. Raises msgspec.ValidationError for another content.

    msgspec finds out what a class holds at its first use, and two threads that have it do so at once end the process.
    """
    with _ONE_AT_A_TIME:
        return msgspec.convert(content, kind)
