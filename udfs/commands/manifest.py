"""`fardkost manifest`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from udfs.commands.output import ERRORS
from udfs.officejs.checking import check_manifest
from udfs.officejs.installation import InstallationError, default_file
from udfs.officejs.manifest import ManifestError
from udfs.server.manifest import server_manifest
from udfs.server.settings import SettingsError, read_settings

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("manifest")
@click.option("--url", metavar="ADRESS", help="Serverns adress utåt, till exempel https://fardkost.kommunen.se")
@click.option("--config", type=FILE, metavar="FIL", help="Serverns inställningsfil.")
@click.option("--installation", type=FILE, metavar="FIL", help="Filen med tilläggets id; förvalet finns i datamappen.")
@click.option("--out", type=FILE, metavar="FIL", help="Skriv manifestet till en fil.")
def manifest_command(url: str | None, config: Path | None, installation: Path | None, out: Path | None) -> None:
    """Skriv manifestet, filen som talar om för Excel var tillägget finns.

    Det laddas upp i administrationscentret för Microsoft 365. Tilläggets id görs första gången och är sedan detsamma.

    \b
    fardkost manifest --url https://fardkost.kommunen.se --out fardkost.xml
    fardkost manifest --config server.yaml --out fardkost.xml
    """
    if url is None and config is None:
        _stop("Ange serverns adress med --url, eller dess inställningsfil med --config.")
    try:
        settings = read_settings(config, public_url=url, installation=installation)
        file = settings.installation or default_file()
        content = server_manifest(settings)
    except (SettingsError, ManifestError, InstallationError) as wrong:
        _stop(str(wrong))
    problems = check_manifest(content)
    if problems:
        _stop("\n".join(["Manifestet blev fel:", *problems]))
    if out is None:
        click.echo(content, nl=False)
        return
    try:
        out.write_bytes(content)
    except OSError as problem:
        _stop(f"{out} kan inte skrivas: {problem.strerror}.")
    ERRORS.print(f"Skrev {out}. Tilläggets id finns i {file}; säkerhetskopiera den filen.", markup=False)


def _stop(message: str) -> NoReturn:
    ERRORS.print(message, markup=False)
    sys.exit(2)
