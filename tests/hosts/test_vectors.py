"""Every host gives the answers of vectors.yaml."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.hosts.hosts import HOSTS, Ask, Batch, Fault
from udfs.registry import FUNCTIONS

VECTORS = yaml.safe_load((Path(__file__).parent / "vectors.yaml").read_text(encoding="utf-8"))["fall"]
KEYS = {"id", "funktion", "argument", "svar", "grund", "kolumn", "rad", "decimaler"}


def params(vectors: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(vector, id=f"{vector['funktion']}-{vector['id']}") for vector in vectors]


@pytest.fixture(scope="module")
def asking(_as_shipped: None) -> Iterator[Any]:
    """host name → its Ask; each host is started once, when first asked for."""
    started: dict[str, Ask] = {}
    with ExitStack() as stack:

        def ask(host: str) -> Ask:
            if host not in started:
                started[host] = stack.enter_context(HOSTS[host]())
            return started[host]

        yield ask


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("vector", params(VECTORS))
def test_vector(vector: dict[str, Any], host: str, asking: Any) -> None:
    answer = asking(host)(vector["funktion"], vector["argument"])
    compare(pick(answer, vector), vector["svar"], vector)


# Many calls of a function in one op: scalar calls must answer the same in any company.

SCALAR_CALLS: dict[str, list[dict[str, Any]]] = defaultdict(list)
for _vector in VECTORS:
    columns_of_cells = all(
        not isinstance(argument, list) or (len(argument[0]) == 1 and not isinstance(_vector["svar"], dict))
        for argument in _vector["argument"]
    )
    lengths = {len(argument) for argument in _vector["argument"] if isinstance(argument, list) and len(argument) > 1}
    if columns_of_cells and len(lengths) <= 1:
        SCALAR_CALLS[_vector["funktion"]].append(_vector)


def as_calls(vector: dict[str, Any]) -> list[tuple[list[Any], Any]]:
    """A vector with columns as one call, and one answer, per row."""
    arguments, expected = vector["argument"], vector["svar"]
    rows = max([len(argument) for argument in arguments if isinstance(argument, list)], default=1)
    if rows == 1:
        return [([argument[0][0] if isinstance(argument, list) else argument for argument in arguments], expected)]
    calls = []
    for row in range(rows):
        cells = [
            argument[row if len(argument) > 1 else 0][0] if isinstance(argument, list) else argument
            for argument in arguments
        ]
        one = expected[row]
        calls.append((cells, one[0] if len(one) == 1 else [one]))
    return calls


@pytest.mark.parametrize("name", SCALAR_CALLS)
def test_calls_in_one_op(name: str, asking: Any) -> None:
    calls = [(vector, *call) for vector in SCALAR_CALLS[name] for call in as_calls(vector)]
    repeated = any(parameter.repeated for parameter in FUNCTIONS[name].parameters)
    server: Batch = asking("batch")
    # A repeated argument has as many columns as the user gave; the others may be left out at the end.
    for length in {len(arguments) for _, arguments, _ in calls} if repeated else {None}:
        together = [call for call in calls if length in (None, len(call[1]))]
        answers = server.calls(name, [arguments for _, arguments, _ in together])
        for (vector, _, expected), answer in zip(together, answers, strict=True):
            compare(pick(answer, vector), expected, vector)


# Reading the vectors


def pick(answer: Any, vector: dict[str, Any]) -> Any:
    """The answer, or the column and row of it that the vector names."""
    if "kolumn" not in vector:
        return answer
    assert isinstance(answer, list), answer
    place = answer[0].index(vector["kolumn"])
    cells = [row[place] for row in answer[1:]]
    row = vector.get("rad")
    return cells if row is None else cells[row if row < 0 else row - 1]


def compare(answer: Any, expected: Any, vector: dict[str, Any]) -> None:
    """Raises AssertionError where they differ. Empty text and nothing are the same cell."""
    if isinstance(expected, list):
        assert isinstance(answer, list) and len(answer) == len(expected), answer
        for part, wanted in zip(answer, expected, strict=True):
            compare(part, wanted, vector)
    elif isinstance(expected, dict) and "fel" in expected:
        assert isinstance(answer, Fault), answer
        assert answer.code == expected["fel"], answer
        assert expected.get("text", "") in answer.message, answer
    elif isinstance(expected, dict):
        assert isinstance(answer, str) and answer.startswith(expected["borjar"]), answer
    elif isinstance(expected, int | float):
        assert isinstance(answer, int | float) and not isinstance(answer, bool), answer
        decimals = vector.get("decimaler", 9)
        assert round(answer, decimals) == round(expected, decimals)
    else:
        assert (answer or "") == expected, answer


def test_the_vectors_cover_every_function_and_say_why() -> None:
    assert {vector["funktion"] for vector in VECTORS} == set(FUNCTIONS)
    ids = [(vector["funktion"], vector["id"]) for vector in VECTORS]
    assert len(set(ids)) == len(ids) >= 60
    for vector in VECTORS:
        assert set(vector) <= KEYS and vector["grund"], vector["id"]
