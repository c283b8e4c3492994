"""What must follow in a sheet when it grows to the right: dimension, column widths, filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.sax.saxutils import quoteattr

from xlsx.patch.references import Area, area_of
from xlsx.patch.xmlpart import Element, XmlPart


def edited_head(content: bytes, area: Area, widths: Mapping[int, float]) -> bytes:
    """The sheet up to its rows, with room for cells of an area and widths for new columns, from 0."""
    part = XmlPart(content, "bladet", partial=True)
    dimension = part.root.child("dimension")
    if dimension is not None:
        try:
            known = Area.parse(dimension.attributes.get("ref", ""))
        except ValueError:
            known = area
        part.set(dimension, "ref", str(known.union(area)))
    if widths:
        _set_widths(part, widths)
    return part.result()


def _set_widths(part: XmlPart, widths: Mapping[int, float]) -> None:
    columns, rows = part.root.child("cols"), part.root.child("sheetData")
    assert rows is not None
    prefix = part.prefix(rows)
    tag = prefix + b"col"
    waiting = {column + 1: width for column, width in sorted(widths.items())}
    stripes = columns.all("col") if columns is not None else []
    for stripe in stripes:
        first, last = part.number(stripe, "min"), part.number(stripe, "max")
        inside = [number for number in waiting if first <= number <= last]
        if inside:
            part.replace(stripe, _split(stripe, first, last, {number: waiting.pop(number) for number in inside}, tag))
    for number, width in waiting.items():
        new = _stripe({}, number, number, tag, width)
        following = next((one for one in stripes if part.number(one, "min") > number), None)
        if following is not None:
            part.insert(following.start, new)
        elif columns is not None:
            part.append(columns, new)
    if columns is None:
        made = b"".join(_stripe({}, number, number, tag, width) for number, width in waiting.items())
        part.insert(rows.start, b"<%bcols>%b</%bcols>" % (prefix, made, prefix))


def _split(stripe: Element, first: int, last: int, widths: Mapping[int, float], tag: bytes) -> bytes:
    """One stripe of columns with some of its columns given widths of their own, and shown."""
    pieces, at = [], first
    for number, width in widths.items():
        if number > at:
            pieces.append(_stripe(stripe.attributes, at, number - 1, tag))
        pieces.append(_stripe(stripe.attributes, number, number, tag, width))
        at = number + 1
    if at <= last:
        pieces.append(_stripe(stripe.attributes, at, last, tag))
    return b"".join(pieces)


def _stripe(attributes: Mapping[str, str], first: int, last: int, tag: bytes, width: float | None = None) -> bytes:
    kept = {name: value for name, value in attributes.items() if " " not in name}
    kept |= {"min": str(first), "max": str(last)}
    if width is not None:
        kept = {name: value for name, value in kept.items() if name not in ("hidden", "collapsed", "bestFit")}
        kept |= {"width": f"{width:g}", "customWidth": "1"}
    return b"<%b %b/>" % (tag, " ".join(f"{name}={quoteattr(value)}" for name, value in kept.items()).encode())


def edited_tail(head: bytes, content: bytes, widened: Callable[[Area], Area]) -> bytes:
    """What follows the rows, with the sheet's filter, if it has one, over the area that `widened` makes of its area.

    head: the sheet's head; its first tag says what the prefixes mean.
    """
    opening = _before_rows(head)
    part = XmlPart(opening + content, "bladet", partial=True)
    filter_ = part.root.child("autoFilter")
    if filter_ is not None and "ref" in filter_.attributes:
        area = area_of(part, filter_)
        if (wide := widened(area)) != area:
            part.set(filter_, "ref", str(wide))
    return part.result()[len(opening) :]


def merged_right(head: bytes, content: bytes, area: Area) -> int | None:
    """The last column of the merged cells in what follows the rows that share a cell with an area, if there are any."""
    opening = _before_rows(head)
    part = XmlPart(opening + content, "bladet", partial=True)
    merged = part.root.child("mergeCells")
    if merged is None:
        return None
    areas = [area_of(part, one) for one in merged.all("mergeCell")]
    return max((one.right for one in areas if one.meets(area)), default=None)


def _before_rows(head: bytes) -> bytes:
    """The tags that are open where the rows end."""
    part = XmlPart(head, "bladet", partial=True)
    rows = part.root.child("sheetData")
    assert rows is not None
    return head[part.root.start : part.root.inner] + head[rows.start : rows.inner]


def protected(head: bytes, tail: bytes) -> bool:
    """Whether the sheet is protected against changes by hand."""
    opening = _before_rows(head)
    return XmlPart(opening + tail, "bladet", partial=True).root.child("sheetProtection") is not None
