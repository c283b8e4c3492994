"""The guard measures a sheet alike with and without the kernel."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlsx.guard.cells as cells
from xlsx.compiled import KERNELS
from xlsx.guard import Limits
from xlsx.guard.cells import SheetScan, Unsure
from xlsx.guard.directory import Refused

pytestmark = pytest.mark.skipif(KERNELS is None, reason="the kernels are not built here")

pieces = st.one_of(st.binary(max_size=5), st.sampled_from([
    b'<c r="A1"/>', b"<c r='ab12'>", b'<row r="7">', b'<row r="1048577">', b'<row r="123456789012">',
    b'<c r="ABCDE5"/>', b'<c mr="ZZ900" r="A1"/>',
    b'<c r="XFD1048576"/>', b'<c\nr="C3" t="s"><v>1</v></c>', b' r="', b' r="Z', b' r="9', b"r=", b"=", b'<v r="',
    b"<v>", b"<",
    b'<c r="123456789"', b'<c r="A99999999"/>', b'<c r="A100000000"/>', b'<c r="ZZZ1"/>', b'<c r="C300"/>',
    b'<c r="D"/>',
]))  # fmt: skip


def measured(content: list[bytes], kernels: Any) -> tuple[object, ...]:
    was, cells.KERNELS = cells.KERNELS, kernels  # type: ignore[misc]
    try:
        scan = SheetScan("bladet", Limits(rows=2_000_000, columns=20_000))
        for piece in content:
            scan.feed(piece)
        scan.close()
    except (Refused, Unsure) as why:
        return type(why), str(why)
    finally:
        cells.KERNELS = was  # type: ignore[misc]
    return scan.cells, scan._first.tolist(), scan._last.tolist(), scan._last_row


@settings(deadline=None, max_examples=400)
@given(st.lists(pieces, max_size=20))
def test_the_same_measure(content: list[bytes]) -> None:
    assert measured(content, KERNELS) == measured(content, None)


def test_by_hand() -> None:
    made = KERNELS.extent(b'<row r="3"><c r="B3"/><c s="1" r="AA3" t="s"><v>1</v></c></row><row r="9"/>')
    assert made == (2, 3, 2, 3, 27, 9, 4, 8)


@pytest.mark.parametrize("content", [b"", b"=", b"r=", b' r="', b" r='A", b' r="A1'])
def test_short_contents(content: bytes) -> None:
    KERNELS.extent(content)
    assert measured([content], KERNELS) == measured([content], None)
