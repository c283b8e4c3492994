"""What makes Excel say that a workbook must be repaired, as far as it can be told without Excel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from lxml import etree

from tests.corpus.opening import Book, Sheet, area, cells, part_key

_ORDER: Final = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
_WORKBOOK_ORDER: Final = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
_STYLE_ORDER: Final = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip


def faults(book: Book) -> set[str]:
    """Every fault in a workbook, worded so that the same one is the same text before and after a change."""
    return {*_package(book), *_workbook(book), *_styles(book), *_sheets(book)}


def _package(book: Book) -> Iterator[str]:
    names = Counter(part_key(name) for name in book.archive.namelist())
    yield from (f"part {name} twice" for name, count in names.items() if count > 1)
    if book.archive.testzip() is not None:
        yield "a part with a wrong checksum"
    types = book.xml("[Content_Types].xml")
    by_ending = [one.get("Extension", "").casefold() for one in types.iterfind("{*}Default")]
    by_name = [part_key(one.get("PartName", "")) for one in types.iterfind("{*}Override")]
    yield from (f"content type of {one} twice" for one, n in Counter([*by_ending, *by_name]).items() if n > 1)
    yield from (f"content type of {one}, which is not there" for one in by_name if one not in names)
    for name in names:
        if name != "[content_types].xml" and not name.endswith("/"):
            if name not in by_name and name.rpartition(".")[2] not in by_ending:
                yield f"no content type for {name}"
            if name.endswith(".rels"):
                yield from _relations(book, name)


def _relations(book: Book, name: str) -> Iterator[str]:
    owner = name.replace("_rels/", "").removesuffix(".rels")
    if owner and owner not in book:
        yield f"{name} of a part that is not there"
        return
    ids = Counter(one.get("Id") for one in book.xml(name).iter("{*}Relationship"))
    yield from (f"{name}: {identity} twice" for identity, count in ids.items() if count > 1)
    for kind, target in book.relations(book.names.get(owner, "")).values():
        if target.partition("#")[0] not in book and not target.startswith("#"):
            yield f"{name}: no {kind} {target}"


def _workbook(book: Book) -> Iterator[str]:
    root = book.xml(book.workbook)
    yield from _ordered("workbook", root, _WORKBOOK_ORDER)
    for what in ("name", "sheetId"):
        given = Counter(one.get(what, "").casefold() for one in root.iterfind("{*}sheets/{*}sheet"))
        yield from (f"sheets: {what} {value} twice" for value, count in given.items() if count > 1)
    yield from (f"sheet name {one.name} is too long" for one in book.sheets if len(one.name) > 31)
    yield from (f"sheet {one.name} has no part" for one in book.sheets if not one.part)
    names = [(one.get("name", "").casefold(), one.get("localSheetId")) for one in root.iter("{*}definedName")]
    yield from (f"name {name} of sheet {at} twice" for (name, at), count in Counter(names).items() if count > 1)
    for name, at in names:
        if at is not None and int(at) >= len(book.sheets):
            yield f"name {name} of a sheet that is not there"
    sheets = len(book.sheets)
    for view in root.iterfind("{*}bookViews/{*}workbookView"):
        if int(view.get("activeTab", 0)) >= sheets:
            yield "the active sheet is not there"


def _ordered(what: str, root: Any, order: Sequence[str]) -> Iterator[str]:
    known = [etree.QName(one).localname for one in root if isinstance(one.tag, str)]
    places = [order.index(one) for one in known if one in order]
    if places != sorted(places):
        yield f"{what}: elements in wrong order"
    repeated = [
        one for one, n in Counter(known).items() if n > 1 and one not in ("conditionalFormatting", "fileRecoveryPr")
    ]
    yield from (f"{what}: {one} twice" for one in repeated if one in order)


def _styles(book: Book) -> Iterator[str]:
    part = next((t for kind, t in book.relations(book.workbook).values() if kind == "styles"), "")
    if not part or part not in book:
        return
    root = book.xml(part)
    yield from _ordered("styles", root, _STYLE_ORDER)
    counts = {name: len(root.findall(f"{{*}}{name}/*")) for name in _STYLE_ORDER}
    for name in _STYLE_ORDER:
        listed = root.find(f"{{*}}{name}")
        if listed is not None and listed.get("count") not in (None, str(counts[name])):
            yield f"styles: the count of {name}"
    numbers = Counter(one.get("numFmtId") for one in root.iterfind("{*}numFmts/{*}numFmt"))
    yield from (f"styles: number format {number} twice" for number, count in numbers.items() if count > 1)
    leans_on = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for one in root.iterfind("{*}cellXfs/{*}xf"):
        for attribute, name in leans_on.items():
            if int(one.get(attribute, 0)) >= max(counts[name], 1):
                yield f"styles: {attribute} {one.get(attribute)} is not there"


def _sheets(book: Book) -> Iterator[str]:
    relations = book.relations(book.workbook).values()
    part = next((t for kind, t in relations if kind == "styles"), "")
    styles = len(book.xml(part).findall("{*}cellXfs/*")) if part and part in book else 1
    tables: list[tuple[str, str]] = []
    for sheet in book.sheets:
        if sheet.kind == "worksheet" and sheet.part:
            yield from (f"sheet {sheet.name}: {one}" for one in _sheet(book, sheet, styles, tables))
    for what, column in (("id", 0), ("name", 1)):
        given = Counter(one[column] for one in tables)
        yield from (f"tables: {what} {value} twice" for value, count in given.items() if count > 1)


def _sheet(book: Book, sheet: Sheet, styles: int, tables: list[tuple[str, str]]) -> Iterator[str]:
    root = book.xml(sheet.part)
    yield from _ordered("elements", root, _ORDER)
    texts, last = len(book.texts), (0, -1)
    filled: dict[tuple[int, int], Any] = {}
    for one in cells(root):
        at = (one.row, one.column)
        if at <= last:
            yield f"cells out of order at row {one.row}"
        if not (1 <= one.row <= 1_048_576 and 0 <= one.column <= 16_383):
            yield f"a cell outside the sheet at row {one.row}"
        if int(one.element.get("s", 0)) >= styles:
            yield f"style {one.element.get('s')} is not there"
        if one.element.get("t") == "s" and int(one.element.findtext("{*}v") or 0) >= texts:
            yield "a shared string that is not there"
        if one.element.get("t") == "inlineStr" and one.element.find("{*}is") is None:
            yield f"no text in row {one.row}"
        if one.has_content:
            filled[at] = one.element
        last = at
    end = 0
    for one in root.iterfind("{*}cols/{*}col"):
        first, stop = int(one.get("min")), int(one.get("max"))
        if not end < first <= stop <= 16_384:
            yield "column widths overlap or are out of order"
        end = stop
    for merged in root.iterfind("{*}mergeCells/{*}mergeCell"):
        top, left, bottom, right = area(merged.get("ref"))
        inside = [at for at in filled if top <= at[0] <= bottom and left <= at[1] <= right and at != (top, left)]
        if inside:
            yield f"content hidden in merged cells {merged.get('ref')}"
    yield from _tables(book, sheet, filled, tables)


def _tables(
    book: Book, sheet: Sheet, filled: dict[tuple[int, int], Any], tables: list[tuple[str, str]]
) -> Iterator[str]:
    areas = []
    for kind, part in book.relations(sheet.part).values():
        if kind != "table" or part not in book:
            continue
        root = book.xml(part)
        name, ref = root.get("displayName", ""), root.get("ref", "")
        tables.append((root.get("id", ""), name.casefold()))
        top, left, bottom, right = area(ref)
        if any(one[0] <= bottom and top <= one[2] and one[1] <= right and left <= one[3] for one in areas):
            yield f"table {name} overlaps another"
        areas.append((top, left, bottom, right))
        columns = root.findall("{*}tableColumns/{*}tableColumn")
        if len(columns) != right - left + 1:
            yield f"table {name}: {len(columns)} columns in {ref}"
        if root.find("{*}tableColumns").get("count") not in (None, str(len(columns))):
            yield f"table {name}: count"
        for what in ("id", "name"):
            given = Counter(one.get(what, "").casefold() for one in columns)
            yield from (f"table {name}: column {what} {value} twice" for value, n in given.items() if n > 1)
        if root.get("headerRowCount", "1") != "0":
            for place, column in enumerate(columns):
                cell = filled.get((top, left + place))
                if cell is None or _heading(book, cell) != _plain(column.get("name", "")):
                    yield f"table {name}: heading of column {column.get('name')}"
        filtered = root.find("{*}autoFilter")
        if filtered is not None and area(filtered.get("ref"))[3] != right:
            yield f"table {name}: filter {filtered.get('ref')} beside {ref}"


def _heading(book: Book, cell: Any) -> str:
    value = cell.findtext("{*}v") or ""
    if cell.get("t") == "s":
        return _plain(book.texts[int(value)])
    return _plain("".join(one.text or "" for one in cell.iter("{*}t")) if cell.get("t") == "inlineStr" else value)


def _plain(text: str) -> str:
    return text.replace("_x000a_", "\n").replace("_x000D_", "").replace("\r", "").casefold()
