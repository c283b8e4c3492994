"""What may differ between a workbook's parts before and after, and does nothing else differ: by bytes and by XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from lxml import etree

from tests.corpus.opening import Book, area, cells, part_key

_TYPES: Final = "[Content_Types].xml"
_FOLLOWING: Final = frozenset({"_xlnm._FilterDatabase", "_xlnm.Print_Area"})
_OURS: Final = re.compile(r"_Fardkost_\w+")
_STYLE_LISTS: Final = ("numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs")


def differences(old: Book, new: Book, sheet: str, columns: Collection[int]) -> tuple[list[str], list[str]]:
    """What is wrong, and the kinds of parts that differ as they may.

    sheet: the part with the results, '' when they have a sheet of their own; columns: those of the results, from 0.
    """
    before, after = old.raw(), new.raw()
    changed = {name for name in before if after.get(name) != before[name]}
    wrong, kinds = [], []
    for name in sorted(changed):
        kind, compare = _kind(old, name, sheet, columns)
        if compare is None:
            wrong.append(f"part {name} differs" if name in after else f"part {name} is gone")
        else:
            kinds.append(kind)
            wrong += [f"{name}: {one}" for one in compare(old, new, name)]
    return wrong, kinds


Compare = Callable[[Book, Book, str], Iterator[str]]


def _kind(old: Book, name: str, sheet: str, columns: Collection[int]) -> tuple[str, Compare | None]:
    related = {part_key(target): kind for kind, target in old.relations(old.workbook).values()}
    tables = {part_key(target) for kind, target in old.relations(sheet).values() if kind == "table"} if sheet else set()
    folder, _, file = part_key(old.workbook).rpartition("/")
    known: dict[str, tuple[str, Compare]] = {
        part_key(_TYPES): ("content types", _only_more),
        part_key(old.workbook): ("workbook", _workbook),
        f"{folder}/_rels/{file}.rels".lstrip("/"): ("workbook relations", _only_more),
        **{part: ("styles", _styles) for part, kind in related.items() if kind == "styles"},
        **dict.fromkeys(tables, ("table", _table)),
    }
    if sheet:
        known[part_key(sheet)] = ("sheet", lambda a, b, part: _sheet(a.xml(part), b.xml(part), columns))
    return known.get(name, ("", None))


def _canonical(element: Any) -> bytes:
    return bytes(etree.tostring(element, method="c14n", with_tail=False, exclusive=True))


def _only_more(old: Book, new: Book, part: str) -> Iterator[str]:
    kept = [_canonical(one) for one in new.xml(part)]
    position = 0
    for one in old.xml(part):
        try:
            position = kept.index(_canonical(one), position) + 1
        except ValueError:
            yield f"{one.get('PartName') or one.get('Id') or one.get('Extension')} is gone or moved"


def _workbook(old: Book, new: Book, part: str) -> Iterator[str]:
    before, after = old.xml(part), new.xml(part)
    if before.attrib != after.attrib or not before.nsmap.items() <= after.nsmap.items():
        yield "the root is not as it was"
    kept = [one for one in after if etree.QName(one).localname not in ("sheets", "definedNames")]
    yield from _same_children([one for one in before if _local(one) not in ("sheets", "definedNames")], kept)
    listed = [_canonical(one) for one in after.iterfind("{*}sheets/{*}sheet")]
    if listed[: len(old.sheets)] != [_canonical(one) for one in before.iterfind("{*}sheets/{*}sheet")]:
        yield "the list of sheets"
    names = [_canonical(one) for one in after.iterfind("{*}definedNames/{*}definedName")]
    for one in before.iterfind("{*}definedNames/{*}definedName"):
        if _canonical(one) not in names and one.get("name") not in _FOLLOWING and not _OURS.match(one.get("name")):
            yield f"the name {one.get('name')}"


def _styles(old: Book, new: Book, part: str) -> Iterator[str]:
    before, after = old.xml(part), new.xml(part)
    # What styles must hold may be made, but only where it was not there.
    lists = {*_STYLE_LISTS, *({"cellStyleXfs", "cellStyles"} - {_local(one) for one in before})}
    yield from _same_children(
        [one for one in before if _local(one) not in lists], [one for one in after if _local(one) not in lists]
    )
    for name in _STYLE_LISTS:
        was = [_canonical(one) for one in before.iterfind(f"{{*}}{name}/*")]
        if [_canonical(one) for one in after.iterfind(f"{{*}}{name}/*")][: len(was)] != was:
            yield f"{name} are not as they were"


def _table(old: Book, new: Book, part: str) -> Iterator[str]:
    before, after = old.xml(part), new.xml(part)
    known = {key: value for key, value in before.attrib.items() if key != "ref"}
    if known != {key: value for key, value in after.attrib.items() if key != "ref"}:
        yield "attributes"
    was = [_canonical(one) for one in before.iterfind("{*}tableColumns/*")]
    if [_canonical(one) for one in after.iterfind("{*}tableColumns/*")][: len(was)] != was:
        yield "its columns are not as they were"
    skipped = ("tableColumns", "autoFilter")
    yield from _same_children(
        [one for one in before if _local(one) not in skipped], [one for one in after if _local(one) not in skipped]
    )
    filters = [[_canonical(one) for one in book.iterfind("{*}autoFilter/*")] for book in (before, after)]
    if filters[0] != filters[1]:
        yield "its filter"


def _sheet(before: Any, after: Any, columns: Collection[int]) -> Iterator[str]:
    """What differs in the sheet, but for cells of the result columns and what must follow them."""
    if before.attrib != after.attrib or before.nsmap != after.nsmap or before.tag != after.tag:
        yield "the root is not as it was"
    follow = ("sheetData", "dimension", "cols", "autoFilter")
    yield from _same_children(
        [one for one in before if _local(one) not in follow], [one for one in after if _local(one) not in follow]
    )
    yield from _cells(before, after, columns)
    rows = [{key: value for key, value in row.attrib.items() if key != "spans"} for row in _rows(before)]
    kept = [{key: value for key, value in row.attrib.items() if key != "spans"} for row in _rows(after)]
    if len(rows) > len(kept) or (len(rows) == len(kept) and rows != kept):
        yield "attributes of rows"
    yield from _widths(before, after, columns)
    filters = [book.find("{*}autoFilter") for book in (before, after)]
    if (filters[0] is None) != (filters[1] is None):
        yield "the filter is gone or new"
    elif filters[0] is not None:
        if [_canonical(one) for one in filters[0]] != [_canonical(one) for one in filters[1]]:
            yield "what is filtered"
        if area(filters[0].get("ref"))[:3] != area(filters[1].get("ref"))[:3]:
            yield "the filter's place"


def _rows(root: Any) -> Iterator[Any]:
    return iter(root.iterfind("{*}sheetData/{*}row"))


def _cells(before: Any, after: Any, columns: Collection[int]) -> Iterator[str]:
    found = [
        {
            (one.row, one.column): (
                {key: value for key, value in one.element.attrib.items() if key != "r"},
                b"".join(_canonical(child) for child in one.element),
            )
            for one in cells(root)
            if one.column not in columns
        }
        for root in (before, after)
    ]
    if found[0] == found[1]:
        return
    for at in sorted(set(found[0]) | set(found[1])):
        if found[0].get(at) != found[1].get(at):
            yield f"the cell in row {at[0]}, column {at[1]}"
            return


def _widths(before: Any, after: Any, columns: Collection[int]) -> Iterator[str]:
    """Columns that are not of the results look as they did."""
    found = []
    for root in (before, after):
        widths: dict[int, dict[str, str]] = {}
        for one in root.iterfind("{*}cols/{*}col"):
            looks = {key: value for key, value in one.attrib.items() if key not in ("min", "max")}
            widths |= dict.fromkeys(range(int(one.get("min")) - 1, int(one.get("max"))), looks)
        found.append({column: looks for column, looks in widths.items() if column not in columns})
    if found[0] != found[1]:
        yield "the widths of other columns"


def _same_children(before: list[Any], after: list[Any]) -> Iterator[str]:
    kept = [_canonical(one) for one in after]
    was = [_canonical(one) for one in before]
    if was != kept:
        different = next((one for one, other in zip(before, kept, strict=False) if _canonical(one) != other), None)
        yield f"elements around it ({_local(different) if different is not None else 'their number'})"


def _local(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
