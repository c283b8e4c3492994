"""RESEJAMFORELSE: what is added up, ranked, weighed and chosen by the policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.engine import CellError
from tests.udfs.comparison_rows import (
    CAR,
    COSTS,
    DIGITAL,
    FLIGHT,
    FLIGHT_TO_BRUSSELS,
    NIGHT_TRAIN_TO_BRUSSELS,
    TRAIN,
    Row,
    alternatives,
    check,
    compared,
    own_policy,
)
from udfs.calculation import answering
from udfs.comparison import compare_table


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
