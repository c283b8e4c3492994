"""Travel events in PAXml 2.0 become trips and legs. Codes and fields are those of the published format."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.xlsx.conftest import value
from xlsx.errors import UnreadableSheet
from xlsx.recalculate import recalculate
from xlsx.worker.paxml import LEFT_OUT, LEG_HEADINGS, TRIP_HEADINGS, read_paxml
from xlsx.writing import write_workbook


def event(code: str, at: str, person: str = "51", **said: str) -> str:
    number = said.pop("postid", "")
    fields = "".join(f"<{name}>{text}</{name}>" for name, text in said.items())
    numbered = f' postid="{number}"' if number else ""
    return (
        f'<resetrans{numbered} anstid="{person}"><tidpunkt>{at}</tidpunkt><resekod>{code}</resekod>{fields}</resetrans>'
    )


def write(path: Path, *events: str, encoding: str = "iso-8859-1") -> Path:
    body = f"<resetransaktioner>{''.join(events)}</resetransaktioner>"
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    path.write_bytes(f"{head}<paxml><header><version>2.0</version></header>{body}</paxml>".encode(encoding))
    return path


TRIP = (
    event("START", "2024-03-04T07:00:00", postid="7", ort="Malmö", syfte="Möte"),
    event("FRU_HOT", "2024-03-05T00:00:00"),
    event("LUN_ARB", "2024-03-05T12:00:00"),
    event("FRU_NEJ", "2024-03-06T07:00:00"),
    event("MIL_PRI", "2024-03-04T07:00:00", kmstart="1000", kmstopp="1120"),
    event("UTLÄGG", "2024-03-05T09:00:00", belopp="125.50", moms="25.10"),
    event("STOPP", "2024-03-06T20:00:00"),
)


def rows(path: Path, sheet: str = "Resor") -> list[dict[str, str]]:
    head, *lines = read_paxml(path)[sheet]
    assert tuple(head) == (TRIP_HEADINGS if sheet == "Resor" else LEG_HEADINGS)
    return [{name: text for name, text in zip(head, line, strict=True) if text} for line in lines]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-8"])
def test_a_trip_of_events(tmp_path: Path, encoding: str) -> None:
    assert rows(write(tmp_path / "a.xml", *TRIP, encoding=encoding)) == [
        {
            "Rese-ID": "7",
            "Anställningsnr": "51",
            "Avresa": "2024-03-04 07:00",
            "Hemkomst": "2024-03-06 20:00",
            "Resmål": "Malmö",
            "Syfte": "Möte",
            "Måltider": "-, FhL, -",
            "Färdmedel": "privat bil",
            "Km": "120",
            "Utlägg": "125.50",
            "Moms": "25.10",
        }
    ]


def test_it_is_computed(tmp_path: Path) -> None:
    """Three days of 290 less hotel breakfast (58) and lunch (102) is 710; 3 x 50 of resetillägg; 120 km at 2.90."""
    made = recalculate(write(tmp_path / "a.pax", *TRIP))
    assert value(made, "Traktamente", 0) == 710
    assert value(made, "Ersättning totalt", 0) == 710 + 150 + 348 + 125.5
    assert write_workbook(made).name == "a-beräknad.xlsx"


def test_the_order_in_the_file_does_not_matter(tmp_path: Path) -> None:
    assert rows(write(tmp_path / "a.xml", *reversed(TRIP))) == rows(write(tmp_path / "b.xml", *TRIP))


def test_trips_of_one_person_and_of_several(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xml",
        *(event("START", f"2024-03-0{day}T07:00:00", person, samlingsid="R") for day, person in ((1, "1"), (4, "1"))),
        *(event("STOPP", f"2024-03-0{day}T20:00:00", person, samlingsid="R") for day, person in ((2, "1"), (5, "1"))),
        event("START", "2024-03-01T08:00:00", "2"),
        event("STOPP", "2024-03-04T09:00:00", "2"),
        event("LOGI_BET", "2024-03-01T23:00:00", "2"),
        event("LOGI_BET", "2024-03-02T23:00:00", "2"),
        event("LOGI_ARB", "2024-03-03T23:00:00", "2"),
    )
    assert [(one["Rese-ID"], one["Avresa"], one["Hemkomst"], one.get("Privat logi nätter")) for one in rows(path)] == [
        ("R", "2024-03-01 07:00", "2024-03-02 20:00", None),
        ("2 2024-03-01", "2024-03-01 08:00", "2024-03-04 09:00", "2"),
        ("R (2)", "2024-03-04 07:00", "2024-03-05 20:00", None),
    ]


def test_an_event_belongs_to_the_trip_under_way_at_its_hour(tmp_path: Path) -> None:
    """Two trips the same day: the outlay at 15 is of the second one."""
    path = write(
        tmp_path / "a.xml",
        event("START", "2024-03-04T07:00:00", postid="1"),
        event("STOPP", "2024-03-04T12:00:00"),
        event("START", "2024-03-04T14:00:00", postid="2"),
        event("STOPP", "2024-03-04T18:00:00"),
        event("UTLÄGG", "2024-03-04T15:00:00", belopp="80"),
    )
    assert [one.get("Utlägg") for one in rows(path)] == [None, "80.00"]


def test_borders_are_legs(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xml",
        event("START", "2026-03-09T06:00:00", postid="1"),
        event("FLYG", "2026-03-09T08:00:00"),
        event("LAND", "2026-03-09T10:00:00", landskod="DE"),
        event("LAND", "2026-03-10T12:00:00", landskod="FR"),
        event("FLYG", "2026-03-11T15:00:00"),
        event("LAND", "2026-03-11T17:00:00", landskod="SE"),
        event("STOPP", "2026-03-11T20:00:00"),
    )
    assert rows(path, "Delsträckor") == [
        {
            "Rese-ID": "1",
            "Avgång": "2026-03-09 08:00",
            "Ankomst": "2026-03-09 10:00",
            "Till": "DE",
            "Färdmedel": "flyg",
        },
        {"Rese-ID": "1", "Avgång": "2026-03-10 12:00", "Ankomst": "2026-03-10 12:00", "Till": "FR"},
        {
            "Rese-ID": "1",
            "Avgång": "2026-03-11 15:00",
            "Ankomst": "2026-03-11 17:00",
            "Till": "SE",
            "Färdmedel": "flyg",
        },
    ]
    assert rows(path)[0]["Färdmedel"] == "flyg" and "färja" in rows(path)[0][LEFT_OUT]
    made = recalculate(path)
    assert not made.problems and value(made, "Traktamente", 0) > 0


def test_a_second_kind_of_car_is_a_row_of_its_own(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xml",
        event("START", "2024-03-04T07:00:00", postid="1"),
        event("MIL_PRI", "2024-03-04T07:00:00", kilometer="100"),
        event("MIL_DIS", "2024-03-04T09:00:00", kilometer="20"),
        event("MIL_PRI", "2024-03-04T12:00:00", kilometer="30"),
        event("STOPP", "2024-03-04T18:00:00"),
    )
    first, second = rows(path)
    assert (first["Km"], first["Färdmedel"]) == ("130", "privat bil")
    assert (second["Rese-ID"], second["Km"], second["Drivmedel / klass"]) == ("1 MIL_DIS", "20", "diesel")


def test_nothing_is_lost_without_a_word(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.xml",
        event("START", "2024-03-04T07:00:00", fortsatt="false"),
        event("REPR_MID", "2024-03-04T19:00:00", belopp="900"),
        event("UTLÄGG", "2024-03-04T09:00:00", belopp="12", valutakod="EUR"),
        event("UTLÄGG", "2024-03-04T09:00:00", belopp="50", ftgkort="true"),
        event("RESTID", "2024-03-04T19:00:00", timmar="2.5"),
        event("STOPP", "2024-03-04T20:00:00", fortsatt="true"),
        event("MIL_TJT", "2024-05-02T09:00:00", kilometer="40"),
    )
    first, second = rows(path)
    assert "Hemkomst" not in first and "Utlägg" not in first
    assert first[LEFT_OUT] == (
        "resan fortsätter i en senare fil; UTLÄGG 12 EUR; UTLÄGG 50 företagskort; REPR_MID 900; RESTID 2.5"
    )
    assert (second["Avresa"], second["Hemkomst"], second["Km"]) == ("2024-05-02 09:00", "2024-05-02 09:00", "40")
    assert "utan START och STOPP" in second[LEFT_OUT]


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        ("2024-03-04T07:00:00+01:00", "2024-03-04 07:00"),
        ("2024-07-04T07:00:00Z", "2024-07-04 09:00"),
        ("2024-03-04T07:00:00+01:00[Europe/Stockholm]", "2024-03-04 07:00"),
    ],
)
def test_clocks_are_those_on_the_wall(tmp_path: Path, at: str, shown: str) -> None:
    assert rows(write(tmp_path / "a.xml", event("START", at)))[0]["Avresa"] == shown


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<paxml><lonetransaktioner/></paxml>", "inga resehändelser"),
        ("<bok/>", "ingen PAXml-fil: den börjar med <bok>"),
        ("<paxml><resetransaktioner>", "ingen giltig XML"),
        ("hej", "inte giltig XML"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><paxml>&a;</paxml>', "DOCTYPE"),
        ("", "filen är tom"),
        (f"<paxml>{event('START', 'igår')}</paxml>", 'tidpunkten "igår"'),
        (f"<paxml>{event('MIL_PRI', '2024-03-04T07:00:00', kilometer='x')}</paxml>", 'kilometer "x"'),
        (f"<paxml>{event('UTLÄGG', '2024-03-04T07:00:00', belopp='x')}</paxml>", 'belopp "x"'),
    ],
)
def test_what_is_no_paxml_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "fel.xml"
    path.write_text(content, "utf-8")
    with pytest.raises(UnreadableSheet, match=says) as caught:
        recalculate(path)
    assert str(caught.value).startswith("fel.xml: ")
