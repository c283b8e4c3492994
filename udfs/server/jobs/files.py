"""Where the files of jobs are: the sheet that was handed in, and what each computation made of it."""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from udfs.server.jobs.store import ID_BYTES

REPORT: Final = "rapport.json"
LONGEST_NAME: Final = 120
"""Characters of a file's name; more would not fit with what is added to it on every system."""

_MOST_BYTES: Final = 180
"""Bytes of the same in UTF-8."""

FORGOTTEN: Final = 3600.0
"""Seconds after which a folder that belongs to no job is deleted: until then its sheet may be on its way."""

_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]')
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class Files:
    """The folder of a server's jobs: below `jobb`, a folder for each job, named by its id."""

    def __init__(self, folder: Path) -> None:
        self.root, self.folder = folder, folder / "jobb"
        self.root.parent.mkdir(parents=True, exist_ok=True)
        for one in (self.root, self.folder):
            one.mkdir(mode=0o700, exist_ok=True)

    @property
    def database(self) -> Path:
        """The file of the jobs' database."""
        return self.root / "jobb.sqlite"

    def new(self) -> str:
        """The id of a job to be, with a folder for its sheet."""
        job = secrets.token_urlsafe(ID_BYTES)
        self.sheet_folder(job).mkdir(mode=0o700, parents=True)
        return job

    def sheet_folder(self, job: str) -> Path:
        """Where the sheet is."""
        return self.folder / job / "underlag"

    def sheet(self, job: str, name: str) -> Path:
        """The sheet that was handed in."""
        return self.sheet_folder(job) / name

    def run_folder(self, job: str, run: str) -> Path:
        """Where a computation puts what it makes."""
        return self.folder / job / run

    def report(self, job: str, run: str) -> Path:
        """What a computation found, as JSON."""
        return self.run_folder(job, run) / REPORT

    def delete(self, job: str) -> None:
        """Delete all files of a job. What a computation still holds open goes when it ends."""
        shutil.rmtree(self.folder / job, ignore_errors=True)

    def delete_runs(self, job: str, kept: str | None) -> None:
        """Delete what earlier computations of a job made."""
        for folder in (self.folder / job).glob("*"):
            if folder.name not in ("underlag", kept):
                shutil.rmtree(folder, ignore_errors=True)

    def tidy(self, jobs: set[str]) -> None:
        """Delete the folders of no job, but those that may become one."""
        oldest = time.time() - FORGOTTEN
        for folder in self.folder.iterdir():
            if folder.name not in jobs and not _younger(folder, oldest):
                self.delete(folder.name)


def _younger(folder: Path, oldest: float) -> bool:
    try:
        return folder.stat().st_mtime > oldest
    except OSError:
        return True


def safe_name(written: str) -> str:
    """A file's name as a browser gave it, without folders and whatever a file system or a reader could trip over."""
    name = PurePosixPath(PureWindowsPath(unicodedata.normalize("NFC", written)).name).name
    name = _FORBIDDEN.sub("_", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    stem = (
        stem[: LONGEST_NAME - len(suffix) - 1].encode()[:_MOST_BYTES].decode("utf-8", "ignore").rstrip(" .") or "resor"
    )
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem}.{suffix}" if suffix else stem
