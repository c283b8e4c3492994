"""Emission factors as files: each agrees with the published figures it is made from.

Reads the files as they are, without the engine.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.core.data_files import STATUSES, table

# Emission factors

STANDARD = {(row["fardmedel"], row["typ"], row["band"]): row for row in table("klimat/faktorer_standard.csv")}
FLIGHT_BANDS = {
    "inrikes": ("domestic_uk", {"ekonomi": "average"}),
    "Europa": ("short_haul_uk", {"ekonomi": "economy", "business": "business"}),
    "övriga världen": (
        "long_haul_uk",
        {"ekonomi": "economy", "premium": "premium_economy", "business": "business", "första": "first"},
    ),
}
LAND = {
    ("bil", "bensin", ""): ("car", "Petrol", "Average car"),
    ("bil", "diesel", ""): ("car", "Diesel", "Average car"),
    ("bil", "okänt", ""): ("car", "Unknown", "Average car"),
    ("bil", "laddhybrid", ""): ("car", "Plug-in Hybrid Electric Vehicle", "Average car"),
    ("lätt lastbil", "diesel", ""): ("light_truck", "Diesel", "Average (up to 3.5 tonnes)"),
    ("lätt lastbil", "bensin", ""): ("light_truck", "Petrol", "Average (up to 3.5 tonnes)"),
    ("lätt lastbil", "okänt", ""): ("light_truck", "Unknown", "Average (up to 3.5 tonnes)"),
    ("lätt lastbil", "el", ""): ("light_truck", "Battery Electric Vehicle", "Average (up to 3.5 tonnes)"),
    ("buss", "stadsbuss", ""): ("bus", "Local bus (not London)", ""),
    ("spårvagn", "", ""): ("rail", "Light rail and tram", ""),
    ("taxi", "okänt", ""): ("taxi", "Regular taxi", ""),
    ("mc", "", ""): ("motorbike", "Average", ""),
    ("moped", "", ""): ("motorbike", "Small", ""),
}


def desnz(mode: str, submode: str, kind: str, unit: str, band: str = "", altitude: str = "n/a") -> Decimal:
    """One DESNZ factor of 2025 in the file of all factors."""
    found = [
        row["kg_co2e_per_unit"]
        for row in table("klimat/faktorer_alla.csv")
        if (row["source"], row["year"], row["mode"], row["submode"]) == ("desnz-2025", "2025", mode, submode)
        and (row["class"], row["unit"], row["band"]) == (kind, unit, band)
        and row["includes_high_altitude"] == altitude
    ]
    assert len(found) == 1, (mode, submode, kind, unit, band, altitude, found)
    return Decimal(found[0])


def test_factors_are_well_formed() -> None:
    assert len(table("klimat/faktorer_alla.csv")) == 609
    assert len(table("klimat/faktorer_standard.csv")) == len(STANDARD) == 39
    for (mode, _, _), row in STANDARD.items():
        without, with_altitude = Decimal(row["kg_utan_hojd"]), Decimal(row["kg_med_hojd"])
        assert 0 <= without <= with_altitude
        assert (mode == "flyg") == (without < with_altitude)
        assert row["enhet"] in {"personkm", "fordonskm", "gästnatt", "rumsnatt"}
        assert row["status"] in STATUSES
    assert {mode for mode, _, _ in STANDARD} == {
        "flyg",
        "tåg",
        "buss",
        "spårvagn",
        "bil",
        "lätt lastbil",
        "taxi",
        "mc",
        "moped",
        "färja",
        "gång och cykel",
        "hotell",
    }


def test_flights_are_the_direct_factor_and_the_fuel_supply() -> None:
    flights = {key for key in STANDARD if key[0] == "flyg"}
    assert flights == {("flyg", kind, band) for band, (_, kinds) in FLIGHT_BANDS.items() for kind in kinds}
    for band, (source_band, kinds) in FLIGHT_BANDS.items():
        for kind, source_kind in kinds.items():
            row = STANDARD["flyg", kind, band]
            supply = desnz("flight_wtt", "scheduled", source_kind, "passenger.km", source_band)
            for column, altitude in (("kg_utan_hojd", "no"), ("kg_med_hojd", "yes")):
                direct = desnz("flight", "scheduled", source_kind, "passenger.km", source_band, altitude)
                # the factors are printed with up to six decimals, the set with five
                assert abs(Decimal(row[column]) - direct - supply) <= Decimal("0.00001")
    # by hand: 0.07559 average is not used within Europe, 0.07435 + 0.02249 economy is
    assert STANDARD["flyg", "ekonomi", "Europa"]["kg_utan_hojd"] == "0.09684"


@pytest.mark.parametrize("key", sorted(LAND))
def test_british_land_factors_are_direct_and_fuel_supply(key: tuple[str, str, str]) -> None:
    mode, submode, kind = LAND[key]
    row = STANDARD[key]
    unit = {"personkm": "passenger.km", "fordonskm": "vehicle.km"}[row["enhet"]]
    total = desnz(mode, submode, kind, unit) + desnz(f"{mode}_wtt", submode, kind, unit)
    assert row["kalla"] == "desnz-2025"
    assert Decimal(row["kg_utan_hojd"]) == total


def test_every_british_row_is_checked() -> None:
    british = {key for key, row in STANDARD.items() if row["kalla"] == "desnz-2025"}
    assert british == set(LAND) | {key for key in STANDARD if key[0] == "flyg"} | {("hotell", "", "Belgien")}
