"""Writes docs/regler.md from the catalogue: every rule, what carries it out, and where that is tested.

python docs/make_regler.py
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from core.catalogue import Rule, all_rules

ROOT: Final = Path(__file__).parents[1]
OUT: Final = Path(__file__).with_name("regler.md")
TESTED_IN: Final = ("tests/cases", "tests/core", "tests/udfs", "tests/xlsx")
NAME_EVERYTHING: Final = ("test_contract.py", "test_catalogue.py")
"""Tests that list all functions or ids and so say nothing of one of them."""
NAMES_OF_FUNCTIONS: Final = re.compile(r"\b([A-ZÅÄÖ]{4,})\b")
HEAD: Final = """# Reglerna

Varje regel i policydokumenten, lagen och avtalen: vad den säger med våra ord, vad som utför den och var det provas.
Filen skrivs av `python docs/make_regler.py` ur `core/catalogue/`; ändra där.

«formulär» är ett fält som bara en blankett kan bära, «information» är text utan räkning eller kontroll.
"""


def test_files() -> Mapping[str, list[str]]:
    """The test files that name each function, control and rule id."""
    found: dict[str, set[str]] = defaultdict(set)
    for folder in TESTED_IN:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".py", ".yaml") or path.name in NAME_EVERYTHING:
                continue
            text = path.read_text("utf-8")
            for word in {*NAMES_OF_FUNCTIONS.findall(text), *re.findall(r"kontroll: ?(\w+)", text)}:
                found[word].add(path.relative_to(ROOT).as_posix())
            for rule in all_rules():
                if rule in text:
                    found[rule].add(path.relative_to(ROOT).as_posix())
    return {word: sorted(files) for word, files in found.items()}


def tests_of(rule: Rule, files: Mapping[str, list[str]]) -> list[str]:
    """Files that test a rule: those that name its id, else those of the function or control that carries it out."""
    carriers = [carrier.split(maxsplit=1)[1] for carrier in rule.carried_out_by if " " in carrier]
    of_carriers = [file for carrier in carriers for file in files.get(carrier, [])[:1]]
    return list(dict.fromkeys([*files.get(rule.id, []), *of_carriers]))[:3]


def lines(rules: Iterable[Rule], files: Mapping[str, list[str]]) -> Iterable[str]:
    """The document, line by line."""
    document = ""
    for rule in rules:
        if rule.document != document:
            document = rule.document
            yield from ("", f"## {document}", "", "| Regel | Text | Utförs av | Provas i |", "|---|---|---|---|")
        carried = ", ".join(rule.carried_out_by) + (" (kommer)" if rule.later else "")
        tested = ", ".join(f"`{file.removeprefix('tests/')}`" for file in tests_of(rule, files))
        yield f"| {rule.id} | {rule.text} | {carried} | {tested or '–'} |"


def document() -> str:
    """The whole text of docs/regler.md."""
    order = ("Tillämpningsanvisningar", "Rese- och mötespolicy", "Inkomstskattelagen", "Kommunala")
    rules = sorted(all_rules().values(), key=lambda rule: next(n for n, o in enumerate(order) if o in rule.document))
    return HEAD + "\n".join(lines(rules, test_files())) + "\n"


if __name__ == "__main__":
    OUT.write_text(document(), "utf-8")
