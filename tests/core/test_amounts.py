"""The figure normalbelopp: amounts as shipped, years that are missing, and a user's own tables on top.

Amounts of 2023 and 2024 are the tax agency's (SKV A 2022:31 and SKV A 2023:18), those of 2026 as in the
shipped table; amounts in tables that a test writes are made up.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from core.engine.clock import day_number
from core.engine.figures import Entry, Figure, FigureError
from core.traktamente.amounts import load_amounts
from core.vocabulary import COUNTRIES


def day(text: str) -> int:
    return day_number(dt.date.fromisoformat(text))


# 0,5 % of the prisbasbelopp, nearest ten: 52 500, 57 300, 58 800 and 59 200 kr.
DOMESTIC = Figure(
    "maximibelopp",
    "Maximibelopp",
    "kr",
    tuple(
        Entry(day(f"{year}-01-01"), None, kronor * 100, "IL 12:11", "2026-11-21", "bekräftad")
        for year, kronor in ((2023, 260), (2024, 290), (2025, 290), (2026, 300))
    ),
    known_until=day("2026-12-31"),
)


def entry(figure: Figure, key: str, date: str) -> Entry | None:
    return figure.entry(day(date), COUNTRIES.by_iso[key])


def kronor(figure: Figure, key: str, date: str) -> float | None:
    found = entry(figure, key, date)
    return None if found is None or found.value is None else found.value / 100


def write(folder: Path, rows: str, years: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "normalbelopp.csv").write_text(f"ar,kod,belopp,se,status,kalla\n{rows}", encoding="utf-8")
    (folder / "normalbelopp.yaml").write_text(f"ar:\n{years}", encoding="utf-8")
    return folder


WHOLE = "{{fullstandig: true, kalla: Egen lista {0}, status: bekräftad, saknas: [{1}], kontrollerad: 2026-11-21}}"


def whole(year: int, missing: str = "") -> str:
    return f"  {year}: {WHOLE.format(year, missing)}\n"


def part(year: int) -> str:
    return f"  {year}: {{fullstandig: false, kalla: Egna belopp, status: från policydokument}}\n"


@pytest.fixture(scope="module")
def shipped() -> Figure:
    return load_amounts(DOMESTIC)


@pytest.mark.parametrize(
    ("key", "date", "expected"),
    [
        ("DK", "2024-01-01", 1274),
        ("DK", "2024-12-31", 1274),
        ("DK", "2023-12-31", 1051),
        ("DK", "2025-01-01", None),  # the list of 2025 is not shipped; never 2024's amount
        ("DK", "2025-12-31", None),
        ("DK", "2026-01-01", 1226),
        ("DK", "2027-01-01", None),
        ("ZZ", "2024-06-01", 493),
        ("AF", "2024-06-01", 493),  # not listed: other countries
        ("AF", "2025-06-01", None),
        ("GL", "2024-06-01", 1274),  # see Danmark
        ("AX", "2024-06-01", 948),  # as Finland
        ("LB", "2023-06-01", None),  # not listed, and nothing may be assumed
        ("LB", "2024-06-01", 493),
        ("NO", "2022-06-01", 953),  # a single amount of a year that is not complete
        ("DE", "2022-06-01", None),
        ("AF", "2022-06-01", None),
        ("SE", "2024-06-01", 290),
        ("SE", "2025-06-01", 290),  # Sweden's comes from the domestic figure, also where the list is missing
        ("SE", "2026-12-31", 300),
        ("SE", "2027-01-01", None),
        ("SE", "2022-12-31", None),
    ],
)
def test_amount_of_a_day(shipped: Figure, key: str, date: str, expected: float | None) -> None:
    assert kronor(shipped, key, date) == expected


def test_entries_say_where_they_come_from(shipped: Figure) -> None:
    listed, referred, unlisted = (entry(shipped, key, "2024-06-01") for key in ("DE", "GL", "AF"))
    assert listed and referred and unlisted
    assert listed.source.startswith("Skatteverkets öppna data") and listed.status == "bekräftad"
    assert referred.source.endswith("(se Danmark)")
    assert unlisted.source.endswith("(landet är inte upptaget: Övriga länder och områden)")
    assert unlisted.source.startswith("Skatteverkets öppna data Utlandstraktamenten, år 2024")


def test_an_unlisted_country_is_no_surer_than_its_list(shipped: Figure) -> None:
    unlisted = entry(shipped, "AF", "2026-06-01")
    assert unlisted and unlisted.status == "obekräftad"


def test_missing_amount_names_itself_and_what_to_do(shipped: Figure) -> None:
    assert shipped.missing_text(day("2025-03-04"), COUNTRIES.by_iso["DE"]) == (
        "Normalbelopp (Tyskland) saknas för 2025-03-04. Importera Skatteverkets tabell med fardkost rates import FIL."
    )


def test_lookup_of_columns_by_country_code(shipped: Figure) -> None:
    days = np.array([day("2024-06-01"), day("2025-06-01"), day("2026-06-01")])
    found = shipped.lookup(days, np.array([COUNTRIES.by_iso[key] for key in ("DK", "DK", "SE")]))
    assert found.values.tolist() == [127400, 0, 30000]
    assert found.missing.tolist() == [False, True, False]


def test_a_complete_year_of_the_user_replaces_that_year_only(tmp_path: Path) -> None:
    folder = write(tmp_path, "2026,ZZ,501,,bekräftad,Egen\n2026,FI,999,,bekräftad,Egen\n", whole(2026, "AN"))
    figure = load_amounts(DOMESTIC, [tmp_path / "finns inte", folder])
    assert kronor(figure, "DK", "2026-06-01") == 501  # not in the user's list
    assert kronor(figure, "AX", "2026-06-01") == 999  # Åland follows Finland
    assert kronor(figure, "AN", "2026-06-01") is None
    assert kronor(figure, "DK", "2024-06-01") == 1274
    stated = entry(figure, "DK", "2026-06-01")
    assert stated and stated.source.startswith("Egen lista 2026 (landet") and stated.checked == "2026-11-21"


def test_an_incomplete_year_of_the_user_corrects_and_leaves_the_rest(tmp_path: Path) -> None:
    folder = write(tmp_path, "2024,DK,1300,,från policydokument,Beslut 7\n", part(2024))
    figure = load_amounts(DOMESTIC, [folder])
    assert kronor(figure, "DK", "2024-06-01") == 1300
    assert kronor(figure, "GL", "2024-06-01") == 1300  # refers to Danmark
    assert kronor(figure, "DE", "2024-06-01") == 800
    assert kronor(figure, "AF", "2024-06-01") == 493
    referred = entry(figure, "GL", "2024-06-01")
    assert referred and referred.source == "Beslut 7 (se Danmark)"
    assert referred.status == "från policydokument"


def test_the_last_folder_wins(tmp_path: Path) -> None:
    first = write(tmp_path / "a", "2025,DK,1,,förslag,A\n2025,NO,2,,förslag,A\n", part(2025))
    last = write(tmp_path / "b", "2025,DK,3,,förslag,B\n", part(2025))
    figure = load_amounts(DOMESTIC, [first, last])
    assert [kronor(figure, key, "2025-06-01") for key in ("DK", "NO", "FI")] == [3, 2, None]


def test_an_amount_changed_within_the_year(tmp_path: Path) -> None:
    rows = "2025,ZZ,400,,bekräftad,E\n2025,DK,900,,bekräftad,E\n2025-04-01,DK,950.50,,bekräftad,E\n"
    rows += "2025-07-01,ZZ,450,,bekräftad,E\n2025-09-01,AF,300,,bekräftad,E\n"
    figure = load_amounts(DOMESTIC, [write(tmp_path, rows, whole(2025))])
    dates = ("2025-03-31", "2025-04-01", "2025-07-01", "2025-12-31")
    assert [kronor(figure, "DK", date) for date in dates] == [900, 950.5, 950.5, 950.5]
    dates = ("2025-06-30", "2025-07-01", "2025-08-31", "2025-09-01")
    assert [kronor(figure, "AF", date) for date in dates] == [400, 450, 450, 300]
    assert kronor(figure, "DK", "2026-01-01") == 1226
    assert kronor(figure, "DK", "2024-12-31") == 1274


def test_truths_may_be_text_and_the_file_may_have_a_byte_order_mark(tmp_path: Path) -> None:
    folder = write(tmp_path, "2025,DK,900,,bekräftad,E\n2025,ZZ,400,,bekräftad,E\n", "")
    text = (folder / "normalbelopp.csv").read_text(encoding="utf-8")
    (folder / "normalbelopp.csv").write_text(text, encoding="utf-8-sig")
    years = 'ar:\n  2025: {fullstandig: "true", kalla: E, status: bekräftad}\n'
    (folder / "normalbelopp.yaml").write_text(years, encoding="utf-8")
    assert kronor(load_amounts(DOMESTIC, [folder]), "AF", "2025-06-01") == 400


@pytest.mark.parametrize(
    ("rows", "years", "named"),
    [
        ("2025,XY,1,,bekräftad,E\n", part(2025), "normalbelopp.csv, rad 2: kod 'XY' är ingen landskod"),
        ("2025,DK,1,XY,bekräftad,E\n", part(2025), "rad 2: se 'XY' är ingen landskod"),
        ("2025,DK,1,,säker,E\n", part(2025), "rad 2: status 'säker' finns inte; tillåtna är bekräftad"),
        ("2025,DK,ett,,bekräftad,E\n", part(2025), "rad 2: belopp: 'ett' är inte ett tal"),
        ("2025,DK,0,,bekräftad,E\n", part(2025), "rad 2: belopp 0 ska vara större än noll"),
        ("25,DK,1,,bekräftad,E\n", part(2025), "rad 2: ar '25' ska vara ett år"),
        ("2025-02-30,DK,1,,bekräftad,E\n", part(2025), "rad 2: ar '2025-02-30' ska vara ett år"),
        ("2025,SE,1,,bekräftad,E\n", part(2025), "rad 2: Sveriges belopp räknas ur prisbasbeloppet"),
        ("2025,DK,1,,bekräftad,E\n" * 2, part(2025), "rad 3: DK står två gånger för 2025"),
        ("2024,DK,1,,bekräftad,E\n", part(2025), "rad 2: året 2024 saknas i normalbelopp.yaml"),
        ("2025,DK,1,,bekräftad,E\n", whole(2025), "2025 är fullständigt men saknar ZZ"),
        ("2025,DK,1,,bekräftad,E\n", "  2025: {kalla: E}\n", "2025: ska ha nycklarna fullstandig"),
        (
            "2025,DK,1,,bekräftad,E\n",
            "  2025: {fullstandig: kanske, kalla: E, status: bekräftad}\n",
            "fullstandig ska vara true eller false, inte 'kanske'",
        ),
        ("2025,DK,1,,bekräftad,E\n", whole(2025, "XY"), "saknas ska vara en lista med landskoder"),
    ],
)
def test_errors_name_file_row_and_what_is_expected(tmp_path: Path, rows: str, years: str, named: str) -> None:
    folder = write(tmp_path, rows, years)
    with pytest.raises(FigureError) as error:
        load_amounts(DOMESTIC, [folder])
    assert named in str(error.value)
    assert str(folder) in str(error.value)


def test_a_table_needs_its_columns_and_its_years(tmp_path: Path) -> None:
    folder = write(tmp_path, "", part(2025))
    (folder / "normalbelopp.csv").write_text("ar,kod,belopp\n2025,DK,1\n", encoding="utf-8")
    with pytest.raises(FigureError, match="kolumnen se saknas; rubrikerna ska vara ar,kod,belopp,se,status"):
        load_amounts(DOMESTIC, [folder])
    write(tmp_path, "2025,DK,1,,bekräftad,E\n", part(2025))
    (folder / "normalbelopp.yaml").unlink()
    with pytest.raises(FigureError, match=r"normalbelopp\.yaml: filen kan inte läsas"):
        load_amounts(DOMESTIC, [folder])
