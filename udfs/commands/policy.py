"""`fardkost policy`: check a municipality's own policy file, or begin one."""

from __future__ import annotations

import re
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Final

import click

from core.engine.figure_files import read_yaml
from core.law import law
from core.policies import FOLDER, PolicyError, policy_names
from core.policies.schema import PolicyFile, read_policy_file, read_shipped
from udfs.commands.output import CONSOLE, ERRORS, print_table

TEMPLATE: Final = FOLDER / "mall.txt"


@click.group("policy")
def policy() -> None:
    """Kontrollera en egen policyfil, eller börja på en ny."""


@policy.command("list")
def list_policies() -> None:
    """Visa de policyer som följer med."""
    files = {name: FOLDER / f"{name}.yaml" for name in policy_names()}
    contents = {name: read_shipped(file) for name, file in files.items()}
    rows = [(name, content.titel, _parts(files[name]), content.kalla) for name, content in contents.items()]
    print_table(("Policy", "Organisation", "Anger", "Källa"), rows, wrap=("Organisation", "Anger", "Källa"))


def _parts(file: Path) -> str:
    """What a policy file states itself, in words."""
    stated = read_yaml(file)
    names = [field.name for field in fields(PolicyFile) if field.name in stated]
    return ", ".join(name for name in names if name not in ("titel", "kalla", "anmarkning"))


@policy.command("check")
@click.argument("fil", type=click.Path(path_type=Path))
def check(fil: Path) -> None:
    """Läs en policyfil och säg vad som är fel i den, eller vad den anger."""
    try:
        content = read_policy_file(fil)
        rules = law(str(fil))
    except PolicyError as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    CONSOLE.print(f"{fil.name} är en giltig policy: {content.titel}.", markup=False)
    CONSOLE.print(f"Anger: {_parts(fil) or 'inget utöver lagen'}.", markup=False)
    unsure = [
        f"{entry.status}: {rules.figures[name].title}"
        for name in content.satser
        for entry in rules.figures[name].entries
        if entry.status in ("obekräftad", "förslag")
    ]
    for line in dict.fromkeys(unsure):
        CONSOLE.print(f"• {line}", markup=False)


@policy.command("new")
@click.argument("namn")
@click.option("--out", type=click.Path(path_type=Path), help="Fil att skriva; förval NAMN.yaml i den här mappen.")
def new(namn: str, out: Path | None) -> None:
    """Skriv en kommenterad policyfil att börja från. En fil som finns skrivs aldrig över."""
    name = re.sub(r"[^a-z0-9]+", "_", namn.lower().translate(str.maketrans("åäöé", "aaoe"))).strip("_")
    target = out or Path(f"{name or 'egen'}.yaml")
    if target.exists():
        ERRORS.print(f"{target} finns redan.", markup=False)
        sys.exit(2)
    text = TEMPLATE.read_text("utf-8").replace("{namn}", namn).replace("{datum}", date.today().isoformat())
    target.write_text(text, "utf-8")
    CONSOLE.print(f"Skrev {target}. Ändra den och kör: fardkost policy check {target}", markup=False)
