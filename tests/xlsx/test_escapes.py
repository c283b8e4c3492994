"""Signs that XML lacks, and texts that look like what is written in their place, come back from a cell as they were."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlsx.patch.cells import escaped, text_xml
from xlsx.recalculate import recalculate
from xlsx.writing import write_workbook

_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def as_read(xml: str) -> str:
    """A text as the standard reads it (ST_Xstring): each escape, from left to right, is the sign of its number."""
    plain = unescape(xml.replace("\r", "\n"))
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), plain)


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("_x0041_", "_x005F_x0041_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("__x00e5_", "__x005F_x00e5_"),
        ("_x004_ _x0041", "_x004_ _x0041"),
        ("rad1\rrad2\nrad3\t", "rad1_x000D_rad2\nrad3\t"),
        ("\x07<&>\uffff", "_x0007_&lt;&amp;&gt;_xFFFF_"),
    ],
)
def test_by_hand(text: str, xml: str) -> None:
    assert escaped(text) == xml and text_xml(text) == xml.encode()
    assert as_read(xml) == text


@given(st.text(st.sampled_from("_x0041F5aå\r\n\x01&<")))
def test_any_text_comes_back(text: str) -> None:
    assert as_read(escaped(text)) == text


def test_a_carriage_return_in_a_csv_cell(tmp_path: Path) -> None:
    source = tmp_path / "resor.csv"
    source.write_bytes(
        b"Rese-ID;Avresa;Hemkomst;Syfte\r\n"
        b'1;2024-03-04 07:00;2024-03-04 18:00;"rad1\rrad2"\r\n'
        b"2;2024-03-04 07:00;2024-03-04 18:00;_x0041_x0042_\r\n"
    )
    out = write_workbook(recalculate(source), tmp_path / "ut.xlsx")
    with zipfile.ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert ">rad1_x000D_rad2<" in sheet and ">_x005F_x0041_x005F_x0042_<" in sheet
