"""The reading process dies in place of the server or the command, and the next file is read as if nothing was."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.encoded import Encoded
from tests.xlsx.conftest import Write
from tests.xlsx.hostile import ABORTING, Member, cell, member, parts, row, sheet_xml, write_zip
from xlsx.compiled import SWITCH
from xlsx.errors import UnreadableSheet
from xlsx.grid import Marks, RawColumn
from xlsx.guard import Limits
from xlsx.reading import open_source
from xlsx.recalculate import recalculate
from xlsx.worker import pool
from xlsx.worker.messages import Ended, receive, send
from xlsx.worker.parsing import WorkbookSource
from xlsx.worker.pool import Pool
from xlsx.worker.requests import begin, look_through
from xlsx.worker.wire import packed, unpacked
from xlsx.writing import write_workbook

HOUSE = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="signals")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No test is given the processes of another."""
    pool.close()
    yield
    pool.close()


def honest(path: Path, rows: int = 3) -> Path:
    """A workbook with a heading row and so many trips, numbered."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Resor")
        sheet.write_row(0, 0, ["Rese-ID", "Avresa", "Utlägg"])
        for number in range(1, rows + 1):
            sheet.write_row(number, 0, [f"{path.stem}-{number}", "2024-03-04 07:00", number])
    return path


def ids(path: Path, limits: Limits | None = None) -> list[str]:
    source = open_source(path, limits)
    columns, _, _ = source.load(source.names[0], 0, 1)
    cells = columns[0].cells
    assert isinstance(cells, Encoded)
    return [str(cells.texts[place]) for place in cells.index.tolist()]


# What the parser dies of

DIRECTLY = """
import sys, fastexcel
book = fastexcel.read_excel(sys.argv[1])
book.load_sheet(book.sheet_names[0], header_row=None).to_arrow()
"""


@posix
@pytest.mark.parametrize("name", ABORTING)
def test_a_file_that_aborts_the_parser_is_survived(tmp_path: Path, name: str) -> None:
    path = ABORTING[name](tmp_path / name)
    assert path.stat().st_size < 5000
    alone = subprocess.run([sys.executable, "-c", DIRECTLY, str(path)], capture_output=True, check=False, timeout=120)
    assert alone.returncode < 0, "the parser alone is not ended by a signal; find another file"
    with pytest.raises(UnreadableSheet, match=rf"{name}: filen kan inte läsas.*mer minne än de \d+ MiB"):
        ids(path)
    assert ids(honest(tmp_path / "nästa.xlsx")) == ["nästa-1", "nästa-2", "nästa-3"]


def _amplified() -> list[Member]:
    """A text of 32 kB that 200,000 cells refer to: 6.4 GB once it is laid out, and nothing wrong with any part."""
    cells = "".join(row(number, f'<c r="A{number}" t="s"><v>0</v></c>') for number in range(3, 200_003))
    text = f"<sst><si><t>{os.urandom(16_000).hex()}</t></si></sst>"
    return [*parts(sheet_xml(cells)), member("xl/sharedStrings.xml", text)]


def test_a_file_that_grows_in_the_reader_meets_the_limit_of_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SWITCH, "0")  # the compiled reader keeps each text once
    path = write_zip(tmp_path / "växer.xlsx", _amplified())
    with pytest.raises(UnreadableSheet, match="mer minne än"):
        ids(path)
    assert len(ids(honest(tmp_path / "nästa.xlsx"))) == 3


def test_the_limit_of_memory_is_the_one_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "0")
    rows = "".join(row(number, cell(f"A{number}", number), cell(f"B{number}")) for number in range(3, 200_003))
    path = write_zip(tmp_path / "stor.xlsx", parts(sheet_xml(rows)))
    assert len(open_source(path).load("Resor", 0, 1)[0][0]) == 200_001
    pool.close()  # what a process has taken already is not counted
    with pytest.raises(UnreadableSheet, match=r"stor\.xlsx: .* de 4 MiB"):
        open_source(path, Limits(memory=4 << 20)).load("Resor", 0, 1)


@posix
def test_a_reading_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = honest(tmp_path / "seg.xlsx")
    assert len(ids(path)) == 3
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(UnreadableSheet, match=r"seg\.xlsx: läsningen avbröts, eftersom den tog mer än 0.3 sekunder"):
        ids(path, Limits(seconds=0.3))
    assert not Path(f"/proc/{pid}").exists()
    assert len(ids(path)) == 3


@posix
def test_a_process_that_was_killed_while_waiting_is_replaced(tmp_path: Path) -> None:
    path = honest(tmp_path / "a.xlsx")
    assert len(ids(path)) == 3
    (pid,) = pool.pids()
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert len(ids(path)) == 3
    assert pool.pids() != [pid]


WHOLE = BytesIO()
with xlsxwriter.Workbook(WHOLE, {"in_memory": True}) as _book:
    _sheet = _book.add_worksheet("Resor")
    _sheet.write_row(0, 0, ["Rese-ID", "Avresa", "Hemkomst", "Utlägg"])
    for _number in range(1, 6):
        _sheet.write_row(_number, 0, [f"R{_number}", "2024-03-04 07:00", True, _number * 1.5])
PARTS = {entry.filename: zipfile.ZipFile(WHOLE).read(entry) for entry in zipfile.ZipFile(WHOLE).infolist()}
READ = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_changed_parts_are_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes changed inside the parts, the checksums made right again: this reaches the parser."""
    name = data.draw(st.sampled_from(READ))
    content = bytearray(PARTS[name])
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.sampled_from(("digit", "set", "insert", "delete", "repeat")))
        if change == "digit":
            content[at : at + 1] = data.draw(st.sampled_from((b"9", b"99999", b"0", b"-1", b"Z", b"ZZZZ", b'"')))
        elif change == "set":
            content[at] = data.draw(st.integers(0, 255))
        elif change == "insert":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=20))
        elif change == "delete":
            del content[at : at + data.draw(st.integers(1, 30))]
        else:
            content[at:at] = content[at : at + 60] * data.draw(st.integers(1, 50))
    path = write_zip(
        tmp_path / "ändrad.xlsx", [member(n, bytes(content) if n == name else c) for n, c in PARTS.items()]
    )
    try:
        source = open_source(path)
        for sheet in source.names:
            source.top(sheet)
            columns, _, _ = source.load(sheet, 0, 1)
            assert len({len(column) for column in columns}) <= 1
    except UnreadableSheet as error:
        assert str(error).startswith("ändrad.xlsx: ")


# Many at once


def test_many_threads_read_many_files(tmp_path: Path) -> None:
    paths = [honest(tmp_path / f"fil{number}.xlsx", 50 + number) for number in range(5)]
    alone = {path: ids(path) for path in paths}
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda turn: (paths[turn % 5], ids(paths[turn % 5])), range(60)))
    assert all(found == alone[path] for path, found in together)


@posix
def test_a_death_harms_no_other_thread(tmp_path: Path) -> None:
    good = honest(tmp_path / "bra.xlsx")
    bad = next(iter(ABORTING.values()))(tmp_path / "dålig.xlsx")

    def read(turn: int) -> str:
        try:
            return str(len(ids(bad if turn % 4 == 0 else good)))
        except UnreadableSheet as error:
            return str(error)[:13]

    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(read, range(24)))
    assert told == ["dålig.xlsx: f" if turn % 4 == 0 else "3" for turn in range(24)]


def test_a_process_that_was_begun_with_a_file_answers_for_it_and_for_others(tmp_path: Path) -> None:
    one, other = honest(tmp_path / "en.xlsx"), honest(tmp_path / "annan.xlsx", 4)
    begin(one)
    (pid,) = pool.pids()
    assert len(ids(one)) == 3
    pool.close()
    begin(one)
    (second,) = pool.pids()
    assert second != pid
    assert len(ids(other)) == 4
    assert len(ids(one)) == 3
    assert pool.pids() == [second]


def test_what_is_wrong_with_a_file_that_was_begun_is_told_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "tom.xlsx"
    path.touch()
    begin(path)
    with pytest.raises(UnreadableSheet, match=r"tom\.xlsx: filen är tom"):
        open_source(path)


def test_a_file_that_changes_after_the_guard_is_not_read(tmp_path: Path) -> None:
    path = honest(tmp_path / "a.xlsx")
    source = open_source(path)
    honest(path, 4)
    with pytest.raises(UnreadableSheet, match=r"a\.xlsx: filen ändrades medan den lästes"):
        source.load("Resor", 0, 1)


def test_no_more_processes_than_the_pool_has_room_for(tmp_path: Path) -> None:
    small = Pool(2)
    request = look_through(honest(tmp_path / "a.xlsx"), Limits())
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: small.ask(request)[0]["unpacked"] > 0, range(12)))
    assert answers == [True] * 12
    assert 1 <= len(small.pids()) <= 2
    small.close()
    assert small.pids() == []


FORKED = """
import os, sys
from pathlib import Path
from xlsx.reading import open_source
assert open_source(Path(sys.argv[1])).names == ["Resor"]
child = os.fork()
# Each reads a file of its own, so that an answer meant for the other would show.
path, rows = (Path(sys.argv[1]), 3) if child else (Path(sys.argv[2]), 7)
for _ in range(40):
    assert len(open_source(path).load("Resor", 0, 1)[0][0]) == rows
if not child:
    sys.exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


@posix
def test_a_forked_process_has_readers_of_its_own(tmp_path: Path) -> None:
    paths = [str(honest(tmp_path / "a.xlsx", 3)), str(honest(tmp_path / "b.xlsx", 7))]
    ran = subprocess.run(
        [sys.executable, "-c", FORKED, *paths], cwd=HOUSE, capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr


ENDS = """
import os, sys
from pathlib import Path
from xlsx.reading import open_source
from xlsx.worker import pool
open_source(Path(sys.argv[1])).names
print(pool.pids()[0], flush=True)
os._exit(0)
"""


@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are looked for in /proc")
def test_no_reader_is_left_when_its_parent_ends_without_a_word(tmp_path: Path) -> None:
    path = honest(tmp_path / "a.xlsx")
    pid = subprocess.check_output([sys.executable, "-c", ENDS, str(path)], cwd=HOUSE, text=True, timeout=60).strip()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < deadline, "the reader is still there"
        time.sleep(0.05)


# Where no process can be had


def test_without_processes_nothing_is_read_in_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = honest(tmp_path / "a.xlsx")

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(UnreadableSheet, match=r"egen process.*kunde inte startas här \(Resource temporarily"):
        open_source(path)
    monkeypatch.undo()
    monkeypatch.setattr(sys, "executable", "")
    with pytest.raises(UnreadableSheet, match="inte var dess eget program finns"):
        open_source(path)
    monkeypatch.undo()
    assert len(ids(path)) == 3


@pytest.mark.skipif(not Path("/proc").exists(), reason="the environment is read from /proc")
def test_the_reader_is_not_told_the_secrets_of_the_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARDKOST_SECRET", "hemligt")
    assert len(ids(honest(tmp_path / "a.xlsx"))) == 3
    (pid,) = pool.pids()
    assert b"hemligt" not in Path(f"/proc/{pid}/environ").read_bytes()


# What goes between the processes


def test_all_kinds_of_columns_come_through_as_they_were() -> None:
    times = np.array(["2024-03-04T07:00", "NaT"], "datetime64[us]")
    columns = [
        RawColumn(np.array([1.5, np.nan])),
        RawColumn(times, {1: "#N/A"}),
        RawColumn(times - times[0]),
        RawColumn(Encoded(np.array([1, -1]), ["å", "\ud83d half", "=cmd|' /C calc'!A0"]), {0: "#REF!"}),
        RawColumn(Encoded(np.array([0, 1]), [False, True])),
        RawColumn(np.zeros(0)),
    ]
    marks = Marks(frozenset({3, 1}), [(0, 1, 2, 3)], [(4, 5)])
    buffer = BytesIO()
    send(buffer, *packed((columns, marks, 2)))
    content = buffer.getvalue()
    found, found_marks, left = unpacked(*receive(BytesIO(content)))
    assert (found_marks, left) == (marks, 2)
    for before, after in zip(columns, found, strict=True):
        assert before.broken == after.broken
        if isinstance(before.cells, Encoded):
            assert isinstance(after.cells, Encoded)
            assert list(after.cells.texts) == list(before.cells.texts)
            assert after.cells.index.tolist() == before.cells.index.tolist()
        else:
            np.testing.assert_array_equal(before.cells, after.cells)
    with pytest.raises(Ended):
        receive(BytesIO(content[:-1]))


def test_a_formula_in_a_text_stays_a_text(workbook: Write, tmp_path: Path) -> None:
    evil = "=cmd|' /C calc'!A0"
    head = ["Rese-ID", "Avresa", "Hemkomst", "Syfte"]
    path = workbook(Resor=[head, [evil, "2024-03-04 07:00", "2024-03-06 20:00", "@SUM(1+1)"]])
    written = write_workbook(recalculate(path), tmp_path / "ut.xlsx")
    sheet = openpyxl.load_workbook(written).worksheets[0]
    found = {str(one.value): one.data_type for line in sheet.iter_rows() for one in line}
    assert found[evil] == "s" and found["@SUM(1+1)"] == "s"
    assert "f" not in found.values()


# The beginning of a sheet, read without the rest


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("first", ["A", "B"])
def test_the_top_of_a_large_sheet_is_the_top_of_the_whole(tmp_path: Path, prefix: str, first: str) -> None:
    """first: the column where the topmost rows begin; those far down begin in A and reach further."""
    lines = [row(number, cell(f"{first}{number}", number), cell(f"C{number}")) for number in (2, 5, *range(30, 60))]
    lines += [row(number, cell(f"A{number}", number), cell(f"D{number}")) for number in range(400, 20_000)]
    sheet = sheet_xml().partition("<sheetData>")[0] + f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    if prefix:
        sheet = re.sub(r"<(/?)(?=[a-z])", rf"<\1{prefix}", sheet).replace("xmlns=", "xmlns:x=")
    path = write_zip(tmp_path / "a.xlsx", parts(sheet))
    source = WorkbookSource(path)
    whole = source._reader.load_sheet("Resor", header_row=None, skip_rows=0, dtypes="string").to_arrow()
    expected = [[column[number].as_py() or "" for column in whole.columns] for number in range(20)]
    assert expected[1] == ["2", "", "1", ""] if first == "A" else expected[1] == ["", "2", "1", ""]
    top = source.top("Resor")
    assert [line + [""] * (4 - len(line)) for line in top] == expected


def test_the_house_leaves_no_thread_behind(tmp_path: Path) -> None:
    assert len(ids(honest(tmp_path / "a.xlsx"))) == 3
    pool.close()
    assert not [
        thread
        for thread in threading.enumerate()
        if isinstance(thread, threading.Timer) and not thread.finished.is_set()
    ]
