"""What headings mean, and where the header is."""

from __future__ import annotations

import pytest

from xlsx.headings import header_row, map_headings
from xlsx.vocabulary import TRIPS


@pytest.mark.parametrize(
    ("written", "column", "scale"),
    [
        ("Avresa", "avresa", 1),
        ("AVRESA ", "avresa", 1),
        ("Departure", "avresa", 1),
        ("Anst.nr", "anstallningsnr", 1),
        ("Sträcka (mil)", "km", 10),
        ("Mil", "km", 10),
        ("Körda mil", "km", 10),
        ("Sträcka i km", "km", 1),
        ("Biljettkostnad (kr)", "kostnad", 1),
        ("Lön tkr", "manadslon", 1000),
        ("Sysselsättningsgrad %", "sysselsattningsgrad", 1),
        ("Avresa datum", "avresa_datum", 1),
        ("Avresa (datum och tid)", "avresa", 1),
        ("Hemkomst, datum och klockslag", "hemkomst", 1),
        ("Ansvar", "ansvar", 1),
    ],
)
def test_meanings(written: str, column: str, scale: int) -> None:
    found = map_headings(["Syfte", written], TRIPS).columns
    assert (found[column].index, found[column].scale) == (1, scale)


def test_our_own_heading_wins_over_a_synonym() -> None:
    found = map_headings(["Start", "Avresa"], TRIPS)
    assert found.columns["avresa"].index == 1
    assert any('"Start" används inte' in note for note in found.notes)


def test_two_synonyms_are_a_problem() -> None:
    found = map_headings(["Start", "Utresa", "Slut"], TRIPS)
    assert "avresa" not in found.columns and "hemkomst" in found.columns
    assert 'A "Start" och B "Utresa"' in found.problems[0]


def test_all_of_three_synonyms_are_named() -> None:
    found = map_headings(["Avresa", "Kostnadsställe", "Förvaltning", "Enhet"], TRIPS)
    assert "avdelning" not in found.columns
    assert found.problems == [
        'Kolumnerna B "Kostnadsställe", C "Förvaltning" och D "Enhet" betyder alla Avdelning; ingen av dem används. '
        "Byt namn på alla utom en."
    ]


def test_a_near_heading_is_only_hinted_at() -> None:
    found = map_headings(["Avresse", "Hemkomst"], TRIPS)
    assert "avresa" not in found.columns
    assert 'Kolumnen "Avresse" liknar Avresa' in found.notes[0]


def test_another_currency_is_not_taken_for_kronor() -> None:
    found = map_headings(["Utlägg EUR"], TRIPS)
    assert "utlagg" not in found.columns and "enheten EUR" in found.problems[0]


def test_the_header_is_found_below_titles() -> None:
    assert header_row([["Reseräkningar"], [], ["Start", "Slut"], ["x", "Start"]], TRIPS) == 2
    assert header_row([["Reseräkningar"], ["Avresa"]], TRIPS) is None
