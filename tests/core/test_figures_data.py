"""The figures as files: complete, sourced, and in agreement with the law and the published tables.

Reads the files as they are, without the engine.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest

from tests.core.data_files import (
    AMOUNTS,
    CORE,
    DOMESTIC,
    STATUSES,
    UNITS,
    document,
    figure,
    table,
    to_nearest,
    value_on,
)

FIGURES = {
    "traktamente": {
        "prisbasbelopp",
        "maximibelopp_andel",
        "nattandel",
        "halvdagsandel",
        "langtid_andel_tre_manader",
        "langtid_andel_tva_ar",
        "hel_avresedag_senast",
        "hel_hemresedag_tidigast",
        "nattens_slut",
        "verksamhetsort_radie",
        "jamforelse_fran",
    },
    "maltider": {
        "maltidsandel",
        "frukostandel",
        "frukostavdrag_undantag_belopp",
        "frukostavdrag_undantag",
        "kostforman_helt",
        "kostforman_huvudmal",
        "kostforman_frukost",
    },
    "bil": {
        "milersattning_skattefri",
        "bia_ersattning",
        "bilavtal_resor_per_ar",
        "bilavtal_mil_per_ar",
        "bilavtal_akutresor_per_vecka",
    },
    "fardtid": {
        "fardtid_andel_niva1",
        "fardtid_andel_niva2",
        "fardtid_nivagrans",
        "fardtid_minsta",
        "timlon_divisor",
        "arbetstid_start",
        "arbetstid_slut",
        "sovplats_fran",
        "sovplats_till",
    },
    "resetillagg": {"resetillagg_belopp", "resetillagg_efter"},
    "klimat": {"utslapp_per_liter", "langflyg_fran", "farvagspaslag"},
}
ROOMS = sorted(FIGURES)
NAMES = [(room, name) for room in ROOMS for name in sorted(FIGURES[room])]
# The files


@pytest.mark.parametrize("room", ROOMS)
def test_every_figure_is_there_and_no_other(room: str) -> None:
    assert set(document(f"{room}/rates.yaml")) == FIGURES[room]


@pytest.mark.parametrize(("room", "name"), NAMES)
def test_figure_is_well_formed(room: str, name: str) -> None:
    block = figure(room, name)
    assert set(block) <= {"titel", "enhet", "nyckel", "regel", "kand_till", "lagens", "dolj_noll", "varden"}
    assert block["enhet"] in UNITS
    assert block["titel"]
    assert isinstance(block["regel"], list)
    starts = [dt.date.fromisoformat(entry["fran"]) for entry in block["varden"]]
    assert starts == sorted(starts)
    if "kand_till" in block:
        assert dt.date.fromisoformat(block["kand_till"]) >= starts[-1]
    for entry in block["varden"]:
        assert set(entry) == {"fran", "varde", "kalla", "kontrollerad", "status"}
        assert entry["status"] in STATUSES
        assert entry["kalla"].strip()
        assert dt.date.fromisoformat(entry["kontrollerad"])
        assert isinstance(entry["varde"], dict) == ("nyckel" in block)
        for written in entry["varde"].values() if "nyckel" in block else [entry["varde"]]:
            if block["enhet"] == "klockslag":
                assert re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", written)
            else:
                assert Decimal(written) >= 0


def test_sources_exist_and_are_used() -> None:
    sources = document("kallor.yaml")
    used = {row["kalla"] for row in AMOUNTS}
    used |= {row["kalla"] for row in table("klimat/faktorer_standard.csv")}
    used |= {row["source"] for row in table("klimat/faktorer_alla.csv")}
    used |= {year["kalla"] for year in document("traktamente/normalbelopp.yaml")["ar"].values()}
    used |= {"geonames"}  # the whole of platser.csv
    assert used == set(sources)
    assert all(block["titel"] and set(block) <= {"titel", "lank", "licens"} for block in sources.values())
    assert "CC BY 4.0" in sources["geonames"]["licens"]


@pytest.mark.parametrize("path", sorted(path.relative_to(CORE).as_posix() for path in CORE.glob("*/*.csv")))
def test_csv_is_plain(path: str) -> None:
    raw = (CORE / path).read_bytes()
    text = raw.decode("utf-8")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert len(raw) < 100_000
    assert not re.search(r"(?:^|[\s,;(\"|])/[a-z]", text, re.MULTILINE), "a path of some machine"
    assert all(None not in row and None not in row.values() for row in table(path)), "ragged rows"


# Domestic amounts


@pytest.mark.parametrize("year", range(2010, 2027))
def test_half_a_percent_of_prisbasbelopp_gives_the_published_amount(year: int) -> None:
    day = f"{year}-07-01"
    share = value_on("traktamente", "maximibelopp_andel", day) / 100
    derived = to_nearest(value_on("traktamente", "prisbasbelopp", day) * share, 10)
    assert derived == int(DOMESTIC[year, "hel"]["belopp"])


def test_prisbasbelopp_is_one_entry_for_each_year() -> None:
    block = figure("traktamente", "prisbasbelopp")
    assert [entry["fran"] for entry in block["varden"]] == [f"{year}-01-01" for year in range(2010, 2027)]
    assert block["kand_till"] == "2026-12-31"


LEVELS = {"hel": 100, "halv": 50, "natt": 50, "70": 70, "50": 50, "30": 30}


@pytest.mark.parametrize(("year", "level"), sorted(DOMESTIC))
def test_levels_are_their_share_of_the_whole_day(year: int, level: str) -> None:
    whole = int(DOMESTIC[year, "hel"]["belopp"])
    assert int(DOMESTIC[year, level]["belopp"]) * 100 == whole * LEVELS[level]


MEALS = {
    "frukost": ("frukostandel", "inrikes"),
    "huvudmal": ("maltidsandel", "inrikes lunch eller middag"),
    "lunch_och_middag": ("maltidsandel", "inrikes lunch och middag"),
    "alla": ("maltidsandel", "inrikes alla måltider"),
}


@pytest.mark.parametrize(("year", "level"), sorted(key for key in DOMESTIC if key[1] != "natt"))
def test_meal_cells_are_their_share_half_up(year: int, level: str) -> None:
    row, day = DOMESTIC[year, level], f"{year}-07-01"
    amount = int(row["belopp"])
    expected = {
        column: to_nearest(amount * value_on("maltider", name, day, key) / 100, 1)
        for column, (name, key) in MEALS.items()
    }
    if amount == value_on("maltider", "frukostavdrag_undantag_belopp", day):
        expected["frukost"] = int(value_on("maltider", "frukostavdrag_undantag", day))
    assert {column: int(row[column]) for column in MEALS} == expected


def test_the_breakfast_exception_is_33_of_168_in_2020_and_2021_only() -> None:
    by_year = {
        year: (
            int(value_on("maltider", "frukostavdrag_undantag_belopp", f"{year}-12-31")),
            int(value_on("maltider", "frukostavdrag_undantag", f"{year}-12-31")),
        )
        for year in (2019, 2020, 2021, 2022)
    }
    assert by_year == {2019: (0, 0), 2020: (168, 33), 2021: (168, 33), 2022: (0, 0)}


def test_published_cells_of_2024_and_2026() -> None:
    # mobilexpense.com and travelperk.com 2024; a breakfast at 290 kr is 58 kr, both main meals 203 kr
    assert [DOMESTIC[2024, "hel"][column] for column in MEALS] == ["58", "102", "203", "261"]
    assert [DOMESTIC[2024, "70"][column] for column in MEALS] == ["41", "71", "142", "183"]
    assert [DOMESTIC[2026, "halv"][column] for column in MEALS] == ["30", "53", "105", "135"]


# Meals and cars


@pytest.mark.parametrize("year", range(2021, 2027))
def test_free_meals_follow_prisbasbelopp_from_2021(year: int) -> None:
    day = f"{year}-07-01"
    whole = value_on("maltider", "kostforman_helt", day)
    assert whole == to_nearest(value_on("traktamente", "prisbasbelopp", day) * Decimal("0.0052"), 5)


@pytest.mark.parametrize("year", range(2019, 2027))
def test_main_meal_is_40_and_breakfast_20_percent(year: int) -> None:
    day = f"{year}-07-01"
    whole = value_on("maltider", "kostforman_helt", day)
    assert value_on("maltider", "kostforman_huvudmal", day) * 10 == whole * 4
    assert value_on("maltider", "kostforman_frukost", day) * 10 == whole * 2


def test_foreign_meal_shares() -> None:
    # SKV A 2019:24: breakfast is 15 % abroad, and 15 % of the amount always remains
    shares = figure("maltider", "maltidsandel")["varden"][0]["varde"]
    abroad = [shares[f"utrikes {meals}"] for meals in ("lunch eller middag", "lunch och middag", "alla måltider")]
    assert abroad == ["35", "70", "85"]
    assert figure("maltider", "frukostandel")["varden"][0]["varde"]["utrikes"] == "15"


@pytest.mark.parametrize(
    ("day", "own", "diesel", "other", "electric"),
    [
        # SFS 2007:1388: 1 krona 85 öre per km; förmånsbil 65 öre for diesel and 95 öre for other fuel
        ("2019-01-01", "18.50", "6.50", "9.50", "9.50"),
        ("2022-12-31", "18.50", "6.50", "9.50", "9.50"),
        # SFS 2022:1806: 2 kronor 50 öre; förmånsbil 1 krona 20 öre, all-electric 95 öre
        ("2023-01-01", "25.00", "12.00", "12.00", "9.50"),
        ("2026-12-31", "25.00", "12.00", "12.00", "9.50"),
    ],
)
def test_mileage_of_the_income_tax_act(day: str, own: str, diesel: str, other: str, electric: str) -> None:
    expected = {"egen": own, "förmånsbil diesel": diesel, "förmånsbil": other, "förmånsbil el": electric}
    for key, kronor in expected.items():
        assert value_on("bil", "milersattning_skattefri", day, key) == Decimal(kronor)
