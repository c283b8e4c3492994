"""Text files as systems export them: UTF-8, UTF-16 or cp1252, cells between ; , or tab."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path
from typing import Final

from xlsx.errors import UnreadableSheet

DELIMITERS: Final = ";\t,"
_LARGEST_CELL: Final = 1_000_000


def read_csv(path: Path) -> list[list[str]]:
    """Every line as its cells, also empty lines. Raises UnreadableSheet."""
    text = decoded(path)
    if not text.strip():
        raise UnreadableSheet(f"{path.name}: filen är tom.")
    csv.field_size_limit(_LARGEST_CELL)
    lines = text.splitlines()
    separator = lines[0][4:5] if lines[0].lower().startswith("sep=") and len(lines[0]) == 5 else ""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator or delimiter(lines)))
    except csv.Error as error:
        raise UnreadableSheet(f"{path.name}: filen kan inte läsas som CSV ({error}).") from None
    if separator:
        rows[0] = []
    return rows


def decoded(path: Path) -> str:
    """The file's text by its byte order mark, else as UTF-8, else as cp1252."""
    content = path.read_bytes()
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(path, content, encoding)
    if b"\0" in content[:1000]:
        # Latin letters in UTF-16 without a mark: every other byte is zero, the first one in big-endian order.
        return _decoded(path, content, "utf-16-be" if content[:1] == b"\0" else "utf-16-le")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(path, content, "cp1252")


def _decoded(path: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableSheet(f"{path.name}: filen är ingen textfil i UTF-8, UTF-16 eller cp1252.") from None


def delimiter(lines: list[str]) -> str:
    """The sign that parts the cells: the one with the most even, highest count in the first lines."""
    first = [line for line in lines[:50] if line.strip()]
    counts = {sign: sorted(line.count(sign) for line in first) for sign in DELIMITERS}
    return max(DELIMITERS, key=lambda sign: (counts[sign][len(first) // 2], -DELIMITERS.index(sign)))
