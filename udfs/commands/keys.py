"""`fardkost keys`: API keys for those who call the calculation server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from udfs.commands.output import CONSOLE, ERRORS, print_table
from udfs.server.keys import KeyProblem, new_key, read_keys, remove_key

FILE_OPTION = click.option(
    "--file", "fil", required=True, type=click.Path(path_type=Path), help="Nyckelfilen, som servern får med --api-keys."
)


@click.group("keys")
def keys() -> None:
    """Skapa, visa och ta bort API-nycklar till beräkningsservern."""


@keys.command("new")
@click.argument("namn")
@FILE_OPTION
def new(namn: str, fil: Path) -> None:
    """Skapa en nyckel och visa den en enda gång. Filen innehåller bara nyckelns kontrollsumma."""
    try:
        secret = new_key(fil, namn)
    except KeyProblem as problem:
        _fail(problem)
    ERRORS.print(f"Nyckeln {namn} är sparad i {fil}. Den visas bara nu; spara den på ett säkert ställe.", markup=False)
    click.echo(secret)


@keys.command("list")
@FILE_OPTION
def list_keys(fil: Path) -> None:
    """Visa nycklarnas namn och när de skapades."""
    try:
        found = read_keys(fil)
    except KeyProblem as problem:
        _fail(problem)
    print_table(("Nyckel", "Skapad"), [(key.name, key.created.isoformat()) for key in found])


@keys.command("remove")
@click.argument("namn")
@FILE_OPTION
def remove(namn: str, fil: Path) -> None:
    """Ta bort en nyckel. En server som är igång slutar godta den vid nästa anrop."""
    try:
        remove_key(fil, namn)
    except KeyProblem as problem:
        _fail(problem)
    CONSOLE.print(f"Nyckeln {namn} är borttagen ur {fil}.", markup=False)


def _fail(problem: KeyProblem) -> NoReturn:
    ERRORS.print(str(problem), markup=False)
    sys.exit(2)
