"""New styles come after those that are there, and the same one is made but once."""

from __future__ import annotations

from lxml import etree

from tests.xlsx.patch.conftest import MAIN
from xlsx.patch.styles import StyleSheet, empty_styles
from xlsx.patch.xmlpart import XmlPart
from xlsx.sheetstyle import FORMATS

XF = (
    '<xf numFmtId="9" fontId="3" fillId="2" borderId="1" xfId="1" quotePrefix="1" applyFont="1" pivotButton="0">'
    '<alignment horizontal="center" vertical="top" textRotation="90"/><protection locked="0"/></xf>'
)


def sheet(*parts: str) -> StyleSheet:
    return StyleSheet(XmlPart(f'<styleSheet xmlns="{MAIN}">{"".join(parts)}</styleSheet>'.encode(), "styles.xml"))


def made(styles: StyleSheet) -> etree._Element:
    styles.finish()
    return etree.fromstring(styles.part.result())


def test_a_number_looks_like_its_neighbour_but_for_what_makes_it_a_number() -> None:
    styles = sheet(f'<cellXfs count="2"><xf/>{XF}</cellXfs>')
    assert styles.derived(1, FORMATS["kr"]) == 2 and styles.derived(1, FORMATS["kr"]) == 2
    (listed,) = made(styles)
    new = listed[2]
    assert listed.get("count") == "3" and len(listed) == 3
    kept = {"fontId": "3", "fillId": "2", "borderId": "1", "xfId": "1", "applyFont": "1"}
    assert dict(new.attrib) == {"numFmtId": "4", **kept, "applyNumberFormat": "1", "applyAlignment": "1"}
    assert [dict(one.attrib) for one in new] == [{"vertical": "top"}, {"locked": "0"}]


def test_texts_may_take_several_lines() -> None:
    styles = sheet("<cellXfs><xf/></cellXfs>")
    styles.derived(0, FORMATS["anmärkning"])
    (alignment,) = made(styles)[0][1]
    assert dict(alignment.attrib) == {"horizontal": "left", "wrapText": "1", "indent": "1"}


def test_number_formats_get_free_numbers_in_a_list_that_may_have_to_be_made() -> None:
    styles = sheet("<fonts/>", "<cellXfs><xf/></cellXfs>")
    styles.derived(0, FORMATS["datum"])
    formats, fonts, _ = made(styles)
    assert [etree.QName(one).localname for one in (formats, fonts)] == ["numFmts", "fonts"]
    assert [dict(one.attrib) for one in formats] == [{"numFmtId": "164", "formatCode": "yyyy-mm-dd"}]
    known = sheet(
        '<numFmts count="2"><numFmt numFmtId="170" formatCode="0.0"/><numFmt numFmtId="166" formatCode="yyyy-mm-dd"/>'
        "</numFmts><cellXfs><xf/></cellXfs>"
    )
    assert known.number_format("yyyy-mm-dd") == 166 and known.number_format('0" dygn"') == 171


def test_prefixed_styles() -> None:
    xml = f'<x:styleSheet xmlns:x="{MAIN}"><x:cellXfs count="1"><x:xf fontId="0"/></x:cellXfs></x:styleSheet>'
    styles = StyleSheet(XmlPart(xml.encode(), "styles.xml"))
    assert styles.derived(0, FORMATS["anmärkning"]) == 1
    assert {etree.QName(one).namespace for one in made(styles).iter()} == {MAIN}


def test_a_style_that_is_not_there_is_the_plain_one() -> None:
    styles = StyleSheet(XmlPart(empty_styles(strict=False), "styles.xml"))
    assert styles.derived(7, FORMATS["antal"]) == 1
    assert not styles.wraps(7)
