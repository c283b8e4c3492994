"""The yearly follow-up of a small municipality. Every figure is worked out by hand beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.xlsx.forms.conftest import Made
from tests.xlsx.forms.followup_trips import inputs, read_table
from xlsx.forms.uppfoljning import write_uppfoljning

Close = Any


@pytest.fixture(scope="module")
def made(recalculated: Callable[..., Made]) -> Made:
    return recalculated(write_uppfoljning, inputs())


def close(**figures: float) -> Close:
    return pytest.approx(figures)


def of_trips(resor: float, km: float, kr: float, paslag: float, med: float, utan: float) -> dict[str, float]:
    """The first columns of the tables of the sheet Klimat."""
    return {
        "Resor": resor,
        "Km": km,
        "Resekostnad med påslag, kr": kr,
        "Klimatpåslag, kr": paslag,
        "Utsläpp med höghöjdseffekt, kg": med,
        "Utsläpp utan höghöjdseffekt, kg": utan,
    }


def without(line: dict[str, Any], *headings: str) -> dict[str, Any]:
    return {heading: value for heading, value in line.items() if not heading.startswith(headings)}


EARLIER = ("Förra året", "Basåret", "Ändring")


def test_totals_of_the_year(made: Made) -> None:
    # Rows of 2025: eleven, of which one is a meeting over the net: 10 trips. The row with a date in words is in no
    # year, and the rocket has no kilometres, cost or emissions that can be read.
    # Km: 400 + 900 + 120 + 1000 + 2656 + 240 + 1000 + 60 = 6376.
    # Cost: 900 + 6500 + 310 + 4550 + 20200 + 1650 + 5600 + 700 = 40410, of which surcharge 600 + 10 + 1200 + 500.
    # Kg with altitude: 2.8 + 236.5 + 25.3 + 7 + 393.9 + 6.5 + 250 + 15.6 = 937.6.
    # Without: 2.8 + 152.1 + 25.3 + 7 + 257.3 + 6.5 + 160.8 + 15.6 = 627.4.
    names = made[1].names
    totals = {name: names[name] for name in names if name.startswith("summa_")}
    assert totals == close(
        summa_resor_antal=10,
        summa_km=6376,
        summa_resekostnad=40410,
        summa_klimatpaslag=2310,
        summa_utslapp_kg=937.6,
        summa_utslapp_utan_hojd_kg=627.4,
        summa_korta_flyg_antal=1,
        summa_langa_flyg_antal=2,
        summa_digitala_antal=1,
        # Tickets 800 + 3000 + 1500 + 6000 + 300 + 2500 + 700; hotels 2400 + 2600 + 9000 + 1100 + 2000;
        # paid 100 + 500 + 300 + 450 + 4000 + 250 + 600.
        summa_biljetter=14800,
        summa_hotell=17100,
        summa_ersattning=6200,
        # Nights 2 + 2 + 7 + 1 + 2, on five trips; persons 1, 2, 3, 4 and 5.
        summa_natter=14,
        summa_resor_med_natt_antal=5,
        summa_personer_antal=5,
        summa_utan_person_natter=0,
        # Domestic and 5 to 50 mil: train 20, flight 45, car 6, train 50, coach 12, flight 50.
        summa_tagnorm_antal=6,
        summa_tagresor_antal=2,
        summa_flyg_tagnorm_antal=2,
        summa_rader_antal=14,
        summa_rader_i_ar_antal=11,
    )
    assert not made[1].errors
    assert made[1].labels["summa_utslapp_kg"] == "Utsläpp med höghöjdseffekt, kg CO2e"


def test_ratios_of_the_year(made: Made) -> None:
    names = made[1].names
    # 10 + 40 + 5 = 55 årsarbetare. Last year 2.8 (from the trips) + 50 (stated) = 52.8 kg; base year 300 + 200 = 500.
    assert names["arsarbetare"] == 55
    assert names["utslapp_per_arsarbetare"] == pytest.approx(937.6 / 55)
    assert names["andring_forra"] == pytest.approx(937.6 / 52.8 - 1)
    assert names["andring_bas"] == pytest.approx(0.8752)
    assert names["kostnad_totalt"] == pytest.approx(40410)
    assert names["kostnad_klimatpaslag"] == pytest.approx(2310)
    assert names["antal_resor"] == 10
    assert names["kostnad_per_resa"] == pytest.approx(4041)
    assert names["kostnad_per_arsarbetare"] == pytest.approx(40410 / 55)
    # Last year's trip cost 700 + 1500 + 200 = 2400; the base year's 2000 + 1000 + 300 = 3300.
    assert names["kostnad_andring_forra"] == pytest.approx(40410 / 2400 - 1)
    assert names["kostnad_andring_bas"] == pytest.approx(40410 / 3300 - 1)
    assert names["natter_per_person"] == pytest.approx(14 / 5)
    assert [names[f"flest_natter_{place}"] for place in range(1, 6)] == [7, 4, 2, 1, 0]
    # Two trains of six; last year's one trip of 20 mil was by train; the base year's of 40 mil was a flight.
    assert names["tagandel"] == pytest.approx(1 / 3)
    assert (names["tagandel_forra"], names["tagandel_bas"]) == (1, 0)


def test_climate_by_unit(made: Made) -> None:
    lines = read_table(made[0], "Klimat", "Per enhet")
    earlier = ("Förra året, kg CO2e", "Ändring", "Basåret, kg CO2e", "Ändring 2")

    def line(first: dict[str, float], per: float | None, *rest: float | None) -> Close:
        more = {"kg per årsarbetare": per, **dict(zip(earlier, rest, strict=True))}
        return pytest.approx({**first, **{heading: value for heading, value in more.items() if value is not None}})

    # Kultur: train, short flight, long flight; 10 årsarbetare; the base year is stated as 300 kg.
    kultur = of_trips(3, 2300, 13000, 1100, 489.3, 315.7)
    assert lines["Kultur"] == line(kultur, 48.93, 2.8, 489.3 / 2.8 - 1, 300, 489.3 / 300 - 1)
    # Skola: car, train, coach; 40 årsarbetare; last year is stated as 50 kg, the base year's trip was 200 kg.
    skola = of_trips(3, 1360, 6510, 10, 38.8, 38.8)
    assert lines["Skola"] == line(skola, 0.97, 50, 38.8 / 50 - 1, 200, 38.8 / 200 - 1)
    # Stab: Brussels and the rocket; 5 årsarbetare. No trips earlier, so there is no change to tell.
    assert lines["Stab"] == line(of_trips(2, 2656, 20200, 1200, 393.9, 257.3), 78.78, 0, None, 0, None)
    # The taxi and the bicycle.
    assert lines["Ej fördelat på enhet"] == line(of_trips(2, 60, 700, 0, 15.6, 15.6), None, 0, None, 0, None)
    whole = of_trips(10, 6376, 40410, 2310, 937.6, 627.4)
    assert lines["Alla resor"] == line(whole, 937.6 / 55, 52.8, 937.6 / 52.8 - 1, 500, 0.8752)
    assert list(lines) == ["Kultur", "Skola", "Stab", "Ej fördelat på enhet", "Alla resor"]


MODES = {
    "Flyg under 50 mil": of_trips(1, 900, 6500, 600, 236.5, 152.1),
    "Flyg 50 mil och längre": of_trips(2, 3656, 25800, 1700, 643.9, 418.1),
    "Tåg": of_trips(2, 1400, 5450, 0, 9.8, 9.8),
    "Buss": of_trips(1, 240, 1650, 0, 6.5, 6.5),
    "Taxi": of_trips(1, 60, 700, 0, 15.6, 15.6),
    "Privat bil": of_trips(1, 120, 310, 10, 25.3, 25.3),
    "Cykel": of_trips(1, 0, 0, 0, 0, 0),
    "Okänt eller ej angivet": of_trips(1, 0, 0, 0, 0, 0),
    "Alla resor": of_trips(10, 6376, 40410, 2310, 937.6, 627.4),
}


def test_climate_by_mode(made: Made) -> None:
    lines = read_table(made[0], "Klimat", "Per färdmedel")
    assert len(lines) == 3 + 18 + 2  # flights in three lines, the other words, the unknown, all
    for label, line in lines.items():
        expected = MODES.get(label, of_trips(0, 0, 0, 0, 0, 0))
        share = expected["Utsläpp med höghöjdseffekt, kg"] / 937.6
        assert without(line, *EARLIER) == pytest.approx({**expected, "Andel av utsläppen": share}), label
    # Only the trips themselves can tell earlier years by mode: a train of 2.8 kg, a flight of 200 kg.
    assert lines["Tåg"]["Förra året, kg CO2e"] == 2.8
    assert lines["Tåg"]["Ändring"] == pytest.approx(9.8 / 2.8 - 1)
    assert lines["Flyg under 50 mil"]["Basåret, kg CO2e"] == 200
    assert lines["Alla resor"]["Förra året, kg CO2e"] == 2.8


def test_flights_are_split_as_in_the_states_reports(made: Made) -> None:
    lines = read_table(made[0], "Klimat", "Delat som i statens miljöledning, flyg över gränsen för sig")
    expected = {
        "Flyg under 50 mil": MODES["Flyg under 50 mil"],
        "Bil och taxi": of_trips(2, 180, 1010, 10, 40.9, 40.9),
        "Tåg": MODES["Tåg"],
        "Buss": MODES["Buss"],
        "Flyg 50 mil och längre": MODES["Flyg 50 mil och längre"],
        "Övrigt": of_trips(2, 0, 0, 0, 0, 0),
        "Alla resor": MODES["Alla resor"],
    }
    assert list(lines) == list(expected)
    for label, line in lines.items():
        per = expected[label]["Utsläpp med höghöjdseffekt, kg"] / 55
        assert line == pytest.approx({**expected[label], "kg per årsarbetare": per}, abs=1e-9), label


def test_climate_by_month(made: Made) -> None:
    lines = read_table(made[0], "Klimat", "Per månad")
    expected = {
        "Januari": of_trips(1, 400, 900, 0, 2.8, 2.8),
        "Februari": of_trips(1, 0, 0, 0, 0, 0),
        "Mars": of_trips(2, 1020, 6810, 610, 261.8, 177.4),
        "Maj": of_trips(1, 1000, 4550, 0, 7, 7),
        "Juni": of_trips(1, 2656, 20200, 1200, 393.9, 257.3),
        "September": of_trips(1, 240, 1650, 0, 6.5, 6.5),
        "Oktober": of_trips(1, 60, 700, 0, 15.6, 15.6),
        "November": of_trips(1, 0, 0, 0, 0, 0),
        "December": of_trips(1, 1000, 5600, 500, 250, 160.8),
        "Alla resor": MODES["Alla resor"],
    }
    assert len(lines) == 13
    for label, line in lines.items():
        wanted = expected.get(label, of_trips(0, 0, 0, 0, 0, 0))
        share = wanted["Utsläpp med höghöjdseffekt, kg"] / 937.6
        assert without(line, *EARLIER) == pytest.approx({**wanted, "Andel av utsläppen": share}), label
    assert (lines["April"]["Förra året, kg CO2e"], lines["Maj"]["Förra året, kg CO2e"]) == (2.8, 0)
    assert (lines["Maj"]["Basåret, kg CO2e"], lines["Maj"]["Ändring 2"]) == (200, pytest.approx(7 / 200 - 1))


def test_the_way_to_the_targets(made: Made) -> None:
    lines = read_table(made[0], "Klimat", "Vägen till målen")
    # A straight line from 2019 to 2030: 2025 is 6 years of 11 on the way.
    stockholm = 500 - 250 * 6 / 11
    own = 500 - 300 * 6 / 11
    assert lines["Stockholm (S-4): halverade utsläpp, kg"] == {
        "Basåret": 500,
        "I år": pytest.approx(937.6),
        "Målvärde": 250,
        "Målår": 2030,
        "Målbanan i år": pytest.approx(stockholm),
        "Skillnad": pytest.approx(937.6 - stockholm),
        "Läge": "över målbanan",
    }
    assert lines["Eget: minskade utsläpp, kg"]["Målvärde"] == pytest.approx(200)
    assert lines["Eget: minskade utsläpp, kg"]["Skillnad"] == pytest.approx(937.6 - own)
    # Of kg per årsarbetare the base year is not known: the target itself is what the year is set against.
    assert lines["Eget: kg CO2e per årsarbetare"] == {
        "I år": pytest.approx(937.6 / 55),
        "Målvärde": 15,
        "Målår": 2030,
        "Skillnad": pytest.approx(937.6 / 55 - 15),
        "Läge": "över målvärdet",
    }
    trains = lines["Eget: tågandel där tåg är norm"]
    assert trains["Målbanan i år"] == pytest.approx(0.9 * 6 / 11)
    assert trains["Skillnad"] == pytest.approx(1 / 3 - 0.9 * 6 / 11)
    assert trains["Läge"] == "under målbanan"


def test_cost_by_unit_and_mode(made: Made) -> None:
    lines = read_table(made[0], "Kostnad", "Per enhet")
    assert lines["Kultur"] == pytest.approx(
        {
            "Resor": 3,
            "Biljetter, kr": 6300,  # 800 + 3000 + 2500
            "Hotell, kr": 4400,
            "Ersättning till resenären, kr": 1200,
            "Klimatpåslag, kr": 1100,
            "Resekostnad totalt, kr": 13000,
            "kr per resa": 13000 / 3,
            "kr per årsarbetare": 1300,
            "Förra året, kr": 2400,
            "Ändring": 13000 / 2400 - 1,
            "Basåret, kr": 0,
        }
    )
    # Nothing earlier for the rest: the trips of both years were of Kultur and Skola.
    assert (lines["Ej fördelat på enhet"]["Förra året, kr"], lines["Ej fördelat på enhet"]["Basåret, kr"]) == (0, 0)
    assert lines["Alla resor"]["Basåret, kr"] == 3300
    by_mode = read_table(made[0], "Kostnad", "Per färdmedel")
    costs = {label: line["Resekostnad totalt, kr"] for label, line in by_mode.items()}
    expected = {label: MODES[label]["Resekostnad med påslag, kr"] if label in MODES else 0 for label in by_mode}
    assert costs == pytest.approx(expected)
    assert by_mode["Privat bil"]["Andel av kostnaden"] == pytest.approx(310 / 40410)
    by_month = read_table(made[0], "Kostnad", "Per månad")
    assert by_month["Juni"]["Hotell, kr"] == 9000
    assert by_month["April"]["Förra året, kr"] == 2400
    assert sum(by_month[month]["Resekostnad totalt, kr"] for month in list(by_month)[:12]) == pytest.approx(40410)


def test_nights_by_person_and_unit(made: Made) -> None:
    # Person 1: 2 + 2. Person 2: 1. Person 3: 2. Person 4: 7. Person 5: none.
    bands = read_table(made[0], "Nätter", "Personer efter antal nätter under året")
    assert {label: (line["Personer"], line["Nätter"]) for label, line in bands.items()} == {
        "Inga nätter": (1, 0),
        "1–4 nätter": (3, 7),
        "5–9 nätter": (1, 7),
        "10–19 nätter": (0, 0),
        "20–29 nätter": (0, 0),
        "30–49 nätter": (0, 0),
        "50 nätter eller fler": (0, 0),
        "Alla personer": (5, 14),
    }
    assert bands["1–4 nätter"]["Andel av personerna"] == pytest.approx(0.6)
    assert bands["5–9 nätter"]["Andel av nätterna"] == pytest.approx(0.5)
    units = read_table(made[0], "Nätter", "Per enhet")
    assert units["Kultur"] == pytest.approx(
        {"Resor": 3, "Resor med övernattning": 2, "Nätter": 4, "Nätter per årsarbetare": 0.4, "Hotell, kr": 4400}
    )
    assert units["Alla resor"]["Nätter"] == 14


def test_share_of_train_by_unit_and_distance(made: Made) -> None:
    units = read_table(made[0], "Tågandel", "Per enhet")
    assert units["Kultur"] == pytest.approx(
        {
            "Resor där tåg är norm": 3,
            "Tåg": 1,
            "Flyg": 2,
            "Bil och taxi": 0,
            "Buss": 0,
            "Annat": 0,
            "Tågandel": 1 / 3,
            "Flygets kostnad, kr": 12100,
            "Flygets utsläpp, kg": 486.5,
            "Bilens utsläpp, kg": 0,
        }
    )
    assert units["Skola"]["Bilens utsläpp, kg"] == pytest.approx(25.3)
    assert units["Stab"]["Resor där tåg är norm"] == 0
    assert "Tågandel" not in units["Stab"]
    bands = read_table(made[0], "Tågandel", "Per avstånd, enkel väg")
    # One way: car 6, coach 12, train 20 (still within till 20), flight 45, train and flight 50.
    assert {label: line["Resor där tåg är norm"] for label, line in bands.items()} == {
        "Till 10 mil": 1,
        "Över 10 till 20 mil": 2,
        "Över 20 till 30 mil": 0,
        "Över 30 till 40 mil": 0,
        "Över 40 till 50 mil": 3,
        "Över 50 mil": 0,
        "Alla resor": 6,
    }
    assert bands["Över 40 till 50 mil"]["Tågandel"] == pytest.approx(1 / 3)


def test_what_the_figures_rest_on(made: Made) -> None:
    lines = read_table(made[0], "Datakvalitet", "Underlaget i siffror")
    assert {label: line["Antal"] for label, line in lines.items()} == {
        "Rader på bladet Data": 14,
        "Rader med avresa under året": 11,
        "Rader med avresa andra år": 2,
        "Rader utan läsbar avresa": 1,
        "Utan avdelning": 1,
        "Avdelning som inte finns bland enheterna": 1,
        "Utan färdmedel": 0,
        "Okänt färdmedel": 1,
        "Resor utan km": 1,
        "Resor med km beräknade mellan orterna": 1,
        "Resor utan utsläpp": 1,
        "Resor utan någon kostnad": 2,
        "Resor utan person": 2,
        "Resor utan hemkomst och nätter": 0,
        "Fel vid omräkningen": 1,
        "Rader att rätta": 2,
    }
    # Of the ten trips of the year.
    assert lines["Resor utan någon kostnad"]["Andel"] == pytest.approx(0.2)
    assert lines["Rader att rätta"]["Andel"] == pytest.approx(2 / 14)
