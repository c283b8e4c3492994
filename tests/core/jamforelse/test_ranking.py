"""Ranks, scores, break-even and journeys, each against figures that can be read off."""

from __future__ import annotations

import numpy as np
import pytest

from core.jamforelse.journeys import Times, owners
from core.jamforelse.ranking import Weights, assessment, break_even, cheapest_other, ranks, scores
from core.jamforelse.rules import forlorad_arbetstid, natter_borta, reseantal, restid_utan_arbete
from core.vocabulary import FARDMEDEL

ALL = np.ones(4, bool)


def test_equal_values_share_a_rank_and_the_next_is_left_out() -> None:
    assert ranks(np.array([30, 10, 10, 20]), ALL).tolist() == [4, 1, 1, 3]


def test_what_is_not_sound_takes_no_rank() -> None:
    assert ranks(np.array([30, 0, 10, 20]), np.array([True, False, True, True])).tolist() == [3, 0, 1, 2]
    assert ranks(np.array([5, 6]), np.zeros(2, bool)).tolist() == [0, 0]


def test_scores_run_from_100_for_the_best_to_0_for_the_worst() -> None:
    assert scores(np.array([100, 200, 150, 175]), ALL).tolist() == [10_000, 0, 5_000, 2_500]


def test_scores_are_rounded_half_up_to_hundredths() -> None:
    # (3 - 1) / 3 = 66,666… → 66,67; (3 - 2) / 3 = 33,333… → 33,33
    assert scores(np.array([0, 1, 2, 3]), ALL).tolist() == [10_000, 6_667, 3_333, 0]


def test_the_unsound_stretch_no_scale() -> None:
    assert scores(np.array([10, 20, 9_999]), np.array([True, True, False])).tolist() == [10_000, 0, 0]


def test_when_all_are_equal_all_are_best() -> None:
    assert scores(np.array([7, 7]), np.ones(2, bool)).tolist() == [10_000, 10_000]


def test_the_assessment_is_the_weighted_mean() -> None:
    low, high = np.array([0, 10]), np.array([10, 0])
    sound = np.ones(2, bool)
    assert assessment((low, high), (40, 60), sound).tolist() == [4_000, 6_000]
    assert assessment((low, high), (1, 2), sound).tolist() == [3_333, 6_667]


def test_weights_are_in_the_order_of_the_criteria() -> None:
    assert tuple(Weights(miljo=1, kostnad=2, arbete=3, source="", status="")) == (1, 2, 3)


@pytest.mark.parametrize(
    ("own", "price", "slope", "other", "expected"),
    [
        (1000, 400, 10_000, 1300, 700),
        (1000, 400, 10_000, 500, -100),
        (1000, 400, 20_000, 1301, 550),  # two persons: 150,5 is 150 öre each, never too much
        (1000, 400, 15_000, 1300, 600),  # half of the ticket on top: 300 / 1,5
    ],
)
def test_break_even(own: int, price: int, slope: int, other: int, expected: int) -> None:
    assert break_even(own, price, slope, other) == expected


def test_the_cheapest_other_of_the_cheapest_is_the_second() -> None:
    assert cheapest_other(np.array([30, 10, 20]), np.ones(3, bool)).tolist() == [1, 2, 1]
    assert cheapest_other(np.array([30, 10, 20]), np.array([True, False, True])).tolist() == [2, 2, 0]
    assert cheapest_other(np.array([30]), np.ones(1, bool)).tolist() == [-1]


def times(*moments: int) -> Times:
    return Times(*(np.array([moment]) for moment in moments))


def test_two_journeys_stand_beside_each_other() -> None:
    both = Times(*(np.array([moment, moment + 100]) for moment in (1, 2, 3, 4, 5, 6)))
    departures, arrivals = both.journeys()
    assert departures.tolist() == [1, 5, 101, 105]
    assert arrivals.tolist() == [2, 6, 102, 106]
    assert owners(2).tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ((10, 20, 30, 40, 50, 60), None),
        ((10, 10, 10, 10, 10, 10), None),
        ((70, 70, 70, 70, 70, 60), "Hemkomsten ligger före avresan."),
        ((10, 20, 30, 25, 50, 60), "Förrättningen slutar innan den börjar."),
        ((35, 36, 30, 40, 50, 60), "Förrättningen börjar före avresan."),
        ((10, 20, 30, 65, 65, 60), "Hemkomsten ligger före förrättningens slut."),
        ((10, 5, 30, 40, 50, 60), "Framme ligger före avresan."),
        ((10, 31, 30, 40, 50, 60), "Framme ligger efter att förrättningen börjar."),
        ((10, 20, 30, 40, 39, 60), "Hemfärden börjar innan förrättningen slutar."),
        ((10, 20, 30, 40, 61, 60), "Hemkomsten ligger före hemfärdens början."),
    ],
)
def test_the_first_contradiction_is_named(moments: tuple[int, ...], said: str | None) -> None:
    assert next((sentence for wrong, sentence in times(*moments).disorder() if wrong[0]), None) == said


DAY, SIX = 1440, 360


@pytest.mark.parametrize(
    ("start", "end", "nights"),
    [
        (8 * 60, 20 * 60, 0),
        (8 * 60, DAY + SIX, 1),  # home at six sharp
        (8 * 60, DAY + SIX - 1, 0),
        (0, SIX, 1),  # away at midnight sharp
        (1, DAY, 0),
        (8 * 60, 3 * DAY + 12 * 60, 3),
    ],
)
def test_nights_away_are_whole_nights(start: int, end: int, nights: int) -> None:
    assert natter_borta(np.int64(start), np.int64(end), SIX) == nights


def test_time_lost_and_idle_are_never_below_nothing() -> None:
    assert forlorad_arbetstid(np.int64(100), np.int64(160), np.int64(200)).values == 0
    assert restid_utan_arbete(np.int64(500), np.int64(480), np.int64(60)) == 0


def test_vehicles_count_once_and_tickets_per_person() -> None:
    modes = np.array([FARDMEDEL[word] for word in ("tåg", "taxi", "poolbil", "flyg", "lätt lastbil")])
    assert reseantal(modes, np.int64(4), np.int64(1)).tolist() == [4, 1, 1, 4, 1]
