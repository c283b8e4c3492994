"""The script that Excel runs: `functions.js`, a generated head before the files of `client/`."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from udfs import functions  # noqa: F401  # registers the functions
from udfs.officejs.metadata import functions_json
from udfs.registry import FUNCTIONS, Function

CLIENT: Final = Path(__file__).with_name("client")
PARTS: Final = ("cells.js", "cache.js", "server.js", "requests.js", "queue.js")
"""The client's files, in the order in which they are run."""

MAX_BYTES: Final = 4_000_000
"""Bytes of a request at most, whatever the server allows: Excel on the web sends no more than 5 MB."""
MAX_CALLS: Final = 20_000
"""Calls of a request at most, whatever the server allows."""


@dataclass(frozen=True)
class Assets:
    """The two files that Excel loads, and the version that stands in their addresses."""

    metadata: bytes
    script: bytes
    version: str


def assets(rules: str, public_url: str, max_bytes: int = MAX_BYTES, max_calls: int = MAX_CALLS) -> Assets:
    """`functions.json` and `functions.js` for a server that computes by the rules of version `rules`.

    The version is a hash of both, so that it changes with the functions, the client, the rules and the address.
    """
    metadata = functions_json(public_url)
    script = functions_script(rules, public_url, max_bytes, max_calls)
    return Assets(metadata, script, sha256(metadata + script).hexdigest()[:12])


def functions_script(rules: str, public_url: str, max_bytes: int = MAX_BYTES, max_calls: int = MAX_CALLS) -> bytes:
    """The script in UTF-8. `max_bytes` and `max_calls` are what the server takes in one request."""
    head = {
        "version": rules,
        "server": public_url,
        "bytes": min(max_bytes, MAX_BYTES),
        "calls": min(max_calls, MAX_CALLS),
        "functions": [_shape(function) for function in FUNCTIONS.values()],
    }
    written = msgspec.json.encode(head).decode()
    client = "\n".join((CLIENT / part).read_text(encoding="utf-8") for part in PARTS)
    return f'(function () {{\n"use strict";\nconst HEAD = {written};\n\n{client}}})();\n'.encode()


def _shape(function: Function) -> dict[str, Any]:
    """What the client needs to know of a function: how many parameters, and whether the last is repeated."""
    return {
        "id": function.name,
        "parameters": len(function.parameters),
        "repeated": any(parameter.repeated for parameter in function.parameters),
    }
