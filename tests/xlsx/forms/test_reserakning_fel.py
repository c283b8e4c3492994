"""A travel claim filled in wrongly says what is wrong and where, and pays nothing that it cannot compute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.engine import CellError
from tests.xlsx.forms.conftest import CALLS, MADE, Made
from tests.xlsx.forms.travellers import ONE_DAY, THREE_DAYS, WEEK_ABROAD
from xlsx.forms.evaluation import Evaluated, evaluated
from xlsx.forms.filling import fill
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


def test_wrong_inputs_on_the_first_sheet(claim: Callable[..., Evaluated]) -> None:
    made = claim(
        ONE_DAY,
        namn=None,
        roll="konsult",
        sysselsattningsgrad=75,
        arbetstid_start="åtta",
        avstand="långt",
        fardmedel="bil",
        godkand_datum="igår",
        pris_vald=900,
        forskott=-5,
        inlamnad="snart",
        overtid="två",
        kontering_andel=[0.4],
    )
    expected = [
        "Reseräkning, Namn: uppgiften saknas.",
        "Reseräkning, Roll: ”konsult” finns inte i listan. Välj ett av orden där.",
        "Reseräkning, Sysselsättningsgrad: Skriv en andel i procent, till exempel 75 %.",
        "Reseräkning, Arbetstid från: ”åtta” går inte att läsa. Skriv ett klockslag, till exempel 07:30.",
        "Reseräkning, Avstånd: ”långt” går inte att läsa. Skriv kilometer som ett tal, till exempel 42,5.",
        "Reseräkning, Färdmedel: ”bil” finns inte i listan. Välj ett av orden där.",
        "Reseräkning, Godkänd datum: ”igår” går inte att läsa. Skriv ett datum, till exempel 2026-03-10.",
        "Bil och utlägg, Förskott: talet är under 0. Skriv ett belopp i kronor, till exempel 1234,50.",
        "Bil och utlägg: biljettpriset dagen förrättningen krävde saknas.",
        "Kontroll, Reseräkning inlämnad: ”snart” går inte att läsa. Skriv ett datum, till exempel 2026-03-10.",
        "Kontroll, Övertid på resan, h: ”två” går inte att läsa. Skriv timmar som ett tal, till exempel 2,5.",
    ]
    assert faults(made) == expected
    # A share of 75 is 7 500 %, so there is no hourly pay.
    assert made.names["summa_fardtidsersattning"] == "–"


def test_wrong_inputs_by_day_and_on_the_way(claim: Callable[..., Evaluated]) -> None:
    made = claim(
        THREE_DAYS,
        dygn_frukost=["buffé"],
        dygn_lunch=[None, "hotell"],
        dygn_natt=[None, None, "ja"],
        dygn_middag=["kost", None, None, "kost"],
        stracka_borjar=[
            datetime(2024, 3, 4, 12),
            datetime(2024, 3, 4, 18),
            datetime(2024, 3, 5, 9),
            "tidigt",
            None,
            datetime(2024, 3, 6, 15),
        ],
        stracka_slutar=[
            datetime(2024, 3, 4, 19),
            datetime(2024, 3, 4, 20),
            datetime(2024, 3, 5, 9),
            datetime(2024, 3, 5, 11),
            datetime(2024, 3, 5, 12),
            "sent",
        ],
        stracka_aktivitet=["resa", "resa", "resa", "resa", "resa", "vila"],
        vecka_fore=["nio"],
    )
    moment = "Skriv datum och klockslag, till exempel 2026-03-10 07:30."
    assert faults(made) == [
        "Dygn: minst ett dygns belopp kan inte räknas. Kontrollera land, år och måltider.",
        "Dygn, rad 5, Frukost: ”buffé” finns inte i listan. Välj ett av orden där.",
        "Dygn, rad 6, Lunch: hotell gäller bara frukost.",
        "Dygn, rad 7, Egen natt: efter sista dygnet finns ingen natt på resan.",
        "Dygn, rad 8: dygnet hör inte till resan. Ta bort uppgifterna.",
        "Resväg, rad 5: tiden ligger utanför resan, före avresan eller efter hemkomsten.",
        "Resväg, rad 6: börjar innan en tidigare rad har slutat.",
        "Resväg, rad 7, Slutar: ligger före början.",
        f"Resväg, rad 8, Börjar: ”tidigt” går inte att läsa. {moment}",
        f"Resväg, rad 9, Börjar: uppgiften saknas. {moment}",
        f"Resväg, rad 10, Slutar: ”sent” går inte att läsa. {moment}",
        "Resväg, rad 25, Tidigare samma vecka: ”nio” går inte att läsa. Skriv timmar som ett tal, till exempel 2,5.",
    ]
    assert made.names["summa_traktamente"] == "–"


def test_wrong_expenses(claim: Callable[..., Evaluated]) -> None:
    day = date(2026, 3, 10)
    made = claim(
        ONE_DAY,
        utlagg_datum=[day, day, day, None, day, day, day, "tisdag", day],
        utlagg_slag=["visum", "böter", "sms-biljett", "parkering", "taxi", "taxi", "vaccination", "visum", "present"],
        utlagg_kvitto=["1", "2", None, "4", "5", "6", None, "8", "9"],
        utlagg_skal=[None, None, None, None, None, "Tungt bagage"],
        utlagg_belopp=["ca 40", 600, 30, 30, 200, 200, 450, 1, 1],
        utlagg_moms=[None, None, None, None, None, None, 500],
    )
    date_hint = "Skriv ett datum, till exempel 2026-03-10."
    assert faults(made)[:9] == [
        "Bil och utlägg, rad 20, Belopp: ”ca 40” går inte att läsa. Skriv ett belopp i kronor, till exempel 1234,50.",
        "Bil och utlägg, rad 21: böter betalar du själv; de ersätts inte.",
        "Bil och utlägg, rad 22, Attest: sms-biljett utan kvitto ska signeras av behörig chef.",
        f"Bil och utlägg, rad 23, Datum: uppgiften saknas. {date_hint}",
        "Bil och utlägg, rad 24, Skäl: kollektivtrafik saknas eller betydande olägenhet?",
        "Bil och utlägg, rad 25, Skäl: bagage är inget skäl för taxi.",
        "Bil och utlägg, rad 26, Kvitto nr: uppgiften saknas.",
        f"Bil och utlägg, rad 27, Datum: ”tisdag” går inte att läsa. {date_hint}",
        "Bil och utlägg, rad 28, Slag: ”present” finns inte i listan. Välj ett av orden där.",
    ]
    assert made.names["utlagg_ersatts"][:4] == [["–"], [0], [30], [30]]
    assert made.names["summa_utlagg"] == "–"


def test_wrong_cars_tickets_and_accounts(claim: Callable[..., Evaluated]) -> None:
    day = date(2026, 3, 10)
    made = claim(
        ONE_DAY,
        bil_datum=[None, day, day, day, day],
        bil_slag=[None, None, None, "traktor", None],
        bil_motiv=[None, "ingen ledig bil", None, None, "ingen ledig bil"],
        bil_resvag=["A–B"] * 5,
        bil_registrering=[None, None, "ABC123", None, "ABC123"],
        bil_km=[12, 12, 12, 12, 12],
        bil_normal=[None, None, None, None, 20],
        biljett_slag=["flyg", "tåg", "hotell", "raket", "tåg"],
        biljett_km=[200, None, None, 5, 200],
        biljett_pris=[345, 345, None, 5, 100],
        biljett_betald_av=[None, None, None, None, "resenären"],
        kontering_konto=["5810", "5810", "5810"],
        kontering_ansvar=["2100", None, "2100"],
        kontering_andel=[None, 0.5, 0.5],
        kontering_kr=[None, None, 100],
    )
    assert faults(made) == [
        "Reseräkning, Färdmedel: en sträcka är flugen. Välj flyg som färdmedel.",
        "Bil och utlägg, rad 5, Datum: uppgiften saknas. Skriv ett datum, till exempel 2026-03-10.",
        "Bil och utlägg, rad 6, Registrering: fyll i bilens registreringsnummer.",
        "Bil och utlägg, rad 7, Motiv till bil: välj varför.",
        "Bil och utlägg, rad 8, Bil: ”traktor” finns inte i listan. Välj ett av orden där.",
        "Bil och utlägg, rad 9: sträckan är inte längre än den vanliga vägen till arbetet och ersätts inte.",
        "Bil och utlägg, rad 41, Km: uppgiften saknas, så utsläppen kan inte räknas.",
        "Bil och utlägg, rad 42, Pris: uppgiften saknas. Skriv ett belopp i kronor, till exempel 1234,50.",
        "Bil och utlägg, rad 43, Färdmedel: ”raket” finns inte i listan. Välj ett av orden där.",
        "Bil och utlägg, rad 44, Kvitto nr: uppgiften saknas.",
        "Kontering, rad 5: skriv en andel i procent eller ett belopp i kronor.",
        "Kontering, rad 6: konto och ansvar behövs.",
        "Kontering, rad 7: skriv antingen andel eller kronor, inte båda.",
    ]
    # A row that cannot be read leaves the total open; the others are shown.
    assert made.names["bil_totalt"][:5] == [["–"], [34.8], [34.8], ["–"], [0]]
    assert made.names["summa_bil_skattefri"] == "–"


def test_the_coding_must_add_up(claim: Callable[..., Evaluated]) -> None:
    """40 % of 1 262.70 is 505.08: 757.62 are left."""
    (fault,) = faults(claim(ONE_DAY, kontering_andel=[0.4]))
    assert fault.startswith("Kontering: 757") and fault.endswith(" kr är inte konterade.")
    (fault,) = faults(claim(ONE_DAY, kontering_andel=[None], kontering_kr=[1300]))
    assert fault.startswith("Kontering: 37") and fault.endswith(" kr för mycket är konterade.")


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
    made = claim(WEEK_ABROAD, avresa=datetime(2025, 5, 13, 6), hemkomst=datetime(2025, 5, 21, 20, 30), **abroad)
    assert "Dygn: minst ett dygns belopp kan inte räknas. Kontrollera land, år och måltider." in faults(made)
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


def test_many_faults_are_counted(claim: Callable[..., Evaluated]) -> None:
    """The sheet Kontroll has room for ten; the last line says how many are left."""
    made = claim(ONE_DAY, dygn_frukost=["buffé"] * 15)
    # The first day's word, and fourteen days that are not of the trip.
    assert len(faults(made)) >= 15
    lines = [made.values["Kontroll"][cell] for cell in _fault_cells(made)]
    assert lines[0] == faults(made)[0] and lines[-1] == f"… och {len(faults(made)) - 9} till."


def _fault_cells(made: Evaluated) -> list[str]:
    first = next(cell for cell, value in made.values["Kontroll"].items() if value == faults(made)[0])
    return [f"A{int(first[1:]) + line}" for line in range(10)]


@pytest.mark.parametrize("share", [0, "heltid"])
def test_an_unreadable_share_of_full_time_pays_no_travel_time(claim: Callable[..., Evaluated], share: Any) -> None:
    made = claim(ONE_DAY, sysselsattningsgrad=share)
    assert made.names["summa_fardtidsersattning"] == "–"
    assert any("Sysselsättningsgrad" in fault for fault in faults(made))


def test_a_price_that_is_no_number_leaves_the_cost_open(claim: Callable[..., Evaluated]) -> None:
    made = claim(ONE_DAY, biljett_pris=["345 kr", 345])
    assert made.names["summa_biljetter"] == made.names["summa_kostnad"] == "–"
    assert made.names["summa_utbetalning"] == 572.7


def test_without_the_add_in_the_form_says_so(skeleton: Callable[..., Path], tmp_path: Path) -> None:
    """Excel without the add-in answers #NAME? to every function of ours: dashes, a sentence and no error values."""
    filled = fill(skeleton(write_reserakning), tmp_path / "utan.xlsx", THREE_DAYS)
    missing = dict.fromkeys(CALLS, lambda *_: CellError("#NAME?", "Funktionen finns inte."))
    made = evaluated(filled, tmp_path / "svar.xlsx", missing, {"beraknad": "2026-11-01"}, today=MADE)
    assert made.values["Reseräkning"]["A2"] == (
        "Tillägget Färdkost är inte igång: beloppen är från senaste beräkningen, 2026-11-01."
    )
    assert not [value for sheet in VISIBLE for value in made.values[sheet].values() if isinstance(value, CellError)]
    assert made.names["summa_traktamente"] == made.names["summa_utbetalning"] == "–"
    assert faults(made)[0].startswith("Tillägget Färdkost är inte igång")
