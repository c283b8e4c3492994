"""The zip: parts that are not changed are the same bytes, and a file is written whole or not at all."""

from __future__ import annotations

import io
import os
import signal
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.xlsx.patch.conftest import make_patch, raw_parts, rewrite
from tests.xlsx.patch.test_forms import BODY, HEAD_ROW, handmade, worksheet
from tests.xlsx.patch.test_patching import by_xlsxwriter
from xlsx.patch.deflate import PIECE, Deflated, inflated
from xlsx.patch.errors import Unpatchable
from xlsx.patch.package import Package, replacing
from xlsx.patch.patching import patch_workbook


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return handmade(tmp_path / "resor.xlsx", worksheet(HEAD_ROW + BODY))


def copied(source: Path, out: Path) -> Path:
    with Package(source) as package, replacing(package, out) as writer:
        for entry in package.entries:
            writer.copy(entry)
    return out


def described(path: Path) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(path) as archive:
        return [
            (one.filename, one.date_time, one.comment, one.external_attr, one.create_system, one.CRC, one.file_size)
            for one in archive.infolist()
        ] + [(archive.comment,)]


def test_a_copy_has_the_same_bytes_names_and_dates(tmp_path: Path) -> None:
    source = tmp_path / "a.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for number, method in enumerate((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)):
            entry = zipfile.ZipInfo(f"del{number}å.bin", (2001, 2, 3, 4, 5, 6))
            entry.compress_type, entry.comment, entry.external_attr = method, b"kommentar", 0o640 << 16
            # A field of someone's own, and sizes in a large form where they need none.
            entry.extra = struct.pack("<HHL", 0x7777, 4, number) + struct.pack("<HHQQ", 1, 16, 5000, 5000)
            archive.writestr(entry, os.urandom(5000))
        archive.mkdir("mapp")
        archive.comment = b"hela filen"
    out = copied(source, tmp_path / "b.zip")
    assert raw_parts(out) == raw_parts(source) and described(out) == described(source)
    with zipfile.ZipFile(out) as archive:
        extras = [struct.pack("<HHL", 0x7777, 4, number) for number in range(3)]
        assert [one.extra for one in archive.infolist()[:3]] == extras


class Unseekable(io.RawIOBase):
    """A pipe, to which zipfile writes sizes after the data."""

    def __init__(self, file: io.BufferedWriter) -> None:
        self.file = file

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self.file.write(data)  # type: ignore[arg-type]


@pytest.mark.parametrize("force_zip64", [False, True])
def test_sizes_after_the_data_and_large_headers(force_zip64: bool, book: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "ström.xlsx", tmp_path / "ut.xlsx"
    with zipfile.ZipFile(book) as old, source.open("wb") as file, zipfile.ZipFile(Unseekable(file), "w") as new:  # type: ignore[arg-type]
        for entry in old.infolist():
            with new.open(zipfile.ZipInfo(entry.filename), "w", force_zip64=force_zip64) as part:
                part.write(old.read(entry))
    with zipfile.ZipFile(source) as archive:
        assert all(one.flag_bits & 8 for one in archive.infolist())
    patch_workbook(source, out, make_patch([2, 3, 4]))
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None and not any(one.flag_bits & 8 for one in archive.infolist())
    old_parts, new_parts = raw_parts(source), raw_parts(out)
    assert old_parts["_rels/.rels"] == new_parts["_rels/.rels"]


def test_something_before_the_zip(book: Path, tmp_path: Path) -> None:
    source = tmp_path / "skräp.xlsx"
    source.write_bytes(b"before" * 100 + book.read_bytes())
    patch_workbook(source, tmp_path / "ut.xlsx", make_patch([2, 3, 4]))
    assert "xl/styles.xml" in raw_parts(tmp_path / "ut.xlsx")


def test_pieces_of_any_size_are_packed_the_same() -> None:
    content = os.urandom(1000) * 50 + bytes(3_000_000)
    packed = Deflated(iter([content[:10], content[10:70_000], content[70_000:]]))
    raw = b"".join(packed)
    assert zlib.decompress(raw, -15) == content and (packed.size, packed.crc) == (len(content), zlib.crc32(content))
    pieces = [raw[start : start + 777] for start in range(0, len(raw), 777)]
    assert b"".join(inflated(pieces, packed.size, packed.crc, "x")) == content


@pytest.mark.parametrize(
    ("size", "crc", "cut"),
    [(-1, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 5)],
    ids=["larger", "smaller", "checksum", "cut off"],
)
def test_damaged_parts_are_refused(size: int, crc: int, cut: int) -> None:
    content = bytes(range(256)) * 10
    machine = zlib.compressobj(wbits=-15)
    raw = machine.compress(content) + machine.flush()
    with pytest.raises(Unpatchable, match="delen x är"):
        list(inflated([raw[: len(raw) - cut]], len(content) + size, zlib.crc32(content) + crc, "x"))


def test_a_part_larger_than_it_says_is_not_unpacked_whole() -> None:
    machine = zlib.compressobj(wbits=-15)
    raw = machine.compress(bytes(50 * PIECE)) + machine.flush()
    seen = 0
    with pytest.raises(Unpatchable, match="större än filen säger"):
        for piece in inflated([raw], PIECE, 0, "x"):
            seen += len(piece)
    assert seen <= PIECE


def refused(path: Path, out: Path) -> str:
    before = sorted(one.name for one in path.parent.iterdir())
    with pytest.raises(Unpatchable) as problem:
        patch_workbook(path, out, make_patch([2, 3, 4]))
    assert sorted(one.name for one in path.parent.iterdir()) == before, "nothing is left behind"
    assert str(problem.value).startswith((path.name, out.name)) and str(problem.value).endswith(".")
    return str(problem.value)


def test_a_damaged_sheet_is_refused(book: Path, tmp_path: Path) -> None:
    content = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as archive:
        entry = archive.getinfo("xl/worksheets/sheet1.xml")
    content[entry.header_offset + 90] ^= 0xFF
    book.write_bytes(content)
    assert "skadad" in refused(book, tmp_path / "ut.xlsx")


def test_the_original_is_no_target(book: Path, tmp_path: Path) -> None:
    assert "originalet" in refused(book, book)
    (tmp_path / "länk.xlsx").symlink_to(book)
    assert "originalet" in refused(book, tmp_path / "länk.xlsx")


def test_a_folder_that_is_not_there(book: Path, tmp_path: Path) -> None:
    assert "ingenstans finns inte" in refused(book, tmp_path / "ingenstans" / "ut.xlsx")


def test_no_zip_and_no_workbook(tmp_path: Path) -> None:
    other = tmp_path / "resor.xlsx"
    other.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "lösenord" in refused(other, tmp_path / "ut.xlsx")
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "saknas" in refused(other, tmp_path / "ut.xlsx")


def test_a_signed_workbook_is_refused(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    assert "signerad" in refused(book, tmp_path / "ut.xlsx")


def test_encrypted_entries_and_equal_names_are_refused(book: Path, tmp_path: Path) -> None:
    content = book.read_bytes()
    locked = tmp_path / "låst.xlsx"
    directory = content.index(b"PK\1\2")
    locked.write_bytes(content[: directory + 8] + b"\x01\x00" + content[directory + 10 :])
    assert "krypterad" in refused(locked, tmp_path / "ut.xlsx")
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(book, "a") as archive:
        archive.writestr("_rels/.rels", "x")
    assert "samma namn" in refused(book, tmp_path / "ut.xlsx")


def test_a_doctype_is_refused(book: Path, tmp_path: Path) -> None:
    evil = b'<!DOCTYPE workbook [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        bad = rewrite(book, tmp_path / "ond.xlsx", lambda name, content, part=part: (  # type: ignore[misc]
            evil + content if name == part else content))  # fmt: skip
        assert "DOCTYPE" in refused(bad, tmp_path / "ut.xlsx")


def test_nothing_is_left_when_it_is_cancelled(book: Path, tmp_path: Path) -> None:
    def cancel(_: int) -> None:
        raise KeyboardInterrupt

    (tmp_path / "ut.xlsx").write_bytes(b"earlier")
    with pytest.raises(KeyboardInterrupt):
        patch_workbook(book, tmp_path / "ut.xlsx", make_patch([2, 3, 4]), cancel)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["resor.xlsx", "ut.xlsx"]
    assert (tmp_path / "ut.xlsx").read_bytes() == b"earlier"


KILLED = """
import sys, time
from pathlib import Path
from tests.xlsx.patch.conftest import make_patch
from xlsx.patch.patching import patch_workbook

def slowly(done):
    print(done, flush=True)
    time.sleep(60)

patch_workbook(Path(sys.argv[1]), Path(sys.argv[2]), make_patch([2, 3, 4]), slowly)
"""


def test_a_kill_in_the_middle_leaves_no_target(tmp_path: Path) -> None:
    source, out = by_xlsxwriter(tmp_path / "resor.xlsx"), tmp_path / "ut.xlsx"
    before = source.read_bytes()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, source, out], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
    ) as running:
        assert running.stdout is not None and running.stdout.readline()
        assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".fardkost-")], "it is in the middle"
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=20)
    assert not out.exists() and source.read_bytes() == before
    patch_workbook(source, out, make_patch([2, 3, 4]))
    assert zipfile.ZipFile(out).testzip() is None


@pytest.mark.skipif(sys.platform == "win32", reason="rights are of Unix")
@pytest.mark.parametrize(
    ("original", "mask", "result"),
    [(0o600, 0o022, 0o600), (0o644, 0o022, 0o644), (0o666, 0o022, 0o644), (0o644, 0o077, 0o600), (0o440, 0o022, 0o640)],
)
def test_a_result_is_read_by_no_more_than_the_original(
    original: int, mask: int, result: int, book: Path, tmp_path: Path
) -> None:
    """Pay stands in it. Its owner may write to it, and the process's own limits hold."""
    book.chmod(original)
    before = os.umask(mask)
    try:
        patch_workbook(book, tmp_path / "ut.xlsx", make_patch([2, 3, 4]))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "ut.xlsx").stat().st_mode) == result


@pytest.mark.skipif(sys.platform == "win32", reason="names have other limits there")
def test_names_as_long_as_they_may_be(book: Path, tmp_path: Path) -> None:
    """A name holds 255 bytes: 125 å of two bytes each, and five signs."""
    out = tmp_path / ("å" * 125 + ".xlsx")
    patch_workbook(book, out, make_patch([2, 3, 4]))
    assert zipfile.ZipFile(out).testzip() is None
    assert "filnamnet är för långt" in refused(book, tmp_path / ("å" * 126 + ".xlsx"))
