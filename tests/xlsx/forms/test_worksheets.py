"""Forms are written quicker than by XlsxWriter's own worksheet, and come out the same."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from xlsx.forms.worksheets import FormWorksheet

FORMULAS = (
    "=SUM(A1:A3)",
    "=IF(B1>2,TEXTJOIN(\", \",TRUE,A1:A3),\"TEXTJOIN(\")",
    "=_xldudf_TRAKTAMENTE(A1,B1)+STDEV.S(A1:A3)",
    "={SUM(A1:A3*B1:B3)}",
    "=ISOWEEKNUM(A1)&CONCAT(A1,\"x\")",
    "=_xlfn.IFS(A1>1,2)+MAXIFS(A1:A3,B1:B3,1)",
    "=SORT(UNIQUE(A1:A3))",
    "=A1",
)  # fmt: skip


@pytest.mark.parametrize("newer", [False, True])
def test_formulas_are_stored_as_xlsxwriter_stores_them(tmp_path: Path, newer: bool) -> None:
    def written(kind: type[Any], name: str) -> bytes:
        path = tmp_path / name
        with xlsxwriter.Workbook(path, {"use_future_functions": newer}) as book:
            book.set_properties({"created": datetime(2026, 1, 1)})
            sheet = book.add_worksheet("Blad", kind)
            for row, formula in enumerate(FORMULAS):
                sheet.write_formula(row, 4, formula)
                sheet.write_dynamic_array_formula(row, 6, row, 6, formula)
        return path.read_bytes()

    assert written(FormWorksheet, "snabb.xlsx") == written(Worksheet, "vanlig.xlsx")
