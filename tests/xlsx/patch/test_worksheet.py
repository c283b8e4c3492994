"""Column widths, dimension, filters, and areas in formulas."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.xlsx.patch.conftest import MAIN
from xlsx.patch.references import Area, widen_in_text
from xlsx.patch.worksheet import edited_head, edited_tail

HEAD = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:C9"/>%s<sheetData>'


def columns(cols: str, widths: dict[int, float]) -> list[tuple[str, ...]]:
    made = edited_head((HEAD % cols).encode(), Area(1, 3, 9, 5), widths)
    root = etree.fromstring(made + b"</sheetData></worksheet>")
    assert root.find("{*}dimension").get("ref") == "A1:F9"
    listed = root.find("{*}cols")
    assert [etree.QName(one).localname for one in root] == ["dimension", "cols", "sheetData"]
    return [tuple(f"{key}={value}" for key, value in one.items()) for one in listed]


def test_widths_without_any_before() -> None:
    assert columns("", {3: 12.5, 4: 80}) == [
        ("min=4", "max=4", "width=12.5", "customWidth=1"),
        ("min=5", "max=5", "width=80", "customWidth=1"),
    ]


def test_widths_beside_those_of_other_columns() -> None:
    kept = '<cols><col min="1" max="3" width="9" style="2"/><col min="9" max="10" width="7"/></cols>'
    assert columns(kept, {3: 12}) == [
        ("min=1", "max=3", "width=9", "style=2"),
        ("min=4", "max=4", "width=12", "customWidth=1"),
        ("min=9", "max=10", "width=7"),
    ]


def test_a_hidden_rest_of_the_sheet_gives_way() -> None:
    kept = '<cols><col min="2" max="16384" width="9" hidden="1" style="2"/></cols>'
    assert columns(kept, {3: 12, 5: 13}) == [
        ("min=2", "max=3", "width=9", "hidden=1", "style=2"),
        ("min=4", "max=4", "width=12", "style=2", "customWidth=1"),
        ("min=5", "max=5", "width=9", "hidden=1", "style=2"),
        ("min=6", "max=6", "width=13", "style=2", "customWidth=1"),
        ("min=7", "max=16384", "width=9", "hidden=1", "style=2"),
    ]


def test_nothing_is_made_where_nothing_was() -> None:
    plain = f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
    assert edited_head(plain, Area(1, 3, 9, 5), {}) == plain
    assert edited_head(plain.replace(b"<sheetData>", b'<dimension ref="x"/><sheetData>'), Area(1, 3, 9, 5), {}).count(
        b'ref="D1:F9"'
    )


def out_to_f(area: Area) -> Area:
    return area.widened(5) if area.right == 2 else area


@pytest.mark.parametrize(("area", "becomes"), [("A1:C9", "A1:F9"), ("A1:B9", "A1:B9")])
def test_the_filter_gets_the_area_that_is_made_of_its_own(area: str, becomes: str) -> None:
    tail = f'</sheetData><!-- x --><autoFilter ref="{area}"><filterColumn colId="1"/></autoFilter>'
    rest = (
        '<customSheetViews><customSheetView><autoFilter ref="A1:C9"/></customSheetView></customSheetViews></worksheet>'
    )
    made = edited_tail((HEAD % "").encode(), (tail + rest).encode(), out_to_f).decode()
    assert made == tail.replace(area, becomes) + rest


def test_a_tail_that_is_cut_off_anywhere() -> None:
    tail = b'</sheetData><autoFilter ref="A1:C9"/><mergeCells><mergeCell re'
    assert edited_tail((HEAD % "").encode(), tail, out_to_f) == tail.replace(b"C9", b"F9")


def test_a_filter_without_an_area_stays() -> None:
    tail = b"</sheetData><autoFilter/></worksheet>"
    assert edited_tail((HEAD % "").encode(), tail, out_to_f) == tail


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("Resor!$A$3:$O$423", "Resor!$A$3:$R$423"),
        ("'Mina resor'!$A$3:$O$423,'Mina resor'!$A$1:$C$2", "'Mina resor'!$A$3:$R$423,'Mina resor'!$A$1:$C$2"),
        ("Resor!$A:$O", "Resor!$A:$R"),
        ("Resor!$A$4:$O$423", "Resor!$A$4:$O$423"),
        ("Resor!$A$3:$N$423", "Resor!$A$3:$N$423"),
        ("Resor!$A$3:$Q$423", "Resor!$A$3:$R$423"),
        ("Resor!$A$3:$S$423", "Resor!$A$3:$S$423"),
        ("Resor!$3:$3", "Resor!$3:$3"),
        ("Resor!A3:O423", "Resor!A3:R423"),
        ("OFFSET(Resor!$A$3,0,0)", "OFFSET(Resor!$A$3,0,0)"),
        ("#REF!", "#REF!"),
    ],
)
def test_areas_in_formulas(text: str, becomes: str) -> None:
    assert widen_in_text(text, 3, 14, 17) == becomes
