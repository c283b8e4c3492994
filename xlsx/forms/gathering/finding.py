"""Which files of a folder or a pattern are to be looked at for forms: all of them, so that none is lost silently."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsx.batch.finding import LOCK_FILES, RESULTS_END
from xlsx.batch.patterns import is_pattern


class NothingThere(ValueError):
    """What was asked for is not there; the Swedish message names it."""


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file that may be a form.

    relative: from the folder, the whole path where two are alike. result_of: the file that this is the computed copy
    of, where that is there too.
    """

    path: Path
    relative: str
    result_of: str = ""


def find_form_files(asked: Sequence[str], leave_out: Sequence[Path] = ()) -> list[FormFile]:
    """The files of folders, patterns and names, by name; not hidden ones, nor what Excel puts beside an open one.

    leave_out: files that are not looked at, such as the result of an earlier run. Raises NothingThere.
    """
    found: dict[Path, str] = {}
    left = {path.absolute() for path in leave_out}
    for text in asked:
        for path, relative in _found(text):
            if path not in left and not path.name.startswith(LOCK_FILES):
                found.setdefault(path, relative)
    if not found:
        raise NothingThere(f"{', '.join(asked)}: inga filer att samla.")
    times = Counter(found.values())
    found = {path: relative if times[relative] == 1 else path.as_posix() for path, relative in found.items()}
    there = {_key(path): relative for path, relative in found.items()}
    ordered = sorted(found.items(), key=lambda one: one[1])
    return [FormFile(path, relative, _original(path, there)) for path, relative in ordered]


def _found(text: str) -> Iterator[tuple[Path, str]]:
    path = Path(text).expanduser()
    if path.is_dir():
        for here, folders, names in os.walk(path.absolute()):
            folders[:] = sorted(name for name in folders if not name.startswith(LOCK_FILES))
            for name in names:
                one = Path(here, name)
                yield one, one.relative_to(path.absolute()).as_posix()
    elif path.exists():
        yield path.absolute(), path.name
    elif is_pattern(text):
        for match in glob.iglob(str(path), recursive=True):  # noqa: PTH207  # Path.glob takes no absolute pattern
            if Path(match).is_file():
                yield Path(match).absolute(), Path(match).as_posix()
    else:
        raise NothingThere(f"{text} finns inte.")


def _original(path: Path, there: dict[str, str]) -> str:
    """The file that this one is a computed copy of: `resa-beräknad.xlsx` of `resa.xlsx`."""
    stem = unicodedata.normalize("NFC", path.stem)
    for end in RESULTS_END:
        if stem.endswith(end):
            return there.get(_key(path.with_name(stem.removesuffix(end) + path.suffix)), "")
    return ""


def _key(path: Path) -> str:
    return unicodedata.normalize("NFC", str(path)).casefold()
