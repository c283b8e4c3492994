"""LibreOffice opens what was made, and shows the same in every other cell of every sheet."""

from __future__ import annotations

import csv
import os
import resource
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Final

from tests.corpus.examining import Outcome
from tests.corpus.reading import read

BATCH: Final = 50
_SECONDS: Final = 300
"""For a batch; each file of one that takes longer is tried by itself."""
_ALONE: Final = 60
_CSV: Final = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
"""Every sheet as UTF-8 with commas, cells as they are shown."""

_LARGEST: Final = 256 << 20
"""Bytes of a sheet as text."""

_MOST_ROWS: Final = 5_000

Shown = Mapping[str, list[list[str]]]
"""Rows of texts by sheet."""


csv.field_size_limit(_LARGEST)


def available() -> bool:
    return shutil.which("soffice") is not None


def compare(pairs: Mapping[str, tuple[Path, Path]], outcomes: Mapping[str, Outcome], folder: Path) -> dict[str, int]:
    """Open originals and results, and add what differs to the outcomes' faults. Returns how it went, counted.

    pairs: original and result by the name of an outcome.
    """
    before = _Folder(folder / "before", folder / "profile")
    after = _Folder(folder / "after", folder / "profile")
    counts: Counter[str] = Counter()
    doubtful: dict[str, list[str]] = {}
    names = list(pairs)
    for start in range(0, len(names), BATCH):
        some = names[start : start + BATCH]
        before.convert([pairs[name][0] for name in some])
        after.convert([pairs[name][1] for name in some])
        for name in some:
            was, now = before.shown(pairs[name][0]), after.shown(pairs[name][1])
            if not was:
                counts["originals that it cannot open"] += 1
            elif not now:
                counts["results that it cannot open"] += 1
                outcomes[name].faults.append("LibreOffice opens the original but not the result")
            else:
                counts["opened both"] += 1
                wrong = list(_differences(was, now, outcomes[name]))
                if wrong:
                    doubtful[name] = wrong
    lasting = _lasting(doubtful, pairs, before, folder)
    own = _of_own_formulas({name: pairs[name] for name in lasting}, before, after, outcomes, folder)
    for name, wrong in lasting.items():
        if name not in own:
            outcomes[name].faults += wrong
    counts["differences that the clock or chance makes"] = len(doubtful) - len(lasting)
    counts["differences of formulas that read the cells of the results"] = len(own)
    return dict(counts)


def _lasting(
    doubtful: Mapping[str, list[str]],
    pairs: Mapping[str, tuple[Path, Path]],
    before: _Folder,
    folder: Path,
) -> dict[str, list[str]]:
    """Differences in workbooks that are shown the same when the original is opened twice."""
    again = _Folder(folder / "again", folder / "profile")
    again.convert([pairs[name][0] for name in doubtful])
    return {
        name: wrong
        for name, wrong in doubtful.items()
        if not list(_differences(before.shown(pairs[name][0]), again.shown(pairs[name][0]), Outcome("done")))
    }


def _of_own_formulas(
    pairs: Mapping[str, tuple[Path, Path]],
    before: _Folder,
    after: _Folder,
    outcomes: Mapping[str, Outcome],
    folder: Path,
) -> set[str]:
    """Workbooks whose own formulas read the blank cells that the results came to stand in, such as =SUM(1:1).

    Every cell that they show otherwise than before shows the same when openpyxl puts the values of the results in
    the same cells of the original.
    """
    controls = _Folder(folder / "control", folder / "profile")
    made = {name: _control(*pairs[name], outcomes[name], folder / "controls") for name in pairs}
    controls.convert([path for path in made.values() if path is not None])
    return {
        name
        for name, path in made.items()
        if path is not None
        and _explained(before.shown(pairs[name][0]), controls.shown(path), after.shown(pairs[name][1]), outcomes[name])
    }


def _explained(before: Shown, control: Shown, after: Shown, outcome: Outcome) -> bool:
    """Whether each cell, apart from the results, shows what it did or what the control shows."""
    for name in before:
        if name not in control or name not in after:
            return False
        columns = outcome.columns if name == _own(before, outcome) else ()
        sheets = [_stripped(shown[name], columns) for shown in (before, control, after)]
        for rows in zip_longest(*sheets, fillvalue=[]):
            for was, told, now in zip_longest(*rows, fillvalue=""):
                if now not in (was, told):
                    return False
    return True


def _control(source: Path, result: Path, outcome: Outcome, folder: Path) -> Path | None:
    """The original with the values of the results, as openpyxl writes it; None where openpyxl cannot."""
    folder.mkdir(exist_ok=True)
    book, made = read(source), read(result, values=True)
    if book is None or made is None or outcome.sheet not in book.sheetnames:
        return None
    for (row, column), cell in made[outcome.sheet]._cells.items():
        if column - 1 in outcome.columns and cell.value is not None:
            written = book[outcome.sheet].cell(row, column)
            written.value, written.data_type = cell.value, cell.data_type
    path = folder / f"{source.stem}.xlsx"
    try:
        book.save(path)
    except Exception:
        return None
    return path


class _Folder:
    """Conversions of workbooks, each sheet a file of its own."""

    def __init__(self, path: Path, profile: Path) -> None:
        self.path, self.profile = path, profile
        path.mkdir(parents=True)

    def convert(self, files: Sequence[Path]) -> None:
        self._run(files, _SECONDS)
        # What stood behind a file that ended the program has not had its turn.
        for file in files:
            if not self._made(file):
                self._run([file], _ALONE)

    def _run(self, files: Sequence[Path], seconds: int) -> None:
        if not files:
            return
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{self.profile}", "--convert-to", _CSV]
        process = subprocess.Popen(
            [*command, "--outdir", str(self.path), *map(str, files)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        # A text of a megabyte shared by ten thousand cells is small in a workbook.
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (_LARGEST, _LARGEST))
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _made(self, file: Path) -> list[Path]:
        return sorted(self.path.glob(f"{file.stem}-*.csv"))

    def shown(self, file: Path) -> Shown:
        """What the sheets show; nothing when the file could not be opened."""
        return {one.stem.removeprefix(f"{file.stem}-"): list(_rows(one)) for one in self._made(file)}


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="", errors="replace") as file:
        for number, row in enumerate(csv.reader(file)):
            if number == _MOST_ROWS:
                return
            yield row


def _differences(before: Shown, after: Shown, outcome: Outcome) -> Iterator[str]:
    own = _own(before, outcome)
    for name, rows in before.items():
        if name not in after:
            yield f"LibreOffice shows no sheet {name}"
            continue
        columns = outcome.columns if name == own or len(before) == 1 else ()
        was, now = _stripped(rows, columns), _stripped(after[name], columns)
        if was != now:
            row = next((n for n, pair in enumerate(zip(was, now, strict=False)) if pair[0] != pair[1]), -1)
            shown = f"{was[row]} as {now[row]}"[:200] if row >= 0 else f"{len(was)} rows as {len(now)}"
            yield f"LibreOffice shows {name}, row {row + 1}: {shown}"


def _own(shown: Shown, outcome: Outcome) -> str:
    """The sheet with the results, as LibreOffice names it: it numbers one whose name it finds taken."""
    return outcome.sheet if outcome.sheet in shown else f"{outcome.sheet} -1"


def _stripped(rows: list[list[str]], columns: Collection[int]) -> list[list[str]]:
    """Rows without some columns, and without what is blank at their ends and below."""
    kept = []
    for row in rows:
        cells = [cell for column, cell in enumerate(row) if column not in columns]
        while cells and not cells[-1]:
            cells.pop()
        kept.append(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept
