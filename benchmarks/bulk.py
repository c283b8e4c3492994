"""Bulk recalculation of workbooks, as whole processes side by side: ours, openpyxl, LibreOffice, and the floor.

Run from the checkout's root: `python -m benchmarks.bulk [--rows 10000,100000] [--large] [--rounds 3]`.
The results of all ways must agree before anything is timed.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import fastexcel
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.claims_sheet import RESULTS, SHEET, make_claims, write_sheet
from benchmarks.native_formulas import formulas, free_days
from benchmarks.processes import Failed, Measured, measure, python
from xlsx.compiled import KERNELS, SWITCH

LARGE: Final = 1_000_000
OURS: Final = "Färdkost"
MEMORY: Final = {"openpyxl and a loop": 12, "LibreOffice, native formulas": 40}
"""GiB that a way needs for a million rows; it is left out where the machine has less to spare."""
SAMPLE: Final = 2_000
"""Rows whose results are compared between all ways, besides all rows of the smallest sheet."""

_FLOOR: Final = """
import sys, zipfile
from isal import isal_zlib
source, target = sys.argv[1:]
pack = isal_zlib.compressobj(1, isal_zlib.DEFLATED, -15)
with zipfile.ZipFile(source) as book, open(source, "rb") as file, open(target, "wb") as out:
    entry = book.getinfo("xl/worksheets/sheet1.xml")
    file.seek(entry.header_offset + 26)
    file.seek(int.from_bytes(file.read(2), "little") + int.from_bytes(file.read(2), "little"), 1)
    unpack, left = isal_zlib.decompressobj(-15), entry.compress_size
    while left:
        piece = file.read(min(1 << 18, left))
        left -= len(piece)
        out.write(pack.compress(unpack.decompress(piece)))
    out.write(pack.flush())
"""


@dataclass(frozen=True)
class Way:
    """A way to compute the results: what it is called, its command, and the workbook that it writes ('' for none)."""

    name: str
    command: Sequence[str]
    result: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


def main() -> None:
    given = _arguments()
    console = Console(width=120)
    if KERNELS is None:
        console.print("The extension is not built here: python -m pip install --no-deps -e . builds it.")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="fardkost-bulk-") as folder:
        for rows in given.rows:
            console.print(_benchmark(Path(folder), rows, given))
    console.print(
        f"Python {platform.python_version()}, numpy {np.__version__}; {os.cpu_count()} cores; load {load:.1f} at the "
        f"start, {os.getloadavg()[0]:.1f} at the end. Ours computes all its result columns and controls, the others "
        f"{len(RESULTS)} columns."
    )


def _arguments() -> Any:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bulk", description=__doc__)
    parser.add_argument("--rows", type=lambda text: [int(one) for one in text.split(",")], default=[10_000, 100_000])
    parser.add_argument("--large", action="store_true", help=f"also {LARGE:,} rows; the others' ways take many minutes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", default="", help="only these, by their first letters: färdkost,floor,libre,openpyxl")
    given = parser.parse_args()
    given.rows += [LARGE] * given.large
    return given


def _benchmark(folder: Path, rows: int, given: Any) -> Table:
    """Generate, compare, time: each round lets every way have its turn, the order moving on by one."""
    ways = [one for one in _ways(folder, rows) if not given.ways or one.name.lower().startswith(_starts(given.ways))]
    ways = [one for one in ways if _has_room(one, rows)]
    times: dict[str, list[Measured]] = {way.name: [] for way in ways}
    failed: dict[str, str] = {}
    rounds = 1 if rows >= LARGE else given.rounds
    for number in range(rounds + 1):
        for way in [*ways[number % len(ways) :], *ways[: number % len(ways)]]:
            slow = rows >= LARGE and way.result and not way.name.startswith(OURS)
            if way.name in failed or (slow and number):
                continue
            try:
                measured = measure(way.command, way.environment)
            except Failed as error:
                failed[way.name] = str(error).splitlines()[-1]
                continue
            if number or slow:
                times[way.name].append(measured)
        if not number:
            _compare([way for way in ways if way.name not in failed], rows)
    for name, why in failed.items():
        print(f"{name}: {why}", file=sys.stderr)
    return _shown(rows, _sheet_size(folder / f"resor-{rows}.xlsx"), times)


def _has_room(way: Way, rows: int) -> bool:
    needed = MEMORY.get(way.name, 0) * rows / LARGE
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        there = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) / (1 << 20)
    except (OSError, StopIteration):
        return True
    if there < needed:
        print(
            f"{rows:,} rows: {way.name} needs about {needed:.0f} GiB, {there:.0f} are free: left out", file=sys.stderr
        )
    return there >= needed


def _starts(names: str) -> tuple[str, ...]:
    return tuple(one.strip().lower() for one in names.split(","))


def _ways(folder: Path, rows: int) -> list[Way]:
    claims = make_claims(rows)
    source, native = folder / f"resor-{rows}.xlsx", folder / f"formler-{rows}.xlsx"
    write_sheet(source, claims)
    ours, plain, theirs = (folder / f"{name}-{rows}.xlsx" for name in ("ours", "plain", "openpyxl"))

    def recalc(out: Path) -> list[str]:
        return python("-m", "udfs.cli", "recalc", str(source), "--out", str(out))

    ways = [
        Way(OURS, recalc(ours), str(ours)),
        Way(f"{OURS}, without the extension", recalc(plain), str(plain), {SWITCH: "0"}),
        Way("floor: inflate, deflate", python("-c", _FLOOR, str(source), str(folder / "floor"))),
        Way("openpyxl and a loop", python("-m", "benchmarks.openpyxl_peer", str(source), str(theirs)), str(theirs)),
    ]
    soffice = shutil.which("soffice")
    if soffice is None:
        print("LibreOffice is not installed, the rest is compared", file=sys.stderr)
        return ways
    write_sheet(native, claims, formulas, free_days())
    out = folder / "libreoffice"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [soffice, "--headless", profile, "--convert-to", "xlsx", "--outdir", str(out), str(native)]
    return [*ways, Way("LibreOffice, native formulas", command, str(out / native.name))]


# The same results


def _compare(ways: Sequence[Way], rows: int) -> None:
    """Stop unless the ways' results agree: kronor to the öre, hours and kilograms to a millionth."""
    books = [(way.name, _results(Path(way.result))) for way in ways if way.result]
    some = np.random.default_rng(1).choice(rows, min(rows, SAMPLE), replace=False) if rows > 10_000 else np.arange(rows)
    for title in RESULTS:
        first, expected = books[0][0], books[0][1][title]
        assert len(expected) == rows, f"{first}: {len(expected)} rows"
        for name, book in books[1:]:
            tolerance = 1e-6 if title in ("Färdtid h", "Utsläpp kg CO2e") else 1e-9
            same = np.isclose(expected[some], book[title][some], rtol=1e-12, atol=tolerance, equal_nan=True)
            if not same.all():
                row = int(some[np.flatnonzero(~same)[0]])
                raise SystemExit(
                    f"{title} in row {row + 2}: {first} {expected[row]}, {name} {book[title][row]} "
                    f"({int((~same).sum())} of {len(some)} rows differ)"
                )


def _results(path: Path) -> dict[str, Any]:
    """The result columns as numbers; not a number where a cell is blank."""
    table = fastexcel.read_excel(path).load_sheet(SHEET, use_columns=list(RESULTS)).to_arrow()
    found = {}
    for title in RESULTS:
        column = table.column(title)
        texts = column.to_pylist() if column.type == "string" else None
        values = [float(one) if one not in (None, "") else np.nan for one in (texts or column.to_pylist())]
        found[title] = np.array(values, np.float64)
    return found


def _sheet_size(path: Path) -> tuple[int, int]:
    with zipfile.ZipFile(path) as book:
        return path.stat().st_size, book.getinfo("xl/worksheets/sheet1.xml").file_size


def _shown(rows: int, size: tuple[int, int], times: dict[str, list[Measured]]) -> Table:
    shown = Table(
        "way",
        title=f"{rows:,} rows, {size[0] / 1e6:.1f} MB, of which the sheet {size[1] / 1e6:.0f} MB unpacked; medians",
        title_justify="left",
    )
    for heading in ("seconds", "CPU s", "MiB", "times ours", "times ours, CPU", "runs"):
        shown.add_column(heading, justify="right", no_wrap=True)
    ours = times.get(OURS, [])
    for name, runs in times.items():
        if not runs:
            continue
        walls, cpus = [run.wall for run in runs], [run.cpu for run in runs]
        shown.add_row(
            name,
            f"{statistics.median(walls):.2f} ({min(walls):.2f}–{max(walls):.2f})",
            f"{statistics.median(cpus):.2f}",
            f"{max(run.memory for run in runs):,.0f}",
            _ratio([run.wall for run in ours], walls),
            _ratio([run.cpu for run in ours], cpus),
            str(len(runs)),
        )
    return shown


def _ratio(ours: list[float], theirs: list[float]) -> str:
    """The median of the rounds' ratios where both ran in each, else the ratio of the medians."""
    if not ours:
        return "–"
    if len(ours) == len(theirs):
        return f"{statistics.median(b / a for a, b in zip(ours, theirs, strict=True)):.2f}"
    return f"{statistics.median(theirs) / statistics.median(ours):.2f}"


if __name__ == "__main__":
    main()
