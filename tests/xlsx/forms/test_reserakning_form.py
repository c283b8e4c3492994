"""How the travel claim is made: names, labels, where our functions stand, and what LibreOffice shows of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.xlsx.forms.conftest import Made, Shown, built, office_pdf
from tests.xlsx.forms.travellers import ONE_DAY, THREE_DAYS, WEEK_ABROAD
from udfs.registry import FUNCTIONS
from xlsx.forms.book import CALCULATION, PREFIX
from xlsx.forms.reserakning import write_reserakning
from xlsx.vocabulary import LEGS, TRIPS

VISIBLE = ["Reseräkning", "Dygn", "Resväg", "Bil och utlägg", "Kontering", "Kontroll", "Underlag"]


@pytest.fixture(scope="module")
def form(skeleton: Callable[..., Path]) -> Any:
    return openpyxl.load_workbook(skeleton(write_reserakning))


def test_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = (built(write_reserakning, tmp_path / name) for name in ("en.xlsx", "två.xlsx"))
    assert first.read_bytes() == second.read_bytes()


def test_the_formulas_do_not_depend_on_the_policy(skeleton: Callable[..., Path]) -> None:
    books = [openpyxl.load_workbook(skeleton(write_reserakning, policy)) for policy in ("linkoping", "stockholm")]
    ours, theirs = ([[cell.value for row in sheet for cell in row] for sheet in book] for book in books)
    differing = {one for mine, other in zip(ours, theirs, strict=True) for one, two in zip(mine, other, strict=True)
                 if not hasattr(one, "text") and one != two}  # fmt: skip
    assert differing == {"linkoping"}


def test_our_functions_stand_on_the_hidden_sheet_only(form: Any) -> None:
    assert [sheet.title for sheet in form if sheet.sheet_state == "visible"] == VISIBLE
    for sheet in form:
        texts = [str(getattr(cell.value, "text", cell.value)) for row in sheet for cell in row]
        assert any(PREFIX in text for text in texts) is (sheet.title == CALCULATION)
        assert sheet.protection.sheet


def test_every_call_passes_the_policy_on(form: Any) -> None:
    calls = 0
    for cell in (cell for row in form[CALCULATION] for cell in row):
        formula = getattr(cell.value, "text", None)
        if formula is None:
            continue
        for name, function in FUNCTIONS.items():
            asks = any(parameter.name == "policy" for parameter in function.parameters) or name == "FORKLARA"
            for begun in re.finditer(rf"{PREFIX}{name}\(", formula):
                calls += 1
                assert asks is _arguments(formula[begun.end() :]).endswith(",policy"), formula
    assert calls > 20


def _arguments(text: str) -> str:
    """What stands before the parenthesis that ends a call."""
    depth = 1
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return text[:place]
    raise ValueError(text)


def test_formulas_that_excel_2021_and_libreoffice_know(form: Any) -> None:
    texts = " ".join(str(cell.value) for sheet in form for row in sheet for cell in row if cell.data_type == "f")
    used = set(re.findall(r"(?<![\w.])((?:_xlfn\.)?[A-Z]{2,})\(", texts))
    assert not used & {"LET", "LAMBDA", "XLOOKUP", "FILTER", "TEXTJOIN", "ISOWEEKNUM", "TEXT", "OFFSET", "INDIRECT"}
    assert {"_xlfn.TEXTJOIN", "_xlfn.ISOWEEKNUM"} <= used


def test_inputs_are_open_and_formulas_locked(form: Any) -> None:
    for sheet in form:
        for row in sheet:
            for cell in row:
                if cell.data_type == "f" or cell.value is not None:
                    assert cell.protection.locked, (sheet.title, cell.coordinate)
    for name in ("namn", "avresa", "dygn_frukost", "kontering_kr", "forskott", "avsteg"):
        ((sheet, area),) = form.defined_names[name].destinations
        cells = form[sheet][area.replace("$", "")]
        first = cells[0][0] if isinstance(cells, tuple) else cells
        assert not first.protection.locked, name


def test_every_sheet_prints_on_a4(form: Any) -> None:
    for title in VISIBLE:
        sheet = form[title]
        assert sheet.page_setup.paperSize == 9 and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.right.text


def test_no_merged_cells_in_tables(form: Any) -> None:
    for sheet in form:
        for table in sheet.tables.values():
            area = openpyxl.worksheet.cell_range.CellRange(table.ref)
            assert not any(area.isdisjoint(merged) is False for merged in sheet.merged_cells.ranges)


def test_every_total_has_its_label(recalculated: Callable[..., Made]) -> None:
    made = recalculated(write_reserakning, ONE_DAY)[1]
    labels = {name: made.labels[name] for name in made.names if name.startswith("summa_")}
    assert len(labels) == len(set(labels.values())) == 23
    assert labels["summa_utbetalning"] == "Att betala ut" and labels["summa_konterat"] == "Konterat, kr"


def test_the_trip_as_a_row_of_an_imported_sheet(recalculated: Callable[..., Made]) -> None:
    made = recalculated(write_reserakning, WEEK_ABROAD)[1]
    headings, cells = made.names["resrad_rubriker"][0], made.names["resrad"][0]
    assert set(headings) <= {one.title for one in TRIPS}
    trip = {heading: cell for heading, cell in zip(headings, cells, strict=True) if cell not in (None, "")}
    assert trip["Anställningsnr"] == "10234" and trip["Land"] == "Belgien" and trip["Färdmedel"] == "flyg"
    assert trip["Måltider"] == "-,FhMr,Fh,Fh,Fh,-,-,-,Fh"
    # Tickets 2 100 + 650 + 1 650 without the hotel's 5 400.
    assert (trip["Biljettkostnad"], trip["Hotellkostnad"], trip["Privat logi nätter"]) == (4400, 5400, 1)
    assert (trip["Kvitton"], trip["Konto"], trip["Ansvar"]) == ("ja", "5820", "3100")
    assert trip["Avresa"] == pytest.approx(_serial(datetime(2024, 5, 13, 6)))
    assert set(made.names["resrad_strackor_rubriker"][0]) <= {one.title for one in LEGS}
    legs = [row for row in made.names["resrad_strackor"] if row[0] not in (None, "")]
    assert [leg[2:4] for leg in legs] == [
        ["Sverige", "tåg"], ["Belgien", "flyg"], ["Frankrike", "tåg"], ["Sverige", "flyg"], ["Sverige", "tåg"],
    ]  # fmt: skip


def _serial(moment: datetime) -> float:
    return (moment - datetime(1899, 12, 30)) / timedelta(days=1)


@pytest.mark.parametrize("inputs", [{}, ONE_DAY, THREE_DAYS, WEEK_ABROAD], ids=["tom", "en dag", "tre dagar", "vecka"])
def test_libreoffice_shows_the_same_values(
    recalculated: Callable[..., Made], office: Callable[[Path], Shown], inputs: dict[str, Any]
) -> None:
    """LibreOffice knows none of our functions, and shows the saved values."""
    path, made = recalculated(write_reserakning, inputs)
    shown = office(path)
    compared = 0
    for sheet in VISIBLE:
        assert not [text for row in shown[sheet] for text in row if text.startswith(("#", "Err:"))]
        for cell, value in made.values[sheet].items():
            found = re.fullmatch(r"([A-Z]+)(\d+)", cell)
            assert found is not None
            column, row = openpyxl.utils.column_index_from_string(found[1]) - 1, int(found[2]) - 1
            text = shown[sheet][row][column] if row < len(shown[sheet]) else ""
            assert _same(text, value), (sheet, cell, text, value)
            compared += value != ""
    assert compared > (200 if inputs else 30)


def _same(text: str, value: Any) -> bool:
    if isinstance(value, str):
        return " ".join(text.split()) == " ".join(value.split())
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return _serial(datetime.combine(date.fromisoformat(text), datetime.min.time())) == value
    number = text.replace(",", "").rstrip("%")
    decimals = len(number.partition(".")[2])
    return abs(float(number) - value) <= 0.5 * 10**-decimals + 1e-9


def test_it_prints_on_nine_pages(recalculated: Callable[..., Made], tmp_path: Path) -> None:
    path, _ = recalculated(write_reserakning, WEEK_ABROAD)
    printed = office_pdf(path, tmp_path).read_bytes()
    # One page for each sheet, two for the costs and two for the steps behind the figures.
    assert max(int(count) for count in re.findall(rb"/Count (\d+)", printed)) == 9
