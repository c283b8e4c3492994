"""RESEJAMFORELSE against comparisons worked out by hand, and against tables that are wrong.

Every amount below is computed in the comment beside it, from the documents' rules and the published figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.engine import CellError
from udfs.calculation import answering
from udfs.commands.compare import compare_command
from udfs.comparison import compare_table

DEMO = Path(__file__).parents[2] / "demo" / "alternativ.xlsx"

HEADINGS = [
    "Alternativ", "Färdmedel", "Typ", "Avresa", "Framme", "Förrättning börjar", "Förrättning slutar",
    "Hemfärd börjar", "Hemkomst", "Biljett", "Hotell", "Km", "Arbetstid ombord", "Sovplats", "Måltider",
    "Månadslön", "Land",
]  # fmt: skip

Row = dict[str, Any]


@pytest.fixture(autouse=True)
def _as_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FARDKOST_DATA", str(tmp_path))
    monkeypatch.delenv("FARDKOST_POLICY", raising=False)


def alternatives(*rows: Row) -> list[list[Any]]:
    headings = [*HEADINGS, *dict.fromkeys(key for row in rows for key in row if key not in HEADINGS)]
    return [headings, *([row.get(heading) for heading in headings] for row in rows)]


def compared(*rows: Row, policy: str = "linkoping") -> list[Row]:
    """The answer's lines by heading, without the line of weights."""
    table = compare_table(alternatives(*rows), policy)
    assert isinstance(table, list), table
    headings, *lines, _ = table
    assert len(lines) == len(rows)
    return [dict(zip(headings, line, strict=True)) for line in lines]


def check(line: Row, **expected: Any) -> None:
    names = {name.replace("_", " "): value for name, value in expected.items()}
    assert {name: line[name] for name in names} == names


COSTS = [
    "Biljett", "Hotell", "Bilkostnad", "Traktamente", "Nattraktamente", "Resetillägg", "Färdtidsersättning", "Utlägg",
    "Förlorad arbetstid", "Klimatpåslag",
]  # fmt: skip

# Linköping–Bryssel, a meeting on Wednesday 13 March 2024, 9–16. 42 900 kr a month is 42 900 / 165 = 260 kr an hour.
# Normalbelopp for Belgium 2024: 894 kr. Maximibelopp 2024: 290 kr. Ordinary hours 8–17.

FLIGHT_TO_BRUSSELS: Row = {
    "Alternativ": "Flyg kvällen före", "Färdmedel": "flyg", "Typ": "ekonomi",
    "Avresa": "2024-03-12 14:00", "Framme": "2024-03-12 20:30",
    "Förrättning börjar": "2024-03-13 09:00", "Förrättning slutar": "2024-03-13 16:00",
    "Hemkomst": "2024-03-13 23:00",
    "Biljett": 4200, "Hotell": 1450, "Km": 2600, "Arbetstid ombord": 1, "Måltider": "-, FhL",
    "Månadslön": 42900, "Land": "Belgien",
}  # fmt: skip

NIGHT_TRAIN_TO_BRUSSELS: Row = {
    "Alternativ": "Nattåg och hotell", "Färdmedel": "tåg", "Typ": "Europa",
    "Avresa": "2024-03-11 17:30", "Framme": "2024-03-12 14:00",
    "Förrättning börjar": "2024-03-13 09:00", "Förrättning slutar": "2024-03-13 16:00",
    "Hemfärd börjar": "2024-03-13 16:30", "Hemkomst": "2024-03-14 12:30",
    "Biljett": 3600, "Hotell": 1450, "Km": 2900, "Arbetstid ombord": 7, "Sovplats": "ja",
    "Måltider": "-, -, FhL, -", "Månadslön": 42900, "Land": "Belgien",
}  # fmt: skip

DIGITAL: Row = {"Alternativ": "Digitalt möte", "Färdmedel": "Teams", "Land": "Belgien"}


def test_linkoping_to_brussels_by_flight_night_train_and_digital() -> None:
    flight, train, digital = compared(FLIGHT_TO_BRUSSELS, NIGHT_TRAIN_TO_BRUSSELS, DIGITAL)
    check(
        flight,
        Biljett=4200,
        Hotell=1450,
        Bilkostnad=0,
        # Tuesday left after 12.00: half of 894 = 447. Wednesday, home after 19: 894, less hotel breakfast
        # 15 % = 134,10 → 134 and lunch 35 % = 312,90 → 313: 894 - 134 - 313 = 447. 447 + 447 = 894.
        Traktamente=894,
        Nattraktamente=0,
        Resetillägg=0,  # only on trips within Sweden
        # Out 17.00–20.30 is 3,5 h, home 17.00–23.00 is 6 h: 9,5 h, all within the first 10 of the week.
        # 9,5 x 260 x 53,3 % = 1 316,51.
        Färdtidsersättning=1316.51,
        # In working hours out 14–17 is 3 h, home 16–17 is 1 h; 1 h is worked on board: 3 x 260 = 780.
        Förlorad_arbetstid=780,
        # 2 600 km x 0,14825 kg = 385,45 kg; x 1,50 kr = 578,175 → 578,18.
        Klimatpåslag=578.18,
        # 4 200 + 1 450 + 894 + 1 316,51 + 780 + 578,18.
        Total_kostnad=9218.69,
        Resenären_får=2210.51,  # 894 + 1 316,51
        Restid_h=13.5,  # 6,5 out, 7 home
        Arbetstid_ombord_h=1,
        Nätter=1,
        Kg_CO2e=385.45,
        Biljetten_får_kosta="",
    )
    check(
        train,
        # Monday left after 12.00, on the train until midnight: half a Swedish amount, 145. Tuesday 14–24 in
        # Belgium: 894. Wednesday until 16.30 in Belgium: 894 - 134 - 313 = 447. Thursday on the train, home
        # before 19: half a Swedish amount, 145. 145 + 894 + 447 + 145 = 1 631.
        Traktamente=1631,
        # Nights 22–06 in a berth are not travel time. Out Monday 17.30–22 is 4,5 h, Tuesday 6–8 is 2 h; home
        # Wednesday 17–22 is 5 h, Thursday 6–8 is 2 h: 13,5 h. 10 x 260 x 53,3 % + 3,5 x 260 x 80 %
        # = 1 385,80 + 728,00 = 2 113,80.
        Färdtidsersättning=2113.80,
        # In working hours Tuesday 8–14 is 6 h, Wednesday 16.30–17 0,5 h, Thursday 8–12.30 4,5 h: 11 h, less
        # 7 on board: 4 x 260 = 1 040.
        Förlorad_arbetstid=1040,
        Klimatpåslag=0,  # Linköping charges flights and cars only
        # 3 600 + 1 450 + 1 631 + 2 113,80 + 1 040.
        Total_kostnad=9834.80,
        Resenären_får=3744.80,  # 1 631 + 2 113,80
        Restid_h=40.5,  # 20,5 out, 20 home
        Nätter=3,
        Kg_CO2e=69.6,  # 2 900 km x 0,024
        # The flight costs 9 834,80 - 9 218,69 = 616,11 less: 3 600 - 616,11.
        Biljetten_får_kosta=2983.89,
    )
    assert {digital[cost] for cost in COSTS} == {0}
    check(digital, Total_kostnad=0, Resenären_får=0, Restid_h=0, Nätter=0, Kg_CO2e=0)

    assert [line["Rang kostnad"] for line in (flight, train, digital)] == [2, 3, 1]
    assert [line["Rang utsläpp"] for line in (flight, train, digital)] == [3, 2, 1]
    # Points from 100 (best) to 0 (worst), digital 100 in all.
    # Environment: flight 0, train (385,45 - 69,6) / 385,45 = 81,94.
    # Cost: train 0, flight (9 834,80 - 9 218,69) / 9 834,80 = 6,26.
    # Work: time neither worked nor slept in a berth is 12,5 h by flight, 40,5 - 16 - 7 = 17,5 h by train:
    # train 0, flight (17,5 - 12,5) / 17,5 = 28,57.
    # Flight 0,4 x 0 + 0,4 x 6,26 + 0,2 x 28,57 = 8,218; train 0,4 x 81,94 = 32,776.
    assert [line["Samlad bedömning"] for line in (flight, train, digital)] == [8.22, 32.78, 100]
    assert [line["Rang samlad"] for line in (flight, train, digital)] == [3, 2, 1]
    assert [line["Policyns rang"] for line in (flight, train, digital)] == [5, 2, 1]
    assert {line["Godkännare"] for line in (flight, train, digital)} == {"behörig chef"}
    assert flight["Anmärkning"] == "flyg ska godkännas av behörig chef"
    assert train["Anmärkning"] == ""
    assert digital["Anmärkning"].startswith("billigast; lägst utsläpp; bäst i samlad bedömning; policyns första hand")


# Stockholm–Göteborg and back on Tuesday 10 March 2026, a meeting 10–15. 39 600 / 165 = 240 kr an hour.

FLIGHT: Row = {
    "Alternativ": "Flyg", "Färdmedel": "flyg", "Avresa": "2026-03-10 06:00", "Förrättning börjar": "2026-03-10 10:00",
    "Förrättning slutar": "2026-03-10 15:00", "Hemkomst": "2026-03-10 19:30", "Biljett": "2 400", "Km": 790,
    "Arbetstid ombord": "0:30", "Månadslön": 39600,
}  # fmt: skip
TRAIN: Row = {
    "Alternativ": "Tåg", "Färdmedel": "tåg", "Avresa": "2026-03-10 05:30", "Förrättning börjar": "2026-03-10 10:00",
    "Förrättning slutar": "2026-03-10 15:00", "Hemkomst": "2026-03-10 19:15", "Biljett": 1290, "Km": 910,
    "Arbetstid ombord": 3, "Månadslön": 39600,
}  # fmt: skip
CAR: Row = {
    "Alternativ": "Egen bil", "Färdmedel": "egen bil", "Typ": "bensin", "Avresa": "2026-03-10 04:30",
    "Förrättning börjar": "2026-03-10 10:00", "Förrättning slutar": "2026-03-10 15:00",
    "Hemkomst": "2026-03-10 20:30", "Km": 940, "Månadslön": 39600,
}  # fmt: skip


def test_stockholm_to_gothenburg_by_flight_train_and_car_under_stockholm() -> None:
    flight, train, car = compared(FLIGHT, TRAIN, CAR, policy="stockholm")
    check(
        flight,
        Biljett=2400,
        Traktamente=0,  # no night away
        Resetillägg=0,  # Stockholm has none
        # 6–8 is 2 h and 17–19.30 is 2,5 h: 4,5 x 240 x 53,3 % = 575,64.
        Färdtidsersättning=575.64,
        # 8–10 and 15–17 is 4 h, less 0,5 on board: 3,5 x 240.
        Förlorad_arbetstid=840,
        Klimatpåslag=1200,  # half of 2 400
        Total_kostnad=5015.64,  # 2 400 + 575,64 + 840 + 1 200
        Resenären_får=575.64,
        Restid_h=8.5,  # 4 out, 4,5 home
        Kg_CO2e=207.596,  # 790 km x 0,26278 = 207,5962
        Godkännare="förvaltningschef/bolagschef",
        Policyns_rang=4,
        Anmärkning="flyg ska godkännas av förvaltningschef/bolagschef",
    )
    check(
        train,
        # 5.30–8 is 2,5 h, 17–19.15 is 2,25 h: 4,75 x 240 x 53,3 % = 607,62.
        Färdtidsersättning=607.62,
        Förlorad_arbetstid=240,  # 4 h less 3 on board
        Klimatpåslag=0,
        Total_kostnad=2137.62,  # 1 290 + 607,62 + 240
        Restid_h=8.75,
        Kg_CO2e=6.37,  # 910 x 0,007
        # The car is the cheapest other: 1 290 + (4 581,44 - 2 137,62).
        Biljetten_får_kosta=3733.82,
        Godkännare="behörig chef",
        Policyns_rang=2,
        Anmärkning="billigast; lägst utsläpp; bäst i samlad bedömning",
    )
    check(
        car,
        Biljett=0,
        Bilkostnad=2726,  # 940 km x 2,90
        Färdtidsersättning=895.44,  # 4.30–8 and 17–20.30 is 7 h x 240 x 53,3 %
        Förlorad_arbetstid=960,  # 4 h
        Total_kostnad=4581.44,
        Resenären_får=3621.44,  # 2 726 + 895,44
        Restid_h=11,
        Kg_CO2e=196.187,  # 940 x 0,20871 = 196,1874
        Policyns_rang=3,
    )
    assert [line["Rang kostnad"] for line in (flight, train, car)] == [3, 1, 2]
    assert [line["Rang utsläpp"] for line in (flight, train, car)] == [3, 1, 2]
    # Environment: car (207,596 - 196,187) / (207,596 - 6,370) = 5,67. Cost: car (5 015,64 - 4 581,44) /
    # (5 015,64 - 2 137,62) = 15,09. Work: 8 h, 5,75 h and 11 h not worked: flight (11 - 8) / (11 - 5,75) = 57,14.
    # Flight 0,2 x 57,14 = 11,428; car 0,4 x (5,67 + 15,09) = 8,304.
    assert [line["Samlad bedömning"] for line in (flight, train, car)] == [11.43, 100, 8.3]
    assert [line["Rang samlad"] for line in (flight, train, car)] == [2, 1, 3]


def test_the_same_trips_under_linkoping_have_its_own_charge_resetillagg_and_approver() -> None:
    flight, train, car = compared(FLIGHT, TRAIN, CAR)
    assert [line["Resetillägg"] for line in (flight, train, car)] == [50, 50, 50]  # a day away more than 4 h
    # 207,5962 kg x 1,50 = 311,3943 → 311,39; 196,1874 x 1,50 = 294,2811 → 294,28.
    assert [line["Klimatpåslag"] for line in (flight, train, car)] == [311.39, 0, 294.28]
    assert [line["Godkännare"] for line in (flight, train, car)] == ["behörig chef"] * 3
    assert [line["Policyns rang"] for line in (flight, train, car)] == [5, 2, 4]


def test_the_parts_add_up_to_the_total() -> None:
    for line in compared(FLIGHT_TO_BRUSSELS, NIGHT_TRAIN_TO_BRUSSELS, DIGITAL, FLIGHT, TRAIN, CAR | {"Utlägg": 85}):
        assert round(sum(line[cost] for cost in COSTS), 2) == line["Total kostnad"]


def test_outlays_and_private_nights_go_to_the_traveller_and_cost_the_municipality() -> None:
    own = NIGHT_TRAIN_TO_BRUSSELS | {"Hotell": 0, "Privata nätter": 1, "Utlägg": "85,50"}
    (line,) = compared(own)
    check(line, Nattraktamente=447, Utlägg=85.5)  # half of Belgium's 894
    assert line["Resenären får"] == 4277.3  # 3 744,80 + 447 + 85,50
    assert line["Total kostnad"] == 8917.3  # 9 834,80 - 1 450 + 447 + 85,50


def test_several_persons_count_tickets_and_pay_for_each_but_the_car_once() -> None:
    train, car = compared(TRAIN | {"Antal personer": 4}, CAR | {"Antal personer": 4}, policy="stockholm")
    check(train, Biljett=5160, Färdtidsersättning=2430.48, Förlorad_arbetstid=960, Kg_CO2e=25.48)  # all x 4
    check(car, Bilkostnad=2726, Färdtidsersättning=3581.76, Förlorad_arbetstid=3840, Kg_CO2e=196.187)
    assert car["Total kostnad"] == 10147.76  # 2 726 + 3 581,76 + 3 840
    # A krona on the ticket is four: 1 290 + (10 147,76 - 8 550,48) / 4 = 1 290 + 399,32.
    assert train["Biljetten får kosta"] == 1689.32
    assert "beloppen gäller alla personer tillsammans" in train["Anmärkning"]
    (two_cars,) = compared(CAR | {"Antal personer": 8, "Antal bilar": 2})
    assert two_cars["Bilkostnad"] == 5452
    (full,) = compared(CAR | {"Antal personer": 8})
    assert "Antal bilar" in full["Anmärkning"]


@pytest.mark.parametrize(
    ("change", "cost", "traveller"),
    [
        ({"Färdmedel": "poolbil"}, 2350, 895.44),  # 94 mil x 25 kr, the presumed price; nothing to the driver
        ({"Färdmedel": "hyrbil", "Bilkostnad": 1800}, 1800, 895.44),
        ({"Färdmedel": "förmånsbil", "Typ": "diesel"}, 1457, 2352.44),  # 940 x 1,55
        ({"Bilavtal": "ja"}, 3478, 4373.44),  # 940 x 3,70
    ],
)
def test_what_a_car_costs_and_who_is_paid_for_it(change: Row, cost: float, traveller: float) -> None:
    (line,) = compared(CAR | change, policy="stockholm")
    check(line, Bilkostnad=cost, Resenären_får=traveller)


def test_walking_and_cycling_cost_only_time() -> None:
    on_foot = {
        "Färdmedel": "gång", "Avresa": "2026-03-10 09:00", "Förrättning börjar": "2026-03-10 09:30",
        "Förrättning slutar": "2026-03-10 11:00", "Hemkomst": "2026-03-10 11:30", "Km": 5, "Zon": "kommunen",
        "Månadslön": 39600,
    }  # fmt: skip
    (line,) = compared(on_foot)
    assert line["Alternativ"] == "gång"
    check(line, Förlorad_arbetstid=240, Total_kostnad=240, Resenären_får=0, Kg_CO2e=0, Policyns_rang=1)
    assert "högst 50 km" in line["Anmärkning"]


def test_equal_alternatives_share_their_rank_and_the_next_is_left_out() -> None:
    first, second, third = compared(TRAIN, TRAIN, FLIGHT)
    assert [line["Rang kostnad"] for line in (first, second, third)] == [1, 1, 3]
    assert [line["Rang utsläpp"] for line in (first, second, third)] == [1, 1, 3]
    assert first["Anmärkning"] == second["Anmärkning"] == "billigast; lägst utsläpp; bäst i samlad bedömning"
    assert first["Biljetten får kosta"] == 1290  # as much as the other train


def test_all_equal_have_100_points_each() -> None:
    assert [line["Samlad bedömning"] for line in compared(TRAIN, TRAIN)] == [100, 100]


def test_a_ticket_that_cannot_be_cheap_enough_has_no_price() -> None:
    slow = TRAIN | {"Avresa": "2026-03-09 05:30"}
    _, train = compared(CAR | {"Km": 10, "Avstånd till förrättningen": 400}, slow, policy="stockholm")
    assert train["Biljetten får kosta"] == ""


def own_policy(folder: Path, section: str) -> str:
    path = folder / "egen.yaml"
    path.write_text(f"titel: Egen\nkalla: Prov\n{section}", encoding="utf-8")
    return str(path)


def test_the_weights_are_the_policy_s_and_stand_last(tmp_path: Path) -> None:
    table = compare_table(alternatives(FLIGHT, TRAIN, CAR), "stockholm")
    assert isinstance(table, list)
    assert table[-1][0] == "Vikter: miljö 40, kostnad 40, arbete på resan 20 (Färdkosts förval, obekräftad)"
    section = "jamforelse: {vikter: {miljo: 0, kostnad: 0, arbete: 7}, kalla: KF 2026-01-01, status: bekräftad}"
    table = compare_table(alternatives(FLIGHT, TRAIN, CAR), own_policy(tmp_path, section))
    assert isinstance(table, list)
    assert table[-1][0] == "Vikter: miljö 0, kostnad 0, arbete på resan 7 (KF 2026-01-01, bekräftad)"
    points = table[0].index("Samlad bedömning")
    assert [line[points] for line in table[1:-1]] == [57.14, 100, 0]  # work alone, as above
    ranks = [table[0].index(title) for title in ("Policyns rang", "Godkännare")]
    assert {line[rank] for line in table[1:-1] for rank in ranks} == {""}  # the policy names neither


def test_social_charges_of_a_policy_raise_the_cost_of_time(tmp_path: Path) -> None:
    value = "{fran: 2020-01-01, varde: 40, kalla: Prov, kontrollerad: 2026-01-01, status: bekräftad}"
    policy = own_policy(tmp_path, f"satser: {{lonebikostnader: {{varden: [{value}]}}}}")
    (line,) = compared(FLIGHT, policy=policy)
    assert line["Förlorad arbetstid"] == 1176  # 840 x 1,4


@pytest.mark.parametrize(
    ("vikter", "said"),
    [
        ("{miljo: 0, kostnad: 0, arbete: 0}", "minst en större än 0"),
        ("{miljo: -1, kostnad: 50, arbete: 50}", "mellan 0 och 1000"),
        ("{miljo: 1.5, kostnad: 50, arbete: 50}", "ett heltal"),
        ("{miljo: 50, kostnad: 50}", "jamforelse → vikter → arbete: saknas"),
        ("{miljo: 50, kostnad: 50, arbete: 1, tid: 1}", "tillåtna är miljo, kostnad, arbete"),
    ],
)
def test_wrong_weights_are_errors_that_name_the_key(tmp_path: Path, vikter: str, said: str) -> None:
    policy = own_policy(tmp_path, f"jamforelse: {{vikter: {vikter}}}")
    answer = answering(lambda: compare_table(alternatives(TRAIN), policy))
    assert isinstance(answer, CellError)
    assert said in answer.message
    assert "egen.yaml" in answer.message


# What is wrong with one alternative is said there, and the others are answered and ranked.


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (TRAIN | {"Biljett": None}, "Biljett saknas."),
        (TRAIN | {"Biljett": "billigt"}, '"billigt" är inget tal'),
        (TRAIN | {"Biljett": -5}, "får inte vara negativt"),
        (TRAIN | {"Färdmedel": "raket"}, 'Okänt färdmedel "raket"'),
        (TRAIN | {"Färdmedel": None}, "Färdmedel saknas."),
        (TRAIN | {"Färdmedel": "bil"}, "kan vara flera slags färdmedel"),
        (TRAIN | {"Hemkomst": "2026-03-09 19:00"}, "Hemkomsten ligger före avresan."),
        (TRAIN | {"Förrättning slutar": "2026-03-10 09:00"}, "Förrättningen slutar innan den börjar."),
        (TRAIN | {"Framme": "2026-03-10 10:30"}, "Framme ligger efter att förrättningen börjar."),
        (TRAIN | {"Framme": "2026-03-10 05:00"}, "Framme ligger före avresan."),
        (TRAIN | {"Hemfärd börjar": "2026-03-10 14:00"}, "Hemfärden börjar innan förrättningen slutar."),
        (TRAIN | {"Avresa": None}, "Avresa saknas."),
        (TRAIN | {"Förrättning börjar": None}, "Förrättning börjar saknas."),
        (TRAIN | {"Avresa": "i morgon"}, "i morgon"),
        (TRAIN | {"Månadslön": None}, "Månadslön saknas."),
        (TRAIN | {"Arbetstid ombord": 9}, "Arbetstid ombord är längre än restiden."),
        (TRAIN | {"Land": "Tysklnd"}, "Tyskland"),
        (TRAIN | {"Antal personer": 0}, "Antal personer måste vara minst 1."),
        (CAR | {"Km": None}, "Km saknas."),
    ],
)
def test_a_wrong_alternative_is_named_and_the_others_are_ranked(wrong: Row, said: str) -> None:
    flight, bad, car = compared(FLIGHT, wrong, CAR)
    assert said in bad["Anmärkning"]
    assert [bad[title] for title in ("Rang kostnad", "Rang utsläpp", "Rang samlad")] == ["", "", ""]
    assert any(isinstance(cell, CellError) for cell in bad.values())
    alone = compared(FLIGHT, CAR)
    assert [flight, car] == alone


def test_only_emissions_are_missing_where_only_they_need_the_distance() -> None:
    train, car = compared(TRAIN | {"Km": None}, CAR)
    assert train["Total kostnad"] == 2187.62  # as by hand above, with 50 kr of resetillägg
    assert [train["Rang kostnad"], train["Rang utsläpp"], train["Rang samlad"]] == [1, "", ""]
    assert isinstance(train["Kg CO2e"], CellError)
    assert "Km saknas." in train["Anmärkning"]
    assert [car["Rang kostnad"], car["Rang utsläpp"], car["Rang samlad"]] == [2, 1, 1]


def test_the_municipality_s_car_needs_a_distance_or_a_cost() -> None:
    pool = CAR | {"Färdmedel": "poolbil", "Km": None}
    without, stated = compared(pool, pool | {"Bilkostnad": 900}, policy="stockholm")
    assert isinstance(without["Total kostnad"], CellError)
    assert "beräknade km används inte för bilkostnad" in without["Anmärkning"]
    assert stated["Total kostnad"] == 2755.44  # 900 + 895,44 + 960


@pytest.mark.parametrize(("km", "away", "resetillagg"), [(100, None, 0), (102, None, 50), (102, 50, 0), (100, 51, 50)])
def test_half_the_distance_travelled_tells_whether_the_errand_is_near(
    km: int, away: int | None, resetillagg: int
) -> None:
    """Exactly 50 km away is within the usual place of business, and gives no travel supplement."""
    (line,) = compared(TRAIN | {"Km": km, "Avstånd till förrättningen": away})
    assert line["Resetillägg"] == resetillagg


def test_a_trip_there_and_back_is_two_single_trips_to_a_charge_per_trip(tmp_path: Path) -> None:
    rates = "[{fran: 2020-01-01, varde: 300, kalla: Prov, kontrollerad: 2026-01-01, status: bekräftad}]"
    charge = f"{{namn: flyg, titel: Flyg, bas: kr per enkelresa, fardmedel: [flyg], satser: {rates}}}"
    (line,) = compared(FLIGHT | {"Antal personer": 2}, policy=own_policy(tmp_path, f"klimatpaslag: [{charge}]"))
    assert line["Klimatpåslag"] == 1200  # 2 x 300 for each of two


def test_an_alternative_that_the_policy_bans_is_not_ranked() -> None:
    moped, car = compared(CAR | {"Färdmedel": "moped"}, CAR)
    assert moped["Bilkostnad"] == 0
    assert moped["Policyns rang"] == 0
    assert "inte tillåtet enligt policyn" in moped["Anmärkning"]
    assert [moped["Rang kostnad"], car["Rang kostnad"]] == ["", 1]


def test_a_night_on_the_way_without_berth_is_pointed_out() -> None:
    (line,) = compared(NIGHT_TRAIN_TO_BRUSSELS | {"Sovplats": None})
    assert "obruten över natten" in line["Anmärkning"]
    (line,) = compared(FLIGHT_TO_BRUSSELS | {"Hotell": None})
    assert "natt borta utan kostnad för hotell" in line["Anmärkning"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([], "Inga alternativ"),
        (None, "Inga alternativ"),
        ([HEADINGS], "Inga alternativ"),
        ([HEADINGS, [None] * len(HEADINGS)], "Inga alternativ"),
        ([["a", "b"], [1, 2]], "Ingen rubrikrad"),
        ([["Alternativ", "Biljett"], ["Tåg", 5]], "Kolumnen Färdmedel saknas"),
        ("tåg", "Ingen rubrikrad"),
    ],
)
def test_no_table_is_one_clear_error(table: Any, said: str) -> None:
    answer = compare_table(table, None)
    assert isinstance(answer, CellError)
    assert said in answer.message


def test_serial_numbers_of_a_spreadsheet_are_dates() -> None:
    # 2026-03-10 is day 46 091 of a spreadsheet's calendar.
    serial = TRAIN | {"Avresa": 46091 + 5.5 / 24, "Hemkomst": 46091 + 19.25 / 24}
    assert compared(serial) == compared(TRAIN)


def test_hundreds_of_alternatives_are_each_computed_as_if_alone() -> None:
    lines = compared(*[TRAIN, CAR, FLIGHT, DIGITAL] * 100)
    alone = compared(TRAIN, CAR, FLIGHT)
    for one, line in zip(alone, lines, strict=False):
        assert one["Total kostnad"] == line["Total kostnad"]
    assert {line["Rang kostnad"] for line in lines} == {1, 101, 201, 301}


# The command


def run_command(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(compare_command, arguments)
    return outcome.exit_code, outcome.output.replace("\N{NO-BREAK SPACE}", " ")


def test_the_command_prints_the_table_and_writes_the_workbook(tmp_path: Path) -> None:
    source = tmp_path / "alternativ.xlsx"
    source.write_bytes(DEMO.read_bytes())
    code, said = run_command(str(source))
    assert code == 0
    (total,) = [line for line in said.splitlines() if line.strip().startswith("Total kostnad")]
    assert total.split("  ")[-1].strip() == "0,00"
    assert "9 218,69" in total
    assert "9 834,80" in total
    assert "biljetten får kosta högst 2 983,89 kr" in said
    assert "Vikter: miljö 40, kostnad 40, arbete på resan 20" in said
    assert "Klimatkompensation per kg CO2e" in said  # an unconfirmed figure
    assert (tmp_path / "alternativ-jämförd.xlsx").is_file()


def test_the_command_takes_other_weights(tmp_path: Path) -> None:
    out = str(tmp_path / "ut.xlsx")
    code, said = run_command(str(DEMO), "--out", out, "--weights", "100", "0", "0")
    assert code == 0
    assert "Vikter: miljö 100, kostnad 0, arbete på resan 0 (angivna i kommandot" in said
    assert "81,9" in said
    code, said = run_command(str(DEMO), "--out", out, "--weights", "0", "0", "0")
    assert code == 2
    assert "större än 0" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("saknas.xlsx",), "finns inte"),
        ((str(DEMO), "--sheet", "Malmö"), "Bladen är"),
        ((str(DEMO), "--policy", "malmö"), "Okänd policy"),
        ((str(DEMO), "--out", str(DEMO)), "originalet skrivs aldrig över"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence_and_code_2(arguments: tuple[str, ...], said: str) -> None:
    code, output = run_command(*arguments)
    assert code == 2
    assert said in output
    assert "Traceback" not in output


def test_a_table_without_the_errand_s_times_is_compared_without_time() -> None:
    # 2 days of 2024 at home from 07:00 to 20:00 the next day: 580 kr; resetillägg 2 × 50; train 900 and hotel 1 100 kr
    table = compare_table(
        [
            ["Alternativ", "Färdmedel", "Avresa", "Hemkomst", "Biljett", "Hotell", "Km", "Månadslön"],
            ["Tåg", "tåg", "2024-03-04 07:00", "2024-03-05 20:00", 900, 1100, 800, 33000],
        ],
        "linkoping",
    )
    assert isinstance(table, list)
    row = dict(zip(table[0], table[1], strict=True))
    assert (row["Total kostnad"], row["Färdtidsersättning"], row["Restid h"]) == (580 + 100 + 900 + 1100, 0, 0)
    assert "förrättningens tider saknas" in row["Anmärkning"]
