"""The identity of one installation: the GUID by which Excel and Microsoft 365 know its add-in."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import yaml

from core.traktamente.importing import user_folder

FILE_NAME: Final = "installation.yaml"
READINGS: Final = 20
"""How often a file that another process is just writing is read before it is called empty."""

TEXT: Final = """\
# Gjord av Färdkost när tillägget sattes upp. Ändra den inte och ta med den när servern flyttas:
# Excel känner igen tillägget på id:t. Med ett annat id blir det ett annat tillägg.
id: {id}
skapad: {created}
"""


class InstallationError(ValueError):
    """The installation file cannot be read or made; the message says which file and what was expected."""


def default_file() -> Path:
    """Where the identity is kept unless the settings name another file."""
    return user_folder() / FILE_NAME


def installation_id(file: Path | None = None) -> UUID:
    """The GUID of this installation, read from the file; the first time it is made and saved there.

    Several processes that start at once get the same one. Raises InstallationError.
    """
    file = file or default_file()
    try:
        if not file.exists():
            _make(file)
        return _read(file)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        reason = getattr(problem, "strerror", None) or "den är ingen YAML-fil"
        raise InstallationError(f"Installationsfilen {file} kan inte användas: {reason}.") from None


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    content = TEXT.format(id=uuid4(), created=date.today().isoformat()).encode()
    try:
        # Exclusive: the process that comes second reads what the first one wrote.
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


def _read(file: Path) -> UUID:
    text = ""
    for _ in range(READINGS):
        text = file.read_text(encoding="utf-8")
        if text.strip():
            break
        time.sleep(0.05)
    found: Any = yaml.safe_load(text)
    written = found.get("id") if isinstance(found, dict) else None
    try:
        return UUID(str(written))
    except ValueError:
        raise InstallationError(
            f"Installationsfilen {file} saknar ett giltigt id. Väntade en rad som "
            "id: 3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b. Återställ filen från en säkerhetskopia; "
            "med ett nytt id blir det ett annat tillägg för Excel."
        ) from None
