"""A computation that would never end: it reads from a pipe that nobody writes to."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from udfs.server.jobs.compute import Message, Task
from udfs.server.jobs.process import CRASHED, Process


def members(group: int) -> list[str]:
    """The processes of a group that have not ended."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [line[2] for line in lines if line[0] == str(group) and not line[1].startswith("Z")]


def until(condition: object) -> None:
    last = time.monotonic() + 60
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < last
        time.sleep(0.05)


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Process]:
    os.mkfifo(tmp_path / "a.csv")
    process = Process(Task(str(tmp_path / "a.csv"), str(tmp_path), "linkoping"), tmp_path / "tillfalligt")
    try:
        until(lambda: process.latest.phase == "reading" and len(members(process._process.pid)) == 2)
        yield process
    finally:
        process.close()


def test_it_ends_with_all_it_has_started_when_the_server_is_gone(endless: Process) -> None:
    """A server that is killed closes its end of the pipe, and does nothing more."""
    assert not endless.ended(0.5)
    assert endless._process.stdin is not None
    endless._process.stdin.close()
    until(lambda: members(endless._process.pid) == [])
    assert endless.ended(10)
    assert endless.latest.failed == CRASHED


def test_it_is_ended_with_all_it_has_started(endless: Process) -> None:
    endless.close()
    assert members(endless._process.pid) == []
    assert endless.ended(0)


def test_one_that_is_killed_from_outside_has_failed(endless: Process) -> None:
    """As the system does when memory is short."""
    endless._process.kill()
    assert endless.ended(10)
    assert endless.latest.failed == CRASHED


def test_it_knows_nothing_of_the_server_s_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRA_CLIENT_SECRET", "hemligt")
    os.mkfifo(tmp_path / "b.csv")
    process = Process(Task(str(tmp_path / "b.csv"), str(tmp_path), "linkoping"), tmp_path / "annat")
    try:
        until(lambda: process.latest.phase == "reading")
        environment = Path(f"/proc/{process._process.pid}/environ").read_text()
        assert f"TMPDIR={tmp_path / 'annat'}" in environment
        assert "hemligt" not in environment
    finally:
        process.close()


def test_a_torn_answer_is_an_end(endless: Process, tmp_path: Path) -> None:
    """The process ended in the middle of a line."""
    torn = tmp_path / "torn"
    torn.write_bytes(b'{"phase":"computing"}\n{"pha')
    endless.close()
    endless.latest = Message()
    with torn.open("rb") as lines:
        endless._process.stdout = lines
        endless._listen()
    assert endless.latest.failed == CRASHED
