"""Forms of a few cells that follow the names of the real ones, for tests of gathering and splitting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlsx.forms.book import FormBook, InputColumn
from xlsx.forms.evaluation import evaluated
from xlsx.forms.filling import fill

MADE = date(2026, 11, 22)
CLAIM_FIELDS = (
    ("anstallningsnr", "Anställningsnr", "text"),
    ("namn", "", "text"),
    ("avdelning", "Avdelning", "text"),
    ("avresa", "Avresa", "tidpunkt"),
    ("hemkomst", "Hemkomst", "tidpunkt"),
    ("fardmedel", "Färdmedel", "text"),
    ("km", "Km", "km"),
    ("utlagg", "Utlägg", "kr"),
    ("arbetstid_start", "Arbetstid start", "klockslag"),
    ("syfte", "Syfte", "text"),
)


def write_claim(path: Path, version: int = 1, kind: str = "reserakning") -> Path:
    """A claim with one field per heading, and three legs."""
    with FormBook(path, "Reseräkning", kind, version, MADE, [], "linkoping") as book:
        sheet = book.sheet("Reseräkning", [20, 18, 18, 18])
        for row, (name, heading, cells) in enumerate(CLAIM_FIELDS):
            sheet.text(row, 0, heading or name)
            sheet.input(row, 1, cells, name)
        columns = [InputColumn("Avgång", "tidpunkt", "avgang"), InputColumn("Till", "text", "till")]
        columns.insert(1, InputColumn("Ankomst", "tidpunkt", "ankomst"))
        legs = sheet.table(12, 0, columns, 3, "strackor")
        sheet.shown(17, 0, 'IF(OR(ISTEXT(avresa),ISTEXT(hemkomst)),"Avresa och Hemkomst ska vara datum.","")')
        book.name("formularfel", sheet.at(17, 0))
        hidden = book.calculation
        shown = [(name, heading) for name, heading, _ in CLAIM_FIELDS if heading]
        for column, (name, heading) in enumerate(shown):
            hidden.text(0, column, heading)
            hidden.shown(1, column, f'IF({name}="","",{name})')
        book.name("resrad_rubriker", hidden.at(0, 0, 0, len(shown) - 1))
        book.name("resrad", hidden.at(1, 0, 1, len(shown) - 1))
        for column, heading in enumerate(("Avgång", "Ankomst", "Till")):
            hidden.text(3, column, heading)
            for row in range(3):
                cell = f"INDEX({list(legs.values())[column]},{row + 1})"
                hidden.shown(4 + row, column, f'IF({cell}="","",{cell})')
        book.name("resrad_strackor_rubriker", hidden.at(3, 0, 3, 2))
        book.name("resrad_strackor", hidden.at(4, 0, 6, 2))
    return path


def write_budget(path: Path, policy: str = "linkoping", version: int = 1, rows: int = 12) -> Path:
    """A budget with a year, four units with a frame, and trips; cost per trip and in total by plain formulas."""
    with FormBook(path, "Resebudget", "resebudget", version, MADE, [], policy) as book:
        first = book.sheet("Förutsättningar", [20, 14, 14, 14])
        first.text(0, 0, "År")
        first.input(0, 1, "antal", "ar")
        units = [InputColumn("Enhet", "text", "namn"), InputColumn("Ram", "hela kr", "ram")]
        first.table(2, 0, units, 4, "enheter")
        first.text(8, 0, "Totalt")
        first.shown(8, 1, "SUM(resor_kostnad)", "kr", "summa_kostnad")
        second = book.sheet("Resor", [20, 14, 10, 14, 14, 14])
        trips = [
            InputColumn("Enhet", "text", "enhet"),
            InputColumn("Månad", "månad", "manad"),
            InputColumn("Antal", "antal", "antal"),
            InputColumn("Syfte", "text", "syfte"),
            InputColumn("Biljett", "kr", "biljett"),
            InputColumn("Kostnad", "kr", "kostnad", formula='IF(A{row}="","",C{row}*E{row})'),
        ]
        second.table(0, 0, trips, rows, "resor")
        third = book.sheet("Underlag", [20, 20])
        third.text(0, 0, "Policy")
        third.input(0, 1, "text", "policy", policy)
    return path


def computed(path: Path, out: Path) -> Any:
    """The form's formulas computed: what the program does in a process of its own."""
    return evaluated(path, out, {"TRAKTAMENTE": lambda *_: 0})


ANNA = {
    "anstallningsnr": "007",
    "namn": "Anna Öberg",
    "avdelning": "Kultur",
    "avresa": datetime(2024, 3, 4, 7),
    "hemkomst": datetime(2024, 3, 4, 18, 30),
    "fardmedel": "tåg",
    "utlagg": 120.5,
    "syfte": "=möte",
}


def filled_claim(form: Path, out: Path, values: Mapping[str, Any]) -> Path:
    """A claim with values in it, its formulas left as they were."""
    return fill(form, out, values)


def filled_budget(
    form: Path, out: Path, units: Sequence[Sequence[Any]], trips: Sequence[Sequence[Any]], **more: Any
) -> Path:
    """A budget with units (name, frame) and trips (unit, month, number, purpose, ticket), as it comes from Excel."""
    names = ("enhet", "manad", "antal", "syfte", "biljett")
    values = {f"resor_{name}": [trip[place] for trip in trips] for place, name in enumerate(names)}
    values |= {"enheter_namn": [name for name, _ in units], "enheter_ram": [frame for _, frame in units]}
    bare = out.with_name(f"{out.stem}-bare.xlsx")
    fill(form, bare, {**values, **more})
    computed(bare, out)
    bare.unlink()
    return out
