"""Workbooks of all kinds to put results into, and a strict comparison of what came of it."""

from __future__ import annotations

import shutil
import struct
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree

from core.encoded import Encoded
from xlsx.patch.plan import Patch, ResultColumn
from xlsx.patch.references import Area, cell

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADINGS = ("Rese-ID", "Avresa", "Km")
TITLES = ("Traktamente", "Färdtid h", "Utsläpp kg CO2e", "Dygn", "Anmärkningar", "Fel")
SOFFICE = shutil.which("soffice")


def make_patch(rows: list[int], *, sheet: str = "Resor", heading_row: int = 1, **more: Any) -> Patch:
    """Six columns of results for some rows; the second row in error, where there is one.

    Traktamente in öre 0, 103050, 206100 …: 0, 1030.5, 2061 kr; Färdtid 90 minutes: 1.5 h; kg 0.1 a row.
    """
    count = len(rows)
    number = np.arange(count)
    wrong = number == 1
    texts = ["a;b", "=1+1 <&> \x01 _x0041_ å", ""]
    columns = [
        ResultColumn("Traktamente", "kr", number * 103_050, ~wrong),
        ResultColumn("Färdtid h", "timmar", np.full(count, 90)),
        ResultColumn("Utsläpp kg CO2e", "kg", number * 0.1, ~wrong),
        ResultColumn("Dygn", "antal", number + 1),
        ResultColumn("Anmärkningar", "anmärkning", Encoded(number % 3, texts)),
        ResultColumn("Fel", "fel", Encoded(np.where(wrong, 0, -1), ["Avresa saknas."])),
    ]
    headings = more.pop("headings", HEADINGS)
    given = {"free": len(headings), "last_heading_row": heading_row, "columns": columns, **more}
    return Patch(sheet, heading_row, given.pop("last_heading_row"), headings, np.array(rows), titles=TITLES, **given)


def expected(rows: list[int]) -> dict[int, list[Any]]:
    """What `make_patch` gives, as a reader of the workbook sees it."""
    texts = ["a;b", "=1+1 <&> \x01 _x0041_ å", None]
    return {
        row: [
            None if place == 1 else round(place * 1030.5, 2),
            1.5,
            None if place == 1 else place * 0.1,
            place + 1,
            texts[place % 3],
            "Avresa saknas." if place == 1 else None,
        ]
        for place, row in enumerate(rows)
    }


def raw_parts(path: Path) -> dict[str, bytes]:
    """The compressed bytes of every part, and a check that the file is sound."""
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        assert archive.testzip() is None
        parts = {}
        for entry in archive.infolist():
            file.seek(entry.header_offset + 26)
            name, extra = struct.unpack("<HH", file.read(4))
            file.seek(name + extra, 1)
            parts[entry.filename] = file.read(entry.compress_size)
    return parts


def read_part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def rewrite(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy of a zip with some parts changed, or (None) left out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = change(entry.filename, old.read(entry))
            if content is not None:
                new.writestr(entry.filename, content)
    return target


def cells_of(xml: bytes) -> dict[tuple[int, int], tuple[dict[str, str], str]]:
    """Every cell by row and column (from 0): its attributes less the reference, and what it holds."""
    found = {}
    row_number = 0
    for row in etree.fromstring(xml).iter("{*}row"):
        row_number = int(row.get("r", row_number + 1))
        column = -1
        for one in row.findall("{*}c"):
            column = cell(one.get("r"))[1] if one.get("r") else column + 1
            attributes = {key: value for key, value in one.attrib.items() if key != "r"}
            inside = "".join(etree.tostring(child, with_tail=False, encoding="unicode") for child in one)
            found[row_number, column] = (attributes, inside)
    return found


def outside_rows(xml: bytes, *without: str) -> list[str]:
    """All elements of a sheet but its rows and those named, in order, as canonical texts."""
    root = etree.fromstring(xml)
    skipped = {"sheetData", *without}
    return [
        etree.tostring(one, with_tail=False).decode()
        for one in root
        if not isinstance(one.tag, str) or etree.QName(one).localname not in skipped
    ]


def row_attributes(xml: bytes) -> list[dict[str, str]]:
    return [
        {key: value for key, value in row.attrib.items() if key != "spans"}
        for row in etree.fromstring(xml).iter("{*}row")
    ]


def assert_only_results_added(source: Path, target: Path, part: str, added: Iterator[int] | range) -> None:
    """Nothing of the sheet is different but the cells of some columns."""
    old, new = read_part(source, part), read_part(target, part)
    columns = set(added)
    assert {place: one for place, one in cells_of(new).items() if place[1] not in columns} == {
        place: one for place, one in cells_of(old).items() if place[1] not in columns
    }
    assert row_attributes(new) == row_attributes(old)
    follow = ("dimension", "cols", "autoFilter")
    assert outside_rows(new, *follow) == outside_rows(old, *follow)
    assert etree.fromstring(new).nsmap == etree.fromstring(old).nsmap
    for row in etree.fromstring(new).iter("{*}row"):
        columns_in_order = [cell(one.get("r"))[1] for one in row.findall("{*}c") if one.get("r")]
        assert columns_in_order == sorted(set(columns_in_order))


def dimension(path: Path, part: str) -> Area:
    element = etree.fromstring(read_part(path, part)).find("{*}dimension")
    assert element is not None
    return Area.parse(element.get("ref"))


@pytest.fixture(scope="session")
def libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Converts a file with LibreOffice to another kind, in a folder of its own."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile")

    def convert(path: Path, kind: str) -> Path:
        out = tmp_path_factory.mktemp("converted")
        subprocess.run(
            [
                SOFFICE,
                "--headless",
                f"-env:UserInstallation=file://{profile}",
                "--convert-to",
                kind,
                "--outdir",
                out,
                path,
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return out / f"{path.stem}.{kind.partition(':')[0]}"

    return convert
