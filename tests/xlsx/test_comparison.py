"""Files of alternatives: read, compared, and written as a workbook."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from core.jamforelse.ranking import Weights
from xlsx.alternatives import ALTERNATIVES, read_file, read_table
from xlsx.comparedfigures import unsure_figures, used_figures
from xlsx.comparing import BY_NAME, Comparison, compare
from xlsx.comparison import default_output, write_comparison
from xlsx.errors import UnreadableSheet
from xlsx.headings import map_headings

DEMO = Path(__file__).parents[2] / "demo" / "alternativ.xlsx"

LINES = """Alternativ;Färdmedel;Avresedatum;Avresetid;Förrättningens början;Mötet slutar;Hemkomst;Pris (kr);Mil;Lön
Tåget;Tåg;2026-03-10;05:30;2026-03-10 10:00;2026-03-10 15:00;2026-03-10 19:15;1 290,00;91;39600
Bilen;Egen bil;2026-03-10;04:30;2026-03-10 10:00;2026-03-10 15:00;2026-03-10 20:30;;94;39600
"""


def totals(made: Comparison) -> list[object]:
    return [made.cell(BY_NAME["kommunens_kostnad"], row) for row in range(len(made))]


def test_no_two_headings_mean_different_things() -> None:
    words = [word for heading in ALTERNATIVES for word in (heading.title, *heading.synonyms)]
    mapping = map_headings([heading.title for heading in ALTERNATIVES], ALTERNATIVES)
    assert set(mapping.columns) == {heading.column for heading in ALTERNATIVES}
    assert not mapping.problems
    assert len({word.casefold() for word in words}) == len(words)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_text_file_with_other_headings_decimal_commas_and_mil(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "alternativ.csv"
    path.write_text(LINES, encoding=encoding)
    made = compare(read_file(path), "stockholm")
    # Train 1 290 + 4,75 h x 127,92 + 240 h pay x 4 h = 1 290 + 607,62 + 960; car 940 km x 2,90 + 895,44 + 960.
    assert totals(made) == [2857.62, 4581.44]


def test_the_demo_has_both_errands(tmp_path: Path) -> None:
    assert totals(compare(read_file(DEMO))) == [9218.69, 9834.8, 0]
    assert totals(compare(read_file(DEMO, "Stockholm–Göteborg"), "stockholm")) == [5015.64, 2137.62, 4581.44]
    with pytest.raises(UnreadableSheet, match=r'"Malmö" finns inte\. Bladen är Linköping–Bryssel, Stockholm–Göteborg'):
        read_file(DEMO, "Malmö")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "filen är tom"),
        ("a;b\n1;2\n", "Ingen rubrikrad"),
        ("Alternativ;Färdmedel;Biljett\n", "Inga alternativ"),
        ("Alternativ;Biljett\nTåg;5\n", "Kolumnen Färdmedel saknas"),
    ],
)
def test_a_file_that_cannot_be_compared_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "fel.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSheet, match=said) as error:
        read_file(path)
    assert str(error.value).startswith("fel.csv: ")


def test_weights_of_the_caller_go_before_the_policy_s() -> None:
    weights = Weights(miljo=100, kostnad=0, arbete=0, source="prov", status="förslag")
    made = compare(read_file(DEMO), weights=weights)
    # Environment alone: (385,45 - 69,6) / 385,45 = 81,94.
    assert [made.cell(BY_NAME["samlad_bedomning"], row) for row in range(3)] == [0, 81.94, 100]
    assert made.weights_sentence == "Vikter: miljö 100, kostnad 0, arbete på resan 0 (prov, förslag)"


def test_the_ticket_s_sentences() -> None:
    assert compare(read_file(DEMO)).sentences == [
        "Nattåg och hotell: biljetten får kosta högst 2\u00a0983,89 kr (nu 3\u00a0600,00 kr) "
        "för att inte bli dyrare än Flyg kvällen före."
    ]
    train, digital = compare(read_file(DEMO, "Stockholm–Göteborg"), "stockholm").sentences
    assert train == ("Tåg: biljetten får kosta 3\u00a0733,82 kr (nu 1\u00a0290,00 kr) innan Egen bil blir billigare.")
    assert "inget digitalt alternativ" in digital


def test_figures_that_make_no_difference_are_left_out() -> None:
    names = [used.title for used in used_figures(compare(read_file(DEMO)))]
    assert "Normalbelopp (Belgien)" in names
    assert not [name for name in names if "BIA" in name or "Kostnad per mil" in name or "Nattraktamente" in name]
    unsure = {used.title: used.status for used in unsure_figures(compare(read_file(DEMO, "Stockholm–Göteborg")))}
    assert unsure["Bilersättning enligt BIA (utan bilavtal)"] == "obekräftad"
    assert set(unsure.values()) <= {"obekräftad", "förslag"}


def test_the_workbook_has_the_table_the_charts_and_the_figures(tmp_path: Path) -> None:
    source = tmp_path / "alternativ.xlsx"
    source.write_bytes(DEMO.read_bytes())
    before = source.read_bytes()
    out = write_comparison(compare(read_file(source)), source)
    assert out == default_output(source) == tmp_path / "alternativ-jämförd.xlsx"
    assert source.read_bytes() == before
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Jämförelse", "Underlag", "Diagramdata"]
    rows = {row[0]: list(row[1:4]) for row in book["Jämförelse"].iter_rows(values_only=True) if row[0]}
    assert rows["Alternativ"] == ["Flyg kvällen före", "Nattåg och hotell", "Digitalt möte"]
    assert rows["Total kostnad"] == [9218.69, 9834.8, 0]
    assert "Bilkostnad" not in rows, "a kind of cost that no alternative has takes no line"
    sheet = book["Jämförelse"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    basis = [row[:6] for row in book["Underlag"].iter_rows(values_only=True)]
    assert ("Normalbelopp (Belgien)", 894) in [row[:2] for row in basis]
    with zipfile.ZipFile(out) as parts:
        charts = [parts.read(name).decode() for name in sorted(parts.namelist()) if name.startswith("xl/charts/chart")]
    assert len(charts) == 2
    assert 'grouping val="stacked"' in charts[0]
    assert charts[0].count("<c:ser>") == 6  # ticket, hotel, traktamente, färdtid, lost time, climate charge
    assert charts[1].count("<c:ser>") == 1


def test_an_alternative_in_error_is_not_charted(tmp_path: Path) -> None:
    rows = [["Alternativ", "Färdmedel", "Biljett"], ["Digitalt", "digitalt", 99], ["Tåg", "tåg", 5]]
    made = compare(read_table(rows))
    source = tmp_path / "a.csv"
    source.write_text("", encoding="utf-8")
    book = openpyxl.load_workbook(write_comparison(made, source))
    assert [row[0].value for row in book["Diagramdata"].rows] == [
        "Alternativ",
        "Digitalt",
        None,
        "Alternativ",
        "Digitalt",
    ]
    cells = {row[0].value: [cell.value for cell in row[1:]] for row in book["Jämförelse"].iter_rows(max_col=3)}
    assert cells["Total kostnad"] == [99, "fel"]


def test_many_alternatives_stand_below_each_other(tmp_path: Path) -> None:
    rows = [["Alternativ", "Färdmedel", "Biljett"], *([f"Möte {number}", "digitalt", number] for number in range(300))]
    source = tmp_path / "a.csv"
    source.write_text("", encoding="utf-8")
    book = openpyxl.load_workbook(write_comparison(compare(read_table(rows)), source))
    sheet = book["Jämförelse"]
    assert [cell.value for cell in sheet[4]][:3] == ["Alternativ", "Färdmedel", "Biljett"]
    assert [cell.value for cell in sheet[304]][:3] == ["Möte 299", "digitalt", 299]


def test_a_name_that_begins_as_a_formula_stays_text(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("", encoding="utf-8")
    made = compare(read_table([["Alternativ", "Färdmedel"], ["=1+1", "digitalt"]]))
    book = openpyxl.load_workbook(write_comparison(made, source))
    assert book["Jämförelse"]["B4"].value == "=1+1"
    assert book["Jämförelse"]["B4"].data_type == "s"


def test_the_original_is_never_written_over() -> None:
    with pytest.raises(ValueError, match="originalet skrivs aldrig över"):
        write_comparison(compare(read_file(DEMO)), DEMO, DEMO)
    with pytest.raises(ValueError, match=r"resultatet skrivs som \.xlsx"):
        write_comparison(compare(read_file(DEMO)), DEMO, Path("a.csv"))
