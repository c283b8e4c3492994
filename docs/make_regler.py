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
FIELDS_TESTED_IN: Final = "tests/xlsx/forms/test_catalogue_fields.py"
"""Finds every field of a form that the catalogue names in its template, and tries what a field alone carries."""
NAMES_OF_FUNCTIONS: Final = re.compile(r"\b([A-ZÅÄÖ]{4,})\b")
HEAD: Final = """# Reglerna

Varje regel i policydokumenten, lagen och avtalen: vad den säger med våra ord, vad som utför den och var det provas.
Filen skrivs av `python docs/make_regler.py` ur `core/catalogue/`; ändra där.

«formulär reserakning › Kontroll › Ombokad» är ett fält eller en kolumn i `templates/reserakning.xlsx`, på bladet
Kontroll, där den som fyller i lämnar uppgiften; efter fältet kan ett ord ur dess lista stå. «information» är text utan
räkning eller kontroll. «(kommer)» står där inget av i dag utför regeln.
"""


def test_files() -> Mapping[str, list[str]]:
    """The test files that name each function, control and rule id, first those that begin with it."""
    found: dict[str, set[tuple[bool, str]]] = defaultdict(set)
    ids = {rule: re.compile(rf"(?<!\w){re.escape(rule)}(?!\w| a\b)") for rule in all_rules()}
    for folder in TESTED_IN:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix not in (".py", ".yaml") or path.name in NAME_EVERYTHING:
                continue
            text = path.read_text("utf-8")
            file, subject = path.relative_to(ROOT).as_posix(), text.partition("\n")[0]
            for word in {*NAMES_OF_FUNCTIONS.findall(text), *re.findall(r"kontroll: ?(\w+)", text)}:
                found[word].add((word not in subject, file))
            for rule, written in ids.items():
                if written.search(text):
                    found[rule].add((rule not in subject, file))
    return {word: [file for _, file in sorted(files)] for word, files in found.items()}


def tests_of(rule: Rule, files: Mapping[str, list[str]]) -> list[str]:
    """Files that test a rule: those that name its id, and those of the function or control that carries it out.

    Where a field of a form alone carries it out, the file that finds the field.
    """
    carriers = [carrier.split(maxsplit=1)[1] for carrier in rule.carried_out_by if " " in carrier]
    of_carriers = [file for carrier in carriers for file in files.get(carrier, [])[:1]]
    found = [*files.get(rule.id, []), *of_carriers]
    if not found and not rule.later and any(carrier.startswith("formulär ") for carrier in rule.carried_out_by):
        found = [FIELDS_TESTED_IN]
    return list(dict.fromkeys(found))[:3]


def lines(rules: Iterable[Rule], files: Mapping[str, list[str]]) -> Iterable[str]:
    """The document, line by line."""
    document = ""
    for rule in rules:
        if rule.document != document:
            document = rule.document
            yield from ("", f"## {document}", "", "| Regel | Text | Utförs av | Provas i |", "|---|---|---|---|")
        carried = "; ".join(rule.carried_out_by) + (" (kommer)" if rule.later else "")
        tested = ", ".join(f"`{file.removeprefix('tests/')}`" for file in tests_of(rule, files))
        yield f"| {rule.id} | {rule.text} | {carried} | {tested or '–'} |"


def document() -> str:
    """The whole text of docs/regler.md."""
    order = ("Tillämpningsanvisningar", "Rese- och mötespolicy", "Inkomstskattelagen", "Kommunala")
    rules = sorted(all_rules().values(), key=lambda rule: next(n for n, o in enumerate(order) if o in rule.document))
    return HEAD + "\n".join(lines(rules, test_files())) + "\n"


if __name__ == "__main__":
    OUT.write_text(document(), "utf-8")
