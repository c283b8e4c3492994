"""A travel claim filled in wrongly says what is wrong and where, and pays nothing that it cannot compute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from core.engine import CellError
from tests.xlsx.forms.conftest import Made
from tests.xlsx.forms.travellers import ONE_DAY, THREE_DAYS, WEEK_ABROAD
from xlsx.forms.evaluation import Evaluated
from xlsx.forms.reserakning import write_reserakning

VISIBLE = ("Reseräkning", "Dygn", "Resväg", "Bil och utlägg", "Kontering", "Kontroll", "Underlag")


@pytest.fixture(scope="module")
def claim(recalculated: Callable[..., Made]) -> Callable[..., Evaluated]:
    """Gives a claim with these inputs changed, seen to show no error values."""

    def made(base: dict[str, Any], **changed: Any) -> Evaluated:
        result = recalculated(write_reserakning, {**base, **changed})[1]
        shown = [(sheet, cell) for sheet in VISIBLE for cell, value in result.values[sheet].items()
                 if isinstance(value, CellError)]  # fmt: skip
        assert not shown
        return result

    return made


def faults(made: Evaluated) -> list[str]:
    return [cell for (cell,) in made.names["formularfel"] if cell]


def test_a_blank_form_says_nothing(claim: Callable[..., Evaluated]) -> None:
    made = claim({})
    assert faults(made) == []
    assert all(value in (0, "") for name, value in made.names.items() if name.startswith("summa_"))
    shown = {value for sheet in VISIBLE[1:] for value in made.values[sheet].values()} - {0, ""}
    assert shown == {made.values["Underlag"]["A2"]}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"avresa": "i tisdags"}, "Reseräkning, Avresa: ”i tisdags” går inte att läsa."),
        ({"avresa": date(2026, 3, 10)}, "Reseräkning, Avresa: klockslaget saknas."),
        ({"avresa": None}, "Reseräkning, Avresa: uppgiften saknas."),
        ({"hemkomst": "10 mars"}, "Reseräkning, Hemkomst: ”10 mars” går inte att läsa."),
        ({"hemkomst": datetime(2026, 3, 9, 19)}, "Reseräkning, Hemkomst: hemkomsten ligger före avresan."),
        ({"hemkomst": datetime(2026, 4, 10, 19)}, "Reseräkning, Hemkomst: resan är längre än 31 dygn."),
    ],
)
def test_times_of_the_trip(claim: Callable[..., Evaluated], changed: dict[str, Any], message: str) -> None:
    made = claim(ONE_DAY, **changed)
    assert any(fault.startswith(message) for fault in faults(made))
    assert made.names["summa_traktamente"] == ""
    assert made.values["Reseräkning"]["A3"].endswith("Se bladet Kontroll.")
    assert faults(made)[0] in made.values["Kontroll"].values()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"namn": None}, "Reseräkning, Namn: uppgiften saknas."),
        ({"roll": "konsult"}, "Reseräkning, Roll: ”konsult” finns inte i listan."),
        ({"sysselsattningsgrad": 75}, "Reseräkning, Sysselsättningsgrad: Skriv en andel i procent"),
        ({"arbetstid_start": "åtta"}, "Reseräkning, Arbetstid från: ”åtta” går inte att läsa."),
        ({"avstand": "långt"}, "Reseräkning, Avstånd: ”långt” går inte att läsa."),
        ({"fardmedel": "bil"}, "Reseräkning, Färdmedel: ”bil” finns inte i listan."),
        ({"godkand_datum": "igår"}, "Reseräkning, Godkänd datum: ”igår” går inte att läsa."),
        ({"dygn_lunch": ["hotell"]}, "Dygn, rad 5, Lunch: hotell gäller bara frukost."),
        ({"dygn_frukost": ["buffé"]}, "Dygn, rad 5, Frukost: ”buffé” finns inte i listan."),
        ({"dygn_natt": ["ja"]}, "Dygn, rad 5, Egen natt: efter sista dygnet finns ingen natt på resan."),
        ({"dygn_middag": [None, "kost"]}, "Dygn, rad 6: dygnet hör inte till resan."),
        ({"stracka_slutar": [datetime(2026, 3, 10, 9)] * 3}, "Resväg, rad 6, Slutar: ligger före början."),
        ({"stracka_borjar": [datetime(2026, 3, 10, 5)]}, "Resväg, rad 5: tiden ligger utanför resan"),
        ({"stracka_borjar": [None, datetime(2026, 3, 10, 8)]}, "Resväg, rad 5, Börjar: uppgiften saknas."),
        ({"stracka_borjar": ["tidigt"]}, "Resväg, rad 5, Börjar: ”tidigt” går inte att läsa."),
        ({"biljett_slag": ["flyg", "tåg"]}, "Reseräkning, Färdmedel: en sträcka är flugen."),
        ({"biljett_km": [200]}, "Bil och utlägg, rad 41, Km: uppgiften saknas"),
        ({"biljett_pris": ["345 kr"]}, "Bil och utlägg, rad 40, Pris: ”345 kr” går inte att läsa."),
        ({"utlagg_belopp": ["ca 40"]}, "Bil och utlägg, rad 20, Belopp: ”ca 40” går inte att läsa."),
        ({"utlagg_slag": ["böter"]}, "Bil och utlägg, rad 20: böter betalar du själv"),
        ({"utlagg_kvitto": [None]}, "Bil och utlägg, rad 20, Attest: sms-biljett utan kvitto"),
        ({"utlagg_datum": [None]}, "Bil och utlägg, rad 20, Datum: uppgiften saknas."),
        ({"utlagg_slag": ["taxi"]}, "Bil och utlägg, rad 20, Skäl: kollektivtrafik saknas eller"),
        ({"utlagg_slag": ["taxi"], "utlagg_skal": ["Tungt bagage"]}, "Bil och utlägg, rad 20, Skäl: bagage är inget"),
        ({"utlagg_moms": [50]}, "Bil och utlägg, rad 20, varav moms: är större än beloppet."),
        ({"bil_km": [12]}, "Bil och utlägg, rad 5, Datum: uppgiften saknas."),
        ({"pris_vald": 900}, "Bil och utlägg: biljettpriset dagen förrättningen krävde saknas."),
        ({"kontering_andel": [0.4]}, "Kontering: 757"),  # 60 % of 1 262.70
        ({"kontering_andel": [None]}, "Kontering, rad 5: skriv en andel i procent eller ett belopp"),
        ({"kontering_ansvar": [None]}, "Kontering, rad 5: konto och ansvar behövs."),
        ({"inlamnad": "snart"}, "Kontroll, Reseräkning inlämnad: ”snart” går inte att läsa."),
    ],
)
def test_one_wrong_input(claim: Callable[..., Evaluated], changed: dict[str, Any], message: str) -> None:
    made = claim(ONE_DAY, **changed)
    assert any(fault.startswith(message) for fault in faults(made)), faults(made)


def test_a_missing_salary_leaves_the_total_open(claim: Callable[..., Evaluated]) -> None:
    made = claim(ONE_DAY, manadslon=None)
    assert faults(made) == ["Reseräkning, Månadslön: saknas, och då kan färdtidsersättningen inte räknas."]
    for name in ("fardtidsersattning", "ersattning", "utbetalning", "kostnad"):
        assert made.names[f"summa_{name}"] == "–"
    assert made.names["summa_resetillagg"] == 50


def test_an_elected_representative_has_no_travel_time_pay(claim: Callable[..., Evaluated]) -> None:
    made = claim(ONE_DAY, roll="förtroendevald", manadslon=None)
    assert faults(made) == []
    assert made.names["summa_fardtidsersattning"] == 0
    # 50 resetillägg and 43 for the ticket; the hours are shown all the same.
    assert made.names["summa_utbetalning"] == 93
    assert made.names["stracka_timmar"][0] == [2]


def test_within_the_place_of_business_nothing_is_due(claim: Callable[..., Evaluated]) -> None:
    """Exactly 50 km is within (IL 12:7): the days, the private night, resetillägg and travel time give nothing."""
    made = claim(THREE_DAYS, avstand=50)
    assert made.names["dygn_traktamente"][:3] == [[0], [0], [0]]
    # The free meals are taxed all the same: 2 × 120.
    assert made.names["summa_kostforman"] == 240
    for name in ("traktamente", "nattraktamente", "resetillagg", "fardtidsersattning"):
        assert made.names[f"summa_{name}"] == 0


def test_an_amount_that_is_not_known_is_no_guess(claim: Callable[..., Evaluated]) -> None:
    """The country amounts of 2025 are not in the product."""
    abroad = {
        name: [at.replace(year=2025) for at in WEEK_ABROAD[name]] for name in ("stracka_borjar", "stracka_slutar")
    }
    made = claim(
        WEEK_ABROAD, avresa=datetime(2025, 5, 13, 6), hemkomst=datetime(2025, 5, 21, 20, 30), **abroad
    )
    assert "Dygn: beloppet för minst ett dygn är inte känt. Kontrollera land och år." in faults(made)
    assert made.names["summa_traktamente"] == made.names["summa_utbetalning"] == "–"


def test_an_unknown_country(claim: Callable[..., Evaluated]) -> None:
    made = claim(THREE_DAYS, land="Tysklnd")
    assert "Reseräkning, Land: ”Tysklnd” finns inte i listan. Välj ett av orden där." in faults(made)
    assert made.names["summa_traktamente"] == "–"


def test_a_journey_over_sunday_midnight_asks_to_be_split(claim: Callable[..., Evaluated]) -> None:
    """Sunday 10 March 2024 20.00 to Monday 06.00: hours belong to a calendar week (AB § 24)."""
    trip = {
        "avresa": datetime(2024, 3, 10, 20),
        "hemkomst": datetime(2024, 3, 11, 18),
        "manadslon": 33000,
        "stracka_aktivitet": ["resa"],
    }
    whole = claim(
        ONE_DAY, **trip, stracka_borjar=[datetime(2024, 3, 10, 20)], stracka_slutar=[datetime(2024, 3, 11, 6)]
    )
    assert any("går över natten till måndag. Dela raden vid midnatt" in fault for fault in faults(whole))
    halves = claim(
        ONE_DAY,
        **trip,
        stracka_borjar=[datetime(2024, 3, 10, 20), datetime(2024, 3, 11)],
        stracka_slutar=[datetime(2024, 3, 11), datetime(2024, 3, 11, 6)],
    )
    assert not any("måndag" in fault for fault in faults(halves))
    # Four hours in one week, six in the next.
    assert [cell for (cell,) in halves.names["vecka_timmar"] if cell != ""] == [4, 6]


def test_own_extension_gives_no_travel_time_home(claim: Callable[..., Evaluated]) -> None:
    asked = claim(WEEK_ABROAD, egen_forlangning="ja")
    assert any("hemresan ingen färdtidsersättning" in fault for fault in faults(asked))
    activity = ["resa", "resa", "resa", "resa utan färdtid", "resa utan färdtid"]
    marked = claim(WEEK_ABROAD, egen_forlangning="ja", stracka_aktivitet=activity)
    assert faults(marked) == []
    # The legs count for the days as before, the hours of the way home do not.
    assert marked.names["summa_traktamente"] == 5386
    assert marked.names["summa_fardtidsersattning"] == 466.38


def test_legs_abroad_must_say_where_and_how(claim: Callable[..., Evaluated]) -> None:
    made = claim(WEEK_ABROAD, stracka_fardmedel=["tåg", None, "tåg", "flyg", "tåg"])
    assert "Resväg, rad 6, Färdmedel: fyll i färdmedlet." in faults(made)
    assert made.names["summa_traktamente"] == "–"
    late = claim(WEEK_ABROAD, avresa=datetime(2024, 5, 13, 5))
    assert any(fault.startswith("Resväg: första resan ska börja vid avresan") for fault in faults(late))


def test_leave_takes_back_resetillagg(claim: Callable[..., Evaluated]) -> None:
    """Three days in Gävle with the middle one free: 2 × 50, and two half days with their meals."""
    made = claim(THREE_DAYS, dygn_ledig=[None, "ja"])
    assert made.names["summa_resetillagg"] == 100
    assert made.names["summa_traktamente"] == 94 + 65
    assert made.names["summa_kostforman"] == 120


def test_money_to_pay_back(claim: Callable[..., Evaluated]) -> None:
    """572.70 is due; an advance of 700 and a refund of 150 that belongs to the municipality (L-7.12-2)."""
    made = claim(ONE_DAY, forskott=700, aterbetalning=150)
    assert made.names["summa_utbetalning"] == 0
    assert made.names["summa_aterbetalning"] == 277.3
    # The refund lowers the unit's cost: 1 262.70 − 150.
    assert made.names["summa_kostnad"] == 1112.7
    handed_over = claim(ONE_DAY, forskott=700, aterbetalning=150, aterbetalning_lamnad="ja")
    assert handed_over.names["summa_aterbetalning"] == 127.3


def test_a_month_of_31_days_fits(claim: Callable[..., Evaluated]) -> None:
    """1–31 March 2026, 07.00–20.00: 31 whole days of 300 kr (0.5 % of 59 200 = 296, to the nearest ten)."""
    made = claim({}, namn="A", anstallningsnr="1", avresa=datetime(2026, 3, 1, 7), hemkomst=datetime(2026, 3, 31, 20),
                 dygn_frukost=["hotell"] * 31)  # fmt: skip
    # Hotel breakfast takes 60 a day.
    assert made.names["summa_traktamente"] == 31 * 240
    assert faults(made) == ["Kontering: kostnaden är inte konterad. Fyll i minst en rad med konto, ansvar och andel."]
