"""A workbook as PDF, by LibreOffice without a window, in a profile of its own that fetches and runs nothing.

Numbers and dates are shown as in Sweden.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

_PROGRAMS: Final = ("soffice", "libreoffice")
_ELSEWHERE: Final = (
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    Path("C:/Program Files/LibreOffice/program/soffice.exe"),
)
_GROUPS: Final = hasattr(os, "killpg")
_SECONDS: Final = 120.0
_MACROS_NEVER: Final = 3
_LINKS_NEVER: Final = 2
_PASSED_ON: Final = ("PATH", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")

_PROFILE: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>{_MACROS_NEVER}</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>sv-SE</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>{_LINKS_NEVER}</value></prop></item>
</oor:items>
"""


class NoPdf(Exception):
    """The workbook could not be made a PDF; the Swedish message says why and what to do."""


def program() -> str:
    """Where LibreOffice is. Raises NoPdf."""
    found = next((there for name in _PROGRAMS if (there := shutil.which(name)) is not None), None)
    found = found or next((str(path) for path in _ELSEWHERE if path.exists()), None)
    if found is None:
        raise NoPdf("LibreOffice finns inte på datorn, så någon PDF kan inte göras. Installera LibreOffice (Calc).")
    return found


def write_pdf(workbook: Path, out: Path, seconds: float = _SECONDS) -> None:
    """Write all visible sheets of a workbook as PDF, with the values that it was saved with. Raises NoPdf."""
    soffice = program()
    if not out.parent.is_dir():
        raise NoPdf(f"{out.name}: mappen {out.parent} finns inte.")
    with tempfile.TemporaryDirectory(prefix="fardkost-pdf-", ignore_cleanup_errors=True) as folder:
        there = Path(folder)
        profile = there / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        source = there / f"in{workbook.suffix}"
        shutil.copyfile(workbook, source)
        command = [
            soffice,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--convert-to", "pdf:calc_pdf_Export"),
            *("--outdir", str(there), str(source)),
        ]
        _run(command, there, seconds, workbook.name)
        made = there / "in.pdf"
        if not made.exists():
            raise NoPdf(f"{workbook.name}: LibreOffice kunde inte göra någon PDF av filen.")
        unfinished = out.with_name(f".{out.name}.tmp")
        shutil.copyfile(made, unfinished)
        unfinished.replace(out)


def _run(command: list[str], folder: Path, seconds: float, name: str) -> None:
    environment = {known: os.environ[known] for known in _PASSED_ON if known in os.environ}
    environment |= dict.fromkeys(("HOME", "TMPDIR", "TEMP", "TMP", "USERPROFILE"), str(folder))
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=folder,
            start_new_session=_GROUPS,
        )
    except OSError as error:
        raise NoPdf(f"LibreOffice kan inte startas ({error.strerror or error}).") from None
    with process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise NoPdf(f"{name}: LibreOffice blev inte klart på {seconds:g} sekunder. Försök igen.") from None
        finally:
            # The program is a script that starts others.
            if process.poll() is None:
                if _GROUPS:
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
