"""Which files are to be recalculated, and where the result of each goes."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath
from typing import Final

from xlsx.batch.patterns import is_pattern
from xlsx.batch.problems import BatchProblem
from xlsx.guard import TEXTS, WORKBOOKS
from xlsx.resultbook import PATCHED, default_result

IN_FOLDERS: Final = (*WORKBOOKS, ".csv")
"""Kinds of files that are taken from a folder; .txt and .tsv must be asked for by a pattern."""

RESULTS_END: Final = ("-beräknad", "-jämförd")
"""How the names of files that Färdkost has written end, before the suffix."""

LOCK_FILES: Final = ("~$", ".")
"""How the names of files that Excel and others put beside an open one begin, and those of hidden files."""

REPORT: Final = "Rapport.xlsx"


@dataclass(frozen=True, slots=True)
class Found:
    """A file to recalculate. relative, result: from the folder of the files and from that of the results."""

    path: Path
    relative: str
    result: str
    size: int


def find_files(asked: Sequence[str], out: Path) -> list[Found]:
    """The files of folders, patterns and names, by name. Raises BatchProblem for what is not there.

    Left out are lock files, hidden files, results of earlier runs, and what lies in `out` below a folder asked for.
    """
    out = out.absolute()
    paths: dict[Path, None] = {}
    bases = []
    for text in asked:
        base, found = _found(text)
        # With results among the files themselves only their names tell them apart.
        within = out != base and out.is_relative_to(base)
        paths |= dict.fromkeys(path for path in found if not (within and path.is_relative_to(out)))
        bases.append(base)
    if not paths:
        kinds = ", ".join(IN_FOLDERS)
        raise BatchProblem(
            f"{', '.join(asked)}: inga filer att räkna om ({kinds}). "
            "Låsfiler, dolda filer och resultat av tidigare körningar räknas inte."
        )
    base = _common(bases)
    return sorted(_named(paths, base), key=lambda found: found.relative)


def _found(text: str) -> tuple[Path, Iterator[Path]]:
    """The folder that the names of the results start from, and the files."""
    path = Path(text).expanduser()
    if path.is_dir():
        return path.absolute(), _in_folder(path.absolute())
    if path.exists():
        return path.absolute().parent, iter([path.absolute()])
    if not is_pattern(text):
        raise BatchProblem(f"{text} finns inte.")
    fixed = Path(*_before_pattern(path.parts)).absolute()
    named = glob.iglob(str(path), recursive=True)  # noqa: PTH207  # Path.glob takes no absolute pattern
    matches = (Path(match).absolute() for match in named)
    return fixed, (match for match in matches if match.is_file() and _taken(match, (*WORKBOOKS, *TEXTS)))


def _before_pattern(parts: Sequence[str]) -> list[str]:
    fixed = []
    for part in parts[:-1]:
        if glob.has_magic(part):
            break
        fixed.append(part)
    return fixed


def _in_folder(folder: Path) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(LOCK_FILES))
        yield from (path for path in (Path(here, name) for name in names) if _taken(path, IN_FOLDERS))


def _taken(path: Path, kinds: Sequence[str]) -> bool:
    stem = unicodedata.normalize("NFC", path.stem)
    ours = stem.endswith(RESULTS_END) or path.name == REPORT
    return path.suffix.lower() in kinds and not path.name.startswith(LOCK_FILES) and not ours


def _common(bases: Sequence[Path]) -> Path:
    try:
        return Path(os.path.commonpath(bases))
    except ValueError:  # different drives
        raise BatchProblem("Filerna ligger på olika enheter. Räkna om dem var för sig.") from None


def _named(paths: dict[Path, None], base: Path) -> Iterator[Found]:
    taken: set[str] = set()
    for path in sorted(paths):
        relative = path.relative_to(base)
        alike = (_result(relative, number) for number in count(1))
        result = next(name for name in alike if _key(name) not in taken)
        taken.add(_key(result))
        try:
            size = path.stat().st_size
        except OSError:
            size = 0
        yield Found(path, relative.as_posix(), result.as_posix(), size)


def _result(relative: PurePath, number: int = 1) -> PurePath:
    """`resor.xlsx` gives `resor-beräknad.xlsx`, `resor.csv` gives `resor.csv-beräknad.xlsx`: both may be there."""
    again = f" ({number})" if number > 1 else ""
    if relative.suffix.lower() in PATCHED:
        return relative.with_name(default_result(f"{relative.stem}{again}{relative.suffix}").name)
    return relative.with_name(f"{relative.name}{again}{RESULTS_END[0]}.xlsx")


def _key(relative: PurePath) -> str:
    """Names that are one and the same on some file systems."""
    return unicodedata.normalize("NFC", relative.as_posix()).casefold()
