"""Where the workbooks come from, and their download by the registries' own clients into a cache.

Archives are only unpacked, never built or run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

CACHE: Final = Path(platformdirs.user_cache_dir("fardkost")) / "corpus"

PYPI: Final = (
    "agate-excel",
    "csvkit",
    "frictionless",
    "pyexcel",
    "pyexcel-xls",
    "pyexcel-xlsx",
    "python-calamine",
    "tablib",
    "xlcalculator",
    "xlsx2csv",
)
NPM: Final = ("convert-excel-to-json", "xlsx-populate", "xlsx-stream-reader")
DEBIAN: Final = (
    "gnumeric",
    "libapache-poi-java",
    "libspreadsheet-parsexlsx-perl",
    "libxlsxwriter",
    "openpyxl",
    "pandas",
    "python-tablib",
    "python-xlrd",
    "r-cran-openxlsx",
    "r-cran-readxl",
    "ruby-roo",
)
"""Source packages, where Debian's apt-get is: most of the files that Excel itself wrote are in these. What PyPI and npm
hold of XlsxWriter, openpyxl, pandas, exceljs and SheetJS comes without the workbooks that they are tested with."""


@dataclass(frozen=True)
class Fetched:
    """The archives of a package, or why there is none."""

    name: str
    archives: Sequence[Path]
    problem: str = ""


def download(cache: Path = CACHE) -> Iterator[Fetched]:
    """Every package's archives, downloaded where the cache has none; a registry that is not to be had is passed by."""
    for registry, names, client in (
        ("pypi", PYPI, _from_pypi),
        ("npm", NPM, _from_npm),
        ("debian", DEBIAN, _from_debian),
    ):
        for name in names:
            folder = cache / registry / name
            if not folder.exists():
                folder.mkdir(parents=True)
                problem = _tried(client, name, folder)
                if problem:
                    shutil.rmtree(folder)
                    yield Fetched(f"{registry}:{name}", [], problem)
                    continue
            yield Fetched(f"{registry}:{name}", sorted(one for one in folder.iterdir() if one.is_file()))


def _tried(client: Callable[[str, Path], None], name: str, folder: Path) -> str:
    try:
        client(name, folder)
    except FileNotFoundError as error:
        return f"{error.filename} is not installed"
    except subprocess.CalledProcessError as error:
        return (error.stderr.strip().splitlines() or ["no answer"])[-1]
    return "" if any(folder.iterdir()) else "nothing was downloaded"


def _run(command: Sequence[str | Path], folder: Path | None = None) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=600)


def _from_pypi(name: str, folder: Path) -> None:
    # pip would build the package to learn its name; unearth only downloads it.
    _run([sys.executable, "-m", "uv", "tool", "run", "unearth", "--no-binary", "--download", str(folder), name])


def _from_npm(name: str, folder: Path) -> None:
    _run(["npm", "pack", "--silent", "--ignore-scripts", name], folder)


def _from_debian(name: str, folder: Path) -> None:
    state = folder.parent / ".apt"
    _run(["apt-get", *_apt_options(state), "source", "--download-only", "--only-source", name], folder)


def _apt_options(state: Path) -> list[str]:
    """The machine's own Debian sources, asked for source packages, with lists of our own: nothing is installed."""
    lists, parts = state / "lists", state / "parts"
    options = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": parts,
        "Dir::State::Lists": lists,
        "Dir::Cache": state / "cache",
        "APT::Sandbox::User": "",
    }
    given = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    if not parts.exists():
        (lists / "partial").mkdir(parents=True)
        (state / "cache" / "archives" / "partial").mkdir(parents=True)
        parts.mkdir()
        for file in sorted(Path("/etc/apt/sources.list.d").glob("debian*.sources")):
            text = file.read_text(encoding="utf-8")
            (parts / file.name).write_text(text.replace("Types: deb\n", "Types: deb-src\n"), encoding="utf-8")
        old = Path("/etc/apt/sources.list")
        if old.exists():
            lines = [line for line in old.read_text(encoding="utf-8").splitlines() if line.startswith("deb ")]
            (parts / "old.list").write_text("".join(f"deb-src {line[4:]}\n" for line in lines), encoding="utf-8")
        _run(["apt-get", "-q", *given, "update"])
    return given
