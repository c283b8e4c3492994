"""Many files: found, recalculated each by itself on several processes or a cluster, and reported as one."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from xlsx.batch.problems import BatchProblem
    from xlsx.batch.records import Options
    from xlsx.batch.run import Batch, make_options, run_batch

__all__ = ["Batch", "BatchProblem", "Options", "make_options", "run_batch"]

_HOMES: Final = {
    "Batch": "xlsx.batch.run",
    "BatchProblem": "xlsx.batch.problems",
    "Options": "xlsx.batch.records",
    "make_options": "xlsx.batch.run",
    "run_batch": "xlsx.batch.run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
