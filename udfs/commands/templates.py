"""`fardkost templates`: list the forms, and build them for a municipality's own policy and add-in."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Final, NoReturn
from uuid import UUID

import click

from core.law import law
from core.policies import PolicyError
from udfs.commands.output import CONSOLE, ERRORS, print_table
from udfs.forms import evaluation_functions, known_policies
from udfs.officejs.installation import InstallationError, installation_id
from udfs.officejs.manifest import manifest_version
from udfs.server.version import product_version
from xlsx.errors import UnreadableSheet
from xlsx.forms.addin import AddIn
from xlsx.forms.setting import FormSetting
from xlsx.forms.templates import FORMS, build
from xlsx.patch.errors import Unpatchable
from xlsx.summary import rules_version

DAY_ZERO: Final = date(1899, 12, 30)


@click.group("templates")
def templates() -> None:
    """Formulären: reseräkning, resebudget, uppföljning och importblad som Excelfiler."""


@templates.command("list")
def list_templates() -> None:
    """Visa vilka formulär som finns."""
    print_table(("Namn", "Formulär", "För", "Fil"), [(f.kind, f.title, f.about, f.file_name) for f in FORMS.values()])


@templates.command("build")
@click.argument("namn", nargs=-1)
@click.option("--policy", help="Policy eller egen policyfil; förval linkoping.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("templates"),
    help="Mapp att skriva i; förval templates.",
)
@click.option("--date", "made", metavar="DATUM", help="Dag som formulären räknas för; förval i dag.")
@click.option("--addin", metavar="ID", help="Tilläggets id, som det står i manifestet: Excel ber att få läsa in det.")
@click.option(
    "--installation",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FIL",
    help="Fil med tilläggets id, i stället för --addin.",
)
def build_templates(
    namn: tuple[str, ...], policy: str | None, out: Path, made: str | None, addin: str | None, installation: Path | None
) -> None:
    """Bygg formulären, alla eller de som nämns. Samma satser, policy och datum ger samma fil.

    \b
    fardkost templates build
    fardkost templates build reserakning --policy minkommun.yaml --out formular
    fardkost templates build --addin 3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b
    """
    for name in namn:
        if name not in FORMS:
            _stop(f'Formuläret "{name}" finns inte. Välj bland {", ".join(FORMS)}.')
    day = _day(made)
    asked = _addin(addin, installation)
    try:
        rules = law(policy)
        functions = evaluation_functions(policy, day, known_policies(policy))
        setting = FormSetting(rules, rules.policy.name, frozenset(functions), day)
        out.mkdir(parents=True, exist_ok=True)
        for form in [FORMS[name] for name in dict.fromkeys(namn)] or FORMS.values():
            built = build(form.kind, out / form.file_name, setting, functions, constants(day), asked)
            CONSOLE.print(f"{form.title}: {built}", markup=False)
    except (PolicyError, UnreadableSheet, Unpatchable, OSError) as problem:
        _stop(str(problem))


def constants(day: date, version: str | None = None) -> dict[str, float | str]:
    """What the form says of when and with what it was computed, by defined name. version: the product's own."""
    return {"beraknad": float((day - DAY_ZERO).days), "regelversion": version or rules_version()}


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        _stop(f'"{text}" är inget datum. Skriv till exempel 2026-03-10.')


def _addin(identity: str | None, installation: Path | None) -> AddIn | None:
    """The add-in that was asked for; none unless it is said which."""
    if identity is None and installation is None:
        return None
    try:
        known = UUID(identity) if identity is not None else installation_id(installation)
    except InstallationError as wrong:
        _stop(str(wrong))
    except ValueError:
        _stop(f'"{identity}" är inget id. Det står i manifestet, som 3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b.')
    return AddIn(known, manifest_version(product_version()))


def _stop(message: str) -> NoReturn:
    ERRORS.print(message, markup=False)
    sys.exit(2)
