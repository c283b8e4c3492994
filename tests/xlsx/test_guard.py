"""Hostile files are refused before a parser sees them, in little memory and with a reason; honest ones pass."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.xlsx.hostile import (
    ENDLESS,
    FILES,
    SHEET,
    TRIP,
    cell,
    member,
    ods,
    parts,
    row,
    sheet_xml,
    strings,
    tight_bomb,
    utf_16,
    write_zip,
)
from xlsx.errors import UnreadableSheet
from xlsx.guard import Limits, check_file
from xlsx.guard.parts import PIECE

MOST_MEMORY = 300 << 20
"""Bytes that refusing may take, of all processes together."""
MOST_SECONDS = 20
"""The aim is two seconds on an idle machine; a parser that is let loose on a bomb takes minutes."""

HOUSE = Path(__file__).parents[2]
READ_ALL = """
import json, os, resource, sys, time
from pathlib import Path
from xlsx.reading import open_source
from xlsx.errors import UnreadableSheet
from xlsx.worker import pool

def peak(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024

for name in sys.argv[1:]:
    start = time.perf_counter()
    try:
        source = open_source(Path(name))
        for sheet in source.names:
            source.load(sheet, 0, 1)
        said = ""
    except UnreadableSheet as error:
        said = str(error)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    memory = peak("self") + max([ended, *map(peak, pool.pids())])
    print(json.dumps([Path(name).name, said, time.perf_counter() - start, memory]), flush=True)
"""


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, float, int]]:
    """What was said of each hostile file by a process of its own, the seconds, and the most memory until then."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = [str(build(folder / name)) for name, (build, _) in FILES.items()]
    ran = subprocess.run(
        [sys.executable, "-c", READ_ALL, *paths], cwd=HOUSE, capture_output=True, text=True, check=False, timeout=600
    )
    assert ran.returncode == 0, ran.stderr
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    return {name: (said, seconds, memory) for name, said, seconds, memory in told}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_with_a_reason(refused: dict[str, tuple[str, float, int]], name: str) -> None:
    said, seconds, memory = refused[name]
    assert said.startswith(f"{name}: "), said or "it was read"
    assert re.search(FILES[name][1], said), said
    assert seconds < MOST_SECONDS
    assert memory < MOST_MEMORY


def test_no_file_is_gone_through_again_and_again(tmp_path: Path) -> None:
    """Whether they are read or refused is of no consequence; a search that goes back would take hours."""
    paths = [str(build(tmp_path / name)) for name, build in ENDLESS.items()]
    ran = subprocess.run([sys.executable, "-c", READ_ALL, *paths], cwd=HOUSE, stdout=subprocess.PIPE, timeout=120)
    assert (ran.returncode, len(ran.stdout.splitlines())) == (0, len(ENDLESS))


def check(path: Path, *members: Any, limits: Limits | None = None) -> int:
    return check_file(write_zip(path, members), limits)


def test_the_limits_hold_of_what_is_unpacked_and_not_only_of_what_is_told(tmp_path: Path) -> None:
    """The same sizes as a bomb's, but each part within 200 times its packed size."""
    path = tmp_path / "stor.xlsx"
    small = Limits(sheet=50_000, strings=50_000, other=20_000, total=120_000)
    filler = "".join(f"<x>{number * 7919 % 100_003}</x>" for number in range(6000))
    for name, most in ((SHEET, "50000"), ("xl/sharedStrings.xml", "50000"), ("xl/styles.xml", "20000")):
        part = member(name, f"<x>{filler}</x>")
        with pytest.raises(UnreadableSheet, match=f"{name} är {part.size} byte uppackad; högst {most} byte"):
            check(path, *(other for other in parts() if other.name != name), part, limits=small)
    several = [member(f"xl/drawings/d{number}.xml", f"<x>{filler[:15_000]}</x>") for number in range(9)]
    with pytest.raises(UnreadableSheet, match="större än 120000 byte uppackad"):
        check(path, *parts(), *several, limits=small)


def test_all_parts_together_may_not_grow_more_than_large_sheets_do(tmp_path: Path) -> None:
    tight = tight_bomb(SHEET, "<worksheet><sheetData>", f"<v>{' ' * 3000}</v>", "</sheetData></worksheet>", 10**7, 40)
    assert 30 < tight.size / len(tight.packed) < 40
    with pytest.raises(
        UnreadableSheet, match=r"zipbomb: den växer från .* till 10 MiB .*, mer än 1 MiB plus 20 gånger"
    ):
        check(tmp_path / "a.xlsx", *parts(tight), limits=Limits(growth=1 << 20, growth_per_byte=20))
    for enough in (Limits(growth=1 << 20, growth_per_byte=40), Limits(growth=10 << 20, growth_per_byte=20)):
        with pytest.raises(UnreadableSheet, match="kontrollsumman"):
            check(tmp_path / "b.xlsx", *parts(tight), limits=enough)
    halves = [replace(tight, name=f"xl/drawings/d{number}.xml") for number in range(2)]
    with pytest.raises(UnreadableSheet, match="zipbomb: den växer"):
        check(tmp_path / "c.xlsx", *parts(), *halves, limits=Limits(growth=10 << 20, growth_per_byte=20))


def test_looking_through_takes_no_longer_than_the_file_is_worth(tmp_path: Path) -> None:
    rows = "".join(row(number, TRIP.format(number)) for number in range(3, 103))
    path = tmp_path / "a.xlsx"
    with pytest.raises(UnreadableSheet, match=r"a\.xlsx: filen tar orimligt lång tid att granska för sin storlek"):
        check(path, *parts(sheet_xml(rows)), limits=Limits(scan=-10, scan_per_byte=0))
    # 10 seconds for each of some thousand bytes.
    assert path.stat().st_size > 1000
    assert check(path, *parts(sheet_xml(rows)), limits=Limits(scan=-10, scan_per_byte=10))


def test_how_large_a_file_may_be_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "resor.xlsx"
    padding = member("xl/media/bild.bin", b"\x89PNG" + bytes(1_100_000), method=0)
    assert check(path, *parts(), padding)
    monkeypatch.setenv("FARDKOST_MAX_MB", "1")
    with pytest.raises(UnreadableSheet, match=r"resor\.xlsx: filen är 1 MB; högst 1 MB tas emot"):
        check_file(path)
    monkeypatch.setenv("FARDKOST_MAX_MB", "många")
    with pytest.raises(UnreadableSheet, match='FARDKOST_MAX_MB är "många"'):
        check_file(path)


def test_cells_in_all_are_counted(tmp_path: Path) -> None:
    # Four headings, and 101 trips of four cells.
    rows = "".join(row(number, TRIP.format(number)) for number in range(3, 103))
    with pytest.raises(UnreadableSheet, match="fler än 407 celler"):
        check(tmp_path / "a.xlsx", *parts(sheet_xml(rows)), limits=Limits(cells=407))
    assert check(tmp_path / "b.xlsx", *parts(sheet_xml(rows)), limits=Limits(cells=408))


def small_workbook() -> bytes:
    """A workbook as XlsxWriter makes it, with shared strings, styles and a picture-like part."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        # The same bytes whenever it is made: the tests below are named by its length.
        book.set_properties({"created": datetime(2026, 1, 1)})
        sheet = book.add_worksheet("Resor")
        for number, title in enumerate(("Rese-ID", "Avresa", "Hemkomst", "Utlägg")):
            sheet.write_string(0, number, title)
        for number in range(1, 30):
            sheet.write_row(number, 0, [f"R{number}", "2024-03-04 07:00", "2024-03-06 20:00", number * 10])
    return content.getvalue()


WHOLE = small_workbook()


@pytest.mark.parametrize("end", [*range(1, len(WHOLE) - 1, 53), len(WHOLE) - 1])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, end: int) -> None:
    path = tmp_path / "avkortad.xlsx"
    path.write_bytes(WHOLE[:end])
    with pytest.raises(UnreadableSheet, match=r"avkortad\.xlsx: .*(skadad|avkortad)"):
        check_file(path)


@pytest.mark.parametrize("start", range(40, len(WHOLE) - 100, 101))
def test_a_file_with_a_piece_missing_is_refused(tmp_path: Path, start: int) -> None:
    path = tmp_path / "hål.xlsx"
    path.write_bytes(WHOLE[:start] + WHOLE[start + 7 :])
    with pytest.raises(UnreadableSheet, match=r"hål\.xlsx: "):
        check_file(path)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_bytes_changed_anywhere_pass_or_are_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.sampled_from(("set", "insert", "delete")))
        if change == "delete":
            del content[at : at + data.draw(st.integers(1, 40))]
        elif change == "insert":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=40))
        else:
            content[at] = data.draw(st.integers(0, 255))
    path = tmp_path / "ändrad.xlsx"
    path.write_bytes(bytes(content))
    try:
        assert check_file(path) > 0
    except UnreadableSheet as error:
        assert str(error).startswith("ändrad.xlsx: ")


# What honest programs write


def _numbers(number: int) -> str:
    """Fifteen cells with the same number and the same format: no full row packs better."""
    cells = "".join(f'<c r="{letter}{number}" s="1"><v>0</v></c>' for letter in "ABCDEFGHIJKLMNO")
    return f'<row r="{number}" spans="1:15" s="1" customFormat="1">{cells}</row>'


def _formulas(number: int) -> str:
    formula = (
        'IF(OR(H#="",I#=""),"",IF(I#&lt;H#,"fel",IF(INT(I#)=INT(H#),0,IF(MOD(H#,1)&lt;0.5,290,145)'
        "+IF(MOD(I#,1)&gt;19/24,290,145)+MAX(0,INT(I#)-INT(H#)-1)*290-IF(J#&gt;0,J#*58,0)-IF(K#&gt;0,K#*101,0)"
        "-IF(L#&gt;0,L#*101,0))))"
    ).replace("#", str(number))
    cells = "".join(f'<c r="{letter}{number}"><f>{formula}</f><v>{number % 997}</v></c>' for letter in "MNOPQRST")
    return f'<row r="{number}">{cells}</row>'


def _sparse(number: int) -> str:
    """Formats without content, and a number in every hundredth row."""
    cells = "".join(f'<c r="{letter}{number}" s="1"/>' for letter in "ABCDEFGHIJKLMN")
    return f'<row r="{number}" spans="1:15">{cells}{cell(f"O{number}") if number % 100 == 0 else ""}</row>'


@pytest.mark.parametrize("one", [_numbers, _formulas, _sparse])
def test_no_large_sheet_of_an_honest_program_grows_as_bombs_do(tmp_path: Path, one: Callable[[int], str]) -> None:
    """The sheet is as a large one, and what is let pass of any file so little that it does not help this one."""
    rows = "".join(map(one, range(100_000, 110_000)))
    assert check(tmp_path / "a.xlsx", *parts(sheet_xml(rows)), limits=Limits(growth=100_000))


def test_the_demo_sheets_pass() -> None:
    for path in sorted(Path(HOUSE, "demo").glob("*.xlsx")):
        with zipfile.ZipFile(path) as archive:
            xml = sum(entry.file_size for entry in archive.infolist() if entry.filename.endswith((".xml", ".rels")))
        assert check_file(path) == xml


def test_the_last_column_and_row_that_are_read(tmp_path: Path) -> None:
    at_the_edge = row(3, cell("SR3")) + row(200_000, cell("A200000"))
    with pytest.raises(UnreadableSheet, match="200000 rader gånger 512 kolumner"):
        check(tmp_path / "a.xlsx", *parts(sheet_xml(at_the_edge)))
    assert check(tmp_path / "b.xlsx", *parts(sheet_xml(row(3, cell("SR3")) + row(7000, cell("A7000")))))
    deep = parts(sheet_xml(row(1048576, cell("A1048576"))))
    assert check(tmp_path / "c.xlsx", *deep, limits=Limits(sparse=5_000_000))


def test_cells_without_content_may_be_anywhere(tmp_path: Path) -> None:
    far = row(3, '<c r="XFD3" s="1"/>') + row(1048576, '<c r="A1048576" s="1"/>', '<c r="XFD1048576" s="1" />')
    assert check(tmp_path / "a.xlsx", *parts(sheet_xml(far)))
    with pytest.raises(UnreadableSheet, match="kolumn XFD"):
        check(tmp_path / "b.xlsx", *parts(sheet_xml(far + row(4, cell("XFD4")))))


def test_text_that_looks_like_a_far_reference_is_text(tmp_path: Path) -> None:
    text = '<c r="A3" t="inlineStr"><is><t>color="XFD9999999" DOCTYPE! &lt;!DOCTYPE</t></is></c>'
    note = "<!-- hej! --><![CDATA[ 5 < 6! ]]>"
    assert check(tmp_path / "a.xlsx", *parts(sheet_xml(row(3, text), after=note)))


def test_a_bar_in_texts_and_names_starts_no_program(tmp_path: Path) -> None:
    formulas = ("'Del|två'!A1", 'IF(A1="a|b","c|d","")', '"x|"&amp;A1', "SUM({1,2;3,4})")
    cells = "".join(
        f'<c r="{letters}3"><f>{one}</f><v>1</v></c>' for letters, one in zip("ABCD", formulas, strict=True)
    )
    text = '<c r="E3" t="inlineStr"><is><t>=cmd|\' /C calc\'!A0</t></is></c>'
    assert check(tmp_path / "a.xlsx", *parts(sheet_xml(row(3, cells, text))))
    quoted = '<table:table-row><table:table-cell table:formula="of:=[.A1]&amp;&quot;a|b&quot;"/></table:table-row>'
    assert check(tmp_path / "b.ods", *ods(quoted))


def test_utf_16_in_itself_is_honest(tmp_path: Path) -> None:
    assert check(tmp_path / "a.xlsx", *parts(member(SHEET, utf_16(sheet_xml()))))
    assert check(tmp_path / "b.xlsx", *parts(member(SHEET, b"\xef\xbb\xbf" + sheet_xml().encode())))


def test_references_are_found_across_the_pieces_that_are_read(tmp_path: Path) -> None:
    """A far cell at each of many places around the end of the first piece."""
    for shift in range(40):
        padding = "<!--" + "x" * (PIECE - len(sheet_xml()) - 40 + shift) + "-->"
        sheet = sheet_xml(padding + row(3, cell("XFD3")))
        with pytest.raises(UnreadableSheet, match="kolumn XFD"):
            check(tmp_path / "a.xlsx", *parts(member(SHEET, sheet, method=0)))


def test_shared_strings_may_be_as_many_as_they_are(tmp_path: Path) -> None:
    table = strings("<si><t>x</t></si>" * 1000, 'count="5000000" uniqueCount="1000"')
    assert check(tmp_path / "a.xlsx", *parts(), table)


class Unseekable(io.RawIOBase):
    """Makes zipfile write sizes after the parts, as programs do that write to a network."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.content += piece
        return len(piece)


def _streamed(path: Path) -> None:
    target = Unseekable()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for part in parts():
            archive.writestr(str(part.name), b"<x/>" if part.name != SHEET else sheet_xml())
    path.write_bytes(bytes(target.content))


def _large_form(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts():
            with archive.open(str(part.name), "w", force_zip64=True) as entry:
                entry.write(b"<x/>")


def _backslashes(path: Path) -> None:
    write_zip(path, [replace(part, name=str(part.name).replace("/", "\\")) for part in parts()])


def _folders_comment_and_picture(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = "från ett system".encode()
        archive.mkdir("xl")
        for part in parts():
            archive.writestr(str(part.name), "<x/>")
        archive.writestr("xl/media/bild.png", b"\x89PNG" + bytes(50))
        archive.writestr("xl/tom.xml", "")


@pytest.mark.parametrize("write", [_streamed, _large_form, _backslashes, _folders_comment_and_picture])
def test_the_forms_of_zip_that_programs_write(tmp_path: Path, write: Callable[[Path], None]) -> None:
    path = tmp_path / "ärlig.xlsx"
    write(path)
    assert check_file(path) > 0


def test_an_open_document_ends_in_repeated_empty_rows(tmp_path: Path) -> None:
    """As LibreOffice ends every row and every sheet."""
    empty = '<table:table-cell table:number-columns-repeated="16381"/>'
    value = '<table:table-cell office:value-type="float" office:value="1"/>'
    rows = (
        f"<table:table-row>{value}{empty}</table:table-row>"
        f'<table:table-row table:number-rows-repeated="2">{value}{empty}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048570">{empty}</table:table-row>'
    )
    path = write_zip(tmp_path / "a.ods", ods(rows))
    assert check_file(path)


PADDING = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
VALUE = '<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
NEXT = '</table:table><table:table table:name="{}">'


def test_each_sheet_of_an_open_document_ends_in_repeated_empty_rows(tmp_path: Path) -> None:
    """The values of a sheet stand below its own rows alone, also where the sheets come in pieces."""
    sheets = "".join(f"{VALUE * 3}{PADDING}{NEXT.format(name)}" for name in "abc")
    assert check_file(write_zip(tmp_path / "a.ods", ods(sheets + VALUE)))
    large = VALUE * (3 * PIECE // 2 // len(VALUE))
    assert check_file(write_zip(tmp_path / "b.ods", ods(large + PADDING + NEXT.format("b") + large + PADDING)))
    assert check_file(write_zip(tmp_path / "c.ods", ods(PADDING + large.join([NEXT.format("b"), NEXT.format("c")]))))


@pytest.mark.parametrize(
    "rows",
    [
        VALUE + PADDING + NEXT.format("b") + VALUE + PADDING + VALUE,
        VALUE + PADDING + VALUE + NEXT.format("b") + VALUE,
        PADDING + VALUE * (2 * PIECE // len(VALUE)) + NEXT.format("b") + VALUE,
        "".join(f"{PADDING.replace('1048570', '100000')}{VALUE}{NEXT.format(number)}" for number in range(11)),
    ],
    ids=["second", "first", "in pieces", "together"],
)
def test_values_far_down_are_refused_in_whichever_sheet(tmp_path: Path, rows: str) -> None:
    with pytest.raises(UnreadableSheet, match="upprepade rader med innehåll långt ned"):
        check_file(write_zip(tmp_path / "a.ods", ods(rows)))


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_the_file_that_excel_locks_another_with_is_told_from_it(tmp_path: Path, suffix: str) -> None:
    """165 bytes: the length of the user's name, the name, and the name again in UTF-16."""
    name = "Åsa Öberg"
    lock = tmp_path / f"~$resor{suffix}"
    lock.write_bytes(bytes([len(name)]) + name.encode("cp1252").ljust(54) + bytes([9, 0]) + name.encode("utf-16-le"))
    with pytest.raises(UnreadableSheet, match=rf"låsfil för en fil som är öppen \(resor\{suffix}\).* Ange resor"):
        check_file(lock)
    # A workbook that only is called so is read.
    if suffix == ".xlsx":
        assert check_file(write_zip(tmp_path / "~$annan.xlsx", parts()))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_text_files_pass(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "resor.csv"
    path.write_bytes(
        ("Avresa;Hemkomst;Syfte\r\n" * 5 + "2024-03-04 07:00;;Möte, " + "a, " * 600 + "\r\n").encode(encoding)
    )
    assert check_file(path) == 3 * path.stat().st_size


def test_a_text_file_has_no_more_cells_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    path.write_text("a;b;c\n" * 100)
    assert check_file(path, Limits(cells=300))
    with pytest.raises(UnreadableSheet, match="fler än 299 celler"):
        check_file(path, Limits(cells=299))
