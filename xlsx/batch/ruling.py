"""Which rules and figures results are made with: a text that is another as soon as a result may be another."""

from __future__ import annotations

import hashlib

from core.policies import find_policy
from xlsx.ruling import code_sum, files_sum, own_figures
from xlsx.summary import rules_version


def rules_sum(policy: str) -> str:
    """The version and a sum over code, figures, the policy's file and imported amounts. Raises PolicyError."""
    parts = code_sum() + files_sum([find_policy(policy), *own_figures()])
    return f"{rules_version()}-{hashlib.sha256(parts.encode()).hexdigest()[:16]}"
