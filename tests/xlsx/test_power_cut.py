"""A hundred runs of `fardkost recalc` that are killed at random moments."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.xlsx.batch.files import trip, write_book, write_csv

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is of Unix")

ROOT = Path(__file__).parents[2]
OLD = b"the result of an earlier run"

WARM = """
import os, sys
import udfs.commands.recalc, udfs.commands.recalc_one, udfs.cli, xlsx.resultbook
while line := sys.stdin.readline():
    source, target = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        code = 1
        try:
            udfs.cli.main(["recalc", source, "--out", target], standalone_mode=False)
            code = 0
        except SystemExit as end:
            code = end.code
        finally:
            os._exit(code or 0)
    os.setpgid(child, child)
    print(child, flush=True)
    sys.stdin.readline()  # until then the number of a run that is over belongs to no other process
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""
"""A process that has all imported, and is copied for each run of the command: a hundred starts of Python would only
take time."""


class Runs:
    """Runs of the command."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._asked, self._told = process.stdin, process.stdout

    def start(self, source: Path, target: Path) -> int:
        """The number of the process that the run is."""
        self._asked.write(f"{source}\t{target}\n")
        self._asked.flush()
        return int(self._told.readline())

    def ended(self) -> int:
        """The exit code, when the run is over."""
        self._asked.write("\n")
        self._asked.flush()
        return int(self._told.readline())

    def whole(self, source: Path, target: Path) -> bytes:
        """What a run that nobody kills writes."""
        self.start(source, target)
        assert self.ended() == 0
        return target.read_bytes()


@contextmanager
def warm(folder: Path) -> Iterator[Runs]:
    process = subprocess.Popen(
        [sys.executable, "-c", WARM],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Runs(process)


def inodes(folder: Path) -> set[int]:
    """What changes as soon as anything is put into a folder."""
    with os.scandir(folder) as entries:
        return {entry.inode() for entry in entries}


@pytest.mark.parametrize(("kind", "cuts"), [("xlsx", 70), ("csv", 30)])
def test_the_original_is_intact_and_the_result_whole_or_absent(kind: str, cuts: int, tmp_path: Path) -> None:
    write = write_book if kind == "xlsx" else write_csv
    source = write(tmp_path / "in" / f"resor.{kind}", [trip(row, "Skola") for row in range(60)])
    out, scratch = tmp_path / "ut", tmp_path / "tmp"
    for folder in (out, scratch):
        folder.mkdir()
    target = out / "klar.xlsx"
    original, state = source.read_bytes(), source.stat()
    chance = random.Random(cuts)
    with warm(scratch) as runs:
        wanted = runs.whole(source, out / "hel.xlsx")
        begun = time.monotonic()
        assert runs.whole(source, out / "hel.xlsx") == wanted
        usual = time.monotonic() - begun
        found = {"whole": 0, "old": 0, "absent": 0}
        for cut in range(cuts):
            target.unlink(missing_ok=True)
            if cut % 2:
                target.write_bytes(OLD)
            before = inodes(out)
            run = runs.start(source, target)
            if cut % 3:
                time.sleep(chance.uniform(0, 1.3 * usual))
            else:
                # Some moment while the result is being written, beside the place it is to have.
                end = time.monotonic() + 30
                while inodes(out) == before and time.monotonic() < end:
                    time.sleep(0.0005)
                time.sleep(chance.uniform(0, 0.02))
            # The command and what it has started.
            os.killpg(run, signal.SIGKILL)
            assert runs.ended() in (0, -signal.SIGKILL)
            assert source.read_bytes() == original
            assert (source.stat().st_mtime_ns, source.stat().st_ino) == (state.st_mtime_ns, state.st_ino)
            content = target.read_bytes() if target.exists() else None
            assert content in (wanted, OLD if cut % 2 else None)
            found["absent" if content is None else "old" if content == OLD else "whole"] += 1
    # Else the moments were not spread over the runs.
    assert all(found.values()), found
