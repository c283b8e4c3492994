"""RESEJAMFORELSE against comparisons worked out by hand.

Every amount is computed in the comment beside it, from the documents' rules and the published figures.
"""

from __future__ import annotations

from tests.udfs.comparison_rows import (
    CAR,
    COSTS,
    DIGITAL,
    FLIGHT,
    FLIGHT_TO_BRUSSELS,
    NIGHT_TRAIN_TO_BRUSSELS,
    TRAIN,
    check,
    compared,
)


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
