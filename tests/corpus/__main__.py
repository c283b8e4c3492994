"""The corpus test in full: `python -m tests.corpus [FOLDER …]`, from the checkout's root.

Downloads packages into the user's cache folder (or --cache), takes the workbooks out of them and out of the folders
given, and puts results into every one. Exit code 0 when nothing was harmed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.corpus import office, sources
from tests.corpus.collecting import clear, collect
from tests.corpus.examining import Outcome, examine_safely, summary_book

CONSOLE = Console(highlight=False, markup=False, soft_wrap=True)


def main() -> int:
    given = _arguments()
    archives = [] if given.offline else _downloaded(given.cache)
    found = collect(iter(archives), iter(given.folders), given.cache / "files")
    if given.only:
        found = {origin: path for origin, path in found.items() if given.only in origin}
    CONSOLE.print(f"{len(found)} workbooks, from {dict(Counter(origin.split('/')[0] for origin in found))}")
    out = clear(given.cache / "out")
    start = time.monotonic()
    outcomes = _examined(found, out, given.workers)
    CONSOLE.print(f"examined in {time.monotonic() - start:.0f} s")
    if given.office and office.available():
        start = time.monotonic()
        pairs = {o: (found[o], out / found[o].name) for o, one in outcomes.items() if one.kind in ("done", "beside")}
        opened = office.compare(pairs, outcomes, clear(given.cache / "office"))
        CONSOLE.print(f"opened by LibreOffice in {time.monotonic() - start:.0f} s: {opened}")
    report = {origin: asdict(one) for origin, one in outcomes.items()}
    (given.cache / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    return _print_report(outcomes)


def _arguments() -> Any:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="folders with more workbooks")
    parser.add_argument("--cache", type=Path, default=sources.CACHE)
    parser.add_argument("--offline", action="store_true", help="only the folders given; nothing is downloaded")
    parser.add_argument("--only", default="", help="only workbooks with this in their name")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-office", dest="office", action="store_false", help="leave LibreOffice out")
    return parser.parse_args()


def _downloaded(cache: Path) -> list[tuple[str, Path]]:
    archives = []
    for package in sources.download(cache):
        if package.problem:
            CONSOLE.print(f"{package.name}: {package.problem}")
        archives += [(package.name, one) for one in package.archives]
    return archives


def _examined(found: dict[str, Path], out: Path, workers: int) -> dict[str, Outcome]:
    added = summary_book(out / "ours.xlsx")
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        waiting = {origin: pool.submit(examine_safely, path, out / path.name, added) for origin, path in found.items()}
        return {origin: one.result() for origin, one in waiting.items()}


def _print_report(outcomes: dict[str, Outcome]) -> int:
    kinds = Counter(one.kind for one in outcomes.values())
    CONSOLE.print(f"{len(outcomes)} workbooks: {dict(kinds)}")
    workbooks = len(outcomes) - kinds["unreadable"]
    done = kinds["done"] + kinds["beside"]
    CONSOLE.print(
        f"of the {workbooks} that can be opened, {done} ({done / max(workbooks, 1):.1%}) got results, "
        f"{kinds['done']} of them in their own sheet"
    )
    CONSOLE.print(f"openpyxl read {sum(one.read for one in outcomes.values())} originals, whose cells were compared")
    CONSOLE.print(
        f"parts that differ as they may: {dict(Counter(c for o in outcomes.values() for c in set(o.changed)))}"
    )
    for kind in ("beside", "refused", "unreadable", "failed"):
        reasons: dict[str, list[str]] = defaultdict(list)
        for origin, one in outcomes.items():
            if one.kind == kind:
                reasons[one.reason[:110]].append(origin)
        for reason, where in sorted(reasons.items(), key=lambda item: -len(item[1])):
            CONSOLE.print(f"{kind}: {len(where)} × {reason}  [{where[0]}]")
    harmed = {origin: one.faults for origin, one in outcomes.items() if one.faults}
    CONSOLE.print(f"harmed: {len(harmed)}")
    for origin, wrong in harmed.items():
        CONSOLE.print(f"  {origin}: {'; '.join(wrong[:4])}")
    return 1 if harmed else 0


if __name__ == "__main__":
    sys.exit(main())
