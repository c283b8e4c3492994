"""Files made to harm who reads them, written byte by byte, since no library writes such."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from xlsx.guard.parts import PIECE

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
GIGABYTE = 10**9

HEADER = "".join(
    f'<c r="{letter}1" t="inlineStr"><is><t>{title}</t></is></c>'
    for letter, title in zip("ABCD", ("Rese-ID", "Avresa", "Hemkomst", "Utlägg"), strict=True)
)
TRIP = (
    '<c r="A{0}" t="inlineStr"><is><t>R{0}</t></is></c><c r="B{0}" t="inlineStr"><is><t>2024-03-04 07:00</t></is></c>'
    '<c r="C{0}" t="inlineStr"><is><t>2024-03-06 20:00</t></is></c><c r="D{0}"><v>10</v></c>'
)


@dataclass(frozen=True)
class Member:
    """An entry of a zip file. What is None is as it should be; lies are told by the others.

    at: where the entry says that it begins, when that is not where it does.
    """

    name: str | bytes
    packed: bytes
    crc: int
    size: int
    method: int = 8
    flags: int = 0
    at: int | None = None
    local_name: str | bytes | None = None
    local_size: int | None = None
    extra: bytes = b""


def member(name: str | bytes, content: str | bytes, method: int = 8) -> Member:
    """An honest entry."""
    data = content.encode() if isinstance(content, str) else content
    machine = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = machine.compress(data) + machine.flush() if method == 8 else data
    return Member(name, packed, zlib.crc32(data), len(data), method)


def bomb(name: str, start: str, unit: str, end: str, size: int = GIGABYTE) -> Member:
    """An entry that unpacks to `size` bytes at least: `unit` over and over. Nobody should reach its checksum."""
    block = (unit * (2**20 // len(unit) + 1)).encode()
    times = size // len(block) + 1
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = machine.compress(start.encode()) + machine.flush(zlib.Z_FULL_FLUSH)
    once = machine.compress(block) + machine.flush(zlib.Z_FULL_FLUSH)
    tail = machine.compress(end.encode()) + machine.flush()
    whole = len(start.encode()) + times * len(block) + len(end.encode())
    return Member(name, head + once * times + tail, 0, whole)


def tight_bomb(name: str, start: str, unit: str, end: str, size: int, ratio: float) -> Member:
    """A bomb that packs to no more than that ratio: a comment of hexadecimals, which pack to half, is in between."""
    noise, block = "", unit * (2**20 // len(unit) + 1)
    while len(zlib.compress(f"{block}<!--{noise}-->".encode(), 9)) < (len(block) + len(noise)) / ratio:
        noise += "".join(sha256(f"{len(noise)} {number}".encode()).hexdigest() for number in range(8))
    return bomb(name, start, f"{block}<!--{noise}-->", end, size)


def _bytes(name: str | bytes) -> bytes:
    return name.encode() if isinstance(name, str) else name


def write_zip(path: Path, members: Sequence[Member], junk: bytes = b"") -> Path:
    """The members as a zip file, true or not."""
    body, directory = bytearray(), bytearray()
    for one in members:
        at = len(body) if one.at is None else one.at
        local = _bytes(one.name if one.local_name is None else one.local_name)
        size = one.size if one.local_size is None else one.local_size
        if one.at is None:
            body += struct.pack(
                "<4s5H3L2H", b"PK\3\4", 20, one.flags, one.method, 0, 33, one.crc, len(one.packed), size, len(local), 0
            )
            body += local + one.packed
        name = _bytes(one.name)
        directory += struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\1\2", 20, 20, one.flags, one.method, 0, 33, one.crc, len(one.packed), one.size),
            *(len(name), len(one.extra), 0, 0, 0, 0, at),
        )
        directory += name + one.extra
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(members), len(members), len(directory), len(body), 0)
    path.write_bytes(bytes(body) + bytes(directory) + end + junk)
    return path


def sheet_xml(rows: str = "", before: str = "", after: str = "") -> str:
    """A sheet with the header of a sheet of trips, one trip, and more rows."""
    first = f'<row r="1">{HEADER}</row><row r="2">{TRIP.format(2)}</row>'
    return f'<?xml version="1.0"?><worksheet {MAIN}>{before}<sheetData>{first}{rows}</sheetData>{after}</worksheet>'


def parts(sheet: str | Member | None = None, target: str = "worksheets/sheet1.xml") -> list[Member]:
    """The entries of a small workbook with one sheet."""
    if not isinstance(sheet, Member):
        sheet = member("xl/worksheets/sheet1.xml", sheet or sheet_xml())
    types = (
        f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    relations = '<?xml version="1.0"?><Relationships xmlns="{}/relationships">{}</Relationships>'
    relation = '<Relationship Id="rId{}" Type="{}/{}" Target="{}"/>'
    return [
        member("[Content_Types].xml", types),
        member(
            "_rels/.rels", relations.format(PACKAGE, relation.format(1, OFFICE, "officeDocument", "xl/workbook.xml"))
        ),
        member(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Resor" sheetId="1" r:id="rId1"/></sheets></workbook>',
        ),
        member(
            "xl/_rels/workbook.xml.rels",
            relations.format(
                PACKAGE,
                relation.format(1, OFFICE, "worksheet", target)
                + relation.format(2, OFFICE, "sharedStrings", "sharedStrings.xml")
                + relation.format(3, OFFICE, "styles", "styles.xml"),
            ),
        ),
        sheet,
    ]


def strings(content: str, said: str = 'count="1" uniqueCount="1"') -> Member:
    """A table of shared strings."""
    return member("xl/sharedStrings.xml", f'<?xml version="1.0"?><sst {MAIN} {said}>{content}</sst>')


def ods(rows: str, doctype: str = "") -> list[Member]:
    """The entries of an OpenDocument sheet."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    header = "".join(cell.format(title) for title in ("Rese-ID", "Avresa", "Hemkomst"))
    trip = "".join(cell.format(text) for text in ("A", "2024-03-04 07:00", "2024-03-06 20:00"))
    content = (
        f'<?xml version="1.0"?>{doctype}<office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Resor"><table:table-row>{header}</table:table-row>'
        f"<table:table-row>{trip}</table:table-row>{rows}"
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return [
        member("mimetype", "application/vnd.oasis.opendocument.spreadsheet", method=0),
        member("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>'),
        member("content.xml", content),
    ]


ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE lolz [<!ENTITY l0 "ha">{ENTITIES}]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY fil SYSTEM "file:///etc/passwd">]>'


def with_declaration(declaration: str, text: str = "&l9;") -> str:
    """A sheet that begins with a document type declaration and uses its entity."""
    content = sheet_xml(f'<row r="3"><c r="A3" t="inlineStr"><is><t>{text}</t></is></c></row>')
    return content.replace("?><worksheet", f"?>{declaration}<worksheet")


def utf_16(text: str, encoding: str = "utf-16") -> bytes:
    return text.replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-16"?>').encode(encoding)


def row(number: int | str, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def cell(reference: str, value: object = 1) -> str:
    return f'<c r="{reference}"><v>{value}</v></c>'


def letters(column: int) -> str:
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


Builder = Callable[[Path], Path]
BOMB_SHEET = bomb(
    "xl/worksheets/sheet1.xml",
    f"<worksheet {MAIN}><sheetData>",
    "<row><c><v>1</v></c></row>",
    "</sheetData></worksheet>",
)
SHEET = "xl/worksheets/sheet1.xml"


def _book(*more: Member, sheet: str | Member | None = None) -> Builder:
    return lambda path: write_zip(path, [*parts(sheet), *more])


def _bombs() -> dict[str, tuple[Builder, str]]:
    spaces = " " * 1000
    text = f"<si><t>{'x' * 32_000}</t></si>"
    drawing = bomb("xl/drawings/drawing1.xml", "<xdr:wsDr>", "<xdr:twoCellAnchor/>", "</xdr:wsDr>")
    liar = replace(BOMB_SHEET, size=10_000)
    return {
        "bomb_rader.xlsx": (_book(sheet=BOMB_SHEET), "zipbomb"),
        "bomb_blanka.xlsx": (_book(sheet=bomb(SHEET, f"<worksheet {MAIN}>", spaces, "</worksheet>")), "zipbomb"),
        "bomb_texter.xlsx": (_book(bomb("xl/sharedStrings.xml", f"<sst {MAIN}>", text, "</sst>")), "zipbomb"),
        "bomb_format.xlsx": (_book(bomb("xl/styles.xml", "<styleSheet>", "<xf/>", "</styleSheet>")), "zipbomb"),
        "bomb_ritning.xlsx": (_book(drawing), "zipbomb"),
        "bomb_dold.xlsx": (_book(bomb("xl/media/bild.png", "<x>", spaces, "</x>")), "zipbomb"),
        "bomb_ljuger.xlsx": (_book(sheet=liar), "stämmer inte med kontrollsumman"),
        "bomb_overlappar.xlsx": (_overlapping, "ligger över"),
        "bomb_innehall.ods": (
            lambda path: write_zip(path, [*ods("")[:2], bomb("content.xml", "<o>", "<table:table-row/>", "</o>")]),
            "zipbomb",
        ),
        "miljon_texter.xlsx": (_book(_million_strings()), "zipbomb|uppackad"),
    }


def _near_bombs() -> dict[str, tuple[Builder, str]]:
    """Bombs whose every part keeps within what one part may grow."""
    grows = "zipbomb: den växer"
    scanned = "kontrollsumman|orimligt lång tid"
    spaces, row_of = " " * 1000, "<row>{}</row>".format

    def near(unit: str, size: int = GIGABYTE, ratio: float = 190) -> Builder:
        ends = f"<worksheet {MAIN}><sheetData>", "</sheetData></worksheet>"
        return lambda path: write_zip(path, parts(tight_bomb(SHEET, ends[0], unit, ends[1], size, ratio)))

    drawings = [bomb(f"xl/drawings/d{n}.xml", "<x>", "<y/>", "</x>", 3 * 2**20) for n in range(350)]

    def content() -> Member:
        return tight_bomb("content.xml", "<o>", "<table:table-row/>", "</o>", GIGABYTE, 190)

    def links() -> Member:
        return tight_bomb("xl/worksheets/_rels/sheet1.xml.rels", "<x>", "<Relationship/>", "</x>", 100_000_000, 190)

    return {
        "nara_rader.xlsx": (near(row_of(cell("B3"))), grows),
        "nara_utan_namn.xlsx": (near(row_of("<c><v>1</v></c>" * 15)), grows),
        "nara_blanka.xlsx": (near(spaces), grows),
        "nara_texter.xlsx": (near(row_of(f'<c t="inlineStr"><is><t>{"x" * 32_000}</t></is></c>')), grows),
        "nara_tre_gigabyte.xlsx": (near(row_of(cell("B3")), 3 * GIGABYTE, 60), grows),
        "nara_innehall.ods": (lambda path: write_zip(path, [*ods("")[:2], content()]), grows),
        "nara_manga_delar.xlsx": (_book(*drawings), grows),
        "nara_lankar.xlsx": (lambda path: write_zip(path, [*parts(), links()]), "uppackad; högst 32 MiB"),
        # Small enough to be looked through to the end.
        "inom_celler.xlsx": (near(row_of(cell("B3")), 120_000_000), scanned),
        "inom_taggar.xlsx": (near("<a/>", 120_000_000), scanned),
        "inom_borjan.xlsx": (near("<", 120_000_000), scanned),
    }


def _million_strings() -> Member:
    """10⁶ shared strings of 32 kB, told as they are; in zip's own plain numbers, so less than 4 GiB is said."""
    return replace(
        bomb("xl/sharedStrings.xml", f"<sst {MAIN}>", f"<si><t>{'ab' * 16_000}</t></si>", "</sst>"), size=2**32 - 2
    )


def _overlapping(path: Path) -> Path:
    """Two entries that share the same packed bytes, as the bombs that grow by the square do."""
    first = parts()
    return write_zip(path, [*first, replace(first[-1], name="xl/worksheets/sheet2.xml", at=len(first[0].packed))])


def _markup() -> dict[str, tuple[Builder, str]]:
    external = with_declaration(EXTERNAL, "&fil;")
    return {
        "miljarder_skratt.xlsx": (_book(sheet=with_declaration(LAUGHS)), "DOCTYPE"),
        "skratt_i_texter.xlsx": (
            _book(member("xl/sharedStrings.xml", f'<?xml version="1.0"?>{LAUGHS}<sst><si><t>&l9;</t></si></sst>')),
            "DOCTYPE",
        ),
        "skratt.ods": (lambda path: write_zip(path, ods("", LAUGHS)), "DOCTYPE"),
        "annan_fil.xlsx": (_book(sheet=external), "DOCTYPE"),
        "annan_fil_i_ritning.xlsx": (_book(member("xl/drawings/vmlDrawing1.vml", f"{EXTERNAL}<xml/>")), "DOCTYPE"),
        "utf16.xlsx": (_book(sheet=member(SHEET, utf_16(external))), "DOCTYPE"),
        "utf16_utan_marke.xlsx": (_book(sheet=member(SHEET, utf_16(external, "utf-16-be"))), "DOCTYPE"),
        "utf32.xlsx": (_book(sheet=member(SHEET, external.encode("utf-32"))), "inte giltig XML"),
        "utf7.xlsx": (
            _book(
                sheet=member(SHEET, external.replace('"1.0"', '"1.0" encoding="UTF-7"', 1).replace("<!", "+ADwAIQ-"))
            ),
            "teckenkodningen UTF-7",
        ),
        "ebcdic.xlsx": (_book(sheet=member(SHEET, external.encode("cp037"))), "inte giltig XML"),
        "over_gransen.xlsx": (
            # The < is the last byte of a piece.
            _book(sheet=member(SHEET, f"<!--{'x' * (PIECE - 8)}--><!DOCTYPE x><x/>", method=0)),
            "DOCTYPE",
        ),
    }


def _directories() -> dict[str, tuple[Builder, str]]:
    def renamed(name: str | bytes) -> Builder:
        return _book(member(name, "<x/>"))

    whole = parts()
    return {
        "uppat.xlsx": (renamed("../../etc/cron.d/x"), "otillåtet namn"),
        "uppat_bakvant.xlsx": (renamed("xl\\..\\..\\x.xml"), "otillåtet namn"),
        "rot.xlsx": (renamed("/etc/passwd"), "otillåtet namn"),
        "enhet.xlsx": (renamed("C:\\Windows\\x.xml"), "otillåtet namn"),
        "noll.xlsx": (renamed(b"xl/a\0.xml"), "otillåtet namn"),
        "dubbel.xlsx": (_book(member(SHEET, "<x/>")), "två gånger"),
        "dubbel_versal.xlsx": (_book(member("XL/Worksheets/Sheet1.XML", "<x/>")), "två gånger"),
        "tva_namn.xlsx": (_book(replace(member("a.xml", "<x/>"), local_name="b.xml")), "två olika sätt"),
        "tva_storlekar.xlsx": (_book(replace(member("a.xml", "<x/>"), local_size=10**6)), "två olika sätt"),
        "annat_namn.xlsx": (
            _book(replace(member("a.xml", "<x/>"), extra=struct.pack("<2HBL", 0x7075, 10, 1, 0) + b"b.xml")),
            "två olika namn",
        ),
        "las.xlsx": (_book(replace(member("a.xml", "<x/>"), flags=1)), "lösenord"),
        "lzma.xlsx": (_book(replace(member("a.xml", "<x/>"), method=14)), "packad på ett sätt"),
        "manga_delar.xlsx": (_book(*(member(f"d{n}.xml", "") for n in range(6000))), "6005 delar"),
        "fel_summa.xlsx": (lambda path: write_zip(path, [*whole[:-1], replace(whole[-1], crc=1)]), "kontrollsumman"),
        "fel_summa_lagrad.xlsx": (
            _book(sheet=replace(member(SHEET, sheet_xml(), method=0), crc=1)),
            "kontrollsumman",
        ),
        "trasig_packning.xlsx": (_book(sheet=replace(whole[-1], packed=b"\xff" * 500)), "skadad"),
        "svans.xlsx": (lambda path: write_zip(path, whole, junk=b"\0" * 10), "efter sitt slut|ingen giltig"),
    }


def _cells() -> dict[str, tuple[Builder, str]]:
    def rows(*more: str, **around: str) -> Builder:
        return _book(sheet=sheet_xml("".join(more), **around))

    wide = "".join(cell(f"{letters(n)}3") for n in range(1, 10**6 + 1))
    unreferenced = "<c><v>1</v></c>" * 10**6
    empty_then_far = f'<c r="A3"/>{cell("ZZZ3")}'
    return {
        "miljon_kolumner.xlsx": (rows(row(3, wide)), "512 kolumner"),
        "miljon_kolumner_utan_namn.xlsx": (
            _book(sheet=member(SHEET, sheet_xml(f"<row>{unreferenced}</row>"), method=0)),
            "512 kolumner",
        ),
        "bred_rubrik.xlsx": (rows(row(3, cell("SS3"))), "kolumn SS"),
        "langt_bort.xlsx": (rows(row(1048576, cell("XFD1048576"))), "kolumn XFD"),
        "langt_bort_enkla.xlsx": (rows("<row r='3'><c r='XFD1048576'><v>1</v></c></row>"), "kolumn XFD"),
        "langt_bort_liten.xlsx": (rows(row(3, cell("xfd3"))), "kolumn XFD"),
        "langt_ned.xlsx": (rows(row(1048576, cell("Z1048576"))), "Z1048576"),
        "stor_rad.xlsx": (rows(row(4294967295, cell("A4294967295"))), "radnumret|rad "),
        "stor_rad_utan_celler.xlsx": (rows('<row r="4294967295"><c><v>1</v></c></row>'), "radnumret"),
        "jattestor_rad.xlsx": (rows(row(3, cell("A" + "0" * 20 + "9" * 20))), "rad 100000000 eller mer"),
        "langt_kolumnnamn.xlsx": (rows(row(3, cell("A" * 9 + "3"))), "bortom ZZZ"),
        "jattelangt_kolumnnamn.xlsx": (rows(row(3, cell("Z" * 2_000_000 + "3"))), "bortom ZZZ"),
        "tom_och_langt_bort.xlsx": (rows(row(3, empty_then_far)), "kolumn ZZZ"),
        "prefix.xlsx": (
            _book(
                sheet="<x:worksheet><x:sheetData><x:row>"
                + "<x:c><x:v>1</x:v></x:c>" * 600
                + "</x:row></x:sheetData></x:worksheet>"
            ),
            "512 kolumner",
        ),
        "falskt_antal.xlsx": (_book(strings("<si><t>x</t></si>", 'count="1" uniqueCount="1000000000"')), "fler texter"),
        "blad_utanfor_mappen.xlsx": (
            lambda path: write_zip(
                path,
                parts(member("xl/media/bild.bin", sheet_xml(row(3, cell("XFD1048576")))), target="media/bild.bin"),
            ),
            "kolumn XFD",
        ),
    }


def _others() -> dict[str, tuple[Builder, str]]:
    def written(content: bytes) -> Builder:
        def write(path: Path) -> Path:
            path.write_bytes(content)
            return path

        return write

    def table(row_times: int, cell_times: int, value: str = ' office:value-type="float" office:value="1"') -> Builder:
        filled = f'<table:table-cell table:number-columns-repeated="{cell_times}"{value}/>'
        return lambda path: write_zip(
            path, ods(f'<table:table-row table:number-rows-repeated="{row_times}">{filled}</table:table-row>')
        )

    text_cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    gap = f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{text_cell}</table:table-row>'
    deep = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        f"<table:table-row>{text_cell}</table:table-row>"
    )
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header = struct.pack("<5H6x9L", 62, 3, 0xFFFE, 9, 6, 0, 2**31, 1, 0, 4096, 0, 0, 0, 0)
    return {
        "upprepade_celler.ods": (table(1, 16000), "512 kolumner"),
        "upprepade_rader.ods": (table(1_048_576, 400), "upprepade rader"),
        "langt_at_hoger.ods": (lambda path: write_zip(path, ods(gap)), "512 kolumner"),
        "langt_ned.ods": (lambda path: write_zip(path, ods(deep)), "upprepade rader"),
        "tabell_over_sektorer.xls": (written(ole + header + bytes(4000)), "skadad"),
        "kort.xls": (written(ole), "kan inte läsas"),
        "bytt_namn.xls": (_book(), "nyare Excelfil"),
        "kolumner.csv": (written(b"Avresa;Hemkomst\n" + b";" * 10**6), "512 kolumner"),
        "kolumner_utf16.csv": (written(("Avresa;Hemkomst\n" + ";" * 10**6).encode("utf-16")), "512 kolumner"),
        "lang_rad.csv": (written(b"Avresa;Hemkomst\n" + b"x" * 10**7), "längre än 4 MiB"),
        "noll.csv": (written(b"Avresa;Hemkomst\n" * 100 + b"\0"), "nolltecken"),
    }


def _programs() -> dict[str, tuple[Builder, str]]:
    """Formulas that start a program in a spreadsheet whose user says yes."""
    told = "startar ett annat program"
    command = "cmd|' /C calc'!A0"
    link = f'<externalLink {MAIN}><ddeLink ddeService="cmd" ddeTopic=" /C calc"/></externalLink>'
    cells = {
        "program.xlsx": f"<f>{command}</f>",
        "program_sist.xlsx": f'<f ca="1">1+SUM(2;{command})</f>',
        "program_prefix.xlsx": f"<x:f>\n={command}</x:f>",
    }
    formula = f'<table:table-row><table:table-cell table:formula="of:={command}"/></table:table-row>'
    return {
        **{name: (_book(sheet=sheet_xml(row(3, f'<c r="A3">{one}</c>'))), told) for name, one in cells.items()},
        "program_lank.xlsx": (_book(member("xl/externalLinks/externalLink1.xml", link)), told),
        "program.ods": (lambda path: write_zip(path, ods(formula)), told),
    }


FILES: dict[str, tuple[Builder, str]] = {
    **_near_bombs(),
    **_programs(),
    **_bombs(),
    **_markup(),
    **_directories(),
    **_cells(),
    **_others(),
}
"""Each hostile file by its name: who writes it, and what its refusal says."""

ABORTING: dict[str, Builder] = {
    "dold_cell.xlsx": _book(sheet=sheet_xml('<row r="3"><c r = "XFD1048576"><v>1</v></c></row>')),
    "dold_rad.xlsx": _book(sheet=sheet_xml('<row r = "4294967295"><c r = "A4294967295"><v>1</v></c></row>')),
    "dolt_namn.xlsx": _book(sheet=sheet_xml('<row r="3"><c r = "AAAAAAAAAA3"><v>1</v></c></row>')),
}
"""Small files that hide from the guard what makes the reader abort its process."""


def _endless(unit: str, end: str = "</table:table-row>") -> Builder:
    return lambda path: write_zip(path, ods(unit * (3 * 2**20 // len(unit)) + end))


def _endless_relations(path: Path) -> Path:
    start = f'<Relationships xmlns="{PACKAGE}/relationships">'
    relations = member("xl/_rels/workbook.xml.rels", start + "<Relationship " * 200_000)
    return write_zip(path, [relations if one.name == relations.name else one for one in parts()])


ENDLESS: dict[str, Builder] = {
    "rader_utan_slut.ods": _endless('<table:table-row table:number-rows-repeated="2">'),
    "celler_utan_slut.ods": _endless('<table:table-cell table:number-columns-repeated="2" '),
    "samma_attribut.ods": _endless(' table:number-columns-repeated="2"/', "><table:table-cell/></table:table-row>"),
    "lankar_utan_slut.xlsx": _endless_relations,
}
"""Small files of tags that never end, which a careless search would go through again from each of them."""
