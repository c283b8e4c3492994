"""How a process of our own is started that works on files of others: our own paths, few variables, little memory.

Imports little, so that a command can start one before its own imports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_START: Final = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from {} import main; main()"
_PASSED_ON: Final = (
    *("PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "HOME", "USERPROFILE", "LANG", "LC_ALL", "LC_CTYPE"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "TZDIR", "PYTHONTZPATH", "FARDKOST_COMPILED"),
)
"""Variables of the environment that any of them may need. Secrets of a server are not among them."""

FOR_RULES: Final = ("FARDKOST_POLICY", "FARDKOST_DATA", "FARDKOST_MAX_MB", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA")
"""Variables that the rules may need besides: the policy, and where own figures are."""

_FRUGAL: Final = {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Address space is limited, so none is to be set aside for threads that are not there."""

STARTING: Final = 30.0
"""Seconds more that a process may take for its first answer."""

HIDDEN: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""The flag that Windows opens no window."""


def command(module: str) -> list[str]:
    """What runs `main` of a module, with the paths of this process."""
    paths = [entry or str(Path.cwd()) for entry in sys.path]
    return [sys.executable, "-I", "-c", _START.format(module), json.dumps(paths)]


def environment(more: Iterable[str], own: Mapping[str, str]) -> dict[str, str]:
    """The variables of the process: those passed on, `more` of ours by name, and others of its own."""
    return {name: os.environ[name] for name in (*_PASSED_ON, *more) if name in os.environ} | _FRUGAL | dict(own)
