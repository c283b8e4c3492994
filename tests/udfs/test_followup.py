"""`fardkost followup`: sheets of trips become the year's follow-up. Figures are worked out by hand under `lagen`."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from tests.xlsx.forms.followup_trips import read_table
from tests.xlsx.forms.small_forms import ANNA, filled_claim, write_claim
from udfs.cli import main
from xlsx.forms.uppfoljning.columns import FIRST, INPUTS
from xlsx.forms.uppfoljning.content import MOST_COMPUTED

Rows = Sequence[Sequence[Any]]
D = dt.datetime

HEADINGS: Final = (
    "Anställningsnr", "Avdelning", "Avresa", "Hemkomst", "Färdmedel", "Från", "Till", "Land", "Km", "Biljettkostnad",
    "Hotellkostnad", "Utlägg",
)  # fmt: skip
# fmt: off
KULTUR: Final = (
    # Two days: 300 kr for the first (59 200 · 0,5 % = 296, to the nearest ten) and half for the second, home before
    # 19:00; with outlays 530 kr. Emissions 900 · 0,26278 = 236,502 kg, without altitude 900 · 0,16902 = 152,118 kg.
    ("471101", "Kultur", D(2026, 3, 4, 7), D(2026, 3, 5, 18), "flyg", None, None, "Sverige", 900, 3000, 1200, 80),
    # 120 km at 2,90 kr: 348 kr. 120 · 0,21124 = 25,3488 kg.
    ("471202", "Kultur", D(2026, 3, 9, 8), D(2026, 3, 9, 17), "egen bil", None, None, "Sverige", 120, None, None, None),
    # 400 · 0,007 = 2,8 kg. The unit is written in another way, and the place looks like a formula.
    ("471101", "kultur ", D(2026, 4, 9, 8), D(2026, 4, 9, 17), "tåg", "=1+1", None, "Sverige", 400, 500, None, None),
    # Last year: 400 km by train again.
    ("471101", "Kultur", D(2025, 4, 9, 8), D(2025, 4, 9, 17), "tåg", None, None, "Sverige", 400, 450, None, None),
)
SKOLA: Final = (
    # Between the airports 1328,4 km by the great circle; twice that at 0,14825 is 393,9 kg, at 0,09684 257,3 kg.
    # Belgium 2026: two whole days and a half, 2,5 · 897 = 2242,50 kr.
    ("471303", "Skola", D(2026, 6, 1, 8), D(2026, 6, 3, 17), "flyg", "ARN", "BRU", "Belgien", None, 4000, None, None),
    # The same person as in the other file.
    ("471202", "Skola", D(2026, 9, 9, 8), D(2026, 9, 9, 17), "buss", None, None, "Sverige", 100, 90, None, None),
    # Without a departure: counted nowhere.
    ("471303", "Skola", None, D(2026, 9, 9, 17), "buss", None, None, "Sverige", 100, 90, None, None),
)
# fmt: on


def write(path: Path, rows: Rows, headings: Sequence[str] = HEADINGS) -> Path:
    options = {"default_date_format": "yyyy-mm-dd hh:mm", "strings_to_formulas": False}
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Resor")
        for number, row in enumerate([headings, *rows]):
            sheet.write_row(number, 0, row)
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def followed(folder: Path, *options: object) -> tuple[Path, Result]:
    out = folder.parent / "ut.xlsx"
    return out, run("followup", folder, "--out", out, "--policy", "lagen", *options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    write(made / "hemligt namn.xlsx", KULTUR)
    write(made / "skola.xlsx", SKOLA)
    return made


def data(path: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path, data_only=True)["Data"]
    rows = sheet.iter_rows(min_row=FIRST, max_col=len(INPUTS), values_only=True)
    return [{one.name: value for one, value in zip(INPUTS, row, strict=True)} for row in rows]


def test_trips_of_a_folder_are_followed_up(folder: Path) -> None:
    out, ran = followed(folder)
    assert ran.exit_code == 0, ran.output
    assert "År: 2026" in ran.output
    assert "1 resor har ingen läsbar avresa" in ran.output
    units = read_table(out, "Klimat", "Per enhet")
    assert list(units) == ["Kultur", "Skola", "Ej fördelat på enhet", "Alla resor"]
    kultur = units["Kultur"]
    assert (kultur["Resor"], kultur["Km"]) == (3, 1420)
    assert kultur["Utsläpp med höghöjdseffekt, kg"] == pytest.approx(236.502 + 25.3488 + 2.8)
    assert kultur["Utsläpp utan höghöjdseffekt, kg"] == pytest.approx(152.118 + 25.3488 + 2.8)
    # Tickets 3000 + 500, hotel 1200, paid 530 + 348 + 0. The law has no surcharge.
    assert kultur["Resekostnad med påslag, kr"] == pytest.approx(5578)
    assert kultur["Förra året, kg CO2e"] == pytest.approx(2.8)
    skola = units["Skola"]
    assert skola["Resor"] == 2
    assert skola["Utsläpp med höghöjdseffekt, kg"] == pytest.approx(2 * 1328.4 * 0.14825 + 2.7, rel=1e-4)
    assert skola["Utsläpp utan höghöjdseffekt, kg"] == pytest.approx(2 * 1328.4 * 0.09684 + 2.7, rel=1e-4)
    assert skola["Resekostnad med påslag, kr"] == pytest.approx(4000 + 2242.5 + 90)
    nights = read_table(out, "Nätter", "Personer efter antal nätter under året")
    # 471101 one night, 471202 none, 471303 two.
    assert (nights["Inga nätter"]["Personer"], nights["1–4 nätter"]["Personer"]) == (1, 2)
    quality = read_table(out, "Datakvalitet", "Underlaget i siffror")
    assert quality["Resor med km beräknade mellan orterna"]["Antal"] == 1
    assert quality["Rader utan läsbar avresa"]["Antal"] == 1


def test_neither_people_nor_files_are_named_unless_asked_for(folder: Path) -> None:
    out, ran = followed(folder)
    assert [row["person"] for row in data(out)] == [1, 2, 1, 1, 3, 2, 3]
    assert data(out)[4]["underlag"] == "2:2"
    assert "hemligt namn.xlsx" in ran.output
    with zipfile.ZipFile(out) as package:
        written = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "ignore")
    assert "4711" not in written
    assert "hemligt" not in written


def test_people_and_files_are_named_when_asked_for(folder: Path) -> None:
    out, _ = followed(folder, "--with-ids")
    assert data(out)[0]["person"] == "471101"
    assert data(out)[0]["underlag"] == "hemligt namn.xlsx:2"
    assert "hemligt namn.xlsx" in read_table(out, "Datakvalitet", "Filer")


def test_a_recalculated_sheet_is_followed_up_as_the_raw_one_and_not_twice(folder: Path, tmp_path: Path) -> None:
    out, _ = followed(folder)
    raw = data(out)
    out.unlink()
    for name in ("hemligt namn", "skola"):
        assert run("recalc", folder / f"{name}.xlsx", "--policy", "lagen").exit_code == 0
    _, ran = followed(folder)
    assert "är inte med: omräkning av" in ran.output
    assert data(out) == raw
    out.unlink()
    for name in ("hemligt namn", "skola"):
        (folder / f"{name}.xlsx").unlink()
    _, ran = followed(folder)
    assert ran.exit_code == 0, ran.output
    assert data(out) == raw


def test_the_year_can_be_chosen_and_the_base_year_stated(folder: Path) -> None:
    out, ran = followed(folder, "--year", 2025, "--base-year", 2025)
    assert ran.exit_code == 0, ran.output
    units = read_table(out, "Klimat", "Per enhet")
    assert units["Kultur"]["Resor"] == 1
    assert (units["Kultur"]["Basåret, kg CO2e"], units["Kultur"]["Ändring 2"]) == (pytest.approx(2.8), 0)
    assert "Förra året, kg CO2e" not in units["Kultur"]


def test_texts_are_never_formulas(folder: Path) -> None:
    out, _ = followed(folder)
    sheet = openpyxl.load_workbook(out)["Data"]
    assert (sheet["G7"].value, sheet["G7"].data_type) == ("=1+1", "s")


def test_stated_emissions_go_for_computed_ones(tmp_path: Path) -> None:
    # The travel agency's own figures, without kilometres: 64,32 % of a domestic flight is not the effect of altitude.
    trips = [(D(2026, 3, 4, 7), D(2026, 3, 5, 18), "flyg", 100), (D(2026, 3, 4, 7), D(2026, 3, 4, 18), "tåg", 3)]
    sheet = write(tmp_path / "byrån.xlsx", trips, ("Avresa", "Hemkomst", "Färdmedel", "Utsläpp"))
    out = tmp_path / "ut.xlsx"
    assert run("followup", sheet, "--out", out, "--policy", "lagen").exit_code == 0
    modes = read_table(out, "Klimat", "Per färdmedel")
    assert modes["Tåg"]["Utsläpp utan höghöjdseffekt, kg"] == 3
    flight = modes["Flyg, sträckan saknas"]
    assert flight["Utsläpp med höghöjdseffekt, kg"] == 100
    assert flight["Utsläpp utan höghöjdseffekt, kg"] == pytest.approx(64.32)


@pytest.mark.parametrize("count", [2400, 6000])
def test_there_are_as_many_rows_as_trips(tmp_path: Path, count: int) -> None:
    trips = [(D(2026, 1 + n % 12, 4, 7), D(2026, 1 + n % 12, 4, 18), "tåg", 100) for n in range(count)]
    sheet = write(tmp_path / "många.xlsx", trips, ("Avresa", "Hemkomst", "Färdmedel", "Km"))
    out = tmp_path / "ut.xlsx"
    ran = run("followup", sheet, "--out", out, "--policy", "lagen")
    assert ran.exit_code == 0, ran.output
    # As many in each month, each of 100 · 0,007 = 0,7 kg.
    months = read_table(out, "Klimat", "Per månad")
    assert (months["Maj"]["Resor"], months["Alla resor"]["Resor"]) == (count / 12, count)
    assert months["Alla resor"]["Utsläpp med höghöjdseffekt, kg"] == pytest.approx(count * 0.7)
    # Rows can be changed where the workbook computes them anew, and only there.
    cell = openpyxl.load_workbook(out)["Data"].cell(FIRST, 3)
    assert cell.protection.locked == (count > MOST_COMPUTED)


def test_filled_claims_of_the_folder_are_trips_too(folder: Path, tmp_path: Path) -> None:
    claim = write_claim(tmp_path / "reserakning.xlsx")
    times = {"avresa": D(2026, 5, 6, 7), "hemkomst": D(2026, 5, 7, 18)}
    filled_claim(claim, folder / "anna.xlsx", {**ANNA, **times})
    out, ran = followed(folder)
    assert ran.exit_code == 0, ran.output
    last = data(out)[-1]
    # 300 + 150 kr at least for the two days; the claim is the third file, and the first with this person.
    assert (last["underlag"], last["person"], last["natter"]) == ("Fil 3", 4, 1)
    assert read_table(out, "Datakvalitet", "Filer")["1 ifyllda reseräkningar"]["Resor"] == 1


def test_a_file_that_cannot_be_read_is_told_and_the_rest_is_done(folder: Path) -> None:
    (folder / "trasig.xlsx").write_bytes(b"PK\x03\x04")
    out, ran = followed(folder)
    assert ran.exit_code == 1
    assert "trasig.xlsx:" in ran.output
    assert len(data(out)) == 7


def test_nothing_to_follow_up(tmp_path: Path) -> None:
    out = tmp_path / "ut.xlsx"
    empty = tmp_path / "tom"
    empty.mkdir()
    ran = run("followup", empty, "--out", out)
    assert ran.exit_code == 2
    ran = run("followup", tmp_path / "finns inte.xlsx", "--out", out)
    assert ran.exit_code == 2
    assert "finns inte" in ran.output
    sheet = write(tmp_path / "annat.xlsx", [(1, 2)], ("Ett", "Två"))
    ran = run("followup", sheet, "--out", out)
    assert ran.exit_code == 2
    assert "annat.xlsx" in ran.output
    assert not out.exists()


def test_an_earlier_follow_up_is_neither_written_over_nor_read_as_trips(folder: Path) -> None:
    out, _ = followed(folder)
    before = out.read_bytes()
    _, ran = followed(folder)
    assert ran.exit_code == 2
    assert "skrivs inte över" in ran.output
    assert out.read_bytes() == before
    (folder / "uppfoljning 2025.xlsx").write_bytes(before)
    other = folder.parent / "ny.xlsx"
    ran = run("followup", folder, "--out", other, "--policy", "lagen")
    assert "formuläret uppfoljning har inga rader av resor" in " ".join(ran.output.split())
    assert len(data(other)) == 7
