"""What stands before the rows and the shared texts, or beside them, can make others of them than they seem."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.encoded import Encoded
from tests.xlsx.compiled.test_reader import (
    SHEET,
    Loaded,
    assert_same,
    is_taken,
    load,
    pattern,  # noqa: F401  # fixture
    workbook,
)
from xlsx.compiled import KERNELS

pytestmark = pytest.mark.skipif(KERNELS is None, reason="the kernels are not built here")

ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
TEXTS = "<si><t>Rese-ID</t></si><si><t>A</t></si>"
STRINGS = "xl/sharedStrings.xml"
LATIN = b'<?xml version="1.0" encoding="ISO-8859-1"?>'


def edited(path: Path, rename: Callable[[str], str], edit: Callable[[str, bytes], bytes]) -> Path:
    """The workbook with parts that are named, and hold, something else."""
    made = path.with_stem(path.stem + "-2")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(rename(name), edit(name, old.read(name)))
    return made


def words(read: Loaded) -> list[str]:
    cells = read[0][0].cells
    assert isinstance(cells, Encoded)
    return [cells.texts[place] for place in cells.index.tolist()]


@pytest.mark.parametrize(("before", "after"), [("<!--", "-->"), ("<?x ", "?>")])
@pytest.mark.parametrize("part", [SHEET, STRINGS])
@pytest.mark.parametrize("declared", [True, False])
def test_rows_and_texts_that_are_set_aside(
    pattern: Path,  # noqa: F811
    tmp_path: Path,
    before: str,
    after: str,
    part: str,
    declared: bool,
) -> None:
    tag = "sheetData" if part == SHEET else "sst"

    def edit(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        text = content.decode() if declared else content.decode().partition("?>")[2].lstrip()
        at = text.index(f"<{tag}") if part == SHEET or declared else 0
        other = text[text.index(f"<{tag}") : text.index(f"</{tag}>")] + f"</{tag}>"
        other = other.replace("<v>1</v>", "<v>0</v>").replace("<t>A</t>", "<t>B</t>")
        return f"{text[:at]}{before}{other}{after}{text[at:]}".encode()

    path = edited(workbook(pattern, tmp_path / "undan.xlsx", ROWS, TEXTS), str, edit)
    assert words(load(path, False)) == ["A"]
    assert_same(load(path, True), load(path, False))


@pytest.mark.parametrize("part", [SHEET, STRINGS])
def test_other_encodings(pattern: Path, tmp_path: Path, part: str) -> None:  # noqa: F811
    """The bytes of Ã¥ in ISO-8859-1 are those of å in UTF-8."""

    inline = ROWS.replace('t="s"><v>1</v>', 't="inlineStr"><is><t>Ã¥</t></is>')

    def edit(name: str, content: bytes) -> bytes:
        return LATIN + content.decode().partition("?>")[2].encode("latin-1") if name == part else content

    given = (inline, TEXTS) if part == SHEET else (ROWS, TEXTS.replace(">A<", ">Ã¥<"))
    path = edited(workbook(pattern, tmp_path / "kod.xlsx", *given), str, edit)
    assert words(load(path, True)) == words(load(path, False)) == ["Ã¥"]


@pytest.mark.parametrize("name", ["xl/Styles.xml", "xl\\styles.xml"])
def test_styles_of_another_name(pattern: Path, tmp_path: Path, name: str) -> None:  # noqa: F811
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" s="1"><v>45355.5</v></c></row>'
    path = workbook(pattern, tmp_path / "format.xlsx", rows, TEXTS)
    path = edited(path, lambda old: name if old == "xl/styles.xml" else old, lambda _, content: content)
    # Day 45355 is the 4th of March 2024.
    assert np.asarray(load(path, True)[0][0].cells).astype("M8[m]").astype(str).tolist() == ["2024-03-04T12:00"]
    assert_same(load(path, True), load(path, False))


def test_what_is_usual_is_taken(pattern: Path, tmp_path: Path) -> None:  # noqa: F811
    """A declaration, a byte order mark, and marks of question and exclamation in texts are nothing odd."""
    texts = TEXTS.replace(">A<", ">Va? Ja!<")
    rows = ROWS.replace('t="s"><v>1</v>', 't="str"><f>IF(Blad!A1=1,"?","!")</f><v>Va? Ja!</v>')
    path = edited(
        workbook(pattern, tmp_path / "vanlig.xlsx", rows, texts),
        str,
        lambda name, content: b"\xef\xbb\xbf" + content if name == SHEET else content,
    )
    assert is_taken(path) and words(load(path, True)) == ["Va? Ja!"]
