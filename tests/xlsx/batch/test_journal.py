"""The journal: what a power cut may leave of it, and what it keeps."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from xlsx.batch.journal import NAME, Journal
from xlsx.batch.records import Figures, Group, Options, Outcome, Stamp

OPTIONS = Options("linkoping")


def outcome(name: str, trips: int = 1) -> Outcome:
    group = Group("Skola", "tåg", trips, 0, 500_000, (102_000, None, 3.5, 0), (0, 0, 0, 1, 0))
    figures = Figures("Resor", trips, 0, (group,), notes=("rad\nbruten",))
    return Outcome(f"/källa/{name}", name, f"{name}-beräknad.xlsx", Stamp(10, 20, "ab" * 32), figures)


def write(folder: Path, *outcomes: Outcome) -> bytes:
    with Journal(folder) as journal:
        for one in outcomes:
            journal.add(one, "regler", OPTIONS)
    return (folder / NAME).read_bytes()


def read(folder: Path) -> dict[str, Outcome]:
    with Journal(folder) as journal:
        return {name: entry.outcome() for name, entry in journal.entries.items()}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    a, b = outcome("a"), outcome("b", 2)
    lines = write(tmp_path, a, b).splitlines()
    assert [msgspec.json.decode(line)["relative"] for line in lines] == ["a", "b"]
    assert read(tmp_path) == {"a": a, "b": b}


def test_wherever_the_last_line_is_torn_the_others_are_read_and_new_ones_written(tmp_path: Path) -> None:
    a, b, c = outcome("a"), outcome("b"), outcome("c")
    whole = write(tmp_path, a, b)
    first = whole.index(b"\n") + 1
    for end in range(first, len(whole), 7):
        (tmp_path / NAME).write_bytes(whole[:end])
        assert read(tmp_path) == {"a": a}
        (tmp_path / NAME).write_bytes(whole[:end])
        write(tmp_path, c)
        assert read(tmp_path) == {"a": a, "c": c}


@pytest.mark.parametrize("rubbish", [b"\0" * 512, b"{}\n", b"\xff\xfe\n", b'{"format":99}\n', b"[]\n", b"\n"])
def test_what_is_no_line_of_ours_is_left_out(tmp_path: Path, rubbish: bytes) -> None:
    a = outcome("a")
    whole = write(tmp_path, a)
    (tmp_path / NAME).write_bytes(whole + rubbish)
    assert read(tmp_path) == {"a": a}
    assert (tmp_path / NAME).read_bytes() == whole


def test_a_later_line_replaces_an_earlier_one_and_the_journal_does_not_grow(tmp_path: Path) -> None:
    once = write(tmp_path, outcome("a", 3))
    for trips in (1, 2, 3):
        write(tmp_path, outcome("a", trips))
    assert read(tmp_path) == {"a": outcome("a", 3)}
    assert (tmp_path / NAME).read_bytes() == once
