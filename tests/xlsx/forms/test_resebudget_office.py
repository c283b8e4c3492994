"""The budget in LibreOffice, which does not have our functions: it shows the figures that were saved."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from core.engine import CellError
from tests.xlsx.forms.budgets import plan
from tests.xlsx.forms.conftest import Made, Shown, office_pdf
from tests.xlsx.forms.test_resebudget import CAR_FORM, TRAIN_FORM, TRAIN_TRIPS, WIDE_FORM
from tests.xlsx.forms.test_resebudget_alternatives import FORM as ALTERNATIVES
from xlsx.forms.resebudget import write_resebudget
from xlsx.forms.style import NUMBER_FORMATS

WRONG: Final = {**TRAIN_FORM, **plan([TRAIN_TRIPS[0], {**TRAIN_TRIPS[0], "biljett": None, "antal": "två"}])}
FORMS: Final[Mapping[str, Mapping[str, Any]]] = {
    "tom": {},
    "bil": CAR_FORM,
    "flera": {**WIDE_FORM, **ALTERNATIVES},
    "fel": WRONG,
    "inte beslutat": {**WIDE_FORM, "belopp_ar": None},
}
DECIMALS: Final = {
    shape: 10.0 ** -len(shape.partition(".")[2].rstrip("%")) for shape in NUMBER_FORMATS.values() if "0" in shape
}
"""The last digit that a number format shows."""


@pytest.mark.parametrize("name", list(FORMS))
def test_libreoffice_shows_the_same_values(
    name: str, recalculated: Callable[..., Made], office: Callable[[Path], Shown]
) -> None:
    path, made = recalculated(write_resebudget, FORMS[name])
    shown = office(path)
    book = openpyxl.load_workbook(path)
    compared = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        for place, value in made.values[sheet.title].items():
            column, row = coordinate_from_string(place)
            cell = sheet[place]
            rows = shown[sheet.title]
            text = rows[row - 1][column_index_from_string(column) - 1] if row <= len(rows) else ""
            assert _same(value, text, cell.number_format), (sheet.title, place, value, text)
            compared += value not in (None, "")
    assert compared >= (30 if name in ("tom", "inte beslutat") else 200)


def _same(value: Any, text: str, shape: str) -> bool:
    if isinstance(value, CellError):
        return False
    if value is None or isinstance(value, str):
        return (value or "") == text
    percent = text.endswith("%")
    number = float(text.rstrip("%").replace(",", "")) / (100 if percent else 1)
    step = 0.01 if percent else DECIMALS.get(shape, 1e-6)
    return abs(number - float(value)) <= step * 0.500001


def test_it_prints_on_a4_without_cells_that_are_too_narrow(recalculated: Callable[..., Made], tmp_path: Path) -> None:
    big = [{**TRAIN_TRIPS[1], "antal": 100, "personer": 10, "biljett": 1234.56}]
    frames = {"enheter_ram_kr": [9_876_543], "enheter_ram_kg": [1_234_567.8]}
    path, _ = recalculated(write_resebudget, {**TRAIN_FORM, **frames, **plan(big)})
    pdf = office_pdf(path, tmp_path)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    assert "###" not in text and "#NAME" not in text and "Err:" not in text
    assert "1,234,560.00" in text  # 1 000 x 1 234.56 kr
    told = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Page size:.*\(A4\)", told)
    pages = text.split("\f")
    counted = {name: sum(f"Resebudget · {name}" in page for page in pages) for name in ("Alternativ", "Översikt")}
    assert counted == {"Alternativ": 2, "Översikt": 3}
