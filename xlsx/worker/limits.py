"""What a process may take, and has taken, as the system tells."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def set_limit(name: str, most: int) -> None:
    """Set a limit of the process where the system has such limits (Windows has none, macOS not all)."""
    try:
        import resource
    except ImportError:
        return
    kind = getattr(resource, name, None)
    if kind is not None:
        with contextlib.suppress(ValueError, OSError):
            _, hard = resource.getrlimit(kind)
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def address_space() -> int:
    """Bytes of addresses that the process has taken; 0 where the system does not tell."""
    return _memory(0)


def resident() -> int:
    """Bytes of memory that the process has; 0 where the system does not tell."""
    return _memory(1)


def _memory(field: int) -> int:
    try:
        pages = Path("/proc/self/statm").read_text().split()[field]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
