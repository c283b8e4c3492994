"""Country amounts, countries and places as files: complete, consistent, and with one meaning for each name.

Reads the files as they are, without the engine.
"""

from __future__ import annotations

import math
import re
from collections import Counter

import pytest

from tests.core.data_files import AMOUNTS, COMPLETE_YEARS, COUNTRIES, DOMESTIC, STATUSES, document, normalised, table

# Country amounts


def test_number_of_amounts_and_years() -> None:
    # Open data 172 (2023) and 173 (2024) rows less four former names, 199 (2026) less two;
    # Åland and Svalbard added
    assert Counter(row["ar"] for row in AMOUNTS) == {
        "2019": 1,
        "2020": 1,
        "2022": 3,
        "2023": 170,
        "2024": 171,
        "2026": 199,
    }
    assert len({(row["ar"], row["kod"]) for row in AMOUNTS}) == len(AMOUNTS)


def test_2025_is_absent() -> None:
    assert "2025" not in {row["ar"] for row in AMOUNTS}
    assert "2025" not in document("traktamente/normalbelopp.yaml")["ar"]


def test_amounts_are_well_formed() -> None:
    for row in AMOUNTS:
        assert row["kod"] in COUNTRIES
        assert row["kod"] != "SE"
        assert row["belopp"].isdigit()
        assert row["status"] in STATUSES
        assert row["se"] == "" or row["se"] in COUNTRIES


def test_references_give_the_amount_of_their_target() -> None:
    by_key = {(row["ar"], row["kod"]): row for row in AMOUNTS}
    references = [row for row in AMOUNTS if row["se"]]
    for row in references:
        target = by_key[row["ar"], row["se"]]
        assert target["se"] == ""
        assert target["belopp"] == row["belopp"]
    assert {(row["kod"], row["se"]) for row in references if row["ar"] == "2024"} == {
        ("AX", "FI"),
        ("GL", "DK"),
        ("HK", "CN"),
        ("IR", "ZZ"),
        ("LB", "ZZ"),
        ("MO", "CN"),
        ("PR", "US"),
        ("SJ", "NO"),
        ("SM", "IT"),
    }


@pytest.mark.parametrize("year", COMPLETE_YEARS)
def test_no_amount_is_below_the_domestic_one(year: str) -> None:
    floor = int(DOMESTIC[int(year), "hel"]["belopp"])
    assert min(int(row["belopp"]) for row in AMOUNTS if row["ar"] == year) == floor


def test_years_say_how_complete_they_are() -> None:
    years = document("traktamente/normalbelopp.yaml")["ar"]
    assert set(years) == {row["ar"] for row in AMOUNTS}
    assert {year for year, block in years.items() if block["fullstandig"] == "true"} == set(COMPLETE_YEARS)
    for year, block in years.items():
        listed = {row["kod"] for row in AMOUNTS if row["ar"] == year}
        assert block["status"] in STATUSES
        assert set(block["saknas"]) <= set(COUNTRIES)
        assert not set(block["saknas"]) & listed
        assert ("ZZ" in listed) == (block["fullstandig"] == "true")
    assert "PE" in years["2026"]["saknas"]


@pytest.mark.parametrize(
    ("year", "code", "kronor"),
    [
        ("2022", "NO", 953),
        ("2023", "DK", 1051),
        ("2024", "BE", 894),  # this and the following of 2024: SKV A 2023:18
        ("2024", "DK", 1274),
        ("2024", "FI", 948),
        ("2024", "XK", 290),
        (
            "2024",
            "LR",
            752,
        ),  # from Libanon on, the copy at faronline.se is one row off; these three are the open data
        ("2024", "LY", 290),
        ("2024", "LI", 1147),
        ("2024", "ZZ", 493),
        ("2026", "GR", 695),
        ("2026", "HK", 895),
        ("2026", "ZZ", 470),
    ],
)
def test_published_amounts(year: str, code: str, kronor: int) -> None:
    assert [int(row["belopp"]) for row in AMOUNTS if (row["ar"], row["kod"]) == (year, code)] == [kronor]


def test_status_of_the_years() -> None:
    statuses = Counter((row["ar"], row["status"]) for row in AMOUNTS if row["kod"] not in ("AX", "SJ"))
    assert statuses["2023", "bekräftad"] == 168
    assert statuses["2024", "bekräftad"] == 169
    assert statuses["2026", "två källor"] == 51
    assert statuses["2026", "obekräftad"] == 146
    assert not statuses["2026", "bekräftad"]


# Countries and places


def test_countries_are_iso_and_three_more() -> None:
    assert len(COUNTRIES) == 249 + 3
    assert {"XK", "AN", "ZZ"} < set(COUNTRIES)
    assert len(table("vocabulary/lander.csv")) == len(COUNTRIES)
    assert all(re.fullmatch("[A-Z]{2}", code) for code in COUNTRIES)


def test_no_name_points_to_two_countries() -> None:
    owners: dict[str, str] = {}
    for code, row in COUNTRIES.items():
        for name in [code, row["namn"], *filter(None, row["synonymer"].split("|"))]:
            assert name == name.strip()
            assert name
            assert owners.setdefault(normalised(name), code) == code, name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Burma", "MM"),
        ("Vitryssland", "BY"),
        ("Makedonien", "MK"),
        ("Swaziland", "SZ"),
        ("Holland", "NL"),
        ("Storbritannien", "GB"),
        ("Skottland", "GB"),
        ("UK", "GB"),
        ("United States", "US"),
        ("Förenta staterna", "US"),
        ("Tjeckiska republiken", "CZ"),
        ("Kongo (Dem. Republiken)", "CD"),
        ("Kongo-Brazzaville", "CG"),
        ("Germany", "DE"),
        ("DEU", "DE"),
        ("Mikronesien", "FM"),
    ],
)
def test_common_names_are_known(name: str, code: str) -> None:
    row = COUNTRIES[code]
    assert name in [row["namn"], *row["synonymer"].split("|")]


def test_every_country_has_its_alpha_3_code() -> None:
    without = {
        code
        for code, row in COUNTRIES.items()
        if not any(re.fullmatch("[A-Z]{3}", name) for name in [row["namn"], *row["synonymer"].split("|")])
    }
    assert without == {"ZZ"}


def test_zones_and_health_card() -> None:
    zones = {zone: {c for c, row in COUNTRIES.items() if row["zon"] == zone} for zone in ("inrikes", "Norden")}
    assert zones == {"inrikes": {"SE"}, "Norden": {"DK", "NO", "FI", "IS", "FO", "GL", "AX", "SJ"}}
    assert {row["zon"] for row in COUNTRIES.values()} == {"inrikes", "Norden", "Europa", "övriga världen"}
    assert COUNTRIES["TR"]["zon"] == COUNTRIES["RU"]["zon"] == "Europa"
    health = {kind: {c for c, row in COUNTRIES.items() if row["ees"] == kind} for kind in ("eu", "ees", "ehic")}
    assert health["ees"] == {"NO", "IS", "LI"}
    assert health["ehic"] == {"CH", "GB"}
    # 27 members, Åland and the French overseas departments with Saint-Martin
    assert len(health["eu"]) == 27 + 1 + 6
    assert {row["ees"] for row in COUNTRIES.values()} == {"eu", "ees", "ehic", ""}


def test_places_are_swedish_and_unique() -> None:
    places = table("vocabulary/platser.csv")
    assert len(places) > 800
    assert len({normalised(row["namn"]) + row["namn"].casefold() for row in places}) == len(places)
    for row in places:
        assert re.fullmatch(r"\d\d\.\d{4}", row["latitud"])
        assert re.fullmatch(r"\d\d\.\d{4}", row["longitud"])
        assert 55.3 < float(row["latitud"]) < 69.1
        assert 10.9 < float(row["longitud"]) < 24.2
    assert {"Göteborg", "Linköping", "Svenstavik", "Österbymo", "Tyresö"} < {row["namn"] for row in places}


def test_two_known_places_are_where_they_are() -> None:
    # One degree of latitude is 111.2 km. Stockholm 59.33 N 18.06 E, Göteborg 57.71 N 11.97 E: 1.62 degrees
    # north are 180 km; 6.09 degrees east at 58.5 N are 6.09 x 111.2 x cos 58.5 = 354 km; together 397 km.
    places = {row["namn"]: (float(row["latitud"]), float(row["longitud"])) for row in table("vocabulary/platser.csv")}
    (north, east), (south, west) = places["Stockholm"], places["Göteborg"]
    kilometres = 111.2 * math.hypot(north - south, (east - west) * math.cos(math.radians(58.5)))
    assert kilometres == pytest.approx(397, abs=5)
