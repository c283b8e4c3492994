"""What unknown headings are proposed to mean, and what a confirmed mapping does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.xlsx.conftest import Write
from xlsx.grid import Sheet
from xlsx.headings import Mapping, map_headings
from xlsx.mapping import PRESETS, MappingError, make_mapping, presets, read_mapping, recognised, write_mapping
from xlsx.reading import open_source
from xlsx.sheets import choose_sheet, read_sheet
from xlsx.vocabulary import LEGS, TRIPS

CSV = (
    "Resenr;Avd;Avresedatm;Avresetid;Hemkomst dat;Hemkomsttid;Färdsätt;Körsträcka enl mätare;Kommentar;Anst\n"
    "1;Kultur;2024-03-04;07:00;2024-03-06;20:00;privat bil;125;hej;0017\n"
    "2;Kultur;2024-03-05;07:00;2024-03-05;20:00;tåg;;hopp;0018\n"
)


def read(path: Path, columns: dict[str, str] | None = None) -> tuple[Sheet, Mapping]:
    source = open_source(path)
    chosen = None if columns is None else make_mapping(columns)
    return read_sheet(path, source, choose_sheet(path, source, None, chosen), TRIPS, chosen)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(CSV, "utf-8")
    return path


def test_near_and_shortened_headings_are_proposed_and_not_used(export: Path) -> None:
    _, found = read(export)
    assert {one.written: one.heading.title for one in found.proposals} == {
        "Avd": "Avdelning",
        "Avresedatm": "Avresedatum",
        "Hemkomst dat": "Hemkomstdatum",
        "Körsträcka enl mätare": "Km",
        "Anst": "Anställningsnr",
    }
    assert not {"avdelning", "avresa_datum", "km", "anstallningsnr"} & set(found.columns)
    assert all(72 <= one.likeness <= 100 for one in found.proposals)


def test_cells_of_another_kind_speak_against_a_proposal(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Avresa;Hemkomst;Hemkomstdatm\n2024-03-04 07:00;2024-03-06 20:00;Karlstad\n", "utf-8")
    assert read(path)[1].proposals == []
    path.write_text("Avresa;Hemkomst;Hemkomstdatm\n2024-03-04 07:00;2024-03-06 20:00;2024-03-06\n", "utf-8")
    assert [one.heading.column for one in read(path)[1].proposals] == ["hemkomst_datum"]


def test_no_meaning_is_proposed_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Avresa;Hemkomst;Utlägg summa;Utläggs\n2024-03-04 07:00;2024-03-06 20:00;10;20\n", "utf-8")
    assert [one.written for one in read(path)[1].proposals] == ["Utläggs"]


def test_what_is_confirmed_is_used(export: Path) -> None:
    columns = {"Avresedatm": "Avresedatum", "Körsträcka enl mätare": "Km (mil)", "Avd": "Avdelning", "Färdsätt": ""}
    _, found = read(export, columns)
    assert (found.columns["avresa_datum"].index, found.columns["avdelning"].index) == (2, 1)
    assert (found.columns["km"].index, found.columns["km"].scale) == (7, 10)
    assert "fardmedel" not in found.columns and "Färdsätt" not in found.unknown
    assert found.columns["rese_id"].written == "Resenr"


def test_a_confirmed_heading_wins_over_one_of_our_own() -> None:
    chosen = make_mapping({"Verklig avresa": "Avresa"}).chosen(TRIPS)
    found = map_headings(["Avresa", "Verklig avresa"], TRIPS, 0, chosen)
    assert found.columns["avresa"].index == 1
    assert found.notes == ['Kolumnen "Avresa" används inte, eftersom "Verklig avresa" finns.']


def test_two_confirmed_headings_of_the_same_meaning_are_a_problem() -> None:
    chosen = make_mapping({"A": "Avresa", "B": "Avresa"}).chosen(TRIPS)
    found = map_headings(["A", "B"], TRIPS, 0, chosen)
    assert "avresa" not in found.columns and "betyder båda Avresa" in found.problems[0]


def test_the_header_is_found_by_confirmed_headings_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Rapport\nBort;Hem\n2024-03-04 07:00;2024-03-06 20:00\n", "utf-8")
    sheet, found = read(path, {"Bort": "Avresa", "Hem": "Hemkomst"})
    assert sheet.header_row == 2 and set(found.columns) == {"avresa", "hemkomst"}


def test_a_mapping_concerns_each_sheet_by_its_own_headings() -> None:
    made = make_mapping({"Land (ankomst)": "Till", "Bil": "Km", "Blad": ""})
    assert {key: one.heading.column for key, one in made.chosen(LEGS).items() if one} == {"landankomst": "till_land"}
    assert made.chosen(TRIPS)["bil"] is not None and made.chosen(TRIPS)["blad"] is None


def test_written_and_read_again(tmp_path: Path) -> None:
    columns = {"Ja": "Km (mil)", "#1: konstig": "Avresa", "Kommentar": "", "yes": "Hemkomst", "1,5": "Datum"}
    write_mapping(tmp_path / "k.yaml", columns, "Vårt system: 2", {"Ja": "förslag, 80 % likt"})
    again = read_mapping(tmp_path / "k.yaml")
    assert (again.title, dict(again.columns)) == ("Vårt system: 2", columns)
    chosen = again.chosen(TRIPS)["ja"]
    assert chosen is not None and (chosen.heading.column, chosen.scale) == ("km", 10)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("kolumner:\n  Bort: Avrsa\n", r'k\.yaml: "Bort": rubriken "Avrsa" är okänd. Menade du Avresa?'),
        ("kolumner:\n  Bort: Km (kg)\n", "enheten kg används inte här; tillåtna är km, kilometer eller mil"),
        ("kolumner:\n  Av resa: Km\n  AVRESA: Datum\n", 'rubriken "AVRESA" finns två gånger'),
        ("kolumner:\n  '--': Km\n", "varken bokstäver eller siffror"),
        ("kolumner: [a]\n", r"k\.yaml: kolumner ska vara rubriker med värden"),
        ("kolumn: {}\n", "nyckeln kolumn är okänd. Tillåtna är titel, anmarkning, kanns_igen_pa, kolumner"),
        ("kolumner:\n  Bort: 5\n", r"k\.yaml: kolumner, Bort ska vara text"),
        ("- a\n", "ska ha nyckeln kolumner"),
        ("a: [", r"k\.yaml"),
    ],
)
def test_what_is_wrong_with_a_mapping_file_is_said(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "k.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(MappingError, match=says.replace("?", r"\?") if says.endswith("?") else says):
        read_mapping(path)


def test_a_mapping_that_is_not_there() -> None:
    with pytest.raises(MappingError, match=r"finns inte\. Ange en fil, eller en som följer med: egen-mall, hr-export"):
        read_mapping("nix")


def test_a_mapping_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "k.yaml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(MappingError, match=r"k\.yaml"):
        read_mapping(path)


# The shipped ones


def test_the_shipped_mappings_are_valid() -> None:
    """They are read without being validated."""
    assert presets() == tuple(read_mapping(path) for path in sorted(PRESETS.glob("*.yaml")))


def test_every_shipped_mapping_is_sound_and_its_signs_are_its_own() -> None:
    assert {preset.title for preset in presets()} == {"Färdkosts egen mall", "Export från personalsystem", "Körjournal"}
    for preset in presets():
        assert recognised(list(preset.signs)) is preset


def test_our_own_template_needs_no_mapping(workbook: Write) -> None:
    (template,) = (preset for preset in presets() if not preset.columns)
    path = workbook(Resor=[list(template.signs), ["A"] * len(template.signs)])
    _, found = read(path)
    assert len(found.columns) == len(template.signs) and "Färdkosts egen mall" in found.notes[0]


def test_an_export_from_a_personnel_system_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Anst nr;Namn;Org.enhet;Res from;Res tom;Resans ändamål;Antal mil egen bil;Fri lunch;Status\n"
        "17;Kim;Kultur;2024-03-04 07:00;2024-03-06 20:00;Möte;12,5;1;Klar\n",
        "utf-8",
    )
    _, found = read(path)
    assert {name: (one.index, one.scale) for name, one in found.columns.items()} == {
        "anstallningsnr": (0, 1),
        "avdelning": (2, 1),
        "avresa": (3, 1),
        "hemkomst": (4, 1),
        "syfte": (5, 1),
        "km": (6, 10),
        "antal_lunch": (7, 1),
    }
    assert found.unknown == [] and "Export från personalsystem" in found.notes[0]


def test_a_mileage_log_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    path.write_text(
        "Datum;Starttid;Startplats;Sluttid;Slutplats;Start [km];Ankomst [km];Sträcka (km);Fordonstyp;Ärende;Resetyp\n"
        "2024-03-04;08:00;Linköping;09:00;Motala;100;148;48;privat bil;Tillsyn;Tjänst\n",
        "utf-8",
    )
    _, found = read(path)
    assert {name: one.index for name, one in found.columns.items()} == {
        "datum": 0,
        "fran": 2,
        "till": 4,
        "km": 7,
        "fardmedel": 8,
        "syfte": 9,
    }
    assert any("Körjournal" in note and "privata resor" in note for note in found.notes)


def test_a_stated_mapping_is_used_instead_of_a_shipped_one(tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    path.write_text("Datum;Startplats;Slutplats;Antal km\n2024-03-04;Linköping;Motala;48\n", "utf-8")
    _, found = read(path, {"Antal km": "Normal sträcka"})
    assert set(found.columns) == {"datum", "normal_km"} and not any("Körjournal" in note for note in found.notes)
