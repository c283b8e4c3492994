"""API keys: a file with one line per key, `namn:skapad:sha256`. The keys themselves are stored nowhere."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

PREFIX: Final = "fk_"
"""What every key begins with, so that one that has leaked is recognised for what it is."""

RANDOM_BYTES: Final = 32
NAME: Final = re.compile(r"\w(?:[\w .@-]{0,58}\w)?")
DIGEST: Final = re.compile(r"[0-9a-f]{64}")
FORM: Final = "namn:ÅÅÅÅ-MM-DD:sha256 med 64 hexadecimala tecken"
FILE_MODE: Final = 0o600

LOG: Final = logging.getLogger("fardkost.signin")


class KeyProblem(ValueError):
    """The key file or what is asked of it is wrong; the message is in Swedish and names file and line."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the file knows it: its name, the day it was made, and the SHA-256 of its text in hexadecimals."""

    name: str
    created: date
    digest: str

    @property
    def line(self) -> str:
        """The key's line in the file."""
        return f"{self.name}:{self.created.isoformat()}:{self.digest}"


def digest_of(secret: str) -> str:
    """SHA-256 in hexadecimals. A key is 32 random bytes, so that nothing slower than a plain hash is called for."""
    return hashlib.sha256(secret.encode()).hexdigest()


def read_keys(path: Path) -> list[Key]:
    """All keys of a file. Raises KeyProblem for the first line that is wrong, or a file that cannot be read."""
    found, problems = _parse(path)
    if problems:
        raise KeyProblem(problems[0])
    return found


def new_key(path: Path, name: str, created: date | None = None) -> str:
    """Add a key with this name to the file, which is made when it is not there, and return the key's text."""
    if not NAME.fullmatch(name):
        raise KeyProblem(
            f"Namnet {name!r} går inte att använda. "
            "Använd 1–60 bokstäver, siffror, mellanslag, punkt, @ och bindestreck."
        )
    found = read_keys(path) if path.exists() else []
    if any(key.name == name for key in found):
        raise KeyProblem(f"{path}: det finns redan en nyckel som heter {name}. Ta bort den eller välj ett annat namn.")
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    key = Key(name, created or date.today(), digest_of(secret))
    _save(path, [*(path.read_text("utf-8").splitlines() if path.exists() else []), key.line])
    return secret


def remove_key(path: Path, name: str) -> None:
    """Take the key with this name out of the file. Raises KeyProblem when there is none."""
    found = read_keys(path)
    if all(key.name != name for key in found):
        there = ", ".join(key.name for key in found) or "inga"
        raise KeyProblem(f"{path}: det finns ingen nyckel som heter {name}. Nycklar i filen: {there}.")
    _save(path, [line for line in path.read_text("utf-8").splitlines() if line.partition(":")[0].strip() != name])


def match(keys: Iterable[Key], secret: str) -> Key | None:
    """The key with this text. All keys are compared, so that time says neither whether nor where one matched."""
    digest, found = digest_of(secret), None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found


class KeyRing:
    """The keys of a file in a running server, which follows the file as it changes.

    A line that is wrong is left out and logged, a file that has gone has no keys: a key that was taken away must
    stop working even where the same edit broke another line.
    """

    def __init__(self, path: Path) -> None:
        """Read the file strictly. Raises KeyProblem."""
        self.path = path
        self.stamp = _stamp(path)
        self.keys: Sequence[Key] = read_keys(path)

    def find(self, secret: str) -> Key | None:
        """The key with this text, if the file has it now."""
        stamp = _stamp(self.path)
        if stamp != self.stamp:
            self.stamp = stamp
            self.keys, problems = _parse(self.path)
            for problem in problems:
                LOG.error(problem)
        return match(self.keys, secret)


def _stamp(path: Path) -> tuple[int, ...]:
    """What tells one version of a file from another; empty when there is none."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino


def _parse(path: Path) -> tuple[list[Key], list[str]]:
    """The keys of a file, and what is wrong with it. Blank lines and lines that begin with # are passed over."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return [], [f"Nyckelfilen {path} finns inte. Skapa den med: fardkost keys new NAMN --file {path}"]
    except (OSError, UnicodeDecodeError) as problem:
        return [], [f"Nyckelfilen {path} kan inte läsas: {_reason(problem)}."]
    found: dict[str, Key] = {}
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key = _key_of(line.strip())
        if key is None:
            problems.append(f"{path}, rad {number}: raden är ingen nyckel. Väntade {FORM}.")
        elif key.name in found:
            problems.append(f"{path}, rad {number}: det finns redan en nyckel som heter {key.name}.")
        else:
            found[key.name] = key
    return list(found.values()), problems


def _reason(problem: OSError | UnicodeDecodeError) -> str:
    match problem:
        case UnicodeDecodeError():
            return "den är inte text i UTF-8"
        case PermissionError():
            return "behörighet saknas"
        case IsADirectoryError():
            return "det är en mapp"
    return problem.strerror or type(problem).__name__


def _key_of(line: str) -> Key | None:
    name, _, rest = line.partition(":")
    created, _, digest = rest.partition(":")
    if not NAME.fullmatch(name) or not DIGEST.fullmatch(digest):
        return None
    try:
        return Key(name, date.fromisoformat(created), digest)
    except ValueError:
        return None


def _save(path: Path, lines: Sequence[str]) -> None:
    """Replace the file in one step, readable by its owner alone; an owner and a group it already has are kept."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        if path.exists():
            _keep_owner(path, beside)
        beside.replace(path)
    except OSError as problem:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise KeyProblem(f"Nyckelfilen {path} kan inte skrivas: {_reason(problem)}.") from problem


def _keep_owner(path: Path, beside: Path) -> None:
    """Let a file that the server's own account reads stay readable to it after the administrator has edited it."""
    if hasattr(os, "chown"):
        status = path.stat()
        os.chown(beside, status.st_uid, status.st_gid)
        beside.chmod(FILE_MODE | (status.st_mode & 0o040))
