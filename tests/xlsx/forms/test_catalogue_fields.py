"""What the catalogue says that a form carries out stands in the shipped template, and does what the rule says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.catalogue import FORMS as NAMED_FORMS
from core.catalogue import WITHIN, all_rules
from tests.xlsx.forms.conftest import Made
from xlsx.forms.reserakning import write_reserakning
from xlsx.forms.templates import FORMS

TEMPLATES = Path(__file__).parents[3] / "templates"
SIGNED_BY_HAND = ("Behörig chef, namnteckning",)
"""Lines to write on when the form is printed: nothing is filled in on the screen."""

FIELDS = sorted(
    {
        carrier.removeprefix("formulär ")
        for rule in all_rules().values()
        for carrier in rule.carried_out_by
        if carrier.startswith("formulär ") and WITHIN in carrier
    }
)


class NoSuchField(Exception):
    """The template has no such field, or no cell to fill in for it. Says which."""


@cache
def template(form: str) -> Any:
    return openpyxl.load_workbook(TEMPLATES / f"{form}.xlsx")


def answer_cell(field: str) -> Any:
    """The first cell to fill in of a field `FORM › SHEET › LABEL`: right of its label, or under a column's heading."""
    form, sheet_name, label, *_ = field.split(WITHIN)
    if sheet_name not in template(form).sheetnames:
        raise NoSuchField(f"{form} has no sheet {sheet_name}")
    sheet = template(form)[sheet_name]
    labels = [cell for row in sheet for cell in row if cell.value == label and cell.protection.locked]
    for cell in labels:
        for answer in (*_right_of(sheet, cell), sheet.cell(cell.row + 1, cell.column)):
            if label in SIGNED_BY_HAND or not answer.protection.locked:
                return answer
    raise NoSuchField(f"{field}: {'no cell to fill in' if labels else 'no such label'}")


def _right_of(sheet: Any, label: Any) -> Iterator[Any]:
    """The cells after a label, up to the next label."""
    for column in range(label.column + 1, sheet.max_column + 1):
        cell = sheet.cell(label.row, column)
        if cell.protection.locked and cell.value not in (None, ""):
            return
        yield cell


def choices(field: str) -> list[str]:
    """The words that a field's list offers."""
    form, book = field.split(WITHIN)[0], template(field.split(WITHIN)[0])
    cell = answer_cell(field)
    found = [
        rule.formula1.removeprefix("=")
        for rule in cell.parent.data_validations.dataValidation
        if cell.coordinate in rule.sqref and rule.type == "list"
    ]
    if not found:
        raise NoSuchField(f"{field}: no list")
    (source,) = found
    if source.startswith('"'):
        return str(source.strip('"')).split(",")
    ((sheet, area),) = template(form).defined_names[source].destinations
    return [one.value for row in book[sheet][area] for one in row]


def check(field: str) -> None:
    """Raises NoSuchField for a field, or a word of its list, that the template does not have."""
    answer_cell(field)
    word = field.split(WITHIN)[3:]
    if word and word[0] not in choices(field):
        raise NoSuchField(f"{field}: not in the list")


def test_the_catalogue_knows_the_forms_that_there_are() -> None:
    assert set(NAMED_FORMS) == set(FORMS)
    assert all((TEMPLATES / form.file_name).is_file() for form in FORMS.values())


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_that_the_catalogue_names_stands_in_the_template(field: str) -> None:
    check(field)


@pytest.mark.parametrize(
    "field",
    [
        "reserakning › Checklista › Ombokad",
        "reserakning › Kontroll › Beordrat arbete",
        "reserakning › Dygn › Ombokad",  # stands on another sheet
        "reserakning › Reseräkning › Ersättning totalt",  # computed, not filled in
        "reserakning › Resväg › Färdtid, h",  # a computed column
        "reserakning › Kontroll › Kontroll",  # a title
        "reserakning › Bil och utlägg › Slag › present",
        "reserakning › Kontroll › Avsteg beslutat av › rektor",
        "reserakning › Kontroll › Ombokad › ja",  # a date
    ],
)
def test_a_field_that_is_not_there_is_seen(field: str) -> None:
    with pytest.raises(NoSuchField):
        check(field)


def test_fields_of_each_kind_are_found() -> None:
    assert answer_cell("reserakning › Reseräkning › Syfte").coordinate == "B13"
    assert answer_cell("reserakning › Bil och utlägg › Förskott som du har fått, kr").coordinate == "D54"
    assert answer_cell("reserakning › Bil och utlägg › Motiv till bil").coordinate == "D5"
    assert choices("reserakning › Kontroll › Känner till resepolicyn") == ["ja", "nej"]
    assert "visum" in choices("reserakning › Bil och utlägg › Slag")


# What a field of the travel claim alone carries out


@pytest.fixture(scope="module")
def claim(recalculated: Callable[..., Made]) -> Callable[..., dict[str, Any]]:
    """Gives what a claim names: a Tuesday in 2026, ordinary hours 08–17, 33 000 / 165 = 200 kr an hour."""

    def made(**inputs: Any) -> dict[str, Any]:
        trip = {"namn": "Eva Ek", "anstallningsnr": "7", "roll": "anställd", "manadslon": 33000,
                "avresa": datetime(2026, 3, 10, 7), "hemkomst": datetime(2026, 3, 10, 22)}  # fmt: skip
        return dict(recalculated(write_reserakning, trip | inputs)[1].names)

    return made


def hours(made: dict[str, Any]) -> list[Any]:
    """The hours of travel of each row of the way; blank for a row that is none."""
    return [cell for (cell,) in made["stracka_timmar"]]


def on_tuesday(*clocks: float) -> list[datetime]:
    return [datetime(2026, 3, 10, int(clock), round(clock % 1 * 60)) for clock in clocks]


def test_a_meeting_after_hours_is_no_travel_time(claim: Callable[..., dict[str, Any]]) -> None:
    """L-7.5-8: travel 07–09 and 19–22, a meeting 09–19. 07–08 and 19–22 are four hours: 4 × 200 × 53.3 % = 426.40."""
    legs = {"stracka_borjar": on_tuesday(7, 9, 19), "stracka_slutar": on_tuesday(9, 19, 22)}
    made = claim(**legs, stracka_aktivitet=["resa", "möte", "resa"])
    assert hours(made)[:3] == [1, "", 3]
    assert made["summa_fardtidsersattning"] == 426.4
    # Waiting in its place is travel time: two hours more, 17–19.
    assert hours(claim(**legs, stracka_aktivitet=["resa", "väntan", "resa"]))[:3] == [1, 2, 3]


def test_driving_a_client_is_work_and_the_way_back_is_travel_time(claim: Callable[..., dict[str, Any]]) -> None:
    """L-7.5-9, L-7.5-10: with the client 17–19.30, back 19.30–21: 1.5 × 200 × 53.3 % = 159.90."""
    legs = {"stracka_borjar": on_tuesday(17, 19.5), "stracka_slutar": on_tuesday(19.5, 21)}
    made = claim(**legs, stracka_aktivitet=["transport av brukare", "resa"])
    assert hours(made)[:2] == ["", 1.5]
    assert made["summa_fardtidsersattning"] == 159.9


@pytest.mark.parametrize(
    ("answers", "borne"),
    [
        ({"egen_forlangning": "ja"}, 450),  # L-7.6-9: the traveller's own wish
        ({"ledighet": "ja"}, 450),  # L-7.6-1: leave next to the errand
        ({"egen_forlangning": "nej", "ledighet": "nej"}, 0),  # the employer's wish
    ],
)
def test_the_dearer_ticket_is_the_travellers_only_by_own_choice(
    claim: Callable[..., dict[str, Any]], answers: dict[str, str], borne: int
) -> None:
    """The ticket of the day chosen cost 1 650 − 1 200 = 450 more."""
    made = claim(pris_tjanst=1200, pris_vald=1650, **answers)
    assert made["summa_egen_forlangning"] == borne


def test_the_chief_certifies_that_the_costs_are_reasonable() -> None:
    """L-7-3: above the lines for names."""
    sheet = template("reserakning")["Reseräkning"]
    line = answer_cell("reserakning › Reseräkning › Behörig chef, namnteckning")
    above = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=line.row) for cell in row if cell.value)
    assert "Chefen intygar att kostnaderna är försvarliga med hänsyn till uppdraget." in above
    assert line.border.bottom.style, "a line to sign on"


def test_answers_that_are_only_noted_are_kept(claim: Callable[..., dict[str, Any]]) -> None:
    """L-3-5, L-6.2-6, L-6.3-5, S-7 and S-10: nothing is computed from them, and nothing takes them away."""
    notes = {
        "tjanstestalle": "Stadshuset",
        "hotell_miljomarkt": "ja",
        "resplan_kand": "ja",
        "kanner_till_policyn": "nej",
        "distans_provad": "ja",
    }
    made = claim(**notes, utlagg_datum=[date(2026, 3, 10)])
    assert {name: made[name] for name in notes} == notes
