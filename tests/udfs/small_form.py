"""A small form as the templates are made: inputs and shown results on a sheet, our own functions on a hidden one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter

AVRESA = dt.datetime(2024, 3, 4, 7)
HEMKOMST = dt.datetime(2024, 3, 6, 20)
NAMES = {
    "avresa": "Resa!$B$1",
    "hemkomst": "Resa!$B$2",
    "maltider": "Resa!$B$3",
    "policy": "Resa!$B$4",
    "summa_traktamente": "Resa!$B$5",
    "summa_resetillagg": "Resa!$B$6",
    "summa_resa_km": "Resa!$B$7",
    "formularfel": "Resa!$D$1:$E$2",
    "kontroller": "Beräkning!$A$20",
    "mallversion": "Beräkning!$A$2",
    "beraknad": "Beräkning!$A$3",
    "regelversion": "Beräkning!$A$4",
}
WANTED = "Avresa ska vara datum och klockslag, till exempel 2026-03-10 07:30."


def write_form(
    path: Path, avresa: Any = AVRESA, hemkomst: Any = HEMKOMST, maltider: str = "-, Fh, Fh", policy: str = "linkoping"
) -> Path:
    """The form, filled in; 754 kr with two hotel breakfasts (3 × 290 - 2 × 58, maximibelopp and avdrag of 2024)."""
    with xlsxwriter.Workbook(str(path)) as book:
        shown, hidden = book.add_worksheet("Resa"), book.add_worksheet("Beräkning")
        hidden.hide()
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "locked": False})
        for row, (label, value) in enumerate((("Avresa", avresa), ("Hemkomst", hemkomst))):
            shown.write(row, 0, label)
            (shown.write_datetime if isinstance(value, dt.datetime) else shown.write_string)(row, 1, value, moment)
        shown.write_row(2, 0, ["Måltider", maltider])
        shown.write_row(3, 0, ["Policy", policy])
        for row, (label, source) in enumerate((("Traktamente:", "B1"), ("Resetillägg", "B2"), ("Bil", "B3")), 4):
            shown.write(row, 0, label)
            shown.write_formula(row, 1, f'=IF(Beräkning!{source}="","",Beräkning!{source})', None, "")
        shown.write_formula("D1", '=IF(ISNUMBER(avresa),"","Resa, Avresa")', None, "")
        shown.write_formula("E1", f'=IF(ISNUMBER(avresa),"","{WANTED}")', None, "")
        hidden.write_column(0, 0, ["reserakning", 1, 0, "gammal"])
        call = hidden.write_dynamic_array_formula
        call("B1", '=_xldudf_TRAKTAMENTE(avresa,hemkomst,"",maltider,"",policy)', None, "")
        call("B2", "=_xldudf_RESETILLAGG(avresa,hemkomst,,,policy)", None, "")
        hidden.write("B3", 120)
        hidden.write_row(9, 0, ["Avresa", "Hemkomst", "Färdmedel", "Godkänd av"])
        hidden.write_row(10, 2, ["flyg", ""])
        hidden.write_formula("A11", "=avresa", None, "")
        hidden.write_formula("B11", "=hemkomst", None, "")
        call("A20", "=_xldudf_RESEKONTROLL(A10:D11,policy)", None, "")
        for name, area in NAMES.items():
            book.define_name(name, f"={area}")
        shown.protect()
    return path
