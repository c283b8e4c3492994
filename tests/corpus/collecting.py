"""The workbooks in archives and folders, each content once."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

SUFFIXES: Final = (".xlsx", ".xlsm")
MOST_BYTES: Final = 60 << 20
_TARS: Final = (".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")


def collect(archives: Iterator[tuple[str, Path]], folders: Iterator[Path], target: Path) -> dict[str, Path]:
    """Copies of all workbooks in `target`, by where they were found: archives with a name, and folders.

    Files with the same content are taken once.
    """
    target.mkdir(parents=True, exist_ok=True)
    found: dict[str, Path] = {}
    seen: set[str] = set()
    for origin, file in _files(archives, folders):
        with file:
            content = file.read(MOST_BYTES + 1)
        digest = hashlib.sha256(content).hexdigest()
        if not content or len(content) > MOST_BYTES or digest in seen:
            continue
        seen.add(digest)
        path = target / f"{digest[:16]}{PurePosixPath(origin).suffix.lower()}"
        if not path.exists():
            path.write_bytes(content)
        found[origin] = path
    return found


def _files(archives: Iterator[tuple[str, Path]], folders: Iterator[Path]) -> Iterator[tuple[str, IO[bytes]]]:
    for name, path in archives:
        if path.name.endswith(_TARS):
            yield from _in_tar(name, path)
        elif zipfile.is_zipfile(path):
            yield from _in_zip(name, path)
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path.open("rb")


def _in_tar(name: str, path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and PurePosixPath(member.name).suffix.lower() in SUFFIXES:
                content = archive.extractfile(member)
                assert content is not None
                yield f"{name}/{_inside(member.name)}", content


def _in_zip(name: str, path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if PurePosixPath(entry.filename).suffix.lower() in SUFFIXES:
                yield f"{name}/{_inside(entry.filename)}", archive.open(entry)


def _inside(member: str) -> str:
    """The path in an archive less its first folder, which names the version."""
    return member.partition("/")[2] or member


def clear(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
