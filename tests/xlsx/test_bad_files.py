# ruff: noqa: E501 (lines of files)
"""Files and sheets that are not as they should be: a clear message, nothing lost without a word."""

from __future__ import annotations

import codecs
import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.xlsx.conftest import Write, own, value
from xlsx.errors import UnreadableSheet
from xlsx.recalculate import recalculate
from xlsx.summary import facts, totals

HEAD = ["Rese-ID", "Avresa", "Hemkomst", "Utlägg"]
TRIP = ["A", datetime(2024, 3, 4, 7), datetime(2024, 3, 6, 20), 10]
"""870 kr of traktamente (3 x 290), 150 of resetillägg, 10 of outlays: 1030."""


def paid(made: Any) -> list[Any]:
    return [value(made, "Ersättning totalt", trip) for trip in range(len(made.trips))]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("tom.xlsx", b"", "filen är tom"),
        ("tom.csv", b"", "filen är tom"),
        ("blank.csv", b"\r\n \r\n", "filen är tom"),
        ("skadad.xlsx", b"PK\x03\x04 inte mer", "ingen giltig .xlsx-fil"),
        ("text.xlsx", b"Avresa;Hemkomst", "ingen giltig .xlsx-fil"),
        ("last.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "lösenord"),
        ("gammal.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "äldre Excelfil"),
        ("gammal.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "kan inte läsas"),
        ("bild.png", b"x", "filtypen .png läses inte"),
        ("utan.csv", b"a;b\n1;2\n", "ingen rubrikrad"),
    ],
)
def test_unreadable_files(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableSheet, match="(?s)" + says) as caught:
        recalculate(path)
    assert name in str(caught.value)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "annat.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hej.txt", "hej")
    with pytest.raises(UnreadableSheet, match="kan inte läsas"):
        recalculate(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSheet, match="kan inte öppnas"):
        recalculate(tmp_path / "saknas.xlsx")


def test_a_sheet_asked_for_that_is_not_there(workbook: Write) -> None:
    with pytest.raises(UnreadableSheet, match="Bladen är Resor, Annat"):
        recalculate(workbook(Resor=[HEAD, TRIP], Annat=[["x"]]), sheet="Mars")


def test_the_sheet_is_found_by_its_headings(workbook: Write) -> None:
    path = workbook(Info=[["Hej"]], Mars=[HEAD, TRIP], April=[HEAD, TRIP, TRIP])
    assert recalculate(path).sheet.name == "Mars"
    assert len(recalculate(path, sheet="april").trips) == 2


def test_a_header_without_rows(workbook: Write) -> None:
    with pytest.raises(UnreadableSheet, match="inga rader"):
        recalculate(workbook(Resor=[HEAD]))


def test_two_columns_of_the_same_meaning_are_not_guessed_between(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[[*HEAD, "Utlägg"], [*TRIP, 20]]))
    assert any('D "Utlägg" och E "Utlägg"' in problem for problem in made.problems)
    assert paid(made) == [1020]


def test_merged_headings_are_named(workbook: Write) -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 3, 0, 4, "Utlägg")

    made = recalculate(workbook(Resor=[HEAD, TRIP], then=merge))
    assert any('"Utlägg"' in problem and "D1:E1" in problem for problem in made.problems)
    assert paid(made) == [1030]


def test_headings_merged_downwards_take_their_rows(workbook: Write) -> None:
    def merge(book: Any, sheet: Any) -> None:
        for column, title in enumerate(HEAD):
            sheet.merge_range(0, column, 1, column, title)

    made = recalculate(workbook(Resor=[[], [], TRIP], then=merge))
    assert paid(made) == [1030]
    assert made.sheet.place(0) == 3


def test_hidden_rows_sums_and_empty_rows(workbook: Write) -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.set_row(1, None, None, {"hidden": True})

    rows = [HEAD, TRIP, TRIP, [], TRIP, ["Summa", None, None, 30], [None, None, None, 30]]
    made = recalculate(workbook(Resor=rows, then=hide))
    assert paid(made) == [1030, 1030, 1030]
    told = dict(facts(made))
    assert told["Lästa resor"] == 3 and told["Dolda rader, räknade som andra"] == 1
    assert told["Summarader, inte räknade"] == 2 and told["Tomma rader"] == 1
    assert totals(made)[0].sums[0] == 3 * 103_000


def test_a_trip_that_lost_its_dates_is_no_sum(workbook: Write) -> None:
    made = recalculate(workbook(Resor=[HEAD, TRIP, ["B", None, None, 30]]))
    assert paid(made) == [1030, None]
    assert "Avresa saknas" in value(made, "Fel", 1)


def test_formulas_that_were_never_saved(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Resor"
    for row in (HEAD, TRIP, [*TRIP[:3], "=5+5"]):
        sheet.append(row)
    book.save(tmp_path / "formler.xlsx")
    made = recalculate(tmp_path / "formler.xlsx")
    assert paid(made) == [1030, None]
    assert "Formel utan sparat värde" in value(made, "Fel", 1)


def test_saved_formulas_are_read_as_their_values(workbook: Write) -> None:
    assert paid(recalculate(workbook(Resor=[HEAD, [*TRIP[:3], "{=5+5}10"]]))) == [1030]


def test_error_cells_far_down_keep_their_place(workbook: Write) -> None:
    rows = [HEAD, *[TRIP] * 5, [*TRIP[:3], "{=NA()}#N/A"], TRIP]
    made = recalculate(workbook(Resor=[[], ["Titel"], *rows]))
    assert [amount is None for amount in paid(made)] == [False] * 5 + [True, False]
    assert made.sheet.place(int(made.claims.rows[5])) == 9


def test_text_among_numbers_and_dates(workbook: Write) -> None:
    rows = [
        ["007", TRIP[1], TRIP[2], 10],
        [7, "2024-03-04 07:00", TRIP[2], "10,00"],
        ["A", 45355.0 + 7 / 24, "2024-03-06 20.00", "ingen"],
    ]
    made = recalculate(workbook(Resor=[HEAD, *rows]))
    assert paid(made) == [1030, 1030, None]
    assert own(made, "Rese-ID") == ["007", "7", "A"]


def test_midnight_in_a_date_cell_is_a_missing_clock(workbook: Write) -> None:
    rows = [
        ["A", datetime(2024, 3, 4), TRIP[2], 0],
        ["B", "2024-03-04 00:00", TRIP[2], 0],
        ["C", "x", TRIP[2], 0],
    ]
    made = recalculate(workbook(Resor=[HEAD, *rows]))
    assert "Klockslag saknas" in value(made, "Fel", 0)
    assert paid(made)[1] == 1020


CSV = "Anställningsnr;Avresa;Hemkomst;Utlägg;Ort\r\n0012;2024-03-04 07:00;2024-03-06 20:00;1 234,50;Malmö – 5 €\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("sign", [";", "\t"])
def test_csv_in_all_codings(tmp_path: Path, encoding: str, sign: str) -> None:
    path = tmp_path / "resor.csv"
    path.write_bytes(CSV.replace(";", sign).encode(encoding))
    made = recalculate(path)
    assert paid(made) == [1020 + 1234.5]
    assert own(made, "Ort") == ["Malmö – 5 €"] and own(made, "Anställningsnr") == ["0012"]


def test_csv_with_commas_quotes_and_short_lines(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    text = 'Avresa,Hemkomst,Utlägg,Syfte\n2024-03-04 07:00,2024-03-06 20:00,"12,50","=cmd|x, y"\n2024-03-04 07:00,2024-03-06 20:00\n'
    path.write_bytes(codecs.BOM_UTF8 + text.encode())
    assert paid(recalculate(path)) == [1032.5, 1020]


def test_ods_is_read_with_its_error_values(tmp_path: Path) -> None:
    # A minimal OpenDocument sheet, written by hand; the second trip's outlays are an error value.
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in HEAD
    )
    moment = '<table:table-cell office:value-type="date" office:date-value="{}"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="10"><text:p>10</text:p></table:table-cell>'
    error = (
        '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    trip = (
        '<table:table-cell office:value-type="string"><text:p>A</text:p></table:table-cell>'
        + moment.format("2024-03-04T07:00:00", "x")
        + moment.format("2024-03-06T20:00:00", "x")
        + number
    )
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Resor"><table:table-row>{cells}</table:table-row>'
        f"<table:table-row>{trip}</table:table-row><table:table-row>{trip.replace(number, error)}"
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        archive.writestr("content.xml", content)
    path = tmp_path / "resor.ods"
    path.write_bytes(buffer.getvalue())
    made = recalculate(path)
    assert paid(made) == [1030, None]
    assert "#DIV/0!" in value(made, "Fel", 1)
