"""Documents that are written by a program are as it would write them now."""

from __future__ import annotations

import runpy
from pathlib import Path

from core.catalogue import all_rules

ROOT = Path(__file__).parents[1]


def test_the_rules_document_is_up_to_date() -> None:
    written = runpy.run_path(str(ROOT / "docs" / "make_regler.py"))["document"]()
    assert (ROOT / "docs" / "regler.md").read_text("utf-8") == written, "run: python docs/make_regler.py"


def test_every_rule_stands_in_it() -> None:
    text = (ROOT / "docs" / "regler.md").read_text("utf-8")
    assert [rule for rule in all_rules() if f"| {rule} |" not in text] == []
