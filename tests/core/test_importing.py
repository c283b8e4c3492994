"""Import of the tax agency's open data: reading, refusing, comparing and saving.

Fixtures are written by hand from the published format with the tax agency's amounts of 2023 and 2024; whole
lists are the shipped list of 2024 with every amount 10 kr higher, under the year asked for.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import os
from pathlib import Path

import pytest

from core.engine.clock import day_number
from core.engine.figures import Entry, Figure
from core.traktamente.amounts import SHIPPED, load_amounts, read_table
from core.traktamente.importing import ImportProblem, Row, changes, check, read_open_data, save, user_folder
from core.vocabulary import COUNTRIES

FIXTURES = Path(__file__).parent / "fixtures"
TODAY = dt.date(2026, 11, 21)
SOURCE = "Skatteverkets öppna data, importerad 2026-11-21 ur utland.json"


def day(text: str) -> int:
    return day_number(dt.date.fromisoformat(text))


DOMESTIC = Figure(
    "maximibelopp",
    "Maximibelopp",
    "kr",
    tuple(
        Entry(day(f"{year}-01-01"), None, kronor * 100, "IL 12:11")
        for year, kronor in ((2023, 260), (2024, 290), (2025, 290), (2026, 300))
    ),
    known_until=day("2026-12-31"),
)


def fixture(name: str) -> list[Row]:
    return read_open_data(FIXTURES / f"skatteverket_{name}")


def problem_of(name: str) -> str:
    with pytest.raises(ImportProblem) as error:
        fixture(name)
    return str(error.value)


def refusal(rows: list[Row], partial: bool = True) -> str:
    with pytest.raises(ImportProblem) as error:
        check(rows, DOMESTIC, partial)
    return str(error.value)


def amounts(rows: list[Row]) -> dict[tuple[int, str], tuple[int, str]]:
    """Whole kronor and country referred to, by year and name."""
    return {(row.year, row.name): (row.amount // 100, row.see) for row in rows}


def whole_list(folder: Path, year: int, more: int = 10, name: str = "utland.json") -> Path:
    """The list of 2024 in the published form, amounts `more` kronor higher; references as text."""
    with (SHIPPED / "normalbelopp.csv").open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["ar"] == "2024" and row["kod"] not in ("AX", "SJ")]
    names = {country.iso: country.name for country in COUNTRIES.all}
    rows = []
    for row in listed:
        amount = f"Se {names[row['se']]}" if row["se"] else str(int(row["belopp"]) + more)
        code = {} if row["kod"] == "ZZ" else {"landskod": row["kod"]}
        rows.append({"land eller område": names[row["kod"]], "normalbelopp": amount, "år": str(year), **code})
    path = folder / name
    path.write_text(json.dumps({"results": rows}, ensure_ascii=False), encoding="utf-8")
    return path


def kronor(folder: Path, key: str, date: str) -> float | None:
    found = load_amounts(DOMESTIC, [folder]).entry(day(date), COUNTRIES.by_iso[key])
    return None if found is None or found.value is None else found.value / 100


# Reading


def test_json_with_references_in_both_directions_and_chains() -> None:
    assert amounts(fixture("2024.json")) == {
        (2024, "Grönland"): (1274, "DK"),  # target later in the file
        (2024, "Hong Kong"): (688, "CN"),  # by way of Macao
        (2024, "Macao"): (688, "CN"),
        (2024, "Burma"): (290, ""),  # a former name: the same country
        (2024, "Danmark"): (1274, ""),
        (2024, "Kina"): (688, ""),
        (2024, "Myanmar"): (290, ""),
        (2024, "USA"): (1168, ""),
        (2024, "Puerto Rico"): (1168, "US"),  # target earlier
        (2024, "Iran"): (493, "ZZ"),
        (2024, "Övriga länder och områden"): (493, ""),
    }


def test_csv_in_iso_8859_1_with_two_years_and_a_changed_name() -> None:
    rows = fixture("2023_2024.csv")
    assert amounts(rows) == {
        (2023, "Elfenbenskusten"): (693, ""),
        (2023, "Kongo (Demokratiska Republiken)"): (456, "ZZ"),
        (2023, "Nordmakedonien, f.d. Makedonien"): (305, ""),
        (2023, "Österrike"): (669, ""),
        (2023, "Övriga länder och områden"): (456, ""),
        (2024, "Elfenbenskusten"): (766, ""),
        (2024, "Nordmakedonien"): (320, ""),
        (2024, "Österrike"): (746, ""),
        (2024, "Övriga länder och områden"): (493, ""),
    }
    assert {row.code for row in rows if "makedonien" in row.name.casefold()} == {"MK"}
    assert rows[0].place == "skatteverket_2023_2024.csv, rad 2"


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_csv_forms(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "utland.csv"
    lines = (
        ('"land eller område"', '" normalbelopp"', "ÅR"),
        ('"Österrike"', '"1 057 kr"', "2024"),
        (),
        ("",),
    )
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    assert read_open_data(path) == [Row("utland.csv, rad 2", 2024, "AT", "Österrike", 105700)]


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"data": rows}, lambda rows: {"rows": rows}])
def test_json_forms(tmp_path: Path, wrap: object) -> None:
    assert callable(wrap)
    path = tmp_path / "utland.txt"
    rows = [{"Land eller område ": "Kina", " NORMALBELOPP": 688.5, "år": 2024, "landskod": None, "id": 7}]
    path.write_text(json.dumps(wrap(rows)), encoding="utf-8")
    assert read_open_data(path) == [Row("utland.txt, rad 1", 2024, "CN", "Kina", 68850)]


def test_json_with_a_byte_order_mark_and_references_by_other_names(tmp_path: Path) -> None:
    path = tmp_path / "utland.json"
    stated = (
        ("Hong Kong", "Se Folkrepubliken Kina."),
        ("Kina", 688),
        ("Burma", "se Myanmar"),
        ("Myanmar", 290),
    )
    rows = [{"land eller område": name, "normalbelopp": amount, "år": 2024} for name, amount in stated]
    path.write_text(json.dumps(rows), encoding="utf-8-sig")
    assert [row.amount for row in read_open_data(path)] == [68800, 68800, 29000, 29000]


def test_a_name_that_nobody_knows_is_read_by_its_code() -> None:
    assert [(row.code, row.amount) for row in fixture("okant_namn_med_kod.csv")] == [("TR", 40000)]


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("trasig.json", ("skatteverket_trasig.json, textrad 3, tecken ", "inte giltig JSON")),
        ("utan_lista.json", ("väntade en lista med rader, eller ett objekt med listan under results",)),
        ("utan_rubriker.csv", ("rad 1: väntade rubrikerna land eller område, normalbelopp, år",)),
        (
            "okanda_lander.csv",
            ('"Atlantis" (skatteverket_okanda_lander.csv, rad 3)', '"Lilliput"', "Inget har importerats"),
        ),
        ("fel_kod.csv", ("rad 3: Tyskland har landskod DM, som är Dominica; väntade DE",)),
        ("ring.json", ("rad 1: hänvisningarna går i ring utan belopp: Kina → Hong Kong → Macao → Kina",)),
        ("okand_hanvisning.json", ('rad 2: Hong Kong hänvisar till "Kina", som inte står i filen för 2024',)),
        (
            "fel_belopp.csv",
            (
                'rad 2: normalbelopp "ca tusen" är varken ett belopp',
                "rad 3: normalbelopp saknas",
                'rad 4: år "24" ska vara ett år från 1990 till 2100',
            ),
        ),
        ("for_manga_varden.csv", ("rad 2: 5 värden, men rubrikerna är 4",)),
        ("finns_inte.csv", ("skatteverket_finns_inte.csv: filen kan inte läsas (den finns inte)",)),
    ],
)
def test_broken_files_are_refused_with_place_and_reason(name: str, named: tuple[str, ...]) -> None:
    message = problem_of(name)
    for part in named:
        assert part in message


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"PK\x03\x04", "filen är en arbetsbok"),
        (b"[]", "filen har inga rader"),
        (b"[1]", "rad 1: väntade ett objekt"),
        (b'[{"normalbelopp": NaN}]', "NaN är inget tal"),
        (
            '[{"land eller område": "Kina", "normalbelopp": 1e99999999, "år": 2024}]'.encode(),
            "orimligt stort",
        ),
        ('[{"land eller område": "Kina", "normalbelopp": true, "år": 2024}]'.encode(), "inte ett tal"),
        ('[{"land eller område": "Kina", "normalbelopp": "1,234", "år": 2024}]'.encode(), "fler decimaler"),
        (
            '[{"land eller område": "Sverige", "normalbelopp": 290, "år": 2024}]'.encode(),
            "Sverige ska inte stå",
        ),
        ('[{"land eller område": "Kina", "landskod": "XY", "normalbelopp": 2, "år": 2024}]'.encode(), '"XY"'),
        ("år;år;land eller område;normalbelopp\n1;2;3;4".encode(), "rubriken år finns två gånger"),
        ('land eller område;normalbelopp;år\n"Kina;688;2024\n'.encode(), "raden kan inte läsas"),
        (b"\x81\x8d", "varken UTF-8 eller ISO-8859-1"),
    ],
)
def test_odd_contents_are_refused(tmp_path: Path, content: bytes, named: str) -> None:
    path = tmp_path / "utland"
    path.write_bytes(content)
    with pytest.raises(ImportProblem) as error:
        read_open_data(path)
    assert named in str(error.value)
    assert str(error.value).startswith("utland")


def test_a_long_row_of_faults_is_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "u.csv"
    path.write_text("land eller område;normalbelopp;år\n" + "Kina;x;2024\n" * 25, encoding="utf-8")
    with pytest.raises(ImportProblem) as error:
        read_open_data(path)
    assert len(str(error.value).splitlines()) == 11
    assert str(error.value).endswith("… och 15 fel till")


# Checking


def test_a_whole_list_passes_and_a_short_one_only_as_a_part(tmp_path: Path) -> None:
    check(read_open_data(whole_list(tmp_path, 2025)), DOMESTIC)
    short = fixture("2024.json")
    check(short, DOMESTIC, partial=True)
    assert "skatteverket_2024.json: 2024 har 10 länder; en hel lista har minst 100" in refusal(short, False)


def test_a_whole_list_has_the_amount_for_other_countries(tmp_path: Path) -> None:
    rows = [row for row in read_open_data(whole_list(tmp_path, 2025)) if row.code != "ZZ"]
    assert refusal(rows, False) == "utland.json: 2025 saknar raden Övriga länder och områden"


def test_a_year_below_the_domestic_amount_is_refused() -> None:
    assert refusal(fixture("for_lagt.csv")) == (
        "skatteverket_for_lagt.csv, rad 3: Egypten har 289 kr för 2024, "
        "under det svenska maximibeloppet 290 kr, som är det lägsta belopp ett land kan ha"
    )


def test_the_floor_is_that_of_the_amounts_own_year() -> None:
    row = Row("u.csv, rad 2", 2023, "EG", "Egypten", 28900)
    check([row], DOMESTIC, partial=True)  # 260 kr in 2023
    check([Row("u.csv, rad 2", 2024, "EG", "Egypten", 29000)], DOMESTIC, partial=True)


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("dubbel.csv", "rad 4: Danmark (DK) har 1247 kr, men skatteverket_dubbel.csv, rad 2 har 1274 kr"),
        ("orimlig.csv", "rad 2: Danmark har 12740 kr; väntade mer än 0 och högst 5000 kr"),
        ("orimlig.csv", "rad 3: Kina har -688 kr"),
        ("okant_ar.csv", "rad 2: Maximibelopp saknas för 2031-01-01. Utan det kan 2031 inte kontrolleras."),
    ],
)
def test_lists_that_cannot_be_right_are_refused(name: str, named: str) -> None:
    assert named in refusal(fixture(name))


# Comparing


def test_changes_against_the_year_before() -> None:
    before = load_amounts(DOMESTIC)
    rows = [
        Row("", 2024, "DK", "Danmark", 127400),  # 1 051 kr in 2023
        Row("", 2024, "IR", "Iran", 49300, "ZZ"),  # 1 880
        Row("", 2024, "CN", "Kina", 68800),  # 688
        Row("", 2024, "LB", "Libanon", 49300, "ZZ"),  # not in the list of 2023
        Row("", 2024, "AF", "Afghanistan", 50000),  # nor this one
    ]
    assert [(change.kind, change.code, change.old, change.new) for change in changes(rows, before)] == [
        ("ny", "AF", None, 50000),
        ("ny", "LB", None, 49300),
        ("höjd", "DK", 105100, 127400),
        ("sänkt", "IR", 188000, 49300),
        ("oförändrad", "CN", 68800, 68800),
    ]


def test_a_whole_list_shows_what_is_gone(tmp_path: Path) -> None:
    rows = [row for row in read_open_data(whole_list(tmp_path, 2025)) if row.code not in ("AT", "AR")]
    found = changes(rows, load_amounts(DOMESTIC))
    gone = [change for change in found if change.kind == "borta"]
    assert [(change.name, change.old, change.new) for change in gone] == [
        ("Argentina", 29000, None),
        ("Österrike", 74600, None),  # Ö after A; Åland and Svalbard are in no list and so not gone
    ]
    assert {change.kind for change in found if change.code == "DK"} == {"höjd"}


def test_a_year_is_compared_with_the_year_before_in_the_same_file() -> None:
    found = changes(fixture("2023_2024.csv"), Figure("tom", "Tom", "kr", (), key_kind="land"))
    assert [(change.year, change.name, change.kind) for change in found if change.code in ("AT", "CD")] == [
        (2023, "Kongo (Demokratiska Republiken)", "ny"),
        (2023, "Österrike", "ny"),
        (2024, "Österrike", "höjd"),
    ]


# Saving


def test_a_year_is_missing_before_import_and_there_after(tmp_path: Path) -> None:
    folder = tmp_path / "ny" / "mapp"
    shipped = {path: hashlib.sha256(path.read_bytes()).digest() for path in SHIPPED.iterdir() if path.is_file()}
    assert kronor(folder, "DK", "2025-06-01") is None
    rows = read_open_data(whole_list(tmp_path, 2025))
    check(rows, DOMESTIC)
    assert save(rows, folder, SOURCE, TODAY, TODAY) == folder / "normalbelopp.csv"
    assert kronor(folder, "DK", "2025-06-01") == 1284  # 1 274 + 10
    assert kronor(folder, "GL", "2025-06-01") == 1284  # see Danmark
    assert kronor(folder, "AF", "2025-06-01") == 503  # not listed: 493 + 10
    assert kronor(folder, "AX", "2025-06-01") == 958  # Finland's 948 + 10
    assert kronor(folder, "AN", "2025-06-01") == 796  # 786 + 10
    assert kronor(folder, "CW", "2025-06-01") is None  # the list has Nederländska Antillerna, not the islands
    assert kronor(folder, "DK", "2024-06-01") == 1274
    assert kronor(folder, "DK", "2026-06-01") == 1226
    found = load_amounts(DOMESTIC, [folder]).entry(day("2025-06-01"), COUNTRIES.by_iso["GL"])
    assert found and (found.source, found.status, found.checked) == (
        f"{SOURCE} (se Danmark)",
        "bekräftad",
        "2026-11-21",
    )
    assert {path.name for path in folder.iterdir()} == {"normalbelopp.csv", "normalbelopp.yaml"}
    after = {path: hashlib.sha256(path.read_bytes()).digest() for path in SHIPPED.iterdir() if path.is_file()}
    assert after == shipped


def test_two_imports_keep_both_years_and_the_file_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    save(read_open_data(whole_list(tmp_path, 2025)), folder, SOURCE, TODAY, TODAY)
    first = (folder / "normalbelopp.csv").read_bytes()
    now = dt.datetime(2026, 12, 24, 15, 0, 30)
    save(read_open_data(whole_list(tmp_path, 2026, more=20)), folder, "Annan fil", TODAY, now)
    assert kronor(folder, "DK", "2025-06-01") == 1284
    assert kronor(folder, "DK", "2026-06-01") == 1294
    assert (folder / "normalbelopp.csv.2026-12-24T150030.bak").read_bytes() == first


def test_the_same_year_again_replaces_it_and_no_copy_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for more in (10, 20, 30):
        rows = read_open_data(whole_list(tmp_path, 2025, more))
        dropped = [row for row in rows if row.code != "AT" or more == 10]
        save(dropped, folder, SOURCE, TODAY, TODAY)
    assert kronor(folder, "DK", "2025-06-01") == 1304
    assert kronor(folder, "AT", "2025-06-01") == 523  # no longer listed: 493 + 30
    kept = sorted(path.name for path in folder.glob("normalbelopp.csv.*"))
    assert kept == [
        "normalbelopp.csv.2026-11-21T000000-2.bak",
        "normalbelopp.csv.2026-11-21T000000.bak",
    ]
    assert ",DK,1284," in (folder / kept[1]).read_text(encoding="utf-8")
    assert ",DK,1294," in (folder / kept[0]).read_text(encoding="utf-8")


def test_a_part_adds_to_its_year_and_amounts_changed_within_it_stay(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    save(read_open_data(whole_list(tmp_path, 2025)), folder, SOURCE, TODAY, TODAY)
    with (folder / "normalbelopp.csv").open("a", encoding="utf-8") as file:
        file.write("2025-04-01,NO,1500.50,,bekräftad,Ändring\n")
    save([Row("", 2025, "DK", "Danmark", 100000)], folder, "Rättelse", TODAY, TODAY)
    dates = ("2025-03-31", "2025-04-01")
    assert [kronor(folder, "NO", date) for date in dates] == [1114, 1500.5]  # 1 104 + 10
    assert kronor(folder, "DK", "2025-06-01") == 1000
    assert kronor(folder, "GL", "2025-06-01") == 1000  # see Danmark
    assert kronor(folder, "AF", "2025-06-01") == 503


def test_what_is_saved_reads_back_the_same(tmp_path: Path) -> None:
    rows = fixture("2024.json")
    source = 'Fil "a, b": nr 1; å ä ö'
    save(rows, tmp_path, source, TODAY, TODAY)
    table = read_table(tmp_path)
    assert table is not None
    assert {(amount.key, amount.value, amount.see) for amount in table.amounts.values()} == {
        (row.code, row.amount, row.see) for row in rows
    }
    assert {amount.source for amount in table.amounts.values()} == {source}
    assert not table.years[2024].complete


def test_a_failed_write_leaves_the_old_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(fixture("2024.json"), tmp_path, SOURCE, TODAY, TODAY)
    before = (tmp_path / "normalbelopp.csv").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "disken är full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ImportProblem, match="beloppen kan inte sparas"):
        save(fixture("2023_2024.csv"), tmp_path, SOURCE, TODAY, TODAY)
    assert (tmp_path / "normalbelopp.csv").read_bytes() == before
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    with pytest.raises(ImportProblem, match="beloppen kan inte sparas"):
        save(fixture("2024.json"), tmp_path / "fil" / "mapp", SOURCE, TODAY, TODAY)


def test_user_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FARDKOST_DATA", str(tmp_path))
    assert user_folder() == tmp_path
    monkeypatch.delenv("FARDKOST_DATA")
    assert user_folder().name == "fardkost"
