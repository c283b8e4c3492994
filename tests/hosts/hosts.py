"""The hosts that the vectors are run in. A host takes a function's name and its arguments and gives the answer.

Another host joins by a function that yields its `Ask` and a line in HOSTS.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from core.engine import CellError
from tests.udfs.server.running import running_server
from udfs import functions  # noqa: F401  # registers the functions
from udfs.excel_com import SWEDISH
from udfs.registry import FUNCTIONS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Fault:
    """An error in a cell."""

    code: str
    message: str


Ask = Callable[[str, list[Any]], Any]
"""(function, arguments) → a value, a Fault, or rows of them. Cells as in vectors.yaml."""


# Plain Python


@contextmanager
def plain() -> Iterator[Ask]:
    """The functions themselves."""
    yield lambda name, arguments: _faults(FUNCTIONS[name].call(*map(_errors, arguments)))


def _errors(argument: Any) -> Any:
    if isinstance(argument, list):
        return [_errors(part) for part in argument]
    return CellError(argument["error"], "") if isinstance(argument, dict) else argument


def _faults(answer: Any) -> Any:
    if isinstance(answer, list):
        return [_faults(part) for part in answer]
    return Fault(answer.code, answer.message) if isinstance(answer, CellError) else answer


# The calculation server


class Batch:
    """POST /batch of a running server."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def ops(self, *ops: dict[str, Any]) -> list[Any]:
        """The answers of the ops of one request."""
        response = self.client.post("/batch", json={"ops": ops})
        assert response.status_code == 200, response.text
        return list(response.json()["answers"])

    def __call__(self, name: str, arguments: list[Any]) -> Any:
        """One call with `arguments`; ranges as they are."""
        answer = self.ops({"function": name, "arguments": [_range(argument) for argument in arguments]})[0]
        return _rows(answer)

    def calls(self, name: str, calls: list[list[Any]]) -> list[Any]:
        """Many calls of one function in one op with `calls`; every argument a cell."""
        most = max(len(call) for call in calls)
        padded = [[*call, *[None] * (most - len(call))] for call in calls]
        columns = [list(column) for column in zip(*padded, strict=True)]
        answer = self.ops({"function": name, "calls": len(calls), "columns": columns})[0]
        if "error" in answer:
            return [Fault(**answer["error"])] * len(calls)
        values = [
            _rows({**value, "errors": value.get("errors", [])}) if isinstance(value, dict) else value
            for value in answer["values"]
        ]
        return _put_faults(values, answer["errors"])


def _range(argument: Any) -> Any:
    if not isinstance(argument, list):
        return argument
    values = [cell for row in argument for cell in row]
    return {"rows": len(argument), "columns": len(argument[0]), "values": values}


def _rows(answer: dict[str, Any]) -> Any:
    """A value, or rows of values, of an answer with rows and columns."""
    if "error" in answer:
        return Fault(**answer["error"])
    cells, columns = _put_faults(answer["values"], answer["errors"]), answer["columns"]
    assert len(cells) == answer["rows"] * columns
    if len(cells) == 1:
        return cells[0]
    return [cells[start : start + columns] for start in range(0, len(cells), columns)]


def _put_faults(values: list[Any], errors: list[dict[str, Any]]) -> list[Any]:
    for error in errors:
        for item in error["items"]:
            assert values[item] is None, "an item in error has no value"
            values[item] = Fault(error["code"], error["message"])
    return values


@contextmanager
def batch() -> Iterator[Batch]:
    """One call at a time with `arguments`."""
    with running_server() as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield Batch(client)


# Excel on Windows through xlwings


class WindowsExcel:
    """xlwings' COM server in a process where it finds Windows and Excel; see windows_excel."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hosts.windows_excel"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def request(self, **request: Any) -> dict[str, Any]:
        """One request and its reply."""
        assert self.process.stdin and self.process.stdout
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise AssertionError(self.process.communicate()[1])
        reply = dict(json.loads(line))
        assert "raised" not in reply, reply["raised"]
        return reply

    def cell(self, name: str, *arguments: Any, cells: bool = True) -> Any:
        """What the cell of a formula shows; single values stand in cells of their own or in the formula."""
        return self.request(name=name, arguments=arguments, cells=cells)["answer"]

    def call(self, name: str, arguments: list[Any], cells: bool) -> Any:
        """The answer with its errors as Faults."""
        answer = self.cell(name, *arguments, cells=cells)
        if isinstance(answer, list) and not isinstance(answer[0], list):
            answer = [answer]  # a one-dimensional array is a row to Excel
        return _texts_of_errors(answer)

    def __enter__(self) -> WindowsExcel:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


def _texts_of_errors(answer: Any) -> Any:
    if isinstance(answer, list):
        return [_texts_of_errors(part) for part in answer]
    if isinstance(answer, str):
        for code, swedish in SWEDISH.items():
            if answer.startswith(swedish):
                return Fault(code, answer.removeprefix(swedish).strip())
    return answer


@contextmanager
def com_cells() -> Iterator[Ask]:
    """Every argument is a reference to cells."""
    with WindowsExcel() as excel:
        yield lambda name, arguments: excel.call(name, arguments, cells=True)


@contextmanager
def com_values() -> Iterator[Ask]:
    """Single values stand in the formula; empty ones are left out."""
    with WindowsExcel() as excel:
        yield lambda name, arguments: excel.call(name, arguments, cells=False)


HOSTS: dict[str, Callable[[], AbstractContextManager[Ask]]] = {
    "python": plain,
    "batch": batch,
    "excel-com-celler": com_cells,
    "excel-com-formel": com_values,
}
