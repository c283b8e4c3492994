"""Requests to `/batch` and what is read out of their answers."""

from __future__ import annotations

import json
from typing import Any

from udfs.server import batch
from udfs.server.settings import Settings


def ask(*ops: dict[str, Any], settings: Settings | None = None, **more: Any) -> list[Any]:
    """The answers of a request, computed in this process."""
    body = json.dumps({"ops": list(ops), **more}).encode()
    answers: list[Any] = json.loads(batch.answer(body, settings or Settings()).body)["answers"]
    return answers


def calls(function: str, count: int, *columns: list[Any]) -> dict[str, Any]:
    """An op of many scalar calls."""
    return {"function": function, "calls": count, "columns": list(columns)}


def one(function: str, *arguments: Any) -> dict[str, Any]:
    """An op of one call."""
    return {"function": function, "arguments": list(arguments)}


def column(*values: Any) -> dict[str, Any]:
    """A range of one column."""
    return {"rows": len(values), "columns": 1, "values": list(values)}


def items(answer: dict[str, Any]) -> list[Any]:
    """Each item's value, or (code, message) where it is in error."""
    assert "error" not in answer, answer
    found = list(answer["values"])
    for group in answer["errors"]:
        for item in group["items"]:
            assert found[item] is None
            found[item] = (group["code"], group["message"])
    return found
