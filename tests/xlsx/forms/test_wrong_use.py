"""What people do to a form that it was not made for: said with its place, healed where that can be, nothing lost."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from tests.xlsx.forms.as_excel import (
    MAIN,
    Opened,
    copy_sheet,
    delete_columns,
    delete_rows,
    insert_columns,
    insert_rows,
    paste_format,
    rename_sheet,
    restyle,
)
from tests.xlsx.forms.conftest import CALLS, MADE, setting_of
from xlsx.forms.contract import MOST_LISTED, Departure, check_form
from xlsx.forms.contract.inputs import wrong_value
from xlsx.forms.contract.shape import Taken, read_shape
from xlsx.forms.evaluation import Evaluated, evaluated
from xlsx.forms.filling import fill, serial
from xlsx.forms.formulas.sheet import reference
from xlsx.forms.importblad import write_import
from xlsx.forms.reserakning import write_reserakning
from xlsx.patch.errors import Unpatchable

SETTING = setting_of()
LEAVES, RETURNS = dt.datetime(2026, 3, 10, 7), dt.datetime(2026, 3, 12, 20)
CLAIM: dict[str, Any] = {
    "namn": "Maria Ek",
    "anstallningsnr": "900123",
    "syfte": "Nätverksträff",
    "avresa": LEAVES,
    "hemkomst": RETURNS,
    "avstand": 198,
    "resmal": "Stockholm",
    "fardmedel": "tåg",
    "manadslon": 38500,
    "dygn_frukost": [None, "hotell", "hotell"],
}
# Sweden 2026, 300 kr a whole day (0.5 % of 59 200 to the nearest ten). Three whole days: 900; hotel breakfast on two,
# 20 % of 300 = 60 each: 900 − 120 = 780 kr. Resetillägg 50 kr a day: 150.
TOTALS = {"summa_traktamente": 780.0, "summa_maltidsavdrag": 120.0, "summa_resetillagg": 150.0}


@pytest.fixture(scope="module")
def claim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A claim filled in and recalculated as it should be."""
    folder = tmp_path_factory.mktemp("claim")
    write_reserakning(folder / "mall.xlsx", SETTING)
    fill(folder / "mall.xlsx", folder / "ifylld.xlsx", CLAIM)
    evaluated(folder / "ifylld.xlsx", folder / "resa.xlsx", CALLS, {"beraknad": serial(MADE)}, MADE)
    return folder / "resa.xlsx"


@pytest.fixture(scope="module")
def filled(claim: Path) -> Path:
    """The same claim before anything has recalculated it: its formulas fill no more cells than in the template."""
    return claim.with_name("ifylld.xlsx")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "resa.xlsx"


def place(path: Path, name: str, row: int = 0) -> str:
    """Sheet and cell of a name: `Dygn!D5`."""
    at = read_shape(path).names[name]
    assert at is not None
    return f"{at[0]}!{reference((at[1].top + row, at[1].left))}"


def told(path: Path) -> list[Departure]:
    return check_form(path, SETTING)


def one(path: Path, grade: str = "fel") -> Departure:
    """The only departure of a grade."""
    found = [departure for departure in told(path) if departure.grade == grade]
    assert len(found) == 1, found
    return found[0]


def again(path: Path) -> Evaluated:
    return evaluated(path, path.with_name("omräknad.xlsx"), CALLS, {}, MADE)


def assert_right(path: Path) -> None:
    """The claim's figures are what they were."""
    names = again(path).names
    assert {name: names[name] for name in TOTALS} == TOTALS


def texts(path: Path) -> set[Any]:
    """Everything that a user has written in a form."""
    book = openpyxl.load_workbook(path)
    found = {cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row}
    return found & {value for value in CLAIM.values() if not isinstance(value, list)}


def test_a_claim_as_it_should_be_has_nothing_to_be_told_of(claim: Path) -> None:
    assert told(claim) == []
    assert_right(claim)


def test_an_empty_template_and_a_filled_one_that_was_not_recalculated(tmp_path: Path) -> None:
    write_reserakning(tmp_path / "mall.xlsx", SETTING)
    assert told(tmp_path / "mall.xlsx") == []
    assert told(fill(tmp_path / "mall.xlsx", tmp_path / "ifylld.xlsx", CLAIM)) == []


def test_another_workbook_is_no_form(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "annan.xlsx")
    assert told(tmp_path / "annan.xlsx") == []


def test_a_broken_file_says_that_it_is(tmp_path: Path) -> None:
    (tmp_path / "trasig.xlsx").write_bytes(b"PK\3\4 inte en zip")
    with pytest.raises(Unpatchable, match=r"trasig\.xlsx: filen är skadad"):
        told(tmp_path / "trasig.xlsx")


# Values


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "avresa",
            "10 mars",
            '"10 mars" som text, ingen tidpunkt. Skriv datum och klockslag så här: 2026-03-10 07:30.',
        ),
        ("avresa", dt.datetime(1999, 3, 10, 7), "1999-03-10 07:00 ligger utanför"),
        ("langtid_fran", "januari", '"januari" som text, inget datum. Skriv ett datum så här: 2026-03-10.'),
        ("arbetstid_start", "åtta", '"åtta" som text, inget klockslag. Skriv ett klockslag så här: 07:30.'),
        ("arbetstid_start", 8, "8 ligger utanför vad cellen tar emot. Skriv ett klockslag"),
        ("manadslon", "38 tusen", '"38 tusen" som text, inget tal.'),
        ("avstand", -5, "-5 ligger utanför vad cellen tar emot. Skriv kilometer"),
        ("fardmedel", "tågg", '"tågg" finns inte i listan. Menade du tåg? Välj ett av orden i listan.'),
        ("roll", 7, '"7" finns inte i listan.'),
        ("manadslon", "#SAKNAS!", "Cellen innehåller felet #SAKNAS!."),
    ],
)
def test_a_value_that_an_input_does_not_take(claim: Path, out: Path, name: str, value: Any, said: str) -> None:
    found = one(fill(claim, out, {name: value}))
    assert (f"{found.sheet}!{found.cell}", said in found.text) == (place(claim, name), True), found


def test_a_text_in_a_date_gives_no_error_in_a_visible_cell(claim: Path, out: Path) -> None:
    made = again(fill(claim, out, {"avresa": "10 mars"}))
    assert texts(claim) - {LEAVES} == texts(out.with_name("omräknad.xlsx")), "the rest of what was written is there"
    shape = read_shape(claim)
    visible = [name for name, sheet in shape.sheets.items() if not sheet.hidden]
    assert [fault for fault in made.errors if fault.sheet in visible] == []
    messages = [line for row in made.names["formularfel"] for line in row if line]
    assert any("vresa" in message for message in messages), messages


def test_a_bad_word_in_a_table_is_told_with_its_row(claim: Path, out: Path) -> None:
    found = one(fill(claim, out, {"dygn_frukost": [None, "hottell"]}))
    assert f"{found.sheet}!{found.cell}" == place(claim, "dygn_frukost", 1)
    assert "Menade du hotell?" in found.text


def test_case_and_blanks_around_a_word_do_not_matter(claim: Path, out: Path) -> None:
    assert told(fill(claim, out, {"fardmedel": " Tåg "})) == []


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("datum", dt.date(2026, 3, 10), "2026-03-10"),
        ("tidpunkt", 46091.3, dt.datetime(2100, 1, 1)),
        ("klockslag", dt.time(23, 59), dt.time(23, 59, 30)),
        ("tal", 12.5, True),
        ("heltal", 3, 3.5),
        ("text", "vad som helst", None),
    ],
)
def test_what_each_kind_of_input_takes(kind: str, good: Any, bad: Any) -> None:
    # 2010-01-01 is day 40 179, 2099-12-31 day 73 050; 23:59 is 1 439 of a day's 1 440 minutes.
    limits = {"datum": (40179, 73050), "tidpunkt": (40179, 73050), "klockslag": (0, 1439 / 1440), "tal": (0, 100)}
    least, most = limits.get(kind, (0, 10))
    taken = Taken(kind, "", least, most)
    assert wrong_value(good, taken) == ""
    assert bad is None or wrong_value(bad, taken) != ""


# Formulas


def test_a_value_in_the_place_of_a_formula(claim: Path, out: Path) -> None:
    at = place(claim, "summa_traktamente")
    found = one(fill(claim, out, {at: 5000}))
    assert f"{found.sheet}!{found.cell}" == at
    assert found.text == (
        'Cellen räknas ut av formuläret, men innehåller "5000". Skriv inte i den. Kopiera cellen från en ny mall.'
    )


def test_a_formula_that_is_gone(claim: Path, out: Path) -> None:
    at = place(claim, "summa_traktamente")
    found = one(fill(claim, out, {at: None}))
    assert (f"{found.sheet}!{found.cell}", found.text) == (at, "Formeln är borttagen. Kopiera cellen från en ny mall.")


def test_a_formula_that_was_changed(claim: Path, out: Path) -> None:
    at = place(claim, "summa_traktamente")
    book = Opened(claim)
    book.cell(at).find(f"{MAIN}f").text = "1000+1"
    found = one(book.save(out))
    assert (f"{found.sheet}!{found.cell}", found.text) == (at, "Formeln är ändrad. Kopiera cellen från en ny mall.")


def test_an_own_formula_that_was_changed_on_the_hidden_sheet(claim: Path, out: Path) -> None:
    book = Opened(claim)
    formula = next(one for one in book.sheet("Beräkning").iter(f"{MAIN}f") if "TRAKTAMENTEDAGAR(" in one.text)
    formula.text = formula.text.replace("avresa", "avresa-1")
    assert one(book.save(out)).sheet == "Beräkning"


def test_many_overwritten_formulas_are_told_in_few_lines(claim: Path, out: Path) -> None:
    shape = read_shape(claim)
    sheet = shape.sheets["Dygn"]
    formulas = [place for place, cell in sheet.cells.items() if cell.formula is not None]
    assert len(formulas) > MOST_LISTED
    found = told(fill(claim, out, {f"Dygn!{reference(place)}": 1 for place in formulas}))
    assert len(found) == MOST_LISTED + 1
    assert found[-1].text == f"… och {len(formulas) - MOST_LISTED} celler till på samma sätt."


def test_formulas_as_other_programs_spell_them_are_the_same(claim: Path, out: Path) -> None:
    """Small letters, damaged prefixes, blanks, and no quotes where a sheet's name needs none."""
    book = Opened(claim)
    for formula in book.sheet("Beräkning").iter(f"{MAIN}f"):
        formula.text = formula.text.replace("_xldudf_TRAKTAMENTEDAGAR(", "FUNCRES.XLAM!_xldudf_traktamentedagar( ")
        formula.text = formula.text.replace("IF(", "if( ").replace("'Beräkning'!", "Beräkning!")
    assert told(book.save(out)) == []


def test_a_column_of_formulas_that_excel_has_shared_is_the_same(claim: Path, out: Path) -> None:
    """Excel keeps a filled column as one formula that the cells below refer to."""
    top = place(claim, "dygn_belopp").rpartition("J")[2]
    book = Opened(claim)
    area = f"J{top}:J{int(top) + 30}"
    for row in range(int(top), int(top) + 31):
        formula = book.cell(f"Dygn!J{row}").find(f"{MAIN}f")
        formula.attrib.update({"t": "shared", "si": "0"} | ({"ref": area} if row == int(top) else {}))
        if row > int(top):
            formula.text = None
    assert told(book.save(out)) == []
    book.cell(f"Dygn!J{top}").find(f"{MAIN}f").text += "+1"
    assert len(told(book.save(out))) == MOST_LISTED + 1


# Rows and columns


def test_a_row_inserted_above_the_fields_is_healed(claim: Path, out: Path) -> None:
    insert_rows(claim, out, "Reseräkning", 5)
    found = one(out, "varning")
    assert (found.sheet, found.cell, found.text) == ("Reseräkning", "A5", "Rad 5 är infogad. Fälten läses ändå.")
    assert [departure for departure in told(out) if departure.grade == "fel"] == []
    assert_right(out)


def test_columns_inserted_beside_the_fields_are_healed(claim: Path, out: Path) -> None:
    insert_columns(claim, out, "Reseräkning", 2, 2)
    found = one(out, "varning")
    assert (found.sheet, found.cell, found.text) == ("Reseräkning", "C1", "Kolumn C–D är infogad. Fälten läses ändå.")
    assert_right(out)


def test_a_column_inserted_in_a_table_is_healed(claim: Path, out: Path) -> None:
    insert_columns(claim, out, "Dygn", 4)
    assert [departure.text for departure in told(out)] == ["Kolumn E är infogad. Fälten läses ändå."]
    assert_right(out)


def test_a_row_inserted_in_a_table_is_told(claim: Path, out: Path) -> None:
    """The days below it no longer stand beside their meals."""
    top = int(place(claim, "dygn_frukost").rpartition("D")[2])
    insert_rows(claim, out, "Dygn", top + 1)
    found = [departure for departure in told(out) if "infogad" in departure.text]
    assert [(departure.sheet, departure.cell, departure.grade) for departure in found] == [
        ("Dygn", f"A{top + 1}", "fel")
    ]
    assert found[0].text.startswith(f"Rad {top + 1} är infogad i en tabell, som räknas rad för rad.")
    assert texts(claim) == texts(out)


def test_a_row_deleted_in_a_table_is_told(claim: Path, out: Path) -> None:
    top = int(place(claim, "dygn_frukost").rpartition("D")[2])
    delete_rows(claim, out, "Dygn", top + 4)
    found = [departure for departure in told(out) if "borttagen ur en tabell" in departure.text]
    assert [(departure.sheet, departure.grade) for departure in found] == [("Dygn", "fel")]
    assert found[0].text.startswith(f"Rad {top + 4} i mallen är borttagen")


def test_a_field_that_was_deleted_with_its_row(claim: Path, out: Path) -> None:
    sheet, _, cell = place(claim, "avresa").partition("!")
    delete_rows(claim, out, sheet, int(cell.removeprefix("B")))
    found = [departure.text for departure in told(out) if "Fältet avresa " in departure.text]
    gone = f"Fältet avresa ({cell} i mallen) är borttaget med sin rad eller kolumn."
    assert found == [f"{gone} Börja om från en ny mall."]


def test_a_column_of_fields_that_was_deleted(claim: Path, out: Path) -> None:
    delete_columns(claim, out, "Dygn", 3)
    found = [departure for departure in told(out) if departure.grade == "fel"]
    assert any("Fältet dygn_frukost (D" in departure.text for departure in found)


def test_a_name_that_was_deleted(claim: Path, out: Path) -> None:
    book = Opened(claim)
    for name in list(book.names()):
        if name.get("name") == "avresa":
            book.names().remove(name)
    found = [departure for departure in told(book.save(out)) if departure.grade == "fel"]
    assert [departure.text.partition(" (")[0] for departure in found] == ["Namnet avresa"]


def test_a_name_that_was_stretched_over_the_whole_sheet_is_no_field(claim: Path, out: Path) -> None:
    """A file may say what it likes; it is not walked through cell by cell for that."""
    book = Opened(claim)
    for name in book.names():
        if name.get("name") == "dygn_frukost":
            name.text = "Dygn!$A$1:$XFD$1048576"
    assert any("dygn_frukost" in departure.text for departure in told(book.save(out)))


def test_cells_that_were_merged(claim: Path, out: Path) -> None:
    book = Opened(claim)
    sheet = book.sheet("Dygn")
    merged = sheet.find(f"{MAIN}mergeCells")
    top = place(claim, "dygn_frukost").rpartition("!")[2]
    area = f"{top}:{top.replace('D', 'E')}"
    etree.SubElement(merged, f"{MAIN}mergeCell", ref=area)
    found = one(book.save(out))
    assert (found.sheet, found.cell) == ("Dygn", area)
    assert found.text == "Cellerna är sammanslagna, och bara den första läses. Dela dem."


# Sheets


def test_a_renamed_sheet_is_read_all_the_same(claim: Path, out: Path) -> None:
    rename_sheet(claim, out, "Dygn", "Mina dygn")
    found = told(out)
    assert found == [
        Departure("Mina dygn", "", 'Bladet "Dygn" har bytt namn till "Mina dygn". Det läses ändå.', "varning")
    ]
    assert_right(out)


def test_a_copied_sheet_is_told_and_the_first_one_counts(claim: Path, out: Path) -> None:
    copy_sheet(claim, out, "Dygn")
    found = one(out, "varning")
    assert found.sheet == "Dygn (2)"
    assert found.text.startswith('Bladet är en kopia av "Dygn" och räknas inte.')
    assert_right(out)


def test_a_sheet_of_ones_own_is_nobodys_business(claim: Path, out: Path) -> None:
    book = Opened(claim)
    book.parts["xl/worksheets/sheet99.xml"] = (
        f'<worksheet xmlns="{MAIN[1:-1]}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    ).encode()
    relations = book.part("xl/_rels/workbook.xml.rels")
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    etree.SubElement(
        relations, relations[0].tag, Id="rIdOwn", Type=f"{kind}/worksheet", Target="worksheets/sheet99.xml"
    )
    etree.SubElement(book.listed, f"{MAIN}sheet", {"name": "Egna", "sheetId": "99", f"{{{kind}}}id": "rIdOwn"})
    types = book.part("[Content_Types].xml")
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    etree.SubElement(types, types[-1].tag, PartName="/xl/worksheets/sheet99.xml", ContentType=sheet)
    assert told(book.save(out)) == []


def test_a_sheet_that_is_gone(claim: Path, out: Path) -> None:
    book = openpyxl.load_workbook(claim)
    del book["Underlag"]
    book.save(out)
    found = [departure for departure in told(out) if "saknas" in departure.text]
    assert found == [
        Departure("Underlag", "", 'Bladet "Underlag" saknas. Hämta uppgifterna ur en sparad kopia.', "fel")
    ]


# Versions


@pytest.mark.parametrize(("version", "grade", "word"), [(0, "varning", "äldre mall"), (99, "fel", "nyare mall")])
def test_another_version_of_the_template(claim: Path, out: Path, version: int, grade: str, word: str) -> None:
    fill(claim, out, {place(claim, "mallversion"): version})
    found = one(out, grade)
    assert (found.sheet, found.cell, word in found.text) == ("", "", True)
    if grade == "varning":
        assert_right(out)


def test_an_older_template_is_read_by_its_names(claim: Path, out: Path) -> None:
    """Its fields stand elsewhere; what is wrong in them is told where they stand."""
    moved = out.with_name("flyttad.xlsx")
    insert_rows(claim, moved, "Reseräkning", 5, 3)
    fill(moved, out, {place(claim, "mallversion"): 0, "avresa": "10 mars"})
    found = one(out)
    assert f"{found.sheet}!{found.cell}" == place(moved, "avresa")


def test_a_form_that_does_not_say_what_it_is(claim: Path, out: Path) -> None:
    fill(claim, out, {place(claim, "formular"): None})
    assert one(out).text.startswith("Det går inte att se vilket formulär det är")
    fill(claim, out.with_name("b.xlsx"), {place(claim, "formular"): "ledighet"})
    assert one(out.with_name("b.xlsx")).text == (
        'Formuläret "ledighet" är okänt. Kända formulär är reserakning, resebudget, uppfoljning, import.'
    )


# Formats


def _white(styles: Any, look: Any) -> None:
    fonts, fills = styles.find(f"{MAIN}fonts"), styles.find(f"{MAIN}fills")
    font = etree.SubElement(fonts, f"{MAIN}font")
    etree.SubElement(font, f"{MAIN}color", rgb="FFFFFFFF")
    look.set("fontId", str(len(fonts) - 1))
    look.set("fillId", "0")
    assert len(fills) > 0


def _number(code: str) -> Callable[[Any, Any], None]:
    def change(styles: Any, look: Any) -> None:
        formats = styles.find(f"{MAIN}numFmts")
        etree.SubElement(formats, f"{MAIN}numFmt", numFmtId="900", formatCode=code)
        look.set("numFmtId", "900")
        look.set("applyNumberFormat", "1")

    return change


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("namn", _white, "Texten har samma färg som bakgrunden och syns inte."),
        ("avresa", _number("0.00"), "Talformatet har ändrats, så att tiden visas som ett vanligt tal."),
        ("manadslon", _number("yyyy-mm-dd"), "Talformatet har ändrats, så att talet visas som ett datum."),
        ("summa_traktamente", _number(";;;"), "Talformatet döljer det som står i cellen."),
    ],
)
def test_a_format_that_hides_a_value_is_told_and_the_value_read(
    claim: Path, out: Path, name: str, change: Callable[[Any, Any], None], said: str
) -> None:
    restyle(claim, out, place(claim, name), change)
    found = one(out, "varning")
    assert (f"{found.sheet}!{found.cell}", found.text) == (place(claim, name), said)
    assert [departure for departure in told(out) if departure.grade == "fel"] == []
    assert_right(out)


def test_an_input_that_a_pasted_format_locked(claim: Path, out: Path) -> None:
    paste_format(claim, out, "Reseräkning!A1", place(claim, "syfte"))
    found = [departure for departure in told(out) if "låst cellen" in departure.text]
    assert [f"{departure.sheet}!{departure.cell}" for departure in found] == [place(claim, "syfte")]
    assert {departure.grade for departure in told(out)} == {"varning"}
    assert_right(out)


# Other programs


def test_a_form_saved_by_openpyxl_is_told_and_still_right(filled: Path, out: Path) -> None:
    openpyxl.load_workbook(filled).save(out)
    assert one(out, "varning").text.startswith("Formuläret har sparats av ett annat program än Excel")
    assert [departure for departure in told(out) if departure.grade == "fel"] == []
    assert_right(out)


def test_a_form_filled_in_and_saved_by_libreoffice_is_told_and_still_right(filled: Path, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    saved = tmp_path / "sparad"
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(saved), str(filled)], check=True, capture_output=True, timeout=180)
    out = saved / filled.name
    assert one(out, "varning").text.startswith("Formuläret har sparats av ett annat program än Excel")
    assert [departure for departure in told(out) if departure.grade == "fel"] == []
    assert_right(out)


# The import sheet is a list: its rows and columns may come and go


@pytest.fixture
def sheet(tmp_path: Path) -> Iterator[Path]:
    write_import(tmp_path / "import.xlsx", SETTING)
    yield tmp_path / "import.xlsx"


def test_rows_and_columns_of_a_list_may_come_and_go(sheet: Path, out: Path) -> None:
    assert told(sheet) == []
    assert told(delete_rows(sheet, out, "Resor", 6)) == []
    assert told(insert_columns(sheet, out.with_name("b.xlsx"), "Resor", 3)) == []
    assert told(delete_columns(sheet, out.with_name("c.xlsx"), "Resor", 8)) == []


def test_a_text_in_a_date_of_a_list_is_told_with_its_row(sheet: Path, out: Path) -> None:
    found = one(fill(sheet, out, {"resor_avresa": ["10 mars"]}))
    assert (found.sheet, found.cell) == ("Resor", "E5")
    assert "Skriv datum och klockslag så här" in found.text
