"""Files on the machines of a Dask cluster, which all reach the folders by the same paths."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, Final

from xlsx.batch.onefile import recalculate_file
from xlsx.batch.problems import BatchProblem
from xlsx.batch.records import Outcome, Task
from xlsx.batch.ruling import rules_sum

CONNECT_SECONDS: Final = 15
WORKER_SECONDS: Final = 60
"""How long the cluster may take to have its first worker."""


def on_cluster(tasks: Sequence[Task], address: str) -> Iterator[Outcome]:
    """The outcomes as they come. A file whose worker dies is given to another one, by the cluster itself.

    Raises BatchProblem when the cluster is not there, goes away, or computes by other rules.
    """
    distributed = _distributed()
    _silence()
    with _client(distributed, address) as client, client.as_current():
        _check_workers(distributed, client, address, tasks[0])
        by_key = {f"fardkost-{number}-{client.id}": task for number, task in enumerate(tasks)}
        futures = [client.submit(recalculate_file, task, key=key, pure=False) for key, task in by_key.items()]
        for future in distributed.as_completed(futures):
            yield _outcome(by_key[future.key], future, client, address)
            future.release()


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise BatchProblem(
            'För ett kluster behövs tillägget kluster. Installera det med: pip install "fardkost[kluster]"'
        ) from None


def _silence() -> None:
    """What Dask logs of lost workers is said here in Swedish, file by file, or needs no action."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _client(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        detail = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise BatchProblem(
            f"Klustret {address} svarar inte ({detail}). Ange schemaläggarens adress, till exempel tcp://dator:8786."
        ) from None


def _check_workers(distributed: Any, client: Any, address: str, task: Task) -> None:
    """That there is a worker, and that those there are can compute and would give the same results."""
    try:
        client.wait_for_workers(1, timeout=WORKER_SECONDS)
    except (TimeoutError, distributed.TimeoutError):
        raise BatchProblem(f"Klustret {address} har ingen arbetare. Starta minst en med: dask worker ADRESS") from None
    try:
        sums = client.run(rules_sum, task.options.policy, on_error="return")
    except Exception as error:
        raise BatchProblem(f"Klustret {address} kan inte användas ({_short(error)}).") from None
    for worker, found in sums.items():
        if isinstance(found, ImportError):
            raise BatchProblem(f"Klustrets arbetare {worker} saknar Färdkost ({found}). Installera samma version där.")
        if isinstance(found, BaseException):
            raise BatchProblem(f"Klustrets arbetare {worker} kan inte läsa regler och policy ({_short(found)}).")
        if found != task.rules:
            raise BatchProblem(
                f"Klustrets arbetare {worker} har andra regler eller satser ({found}) än den här datorn "
                f"({task.rules}). Installera samma version av Färdkost, med samma policyfil och inlästa belopp."
            )


def _outcome(task: Task, future: Any, client: Any, address: str) -> Outcome:
    if future.status == "finished":
        outcome: Outcome = future.result()
        return outcome
    if future.status != "error" or client.status not in ("running", "connecting"):
        raise BatchProblem(
            f"Klustret {address} försvann under körningen. Det som är klart är sparat; "
            "kör samma kommando igen för resten."
        )
    error = future.exception()
    if type(error).__name__ == "KilledWorker":
        why = "Varje arbetare som fick filen dog. Minnet kan ha tagit slut."
    else:
        why = f"Klustret kunde inte räkna filen ({_short(error)})."
    return Outcome(task.source, task.relative, task.result, failure=why)


def _short(error: BaseException | None) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]
