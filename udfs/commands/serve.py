"""`fardkost serve`: the calculation server."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NoReturn

import click
import uvicorn

from core.traktamente.importing import user_folder
from udfs.commands.output import ERRORS
from udfs.server.app import create_app
from udfs.server.certificates import localhost_certificate, trust_instructions
from udfs.server.protocol import TimedHeaders
from udfs.server.requests import log_to_stdout
from udfs.server.settings import ENVIRONMENT, Settings, SettingsError, read_settings
from udfs.server.signin import reached_by_others

APPLICATION: Final = "udfs.server.app:from_environment"
MARGIN: Final = 5
"""Seconds beyond the time limit of a calculation that running requests are given when the server stops."""

KEEP_ALIVE: Final = 75
"""Seconds that an idle connection is kept: longer than a proxy in front keeps its own."""

_File = click.Path(dir_okay=False, path_type=Path)
_Flag = Callable[[Any], Any]


def _flags(command: Any) -> Any:
    options: list[_Flag] = [
        click.option("--config", type=_File, help="YAML-fil med inställningar. Flaggor går före filen."),
        click.option("--host", help="Adress att lyssna på. Förval: 127.0.0.1, bara den här datorn."),
        click.option("--port", type=int, help="Port. Förval: 8765. 0 tar en ledig."),
        click.option("--workers", type=int, help="Antal processer. Förval: 1."),
        click.option("--threads", type=int, help="Beräkningar på en gång i varje process."),
        click.option("--public-url", help="Adressen som klienterna ser, till exempel https://fardkost.kommun.se."),
        click.option("--certificate", type=_File, help="Certifikat för TLS (PEM)."),
        click.option("--key", "certificate_key", type=_File, help="Certifikatets privata nyckel (PEM)."),
        click.option("--dev", is_flag=True, help="TLS med ett eget certifikat för localhost, för att prova."),
        click.option("--api-keys", type=_File, help="Fil med API-nycklar, se fardkost keys."),
        click.option("--open", "open_access", is_flag=True, help="Låt alla som når servern räkna, utan inloggning."),
        click.option("--tenant", help="Organisationens id i Microsoft Entra ID."),
        click.option("--client-id", help="Appregistreringens id i Microsoft Entra ID."),
        click.option("--audience", "audiences", multiple=True, help="Godtagen mottagare i token. Kan upprepas."),
        click.option("--required-role", "required_roles", multiple=True, help="Roll som krävs. Kan upprepas."),
        click.option("--jwks", help="Fil eller adress med Entra ID:s nycklar. Förval: Microsofts adress."),
        click.option("--policy", help="Policyn för anrop som inte anger någon."),
        click.option("--policy-folder", type=click.Path(file_okay=False, path_type=Path), help="Egna policyfiler."),
        click.option("--offer", "policies", multiple=True, help="Policy som får väljas. Kan upprepas. Förval: alla."),
        click.option("--allowed-origin", "allowed_origins", multiple=True, help="Annan webbplats som får anropa."),
        click.option("--office-js", help="Adress till office.js. Förval: Microsofts."),
        click.option("--installation", type=_File, help="Fil med installationens id, se fardkost manifest."),
        click.option("--max-body", type=int, help="Största begäran i byte. Förval: 4194304."),
        click.option("--max-calls", type=int, help="Flest anrop i en begäran. Förval: 50000."),
        click.option("--max-cells", type=int, help="Flest celler i en begäran. Förval: 1000000."),
        click.option("--time-limit", type=float, help="Längsta beräkning i sekunder. Förval: 30."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@click.command("serve")
@_flags
def serve(config: Path | None, dev: bool, **flags: Any) -> None:
    """Starta beräkningsservern, som Excel och andra program anropar.

    \b
    fardkost serve                                     bara för den här datorn
    fardkost serve --dev                               med TLS, för att prova i Excel
    fardkost serve --host 0.0.0.0 --api-keys nycklar   för andra, med API-nycklar
    """
    try:
        certificate = _development(dev)
        settings = read_settings(config, **_stated(flags), **certificate)
        _check_reach(settings)
        settings, listener = _listen(settings)
        if dev and not flags["public_url"]:
            settings = replace(settings, public_url=f"https://localhost:{settings.port}")
        application = create_app(settings)
    except (ValueError, OSError) as problem:
        _fail(str(problem))
    os.environ[ENVIRONMENT] = settings.to_json()
    for line in _greeting(settings, certificate):
        ERRORS.print(line, markup=False)
    log_to_stdout()
    if settings.workers > 1:
        listener.close()  # the worker processes share one that uvicorn makes
        uvicorn.run(APPLICATION, factory=True, workers=settings.workers, **_uvicorn(settings))
        return
    # Once it has stopped in good order, uvicorn sends itself the signal again; then there is nothing left to end.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    uvicorn.Server(uvicorn.Config(application, **_uvicorn(settings))).run(sockets=[listener])


def _fail(message: str) -> NoReturn:
    ERRORS.print(message, markup=False)
    sys.exit(2)


def _development(dev: bool) -> dict[str, Path]:
    """The certificate settings of `--dev`."""
    if not dev:
        return {}
    certificate, key = localhost_certificate(user_folder())
    return {"certificate": certificate, "certificate_key": key}


def _stated(flags: dict[str, Any]) -> dict[str, Any]:
    """The flags that were given, as settings."""
    stated = {name: value for name, value in flags.items() if value is not None and value is not False and value != ()}
    entra = {"tenant", "client_id", "audiences", "jwks", "required_roles"}
    tokens = {name: stated.pop(name) for name in entra & set(stated)}
    return {**stated, "tokens": tokens} if tokens else stated


def _check_reach(settings: Settings) -> None:
    """Refuse what is not safe or cannot work. Raises SettingsError."""
    if (settings.certificate is None) != (settings.certificate_key is None):
        raise SettingsError("Certifikat och privat nyckel hör ihop: ange både --certificate och --key.")
    for path in (settings.certificate, settings.certificate_key):
        if path is not None and not path.is_file():
            raise SettingsError(f"Filen {path} finns inte.")
    if reached_by_others(settings) and not (settings.signs_in or settings.open_access):
        raise SettingsError(
            f"Andra datorer når servern på {settings.public_url}, men ingen inloggning är vald. Gör något av detta:\n"
            "  --api-keys FIL                   kräv API-nyckel (skapa med: fardkost keys new NAMN --file FIL)\n"
            "  --tenant ID --client-id ID       kräv inloggning med Microsoft Entra ID\n"
            "  --open                           låt alla som når servern räkna\n"
            "  --host 127.0.0.1                 lyssna bara på den här datorn"
        )


def _listen(settings: Settings) -> tuple[Settings, socket.socket]:
    """A socket on the host and port, and the settings with the port that it got. Raises SettingsError."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as problem:
        raise SettingsError(
            f"Kan inte lyssna på {settings.host} port {settings.port}: {problem.strerror}. "
            "Är porten upptagen, välj en annan med --port."
        ) from None
    return settings.on_port(listener.getsockname()[1]), listener


def _uvicorn(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "ssl_certfile": settings.certificate,
        "ssl_keyfile": settings.certificate_key,
        "http": TimedHeaders,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "ws": "none",
        "backlog": 2048,
        "timeout_keep_alive": KEEP_ALIVE,
        "timeout_graceful_shutdown": int(settings.time_limit) + MARGIN,
    }


def _greeting(settings: Settings, development: dict[str, Path]) -> list[str]:
    """Where the server listens, under which policy, who may call, and how to stop it."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    own = f"{settings.scheme}://{host}:{settings.port}"
    doors = []
    if settings.api_keys is not None:
        doors.append(f"API-nyckel ({settings.api_keys})")
    if settings.tokens is not None:
        doors.append("Microsoft Entra ID")
    alone = "ingen, eftersom bara den här datorn når servern"
    lines = [f"Färdkost lyssnar på {own}"]
    if settings.public_url != own:
        lines.append(f"Klienterna når den på {settings.public_url}")
    if not settings.public_url.startswith("https:") and reached_by_others(settings):
        lines.append("Utan TLS kan nycklar och uppgifter avlyssnas, och Excel kräver https: se docs/drift.md.")
    lines += [
        f"Policy: {settings.policy}, om anropet inte anger en annan ({len(settings.offered)} kan väljas)",
        f"Inloggning: {' eller '.join(doors) or (alone if not reached_by_others(settings) else 'ingen')}",
    ]
    if development:
        lines.append(trust_instructions(development["certificate"]))
    return [*lines, "Stoppa med Ctrl+C."]
