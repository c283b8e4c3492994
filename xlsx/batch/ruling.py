"""Which rules and figures results are made with: a text that is another as soon as a result may be another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

import core
import xlsx
from core.policies import find_policy
from core.traktamente.importing import user_folder
from xlsx.summary import rules_version

COMPUTED_WITH: Final = (".py", ".yaml", ".csv", ".txt")


def rules_sum(policy: str) -> str:
    """The version and a sum over code, figures, the policy's file and imported amounts. Raises PolicyError."""
    digest = hashlib.sha256(_code().encode())
    _add(digest, [find_policy(policy), *sorted(user_folder().glob("normalbelopp.*"))])
    return f"{rules_version()}-{digest.hexdigest()[:16]}"


@cache
def _code() -> str:
    """A sum over what computes, as it was when it was first asked for."""
    digest = hashlib.sha256()
    for package in (core, xlsx):
        folder = Path(str(package.__file__)).parent
        _add(digest, sorted(path for path in folder.rglob("*") if path.suffix in COMPUTED_WITH and path.is_file()))
    return digest.hexdigest()


def _add(digest: Any, files: Iterable[Path]) -> None:
    for path in files:
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
